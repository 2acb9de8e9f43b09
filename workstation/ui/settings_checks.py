"""A list of checks with their verdicts as they come: what was asked, whether it went well, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workstation.station.diagnostics import Outcome
from workstation.ui import theme
from workstation.ui.language import tr

if TYPE_CHECKING:
    from workstation.station.diagnostics import Verdict

_ICONS: Final = {
    Outcome.GOOD: ("circle-check", theme.GREEN),
    Outcome.WARNING: ("alert-triangle", theme.AMBER),
    Outcome.BAD: ("x", theme.RED),
}
_WORDS: Final = {Outcome.SKIPPED: "–"}
_ICON_PX: Final = 18


class CheckList(QWidget):
    """Verdicts, one a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 8, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)
        self.lines: list[tuple[str, Outcome, str]] = []

    def clear(self) -> None:
        """Nothing has been asked."""
        self.lines.clear()
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def add(self, name: str, verdict: Verdict) -> None:
        """One more verdict."""
        row = len(self.lines)
        self.lines.append((name, verdict.outcome, verdict.words))
        sign = QLabel(_WORDS.get(verdict.outcome, ""), self)
        if verdict.outcome in _ICONS:
            icon, colour = _ICONS[verdict.outcome]
            sign.setPixmap(theme.pixmap(icon, colour, theme.icon_px(_ICON_PX), self.devicePixelRatioF()))
        words = QLabel(verdict.words, self)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setProperty("tone", "red" if verdict.outcome is Outcome.BAD else "secondary")
        named = QLabel(tr(name), self)
        named.setAccessibleName(f"{tr(name)}: {verdict.words}")
        for column, widget in enumerate((sign, named, words)):
            self._grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)


class BusyButton(QPushButton):
    """A button that keeps the keyboard while what it began goes on: it looks disabled and does nothing.

    One that were disabled would hand the keyboard to the next button, where the same key does something else.

    Signals
    -------
    asked : it was pressed, and nothing was going on
    """

    asked = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.is_busy = False
        self.clicked.connect(self._on_clicked)

    def set_busy(self, is_busy: bool) -> None:
        """Whether what it began goes on."""
        self.is_busy = is_busy
        self.setProperty("busy", is_busy)
        self.style().unpolish(self)
        self.style().polish(self)

    def _on_clicked(self) -> None:
        if not self.is_busy:
            self.asked.emit()


def checked(button: QPushButton, steps: CheckList, form: QWidget | None = None) -> QWidget:
    """A form, a button that checks something, and the verdicts."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    if form is not None:
        column.addWidget(form)
    column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    column.addWidget(steps)
    return page
