"""Where things stood when the windows were last closed: places by monitor, panes, language. Nothing of a patient."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from workstation import locations
from workstation.station import kept
from workstation.station.displays import WindowPlace

if TYPE_CHECKING:
    from pathlib import Path

_MOST_WINDOWS: Final = 4


@dataclass(frozen=True, slots=True)
class Places:
    """What is remembered. Zero or empty: not remembered.

    Attributes
    ----------
    arrangements : dict
        For the monitors that were there together (`displays.arrangement_of`), the windows: the main one first.
    """

    arrangements: dict[str, tuple[WindowPlace, ...]] = field(default_factory=dict)
    strip_width: int = 0
    language: str = ""
    report_width: int = 0


def _file(folder: Path | None) -> Path:
    return (folder or locations.state_dir()) / "window.json"


def load(folder: Path | None = None) -> Places:
    """Read what was remembered; anything odd counts as nothing."""
    found = kept.read_json(_file(folder))
    kinds = {name: type(value) for name, value in asdict(Places()).items() if name != "arrangements"}
    usable: dict[str, Any] = {name: v for name, v in found.items() if name in kinds and type(v) is kinds[name]}
    return Places(_arrangements(found.get("arrangements")), **usable)


def _arrangements(found: object) -> dict[str, tuple[WindowPlace, ...]]:
    if not isinstance(found, dict):
        return {}
    read = {str(key): _windows(places) for key, places in found.items()}
    return {key: places for key, places in read.items() if places}


def _windows(found: object) -> tuple[WindowPlace, ...]:
    places = [_window(one) for one in found[:_MOST_WINDOWS]] if isinstance(found, list) else []
    whole = [place for place in places if place is not None]
    return tuple(whole) if len(whole) == len(places) else ()


def _window(found: object) -> WindowPlace | None:
    if not isinstance(found, dict):
        return None
    shares = [found.get(name) for name in ("left", "top", "width", "height")]
    states = [found.get(name) for name in ("is_maximised", "is_full_screen")]
    if not all(isinstance(one, (int, float)) and abs(one) <= 10 for one in shares):
        return None
    if not isinstance(found.get("display"), str) or not all(isinstance(one, bool) for one in states):
        return None
    return WindowPlace(**{one.name: found[one.name] for one in fields(WindowPlace)})


def save(places: Places, folder: Path | None = None) -> None:
    """Remember, where the disk allows it."""
    kept.write_json(_file(folder), asdict(places))
