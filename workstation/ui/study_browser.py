"""The strip at the left: studies and their series, each with a thumbnail, its count and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workstation.rendering.planar import Painter
from workstation.ui import theme
from workstation.ui.labels import plain_tip
from workstation.ui.language import images_word, say, tr
from workstation.ui.viewport_widget import SERIES_MIME
from workstation.viewing.anatomy_words import sided_part
from workstation.viewing.plan import resolve
from workstation.viewing.projection import CanvasSize
from workstation.viewing.session import FilmState, middle
from workstation.viewing.viewport import ViewportState
from workstation.viewing.words import iso_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from workstation.dicom.pixels import FrameKey
    from workstation.viewing.display_sets import DisplaySet
    from workstation.viewing.session import Film, ReadingSession

_THUMB: Final = 64
_ROW: Final = 76
_HEADER: Final = 44
_SET_ID: Final = Qt.ItemDataRole.UserRole + 1
_FILM: Final = Qt.ItemDataRole.UserRole + 5
_PICTURE: Final = Qt.ItemDataRole.UserRole + 2
_HEAD: Final = Qt.ItemDataRole.UserRole + 3
_SKETCH: Final = Qt.ItemDataRole.UserRole + 4
_REPORT: Final = Qt.ItemDataRole.UserRole + 6
WIDTH: Final = 232

Index = QModelIndex | QPersistentModelIndex


def thumbnail_key(display_set: DisplaySet) -> FrameKey:
    """The frame that stands for a display set."""
    return display_set.frames[middle(display_set)].key


class SeriesModel(QStandardItemModel):
    """Rows of studies and series; a series can be dragged out."""

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """See QAbstractItemModel."""
        data = QMimeData()
        set_id = next((str(index.data(_SET_ID)) for index in indexes if index.data(_SET_ID)), "")
        if set_id:
            data.setData(SERIES_MIME, set_id.encode())
        return data

    def mimeTypes(self) -> list[str]:
        """See QAbstractItemModel."""
        return [SERIES_MIME]


class SeriesDelegate(QStyledItemDelegate):
    """Draws a row: thumbnail, modality and description, count, what is missing, a bar while loading."""

    def __init__(self, session: ReadingSession, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.text_scale = 100

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """See QStyledItemDelegate."""
        del option
        height = _HEADER if index.data(_HEAD) or index.data(_REPORT) else _ROW
        return QSize(120, round(height * max(1.0, self.text_scale / 125)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """See QStyledItemDelegate."""
        painter.save()
        rectangle: QRect = option.rect
        if index.data(_HEAD):
            self._paint_head(painter, rectangle, index)
        elif index.data(_REPORT):
            self._paint_report(painter, rectangle, index, option.state)
        else:
            state: QStyle.StateFlag = option.state
            self._paint_series(painter, rectangle, index, state)
        painter.restore()

    def _paint_head(self, painter: QPainter, rectangle: QRect, index: Index) -> None:
        first, second = index.data(_HEAD)
        box = rectangle.adjusted(8, 6, -8, -2)
        self._line(painter, box, 0, first, theme.TEXT, bold=True)
        self._line(painter, box, 1, second, theme.SECONDARY)

    def _paint_report(self, painter: QPainter, rectangle: QRect, index: Index, state: QStyle.StateFlag) -> None:
        """A document: its mark, its title once it is here, its date."""
        if state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            painter.fillRect(rectangle.adjusted(4, 2, -4, -2), QColor(theme.RAISED))
        first, second = report_row(self._session, str(index.data(_FILM)), str(index.data(_REPORT)))
        ratio = painter.device().devicePixelRatioF()
        mark = theme.pixmap("file-text", theme.ACCENT if second else theme.SECONDARY, 20, ratio)
        painter.drawPixmap(QPoint(rectangle.left() + 12, rectangle.center().y() - 10), mark)
        box = rectangle.adjusted(40, 6, -8, -2)
        self._line(painter, box, 0, first, theme.TEXT if second else theme.SECONDARY)
        self._line(painter, box, 1, second or tr("Loading …"), theme.SECONDARY)

    def _line(self, painter: QPainter, box: QRect, number: int, text: str, colour: str, *, bold: bool = False) -> None:
        font = theme.font(theme.CORNER_PX, bold=bold, scale=self.text_scale)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        y = box.top() + metrics.ascent() + number * (metrics.height() + 1)
        painter.drawText(QPoint(box.left(), y), metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width()))

    def _paint_series(self, painter: QPainter, rectangle: QRect, index: Index, state: QStyle.StateFlag) -> None:
        set_id = str(index.data(_SET_ID))
        shown = self._session.active_viewport.state.display_set
        is_shown = any(
            v.state.display_set and v.state.display_set.set_id == set_id for v in self._session.shown_viewports
        )
        if state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            painter.fillRect(rectangle.adjusted(4, 2, -4, -2), QColor(theme.RAISED))
        picture = QRect(rectangle.left() + 8, rectangle.top() + 6, _THUMB, _THUMB)
        painter.fillRect(picture, QColor(theme.GLASS))
        pixmap = index.data(_PICTURE) or index.data(_SKETCH)
        if isinstance(pixmap, QPixmap):
            painter.drawPixmap(picture, pixmap)
        is_active = shown is not None and shown.set_id == set_id
        painter.setPen(QPen(QColor(theme.ACCENT if is_active else theme.SECONDARY if is_shown else theme.LINE), 1))
        painter.drawRect(picture.adjusted(0, 0, -1, -1))
        self._paint_words(painter, rectangle.adjusted(_THUMB + 16, 8, -8, -6), set_id)

    def _paint_words(self, painter: QPainter, box: QRect, set_id: str) -> None:
        film, display_set = find(self._session, set_id)
        if film is None or display_set is None:
            return
        series = display_set.series
        number = f"{series.number} · " if series.number is not None else ""
        self._line(
            painter,
            box,
            0,
            f"{number}{series.modality} {sided_part(display_set.anatomy, say)}".strip(),
            theme.TEXT,
            bold=True,
        )
        self._line(painter, box, 1, series.description or "–", theme.SECONDARY)
        received, expected = film.count(series.series_instance_uid)
        if film.is_incomplete(display_set):
            self._line(painter, box, 2, self._missing(received, expected, display_set), theme.AMBER, bold=True)
        elif film.state is FilmState.LOADING and received < expected:
            self._line(painter, box, 2, tr("{done} of {total}", done=received, total=expected), theme.SECONDARY)
            self._bar(painter, box, received / max(expected, 1))
        else:
            self._line(painter, box, 2, images_word(len(display_set.frames)), theme.SECONDARY)

    def _missing(self, received: int, expected: int, display_set: DisplaySet) -> str:
        if received < expected:
            return "⚠ " + tr("{received} of {expected}", received=received, expected=expected)
        if display_set.missing_by_position:
            return "⚠ " + tr("{count} missing", count=display_set.missing_by_position)
        return "⚠ " + tr("not all usable")

    def _bar(self, painter: QPainter, box: QRect, share: float) -> None:
        bar = QRectF(box.left(), box.bottom() - 2, box.width(), 2)
        painter.fillRect(bar, QColor(theme.LINE))
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * share, 2), QColor(theme.ACCENT))


def find(session: ReadingSession, set_id: str) -> tuple[Film | None, DisplaySet | None]:
    """The film and display set of an identifier."""
    for film in session.films.value:
        for display_set in film.display_sets:
            if display_set.set_id == set_id:
                return film, display_set
    return None, None


def report_row(session: ReadingSession, film_id: str, report_id: str) -> tuple[str, str]:
    """Title of a document and what there is to say of it; before it is here its kind, and nothing."""
    film = next((one for one in session.films.value if one.film_id == film_id), None)
    if film is None:
        return "", ""
    refused = next((one for one in film.refusals if one.sop_instance_uid == report_id), None)
    listed = next((one.kind for one in film.listed_reports if one.sop_instance_uid == report_id), tr("Report"))
    if refused is not None:
        return listed, "⚠ " + tr("refused")
    report = next((one for one in film.reports if one.report_id == report_id), None)
    if report is None:
        return listed, "" if film.awaits_reports else "⚠ " + tr("not loaded")
    return report.title or listed, " · ".join(part for part in (tr("Report"), report.date) if part)


class StudyBrowser(QListView):
    """The list of series of all open films.

    Signals
    -------
    chosen : (set id) a series was double-clicked or Enter was pressed on it
    report_chosen : (report id) a document was clicked, or Enter was pressed on it
    """

    chosen = Signal(str)
    report_chosen = Signal(str)

    def __init__(self, session: ReadingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._model = SeriesModel(self)
        self._awaited: dict[FrameKey, list[tuple[int, Film]]] = {}  # rows whose thumbnail a frame is
        self._delegate = SeriesDelegate(session, self)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setMinimumWidth(120)
        self.activated.connect(self._on_activated)
        self.clicked.connect(self._on_clicked)

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(WIDTH, 400)

    def retranslate(self, text_scale: int) -> None:
        """Take the words of the language in use."""
        self.setAccessibleName(tr("Series strip"))
        self._delegate.text_scale = text_scale
        self.viewport().update()

    def fill(self) -> None:
        """List the series of every open film; thumbnails that are there stay."""
        rows = [self._model.index(row, 0) for row in range(self._model.rowCount())]
        pictures = {(row.data(_FILM), row.data(_SET_ID)): row.data(_PICTURE) for row in rows}
        self._model.clear()
        self._awaited.clear()
        for film in self._session.films.value:
            self._add_head(film)
            for display_set in film.display_sets:
                place = (self._model.rowCount(), film)
                self._awaited.setdefault(thumbnail_key(display_set), []).append(place)
                self._add_set(film, display_set, pictures.get((film.film_id, display_set.set_id)))
            self._add_reports(film)
            film.frames.sketch([thumbnail_key(one) for one in film.display_sets])

    def _add_head(self, film: Film) -> None:
        study = film.display_sets[0].study if film.display_sets else film.instances[0].study
        head = QStandardItem()
        when = iso_date(study.date)
        second = (when if study.description else "", film.source_name)
        head.setData((study.description or when, " · ".join(part for part in second if part)), _HEAD)
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self._model.appendRow(head)

    def _add_set(self, film: Film, display_set: DisplaySet, picture: object) -> None:
        item = QStandardItem()
        item.setData(film.film_id, _FILM)
        item.setData(display_set.set_id, _SET_ID)
        item.setData(picture, _PICTURE)
        series = display_set.series
        words = f"{series.modality} {series.description}".strip()
        item.setData(words, Qt.ItemDataRole.AccessibleTextRole)
        item.setToolTip(plain_tip(f"{words}\n{images_word(len(display_set.frames))}"))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
        self._model.appendRow(item)

    def _add_reports(self, film: Film) -> None:
        """A row a document: those that are listed, and the texts that lie beside them."""
        listed = [instance.sop_instance_uid for instance in film.listed_reports]
        for report_id in dict.fromkeys([*(one.report_id for one in film.reports), *listed]):
            item = QStandardItem()
            item.setData(film.film_id, _FILM)
            item.setData(report_id, _REPORT)
            item.setData(tr("Report"), Qt.ItemDataRole.AccessibleTextRole)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self._model.appendRow(item)

    def on_sketched(self, key: FrameKey, picture: NDArray[np.uint8]) -> None:
        """A rendered picture came: show it in the list until the image itself is there. It goes nowhere else."""
        for row, _ in self._awaited.get(key, ()):
            index = self._model.index(row, 0)
            if index.data(_PICTURE) is None:
                self._model.setData(index, self._fitted(picture), _SKETCH)

    def _fitted(self, picture: NDArray[np.uint8]) -> QPixmap:
        side = round(_THUMB * self.devicePixelRatioF())
        rows, columns = picture.shape[:2]
        image = QImage(picture.tobytes(), columns, rows, columns * 3, QImage.Format.Format_RGB888)
        scaled = image.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        made = QPixmap(side, side)
        made.fill(QColor(theme.GLASS))
        painter = QPainter(made)
        painter.drawImage((side - scaled.width()) // 2, (side - scaled.height()) // 2, scaled)
        painter.end()
        made.setDevicePixelRatio(self.devicePixelRatioF())
        return made

    def on_arrived(self, key: FrameKey) -> None:
        """A frame can be had: make the thumbnail of the series it stands for."""
        for row, film in self._awaited.get(key, ()):
            index = self._model.index(row, 0)
            if index.data(_PICTURE) is None:
                self._model.setData(index, self._picture(film, key), _PICTURE)

    def _picture(self, film: Film, key: FrameKey) -> QPixmap | None:
        shown = film.frames.get(key)
        if shown is None:
            return None
        side = round(_THUMB * self.devicePixelRatioF())
        painting = Painter().paint(resolve(ViewportState(), shown, CanvasSize(side, side)))
        picture = QPixmap(side, side)
        picture.fill(QColor(theme.GLASS))
        if painting is not None:
            height, width = painting.pixels.shape[:2]
            colour = painting.pixels.ndim == 3
            form = QImage.Format.Format_RGB888 if colour else QImage.Format.Format_Grayscale8
            painter = QPainter(picture)
            image = QImage(painting.pixels.data, width, height, painting.pixels.strides[0], form)
            painter.drawImage(painting.left, painting.top, image)
            painter.end()
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        return picture

    def _on_activated(self, index: QModelIndex) -> None:
        if index.data(_SET_ID):
            self.chosen.emit(str(index.data(_SET_ID)))
        elif index.data(_REPORT):
            self.report_chosen.emit(str(index.data(_REPORT)))

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.data(_REPORT):
            self.report_chosen.emit(str(index.data(_REPORT)))
