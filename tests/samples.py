"""Small real DICOM files for the tests: pydicom's own, and series made of them."""

from __future__ import annotations

import copy
import io
from typing import TYPE_CHECKING

import pydicom
from pydicom.data import get_testdata_file
from pydicom.uid import generate_uid

if TYPE_CHECKING:
    from pathlib import Path


def bytes_of(data_set) -> bytes:
    """A data set as a DICOM file."""
    buffer = io.BytesIO()
    data_set.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def ct_series(count: int, *, patient_id: str = "7001", name: str = "Wang^Xiaodong=王^小东", entropy: str = "a") -> list:
    """A CT series of small slices, each a little different, of a patient with a Chinese name."""
    first = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    study, series = (generate_uid(entropy_srcs=[entropy, level]) for level in ("study", "series"))
    made = []
    for number in range(1, count + 1):
        one = copy.deepcopy(first)
        one.SpecificCharacterSet = "ISO_IR 192"
        one.PatientName, one.PatientID = name, patient_id
        one.StudyInstanceUID, one.SeriesInstanceUID = study, series
        one.SOPInstanceUID = generate_uid(entropy_srcs=[entropy, str(number)])
        one.file_meta.MediaStorageSOPInstanceUID = one.SOPInstanceUID
        one.AccessionNumber = f"A{patient_id}"
        one.InstanceNumber = number
        one.PixelData = bytes([number]) + one.PixelData[1:]
        made.append(one)
    return made


def write(folder: Path, data_sets) -> Path:
    """Write data sets as files named by number; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    start = len(list(folder.iterdir()))
    for number, data_set in enumerate(data_sets, start=start):
        (folder / f"{number:04d}.dcm").write_bytes(bytes_of(data_set))
    return folder
