"""Films that their archive fetches from a slow store first: when to ask again, what is left in peace meanwhile.

A 202 promises the answer for later (RFC 9110 15.3.3): it is never an empty film, nor a whole one. A 503 that says when
to come again (15.6.4, 10.2.3) means the same to who waits. Neither is a fault of the server, so no try of a wish is
used up, and the server is not left in peace for it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.errors import ServerRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_ALL_AFTER: Final = 3  # answers in a row: then the rest of the film is taken to be in the store, too
SHORT_S: Final = 10.0  # a 503 that asks for no more is an archive with much to do: that is waited for as such


@dataclass(frozen=True, slots=True)
class Polling:
    """When an archive is asked again, in seconds."""

    least_s: float = 2.0
    most_s: float = 300.0  # whatever the server says
    unsaid_s: float = 15.0
    limit_s: float = 3600.0  # then it is given up, and can be asked for by hand

    def wait_s(self, asked_s: float) -> float:
        """Until the next question, where the server asks for `asked_s`; 0: it said nothing."""
        return min(self.most_s, max(self.least_s, asked_s)) if asked_s > 0 else self.unsaid_s


POLLING: Final = Polling()


def is_cold(error: Exception) -> bool:
    """Whether an archive said that it will have what was asked for later."""
    if not isinstance(error, ServerRefused):
        return False
    return error.code == "from-store" or (error.status == 503 and _asked_s(error) > 0)


def wait_s(error: Exception, polling: Polling = POLLING) -> float:
    """Seconds until it is to be asked again."""
    return polling.wait_s(_asked_s(error))


def _asked_s(error: Exception) -> float:
    return float(error.params.get("seconds", 0)) if isinstance(error, ServerRefused) else 0.0


class ColdInstances:
    """The instances of one film that its archive fetches from its store. `FetchOrder` locks around it.

    Each is asked for again when its time has come. After three such answers in a row the rest is left in peace, and
    one question at a time finds out; when something comes, all others may.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, polling: Polling = POLLING) -> None:
        self._clock, self._polling = clock, polling
        self._due: dict[str, float] = {}
        self._first: dict[str, float] = {}  # when an instance was first said to be in the store
        self._asked: set[str] = set()  # on their way again
        self._in_a_row = 0
        self._since: float | None = None
        self._total_s = 0.0

    def put(self, uid: str, error: Exception) -> bool:
        """This one comes later; False when that has lasted too long."""
        now = self._clock()
        self._asked.discard(uid)
        if now - self._first.setdefault(uid, now) > self._polling.limit_s:
            self._forget(uid)
            return False
        self._since = now if self._since is None else self._since
        self._due[uid] = now + wait_s(error, self._polling)
        self._in_a_row += 1
        if self.holds_all:
            self._due = dict.fromkeys(self._due, self._due[uid])  # it has answered for all of them
        return True

    def left(self, uid: str, *, has_come: bool = False) -> None:
        """It came, or failed otherwise; when one came the others may, too."""
        self._asked.discard(uid)
        self._first.pop(uid, None)
        if has_come and self.is_waiting:
            self._in_a_row = 0
            self.hurry()
        self._settle()

    def hurry(self) -> None:
        """All of them at once."""
        self._in_a_row = 0
        self._due = dict.fromkeys(self._due, self._clock())

    def forget(self) -> None:
        """Nothing is to come any more."""
        self._due.clear()
        self._asked.clear()
        self._settle()

    def send(self, uid: str) -> bool:
        """This one is on its way again; False when it is none of these."""
        if self._due.pop(uid, None) is None:
            return False
        self._asked.add(uid)
        return True

    def next_of(self, urgent: Collection[str]) -> str:
        """The one whose time has come; those that are looked at first."""
        now = self._clock()
        due = [uid for uid, moment in self._due.items() if moment <= now]
        return next((uid for uid in due if uid in urgent), due[0] if due else "")

    def __contains__(self, uid: str) -> bool:
        return uid in self._due

    @property
    def is_waiting(self) -> bool:
        """Whether anything is in the store, as far as is known."""
        return bool(self._due or self._asked)

    @property
    def holds_all(self) -> bool:
        """Whether the rest of the film is taken to be there, too."""
        return self._in_a_row >= _ALL_AFTER and self.is_waiting

    @property
    def seconds(self) -> float | None:
        """Until the next question; None while nothing is in the store."""
        if not self.is_waiting:
            return None
        return max(0.0, min(self._due.values()) - self._clock()) if self._due else 0.0

    @property
    def total_s(self) -> float:
        """How long something of the film was in the store."""
        return self._total_s + (0.0 if self._since is None else self._clock() - self._since)

    def _forget(self, uid: str) -> None:
        self._due.pop(uid, None)
        self._first.pop(uid, None)
        self._settle()

    def _settle(self) -> None:
        if self._since is not None and not self.is_waiting:
            self._total_s += self._clock() - self._since
            self._since = None
            self._in_a_row = 0
