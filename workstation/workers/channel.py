"""`Channel`: the parent's end of a worker's pipe. Nothing that a worker sends, or half sends, can make it wait longer.

`Connection.recv_bytes` waits for the rest of a message for ever, and makes a selector for every look. A pool looks
once or twice a frame, so on POSIX the bytes are taken as they come and cut into messages here.
"""

from __future__ import annotations

import os
import select
import struct
import sys
from typing import TYPE_CHECKING, Final

from workstation.workers.messages import MAX_ANSWER_BYTES

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_LENGTH: Final = struct.Struct("!i")  # how `Connection.send_bytes` begins a message of less than 2 GiB
_READ_BYTES: Final = 1 << 16


class Channel:
    """Messages to and from one worker.

    Parameters
    ----------
    connection : Connection
        This end of the pipe; the channel closes it.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._came = b""
        if sys.platform != "win32":
            self._poll = select.poll()
            self._poll.register(connection.fileno(), select.POLLIN)

    def send(self, message: bytes) -> None:
        """Send a message; it is short enough never to wait."""
        self.connection.send_bytes(message)

    def message(self, wait_s: float) -> bytes | None:
        """The next message; None when none is whole within `wait_s`.

        Raises
        ------
        EOFError, OSError
            The other end has gone, or breaks the protocol.
        """
        if sys.platform == "win32":  # a named pipe that keeps messages apart
            return self.connection.recv_bytes(MAX_ANSWER_BYTES) if self.connection.poll(wait_s) else None
        whole = self._whole()
        if whole is None and self._poll.poll(wait_s * 1e3):
            came = os.read(self.connection.fileno(), _READ_BYTES)
            if not came:
                raise EOFError
            self._came += came
            whole = self._whole()
        return whole

    def _whole(self) -> bytes | None:
        """Cut the first message off what has come, if it is all there."""
        if len(self._came) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._came)
        if not 0 <= length <= MAX_ANSWER_BYTES:
            raise OSError(length)
        end = _LENGTH.size + length
        if len(self._came) < end:
            return None
        message, self._came = self._came[_LENGTH.size : end], self._came[end:]
        return message

    def close(self) -> None:
        """Close this end."""
        self.connection.close()
