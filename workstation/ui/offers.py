"""What can be chosen from a list on the film door: a sample film, or one of several that fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
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
    is_pinned: bool = False


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
        self._shown: tuple[tuple[Offer, ...], int] = ((), 0)
        self.setItemDelegate(OfferDelegate(self))
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(200, max(1, self.count()) * row_height() + 4)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """List them; hidden when there are none. The same ones stay as they are: a click may be on its way."""
        shown = (tuple(offers), row_height())
        if offers and shown == self._shown:
            return
        self._shown = shown
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
    """The list of the film door: films that fit; else those of a program that died; else samples; else what is kept.

    Signals
    -------
    picked : (number) one of the candidates
    left_over_chosen : (number) one of the films that were open when the program died
    left_over_forgotten : the user does not want to see those any more
    sample_chosen : (link)
    kept_chosen, kept_forgotten : (number) one of the films that are kept; forgotten -1: all of them
    kept_pinned : (number) it shall stay when room is made, or no longer
    """

    picked = Signal(int)
    left_over_chosen = Signal(int)
    left_over_forgotten = Signal()
    sample_chosen = Signal(str)
    kept_chosen = Signal(int)
    kept_forgotten = Signal(int)
    kept_pinned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.candidates: tuple[Offer, ...] = ()
        self.left_over: tuple[Offer, ...] = ()
        self.samples: tuple[Offer, ...] = ()
        self.kept: tuple[Offer, ...] = ()
        self._is_making_room = False
        self.title = QLabel(self)
        self.title.setProperty("tone", "secondary")
        self.forget_button = QPushButton(self)
        self.forget_button.clicked.connect(self._forget)
        self.list = OfferList(self)
        self.list.itemActivated.connect(self.choose)
        self.list.itemClicked.connect(self.choose)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(lambda at: self._menu(self.list.itemAt(at), at))
        forget = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list, context=Qt.ShortcutContext.WidgetShortcut)
        forget.activated.connect(lambda: self._forget_one(self.list.currentItem()))
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

    def offer_kept(self, offers: tuple[Offer, ...]) -> None:
        """What is kept on this machine."""
        self.kept = offers
        self._fill()

    @property
    def _shows_kept(self) -> bool:
        return bool(self.kept) and not (self.candidates or self.left_over or self.samples)

    def _forget(self) -> None:
        if self.left_over:
            self.left_over_forgotten.emit()
        else:
            self.kept_forgotten.emit(-1)

    def _forget_one(self, item: QListWidgetItem | None) -> None:
        if self._shows_kept and item is not None:
            self.kept_forgotten.emit(int(item.data(Qt.ItemDataRole.UserRole)))

    def _menu(self, item: QListWidgetItem | None, at: QPoint) -> None:
        """What can be done with a kept film."""
        if not self._shows_kept or item is None:
            return
        number = int(item.data(Qt.ItemDataRole.UserRole))
        menu = QMenu(self)
        words = (
            tr("Let it go when room is needed") if self.kept[number].is_pinned else tr("Keep it when room is needed")
        )
        menu.addAction(words, lambda: self.kept_pinned.emit(number))
        menu.addAction(f"{tr('Forget this film')}\tDelete", lambda: self.kept_forgotten.emit(number))
        menu.exec(self.list.viewport().mapToGlobal(at))

    def make_room(self, is_making_room: bool) -> None:
        """The samples step aside for something longer; what the user must choose from does not."""
        self._is_making_room = is_making_room
        self._fill()

    def _fill(self) -> None:
        aside = () if self._is_making_room else (self.samples or self.kept)
        offers = self.candidates or self.left_over or aside
        self.list.show_offers(offers)
        self.title.setVisible(bool(offers))
        self.title.setText(self._title())
        self.forget_button.setText(tr("Forget all kept films") if self._shows_kept else tr("Forget these films"))
        may_forget = self._shows_kept and not self._is_making_room
        self.forget_button.setVisible((bool(self.left_over) and not self.candidates) or may_forget)

    def _title(self) -> str:
        if self.candidates:
            return tr("Choose a film")
        if self.left_over:
            return tr("These films were open when the program ended")
        return tr("Sample films (DEMO)") if self.samples else tr("Kept on this machine, encrypted")

    def choose(self, item: QListWidgetItem) -> None:
        """An offer was chosen."""
        number = int(item.data(Qt.ItemDataRole.UserRole))
        if not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        if self.candidates:
            self.picked.emit(number)
        elif self.left_over:
            self.left_over_chosen.emit(number)
        elif self._shows_kept:
            self.kept_chosen.emit(number)
        else:
            self.sample_chosen.emit(self.samples[number].link)
