"""The film door's field: letters, digits and marks of ASCII, and pictures pasted into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence

from workstation.ui.labels import HintedLine

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class EntryField(HintedLine):
    """A field for links and numbers.

    No input method works in it: nothing that is entered here is Chinese, and what a scanner types would be composed.

    Signals
    -------
    picture_pasted : the paste key was pressed and the clipboard holds a picture and no text
    """

    picture_pasted = Signal()

    def inputMethodQuery(self, query: Qt.InputMethodQuery, *arguments: object) -> object:
        """See QWidget."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query, *arguments)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QWidget."""
        if event.matches(QKeySequence.StandardKey.Paste):
            held = QGuiApplication.clipboard().mimeData()
            if held is not None and held.hasImage() and not held.hasText():
                self.picture_pasted.emit()
                return
        super().keyPressEvent(event)
