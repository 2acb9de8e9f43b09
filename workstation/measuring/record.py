"""Measurements as JSON values and back, checked as foreign data is: what is odd is no measurement."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from workstation.measuring.measurement import VERSION, Ground, Kind, Measurement

_LONGEST_TEXT: Final = 2000
_LONGEST_NAME: Final = 128
_GROUND_TEXTS: Final = ("study_instance_uid", "series_instance_uid", "sop_instance_uid", "frame_of_reference_uid")
_TEXTS: Final = ("measurement_id", "author", "created", "calibration_id")


def as_record(measurement: Measurement) -> dict[str, Any]:
    """A measurement as JSON values."""
    return asdict(measurement)


def from_record(found: object) -> Measurement | None:
    """The measurement that a record holds; None for anything else, and for one of a later version."""
    if not isinstance(found, dict) or type(found.get("version")) is not int or found["version"] != VERSION:
        return None
    ground, anchors = found.get("ground"), found.get("anchors")
    if not isinstance(ground, dict) or not isinstance(anchors, (list, tuple)):
        return None
    if not all(_is_text(found.get(name), _LONGEST_NAME) for name in _TEXTS) or not found.get("measurement_id"):
        return None
    if not all(_is_text(ground.get(name), _LONGEST_NAME) for name in _GROUND_TEXTS):
        return None
    frame, length = ground.get("frame"), found.get("length_mm")
    if type(frame) is not int or frame < 1 or not _is_number(length) or not _is_text(found.get("text"), _LONGEST_TEXT):
        return None
    try:
        return Measurement(
            kind=Kind(str(found.get("kind"))),
            ground=Ground(**{name: ground[name] for name in _GROUND_TEXTS}, frame=frame),
            anchors=tuple(tuple(float(part) for part in one) for one in anchors),
            text=found["text"],
            length_mm=float(found["length_mm"]),
            **{name: found[name] for name in _TEXTS},
        )
    except (ValueError, TypeError, OverflowError):
        return None


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
