"""`OverlayPlane`: bit planes 60xx that lie over an image (PS3.3 C.9.2, C.9.3; PS3.5 8.1.2).

Read alike from an image and from a presentation state. Older files keep planes in bits of the pixel cells that the
values do not use (PS3.3-2004 C.9.2); those need the cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


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


def bitmaps_on(
    planes: tuple[OverlayPlane, ...],
    frame: int,
    shape: tuple[int, int],
    cells: NDArray[Any] | None = None,
    *,
    unusable: int = 0,
    is_sure: bool = True,
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
    is_sure : bool
        The cells are as they were written. Those of a compressed frame may have lost what lay beside the values: a
        plane without a single bit counts as missing there.
    """
    masks: dict[str, NDArray[np.uint8]] = {}
    missing = unusable
    for plane in planes:
        if not plane.applies_to(frame):
            continue
        bits = plane.bitmap(frame, cells)
        if bits is None or (plane.is_embedded and not is_sure and not bits.any()):
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
