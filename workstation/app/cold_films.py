"""`ColdFilms`: films that their archive fetches from its store: asked again in the background, told when ready."""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from workstation.errors import ServerRefused, WorkstationError
from workstation.events import Signal
from workstation.film.opened import OpenedFilm
from workstation.station.open_films import mask_name
from workstation.tasks import CancelToken, Priority
from workstation.ui.language import tr
from workstation.ui.waiting_films import WaitingFilm, waiting_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.app.house import House
    from workstation.ui.main_window import MainWindow

_TICK_MS: Final = 500
LIMIT_S: Final = 3600.0  # then it is given up


def is_cold(error: Exception) -> bool:
    """Whether an archive said that it will have what was asked for later."""
    from workstation.archive.cold import is_cold  # see `app.warming`

    return is_cold(error)


def wait_s(error: Exception) -> float:
    """Seconds until it is to be asked again."""
    from workstation.archive.cold import wait_s

    return wait_s(error)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was to be opened, and can be asked for again."""

    work: Callable[[CancelToken], object]
    what: str  # date and description of the study, where that is known
    wished: float  # `time.monotonic`


@dataclass(eq=False)
class _Waiting:
    number: int
    wish: Wish
    due: float
    is_promised: bool
    since: float = field(default_factory=time.monotonic)
    token: CancelToken = field(default_factory=CancelToken)
    is_asking: bool = False
    found: object = None

    @property
    def shown(self) -> WaitingFilm:
        """As a line."""
        left = None if self.is_asking else max(0, math.ceil(self.due - time.monotonic()))
        return WaitingFilm(self.number, self.wish.what, left, self.found is not None, self.is_promised)


class ColdFilms:
    """What one desk waits for.

    Attributes
    ----------
    ready : Signal
        ``(found, wished, cold_s)``: this is to be shown now.
    failed : Signal
        Why the last wish came to nothing after all.
    """

    def __init__(self, house: House, window: MainWindow) -> None:
        self._house, self._window = house, window
        self._numbers = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._front: _Waiting | None = None  # the wish after which nothing else was wished for
        self._told = 0  # of which the bar above the glass tells
        self.ready: Signal[object, float, float] = Signal()
        self.failed: Signal[WorkstationError] = Signal()
        self._timer = QTimer(window)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        window.door.waiting.opened.connect(self.open)
        window.door.waiting.cancelled.connect(self.cancel)

    def wait(self, wish: Wish, error: WorkstationError) -> None:
        """The archive has it later: ask again when it says."""
        what = wish.what or tr("asked for at {time}", time=datetime.now().strftime("%H:%M"))
        wish = Wish(wish.work, what, wish.wished)
        made = _Waiting(next(self._numbers), wish, time.monotonic() + wait_s(error), _is_promise(error))
        self._waiting[made.number] = self._front = made
        self._timer.start()
        self._show()

    def leave_front(self) -> None:
        """Something else is wished for: what is waited for comes with a notice, and does not open by itself."""
        self._front = None

    def open(self, number: int) -> None:
        """Open what is ready."""
        waiting = self._waiting.get(number)
        if waiting is not None and waiting.found is not None:
            self._forget(waiting)
            self.ready.emit(waiting.found, time.monotonic(), waiting.due - waiting.since)

    def cancel(self, number: int) -> None:
        """Do not wait for it any more."""
        waiting = self._waiting.get(number)
        if waiting is not None:
            self._forget(waiting)
            _close(waiting.found)

    def cancel_front(self) -> bool:
        """Call off what was wished for last; False when that is not waited for."""
        if self._front is None:
            return False
        self.cancel(self._front.number)
        return True

    def close(self) -> None:
        """The window is closed."""
        self._timer.stop()
        for number in list(self._waiting):
            self.cancel(number)

    # Asking ---------------------------------------------------------------

    def _tick(self) -> None:
        for waiting in list(self._waiting.values()):
            if waiting.found is None and not waiting.is_asking and time.monotonic() >= waiting.due:
                waiting.is_asking = True
                self._house.tasks.submit(
                    waiting.wish.work,
                    priority=Priority.NEAR,
                    done=partial(self._on_found, waiting),
                    failed=partial(self._on_failed, waiting),
                    token=waiting.token,
                )
        self._show()

    def _on_found(self, waiting: _Waiting, found: object) -> None:
        waiting.is_asking, waiting.found, waiting.due = False, found, time.monotonic()
        if isinstance(found, OpenedFilm):  # two films of one day are told apart as kept ones are
            name = mask_name(found.listing.patient.name.shown(self._house.language.code == "zh"))
            what = " · ".join(part for part in (waiting.wish.what, name) if part)
            waiting.wish = replace(waiting.wish, what=what)
        if waiting is self._front and self._is_watched():
            self._forget(waiting)
            self.ready.emit(found, waiting.wish.wished, waiting.due - waiting.since)
            return
        self._show()
        self._tell(waiting)

    def _on_failed(self, waiting: _Waiting, error: Exception) -> None:
        waiting.is_asking = False
        if not isinstance(error, WorkstationError):
            raise error
        if is_cold(error) and time.monotonic() - waiting.since < LIMIT_S:
            waiting.due = time.monotonic() + wait_s(error)
            self._show()
            return
        is_watched = waiting is self._front and self._is_watched()
        self._forget(waiting)
        if is_watched:
            self.failed.emit(error)
        elif self._window.session.films.value:
            self._window.show_notice(error)
        else:
            self._window.door.show_error(error)

    def _is_watched(self) -> bool:
        """Whether somebody stands before the door and waits for nothing else."""
        window = self._window
        is_at_door = window.pages.currentWidget() is window.door and not window.session.films.value
        return is_at_door and not window.door.is_busy and not window.door.entry().strip()

    # Telling ---------------------------------------------------------------

    def _show(self) -> None:
        self._window.door.waiting.show_films([one.shown for one in self._waiting.values()])
        if not any(one.found is None for one in self._waiting.values()):
            self._timer.stop()

    def _tell(self, waiting: _Waiting) -> None:
        """Quietly: a bar above the glass, the title, the task bar."""
        self._window.mark_title(tr("Film ready"))
        QApplication.alert(self._window)
        if not self._window.session.films.value:
            return
        self._told = waiting.number
        self._window.tell_ready(waiting_words(waiting.shown), self._on_answer)

    def _on_answer(self, is_wanted: bool) -> None:
        """The bar above the glass was answered; a film that is left stays on the door."""
        self._window.mark_title("")
        if is_wanted:
            self.open(self._told)

    def _forget(self, waiting: _Waiting) -> None:
        waiting.token.cancel()
        self._waiting.pop(waiting.number, None)
        self._front = None if self._front is waiting else self._front
        if self._told == waiting.number:
            self._told = 0
            self._window.tell_ready("", self._on_answer)
        if not any(one.found is not None for one in self._waiting.values()):
            self._window.mark_title("")
        self._show()


def _is_promise(error: WorkstationError) -> bool:
    return isinstance(error, ServerRefused) and error.status == 202


def _close(found: object) -> None:
    if isinstance(found, OpenedFilm):
        found.source.close()
