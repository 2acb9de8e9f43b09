"""Reducing: each device pixel is the mean of the source pixels under it, so that nothing thin disappears.

A mean over a size that is no whole number costs 3 to 8 ns a source pixel. So a reduced image is kept while it is moved
about. While its scale follows the hand it is interpolated from a level that is at most twice as fine; what was painted
so is made again when the hand rests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workstation.viewing.projection import Matrix, Projection

Box = tuple[int, int, int, int]  # left, top, right, bottom on the canvas, device pixels
_MARGIN: Final = 1  # source pixels beyond the edge of what is seen
_MOST_WHOLE: Final = 48_000_000  # source pixels: larger images are reduced as far as they are seen
_HASTY_FROM: Final = 2_000_000  # source pixels: smaller images are reduced well in a few milliseconds


class Reduction:
    """Reduces one frame, again and again."""

    def __init__(self) -> None:
        self._key: tuple[Matrix, tuple[int, int]] | None = None
        self._whole: NDArray[np.generic] | None = None
        self._levels: list[NDArray[np.generic]] = []

    def take(
        self, values: NDArray[np.generic], projection: Projection, box: Box, *, is_hasty: bool = False
    ) -> NDArray[np.generic]:
        """The part of a reduced frame inside a box of the canvas.

        Parameters
        ----------
        values : (rows, columns[, 3]) array
            The same frame each time.
        projection : Projection
            Smaller than one to one.
        is_hasty : bool
            The scale follows the hand.

        Returns
        -------
        (height, width[, 3]) array of the same type
        """
        left, top, right, bottom = projection.rectangle()
        size = (max(1, round(right - left)), max(1, round(bottom - top)))
        a, b, _, c, d, _ = projection.matrix
        key = ((a, b, 0.0, c, d, 0.0), size)
        if self._key != key or self._whole is None:
            if is_hasty and values.size >= _HASTY_FROM:
                return _cropped(self._level(values, projection.scale), projection, box, cv2.INTER_LINEAR)
            if values.size > _MOST_WHOLE:
                return _cropped(values, projection, box, cv2.INTER_AREA)
            flat = np.ascontiguousarray(turned(values, projection))
            self._key, self._whole = key, np.asarray(cv2.resize(flat, size, interpolation=cv2.INTER_AREA))
        x, y = max(0, box[0] - round(left)), max(0, box[1] - round(top))
        return filled(self._whole[y:, x:], box)

    def is_rough(self, values: NDArray[np.generic], projection: Projection) -> bool:
        """Whether a hasty painting of a projection is none that may stay."""
        a, b, _, c, d, _ = projection.matrix
        is_kept = self._key is not None and self._key[0] == (a, b, 0.0, c, d, 0.0)
        return projection.scale < 1 and values.size >= _HASTY_FROM and not is_kept

    def _level(self, values: NDArray[np.generic], scale: float) -> NDArray[np.generic]:
        """The frame halved so often that it is at most twice as fine as what is wished."""
        self._levels = self._levels or [values]
        wished = 0
        while scale * 2 ** (wished + 1) <= 1.0:
            wished += 1
        while len(self._levels) <= wished:
            finer = self._levels[-1]
            size = (max(1, (finer.shape[1] + 1) // 2), max(1, (finer.shape[0] + 1) // 2))
            self._levels.append(np.asarray(cv2.resize(finer, size, interpolation=cv2.INTER_AREA)))
        return self._levels[wished]


def _cropped(values: NDArray[np.generic], projection: Projection, box: Box, how: int) -> NDArray[np.generic]:
    """Reduce what is seen, and a margin; within half a device pixel of where it belongs."""
    flat = turned(values, projection)
    rect = projection.rectangle()
    along_x = flat.shape[1] / (rect[2] - rect[0])
    along_y = flat.shape[0] / (rect[3] - rect[1])
    x0 = max(0, int(np.floor((box[0] - rect[0]) * along_x)) - _MARGIN)
    y0 = max(0, int(np.floor((box[1] - rect[1]) * along_y)) - _MARGIN)
    x1 = min(flat.shape[1], int(np.ceil((box[2] - rect[0]) * along_x)) + _MARGIN)
    y1 = min(flat.shape[0], int(np.ceil((box[3] - rect[1]) * along_y)) + _MARGIN)
    crop = np.ascontiguousarray(flat[y0:y1, x0:x1])
    size = (max(1, round((x1 - x0) / along_x)), max(1, round((y1 - y0) / along_y)))
    small = np.asarray(cv2.resize(crop, size, interpolation=how))
    dx = round(box[0] - rect[0] - x0 / along_x)
    dy = round(box[1] - rect[1] - y0 / along_y)
    return filled(small[dy:, dx:], box)


def filled(part: NDArray[np.generic], box: Box) -> NDArray[np.generic]:
    """Cut to the size of `box`; what rounding left out at the right and bottom repeats the edge."""
    width, height = box[2] - box[0], box[3] - box[1]
    part = part[:height, :width]
    missing = ((0, height - part.shape[0]), (0, width - part.shape[1])) + ((0, 0),) * (part.ndim - 2)
    if any(after for _, after in missing):
        part = np.pad(part, missing, mode="edge")
    return np.ascontiguousarray(part)


def turned(values: NDArray[np.generic], projection: Projection) -> NDArray[np.generic]:
    """The image turned and mirrored as it lies on the canvas, as a view without copying."""
    a, b, _, c, d, _ = projection.matrix
    swapped = abs(b) > abs(a)
    turned = values.swapaxes(0, 1) if swapped else values
    horizontal, vertical = (b, c) if swapped else (a, d)
    if horizontal < 0:
        turned = turned[:, ::-1]
    if vertical < 0:
        turned = turned[::-1]
    return turned
