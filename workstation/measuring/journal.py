"""`Journal`: the measurements of one study of one patient on this machine's disk: append-only, each record sealed.

A record is its length (four bytes, little endian) and a sealed JSON text. Its purpose names the file and its number in
it, so that records can be neither swapped, nor moved into another patient's journal. What a kill left half written
is cut off; a record that was changed ends what can be read, and the file is put aside, not thrown away.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from workstation.measuring.record import as_record, from_record
from workstation.station.kept import locked, write

if TYPE_CHECKING:
    from pathlib import Path

    from workstation.measuring.measurement import Measurement
    from workstation.station.seal import Seal

_log = logging.getLogger(__name__)
_LENGTH_BYTES: Final = 4
_LONGEST: Final = 1 << 20
_MOST_STALE: Final = 4  # so many records a measurement, and the journal is written anew
_FEW: Final = 64
_BINARY: Final = getattr(os, "O_BINARY", 0)  # Windows would turn line ends round


@dataclass(frozen=True, slots=True)
class Kept:
    """What a journal holds.

    Attributes
    ----------
    is_damaged : bool
        Something in it could not be read; the file lies aside.
    """

    measurements: tuple[Measurement, ...] = ()
    is_damaged: bool = False


def journal_name(patient_id: str, study_instance_uid: str, salt: bytes) -> str:
    """The name of a journal's file: of the patient and the study, and telling neither.

    Parameters
    ----------
    salt : bytes
        Known to this user's key store alone.
    """
    text = f"{patient_id.strip()}\n{study_instance_uid}".encode()
    return hashlib.blake2b(text, key=salt[:64], digest_size=16).hexdigest()


class Journal:
    """One file. Used by one thread.

    Parameters
    ----------
    folder : Path
        Where journals lie.
    name : str
        See `journal_name`.
    seal : Seal
        Seals and opens records.
    """

    def __init__(self, folder: Path, name: str, seal: Seal) -> None:
        self._file = folder / f"{name}.journal"
        self._lock = folder / "journals.lock"
        self._name = name
        self._seal = seal
        self._end = 0  # bytes that were read or written, and are whole
        self._count = 0

    def read(self) -> Kept:
        """Everything that is kept; the file is mended where a kill left half a record.

        Raises
        ------
        OSError
            The disk refuses.
        """
        found, whole, is_damaged = self._records(self._data())
        if not is_damaged and not _is_stale(found):
            self._end, self._count = whole, len(found)
            return Kept(tuple(_played(found)[0].values()))
        with locked(self._lock):
            return self._read_alone()

    def _data(self) -> bytes:
        try:
            return self._file.read_bytes()
        except FileNotFoundError:
            return b""

    def _read_alone(self) -> Kept:
        """Read, and mend or write anew what has to be, while no other copy of the program writes."""
        found, whole, is_damaged = self._records(self._data())
        if is_damaged:
            aside = self._file.with_name(f"{self._name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
            self._file.replace(aside)
            _log.warning("a journal of measurements is damaged and was put aside")
        kept, _ = _played(found)
        if is_damaged or _is_stale(found):
            self._write_anew(kept)
        else:
            self._end, self._count = whole, len(found)
        return Kept(tuple(kept.values()), is_damaged)

    def append(self, measurement_id: str, measurement: Measurement | None) -> None:
        """Keep a version of a measurement, or that it was deleted; on the disk when this returns.

        Raises
        ------
        OSError
            The disk refuses.
        """
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(self._lock):
            self._append_alone(measurement_id, measurement)

    def destroy(self) -> None:
        """Delete everything that is kept, also what was damaged and put aside.

        Raises
        ------
        OSError
            The disk refuses.
        """
        if not self._file.parent.exists():
            return
        with locked(self._lock):
            for file in (self._file, *self._file.parent.glob(f"{self._name}.damaged-*")):
                file.unlink(missing_ok=True)
            self._end, self._count = 0, 0

    def _append_alone(self, measurement_id: str, measurement: Measurement | None) -> None:
        if _size(self._file) != self._end:
            self._read_alone()  # another copy of the program wrote, or a record is half there
        data = self._sealed(self._count, {"id": measurement_id, "is": as_record(measurement) if measurement else None})
        with os.fdopen(os.open(self._file, os.O_CREAT | os.O_RDWR | _BINARY, 0o600), "r+b") as opened:
            opened.truncate(self._end)
            opened.seek(self._end)
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        self._end += len(data)
        self._count += 1

    def _sealed(self, number: int, record: dict[str, Any]) -> bytes:
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = self._seal.seal(text, self._purpose(number))
        return len(sealed).to_bytes(_LENGTH_BYTES, "little") + sealed

    def _purpose(self, number: int) -> str:
        return f"journal {self._name} {number}"

    def _records(self, data: bytes) -> tuple[list[dict[str, Any]], int, bool]:
        """The records that can be read, where they end, and whether something that is whole cannot be."""
        found: list[dict[str, Any]] = []
        at = 0
        while at + _LENGTH_BYTES <= len(data):
            size = int.from_bytes(data[at : at + _LENGTH_BYTES], "little")
            if not 0 < size <= _LONGEST:
                return found, at, True
            if at + _LENGTH_BYTES + size > len(data):
                break  # half a record: the program was killed while it wrote
            sealed = data[at + _LENGTH_BYTES : at + _LENGTH_BYTES + size]
            text = self._seal.open(sealed, self._purpose(len(found)))
            if text is None:
                return found, at, True
            found.append(_parsed(text))
            at += _LENGTH_BYTES + size
        return found, at, False

    def _write_anew(self, kept: dict[str, Measurement]) -> None:
        records = [self._sealed(n, {"id": uid, "is": as_record(one)}) for n, (uid, one) in enumerate(kept.items())]
        data = b"".join(records)
        write(self._file, data, mode=0o600, is_synced=True)
        self._end, self._count = len(data), len(records)


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _played(records: list[dict[str, Any]]) -> tuple[dict[str, Measurement], bool]:
    """The measurements that are left when every record has been followed, and whether every one was understood.

    What a later version of the program wrote is not understood: it stays in the file for that one.
    """
    kept: dict[str, Measurement] = {}
    is_understood = True
    for record in records:
        uid, held = str(record.get("id")), record.get("is")
        kept.pop(uid, None)
        made = from_record(held) if held is not None else None
        if made is not None and made.measurement_id == uid:
            kept[uid] = made
        elif held is not None or "is" not in record:
            is_understood = False
    return kept, is_understood


def _is_stale(records: list[dict[str, Any]]) -> bool:
    """Whether most records were followed by others, so that the journal is better written anew."""
    kept, is_understood = _played(records)
    return is_understood and len(records) > max(_FEW, _MOST_STALE * len(kept))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
