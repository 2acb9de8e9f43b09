"""`StudyList`: the table of found studies: rows with a picture and a box to tick; says which rows are in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from workstation.ui import theme
from workstation.ui.language import tr
from workstation.ui.worklist_model import COLUMNS, DESCRIPTION, NAMES, PICTURE, SECOND_ROLE, Index, StudyTable
from workstation.ui.wrapping import bring_into_view

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent

    from workstation.dicom.study_search import FoundStudy

_ROW: Final = 52  # px at text scale 100
_SIDE: Final = 44
_BOX: Final = 16
_BOX_LEFT: Final = 10
_BOX_REACH: Final = 32  # a target for a gloved hand
_REST_MS: Final = 120  # pictures are asked for when scrolling rests
_MARGIN: Final = 8
_EXAMINATION: Final = 150  # px at text scale 100: what the examination keeps
_NARROWEST: Final = 0.74
_LEAST_ROWS: Final = 3


def scaled(pixels: int) -> int:
    """Logical pixels at the text scale in use."""
    return round(pixels * theme.text_scale() / 100)


class StudyDelegate(QStyledItemDelegate):
    """Draws a cell: words with a quieter second line, or the box and the picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._faces: dict[tuple[int, int], tuple[QFont, QFontMetrics]] = {}  # a cell is drawn a hundred times a page

    def _face(self, pixels: int) -> tuple[QFont, QFontMetrics]:
        key = pixels, theme.text_scale()
        if key not in self._faces:
            font = theme.font(pixels, scale=key[1])
            self._faces[key] = font, QFontMetrics(font)
        return self._faces[key]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """See QStyledItemDelegate."""
        del option, index
        return QSize(60, scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """See QStyledItemDelegate."""
        painter.save()
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(theme.HOVER if is_chosen else theme.RAISED))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor(theme.LINE))
        if index.column() == PICTURE:
            self._paint_picture(painter, box, index, is_chosen=is_chosen)
        else:
            self._paint_words(painter, box, index)
        if index.column() == PICTURE and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box.left(), box.top(), 2, box.height(), QColor(theme.ACCENT))
        painter.restore()

    def _paint_picture(self, painter: QPainter, box: QRect, index: Index, *, is_chosen: bool) -> None:
        tick = QRect(box.left() + _BOX_LEFT, box.center().y() - _BOX // 2, _BOX, _BOX)
        painter.setPen(QPen(QColor(theme.ACCENT if is_chosen else theme.DISABLED), 1))
        painter.setBrush(QColor(theme.ACCENT) if is_chosen else Qt.BrushStyle.NoBrush)
        painter.drawRect(tick.adjusted(0, 0, -1, -1))
        if is_chosen:
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(tick.topLeft(), theme.pixmap("check", theme.DESK, _BOX, ratio))
        side = scaled(_SIDE)
        frame = QRect(box.left() + _BOX_REACH, box.center().y() - side // 2, side, side)
        painter.fillRect(frame, QColor(theme.GLASS))
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap):
            size = picture.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(frame.topLeft(), size)
            place.moveCenter(frame.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, picture)

    def _paint_words(self, painter: QPainter, box: QRect, index: Index) -> None:
        first, second = str(index.data() or ""), str(index.data(SECOND_ROLE) or "")
        inner = box.adjusted(_MARGIN, 0, -_MARGIN, -1)
        upper = QRect(inner.left(), inner.top() + inner.height() // 10, inner.width(), inner.height() * 2 // 5)
        lower = upper.translated(0, inner.height() * 2 // 5)
        self._line(painter, upper if second else inner, first, theme.BASE_PX, theme.TEXT)
        if second:
            self._line(painter, lower, second, theme.CORNER_PX, theme.SECONDARY)

    def _line(self, painter: QPainter, box: QRect, text: str, pixels: int, colour: str) -> None:
        font, metrics = self._face(pixels)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


class StudyList(QTreeView):
    """The table.

    Signals
    -------
    opened : rows were double-clicked, or Enter was pressed on them
    chosen_changed : other rows are chosen
    seen : (rows) these are in sight and rest there
    arranged : another order or other widths
    """

    opened = Signal()
    chosen_changed = Signal()
    seen = Signal(object)
    arranged = Signal()

    def __init__(self, table: StudyTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self.setModel(table)
        self.setItemDelegate(StudyDelegate(self))
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._set_up_header()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._tell_seen)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._rest.start())
        for changed in (table.rowsInserted, table.layoutChanged, table.modelReset):
            changed.connect(lambda *_: self._rest.start())
        for changed in (table.rowsInserted, table.modelReset):
            changed.connect(lambda *_: self.updateGeometry())
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())
        table.modelReset.connect(self.chosen_changed)

    def _set_up_header(self) -> None:
        header = self.header()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setStretchLastSection(False)
        header.setHighlightSections(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(scaled(48))
        header.setSectionResizeMode(DESCRIPTION, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(PICTURE, QHeaderView.ResizeMode.Fixed)
        header.setSortIndicator(NAMES.index(self.table.sort_name), Qt.SortOrder.DescendingOrder)
        header.sectionClicked.connect(self._on_heading)
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.setInterval(_REST_MS)
        self._resized.timeout.connect(self._on_resized)
        header.sectionResized.connect(self._on_section)
        self.set_widths({})

    def set_widths(self, widths: dict[str, int]) -> None:
        """Take the widths of columns by name, for texts of 100 %; those that are not named stand as designed."""
        self._by_hand = dict(widths)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Columns that no hand has set give way, to three quarters, before the examination is cut away."""
        picture = _BOX_REACH + scaled(_SIDE) + _MARGIN
        fixed = [one for one in enumerate(COLUMNS) if one[0] not in (PICTURE, DESCRIPTION)]
        shown = [scaled(self._by_hand.get(name, width)) for n, (name, _, width) in fixed if not self.isColumnHidden(n)]
        room = self.viewport().width() - picture - scaled(_EXAMINATION)
        share = min(1.0, max(_NARROWEST, room / max(1, sum(shown))))
        self.setColumnWidth(PICTURE, picture)
        for column, (name, _, width) in fixed:
            own = self._by_hand.get(name)
            self.setColumnWidth(column, scaled(own) if own is not None else round(scaled(width) * share))

    def _on_section(self, column: int, _before: int, width: int) -> None:
        """Keep what a hand does; widths that the window or a column coming and going make are nobody's wish."""
        is_hand = bool(QApplication.mouseButtons() & Qt.MouseButton.LeftButton)
        if is_hand and column not in (PICTURE, DESCRIPTION):
            self._by_hand[NAMES[column]] = round(width * 100 / theme.text_scale())
            self._resized.start()

    def _on_resized(self) -> None:
        self.arranged.emit()

    def widths(self) -> dict[str, int]:
        """The widths that a hand has given to columns."""
        return dict(self._by_hand)

    def show_sources(self, are_several: bool) -> None:
        """Whether it must be said where a study lies."""
        self.setColumnHidden(NAMES.index("source"), not are_several)

    def set_order(self, name: str, *, is_descending: bool) -> None:
        """Sort by a column; what is not a column sorts by date."""
        column = NAMES.index(name) if name in NAMES[1:] else NAMES.index("date")
        order = Qt.SortOrder.DescendingOrder if is_descending else Qt.SortOrder.AscendingOrder
        self.header().setSortIndicator(column, order)
        self.table.sort(column, order)

    def _on_heading(self, column: int) -> None:
        name = NAMES[column]
        if name == "picture":
            self.set_order(self.table.sort_name, is_descending=self.table.is_descending)
            return
        is_same = name == self.table.sort_name
        self.set_order(name, is_descending=not self.table.is_descending if is_same else name in ("date", "images"))
        self.arranged.emit()

    def chosen(self) -> tuple[FoundStudy, ...]:
        """The studies that are chosen, in the order of the list."""
        return tuple(self.table.study(row) for row in sorted(index.row() for index in self._chosen_rows()))

    def _chosen_rows(self) -> list[QModelIndex]:
        return self.selectionModel().selectedRows()

    def take_focus(self) -> None:
        """The keyboard goes on here, from the row that it was on."""
        self.setFocus()
        bring_into_view(self)
        if not self._chosen_rows():
            current = self.currentIndex() if self.currentIndex().isValid() else self.table.index(0, PICTURE)
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(current, flag.ClearAndSelect | flag.Rows)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.setAccessibleName(tr("Studies"))
        self._fit_columns()
        self.scheduleDelayedItemsLayout()  # rows are as high as the text scale in use wants them
        self.viewport().update()
        self.header().viewport().update()

    def minimumSizeHint(self) -> QSize:
        """Fewer rows than this are no list: the page scrolls instead. See QWidget."""
        rows = min(_LEAST_ROWS, max(1, self.table.rowCount()))
        return QSize(super().minimumSizeHint().width(), self.header().sizeHint().height() + rows * scaled(_ROW) + 4)

    # What is in sight ---------------------------------------------------------------

    def rows_in_sight(self) -> range:
        """The rows that can be seen, even in part."""
        count = self.table.rowCount()
        if not count or not self.isVisible():
            return range(0)
        first = self.indexAt(self.viewport().rect().topLeft())
        height = max(1, self.rowHeight(self.table.index(0, 0)))
        start = first.row() if first.isValid() else 0
        return range(start, min(count, start + self.viewport().height() // height + 2))

    def _tell_seen(self) -> None:
        self.seen.emit(self.rows_in_sight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QWidget."""
        super().resizeEvent(event)
        self._fit_columns()
        self._rest.start()

    # Hands ---------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the box adds or takes away one row; elsewhere as in every list."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == PICTURE and self._is_on_box(event, index):
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flag.Toggle | flag.Rows)
            return
        super().mousePressEvent(event)

    def _is_on_box(self, event: QMouseEvent, index: QModelIndex) -> bool:
        return event.position().x() - self.visualRect(index).left() < _BOX_REACH

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """See QAbstractItemView."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == PICTURE and self._is_on_box(event, index):
            self.mousePressEvent(event)
        elif index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space ticks. See QAbstractItemView."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().select(self.currentIndex(), flag.Toggle | flag.Rows)
        else:
            super().keyPressEvent(event)
