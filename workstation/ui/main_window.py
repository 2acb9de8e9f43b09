"""The window: identity bar, tools, film door or reading page, status. Binds the session's state to the bars.

What it needs from rooms it may not know (opening films, understanding links) is the small protocol `Opener`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workstation.station.places import Places
from workstation.ui import theme
from workstation.ui.actions import BY_ID, CODE_ACTIONS, Action
from workstation.ui.bars import IdentityBar, QuestionBar, StatusBar, ToolBar, person_words
from workstation.ui.film_door import FilmDoor
from workstation.ui.glass_window import GlassWindows
from workstation.ui.language import tr
from workstation.ui.layout_grid import LayoutGrid
from workstation.ui.menus import Menus
from workstation.ui.messages import sentence
from workstation.ui.placing import Placing
from workstation.ui.report_pane import LEAST_WIDTH, ReportPane
from workstation.ui.settings_page import SettingsPage
from workstation.ui.shortcuts import Shortcuts
from workstation.ui.study_browser import WIDTH, StudyBrowser, find
from workstation.viewing.overlay import NOT_GIVEN
from workstation.viewing.session import FilmState, ReadingSession

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QCloseEvent

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.study import Instance, Patient
    from workstation.errors import WorkstationError
    from workstation.tasks import Progress
    from workstation.ui.manual_page import ManualWindow
    from workstation.ui.opener import Opener
    from workstation.ui.viewport_widget import ViewportWidget
    from workstation.viewing.session import Film


class MainWindow(QMainWindow):
    """One window of the workstation.

    Signals
    -------
    first_painted : a frame was painted for the first time since a film was opened
    closed : the window was closed
    """

    first_painted = Signal()
    closed = Signal()

    def __init__(
        self,
        session: ReadingSession,
        opener: Opener,
        deeds: Mapping[str, Callable[[MainWindow], None]],
        *,
        text_scale: int,
    ) -> None:
        super().__init__()
        self.session = session
        self.opener: Opener = opener
        self._deeds = deeds
        self._menus = Menus(self, self.trigger, self._may_run)
        self.chinese = False
        self.text_scale = text_scale
        self._progress: dict[str, Progress] = {}
        self._waits_for_paint = False
        self._strip_width = WIDTH
        self.patient_colour = theme.ACCENT
        self._notice: WorkstationError | None = None
        self._asks_apart = False
        self._apart_patient: Patient | None = None
        self.setWindowTitle("云胶片工作站 · Cloud film workstation")
        self.resize(1600, 1000)
        self.glasses = GlassWindows(self, self)
        self.settings: SettingsPage | None = None  # made when they are first asked for
        self.manual: ManualWindow | None = None
        self._build()
        self._connect()
        self._shortcuts = Shortcuts(self, self.trigger)
        self.placing = Placing(lambda: (self, *self.glasses.windows), self)
        self.placing.watch(self)
        self.show_door()

    # Building ---------------------------------------------------------------

    def _build(self) -> None:
        self.identity = IdentityBar(self)
        self.tools = ToolBar(self)
        self.question = QuestionBar(self)
        self.notice = QuestionBar(self)
        self.grid: LayoutGrid = LayoutGrid(self.session, self.session.panes.value[0], self)
        self.strip = StudyBrowser(self.session, self)
        self.door = FilmDoor(self.opener.understand, self)
        self.status = StatusBar(self)
        self.reports = ReportPane(self.session, self.opener.papers, self.opener.allows, self)
        glass = QWidget(self)
        column = QVBoxLayout(glass)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.question)
        column.addWidget(self.notice)
        column.addWidget(self.grid, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(self.strip)
        self.splitter.addWidget(glass)
        self.splitter.addWidget(self.reports)
        self.splitter.setCollapsible(2, False)
        self.splitter.setHandleWidth(1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([WIDTH, 1200])
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.door)
        self.pages.addWidget(self.splitter)
        desk = QWidget(self)
        desk.setObjectName("desk")
        whole = QVBoxLayout(desk)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.identity)
        whole.addWidget(self.tools)
        whole.addWidget(self.pages, 1)
        whole.addWidget(self.status)
        self.setCentralWidget(desk)
        self.door.set_files_allowed(self.opener.allows("open_files"))
        self.door.set_screen_allowed(self.opener.allows("read_screen"))

    def _connect(self) -> None:
        self.tools.triggered.connect(self.trigger)
        self.question.answered.connect(self._on_answer)
        self.notice.answered.connect(lambda _yes: self.dismiss_notice())
        self.status.stop_asked.connect(self.opener.stop)
        self.grid.probed.connect(self.on_probed)
        self.grid.menu_asked.connect(self.show_menu)
        self.grid.changed.connect(self.refresh)
        self.grid.painted.connect(self.on_painted)
        self.strip.chosen.connect(lambda set_id: self.grid.show_set(set_id, self.session.active_viewport))
        self.strip.report_chosen.connect(self._on_report_chosen)
        self.reports.fold_asked.connect(lambda: self.open_report(False))
        self.reports.exported.connect(self.opener.exported)
        self.reports.shown_changed.connect(self.refresh)
        self.door.entered.connect(self.opener.open_text)
        self.door.cancelled.connect(self.opener.stop)
        self.door.files_asked.connect(lambda: self.perform("open_files"))
        self.door.folder_asked.connect(lambda: self.perform("open_folder"))
        self.door.dropped.connect(self.opener.open_path)
        self.door.pictured.connect(self.opener.open_image)
        self.door.clipboard_asked.connect(lambda: self.perform("read_clipboard"))
        self.door.screen_asked.connect(lambda: self.trigger("film.screen_region"))
        self.door.picked.connect(self.opener.pick)
        self.door.back_asked.connect(self.show_reading)
        self.door.settings_asked.connect(self.show_settings)
        self.door.worklist.settings_asked.connect(self.show_settings)
        for holder in (self.session.is_confirmed, self.session.tool, self.session.texts_hidden):
            holder.changed.connect(lambda _old, _new: self.refresh())
        self.session.magnification.changed.connect(lambda _old, _new: self.refresh())
        self.session.arranged.connect(self.refresh)

    # Commands ---------------------------------------------------------------

    def trigger(self, action_id: str) -> None:
        """Run a command of the action table, if it can be run now."""
        action = BY_ID[action_id]
        if self._may_run(action):
            action.run(self)
            self.refresh()

    def _may_run(self, action: Action) -> bool:
        if action.action_id.startswith("picture.") and not self.opener.allows("export"):
            return False
        if action.action_id in ("film.files", "film.folder") and not self.opener.allows("open_files"):
            return False
        if action.action_id == "film.screen_region" and not self.opener.allows("read_screen"):
            return False
        works_on_the_door = action.group == "film" or action.action_id in CODE_ACTIONS or "desk." in action.action_id
        return action.is_enabled(self) and (self.is_reading or works_on_the_door)

    def perform(self, deed: str) -> None:
        """See `actions.Desk`."""
        self._deeds[deed](self)

    def shown(self) -> ShownFrame | None:
        """What the active viewport has painted, in whichever window it stands."""
        return self.active_grid().shown()

    def shown_widgets(self) -> list[ViewportWidget]:
        """The viewports that stand in some window of this session."""
        grids = (self.grid, *self.glasses.grids)
        return [widget for grid in grids for widget in grid.widgets[: len(grid.pane.shown)]]

    def active_grid(self) -> LayoutGrid:
        """The viewports among which the active one is."""
        return next((grid for grid in self.glasses.grids if grid.pane is self.session.pane), self.grid)

    # Pages ---------------------------------------------------------------

    @property
    def is_reading(self) -> bool:
        """Whether the reading page is shown."""
        return self.pages.currentWidget() is self.splitter

    def show_door(self) -> None:
        """Show the film door; a film that is open stays open behind it."""
        self.pages.setCurrentWidget(self.door)
        self.door.set_back_possible(bool(self.session.films.value))
        self._set_keys(False)
        self.door.field.setFocus()
        self.refresh()

    def show_settings(self, *, is_first: bool = False) -> None:
        """Show the settings page; what is open stays open behind it."""
        if self.settings is None:
            self.settings = SettingsPage(self.opener.office, self)
            self.settings.closed.connect(self._leave_settings)
            self.pages.addWidget(self.settings)
        self.pages.setCurrentWidget(self.settings)
        self._set_keys(False)
        self.settings.begin(is_first=is_first)
        self.refresh()

    def place(self) -> str:
        """Where the user is, as a page of the manual."""
        focused = QApplication.focusWidget()
        if self.settings is not None and self.pages.currentWidget() is self.settings:
            return "settings"
        if not self.is_reading:
            return "search" if focused is not None and self.door.worklist.isAncestorOf(focused) else "open"
        if focused is not None and self.reports.isAncestorOf(focused):
            return "reports"
        is_several = self.session.pane.is_sheet.value or self.glasses.windows or self.session.magnification.value
        return "windows" if is_several else "read"

    def leave_page(self) -> None:
        """Escape: from the settings to where one was; on the door, an opening is called off."""
        if self.settings is not None and self.pages.currentWidget() is self.settings:
            self.settings.leave()
        elif self.door.is_busy:
            self.opener.stop()
            self.show_reading()
        elif not self.door.worklist.step_back():
            self.show_reading()  # a film that loads behind the door goes on loading

    def _leave_settings(self) -> None:
        if self.session.films.value:
            self.show_reading()
        else:
            self.show_door()

    def dress(self, text_scale: int) -> None:
        """Take the size of texts and the keys that the settings name."""
        self.text_scale = text_scale
        self._shortcuts.rebind()
        self.glasses.rebind_keys()

    def show_reading(self) -> None:
        """Show the reading page."""
        if self.session.films.value:
            self.pages.setCurrentWidget(self.splitter)
            self._set_keys(True)
            self.grid.active.setFocus()
            self.refresh()

    def _set_keys(self, reading: bool) -> None:
        self._shortcuts.set_reading(reading)
        self.glasses.set_reading(reading)

    @property
    def is_report_open(self) -> bool:
        """See `actions.Desk`."""
        return not self.reports.isHidden()

    def open_report(self, is_open: bool) -> None:
        """Unfold the report pane beside the glass, as wide as it was, or fold it away."""
        if is_open and self.reports.isHidden():
            strip, glass, _ = self.splitter.sizes()
            wished = min(self.reports.wished_width, max(LEAST_WIDTH, (strip + glass) // 2))
            self.reports.set_open(True)
            self.splitter.setSizes([strip, strip + glass - strip - wished, wished])
        elif not is_open:
            self.reports.set_open(False)
            self.grid.active.setFocus()
        self.refresh()

    def _on_report_chosen(self, report_id: str) -> None:
        self.reports.show_report(report_id)
        self.open_report(True)

    # A film ---------------------------------------------------------------

    def add_film(self, film: Film) -> None:
        """Show a film that begins to load."""
        self._waits_for_paint = True
        film.changed.connect(self._on_film_changed)
        film.reported.connect(self.strip.viewport().update)
        film.frames.arrived.connect(self.grid.on_arrived)
        film.frames.arrived.connect(self.glasses.on_arrived)
        film.frames.arrived.connect(self.strip.on_arrived)
        film.frames.sketched.connect(self.strip.on_sketched)
        self.session.add_film(film)
        self.strip.fill()
        self.show_reading()
        self.grid.wish()
        if not film.display_sets and (film.listed_reports or film.reports):
            self.open_report(True)  # there is nothing else to look at
        self._ask_who()
        self.door.show_idle()

    def forget_films(self) -> None:
        """Everything is closed: the door, and nothing of the patient on it."""
        self.session.close_films()
        self.open_report(False)
        self.strip.fill()
        self.question.dismiss()
        self.notice.dismiss()
        self._notice = None
        self._asks_apart, self._apart_patient = False, None
        self._progress.clear()
        self.status.probe.setText("")
        self.door.show_idle()
        self.door.worklist.forget()
        self.show_door()

    def _on_film_changed(self) -> None:
        self.strip.viewport().update()
        self.grid.repaint_all()
        self.glasses.repaint_all()
        self.refresh()

    def on_probed(self, words: str) -> None:
        """What is under the pointer, in whichever window."""
        self.status.probe.setText(words)

    def on_painted(self) -> None:
        """A viewport painted a frame that it had not shown before."""
        self.refresh()
        if self._waits_for_paint:
            self._waits_for_paint = False
            self.first_painted.emit()

    def show_progress(self, film_id: str, progress: Progress) -> None:
        """How far the load of a film is."""
        self._progress[film_id] = progress
        self.strip.viewport().update()
        self.refresh_status()

    def show_notice(self, error: WorkstationError) -> None:
        """Say, above the glass, what went wrong while a film is open."""
        self._notice = error
        self.notice.ask(sentence(error), "", tr("Close"), tone="red")

    def _ask_who(self) -> None:
        if self._asks_apart:
            return  # one question at a time: the film of the other patient waits for its answer
        patient = self.session.patient
        if patient is None or self.session.is_confirmed.value:
            self.question.hide()
            return
        films = self.session.films.value
        asked = next((film for film in reversed(films) if film.name_differs), films[0])
        patient = asked.patient
        who = person_words(patient, asked.instances[0].study.age, chinese=self.chinese)
        text = tr("Is this {who}, ID {id}?", who=who, id=patient.patient_id or NOT_GIVEN)
        self.question.ask(text, tr("Yes, this patient (Enter)"), tr("No, close the film"))

    def ask_apart(self, patient: Patient) -> None:
        """Ask whether a film of another patient shall open in its own window."""
        self._asks_apart, self._apart_patient = True, patient
        self.show_reading()
        self._put_apart(patient)

    def _put_apart(self, patient: Patient) -> None:
        who = person_words(patient, "", chinese=self.chinese)
        self.question.ask(
            tr("This film is of ANOTHER PATIENT: {who}. Open it in its own window?", who=who),
            tr("Open in its own window"),
            tr("Do not open"),
            tone="red",
        )

    def _on_answer(self, agreed: bool) -> None:
        if self._asks_apart:
            self._asks_apart = False
            self.question.hide()
            self.opener.open_apart(agreed)
            self._ask_who()
        elif agreed:
            self.trigger("film.confirm")
        else:
            self.opener.close_film()

    def confirm(self) -> None:
        """The user says: this is the patient."""
        if self._asks_apart:
            return
        self.session.is_confirmed.set(True)
        self.question.hide()
        self.opener.confirm()

    def dismiss_notice(self) -> None:
        """What was said above the glass has been read; another language does not bring it back."""
        self._notice = None
        self.notice.hide()

    # What the bars say ---------------------------------------------------------------

    def refresh(self) -> None:
        """Bring the bars in line with the state."""
        shown = self.grid.shown() if self.is_reading else None
        self.glasses.refresh(confirmed=self.session.is_confirmed.value)
        self.identity.setVisible(self.is_reading)
        self.identity.show_instance(
            shown.instance if shown else self._instance_read(),
            chinese=self.chinese,
            confirmed=self.session.is_confirmed.value,
        )
        self.tools.refresh(self._may_run, lambda action: bool(action.is_checked and action.is_checked(self)))
        self.tools.setVisible(self.is_reading)
        self.strip.viewport().update()
        self.refresh_status()

    def _instance_read(self) -> Instance | None:
        """Whose report is shown while no image can be: the identity bar is never empty over an open film."""
        has_images = any(film.display_sets for film in self.session.films.value)
        return self.reports.instance if self.is_reading and self.is_report_open and not has_images else None

    def refresh_status(self) -> None:
        """Completeness, speed, source, the active tool's hint."""
        self.status.setVisible(self.is_reading)
        film = self.session.film_of(self.session.active_viewport.state.display_set)
        if film is None and not any(one.display_sets for one in self.session.films.value):
            film = next(iter(self.session.films.value), None)  # reports only: nothing can be on the glass
        if film is None:
            self.status.show_completeness("", "secondary")
            self.status.show_progress(None)
            self.status.facts.setText("")
            return
        received, expected = film.totals
        words, tone = _completeness(film)
        self.status.show_completeness(words.format(received=received, expected=expected), tone)
        is_loading = film.state is FilmState.LOADING
        self.status.show_progress((received, expected) if is_loading else None)
        self.status.facts.setText(" · ".join(part for part in self._facts(film) if part))
        tool = BY_ID.get(f"tool.{self.session.tool.value}")
        self.status.hint.setText(tr(tool.hint) if tool else "")

    def _facts(self, film: Film) -> list[str]:
        shown = self.shown()
        lossy = "" if shown is None else tr("lossy") if shown.instance.is_lossy else tr("lossless")
        progress = self._progress.get(film.film_id)
        rate = f"{progress.megabytes_per_second:.1f} MB/s" if progress else ""
        without = film.objects_without_pictures
        several = tr("{count} objects without pictures", count=without)
        others = "" if not without else tr("1 object without pictures") if without == 1 else several
        return [lossy, rate, film.source_name, others]

    def show_menu(self, place: QPoint) -> None:
        """The menu of the active viewport."""
        viewport = self.session.active_viewport
        self._menus.image(self.shown(), viewport.set_window).exec(place)

    # Language ---------------------------------------------------------------

    def retranslate(self, *, chinese: bool) -> None:
        """Take the words of the language in use."""
        self.chinese = chinese
        self.tools.retranslate()
        self.tools.set_layout_menu(self._menus.layouts())
        self.status.retranslate()
        self.door.retranslate()
        if self.settings is not None:
            self.settings.retranslate()
        if self.manual is not None and self.manual.isVisible():
            self.manual.open_at(self.manual.shown, "zh" if chinese else "en")
        self.grid.retranslate(chinese=chinese, text_scale=self.text_scale)
        self.glasses.retranslate(chinese=chinese, text_scale=self.text_scale)
        self.strip.retranslate(self.text_scale)
        self.reports.retranslate(chinese=chinese, text_scale=self.text_scale)
        if self._asks_apart and self._apart_patient is not None:
            self._put_apart(self._apart_patient)
        else:
            self._ask_who()
        if self._notice is not None:
            self.show_notice(self._notice)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """See QWidget."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.grid.repaint_all()

    def closeEvent(self, event: QCloseEvent) -> None:
        """See QWidget."""
        self.placing.note()
        self.closed.emit()
        self.glasses.close()
        super().closeEvent(event)

    def set_patient_colour(self, colour: str) -> None:
        """The colour of this window's identity bar."""
        self.patient_colour = colour
        self.identity.set_colour(colour)
        self.glasses.set_colour(colour)

    def places(self) -> Places:
        """Where the windows and the strip stand now."""
        self.placing.note()
        strip = self.splitter.sizes()[0] if self.is_reading and self.strip.isVisible() else self._strip_width
        return Places(dict(self.placing.arrangements), strip, report_width=self.reports.wished_width)

    def take_places(self, places: Places) -> None:
        """Stand where the windows stood on these monitors; never where no hand can reach them."""
        self.placing.arrangements = dict(places.arrangements)
        for _ in range(1, self.placing.count()):
            self.add_window()
        self.placing.restore()
        if places.strip_width > 0:
            self._strip_width = places.strip_width
            self.splitter.setSizes([places.strip_width, 1200, 0])
        if places.report_width >= LEAST_WIDTH:
            self.reports.wished_width = places.report_width

    def add_window(self) -> None:
        """Another window of this session: where one stood before, else on a monitor that shows none of them yet."""
        window = self.glasses.add()
        if window is None:
            return
        self.placing.watch(window)
        self.placing.place_new(window)
        window.shortcuts.set_reading(self.is_reading)
        window.show()
        self.refresh()

    def find_set(self, set_id: str) -> bool:
        """Whether a display set is open here."""
        return find(self.session, set_id)[1] is not None


def _completeness(film: Film) -> tuple[str, str]:
    received, expected = film.totals
    if film.state is FilmState.LOADING:
        return tr("Loading {received} / {expected}", received=received, expected=expected), "secondary"
    if film.state is FilmState.CANCELLED and received < expected:
        return "⚠ " + tr("Stopped: {received} of {expected}", received=received, expected=expected), "amber"
    if received < expected or film.refusals:
        return "⚠ " + tr("INCOMPLETE {received} of {expected}", received=received, expected=expected), "amber"
    return "✓ " + tr("Complete {received} / {expected}", received=received, expected=expected), "green"
