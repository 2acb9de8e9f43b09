"""The drawer beside the glass: the reports of the open films, one at a time, each under its own banner.

It is handed the session, what draws pages, and what this station allows; it knows nothing of the window around it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from workstation.dicom.report_kinds import Form
from workstation.ui.language import tr
from workstation.ui.messages import sentence
from workstation.ui.report_banner import ReportBanner
from workstation.ui.report_finder import PageFinder
from workstation.ui.report_pages import PAGE, WIDTH, PageView
from workstation.ui.report_printing import Printing
from workstation.ui.report_text import ReportText
from workstation.ui.report_tools import ReportTools
from workstation.ui.report_words import Ink, words_of
from workstation.viewing.documents import belonging, is_earlier, jump, place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from workstation.dicom.report_blocks import Link
    from workstation.dicom.reports import Report
    from workstation.dicom.study import Instance
    from workstation.tasks import CancelToken
    from workstation.ui.papers import Papers
    from workstation.viewing.session import Film, ReadingSession
    from workstation.workers.documents import Hit, Layout

DEFAULT_WIDTH: Final = 460
LEAST_WIDTH: Final = 300
_STEP: Final = 1.15


class ReportPane(QWidget):
    """Chooser, banner, tools, and the report itself.

    Signals
    -------
    fold_asked : the pane shall fold away
    exported : (str) what left the program: ``copy_report`` or ``print_report``
    shown_changed : another report is shown, or none
    """

    fold_asked = Signal()
    exported = Signal(str)
    shown_changed = Signal()

    def __init__(
        self,
        session: ReadingSession,
        papers: Papers,
        allows: Callable[[str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(LEAST_WIDTH)
        self._session, self._papers, self._allows = session, papers, allows
        self._chinese = False
        self._entries: tuple[tuple[Film, Report], ...] = ()
        self._shown: tuple[Film, Report] | None = None
        self._drawn: Report | None = None
        self._layout: Layout | None = None
        self._opening: CancelToken | None = None
        self._undo: list[Callable[[], None]] = []
        self.wished_width = DEFAULT_WIDTH
        self._build()
        self._connect()
        self.setVisible(False)

    def _build(self) -> None:
        self.tools = ReportTools(self)
        self.banner = ReportBanner(self)
        self.refusal = self._label("amber")
        self.message = self._label("secondary")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text = ReportText(partial(self.may, "export"), self)
        self.pages = PageView(self._papers, partial(self.may, "export"), self)
        self.finder = PageFinder(self._papers, self)
        self.printing = Printing(self)
        self.content = QStackedWidget(self)
        self.content.setMinimumHeight(24)  # it scrolls, the banner does not
        for shown in (self.message, self.text, self.pages):
            self.content.addWidget(shown)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in (self.banner, self.tools, self.refusal):
            column.addWidget(row)
        column.addWidget(self.content, 1)
        column.addWidget(self.tools.foot)

    def _label(self, tone: str) -> QLabel:
        made = QLabel(self)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setWordWrap(True)
        made.setMargin(8)
        made.setProperty("tone", tone)
        return made

    def _connect(self) -> None:
        self.tools.chosen.connect(lambda number: self._show(self._entries[number]))
        self.tools.asked.connect(self._on_asked)
        self.tools.search.changed.connect(self._search)
        self.tools.search.moved.connect(self._mark_hit)
        self.tools.search.field.left.connect(self.fold_asked)
        self.text.link_chosen.connect(self._jump)
        self.text.copied.connect(lambda: self.exported.emit("copy_report"))
        self.pages.copy_asked.connect(self.finder.copy_page)
        self.pages.page_changed.connect(lambda _: self._tell_place())
        self.pages.zoomed.connect(self._tell_place)
        self.text.zoomed.connect(self._tell_place)
        self.finder.found.connect(self._on_found)
        self.finder.copied.connect(lambda: self.exported.emit("copy_report"))
        self.printing.progressed.connect(self.tools.show_printing)
        self.printing.printed.connect(lambda: self.exported.emit("print_report"))
        self.printing.failed.connect(self._on_not_printed)
        self._session.films.changed.connect(lambda _old, _new: self._on_films())
        self._session.is_confirmed.changed.connect(lambda _old, _new: self._tell_banner())

    # What the window asks --------------------------------------------------------------------------------------------

    @property
    def report(self) -> Report | None:
        """What is shown."""
        return self._shown[1] if self._shown is not None else None

    @property
    def instance(self) -> Instance | None:
        """The header of what is shown: whoever names a patient while no image is there asks here."""
        return self.report.instance if self.report is not None else None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being opened, and the pages in view are drawn."""
        if self.isHidden() or self.report is None:
            return True
        return self._opening is None and (self.content.currentWidget() is not self.pages or self.pages.is_painted)

    def may(self, act: str) -> bool:
        """Whether something may leave: allowed here, and the patient is confirmed."""
        return self._allows("export") and self._allows(act) and self._session.is_confirmed.value

    def show_report(self, report_id: str) -> None:
        """Show one by its ID, when it is here."""
        entry = next((one for one in self._entries if one[1].report_id == report_id), None)
        if entry is not None:
            self._show(entry)

    def set_open(self, is_open: bool) -> None:
        """Unfold or fold away; what is folded away draws nothing."""
        self.setVisible(is_open)
        if is_open:
            self._refresh()
            (self.content.currentWidget() or self).setFocus()

    def retranslate(self, *, chinese: bool, text_scale: int) -> None:
        """Take the words of the language in use."""
        self._chinese = chinese
        self.setAccessibleName(tr("Report"))
        self.text.setAccessibleName(tr("Text of the report"))
        self.pages.setAccessibleName(tr("Pages of the report"))
        self.text.text_scale = text_scale
        self.tools.retranslate()
        self._refresh()
        self.text.rewrite()
        self.pages.viewport().update()
        self._tell_place()

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(self.wished_width, 400)

    def minimumSizeHint(self) -> QSize:
        """Qt's own is for the narrowest pane, where the banner has many lines, and makes the window higher."""
        width = super().minimumSizeHint().width()
        return QSize(width, self._column.minimumHeightForWidth(max(width, self.wished_width)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QWidget."""
        super().resizeEvent(event)
        if self.isVisible():
            self.wished_width = max(LEAST_WIDTH, self.width())

    # Reports come and go ---------------------------------------------------------------------------------------------

    def _on_films(self) -> None:
        for undo in self._undo:
            undo()
        self._undo = []
        for film in self._session.films.value:
            self._undo += [film.reported.connect(self._refresh), film.changed.connect(self._refresh)]
        self._drawn = None if not self._session.films.value else self._drawn
        self._refresh()
        self.text.rewrite()  # an image that was not there may be now

    def _refresh(self) -> None:
        """Bring everything in line with the films."""
        films = self._session.films.value
        self._entries = tuple((film, report) for film in films for report in film.reports)
        wanted = self._shown[1].report_id if self._shown is not None else None
        entry = next((one for one in self._entries if one[1].report_id == wanted), None)
        entry = entry or next(iter(self._entries), None)
        number = self._entries.index(entry) if entry is not None else -1
        self.tools.list_reports([report_words(report) for _, report in self._entries], number)
        self._tell_refusals()
        if entry is None:
            self._show_nothing(films)
        else:
            self._show(entry)

    def _tell_refusals(self) -> None:
        told = []
        for film in self._session.films.value:
            listed = {one.sop_instance_uid for one in film.listed_reports}
            told += [sentence(one.error) for one in film.refusals if one.sop_instance_uid in listed]
        self.refusal.setText("\n".join("⚠ " + words for words in dict.fromkeys(told)))
        self.refusal.setVisible(bool(told) and bool(self._entries))

    def _show_nothing(self, films: tuple[Film, ...]) -> None:
        self._leave()
        had, self._shown = self._shown, None
        self.banner.forget()
        if any(film.awaits_reports for film in films):
            self._say(tr("The report is being loaded …"))
        else:
            self._say(self.refusal.text() or tr("There is no report in this film."))
        if had is not None:
            self.shown_changed.emit()

    def _say(self, words: str) -> None:
        self.message.setText(words)
        self.content.setCurrentWidget(self.message)
        self.tools.show_kind(is_there=False, has_pages=False, may_print=False)

    def _leave(self) -> None:
        """Let go of what was shown."""
        if self._opening is not None:
            self._opening.cancel()
        self._opening = self._drawn = self._layout = None
        self.text.forget()
        self.pages.forget()
        self.finder.open(b"", 0)
        self.tools.search.field.clear()

    def _show(self, entry: tuple[Film, Report]) -> None:
        had, self._shown = self._shown, entry
        self.tools.chooser.setCurrentIndex(self._entries.index(entry))
        self._tell_banner()
        report = entry[1]
        if not self.isHidden() and self._drawn is not report:
            self._leave()
            self._drawn = report
            self._draw(report)
        if had is None or had[1] is not report:
            self.shown_changed.emit()

    def _draw(self, report: Report) -> None:
        if report.problem is not None:
            self._say(sentence(report.problem))
        elif report.form is Form.BLOCKS:
            self.text.show_words(lambda ink: words_of(report, ink, self._where))
            self._show_content(self.text)
        else:
            self._say(tr("The report is being opened …"))
            self._opening = self._papers.layout(report.pdf, partial(self._on_layout, report), self._on_unreadable)

    def _on_layout(self, report: Report, layout: Layout) -> None:
        self._opening, self._layout = None, layout
        self._show_content(self.pages)
        self.pages.show_document(report.pdf, layout)
        self.finder.open(report.pdf, len(layout.sizes))
        self._search(self.tools.search.field.text())
        self._tell_place()

    def _on_unreadable(self, error: Exception) -> None:
        self._opening = None
        self._say(sentence(error))

    def _show_content(self, widget: QWidget) -> None:
        self.content.setCurrentWidget(widget)
        self.tools.show_kind(is_there=True, has_pages=widget is self.pages, may_print=self.may("print"))
        self._tell_place()

    def _tell_banner(self) -> None:
        if self._shown is None:
            return
        film, report = self._shown
        whose = belonging(film, report)
        self.banner.show_report(
            report,
            whose,
            chinese=self._chinese,
            earlier=is_earlier(self._session, film),
            confirmed=self._session.is_confirmed.value,
        )
        if self.content.currentWidget() is not self.message:
            self.tools.buttons["print"].setEnabled(self.may("print"))

    def _tell_place(self) -> None:
        """Which page of how many, how large."""
        if self._layout is None or self.content.currentWidget() is not self.pages:
            self.tools.place.setText(f"{self.text.zoom:.0%}")
            return
        words = tr("Page {n} of {total}", n=self.pages.page + 1, total=self._layout.count)
        beyond = self._layout.count - len(self._layout.sizes)
        cut = " · ⚠ " + tr("the last {count} are not shown", count=beyond) if beyond > 0 else ""
        self.tools.place.setText(f"{words} · {self.pages.zoom:.0%}{cut}")

    # Doing -----------------------------------------------------------------------------------------------------------

    def _where(self, link: Link) -> str:
        """Series and image number of a referenced image, as the viewport names them."""
        place = place_of(self._session, link)
        if place is None:
            return ""
        series = place.display_set.series
        count = len(place.display_set.frames)
        image = tr("image {n} of {total}", n=place.index + 1, total=count) if count > 1 else tr("1 image")
        return " · ".join(part for part in (series.description or series.modality, image) if part)

    def _jump(self, link: Link) -> None:
        if not jump(self._session, link):
            self.text.rewrite()

    def _search(self, words: str) -> None:
        self.tools.search.restart()
        if self.content.currentWidget() is self.pages:
            self.finder.search(words)
        else:
            self.tools.search.show_count(self.text.search(words.strip()))

    def _on_found(self, hits: tuple[Hit, ...], is_running: bool) -> None:
        is_first = bool(hits) and not self.tools.search.has_hits
        self.tools.search.show_count(len(hits), running=is_running)
        if not hits and not is_running and self.tools.search.field.text() and not self.finder.has_text:
            self.tools.search.told.setText(tr("A scanned page: no text"))
        self.pages.show_hits(hits)
        if is_first:
            self.pages.mark_hit(0)

    def _mark_hit(self, number: int) -> None:
        (self.pages if self.content.currentWidget() is self.pages else self.text).mark_hit(number)

    def _on_asked(self, what: str) -> None:
        if what == "fold":
            self.fold_asked.emit()
        elif what == "print":
            self._ask_printer()
        elif what == "stop_printing":
            self.printing.stop()
        elif what in (WIDTH, PAGE):
            self.pages.set_zoom(what)
        else:
            factor = _STEP if what == "larger" else 1 / _STEP
            shown = self.pages if self.content.currentWidget() is self.pages else self.text
            shown.set_zoom(shown.zoom * factor)

    # Printing --------------------------------------------------------------------------------------------------------

    def _ask_printer(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if self.may("print") and QPrintDialog(printer, self).exec():
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print what is shown, a page at a time."""
        report = self.report
        if report is None or self.printing.is_running or not self.may("print"):
            return
        layout = self._layout
        if layout is not None:
            self.printing.start(
                printer, lambda run: run.print_pages(self._papers, report.pdf, layout), len(layout.sizes)
            )
        else:
            words, head = words_of(report, Ink.paper(12), self._where), f"{report_words(report)}\n{self.banner.words}"
            self.printing.start(printer, lambda run: run.print_text(words.html, head), 1)

    def _on_not_printed(self, error: Exception) -> None:
        self.refusal.setText("⚠ " + sentence(error))
        self.refusal.show()


def report_words(report: Report) -> str:
    """A report in a list: what it is, and of when."""
    return " · ".join(part for part in (report.title or report.kind or tr("Report"), report.date) if part)
