"""`Shelving`: the store of this program: one that lasts where there is a key store, else one that ends with it."""

from __future__ import annotations

import contextlib
import logging
import secrets
import shutil
import sqlite3
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workstation import locations

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.archive.sources import FilmSource, Listing
    from workstation.archive.store.store import Store
    from workstation.settings import StoreSettings
    from workstation.station.vault import Vault

_log = logging.getLogger(__name__)
_GIB: Final = 1 << 30
_DAY_S: Final = 86_400.0
_PASSING: Final = "passing-"  # a folder that ends with the program
_LEFT_S: Final = 2 * _DAY_S  # a passing folder that is older was left by a program that died


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

    def shelved(self, film: FilmSource, listing: Listing, origin: str) -> FilmSource:
        """A film before which the store stands; the film itself where there is none."""
        from workstation.archive.store.shelf import ShelvedFilm
        from workstation.archive.store.store import Name

        store = self.store()
        if store is None:
            return film
        name = Name(origin, listing.instances[0].study.study_instance_uid)
        try:
            store.describe(name, b"")
            store.lease(store.handle(name), time.time() + self._settings().days * _DAY_S)
        except (OSError, sqlite3.Error) as error:
            _log.warning("a film is not kept: %s", type(error).__name__)
            return film
        return ShelvedFilm(film, store, origin, listing.issuer)

    def close(self) -> None:
        """The program ends: what was fetched last is on the disk, or all of it is gone."""
        with self._lock:
            self._is_closed = True
            store, self._store = self._store, None
        if store is not None:
            store.close()
        if self._passing is not None:
            shutil.rmtree(self._passing, ignore_errors=True)


def _remove_left(root: Path) -> None:
    """What a program that died has left of a store that should have ended with it: nobody has its key."""
    limit = time.time() - _LEFT_S
    for folder in root.glob(f"{_PASSING}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < limit:
                shutil.rmtree(folder, ignore_errors=True)
