"""Damaged codestreams: whatever the decoders make of them, this process lives and the next frame is right."""

from __future__ import annotations

import random
import threading
from collections import Counter
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pytest

from workstation.errors import WorkstationError
from workstation.workers.limits import Limits
from workstation.workers.messages import DecodeJob
from workstation.workers.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Iterator

GREY = np.random.default_rng(1).integers(0, 4096, (24, 30)).astype(np.uint16)
GREY8 = (GREY >> 4).astype(np.uint8)
COLOUR = np.random.default_rng(2).integers(0, 256, (24, 30, 3)).astype(np.uint8)


def seeds() -> list[DecodeJob]:
    """One whole frame of every codec, grey and colour."""
    lossless = {"level": 0, "codecformat": "J2K", "reversible": True}
    grey = [
        ("1.2.840.10008.1.2.4.70", imagecodecs.jpeg8_encode(GREY, lossless=True, bitspersample=12, predictor=1)),
        ("1.2.840.10008.1.2.4.57", imagecodecs.jpeg8_encode(GREY, lossless=True, bitspersample=12, predictor=6)),
        ("1.2.840.10008.1.2.4.51", imagecodecs.jpeg8_encode(GREY, level=90, bitspersample=12)),
        ("1.2.840.10008.1.2.4.80", imagecodecs.jpegls_encode(GREY)),
        ("1.2.840.10008.1.2.4.81", imagecodecs.jpegls_encode(GREY, level=3)),
        ("1.2.840.10008.1.2.4.90", imagecodecs.jpeg2k_encode(GREY, **lossless)),
        ("1.2.840.10008.1.2.4.91", imagecodecs.jpeg2k_encode(GREY, level=60, codecformat="J2K")),
        ("1.2.840.10008.1.2.4.201", imagecodecs.htj2k_encode(GREY, reversible=True)),
        ("1.2.840.10008.1.2.4.110", imagecodecs.jpegxl_encode(GREY, lossless=True)),
        ("1.2.840.10008.1.2.5", run_lengths()),
    ]
    jobs = [job(encoded, syntax, 1, 16, 12) for syntax, encoded in grey]
    jobs.append(job(imagecodecs.jpeg8_encode(GREY8, level=90), "1.2.840.10008.1.2.4.50", 1, 8, 8))
    jobs.append(job(imagecodecs.jpeg8_encode(COLOUR, level=90), "1.2.840.10008.1.2.4.50", 3, 8, 8))
    jobs.append(job(imagecodecs.jpeg2k_encode(COLOUR, **lossless), "1.2.840.10008.1.2.4.90", 3, 8, 8))
    return jobs


def run_lengths() -> bytes:
    """The frame in RLE, every line of every byte plane one literal run (PS3.5 Annex G)."""
    planes = []
    for plane in (GREY >> 8, GREY & 255):
        rows = b"".join(bytes([len(row) - 1]) + row.astype(np.uint8).tobytes() for row in plane)
        planes.append(rows + b"\0" * (len(rows) % 2))
    offsets = [2, 64, 64 + len(planes[0])] + [0] * 13
    return b"".join(number.to_bytes(4, "little") for number in offsets) + b"".join(planes)


def job(encoded: bytes, syntax: str, samples: int, allocated: int, stored: int) -> DecodeJob:
    meaning = "MONOCHROME2" if samples == 1 else "RGB"
    return DecodeJob(bytes(encoded), syntax, 24, 30, samples, allocated, stored, stored - 1, 0, meaning)


def mutations(count: int) -> Iterator[DecodeJob]:
    chance = random.Random(20260914)
    whole = seeds()
    for index in range(count):
        seed = whole[index % len(whole)]
        damaged = bytearray(seed.encoded)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(damaged))
            kind = chance.random()
            if kind < 0.5:
                damaged[place] ^= 1 << chance.randrange(8)
            elif kind < 0.8:
                damaged[place] = chance.randrange(256)
            elif kind < 0.9:
                del damaged[place : place + chance.randint(1, 20)]
            else:
                damaged[place:place] = chance.randbytes(chance.randint(1, 20))
            if not damaged:
                damaged = bytearray(b"\0")
        yield DecodeJob(bytes(damaged), *[getattr(seed, name) for name in list(DecodeJob.__dataclass_fields__)[1:]])


def decode_all(count: int) -> Counter[str]:
    """Decode `count` damaged frames on two workers; count the ends."""
    ends: Counter[str] = Counter()
    jobs = mutations(count)
    lock = threading.Lock()
    with WorkerPool(2, limits=Limits(deadline_s=5)) as pool:
        for seed in seeds():
            assert pool.decode(seed).shape == seed.shape

        def work() -> None:
            while True:
                with lock:
                    damaged = next(jobs, None)
                if damaged is None:
                    return
                try:
                    values = pool.decode(damaged)
                    end = "decoded" if values.shape == damaged.shape else "WRONG SHAPE"
                except WorkstationError as error:
                    end = error.code
                with lock:
                    ends[end] += 1

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        whole = seeds()[0]
        assert np.array_equal(pool.decode(whole), GREY)
    return ends


def judge(ends: Counter[str], count: int) -> None:
    print(dict(ends))
    assert sum(ends.values()) == count
    assert ends["WRONG SHAPE"] == 0
    assert ends["decode-timeout"] <= count // 1000
    assert ends["decoder-died"] <= count // 1000  # each cost one job and nothing else


def test_two_thousand_damaged_frames_cost_their_own_jobs_at_most():
    judge(decode_all(2_000), 2_000)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_damaged_frames_cost_their_own_jobs_at_most():
    judge(decode_all(100_000), 100_000)
