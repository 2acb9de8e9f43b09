"""`ReadingDesk`: one window with its session. Introduces the parts that open, load and show a film to each other."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import quote

from PySide6.QtCore import Qt

from workstation.app.codes import PictureCodes, ReadPicture
from workstation.app.papers import Papers
from workstation.app.searching import Hands, OpenedTogether, Searching
from workstation.app.warming import warm_up
from workstation.dicom.identity import Verdict, compare
from workstation.errors import Cancelled, StationError, WorkstationError
from workstation.film.links import understand
from workstation.film.opened import Candidate, OpenedFilm
from workstation.reference import Secret
from workstation.station.open_films import OpenFilm, mask_name
from workstation.tasks import CancelToken, Priority, Tasks
from workstation.ui.deeds import DEEDS
from workstation.ui.language import Language, images_word, mark, tr
from workstation.ui.main_window import MainWindow
from workstation.ui.offers import Offer
from workstation.viewing.session import Film, FilmState, Habits, ReadingSession, Refusal
from workstation.viewing.words import iso_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from workstation.app.office import SettingsOffice
    from workstation.app.station import Station
    from workstation.archive.intake import Received
    from workstation.archive.loader import FilmLoader
    from workstation.archive.sources import Listing
    from workstation.dicom.study import Instance, Patient, Study
    from workstation.film.links import Understanding
    from workstation.reference import FilmReference
    from workstation.ui.bridge import Bridge

SEVERAL_PATIENTS: Final = mark("There are films of several patients here: choose one.")
FITTING: Final = mark("{count} films fit this number: choose one from the list.")
_PATHS: Final = ("/", "./", "../", ".\\", "..\\")
_PROXY_CODES: Final = frozenset({"proxy-sign-in", "proxy-wrong-password"})
_PASSWORD_CODES: Final = frozenset({"secret-missing", "proxy-sign-in", "proxy-wrong-password"})


class House(Protocol):
    """The program around a desk; `app.Workstation` is it."""

    station: Station
    bridge: Bridge
    language: Language
    tasks: Tasks
    office: SettingsOffice
    desks: list[ReadingDesk]
    is_language_chosen: bool

    def new_desk(self) -> ReadingDesk:
        """Another window."""
        ...

    def set_language(self, code: str) -> None:
        """Switch every window."""
        ...

    def forget(self, desk: ReadingDesk) -> None:
        """A window was closed."""
        ...

    def films_changed(self) -> None:
        """Films were opened or closed in some window."""
        ...


class ReadingDesk:
    """One window with its session: opens films for it (`ui.main_window.Opener`)."""

    def __init__(self, workstation: House) -> None:
        self._workstation = workstation
        self._post = workstation.bridge.post
        self.session = ReadingSession()
        self._loaders: list[FilmLoader] = []
        self._numbers = itertools.count(1)
        self._opening: CancelToken | None = None
        self._candidates: tuple[Candidate | OpenedFilm, ...] = ()
        self._apart: tuple[OpenedFilm, ...] = ()
        self._asks_for: WorkstationError | None = None
        self.last_error: WorkstationError | None = None
        self.papers = Papers(self._post, lambda: self._station.pool)
        self.window = MainWindow(self.session, self, DEEDS, text_scale=self._station.settings.screen.text_scale)
        self.window.retranslate(chinese=workstation.language.code == "zh")
        self._codes = PictureCodes(
            lambda: self._station, self.window.door, self._begin, lambda text: self.open_text(text, ""), self._fail
        )
        hands = Hands(self._open_reference, self._begin, self._take_password)
        self.searching = Searching(lambda: self._station, self.window.door.worklist, self._post, hands)
        self.use_settings()
        self.window.closed.connect(self.close)
        self._entries: dict[str, Secret] = {}  # what was entered to open each film
        self.session.films.changed.connect(lambda _old, _new: workstation.films_changed())
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)

    @property
    def _station(self) -> Station:
        return self._workstation.station

    # ui.main_window.Opener --------------------------------------------------------------------------------------------

    def understand(self, text: str) -> Understanding:
        """See `Opener`."""
        return understand(text, self._station.settings.sources)

    def open_text(self, text: str, passcode: str, user: str = "") -> None:
        """See `Opener`."""
        found = self.understand(text)
        if found.problem is not None or found.reference is None:
            self._fail(found.problem or StationError("not-allowed", act="open"))
            return
        if passcode and self._asks_for is not None and self._asks_for.code in _PASSWORD_CODES:
            self._take_password(self._asks_for, passcode, user)
            passcode = ""
        self._open_reference(found.reference, passcode, Secret(text))

    def open_entry(self, entry: str) -> None:
        """Open a path, or what a text names: as it was entered, dropped, scanned or handed over."""
        is_path = entry.startswith(_PATHS) or os.path.exists(entry)  # noqa: PTH110 - Path.exists raises for long names
        if "://" not in entry and is_path:
            self.open_path(entry)
        else:
            self.window.show_door()
            self.window.door.enter_text(entry)
            self.open_text(entry, "")

    def open_films(self) -> tuple[OpenFilm, ...]:
        """What is open here, with names masked."""
        chinese = self._workstation.language.code == "zh"
        return tuple(
            OpenFilm(self._entries[film.film_id], study_words(film), mask_name(film.patient.name.shown(chinese)))
            for film in self.session.films.value
            if self._entries.get(film.film_id)
        )

    def _take_password(self, asked: WorkstationError, password: str, user: str) -> None:
        if asked.code == "secret-missing":
            self._station.vault.remember(str(asked.params["name"]), Secret(password), keep=False)
        else:
            self._station.use_proxy_sign_in(user, password)

    def _open_reference(self, reference: FilmReference, passcode: str, entry: Secret) -> None:
        def work(token: CancelToken) -> OpenedFilm | tuple[Candidate, ...]:
            opening = self._station.opening()
            opened = opening.open(reference, passcode, token, partial(self._on_identified, token))
            return replace(opened, entry=entry) if isinstance(opened, OpenedFilm) else opened

        self._station.record("open", kind=reference.kind, study=",".join(reference.study_uids))
        self._begin(work)

    def open_path(self, path: str) -> None:
        """See `Opener`."""
        if not self._station.policy.allows("open_files"):
            self._fail(StationError("not-allowed", act="open_files"))
            return

        if self._codes.takes(path):
            self._codes.open_file(Path(path))
            return

        def work(token: CancelToken) -> tuple[OpenedFilm, ...]:
            warm_up()
            from workstation.archive.media import list_media

            listed = list_media(Path(path), token, partial(self._on_counted, token))
            return tuple(OpenedFilm(*film, Secret(path)) for film in listed)

        self._station.record("open", kind="path")
        self._begin(work)

    def open_image(self, picture: QImage) -> None:
        """See `Opener`."""
        self._codes.open_image(picture)

    def open_scanned(self, text: str) -> None:
        """Open what a hand-held scanner typed."""
        self._codes.open_scanned(text)

    def refuse_screen(self) -> None:
        """See `Opener`."""
        self._codes.refuse_screen()

    def pick(self, number: int) -> None:
        """See `Opener`."""
        if self._codes.pick(number):
            return
        chosen = self._candidates[number]
        if isinstance(chosen, OpenedFilm):
            self._show_in_front(chosen)
        else:
            self._open_reference(chosen.reference, "", _entry_of(chosen))

    def stop(self) -> None:
        """See `Opener`."""
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
            self.window.door.show_idle()
            return  # what loads already was not called off
        for loader, film in zip(self._loaders, self.session.films.value, strict=False):
            if film.state is FilmState.LOADING:
                loader.cancel()
                film.finish(FilmState.CANCELLED)

    def close_film(self) -> None:
        """See `Opener`."""
        self._let_go()
        self.window.forget_films()

    def confirm(self) -> None:
        """See `Opener`."""
        for film in self.session.films.value:
            study = film.instances[0].study.study_instance_uid
            self._station.record("confirm", study=study, outcome="confirmed")

    def open_apart(self, agreed: bool) -> None:
        """See `Opener`."""
        films, self._apart = self._apart, ()
        if not agreed:
            for film in films:
                film.source.close()
        if not films or not agreed:
            return
        desk = self._workstation.new_desk()
        desk.window.resize(self.window.size())
        desk.window.show()
        for film in films:
            desk._show(film)

    @property
    def office(self) -> SettingsOffice:
        """See `Opener`."""
        return self._workstation.office

    def use_settings(self) -> None:
        """Take what the settings say of hands, keys and texts."""
        settings = self._station.settings
        mouse = settings.mouse
        self.session.habits.set(Habits(mouse.middle, mouse.right, mouse.wheel_reversed))
        self.window.dress(settings.screen.text_scale)
        self.searching.take_sources()

    def switch_language(self) -> None:
        """See `Opener`."""
        self._workstation.is_language_chosen = True
        self._workstation.set_language("en" if self._workstation.language.code == "zh" else "zh")

    def run_aside(self, work: Callable[[], bool], told: Callable[[bool], None]) -> None:
        """See `Opener`."""
        self._workstation.tasks.submit(lambda _: work(), priority=Priority.SHOWN, done=told)

    def exported(self, what: str) -> None:
        """See `Opener`."""
        self._station.record("export", act=what)

    def allows(self, act: str) -> bool:
        """See `Opener`."""
        return self._station.policy.allows(act)

    # Opening ----------------------------------------------------------------------------------------------------------

    def _begin(self, work: Callable[[CancelToken], object], words: str = "") -> None:
        if self._opening is not None:
            self._opening.cancel()
        self.last_error = None
        self._codes.forget()
        self._station.pool.start()
        self.window.show_door()
        self.window.door.show_opening(words or tr("Asking the source for the film …"))
        token = CancelToken()
        self._opening = token
        self._workstation.tasks.submit(
            work, priority=Priority.SHOWN, done=self._on_opened, failed=self._on_failed, token=token
        )

    def _on_counted(self, token: CancelToken, done: int, total: int) -> None:
        if done % 20 == 0:
            self._post(partial(self._tell_counted, token, done, total))

    def _tell_counted(self, token: CancelToken, done: int, total: int) -> None:
        if self._opening is token:
            self.window.door.show_counted(done, total)

    def _on_identified(self, token: CancelToken, patient: Patient, study: Study) -> None:
        del patient
        words = " · ".join(part for part in (iso_date(study.date), study.description) if part)

        def tell() -> None:
            if self._opening is token:  # a called-off opening says nothing of its film
                self.window.door.show_opening(tr("Found: {what}. Reading the list of images …", what=words or "–"))

        self._post(tell)

    def _on_opened(self, opened: object) -> None:
        self._opening = None
        self._asks_for = None
        if isinstance(opened, ReadPicture):
            self._codes.show(opened)
        elif isinstance(opened, OpenedFilm):
            self._show_in_front(opened)
        elif isinstance(opened, tuple):
            self._choose_or_show(opened)
        elif isinstance(opened, OpenedTogether):
            self._choose_or_show(opened.films)
            for problem in opened.problems:
                self.window.show_notice(problem)

    def _choose_or_show(self, found: tuple[Candidate | OpenedFilm, ...]) -> None:
        """Films of one patient from a folder open together; of several patients, one is chosen."""
        films = [one for one in found if isinstance(one, OpenedFilm)]
        if len(films) == 1:
            self._show_in_front(films[0])
            return
        if films and all(self._same_person(films[0], one) for one in films):
            for film in films:
                self._show(film)
            return
        self._candidates = found
        words = SEVERAL_PATIENTS if films else FITTING
        offers = tuple(self._offer(one) for one in found)
        self.window.door.offer_candidates(offers, tr(words, count=len(found)))

    def _same_person(self, one: OpenedFilm, other: OpenedFilm) -> bool:
        patient = one.listing.patient
        is_same = compare(patient, other.listing.patient).verdict is Verdict.SAME
        return one is other or (bool(patient.patient_id) and is_same)

    def _offer(self, one: Candidate | OpenedFilm) -> Offer:
        if isinstance(one, OpenedFilm):
            patient, study, count = one.listing.patient, one.listing.instances[0].study, len(one.listing.instances)
        else:
            patient, study, count = one.patient, one.study, one.instances
        name = patient.name.shown(self._workstation.language.code == "zh")
        detail = " · ".join(part for part in (name, images_word(count) if count else "") if part)
        return Offer(f"{iso_date(study.date)}  {study.description}".strip(), detail, study.study_instance_uid)

    def _on_failed(self, error: Exception) -> None:
        self._opening = None
        if not isinstance(error, WorkstationError):
            raise error
        self._fail(error)

    def _fail(self, error: WorkstationError) -> None:
        if isinstance(error, Cancelled):
            return
        self.last_error = error
        self._asks_for = error
        self._station.record("refused", code=error.code)
        self.window.show_door()
        self.window.door.suggest_user(self._station.settings.proxy.user if error.code in _PROXY_CODES else "")
        self.window.door.show_error(error)

    # Showing ----------------------------------------------------------------------------------------------------------

    def _show_in_front(self, opened: OpenedFilm) -> None:
        """Show the film that the user asked for, where the active viewport shows another one already."""
        film = self._show(opened)
        if film is not None:
            self.session.bring_forward(film)

    def _supersede(self, listing: Listing) -> None:
        """A study that is opened again takes the place of what came of it before."""
        study = listing.instances[0].study.study_instance_uid
        film = self.session.film_of_study(study, listing.patient, listing.issuer)
        if film is not None:
            self._loaders.pop(self.session.films.value.index(film)).close()
            self.session.remove_film(film)

    def _show(self, opened: OpenedFilm) -> Film | None:
        self._supersede(opened.listing)
        if not self.session.accepts(opened.listing.patient, opened.listing.issuer):
            self._put_apart(opened)
            self.window.ask_apart(opened.listing.patient)
            self.window.door.show_idle()
            return None
        loader = self._station.load(opened.listing, opened.source, self._post)
        film = Film(
            film_id=f"film-{next(self._numbers)}",
            source_name=opened.listing.source_name,
            patient=opened.listing.patient,
            instances=opened.listing.instances,
            frames=loader,
            expected=dict(opened.listing.announced),
        )
        for report in opened.listing.texts:
            film.add_report(report)
        self._entries[film.film_id] = opened.entry
        self._loaders.append(loader)
        loader.received.connect(lambda got: self._on_received(film, got))
        loader.reported.connect(film.add_report)
        loader.refused.connect(lambda asked, error: self._on_refused(film, asked, error))
        loader.progressed.connect(partial(self.window.show_progress, film.film_id))
        loader.finished.connect(film.finish)
        self._workstation_order(film, loader)
        self.window.add_film(film)
        for error in opened.listing.unusable:
            film.refuse(Refusal("", "", error))
            self._station.record("refused", code=error.code)
            self.window.show_notice(error)
        loader.start()
        return film

    def _put_apart(self, opened: OpenedFilm) -> None:
        """A film of another patient waits for an answer, beside those of the same person that wait already."""
        if self._apart and not self._same_person(self._apart[0], opened):
            for film in self._apart:
                film.source.close()
            self._apart = ()
        self._apart = (*self._apart, opened)

    def _workstation_order(self, film: Film, loader: FilmLoader) -> None:
        """The middle of each series first, then the reports, then each series from its middle outwards."""
        order: list[str] = []
        for display_set in film.display_sets:
            uids = display_set.sop_instance_uids
            order.append(uids[len(uids) // 2])
        order += [instance.sop_instance_uid for instance in film.listed_reports]
        for display_set in film.display_sets:
            order += _outwards(display_set.sop_instance_uids)
        loader.order(order)

    def _on_received(self, film: Film, got: Received) -> None:
        film.name_differs = film.name_differs or got.comparison.attribute == "PatientName"
        film.receive(got.instance.series.series_instance_uid, got.instance.sop_instance_uid)

    def _on_refused(self, film: Film, asked: Instance, error: WorkstationError) -> None:
        film.refuse(Refusal(asked.sop_instance_uid, asked.series.series_instance_uid, error))
        self._station.record(
            "refused", code=error.code, study=asked.study.study_instance_uid, instance=asked.sop_instance_uid
        )
        self.window.show_notice(error)
        film.changed.emit()

    def _let_go(self) -> None:
        for film in self._apart:
            film.source.close()
        self._apart = ()
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        self._candidates = ()
        self._codes.forget()
        for loader in self._loaders:
            loader.close()
        self._loaders.clear()
        self._entries.clear()

    def remember_places(self) -> None:
        """Keep where this window stands for the next start."""
        language = self._workstation.language.code if self._workstation.is_language_chosen else ""
        self._station.remember(replace(self.window.places(), language=language))

    def close(self) -> None:
        """The window is closed: nothing of its patient stays."""
        if self in self._workstation.desks:
            self.remember_places()
        self._let_go()
        self.session.close_films()
        self.papers.close()
        self.searching.close()
        self._workstation.forget(self)
        self._workstation.films_changed()

    def is_painted(self) -> bool:
        """Whether every viewport that has a series shows the frame it is asked for, or says why not."""
        for widget in self.window.shown_widgets():
            key, shown, film = widget.viewport.state.key, widget.shown(), widget.film()
            is_there = shown is not None and shown.frame.key == key
            if key is not None and not is_there and (film is None or film.frames.problem(key) is None):
                return False
        return True

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being opened or loaded any more, and what is shown is painted."""
        if self._opening is not None:
            return False
        is_loaded = all(film.state is not FilmState.LOADING for film in self.session.films.value)
        return is_loaded and self.is_painted() and self.window.reports.is_settled


def study_words(film: Film) -> str:
    """Date and description of a film's study."""
    study = film.instances[0].study
    return f"{iso_date(study.date)}  {study.description}".strip()


def _entry_of(chosen: Candidate) -> Secret:
    """What opens this very study again: the study of a source, never the number that several studies fit."""
    reference = chosen.reference
    source, study = quote(reference.label), quote(reference.study_uids[0])
    return Secret(f"cloudfilm:open?source={source}&study={study}" if source else "")


def _outwards(uids: tuple[str, ...]) -> list[str]:
    """From the middle to both ends."""
    middle = len(uids) // 2
    return [uid for _, uid in sorted(enumerate(uids), key=lambda pair: abs(pair[0] - middle))]
