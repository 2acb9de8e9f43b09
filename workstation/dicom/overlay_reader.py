"""`overlay_planes_of`: the overlay planes of a data set (PS3.3 C.9.2). See `grayscale_reader`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from workstation.dicom.elements import UNREADABLE, without_warnings
from workstation.dicom.overlay_planes import OverlayPlane

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

GROUPS: Final = range(0x6000, 0x6020, 2)
_ROWS, _COLUMNS, _FRAMES, _KIND, _ORIGIN, _FIRST_FRAME = 0x0010, 0x0011, 0x0015, 0x0040, 0x0050, 0x0051
_BITS_ALLOCATED, _BIT_POSITION, _LABEL, _DESCRIPTION, _DATA = 0x0100, 0x0102, 0x1500, 0x0022, 0x3000
_LAYER: Final = 0x1001
_MOST_ROWS: Final = 65535


def unusable_planes(dataset: Dataset) -> int:
    """How many planes a data set has that `overlay_planes_of` can make nothing of."""
    return sum((group, _ROWS) in dataset and _plane(dataset, group) is None for group in GROUPS)


def overlay_planes_of(dataset: Dataset) -> tuple[OverlayPlane, ...]:
    """Read every plane that can be used, in the order of groups.

    Parameters
    ----------
    dataset : pydicom Dataset
        Of an image, or of a presentation state.
    """
    planes = (_plane(dataset, group) for group in GROUPS if (group, _ROWS) in dataset)
    return tuple(plane for plane in planes if plane is not None)


def _plane(dataset: Dataset, group: int) -> OverlayPlane | None:
    rows, columns = _whole(dataset, group, _ROWS, 0), _whole(dataset, group, _COLUMNS, 0)
    if not (1 <= rows <= _MOST_ROWS and 1 <= columns <= _MOST_ROWS):
        return None
    bits = _bits(dataset, group)
    allocated, position = _whole(dataset, group, _BITS_ALLOCATED, 1), _whole(dataset, group, _BIT_POSITION, 0)
    is_embedded = not bits and allocated > 1 and 0 <= position < allocated
    if not bits and not is_embedded:
        return None
    origin = _numbers(dataset, group, _ORIGIN)
    frames = _whole(dataset, group, _FRAMES, 0)
    return OverlayPlane(
        group=group,
        rows=rows,
        columns=columns,
        origin=(origin[0], origin[1]) if len(origin) >= 2 else (1, 1),
        kind="R" if _text(dataset, group, _KIND).upper() == "R" else "G",
        label=_text(dataset, group, _LABEL),
        description=_text(dataset, group, _DESCRIPTION),
        activation_layer=_text(dataset, group, _LAYER),
        frames=frames if frames > 0 else None,
        first_frame=max(1, _whole(dataset, group, _FIRST_FRAME, 1)),
        bits=bits,
        bit_position=position if is_embedded else None,
    )


def _value(dataset: Dataset, group: int, element: int) -> Any:
    with without_warnings():
        try:
            return dataset[group, element].value if (group, element) in dataset else None
        except UNREADABLE:
            return None


def _numbers(dataset: Dataset, group: int, element: int) -> tuple[int, ...]:
    value = _value(dataset, group, element)
    if value is None or value == "":
        return ()
    try:
        return tuple(int(one) for one in value) if hasattr(value, "__iter__") else (int(value),)
    except UNREADABLE:
        return ()


def _whole(dataset: Dataset, group: int, element: int, default: int) -> int:
    return next(iter(_numbers(dataset, group, element)), default)


def _text(dataset: Dataset, group: int, element: int) -> str:
    value = _value(dataset, group, element)
    return "" if value is None else str(value).strip(" \0")


def _bits(dataset: Dataset, group: int) -> bytes:
    """Overlay Data with the first pixel in the lowest bit of the first byte, in whatever words it was written."""
    value = _value(dataset, group, _DATA)
    if not isinstance(value, bytes):
        return b""
    if dataset.original_encoding[1] is False and dataset[group, _DATA].VR == "OW":
        swapped = np.frombuffer(value[: len(value) // 2 * 2], np.uint8).reshape(-1, 2)[:, ::-1]
        return swapped.tobytes()
    return bytes(value)
