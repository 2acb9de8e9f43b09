"""What a viewport asks of whoever has the frames: a small protocol, bound in `app`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.pixels import FrameKey
    from workstation.errors import WorkstationError
    from workstation.events import Signal


class FrameSource(Protocol):
    """Gives frames that are there, and fetches those that are wished for."""

    sketched: Signal[FrameKey, NDArray[np.uint8]]  # a rendered picture (rows, columns, RGB) for a list, nothing else
    arrived: Signal[FrameKey]  # a frame can now be had, or has failed for good

    def get(self, key: FrameKey) -> ShownFrame | None:
        """Give the frame when it is there; never blocks."""
        ...

    def problem(self, key: FrameKey) -> WorkstationError | None:
        """Say why the frame cannot be had, when it has failed for good."""
        ...

    def want(self, keys: Sequence[FrameKey]) -> None:
        """Fetch these first, in this order; replaces the wish before."""
        ...

    def order(self, sop_instance_uids: Sequence[str]) -> None:
        """Fetch these first of all that nobody wants yet."""
        ...

    def sketch(self, keys: Sequence[FrameKey]) -> None:
        """Also give these when they come, for thumbnails; they jump no queue."""
        ...
