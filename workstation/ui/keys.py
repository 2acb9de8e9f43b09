"""The keys of the commands: those of the settings where they are keys, else those of the table of actions."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QKeySequence

from workstation.errors import ConfigError
from workstation.ui.actions import ACTIONS, BY_ID
from workstation.ui.language import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workstation.ui.action import Action

_OWN_KEYS: dict[str, tuple[str, ...]] = {}
_A_KEY: Final = mark("a key such as J or Ctrl+I")
_NONE: Final = frozenset({"", "Shift", "Control", "Alt", "AltGr", "Meta", "CapsLock"})  # or no key by itself


def bind_keys(keys: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[ConfigError, ...]:
    """Use other keys than the table's for some commands, from now on; windows that are open rebind themselves.

    Returns
    -------
    tuple of ConfigError
        What was not taken, or does nothing: a command that is none, a key that is none, a key of two commands.
    """
    _OWN_KEYS.clear()
    problems: list[ConfigError] = []
    for action_id, wished in keys:
        wrong = _unknown(action_id) if action_id not in BY_ID else _odd(action_id, wished)
        if wrong is None:
            _OWN_KEYS[action_id] = wished
        else:
            problems.append(wrong)
    for key, ids in clashes(_OWN_KEYS).items():
        problems.append(ConfigError("config-key-twice", key=key, commands=", ".join(ids)))
    return tuple(problems)


def keys_of(action: Action) -> tuple[str, ...]:
    """The keys of a command: those of the settings, else those of the table."""
    return _OWN_KEYS.get(action.action_id, action.keys)


def is_key(text: str) -> bool:
    """Whether a text names one key, with or without modifiers, as Qt writes it."""
    read = QKeySequence(text)
    return read.count() == 1 and read.toString() not in _NONE


def clashes(keys: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Keys that more than one command has, with those commands."""
    users: dict[str, list[str]] = {}
    for action in ACTIONS:
        for key in keys.get(action.action_id, action.keys):
            users.setdefault(QKeySequence(key).toString(), []).append(action.action_id)
    return {key: tuple(ids) for key, ids in users.items() if len(ids) > 1 and key}


def _unknown(action_id: str) -> ConfigError:
    close = difflib.get_close_matches(action_id, BY_ID, n=1)
    return ConfigError("config-unknown-key", key=f"keys.{action_id}", suggestion=close[0] if close else "")


def _odd(action_id: str, wished: tuple[str, ...]) -> ConfigError | None:
    if all(is_key(key) for key in wished):
        return None
    return ConfigError("config-bad-value", key=f"keys.{action_id}", reason=_A_KEY)
