"""`Monitor`: what a person declared of one monitor: what it is for, its way to the GSDF, its checks, its pixel's size.

All of it is bound to a key of maker, model, serial number and resolution (`ui.screens.monitor_key`): another monitor,
or the same one driven at another resolution, has nothing declared. Nothing of a patient.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from workstation import locations
from workstation.dicom.luminances import DIAGNOSTIC_LIMIT, OTHER_LIMIT, Measured
from workstation.station import kept

if TYPE_CHECKING:
    from pathlib import Path

    from workstation.settings import MonitorSettings

CHECK_DAYS: Final = 90  # after so many days a check counts no more
SQUARE: Final = 0.02  # largest difference of a pixel's width and height at which life size is true to 1 % in both
_MOST: Final = 64
_MOST_PATCHES: Final = 256
_PIXEL_MM: Final = (0.02, 2.0)  # from a head-mounted display to a wall


class Role(StrEnum):
    """What a monitor is for."""

    DIAGNOSTIC = "diagnostic"
    CLINICAL = "clinical"
    OPERATING_ROOM = "operating-room"
    PATIENT = "patient"


class Way(StrEnum):
    """How P-values become luminances on it."""

    HARDWARE = "hardware"  # the monitor has the table: P-values are sent as they are
    SOFTWARE = "software"  # the program has the table, from measured luminances
    UNDECLARED = "undeclared"


class Standing(StrEnum):
    """Whether a monitor may be relied on."""

    DIAGNOSTIC = "diagnostic"
    OTHER = "other"  # fit for what it is for, which is not diagnosis
    UNDECLARED = "undeclared"
    UNCHECKED = "unchecked"
    OVERDUE = "overdue"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """The last check of a monitor.

    Attributes
    ----------
    on : str
        ISO date.
    worst : float or None
        Largest deviation of contrast that was measured; None: the monitor's own software checked it.
    """

    on: str = ""
    worst: float | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """The last look at a test pattern: when, and how many of its 18 squares showed both their marks."""

    on: str = ""
    squares: int = 0


@dataclass(frozen=True, slots=True)
class Monitor:
    """What is declared of one monitor.

    Attributes
    ----------
    measured : Measured or None
        Luminances that its table is made of, for `Way.SOFTWARE`.
    pixel_mm : (float, float) or None
        Width and height of a device pixel by ruler or card, millimetres.
    is_set_by_it : bool
        Declared in the file that IT placed on the machine, which answers for its checks, too.
    """

    role: Role = Role.CLINICAL
    way: Way = Way.UNDECLARED
    measured: Measured | None = None
    check: Check = Check()
    look: Look = Look()
    pixel_mm: tuple[float, float] | None = None
    is_set_by_it: bool = False

    @property
    def limit(self) -> float:
        """The largest deviation of contrast that its role allows."""
        return DIAGNOSTIC_LIMIT if self.role is Role.DIAGNOSTIC else OTHER_LIMIT

    @property
    def has_table(self) -> bool:
        """Whether the program has a table for it."""
        return self.way is Way.SOFTWARE and self.measured is not None and self.measured.flaw is None

    @property
    def has_square_pixels(self) -> bool:
        """Whether life size is possible: the same scale holds across and down."""
        if self.pixel_mm is None:
            return False
        return abs(self.pixel_mm[0] / self.pixel_mm[1] - 1) <= SQUARE

    def standing(self, today: date) -> Standing:
        """Whether it may be relied on today."""
        if self.way is Way.UNDECLARED or (self.way is Way.SOFTWARE and not self.has_table):
            return Standing.UNDECLARED
        if not self.is_set_by_it:
            checked = _day(self.check.on)
            if checked is None or (self.way is Way.SOFTWARE and self.check.worst is None):
                return Standing.UNCHECKED
            if not 0 <= (today - checked).days <= CHECK_DAYS:
                return Standing.OVERDUE
        if self.check.worst is not None and self.check.worst > self.limit:
            return Standing.FAILED
        return Standing.DIAGNOSTIC if self.role is Role.DIAGNOSTIC else Standing.OTHER

    def is_marked(self, today: date) -> bool:
        """Whether what stands on it is marked as not for diagnosis."""
        return self.standing(today) not in (Standing.DIAGNOSTIC, Standing.OTHER)

    def declared(self, way: Way) -> Monitor:
        """The same monitor going another way: what was checked before counts no more."""
        return self if way is self.way else replace(self, way=way, check=Check(), look=Look())

    def with_measured(self, measured: Measured) -> Monitor:
        """With another table: what was checked before counts no more."""
        return replace(self, way=Way.SOFTWARE, measured=measured, check=Check(), look=Look())


UNDECLARED: Final = Monitor()


@dataclass(frozen=True, slots=True)
class Monitors:
    """Every monitor of which something is declared, by its key."""

    declared: dict[str, Monitor] = field(default_factory=dict)
    by_it: tuple[tuple[str, Role], ...] = ()

    def of(self, key: str) -> Monitor:
        """What is declared of a monitor; nothing, of one that is not known."""
        found = self.declared.get(key, UNDECLARED)
        role = self._role_by_it(key)
        if role is None:
            return found
        return replace(found, role=role, way=Way.HARDWARE, measured=None, check=Check(), is_set_by_it=True)

    def _role_by_it(self, key: str) -> Role | None:
        """IT names a model, or a model and a serial number."""
        _, model, serial, *_ = [*key.split("|"), "", "", ""]
        names = {model, f"{model} {serial}"} - {"", " "}
        return next((role for name, role in self.by_it if name in names), None)

    def with_monitor(self, key: str, monitor: Monitor) -> Monitors:
        """With something else declared of one; the oldest are forgotten."""
        others = {known: one for known, one in self.declared.items() if known != key}
        kept_ones = list({**others, key: replace(monitor, is_set_by_it=False)}.items())[-_MOST:]
        return replace(self, declared=dict(kept_ones))

    def with_settings(self, settings: MonitorSettings) -> Monitors:
        """With what IT declares."""
        named = (
            (Role.DIAGNOSTIC, settings.diagnostic), (Role.CLINICAL, settings.clinical),
            (Role.OPERATING_ROOM, settings.operating_room), (Role.PATIENT, settings.patient),
        )  # fmt: skip
        return replace(self, by_it=tuple((name, role) for role, names in named for name in names))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# Kept on disk --------------------------------------------------------------------------------------------------------


def _file(folder: Path | None) -> Path:
    return (folder or locations.state_dir()) / "monitors.json"


def load(folder: Path | None = None) -> Monitors:
    """Read what was declared; what is odd counts as nothing declared, never as something else."""
    found = kept.read_json(_file(folder))
    read = {key: _monitor(value) for key, value in list(found.items())[:_MOST]}
    return Monitors({key: one for key, one in read.items() if one is not None})


def save(monitors: Monitors, folder: Path | None = None) -> None:
    """Keep, where the disk allows it."""
    kept.write_json(_file(folder), {key: _plain(one) for key, one in monitors.declared.items()})


def _plain(monitor: Monitor) -> dict[str, Any]:
    plain = asdict(monitor)
    del plain["is_set_by_it"]
    return plain


def _monitor(found: object) -> Monitor | None:
    """One monitor, or None when a word of it is not understood: half a declaration is none."""
    try:
        return _read(found) if isinstance(found, dict) else None
    except (LookupError, TypeError, ValueError):
        return None


def _read(found: dict[str, Any]) -> Monitor:
    measured = found["measured"]
    luminances = _measured(measured) if measured is not None else None
    pixel = found["pixel_mm"]
    worst = found["check"]["worst"]
    look = found["look"]
    return Monitor(
        role=Role(found["role"]),
        way=Way(found["way"]),
        measured=luminances,
        check=Check(_date_text(found["check"]["on"]), None if worst is None else _number(worst, 0, 1e6)),
        look=Look(_date_text(look["on"]), int(_number(look["squares"], 0, 18))),
        pixel_mm=None if pixel is None else (_number(pixel[0], *_PIXEL_MM), _number(pixel[1], *_PIXEL_MM)),
    )


def _measured(found: dict[str, Any]) -> Measured:
    levels = tuple(int(_number(one, 0, 255)) for one in found["levels"][:_MOST_PATCHES])
    luminances = tuple(_number(one, 0, 1e5) for one in found["luminances"][:_MOST_PATCHES])
    made = Measured(levels, luminances, _number(found["ambient"], 0, 1e5))
    if made.flaw is not None:
        raise ValueError(made.flaw)
    return made


def _number(found: object, least: float, most: float) -> float:
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
        raise ValueError(type(found).__name__)
    if not least <= found <= most:
        raise ValueError(found)
    return float(found)


def _date_text(found: object) -> str:
    if not isinstance(found, str) or (found and _day(found) is None):
        raise ValueError(type(found).__name__)
    return found
