"""The search row of the report pane: a field, n of m, the next and the previous place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from workstation.ui import theme
from workstation.ui.language import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

MOST_ICON: Final = 28  # px: the pane is narrow, and it is there for the report


class SearchField(QLineEdit):
    """A field whose Enter, Shift+Enter, F3 and Escape are its own, whatever the window does with them.

    Signals
    -------
    stepped : (int) 1 for the next place, -1 for the one before
    left : Escape on an empty field
    """

    stepped = Signal(int)
    left = Signal()

    def event(self, event: QEvent) -> bool:
        """See QObject."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_own(event):  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3, Qt.Key.Key_Escape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QWidget."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)


class SearchBar(QWidget):
    """Field, count and arrows.

    Signals
    -------
    changed : (str) other words are looked for
    moved : (int) the place to show, from 0
    """

    changed = Signal(str)
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._current = 0
        self._is_running = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.field = SearchField(self)
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(90)
        self.field.textChanged.connect(self.changed)
        self.field.stepped.connect(self.step)
        self.told = QLabel(self)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setProperty("tone", "secondary")
        row.addWidget(self.field, 1)
        row.addWidget(self.told)
        self.previous = self._button("chevron-up", -1)
        self.next = self._button("chevron-down", 1)
        row.addWidget(self.previous)
        row.addWidget(self.next)
        self.show_count(0)

    def _button(self, icon: str, step: int) -> QToolButton:
        made = QToolButton(self)
        theme.put_icon(made, icon, theme.icon_px(most=MOST_ICON))
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda: self.step(step))
        return made

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.field.setPlaceholderText(tr("Search in the report"))
        self.field.setAccessibleName(tr("Search in the report"))
        side = theme.icon_px(most=MOST_ICON)
        theme.put_icon(self.previous, "chevron-up", side)
        theme.put_icon(self.next, "chevron-down", side)
        for button, words in ((self.previous, tr("Previous place")), (self.next, tr("Next place"))):
            button.setAccessibleName(words)
            button.setToolTip(words + (" [Shift+F3]" if button is self.previous else " [F3]"))
        self.show_count(self._count, running=self._is_running)

    def show_count(self, count: int, *, running: bool = False) -> None:
        """So many places are known; `running`: more may come."""
        if self._current >= count:
            self._current = 0
        self._count, self._is_running = count, running
        words = ""
        if self.field.text():
            words = tr("{n} of {total}", n=self._current + 1, total=count) if count else tr("Not found")
            if running:
                words = tr("Searching …") if not count else f"{words} …"
        self.told.setText(words)
        for button in (self.previous, self.next):
            button.setEnabled(count > 0)

    @property
    def has_hits(self) -> bool:
        """Whether a place is known."""
        return self._count > 0

    def step(self, step: int) -> None:
        """Go to the next or previous place, round the ends."""
        if self._count:
            self._current = (self._current + step) % self._count
            self.show_count(self._count, running=self._is_running)
            self.moved.emit(self._current)

    def restart(self) -> None:
        """Other words: begin at the first place."""
        self._current = 0
        self.show_count(0, running=bool(self.field.text()))
