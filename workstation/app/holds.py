"""`Holds`: what holds the loads of one desk's films up, looked at twice a second, and what the user does about it."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from workstation.viewing.film import Film, FilmState, Hold

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.archive.loader import FilmLoader
    from workstation.ui.main_window import MainWindow

_LOOK_MS: Final = 500


def _cold_s(film: Film, instances_s: float | None) -> int | None:
    """Seconds until an archive is asked again for instances or for the whole listing; None while for neither."""
    rest_s = max(0.0, film.rest_due - time.monotonic()) if film.rest_due else None
    waits = [one for one in (instances_s, rest_s) if one is not None]
    return math.ceil(min(waits)) if waits else None


class Holds:
    """Looks at the loads while any of them may be held up.

    Parameters
    ----------
    window : MainWindow
        Where it is told.
    loads : callable
        The films that hang, each with what loads it.
    """

    def __init__(self, window: MainWindow, loads: Callable[[], tuple[tuple[Film, FilmLoader], ...]]) -> None:
        self._window = window
        self._loads = loads
        self._timer = QTimer(window)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def watch(self) -> None:
        """A film hangs."""
        self._timer.start()

    def pause(self) -> None:
        """Pause every load, or go on where one is paused."""
        loads = self._loads()
        is_paused = any(film.hold.is_paused for film, _ in loads)
        for film, loader in loads:
            if is_paused:
                loader.pause(False)
            elif film.state is FilmState.LOADING:
                loader.pause()
        self._look()

    def fetch_missing(self) -> None:
        """Ask again for what could not be had, and try a source at once that is left in peace."""
        for _, loader in self._loads():
            loader.retry()
        self._look()

    def _look(self) -> None:
        loads = self._loads()
        is_new = False
        for film, loader in loads:
            standing = loader.standing()
            seconds = None if standing.waits_s is None else math.ceil(standing.waits_s)
            hold = Hold(standing.is_paused, standing.missing, seconds, _cold_s(film, standing.cold_s))
            is_new = is_new or hold != film.hold
            film.hold = hold
        if is_new:
            self._window.show_hold()
        if not any(film.state is FilmState.LOADING or film.hold != Hold() for film, _ in loads):
            self._timer.stop()
