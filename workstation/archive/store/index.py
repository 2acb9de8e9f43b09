"""`Index`: which studies and entries the store holds, in SQLite. It tells nobody who they are.

Studies and entries are named by keyed hashes; what a study is about is sealed. Two copies of the program may use one
index at once. What is deleted is overwritten, and the write-ahead log with it, so that a destroyed key is nowhere.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORMAT: Final = 1
_PATIENCE_S: Final = 10.0  # while another copy of the program writes
_TABLES: Final = """
CREATE TABLE study (
    study BLOB PRIMARY KEY, folder TEXT NOT NULL UNIQUE, key BLOB NOT NULL, about BLOB NOT NULL DEFAULT x'',
    used REAL NOT NULL, lease REAL, is_pinned INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE entry (
    entry BLOB PRIMARY KEY, study BLOB NOT NULL REFERENCES study ON DELETE CASCADE, name TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX of_study ON entry (study, size);
"""


_COLUMNS: Final = (
    "s.study, s.folder, s.key, s.about, s.used, s.lease, s.is_pinned, coalesce(sum(e.size), 0) "
    "FROM study s LEFT JOIN entry e ON e.study = s.study"
)
_INSERT: Final = "INSERT OR IGNORE INTO entry SELECT ?, study, ?, ?, ? FROM study WHERE study = ?"


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study in the store.

    Attributes
    ----------
    study : bytes
        Keyed hash.
    folder : str
        In which its files lie.
    key : bytes
        Its data key, sealed.
    about : bytes
        What it is, sealed; empty where nobody said.
    used : float
        When it was last open (POSIX seconds).
    lease : float or None
        Until when it may be kept.
    size : int
        Bytes of its files.
    """

    study: bytes
    folder: str
    key: bytes
    about: bytes
    used: float
    lease: float | None
    is_pinned: int  # 0 or 1
    size: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A file in the store.

    Attributes
    ----------
    entry, study : bytes
        Keyed hashes.
    name : str
        Of the file in the folder of its study.
    digest : bytes
        Keyed hash of the text, to know other bytes under the same name.
    """

    entry: bytes
    study: bytes
    name: str
    size: int
    digest: bytes


class Index:
    """One file. Any thread may use it.

    Parameters
    ----------
    file : Path
        The database; its folder is there.

    Raises
    ------
    sqlite3.Error
        It cannot be used; see `is_usable`.
    """

    def __init__(self, file: Path) -> None:
        self._lock = threading.RLock()
        self._base = sqlite3.connect(file, timeout=_PATIENCE_S, check_same_thread=False, isolation_level=None)
        try:
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "foreign_keys=ON"):
                self._base.execute(f"PRAGMA {pragma}")
            self._make_tables()
        except sqlite3.Error:
            self._base.close()
            raise

    def _make_tables(self) -> None:
        with self._edit() as base:
            found = base.execute("PRAGMA user_version").fetchone()[0]
            if found == FORMAT:
                return
            if found != 0:
                raise sqlite3.DatabaseError(str(found))
            for statement in filter(str.strip, _TABLES.split(";")):
                base.execute(statement)
            base.execute(f"PRAGMA user_version = {FORMAT}")

    @contextmanager
    def _edit(self) -> Iterator[sqlite3.Connection]:
        """One transaction, that holds the write lock from its beginning."""
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    # Studies ---------------------------------------------------------------

    def study(self, study: bytes) -> StudyRow | None:
        """A study; None where it is not kept."""
        return next(iter(self._studies("WHERE s.study = ?", study)), None)

    def studies(self) -> tuple[StudyRow, ...]:
        """Every study, what was not open for longest first."""
        return tuple(self._studies("", *()))

    def _studies(self, where: str, *values: object) -> list[StudyRow]:
        query = f"SELECT {_COLUMNS} {where} GROUP BY s.study ORDER BY s.used"
        with self._lock:
            rows = self._base.execute(query, values).fetchall()
        return [StudyRow(*row) for row in rows]

    def add_study(self, study: bytes, folder: str, key: bytes, now: float) -> StudyRow:
        """Take a study in, unless it is there: then what is there is given."""
        with self._edit() as base:
            values = (study, folder, key, now)
            base.execute("INSERT OR IGNORE INTO study (study, folder, key, used) VALUES (?, ?, ?, ?)", values)
        found = self.study(study)
        if found is None:  # another copy has just destroyed it
            raise sqlite3.IntegrityError
        return found

    def set_about(self, study: bytes, about: bytes) -> None:
        """Say what a study is."""
        self._set("about = ?", about, study)

    def set_used(self, study: bytes, now: float) -> None:
        """It is open."""
        self._set("used = ?", now, study)

    def set_lease(self, study: bytes, until: float | None) -> None:
        """Until when it may be kept; None: as long as there is room."""
        self._set("lease = ?", until, study)

    def set_pinned(self, study: bytes, is_pinned: bool) -> None:
        """Whether it stays when room is made."""
        self._set("is_pinned = ?", int(is_pinned), study)

    def _set(self, what: str, value: object, study: bytes) -> None:
        with self._edit() as base:
            base.execute(f"UPDATE study SET {what} WHERE study = ?", (value, study))  # noqa: S608 - `what` is ours

    def remove_study(self, study: bytes) -> None:
        """Let a study and its key go, and every trace of the key."""
        with self._edit() as base:
            base.execute("DELETE FROM study WHERE study = ?", (study,))
        with self._lock:
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # Entries ---------------------------------------------------------------

    def entry(self, entry: bytes) -> EntryRow | None:
        """An entry; None where it is not kept."""
        query = "SELECT entry, study, name, size, digest FROM entry WHERE entry = ?"
        with self._lock:
            row = self._base.execute(query, (entry,)).fetchone()
        return EntryRow(*row) if row is not None else None

    def held(self, study: bytes) -> frozenset[bytes]:
        """The entries of a study."""
        with self._lock:
            rows = self._base.execute("SELECT entry FROM entry WHERE study = ?", (study,)).fetchall()
        return frozenset(row[0] for row in rows)

    def add_entries(self, rows: Iterable[EntryRow]) -> list[EntryRow]:
        """Take entries in, all at once; those that were there already, or have lost their study, are given back."""
        left = []
        with self._edit() as base:
            for row in rows:
                made = base.execute(_INSERT, (row.entry, row.name, row.size, row.digest, row.study))
                if made.rowcount != 1:
                    left.append(row)
        return left

    def remove_entry(self, entry: bytes) -> None:
        """Let an entry go."""
        with self._edit() as base:
            base.execute("DELETE FROM entry WHERE entry = ?", (entry,))

    def names(self) -> dict[str, set[str]]:
        """The files that belong to it, by folder."""
        with self._lock:
            folders = self._base.execute("SELECT folder FROM study").fetchall()
            rows = self._base.execute("SELECT folder, name FROM study JOIN entry USING (study)").fetchall()
        found: dict[str, set[str]] = {folder: set() for (folder,) in folders}
        for folder, name in rows:
            found.setdefault(folder, set()).add(name)
        return found

    def size(self) -> int:
        """Bytes of all files."""
        with self._lock:
            return int(self._base.execute("SELECT coalesce(sum(size), 0) FROM entry").fetchone()[0])

    def is_whole(self) -> bool:
        """Whether the database says that it is."""
        with self._lock:
            return bool(self._base.execute("PRAGMA quick_check").fetchone()[0] == "ok")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._base.close()
