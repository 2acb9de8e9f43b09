"""`Shelving`: the store of this program: one that lasts where there is a key store, else one that ends with it."""

from __future__ import annotations

import contextlib
import logging
import math
import secrets
import shutil
import sqlite3
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workstation import locations
from workstation.app.leases import About, KeptFilm, kept_film, lease_end
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
_PASSING: Final = "passing-"  # a folder that ends with the program
_LAST_WORD_S: Final = 30.0
_LISTING: Final = "listing"
_FILMS: Final = "films"
_LEFT_S: Final = 2 * 86_400.0  # a passing folder that is older was left by a program that died


class Shelving:
    """Gives films a store. Used in background threads: it waits for the disk and for the key store.

    Parameters
    ----------
    settings : callable
        What may be kept, by the settings in use.
    vault : callable
        The vault in use: its key store holds the key.
    permits : callable
        ``permits(about)``: whether a kept film may be opened today; None where nobody can tell, because the settings
        are broken: then it is not, and stays.
    is_demo : bool
        Its films end with the program, and those of the hospital's sources are left alone.
    """

    def __init__(
        self,
        settings: Callable[[], StoreSettings],
        vault: Callable[[], Vault],
        permits: Callable[[About], bool | None] = lambda _about: True,
        *,
        is_demo: bool = False,
    ) -> None:
        self._settings, self._vault, self._permits, self._is_demo = settings, vault, permits, is_demo
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
        may_last = not self._is_demo and (settings.keep or (root / _FILMS).exists())
        key = lasting_key(self._vault()) if may_last else None
        if key is not None:
            store = Store(root / _FILMS, key, most_bytes=most)
            self._tidy(store, is_end=settings.at_shutdown or not settings.keep, spares_pinned=settings.keep)
            store.sweep()
            if settings.keep:
                return store
            store.close()
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._passing = Path(tempfile.mkdtemp(prefix=_PASSING, dir=root))
        return Store(self._passing, secrets.token_bytes(32), most_bytes=most)

    # Leases --------------------------------------------------------------------------------------------------------

    def tidy(self) -> int:
        """Destroy what may not be kept any longer: its lease is over, or IT does not allow it any more.

        Returns
        -------
        int
            How many films went.
        """
        with self._lock:
            store = self._store
        try:
            return self._tidy(store) if store is not None else 0
        except (OSError, sqlite3.Error) as error:
            _log.warning("kept films could not be looked through: %s", type(error).__name__)
            return 0

    def _tidy(self, store: Store, *, is_end: bool = False, spares_pinned: bool = True) -> int:
        settings, now = self._settings(), time.time()
        gone = 0
        for study in store.studies():
            film = kept_film(study, settings)
            used = min(study.used, now)  # a clock that was put back lengthens no lease
            expires = film.about.expires if film is not None else 0.0
            ends = lease_end(used, settings, expires=expires, is_pinned=study.is_pinned)
            is_forbidden = film is not None and self._permits(film.about) is False
            if ends <= now or is_forbidden or (is_end and not (study.is_pinned and spares_pinned)):
                store.end(study.handle)
                gone += 1
            elif study.lease != ends:
                store.lease(study.handle, ends)
        return gone

    # Films -----------------------------------------------------------------------------------------------------------

    def shelved(
        self, film: FilmSource, listing: Listing, origin: str, answers: bytes, *, wished: float = math.inf
    ) -> FilmSource:
        """A film before which the store stands; the film itself where there is none.

        Parameters
        ----------
        origin : str
            The service it comes from.
        answers : bytes
            What the listing was made of; empty for one that is not the whole.
        wished : float
            When somebody wished to open it (POSIX seconds): what was destroyed since takes nothing more of it.
        """
        from workstation.archive.store.shelf import ShelvedFilm
        from workstation.archive.store.store import Name

        store = self.store()
        if store is None:
            return film
        name = Name(origin, listing.instances[0].study.study_instance_uid, kind=_LISTING)
        if not store.admit(store.handle(name), wished):
            return film
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
            opened.listing.patient.patient_id, opened.expires_at,
        )  # fmt: skip
        of = Name(source.origin, study.study_instance_uid)
        ends = lease_end(time.time(), self._settings(), expires=about.expires)
        try:
            store.describe(of, about.to_bytes(), ends)
        except (OSError, sqlite3.Error) as error:
            _log.warning("a film is not kept: %s", type(error).__name__)

    def kept(self) -> tuple[KeptFilm, ...]:
        """The films that are kept and may be opened today, what was open last first."""
        store, settings, now = self.store(), self._settings(), time.time()
        films = (kept_film(one, settings) for one in (store.studies() if store is not None else ()))
        return tuple(film for film in films if film is not None and film.ends > now and self._permits(film.about))

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
        with contextlib.suppress(sqlite3.Error):
            store.touch(store.handle(Name(found.origin, found.study)))
        return OpenedFilm(listing, source, entry, found.at, expires_at=found.expires)

    def forget(self, film: KeptFilm) -> None:
        """Destroy what is kept of a film; where it is open, nothing more of it is kept until it is opened again."""
        store = self.store()
        if store is not None:
            store.end(film.handle)

    def take_back(self, source: FilmSource, study: str) -> None:
        """The service does not give a film to this user any more: what is kept of it goes."""
        from workstation.archive.store.shelf import ShelvedFilm
        from workstation.archive.store.store import Name

        store = self.store()
        if store is not None and isinstance(source, ShelvedFilm):
            store.end(store.handle(Name(source.origin, study)))

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
            self._end(store)
        if self._passing is not None:
            shutil.rmtree(self._passing, ignore_errors=True)

    def _end(self, store: Store) -> None:
        if self._settings().at_shutdown:
            try:
                self._tidy(store, is_end=True)
            except (OSError, sqlite3.Error) as error:  # the next start does it
                _log.warning("kept films are not destroyed yet: %s", type(error).__name__)
        store.close()


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
