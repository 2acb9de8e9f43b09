"""A plan painted: crop to what is visible, sample at device pixels, look up. The viewports' only way to pixels.

Sampled 16-bit values are kept, so that a window drag costs one look-up (see the README's performance page).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from workstation.dicom.grayscale import display_table, p_values
from workstation.viewing.plan import Redo, RenderPlan, difference

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workstation.viewing.projection import Projection


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """A painted image and where it lies.

    Attributes
    ----------
    pixels : (height, width) uint8, or (height, width, 3) uint8 for colour
        The visible part of the image only, C-contiguous.
    left, top : int
        Its upper left corner on the canvas, device pixels.
    """

    pixels: NDArray[np.uint8]
    left: int
    top: int


class Painter:
    """Paints plans one after the other, doing only what differs from the last."""

    def __init__(self) -> None:
        self._plan: RenderPlan | None = None
        self._samples: NDArray[np.generic] | None = None
        self._origin = (0, 0)
        self._painting: Painting | None = None

    def paint(self, plan: RenderPlan) -> Painting | None:
        """Give the painting of a plan; None when nothing of the image is visible."""
        redo = difference(self._plan, plan)
        if redo >= Redo.SAMPLES:
            self._samples, self._origin = sample(plan.shown.frame.values, plan)
        if redo >= Redo.TABLE:
            self._painting = self._look_up(plan)
        self._plan = plan
        return self._painting

    def _look_up(self, plan: RenderPlan) -> Painting | None:
        if self._samples is None:
            return None
        return Painting(look_up(self._samples, plan), *self._origin)


def look_up(samples: NDArray[np.generic], plan: RenderPlan) -> NDArray[np.uint8]:
    """Turn sampled values into greys by the plan's table; colour is passed on, inverted where wished."""
    grayscale = plan.shown.grayscale
    if grayscale is None or plan.voi is None:
        colour = np.ascontiguousarray(samples, dtype=np.uint8)
        return np.asarray(255 - colour if plan.is_inverted else colour, dtype=np.uint8)
    if samples.dtype.kind == "f":
        return p_values(grayscale, plan.voi, samples, invert=plan.is_inverted)
    table = display_table(grayscale, plan.voi, invert=plan.is_inverted, bits=samples.dtype.itemsize * 8)
    return np.asarray(cv2.LUT(samples, table), dtype=np.uint8)


def sample(values: NDArray[np.generic], plan: RenderPlan) -> tuple[NDArray[np.generic] | None, tuple[int, int]]:
    """Sample the visible part of a frame at device pixels.

    Parameters
    ----------
    values : (rows, columns) or (rows, columns, 3) array
        Stored values.
    plan : RenderPlan
        Where they lie.

    Returns
    -------
    (height, width[, 3]) array or None, (left, top)
        The samples, of the same type, and their corner on the canvas.
    """
    if values.dtype.itemsize > 2:
        values = values.astype(np.float64)  # OpenCV resamples no 32-bit integers
    elif values.dtype == np.int8:
        values = values.astype(np.int16)  # nor signed bytes
    left, top, right, bottom = plan.projection.rectangle()
    box = _clipped(left, top, right, bottom, plan)
    if box is None:
        return None, (0, 0)
    if plan.projection.scale < 1 and min(right - left, bottom - top) >= 1:
        return _reduced(values, plan.projection, box), box[:2]
    return _warped(values, plan.projection, box), box[:2]


Box = tuple[int, int, int, int]


def _clipped(left: float, top: float, right: float, bottom: float, plan: RenderPlan) -> Box | None:
    box = (
        max(0, int(np.floor(left + 1e-6))),
        max(0, int(np.floor(top + 1e-6))),
        min(plan.canvas.width, int(np.ceil(right - 1e-6))),
        min(plan.canvas.height, int(np.ceil(bottom - 1e-6))),
    )
    return box if box[2] > box[0] and box[3] > box[1] else None


def _warped(values: NDArray[np.generic], projection: Projection, box: Box) -> NDArray[np.generic]:
    """Enlarge (or copy) with bilinear interpolation; exact copy at whole-number one to one."""
    a, b, tx, c, d, ty = projection.matrix
    # OpenCV counts pixel centres as whole numbers on both sides: canvas centres lie at +0.5 of ours.
    matrix = np.array([[a, b, tx - box[0] - 0.5], [c, d, ty - box[1] - 0.5]], dtype=np.float64)
    size = (box[2] - box[0], box[3] - box[1])
    return np.asarray(cv2.warpAffine(values, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _reduced(values: NDArray[np.generic], projection: Projection, box: Box) -> NDArray[np.generic]:
    """Reduce by averaging the source pixels under each device pixel, so that nothing thin disappears."""
    turned = _turned(values, projection)
    rect = projection.rectangle()
    along_x = turned.shape[1] / (rect[2] - rect[0])
    along_y = turned.shape[0] / (rect[3] - rect[1])
    margin = 1
    x0 = max(0, int(np.floor((box[0] - rect[0]) * along_x)) - margin)
    y0 = max(0, int(np.floor((box[1] - rect[1]) * along_y)) - margin)
    x1 = min(turned.shape[1], int(np.ceil((box[2] - rect[0]) * along_x)) + margin)
    y1 = min(turned.shape[0], int(np.ceil((box[3] - rect[1]) * along_y)) + margin)
    crop = np.ascontiguousarray(turned[y0:y1, x0:x1])
    size = (max(1, round((x1 - x0) / along_x)), max(1, round((y1 - y0) / along_y)))
    small = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA))
    dx = round(box[0] - rect[0] - x0 / along_x)
    dy = round(box[1] - rect[1] - y0 / along_y)
    width, height = box[2] - box[0], box[3] - box[1]
    part = small[dy : dy + height, dx : dx + width]
    missing = ((0, height - part.shape[0]), (0, width - part.shape[1])) + ((0, 0),) * (part.ndim - 2)
    return np.ascontiguousarray(np.pad(part, missing, mode="edge"))


def _turned(values: NDArray[np.generic], projection: Projection) -> NDArray[np.generic]:
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
