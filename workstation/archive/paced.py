"""`paced`: the file an answer is read from; one that only drips is a stall, wherever in the answer it does.

A time-out of a socket begins anew at each byte: at one byte a second a status line, the length of a chunk or a body
could take for ever.
"""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import socket

LEAST_BYTES_PER_S: Final = 512  # six transfers on a line of 64 kbit/s have twice as much each


class _PacedFile(io.RawIOBase):
    """Counts what comes in each window of waiting; time in which nobody waits, as while we are stopped, is none."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._file: Any = sock.makefile("rb", buffering=0)
        self._window_s = sock.gettimeout()
        self._waited_s = 0.0
        self._received = 0
        self._has_begun = False

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has come; a `TimeoutError` where hardly anything does."""
        window_s = self._window_s
        if window_s and self._waited_s >= window_s:
            if self._received < LEAST_BYTES_PER_S * window_s:
                raise TimeoutError("only drips")
            self._waited_s, self._received = 0.0, 0
        began = time.monotonic()
        count = int(self._file.readinto(buffer) or 0)
        if self._has_begun:  # how long a server thinks before it answers is another matter
            self._waited_s += min(time.monotonic() - began, window_s or 0.0)
        self._has_begun = True
        self._received += count
        return count

    def close(self) -> None:
        """Let the socket go."""
        if not self.closed:
            self._file.close()
        super().close()


def paced(sock: socket.socket) -> io.BufferedReader:
    """Read from a socket, at a rate of at least `LEAST_BYTES_PER_S` over each of its time-outs.

    Less is a `TimeoutError`, as silence is. The end of a short answer is never waited for that long.
    """
    return io.BufferedReader(_PacedFile(sock))
