"""`Situation`: where an image stands in its series, and what else is to be told of it beside its header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workstation.measuring.spacing import UserCalibration


@dataclass(frozen=True, slots=True)
class Situation:
    """What the overlay must know beyond the plan."""

    position: int  # step in the display set, from 1
    steps: int
    axis: str = "number"
    received: int = 0  # instances of the series that are here
    expected: int = 0
    is_incomplete: bool = False
    missing_by_position: int = 0
    name_differs: bool = False
    is_confirmed: bool = True
    is_for_diagnosis: bool = True  # the monitor
    chinese: bool = True
    pixel_mm: float | None = None  # of the monitor, where it was measured
    calibration: UserCalibration | None = None  # of this image, by a known length on it
    is_rejected: bool = False  # the hospital withdrew it for its quality
    is_differing: bool = False  # its source has other bytes under the same UID now, or none
    states: int = 0  # presentation states that are for this image
