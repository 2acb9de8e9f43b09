"""Files with damaged headers: read, or refused with an error of ours; nothing else ever comes out."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_file

from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.frames import shown_frame
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import instance_of
from workstation.errors import WorkstationError
from workstation.rendering.still import render_still

SEEDS = ("CT_small.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm", "image_dfl.dcm", "SC_rgb_small_odd.dcm",
         "examples_palette.dcm", "reportsi.dcm", "rtdose.dcm", "liver_1frame.dcm", "MR_small_RLE.dcm")  # fmt: skip


class NoPool:
    def decode(self, job: object, token: object = None) -> np.ndarray:
        return np.zeros(job.shape, job.dtype)  # type: ignore[attr-defined]


def outcome(data: bytes) -> str:
    try:
        part10 = read_part10(data)
        part10.check_complete()
        instance = instance_of(DatasetAttributes(part10.dataset))
        render_still(shown_frame(part10, instance, 1, NoPool()))
    except WorkstationError as error:
        return error.code
    return "shown"


def damaged(seed: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes of its first 4 KiB changed, cut out or put in."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(132, min(len(data), 4096))
        kind = chance.random()
        if kind < 0.4:
            data[place] ^= 1 << chance.randrange(8)
        elif kind < 0.8:
            data[place] = chance.choice((0, 1, 255, 127, 128, chance.randrange(256)))
        elif kind < 0.9:
            del data[place : place + chance.randint(1, 9)]
        else:
            data[place:place] = chance.randbytes(chance.randint(1, 9))
    return bytes(data)


def run(count: int) -> Counter[str]:
    chance = random.Random(20260914)
    whole = [Path(get_testdata_file(name, download=False)).read_bytes() for name in SEEDS]
    whole = [data for data in whole if len(data) < 400_000]
    return Counter(outcome(damaged(whole[index % len(whole)], chance)) for index in range(count))


@pytest.mark.filterwarnings("error")
def test_a_thousand_damaged_files_are_shown_or_refused_and_nothing_else():
    ends = run(1_000)
    print(dict(ends))
    assert len(ends) >= 4


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_fifty_thousand_damaged_files_are_shown_or_refused_and_nothing_else():
    assert run(50_000)
