"""Texts of data on the desk: always plain, cut with an ellipsis where there is no room, never wider than the window."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QStylePainter,
    QWidget,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

_SHORTEST_CHARACTERS: Final = 12  # what stays of a text in the narrowest window
_BESIDE_A_HINT: Final = 4  # px: Qt's own margins within a line, beside those of the style sheet


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


class ElidedChooser(QComboBox):
    """A choice whose words are cut with an ellipsis where there is no room; the whole is told on hover."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """See QWidget."""
        del event
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        words = QFontMetrics(self.font()).elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room - 4)
        option.currentText = words
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        self.setToolTip(plain_tip(self.currentText()) if words != self.currentText() else "")


class HintedLine(QLineEdit):
    """A line that shows, while it is empty, the longest of its hints that it has room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hints: tuple[str, ...] = ()

    def set_hints(self, *hints: str) -> None:
        """The hints, the longest first; the last one is short enough for any window."""
        self._hints = hints
        self._fit()

    def _fit(self) -> None:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self).width() - _BESIDE_A_HINT
        metrics = QFontMetrics(self.font())
        fitting = (hint for hint in self._hints if metrics.horizontalAdvance(hint) <= room)
        self.setPlaceholderText(next(fitting, self._hints[-1] if self._hints else ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QWidget."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """See QWidget."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
