"""What gives way where the window is small or the text large: rows that wrap, sheets that scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QCheckBox,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

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
        return self._height(width - margins.left() - margins.right()) + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        """All in one row. See QLayout."""
        items = [item for item in self._shown() if item.spacerItem() is None]
        width = sum(map(_wished_width, items)) + self.spacing() * max(0, len(items) - 1)
        return self._with_margins(QSize(width, max((item.sizeHint().height() for item in items), default=0)))

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
        y = inner.top() + max(0, inner.height() - self._height(inner.width())) // 2
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

    def _height(self, width: int) -> int:
        heights = [max(item.sizeHint().height() for item in row) for row in self._rows(width)]
        return sum(heights) + self.spacing() * max(0, len(heights) - 1)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if item.spacerItem() is not None or not item.isEmpty()]

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        room = 0
        for item in self._shown():
            is_gap = item.spacerItem() is not None
            needed = 0 if is_gap else _wished_width(item) + self.spacing()
            if not rows or needed - self.spacing() > room:
                rows.append([])
                room = width
            rows[-1].append(item)
            room -= needed
        return [row for row in rows if any(item.spacerItem() is None for item in row)]

    def _widths(self, row: list[QLayoutItem], width: int) -> list[int]:
        widths = [min(_wished_width(item), width) for item in row]
        spaces = self.spacing() * (sum(item.spacerItem() is None for item in row) - 1)
        growing = [n for n, item in enumerate(row) if _grows(item) and item.maximumSize().width() > widths[n]]
        left = width - sum(widths) - spaces
        for place, number in enumerate(growing):
            share = max(0, left // (len(growing) - place))
            widths[number] += share
            left -= share
        return widths

    def _with_margins(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())


def _gives_way(item: QLayoutItem) -> bool:
    """Whether an item takes what room there is, wishing for none: Qt's policy `Ignored`."""
    widget = item.widget()
    return widget is not None and widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored


def _grows(item: QLayoutItem) -> bool:
    return bool(item.expandingDirections() & Qt.Orientation.Horizontal) or _gives_way(item)


def _wished_width(item: QLayoutItem) -> int:
    return item.minimumSize().width() if _gives_way(item) else item.sizeHint().width()


def scrolling(widget: QWidget) -> QVBoxLayout:
    """A column that fills a widget, and scrolls up and down where the widget is too low for it."""
    area = _Area(widget)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    sheet = _Sheet(area)
    area.setWidget(sheet)
    whole = QVBoxLayout(widget)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(area)
    return QVBoxLayout(sheet)


def bring_into_view(widget: QWidget) -> None:
    """Scroll what scrolls around a widget so far that it is seen; Qt does so for the Tab key alone."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, _Area):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()


class _Area(QScrollArea):
    """Never narrower than what it holds may be: it scrolls up and down alone."""

    def minimumSizeHint(self) -> QSize:
        """See QWidget."""
        sheet, height = self.widget(), super().minimumSizeHint().height()
        beside = self.verticalScrollBar().sizeHint().width()
        return QSize(sheet.minimumSizeHint().width() + beside if sheet is not None else 0, height)


class _Sheet(QWidget):
    """What a scroll area holds: it is as low as its layout may be before it scrolls.

    Qt's own would scroll as soon as lists in it have not the height that they wish for.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def heightForWidth(self, width: int) -> int:
        """See QWidget."""
        layout = self.layout()
        return layout.minimumHeightForWidth(width) if layout is not None else -1


class WrappingCheck(QCheckBox):
    """A box to tick whose words go on in a second line where there is no room for one."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._words = words
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """All in one line. See QWidget."""
        over = self._width(self._words) - self._width(self.text())
        return super().sizeHint() + QSize(over, 0)

    def minimumSizeHint(self) -> QSize:
        """See QWidget."""
        longest = max(self._width(line) for line in self._halves())
        hint = super().sizeHint()
        return QSize(hint.width() - self._width(self.text()) + longest, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QWidget."""
        super().resizeEvent(event)
        fits = self.sizeHint().width() <= self.width()
        words = self._words if fits else "\n".join(self._halves())
        if words != self.text():
            self.setText(words)

    def _width(self, words: str) -> int:
        return max(QFontMetrics(self.font()).horizontalAdvance(line) for line in words.split("\n"))

    def _halves(self) -> tuple[str, ...]:
        """The words in two lines as equal as can be: at a blank, or between two characters where there are none."""
        places = [n for n, letter in enumerate(self._words) if letter == " "] or range(1, len(self._words))
        middle = min(places, key=lambda place: abs(place - len(self._words) / 2), default=0)
        return self._words[:middle].strip(), self._words[middle:].strip()
