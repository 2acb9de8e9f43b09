"""What the hospital has withdrawn of a film and nobody shall see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.dicom.rejection import Rejection, rejected_in
from workstation.errors import DicomError

if TYPE_CHECKING:
    from workstation.archive.sources import Listing
    from workstation.errors import WorkstationError

_REJECTED: Final = {
    Rejection.SAFETY: "rejected-safety",
    Rejection.WORKLIST: "rejected-worklist",
    Rejection.EXPIRED: "rejected-expired",
}


def withheld(listing: Listing) -> dict[str, WorkstationError]:
    """What the hospital has withdrawn and nobody shall see, by SOP Instance UID."""
    rejected = rejected_in(one.rejections for one in listing.instances)
    return {uid: DicomError(_REJECTED[why]) for uid, why in rejected.items() if why.withholds}
