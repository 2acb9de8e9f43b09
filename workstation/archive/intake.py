"""The gate: nothing of an instance passes before its bytes are whole, and are the object and the person asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.frames import job_of_small_frame, shown_frame
from workstation.dicom.identity import Comparison, Verdict, compare
from workstation.dicom.part10 import read_part10
from workstation.dicom.presentation import is_presentation_state
from workstation.dicom.presentation_reader import presentation_state_of
from workstation.dicom.report_kinds import is_report
from workstation.dicom.reports import readable
from workstation.dicom.study import instance_of
from workstation.errors import DicomError, IdentityError

if TYPE_CHECKING:
    from workstation.dicom.frames import Decoder, ShownFrame
    from workstation.dicom.part10 import Part10
    from workstation.dicom.presentation import PresentationState
    from workstation.dicom.reports import Report
    from workstation.dicom.study import Instance, Patient
    from workstation.workers.messages import DecodeJob


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """An instance that passed the gate."""

    instance: Instance  # from its own header
    part10: Part10
    data: bytes  # as it was received
    comparison: Comparison
    address_only: bool = False
    is_kept: bool = False  # it was here already

    @property
    def size_bytes(self) -> int:
        """How much memory it takes."""
        return len(self.data)

    def small_job(self, frame: int) -> DecodeJob | None:
        """What a worker would be asked for a frame that may go with others; None for one that goes alone."""
        return job_of_small_frame(self.part10, frame)

    def shown(self, frame: int, pool: Decoder) -> ShownFrame:
        """Decode one frame, counted from 1, with all that is needed to show it."""
        made = shown_frame(self.part10, self.instance, frame, pool)
        return replace(made, address_only=self.address_only)

    def report(self) -> Report | None:
        """The document in it, when it is one to be read; slow for large ones: never on the main thread."""
        if not is_report(self.instance.sop_class_uid):
            return None
        return readable(self.part10.dataset, self.instance)

    def state(self) -> PresentationState | None:
        """The presentation state in it, when it is one that is applied here; never on the main thread."""
        if not is_presentation_state(self.instance.sop_class_uid):
            return None
        return presentation_state_of(self.part10.dataset)


def take_in(data: bytes, asked: Instance, patient: Patient, issuer: str = "") -> Received:
    """Check the bytes of one instance.

    Parameters
    ----------
    data : bytes
        A whole Part 10 file, as it was received.
    asked : Instance
        The listing's entry: what was asked for.
    patient : Patient
        Whose film it is.
    issuer : str
        The issuer configured for the source.

    Raises
    ------
    DicomError
        The bytes are no usable data set, or are not whole.
    IdentityError
        They are of another instance, series, study or patient.
    """
    part10 = read_part10(data)
    instance = instance_of(DatasetAttributes(part10.dataset))
    check_uids(asked, instance)
    comparison = compare(patient, instance.patient, issuer)
    if comparison.verdict is Verdict.CONFLICT:
        raise IdentityError("wrong-patient")
    if part10.description is not None:
        part10.check_complete()
    elif part10.is_streamed:
        part10.required_description()
    elif asked.is_image:
        raise DicomError("truncated")
    return Received(instance, part10, data, comparison)


def check_uids(asked: Instance, found: Instance) -> None:
    """Refuse an object that is not the one asked for."""
    if found.sop_instance_uid != asked.sop_instance_uid:
        raise IdentityError("wrong-instance")
    if found.series.series_instance_uid != asked.series.series_instance_uid:
        raise IdentityError("wrong-series")
    if found.study.study_instance_uid != asked.study.study_instance_uid:
        raise IdentityError("wrong-study")
