"""`MarkEntry`: the words of a text, or the known length of a calibration, typed where it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.measuring.measurement import Kind
from workstation.ui import theme
from workstation.ui.language import tr

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

_WIDTH = 220


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
        self.hide()
        self.returnPressed.connect(self._give)
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

    def _give(self) -> None:
        self.hide()
        self.given.emit(self.text().strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape drops; keys of the window are letters here. See QObject."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.dropped.emit()
            return True
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
            if self.text().strip():
                self.given.emit(self.text().strip())
            else:
                self.dropped.emit()
        return super().eventFilter(watched, event)
