"""`open`, `demo` and the plain start: the window, and the window's picture."""

from __future__ import annotations

import gc
import signal
import sys
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer

from workstation.app import ReadingDesk, Station, Workstation, make_application, unexpected_told
from workstation.errors import DicomError, StationError
from workstation.station.crash import CrashReport, gather
from workstation.station.logs import LogFile
from workstation.station.open_films import OpenFilms
from workstation.ui.messages import sentence

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from workstation.settings import Settings
    from workstation.ui.one_program import OneProgram

_SETTLED_S: Final = 0.15  # nothing changed for so long
_PATIENCE_S: Final = 600.0
_STARTED_MS = 5000
_SIGNALS_EVERY_MS: Final = 200
DONE: Final = 0
PARTLY: Final = 1
NOT_OPENED: Final = 4


def run_screenshot(options: argparse.Namespace, settings: Settings) -> int:
    """A picture of the window once it has settled, and the end."""
    app = make_application(sys.argv[:1])
    workstation = Workstation(app, Station(settings))
    try:
        desk = workstation.new_desk()
        if options.window_size:
            desk.window.resize(*options.window_size)
        desk.window.show()
        enter(desk, options.source, options.passcode)
        return _screenshot(app, desk, options.screenshot)
    finally:
        workstation.close()


def run_window(options: argparse.Namespace, settings: Settings, one: OneProgram) -> int:
    """The window until it is closed. `one` hears what later starts of the program should open."""
    app = make_application(sys.argv[:1])
    report, log = CrashReport(), LogFile()
    log.begin()
    deaths = gather()
    report.begin()
    stop_noting = unexpected_told.connect(report.note)
    workstation = Workstation(app, Station(settings))
    try:
        _show_window(workstation, options, one)
        QTimer.singleShot(_STARTED_MS, gc.freeze)  # what is imported is no garbage: a look at it takes 0.1 s
        one.listen()
        one.asked.connect(lambda asked: _on_asked(workstation, asked))
        if deaths:
            workstation.desks[0].window.door.say_died(str(deaths[-1]))
        return run_until_closed(app)
    finally:
        workstation.close()
        stop_noting()
        one.release()
        report.end()
        log.end()


def _show_window(workstation: Workstation, options: argparse.Namespace, one: OneProgram) -> None:
    desk = workstation.new_desk()
    desk.window.take_places(workstation.places)
    if getattr(options, "window_size", None):
        desk.window.resize(*options.window_size)
    desk.window.show()
    if one.is_the_one:  # the list of open films is the one copy's alone
        workstation.offer_again(OpenFilms(workstation.station.vault, f"-{one.channel}"), desk)
    if options.config is not None:
        workstation.office.file = options.config
    if getattr(options, "source", ""):
        enter(desk, options.source, options.passcode)
    elif not workstation.station.settings.sources and workstation.station.settings.problem is None:
        desk.window.show_settings(is_first=True)


def _on_asked(workstation: Workstation, source: str) -> None:
    """Another start of the program asks: the window comes to the front, and opens what that start was given."""
    desk = workstation.front_desk()
    window = desk.window
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    if source:
        desk.open_entry(source)


def run_until_closed(app: QApplication) -> int:
    """Run the window until it is closed, or the program is told to end: then it ends as if it had been closed."""
    ticking = QTimer()
    ticking.start(_SIGNALS_EVERY_MS)  # Python hears of signals only when it runs
    ticking.timeout.connect(lambda: None)
    before = {one: signal.signal(one, lambda _number, _frame: app.quit()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        return app.exec()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        ticking.stop()


def enter(desk: ReadingDesk, source: str, passcode: str = "") -> None:
    """Open a link, a UID, an accession number, a file or a folder."""
    if passcode:
        desk.window.door.enter_text(source)
        desk.open_text(source, passcode)
    else:
        desk.open_entry(source)


def _screenshot(app: QApplication, desk: ReadingDesk, picture: Path) -> int:
    wait(app, lambda: desk.is_settled)
    if desk.last_error is not None:
        print(sentence(desk.last_error), file=sys.stderr)
        save(app, desk, picture)
        return NOT_OPENED
    if desk.window.door.has_candidates:
        print(desk.window.door.understood.text(), file=sys.stderr)
        save(app, desk, picture)
        return NOT_OPENED
    if desk.session.patient is not None:
        desk.window.trigger("film.confirm")
        wait(app, desk.is_painted)
    save(app, desk, picture)
    return _verdict(desk)


def _verdict(desk: ReadingDesk) -> int:
    error = next((r.error for film in desk.session.films.value for r in film.refusals), None)
    if error is not None:
        print(sentence(error), file=sys.stderr)
    films = desk.session.films.value
    if films and not any(film.display_sets for film in films):
        print(sentence(DicomError("no-pixels", what=films[0].instances[0].kind)), file=sys.stderr)
        return NOT_OPENED
    if error is not None:
        return PARTLY if any(film.totals[0] for film in films) else NOT_OPENED
    return DONE


def wait(app: QApplication, is_so: Callable[[], bool], patience_s: float = _PATIENCE_S) -> None:
    """Run the event loop until it has been so for a moment."""
    ends = time.monotonic() + patience_s
    since: float | None = None
    while time.monotonic() < ends:
        app.processEvents()
        if not is_so():
            since = None
        elif since is None:
            since = time.monotonic()
        elif time.monotonic() - since >= _SETTLED_S:
            return
        time.sleep(0.005)


def save(app: QApplication, desk: ReadingDesk, picture: Path) -> None:
    """Save the window as it is.

    Raises
    ------
    StationError
        cannot-write
    """
    app.processEvents()
    picture.parent.mkdir(parents=True, exist_ok=True)
    if not desk.window.grab().save(str(picture), "PNG"):
        raise StationError("cannot-write", reason=picture.name)
