"""The window: the film door, the reading page or the settings, and which commands can be used on each.

The door is there at once; the other pages are built when they are first asked for. What the window needs from rooms
it may not know (opening films, understanding links) is the small protocol `Opener`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from workstation.station.places import Places
from workstation.ui import theme
from workstation.ui.actions import BY_ID, CODE_ACTIONS
from workstation.ui.film_door import FilmDoor
from workstation.ui.forgetting import ForgetBar
from workstation.ui.glass_window import GlassWindows
from workstation.ui.placing import Placing
from workstation.ui.shortcuts import Shortcuts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QCloseEvent, QPaintEvent
    from PySide6.QtWidgets import QSplitter

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.study import Patient
    from workstation.errors import WorkstationError
    from workstation.tasks import Progress
    from workstation.ui.action import Action
    from workstation.ui.bars import IdentityBar, QuestionBar, ToolBar
    from workstation.ui.layout_grid import LayoutGrid
    from workstation.ui.manual_page import ManualWindow
    from workstation.ui.opener import Opener
    from workstation.ui.reading_page import ReadingPage
    from workstation.ui.report_pane import ReportPane
    from workstation.ui.settings_page import SettingsPage
    from workstation.ui.speed_window import SpeedWindow
    from workstation.ui.status_bar import StatusBar
    from workstation.ui.study_browser import StudyBrowser
    from workstation.ui.viewport_widget import ViewportWidget
    from workstation.viewing.session import Film, ReadingSession


_TITLE: Final = "云胶片工作站 · Cloud film workstation"


class MainWindow(QMainWindow):
    """One window of the workstation.

    Signals
    -------
    appeared : the window itself was painted for the first time; told when that is over
    painted : a viewport painted a frame that it had not shown before
    first_painted : a frame was painted for the first time since a film was opened
    closed : the window was closed
    """

    appeared = Signal()
    painted = Signal()
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
        self.chinese = False
        self.text_scale = text_scale
        self._has_appeared = False
        self._waits_for_paint = False
        self._places = Places()
        self.patient_colour = theme.ACCENT
        self.mark_title("")
        self.resize(1600, 1000)
        self.glasses = GlassWindows(self, self)
        self._reading: ReadingPage | None = None  # these are made when they are first asked for
        self.settings: SettingsPage | None = None
        self.manual: ManualWindow | None = None
        self.speeds: SpeedWindow | None = None
        self._build()
        self._connect()
        self._shortcuts = Shortcuts(self, self.trigger)
        self.placing = Placing(lambda: (self, *self.glasses.windows), self)
        self.placing.watch(self)
        self.show_door()

    # Building ---------------------------------------------------------------

    def _build(self) -> None:
        self.door = FilmDoor(self.opener.understand, self)
        self.pages = QStackedWidget(self)
        self.pages.setObjectName("desk")
        self.pages.addWidget(self.door)
        self.forget_bar = ForgetBar(self)
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.forget_bar)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(holder)
        self.door.set_files_allowed(self.opener.allows("open_files"))
        self.door.set_screen_allowed(self.opener.allows("read_screen"))

    def _connect(self) -> None:
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

    # The reading page ---------------------------------------------------------------

    @property
    def reading(self) -> ReadingPage:
        """The reading page; built when it is first asked for."""
        if self._reading is None:
            from workstation.ui.reading_page import ReadingPage

            self._reading = ReadingPage(self, self.pages)
            self._reading.take_widths(self._places.strip_width, self._places.report_width)
            self._reading.identity.set_colour(self.patient_colour)
            self._reading.retranslate(chinese=self.chinese, text_scale=self.text_scale)
            self.pages.addWidget(self._reading)
            self._reading.refresh()
        return self._reading

    def make_ready(self) -> Iterator[None]:
        """Build what the first film needs, in short steps: the window answers between them."""
        page = self.reading
        yield
        for part in page.findChildren(QWidget):
            part.ensurePolished()  # else the first show does it, and the first image waits for it
        yield
        if not page.isVisible():
            page.resize(self.pages.size())

    @property
    def identity(self) -> IdentityBar:
        """Who is on the screen."""
        return self.reading.identity

    @property
    def tools(self) -> ToolBar:
        """The commands that are used most."""
        return self.reading.tools

    @property
    def question(self) -> QuestionBar:
        """What is asked above the glass."""
        return self.reading.questions.question

    @property
    def notice(self) -> QuestionBar:
        """What went wrong, above the glass."""
        return self.reading.questions.notice

    @property
    def strip(self) -> StudyBrowser:
        """The list of series."""
        return self.reading.strip

    @property
    def grid(self) -> LayoutGrid:
        """The viewports of this window."""
        return self.reading.grid

    @property
    def reports(self) -> ReportPane:
        """The reports beside the glass."""
        return self.reading.reports

    @property
    def splitter(self) -> QSplitter:
        """Strip, glass and reports, side by side."""
        return self.reading.splitter

    @property
    def status(self) -> StatusBar:
        """How complete, how fast, from where."""
        return self.reading.status

    # Commands ---------------------------------------------------------------

    def trigger(self, action_id: str) -> None:
        """Run a command of the action table, if it can be run now."""
        action = BY_ID[action_id]
        if self.may_run(action):
            action.run(self)
            self.refresh()

    def may_run(self, action: Action) -> bool:
        """Whether a command can be run now, on this page and on this station."""
        if action.action_id.startswith("picture.") and not self.opener.allows("export"):
            return False
        if action.action_id in ("film.files", "film.folder") and not self.opener.allows("open_files"):
            return False
        if action.action_id == "film.screen_region" and not self.opener.allows("read_screen"):
            return False
        works_on_the_door = action.group == "film" or action.action_id in CODE_ACTIONS or "desk." in action.action_id
        return action.is_enabled(self) and (self.is_reading or works_on_the_door)

    def is_on(self, action: Action) -> bool:
        """Whether what a command switches is switched on."""
        return bool(action.is_checked and action.is_checked(self))

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
        return self._reading is not None and self.pages.currentWidget() is self._reading

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
            from workstation.ui.settings_page import SettingsPage

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
            self.pages.setCurrentWidget(self.reading)
            self._set_keys(True)
            self.grid.active.setFocus()
            self.refresh()

    def _set_keys(self, reading: bool) -> None:
        self._shortcuts.set_reading(reading)
        self.glasses.set_reading(reading)

    @property
    def is_report_open(self) -> bool:
        """See `actions.Desk`."""
        return self._reading is not None and self._reading.is_report_open

    @property
    def is_table_open(self) -> bool:
        """Whether the table of measurements is unfolded."""
        return self._reading is not None and not self._reading.measures.isHidden()

    def open_report(self, is_open: bool) -> None:
        """Unfold the report pane beside the glass, as wide as it was, or fold it away."""
        self.reading.open_report(is_open)

    # A film ---------------------------------------------------------------

    def add_film(self, film: Film) -> None:
        """Show a film that begins to load."""
        self._waits_for_paint = True
        film.changed.connect(self._on_film_changed)
        self.reading.take_film(film)
        film.frames.arrived.connect(self.glasses.on_arrived)
        self.session.add_film(film)
        self.strip.fill()
        self.show_reading()
        self.reading.begin_film(film)
        self.door.show_idle()

    def show_grown(self, film: Film) -> None:
        """More of a film is known: the list is longer, and every image on the glass stays."""
        self.strip.fill()
        self.reading.begin_film(film)

    def forget_films(self) -> None:
        """Everything is closed: the door, and nothing of the patient on it."""
        self.session.close_films()
        if self._reading is not None:
            self._reading.forget()
        self.door.show_idle()
        self.door.worklist.forget()
        self.show_door()

    def _on_film_changed(self) -> None:
        self.reading.on_film_changed()
        self.glasses.repaint_all()
        self.refresh()

    def on_probed(self, words: str) -> None:
        """What is under the pointer, in whichever window."""
        self.status.probe.setText(words)

    def on_painted(self) -> None:
        """A viewport painted a frame that it had not shown before."""
        self.painted.emit()
        self.refresh()
        if self._waits_for_paint:
            self._waits_for_paint = False
            self.first_painted.emit()

    def show_hold(self) -> None:
        """What holds the load of a film up has changed."""
        self.reading.refresh_status()

    def show_progress(self, film_id: str, progress: Progress) -> None:
        """How far the load of a film is."""
        self.reading.show_progress(film_id, progress)

    def show_notice(self, error: WorkstationError) -> None:
        """Say, above the glass, what went wrong while a film is open."""
        self.reading.questions.show_notice(error)

    def tell_ready(self, words: str, answered: Callable[[bool], None]) -> None:
        """Say above the glass that a film can be opened; empty words take it back."""
        if words:
            self.reading.questions.tell_ready(words, answered)
        elif self._reading is not None:
            self._reading.questions.ready.dismiss()

    def mark_title(self, words: str) -> None:
        """Say something short in the title, before the program's name; nothing with empty words."""
        self.setWindowTitle(f"● {words} · {_TITLE}" if words else _TITLE)

    def ask_apart(self, patient: Patient) -> None:
        """Ask whether a film of another patient shall open in its own window."""
        self.show_reading()
        self.reading.questions.ask_apart(patient)

    def confirm(self) -> None:
        """The user says: this is the patient."""
        self.reading.questions.confirm()

    def take_back_notice(self, errors: Sequence[WorkstationError]) -> None:
        """What was said of these is over."""
        self.reading.questions.take_back(errors)

    def dismiss_notice(self) -> None:
        """What was said above the glass has been read."""
        self.reading.questions.dismiss_notice()

    def refresh(self) -> None:
        """Bring the bars in line with the state."""
        self.glasses.refresh(confirmed=self.session.is_confirmed.value)
        if self._reading is not None:
            self._reading.refresh()

    def show_menu(self, place: QPoint) -> None:
        """The menu of the active viewport."""
        self.reading.show_menu(place)

    # Language ---------------------------------------------------------------

    def retranslate(self, *, chinese: bool) -> None:
        """Take the words of the language in use."""
        self.chinese = chinese
        self.door.retranslate()
        self.forget_bar.retranslate()
        if self.settings is not None:
            self.settings.retranslate()
        if self.manual is not None and self.manual.isVisible():
            self.manual.open_at(self.manual.shown, "zh" if chinese else "en")
        if self.speeds is not None:
            self.speeds.retranslate()
        self.glasses.retranslate(chinese=chinese, text_scale=self.text_scale)
        if self._reading is not None:
            self._reading.retranslate(chinese=chinese, text_scale=self.text_scale)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """See QWidget."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and self._reading is not None:
            self._reading.grid.repaint_all()

    def paintEvent(self, event: QPaintEvent) -> None:
        """See QWidget."""
        super().paintEvent(event)
        if not self._has_appeared:
            self._has_appeared = True
            QTimer.singleShot(0, self.appeared.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """See QWidget."""
        self.placing.note()
        self.closed.emit()
        self.glasses.close()
        super().closeEvent(event)

    def set_patient_colour(self, colour: str) -> None:
        """The colour of this window's identity bar."""
        self.patient_colour = colour
        if self._reading is not None:
            self._reading.identity.set_colour(colour)
        self.glasses.set_colour(colour)

    def places(self) -> Places:
        """Where the windows and the strip stand now."""
        self.placing.note()
        strip, report = self._places.strip_width, self._places.report_width
        if self._reading is not None:
            strip, report = self._reading.widths()
        return Places(dict(self.placing.arrangements), strip, report_width=report)

    def take_places(self, places: Places) -> None:
        """Stand where the windows stood on these monitors; never where no hand can reach them."""
        self._places = places
        self.placing.arrangements = dict(places.arrangements)
        for _ in range(1, self.placing.count()):
            self.add_window()
        self.placing.restore()
        if self._reading is not None:
            self._reading.take_widths(places.strip_width, places.report_width)

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
