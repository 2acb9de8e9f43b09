"""`Arena`: memory that a worker and its parent both see; the parent makes it, the worker maps it.

On Linux it is an anonymous file handed over by its descriptor: it has no name that could be left behind, needs no
space in /dev/shm (64 MiB in many containers, and running out of it there kills the writer) and goes with its last user.
On Windows it is a named mapping, which ends with its last handle.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
import sys
from multiprocessing import reduction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


class Arena:
    """A shared block of memory of `size` bytes, reached through `memory`."""

    def __init__(self, memory: mmap.mmap, handle: int, name: str) -> None:
        self.memory = memory
        self.size = len(memory)
        self._handle = handle
        self._name = name

    @classmethod
    def made(cls, size: int) -> Arena:
        """Make a new one, in the parent."""
        if sys.platform == "win32":
            name = f"cloudfilm-{secrets.token_hex(16)}"
            return cls(mmap.mmap(-1, size, tagname=name), -1, name)
        handle = os.memfd_create("cloudfilm-arena", os.MFD_CLOEXEC)
        os.ftruncate(handle, size)
        return cls(mmap.mmap(handle, size), handle, "")

    def hand_over(self, connection: Connection, process_id: int) -> None:
        """Give it to the worker at the other end of `connection`; the worker calls `received`."""
        if sys.platform == "win32":
            connection.send_bytes(self._name.encode("ascii"))
        else:
            reduction.send_handle(connection, self._handle, process_id)

    @classmethod
    def received(cls, connection: Connection, size: int) -> Arena:
        """Map, in the worker, what the parent handed over."""
        if sys.platform == "win32":
            name = connection.recv_bytes(256).decode("ascii")
            return cls(mmap.mmap(-1, size, tagname=name), -1, name)
        handle = reduction.recv_handle(connection)
        try:
            return cls(mmap.mmap(handle, size), -1, "")
        finally:
            os.close(handle)

    def close(self) -> None:
        """Give it back; where something still looks into it (an exception's traceback), it goes with that."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        with contextlib.suppress(BufferError):
            self.memory.close()
