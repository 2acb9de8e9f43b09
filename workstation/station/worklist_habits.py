"""How the worklist was last used: period, modalities, source, order, widths. Never a name, a number or a typed text."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from workstation import locations
from workstation.station import kept

if TYPE_CHECKING:
    from pathlib import Path

PERIODS: Final = ("today", "yesterday", "3", "7", "30", "365", "range", "any")
REMEMBERED_PERIODS: Final = PERIODS[:6]  # a range is of one patient's story, and no date at all is never a habit
DEFAULT_PERIOD: Final = "7"
_MOST_ENTRIES: Final = 32
_LONGEST_WORD: Final = 64
_WIDEST: Final = 4000


@dataclass(frozen=True, slots=True)
class WorklistHabits:
    """What is remembered.

    Attributes
    ----------
    period : str
        One of `REMEMBERED_PERIODS`: a day, or so many days until today.
    modalities : tuple of str
        Chosen modalities; empty: all.
    source : str
        Name of the one source that is searched; empty: all.
    sort, is_descending
        Name of the column that the list is sorted by, and the direction.
    widths : dict
        Column name to width, logical pixels.
    """

    period: str = DEFAULT_PERIOD
    modalities: tuple[str, ...] = ()
    source: str = ""
    sort: str = "date"
    is_descending: bool = True
    widths: dict[str, int] = field(default_factory=dict)


def _file(folder: Path | None) -> Path:
    return (folder or locations.state_dir()) / "worklist.json"


def load(folder: Path | None = None) -> WorklistHabits:
    """Read what was remembered; anything odd counts as nothing."""
    found, default = kept.read_json(_file(folder)), WorklistHabits()
    modalities = found.get("modalities")
    widths = found.get("widths")
    period = found.get("period")
    return WorklistHabits(
        period=period if period in REMEMBERED_PERIODS else default.period,
        modalities=tuple(one for one in modalities[:_MOST_ENTRIES] if _is_word(one))
        if isinstance(modalities, list)
        else (),
        source=found["source"] if _is_word(found.get("source")) else "",
        sort=found["sort"] if _is_word(found.get("sort")) else default.sort,
        is_descending=found.get("is_descending") is not False,
        widths={name: width for name, width in widths.items() if _is_word(name) and _is_width(width)}
        if isinstance(widths, dict)
        else {},
    )


def _is_word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_WORD


def _is_width(value: object) -> bool:
    return type(value) is int and 0 < value <= _WIDEST


def save(habits: WorklistHabits, folder: Path | None = None) -> None:
    """Remember, where the disk allows it."""
    kept.write_json(_file(folder), asdict(habits))
