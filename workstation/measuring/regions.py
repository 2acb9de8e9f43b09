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
    met, x = _met(points, top, bottom)
    first = np.clip(np.ceil(x).astype(np.int64) - left, 0, right - left)
    crossings = np.bincount((met - top) * (right - left + 1) + first, minlength=(bottom - top) * (right - left + 1))
    odd = (crossings.reshape(bottom - top, -1) & 1).astype(np.bool_)
    return Patch(top, left, np.logical_xor.accumulate(odd, axis=1)[:, :-1])


def _met(points: Points, top: int, bottom: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Where the sides of a polygon meet the rows from `top` to before `bottom`: rows and columns, side by side."""
    x0, y0 = points.T
    x1, y1 = np.roll(points, -1, axis=0).T
    start = np.clip(np.ceil(np.minimum(y0, y1)), top, bottom).astype(np.int64)
    end = np.clip(np.ceil(np.maximum(y0, y1)), top, bottom).astype(np.int64)  # each end belongs to one side alone
    count = end - start
    side = np.repeat(np.arange(len(points)), count)
    rows = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + start[side]
    return rows, x0[side] + (rows - y0[side]) * (x1 - x0)[side] / (y1 - y0)[side]


def box_patch(points: Points, shape: tuple[int, int]) -> Patch:
    """Pixels inside the upright rectangle between two corners; see `polygon_patch`."""
    box = _box(points, shape)
    if box is None:
        return _NOTHING
    top, bottom, left, right = box
    far = np.ceil(points.max(axis=0)).astype(int)
    bottom, right = min(bottom, int(far[1])), min(right, int(far[0]))  # the far sides belong to the neighbours
    return Patch(top, left, np.ones((max(bottom - top, 0), max(right - left, 0)), np.bool_))


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
    values, counts = _distinct(part[patch.mask])
    if grayscale.padding is not None or values.dtype.kind == "f":
        counted = ~grayscale.is_padding(values)
        values, counts = values[counted], counts[counted]
    count = int(counts.sum())
    if not count:
        return Statistics(0)
    found = np.asarray(grayscale.modality.values(values), np.float64)
    mean = float(counts @ found) / count
    deviation = math.sqrt(float(counts @ (found - mean) ** 2) / count)
    return Statistics(count, mean, deviation, float(found.min()), float(found.max()))


def _distinct(taken: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Values and how often each is there: whole numbers once each, so that a million pixels cost a few thousand."""
    if taken.dtype.kind not in "iu" or taken.dtype.itemsize > 2 or taken.size < _FEW:
        return taken, np.ones(taken.size, np.int64)
    lowest = min(int(taken.min()), 0)
    counts = np.bincount(taken.astype(np.int64) - lowest if lowest else taken)
    values = np.nonzero(counts)[0]
    return (values + lowest).astype(taken.dtype), counts[values]


_FEW = 1 << 12  # below it sorting out takes longer than it spares
_NOTHING = Patch(0, 0, np.zeros((0, 0), np.bool_))


def _box(points: Points, shape: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """First and last row, first and last column (the last ones excluded) that pixel centres may lie in."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    rows = max(0, math.ceil(top)), min(shape[0], math.floor(bottom) + 1)
    columns = max(0, math.ceil(left)), min(shape[1], math.floor(right) + 1)
    if rows[0] >= rows[1] or columns[0] >= columns[1]:
        return None
    return rows[0], rows[1], columns[0], columns[1]
