"""`Shelving`: the store of this program: one that lasts where there is a key store, else one that ends with it."""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import shutil
import sqlite3
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workstation import locations
from workstation.app.warming import warm_up
from workstation.errors import WorkstationError
from workstation.film.opened import OpenedFilm
from workstation.station.open_films import mask_name
from workstation.viewing.words import iso_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.archive.sources import FilmSource, Listing
    from workstation.archive.store.store import Store
    from workstation.reference import Secret
    from workstation.settings import StoreSettings
    from workstation.station.vault import Vault
    from workstation.tasks import CancelToken

_log = logging.getLogger(__name__)
_GIB: Final = 1 << 30
_DAY_S: Final = 86_400.0
_PASSING: Final = "passing-"  # a folder that ends with the program
_LAST_WORD_S: Final = 30.0
_LISTING: Final = "listing"
_LEFT_S: Final = 2 * _DAY_S  # a passing folder that is older was left by a program that died


@dataclass(frozen=True, slots=True)
class About:
    """What a kept study is.

    Attributes
    ----------
    entry : str
        What was entered to open it: never shown, never logged.
    origin, study : str
        Its name in the store.
    who : (str, str)
        The patient's name, masked, in English and in Chinese.
    count : int
        Instances in it.
    at : float
        When its service was last asked for it (POSIX seconds).
    """

    entry: str
    origin: str
    study: str
    source: str
    issuer: str
    title: str
    who: tuple[str, str]
    count: int
    at: float


@dataclass(frozen=True, slots=True)
class KeptFilm:
    """A film that is kept."""

    handle: bytes
    about: About
    is_pinned: bool


def _kept_film(handle: bytes, about: bytes, *, is_pinned: bool) -> KeptFilm | None:
    try:
        found = json.loads(about)
        english, chinese = found.pop("who")
        return KeptFilm(handle, About(**found, who=(str(english), str(chinese))), is_pinned)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None


class Shelving:
    """Gives films a store. Used in background threads: it waits for the disk and for the key store.

    Parameters
    ----------
    settings : callable
        What may be kept, by the settings in use.
    vault : callable
        The vault in use: its key store holds the key.
    """

    def __init__(self, settings: Callable[[], StoreSettings], vault: Callable[[], Vault]) -> None:
        self._settings, self._vault = settings, vault
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._passing: Path | None = None
        self._is_made = self._is_closed = False

    @property
    def lasts(self) -> bool:
        """Whether what is kept is there after a restart."""
        return self._store is not None and self._passing is None

    def store(self) -> Store | None:
        """The store; None where the disk refuses one. Made when it is first wanted."""
        warm_up()  # what reads kept films is imported by one thread at a time
        with self._lock:
            if not self._is_made and not self._is_closed:
                self._is_made = True
                try:
                    self._store = self._made()
                except (OSError, sqlite3.Error) as error:
                    _log.warning("films are not kept: %s", type(error).__name__)
            return self._store

    def _made(self) -> Store:
        from workstation.archive.store.store import Store  # see `app.warming`
        from workstation.station.seal import lasting_key

        settings, root = self._settings(), locations.cache_dir()
        most = settings.gigabytes * _GIB
        _remove_left(root)
        key = lasting_key(self._vault()) if settings.keep else None
        if key is None:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._passing = Path(tempfile.mkdtemp(prefix=_PASSING, dir=root))
            return Store(self._passing, secrets.token_bytes(32), most_bytes=most)
        store = Store(root / "films", key, most_bytes=most)
        store.expire()
        store.sweep()
        return store

    def shelved(self, film: FilmSource, listing: Listing, origin: str, answers: bytes) -> FilmSource:
        """A film before which the store stands; the film itself where there is none.

        Parameters
        ----------
        origin : str
            The service it comes from.
        answers : bytes
            What the listing was made of; empty for one that is not the whole.
        """
        from workstation.archive.store.shelf import ShelvedFilm
        from workstation.archive.store.store import Name

        store = self.store()
        if store is None:
            return film
        name = Name(origin, listing.instances[0].study.study_instance_uid, kind=_LISTING)
        try:
            if answers:
                store.replace(name, answers)
        except (OSError, sqlite3.Error) as error:
            _log.warning("a film is not kept: %s", type(error).__name__)
            return film
        return ShelvedFilm(film, store, origin, listing.issuer)

    def note(self, opened: OpenedFilm, *, opens_again: bool) -> None:
        """A film was opened: what opens it again is kept with it, sealed.

        Parameters
        ----------
        opens_again : bool
            What was entered is all that it takes: no passcode protects the film from who holds the link alone.
        """
        from workstation.archive.store.shelf import ShelvedFilm
        from workstation.archive.store.store import Name

        store, source, study = self.store(), opened.source, opened.listing.instances[0].study
        if store is None or not isinstance(source, ShelvedFilm):
            return
        name = opened.listing.patient.name
        entry = opened.entry.reveal() if opens_again else ""
        about = About(
            entry, source.origin, study.study_instance_uid, opened.listing.source_name,
            opened.listing.issuer, f"{iso_date(study.date)}  {study.description}".strip(),
            (mask_name(name.shown(False)), mask_name(name.shown(True))), _count(opened.listing), time.time(),
        )  # fmt: skip
        of = Name(source.origin, study.study_instance_uid)
        try:
            store.describe(of, json.dumps(asdict(about), ensure_ascii=False).encode())
            store.lease(store.handle(of), time.time() + self._settings().days * _DAY_S)
        except (OSError, sqlite3.Error) as error:
            _log.warning("a film is not kept: %s", type(error).__name__)

    def kept(self) -> tuple[KeptFilm, ...]:
        """The films that are kept, what was open last first."""
        store = self.store()
        found = store.studies() if store is not None else ()
        films = (_kept_film(one.handle, one.about, is_pinned=one.is_pinned) for one in found)
        return tuple(film for film in films if film is not None)

    def reopened(self, entry: Secret, opened: Callable[[CancelToken], FilmSource]) -> OpenedFilm | None:
        """The film that an entry opened before, from what is kept alone; None where it is not.

        Parameters
        ----------
        opened : callable
            Opens it at its service, for what is not kept of it.
        """
        from workstation.archive.answers import Answers
        from workstation.archive.store.shelf import LateFilm, ShelvedFilm
        from workstation.archive.store.store import Name

        store = self.store()
        found = next((one.about for one in self.kept() if entry and one.about.entry == entry.reveal()), None)
        if store is None or found is None:
            return None
        data = store.get(Name(found.origin, found.study, kind=_LISTING))
        answers = Answers.from_bytes(data) if data else None
        if answers is None:
            return None
        try:
            listing = answers.listing(found.study, found.source, found.issuer)
        except WorkstationError:
            return None
        source = ShelvedFilm(LateFilm(opened), store, found.origin, found.issuer)
        return OpenedFilm(listing, source, entry, found.at)

    def forget(self, film: KeptFilm) -> None:
        """Destroy what is kept of a film."""
        store = self.store()
        if store is not None:
            store.forget(film.handle)

    def pin(self, film: KeptFilm, *, is_pinned: bool) -> None:
        """Keep a film when room is made."""
        store = self.store()
        if store is not None:
            store.pin(film.handle, is_pinned=is_pinned)

    def close(self) -> None:
        """The program ends: what was fetched last is on the disk, or all of it is gone."""
        closing = threading.Thread(target=self._close, name="shelving-close", daemon=True)
        closing.start()  # it waits for the disk; whoever ends the program waits for it
        closing.join(_LAST_WORD_S)

    def _close(self) -> None:
        with self._lock:
            self._is_closed = True
            store, self._store = self._store, None
        if store is not None:
            store.close()
        if self._passing is not None:
            shutil.rmtree(self._passing, ignore_errors=True)


def _count(listing: Listing) -> int:
    """How many instances the film has."""
    return max(len(listing.instances), sum(listing.announced.values()) if listing.is_beginning else 0)


def _remove_left(root: Path) -> None:
    """What a program that died has left of a store that should have ended with it: nobody has its key."""
    limit = time.time() - _LEFT_S
    for folder in root.glob(f"{_PASSING}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < limit:
                shutil.rmtree(folder, ignore_errors=True)
