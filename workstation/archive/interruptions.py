"""`Interruptions`: what holds the load of a film up: a pause by hand, and instances that failed in a way that may pass.

Those are asked for again by hand, or by themselves: one of them goes ahead as a scout, in the time in which nothing
else is fetched, and when it comes the others follow.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.archive.cold import ColdInstances, is_cold
from workstation.errors import ConnectionFailed, ServerRefused, TransferError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from workstation.archive.breaker import ServerState
    from workstation.errors import WorkstationError

_FIRST_SCOUT_S: Final = 5.0  # after the last instance was answered
_LONGEST_S: Final = 60.0  # between two scouts
_LOOK_S: Final = 1.0  # where the server is left in peace: no request is made, and the breaker says when one may be
_PASSING_LINE: Final = frozenset({
    "connection-lost", "timed-out", "server-unreachable", "server-resting", "name-not-found", "proxy-unreachable",
    "proxy-failed",
})  # fmt: skip
_PASSING_TRANSFER: Final = frozenset({"cut-off", "stalled", "wrong-length", "no-closing-delimiter"})


def may_pass(error: WorkstationError) -> bool:
    """Whether what failed may be there at another time: the line, or a server that is overloaded or down."""
    if isinstance(error, ServerRefused):
        return error.code in {"busy", "server-error", "from-store"} and error.status != 501
    if isinstance(error, ConnectionFailed):
        return error.code in _PASSING_LINE
    return isinstance(error, TransferError) and error.code in _PASSING_TRANSFER


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds a load up, as it is told.

    Attributes
    ----------
    is_paused : bool
        By hand.
    missing : int
        Instances that failed in a way that may pass.
    waits_s : float or None
        Seconds until the server is tried again; None while it is not left in peace.
    cold_s : float or None
        Seconds until the archive is asked again for what it fetches from its store; None while there is nothing there.
    """

    is_paused: bool = False
    missing: int = 0
    waits_s: float | None = None
    cold_s: float | None = None


class Interruptions:
    """Chooses what is fetched next where that is not simply the first in the queue. `FetchOrder` locks around it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.is_paused = False
        self.cold = ColdInstances(clock)
        self._missing: dict[str, None] = {}
        self._scout = ""
        self._scouts = 0  # in vain, in a row
        self._answered_at = clock()

    def next_of(self, queue: Collection[str], urgent: Collection[str], *, is_idle: bool) -> str:
        """The next instance to fetch; empty while nothing is to be fetched.

        Parameters
        ----------
        queue : collection of str
            SOP Instance UIDs that wait, the next one first.
        urgent : collection of str
            Those that are looked at: they are fetched during a pause, too.
        is_idle : bool
            Nothing is on its way.
        """
        if self.is_paused:
            return next((uid for uid in queue if uid in urgent), "")
        due = self.cold.next_of(urgent)
        if self.cold.holds_all:
            asked = next((uid for uid in queue if uid in urgent), due) if is_idle else ""
            return due if due and due in urgent and is_idle else asked
        if due and due in urgent:
            return due
        if queue or due:
            return next(iter(queue), due)
        if self._missing and is_idle and self._clock() - self._answered_at >= self._wait_s():
            return next((uid for uid in self._missing if uid in urgent), next(iter(self._missing)))
        return ""

    def send(self, uid: str) -> None:
        """This one goes again: its archive may have it now, or it goes ahead as a scout."""
        if not self.cold.send(uid):
            self._scout = uid

    def _wait_s(self) -> float:
        return min(_LONGEST_S, _FIRST_SCOUT_S * float(2**self._scouts))

    def is_told(self, uid: str, error: WorkstationError) -> bool:
        """An instance failed: whether anybody is to be told. A scout that fails is no news."""
        self._answered_at = self._clock()
        if is_cold(error) and self.cold.put(uid, error):
            self._scout = "" if uid == self._scout else self._scout
            self._missing.pop(uid, None)
            return False
        self.cold.left(uid)
        if uid == self._scout:
            self._scout = ""
            if error.code == "server-resting":
                self._answered_at += _LOOK_S - self._wait_s()
            else:
                self._scouts = min(self._scouts + 1, 16)
            self._missing[uid] = self._missing.pop(uid, None)  # another one goes next time
            return False
        if may_pass(error):
            self._missing[uid] = None
        return True

    def has_come(self, uid: str) -> bool:
        """An instance came; whether it was one that had failed, so that the others may come, too."""
        self._answered_at = self._clock()
        self.cold.left(uid, has_come=True)
        if uid == self._scout:
            self._scout = ""
        self._scouts = 0
        if uid in self._missing:
            del self._missing[uid]
            return True
        return False

    def forget(self) -> None:
        """Nothing is to come any more."""
        self._missing.clear()
        self.cold.forget()

    def take_missing(self) -> tuple[str, ...]:
        """Those that are to be asked for again; from now on they wait like all others."""
        missing, self._missing = tuple(uid for uid in self._missing if uid != self._scout), {}
        self._scouts = 0
        self.cold.hurry()
        return missing

    def standing(self, server: ServerState | None) -> Standing:
        """What holds the load up."""
        is_resting = server is not None and server.is_resting
        waits_s = server.seconds if server and is_resting else None
        return Standing(self.is_paused, len(self._missing), waits_s, self.cold.seconds)
