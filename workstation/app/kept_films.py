"""`KeptFilms`: what is kept on this machine, offered on one film door, with names masked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from workstation.tasks import Priority
from workstation.ui.language import images_word, tr
from workstation.ui.offers import Offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.app.forgetting import Forgetting
    from workstation.app.house import House
    from workstation.app.leases import KeptFilm
    from workstation.app.shelving import Shelving
    from workstation.ui.film_door import FilmDoor

_MOST = 40


class KeptFilms:
    """The list of one door.

    Parameters
    ----------
    house : House
        The program around it.
    door : FilmDoor
        Where they are offered.
    opens : callable
        Opens what was entered before.
    forgetting : Forgetting
        Destroys them, and asks first where something was measured.
    """

    def __init__(self, house: House, door: FilmDoor, opens: Callable[[str], None], forgetting: Forgetting) -> None:
        self._house, self._door, self._opens, self._forgetting = house, door, opens, forgetting
        self._films: tuple[KeptFilm, ...] = ()
        self._has_begun = False
        door.shown.connect(self.refresh)
        choices = door.choices
        choices.kept_chosen.connect(lambda number: self._opens(self._films[number].about.entry))
        choices.kept_forgotten.connect(self._forget)
        choices.kept_pinned.connect(self._pin)

    def begin(self) -> None:
        """From now on: the window is on the screen, and what it takes to look is imported."""
        self._has_begun = True
        self.refresh()

    def refresh(self) -> None:
        """Look what is kept, off the main thread, and offer that."""
        if self._has_begun:
            self._after(lambda _shelving: None)

    def _forget(self, number: int) -> None:
        films = self._films if number < 0 else self._films[number : number + 1]
        self._forgetting.films(films, self.refresh)

    def _pin(self, number: int) -> None:
        film = self._films[number]
        self._after(lambda shelving: shelving.pin(film, is_pinned=not film.is_pinned))

    def _after(self, act: Callable[[Shelving], object]) -> None:
        shelving = self._house.station.shelving

        def work(_token: object) -> tuple[KeptFilm, ...]:
            act(shelving)
            return shelving.kept()[:_MOST]

        self._house.tasks.submit(work, priority=Priority.PRIOR, done=self._show)

    def _show(self, films: tuple[KeptFilm, ...]) -> None:
        self._films = films
        is_chinese = self._house.language.code == "zh"
        self._door.choices.offer_kept(tuple(_offer(film, is_chinese=is_chinese) for film in films))


def _offer(film: KeptFilm, *, is_chinese: bool) -> Offer:
    about = film.about
    parts = [about.who[is_chinese], images_word(about.count), tr("as of {time}", time=_moment(about.at)),
             tr("until {time}", time=_moment(film.ends))]  # fmt: skip
    if film.is_pinned:
        parts.append(tr("stays"))
    if not about.entry:
        parts.append(tr("enter its link and passcode to open it"))
    title = about.title or "–"
    return Offer(title, " · ".join(part for part in parts if part), "", bool(about.entry), film.is_pinned)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
