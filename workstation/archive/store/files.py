"""`Publisher`: files become part of the store in batches: on the disk first, then under their name, then in the index.

Whatever ends the program in between leaves a half-written file that nobody names, and `sweep` takes away. One fsync a
file costs two thirds of the rate, so a batch is closed by its size or its age, whichever comes first.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from workstation.archive.store.index import EntryRow, Index

_log = logging.getLogger(__name__)
PART: Final = ".part"
_NEW: Final = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
_MOST_FILES: Final = 32
_MOST_AGE_S: Final = 0.2
_ORPHAN_S: Final = 600.0  # what nobody names and is older was left by a program that died


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is written and not yet part of the store."""

    part: Path
    row: EntryRow


def write_part(folder: Path, name: str, pieces: Iterable[bytes]) -> Path:
    """Write a file under a name that nobody takes for a whole one.

    Raises
    ------
    OSError
        The disk refuses; nothing of it is left.
    """
    part = folder / f"{name}{PART}"
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        with os.fdopen(os.open(part, _NEW, 0o600), "wb") as to:
            for piece in pieces:
                to.write(piece)
    except OSError:
        remove(part)
        raise
    return part


def remove(file: Path) -> None:
    """Take a file away; one that somebody reads on Windows is left to `sweep`."""
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)


class Publisher:
    """Publishes from one thread of its own.

    Parameters
    ----------
    index : Index
        Takes the rows in.
    failed : callable
        ``failed(error)``: a batch could not be published; it is gone. Called on that thread.
    """

    def __init__(self, index: Index, failed: Callable[[Exception], None]) -> None:
        self._index, self._failed = index, failed
        self._changed = threading.Condition()
        self._waiting: list[Written] = []
        self._since = 0.0
        self._is_busy = self._is_closed = self._is_flushed = False
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def submit(self, written: Written) -> None:
        """Publish a file soon."""
        with self._changed:
            if not self._waiting:
                self._since = time.monotonic()
            self._waiting.append(written)
            self._changed.notify_all()

    def flush(self, timeout_s: float = 30.0) -> bool:
        """Wait until everything that was submitted is published; says whether it is."""
        with self._changed:
            self._is_flushed = True
            self._changed.notify_all()
            try:
                return self._changed.wait_for(lambda: not self._waiting and not self._is_busy, timeout_s)
            finally:
                self._is_flushed = False

    def close(self) -> None:
        """Publish what is left, and end."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join(30.0)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._is_due():
                    if self._is_closed and not self._waiting:
                        return
                    age = time.monotonic() - self._since
                    self._changed.wait(max(0.0, _MOST_AGE_S - age) if self._waiting else None)
                batch, self._waiting = self._waiting, []
                self._is_busy = True
            try:
                self._publish(batch)
            except (OSError, sqlite3.Error) as error:
                _log.warning("a batch of %d files was not kept: %s", len(batch), type(error).__name__)
                for written in batch:
                    remove(written.part)
                    remove(written.part.with_name(written.row.name))
                self._failed(error)
            finally:
                with self._changed:
                    self._is_busy = False
                    self._changed.notify_all()

    def _is_due(self) -> bool:
        if not self._waiting:
            return False
        is_old = time.monotonic() - self._since >= _MOST_AGE_S
        return is_old or len(self._waiting) >= _MOST_FILES or self._is_closed or self._is_flushed

    def _publish(self, batch: list[Written]) -> None:
        named = []
        for written in batch:
            with contextlib.suppress(FileNotFoundError):  # its study was destroyed meanwhile
                _sync(written.part)
                written.part.replace(written.part.with_name(written.row.name))
                named.append(written)
        for folder in {written.part.parent for written in named}:
            with contextlib.suppress(FileNotFoundError):
                _sync_folder(folder)
        try:
            left = self._index.add_entries(written.row for written in named)
        except sqlite3.Error:
            for written in named:
                remove(written.part.with_name(written.row.name))
            raise
        gone = {row.name for row in left}
        for written in named:
            if written.row.name in gone:  # another copy was first, or the study was destroyed meanwhile
                remove(written.part.with_name(written.row.name))


def _sync(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(root: Path, index: Index, *, older_s: float = _ORPHAN_S) -> int:
    """Take away what no row names and a program that died has left; says how many files went.

    A young file may be one that another copy of the program is just writing.
    """
    limit = time.time() - older_s
    known = index.names()
    gone = 0
    for folder in (one for one in root.iterdir() if one.is_dir()):
        names = known.get(folder.name, set())
        for file in folder.iterdir():
            with contextlib.suppress(OSError):
                if file.name not in names and file.stat().st_mtime <= limit:
                    file.unlink()
                    gone += 1
        if folder.name not in known:
            with contextlib.suppress(OSError):
                folder.rmdir()
    return gone
