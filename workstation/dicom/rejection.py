"""Rejection notes: key object selections by which a hospital withdraws images of its own.

References
----------
PS3.16 CID 7011 (rejected for quality), CID 7022, CID 7021 (patient safety, modality worklist entry, retention);
IHE Radiology, Imaging Object Change Management (IOCM): what a display does with each.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from workstation.dicom.attributes import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workstation.dicom.attributes import Attributes

KEY_OBJECT_SELECTION: Final = "1.2.840.10008.5.1.4.1.1.88.59"


class Rejection(Enum):
    """Why an image was withdrawn; the value is its code in the scheme DCM."""

    SAFETY = "113037"  # rejected for patient safety reasons: of another patient, a wrong side
    WORKLIST = "113038"  # incorrect modality worklist entry: taken under another order
    EXPIRED = "113039"  # data retention policy expired
    QUALITY = "113001"  # rejected for quality reasons: it may be looked at, and is marked

    @property
    def withholds(self) -> bool:
        """Whether the image is not shown at all."""
        return self is not Rejection.QUALITY


def rejections_of(source: Attributes) -> tuple[tuple[str, Rejection], ...]:
    """The instances that an object withdraws, by SOP Instance UID; empty for every other object.

    Parameters
    ----------
    source : Attributes
        The header of an instance.
    """
    if text(source, "SOPClassUID") != KEY_OBJECT_SELECTION:
        return ()
    reason = next((found for title in source.items("ConceptNameCodeSequence") if (found := _reason(title))), None)
    if reason is None:
        return ()
    return tuple((uid, reason) for uid in dict.fromkeys(_referenced(source)))


def rejected_in(notes: Iterable[tuple[tuple[str, Rejection], ...]]) -> dict[str, Rejection]:
    """All that the objects of a film withdraw, by SOP Instance UID; of two reasons the one that withholds."""
    found: dict[str, Rejection] = {}
    for note in notes:
        for uid, reason in note:
            if uid not in found or reason.withholds:
                found[uid] = reason
    return found


def _reason(title: Attributes) -> Rejection | None:
    if text(title, "CodingSchemeDesignator") != "DCM":
        return None
    code = text(title, "CodeValue")
    return next((one for one in Rejection if one.value == code), None)


def _referenced(source: Attributes) -> Iterator[str]:
    """The instances of the evidence, and those of the content (PS3.3 C.17.2, C.17.3)."""
    for study in source.items("CurrentRequestedProcedureEvidenceSequence"):
        for series in study.items("ReferencedSeriesSequence"):
            yield from _uids(series)
    for item in source.items("ContentSequence"):
        yield from _uids(item)


def _uids(item: Attributes) -> Iterator[str]:
    for reference in item.items("ReferencedSOPSequence"):
        uid = text(reference, "ReferencedSOPInstanceUID")
        if uid:
            yield uid
