"""What can be chosen from a list on the film door: a sample film, or one of several that fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workstation.ui import theme
from workstation.ui.language import tr

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


def row_height() -> int:
    """The height of an offer, logical pixels."""
    return round(_HEIGHT * theme.text_scale() / 100)


class OfferDelegate(QStyledItemDelegate):
    """Draws an offer: its title, and below it, quieter, its detail."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """See QStyledItemDelegate."""
        del option, index
        return QSize(200, row_height())

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
            (index.data(Qt.ItemDataRole.DisplayRole), theme.font(14, scale=theme.text_scale()), title, 0.42),
            (index.data(_DETAIL), theme.font(12, scale=theme.text_scale()), theme.SECONDARY, 0.80),
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

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(200, max(1, self.count()) * row_height() + 4)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """List them; hidden when there are none."""
        self.clear()
        self.setMinimumHeight(row_height() + 4)  # less than one could not be read
        self.setMaximumHeight(max(1, len(offers)) * row_height() + 4)
        self.setVisible(bool(offers))
        for number, offer in enumerate(offers):
            item = QListWidgetItem(offer.title)
            item.setData(Qt.ItemDataRole.UserRole, number)
            item.setData(_DETAIL, offer.detail)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{offer.title}, {offer.detail}")
            if not offer.is_possible:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(item)
        self.updateGeometry()


class Choices(QWidget):
    """The list of the film door: several films that fit; else those of a program that died; else the samples.

    Signals
    -------
    picked : (number) one of the candidates
    left_over_chosen : (number) one of the films that were open when the program died
    left_over_forgotten : the user does not want to see those any more
    sample_chosen : (link)
    """

    picked = Signal(int)
    left_over_chosen = Signal(int)
    left_over_forgotten = Signal()
    sample_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.candidates: tuple[Offer, ...] = ()
        self.left_over: tuple[Offer, ...] = ()
        self.samples: tuple[Offer, ...] = ()
        self._is_making_room = False
        self.title = QLabel(self)
        self.title.setProperty("tone", "secondary")
        self.forget_button = QPushButton(self)
        self.forget_button.clicked.connect(self.left_over_forgotten)
        self.list = OfferList(self)
        self.list.itemActivated.connect(self.choose)
        self.list.itemClicked.connect(self.choose)
        heading = QHBoxLayout()
        heading.addWidget(self.title, 1)
        heading.addWidget(self.forget_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(heading)
        column.addWidget(self.list, 100)
        column.addStretch(1)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.forget_button.setText(tr("Forget these films"))
        self.list.setAccessibleName(tr("Films"))
        self._fill()

    def offer_candidates(self, offers: tuple[Offer, ...]) -> None:
        """Several fit, or none any more."""
        self.candidates = offers
        self._fill()

    def offer_left_over(self, offers: tuple[Offer, ...]) -> None:
        """What was open when the program died."""
        self.left_over = offers
        self._fill()

    def offer_samples(self, offers: tuple[Offer, ...]) -> None:
        """The sample films of the demo."""
        self.samples = offers
        self._fill()

    def make_room(self, is_making_room: bool) -> None:
        """The samples step aside for something longer; what the user must choose from does not."""
        self._is_making_room = is_making_room
        self._fill()

    def _fill(self) -> None:
        samples = () if self._is_making_room else self.samples
        offers = self.candidates or self.left_over or samples
        self.list.show_offers(offers)
        self.title.setVisible(bool(offers))
        again = tr("These films were open when the program ended")
        words = tr("Choose a film") if self.candidates else again if self.left_over else tr("Sample films (DEMO)")
        self.title.setText(words)
        self.forget_button.setVisible(bool(self.left_over) and not self.candidates)

    def choose(self, item: QListWidgetItem) -> None:
        """An offer was chosen."""
        number = int(item.data(Qt.ItemDataRole.UserRole))
        if not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        if self.candidates:
            self.picked.emit(number)
        elif self.left_over:
            self.left_over_chosen.emit(number)
        else:
            self.sample_chosen.emit(self.samples[number].link)
