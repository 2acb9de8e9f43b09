"""Pixel cells to stored values, and YBR to RGB: arithmetic on arrays needed on both sides of the process wall."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def stored_values(
    cells: NDArray[Any], *, bits_stored: int, high_bit: int, pixel_representation: int, is_ours: bool = False
) -> NDArray[np.integer[Any]]:
    """Stored values of pixel cells: the bits of the value alone, sign-extended (PS3.5 8.1.1).

    Parameters
    ----------
    cells : integer array of any shape, 8, 16 or 32 bit
        Pixel cells as they lie in the data; bits outside the value may hold anything (old overlay planes).
    bits_stored, high_bit : int
        Width of the value and the position of its highest bit in the cell.
    pixel_representation : int
        0 unsigned, 1 two's complement.
    is_ours : bool
        The cells are nobody else's: the values may take their place.

    Returns
    -------
    array of the same shape and size of item, signed as `pixel_representation` says
    """
    width = cells.dtype.itemsize * 8
    kind = "i" if pixel_representation else "u"
    values: NDArray[np.integer[Any]] = cells.view(f"{cells.dtype.byteorder}{kind}{cells.dtype.itemsize}")
    if bits_stored >= width:
        return values
    room = values if is_ours else None
    if not pixel_representation and high_bit == bits_stored - 1:
        masked: NDArray[np.integer[Any]] = np.bitwise_and(values, (1 << bits_stored) - 1, out=room)
        return masked
    shifted: NDArray[np.integer[Any]] = np.left_shift(values, width - 1 - high_bit, out=room)
    shifted >>= width - bits_stored
    return shifted


def eight_bit(values: NDArray[Any], bits_stored: int) -> NDArray[np.uint8]:
    """Samples of `bits_stored` bits scaled to 0..255, rounded to nearest."""
    if bits_stored == 8 and values.dtype == np.uint8:
        return values
    top = float((1 << bits_stored) - 1)
    scaled: NDArray[np.uint8] = np.rint(np.clip(values, 0, top) * (255.0 / top)).astype(np.uint8)
    return scaled


@cache
def _chroma_tables() -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int32], NDArray[np.int32]]:
    chroma = np.arange(256) - 128.0
    red = np.rint(1.402 * chroma).astype(np.int16)
    blue = np.rint(1.772 * chroma).astype(np.int16)
    green_cr = np.rint(-0.714136 * 65536 * chroma).astype(np.int32)
    green_cb = np.rint(-0.344136 * 65536 * chroma).astype(np.int32) + 32768
    return red, blue, green_cr, green_cb


def rgb_from_ybr_full(ybr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """R, G, B of full-range Y, CB, CR (PS3.3 C.7.6.3.1.2, inverted), rounded to nearest.

    Parameters
    ----------
    ybr : (rows, columns, 3) uint8
    """
    red, blue, green_cr, green_cb = _chroma_tables()
    luminance = ybr[..., 0].astype(np.int16)
    cb, cr = ybr[..., 1], ybr[..., 2]
    rgb = np.empty(ybr.shape, np.uint8)
    rgb[..., 0] = np.clip(luminance + red[cr], 0, 255)
    rgb[..., 1] = np.clip(luminance + ((green_cb[cb] + green_cr[cr]) >> 16), 0, 255)
    rgb[..., 2] = np.clip(luminance + blue[cb], 0, 255)
    return rgb
