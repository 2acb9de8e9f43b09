"""`DayField`: a day as digits, the same in every language. It never holds a day that there is not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 30, Qt.Key.Key_PageDown: -30}


class DayField(QLineEdit):
    """A day, YYYY-MM-DD; arrows go a day, page keys thirty. What is no day becomes again what it was.

    Signals
    -------
    changed : another day was entered
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day = date.today()
        self.setInputMask("0000-00-00;_")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.editingFinished.connect(self._take)
        self.set_day(self._day)

    @property
    def day(self) -> date:
        """The day; one that is half typed does not count."""
        return self._typed() or self._day

    def set_day(self, day: date) -> None:
        """Show a day."""
        self._day = day
        self.setText(day.isoformat())

    def _typed(self) -> date | None:
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            return None

    def _take(self) -> None:
        is_other = self.day != self._day
        self.set_day(self.day)
        if is_other:
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QWidget."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        place = self.cursorPosition()
        try:
            self.set_day(self.day + timedelta(days=step))
        except OverflowError:
            return
        self.setCursorPosition(place)
        self.changed.emit()
