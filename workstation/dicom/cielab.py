"""Colours that the standard gives as PCS-Values of CIELab (PS3.3 C.10.7.1.1), as sRGB (IEC 61966-2-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOP: Final = 65535.0
_WHITE_D50: Final = (0.9642, 1.0, 0.8249)  # of the profile connection space (ICC.1:2010, 6.3.4.3)
_SRGB_OF_XYZ_D50: Final = (  # Bradford-adapted from D65
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)


def srgb_of(pcs: Sequence[int]) -> tuple[int, int, int]:
    """R, G, B, 0 to 255, of L*, a*, b* as 16-bit numbers: L* from 0 to 100, a* and b* from -128 to 127."""
    lightness, a, b = pcs[0] * 100 / _TOP, pcs[1] * 255 / _TOP - 128, pcs[2] * 255 / _TOP - 128
    y = (lightness + 16) / 116
    xyz = [white * _cubed(part) for white, part in zip(_WHITE_D50, (y + a / 500, y, y - b / 200), strict=True)]
    linear = [sum(row[n] * xyz[n] for n in range(3)) for row in _SRGB_OF_XYZ_D50]
    red, green, blue = (round(255 * _encoded(min(max(part, 0.0), 1.0))) for part in linear)
    return red, green, blue


def _cubed(part: float) -> float:
    return part**3 if part > 6 / 29 else (part - 16 / 116) * 3 * (6 / 29) ** 2


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
