"""`ShelvedFilm`: a film whose instances come from the store where they are kept, and go there when they are fetched.

What is kept passes the same gate as what is fetched: it is the object and the person asked for, and whole, or it is
let go and fetched anew.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from workstation.archive.intake import Received, take_in
from workstation.archive.store.store import Name, Outcome
from workstation.errors import DicomError, IdentityError, WorkstationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workstation.archive.breaker import ServerState
    from workstation.archive.sources import FilmSource
    from workstation.archive.store.store import Store
    from workstation.archive.tally import Tally
    from workstation.dicom.study import Instance, Patient
    from workstation.tasks import CancelToken

_log = logging.getLogger(__name__)


class ShelvedFilm:
    """A `FilmSource` before which a store stands. Called from background threads.

    Parameters
    ----------
    film : FilmSource
        Where instances come from that are not kept.
    store : Store
        Keeps them.
    origin : str
        The service they come from.
    issuer : str
        The issuer of patient IDs that IT configured for it.

    Attributes
    ----------
    given : set of str
        SOP Instance UIDs of what came from the store.
    conflicts : set of str
        Of what came from its service while other bytes were kept, which stay.
    """

    def __init__(self, film: FilmSource, store: Store, origin: str, issuer: str = "") -> None:
        self._film, self._store = film, store
        self.origin, self._issuer = origin, issuer
        self.given: set[str] = set()
        self.conflicts: set[str] = set()

    def obtain(
        self, asked: Instance, patient: Patient, token: CancelToken, received: Callable[[int], None]
    ) -> Received:
        """See `FilmSource`."""
        name = self.name(asked)
        kept = self._kept(name, asked, patient)
        if kept is not None:
            self.given.add(asked.sop_instance_uid)
            return kept
        got = self._film.obtain(asked, patient, token, received)
        if not got.address_only and self._store.put(name, got.data) is Outcome.CONFLICT:
            _log.warning("an instance came with other bytes than are kept under its UID")
            self.conflicts.add(asked.sop_instance_uid)
        return got

    def compared(self, asked: Instance, patient: Patient, token: CancelToken) -> tuple[bool, int]:
        """Fetch a kept instance once more: whether its service gives other bytes now, and how many those are.

        What comes and is not this object of this person is other, too. Nothing is kept or shown of it.

        Raises
        ------
        ConnectionFailed, ServerRefused, TransferError, Cancelled
            As the film's: then nothing is known.
        """
        kept = self._store.get(self.name(asked))
        if kept is None:
            return False, 0
        try:
            got = self._film.obtain(asked, patient, token, lambda _count: None)
        except (DicomError, IdentityError):
            return True, len(kept)
        return not got.address_only and got.data != kept, len(got.data)

    def forget(self, instances: Iterable[Instance]) -> None:
        """Keep these no longer: their source has others under the same UIDs, or none."""
        for one in instances:
            self._store.drop(self.name(one))

    def name(self, asked: Instance) -> Name:
        """What an instance is called in the store."""
        study, series = asked.study.study_instance_uid, asked.series.series_instance_uid
        return Name(self.origin, study, series, asked.sop_instance_uid)

    def _kept(self, name: Name, asked: Instance, patient: Patient) -> Received | None:
        data = self._store.get(name)
        if data is None:
            return None
        try:
            return replace(take_in(data, asked, patient, self._issuer), is_kept=True)
        except WorkstationError as error:
            _log.warning("a kept instance is not what is asked for: %s", error.code)
            self._store.drop(name)
            return None

    @property
    def is_local(self) -> bool:
        """See `FilmSource`."""
        return self._film.is_local

    def thumbnail(self, asked: Instance, token: CancelToken) -> bytes | None:
        """See `FilmSource`; a kept instance needs none."""
        if self._store.held([self.name(asked)]):
            return None
        return self._film.thumbnail(asked, token)

    def server(self) -> ServerState | None:
        """See `FilmSource`."""
        return self._film.server()

    def tally(self) -> Tally | None:
        """See `FilmSource`."""
        return self._film.tally()

    def try_now(self) -> None:
        """See `FilmSource`."""
        self._film.try_now()

    def spare(self, token: CancelToken) -> None:
        """See `FilmSource`."""
        self._film.spare(token)

    def close(self) -> None:
        """See `FilmSource`; the store belongs to the station."""
        self._film.close()


class LateFilm:
    """A `FilmSource` that is opened when something is first wanted of it: a kept film may never need it.

    Parameters
    ----------
    opened : callable
        ``opened(token)`` opens it; raises as opening a film does.
    """

    def __init__(self, opened: Callable[[CancelToken], FilmSource]) -> None:
        self._opened = opened
        self._lock = threading.Lock()
        self._film: FilmSource | None = None

    def obtain(
        self, asked: Instance, patient: Patient, token: CancelToken, received: Callable[[int], None]
    ) -> Received:
        """See `FilmSource`."""
        return self._there(token).obtain(asked, patient, token, received)

    @property
    def is_local(self) -> bool:
        """See `FilmSource`: whatever it is, it is not here."""
        return False

    def thumbnail(self, asked: Instance, token: CancelToken) -> bytes | None:
        """See `FilmSource`: not worth opening it for."""
        film = self._film
        return film.thumbnail(asked, token) if film is not None else None

    def _there(self, token: CancelToken) -> FilmSource:
        with self._lock:
            if self._film is None:
                self._film = self._opened(token)
            return self._film

    def server(self) -> ServerState | None:
        """See `FilmSource`."""
        film = self._film
        return film.server() if film is not None else None

    def tally(self) -> Tally | None:
        """See `FilmSource`."""
        film = self._film
        return film.tally() if film is not None else None

    def try_now(self) -> None:
        """See `FilmSource`."""
        film = self._film
        if film is not None:
            film.try_now()

    def spare(self, token: CancelToken) -> None:
        """See `FilmSource`: not worth opening it for."""
        if self._film is not None:
            self._film.spare(token)

    def close(self) -> None:
        """See `FilmSource`."""
        with self._lock:
            if self._film is not None:
                self._film.close()
