"""A plan painted: crop to what is visible, sample at device pixels, look up. The viewports' only way to pixels.

Sampled 16-bit values are kept, so that a window drag costs one look-up (see the README's performance page).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import cv2  # while it loads, the search path leads into it: see `app.warming.warm_pictures`
import numpy as np

from workstation.dicom.grayscale import brightness_of, display_table, p_values, stored_values
from workstation.rendering.background import Background, backgrounds, on_canvas, padding_of, without_padding
from workstation.rendering.reduction import Box, Reduction, filled, turned
from workstation.viewing.plan import Redo, RenderPlan, difference
from workstation.viewing.projection import CanvasPoint

Levels = np.uint8 | np.int32

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from workstation.dicom.grayscale import Grayscale, VoiLut, Window
    from workstation.viewing.projection import Projection

_SIGN: Final = np.uint16(0x8000)  # turned over, signed values keep their order as unsigned ones
_MARGIN: Final = 1  # source pixels beyond the edge of what is seen


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """A painted image and where it lies.

    Attributes
    ----------
    pixels : (height, width) uint8, or (height, width, 3) uint8 for colour, or (height, width) int32
        The visible part of the image only, C-contiguous. 32-bit words are grey of 10 bit: see `packed`.
    left, top : int
        Its upper left corner on the canvas, device pixels.
    """

    pixels: NDArray[Levels]
    left: int
    top: int


class Painter:
    """Paints plans one after the other, doing only what differs from the last.

    Attributes
    ----------
    is_rough : bool
        What was painted last is to be painted again when the hand rests.
    """

    def __init__(self) -> None:
        self._plan: RenderPlan | None = None
        self._values: NDArray[np.generic] | None = None
        self._whole: tuple[Background, ...] = ()  # of the frame
        self._backgrounds: tuple[Background, ...] = ()  # of the painting
        self._samples: NDArray[np.generic] | None = None
        self._origin = (0, 0)
        self._painting: Painting | None = None
        self._reduction = Reduction()
        self.is_rough = False
        self._table: tuple[object, NDArray[Levels]] | None = None

    def paint(self, plan: RenderPlan, *, is_hasty: bool = False) -> Painting | None:
        """Give the painting of a plan; None when nothing of the image is visible.

        Parameters
        ----------
        is_hasty : bool
            The scale follows the hand: a large image that is reduced is painted roughly; see `is_rough`.
        """
        redo = difference(self._plan, plan)
        if self.is_rough and not is_hasty:
            redo = max(redo, Redo.SAMPLES)
        if redo >= Redo.FRAME or (self._plan is not None and self._plan.shutter != plan.shutter):
            padding = padding_of(plan.shown.frame.values, plan.shown.grayscale)
            self._values = without_padding(plan.shown.frame.values, padding)
            self._whole = backgrounds(plan.shown, plan.shutter, padding)
            self._reduction = Reduction()
        if redo >= Redo.SAMPLES:
            self._take(self._values, plan, is_hasty=is_hasty)
        if redo >= Redo.TABLE:
            self._painting = self._look_up(plan)
        self._plan = plan
        return self._painting

    def _take(self, values: NDArray[np.generic] | None, plan: RenderPlan, *, is_hasty: bool) -> None:
        """Sample the frame, and what is drawn over it as background."""
        self._samples, self._origin, self.is_rough = None, (0, 0), False
        if values is not None:
            self.is_rough = is_hasty and self._reduction.is_rough(values, plan.projection)
            self._samples, self._origin = sample(values, plan, self._reduction, is_hasty=is_hasty)
        self._backgrounds = ()
        if self._samples is not None and self._whole:
            height, width = self._samples.shape[:2]
            box = (*self._origin, self._origin[0] + width, self._origin[1] + height)
            self._backgrounds = tuple(
                Background(on_canvas(one.mask, plan.projection, box), one.rgb) for one in self._whole
            )

    def _look_up(self, plan: RenderPlan) -> Painting | None:
        if self._samples is None or self._values is None:
            return None
        grayscale, samples = plan.shown.grayscale, self._samples
        if grayscale is not None and grayscale.palette is not None:
            grey = look_up(self._values, replace(plan, display=None))  # colours pass the monitor's table by
            coloured, _ = sample(
                grayscale.palette.coloured(self._values, grey.astype(np.uint8, copy=False)), plan
            )  # a colour between two is none
            samples = samples if coloured is None else coloured
            pixels: NDArray[Levels] = np.ascontiguousarray(samples, dtype=np.uint8)
        else:
            pixels = look_up(samples, plan, self._table_of)
        for background in self._backgrounds:
            background.paint(pixels, _level_of(plan, background.rgb[0]))
        return Painting(pixels, *self._origin)

    def _table_of(self, plan: RenderPlan, bits: int) -> NDArray[Levels]:
        """The table of a plan; slices of one series mostly mean their values alike, and then share it."""
        meaning = (plan.shown.grayscale, plan.voi, plan.is_inverted, bits, plan.display)
        if self._table is None or self._table[0] != meaning:
            self._table = (meaning, table_of(plan, bits))
        return self._table[1]


def table_of(plan: RenderPlan, bits: int) -> NDArray[Levels]:
    """The (2**bits,) table of a plan that is neither colour nor wider than 16 bit: stored values to device levels."""
    grayscale, voi = plan.shown.grayscale, plan.voi
    if grayscale is None or voi is None:
        raise ValueError(bits)
    if plan.display is None:
        return display_table(grayscale, voi, invert=plan.is_inverted, bits=bits)
    return device_levels(plan, grayscale, voi, stored_values(grayscale, bits))


def device_levels(
    plan: RenderPlan, grayscale: Grayscale, voi: Window | VoiLut, stored: NDArray[np.generic]
) -> NDArray[Levels]:
    """What the monitor of a plan is sent for stored values."""
    if plan.display is None:
        return p_values(grayscale, voi, stored, invert=plan.is_inverted)
    levels = plan.display.driven(brightness_of(grayscale, voi, stored, invert=plan.is_inverted))
    return packed(levels) if plan.display.bits == 10 else levels.astype(np.uint8)


def _level_of(plan: RenderPlan, grey: int) -> int:
    """What the monitor of a plan is sent for a grey from 0 to 255."""
    if plan.display is None:
        return grey
    levels = plan.display.driven(np.array([grey / 255.0]))
    return int((packed(levels) if plan.display.bits == 10 else levels)[0])


def packed(levels: NDArray[np.uint16]) -> NDArray[np.int32]:
    """Grey levels of 10 bit as 32-bit words: two bits of opaqueness, then red, green and blue alike."""
    grey = levels.astype(np.uint32)
    return (np.uint32(0xC0000000) | grey << np.uint32(20) | grey << np.uint32(10) | grey).view(np.int32)


def look_up(
    samples: NDArray[np.generic],
    plan: RenderPlan,
    table: Callable[[RenderPlan, int], NDArray[Levels]] = table_of,
) -> NDArray[Levels]:
    """Turn sampled values into greys by the plan's table; colour is passed on, inverted where wished."""
    grayscale = plan.shown.grayscale
    if grayscale is None or plan.voi is None:
        colour = np.ascontiguousarray(samples, dtype=np.uint8)
        return np.asarray(255 - colour if plan.is_inverted else colour, dtype=np.uint8)
    if samples.dtype.kind == "f" or samples.dtype.itemsize > 2:
        return device_levels(plan, grayscale, plan.voi, samples)
    return np.asarray(cv2.LUT(samples, table(plan, samples.dtype.itemsize * 8)))


def sample(
    values: NDArray[np.generic], plan: RenderPlan, reduction: Reduction | None = None, *, is_hasty: bool = False
) -> tuple[NDArray[np.generic] | None, tuple[int, int]]:
    """Sample the visible part of a frame at device pixels.

    Parameters
    ----------
    values : (rows, columns) or (rows, columns, 3) array
        Stored values.
    plan : RenderPlan
        Where they lie.
    reduction : Reduction, optional
        Of these very values: it remembers what it did for them.
    is_hasty : bool
        See `Reduction`.

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
        return (reduction or Reduction()).take(values, plan.projection, box, is_hasty=is_hasty), box[:2]
    return _enlarged(values, plan.projection, box), box[:2]


def _clipped(left: float, top: float, right: float, bottom: float, plan: RenderPlan) -> Box | None:
    box = (
        max(0, int(np.floor(left + 1e-6))),
        max(0, int(np.floor(top + 1e-6))),
        min(plan.canvas.width, int(np.ceil(right - 1e-6))),
        min(plan.canvas.height, int(np.ceil(bottom - 1e-6))),
    )
    return box if box[2] > box[0] and box[3] > box[1] else None


def _enlarged(values: NDArray[np.generic], projection: Projection, box: Box) -> NDArray[np.generic]:
    """Enlarge (or copy) with bilinear interpolation; exact copy at whole-number one to one."""
    left, top, right, bottom = projection.rectangle()
    is_whole = left >= box[0] and top >= box[1] and right <= box[2] and bottom <= box[3]
    if not is_whole or values.dtype == np.uint8:  # OpenCV rounds the weights of 8-bit pixels when it resizes
        return _warped(values, projection, box)
    flat = np.ascontiguousarray(turned(values, projection))
    along_x, along_y = (right - left) / flat.shape[1], (bottom - top) / flat.shape[0]
    if round(right - left) < box[2] - box[0] or round(bottom - top) < box[3] - box[1]:
        # the last pixel is covered in part, and OpenCV would leave it out
        flat = np.asarray(cv2.copyMakeBorder(flat, 0, 1, 0, 1, cv2.BORDER_REPLICATE))
    return filled(np.asarray(cv2.resize(flat, None, fx=along_x, fy=along_y)), box)


def _warped(values: NDArray[np.generic], projection: Projection, box: Box) -> NDArray[np.generic]:
    """The part of an enlarged image inside `box`."""
    a, b, tx, c, d, ty = projection.matrix
    x0, y0, x1, y1 = _source_box(projection, box)
    crop = values[y0:y1, x0:x1]
    # OpenCV counts pixel centres as whole numbers on both sides: canvas centres lie at +0.5 of ours.
    shift_x, shift_y = a * x0 + b * y0 + tx - box[0] - 0.5, c * x0 + d * y0 + ty - box[1] - 0.5
    matrix = np.array([[a, b, shift_x], [c, d, shift_y]], dtype=np.float64)
    size = (box[2] - box[0], box[3] - box[1])
    is_signed = values.dtype == np.int16
    if is_signed:  # OpenCV warps signed values at whole 32nds of a pixel only, and ten times slower
        crop = crop.view(np.uint16) ^ _SIGN
    made = np.asarray(cv2.warpAffine(crop, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    return (made ^ _SIGN).view(np.int16) if is_signed else made


def _source_box(projection: Projection, box: Box) -> Box:
    """The image columns and rows that the canvas pixels of `box` are interpolated from, with a margin."""
    one = projection.to_image(CanvasPoint(box[0], box[1]))
    other = projection.to_image(CanvasPoint(box[2], box[3]))
    columns, rows = sorted((one.column, other.column)), sorted((one.row, other.row))
    return (
        max(0, int(np.floor(columns[0])) - _MARGIN),
        max(0, int(np.floor(rows[0])) - _MARGIN),
        min(projection.columns, int(np.ceil(columns[1])) + _MARGIN + 1),
        min(projection.rows, int(np.ceil(rows[1])) + _MARGIN + 1),
    )
