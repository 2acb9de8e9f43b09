"""The frames of a film through real worker processes: together where nobody waits, before all others where one does."""

from __future__ import annotations

import threading
import time
from collections import deque

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless

from tests.phantoms import ct_stack, part10
from workstation.archive.decoding import FrameDecoder
from workstation.archive.intake import take_in
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.pixels import FrameKey
from workstation.dicom.study import instance_of
from workstation.tasks import Priority
from workstation.workers.pool import WorkerPool

ENCODERS = {
    JPEGLSLossless: imagecodecs.jpegls_encode,
    JPEG2000Lossless: lambda values: imagecodecs.jpeg2k_encode(values, level=0, codecformat="J2K", reversible=True),
}


def film(count, syntax=JPEGLSLossless, side=64, damaged=(), colour=()):
    """Received instances, and the values that must be seen of each."""
    made = {}
    for number, dataset in enumerate(ct_stack(count), start=1):
        values = np.random.default_rng(number).integers(0, 4096, (side, side)).astype(np.uint16)
        if number in colour:
            values = np.random.default_rng(number).integers(0, 255, (side, side, 3)).astype(np.uint8)
            dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "RGB", 0
        bits = 8 if number in colour else 16
        dataset.Rows, dataset.Columns = side, side
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits, bits - 1
        dataset.PixelRepresentation = 0
        encoded = b"\xff\xd8 no codestream" if number in damaged else bytes(ENCODERS[syntax](values))
        dataset.add_new("PixelData", "OB", encapsulate([encoded]))
        dataset["PixelData"].is_undefined_length = True
        asked = instance_of(DatasetAttributes(dataset))
        key = FrameKey(asked.study.study_instance_uid, asked.series.series_instance_uid, asked.sop_instance_uid, 1)
        made[key] = (take_in(part10(dataset, syntax), asked, asked.patient), values)
    return made


class Watched:
    """The real pool, and how it was asked."""

    def __init__(self, pool):
        self._pool = pool
        self.alone, self.together = 0, []
        self.before = lambda: None

    def decode(self, job, token=None):
        self.alone += 1
        return self._pool.decode(job, token)

    def decode_each(self, jobs, tokens, decoded):
        self.before()
        self.together.append(len(jobs))
        self._pool.decode_each(jobs, tokens, decoded)

    def __getattr__(self, name):
        return getattr(self._pool, name)


class Glass:
    """A main thread that keeps what is told."""

    def __init__(self, pool):
        self.pool = Watched(pool)
        self.posted = deque()
        self.frames, self.errors = {}, {}
        self.decoder = FrameDecoder(self.pool, self.posted.append, self._on_decoded, self._on_failed)

    def _on_decoded(self, key, frame):
        assert key not in self.frames
        self.frames[key] = frame

    def _on_failed(self, key, error):
        assert key not in self.errors
        self.errors[key] = error

    def until(self, condition, seconds=30.0):
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, "it did not happen in time"
            while self.posted:
                self.posted.popleft()()
            time.sleep(0.001)


@pytest.fixture
def glass(worker_pool):
    made = Glass(worker_pool)
    yield made
    made.decoder.close()


def near(glass, frames):
    for key, (got, _) in frames.items():
        glass.decoder.decode(key, got, Priority.NEAR)


def test_frames_beside_the_shown_one_go_together_and_each_is_right(glass):
    frames = film(40)
    gate = threading.Event()
    glass.pool.before = lambda: gate.wait(20)  # they begin when all of them wait
    near(glass, frames)
    gate.set()
    glass.until(lambda: len(glass.frames) == 40)
    for key, (got, values) in frames.items():
        assert np.array_equal(glass.frames[key].frame.values, values)
        assert glass.frames[key].frame.key == key
        assert glass.frames[key].instance == got.instance
    assert glass.pool.alone == 0
    assert sum(glass.pool.together) == 40
    assert len(glass.pool.together) < 20
    assert not any(key in glass.decoder for key in frames)


def test_the_shown_frame_does_not_wait_behind_those_beside_it():
    frames = film(17, JPEG2000Lossless, side=500)
    with WorkerPool(1) as own:
        glass = Glass(own)
        (shown, (got, values)), *others = frames.items()
        glass.decoder._frame_s = 1e-5  # as if they had been quick until now: eight at a time
        near(glass, dict(others))
        glass.until(lambda: glass.frames)
        before = len(glass.frames)
        glass.decoder.decode(shown, got, Priority.SHOWN)
        glass.until(lambda: shown in glass.frames)
        assert len(glass.frames) - before <= 4  # in hand, or unpacked and on their way
        assert np.array_equal(glass.frames[shown].frame.values, values)
        glass.until(lambda: len(glass.frames) == 17)  # and none of them is forgotten
        glass.decoder.close()


def test_a_frame_that_waits_goes_first_when_it_comes_onto_the_glass():
    frames = film(17, JPEG2000Lossless, side=500)
    with WorkerPool(1) as own:
        glass = Glass(own)
        glass.decoder._frame_s = 1e-5
        near(glass, frames)
        glass.until(lambda: glass.frames)
        before = len(glass.frames)
        last = list(frames)[-1]
        glass.decoder.decode(last, frames[last][0], Priority.SHOWN)
        glass.until(lambda: last in glass.frames)
        assert len(glass.frames) - before <= 4
        glass.until(lambda: len(glass.frames) == 17)
        glass.decoder.close()


def test_a_damaged_frame_is_refused_once_and_costs_no_other(glass):
    frames = film(9, damaged=(4,))
    near(glass, frames)
    glass.until(lambda: len(glass.frames) == 8 and glass.errors)
    ((key, error),) = glass.errors.items()
    assert key == list(frames)[3]
    assert error.code == "decode-failed"


def test_a_frame_in_colour_goes_alone(glass):
    frames = film(4, JPEG2000Lossless, colour=(2,))
    near(glass, frames)
    glass.until(lambda: len(glass.frames) == 4)
    assert glass.pool.alone == 1
    for key, (_, values) in frames.items():
        assert np.array_equal(glass.frames[key].frame.values, values)


def test_what_is_not_wanted_any_more_is_not_told(glass):
    frames = film(12, JPEG2000Lossless, side=300)
    near(glass, frames)
    kept = list(frames)[:2]
    glass.decoder.keep_only(set(kept))
    glass.until(lambda: set(glass.frames) == set(kept))
    time.sleep(0.2)
    glass.until(lambda: not glass.posted)
    assert set(glass.frames) == set(kept)


def test_a_pool_that_closes_under_a_film_ends_it_in_silence():
    frames = film(12, JPEG2000Lossless, side=300)
    own = WorkerPool(1)
    glass = Glass(own)
    near(glass, frames)
    glass.until(lambda: glass.frames)
    own.close()
    glass.until(lambda: glass.decoder._near.drain(0.01))
    asked = len(glass.pool.together)
    time.sleep(0.1)
    assert len(glass.pool.together) == asked  # nobody asks again and again
    glass.decoder.close()
    assert not glass.errors
