"""Marked names and secrets, in every form in which one could slip out, and the eye that finds them in bytes."""

from __future__ import annotations

import base64
import json
import threading
import time
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.phantoms import Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"
PEOPLE = tuple(
    Person(
        patient_id=f"PRIVID{number:02d}X{number * 7919}",
        name=f"Zqmark{number:02d}^Vxname={surname}^标甲{chr(0x4E00 + 37 * number)}",
        birth_date=f"19{50 + number}0{1 + number % 9}1{number % 10}",
        issuer="DEMO",
    )
    for number, surname in enumerate(_SURNAMES)
)
STUDIES = tuple(f"2.25.87219{number:02d}4463001" for number in range(len(PEOPLE)))
PASSCODES = tuple(f"passcode-{number}-kwz" for number in range(3))
PASSWORDS = ("proxy-kwz-right-5521", "proxy-kwz-wrong-8817", "typed-kwz-secret-9932")


def fixed_marks() -> tuple[str, ...]:
    """Names in both scripts, patient IDs, study UIDs, passcodes, passwords: more than fifty."""
    names = [part.replace("^", "") for person in PEOPLE for part in person.name.split("=")]
    carets = [part for person in PEOPLE for part in person.name.split("=")]
    ids = [person.patient_id for person in PEOPLE]
    return (*names, *carets, *ids, *STUDIES, *PASSCODES, *PASSWORDS)


@cache
def forms(mark: str) -> frozenset[bytes]:
    """How a text can stand in bytes: in the encodings of DICOM, Windows and the web, escaped, and in base64."""
    found: set[bytes] = set()
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        raw = mark.encode(encoding)
        found.add(raw)
        found.add(repr(raw)[2:-1].encode())
        found.add(raw.hex().encode())
        found.add(quote(raw, safe="").encode())
        found.add(quote(raw, safe="").lower().encode())
        found |= set(_in_base64(raw))
    found.add(json.dumps(mark)[1:-1].encode())
    return frozenset(form for form in found if len(form) >= 6)


def _in_base64(raw: bytes) -> Iterable[bytes]:
    """What of `raw` is the same in base64 wherever it begins in a longer text."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        begin = (before * 8 + 5) // 6
        whole = (before + len(raw)) * 8 // 6
        part = coded[begin:whole]
        if len(part) >= 8:
            yield part
            yield part.replace(b"+", b"-").replace(b"/", b"_")


class Eye:
    """Knows the marks, those that are made while running included, and finds them."""

    def __init__(self) -> None:
        self.marks = set(fixed_marks())

    def learn(self, *marks: str) -> None:
        """Also look for these."""
        self.marks |= set(marks)

    def hits(self, data: bytes | str) -> set[str]:
        """Which marks stand in some bytes."""
        data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        return {mark for mark in tuple(self.marks) if any(form in data for form in forms(mark))}


class FolderWatch:
    """Reads every file that ever appears below some folders, while it runs and at the end."""

    def __init__(self, eye: Eye, *folders: Path) -> None:
        self._eye, self._folders = eye, folders
        self._seen: dict[Path, tuple[int, int]] = {}
        self.found: dict[str, set[str]] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="folder-watch", daemon=True)

    def __enter__(self) -> FolderWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    @property
    def files(self) -> list[str]:
        """The names of all files that were read."""
        return sorted(str(path) for path in self._seen)

    def _run(self) -> None:
        while not self._over.is_set():
            self._look()
            time.sleep(0.02)

    def _look(self) -> None:
        for folder in self._folders:
            for path in [*folder.rglob("*")]:
                self._read(path)

    def _read(self, path: Path) -> None:
        try:
            state = path.lstat()
            if path.is_dir() or not path.is_file() or self._seen.get(path) == (state.st_size, state.st_mtime_ns):
                return
            data = path.read_bytes()
        except OSError:
            return  # it is gone again
        self._seen[path] = (state.st_size, state.st_mtime_ns)
        found = self._eye.hits(data) | self._eye.hits(str(path))
        if found:
            self.found.setdefault(str(path), set()).update(found)
