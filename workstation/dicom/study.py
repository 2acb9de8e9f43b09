"""Patient, Study, Series, Instance: frozen, read from DICOM JSON or from a data set, the same way for both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.dicom.anatomy import NO_ANATOMY, Anatomy, anatomies_of
from workstation.dicom.attributes import PersonName, integer, numbers, person, readable, text, texts
from workstation.dicom.geometry import Plane, frame_planes
from workstation.dicom.orientation import NO_SIDES, Sides, contradict, frame_sides, sides_by
from workstation.dicom.rejection import Rejection, rejections_of
from workstation.dicom.scales import Scales, scales_of

if TYPE_CHECKING:
    from workstation.dicom.attributes import Attributes

PROJECTION_MODALITIES: Final = frozenset({"CR", "DX", "RF", "XA", "MG", "PX", "IO"})

_SECTION_CLASSES: Final = frozenset(
    {f"1.2.840.10008.5.1.4.1.1.{last}" for last in ("2", "2.1", "2.2", "13.1.1", "13.1.2", "13.1.3")}
)  # CT, and X-ray that was reconstructed in three dimensions: slices, though a C-arm calls its modality XA
_REPAIRED: Final = ("PatientName", "StudyDescription", "SeriesDescription", "ProtocolName", "InstitutionName")
_FRAME_TYPES: Final = (
    "CTImageFrameTypeSequence", "MRImageFrameTypeSequence", "MRSpectroscopyFrameTypeSequence",
    "PETFrameTypeSequence", "XAXRFFrameCharacteristicsSequence", "XRay3DFrameTypeSequence",
    "USImageDescriptionSequence",
)  # fmt: skip
_NO_NAME: Final = PersonName()
_NO_SCALES: Final = Scales()


@dataclass(frozen=True, slots=True)
class Patient:
    """Who: the attributes that decide whether two objects are of one person (PS3.3 C.7.1.1)."""

    patient_id: str = ""
    issuer: str = ""
    name: PersonName = _NO_NAME
    birth_date: str = ""  # YYYYMMDD or empty
    sex: str = ""  # M, F, O or empty


@dataclass(frozen=True, slots=True)
class Study:
    """One examination (PS3.3 C.7.2.1)."""

    study_instance_uid: str
    date: str = ""  # YYYYMMDD
    time: str = ""  # HHMMSS
    description: str = ""
    accession_number: str = ""
    institution: str = ""
    age: str = ""  # PatientAge, e.g. 046Y: the age at the study's date


@dataclass(frozen=True, slots=True)
class Series:
    """One series (PS3.3 C.7.3.1)."""

    series_instance_uid: str
    number: int | None = None
    modality: str = ""
    description: str = ""
    body_part: str = ""


@dataclass(frozen=True, slots=True)
class Instance:
    """One SOP instance as its header says, without pixels.

    Attributes
    ----------
    planes : one a frame
        Where the frame lies in the patient, or None.
    declared_sides : one for all frames, or one a frame
        What PatientOrientation says.
    anatomies : one for all frames, or one a frame
        Which part of the patient a frame shows.
    pixel_aspect : float
        Height of a pixel over its width; 1 where nothing is said (PS3.3 C.7.6.3.1.7).
    spacing_is_in_patient : bool
        Lengths measured with `planes`' spacing are true in the patient: cross-sectional images only.
    """

    patient: Patient
    study: Study
    series: Series
    sop_instance_uid: str
    sop_class_uid: str
    instance_number: int | None = None
    number_of_frames: int = 1
    rows: int = 0
    columns: int = 0
    samples_per_pixel: int = 1
    planes: tuple[Plane | None, ...] = ()
    declared_sides: tuple[Sides, ...] = ()
    anatomies: tuple[Anatomy, ...] = ()
    pixel_aspect: float = 1.0
    scales: Scales = _NO_SCALES
    slice_thickness: float | None = None
    frame_time_ms: float | None = None
    image_type: tuple[str, ...] = ()
    frame_types: tuple[str, ...] = ()  # the first word of each frame's own type, where ImageType is MIXED
    acquisition_date: str = ""
    acquisition_time: str = ""
    is_lossy: bool = False
    lossy_ratio: str = ""
    burned_in: bool = False
    has_overlay: bool = False
    is_repaired: bool = False  # texts are shown in another character set than the declared one
    rejections: tuple[tuple[str, Rejection], ...] = ()  # instances that this object withdraws

    @property
    def is_image(self) -> bool:
        """Whether it has pixels to show."""
        return self.rows > 0 and self.columns > 0

    @property
    def is_projection(self) -> bool:
        """Whether it is a radiograph: its spacing is that of the detector, not of the patient."""
        is_section = self.sop_class_uid in _SECTION_CLASSES and self.plane(1) is not None
        return self.series.modality in PROJECTION_MODALITIES and not is_section

    @property
    def is_demo(self) -> bool:
        """Whether it is one of the program's own sample films."""
        return self.patient.patient_id.startswith("DEMO-")

    @property
    def kind(self) -> str:
        """The SOP class in words."""
        from pydicom.uid import UID  # here: the first window needs no data sets

        return UID(self.sop_class_uid).name.removesuffix(" Storage")

    def plane(self, frame: int) -> Plane | None:
        """The plane of a frame, counted from 1."""
        return self.planes[frame - 1] if 0 < frame <= len(self.planes) else None

    def sides(self, frame: int) -> Sides:
        """What a frame's edges are: by its vectors, else as PatientOrientation says, else unknown."""
        plane = self.plane(frame)
        return sides_by(plane) if plane is not None else self._declared(frame)

    def contradicts_orientation(self, frame: int) -> bool:
        """Whether PatientOrientation says otherwise than the vectors."""
        plane = self.plane(frame)
        return plane is not None and contradict(plane, self._declared(frame))

    def _declared(self, frame: int) -> Sides:
        found = self.declared_sides
        return found[frame - 1] if 0 < frame <= len(found) else found[0] if len(found) == 1 else NO_SIDES

    def anatomy(self, frame: int) -> Anatomy:
        """What of the patient a frame shows."""
        found = self.anatomies
        return found[frame - 1] if 0 < frame <= len(found) else found[0] if len(found) == 1 else NO_ANATOMY

    def is_derived(self, frame: int) -> bool:
        """Whether a frame was computed from others (PS3.3 C.7.6.1.1.2); of mixed objects its own type says so."""
        if self.image_type[:1] == ("MIXED",):
            return 0 < frame <= len(self.frame_types) and self.frame_types[frame - 1] == "DERIVED"
        return self.image_type[:1] == ("DERIVED",)

    def spacing_is_in_patient(self, frame: int) -> bool:
        """Whether lengths on this frame are true in the patient."""
        return self.plane(frame) is not None and not self.is_projection


def patient_of(source: Attributes) -> Patient:
    """Read who an object is of."""
    return Patient(
        patient_id=text(source, "PatientID"),
        issuer=text(source, "IssuerOfPatientID"),
        name=person(source, "PatientName"),
        birth_date=_date(text(source, "PatientBirthDate")),
        sex=text(source, "PatientSex").upper(),
    )


def study_of(source: Attributes) -> Study:
    """Read the study an object belongs to."""
    return Study(
        study_instance_uid=text(source, "StudyInstanceUID"),
        date=_date(text(source, "StudyDate")),
        time=text(source, "StudyTime")[:6],
        description=readable(source, "StudyDescription"),
        accession_number=text(source, "AccessionNumber"),
        institution=readable(source, "InstitutionName"),
        age=text(source, "PatientAge"),
    )


def series_of(source: Attributes) -> Series:
    """Read the series an object belongs to."""
    return Series(
        series_instance_uid=text(source, "SeriesInstanceUID"),
        number=integer(source, "SeriesNumber"),
        modality=text(source, "Modality").upper(),
        description=readable(source, "SeriesDescription") or readable(source, "ProtocolName"),
        body_part=readable(source, "BodyPartExamined"),
    )


def instance_of(source: Attributes) -> Instance:
    """Read one instance's header."""
    is_repaired = any(source.repaired(keyword) is not None for keyword in _REPAIRED)  # while the bytes are there
    frames = max(1, min(integer(source, "NumberOfFrames") or 1, 100_000))
    planes = frame_planes(source, frames)
    scales = scales_of(source)
    spacing = (planes[0].row_spacing, planes[0].column_spacing) if planes[0] else scales.pixel_spacing or ()
    return Instance(
        patient=patient_of(source),
        study=study_of(source),
        series=series_of(source),
        sop_instance_uid=text(source, "SOPInstanceUID"),
        sop_class_uid=text(source, "SOPClassUID"),
        instance_number=integer(source, "InstanceNumber"),
        number_of_frames=frames,
        rows=integer(source, "Rows") or 0,
        columns=integer(source, "Columns") or 0,
        samples_per_pixel=integer(source, "SamplesPerPixel") or 1,
        planes=planes,
        declared_sides=frame_sides(source, frames),
        anatomies=anatomies_of(source, frames),
        pixel_aspect=_pixel_aspect(source, spacing),
        scales=scales,
        slice_thickness=next(iter(numbers(source, "SliceThickness")), None),
        frame_time_ms=next(iter(numbers(source, "FrameTime")), None),
        image_type=texts(source, "ImageType"),
        frame_types=_frame_types(source),
        acquisition_date=_date(text(source, "AcquisitionDate") or text(source, "ContentDate")),
        acquisition_time=(text(source, "AcquisitionTime") or text(source, "ContentTime"))[:6],
        is_lossy=_is_lossy(source),
        lossy_ratio="/".join(f"{ratio:g}" for ratio in numbers(source, "LossyImageCompressionRatio")),
        burned_in=text(source, "BurnedInAnnotation").upper() in ("YES", "Y", "1", "TRUE"),
        has_overlay=source.has_overlay(),
        is_repaired=is_repaired,
        rejections=rejections_of(source),
    )


def _frame_types(source: Attributes) -> tuple[str, ...]:
    """ORIGINAL or DERIVED for each frame of an object that holds both, from whichever macro it has (C.7.6.16)."""
    if texts(source, "ImageType")[:1] != ("MIXED",):
        return ()
    groups = source.items("PerFrameFunctionalGroupsSequence")
    return tuple(
        next((text(item, "FrameType") for one in _FRAME_TYPES for item in group.items(one)[:1]), "") for group in groups
    )


def _is_lossy(source: Attributes) -> bool:
    """Whether pixels lost something before (C.7.6.1.1.5): said so, or a ratio or a method is named and nothing denied.

    What the transfer syntax loses is known only with the pixels: see `dicom.frames`.
    """
    said = text(source, "LossyImageCompression")
    if said:
        return said.upper() not in ("00", "0", "NO", "N")  # what is neither warns
    ratios = numbers(source, "LossyImageCompressionRatio")
    return bool(text(source, "LossyImageCompressionMethod")) or any(ratio > 1 for ratio in ratios)


def _pixel_aspect(source: Attributes, pixel_spacing: tuple[float, ...]) -> float:
    for spacing in (
        pixel_spacing,
        numbers(source, "ImagerPixelSpacing"),
        numbers(source, "NominalScannedPixelSpacing"),
        numbers(source, "PixelAspectRatio"),
    ):
        if len(spacing) == 2 and min(spacing) > 0:
            return spacing[0] / spacing[1]
    return 1.0


def _date(value: str) -> str:
    digits = value.replace(".", "").replace("-", "")  # ACR-NEMA wrote YYYY.MM.DD
    return digits[:8] if len(digits) >= 8 and digits[:8].isdigit() else ""
