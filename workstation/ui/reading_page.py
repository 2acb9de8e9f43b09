"""The reading page: identity bar, tools, the strip, the glass with its questions, the reports, the status.

Built when the window is on the screen or its first film comes, whichever is sooner: a start does not wait for it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workstation.ui.actions import BY_ID
from workstation.ui.bars import Bar, IdentityBar, ToolBar
from workstation.ui.completeness_panel import CompletenessPanel
from workstation.ui.language import mark, tr
from workstation.ui.layout_grid import LayoutGrid
from workstation.ui.measurement_panel import MeasurementPanel, save_table
from workstation.ui.menus import Menus
from workstation.ui.questions import Questions
from workstation.ui.report_pane import LEAST_WIDTH, ReportPane
from workstation.ui.screens import standing_words
from workstation.ui.status_bar import StatusBar, completeness_words
from workstation.ui.study_browser import WIDTH, StudyBrowser
from workstation.viewing.film import Hold
from workstation.viewing.measured import place_of_frame
from workstation.viewing.session import Check, FilmState

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.study import Instance
    from workstation.tasks import Progress
    from workstation.ui.action import Action
    from workstation.ui.opener import Opener
    from workstation.viewing.session import Film, ReadingSession


_CHECKS: Final = {
    Check.RUNNING: mark("as of {time}, checking"),
    Check.SAME: mark("checked {time}"),
    Check.CHANGED: mark("changed at its source: open it again to see it as it is now"),
    Check.UNKNOWN: mark("as of {time}, not checked with its source"),
}


class Front(Protocol):
    """The window around the page."""

    @property
    def session(self) -> ReadingSession:
        """What is read."""
        ...

    @property
    def opener(self) -> Opener:
        """Opens films."""
        ...

    @property
    def is_reading(self) -> bool:
        """Whether this page is shown."""
        ...

    def trigger(self, action_id: str) -> None:
        """Run a command."""
        ...

    def may_run(self, action: Action) -> bool:
        """Whether a command can be run now."""
        ...

    def is_on(self, action: Action) -> bool:
        """Whether what a command switches is switched on."""
        ...

    def shown(self) -> ShownFrame | None:
        """What the active viewport has painted, in whichever window it stands."""
        ...

    def active_grid(self) -> LayoutGrid:
        """The viewports among which the active one is."""
        ...

    def on_painted(self) -> None:
        """A viewport painted a frame that it had not shown before."""
        ...

    def refresh(self) -> None:
        """Something that the bars say may be another."""
        ...


class ReadingPage(QWidget):
    """Everything that is there while a film is read.

    Parameters
    ----------
    front : Front
        The window.
    parent : QWidget
        What holds the page.
    """

    def __init__(self, front: Front, parent: QWidget) -> None:
        super().__init__(parent)
        self._front = front
        self._session = front.session
        self._menus = Menus(self, front.trigger, front.may_run)
        self._progress: dict[str, Progress] = {}
        self._strip_width = WIDTH
        self._chinese = False
        self._build()
        self._connect()

    # Building ---------------------------------------------------------------

    def _build(self) -> None:
        opener = self._front.opener
        self.identity = IdentityBar(self)
        self.tools = ToolBar(self)
        self.questions = Questions(self._session, opener, self._front.trigger, self)
        self.grid = LayoutGrid(self._session, self._session.panes.value[0], self)
        self.strip = StudyBrowser(self._session, self)
        self.status = StatusBar(self)
        self.reports = ReportPane(self._session, opener.papers, opener.allows, self)
        glass = _column(QWidget(self), self.questions.question, self.questions.notice, self.questions.ready, self.grid)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.measures = MeasurementPanel(self._session, opener.allows, self)
        for part in (self.strip, glass, self.measures, self.reports):
            self.splitter.addWidget(part)
        for drawer in (2, 3):
            self.splitter.setCollapsible(drawer, False)
        self.splitter.setHandleWidth(1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([WIDTH, 1200])
        _column(self, self.identity, self.tools, self.splitter, self.status)

    def _connect(self) -> None:
        front = self._front
        self.tools.triggered.connect(front.trigger)
        self.status.stop_asked.connect(front.opener.stop)
        self.status.triggered.connect(front.trigger)
        self.grid.probed.connect(self.status.probe.setText)
        self.grid.menu_asked.connect(self.show_menu)
        self.grid.changed.connect(front.refresh)
        self.grid.painted.connect(front.on_painted)
        self.strip.chosen.connect(lambda set_id: self.grid.show_set(set_id, self._session.active_viewport))
        self.strip.report_chosen.connect(self._on_report_chosen)
        self.measures.fold_asked.connect(lambda: self.open_measures(False))
        self.measures.jump_asked.connect(self._jump)
        self.measures.csv_asked.connect(lambda text: save_table(self, front.opener, self.questions.show_notice, text))
        self.measures.exported.connect(front.opener.exported)
        self.measures.set_fate(front.opener.fate.value.value)
        front.opener.fate.changed.connect(lambda _old, new: self.measures.set_fate(new.value))
        self.reports.fold_asked.connect(lambda: self.open_report(False))
        self.reports.exported.connect(front.opener.exported)
        self.reports.shown_changed.connect(front.refresh)

    # Its widths ---------------------------------------------------------------

    @property
    def is_report_open(self) -> bool:
        """Whether the report pane is unfolded."""
        return not self.reports.isHidden()

    def open_report(self, is_open: bool) -> None:
        """Unfold the report pane beside the glass, as wide as it was, or fold it away."""
        if is_open and self.reports.isHidden():
            strip, glass, table, _ = self.splitter.sizes()
            wished = min(self.reports.wished_width, max(LEAST_WIDTH, (strip + glass) // 2))
            self.reports.set_open(True)
            self.splitter.setSizes([strip, glass - wished, table, wished])
        elif not is_open:
            self.reports.set_open(False)
            self.grid.active.setFocus()
        self._front.refresh()

    def open_measures(self, is_open: bool) -> None:
        """Unfold the table of measurements beside the glass, or fold it away."""
        if is_open and self.measures.isHidden():
            strip, glass, _, report = self.splitter.sizes()
            wished = min(self.measures.wished_width, max(self.measures.minimumWidth(), glass // 2))
            self.measures.show()
            self.splitter.setSizes([strip, glass - wished, wished, report])
        elif not is_open and not self.measures.isHidden():
            self.measures.wished_width = max(self.measures.minimumWidth(), self.measures.width())
            self.measures.hide()
            self.grid.active.setFocus()
        self._front.refresh()

    def _jump(self, measurement_id: str) -> None:
        """Show the image that a measurement lies on, in the active viewport, and select it."""
        found = self._session.markings.find(measurement_id)
        if found is None:
            return
        place = place_of_frame(self._session, found.ground)
        if place is not None:
            self._session.active_viewport.show(*place)
            self._session.markings.selected.set(measurement_id)

    def _on_report_chosen(self, report_id: str) -> None:
        self.reports.show_report(report_id)
        self.open_report(True)

    def widths(self) -> tuple[int, int]:
        """Logical pixels of the strip and of the report pane, as they are or as they were last."""
        is_seen = self._front.is_reading and self.strip.isVisible()
        return self.splitter.sizes()[0] if is_seen else self._strip_width, self.reports.wished_width

    def take_widths(self, strip: int, report: int) -> None:
        """Be as wide as it was; what is too small to be a width is not remembered."""
        if strip > 0:
            self._strip_width = strip
            self.splitter.setSizes([strip, 1200, 0, 0])
        if report >= LEAST_WIDTH:
            self.reports.wished_width = report

    # A film ---------------------------------------------------------------

    def take_film(self, film: Film) -> None:
        """Follow a film that begins to load; before it is one of the session's."""
        film.reported.connect(self.strip.viewport().update)
        film.frames.arrived.connect(self.grid.on_arrived)
        film.frames.arrived.connect(self.strip.on_arrived)
        film.frames.arrived.connect(lambda _key: self.measures.refresh_values())
        film.frames.sketched.connect(self.strip.on_sketched)

    def begin_film(self, film: Film) -> None:
        """Show what there is of a film of the session, and ask for the rest."""
        self.grid.wish()
        if not film.display_sets and (film.listed_reports or film.reports):
            self.open_report(True)  # there is nothing else to look at
        self.questions.ask_who()

    def forget(self) -> None:
        """Everything is closed: nothing of the patient stays."""
        self.open_report(False)
        self.strip.fill()
        self.open_measures(False)
        self.measures.forget()
        self.questions.forget()
        self._progress.clear()
        self.status.probe.setText("")

    def on_film_changed(self) -> None:
        """More of a film is here, or its load has ended."""
        self.strip.viewport().update()
        self.grid.repaint_all()

    def show_progress(self, film_id: str, progress: Progress) -> None:
        """How far the load of a film is."""
        self._progress[film_id] = progress
        self.strip.viewport().update()
        self.refresh_status()

    def show_menu(self, place: QPoint) -> None:
        """The menu of the active viewport."""
        viewport = self._session.active_viewport
        film = self._session.film_of(viewport.state.display_set)
        states = film.states_for(viewport.state.key) if film is not None else ()
        applied = viewport.state.presentation
        self._menus.image(self._front.shown(), viewport.set_window, states, applied, viewport.apply).exec(place)

    # What the bars say ---------------------------------------------------------------

    def refresh(self) -> None:
        """Bring the bars in line with the state."""
        shown = self.grid.shown() if self._front.is_reading else None
        self.identity.show_instance(
            shown.instance if shown else self._instance_read(),
            chinese=self._chinese,
            confirmed=self._session.is_confirmed.value,
        )
        self.tools.refresh(self._front.may_run, self._front.is_on)
        self.tools.show_measuring_tool(self._session.last_measuring_tool.value)
        self.strip.viewport().update()
        self.refresh_status()

    def _instance_read(self) -> Instance | None:
        """Whose report is shown while no image can be: the identity bar is never empty over an open film."""
        has_images = any(film.display_sets for film in self._session.films.value)
        return self.reports.instance if self._front.is_reading and self.is_report_open and not has_images else None

    def show_completeness(self) -> None:
        """Unfold what is missing of the film in the active viewport, and why."""
        film = self._film_told_of()
        if film is not None:
            panel = CompletenessPanel(film, self)
            panel.again_asked.connect(partial(self._front.trigger, "film.retry"))
            panel.source_asked.connect(partial(self._front.trigger, "film.use_source"))
            panel.unfold(self.status.completeness)

    def _film_told_of(self) -> Film | None:
        """The film that the status bar is about."""
        film = self._session.film_of(self._session.active_viewport.state.display_set)
        if film is None and not any(one.display_sets for one in self._session.films.value):
            film = next(iter(self._session.films.value), None)  # reports only: nothing can be on the glass
        return film

    def refresh_status(self) -> None:
        """Completeness, speed, source, the active tool's hint."""
        film = self._film_told_of()
        if film is None:
            self.status.show_completeness("", "secondary")
            self.status.show_progress(None)
            self.status.show_hold(Hold(), is_loading=False)
            self.status.facts.setText("")
            self.status.show_monitor("", "secondary")
            return
        self.status.show_monitor(*standing_words(self._front.active_grid().screen(), self._session.monitors.value))
        received, expected = film.totals
        self.status.show_completeness(*completeness_words(film))
        is_loading = film.state is FilmState.LOADING
        self.status.show_progress((received, expected) if is_loading else None)
        self.status.show_hold(film.hold, is_loading=is_loading)
        self.status.facts.setText(" · ".join(part for part in self._facts(film) if part))
        tool = BY_ID.get(f"tool.{self._session.tool.value}")
        self.status.hint.setText(tr(tool.hint) if tool else "")

    def _facts(self, film: Film) -> list[str]:
        shown = self._front.shown()
        lossy = "" if shown is None else tr("lossy") if shown.instance.is_lossy else tr("lossless")
        progress = self._progress.get(film.film_id)
        rate = f"{progress.megabytes_per_second:.1f} MB/s" if progress else ""
        without = film.objects_without_pictures
        several = tr("{count} objects without pictures", count=without)
        others = "" if not without else tr("1 object without pictures") if without == 1 else several
        return [lossy, rate, film.source_name, _standing(film), others]

    def retranslate(self, *, chinese: bool, text_scale: int) -> None:
        """Take the words of the language in use, and the size they are read at."""
        self._chinese = chinese
        self.tools.retranslate()
        self.measures.retranslate()
        self.tools.set_layout_menu(self._menus.layouts())
        self.tools.set_measure_menu(self._menus.measures())
        self.status.retranslate()
        self.grid.retranslate(chinese=chinese, text_scale=text_scale)
        self.strip.retranslate(text_scale)
        self.reports.retranslate(chinese=chinese, text_scale=text_scale)
        self.questions.retranslate(chinese=chinese)


def _column(holder: QWidget, *parts: QWidget) -> QWidget:
    """Put parts under each other; what is no bar takes the room that is left."""
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part, 0 if isinstance(part, Bar) else 1)
    return holder


def _standing(film: Film) -> str:
    """Of when a kept film is, and whether its source still has the same."""
    if film.check not in _CHECKS:
        return ""
    moment = datetime.fromtimestamp(film.kept_at).astimezone()
    is_today = moment.date() == datetime.now().astimezone().date()
    return tr(_CHECKS[film.check], time=moment.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M"))
