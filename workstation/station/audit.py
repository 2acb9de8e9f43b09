"""Who opened what, when: an append-only trail in which a deleted or changed line is seen.

Each line is a JSON object that holds the SHA-256 of the line before it. A second small file remembers the last one,
so that lines cut off the end are missed, too. UIDs are kept as a salted hash; names and IDs of patients never enter.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import secrets
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from workstation import locations
from workstation.station.kept import locked

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)
_START: Final = "0" * 64
_HASHED: Final = frozenset({"study", "series", "instance", "prior"})
_PLAIN: Final = frozenset(
    {"act", "action", "bytes", "code", "count", "expected", "kind", "milliseconds", "outcome", "source", "version"}
)
_WORD: Final = re.compile(r"[A-Za-z0-9_.:-]{0,64}")
_NAME: Final = re.compile(r"[\w .:-]{0,64}")  # of a source, as IT wrote it
_TAIL_BYTES: Final = 1 << 16

Value = str | int | float | bool


class Audit:
    """The trail of this user on this machine. Safe with several threads and processes appending.

    Parameters
    ----------
    folder : Path, optional
        Where the trail lies; by default the state folder of the user.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or locations.state_dir()
        self.path = self._folder / "audit.jsonl"
        self._has_complained = False
        self._lock = threading.Lock()

    def record(self, event: str, **fields: Value) -> None:
        """Append one event. Never raises: a full disk must not stand between the doctor and the film.

        Parameters
        ----------
        event : str
            What happened, e.g. ``film-opened``.
        **fields
            `study`, `series`, `instance`, `prior` are UIDs and are hashed; the others are words, counts and codes.
            A field that is not on the list is left out, and its name noted.
        """
        try:
            with self._lock, locked(self._folder / "audit.lock"):
                self._append({"event": event} | self._safe(fields))
        except OSError as error:
            if not self._has_complained:
                self._has_complained = True
                _log.warning("the audit trail cannot be written: %s", type(error).__name__)

    def _safe(self, fields: dict[str, Value]) -> dict[str, object]:
        safe: dict[str, object] = {}
        left_out: list[str] = []
        for name, value in sorted(fields.items()):
            if name in _HASHED:
                safe[name] = self._hashed(str(value))
            elif name in _PLAIN and _is_plain(name, value):
                safe[name] = value
            else:
                left_out.append(name)
        return safe | ({"left_out": left_out} if left_out else {})

    def _hashed(self, uid: str) -> str:
        return hashlib.sha256(self._salt() + uid.encode()).hexdigest()[:12]

    def _salt(self) -> bytes:
        path = self._folder / "audit.salt"
        if not path.exists():
            _write_whole(path, secrets.token_hex(16))
        return path.read_bytes()

    def _append(self, record: dict[str, object]) -> None:
        last = _last_line(self.path)
        stamped = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "monotonic_s": round(time.monotonic(), 3),  # shows a clock that was set back
            "process": os.getpid(),
            **record,
            "previous": self._previous(last),
        }
        line = json.dumps(stamped, ensure_ascii=False, separators=(",", ":")).encode()
        with self.path.open("ab") as file:
            file.write((b"" if last is None or last.endswith(b"\n") else b"\n") + line + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _write_whole(_head_of(self.path), _digest(line))

    def _previous(self, last: bytes | None) -> str:
        """The hash that the next record continues from.

        When the last line is neither the remembered one nor its direct successor (the process died between the two
        writes), lines are missing: going on from the remembered one keeps the gap visible for ever.
        """
        remembered = _read_head(self.path)
        if last is None:
            return remembered or _START
        found = _digest(last.rstrip(b"\n"))
        if remembered is None or found == remembered or _previous_of(last) == remembered:
            return found
        return remembered


def verify(path: Path) -> list[int]:
    """Give the line numbers, from 1, at which the trail is broken; empty when it is whole.

    A number says that this line was changed, or that something before it was changed or is missing. One more than
    the last line says that the end is missing.
    """
    lines = path.read_bytes().splitlines() if path.exists() else []
    broken: list[int] = []
    expected = _START
    for number, line in enumerate(lines, start=1):
        if _previous_of(line) != expected:
            broken.append(number)
        expected = _digest(line)
    remembered = _read_head(path)
    is_ahead = bool(lines) and _previous_of(lines[-1]) == remembered
    if remembered is not None and remembered != expected and not is_ahead:
        broken.append(len(lines) + 1)
    return broken


def _is_plain(name: str, value: Value) -> bool:
    return not isinstance(value, str) or (_NAME if name == "source" else _WORD).fullmatch(value) is not None


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _previous_of(line: bytes) -> str:
    try:
        record = json.loads(line)
    except ValueError:
        return ""
    return str(record.get("previous", "")) if isinstance(record, dict) else ""


def _head_of(path: Path) -> Path:
    return path.with_suffix(".head")


def _read_head(path: Path) -> str | None:
    try:
        return _head_of(path).read_text(encoding="ascii").strip() or None
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def _write_whole(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with beside.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _last_line(path: Path) -> bytes | None:
    """The last line of the file with its line break, if it has one; None when there is none at all."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            tail = file.read()
    except FileNotFoundError:
        return None
    lines = tail.splitlines(keepends=True)
    return lines[-1] if lines else None
