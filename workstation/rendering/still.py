"""A frame as a still picture: P-values of 8 bit, or R, G, B; for the command line and copies. No overlay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.frames import shown_frame
from workstation.dicom.grayscale import Window, display_table, full_range_window, p_values
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import instance_of
from workstation.errors import StationError
from workstation.rendering.background import backgrounds, padding_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workstation.dicom.frames import Decoder, ShownFrame
    from workstation.dicom.grayscale import Grayscale, VoiLut


def render_still(
    shown: ShownFrame, voi: Window | VoiLut | None = None, *, size: tuple[int, int] | None = None
) -> NDArray[np.uint8]:
    """P-values, rounded to nearest, or R, G, B of a frame; padding is black, what a shutter covers has its colour.

    Parameters
    ----------
    voi : Window or VoiLut, optional
        Without it as `default_voi` says.
    size : (width, height), optional
        Output size in pixels. The picture is fitted into it without a change of aspect, centred on black.
        Without it Rows x Columns.

    Returns
    -------
    (rows, columns) uint8, or (rows, columns, 3) uint8 for colour
    """
    values, grayscale = shown.frame.values, shown.grayscale
    picture = np.array(values, np.uint8) if grayscale is None else _grey(values, grayscale, voi)
    for background in backgrounds(shown, shown.shutter, padding_of(values, grayscale)):
        background.paint(picture)
    return _fitted(picture, size) if size is not None else picture


def default_voi(grayscale: Grayscale, values: NDArray[Any]) -> Window | VoiLut:
    """The first window of the file, else its first table, else the smallest to the largest value without padding."""
    return next(iter(grayscale.voi_choices), None) or full_range_window(grayscale, values)


def _grey(values: NDArray[Any], grayscale: Grayscale, voi: Window | VoiLut | None) -> NDArray[np.uint8]:
    voi = voi or default_voi(grayscale, values)
    bits = values.dtype.itemsize * 8
    if bits > 16:
        grey = p_values(grayscale, voi, values)
    else:
        grey = display_table(grayscale, voi, bits=bits)[values.view(f"u{values.dtype.itemsize}")]
    return grayscale.palette.coloured(values, grey) if grayscale.palette is not None else grey


def _fitted(values: NDArray[Any], size: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size
    rows, columns = values.shape[:2]
    scale = min(width / columns, height / rows)
    inner = max(1, round(columns * scale)), max(1, round(rows * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas = np.zeros((height, width, *values.shape[2:]), np.uint8)
    top, left = (height - inner[1]) // 2, (width - inner[0]) // 2
    canvas[top : top + inner[1], left : left + inner[0]] = cv2.resize(
        np.ascontiguousarray(values, np.uint8), inner, interpolation=method
    )
    return canvas


def render_file(
    data: bytes | memoryview,
    pool: Decoder,
    *,
    frame: int = 1,
    voi: Window | VoiLut | None = None,
    size: tuple[int, int] | None = None,
) -> NDArray[np.uint8]:
    """Read, check, decode and render frame `frame` (from 1) of the bytes of a DICOM file; see `render_still`.

    Raises
    ------
    DicomError, DecodeError
        What was wrong with the file or the frame; an incomplete file is refused as ``truncated``.
    """
    part10 = read_part10(data)
    part10.required_description()
    part10.check_complete()
    instance = instance_of(DatasetAttributes(part10.dataset))
    return render_still(shown_frame(part10, instance, frame, pool), voi, size=size)


def write_png(picture: NDArray[np.uint8]) -> bytes:
    """The bytes of a PNG file: 8-bit grey, or 8-bit colour from R, G, B.

    Raises
    ------
    StationError
        ``cannot-write``: the picture cannot be encoded.
    """
    ordered = picture[..., ::-1] if picture.ndim == 3 else picture
    done, encoded = cv2.imencode(".png", np.ascontiguousarray(ordered))
    if not done:  # pragma: no cover - only without memory
        raise StationError("cannot-write", reason="png")
    return bytes(encoded)
