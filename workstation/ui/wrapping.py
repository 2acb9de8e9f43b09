"""`WrappingRow`: widgets side by side, and in as many rows as it takes where the window is narrow or the text large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QSpacerItem

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_SPACING: Final = 8  # px


class WrappingRow(QLayout):
    """A row that wraps. Nothing in it is narrower than it wishes to be, unless it alone is wider than the row.

    What a row has left over goes to what expands in it: a field, or the gap of `add_gap`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(_SPACING)

    def add_gap(self) -> None:
        """What follows stands at the far end of its row."""
        self.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum))

    # QLayout ---------------------------------------------------------------

    def addItem(self, item: QLayoutItem) -> None:
        """See QLayout."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """See QLayout."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """See QLayout."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """See QLayout."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """See QLayout."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """See QLayout."""
        return True

    def heightForWidth(self, width: int) -> int:
        """See QLayout."""
        margins = self.contentsMargins()
        rows = self._rows(width - margins.left() - margins.right())
        heights = [max(item.sizeHint().height() for item in row) for row in rows]
        between = self.spacing() * max(0, len(rows) - 1)
        return sum(heights) + between + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        """All in one row. See QLayout."""
        hints = [item.sizeHint() for item in self._shown() if item.spacerItem() is None]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return self._with_margins(QSize(width, max((hint.height() for hint in hints), default=0)))

    def minimumSize(self) -> QSize:
        """One below the other. See QLayout."""
        least = QSize(0, 0)
        for item in self._shown():
            least = least.expandedTo(item.minimumSize())
        return self._with_margins(least)

    def setGeometry(self, rect: QRect) -> None:
        """See QLayout."""
        super().setGeometry(rect)
        inner = rect.marginsRemoved(self.contentsMargins())
        y = inner.top()
        for row in self._rows(inner.width()):
            height = max(item.sizeHint().height() for item in row)
            x = inner.left()
            for item, width in zip(row, self._widths(row, inner.width()), strict=True):
                tall = min(height, item.maximumSize().height())
                box = QRect(x, y + (height - tall) // 2, width, tall)
                item.setGeometry(box)
                x += width + (0 if item.spacerItem() is not None else self.spacing())
            y += height + self.spacing()

    # Rows ---------------------------------------------------------------

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if item.spacerItem() is not None or not item.isEmpty()]

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        room = 0
        for item in self._shown():
            is_gap = item.spacerItem() is not None
            needed = 0 if is_gap else item.sizeHint().width() + self.spacing()
            if not rows or needed - self.spacing() > room:
                rows.append([])
                room = width
            rows[-1].append(item)
            room -= needed
        return [row for row in rows if any(item.spacerItem() is None for item in row)]

    def _widths(self, row: list[QLayoutItem], width: int) -> list[int]:
        widths = [min(item.sizeHint().width(), width) for item in row]
        spaces = self.spacing() * (sum(item.spacerItem() is None for item in row) - 1)
        growing = [n for n, item in enumerate(row) if item.expandingDirections() & Qt.Orientation.Horizontal]
        left = width - sum(widths) - spaces
        for place, number in enumerate(growing):
            share = max(0, left // (len(growing) - place))
            widths[number] += share
            left -= share
        return widths

    def _with_margins(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())
