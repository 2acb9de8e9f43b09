"""`Measured`: the luminances of a monitor's grey levels as a meter said them, and at which levels it is asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

LEAST_PATCHES: Final = 18
PATCHES: Final = (0, 3, 6, 10, *range(15, 256, 15))  # levels of 8 bit that are measured for a table: more near black
CHECK_PATCHES: Final = (0, *range(8, 255, 15), 255)  # P-values that are measured to check: between the others
DIAGNOSTIC_LIMIT: Final = 0.10  # largest deviation of contrast from the GSDF, for diagnosis (AAPM, ACR)
OTHER_LIMIT: Final = 0.20  # the same for any other use


class Flaw(StrEnum):
    """Why luminances cannot be used."""

    FEW = "few"  # less than 18 levels, or not from black to white
    FALLING = "falling"  # a brighter level has no more light than a darker one
    DARK = "dark"  # the whole range lies below what the GSDF knows, or is none


@dataclass(frozen=True, slots=True)
class Measured:
    """What a luminance meter said of a monitor.

    Attributes
    ----------
    levels : tuple of int
        Grey levels of 8 bit, rising, from 0 to 255.
    luminances : tuple of float
        cd/m2 of each, without the light of the room.
    ambient : float
        cd/m2 that the room adds to every level.
    """

    levels: tuple[int, ...]
    luminances: tuple[float, ...]
    ambient: float = 0.0

    @property
    def flaw(self) -> Flaw | None:
        """Why no table can be made of it; None when one can."""
        if len(self.levels) != len(self.luminances) or len(self.levels) < LEAST_PATCHES:
            return Flaw.FEW
        if self.levels[0] != 0 or self.levels[-1] != 255:
            return Flaw.FEW
        if not all(map(math.isfinite, (*self.luminances, self.ambient))):
            return Flaw.FALLING
        if any(b <= a for row in (self.levels, self.luminances) for a, b in pairwise(row)):
            return Flaw.FALLING
        if self.luminances[0] < 0 or self.ambient < 0 or self.luminances[-1] + self.ambient <= 0.05:
            return Flaw.DARK
        return None

    @property
    def with_room(self) -> tuple[float, ...]:
        """cd/m2 as the eye meets them: with the light of the room."""
        return tuple(one + self.ambient for one in self.luminances)
