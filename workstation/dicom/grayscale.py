"""From stored values to P-values: modality, values of interest, polarity (PS3.4 N.2; PS3.3 C.7.6.3, C.11.1, C.11.2).

All of it becomes one table for values of up to 16 bit. What a screen makes of P-values: `dicom.display_function`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workstation.dicom.lookup import LookupTable

_WHITE: Final = 255.0


@dataclass(frozen=True, slots=True)
class Window:
    """Window Center and Width in modality units, and the function they are meant for (PS3.3 C.11.2.1.2, .3)."""

    center: float
    width: float
    function: str = "LINEAR"  # or LINEAR_EXACT, SIGMOID
    explanation: str = ""

    def p_values(self, x: NDArray[Any]) -> NDArray[np.float64]:
        """Brightness 0..1 of modality values `x`.

        A width that the function does not allow (below 1 for LINEAR, 0 or below for the others) gives a threshold.
        """
        if self.function == "LINEAR":  # PS3.3 C.11.2.1.2.1
            return _ramp(x, self.center - 0.5, self.width - 1.0)
        if self.function == "SIGMOID" and self.width > 0:  # PS3.3 C.11.2.1.3.1
            exponent = np.clip(-4.0 * (np.asarray(x, np.float64) - self.center) / self.width, -700.0, 700.0)
            return np.asarray(1.0 / (1.0 + np.exp(exponent)))
        return _ramp(x, self.center, self.width)  # PS3.3 C.11.2.1.3.2


def _ramp(x: NDArray[Any], middle: float, width: float) -> NDArray[np.float64]:
    """0 up to ``middle - width / 2``, 1 above ``middle + width / 2``, a line between."""
    values = np.asarray(x, np.float64)
    if width <= 0:
        return (values > middle).astype(np.float64)
    return np.asarray(np.clip((values - middle) / width + 0.5, 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class VoiLut:
    """A VOI look-up table offered by the file (PS3.3 C.11.2.1.1)."""

    table: LookupTable
    explanation: str = ""

    def as_window(self) -> Window:
        """The window that covers the table's inputs: where a drag of the window begins."""
        count = len(self.table.entries)
        return Window(self.table.first + count / 2, float(count))

    def p_values(self, x: NDArray[Any]) -> NDArray[np.float64]:
        """Brightness 0..1 of modality values `x`."""
        return self.table.looked_up(x) / ((1 << self.table.bits) - 1)


@dataclass(frozen=True, slots=True)
class ModalityTransform:
    """Stored values to modality values: a line, or a table instead of it (PS3.3 C.11.1)."""

    slope: float = 1.0
    intercept: float = 0.0
    table: LookupTable | None = None
    rescale_type: str = ""  # HU, OD, US, ...; of the table: Modality LUT Type

    def values(self, stored: NDArray[Any]) -> NDArray[np.float64]:
        """Modality values of stored values."""
        if self.table is not None:
            return self.table.looked_up(stored)
        return np.asarray(stored, np.float64) * self.slope + self.intercept


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of stored values. Equal palettes compare equal and hash alike.

    Attributes
    ----------
    first : int
        The stored value of the first colour; larger values than the last take the last.
    data : bytes
        R, G, B of 8 bit, one after the other.
    """

    first: int
    data: bytes

    @property
    def colours(self) -> NDArray[np.uint8]:
        """The colours as (n, 3), read-only."""
        return np.frombuffer(self.data, np.uint8).reshape(-1, 3)

    def coloured(self, stored: NDArray[Any], grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """R, G, B: `grey` where a stored value is below the palette, else its colour.

        Parameters
        ----------
        stored, grey : arrays of one shape

        Returns
        -------
        (*shape, 3) uint8
        """
        colours = self.colours
        rgb = np.repeat(grey[..., None], 3, axis=-1)
        inside = stored >= self.first
        rgb[inside] = colours[np.minimum(stored[inside].astype(np.int64) - self.first, len(colours) - 1)]
        return rgb


@dataclass(frozen=True, slots=True)
class Grayscale:
    """How the stored values of one frame become grey.

    Attributes
    ----------
    modality : ModalityTransform
    voi_choices : tuple of Window and VoiLut
        What the file offers, windows first, each in the file's order; empty when it offers nothing usable.
    presentation : LookupTable or None
        Presentation LUT: what comes out of the VOI transformation fills its inputs, its entries are P-values (C.11.6).
    is_inverse : bool
        The smallest value is white (MONOCHROME1, or Presentation LUT Shape INVERSE): one inversion, applied last.
    padding : (number, number) or None
        Smallest and largest stored value that is padding, inclusive (PS3.3 C.7.5.1.1.2).
    palette : Palette or None
        Supplemental palette: stored values from its first on are colours, and no window applies to them (C.7.6.19).
    is_signed : bool
        Stored values are two's complement.
    is_hounsfield : bool
        Modality values are Hounsfield units.
    unit : str
        Unit of modality values for a probe's readout, or an empty string where the file does not say.
    """

    modality: ModalityTransform = ModalityTransform()
    voi_choices: tuple[Window | VoiLut, ...] = ()
    presentation: LookupTable | None = None
    is_inverse: bool = False
    padding: tuple[float, float] | None = None
    palette: Palette | None = None
    is_signed: bool = False
    is_hounsfield: bool = False
    unit: str = ""

    def modality_value(self, stored: int) -> float:
        """The modality value of one stored value."""
        return float(self.modality.values(np.array([stored]))[0])

    def is_padding(self, stored: NDArray[Any]) -> NDArray[np.bool_]:
        """Which stored values are padding; a float that is no finite number is taken for it."""
        found = ~np.isfinite(stored) if stored.dtype.kind == "f" else np.zeros(stored.shape, np.bool_)
        if self.padding is None:
            return np.asarray(found)
        return np.asarray(found | ((stored >= self.padding[0]) & (stored <= self.padding[1])))


def p_values(
    grayscale: Grayscale, voi: Window | VoiLut, stored: NDArray[Any], *, invert: bool = False
) -> NDArray[np.uint8]:
    """P-values, 0 black to 255 white, rounded to nearest, of stored values of any width.

    For values of up to 16 bit `display_table` gives the same at once for all; wider values and floats take this way.

    Parameters
    ----------
    stored : integer or float array of any shape
    invert : bool
        The user's inversion, on top of the file's polarity.
    """
    return np.asarray(np.rint(brightness_of(grayscale, voi, stored, invert=invert) * _WHITE).astype(np.uint8))


def brightness_of(
    grayscale: Grayscale, voi: Window | VoiLut, stored: NDArray[Any], *, invert: bool = False
) -> NDArray[np.float64]:
    """P-values as 0 black to 1 white, not rounded; see `p_values`."""
    brightness = voi.p_values(grayscale.modality.values(stored))
    if stored.dtype.kind == "f":
        brightness = np.nan_to_num(brightness, nan=0.0)
    if grayscale.presentation is not None:
        brightness = _presented(grayscale.presentation, brightness)
    if grayscale.is_inverse != invert:
        brightness = 1.0 - brightness
    return brightness


def _presented(table: LookupTable, brightness: NDArray[np.float64]) -> NDArray[np.float64]:
    """P-values 0..1 of what the VOI transformation gave, whose full range is scaled to the table's inputs (C.11.6.1.1).

    An input between two entries takes the lower one; the small addition keeps entries that are met exactly.
    """
    last = len(table.entries) - 1
    return table.looked_up(np.floor(brightness * last + 1e-6) + table.first) / ((1 << table.bits) - 1)


def display_table(
    grayscale: Grayscale,
    voi: Window | VoiLut,
    *,
    invert: bool = False,
    bits: int = 16,
    padding_p_value: int | None = None,
) -> NDArray[np.uint8]:
    """P-values of every stored value, indexed by its bit pattern, as `cv2.LUT` wants it.

    Parameters
    ----------
    bits : int
        16 for 16-bit frames, 8 for 8-bit frames. Negative values lie in the upper half (two's complement).
    padding_p_value : int, optional
        What padding is drawn as; without it, like any other value.

    Returns
    -------
    (2**bits,) uint8, read-only
    """
    stored = stored_values(grayscale, bits)
    table = p_values(grayscale, voi, stored, invert=invert)
    if padding_p_value is not None:
        table[grayscale.is_padding(stored)] = padding_p_value
    table.flags.writeable = False
    return table


def stored_values(grayscale: Grayscale, bits: int) -> NDArray[np.int64]:
    """What each bit pattern of so many bits means as a stored value: the inputs of `display_table`."""
    stored = np.arange(1 << bits, dtype=np.int64)
    if grayscale.is_signed:
        stored[1 << (bits - 1) :] -= 1 << bits
    return stored


def full_range_window(grayscale: Grayscale, values: NDArray[Any]) -> Window:
    """The window from the smallest to the largest modality value of a frame, padding excluded.

    Parameters
    ----------
    values : (rows, columns) integer array
        Stored values. When all are padding, all count.
    """
    may_be_padded = grayscale.padding is not None or values.dtype.kind == "f"
    counted = values[~grayscale.is_padding(values)] if may_be_padded else values
    if not counted.size:
        counted = values
    if grayscale.modality.table is None:
        counted = np.array([counted.min(), counted.max()])
    modality = grayscale.modality.values(counted)
    low, high = float(modality.min()), float(modality.max())
    if low.is_integer() and high.is_integer():
        return Window((low + high + 1) / 2, high - low + 1)
    return Window((low + high) / 2, max(high - low, np.finfo(np.float64).tiny), "LINEAR_EXACT")
