"""Texts of data on the desk: always plain, cut with an ellipsis where there is no room, never wider than the window."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QStylePainter, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_SHORTEST_CHARACTERS: Final = 12  # what stays of a text in the narrowest window


def plain_tip(text: str) -> str:
    """Give the text of a tool tip as it stands: Qt would read markup in a description, and load what it names."""
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>' if set(text) & set("<&") else text


class ElidedLabel(QLabel):
    """One line of plain text that gives way: where it does not fit, its end is an ellipsis and its tip is the whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        """See QLabel."""
        super().setText(text)
        self.setToolTip(plain_tip(text))

    def minimumSizeHint(self) -> QSize:
        """See QWidget."""
        wished = super().sizeHint()
        shortest = self.fontMetrics().averageCharWidth() * _SHORTEST_CHARACTERS
        return QSize(min(wished.width(), shortest), wished.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """See QWidget."""
        del event
        painter = QStylePainter(self)
        box = self.contentsRect()
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawItemText(
            box, self.alignment().value, self.palette(), self.isEnabled(), words, self.foregroundRole()
        )
        painter.end()
