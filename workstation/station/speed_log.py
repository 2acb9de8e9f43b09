"""How fast films came, for IT: one row a load, in a table that opens in Excel. No patient, no address, no UID in it.

`SpeedRecord` has no field that could hold one; the folder of a film from a disk is not named, for people call folders
after patients.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import logging
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation import locations
from workstation.station.kept import locked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_log = logging.getLogger(__name__)
_MOST_ROWS: Final = 10_000  # in a file; there is one before it
_IN_MEMORY: Final = 500
_MB: Final = 1e6  # bytes, as lines are measured
HEADER: Final = (
    "date and time (local)", "source", "way", "images from", "outcome", "images", "of these kept (images)",
    "over the line (MB)", "kept (MB)", "first image (s)", "whole film (s)", "transfer (s)", "rate (MB/s)",
    "retries", "refused (images)", "waits for the server", "waited for the archive's store (s)",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SpeedRecord:
    """One load of one film.

    Attributes
    ----------
    at : str
        When it was wished for: ``YYYY-MM-DD HH:MM:SS``, local.
    source : str
        As IT named it, or the host of a link that no source names; ``files`` for a film from a disk.
    way : str
        direct, proxy or files; empty where nothing was asked.
    origin : str
        fetched, kept or both: whether the images came from the source or had been kept.
    outcome : str
        complete, incomplete or stopped.
    images, kept_images : int
        That came, and how many of these had been kept.
    line_bytes, kept_bytes : int
        Of images that came from the source, what was cut off included; of kept ones.
    first_s, whole_s : float or None
        Seconds from the wish to the first painted frame, and to the last image; None where that was not.
    transfer_s : float
        Seconds from the first question for an image to the last byte, without what the archive's store took.
    retries, refused, waits : int
        Requests that were made again, images that were not had, requests that waited for a server left in peace.
    cold_s : float
        Seconds in which the archive fetched the film from its store.
    """

    at: str
    source: str
    way: str = ""
    origin: str = "fetched"
    outcome: str = "complete"
    images: int = 0
    kept_images: int = 0
    line_bytes: int = 0
    kept_bytes: int = 0
    first_s: float | None = None
    whole_s: float | None = None
    transfer_s: float = 0.0
    retries: int = 0
    refused: int = 0
    waits: int = 0
    cold_s: float = 0.0

    @property
    def megabytes_per_second(self) -> float | None:
        """Of what came over the line (MB are 1e6 bytes); None where nothing did."""
        return self.line_bytes / _MB / self.transfer_s if self.line_bytes and self.transfer_s > 0 else None


def as_cells(record: SpeedRecord) -> tuple[str, ...]:
    """A record as it stands in a row; see `HEADER`."""
    return (
        record.at, _plain(record.source), record.way, record.origin, record.outcome, str(record.images),
        str(record.kept_images), f"{record.line_bytes / _MB:.3f}", f"{record.kept_bytes / _MB:.3f}",
        _number(record.first_s), _number(record.whole_s), f"{record.transfer_s:.3f}",
        _number(record.megabytes_per_second), str(record.retries), str(record.refused), str(record.waits),
        f"{record.cold_s:.1f}",
    )  # fmt: skip


def as_csv(records: Iterable[SpeedRecord]) -> str:
    """A table with its header, without the mark of UTF-8."""
    return _rows([HEADER, *(as_cells(record) for record in records)])


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _plain(name: str) -> str:
    """A name that is one line, and no formula to a table program."""
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:80]
    return f"'{flat}" if flat.startswith(("=", "+", "-", "@")) else flat


class SpeedLog:
    """The table of this user on this machine. Safe with several threads and copies of the program.

    Parameters
    ----------
    folder : Path, optional
        Where it lies; by default the state folder of the user.
    most_rows : int
        Of a file; a full one becomes ``speed.1.csv``, in the place of the one before.
    """

    def __init__(self, folder: Path | None = None, most_rows: int = _MOST_ROWS) -> None:
        self._folder = folder or locations.state_dir()
        self._most = most_rows
        self.path = self._folder / "speed.csv"
        self._before = self._folder / "speed.1.csv"
        self._lock = threading.Lock()  # of the lists; held for a moment
        self._disk = threading.Lock()
        self._waiting: list[SpeedRecord] = []  # for the disk: a table program that has the file open holds it
        self._recent: deque[SpeedRecord] = deque(maxlen=_IN_MEMORY)
        self._has_complained = False

    @property
    def recent(self) -> tuple[SpeedRecord, ...]:
        """The loads of this run of the program, the newest last."""
        with self._lock:
            return tuple(self._recent)

    def note(self, record: SpeedRecord, *, is_lasting: bool = True) -> None:
        """Remember a load while the program runs, and for `flush` where it is to last. Never waits for the disk."""
        with self._lock:
            self._recent.append(record)
            if is_lasting:
                self._waiting = [*self._waiting[1 - self._most :], record]

    def flush(self) -> None:
        """Write down what was noted. Never raises; what the disk refuses goes with the next. Not on the main thread."""
        with self._disk:
            with self._lock:
                waiting = list(self._waiting)
            if not waiting:
                return
            try:
                with locked(self._folder / "speed.lock"):
                    self._write(waiting)
            except OSError as error:
                self._complain(error)
                return
            with self._lock:
                self._waiting = [one for one in self._waiting if all(one is not written for written in waiting)]

    def _complain(self, error: OSError) -> None:
        if not self._has_complained:
            self._has_complained = True
            _log.info("the table of speeds cannot be written: %s", type(error).__name__)

    def _write(self, records: list[SpeedRecord]) -> None:
        rows = _line_count(self.path)
        if rows > 0 and rows - 1 + len(records) > self._most:
            self.path.replace(self._before)
            rows = 0
        text = _rows(as_cells(record) for record in records)
        head = b"" if rows else codecs.BOM_UTF8 + _rows([HEADER]).encode()
        with self.path.open("ab") as file:
            file.write(head + text.encode())

    def read(self, most: int = _IN_MEMORY) -> tuple[SpeedRecord, ...]:
        """The last loads that were written down, the newest last. Not on the main thread."""
        with self._disk:
            return tuple(self._found()[-most:])

    def _found(self) -> list[SpeedRecord]:
        found: list[SpeedRecord] = []
        for path in (self._before, self.path):
            try:
                text = path.read_text(encoding="utf-8-sig", errors="replace")
            except OSError:
                continue
            found += _records(text)
        with self._lock:
            return found + self._waiting


def _records(text: str) -> list[SpeedRecord]:
    found = []
    rows = csv.reader(text.splitlines())
    with contextlib.suppress(csv.Error):  # what somebody wrote into it from there on
        for row in rows:
            record = _record(row)
            if record is not None:
                found.append(record)
    return found


def _line_count(path: Path) -> int:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return 0
    return data.count(b"\n")


def _record(row: list[str]) -> SpeedRecord | None:
    """A row as it was; None for the header, and for what somebody changed so that it is no load."""
    if len(row) != len(HEADER):
        return None
    try:
        return SpeedRecord(
            row[0], row[1], row[2], row[3], row[4], images=int(row[5]), kept_images=int(row[6]),
            line_bytes=round(float(row[7]) * _MB),
            kept_bytes=round(float(row[8]) * _MB), first_s=_seconds(row[9]), whole_s=_seconds(row[10]),
            transfer_s=float(row[11]), retries=int(row[13]), refused=int(row[14]), waits=int(row[15]),
            cold_s=float(row[16]),
        )  # fmt: skip
    except ValueError:
        return None


def _seconds(cell: str) -> float | None:
    return float(cell) if cell else None
