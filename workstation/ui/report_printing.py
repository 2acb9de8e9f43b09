"""Printing a report: text with who and when at the top of every page; PDF pages as they are, at 300 dots an inch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QAbstractTextDocumentLayout, QColor, QFont, QPainter, QPen, QTextDocument
from PySide6.QtPrintSupport import QPrinter

from workstation.ui import theme
from workstation.ui.language import tr
from workstation.ui.papers import as_image, bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from workstation.tasks import CancelToken
    from workstation.ui.papers import Papers
    from workstation.workers.documents import Layout

_DOTS: Final = 300
_POINTS: Final = 72
_BASE_PX: Final = 12  # of a page laid out at 96 dots an inch
_HEAD_PX: Final = 42
_LAYOUT_DOTS: Final = 96


def _paper_font(pixels: int) -> QFont:
    """The type on paper: spaced as it was designed, not as the screen's pixels would have it."""
    made = theme.font(pixels)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


class PrintRun(QObject):
    """One print job, a page at a time, so that the window stays alive.

    Signals
    -------
    progressed : (int, int) pages done, pages in all
    ended : (bool, object) whether everything went to the printer, and the error if one stopped it
    """

    progressed = Signal(int, int)
    ended = Signal(bool, object)

    def __init__(self, printer: QPrinter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._printer = printer
        self._painter = QPainter()
        self._token: CancelToken | None = None
        self._is_over = False

    def cancel(self) -> None:
        """Stop after the page that is being drawn."""
        if self._token is not None:
            self._token.cancel()
        if not self._is_over:
            self._printer.abort()
        self._end(False, None)

    def _end(self, is_whole: bool, error: Exception | None) -> None:
        if self._is_over:
            return
        self._is_over = True
        if self._painter.isActive():
            is_whole = self._painter.end() and is_whole
        self.ended.emit(is_whole, error)

    def _begun(self, number: int) -> bool:
        """Ready to draw page `number` (from 0)."""
        return self._painter.begin(self._printer) if number == 0 else self._printer.newPage()

    # A text ----------------------------------------------------------------------------------------------------------

    def print_text(self, html: str, head: str) -> None:
        """Print rich text; `head` says on every page who and when."""
        document = QTextDocument(self)
        document.setDefaultFont(_paper_font(_BASE_PX))
        document.setUseDesignMetrics(True)
        document.setDocumentMargin(0)
        document.setHtml(html)
        dots = self._printer.logicalDpiX()
        room = self._printer.pageRect(QPrinter.Unit.DevicePixel).size() * (_LAYOUT_DOTS / dots)
        document.setPageSize(QSizeF(room.width(), room.height() - _HEAD_PX))
        self._next_text(document, head, 0)

    def _next_text(self, document: QTextDocument, head: str, number: int) -> None:
        if self._is_over:
            return
        if number >= document.pageCount():
            self._end(True, None)
            return
        if not self._begun(number):
            self._end(False, None)
            return
        self._draw_text(document, head, number)
        self.progressed.emit(number + 1, document.pageCount())
        QTimer.singleShot(0, self, lambda: self._next_text(document, head, number + 1))

    def _draw_text(self, document: QTextDocument, head: str, number: int) -> None:
        painter, size = self._painter, document.pageSize()
        painter.save()
        factor = self._printer.logicalDpiX() / _LAYOUT_DOTS
        painter.scale(factor, factor)
        painter.setFont(_paper_font(_BASE_PX - 2))
        painter.setPen(QPen(QColor("#000000")))
        box = QRectF(0, 0, size.width(), _HEAD_PX - 8)
        wrapped = Qt.AlignmentFlag.AlignLeft.value | Qt.TextFlag.TextWordWrap.value
        painter.drawText(box.adjusted(0, 0, -70, 0), wrapped, head)
        place = tr("{n} of {total}", n=number + 1, total=document.pageCount())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight.value, place)
        painter.drawLine(0, _HEAD_PX - 6, round(size.width()), _HEAD_PX - 6)
        painter.translate(0, _HEAD_PX - number * size.height())
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = QRectF(0, number * size.height(), size.width(), size.height())
        painter.setClipRect(context.clip)
        document.documentLayout().draw(painter, context)
        painter.restore()

    # Pages -----------------------------------------------------------------------------------------------------------

    def print_pages(self, papers: Papers, pdf: bytes, layout: Layout) -> None:
        """Print the pages of a PDF."""
        self._next_page(papers, pdf, layout, 0)

    def _next_page(self, papers: Papers, pdf: bytes, layout: Layout, number: int) -> None:
        if self._is_over:
            return
        if number >= len(layout.sizes):
            self._end(True, None)
            return
        width, height = layout.sizes[number]

        def drawn(pixels: NDArray[np.uint8]) -> None:
            if self._is_over:
                return
            if not self._begun(number):
                self._end(False, None)
                return
            self._draw_page(pixels, width, height)
            self.progressed.emit(number + 1, len(layout.sizes))
            self._next_page(papers, pdf, layout, number + 1)

        size = bounded(width * _DOTS / _POINTS, height * _DOTS / _POINTS)
        self._token = papers.picture(pdf, number, size, drawn, lambda error: self._end(False, error))

    def _draw_page(self, pixels: NDArray[np.uint8], width: float, height: float) -> None:
        """At its true size; smaller where the paper has no room for it."""
        paper = self._printer.pageRect(QPrinter.Unit.DevicePixel)
        dots = self._printer.logicalDpiX() / _POINTS
        factor = min(dots, paper.width() / width, paper.height() / height)
        target = QRectF(0, 0, width * factor, height * factor)
        target.moveCenter(QRectF(0, 0, paper.width(), paper.height()).center())
        self._painter.drawImage(target, as_image(pixels))


class Printing(QObject):
    """The print job of a pane: one at a time.

    Signals
    -------
    progressed : (object) pages done and pages in all; None: there is no job any more
    printed : everything went to the printer
    failed : (object) the error that stopped it
    """

    progressed = Signal(object)
    printed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: PrintRun | None = None

    @property
    def is_running(self) -> bool:
        """Whether something is being printed."""
        return self._run is not None

    def start(self, printer: QPrinter, draw: Callable[[PrintRun], None], total: int) -> None:
        """Begin a job of `total` pages, as far as that is known; `draw` says what shall be printed."""
        run = self._run = PrintRun(printer, self)
        run.progressed.connect(lambda done, of: self.progressed.emit((done, of)))
        run.ended.connect(self._on_ended)
        self.progressed.emit((0, total))
        draw(run)

    def stop(self) -> None:
        """Call the job off."""
        if self._run is not None:
            self._run.cancel()

    def _on_ended(self, is_whole: bool, error: object) -> None:
        run, self._run = self._run, None
        if run is not None:
            run.deleteLater()
        self.progressed.emit(None)
        if is_whole:
            self.printed.emit()
        elif isinstance(error, Exception):
            self.failed.emit(error)
