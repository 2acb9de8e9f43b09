"""Kept-alive connections that may be dead without a word: the network changed, the machine slept, a proxy went away.

The system tells of a line that drops packets only after minutes, and of a middle box that swallows them never. So the
system's own probes are set to seconds, a connection that was idle must answer quickly or is replaced, and one that is
found dead speaks for all that are as old.
"""

from __future__ import annotations

import socket
import sys
import time
from typing import TYPE_CHECKING, Any, Final

import urllib3

if TYPE_CHECKING:
    from urllib3.response import HTTPResponse

_DOUBTFUL_S: Final = 2.0  # idle for longer: the network may have changed under it
_STALE_S: Final = 60.0  # idle for longer: not worth the doubt; proxies and servers drop them at about this age
_PROBE_AFTER_S: Final = 5
_PROBE_EVERY_S: Final = 2
_PROBES: Final = 3
_UNANSWERED_MS: Final = 10_000  # RFC 5482: what was sent must be acknowledged within it


def clock() -> float:
    """Seconds that go on while the machine sleeps, where the system has such a clock."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()  # on Windows it counts sleep


def socket_options() -> list[tuple[int, int, int]]:
    """Options that make the system notice a dead line within about ten seconds."""
    named = {
        "TCP_KEEPIDLE": _PROBE_AFTER_S,
        "TCP_KEEPINTVL": _PROBE_EVERY_S,
        "TCP_KEEPCNT": _PROBES,
        "TCP_USER_TIMEOUT": _UNANSWERED_MS,  # Linux alone
    }
    known = [
        (socket.IPPROTO_TCP, getattr(socket, name), value) for name, value in named.items() if hasattr(socket, name)
    ]
    return [
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        *known,
    ]


class Kept:
    """A connection that knows how long it was idle; mixed into those of urllib3.

    Attributes
    ----------
    put_at : float or None
        When it was given back to its pool, by `clock`; None while it is new.
    is_doubtful : bool
        The request that runs went out on a connection that had been idle for a while: its answer must begin soon.
    """

    sock: Any
    timeout: Any
    put_at: float | None = None
    is_doubtful: bool = False
    quick_s: float = 5.0

    def begin(self) -> None:
        """A request begins."""
        idle_s = clock() - self.put_at if self.put_at is not None else 0.0
        self.is_doubtful = self.sock is not None and idle_s > _DOUBTFUL_S

    def getresponse(self) -> HTTPResponse:
        """Read the head of the answer; from a doubtful connection it comes soon or never."""
        whole_s = self.timeout
        if self.is_doubtful and (whole_s is None or whole_s > self.quick_s):
            self.timeout = self.quick_s
        try:
            answer: HTTPResponse = super().getresponse()  # type: ignore[misc]
        finally:
            self.timeout = whole_s
        if self.sock is not None:
            self.sock.settimeout(whole_s)
        return answer


class _KeptPool:
    """Gives kept-alive connections only while there is no reason to think that they are dead."""

    suspected_at: float = float("-inf")
    quick_s: float = 5.0

    def suspect(self) -> None:
        """A connection was found dead: none that was used before now is used again."""
        self.suspected_at = clock()

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)  # type: ignore[misc]
        connection.quick_s = self.quick_s
        put_at = connection.put_at
        if put_at is not None and (put_at <= self.suspected_at or clock() - put_at > _STALE_S):
            connection.close()
            connection.put_at = None
        return connection

    def _put_conn(self, connection: Any) -> None:
        if connection is not None:
            connection.put_at = clock()
        super()._put_conn(connection)  # type: ignore[misc]


class PlainPool(_KeptPool, urllib3.HTTPConnectionPool):
    """Connections without TLS."""


class SecurePool(_KeptPool, urllib3.HTTPSConnectionPool):
    """Connections with TLS."""
