"""`Shortcuts`: the keys of the action table for one window, and which of them work on which page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from workstation.ui.actions import ACTIONS
from workstation.ui.keys import keys_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_WORK_ON_THE_DOOR: Final = ("desk.back", "film.search")
_WORK_IN_FIELDS: Final = ("Ctrl+Shift+", "Ctrl+Alt+", "Ctrl+,", "F")


class Shortcuts:
    """The keys of one window.

    Parameters
    ----------
    window : QWidget
        Keys act while the focus is in it.
    trigger : callable
        Runs a command by its id.
    """

    def __init__(self, window: QWidget, trigger: Callable[[str], None]) -> None:
        self._window = window
        self._trigger = trigger
        self._is_reading = True
        self._keys: dict[str, tuple[str, ...]] = {}
        self._made: dict[str, list[QShortcut]] = {}
        self.rebind()

    def rebind(self) -> None:
        """Take the keys that the settings name now, if they are others."""
        keys = {action.action_id: keys_of(action) for action in ACTIONS}
        if keys == self._keys:
            return
        self._keys = keys
        for shortcuts in self._made.values():
            for shortcut in shortcuts:
                shortcut.setEnabled(False)
                shortcut.deleteLater()
        self._made = {}
        for action_id, bound in keys.items():
            for key in bound:
                shortcut = QShortcut(QKeySequence(key), self._window)
                shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
                shortcut.activated.connect(partial(self._trigger, action_id))
                self._made.setdefault(action_id, []).append(shortcut)
        self.set_reading(self._is_reading)

    def set_reading(self, reading: bool) -> None:
        """On a page with fields single keys are letters: only chords, function keys and Escape work there."""
        self._is_reading = reading
        for action_id, shortcuts in self._made.items():
            for shortcut in shortcuts:
                name = shortcut.key().toString()
                works_in_field = name.startswith(_WORK_IN_FIELDS) and len(name) > 1
                shortcut.setEnabled(reading or action_id in _WORK_ON_THE_DOOR or works_in_field)
