"""From measured luminances of a monitor to its table of P-values, and how well a monitor keeps to the GSDF (PS3.14).

A table is never judged by its likeness to another one, but by the luminances that other patches have through it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from workstation.dicom.gsdf import index_of, luminance
from workstation.dicom.luminances import CHECK_PATCHES

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from workstation.dicom.luminances import Measured

P_VALUES: Final = 1024  # of the tables: finer than 8 bit, so that no level of an 8-bit monitor is lost to rounding
_USUAL_GAMMA: Final = 2.2


@dataclass(frozen=True, slots=True, eq=False)
class DisplayFunction:
    """A monitor's table; two are the same only when they are one object, which `fitted` keeps.

    Attributes
    ----------
    table : (1024,) uint16, read-only
        The device level of each P-value of 10 bit.
    bits : int
        Of device levels: 8 or 10.
    """

    table: NDArray[np.uint16]
    bits: int

    def driven(self, brightness: NDArray[Any]) -> NDArray[np.uint16]:
        """The device levels of P-values that are given as 0 to 1."""
        return np.asarray(self.table[np.rint(brightness * (P_VALUES - 1)).astype(np.uint16)])


@dataclass(frozen=True, slots=True)
class Conformance:
    """How well luminances keep to the GSDF between their own darkest and brightest.

    Attributes
    ----------
    deviations : tuple of float
        Of each step's contrast, as a share of what the GSDF asks: 0.1 is ten percent too much.
    """

    deviations: tuple[float, ...]

    @property
    def worst(self) -> float:
        """The largest deviation, without its sign."""
        return max(map(abs, self.deviations), default=0.0)


def conformance(p_values: ArrayLike, luminances: ArrayLike) -> Conformance:
    """Compare the contrast of each step with that of the GSDF (AAPM OR-03 4.3.4.2).

    Parameters
    ----------
    p_values : (n,) array
        Of the patches, rising, in any unit: the first counts as black, the last as white.
    luminances : (n,) array
        cd/m2 of each, with the light of the room.
    """
    p, found = np.asarray(p_values, np.float64), np.asarray(luminances, np.float64)
    return conformance_between((float(found[0]), float(found[-1])), (p - p[0]) / (p[-1] - p[0]), found)


def conformance_between(ends: tuple[float, float], brightness: ArrayLike, luminances: ArrayLike) -> Conformance:
    """The same of some patches of a monitor whose darkest and brightest luminance are known already.

    Parameters
    ----------
    ends : (float, float)
        cd/m2 of black and white, with the light of the room.
    brightness : (n,) array
        P-values of the patches, 0 to 1, rising.
    """
    p, found = np.asarray(brightness, np.float64), np.asarray(luminances, np.float64)
    return Conformance(tuple((_contrast(p, found) / _contrast(p, _targets(p, *ends)) - 1).tolist()))


def _contrast(p: NDArray[Any], light: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(2 * np.diff(light) / ((light[1:] + light[:-1]) * np.diff(p)))


def _targets(brightness: NDArray[Any], low: float, high: float) -> NDArray[np.float64]:
    """What the GSDF gives equal steps of P-values between two luminances; brightness from 0 to 1."""
    first, last = index_of([low, high])
    return luminance(first + brightness * (last - first))


def characteristic(measured: Measured, bits: int) -> NDArray[np.float64]:
    """The luminance of every device level, with the light of the room.

    Between the measured levels a monotone cubic goes through them, drawn over the 2.2th root of the light that a level
    adds to black: there the curve of any usual screen is nearly straight.

    Returns
    -------
    (2**bits,) array
        cd/m2, rising.
    """
    at = np.array(measured.levels, np.float64) / 255
    wanted = np.arange(1 << bits) / ((1 << bits) - 1)
    light = np.array(measured.with_room)
    root = _monotone(at, (light - light[0]) ** (1 / _USUAL_GAMMA), wanted)
    return np.asarray(np.clip(light[0] + np.maximum(root, 0) ** _USUAL_GAMMA, light[0], light[-1]))


def _monotone(x: NDArray[Any], y: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.float64]:
    """Piecewise cubic through (x, y) that rises where they rise (Fritsch and Butland, 1984)."""
    width, slope = np.diff(x), np.diff(y) / np.diff(x)
    weights = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    rises = slope[1:] * slope[:-1] > 0
    inner = np.where(rises, sum(weights) / np.where(rises, weights[0] / slope[:-1] + weights[1] / slope[1:], 1), 0)
    tangent = np.concatenate(([slope[0]], inner, [slope[-1]]))
    part = np.clip(np.searchsorted(x, wanted, side="right") - 1, 0, len(slope) - 1)
    t = (wanted - x[part]) / width[part]
    start = (1 + 2 * t) * (1 - t) ** 2 * y[part] + t * (1 - t) ** 2 * width[part] * tangent[part]
    end = t**2 * (3 - 2 * t) * y[part + 1] + t**2 * (t - 1) * width[part] * tangent[part + 1]
    return np.asarray(start + end)


@lru_cache(maxsize=16)
def fitted(measured: Measured, bits: int) -> DisplayFunction:
    """The table that brings a measured monitor to the GSDF: for each P-value the level of the nearest luminance.

    Parameters
    ----------
    measured : Measured
        Without a flaw.
    bits : int
        Of device levels: 8 or 10.
    """
    made = levels_for(measured, np.arange(P_VALUES) / (P_VALUES - 1), bits)
    made.flags.writeable = False
    return DisplayFunction(made, bits)


def levels_for(measured: Measured, brightness: NDArray[Any], bits: int) -> NDArray[np.uint16]:
    """The device level of the nearest luminance, for P-values from 0 to 1."""
    light = characteristic(measured, bits)
    wished = _targets(brightness, light[0], light[-1])
    above = np.clip(np.searchsorted(light, wished), 1, len(light) - 1)
    is_lower = wished - light[above - 1] < light[above] - wished
    return np.asarray(above - is_lower, np.uint16)


@lru_cache(maxsize=2)
def unchanged(bits: int) -> DisplayFunction:
    """The table of a monitor that takes P-values as they are."""
    made = np.rint(np.arange(P_VALUES) / (P_VALUES - 1) * ((1 << bits) - 1)).astype(np.uint16)
    made.flags.writeable = False
    return DisplayFunction(made, bits)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a table promises, before anybody measured through it.

    Attributes
    ----------
    without, through : float
        Largest deviation of contrast without the table and through it.
    surviving : int
        How many of 256 P-values have a device level of their own.
    """

    without: float
    through: float
    surviving: int


@lru_cache(maxsize=16)
def forecast(measured: Measured, bits: int) -> Forecast:
    """What the table of a measured monitor promises, at the P-values it is to be checked at."""
    patches = np.array(CHECK_PATCHES)
    light = characteristic(measured, bits)
    levels = levels_for(measured, np.arange(256) / 255, bits)
    plain = np.rint(patches / 255 * ((1 << bits) - 1)).astype(int)
    return Forecast(
        conformance(patches, light[plain]).worst,
        conformance(patches, light[levels[patches]]).worst,
        len(set(levels.tolist())),
    )
