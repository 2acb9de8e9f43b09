"""`Tally`: what asking for one film cost beyond the bytes: tries made again, waits, and by which way it went."""

from __future__ import annotations

import threading


class Tally:
    """Counts for one film. Thread-safe.

    Attributes
    ----------
    retries : int
        Requests that were made again after a fault.
    waits : int
        Requests that waited because their server was left in peace.
    way : str
        direct or proxy, by the last answer; empty while there is none.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.retries = 0
        self.waits = 0
        self.way = ""

    def tried_again(self) -> None:
        """A request goes once more."""
        with self._lock:
            self.retries += 1

    def waited(self) -> None:
        """A request had to wait for its server."""
        with self._lock:
            self.waits += 1

    def came_by(self, *, is_proxy: bool) -> None:
        """There is an answer."""
        self.way = "proxy" if is_proxy else "direct"
