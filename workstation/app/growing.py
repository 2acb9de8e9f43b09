"""`Growing`: a study that is still arriving at its archive grows on the glass, without disturbing its reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from workstation.errors import WorkstationError
from workstation.film.opened import OpenedFilm
from workstation.tasks import CancelToken, Priority
from workstation.viewing.film import FilmState

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.tasks import Tasks
    from workstation.viewing.film import Film

# Seconds between two looks: short while somebody may stand at the scanner, then ever rarer
FRESH_S: Final = (10, 20, 30, 60, 60, 120, 120, 300, 300, 600, 600, 600)
OLD_S: Final = (30,)  # a study of days ago hardly grows: one look, in case that it was opened amid a transfer


@dataclass(eq=False)
class _Watched:
    look: Callable[[CancelToken], object]
    delays: tuple[float, ...]
    token: CancelToken = field(default_factory=CancelToken)
    looks: int = 0


class Growing:
    """Looks, from time to time, whether the studies that hang have grown. On the main thread; asks behind it.

    Parameters
    ----------
    tasks : Tasks
        Asks the sources.
    grow : callable
        ``grow(film, opened)``: a film has a longer listing now.
    fresh_s, old_s : tuple of int
        Seconds until each look, for studies of today and yesterday, and for others.
    """

    def __init__(
        self,
        tasks: Tasks,
        grow: Callable[[Film, OpenedFilm], None],
        fresh_s: tuple[float, ...] = FRESH_S,
        old_s: tuple[float, ...] = OLD_S,
    ) -> None:
        self._tasks, self._grow = tasks, grow
        self._fresh_s, self._old_s = fresh_s, old_s
        self._watched: dict[Film, _Watched] = {}

    def watch(self, film: Film, look: Callable[[CancelToken], object]) -> None:
        """Look from now on."""
        self.leave(film)
        self._watched[film] = _Watched(look, self._fresh_s if is_fresh(film) else self._old_s)
        self._wait(film)

    def leave(self, film: Film) -> None:
        """The film is closed."""
        watched = self._watched.pop(film, None)
        if watched is not None:
            watched.token.cancel()

    def _wait(self, film: Film) -> None:
        watched = self._watched[film]
        if watched.looks < len(watched.delays):
            QTimer.singleShot(round(1e3 * watched.delays[watched.looks]), partial(self._look, film, watched))

    def _look(self, film: Film, watched: _Watched) -> None:
        if self._watched.get(film) is not watched:
            return
        watched.looks += 1
        if film.state in (FilmState.LOADING, FilmState.CANCELLED):
            self._wait(film)
            return
        self._tasks.submit(
            watched.look,
            priority=Priority.PRIOR,
            done=partial(self._on_looked, film, watched),
            failed=partial(self._on_failed, film),
            token=watched.token,
        )

    def _on_looked(self, film: Film, watched: _Watched, found: object) -> None:
        if isinstance(found, OpenedFilm):
            watched.looks = 0
            self._grow(film, found)
        self._wait(film)

    def _on_failed(self, film: Film, error: Exception) -> None:
        if not isinstance(error, WorkstationError):
            raise error
        if film in self._watched:  # whoever reads needs nothing of the source now
            self._wait(film)


def is_fresh(film: Film) -> bool:
    """Whether the study may still be arriving: it is of today or yesterday, or says nothing of its date."""
    found = film.instances[0].study.date
    days = {(date.today() - timedelta(days=ago)).strftime("%Y%m%d") for ago in (-1, 0, 1)}
    return not found or found in days
