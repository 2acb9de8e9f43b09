"""What of a picture shows no measured value: padding, drawn as the black of the glass, and what a shutter covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from workstation.dicom.shutter import covered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.grayscale import Grayscale
    from workstation.dicom.shutter import Shutter
    from workstation.viewing.projection import Projection

BLACK: Final = (0, 0, 0)
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """Pixels of one colour, whatever the window says: `mask` is bool of the picture's shape, `rgb` 0 to 255."""

    mask: NDArray[np.bool_]
    rgb: tuple[int, int, int]

    def paint(self, picture: NDArray[Any], level: int | None = None) -> None:
        """Draw it into a picture (rows, columns) or (rows, columns, 3).

        Parameters
        ----------
        level : int, optional
            What the monitor is sent for its grey; by default the grey itself.
        """
        if picture.ndim == 3:
            picture[self.mask] = self.rgb
        else:
            grey = self.rgb[0] if level is None else level
            np.copyto(picture, picture.dtype.type(grey), where=self.mask)


def backgrounds(
    shown: ShownFrame, shutter: Shutter | None, padding: NDArray[np.bool_] | None
) -> tuple[Background, ...]:
    """The backgrounds of a whole frame, those drawn last at the end.

    Parameters
    ----------
    padding : (rows, columns) bool, optional
        As `padding_of` gives it.
    """
    found = [Background(padding, BLACK)] if padding is not None else []
    if shutter is not None:
        rows, columns = shown.frame.values.shape[:2]
        mask = covered(shutter, rows, columns, shown.instance.pixel_aspect)
        found.append(Background(mask, shutter.rgb if shown.frame.is_colour else (shutter.grey,) * 3))
    return tuple(found)


def padding_of(values: NDArray[Any], grayscale: Grayscale | None) -> NDArray[np.bool_] | None:
    """Which pixels of a frame are padding; None where none is, which is found out quickly."""
    if grayscale is None or (grayscale.padding is None and values.dtype.kind != "f"):
        return None
    mask = grayscale.is_padding(values)
    return mask if mask.any() else None


def without_padding(values: NDArray[Any], padding: NDArray[np.bool_] | None) -> NDArray[Any]:
    """The values with padding taken for the smallest measured one, so that no edge is blended with what is no value."""
    if padding is None or padding.all():
        return np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0) if values.dtype.kind == "f" else values
    filled = values.copy()
    filled[padding] = values[~padding].min()
    return filled


def on_canvas(mask: NDArray[np.bool_], projection: Projection, box: Box) -> NDArray[np.bool_]:
    """A mask of the image at the device pixels of `box` (left, top, right, bottom): that of the pixel they lie in."""
    a, b, tx, c, d, ty = projection.matrix
    x = np.arange(box[0], box[2]) + 0.5
    y = np.arange(box[1], box[3]) + 0.5
    is_swapped = abs(b) > abs(a)
    along_x, along_y = ((x - tx) / b, (y - ty) / c) if is_swapped else ((x - tx) / a, (y - ty) / d)
    turned = mask.T if is_swapped else mask
    columns = np.clip(np.floor(along_x + 0.5), 0, turned.shape[1] - 1).astype(np.intp)
    rows = np.clip(np.floor(along_y + 0.5), 0, turned.shape[0] - 1).astype(np.intp)
    return np.asarray(turned.take(rows, 0).take(columns, 1), np.bool_)
