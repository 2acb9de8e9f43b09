"""The composition root: builds everything and introduces the parts to each other. What they do is theirs."""

from __future__ import annotations

import itertools
import logging
import os
import sys
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from workstation.archive.connection import Connection
from workstation.archive.loader import Budget, FilmLoader
from workstation.archive.media import list_media
from workstation.dicom.identity import Verdict, compare
from workstation.errors import Cancelled, StationError, WorkstationError, whereabouts
from workstation.film.links import understand
from workstation.film.resolve import Candidate, FilmOpening, OpenedFilm
from workstation.reference import Secret
from workstation.station.audit import Audit
from workstation.station.places import Places
from workstation.station.places import load as load_places
from workstation.station.places import save as save_places
from workstation.station.policy import Policy
from workstation.station.vault import Vault
from workstation.tasks import CancelToken, Priority, Tasks
from workstation.ui import theme
from workstation.ui.bridge import Bridge
from workstation.ui.deeds import DEEDS
from workstation.ui.language import Language, images_word, mark, tr
from workstation.ui.main_window import MainWindow
from workstation.ui.offers import Offer
from workstation.viewing.overlay import iso_date
from workstation.viewing.session import Film, FilmState, ReadingSession, Refusal
from workstation.workers.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from workstation.archive.intake import Received
    from workstation.archive.sources import FilmSource, Listing
    from workstation.dicom.study import Instance, Patient, Study
    from workstation.film.links import Understanding
    from workstation.reference import FilmReference
    from workstation.settings import Settings
    from workstation.station.audit import Value

_log = logging.getLogger(__name__)
_LAST_RECORDS_S: Final = 10.0  # a disk that takes longer than this to write a line has failed
_AFTER_THE_WINDOW_MS: Final = 300  # by then a window is on the screen, and the processors are free for the workers


class Station:
    """What all windows share: settings, vault, policy, audit, workers, the way out."""

    def __init__(self, settings: Settings, vault: Vault | None = None) -> None:
        self.settings = settings
        self.vault = vault or Vault()
        self.policy = Policy(settings)
        self._audit = Audit()
        self._records = Tasks(1, _nowhere, "audit")  # one thread: each record follows the one before it
        self.pool = WorkerPool(at_once=False)
        self.connection = self._connect()

    def record(self, event: str, **fields: Value) -> None:
        """Note an event in the audit trail, in the order of the calls; see `Audit.record`. Never waits for the disk."""
        self._records.submit(lambda _: self._audit.record(event, **fields), priority=Priority.SHOWN)

    def remember(self, places: Places) -> None:
        """Keep where the window stood, without waiting for the disk."""
        self._records.submit(lambda _: save_places(places), priority=Priority.SHOWN)

    def _connect(self) -> Connection:
        return Connection(self.settings, self.vault.secret, self.pool.proxy_for)

    def use_proxy_sign_in(self, user: str, password: str) -> None:
        """Sign in to the proxy with what the user typed; kept only while the program runs."""
        if user:
            self.settings = replace(self.settings, proxy=replace(self.settings.proxy, user=user))
        self.vault.remember(self.settings.proxy.secret, Secret(password), keep=False)
        self.connection.close()
        self.connection = self._connect()

    def opening(self) -> FilmOpening:
        """What opens references."""
        return FilmOpening(self.connection, self.settings.sources, self.vault.secret, self.policy)

    def load(self, listing: Listing, source: FilmSource, post: Callable[[Callable[[], None]], None]) -> FilmLoader:
        """A loader for an opened film."""
        memory = self.settings.memory
        return FilmLoader(
            source,
            listing,
            self.pool,
            post,
            connections=self.settings.network.connections,
            budget=Budget(memory.film_mb * 2**20, memory.frames_mb * 2**20),
        )

    def close(self) -> None:
        """Let go of everything; what was noted for the audit trail is written first."""
        self._records.drain(_LAST_RECORDS_S)
        self._records.close()
        self.connection.close()
        self.pool.close()


class Workstation:
    """The program with its windows."""

    def __init__(self, app: QApplication, station: Station, *, language: str = "auto") -> None:
        app.setStyle("Fusion")
        app.setPalette(theme.palette())
        app.setFont(theme.font(scale=station.settings.screen.text_scale))
        app.setStyleSheet(theme.style_sheet(station.settings.screen.text_scale))
        self.station = station
        self.bridge = Bridge()
        self.language = Language(app)
        self.places = load_places()
        self.is_language_chosen = bool(self.places.language)  # by hand: then it is remembered
        wished = language if language != "auto" else station.settings.screen.language
        self.language.set(self.places.language or wished if wished == "auto" else wished)
        self.tasks = Tasks(2, self.bridge.post, "open")
        self.desks: list[ReadingDesk] = []
        self._samples: Callable[[], tuple[Offer, ...]] = tuple

    def new_desk(self) -> ReadingDesk:
        """Another window."""
        desk = ReadingDesk(self)
        self.desks.append(desk)
        taken = {other.window.patient_colour for other in self.desks if other is not desk}
        desk.window.set_patient_colour(next((c for c in theme.PATIENTS if c not in taken), theme.PATIENTS[-1]))
        desk.window.door.offer_samples(self._samples())
        QTimer.singleShot(_AFTER_THE_WINDOW_MS, lambda: self.station.pool.start())
        if self.station.settings.problem is not None:
            desk.window.door.show_error(self.station.settings.problem)
        return desk

    def use_station(self, station: Station) -> None:
        """Go on with another station; films that were opened through the old one are closed."""
        for desk in self.desks:
            desk.close_film()
        self.station.close()
        self.station = station

    def offer_samples(self, samples: Callable[[], tuple[Offer, ...]]) -> None:
        """List the demo's sample films on every film door; `samples` gives them in the language in use."""
        self._samples = samples
        for desk in self.desks:
            desk.window.door.offer_samples(samples())

    def set_language(self, code: str) -> None:
        """Switch every window."""
        self.language.set(code)
        for desk in self.desks:
            desk.window.door.offer_samples(self._samples())
            desk.window.retranslate(chinese=self.language.code == "zh")

    def forget(self, desk: ReadingDesk) -> None:
        """A window was closed."""
        if desk in self.desks:
            self.desks.remove(desk)

    def close(self) -> None:
        """Stop everything that runs."""
        for desk in list(self.desks):
            desk.close()
        self.tasks.close()
        self.bridge.close()
        self.station.close()


class ReadingDesk:
    """One window with its session: opens films for it (`ui.main_window.Opener`)."""

    def __init__(self, workstation: Workstation) -> None:
        self._workstation = workstation
        self._post = workstation.bridge.post
        self.session = ReadingSession()
        self._loaders: list[FilmLoader] = []
        self._numbers = itertools.count(1)
        self._opening: CancelToken | None = None
        self._candidates: tuple[Candidate | OpenedFilm, ...] = ()
        self._apart: OpenedFilm | None = None
        self._asks_for: WorkstationError | None = None
        self.last_error: WorkstationError | None = None
        self.window = MainWindow(self.session, self, DEEDS, text_scale=self._station.settings.screen.text_scale)
        self.window.retranslate(chinese=workstation.language.code == "zh")
        self.window.closed.connect(self.close)
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
        self._open_reference(found.reference, passcode)

    def _take_password(self, asked: WorkstationError, password: str, user: str) -> None:
        if asked.code == "secret-missing":
            self._station.vault.remember(str(asked.params["name"]), Secret(password), keep=False)
        else:
            self._station.use_proxy_sign_in(user, password)

    def _open_reference(self, reference: FilmReference, passcode: str) -> None:
        def work(token: CancelToken) -> OpenedFilm | tuple[Candidate, ...]:
            opening = self._station.opening()
            return opening.open(reference, passcode, token, self._on_identified)

        self._station.record("open", kind=reference.kind, study=",".join(reference.study_uids))
        self._begin(work)

    def open_path(self, path: str) -> None:
        """See `Opener`."""
        if not self._station.policy.allows("open_files"):
            self._fail(StationError("not-allowed", act="open_files"))
            return

        def work(token: CancelToken) -> tuple[OpenedFilm, ...]:
            return tuple(OpenedFilm(*film) for film in list_media(Path(path), token, self._on_counted))

        self._station.record("open", kind="path")
        self._begin(work)

    def pick(self, number: int) -> None:
        """See `Opener`."""
        chosen = self._candidates[number]
        if isinstance(chosen, OpenedFilm):
            self._show_in_front(chosen)
        else:
            self._open_reference(chosen.reference, "")

    def stop(self) -> None:
        """See `Opener`."""
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
            self.window.door.show_idle()
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
        film, self._apart = self._apart, None
        if film is None:
            return
        if not agreed:
            film.source.close()
            return
        desk = self._workstation.new_desk()
        desk.window.resize(self.window.size())
        desk.window.show()
        desk._show(film)

    def switch_language(self) -> None:
        """See `Opener`."""
        self._workstation.is_language_chosen = True
        self._workstation.set_language("en" if self._workstation.language.code == "zh" else "zh")

    def exported(self, what: str) -> None:
        """See `Opener`."""
        self._station.record("export", act=what)

    def allows(self, act: str) -> bool:
        """See `Opener`."""
        return self._station.policy.allows(act)

    # Opening ----------------------------------------------------------------------------------------------------------

    def _begin(self, work: Callable[[CancelToken], object]) -> None:
        if self._opening is not None:
            self._opening.cancel()
        self.last_error = None
        self._station.pool.start()
        self.window.show_door()
        self.window.door.show_opening(tr("Asking the source for the film …"))
        token = CancelToken()
        self._opening = token
        self._workstation.tasks.submit(
            work, priority=Priority.SHOWN, done=self._on_opened, failed=self._on_failed, token=token
        )

    def _on_counted(self, done: int, total: int) -> None:
        if done % 20 == 0:
            self._post(partial(self._tell_counted, done, total))

    def _tell_counted(self, done: int, total: int) -> None:
        if self._opening is not None:
            self.window.door.show_counted(done, total)

    def _on_identified(self, patient: Patient, study: Study) -> None:
        del patient
        words = " · ".join(part for part in (iso_date(study.date), study.description) if part)

        def tell() -> None:
            if self._opening is not None:
                self.window.door.show_opening(tr("Found: {what}. Reading the list of images …", what=words or "–"))

        self._post(tell)

    def _on_opened(self, opened: object) -> None:
        self._opening = None
        self._asks_for = None
        if isinstance(opened, OpenedFilm):
            self._show_in_front(opened)
        elif isinstance(opened, tuple):
            self._choose_or_show(opened)

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
            if self._apart is not None:
                self._apart.source.close()
            self._apart = opened
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
        self._loaders.append(loader)
        loader.received.connect(lambda got: self._on_received(film, got))
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

    def _workstation_order(self, film: Film, loader: FilmLoader) -> None:
        """The middle of each series first, then each series from its middle outwards."""
        order: list[str] = []
        for display_set in film.display_sets:
            uids = display_set.sop_instance_uids
            order.append(uids[len(uids) // 2])
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
        if self._apart is not None:
            self._apart.source.close()
            self._apart = None
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        for loader in self._loaders:
            loader.close()
        self._loaders.clear()

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
        self._workstation.forget(self)

    def is_painted(self) -> bool:
        """Whether every viewport that has a series shows the frame it is asked for, or says why not."""
        for widget in self.window.grid.widgets[: len(self.session.shown_viewports)]:
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
        return is_loaded and self.is_painted()


SEVERAL_PATIENTS = mark("There are films of several patients here: choose one.")
FITTING = mark("{count} films fit this number: choose one from the list.")
_PASSWORD_CODES = frozenset({"secret-missing", "proxy-sign-in", "proxy-wrong-password"})


def make_application(arguments: list[str]) -> QApplication:
    """The Qt application; on Linux without a screen, Qt's offscreen platform."""
    if os.name == "posix" and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    sys.excepthook = _on_unexpected
    threading.excepthook = lambda told: _on_unexpected(told.exc_type, told.exc_value, told.exc_traceback)
    app = QApplication(arguments)
    app.setApplicationName("cloudfilm-workstation")
    return app


def _on_unexpected(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """What no one caught, in a slot or a thread: its place is logged, not its message, which may name a patient."""
    del trace
    _log.error("unexpected: %s", kind.__name__ if error is None else whereabouts(error))


def _nowhere(call: Callable[[], None]) -> None:
    """Where a record has nothing to deliver."""
    del call


def _outwards(uids: tuple[str, ...]) -> list[str]:
    """From the middle to both ends."""
    middle = len(uids) // 2
    return [uid for _, uid in sorted(enumerate(uids), key=lambda pair: abs(pair[0] - middle))]
