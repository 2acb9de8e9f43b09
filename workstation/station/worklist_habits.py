"""How the worklist was last used: period, modalities, source, order, widths. Never a name, a number or a typed text."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from workstation import locations

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)
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
    try:
        found = json.loads(_file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return WorklistHabits()
    return _read(found) if isinstance(found, dict) else WorklistHabits()


def _read(found: dict[str, Any]) -> WorklistHabits:
    default = WorklistHabits()
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
    """Remember; a disk that refuses is noted at the lowest level, for nothing is lost but comfort."""
    target = _file(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        part.write_text(json.dumps(asdict(habits)), encoding="utf-8")
        part.replace(target)
    except OSError as error:
        _log.info("the worklist's habits were not kept: %s", type(error).__name__)
