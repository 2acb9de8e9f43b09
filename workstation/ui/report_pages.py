"""Pages of a PDF, one below the other: drawn in a worker when they come into view, at the pixels of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QMenu, QWidget

from workstation.ui import theme
from workstation.ui.drawn_pages import DrawnPages
from workstation.ui.language import tr
from workstation.ui.papers import Size, bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from workstation.ui.papers import Papers
    from workstation.workers.documents import Hit, Layout

_GAP_PX: Final = 10
_POINTS_TO_PX: Final = 96 / 72
_LEAST_ZOOM: Final = 0.2
_MOST_ZOOM: Final = 5.0
_DIMMED: Final = QColor(0, 0, 0, 64)  # the brightest thing on the desk is the image, not the paper beside it
_STEP_PX: Final = 60
WIDTH: Final = "width"
PAGE: Final = "page"


class PageView(QAbstractScrollArea):
    """Pages to scroll, enlarge, search and copy from.

    Signals
    -------
    zoomed : the size of the pages changed
    page_changed : (int) the page in the middle, from 0
    copy_asked : (int) the text of a page shall go to the clipboard
    """

    zoomed = Signal()
    page_changed = Signal(int)
    copy_asked = Signal(int)

    def __init__(self, papers: Papers, may_copy: Callable[[], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawn = DrawnPages(papers, self.viewport().update)
        self._may_copy = may_copy
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._tops: list[float] = []
        self._zoom: float | str = WIDTH
        self._hits: tuple[Hit, ...] = ()
        self._current = 0
        self._shown_page = 0
        self._grip: QPoint | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().setSingleStep(_STEP_PX)
        self.horizontalScrollBar().setSingleStep(_STEP_PX)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # What is shown ---------------------------------------------------------------------------------------------------

    def show_document(self, pdf: bytes, layout: Layout) -> None:
        """Show a document from its first page, as wide as there is room."""
        self.forget()
        self.drawn.open(pdf)
        self._sizes = layout.sizes
        self._arrange()

    def forget(self) -> None:
        """Keep nothing of what was shown."""
        self.drawn.forget()
        self._hits, self._sizes, self._tops = (), (), []
        self._zoom = WIDTH
        self.verticalScrollBar().setValue(0)
        self.viewport().update()

    @property
    def page(self) -> int:
        """The page in the middle of the view, from 0."""
        return self._shown_page

    @property
    def page_count(self) -> int:
        """How many pages can be shown."""
        return len(self._sizes)

    @property
    def is_painted(self) -> bool:
        """Whether every page in view is drawn at its full sharpness, or has failed."""
        return all(self._is_sharp(page) or self.drawn.problem(page) for page in self._in_view())

    @property
    def scale(self) -> float:
        """Logical pixels a point."""
        if not self._sizes:
            return _POINTS_TO_PX
        if isinstance(self._zoom, float):
            return self._zoom * _POINTS_TO_PX
        room = self.viewport().size()
        widest = max(width for width, _ in self._sizes)
        fitting = (room.width() - 2 * _GAP_PX) / widest
        if self._zoom == PAGE:
            fitting = min(fitting, (room.height() - 2 * _GAP_PX) / self._sizes[self._shown_page][1])
        return max(_LEAST_ZOOM * 0.25, fitting)

    @property
    def zoom(self) -> float:
        """Size of the pages over that on paper at 96 dots an inch."""
        return self.scale / _POINTS_TO_PX

    def set_zoom(self, zoom: float | str) -> None:
        """Set a factor, or fit: `WIDTH` or `PAGE`; what stands at the top stays there."""
        page = self._shown_page
        share = self._share_of(page)
        self._zoom = max(_LEAST_ZOOM, min(zoom, _MOST_ZOOM)) if isinstance(zoom, float) else zoom
        self._arrange()
        if self._tops:
            self.verticalScrollBar().setValue(round(self._tops[page] + share * self._sizes[page][1] * self.scale))
        self.zoomed.emit()

    def _share_of(self, page: int) -> float:
        if not self._tops:
            return 0.0
        return (self.verticalScrollBar().value() - self._tops[page]) / (self._sizes[page][1] * self.scale)

    def go_to_page(self, page: int) -> None:
        """Bring a page (from 0) to the top."""
        if self._tops:
            self.verticalScrollBar().setValue(round(self._tops[max(0, min(page, len(self._tops) - 1))] - _GAP_PX))

    def _arrange(self) -> None:
        """Place the pages and give the scroll bars their ranges."""
        scale, y, self._tops = self.scale, float(_GAP_PX), []
        for _, height in self._sizes:
            self._tops.append(y)
            y += height * scale + _GAP_PX
        widest = max((width for width, _ in self._sizes), default=0.0) * scale + 2 * _GAP_PX
        room = self.viewport().size()
        self.verticalScrollBar().setRange(0, max(0, round(y) - room.height()))
        self.verticalScrollBar().setPageStep(room.height())
        self.horizontalScrollBar().setRange(0, max(0, round(widest) - room.width()))
        self.horizontalScrollBar().setPageStep(room.width())
        self._on_scrolled()

    def _rectangle(self, page: int) -> QRectF:
        """Where a page stands in the view, logical pixels."""
        width, height = (side * self.scale for side in self._sizes[page])
        left = max(float(_GAP_PX), (self.viewport().width() - width) / 2) - self.horizontalScrollBar().value()
        return QRectF(left, self._tops[page] - self.verticalScrollBar().value(), width, height)

    def _in_view(self) -> list[int]:
        box = QRectF(self.viewport().rect())
        return [page for page in range(len(self._sizes)) if self._rectangle(page).intersects(box)]

    def _on_scrolled(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() / 2
        before = [page for page, top in enumerate(self._tops) if top <= middle]
        page = before[-1] if before else 0
        if page != self._shown_page:
            self._shown_page = page
            self.page_changed.emit(page)
        self._wish()
        self.viewport().update()

    # Drawing pages in the worker -------------------------------------------------------------------------------------

    def _pixels(self, page: int) -> Size:
        ratio = self.devicePixelRatioF()
        width, height = self._sizes[page]
        return bounded(width * self.scale * ratio, height * self.scale * ratio)

    def _is_sharp(self, page: int) -> bool:
        return self.drawn.is_sharp(page, self._pixels(page))

    def _wish(self) -> None:
        """Ask for what is in view, and for the pages next to it."""
        seen = self._in_view()
        beside = (max(seen) + 1, min(seen) - 1) if seen else ()
        wanted = [*seen, *(page for page in beside if 0 <= page < len(self._sizes))]
        self.drawn.want({page: self._pixels(page) for page in wanted}, seen)

    # Searching -------------------------------------------------------------------------------------------------------

    def show_hits(self, hits: Iterable[Hit]) -> None:
        """Mark these places."""
        self._hits = tuple(hits)
        self.viewport().update()

    def mark_hit(self, current: int) -> None:
        """Bring a place (from 0) into view."""
        self._current = current
        if 0 <= current < len(self._hits) and self._hits[current].boxes:
            hit = self._hits[current]
            left, top, right, _ = (side * self.scale for side in hit.boxes[0])
            room = self.viewport().size()
            self.verticalScrollBar().setValue(round(self._tops[hit.page] + top - room.height() / 3))
            self.horizontalScrollBar().setValue(round((left + right) / 2 - room.width() / 2))
        self.viewport().update()

    # Events ----------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """See QWidget."""
        del event
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(theme.DESK))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for page in self._in_view():
            box = self._rectangle(page)
            kept = self.drawn.picture(page)
            if kept is None:
                self._paint_waiting(painter, page, box)
            elif self._is_sharp(page):
                ratio = self.devicePixelRatioF()
                place = QRectF(round(box.left() * ratio) / ratio, round(box.top() * ratio) / ratio,
                               kept.width() / ratio, kept.height() / ratio)  # fmt: skip
                painter.drawImage(place, kept)
            else:
                painter.drawImage(box, kept)
            if kept is not None:
                painter.fillRect(box, _DIMMED)
            self._paint_hits(painter, page, box)
        painter.end()

    def _paint_waiting(self, painter: QPainter, page: int, box: QRectF) -> None:
        painter.fillRect(box, QColor(theme.PANEL))
        painter.setPen(QColor(theme.RED if self.drawn.problem(page) else theme.SECONDARY))
        words = self.drawn.problem(page) or tr("Page {n} is being drawn …", n=page + 1)
        inside = box.intersected(QRectF(self.viewport().rect())).adjusted(16, 16, -16, -16)
        painter.drawText(inside, Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value, words)

    def _paint_hits(self, painter: QPainter, page: int, box: QRectF) -> None:
        for number, hit in enumerate(self._hits):
            if hit.page != page:
                continue
            is_current = number == self._current
            colour = QColor(theme.AMBER)
            colour.setAlpha(120 if is_current else 60)
            for left, top, right, bottom in hit.boxes:
                mark = QRectF(left, top, right - left, bottom - top)
                place = QRectF(mark.topLeft() * self.scale, mark.size() * self.scale).translated(box.topLeft())
                painter.fillRect(place, colour)
                if is_current:
                    painter.setPen(QPen(QColor(theme.RED), 1.5))
                    painter.drawRect(place.adjusted(-1, -1, 1, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QWidget."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Keys that move in the document are its own while it has the focus. See QObject."""
        if event.type() == QEvent.Type.ShortcutOverride and self._step_of(event) is not None:  # type: ignore[arg-type]
            event.accept()
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._arrange()
        return super().event(event)

    def _step_of(self, event: QKeyEvent) -> int | None:
        """How far a key goes; None: it is not ours."""
        bar = self.verticalScrollBar()
        steps = {
            Qt.Key.Key_Up: -_STEP_PX,
            Qt.Key.Key_Down: _STEP_PX,
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        if event.matches(QKeySequence.StandardKey.Copy):
            return 0
        return steps.get(Qt.Key(event.key())) if event.modifiers() == Qt.KeyboardModifier.NoModifier else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QWidget."""
        step = self._step_of(event)
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy_page()
        elif step is not None:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + step)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl+wheel: the size of the pages. See QWidget."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom * (1.15 if event.angleDelta().y() > 0 else 1 / 1.15))
            event.accept()
            return
        super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag moves the paper. See QWidget."""
        self._grip = event.position().toPoint()
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """See QWidget."""
        if self._grip is not None:
            here = event.position().toPoint()
            moved, self._grip = here - self._grip, here
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """See QWidget."""
        del event
        self._grip = None
        self.viewport().unsetCursor()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """See QWidget."""
        menu = QMenu(self)
        menu.addAction(tr("Copy the text of this page"), self._copy_page).setEnabled(self._may_copy())
        menu.exec(event.globalPos())

    def _copy_page(self) -> None:
        if self._sizes and self._may_copy():
            self.copy_asked.emit(self._shown_page)
