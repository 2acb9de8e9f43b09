"""Writes settings to the TOML file they were read from: what was changed, and nothing else; comments stay."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from workstation.errors import ConfigError, StationError
from workstation.settings import SECTIONS, Settings, parse
from workstation.station import kept

if TYPE_CHECKING:
    from pathlib import Path

    from workstation.reference import Source

_TABLES: Final = tuple(sorted(SECTIONS - {"source", "keys"}))
_NEEDED: Final = ("name", "root")


def save(path: Path, old: Settings, new: Settings) -> None:
    """Write what differs between two settings; an entry that is set to its default leaves the file.

    What IT locked is never written. A file that is no TOML is kept beside the new one.

    Raises
    ------
    StationError
        cannot-write
    ConfigError
        The new settings are not valid; nothing was written.
    """
    document = _document(path)
    defaults = Settings()
    for section in _TABLES:
        _write_section(document, section, (getattr(old, section), getattr(new, section), getattr(defaults, section)))
    if old.keys != new.keys:
        _write_keys(document, new)
    if old.sources != new.sources:
        _write_sources(document, old, new)
    text = tomlkit.dumps(document)
    parse(text, path.name)
    try:
        kept.write(path, text.replace("\n", os.linesep).encode())  # people open it with what their system has
    except OSError as error:
        raise StationError("cannot-write", reason=path.name) from error


def _document(path: Path) -> tomlkit.TOMLDocument:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return tomlkit.document()
    except (OSError, UnicodeDecodeError):
        _put_aside(path)
        return tomlkit.document()
    try:
        parse(text, path.name)
        return tomlkit.parse(text)
    except (ConfigError, TOMLKitError):
        _put_aside(path)
        return tomlkit.document()


def _put_aside(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.replace(path.with_name(f"{path.name}.wrong-{time.strftime('%Y%m%d-%H%M%S')}"))


def _write_section(document: tomlkit.TOMLDocument, section: str, values: tuple[Any, Any, Any]) -> None:
    old, new, default = values
    for one in fields(new):
        value = getattr(new, one.name)
        if value == getattr(old, one.name):
            continue
        table = document.get(section)
        if value == getattr(default, one.name):
            if table is not None:
                table.pop(one.name, None)
            continue
        if table is None:
            table = document[section] = tomlkit.table()
        document[section][one.name] = list(value) if isinstance(value, tuple) else value


def _write_keys(document: tomlkit.TOMLDocument, new: Settings) -> None:
    document.pop("keys", None)
    own = [(action, keys) for action, keys in new.keys if f"keys.{action}" not in new.locked]
    if own:
        table = tomlkit.table()
        for action, keys in own:
            table[action] = list(keys)
        document["keys"] = table


def _write_sources(document: tomlkit.TOMLDocument, old: Settings, new: Settings) -> None:
    """Each source in its own place; one that neither settings know, or that IT locked, stays as it is."""
    wished = {one.name: one for one in new.sources if f"source:{one.name}" not in new.locked}
    gone = {one.name for one in old.sources if f"source:{one.name}" not in old.locked} - set(wished)
    listed = document.get("source")
    if listed is None:
        listed = tomlkit.aot()
    for number in reversed(range(len(listed))):
        name = listed[number].get("name")
        if name in gone:
            del listed[number]
        elif name in wished:
            _write_source(listed[number], wished.pop(name))
    for source in wished.values():
        table = tomlkit.table()
        _write_source(table, source)
        listed.append(table)
    document.pop("source", None)
    if listed:
        document["source"] = listed


def _write_source(table: Any, source: Source) -> None:
    for one in fields(source):
        value = getattr(source, one.name)
        plain = list(value) if isinstance(value, tuple) else value
        if one.name not in _NEEDED and value == one.default:
            table.pop(one.name, None)
        elif table.get(one.name) != plain:
            table[one.name] = plain
