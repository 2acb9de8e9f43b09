"""A measurement in words: its figures with as many digits as are true, their unit, and what the unit means."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from workstation.measuring.measurement import Kind
from workstation.measuring.readings import Name, Quantity
from workstation.measuring.spacing import Meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workstation.measuring.measurement import Measurement
    from workstation.measuring.spacing import Spacing

WORDS: Final = (
    "Long", "Short", "Distance", "Diameter", "Perimeter", "Area", "Mean", "SD", "Min", "Max", "Pixels",
    "calibration unknown", "at the detector", "calibrated in the image", "magnification {factor} estimated",
    "calibrated here: {length} mm", "on the film", "scale unknown", "pixels are not square",
    "Calibration: {length} mm", "Length", "Angle", "Value", "Text", "Arrow", "Calibration",
    "Angle of two lines", "Cobb angle", "Bidirectional", "Perpendicular", "Parallel", "Circle", "Ellipse",
    "Rectangle", "Polygon", "Freehand", "Probe",
)  # fmt: skip
_BEFORE: Final[dict[Name, str]] = {
    Name.LONG_AXIS: "Long", Name.SHORT_AXIS: "Short", Name.DIAMETER: "Diameter",
    Name.PERIMETER: "Perimeter", Name.AREA: "Area", Name.MEAN: "Mean", Name.DEVIATION: "SD", Name.MINIMUM: "Min",
    Name.MAXIMUM: "Max", Name.COUNT: "Pixels",
}  # fmt: skip
QUANTITIES: Final[dict[Name, str]] = {
    **_BEFORE, Name.LENGTH: "Length", Name.ANGLE: "Angle", Name.DISTANCE: "Distance", Name.VALUE: "Value",
}  # fmt: skip
KINDS: Final[dict[Kind, str]] = {
    Kind.LENGTH: "Length", Kind.ANGLE: "Angle", Kind.LINES: "Angle of two lines", Kind.COBB: "Cobb angle",
    Kind.BIDIRECTIONAL: "Bidirectional", Kind.PERPENDICULAR: "Perpendicular", Kind.PARALLEL: "Parallel",
    Kind.CIRCLE: "Circle", Kind.ELLIPSE: "Ellipse", Kind.RECTANGLE: "Rectangle", Kind.POLYGON: "Polygon",
    Kind.FREEHAND: "Freehand", Kind.ARROW: "Arrow", Kind.TEXT: "Text", Kind.PROBE: "Probe",
    Kind.CALIBRATION: "Calibration",
}  # fmt: skip
_MEANINGS: Final[dict[Meaning, str]] = {
    Meaning.UNKNOWN_CALIBRATION: "calibration unknown",
    Meaning.DETECTOR: "at the detector",
    Meaning.CALIBRATED: "calibrated in the image",
    Meaning.MAGNIFICATION: "magnification {factor} estimated",
    Meaning.USER: "calibrated here: {length} mm",
    Meaning.FILM: "on the film",
}
_LENGTHS: Final = frozenset({
    Name.LENGTH, Name.LONG_AXIS, Name.SHORT_AXIS, Name.DISTANCE, Name.DIAMETER, Name.PERIMETER, Name.AREA,
})  # fmt: skip
AT_LENGTH: Final = frozenset({Name.DEVIATION, Name.MINIMUM, Name.MAXIMUM, Name.COUNT, Name.PERIMETER})
_WITHOUT_LENGTH: Final = frozenset({Kind.ANGLE, Kind.LINES, Kind.COBB, Kind.TEXT, Kind.ARROW, Kind.PROBE})


def figure(quantity: Quantity) -> str:
    """A figure with its unit: at most one decimal of a millimetre or a degree, fewer where they are not true."""
    value, unit = quantity.value, quantity.unit
    if unit in ("mm", "°"):
        return f"{value:.{0 if quantity.uncertainty >= 5.0 else 1}f}{'°' if unit == '°' else ' mm'}"
    if quantity.name is Name.COUNT or unit == "px²":
        return f"{value:.0f} {unit}".rstrip()
    if unit in ("mm²", "px"):
        return f"{value:.{1 if value < 100 else 0}f} {unit}"
    return f"{_significant(value)} {unit}".rstrip()


def _significant(value: float) -> str:
    """A pixel value: one decimal where it is of the order of Hounsfield units, four digits where it is small."""
    if value == 0 or abs(value) >= 10:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.4g}"


def uncertainty(quantity: Quantity) -> str:
    """How far off a hand may be, as text; empty for what is exact."""
    if not quantity.uncertainty or math.isnan(quantity.uncertainty):
        return ""
    return f"± {quantity.uncertainty:.2g} {quantity.unit}".replace(" °", "°")


def meaning(spacing: Spacing, say: Callable[[str], str]) -> str:
    """What lengths on this image are lengths of; empty where they are the patient's own."""
    words = _MEANINGS.get(spacing.meaning, "")
    return say(words).format(factor=f"{spacing.factor:.2f}", length=f"{spacing.length_mm:g}") if words else ""


def named(quantity: Quantity, say: Callable[[str], str]) -> str:
    """A figure with what it is of, where that does not go without saying."""
    name = _BEFORE.get(quantity.name, "")
    return f"{say(name)} {figure(quantity)}" if name else figure(quantity)


def lines_of(
    measurement: Measurement | None,
    spacing: Spacing,
    quantities: Sequence[Quantity],
    say: Callable[[str], str],
    *,
    is_whole: bool = True,
) -> tuple[str, ...]:
    """What is written beside a measurement (None: one that is being drawn); in short where it is not selected."""
    if measurement is not None and measurement.kind is Kind.CALIBRATION:
        return (say("Calibration: {length} mm").format(length=f"{measurement.length_mm:g}"),)
    lines = [measurement.text] if measurement is not None and measurement.text else []
    lines += [named(one, say) for one in quantities if is_whole or one.name not in AT_LENGTH]
    has_lengths = any(one.name in _LENGTHS for one in quantities)
    if has_lengths and spacing.is_millimetre and meaning(spacing, say):
        lines.append(meaning(spacing, say))
    elif has_lengths and not spacing.is_millimetre:
        lines.append(say("scale unknown"))
    elif not spacing.allows_lengths and measurement is not None and measurement.kind not in _WITHOUT_LENGTH:
        lines.append(say("pixels are not square"))
    return tuple(lines)
