"""`open`, `demo` and the plain start: the window, and the window's picture."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from workstation.app import ReadingDesk, Station, Workstation, make_application
from workstation.errors import DicomError, StationError
from workstation.ui.messages import sentence

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from workstation.settings import Settings

_SETTLED_S: Final = 0.15  # nothing changed for so long
_PATIENCE_S: Final = 600.0
_SIGNALS_EVERY_MS: Final = 200
DONE: Final = 0
PARTLY: Final = 1
NOT_OPENED: Final = 4


def run_open(options: argparse.Namespace, settings: Settings) -> int:
    """The window, with a source when one is named; with --screenshot its picture and the end."""
    app = make_application(sys.argv[:1])
    workstation = Workstation(app, Station(settings))
    try:
        desk = workstation.new_desk()
        source = getattr(options, "source", "")
        picture = getattr(options, "screenshot", None)
        if picture is None:
            desk.window.take_places(workstation.places)
        if getattr(options, "window_size", None):
            desk.window.resize(*options.window_size)
        desk.window.show()
        if source:
            enter(desk, source, options.passcode)
        return run_until_closed(app) if picture is None else _screenshot(app, desk, picture)
    finally:
        workstation.close()


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
    is_path = source.startswith(("/", "./", "../", ".\\", "..\\")) or os.path.exists(source)  # noqa: PTH110 - Path.exists raises for long names
    if "://" not in source and is_path:
        desk.open_path(source)
    else:
        desk.window.door.enter_text(source)
        desk.open_text(source, passcode)


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
