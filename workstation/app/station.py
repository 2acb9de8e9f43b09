"""`Station`: what all windows share, built once: settings, vault, policy, audit, workers, the way out."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from workstation.app.leases import About, is_permitted
from workstation.app.shelving import Shelving
from workstation.app.warming import warm_pictures, warm_up
from workstation.errors import WorkstationError
from workstation.reference import Secret
from workstation.station.audit import Audit
from workstation.station.monitors import save as save_monitors
from workstation.station.places import Places
from workstation.station.places import save as save_places
from workstation.station.policy import Policy
from workstation.station.speed_log import SpeedLog, SpeedRecord
from workstation.station.vault import Vault
from workstation.station.worklist_habits import WorklistHabits
from workstation.station.worklist_habits import save as save_habits
from workstation.tasks import Priority, Tasks
from workstation.workers.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.archive.connection import Connection
    from workstation.archive.line import Line
    from workstation.archive.loader import FilmLoader
    from workstation.archive.sources import FilmSource, Listing
    from workstation.film.resolve import FilmOpening
    from workstation.settings import Settings
    from workstation.station.audit import Value
    from workstation.station.monitors import Monitors
    from workstation.tasks import CancelToken

_WAYS: Final = 2  # to a source that will be asked in a moment: who the film is of, and what is in it
_WAY_LASTS_S: Final = 20.0  # a connection that nobody uses
_LAST_RECORDS_S: Final = 10.0  # a disk that takes longer than this to write a line has failed


class Station:
    """What all windows share: settings, vault, policy, audit, workers, the way out.

    The network's libraries are imported when they are first wanted: see `app.warming`.
    """

    def __init__(self, settings: Settings, vault: Vault | None = None, *, is_demo: bool = False) -> None:
        self.settings = settings
        self.vault = vault or Vault()
        self.policy = Policy(settings)
        self._audit = Audit()
        self.speeds = SpeedLog()
        self._records = Tasks(1, _nowhere, "audit")  # one thread: each record follows the one before it
        self.pool = WorkerPool(at_once=False, before=warm_pictures)
        self._connection: Connection | None = None
        self._line: Line | None = None
        self._ways = Tasks(_WAYS, _nowhere, "way")
        self._ways_made: dict[str, float] = {}
        self._making = threading.Lock()
        self.shelving = Shelving(lambda: self.settings.store, lambda: self.vault, self._permits, is_demo=is_demo)
        self._retired: list[Connection] = []  # of settings before; films that are open may still load through them

    def record(self, event: str, **fields: Value) -> None:
        """Note an event in the audit trail, in the order of the calls; see `Audit.record`. Never waits for the disk."""
        self._records.submit(lambda _: self._audit.record(event, **fields), priority=Priority.SHOWN)

    def note_speed(self, record: SpeedRecord) -> None:
        """Note how fast a film came, without waiting for the disk; written down where IT wants that."""
        self.speeds.note(record, is_lasting=self.settings.network.speed_log)
        self._records.submit(lambda _: self.speeds.flush(), priority=Priority.SHOWN)

    def remember(self, places: Places) -> None:
        """Keep where the window stood, without waiting for the disk."""
        self._records.submit(lambda _: save_places(places), priority=Priority.SHOWN)

    def remember_worklist(self, habits: WorklistHabits) -> None:
        """Keep how the worklist was used, without waiting for the disk."""
        self._records.submit(lambda _: save_habits(habits), priority=Priority.SHOWN)

    def remember_monitors(self, monitors: Monitors) -> None:
        """Keep what was declared of monitors, without waiting for the disk."""
        self._records.submit(lambda _: save_monitors(monitors), priority=Priority.SHOWN)

    @property
    def connection(self) -> Connection:
        """The way out, by the settings in use; made when it is first wanted, in any thread."""
        warm_up()
        from workstation.archive.connection import Connection

        with self._making:
            if self._connection is None:
                self._connection = Connection(self.settings, self.vault.secret, self.pool.proxy_for)
            return self._connection

    def make_ready(self) -> None:
        """Have what the first film needs: what it imports, and whom it trusts. In a background thread."""
        warm_up()
        with contextlib.suppress(WorkstationError):  # whoever opens a film is told
            self.connection.prepare()

    def make_way(self, root: str) -> None:
        """Open the way to a source that will be asked in a moment, as far as it is not open. Never waits."""
        if self._has_made_way(root):
            return

        def work(token: CancelToken) -> None:
            with contextlib.suppress(WorkstationError):  # whoever opens a film is told
                self.connection.warm(root, token)

        for _ in range(_WAYS):
            self._ways.submit(work, priority=Priority.NEAR)

    def _has_made_way(self, root: str) -> bool:
        """Whether that was done a moment ago; from now on it was."""
        now = time.monotonic()
        if self.settings.offline or now - self._ways_made.get(root, -_WAY_LASTS_S) < _WAY_LASTS_S:
            return True
        self._ways_made[root] = now
        return False

    def _disconnect(self) -> Connection | None:
        """The way out until now, if there was one; the next that is wanted is made anew."""
        with self._making:
            before, self._connection = self._connection, None
        return before

    def use_proxy_sign_in(self, user: str, password: str) -> None:
        """Sign in to the proxy with what the user typed; kept only while the program runs."""
        if user:
            self.settings = replace(self.settings, proxy=replace(self.settings.proxy, user=user))
        self.vault.remember(self.settings.proxy.secret, Secret(password), keep=False)
        before = self._disconnect()
        if before is not None:
            before.close()

    def use_settings(self, settings: Settings) -> None:
        """Go on with other settings: films that are open keep the way they came by, the next ones take the new one."""
        self.settings = settings
        self.policy = Policy(settings)
        before = self._disconnect()
        if before is not None:
            self._retired.append(before)

    def _permits(self, about: About) -> bool | None:
        """See `Shelving`."""
        if self.settings.problem is not None or self.policy.problem is not None:
            return None
        return is_permitted(about, self.settings.sources, typed_links=self.policy.allows("typed_links"))

    def opening(self, wished: float | None = None) -> FilmOpening:
        """What opens references that somebody wished for at `wished` (POSIX seconds), by default now."""
        warm_up()
        from workstation.film.resolve import FilmOpening

        shelved = partial(self.shelving.shelved, wished=time.time() if wished is None else wished)
        return FilmOpening(self.connection, self.settings.sources, self.vault.secret, self.policy, shelved)

    def load(self, listing: Listing, source: FilmSource, post: Callable[[Callable[[], None]], None]) -> FilmLoader:
        """A loader for an opened film."""
        warm_up()
        from workstation.archive.holding import Budget
        from workstation.archive.line import Line
        from workstation.archive.loader import FilmLoader

        memory, most = self.settings.memory, self.settings.network.connections
        if self._line is None or self._line.most != most:
            self._line = Line(most)
        return FilmLoader(
            source,
            listing,
            self.pool,
            post,
            line=Line(most) if source.is_local else self._line,
            budget=Budget(memory.film_mb * 2**20, memory.frames_mb * 2**20),
        )

    def close(self) -> None:
        """Let go of everything; what was noted for the audit trail is written first."""
        self._records.drain(_LAST_RECORDS_S)
        self._records.close()
        self._ways.close()
        for connection in (self._disconnect(), *self._retired):
            if connection is not None:
                connection.close()
        self.shelving.close()
        self.pool.close()


def _nowhere(call: Callable[[], None]) -> None:
    """Where a record has nothing to deliver."""
    del call
