"""`Breaker`: leaves a server in peace that failed several times in a row; one request finds out when it is back.

One circuit for each server (scheme, host, port). Closed: everything goes. Open: nothing goes until a wait is over.
Half open: one request goes, alone; if it is answered the circuit closes, else it is open for twice as long.
"""

from __future__ import annotations

import random
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.errors import ConnectionFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.tasks import CancelToken

Origin = tuple[str, str, int]
_MOST_SERVERS: Final = 64  # that are remembered; a hospital has a handful
_LOOK_S: Final = 0.05  # how often a request that waits looks whether the circuit has closed


@dataclass(frozen=True, slots=True)
class Circuit:
    """When a server is left in peace, and for how long.

    Five failures in a row open the circuit: the threshold of Fowler's and Nygard's pattern (M. Nygard, *Release It!*,
    2nd ed. 2018, "Circuit Breaker", and its usual implementations). A rate over a window, as servers use among
    themselves (Hystrix: half of at least 20 requests in 10 s), would need more requests than a whole series has before
    it could say anything. Five is one more than the four tries of one wish, so that a single bad object among good ones
    never opens it, and each success begins the count anew.

    The waits double from one second to a minute and each is drawn from its upper half: the workstations of a hospital
    do not come back all at the same moment (M. Brooker, *Exponential Backoff and Jitter*, 2015), and none asks a
    recovering server again at once. A dead server gets 5 requests and then 1 at about 1, 2, 5, 10, 22 and 46 s:
    11 in the first minute, 2 in each later one, however many images wait.
    """

    failures: int = 5
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    patience_s: float = 20.0  # how long a background request waits for a server that is down, before it is given up


@dataclass(frozen=True, slots=True)
class ServerState:
    """What is known of a server.

    Attributes
    ----------
    is_resting : bool
        It failed several times in a row and is left in peace.
    seconds : float
        Until it is tried again; 0 while that try is under way.
    failures : int
        In a row.
    """

    is_resting: bool = False
    seconds: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class _Server:
    failures: int = 0
    opened_at: float = 0.0
    opened: int = 0  # times in a row
    next_at: float = 0.0
    is_probed: bool = False


class Admission:
    """A request that may go. Exactly one of its outcomes is told; `drop` after another one does nothing."""

    def __init__(self, breaker: Breaker, origin: Origin, *, is_probe: bool) -> None:
        self._breaker, self._origin, self._is_probe = breaker, origin, is_probe
        self._is_told = False

    def succeed(self) -> None:
        """The server answered, whatever it said, and its answer was whole."""
        self._tell(self._breaker._on_success)

    def fail(self, retry_after_s: float = 0.0) -> None:
        """It did not answer, or could not at the moment, or its answer did not come to an end."""
        self._tell(lambda origin, is_probe: self._breaker._on_failure(origin, is_probe, retry_after_s))

    def drop(self) -> None:
        """Nothing can be said of the server: the request was called off, or went wrong before it."""
        self._tell(self._breaker._on_nothing)

    def _tell(self, told: Callable[[Origin, bool], None]) -> None:
        if not self._is_told:
            self._is_told = True
            told(self._origin, self._is_probe)


class Breaker:
    """The circuits of all servers. Thread-safe."""

    def __init__(self, circuit: Circuit | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._circuit = circuit or Circuit()
        self._clock = clock
        self._lock = threading.Lock()
        self._servers: OrderedDict[Origin, _Server] = OrderedDict()

    def admit(self, origin: Origin, token: CancelToken, *, waits: bool = False) -> Admission:
        """Let a request go, now or, where it `waits`, when the server is back.

        Raises
        ------
        ConnectionFailed
            server-resting: the server is left in peace, and this request does not wait, or has waited long enough.
        Cancelled
            Called off while waiting.
        """
        while True:
            token.raise_if_cancelled()
            with self._lock:
                server = self._server(origin)
                now = self._clock()
                if not server.opened:
                    return Admission(self, origin, is_probe=False)
                if now >= server.next_at and not server.is_probed:
                    server.is_probed = True
                    return Admission(self, origin, is_probe=True)
                left_s = max(0.0, server.next_at - now)
                is_patient = waits and now - server.opened_at < self._circuit.patience_s
            if not is_patient:
                raise ConnectionFailed("server-resting", host=origin[1], seconds=round(left_s))
            token.wait(min(_LOOK_S, max(left_s, 0.001)))

    def state(self, origin: Origin) -> ServerState:
        """What is known of a server."""
        with self._lock:
            server = self._servers.get(origin)
            if server is None:
                return ServerState()
            left_s = max(0.0, server.next_at - self._clock()) if server.opened else 0.0
            return ServerState(bool(server.opened), left_s, server.failures)

    def try_now(self, origin: Origin) -> None:
        """Somebody wants it now: the next request goes, whatever was to be waited for."""
        with self._lock:
            server = self._server(origin)
            server.next_at = 0.0
            server.opened_at = self._clock()

    def _server(self, origin: Origin) -> _Server:
        server = self._servers.setdefault(origin, _Server())
        self._servers.move_to_end(origin)
        while len(self._servers) > _MOST_SERVERS:
            self._servers.popitem(last=False)
        return server

    def _on_success(self, origin: Origin, is_probe: bool) -> None:
        del is_probe  # an answer is an answer
        with self._lock:
            self._servers.pop(origin, None)

    def _on_failure(self, origin: Origin, is_probe: bool, retry_after_s: float) -> None:
        circuit = self._circuit
        with self._lock:
            server, now = self._server(origin), self._clock()
            server.failures += 1
            if is_probe:
                server.is_probed = False
            elif server.opened or server.failures < circuit.failures:
                return  # a straggler says nothing new
            if not server.opened:
                server.opened_at = now
            wait_s = min(circuit.longest_wait_s, circuit.first_wait_s * 2**server.opened)
            server.opened = min(server.opened + 1, 32)
            drawn = random.uniform(0.5, 1.0) * wait_s  # noqa: S311 - no secret depends on it
            server.next_at = now + min(circuit.longest_wait_s, max(drawn, retry_after_s))

    def _on_nothing(self, origin: Origin, is_probe: bool) -> None:
        with self._lock:
            server = self._servers.get(origin)
            if is_probe and server is not None:
                server.is_probed = False
