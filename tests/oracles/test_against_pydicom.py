"""Stored values against pydicom's decoders (pylibjpeg, gdcm): exact where lossless, within 1 where lossy."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pydicom
import pytest
from pydicom.pixels import apply_color_lut, pixel_array

from tests.oracles.corpus import pydicom_files, shared_files
from workstation.dicom.frames import decode_frame
from workstation.dicom.part10 import read_part10
from workstation.dicom.pixels import FrameKey
from workstation.errors import WorkstationError

if TYPE_CHECKING:
    from pathlib import Path

    from workstation.workers.pool import WorkerPool

_LOSSY = frozenset(
    {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.203"}
)


def by_pydicom(path: Path, frame: int, bits_stored: int) -> np.ndarray | None:
    """What pydicom makes of a frame, as 8-bit R, G, B for colour; None where it has no decoder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            values = pixel_array(path, index=frame - 1)
            dataset = pydicom.dcmread(path, force=True)
            if dataset.PhotometricInterpretation == "PALETTE COLOR":
                values = apply_color_lut(values, dataset)
                return (values >> 8).astype(np.uint8) if values.dtype != np.uint8 else values
        except (
            RuntimeError,
            NotImplementedError,
            ValueError,
            AttributeError,
        ) as error:  # whatever its plug-ins raise: it cannot
            print(f"{path.parent.name}/{path.name}: pydicom cannot: {str(error).splitlines()[0][:60]}")
            return None
    if values.ndim == 3 and values.dtype != np.uint8:
        return np.rint(values * (255.0 / ((1 << bits_stored) - 1))).astype(np.uint8)
    return values


def compare(paths: list[Path], pool: WorkerPool) -> tuple[int, int]:
    """Compare the last frame of every file; how many agreed, and how many pydicom could not decode."""
    agreed = unjudged = 0
    wrong = []
    for path in paths:
        part10 = read_part10(path.read_bytes())
        pixels = part10.required_description()
        last = pixels.number_of_frames
        try:
            ours = decode_frame(part10, last, FrameKey("", "", "", last), pool).values
        except WorkstationError as error:
            print(f"{path.parent.name}/{path.name}: refused by us: {error}")
            continue
        theirs = by_pydicom(path, last, pixels.bits_stored)
        if theirs is None:
            unjudged += 1
            continue
        most = int(np.abs(theirs.astype(np.int64) - ours.astype(np.int64)).max()) if theirs.shape == ours.shape else -1
        allowed = 1 if pixels.transfer_syntax_uid in _LOSSY else 0
        agreed += 1
        if not 0 <= most <= allowed:
            wrong.append(f"{path.parent.name}/{path.name}: {most} apart, {theirs.shape} {ours.shape}")
    assert not wrong, wrong
    return agreed, unjudged


@pytest.mark.announces_warnings  # pydicom logs what its plug-ins cannot do
def test_the_files_of_pydicoms_wheel_decode_as_pydicom_has_them(pool: WorkerPool):
    agreed, _ = compare(pydicom_files(), pool)
    assert agreed >= 40


@pytest.mark.announces_warnings
def test_real_files_decode_as_pydicom_has_them(pool: WorkerPool, shared_data: Path):
    pytest.importorskip("gdcm")
    agreed, unjudged = compare(list(shared_files(shared_data)), pool)
    assert agreed >= 75
    assert unjudged <= 15
