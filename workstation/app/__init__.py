"""The composition root: builds everything and introduces the parts to each other. What they do is theirs."""

from __future__ import annotations

import itertools
import logging
import os
import sys
import threading
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from workstation.app.desk import ReadingDesk
from workstation.app.expiring import Expiring
from workstation.app.keeping import Keeping
from workstation.app.office import SettingsOffice
from workstation.app.reopening import Reopening
from workstation.app.station import Station
from workstation.app.warming import PAGES, warm_pictures
from workstation.errors import whereabouts
from workstation.events import Signal
from workstation.station.monitors import Role
from workstation.station.monitors import load as load_monitors
from workstation.station.places import load as load_places
from workstation.station.user import user_name
from workstation.station.worklist_habits import load as load_habits
from workstation.tasks import Priority, Tasks
from workstation.ui import theme
from workstation.ui.blanking import Blanking
from workstation.ui.bridge import Bridge
from workstation.ui.bursts import Habits
from workstation.ui.keys import bind_keys
from workstation.ui.language import Language
from workstation.ui.scanner import Scanner
from workstation.ui.screens import monitor_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from PySide6.QtGui import QScreen

    from workstation.settings import Settings
    from workstation.station.monitors import Monitor
    from workstation.station.open_films import OpenFilms
    from workstation.ui.offers import Offer

__all__ = ["ReadingDesk", "Station", "Workstation", "make_application"]

_log = logging.getLogger(__name__)
_QT_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_QT_IDLE_TALK: Final = ("This plugin does not support",)  # of the offscreen platform, which has no window manager


class Workstation:
    """The program with its windows."""

    def __init__(self, app: QApplication, station: Station, *, language: str = "auto") -> None:
        app.setStyle("Fusion")
        app.setPalette(theme.palette())
        self._app = app
        self._dress(station.settings)
        self.station = station
        self.bridge = Bridge()
        self.language = Language(app)
        self.places = load_places()
        self.monitors = load_monitors()
        self._habits = load_habits()
        self.is_language_chosen = bool(self.places.language)  # by hand: then it is remembered
        wished = language if language != "auto" else station.settings.screen.language
        self.language.set(self.places.language or wished if wished == "auto" else wished)
        self.tasks = Tasks(2, self.bridge.post, "open")
        self.desks: list[ReadingDesk] = []
        self._samples: Callable[[], tuple[Offer, ...]] = tuple
        self.reopening: Reopening | None = None
        self.keeping = Keeping(lambda: self.station.vault, self.bridge.post)
        self.office = SettingsOffice(self)
        self.expiring = Expiring(self.tasks, lambda: self.station, self._refresh_kept)
        self.blanking = Blanking(lambda: self.station.settings.screen.blank_minutes, self._stays_lit)
        self.scanner = Scanner(app, self._scanner_habits, self.blanking.sees)
        self.scanner.scanned.connect(self._on_scanned)

    def _stays_lit(self, screen: QScreen) -> bool:
        return self.monitors.of(monitor_key(screen)).role is Role.OPERATING_ROOM

    def _scanner_habits(self) -> Habits:
        scanner = self.station.settings.scanner
        return Habits(scanner.interval_ms, scanner.prefix, scanner.suffix)

    def _on_scanned(self, text: str) -> None:
        """The window that is in front opens what was scanned; the newest one when none of them is."""
        self.blanking.lift()
        desk = self.front_desk()
        desk.window.activateWindow()
        desk.open_scanned(text)

    def _dress(self, settings: Settings) -> None:
        self._app.setFont(theme.font(scale=settings.screen.text_scale))
        self._app.setStyleSheet(theme.style_sheet(settings.screen.text_scale))
        self._odd_keys = bind_keys(settings.keys)

    def apply(self, settings: Settings) -> None:
        """Use settings in every window, from now on; see `SettingsOffice`."""
        before = self.station.settings
        self.station.use_settings(settings)
        self._dress(settings)
        for desk in self.desks:
            desk.use_settings()
        if settings.screen.language != before.screen.language:
            self.is_language_chosen = False
            self.language.set(settings.screen.language)
        self.set_language(self.language.code)
        self.expiring.look()

    def declare(self, key: str, monitor: Monitor) -> None:
        """Declare something of a monitor, for every window and from now on; kept."""
        self.monitors = self.monitors.with_monitor(key, monitor)
        self.station.remember_monitors(self.monitors)
        self.station.record("monitor", kind=monitor.role, act=monitor.way, outcome=monitor.standing(date.today()))
        for desk in self.desks:
            desk.use_monitors()

    def post(self, call: Callable[[], None]) -> None:
        """Bring a call to the main thread."""
        self.bridge.post(call)

    def new_desk(self) -> ReadingDesk:
        """Another window."""
        desk = ReadingDesk(self)
        desk.session.markings.author = user_name()
        self.keeping.follow(desk.session)
        self.desks.append(desk)
        taken = {other.window.patient_colour for other in self.desks if other is not desk}
        desk.window.set_patient_colour(next((c for c in theme.PATIENTS if c not in taken), theme.PATIENTS[-1]))
        desk.window.door.choices.offer_samples(self._samples())
        desk.window.door.worklist.take_habits(self._habits)
        desk.window.appeared.connect(self._go_on_starting)
        if self.station.settings.problem is not None:
            desk.window.door.show_error(self.station.settings.problem)
        elif self._odd_keys:
            desk.window.door.show_error(self._odd_keys[0])
        return desk

    def _go_on_starting(self) -> None:
        """What the window on the screen did not wait for."""
        self.scanner.listen()
        steps = self._steps_of_starting()
        self.tasks.submit(lambda _: warm_pictures(), priority=Priority.NEAR, done=lambda _: self._step(steps))

    def _steps_of_starting(self) -> Iterator[None]:
        """On the main thread; each is so short that nobody feels it."""
        for name in PAGES:
            import_module(name)
            yield
        for desk in tuple(self.desks):
            yield from desk.window.make_ready()
        self.station.pool.start()
        ready = self.station.make_ready
        self.tasks.submit(lambda _: ready(), priority=Priority.PRIOR, done=lambda _: self._offer_kept())

    def _offer_kept(self) -> None:
        for desk in self.desks:
            desk.kept_films.begin()
        self.expiring.begin()

    def _refresh_kept(self) -> None:
        for desk in self.desks:
            desk.kept_films.refresh()

    def _step(self, steps: Iterator[None]) -> None:
        for _ in itertools.islice(steps, 1):
            self.bridge.post(lambda: self._step(steps))

    def offer_again(self, kept: OpenFilms, desk: ReadingDesk) -> None:
        """Keep the list of open films from now on; what was open when the program died is offered on the door."""
        self.reopening = Reopening(kept, self.bridge.post)
        self.reopening.offer(desk.window.door, desk)

    def films_changed(self) -> None:
        """Films were opened or closed in some window."""
        if self.reopening is not None:
            self.reopening.changed(self.desks)

    def front_desk(self) -> ReadingDesk:
        """The window that the user is in, else the newest."""
        active = QApplication.activeWindow()
        for desk in self.desks:
            if active is desk.window or active in desk.window.glasses.windows:
                return desk
        return self.desks[-1] if self.desks else self.new_desk()

    def use_station(self, station: Station) -> None:
        """Go on with another station; films that were opened through the old one are closed."""
        for desk in self.desks:
            desk.close_film()
        self.station.close()
        self.station = station
        for desk in self.desks:
            desk.searching.take_sources()

    def offer_samples(self, samples: Callable[[], tuple[Offer, ...]]) -> None:
        """List the demo's sample films on every film door; `samples` gives them in the language in use."""
        self._samples = samples
        for desk in self.desks:
            desk.window.door.choices.offer_samples(samples())

    def set_language(self, code: str) -> None:
        """Switch every window."""
        self.language.set(code)
        for desk in self.desks:
            desk.window.door.choices.offer_samples(self._samples())
            desk.window.retranslate(chinese=self.language.code == "zh")
            desk.kept_films.refresh()

    def forget(self, desk: object) -> None:
        """A window was closed."""
        self.desks[:] = [one for one in self.desks if one is not desk]

    def close(self) -> None:
        """Stop everything that runs."""
        self.scanner.close()
        self.blanking.close()
        self.expiring.close()
        for desk in list(self.desks):
            desk.close()
        if self.reopening is not None:
            self.reopening.close()
        self.keeping.close()
        self.tasks.close()
        self.bridge.close()
        self.station.close()


def make_application(arguments: list[str]) -> QApplication:
    """The Qt application; on Linux without a screen, Qt's offscreen platform."""
    if os.name == "posix" and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    sys.excepthook = _on_unexpected
    threading.excepthook = lambda told: _on_unexpected(told.exc_type, told.exc_value, told.exc_traceback)
    qInstallMessageHandler(_on_qt_message)
    app = QApplication(arguments)
    app.setApplicationName("cloudfilm-workstation")
    app.setDesktopFileName("cloudfilm-workstation")  # by it a desktop finds name and icon
    app.setWindowIcon(theme.program_icon())
    return app


unexpected_told: Signal[str] = Signal()  # kind and place of what no one caught, for the crash report


def _on_unexpected(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """What no one caught, in a slot or a thread: its place is logged, not its message, which may name a patient."""
    del trace
    place = kind.__name__ if error is None else whereabouts(error)
    _log.error("unexpected: %s", place)
    unexpected_told.emit(place)


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Qt's own words go where ours go; what it says of a missing window manager goes nowhere."""
    del context
    if not text.startswith(_QT_IDLE_TALK):
        logging.getLogger("workstation.qt").log(_QT_LEVELS.get(kind, logging.WARNING), "%s", text)
