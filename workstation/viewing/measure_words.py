"""A measurement in words: its figures with as many digits as are true, their unit, and what the unit means."""

from __future__ import annotations

import math
from datetime import datetime
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
    "calibrated here: {length} mm", "calibrated by {detail}: object of {length} mm, {at}",
    "calibrated here: object of {length} mm, {at}", "calibrated in the image: {detail}",
    "at the detector: the anatomy appears larger", "on the film", "scale unknown", "pixels are not square",
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
_PROVENANCE: Final[dict[tuple[Meaning, bool], str]] = {
    (Meaning.USER, True): "calibrated by {detail}: object of {length} mm, {at}",
    (Meaning.USER, False): "calibrated here: object of {length} mm, {at}",
    (Meaning.CALIBRATED, True): "calibrated in the image: {detail}",
    (Meaning.DETECTOR, False): "at the detector: the anatomy appears larger",
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
    return f"{_significant(value, is_hounsfield=unit == 'HU')} {unit}".rstrip()


def _significant(value: float, *, is_hounsfield: bool) -> str:
    """A pixel value: one decimal where it is of the order of Hounsfield units, four digits where it is small."""
    if is_hounsfield or value == 0 or abs(value) >= 10:
        return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")  # the addition takes the sign from a zero
    return f"{value:.4g}"


def uncertainty(quantity: Quantity) -> str:
    """How far off a hand may be, as text with the digits of its figure; empty for what is exact."""
    spread, unit = quantity.uncertainty, quantity.unit
    if not spread or math.isnan(spread):
        return ""
    if unit in ("mm", "°"):
        words = f"{spread:.0f}" if spread >= 5.0 else f"{max(spread, 0.1):.1f}"
    else:
        rounded = float(f"{spread:.2g}")
        words = f"{rounded:.0f}" if rounded >= 10 else f"{rounded:.2g}"
    return f"± {words}{'°' if unit == '°' else f' {unit}'}"


def meaning(spacing: Spacing, say: Callable[[str], str], *, is_whole: bool = False) -> str:
    """What lengths on this image are lengths of; empty where they are the patient's own.

    Parameters
    ----------
    is_whole : bool
        With who calibrated, when, by what, or how the image says that it was calibrated.
    """
    words = _MEANINGS.get(spacing.meaning, "")
    if is_whole:
        words = _PROVENANCE.get((spacing.meaning, bool(spacing.detail)), words)
    if not words:
        return ""
    return say(words).format(
        factor=f"{spacing.factor:.2f}", length=f"{spacing.length_mm:g}", detail=spacing.detail, at=_local(spacing.at)
    )


def scale_words(
    spacing: Spacing, quantities: Sequence[Quantity], say: Callable[[str], str], *, is_whole: bool = False
) -> str:
    """What the lengths among some figures are lengths of; empty where there are none, or they are the patient's own."""
    if not any(one.name in _LENGTHS for one in quantities):
        return ""
    return meaning(spacing, say, is_whole=is_whole) if spacing.is_millimetre else say("scale unknown")


def _local(moment: str) -> str:
    """A moment (ISO 8601) as date and time of this place; empty for what is none."""
    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return ""


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
    """What is written beside a measurement (None: one that is being drawn).

    The selected one tells how far a hand may be off, and where its scale comes from; the others are short.
    """
    if measurement is not None and measurement.kind is Kind.CALIBRATION:
        return (say("Calibration: {length} mm").format(length=f"{measurement.length_mm:g}"),)
    lines = [measurement.text] if measurement is not None and measurement.text else []
    is_selected = is_whole and measurement is not None
    spreads = [uncertainty(one) if is_selected else "" for one in quantities]
    told = [f"{named(one, say)} {spread}".rstrip() for one, spread in zip(quantities, spreads, strict=True)]
    lines += [words for one, words in zip(quantities, told, strict=True) if is_whole or one.name not in AT_LENGTH]
    if words := scale_words(spacing, quantities, say, is_whole=is_selected):
        lines.append(words)
    elif not spacing.allows_lengths and (measurement is None or measurement.kind not in _WITHOUT_LENGTH):
        lines.append(say("pixels are not square"))
    return tuple(lines)
