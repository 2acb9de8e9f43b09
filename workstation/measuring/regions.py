"""Which pixels a region holds, and what their values are. A pixel belongs to it when its centre lies inside."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workstation.dicom.grayscale import Grayscale
    from workstation.measuring.shapes import Points


class Patch(NamedTuple):
    """Pixels of an image: the upper left corner of a box, and which of its pixels are meant."""

    row: int
    column: int
    mask: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the modality values of a region, padding excluded.

    Attributes
    ----------
    count : int
        Pixels that count; 0 makes the others NaN.
    deviation : float
        Standard deviation of exactly these pixels (divided by their count).
    """

    count: int
    mean: float = math.nan
    deviation: float = math.nan
    minimum: float = math.nan
    maximum: float = math.nan


def polygon_patch(points: Points, shape: tuple[int, int]) -> Patch:
    """Pixels inside a polygon by the even-odd rule, as far as the image reaches.

    Parameters
    ----------
    points : (n, 2) float
        (column, row), zero-based; whole numbers are pixel centres.
    shape : (rows, columns)
    """
    box = _box(points, shape)
    if box is None:
        return _NOTHING
    top, bottom, left, right = box
    rows = np.arange(top, bottom, dtype=np.float64)
    crossings = np.zeros((bottom - top, right - left + 1), np.int64)
    for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0), strict=True):
        met = np.nonzero((rows >= min(y0, y1)) & (rows < max(y0, y1)))[0]  # each end belongs to one side alone
        if met.size:
            x = x0 + (rows[met] - y0) * (x1 - x0) / (y1 - y0)
            first = np.clip(np.ceil(x).astype(np.int64) - left, 0, right - left)
            np.add.at(crossings, (met, first), 1)
    mask = np.cumsum(crossings[:, :-1], axis=1) % 2 == 1
    return Patch(top, left, mask)


def ellipse_patch(points: Points, shape: tuple[int, int]) -> Patch:
    """Pixels inside the ellipse that fills the upright rectangle between two corners; see `polygon_patch`."""
    box = _box(points, shape)
    half = abs(points[1] - points[0]) / 2.0
    if box is None or not half.all():
        return _NOTHING
    top, bottom, left, right = box
    center = (points[0] + points[1]) / 2.0
    across = ((np.arange(left, right) - center[0]) / half[0]) ** 2
    down = ((np.arange(top, bottom) - center[1]) / half[1]) ** 2
    return Patch(top, left, across[None, :] + down[:, None] <= 1.0)


def pixel_patch(column: float, row: float, shape: tuple[int, int]) -> Patch:
    """The one pixel that a place lies in; none outside of the image."""
    x, y = math.floor(column + 0.5), math.floor(row + 0.5)
    if not (0 <= x < shape[1] and 0 <= y < shape[0]):
        return _NOTHING
    return Patch(y, x, np.ones((1, 1), np.bool_))


def statistics(patch: Patch, stored: NDArray[Any], grayscale: Grayscale) -> Statistics:
    """Statistics of a frame's modality values.

    Parameters
    ----------
    stored : (rows, columns) array
        Stored values of the frame.
    """
    height, width = patch.mask.shape
    part = stored[patch.row : patch.row + height, patch.column : patch.column + width]
    taken = part[patch.mask]
    taken = taken[~grayscale.is_padding(taken)]
    if not taken.size:
        return Statistics(0)
    values = grayscale.modality.values(taken)
    return Statistics(
        int(values.size), float(values.mean()), float(values.std()), float(values.min()), float(values.max())
    )


_NOTHING = Patch(0, 0, np.zeros((0, 0), np.bool_))


def _box(points: Points, shape: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """First and last row, first and last column (the last ones excluded) that pixel centres may lie in."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    rows = max(0, math.ceil(top)), min(shape[0], math.floor(bottom) + 1)
    columns = max(0, math.ceil(left)), min(shape[1], math.floor(right) + 1)
    if rows[0] >= rows[1] or columns[0] >= columns[1]:
        return None
    return rows[0], rows[1], columns[0], columns[1]
