"""`Rows`: labels with what they name, one below the other; where that is too wide, each label stands above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_BETWEEN: Final = 16  # px between a label and what it names


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes
    ----------
    label : QLabel or None
        Names the widget.
    beside, below : QLabel or None
        What is said of it, on its right and in a line of its own.
    """

    label: QLabel | None
    widget: QWidget
    beside: QLabel | None = None
    below: QLabel | None = None


class Rows(QWidget):
    """The rows of a form.

    Parameters
    ----------
    spacing, gap : int
        Pixels between lines, and more of them after each row.
    """

    def __init__(self, parent: QWidget | None = None, *, spacing: int = -1, gap: int = 0) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._gap = gap
        self._is_narrow = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_BETWEEN)
        if spacing >= 0:
            self._grid.setVerticalSpacing(spacing)
        self._grid.setColumnStretch(1, 1)

    def add(self, row: Row) -> None:
        """One more row; its widgets become children of this one."""
        self._rows.append(row)
        self._place(len(self._rows) - 1, row)

    def _place(self, number: int, row: Row) -> None:
        line, column = 4 * number, 0 if self._is_narrow else 1
        for widget in (row.label, row.widget, row.beside, row.below):
            if widget is not None:
                self._grid.removeWidget(widget)
        if row.label is not None and self._is_narrow:
            self._grid.addWidget(row.label, line, 0, 1, 2)
        elif row.label is not None:
            self._grid.addWidget(row.label, line + 1, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(row.widget, line + 1, column, 1, 3 if self._is_narrow else 1)
        if row.beside is not None:
            self._grid.addWidget(row.beside, line + (0 if self._is_narrow and row.label is not None else 1), 2)
        if row.below is not None:
            self._grid.addWidget(row.below, line + 2, column, 1, 3 - column)
        if self._gap:
            self._grid.setRowMinimumHeight(line + 3, self._gap)

    def _least(self, *, narrow: bool) -> int:
        """The width that the rows need, with labels above or beside."""
        labels = max((_width(row.label) for row in self._rows), default=0)
        widgets = max((_width(row.widget) for row in self._rows), default=0)
        beside = max((_width(row.beside) for row in self._rows), default=0)
        return max(labels + beside, widgets) if narrow else labels + _BETWEEN + widgets + beside

    def minimumSizeHint(self) -> QSize:
        """As wide as with the labels above, and never squeezed. See QWidget."""
        has_texts = self._grid.hasHeightForWidth()
        height = self._grid.heightForWidth(self.width()) if has_texts else self._grid.sizeHint().height()
        return QSize(self._least(narrow=True), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QWidget."""
        super().resizeEvent(event)
        is_narrow = self.width() < self._least(narrow=False)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            for number, row in enumerate(self._rows):
                self._place(number, row)
        self.updateGeometry()  # texts that wrap are higher where it is narrower


def _width(widget: QWidget | None) -> int:
    """The least width of a widget; of none, or one that is hidden, none."""
    if widget is None or widget.isHidden():
        return 0
    return widget.minimumSizeHint().expandedTo(widget.minimumSize()).width()
