"""`Opening`: what one desk is opening, one thing at a time: from the wish to the film, to a choice, or to why not."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from workstation.app.cold_films import ColdFilms, Wish, is_cold
from workstation.app.light_box import same_person
from workstation.app.searching import OpenedTogether
from workstation.app.warming import warm_up
from workstation.errors import Cancelled, LinkError, StationError, WorkstationError
from workstation.events import Signal
from workstation.film.opened import Candidate, OpenedFilm
from workstation.reference import Secret
from workstation.tasks import CancelToken, Priority
from workstation.ui.language import images_word, mark, tr
from workstation.ui.offers import Offer
from workstation.viewing.words import iso_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.app.house import House
    from workstation.app.light_box import LightBox
    from workstation.archive.sources import FilmSource
    from workstation.dicom.study import Patient, Study
    from workstation.film.links import Understanding
    from workstation.reference import FilmReference
    from workstation.ui.main_window import MainWindow

SEVERAL_PATIENTS: Final = mark("There are films of several patients here: choose one.")
FITTING: Final = mark("{count} films fit this number: choose one from the list.")
_PROXY_CODES: Final = frozenset({"proxy-sign-in", "proxy-wrong-password"})
_PASSWORD_CODES: Final = frozenset({"secret-missing", "proxy-sign-in", "proxy-wrong-password"})


class Opening:
    """Opens films for one desk, off the main thread; its window's door tells how far that is.

    Parameters
    ----------
    house : House
        The program around the desk.
    window : MainWindow
        Whose door asks, tells and offers.
    light_box : LightBox
        Where what opened is shown.

    Attributes
    ----------
    began : Signal
        Something is opened: what was offered before is no choice any more.
    last_error : WorkstationError or None
        Why the last wish came to nothing.
    """

    def __init__(self, house: House, window: MainWindow, light_box: LightBox) -> None:
        self._house = house
        self._window = window
        self._light_box = light_box
        self._running: CancelToken | None = None
        self._candidates: tuple[Candidate | OpenedFilm, ...] = ()
        self._asks_for: WorkstationError | None = None
        self._wished = time.monotonic()
        self._cold_s = 0.0
        self._found = ""  # date and description of what is opened, as soon as they are known
        self.cold = ColdFilms(house, window)
        self.cold.ready.connect(self._take_late)
        self.cold.failed.connect(self.fail)
        self.began: Signal[()] = Signal()
        self.last_error: WorkstationError | None = None

    @property
    def is_running(self) -> bool:
        """Whether something is being opened."""
        return self._running is not None

    # Wishes -----------------------------------------------------------------------------------------------------------

    def open_text(self, found: Understanding, text: str, passcode: str, user: str) -> None:
        """Open what a text was understood to name, with what the last refusal asked for."""
        if found.problem is not None or found.reference is None:
            self.fail(found.problem or StationError("not-allowed", act="open"))
            return
        if passcode and self._asks_for is not None and self._asks_for.code in _PASSWORD_CODES:
            self.take_password(self._asks_for, passcode, user)
            passcode = ""
        self.open_reference(found.reference, passcode, Secret(text))

    def open_reference(self, reference: FilmReference, passcode: str, entry: Secret) -> None:
        """Open a film that a source has; `entry` is what opens it again."""
        wished = time.monotonic()

        def ask(
            token: CancelToken, identified: Callable[[Patient, Study], None] = _nobody, *, at_once: bool = False
        ) -> object:
            opening = self._house.station.opening(wished)
            return noted(opening.open(reference, passcode, token, identified, at_once=at_once))

        def noted(opened: object) -> object:
            if not isinstance(opened, OpenedFilm):
                return opened
            rest, look = opened.ask, opened.look
            opened = replace(
                opened,
                entry=entry,
                ask=None if rest is None else (lambda late: noted(rest(late))),
                look=None if look is None else (lambda late: noted(look(late))),
            )
            self._house.station.shelving.note(opened, opens_again=not passcode)
            return opened

        def work(token: CancelToken) -> object:
            warm_up()
            names_one = len(reference.study_uids) == 1  # several studies may fit an accession number by now
            shelving = self._house.station.shelving
            kept = shelving.reopened(entry, lambda late: _source(ask(late))) if names_one else None
            if kept is not None:
                return replace(kept, ask=ask)
            return ask(token, partial(self._on_identified, token), at_once=True)

        self._house.station.record("open", kind=reference.kind, study=",".join(reference.study_uids))
        self.begin(work)

    def pick(self, number: int) -> None:
        """Open one of the films that were offered."""
        chosen = self._candidates[number]
        self._wished = time.monotonic()
        if isinstance(chosen, OpenedFilm):
            self._light_box.show_in_front(replace(chosen, wished=self._wished))
        else:
            self.open_reference(chosen.reference, "", _entry_of(chosen))

    def take_password(self, asked: WorkstationError, password: str, user: str) -> None:
        """Remember what a refusal asked for, while the program runs."""
        if asked.code == "secret-missing":
            self._house.station.vault.remember(str(asked.params["name"]), Secret(password), keep=False)
        else:
            self._house.station.use_proxy_sign_in(user, password)

    # The one that runs ------------------------------------------------------------------------------------------------

    def begin(
        self,
        work: Callable[[CancelToken], object],
        words: str = "",
        done: Callable[[object], None] | None = None,
    ) -> None:
        """Run `work` as the opening of this desk; one that runs is called off.

        Parameters
        ----------
        work : callable
            Comes to what `take` understands, or to what `done` does.
        words : str
            What the door says meanwhile.
        done : callable, optional
            Takes what it came to, instead of `take`.
        """
        if self._running is not None:
            self._running.cancel()
        self.last_error = None
        self._wished, self._cold_s, self._found = time.monotonic(), 0.0, ""
        self.cold.leave_front()
        self.began.emit()
        self._house.station.pool.start()
        self._window.show_door()
        self._window.door.show_opening(words or tr("Asking the source for the film …"))
        token = self._running = CancelToken()
        self._house.tasks.submit(
            work,
            priority=Priority.SHOWN,
            done=partial(self._on_done, done or self.take),
            failed=partial(self._on_failed, work, done or self.take),
            token=token,
        )

    def stop(self) -> bool:
        """Call off what is being opened; False when nothing is."""
        if self._running is None:
            return False
        self._running.cancel()
        self._running = None
        return True

    def forget(self) -> None:
        """The desk is cleared: nothing is opened, nothing offered."""
        self.stop()
        self._candidates = ()

    def fail(self, error: WorkstationError) -> None:
        """Say why nothing opens, and ask for what is missing."""
        if isinstance(error, Cancelled):
            return
        self.last_error = error
        self._asks_for = error
        station = self._house.station
        station.record("refused", code=error.code)
        self._window.show_door()
        self._window.door.suggest_user(station.settings.proxy.user if error.code in _PROXY_CODES else "")
        self._window.door.show_error(error)

    def tell_counted(self, token: CancelToken, done: int, total: int) -> None:
        """Tell how many files were looked at; called by the work, off the main thread."""
        if done % 20 == 0:
            self._house.post(lambda: self._window.door.show_counted(done, total) if self._running is token else None)

    def _on_identified(self, token: CancelToken, patient: Patient, study: Study) -> None:
        del patient
        words = " · ".join(part for part in (iso_date(study.date), study.description) if part)

        def tell() -> None:
            if self._running is token:  # a called-off opening says nothing of its film
                self._found = words
                self._window.door.show_opening(tr("Found: {what}. Reading the list of images …", what=words or "–"))

        self._house.post(tell)

    def _on_done(self, done: Callable[[object], None], opened: object) -> None:
        self._running = None
        self._asks_for = None
        done(opened)

    def _on_failed(
        self, work: Callable[[CancelToken], object], done: Callable[[object], None], error: Exception
    ) -> None:
        self._running = None
        if not isinstance(error, WorkstationError):
            raise error
        if is_cold(error) and done == self.take:
            self._window.door.show_idle()
            self.cold.wait(Wish(work, self._found, self._wished), error)
        else:
            self.fail(error)

    def _take_late(self, found: object, wished: float, cold_s: float) -> None:
        """An archive has fetched what was wished for."""
        self._wished, self._cold_s = wished, cold_s
        self.take(found)
        self._cold_s = 0.0

    # What it came to --------------------------------------------------------------------------------------------------

    def take(self, opened: object) -> None:
        """Show what was opened: a film, or several together; or offer what there is to choose from."""
        if isinstance(opened, OpenedFilm):
            self._light_box.show_in_front(replace(opened, wished=self._wished, cold_s=self._cold_s))
        elif isinstance(opened, tuple):
            self._choose_or_show(opened)
        elif isinstance(opened, OpenedTogether):
            self._choose_or_show(opened.films)
            for problem in opened.problems:
                self._window.show_notice(problem)

    def _choose_or_show(self, found: tuple[Candidate | OpenedFilm, ...]) -> None:
        """Films of one patient from a folder open together; of several patients, one is chosen."""
        films = [replace(one, wished=self._wished, cold_s=self._cold_s) for one in found if isinstance(one, OpenedFilm)]
        if len(films) == 1:
            self._light_box.show_in_front(films[0])
            return
        if films and all(same_person(films[0], one) for one in films):
            for film in films:
                self._light_box.show(film)
            return
        self._candidates = found
        words = SEVERAL_PATIENTS if films else FITTING
        offers = tuple(self._offer(one) for one in found)
        self._window.door.offer_candidates(offers, tr(words, count=len(found)))

    def _offer(self, one: Candidate | OpenedFilm) -> Offer:
        if isinstance(one, OpenedFilm):
            patient, study, count = one.listing.patient, one.listing.instances[0].study, len(one.listing.instances)
        else:
            patient, study, count = one.patient, one.study, one.instances
        name = patient.name.shown(self._house.language.code == "zh")
        detail = " · ".join(part for part in (name, images_word(count) if count else "") if part)
        return Offer(f"{iso_date(study.date)}  {study.description}".strip(), detail, study.study_instance_uid)


def _nobody(patient: Patient, study: Study) -> None:
    """Who it is of is known."""
    del patient, study


def _source(opened: object) -> FilmSource:
    if not isinstance(opened, OpenedFilm):
        raise LinkError("link-study-not-found")
    return opened.source


def _entry_of(chosen: Candidate) -> Secret:
    """What opens this very study again: the study of a source, never the number that several studies fit."""
    reference = chosen.reference
    source, study = quote(reference.label), quote(reference.study_uids[0])
    return Secret(f"cloudfilm:open?source={source}&study={study}" if source else "")
