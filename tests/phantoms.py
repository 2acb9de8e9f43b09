"""Synthetic studies with known truth. No two numbers in them are equal, so that a mix-up shows."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Person:
    """Who a phantom says it is of."""

    patient_id: str = "DEMO-7001"
    name: str = "Ouyang^Xiaodong=欧阳^晓东"
    birth_date: str = "19800312"
    sex: str = "M"
    issuer: str = "DEMO"


STUDY = CT_STUDY = "2.25.7001001"
DX_STUDY = "2.25.7002001"
STRANGER_STUDY = "2.25.7003001"
SERIES = "2.25.7001002"


def sop(number: int, series: str = SERIES) -> str:
    """The SOP Instance UID of the number-th instance of a series."""
    return f"{series}.{number}"


def dataset(
    pixels: NDArray[np.integer],
    *,
    number: int = 1,
    person: Person = Person(),
    study: str = STUDY,
    series: str = SERIES,
    modality: str = "CT",
) -> Dataset:
    """One single-frame grey instance."""
    made = Dataset()
    made.SpecificCharacterSet = "GB18030"
    made.PatientName, made.PatientID, made.IssuerOfPatientID = person.name, person.patient_id, person.issuer
    made.PatientBirthDate, made.PatientSex, made.PatientAge = person.birth_date, person.sex, "046Y"
    made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID = study, series, sop(number, series)
    is_ct = modality == "CT"
    made.SOPClassUID = CTImageStorage if is_ct else DigitalXRayImageStorageForPresentation
    made.StudyDate, made.StudyTime, made.StudyDescription = "20261120", "142530", "膝关节CT"
    made.AccessionNumber, made.StudyID = "A7001", "1"
    made.SeriesNumber, made.SeriesDescription, made.Modality = 3, "骨窗", modality
    made.BodyPartExamined, made.InstitutionName = "KNEE", "示范医院"
    made.InstanceNumber = number
    made.Rows, made.Columns = pixels.shape
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit = 16, 16, 15
    made.PixelRepresentation = 1 if pixels.dtype.kind == "i" else 0
    made.PixelData = np.ascontiguousarray(pixels).tobytes()
    made["PixelData"].VR = "OW"
    return made


def ct_slice(
    number: int,
    *,
    spacing_mm: tuple[float, float] = (0.5, 0.8),
    step_mm: float = 2.5,
    origin_mm: tuple[float, float, float] = (100.0, 200.0, 300.0),
    shape: tuple[int, int] = (96, 128),
    person: Person = Person(),
    study: str = STUDY,
    series: str = SERIES,
) -> Dataset:
    """One CT slice: a ramp of HU with a bright square at the patient's left and front; slices differ by number."""
    row, column = np.mgrid[0 : shape[0], 0 : shape[1]]
    values = (column * 4 + row - 200 + number).astype(np.int16)
    values[10:16, shape[1] - 20 : shape[1] - 14] = 2000
    made = dataset(values, number=number, person=person, study=study, series=series)
    made.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    made.ImagePositionPatient = [origin_mm[0], origin_mm[1], origin_mm[2] + (number - 1) * step_mm]
    made.PixelSpacing, made.SliceThickness = list(spacing_mm), 2
    made.FrameOfReferenceUID = "2.25.7001009"
    made.RescaleIntercept, made.RescaleSlope, made.RescaleType = 0, 1, "HU"
    made.WindowCenter, made.WindowWidth = [300, 40], [1500, 400]
    made.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    return made


def radiograph(shape: tuple[int, int] = (300, 200), *, person: Person = Person()) -> Dataset:
    """One uncalibrated DX image with PatientOrientation instead of vectors."""
    row, column = np.mgrid[0 : shape[0], 0 : shape[1]]
    made = dataset(
        (row * 9 + column).astype(np.uint16), person=person, modality="DX", study="2.25.7002001", series="2.25.7002002"
    )
    made.PatientOrientation = ["L", "F"]
    made.ImagerPixelSpacing = [0.139, 0.139]
    made.ImageLaterality, made.ViewPosition = "R", "AP"
    made.BitsStored, made.HighBit = 12, 11
    return made


def part10(made: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """The bytes of a Part 10 file."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = made.SOPClassUID, made.SOPInstanceUID
    made.file_meta = meta
    written = io.BytesIO()
    made.save_as(written, enforce_file_format=True)
    return written.getvalue()


def ct_stack(count: int = 7, **keywords: object) -> list[Dataset]:
    """A stack of CT slices in the order of their numbers."""
    return [ct_slice(number, **keywords) for number in range(1, count + 1)]  # type: ignore[arg-type]


def write_study(folder: Path, datasets: list[Dataset]) -> Path:
    """Write instances as files whose names say nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, made in enumerate(datasets):
        (folder / f"IM{place * 37 % 1000:05d}_{place}").write_bytes(part10(made))
    return folder


def stranger() -> Person:
    """Somebody else."""
    return replace(Person(), patient_id="DEMO-9999", name="Wang^Wu=王^五", birth_date="19650704", sex="F")
