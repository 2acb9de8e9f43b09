"""The leg of the demo films: a right knee as smooth shapes with known numbers, in millimetres.

The leg's own frame: x to the patient's left (medial of a right leg), y to the back, z to the head; the knee joint's
line is at z = 0 and the tibia's axis near x = y = 0. Every bone is a pile of ellipses along z.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array = Any  # float32 arrays that broadcast against each other


@dataclass(frozen=True, slots=True)
class Pile:
    """Ellipses stacked along z; between the given heights the outline is a smooth curve.

    Attributes
    ----------
    rows : tuple of (z, centre x, centre y, half width in x, half depth in y), rising in z
    """

    rows: tuple[tuple[float, float, float, float, float], ...]

    def at(self, z: Array, thinner: Array | float = 0.0) -> tuple[Array, Array, Array, Array]:
        """Centre x, centre y, half width and half depth at heights `z`, made `thinner` mm; 0 wide beyond the ends."""
        heights, columns = _smooth_outline(self.rows)
        values = [np.interp(z, heights, column).astype(np.float32) for column in columns]
        outside = (np.asarray(z) < heights[0]) | (np.asarray(z) > heights[-1])
        wide, deep = (np.where(outside, 0.0, np.maximum(value - thinner, 0.0)) for value in values[2:])
        return values[0], values[1], wide, deep


@cache
def _smooth_outline(rows: tuple[tuple[float, ...], ...]) -> tuple[NDArray[Any], tuple[NDArray[Any], ...]]:
    """Heights every millimetre and the columns there, their corners rounded over 15 mm."""
    known = np.array(rows)
    heights = np.arange(known[0, 0], known[-1, 0] + 0.5)
    weights = np.hanning(17)[1:-1]
    columns = []
    for index in (1, 2, 3, 4):
        line = np.interp(heights, known[:, 0], known[:, index])
        ends = 2 * line[0] - line[7:0:-1], 2 * line[-1] - line[-2:-9:-1]
        padded = np.concatenate((ends[0], line, ends[1]))
        columns.append(np.convolve(padded, weights / weights.sum(), "valid"))
    return heights, tuple(columns)


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """A round end of a bone: centre and half axes."""

    x: float
    y: float
    z: float
    a: float
    b: float
    c: float

    def at(self, z: Array, thinner: Array | float = 0.0) -> tuple[Array, Array, Array, Array]:
        """As `Pile.at`."""
        share = np.sqrt(np.maximum(0.0, 1.0 - ((z - self.z) / (self.c - thinner)) ** 2)).astype(np.float32)
        full = np.ones_like(share)
        return self.x * full, self.y * full, (self.a - thinner) * share, (self.b - thinner) * share


Lobe = Pile | Ellipsoid

# fmt: off
FEMUR: Final[tuple[Lobe, ...]] = (
    Pile(((16, 0, 2, 30, 15), (22, 0, 1, 38, 20), (32, -.5, 0, 41.5, 23), (42, -1, 0, 38.5, 22),
          (56, -2.5, -1, 29.5, 19), (74, -4.5, -2, 22, 16.5), (98, -7, -3, 17, 15), (130, -10, -4, 14.8, 14.4),
          (260, -22, -4, 14.6, 14.6))),
    Ellipsoid(20.8, 6, 24.0, 19.2, 31, 22.5),
    Ellipsoid(-20.8, 5, 24.5, 18.6, 32, 22.5),
)
TIBIA: Final[tuple[Lobe, ...]] = (
    Pile(((-260, 1.5, 2, 11.2, 11.6), (-150, .8, 1, 12.2, 12.6), (-90, .3, 0, 14.2, 14.8), (-62, 0, 0, 17, 17.5),
          (-42, 0, 1, 23, 21), (-26, 0, 3, 31, 25), (-14, 0, 4, 37, 27.5), (-6, 0, 4, 39, 28), (6, 0, 4, 38, 27))),
)
FIBULA: Final[tuple[Lobe, ...]] = (
    Pile(((-260, -27, 14, 5.4, 5.4), (-120, -29, 17, 5.0, 5.4), (-50, -32, 20, 5.2, 5.6), (-34, -34, 21, 6.2, 6.6))),
    Ellipsoid(-35.5, 21.5, -27, 8.2, 8.6, 13.5),
)
PATELLA: Final[tuple[Lobe, ...]] = (Ellipsoid(-3, -36, 36, 21.5, 9.0, 20.5),)
SKIN: Final = Pile((
    (-260, -4, 14, 47, 52), (-200, -4, 16, 54, 58), (-130, -5, 17, 60, 64), (-80, -4, 14, 59, 62), (-40, -2, 8, 56, 58),
    (0, -1, 5, 58, 60), (40, -2, 4, 62, 63), (90, -5, 6, 69, 69), (160, -10, 8, 79, 77), (260, -17, 8, 88, 84),
))
# fmt: on
FAT_MM: Final = 8.0  # under the skin

CORTEX_OF_SHAFT_MM: Final = 4.6
CORTEX_OF_ENDS_MM: Final = 1.3


@dataclass(frozen=True, slots=True)
class Fracture:
    """A cut through the tibia's shaft seen from the front, and where the far fragment went.

    The plane holds the y axis; its normal is tilted by `obliquity_deg` in the frontal plane. The far fragment is
    pushed along the normal by `gap_mm` and turned about the y axis by `angulation_deg`, both at the axis of the bone.
    """

    z: float = -52.0
    obliquity_deg: float = 24.0
    gap_mm: float = 4.2
    angulation_deg: float = 7.0  # positive: the foot goes towards the patient's left, which is varus of a right leg

    def across(self, x: Array, z: Array) -> Array:
        """Distance from the plane along its normal; positive on the side of the knee."""
        tilt = math.radians(self.obliquity_deg)
        return x * math.sin(tilt) + (z - self.z) * math.cos(tilt)

    def along(self, x: Array, z: Array) -> Array:
        """Position along the plane in the frontal plane."""
        tilt = math.radians(self.obliquity_deg)
        return x * math.cos(tilt) - (z - self.z) * math.sin(tilt)

    def undone(self, x: Array, z: Array) -> tuple[Array, Array]:
        """Where a point of the far fragment was before the bone broke."""
        tilt, turn = math.radians(self.obliquity_deg), math.radians(self.angulation_deg)
        x = x + self.gap_mm * math.sin(tilt)
        z = z - self.z + self.gap_mm * math.cos(tilt)
        # the far end (negative z) swings towards +x: undo by turning back
        return x * math.cos(turn) + z * math.sin(turn), -x * math.sin(turn) + z * math.cos(turn) + self.z

    def roughness(self, along: Array, depth: Array | float) -> Array:
        """How far the broken face stands out, the same on both fragments; the front and the back differ."""
        waves = ((0.55, 0.37, 1.0), (0.32, 1.13, -2.1), (0.2, 2.71, 1.3), (0.1, 5.3, 3.1))
        return sum(high * np.sin(along * often + depth * turn) for high, often, turn in waves)


def depth_inside(lobe: Lobe, x: Array, y: Array, z: float) -> NDArray[np.float32]:
    """Distance from the surface of a lobe's ellipse at height `z`, positive inside, to first order."""
    cx, cy, a, b = (float(value) for value in lobe.at(np.float32(z)))
    if a < 0.05 or b < 0.05:
        return np.full(np.broadcast_shapes(np.shape(x), np.shape(y)), -50.0, np.float32)
    dx, dy = (x - cx) / a, (y - cy) / b
    rho = np.sqrt(dx * dx + dy * dy) + np.float32(1e-6)
    slope = np.sqrt((dx / a) ** 2 + (dy / b) ** 2) + np.float32(1e-6)
    return np.asarray((1 - rho) * rho / slope, np.float32)


def chord(lobes: tuple[Lobe, ...], x: Array, z: Array, thinner: Array | float = 0.0) -> Array:
    """Length of a ray along y at (x, z) inside a union of lobes that touch each other, made `thinner` mm.

    Round ends have a thin cortex: they are never made thinner than that.
    """
    front: Array = np.float32(1e3)
    back: Array = np.float32(-1e3)
    for lobe in lobes:
        is_end = isinstance(lobe, Ellipsoid) and np.any(thinner)
        cx, cy, a, b = lobe.at(z, CORTEX_OF_ENDS_MM if is_end else thinner)
        half = np.sqrt(np.maximum(0.0, 1 - ((x - cx) / np.maximum(a, 1e-3)) ** 2)) * b
        met = half > 0
        front = np.where(met, np.minimum(front, cy - half), front)
        back = np.where(met, np.maximum(back, cy + half), back)
    return np.maximum(back - front, 0.0)


def cortex_mm(z: Array, start: float, end: float) -> Array:
    """Thickness of the cortex of a bone whose end is at `start` and whose shaft begins at `end`."""
    share = np.clip((z - start) / (end - start), 0.0, 1.0)
    return CORTEX_OF_ENDS_MM + (CORTEX_OF_SHAFT_MM - CORTEX_OF_ENDS_MM) * share * share


def plateau_z(x: Array, y: Array | float) -> Array:
    """Height of the tibia's joint surface: two shallow bowls and the two spines between them."""
    spines = 6.5 * np.exp(-(((x - 5.5) / 3.2) ** 2)) + 5.5 * np.exp(-(((x + 5.0) / 3.2) ** 2))
    bowls = 1.6 * (np.abs(x) / 20.0 - 1.0) ** 2
    rim = -0.03 * np.maximum(0.0, np.abs(x) - 27.0) ** 2
    return -3.6 + spines * np.exp(-(((y - 5.0) / 9.0) ** 2)) + bowls + rim
