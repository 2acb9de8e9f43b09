"""`Shutter`: what of an image is covered because the beam did not reach it or nobody is to see it (PS3.3 C.7.6.11).

Read alike from an image, from a frame's functional group (C.7.6.16.2.16) and from a presentation state (C.11.12).
Positions are the standard's: row and column from 1, the middle of the upper left pixel being 1, 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from workstation.dicom.cielab import srgb_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHITE: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Circle:
    """A circular shutter; `radius` counts pixels along a row."""

    row: float
    column: float
    radius: float


@dataclass(frozen=True, slots=True)
class Shutter:
    """The shapes of a shutter: a pixel outside of any of them is covered.

    Attributes
    ----------
    rectangle : (left, upper, right, lower) or None
        Columns and rows of the edges, which are themselves seen.
    circle : Circle or None
    polygon : tuple of (row, column)
        The corners; closed by itself. Empty for none.
    overlay_group : int or None
        The overlay plane 60xx whose bits cover (Bitmap Display Shutter, PS3.3 C.7.6.15); `covered` leaves it out.
    p_value : int
        What covered pixels of a grey image are drawn as: 0 black to 65535 white.
    colour_lab : tuple of int
        The same as PCS-Values of CIELab, each 0 to 65535 (PS3.3 C.10.7.1.1); empty where none is given.
    """

    rectangle: tuple[float, float, float, float] | None = None
    circle: Circle | None = None
    polygon: tuple[tuple[float, float], ...] = ()
    overlay_group: int | None = None
    p_value: int = 0
    colour_lab: tuple[int, ...] = ()

    @property
    def grey(self) -> int:
        """The grey of covered pixels, 0 black to 255 white."""
        return round(self.p_value * 255 / WHITE)

    @property
    def rgb(self) -> tuple[int, int, int]:
        """The colour of covered pixels of a colour image, sRGB."""
        return srgb_of(self.colour_lab) if len(self.colour_lab) == 3 else (self.grey,) * 3


@lru_cache(maxsize=4)
def covered(shutter: Shutter, rows: int, columns: int, pixel_aspect: float = 1.0) -> NDArray[np.bool_]:
    """Which pixels of an image its shutter covers.

    Parameters
    ----------
    pixel_aspect : float
        Height of a pixel over its width: a circle is round in the patient, whatever the pixels are.

    Returns
    -------
    (rows, columns) bool, read-only
    """
    row, column = np.ogrid[1 : rows + 1, 1 : columns + 1]
    seen = np.ones((rows, columns), np.bool_)
    if shutter.rectangle is not None:
        left, upper, right, lower = shutter.rectangle
        seen &= (row >= upper) & (row <= lower) & (column >= left) & (column <= right)
    if shutter.circle is not None:
        circle = shutter.circle
        high, wide = (row - circle.row) * pixel_aspect, column - circle.column
        seen &= high * high + wide * wide <= circle.radius * circle.radius
    if shutter.polygon:
        seen &= _inside(shutter.polygon, rows, columns)
    hidden = ~seen
    hidden.flags.writeable = False
    return hidden


def _inside(corners: tuple[tuple[float, float], ...], rows: int, columns: int) -> NDArray[np.bool_]:
    """Pixels whose middle lies in a polygon by the even-odd rule, or on an edge that bounds it.

    Each edge costs as much as it has rows, so that a file of many corners costs no more than a few edges' pixels.
    """
    crossings = np.zeros((rows, columns + 1), np.int16)  # edges that a row crosses just before a column
    on_edge = np.zeros((rows, columns), np.bool_)
    for (row_a, column_a), (row_b, column_b) in pairwise((*corners, corners[0])):
        low, high = sorted((row_a, row_b))
        first, last = max(1, int(np.ceil(low))), min(rows, int(np.floor(high)))
        if first > last:
            continue
        if low == high:
            left, right = sorted((column_a, column_b))
            on_edge[first - 1, max(0, int(np.ceil(left)) - 1) : max(0, int(np.floor(right)))] = True
            continue
        lines = np.arange(first, last + 1)
        at = column_a + (lines - row_a) * (column_b - column_a) / (row_b - row_a)
        counted = lines < high  # the lower end belongs to the next edge, so that no corner counts twice
        place = np.clip(np.floor(at[counted]), 0, columns).astype(np.intp)
        crossings[lines[counted] - 1, place] += 1
        nearest = np.rint(at).astype(np.intp)
        is_met = (np.abs(nearest - at) < _ON_EDGE) & (nearest >= 1) & (nearest <= columns)
        on_edge[lines[is_met] - 1, nearest[is_met] - 1] = True
    inside = np.cumsum(crossings[:, :columns], axis=1, dtype=np.int16) % 2 == 1
    return np.asarray(inside | on_edge)


_ON_EDGE: Final = 1e-6  # of a pixel
