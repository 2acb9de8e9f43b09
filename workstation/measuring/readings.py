"""What a measurement amounts to, on the image that it lies on: quantities with unit and uncertainty.

The uncertainty is that of pointing, of half a pixel to one pixel an end, carried through: see `PICK`. A scale that a
hand drew is as uncertain as its own ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from workstation.measuring import shapes
from workstation.measuring.measurement import REGIONS, Kind
from workstation.measuring.regions import Patch, box_patch, ellipse_patch, pixel_patch, polygon_patch, statistics
from workstation.measuring.spacing import PICK, Spacing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from workstation.dicom.geometry import ImagePoint
    from workstation.dicom.grayscale import Grayscale
    from workstation.measuring.shapes import Points


class Name(StrEnum):
    """What a quantity is of."""

    LENGTH = "length"
    ANGLE = "angle"
    LONG_AXIS = "long-axis"
    SHORT_AXIS = "short-axis"
    DISTANCE = "distance"
    DIAMETER = "diameter"
    PERIMETER = "perimeter"
    AREA = "area"
    COUNT = "count"
    MEAN = "mean"
    DEVIATION = "deviation"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure.

    Attributes
    ----------
    unit : str
        mm, mm², px, px², °, the unit of the modality values, or empty.
    uncertainty : float
        One standard deviation in the same unit; 0 where it is exact.
    """

    name: Name
    value: float
    unit: str
    uncertainty: float = 0.0


def read(
    kind: Kind,
    points: Sequence[ImagePoint],
    spacing: Spacing,
    stored: NDArray[np.generic] | None = None,
    grayscale: Grayscale | None = None,
) -> tuple[Quantity, ...]:
    """Every quantity of a measurement.

    Parameters
    ----------
    stored : (rows, columns) array, optional
        Stored values of the frame; without them, or for colour, a region has no statistics.
    """
    scaled = np.array(points, np.float64) * (spacing.column, spacing.row)
    found = [*_GEOMETRY[kind](scaled, _Unit(spacing))] if kind in _GEOMETRY else []
    if kind in REGIONS or kind is Kind.PROBE:
        found += _values(kind, points, spacing, stored, grayscale)
    return tuple(found)


class _Unit:
    """Makes quantities of lengths in one unit."""

    def __init__(self, spacing: Spacing) -> None:
        self._has_lengths = spacing.allows_lengths
        self.pixel = spacing.pixel
        self._spread = spacing.spread
        self.name = "mm" if spacing.is_millimetre else "px"

    def length(self, name: Name, value: float, ends: float = 2.0) -> list[Quantity]:
        """A length between two ends: its uncertainty is that of both, and of the scale."""
        if not self._has_lengths or math.isnan(value):
            return []
        spread = math.hypot(math.sqrt(ends) * PICK * self.pixel, value * self._spread)
        return [Quantity(name, value, self.name, spread)]

    def area(self, value: float, outline: float, count: int) -> list[Quantity]:
        """An area: each of `count` points moves its share of the outline."""
        if not self._has_lengths:
            return []
        share = outline / math.sqrt(max(count, 1))
        spread = math.hypot(share * PICK * self.pixel, 2.0 * value * self._spread)
        return [Quantity(Name.AREA, value, f"{self.name}²", spread)]

    def angle(self, value: float, arms: tuple[float, float]) -> list[Quantity]:
        """An angle; its uncertainty is that of the direction of both arms."""
        if math.isnan(value) or not min(arms):
            return []
        spread = math.sqrt(2.0) * PICK * math.hypot(self.pixel / arms[0], self.pixel / arms[1])
        return [Quantity(Name.ANGLE, value, "°", math.degrees(spread))]


def _length(points: Points, unit: _Unit) -> list[Quantity]:
    return unit.length(Name.LENGTH, shapes.length(points))


def _angle(points: Points, unit: _Unit) -> list[Quantity]:
    return unit.angle(shapes.angle(points), (shapes.length(points[:2]), shapes.length(points[1:])))


def _lines(points: Points, unit: _Unit) -> list[Quantity]:
    return unit.angle(shapes.angle_of_lines(points), (shapes.length(points[:2]), shapes.length(points[2:])))


def _cobb(points: Points, unit: _Unit) -> list[Quantity]:
    return unit.angle(shapes.cobb(points), (shapes.length(points[:2]), shapes.length(points[2:])))


def _bidirectional(points: Points, unit: _Unit) -> list[Quantity]:
    both = sorted((shapes.length(points[:2]), shapes.length(points[2:])), reverse=True)
    return [*unit.length(Name.LONG_AXIS, both[0]), *unit.length(Name.SHORT_AXIS, both[1])]


def _distance(points: Points, unit: _Unit) -> list[Quantity]:
    return unit.length(Name.DISTANCE, shapes.distance_to_line(points))


def _circle(points: Points, unit: _Unit) -> list[Quantity]:
    found = shapes.circle_through(points)
    if found is None:
        return []
    area, outline = math.pi * found.radius**2, 2.0 * math.pi * found.radius
    return [*unit.length(Name.DIAMETER, 2.0 * found.radius), *unit.area(area, outline, 3)]


def _ellipse(points: Points, unit: _Unit) -> list[Quantity]:
    return unit.area(shapes.ellipse_area(points), shapes.perimeter(shapes.corners(points)), 2)


def _rectangle(points: Points, unit: _Unit) -> list[Quantity]:
    return unit.area(shapes.rectangle_area(points), shapes.perimeter(shapes.corners(points)), 2)


def _polygon(points: Points, unit: _Unit) -> list[Quantity]:
    outline = shapes.perimeter(points)
    area = [] if shapes.crosses_itself(points) else unit.area(shapes.polygon_area(points), outline, len(points))
    return [*area, *unit.length(Name.PERIMETER, outline, float(len(points)))]


_GEOMETRY: Final[dict[Kind, Callable[[Points, _Unit], list[Quantity]]]] = {
    Kind.LENGTH: _length,
    Kind.ANGLE: _angle,
    Kind.LINES: _lines,
    Kind.COBB: _cobb,
    Kind.BIDIRECTIONAL: _bidirectional,
    Kind.PERPENDICULAR: _distance,
    Kind.PARALLEL: _distance,
    Kind.CIRCLE: _circle,
    Kind.ELLIPSE: _ellipse,
    Kind.RECTANGLE: _rectangle,
    Kind.POLYGON: _polygon,
    Kind.FREEHAND: _polygon,
}


def _values(
    kind: Kind,
    points: Sequence[ImagePoint],
    spacing: Spacing,
    stored: NDArray[np.generic] | None,
    grayscale: Grayscale | None,
) -> list[Quantity]:
    if stored is None or grayscale is None or stored.ndim != 2:
        return []
    found = statistics(patch_of(kind, points, spacing, (stored.shape[0], stored.shape[1])), stored, grayscale)
    if not found.count:
        return []
    unit = grayscale.unit
    if kind is Kind.PROBE:
        return [Quantity(Name.VALUE, found.mean, unit)]
    return [
        Quantity(Name.MEAN, found.mean, unit),
        Quantity(Name.DEVIATION, found.deviation, unit),
        Quantity(Name.MINIMUM, found.minimum, unit),
        Quantity(Name.MAXIMUM, found.maximum, unit),
        Quantity(Name.COUNT, found.count, "px"),
    ]


def patch_of(kind: Kind, points: Sequence[ImagePoint], spacing: Spacing, shape: tuple[int, int]) -> Patch:
    """The pixels of a region or a probe. A circle is round in millimetres, not in pixels that are not square."""
    outline = np.array(points, np.float64)
    if kind is Kind.PROBE:
        return pixel_patch(points[0].column, points[0].row, shape)
    if kind is Kind.ELLIPSE:
        return ellipse_patch(outline, shape)
    if kind is Kind.RECTANGLE:
        return box_patch(outline, shape)
    if kind is Kind.CIRCLE:
        scale = np.array([spacing.column, spacing.row])
        found = shapes.circle_through(outline * scale)
        if found is None:
            return Patch(0, 0, np.zeros((0, 0), np.bool_))
        center = np.array([found.x, found.y])
        return ellipse_patch(np.stack([center - found.radius, center + found.radius]) / scale, shape)
    return polygon_patch(outline, shape)
