"""`OverlayPlane`: bit planes 60xx that lie over an image (PS3.3 C.9.2, C.9.3; PS3.5 8.1.2).

Read alike from an image and from a presentation state. Older files keep planes in bits of the pixel cells that the
values do not use (PS3.3-2004 C.9.2); those need the cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from workstation.dicom.elements import UNREADABLE, without_warnings

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

GROUPS: Final = range(0x6000, 0x6020, 2)
_ROWS, _COLUMNS, _FRAMES, _KIND, _ORIGIN, _FIRST_FRAME = 0x0010, 0x0011, 0x0015, 0x0040, 0x0050, 0x0051
_BITS_ALLOCATED, _BIT_POSITION, _LABEL, _DESCRIPTION, _DATA = 0x0100, 0x0102, 0x1500, 0x0022, 0x3000
_LAYER: Final = 0x1001
_MOST_ROWS: Final = 65535


@dataclass(frozen=True, slots=True)
class OverlayPlane:
    """One plane.

    Attributes
    ----------
    group : int
        6000 to 601E, hexadecimal.
    rows, columns : int
        Of the plane, which need not be those of the image.
    origin : (row, column)
        Where its upper left bit lies in the image, whose upper left pixel is (1, 1). May be 0 or negative.
    kind : str
        ``G`` graphics, ``R`` region of interest.
    label, description : str
        What the plane is, in the file's words.
    activation_layer : str
        The graphic layer that a presentation state draws it on (PS3.3 C.11.7); empty in images.
    frames : int or None
        How many frames the plane has; None where it has one for all frames of the image.
    first_frame : int
        The image's frame (from 1) that its first frame belongs to.
    bits : bytes
        All frames packed, the first pixel in the lowest bit; empty for a plane in the pixel cells.
    bit_position : int or None
        The cell's bit that holds it, for a plane in the pixel cells.
    """

    group: int
    rows: int
    columns: int
    origin: tuple[int, int] = (1, 1)
    kind: str = "G"
    label: str = ""
    description: str = ""
    activation_layer: str = ""
    frames: int | None = None
    first_frame: int = 1
    bits: bytes = b""
    bit_position: int | None = None

    @property
    def is_embedded(self) -> bool:
        """Whether it lies in the pixel cells."""
        return self.bit_position is not None

    def bitmap(self, frame: int = 1, cells: NDArray[Any] | None = None) -> NDArray[np.bool_] | None:
        """The plane over frame `frame` (from 1) of the image; None where there is none, or its bits are not all there.

        Parameters
        ----------
        cells : (rows, columns) unsigned integer array, optional
            The pixel cells of that frame as the file has them; for planes that lie in them.

        Returns
        -------
        (rows, columns) bool or None
        """
        if self.bit_position is not None:
            return None if cells is None else np.asarray((cells >> self.bit_position) & 1, np.bool_)
        index = 0 if self.frames is None else frame - self.first_frame
        if not 0 <= index < (self.frames or 1):
            return None
        count = self.rows * self.columns
        start, end = index * count, (index + 1) * count
        packed = np.frombuffer(self.bits, np.uint8)[start // 8 : (end + 7) // 8]
        if len(packed) * 8 < end - start // 8 * 8:
            return None
        unpacked = np.unpackbits(packed, bitorder="little")[start % 8 : start % 8 + count]
        return unpacked.reshape(self.rows, self.columns).astype(np.bool_)

    def applies_to(self, frame: int) -> bool:
        """Whether the plane has bits for frame `frame` of the image."""
        return self.is_embedded or self.frames is None or 0 <= frame - self.first_frame < self.frames


@dataclass(frozen=True, slots=True, eq=False)
class OverlayBitmaps:
    """The planes of one frame, laid on the image.

    Attributes
    ----------
    graphics, regions : (image rows, image columns) uint8, or None
        255 where a plane of type G, or R, has a bit. Read-only.
    missing : int
        Planes that this frame has by the header, but whose bits cannot be had.
    """

    graphics: NDArray[np.uint8] | None = None
    regions: NDArray[np.uint8] | None = None
    missing: int = 0

    @property
    def nbytes(self) -> int:
        """How much memory they take."""
        return sum(mask.nbytes for mask in (self.graphics, self.regions) if mask is not None)

    def __bool__(self) -> bool:
        return self.graphics is not None or self.regions is not None or self.missing > 0


NO_OVERLAYS: Final = OverlayBitmaps()


def unusable_planes(dataset: Dataset) -> int:
    """How many planes a data set has that `overlay_planes_of` can make nothing of."""
    return sum((group, _ROWS) in dataset and _plane(dataset, group) is None for group in GROUPS)


def bitmaps_on(
    planes: tuple[OverlayPlane, ...],
    frame: int,
    shape: tuple[int, int],
    cells: NDArray[Any] | None = None,
    *,
    unusable: int = 0,
) -> OverlayBitmaps:
    """Lay the planes of a frame on its image; what of them lies outside of it is left out.

    Parameters
    ----------
    shape : (rows, columns)
        Of the image.
    cells : (rows, columns) unsigned integer array, optional
        The pixel cells of the frame, for planes that lie in them.
    unusable : int
        Planes that are missing already.
    """
    masks: dict[str, NDArray[np.uint8]] = {}
    missing = unusable
    for plane in planes:
        if not plane.applies_to(frame):
            continue
        bits = plane.bitmap(frame, cells)
        if bits is None:
            missing += 1
            continue
        mask = masks.setdefault(plane.kind, np.zeros(shape, np.uint8))
        _lay(mask, bits, (1, 1) if plane.is_embedded else plane.origin)
    for mask in masks.values():
        mask.flags.writeable = False
    return OverlayBitmaps(masks.get("G"), masks.get("R"), missing)


def _lay(mask: NDArray[np.uint8], bits: NDArray[np.bool_], origin: tuple[int, int]) -> None:
    top, left = origin[0] - 1, origin[1] - 1
    part = bits[max(0, -top) : max(0, mask.shape[0] - top), max(0, -left) : max(0, mask.shape[1] - left)]
    target = mask[max(0, top) :, max(0, left) :][: part.shape[0], : part.shape[1]]
    target[part[: target.shape[0], : target.shape[1]]] = 255


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
