"""`Station`: what all windows share, built once: settings, vault, policy, audit, workers, the way out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workstation.archive.connection import Connection
from workstation.archive.loader import Budget, FilmLoader
from workstation.film.resolve import FilmOpening
from workstation.reference import Secret
from workstation.station.audit import Audit
from workstation.station.places import Places
from workstation.station.places import save as save_places
from workstation.station.policy import Policy
from workstation.station.vault import Vault
from workstation.station.worklist_habits import WorklistHabits
from workstation.station.worklist_habits import save as save_habits
from workstation.tasks import Priority, Tasks
from workstation.workers.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.archive.sources import FilmSource, Listing
    from workstation.settings import Settings
    from workstation.station.audit import Value

_LAST_RECORDS_S: Final = 10.0  # a disk that takes longer than this to write a line has failed


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

    def remember_worklist(self, habits: WorklistHabits) -> None:
        """Keep how the worklist was used, without waiting for the disk."""
        self._records.submit(lambda _: save_habits(habits), priority=Priority.SHOWN)

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


def _nowhere(call: Callable[[], None]) -> None:
    """Where a record has nothing to deliver."""
    del call
