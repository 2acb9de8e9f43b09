"""Frames that go to a worker together: each has its own answer, deadline and token, and makes nobody wait."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import imagecodecs
import numpy as np
import pytest

from tests.workers.test_pool import job, picture, the_only_worker, until_it_is_gone
from workstation.errors import Cancelled, DecodeError
from workstation.tasks import CancelToken
from workstation.workers.limits import Limits
from workstation.workers.messages import MOST_TOGETHER
from workstation.workers.pool import WorkerPool

LINUX = pytest.mark.skipif(sys.platform == "win32", reason="stops processes with POSIX signals")
JPEG_2000 = "1.2.840.10008.1.2.4.90"


class Answers:
    """What was told, by place."""

    def __init__(self) -> None:
        self.told: dict[int, object] = {}
        self.first = threading.Event()

    def __call__(self, place: int, outcome: object) -> None:
        assert place not in self.told
        self.told[place] = outcome
        self.first.set()

    def codes(self) -> list[str]:
        return [getattr(self.told[place], "code", "decoded") for place in sorted(self.told)]


def slow(side: int = 700) -> tuple[np.ndarray, object]:
    """A frame that takes a tenth of a second or so."""
    values = picture(side, side)
    encoded = bytes(imagecodecs.jpeg2k_encode(values, level=0, codecformat="J2K", reversible=True))
    return values, job(values, encoded=encoded, transfer_syntax_uid=JPEG_2000)


def test_frames_that_go_together_come_back_each_bit_for_bit(pool: WorkerPool):
    frames = [picture(20 + 31 * n, 33 + n, seed=n) for n in range(MOST_TOGETHER)]
    answers = Answers()
    pool.decode_each([job(values) for values in frames], [None] * len(frames), answers)
    assert list(answers.told) == list(range(MOST_TOGETHER))
    for place, values in enumerate(frames):
        assert np.array_equal(answers.told[place], values)
        assert not answers.told[place].flags.writeable


def test_what_is_wrong_with_one_frame_is_said_of_that_frame_alone(pool: WorkerPool):
    good = picture()
    jobs = [
        job(good),
        job(good, encoded=b"no codestream"),
        job(good, rows=60000, columns=60000),
        job(good, rows=38),
        job(good),
    ]
    answers = Answers()
    pool.decode_each(jobs, [None] * 5, answers)
    assert answers.codes() == ["decoded", "decode-failed", "over-limit", "decode-wrong-size", "decoded"]
    assert np.array_equal(answers.told[4], good)


def test_a_frame_that_nobody_wants_any_more_is_left_out_and_the_others_are_not(pool: WorkerPool):
    values, one = slow(300)
    tokens = [CancelToken() for _ in range(4)]
    tokens[2].cancel()
    answers = Answers()
    pool.decode_each([one] * 4, tokens, answers)
    assert answers.codes() == ["decoded", "decoded", "cancelled", "decoded"]
    assert np.array_equal(answers.told[3], values)


def test_a_frame_called_off_while_those_before_it_are_unpacked_is_not_unpacked():
    _, one = slow()
    tokens = [CancelToken() for _ in range(12)]
    with WorkerPool(1) as own:
        own.decode(job(picture()))
        answers = Answers()

        def told(place: int, outcome: object) -> None:
            answers(place, outcome)
            for token in tokens[1:]:
                token.cancel()

        own.decode_each([one] * 12, tokens, told)
    unpacked = answers.codes().count("decoded")
    assert unpacked <= 3  # the first, the one in hand, and one more that may have begun meanwhile
    assert answers.codes() == ["decoded"] * unpacked + ["cancelled"] * (12 - unpacked)


def test_a_frame_that_is_waited_for_goes_before_frames_that_are_not():
    values, one = slow()
    with WorkerPool(1) as own:
        own.decode(job(picture()))
        answers = Answers()
        batch = threading.Thread(target=lambda: own.decode_each([one] * 12, [None] * 12, answers))
        batch.start()
        assert answers.first.wait(20)
        shown = own.decode(job(picture(seed=5)))
        unpacked_before = answers.codes().count("decoded")
        batch.join(20)
        assert np.array_equal(shown, picture(seed=5))
        assert unpacked_before <= 3  # the first, the one in hand, and one more that may have ended meanwhile
        assert answers.codes() == ["decoded"] * unpacked_before + ["cancelled"] * (12 - unpacked_before)
        again = Answers()
        own.decode_each([one], [None], again)
        assert np.array_equal(again.told[0], values)


@LINUX
def test_a_worker_that_dies_costs_the_frame_in_hand_and_the_others_may_be_asked_for_again():
    with WorkerPool(1) as own:
        worker = the_only_worker(own)
        os.kill(worker, signal.SIGSTOP)
        answers = Answers()
        batch = threading.Thread(target=lambda: own.decode_each([job(picture())] * 4, [None] * 4, answers))
        batch.start()
        time.sleep(0.2)
        os.kill(worker, signal.SIGKILL)
        batch.join(20)
        assert answers.codes() == ["decoder-died", "cancelled", "cancelled", "cancelled"]
        again = Answers()
        own.decode_each([job(picture())] * 3, [None] * 3, again)
        assert answers.codes()[1:] == ["cancelled"] * 3
        assert again.codes() == ["decoded"] * 3


@LINUX
def test_a_worker_that_was_gone_before_costs_none_of_them():
    with WorkerPool(1) as own:
        worker = the_only_worker(own)
        os.kill(worker, signal.SIGKILL)
        until_it_is_gone(worker)
        answers = Answers()
        own.decode_each([job(picture())] * 3, [None] * 3, answers)
        assert answers.codes() == ["decoded"] * 3


@LINUX
def test_a_worker_that_hangs_costs_the_frame_in_hand_its_own_deadline():
    with WorkerPool(1, limits=Limits(deadline_s=0.5)) as own:
        os.kill(the_only_worker(own), signal.SIGSTOP)
        answers = Answers()
        own.decode_each([job(picture())] * 3, [None] * 3, answers)
        assert answers.codes() == ["decode-timeout", "cancelled", "cancelled"]
        assert isinstance(answers.told[0], DecodeError)
        assert isinstance(answers.told[1], Cancelled)


def test_every_frame_has_a_deadline_of_its_own_however_many_go_together():
    _, one = slow()
    with WorkerPool(1) as own:
        own.decode(one)
        began = time.monotonic()
        own.decode(one)
        each = time.monotonic() - began
    with WorkerPool(1, limits=Limits(deadline_s=4 * each + 0.2, deadline_s_per_10_megapixels=0)) as own:
        answers = Answers()
        own.decode_each([one] * MOST_TOGETHER, [None] * MOST_TOGETHER, answers)
        assert answers.codes() == ["decoded"] * MOST_TOGETHER


def test_who_fails_while_he_is_told_costs_the_worker_and_not_the_next_frame():
    def fail(place: int, outcome: object) -> None:
        raise ZeroDivisionError

    with WorkerPool(1) as own:
        with pytest.raises(ZeroDivisionError):
            own.decode_each([job(picture())] * 3, [None] * 3, fail)
        assert np.array_equal(own.decode(job(picture(seed=3))), picture(seed=3))


def test_closing_calls_off_what_goes_together():
    _, one = slow()
    own = WorkerPool(1)
    answers = Answers()
    ends: list[str] = []

    def work() -> None:
        with pytest.raises(Cancelled) as caught:
            own.decode_each([one] * 12, [None] * 12, answers)
        ends.append(caught.value.code)

    batch = threading.Thread(target=work)
    batch.start()
    assert answers.first.wait(20)
    own.close()
    batch.join(20)
    assert ends == ["cancelled"]
    assert set(answers.codes()) == {"decoded"}


def test_two_of_them_at_once_do_not_mix_their_frames(pool: WorkerPool):
    wrong: list[object] = []  # an error tells itself, with its parameters; other pixels their frame

    def work(seed: int) -> None:
        frames = [picture(30 + 50 * (n % 5), 40 + seed, seed=seed * 50 + n) for n in range(10)]
        for _ in range(3):
            answers = Answers()
            pool.decode_each([job(values) for values in frames], [None] * 10, answers)
            for place, values in enumerate(frames):
                outcome = answers.told[place]
                if isinstance(outcome, DecodeError):
                    wrong.append((outcome.code, dict(outcome.params)))
                elif not isinstance(outcome, Cancelled) and not np.array_equal(outcome, values):
                    wrong.append(("other pixels", seed, place))
            if not np.array_equal(pool.decode(job(frames[seed])), frames[seed]):
                wrong.append(("other pixels, alone", seed))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
