"""The sample films of the demo as DICOM files: written once into a folder, always the same, with known truth.

Every film says DEMO: its patient's ID begins with ``DEMO-`` under the issuer ``DEMO``, and Image Comments is ``DEMO``.
Patients are invented; UIDs are derived from names and lie under 2.25.
"""

from __future__ import annotations

import json
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
)

from workstation import __version__
from workstation.demo import reports
from workstation.demo.anatomy import Fracture
from workstation.demo.phantoms import CtGrid, CtLeg, Pose
from workstation.demo.radiograph import Ball, Radiograph, RadiographGeometry
from workstation.locations import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

DEMO_PREFIX: Final = "DEMO-"
DEMO_ISSUER: Final = "DEMO"
_FORMAT: Final = 4  # of what lies in the folder: another number makes it anew
_INDEX: Final = "films.json"
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "demo.cloudfilm-workstation")


@dataclass(frozen=True, slots=True)
class FilmInfo:
    """One sample study in the folder."""

    key: str  # knee-ct-current, knee-ct-prior, knee-dx, head-ct
    title: str
    patient_id: str
    study_instance_uid: str
    modality: str
    study_date: str
    files: tuple[str, ...]  # relative to the folder


@dataclass(frozen=True, slots=True)
class Truth:
    """What a measurement in the sample films must find."""

    fracture: Fracture
    current_pose: Pose
    prior_pose: Pose
    ball: Ball
    radiograph: RadiographGeometry

    @property
    def ball_on_detector_mm(self) -> float:
        """Diameter of the ball's shadow measured with Imager Pixel Spacing: magnified."""
        return self.ball.diameter_mm * self.radiograph.magnification

    def prior_to_current(self) -> NDArray[np.float64]:
        """The 4 x 4 matrix from patient coordinates (LPS, mm) of the prior CT to those of the current one."""
        matrix = np.eye(4)
        turn = self.current_pose.rotation() @ self.prior_pose.rotation().T
        matrix[:3, :3] = turn
        matrix[:3, 3] = np.array(self.current_pose.shift_mm) - turn @ np.array(self.prior_pose.shift_mm)
        return matrix


TRUTH: Final = Truth(
    fracture=Fracture(),
    current_pose=Pose((-95.2, 4.1, -437.0)),
    prior_pose=Pose((-88.7, -0.1, -427.7), about_z_deg=7.5),
    ball=Ball(),
    radiograph=RadiographGeometry(),
)
CURRENT_GRID: Final = CtGrid(512, 512, 120, 0.42, 0.40, 1.1, (-197.3, -96.7, -516.4))
PRIOR_GRID: Final = CtGrid(512, 512, 60, 0.45, 0.45, 2.2, (-203.7, -109.3, -507.9))


@dataclass(frozen=True, slots=True)
class _Study:
    key: str
    name: str  # PN, with the ideographic group
    patient_id: str
    birth_date: str
    sex: str
    description: str
    date: str
    time: str
    accession_number: str
    body_part: str


_OUYANG: Final = _Study(
    "knee-ct-current",
    "Ouyang^Xiaodong=欧阳^晓东",
    f"{DEMO_PREFIX}0001",
    "19800312",
    "M",
    "右膝关节CT平扫（伤后六周复查）",
    "20260914",
    "093512",
    "DEMO-A1002",
    "KNEE",
)
_PRIOR: Final = replace(
    _OUYANG,
    key="knee-ct-prior",
    description="右膝关节CT平扫（急诊）",
    date="20260803",
    time="164020",
    accession_number="DEMO-A1001",
)
_DX: Final = replace(
    _OUYANG,
    key="knee-dx",
    description="右膝关节正位片（急诊）",
    date="20260803",
    time="161507",
    accession_number="DEMO-A1000",
)
_HEAD: Final = _Study(
    "head-ct",
    "Zhuge^Mingyue=诸葛^明月",
    f"{DEMO_PREFIX}0002",
    "19710825",
    "F",
    "头颅CT平扫（真实数据）",
    "20220822",
    "083117",
    "DEMO-A2001",
    "HEAD",
)


def uid(*words: str) -> str:
    """The UID under 2.25 that belongs to these words, always the same (PS3.5 B.2)."""
    return f"2.25.{uuid.uuid5(_NAMESPACE, '/'.join(words)).int}"


def is_demo(patient_id: str) -> bool:
    """Whether a patient's ID marks a demo film."""
    return patient_id.startswith(DEMO_PREFIX)


def make_films(folder: Path) -> list[FilmInfo]:
    """The sample films in `folder`, made there when they are not yet or not whole.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    index = folder / _INDEX
    known = _known(index)
    if known is not None and all((folder / name).is_file() for film in known for name in film.files):
        return known
    folder.mkdir(parents=True, exist_ok=True)
    makers: tuple[tuple[_Study, str, str, Callable[[Path], Iterable[Dataset]]], ...] = (
        (_OUYANG, "CT", "右膝 CT，伤后六周", _current),
        (_DX, "DX", "右膝 正位片，带校准球", _radiographs),
        (_PRIOR, "CT", "右膝 CT，受伤当天", _prior),
        (_HEAD, "CT", "头颅 CT（真实数据，CC BY 4.0）", _head),
    )
    with ThreadPoolExecutor(2, thread_name_prefix="demo-films") as threads:
        films = list(threads.map(lambda maker: _written(folder, *maker), makers))
    part = index.with_suffix(".part")
    part.write_text(json.dumps({"format": _FORMAT, "films": [asdict(film) for film in films]}), encoding="utf-8")
    part.replace(index)
    return films


def _known(index: Path) -> list[FilmInfo] | None:
    try:
        tree = json.loads(index.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if tree.get("format") != _FORMAT:
        return None
    return [FilmInfo(**{**film, "files": tuple(film["files"])}) for film in tree["films"]]


def _written(
    folder: Path, study: _Study, modality: str, title: str, make: Callable[[Path], Iterable[Dataset]]
) -> FilmInfo:
    place = folder / study.key
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    names = []
    for number, dataset in enumerate(make(folder), start=1):
        name = f"{study.key}/{number:04d}.dcm"
        dataset.save_as(folder / name, enforce_file_format=True)
        names.append(name)
    return FilmInfo(study.key, title, study.patient_id, uid(study.key), modality, study.date, tuple(names))


def _identified(dataset: Dataset, study: _Study, series: str, instance: str) -> None:
    """Give a data set its invented patient, study and UIDs, and mark it as a demo."""
    dataset.SpecificCharacterSet = "GB18030"
    dataset.StudyInstanceUID = uid(study.key)
    dataset.SeriesInstanceUID = uid(study.key, series)
    dataset.SOPInstanceUID = uid(study.key, series, instance)
    dataset.PatientName = study.name
    dataset.PatientID = study.patient_id
    dataset.IssuerOfPatientID = DEMO_ISSUER
    dataset.PatientBirthDate = study.birth_date
    dataset.PatientSex = study.sex
    dataset.StudyID = study.accession_number[-4:]
    dataset.StudyDescription = study.description
    dataset.StudyDate = dataset.SeriesDate = dataset.ContentDate = dataset.AcquisitionDate = study.date
    dataset.StudyTime = dataset.SeriesTime = dataset.ContentTime = dataset.AcquisitionTime = study.time
    dataset.AccessionNumber = study.accession_number
    dataset.ReferringPhysicianName = ""
    dataset.InstitutionName = "示范医院（DEMO）"
    dataset.ImageComments = "DEMO"
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta = meta


def _started(sop_class: str, study: _Study, series: tuple[int, str], number: int) -> Dataset:
    """A data set of the sample films' own, but for its image."""
    dataset = Dataset()
    dataset.SOPClassUID = sop_class
    dataset.SeriesNumber, dataset.SeriesDescription = series
    dataset.InstanceNumber = number
    dataset.AcquisitionNumber = 1
    dataset.Manufacturer = "cloudfilm-workstation"
    dataset.ManufacturerModelName = "demo"
    dataset.SoftwareVersions = __version__
    dataset.BodyPartExamined = study.body_part
    dataset.PositionReferenceIndicator = ""
    _identified(dataset, study, str(series[0]), str(number))
    return dataset


def _with_pixels(dataset: Dataset, values: NDArray[Any], bits_stored: int) -> Dataset:
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = values.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, bits_stored, bits_stored - 1
    dataset.PixelRepresentation = int(values.dtype.kind == "i")
    dataset.add_new("PixelData", "OW", values.astype("<u2" if values.dtype.kind == "u" else "<i2").tobytes())
    return dataset


def _ct(study: _Study, series: tuple[int, str], number: int, hounsfield: NDArray[np.int16]) -> Dataset:
    """The attributes that transverse images and the localizer share."""
    dataset = _started(CTImageStorage, study, series, number)
    dataset.Modality = "CT"
    dataset.KVP = "120"
    dataset.PatientPosition = "FFS"
    dataset.FrameOfReferenceUID = uid(study.key, "frame of reference")
    dataset.Laterality = "R"
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "-1024", "1", "HU"
    dataset.WindowCenter, dataset.WindowWidth = ["400", "50"], ["1800", "400"]
    dataset.WindowCenterWidthExplanation = ["骨窗", "软组织窗"]
    return _with_pixels(dataset, (hounsfield + 1024).astype(np.int16), 16)


def _transverse(
    study: _Study, grid: CtGrid, leg: CtLeg, thickness_mm: float, seen: Callable[[Any], None] | None = None
) -> Iterable[Dataset]:
    """The images of a stack; the first by number is the one nearest to the head."""
    for index, hounsfield in enumerate(leg.slices(grid)):
        dataset = _ct(study, (2, f"骨算法 {grid.slice_spacing_mm} mm"), grid.slices - index, hounsfield)
        x, y, z = grid.origin_mm
        dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        dataset.PixelSpacing = [grid.row_spacing_mm, grid.column_spacing_mm]
        dataset.SliceThickness = thickness_mm
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        dataset.ImagePositionPatient = [x, y, round(z + index * grid.slice_spacing_mm, 6)]
        dataset.SliceLocation = dataset.ImagePositionPatient[2]
        dataset.ConvolutionKernel = "DEMO"
        if seen is not None:
            seen(hounsfield)
        yield dataset


def _current(_: Path) -> Iterable[Dataset]:
    leg = CtLeg(TRUTH.current_pose, TRUTH.fracture, gap_hu=72.0, seed=11)
    sums: list[NDArray[np.float32]] = []
    yield from _transverse(
        _OUYANG, CURRENT_GRID, leg, 1.25, lambda slab: sums.append((slab + 1000.0).sum(axis=0, dtype=np.float32))
    )
    yield _localizer(np.stack(sums[::-1]))
    yield _as_report(reports.pdf_report(_OUYANG.key, "CT 检查报告（DEMO）"), _OUYANG)


def _prior(_: Path) -> Iterable[Dataset]:
    yield from _transverse(_PRIOR, PRIOR_GRID, CtLeg(TRUTH.prior_pose, TRUTH.fracture, seed=12), 2.5)
    images = [(str(CTImageStorage), uid(_PRIOR.key, "2", str(number))) for number in _fracture_images()]
    report = reports.structured_report(images, TRUTH.fracture.gap_mm, f"{_PRIOR.date}170511+0800")
    report.CurrentRequestedProcedureEvidenceSequence = reports.evidence(uid(_PRIOR.key), uid(_PRIOR.key, "2"), images)
    yield _as_report(report, _PRIOR)


def _fracture_images() -> tuple[int, ...]:
    """Instance numbers of the earlier CT's images through the fracture: at its middle, and 8.8 mm above and below."""
    grid = PRIOR_GRID
    height = TRUTH.fracture.z + TRUTH.prior_pose.shift_mm[2]
    index = round((height - grid.origin_mm[2]) / grid.slice_spacing_mm)
    return tuple(grid.slices - (index + step) for step in (4, 0, -4))


def _as_report(dataset: Dataset, study: _Study) -> Dataset:
    """Give a document the identity of its film."""
    _identified(dataset, study, str(dataset.SeriesNumber), str(dataset.InstanceNumber))
    return dataset


def _localizer(sums: NDArray[np.float32]) -> Dataset:
    """A frontal view by ray sums of the transverse images, its rows from head to feet."""
    grid = CURRENT_GRID
    rows = round(grid.slices * grid.slice_spacing_mm / grid.column_spacing_mm)
    at = np.linspace(0, len(sums) - 1.001, rows)
    first = at.astype(int)
    share = (at - first)[:, None]
    picture = sums[first] * (1 - share) + sums[first + 1] * share
    hounsfield = np.clip(picture * (1400.0 / picture.max()) - 700.0, -1024, 3071).astype(np.int16)
    dataset = _ct(_OUYANG, (1, "定位像"), 1, hounsfield)
    step = (grid.slices - 1) * grid.slice_spacing_mm / (rows - 1)
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
    dataset.PixelSpacing = [round(step, 6), grid.column_spacing_mm]
    dataset.SliceThickness = ""
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    top = grid.origin_mm[2] + (grid.slices - 1) * grid.slice_spacing_mm
    dataset.ImagePositionPatient = [grid.origin_mm[0], TRUTH.current_pose.shift_mm[1], round(top, 6)]
    dataset.RescaleType = "US"  # ray sums are no Hounsfield units
    dataset.WindowCenter, dataset.WindowWidth = ["-100"], ["1300"]
    dataset.WindowCenterWidthExplanation = ["定位像"]
    return dataset


def _radiographs(_: Path) -> Iterable[Dataset]:
    values = Radiograph(TRUTH.radiograph, TRUTH.fracture, TRUTH.ball).values()
    yield _dx((1, "右膝正位"), values)
    inverse = _dx((2, "右膝正位（MONOCHROME1）"), np.asarray(4095 - values, np.uint16))
    inverse.PhotometricInterpretation, inverse.PresentationLUTShape = "MONOCHROME1", "INVERSE"
    inverse.WindowCenter = [str(4096 - float(inverse.WindowCenter))]
    yield inverse


def _dx(series: tuple[int, str], values: NDArray[np.uint16]) -> Dataset:
    """A radiograph whose only spacing is that at the detector: nothing in it may be measured before calibration."""
    dataset = _started(DigitalXRayImageStorageForPresentation, _DX, series, 1)
    dataset.Modality = "DX"
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", ""]
    dataset.ImagerPixelSpacing = [TRUTH.radiograph.pixel_mm, TRUTH.radiograph.pixel_mm]
    dataset.PatientOrientation = ["L", "F"]
    dataset.FrameOfReferenceUID = uid(_DX.key, "frame of reference", str(series[0]))
    dataset.ImageLaterality = "R"
    dataset.PositionerType = ""
    dataset.ViewPosition = "AP"
    dataset.KVP = "60"
    dataset.DetectorType = "SCINTILLATOR"
    dataset.BurnedInAnnotation = "NO"
    dataset.PixelIntensityRelationship, dataset.PixelIntensityRelationshipSign = "LOG", 1
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "0", "1", "US"
    dataset.LossyImageCompression = "00"
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.WindowCenter, dataset.WindowWidth = ["2048"], ["4096"]
    dataset.WindowCenterWidthExplanation = ["标准"]
    dataset.AcquisitionContextSequence = []
    dataset.AnatomicRegionSequence = [reports.code("72696002", "SCT", "Knee")]
    dataset.ViewCodeSequence = [reports.code("399348003", "SCT", "antero-posterior")]
    dataset.ViewCodeSequence[0].ViewModifierCodeSequence = []
    return _with_pixels(dataset, values, 12)


def _head(_: Path) -> Iterable[Dataset]:
    """The real head CT under a demo identity; its pixel data is not touched. See the NOTICE beside it."""
    for path in sorted(head_ct_files()):
        dataset = pydicom.dcmread(path)
        dataset.decode()
        syntax = dataset.file_meta.TransferSyntaxUID
        for keyword in ("ReferencedImageSequence", "SourceImageSequence", "RequestedProcedureDescription"):
            if keyword in dataset:
                del dataset[keyword]
        dataset.FrameOfReferenceUID = uid(_HEAD.key, "frame of reference")
        dataset.SeriesDescription = "平扫 2 mm（IHE RAD.MADO，CC BY 4.0）"
        _identified(dataset, _HEAD, "1", str(dataset.InstanceNumber))
        dataset.file_meta.TransferSyntaxUID = syntax
        yield dataset


def head_ct_files() -> list[Path]:
    """The files of the real head CT that ship with the program."""
    return list((resources() / "demo" / "head_ct").glob("*.dcm"))
