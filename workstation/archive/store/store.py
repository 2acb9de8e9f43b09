"""`Store`: what was received stays, sealed, and is given back whole or not at all.

Each study has a data key of its own, sealed with the user's key; destroying it destroys the study, whatever the disk
still holds. Names of files and rows tell nothing. Whatever is not what was written is taken away and counts
as not kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import secrets
import sqlite3
import threading
import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from workstation.archive.store.files import Publisher, Written, remove, sweep, write_part
from workstation.archive.store.index import EntryRow, Index, StudyRow
from workstation.archive.store.segments import Altered, Sealed, seal, sealed_size
from workstation.station.seal import Seal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_log = logging.getLogger(__name__)
VERSION: Final = 1
_INDEX: Final = "index.db"
_KEY_BYTES: Final = 32
_NAME_BYTES: Final = 16
_SIZE_S: Final = 5.0  # another copy of the program keeps things here, too
_PAUSE_S: Final = 60.0  # after the disk refused, before it is asked again


class Outcome(Enum):
    """What became of something that was to be kept."""

    KEPT = "kept"
    THERE = "there"  # the very same bytes are kept already
    CONFLICT = "conflict"  # other bytes are kept under the same name: those stay
    NOT_KEPT = "not-kept"  # the disk refuses, or there is no room


@dataclass(frozen=True, slots=True)
class Name:
    """What a file of the store is.

    Attributes
    ----------
    origin : str
        The service it came from: what one service gave is never taken for another's, whatever UIDs it claims.
    kind : str
        ``instance`` for one as it was received; others are made of it.
    """

    origin: str
    study_instance_uid: str
    series_instance_uid: str = ""
    sop_instance_uid: str = ""
    kind: str = "instance"

    @property
    def study(self) -> str:
        """Its study at its service."""
        return f"{self.study_instance_uid}|{self.origin}"

    @property
    def text(self) -> str:
        """All of it, with the version of the format: authenticated with every segment."""
        uids = (self.study_instance_uid, self.series_instance_uid, self.sop_instance_uid)
        return "|".join((*uids, self.kind, str(VERSION), self.origin))


@dataclass(frozen=True, slots=True)
class KeptStudy:
    """A study in the store, as a list shows it.

    Attributes
    ----------
    handle : bytes
        Names it to the store.
    about : bytes
        What was said of it; empty where nothing was, or it cannot be read any more.
    """

    handle: bytes
    about: bytes
    used: float
    lease: float | None
    is_pinned: bool
    size: int


class Store:
    """One folder. Any thread may use it; it reads and writes: never on the main thread.

    Parameters
    ----------
    root : Path
        Its folder; made when it is missing.
    key : bytes
        32 bytes that the user's key store holds.
    most_bytes : int
        How much it may hold.
    now : callable
        POSIX seconds.

    Raises
    ------
    OSError
        The folder cannot be used.
    sqlite3.Error
        The index cannot be used, nor a new one be made.
    """

    def __init__(self, root: Path, key: bytes, *, most_bytes: int, now: Callable[[], float] = time.time) -> None:
        self._root, self._now, self._most = root, now, most_bytes
        self._names = hashlib.blake2b(b"names", key=key).digest()
        self._seal = Seal(hashlib.blake2b(b"studies", key=key, digest_size=_KEY_BYTES).digest())
        self._lock = threading.RLock()
        self._keys: dict[bytes, tuple[StudyRow, bytes]] = {}
        self._ended: dict[bytes, float] = {}  # monotonic seconds; by handle
        self._refused = -_PAUSE_S
        self._size, self._sized = 0, -_SIZE_S
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._index = _opened(root)
        self._publisher = Publisher(self._index, self._on_refused)

    # Keeping ---------------------------------------------------------------

    def put(self, name: Name, data: bytes) -> Outcome:
        """Keep bytes under a name; they can be had when the batch they belong to is on the disk."""
        handle, digest = self._handle(name.text), self._digest(data)
        found = self._index.entry(handle)
        if found is not None:
            return Outcome.THERE if found.digest == digest else Outcome.CONFLICT
        if time.monotonic() - self._refused < _PAUSE_S:
            return Outcome.NOT_KEPT
        try:
            row, key = self._study(name.study)
            if not self._make_room(sealed_size(len(data)), row.study):
                return Outcome.NOT_KEPT
            file = secrets.token_hex(_NAME_BYTES)
            part = write_part(self._root / row.folder, file, seal(key, data, name.text.encode()))
        except (FileNotFoundError, sqlite3.IntegrityError):  # the study is just being destroyed
            return Outcome.NOT_KEPT
        except (OSError, sqlite3.Error) as error:
            self._on_refused(error)
            return Outcome.NOT_KEPT
        entry = EntryRow(handle, row.study, file, sealed_size(len(data)), digest)
        self._publisher.submit(Written(part, entry))
        return Outcome.KEPT

    def flush(self) -> bool:
        """Wait until what was put is on the disk and named; says whether it is."""
        return self._publisher.flush()

    def _on_refused(self, error: Exception) -> None:
        self._refused = time.monotonic()
        _log.warning("the store keeps nothing for a minute: %s", type(error).__name__)

    @property
    def is_refused(self) -> bool:
        """Whether the disk did not take something a short while ago."""
        return time.monotonic() - self._refused < _PAUSE_S

    # Giving ---------------------------------------------------------------

    def get(self, name: Name) -> bytes | None:
        """The bytes that were kept under a name; None where there are none, or not those."""
        return self._with(name, lambda sealed: sealed.all())

    def read(self, name: Name, offset: int, count: int) -> bytes | None:
        """A part of them."""
        return self._with(name, lambda sealed: sealed.read(offset, count))

    def _with(self, name: Name, use: Callable[[Sealed], bytes]) -> bytes | None:
        handle = self._handle(name.text)
        found = self._index.entry(handle)
        held = self._known(found.study) if found is not None else None
        if found is None or held is None:
            return None
        row, key = held
        file = self._root / row.folder / found.name
        try:
            with file.open("rb") as opened:

                def part(offset: int, count: int) -> bytes:
                    opened.seek(offset)
                    return opened.read(count)

                return use(Sealed(key, name.text.encode(), file.stat().st_size, part))
        except (OSError, Altered) as error:
            if self._index.entry(handle) != found:
                return None  # somebody let it go, or replaced it, while it was being read
            _log.warning("a kept file cannot be used and was taken away: %s", type(error).__name__)
            with contextlib.suppress(sqlite3.Error):
                self._index.remove_entry(handle)
            remove(file)
            return None

    def replace(self, name: Name, data: bytes) -> Outcome:
        """Keep bytes under a name instead of what is kept there."""
        if self.put(name, data) is not Outcome.CONFLICT:
            return Outcome.KEPT
        self.drop(name)
        return self.put(name, data)

    def drop(self, name: Name) -> None:
        """Let what is kept under a name go."""
        handle = self._handle(name.text)
        found = self._index.entry(handle)
        row = self._index.study(found.study) if found is not None else None
        if found is not None and row is not None:
            self._index.remove_entry(handle)
            remove(self._root / row.folder / found.name)

    def held(self, names: Iterable[Name]) -> frozenset[Name]:
        """Those of the names under which something is kept."""
        wanted = {self._handle(name.text): name for name in names}
        studies = {self._handle(name.study) for name in wanted.values()}
        found = frozenset().union(*(self._index.held(study) for study in studies))
        return frozenset(name for handle, name in wanted.items() if handle in found)

    # Studies ---------------------------------------------------------------

    def handle(self, name: Name) -> bytes:
        """What names the study of a name to the store."""
        return self._handle(name.study)

    def studies(self) -> tuple[KeptStudy, ...]:
        """Every study, what was open last first."""
        return tuple(self._kept(row) for row in reversed(self._index.studies()))

    def study(self, handle: bytes) -> KeptStudy | None:
        """A study; None where it is not kept."""
        row = self._index.study(handle)
        return self._kept(row) if row is not None else None

    def _kept(self, row: StudyRow) -> KeptStudy:
        about = self._seal.open(row.about, f"about {row.study.hex()}") if row.about else b""
        return KeptStudy(row.study, about or b"", row.used, row.lease, bool(row.is_pinned), row.size)

    def describe(self, name: Name, about: bytes, until: float | None = None) -> None:
        """Say what the study of a name is, sealed, and until when it may be kept; it is open now.

        Raises
        ------
        OSError, sqlite3.Error
            It cannot be said; or the study was destroyed, and nobody has opened it since.
        """
        row, _ = self._study(name.study)
        self._index.set_about(row.study, self._seal.seal(about, f"about {row.study.hex()}"))
        self._index.set_lease(row.study, until)
        self.touch(row.study)

    def touch(self, handle: bytes) -> None:
        """A study is open now."""
        self._index.set_used(handle, self._now())

    def lease(self, handle: bytes, until: float | None) -> None:
        """Until when a study may be kept (POSIX seconds); None: as long as there is room."""
        self._index.set_lease(handle, until)

    def pin(self, handle: bytes, *, is_pinned: bool) -> None:
        """Whether a study stays when room is made."""
        self._index.set_pinned(handle, is_pinned)

    def forget(self, handle: bytes) -> None:
        """Destroy a study: its key first, then its files."""
        row = self._index.study(handle)
        with self._lock:
            self._keys.pop(handle, None)
        if row is None:
            return
        self._index.remove_study(handle)
        folder = self._root / row.folder
        with contextlib.suppress(OSError):
            for file in folder.iterdir():
                remove(file)
            folder.rmdir()

    def end(self, handle: bytes) -> None:
        """Destroy a study; whoever still has it open keeps nothing more of it. See `admit`."""
        with self._lock:
            self._ended[handle] = time.monotonic()
        self.forget(handle)

    def admit(self, handle: bytes, wished: float) -> bool:
        """A study is opened that somebody wished for at `wished` (monotonic seconds): says whether it is kept.

        One that was destroyed after that is not: whoever opens it anew is admitted.
        """
        with self._lock:
            if self._ended.get(handle, -1.0) >= wished:
                return False
            self._ended.pop(handle, None)
            return True

    def expire(self) -> int:
        """Destroy every study whose lease is over; says how many."""
        now = self._now()
        over = [row.study for row in self._index.studies() if row.lease is not None and row.lease <= now]
        for handle in over:
            self.end(handle)
        return len(over)

    def sweep(self, **how: float) -> int:
        """Take away what a program that died has left; see `files.sweep`."""
        return sweep(self._root, self._index, **how)

    def size(self) -> int:
        """Bytes of everything that is kept."""
        return self._index.size()

    def close(self) -> None:
        """What was put is on the disk; the keys are forgotten."""
        self._publisher.close()
        self._index.close()
        self._keys.clear()

    # Inside ---------------------------------------------------------------

    def _make_room(self, wanted: int, for_study: bytes) -> bool:
        """Let go of what was not open for longest until there is room; says whether there is."""
        with self._lock:
            if time.monotonic() - self._sized >= _SIZE_S or self._size + wanted > self._most:
                self._publisher.flush()
                self._size, self._sized = self._index.size(), time.monotonic()
            for row in self._index.studies() if self._size + wanted > self._most else ():
                if self._size + wanted > self._most and not row.is_pinned and row.study != for_study:
                    self.forget(row.study)
                    self._size -= row.size
            if self._size + wanted > self._most:
                return False
            self._size += wanted
            return True

    def _study(self, study: str) -> tuple[StudyRow, bytes]:
        """A study and its key, new where it is not kept."""
        handle = self._handle(study)
        with self._lock:
            if handle in self._ended:
                raise sqlite3.IntegrityError
            known = self._known(handle)
            if known is not None:
                return known
            if self._index.study(handle) is not None:  # its key is another user's, or damaged: nothing can be read
                self.forget(handle)
            key = secrets.token_bytes(_KEY_BYTES)
            sealed = self._seal.seal(key, f"key {handle.hex()}")
            self._index.add_study(handle, secrets.token_hex(_NAME_BYTES), sealed, self._now())
            made = self._known(handle)
            if made is None:
                raise sqlite3.IntegrityError
            return made

    def _known(self, handle: bytes) -> tuple[StudyRow, bytes] | None:
        """A study that is kept, and its key; None where there is none that this user can open."""
        with self._lock:
            row = self._index.study(handle)
            held = self._keys.get(handle)
            if row is not None and held is not None and held[0].folder == row.folder:
                return held
            self._keys.pop(handle, None)
            key = self._seal.open(row.key, f"key {handle.hex()}") if row is not None else None
            if row is None or key is None:
                return None
            self._keys[handle] = (row, key)
            return row, key

    def _handle(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._names, digest_size=_NAME_BYTES).digest()

    def _digest(self, data: bytes) -> bytes:
        return hashlib.blake2b(data, key=self._names, digest_size=_NAME_BYTES).digest()


def _opened(root: Path) -> Index:
    """The index of a folder; one that cannot be read is taken away, with the files that only it could name."""
    file = root / _INDEX
    try:
        made = Index(file)
        if made.is_whole():
            return made
        made.close()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # locked, or the disk refuses: it may be whole
            raise
    _log.warning("the index of the store cannot be read: everything kept is taken away")
    for part in (file, file.with_name(f"{_INDEX}-wal"), file.with_name(f"{_INDEX}-shm")):
        part.unlink(missing_ok=True)
    made = Index(file)
    sweep(root, made, older_s=-1.0)
    return made
