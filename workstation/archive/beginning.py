"""The beginning of a film: one image of the series that it opens with, known from a few short answers.

The metadata of a study of 300 slices takes a service a third of a second to write, and a line of 20 Mbit/s as long to
carry; one searched instance is there in a round trip. The whole listing follows, and confirms.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from workstation.dicom.attributes import JsonAttributes, integer, text
from workstation.errors import IdentityError, LinkError, ServerRefused, TransferError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workstation.archive.answers import Answers
    from workstation.archive.dicomweb import DicomWeb
    from workstation.archive.sources import Listing
    from workstation.tasks import CancelToken

# Modalities whose objects have no image of their own to begin with (PS3.3 C.7.3.1.1.1)
_NO_PICTURES: Final = frozenset({
    "ANN", "ASMT", "AU", "DOC", "ECG", "EEG", "EMG", "EOG", "EPS", "FID", "HD", "KO", "M3D", "PLAN", "POS", "PR",
    "REG", "RESP", "RTDOSE", "RTPLAN", "RTRECORD", "RTSTRUCT", "RWV", "SEG", "SMR", "SR", "STAIN", "TEXTUREMAP",
})  # fmt: skip


def opening_series(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The series that a film opens with: its first stack, else its first.

    Parameters
    ----------
    found : sequence of mappings
        DICOM JSON of the series of a study.

    Returns
    -------
    mapping or None
        None where no series says how many instances it has, or none has images.
    """
    rows = []
    for record in found:
        series = JsonAttributes(record)
        uid, count = text(series, "SeriesInstanceUID"), _count(record)
        if uid and count and text(series, "Modality").upper() not in _NO_PICTURES:
            number = integer(series, "SeriesNumber")
            rows.append((float("inf") if number is None else float(number), uid, count, record))
    rows.sort(key=lambda row: row[:2])
    stack = next((row for row in rows if row[2] > 1), rows[0] if rows else None)
    return stack[3] if stack is not None else None


def _count(series: Mapping[str, Any]) -> int:
    return integer(JsonAttributes(series), "NumberOfSeriesRelatedInstances") or 0


def middle_of(web: DicomWeb, study: str, series: Mapping[str, Any], token: CancelToken) -> Mapping[str, Any] | None:
    """DICOM JSON of one instance from the middle of a series.

    Returns
    -------
    mapping or None
        None where the service does not search instances.

    Raises
    ------
    ConnectionFailed, Cancelled
        As `DicomWeb.instances`.
    """
    uid = text(JsonAttributes(series), "SeriesInstanceUID")
    try:
        found = web.instances(study, uid, 1, _count(series) // 2, token=token)
    except (ServerRefused, TransferError, LinkError):
        return None
    if not found:
        return None
    placed = {"0020000D": {"vr": "UI", "Value": [study]}, "0020000E": {"vr": "UI", "Value": [uid]}}
    return {**found[len(found) // 2], **placed}  # a service without pages gives all of them


def beginning(answers: Answers, study: str, name: str, issuer: str) -> Listing | None:
    """The listing of one image; None where what was answered does not make one."""
    try:
        listing = answers.listing(study, name, issuer)
    except (IdentityError, LinkError):
        return None
    one = listing.instances[0]
    return replace(listing, is_beginning=True) if one.is_image and one.sop_instance_uid else None
