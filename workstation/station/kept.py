"""Small files that are kept between two starts: written whole or not at all; what cannot be read counts as nothing."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import stat
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_log = logging.getLogger(__name__)


def write(path: Path, data: bytes, *, mode: int | None = None, is_synced: bool = False) -> None:
    """Put `data` in the place of a file in one step; its folder is made, its permissions stay.

    Whoever reads meanwhile finds the old file or the new one. Copies of the program that write at once do not hinder
    each other: the last one stands. A loss of power may cost the last change, never what was there before it.

    Parameters
    ----------
    mode : int, optional
        Permissions of a file that was not there.
    is_synced : bool
        Wait until the disk has it.

    Raises
    ------
    OSError
        The disk refuses; the old file stands as it was.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_native_id()}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as opened:
            if mode is not None:
                part.chmod(mode)
            opened.write(data)
            if is_synced:
                opened.flush()
                os.fsync(opened.fileno())
        with contextlib.suppress(FileNotFoundError):
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; a file that is missing, broken or holds anything else is an empty one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # RecursionError: thousands of brackets
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, what: dict[str, Any]) -> None:
    """Keep an object; a disk that refuses is noted at the lowest level, for nothing is lost but comfort."""
    try:
        write(path, json.dumps(what).encode())
    except OSError as error:
        _log.info("%s was not kept: %s", path.name, type(error).__name__)


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a file that is there for nothing else, for this process alone; other copies of the program wait.

    Raises
    ------
    OSError
        The disk refuses, or another copy held it for very long.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as opened:
        if sys.platform == "win32":
            import msvcrt

            opened.seek(0)
            msvcrt.locking(opened.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield
            finally:
                opened.seek(0)
                msvcrt.locking(opened.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(opened, fcntl.LOCK_EX)  # let go of when the file is closed
            yield
