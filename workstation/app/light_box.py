"""`LightBox`: the films that hang on one desk, with what loads each, and one of another patient that waits aside."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from workstation.app.cold_films import LIMIT_S, is_cold, wait_s
from workstation.app.comparing import Comparing
from workstation.app.growing import Growing
from workstation.app.holds import Holds
from workstation.app.stopwatch import Stopwatch
from workstation.dicom.identity import Verdict, compare
from workstation.errors import ConnectionFailed, IdentityError, LinkError, StationError, WorkstationError
from workstation.film.opened import OpenedFilm
from workstation.station.open_films import OpenFilm, mask_name
from workstation.tasks import CancelToken, Priority
from workstation.viewing.session import Check, Film, FilmState, Refusal
from workstation.viewing.words import iso_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.app.house import House
    from workstation.archive.intake import Received
    from workstation.archive.loader import FilmLoader
    from workstation.archive.sources import FilmSource, Listing
    from workstation.dicom.study import Instance
    from workstation.reference import Secret
    from workstation.ui.main_window import MainWindow
    from workstation.viewing.session import ReadingSession

# What a service says of a film that it does not give any more to whoever holds this link
_TAKEN_BACK: Final = frozenset({"link-expired", "link-study-not-found", "link-passcode-needed", "sign-in-needed"})


@dataclass(frozen=True, slots=True, eq=False)
class _Hung:
    """What belongs to a film that hangs: what loads it, and what was entered to open it."""

    loader: FilmLoader
    entry: Secret
    shelves: list[FilmSource]
    watch: Stopwatch
    asking: CancelToken = field(default_factory=CancelToken)

    def close(self) -> None:
        """Let go of it."""
        self.asking.cancel()
        self.watch.close()
        self.loader.close()


class LightBox:
    """The films of one desk.

    Parameters
    ----------
    house : House
        The program around the desk.
    session : ReadingSession
        Says whose films may hang together.
    window : MainWindow
        Where they are seen, and what could not be had is told.
    """

    def __init__(self, house: House, session: ReadingSession, window: MainWindow) -> None:
        self._house = house
        self._session = session
        self._window = window
        self._numbers = itertools.count(1)
        self._hung: dict[str, _Hung] = {}
        self._rest_since: dict[str, float] = {}  # when an archive first said that it has a listing later
        self._apart: tuple[OpenedFilm, ...] = ()
        self.holds = Holds(window, self._loads)
        self.growing = Growing(house.tasks, self._grow)
        self._comparing = Comparing(house.tasks, self._shown_uid, self._on_differs)
        session.films.changed.connect(lambda _old, _new: house.films_changed())

    def show(self, opened: OpenedFilm) -> Film | None:
        """Hang a film and load it; one of another patient waits aside, and the window asks what to do with it."""
        begins = time.monotonic()
        listing = opened.listing
        self._supersede(listing)
        if not self._session.accepts(listing.patient, listing.issuer):
            self._put_apart(opened)
            self._window.ask_apart(listing.patient)
            self._window.door.show_idle()
            return None
        loader = self._house.station.load(listing, opened.source, self._house.post)
        film = _film(f"film-{next(self._numbers)}", listing, loader)
        if opened.kept_at:
            film.kept_at, film.check = opened.kept_at, Check.RUNNING
        self._bind(film, loader)
        watch = Stopwatch(film, loader, self._window, opened.wished or begins, self._house.station.note_speed)
        watch.cold_s = opened.cold_s
        self._hung[film.film_id] = _Hung(loader, opened.entry, [opened.source], watch)
        self._window.add_film(film)
        for error in listing.unusable:
            film.refuse(Refusal("", "", error))
            self._house.station.record("refused", code=error.code)
            self._window.show_notice(error)
        loader.start()
        self.holds.watch()
        if opened.ask is not None:
            self._ask_source(film, opened, opened.ask)
        else:
            self._compare(film, opened.source)
        self._watch(film, opened)
        return film

    def _watch(self, film: Film, opened: OpenedFilm) -> None:
        if opened.look is not None:
            self.growing.watch(film, opened.look)

    # The rest of a film that began, and a film that was kept ---------------------------------------------------------

    def _ask_source(self, film: Film, opened: OpenedFilm, ask: Callable[[CancelToken], object]) -> None:
        """Ask the source for the whole listing, behind the images."""
        if film.film_id not in self._hung:
            return  # closed, while its archive was given time
        again = partial(self._ask_source, film, opened, ask)
        told = self._on_whole if opened.listing.is_beginning else partial(self._on_checked, opened.listing)

        def missed(error: Exception) -> None:
            if opened.listing.is_beginning:
                self._on_rest_failed(film, again, error)
            else:
                self._on_not_checked(opened.source, film, error)

        self._house.tasks.submit(
            ask,
            priority=Priority.NEAR if opened.listing.is_beginning else Priority.PRIOR,
            done=partial(told, film),
            failed=missed,
            token=self._hung[film.film_id].asking,
        )

    def _on_whole(self, film: Film, found: object) -> None:
        film.rest_due = 0.0
        if isinstance(found, OpenedFilm):
            self._grow(film, found)
        else:
            self._on_no_rest(film, LinkError("link-study-not-found"))

    def _on_no_rest(self, film: Film, error: Exception) -> None:
        """What has come stays, and is known not to be the whole; of two patients or studies nothing stays."""
        if not isinstance(error, WorkstationError):
            raise error
        if isinstance(error, IdentityError):
            self._take_down(film)
            if not self._session.films.value:
                self._house.station.record("refused", code=error.code)
                self._window.forget_films()
                self._window.door.show_error(error)
                return
        else:
            film.refuse(Refusal("", "", error))
            self._hung[film.film_id].loader.end_waiting()
        self._house.station.record("refused", code=error.code)
        self._window.show_notice(error)

    def _on_rest_failed(self, film: Film, again: Callable[[], None], error: Exception) -> None:
        """Where its archive has the listing later, ask once more when it says; for an hour."""
        now = time.monotonic()
        since = self._rest_since.setdefault(film.film_id, now)
        if is_cold(error) and now - since < LIMIT_S:
            film.rest_due = now + wait_s(error)
            QTimer.singleShot(round(1e3 * wait_s(error)), again)
            self.holds.watch()
        else:
            film.rest_due = 0.0
            self._on_no_rest(film, error)

    def _on_checked(self, kept: Listing, film: Film, found: object) -> None:
        if not isinstance(found, OpenedFilm):
            film.check = Check.UNKNOWN
            film.changed.emit()
            return
        if self._is_of_another(film, found):
            return
        before = {one.sop_instance_uid: one for one in kept.instances}
        now = {one.sop_instance_uid: one for one in found.listing.instances}
        film.kept_at, film.check = time.time(), Check.SAME
        changed = [one for uid, one in before.items() if now.get(uid) != one]
        if changed:
            film.check = Check.CHANGED
            film.differing = frozenset(one.sop_instance_uid for one in changed)
            self._forget_kept(found.source, changed)
            self._window.show_notice(StationError("film-changed"))
        if now.keys() - before.keys() or dict(found.listing.announced) != dict(kept.announced):
            self._grow(film, found)
        else:
            self._compare(film, found.source, closes=True)
            film.changed.emit()

    # What is kept, against what its source has ---------------------------------------------------------------------

    def _compare(self, film: Film, source: FilmSource, *, closes: bool = False) -> None:
        """Fetch a few of the kept images again, once the film is loaded, and compare them."""
        from workstation.archive.store.shelf import ShelvedFilm  # see `app.warming`

        shelves = self._hung[film.film_id].shelves
        if isinstance(source, ShelvedFilm) and not any(shelf is source for shelf in shelves):
            shelves.append(source)
        if isinstance(source, ShelvedFilm) and self._house.station.settings.store.compare:
            self._comparing.watch(film, source, (one for one in shelves if isinstance(one, ShelvedFilm)), closes=closes)
        elif closes:
            source.close()

    def _shown_uid(self) -> str:
        key = self._session.active_viewport.state.key
        return key.sop_instance_uid if key is not None else ""

    def _on_differs(self, film: Film, error: WorkstationError) -> None:
        study = film.instances[0].study.study_instance_uid
        self._house.station.record("refused", code=error.code, study=study, count=len(film.differing))
        self._window.show_notice(error)

    def use_source(self, opens: Callable[[str], None]) -> None:
        """Drop what is kept of films and differs from their source, and open them as they are there.

        Parameters
        ----------
        opens : callable
            Opens what was entered before.
        """
        for film in self._session.films.value:
            hung = self._hung.get(film.film_id)
            if hung is None or not film.differing:
                continue
            self._fetch_anew(film, hung, partial(opens, hung.entry.reveal()))

    def _fetch_anew(self, film: Film, hung: _Hung, opens: Callable[[], None]) -> None:
        from workstation.archive.store.shelf import ShelvedFilm

        differing = [one for one in film.instances if one.sop_instance_uid in film.differing]
        shelf = next((one for one in hung.shelves if isinstance(one, ShelvedFilm)), None)
        if shelf is not None:
            self._house.tasks.submit(
                lambda _token: shelf.forget(differing), priority=Priority.SHOWN, done=lambda _: opens()
            )

    def _forget_kept(self, source: FilmSource, changed: list[Instance]) -> None:
        """What the reader looks at stays; whoever opens the film again sees what its source has then."""
        from workstation.archive.store.shelf import ShelvedFilm  # see `app.warming`

        if isinstance(source, ShelvedFilm):
            self._house.tasks.submit(lambda _token: source.forget(changed), priority=Priority.PRIOR)

    def _on_not_checked(self, source: FilmSource, film: Film, error: Exception) -> None:
        if not isinstance(error, WorkstationError):
            raise error
        if error.code in _TAKEN_BACK:
            study, shelving = film.instances[0].study.study_instance_uid, self._house.station.shelving
            self._house.tasks.submit(lambda _token: shelving.take_back(source, study), priority=Priority.PRIOR)
            self._house.station.record("forget", act="taken-back", study=study, code=error.code)
        film.check = Check.UNKNOWN
        film.changed.emit()
        if not isinstance(error, ConnectionFailed) and not is_cold(error):
            self._window.show_notice(error)

    def _grow(self, film: Film, found: OpenedFilm) -> None:
        """More of a film is known: what is shown stays where it is."""
        if self._is_of_another(film, found):
            return
        loader = self._hung[film.film_id].loader
        self._watch(film, found)
        self._compare(film, found.source)
        self._session.grow_film(film, found.listing.instances, found.listing.announced)
        loader.extend(found.listing, found.source)
        loader.order(_order(film))
        self._window.show_grown(film)

    def _is_of_another(self, film: Film, found: OpenedFilm) -> bool:
        """Whether the source says by now that the study is of somebody else: then nothing of it stays."""
        listing = found.listing
        if compare(film.patient, listing.patient, listing.issuer).verdict is not Verdict.CONFLICT:
            return False
        found.source.close()
        self._on_no_rest(film, IdentityError("wrong-patient"))
        return True

    def _take_down(self, film: Film) -> None:
        self.growing.leave(film)
        self._comparing.leave(film)
        self._hung.pop(film.film_id).close()
        self._session.remove_film(film)

    # What hangs ---------------------------------------------------------------

    def show_in_front(self, opened: OpenedFilm) -> None:
        """Show the film that the user asked for, where the active viewport shows another one already."""
        film = self.show(opened)
        if film is not None:
            self._session.bring_forward(film)

    def stop(self) -> None:
        """Call off what still loads; what has come stays."""
        for film in self._session.films.value:
            hung = self._hung.get(film.film_id)
            if hung is not None and film.state is FilmState.LOADING:
                hung.loader.cancel()
                film.finish(FilmState.CANCELLED)

    def _loads(self) -> tuple[tuple[Film, FilmLoader], ...]:
        films = ((film, self._hung.get(film.film_id)) for film in self._session.films.value)
        return tuple((film, hung.loader) for film, hung in films if hung is not None)

    def take_apart(self) -> tuple[OpenedFilm, ...]:
        """The films of another patient that wait; from now on they are the caller's to show or to close."""
        films, self._apart = self._apart, ()
        return films

    def open_films(self) -> tuple[OpenFilm, ...]:
        """What hangs here and can be opened again, with names masked."""
        chinese = self._house.language.code == "zh"
        films = ((film, self._hung.get(film.film_id)) for film in self._session.films.value)
        return tuple(
            OpenFilm(hung.entry, _study_words(film), mask_name(film.patient.name.shown(chinese)))
            for film, hung in films
            if hung is not None and hung.entry
        )

    @property
    def is_loaded(self) -> bool:
        """Whether nothing loads any more."""
        return all(film.state is not FilmState.LOADING for film in self._session.films.value)

    def clear(self) -> None:
        """Let go of every film, those that wait included; the session forgets them after this."""
        for hanging in self._session.films.value:
            self.growing.leave(hanging)
            self._comparing.leave(hanging)
        for waiting in self.take_apart():
            waiting.source.close()
        for hung in self._hung.values():
            hung.close()
        self._hung.clear()

    def _supersede(self, listing: Listing) -> None:
        """A study that is opened again takes the place of what came of it before."""
        study = listing.instances[0].study.study_instance_uid
        film = self._session.film_of_study(study, listing.patient, listing.issuer)
        if film is not None:
            self._take_down(film)

    def _put_apart(self, opened: OpenedFilm) -> None:
        """A film of another patient waits for an answer, beside those of the same person that wait already."""
        if self._apart and not same_person(self._apart[0], opened):
            for film in self.take_apart():
                film.source.close()
        self._apart = (*self._apart, replace(opened, wished=0.0))  # who is asked takes time that no source takes

    def _bind(self, film: Film, loader: FilmLoader) -> None:
        loader.received.connect(partial(_on_received, film))
        loader.reported.connect(film.add_report)
        loader.stated.connect(film.add_state)
        loader.refused.connect(partial(self._on_refused, film))
        loader.progressed.connect(partial(self._window.show_progress, film.film_id))
        loader.asked_again.connect(partial(self._on_asked_again, film))
        loader.finished.connect(film.finish)
        loader.order(_order(film))

    def _on_asked_again(self, film: Film, uids: tuple[str, ...]) -> None:
        self._window.take_back_notice([one.error for one in film.refusals if one.sop_instance_uid in uids])
        film.ask_again(uids)
        self.holds.watch()

    def _on_refused(self, film: Film, asked: Instance, error: WorkstationError) -> None:
        film.refuse(Refusal(asked.sop_instance_uid, asked.series.series_instance_uid, error))
        study, instance = asked.study.study_instance_uid, asked.sop_instance_uid
        self._house.station.record("refused", code=error.code, study=study, instance=instance)
        self._window.show_notice(error)
        film.changed.emit()


def _film(film_id: str, listing: Listing, loader: FilmLoader) -> Film:
    film = Film(
        film_id=film_id,
        source_name=listing.source_name,
        patient=listing.patient,
        instances=listing.instances,
        frames=loader,
        expected=dict(listing.announced),
    )
    for report in listing.texts:
        film.add_report(report)
    return film


def _on_received(film: Film, got: Received) -> None:
    film.name_differs = film.name_differs or got.comparison.attribute == "PatientName"
    film.receive(got.instance.series.series_instance_uid, got.instance.sop_instance_uid)


def _order(film: Film) -> list[str]:
    """The middle of each series first, then the reports, then each series from its middle outwards."""
    order: list[str] = []
    for display_set in film.display_sets:
        uids = display_set.sop_instance_uids
        order.append(uids[len(uids) // 2])
    order += [instance.sop_instance_uid for instance in film.listed_reports]
    for display_set in film.display_sets:
        order += _outwards(display_set.sop_instance_uids)
    return order


def _outwards(uids: tuple[str, ...]) -> list[str]:
    """From the middle to both ends."""
    middle = len(uids) // 2
    return [uid for _, uid in sorted(enumerate(uids), key=lambda pair: abs(pair[0] - middle))]


def same_person(one: OpenedFilm, other: OpenedFilm) -> bool:
    """Whether two films are of one patient, by number and everything else that both name."""
    patient = one.listing.patient
    is_same = compare(patient, other.listing.patient).verdict is Verdict.SAME
    return one is other or (bool(patient.patient_id) and is_same)


def _study_words(film: Film) -> str:
    """Date and description of a film's study."""
    study = film.instances[0].study
    return f"{iso_date(study.date)}  {study.description}".strip()
