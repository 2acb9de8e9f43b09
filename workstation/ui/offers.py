"""What can be chosen from a list on the film door: a sample film, or one of several that fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workstation.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEIGHT: Final = 52
_DETAIL: Final = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Offer:
    """A film that can be chosen from a list: a sample, or one of several that fit."""

    title: str
    detail: str
    link: str  # what choosing it enters; or a number among candidates
    is_possible: bool = True  # else it is shown greyed, and its detail says why it cannot be chosen


class OfferDelegate(QStyledItemDelegate):
    """Draws an offer: its title, and below it, quieter, its detail."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """See QStyledItemDelegate."""
        del option, index
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """See QStyledItemDelegate."""
        painter.save()
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            painter.fillRect(box, QColor(theme.RAISED))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor(theme.LINE))
        inner = box.adjusted(14, 0, -14, 0)
        title = theme.TEXT if index.flags() & Qt.ItemFlag.ItemIsEnabled else theme.DISABLED
        for text, font, colour, share in (
            (index.data(Qt.ItemDataRole.DisplayRole), theme.font(14), title, 0.42),
            (index.data(_DETAIL), theme.font(12), theme.SECONDARY, 0.80),
        ):
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            words = metrics.elidedText(str(text), Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner.left(), box.top() + round(box.height() * share), words)
        painter.restore()


class OfferList(QListWidget):
    """A list of offers, as high as it needs to be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(OfferDelegate(self))
        self.setMouseTracking(True)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """List them; hidden when there are none."""
        self.clear()
        self.setMaximumHeight(max(1, len(offers)) * _HEIGHT + 4)
        self.setVisible(bool(offers))
        for number, offer in enumerate(offers):
            item = QListWidgetItem(offer.title)
            item.setData(Qt.ItemDataRole.UserRole, number)
            item.setData(_DETAIL, offer.detail)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{offer.title}, {offer.detail}")
            if not offer.is_possible:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(item)
