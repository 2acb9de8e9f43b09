"""`CrashReport`: what is left when the program dies: where it was, on what machine. Never what it showed.

The file is there from the start, so that even a program that is killed leaves word of when it began. The interpreter
writes the places in the code to it (`faulthandler`) when it dies of a fault: functions and lines, no values.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import platform
import re
import threading
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Final

from workstation import __version__, locations

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)
_MOST_REPORTS: Final = 10
_RUNNING: Final = re.compile(r"running-(\d+)\.txt")


class CrashReport:
    """The report of this run. Ended in order, nothing of it stays.

    Parameters
    ----------
    folder : Path, optional
        Where reports lie; by default ``crashes`` in the user's state folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or locations.state_dir() / "crashes"
        self._file = self.folder / f"running-{os.getpid()}.txt"
        self._stream: IO[str] | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Open the report; from now on a fault is written to it. A disk that refuses costs the report alone."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._stream = self._file.open("w", encoding="utf-8")
            self._stream.write(_head())
            self._stream.flush()
            faulthandler.enable(self._stream, all_threads=True)
        except OSError as error:
            _log.info("no crash report is kept: %s", type(error).__name__)

    def note(self, line: str) -> None:
        """Add a line about something unexpected: the kind of error and its place in the code."""
        with self._lock:
            if self._stream is not None and not self._stream.closed:
                self._stream.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {line}\n")
                self._stream.flush()

    def end(self) -> None:
        """The program ended in order: no report."""
        with self._lock:
            if self._stream is None:
                return
            faulthandler.disable()
            self._stream.close()
            try:
                self._file.unlink(missing_ok=True)
            except OSError as error:
                _log.info("a crash report was not removed: %s", type(error).__name__)


def _head() -> str:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return (
        f"Cloud film workstation {__version__}\nstarted {now}\n"
        f"Python {platform.python_version()} on {platform.platform()}\n"
        "What follows are places in the code; a file that ends here means that the program was killed,\n"
        "or that the machine lost its power.\n\n"
    )


def gather(folder: Path | None = None, is_alive: object = None) -> list[Path]:
    """Turn what dead copies left into reports, newest last; only the newest ten are kept.

    Parameters
    ----------
    is_alive : callable, optional
        Whether a process of that number runs.
    """
    reports = folder or locations.state_dir() / "crashes"
    alive = is_alive if callable(is_alive) else _is_alive
    made: list[Path] = []
    for left in sorted(reports.glob("running-*.txt")):
        found = _RUNNING.fullmatch(left.name)
        if found is None or alive(int(found[1])):
            continue
        stamp = datetime.fromtimestamp(left.stat().st_mtime, UTC).strftime("%Y%m%d-%H%M%S")
        report = reports / f"crash-{stamp}-{found[1]}.txt"
        try:
            left.replace(report)
        except OSError as error:
            _log.info("a crash report was not kept: %s", type(error).__name__)
            continue
        made.append(report)
    for old in sorted(reports.glob("crash-*.txt"))[:-_MOST_REPORTS]:
        old.unlink(missing_ok=True)
    return made


def _is_alive(number: int) -> bool:
    if number == os.getpid():
        return True
    if os.name == "nt":
        return _is_alive_on_windows(number)
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_alive_on_windows(number: int) -> bool:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - not there where this is type-checked
    query, still_active = 0x1000, 259
    handle = kernel.OpenProcess(query, False, number)
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == still_active
