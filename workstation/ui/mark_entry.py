"""`MarkEntry`: the words of a text, or the known length of a calibration, typed where it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from workstation.measuring.measurement import Kind
from workstation.ui import theme
from workstation.ui.language import tr

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

_WIDTH: Final = 220
_COMES_BACK: Final = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class MarkEntry(QLineEdit):
    """A field on the glass.

    Signals
    -------
    given : (text) Enter was pressed
    dropped : Escape was pressed, or the focus went elsewhere with nothing typed
    """

    given = Signal(str)
    dropped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.problem = QLabel(parent)
        self.problem.setObjectName("bubble")
        self.problem.setProperty("tone", "amber")
        self.problem.setMargin(6)
        self.problem.setWordWrap(True)
        self.fold()
        self.returnPressed.connect(lambda: self.given.emit(self.text().strip()))
        self.textEdited.connect(lambda _text: self.problem.hide())
        self.installEventFilter(self)

    def ask(self, kind: Kind, at: QPoint, text: str = "") -> None:
        """Ask at a place of the viewport."""
        hint = tr("Known length, mm") if kind is Kind.CALIBRATION else tr("Words")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setText(text)
        self.setFixedWidth(round(_WIDTH * theme.text_scale() / 100))
        self.adjustSize()
        right, bottom = self._room.width() - self.width() - 4, self._room.height() - self.height() - 4
        self.move(max(4, min(at.x() + 12, right)), max(4, min(at.y() + 12, bottom)))
        self.show()
        self.raise_()
        self.setFocus()
        self.selectAll()

    def refuse(self, words: str) -> None:
        """What was typed cannot be: say why; it stays to be mended."""
        self.problem.setText(words)
        self.problem.setFixedWidth(self.width())
        self.problem.adjustSize()
        below = self.geometry().bottom() + 4
        fits = below + self.problem.height() <= self._room.height()
        self.problem.move(self.x(), below if fits else self.y() - 4 - self.problem.height())
        self.problem.show()
        self.problem.raise_()
        self.setAccessibleDescription(words)
        self.selectAll()

    def fold(self) -> None:
        """Nothing is asked, and nothing of what was typed stays."""
        self.hide()
        self.problem.hide()
        self.clear()
        self.setAccessibleDescription("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape drops; keys of the window are letters here. See QObject."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
            return True
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent) and self.isVisible():
            self._on_left(event.reason())
        return super().eventFilter(watched, event)

    def _on_left(self, reason: Qt.FocusReason) -> None:
        """What was typed is given when the focus goes to something else of the window, not to another program."""
        if reason in _COMES_BACK:
            return
        if self.text().strip():
            self.given.emit(self.text().strip())
        else:
            self.dropped.emit()
