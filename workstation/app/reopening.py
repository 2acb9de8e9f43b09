"""`Reopening`: keeps the list of open films while they are open, and offers it again after the program died."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from workstation.tasks import Priority, Tasks
from workstation.ui.offers import Offer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workstation.station.open_films import OpenFilm, OpenFilms
    from workstation.ui.film_door import FilmDoor

_LAST_WORD_S = 5.0


class Opening(Protocol):
    """A window that opens films; `app.desk.ReadingDesk` is one."""

    def open_films(self) -> tuple[OpenFilm, ...]:
        """What is open in it."""
        ...

    def open_entry(self, entry: str) -> None:
        """Open what was entered before."""
        ...


class Reopening:
    """The list of open films of this copy of the program.

    Parameters
    ----------
    kept : OpenFilms
        The list on disk.
    post : callable
        Brings a call to the main thread.
    """

    def __init__(self, kept: OpenFilms, post: Callable[[Callable[[], None]], None]) -> None:
        self._kept = kept
        self._tasks = Tasks(1, post, "open-films")  # one thread: each list follows the one before it
        self._offered: tuple[OpenFilm, ...] = ()

    def changed(self, desks: Sequence[Opening]) -> None:
        """Films were opened or closed: write the list anew, off the main thread."""
        films = tuple(film for desk in desks for film in desk.open_films())
        self._tasks.submit(lambda _: self._kept.keep((*films, *self._offered)), priority=Priority.SHOWN)

    def offer(self, door: FilmDoor, desk: Opening) -> None:
        """Offer on a film door what was open when the program died, if it did."""

        def told(films: object) -> None:
            if isinstance(films, tuple) and films:
                self._offered = films
                door.left_over_chosen.connect(lambda number: self._open(door, desk, number))
                door.left_over_forgotten.connect(lambda: self._forget(door, desk))
                self._show(door)

        self._tasks.submit(lambda _: self._kept.left_over(), priority=Priority.SHOWN, done=told)

    def _show(self, door: FilmDoor) -> None:
        offers = tuple(Offer(one.title or "–", one.who, str(n)) for n, one in enumerate(self._offered))
        door.offer_left_over(offers)

    def _open(self, door: FilmDoor, desk: Opening, number: int) -> None:
        if 0 <= number < len(self._offered):
            chosen = self._offered[number]
            self._offered = tuple(one for one in self._offered if one is not chosen)
            self._show(door)
            desk.open_entry(chosen.entry.reveal())

    def _forget(self, door: FilmDoor, desk: Opening) -> None:
        self._offered = ()
        self._show(door)
        self.changed((desk,))

    def close(self) -> None:
        """The program ends in order: nothing stays on the disk."""
        self._tasks.drain(_LAST_WORD_S)
        self._tasks.close()
        self._kept.keep(())
