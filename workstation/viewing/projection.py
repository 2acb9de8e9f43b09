"""`Projection`: image to canvas and back. The only place, with `dicom.geometry`, where spaces are converted.

Canvas points are in device pixels, continuous: the pixel in column 0 covers 0 to 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from workstation.dicom.geometry import ImagePoint

if TYPE_CHECKING:
    from workstation.dicom.orientation import Sides

Matrix = tuple[float, float, float, float, float, float]  # a b tx c d ty: x = a*column + b*row + tx


class CanvasPoint(NamedTuple):
    """A place on a viewport's canvas, device pixels from its top left corner."""

    x: float
    y: float


class CanvasSize(NamedTuple):
    """The size of a canvas in device pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class View:
    """How an image lies on the canvas: turned clockwise by quarters first, then mirrored left to right.

    The order is that of PS3.3 C.10.6 (Image Rotation, then Image Horizontal Flip).

    Attributes
    ----------
    scale : float or None
        Device pixels per image column; None fits the whole image.
    centre : ImagePoint or None
        What lies in the middle of the canvas; None is the image's middle.
    area : (left, top, right, bottom) or None
        Image points: what shall just fit where no scale is given; None is the whole image.
    column_mm : float or None
        How wide an image column is to be on the glass where no scale is given and the monitor's pixel is known.
    """

    quarter_turns: int = 0
    is_mirrored: bool = False
    scale: float | None = None
    centre: ImagePoint | None = None
    area: tuple[float, float, float, float] | None = None
    column_mm: float | None = None

    def on(self, pixel_mm: float | None) -> View:
        """The view on a monitor of a known pixel: at its true size, where that is asked for."""
        if self.scale is not None or self.column_mm is None or pixel_mm is None:
            return self
        return replace(self, scale=self.column_mm / pixel_mm)

    def rotated(self, quarters: int) -> View:
        """Turned clockwise on the screen by `quarters`."""
        turns = -quarters if self.is_mirrored else quarters
        return replace(self, quarter_turns=(self.quarter_turns + turns) % 4)

    def flipped_horizontally(self) -> View:
        """Mirrored left to right on the screen."""
        return replace(self, is_mirrored=not self.is_mirrored)

    def flipped_vertically(self) -> View:
        """Mirrored top to bottom on the screen."""
        return replace(self, is_mirrored=not self.is_mirrored, quarter_turns=(self.quarter_turns + 2) % 4)


@dataclass(frozen=True, slots=True)
class Projection:
    """An affine map between image points (column, row) and canvas points (device pixels)."""

    matrix: Matrix
    scale: float  # device pixels per image column
    columns: int
    rows: int

    def to_canvas(self, point: ImagePoint) -> CanvasPoint:
        """Where an image point lies on the canvas."""
        a, b, tx, c, d, ty = self.matrix
        return CanvasPoint(a * point.column + b * point.row + tx, c * point.column + d * point.row + ty)

    def to_image(self, point: CanvasPoint) -> ImagePoint:
        """Which image point lies under a canvas point."""
        a, b, tx, c, d, ty = self.matrix
        determinant = a * d - b * c
        x, y = point.x - tx, point.y - ty
        return ImagePoint((d * x - b * y) / determinant, (a * y - c * x) / determinant)

    def pixel_at(self, point: CanvasPoint) -> tuple[int, int] | None:
        """The (column, row) of the pixel under a canvas point; None outside of the image."""
        image = self.to_image(point)
        column, row = math.floor(image.column + 0.5), math.floor(image.row + 0.5)
        inside = 0 <= column < self.columns and 0 <= row < self.rows
        return (column, row) if inside else None

    def rectangle(self) -> tuple[float, float, float, float]:
        """The canvas rectangle (left, top, right, bottom) that the image's pixels cover."""
        one = self.to_canvas(ImagePoint(-0.5, -0.5))
        other = self.to_canvas(ImagePoint(self.columns - 0.5, self.rows - 0.5))
        return min(one.x, other.x), min(one.y, other.y), max(one.x, other.x), max(one.y, other.y)

    def edges(self, sides: Sides) -> tuple[str, str, str, str]:
        """The letters at the canvas' left, top, right and bottom edge, from the image's own sides.

        Computed from where the canvas' axes point in the image, so they follow any turn and mirror.
        """
        a, b, _, c, d, _ = self.matrix
        return _side(-a, -b, sides), _side(-c, -d, sides), _side(a, b, sides), _side(c, d, sides)


def _side(along_columns: float, along_rows: float, sides: Sides) -> str:
    """The side that lies where canvas x (or y) grows: the image axis that feeds it, with its sign."""
    if abs(along_columns) > abs(along_rows):
        return sides.right if along_columns > 0 else sides.left
    return sides.bottom if along_rows > 0 else sides.top


_TURNS: tuple[tuple[int, int, int, int], ...] = ((1, 0, 0, 1), (0, -1, 1, 0), (-1, 0, 0, -1), (0, 1, -1, 0))


def fit_scale(columns: float, rows: float, aspect: float, quarter_turns: int, canvas: CanvasSize) -> float:
    """The scale at which the whole image just fits the canvas."""
    width, height = float(columns), rows * aspect
    if quarter_turns % 2:
        width, height = height, width
    return max(min(canvas.width / width, canvas.height / height), 1e-6)


def project(columns: int, rows: int, aspect: float, view: View, canvas: CanvasSize) -> Projection:
    """The projection of an image on a canvas.

    Parameters
    ----------
    columns, rows : int
        Size of the image.
    aspect : float
        Height of a pixel over its width.
    view : View
        How it is to lie.
    canvas : CanvasSize
        Device pixels.

    Notes
    -----
    The image's corner is moved to whole device pixels (by at most half a one), so that at 1:1 each image pixel is
    exactly one device pixel; the projection says where things really are.
    """
    left, top, right, bottom = view.area or (-0.5, -0.5, columns - 0.5, rows - 0.5)
    scale = view.scale or fit_scale(right - left, bottom - top, aspect, view.quarter_turns, canvas)
    centre = view.centre or ImagePoint((left + right) / 2, (top + bottom) / 2)
    xx, xy, yx, yy = _TURNS[view.quarter_turns % 4]
    mirror = -1 if view.is_mirrored else 1
    a, b = mirror * xx * scale, mirror * xy * scale * aspect
    c, d = yx * scale, yy * scale * aspect
    tx = canvas.width / 2 - a * centre.column - b * centre.row
    ty = canvas.height / 2 - c * centre.column - d * centre.row
    loose = Projection((a, b, tx, c, d, ty), scale, columns, rows)
    left, top, _, _ = loose.rectangle()
    shifted: Matrix = (a, b, tx + round(left) - left, c, d, ty + round(top) - top)
    return Projection(shifted, scale, columns, rows)
