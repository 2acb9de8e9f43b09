"""`Searching`: asks the sources for the worklist of one desk, each by itself, and opens what is chosen there."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from workstation.app.warming import warm_up
from workstation.errors import Cancelled, WorkstationError
from workstation.film.opened import OpenedFilm
from workstation.tasks import CancelToken, Priority, Tasks
from workstation.ui.language import tr
from workstation.ui.rendered_picture import pixmap_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from workstation.app.station import Station
    from workstation.archive.connection import Connection
    from workstation.archive.worklist import Searched
    from workstation.dicom.study_search import FoundStudy, StudyQuery
    from workstation.film.resolve import FilmOpening
    from workstation.film.worklist import Worklist as Sources
    from workstation.reference import FilmReference, Secret, Source
    from workstation.ui.worklist import Worklist

_SEARCHES: Final = 6  # sources that are asked at once
_PICTURES: Final = 2  # so that pictures never hinder an opening


@dataclass(frozen=True, slots=True)
class OpenedTogether:
    """Several studies that were opened with one wish, and why others could not be."""

    films: tuple[OpenedFilm, ...]
    problems: tuple[WorkstationError, ...]


@dataclass(frozen=True, slots=True)
class Hands:
    """What a desk does for its worklist.

    Attributes
    ----------
    open_one : callable
        ``open_one(reference, passcode, entry)`` opens one study as if its link had been entered.
    begin : callable
        ``begin(work, words)`` runs `work` off the main thread as the opening of this desk.
    take_password : callable
        ``take_password(asked, password, user)`` remembers what a refusal asked for, while the program runs.
    """

    open_one: Callable[[FilmReference, str, Secret], None]
    begin: Callable[[Callable[[CancelToken], object], str], None]
    take_password: Callable[[WorkstationError, str, str], None]


class Searching:
    """Binds a worklist to the sources.

    Parameters
    ----------
    station : callable
        The station in use.
    worklist : Worklist
        Where it is asked for and shown.
    post : callable
        Brings a call to the main thread.
    hands : Hands
        What the desk does for it.
    """

    def __init__(
        self,
        station: Callable[[], Station],
        worklist: Worklist,
        post: Callable[[Callable[[], None]], None],
        hands: Hands,
    ) -> None:
        self._station = station
        self._worklist = worklist
        self._post = post
        self._hands = hands
        self._known: tuple[Source, ...] | None = None
        self._asking: Sources | None = None  # made when it is first wanted: see `app.warming`
        self._making = threading.Lock()
        self._searchers: Tasks | None = None  # most windows never search
        self._painters: Tasks | None = None
        self._token = CancelToken()
        self._picturing: dict[tuple[str, str], CancelToken] = {}
        worklist.search_asked.connect(self.search)
        worklist.cancel_asked.connect(self.cancel)
        worklist.pictures_wanted.connect(self._want_pictures)
        worklist.open_asked.connect(self.open)
        worklist.signed_in.connect(self._sign_in)
        worklist.habits_changed.connect(self._keep_habits)
        self.take_sources()

    def take_sources(self) -> None:
        """The station's sources, which may have changed; what was found out of them is kept while they have not."""
        configured = () if self._station().settings.offline else self._station().settings.sources
        if configured != self._known:
            self._known = configured
            self._asking = None
            self._worklist.forget()
            self._worklist.set_sources(tuple(source.name for source in configured))

    def _sources(self) -> Sources:
        """The sources with what was found out of them."""
        warm_up()
        from workstation.film.worklist import Worklist as Sources

        with self._making:
            if self._asking is None:
                self._asking = Sources(self._known or ())
            return self._asking

    # Searching ---------------------------------------------------------------

    def search(self, query: StudyQuery) -> None:
        """Ask every source that is meant, each by itself."""
        self.cancel()
        self.take_sources()
        configured = tuple(source.name for source in self._known or ())
        names = tuple(name for name in configured if not query.sources or name in query.sources)
        token = self._token = CancelToken()
        self._worklist.begin(len(names))
        for name in names:
            self._search_tasks().submit(
                partial(self._ask, name, query, self._station()),
                priority=Priority.SHOWN,
                done=partial(self._on_done, name, query),
                failed=partial(self._on_failed, name),
                token=token,
            )

    def _ask(self, name: str, query: StudyQuery, station: Station, token: CancelToken) -> Searched:
        def told(found: tuple[FoundStudy, ...]) -> None:
            self._post(lambda: None if token.is_cancelled else self._worklist.add(found))

        return self._sources().search(name, query, _way(station), token, told)

    def _on_done(self, name: str, query: StudyQuery, searched: Searched) -> None:
        kind = "name" if query.name else "number" if query.has_words else "dates"
        self._station().record("search", kind=kind, source=name, outcome="capped" if searched.is_capped else "whole")
        self._worklist.source_done(name, is_capped=searched.is_capped, is_unsure=searched.is_unsure)

    def _on_failed(self, name: str, error: Exception) -> None:
        if not isinstance(error, WorkstationError):
            raise error
        self._station().record("search", source=name, code=error.code)
        self._worklist.source_failed(name, error)

    def cancel(self) -> None:
        """Nobody wants the answers any more."""
        self._token.cancel()
        self._want_pictures(())

    # Pictures ---------------------------------------------------------------

    def _want_pictures(self, studies: tuple[FoundStudy, ...]) -> None:
        """Fetch the pictures of the rows in sight; those of rows that were scrolled away are called off."""
        wanted = {study.key: study for study in studies}
        for key in [key for key in self._picturing if key not in wanted]:
            self._picturing.pop(key).cancel()
        if not wanted:
            return
        station = self._station()
        station.pool.start()
        for key, study in wanted.items():
            if key not in self._picturing:
                self._picturing[key] = self._paint_tasks().submit(
                    partial(self._paint, study, station),
                    priority=Priority.THUMBNAIL,
                    done=partial(self._on_picture, key),
                    failed=partial(self._on_no_picture, key),
                )

    def _paint(self, study: FoundStudy, station: Station, token: CancelToken) -> NDArray[np.uint8] | None:
        data = self._sources().picture(study, _way(station), token)
        return station.pool.picture(data, token) if data is not None else None

    def _on_picture(self, key: tuple[str, str], pixels: NDArray[np.uint8] | None) -> None:
        self._picturing.pop(key, None)
        self._worklist.show_picture(key, pixmap_of(pixels) if pixels is not None else None)

    def _on_no_picture(self, key: tuple[str, str], error: Exception) -> None:
        if not isinstance(error, WorkstationError):
            raise error
        self._on_picture(key, None)

    # Opening ---------------------------------------------------------------

    def open(self, studies: tuple[FoundStudy, ...]) -> None:
        """Open what is chosen: several together, after the lists of all of them are here."""
        self.cancel()
        references = [self._sources().reference(study) for study in studies]
        if len(references) == 1:
            self._hands.open_one(references[0][0], "", references[0][1])
            return
        for reference, _ in references:
            self._station().record("open", kind="worklist", study=",".join(reference.study_uids))
        words = tr("Asking the source for {count} studies …", count=len(references))
        self._hands.begin(partial(self._open_all, references, self._station()), words)

    def _open_all(
        self, references: list[tuple[FilmReference, Secret]], station: Station, token: CancelToken
    ) -> OpenedTogether:
        """Each study by itself: one that cannot be had does not keep the others away."""
        films: list[OpenedFilm] = []
        problems: list[WorkstationError] = []
        for reference, entry in references:
            try:
                opened = station.opening().open(reference, "", token, lambda _patient, _study: None)
            except Cancelled:
                raise
            except WorkstationError as error:
                problems.append(error)
                continue
            if isinstance(opened, OpenedFilm):
                films.append(replace(opened, entry=entry))
        if not films:
            raise problems[0]
        return OpenedTogether(tuple(films), tuple(problems))

    # Passwords and habits ---------------------------------------------------------------

    def _sign_in(self, user: str, password: str) -> None:
        asked = self._worklist.wanted_secret()
        if asked is not None:
            self._hands.take_password(asked, password, user)

    def _keep_habits(self) -> None:
        self._station().remember_worklist(self._worklist.habits())

    # ---------------------------------------------------------------

    def _search_tasks(self) -> Tasks:
        if self._searchers is None:
            self._searchers = Tasks(_SEARCHES, self._post, "search")
        return self._searchers

    def _paint_tasks(self) -> Tasks:
        if self._painters is None:
            self._painters = Tasks(_PICTURES, self._post, "list-pictures")
        return self._painters

    def close(self) -> None:
        """Stop; nothing of any patient stays."""
        self.cancel()
        self._worklist.forget()
        for tasks in (self._searchers, self._painters):
            if tasks is not None:
                tasks.close()
        self._searchers = self._painters = None


def _way(station: Station) -> tuple[FilmOpening, Connection]:
    """How a station signs in and goes out."""
    return station.opening(), station.connection
