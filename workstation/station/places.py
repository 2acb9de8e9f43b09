"""Where things stood when the window was last closed: place, size, strip, language. Nothing of a patient."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from workstation import locations

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Places:
    """What is remembered. Zero or empty: not remembered."""

    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0
    is_maximised: bool = False
    strip_width: int = 0
    report_width: int = 0
    language: str = ""


def _file(folder: Path | None) -> Path:
    return (folder or locations.state_dir()) / "window.json"


def load(folder: Path | None = None) -> Places:
    """Read what was remembered; anything odd counts as nothing."""
    try:
        found = json.loads(_file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Places()
    if not isinstance(found, dict):
        return Places()
    kinds = {one.name: type(one.default) for one in fields(Places)}
    usable: dict[str, Any] = {name: v for name, v in found.items() if name in kinds and type(v) is kinds[name]}
    return Places(**usable)


def save(places: Places, folder: Path | None = None) -> None:
    """Remember; a disk that refuses is noted at the lowest level, for nothing is lost but comfort."""
    target = _file(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        part.write_text(json.dumps(asdict(places)), encoding="utf-8")
        part.replace(target)
    except OSError as error:
        _log.info("window places were not kept: %s", type(error).__name__)
