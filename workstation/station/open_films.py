"""`OpenFilms`: which films are open, kept sealed while they are, so that they can be offered again after a crash."""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from workstation import locations
from workstation.reference import Secret
from workstation.station import kept
from workstation.station.seal import seal_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from workstation.station.seal import Seal
    from workstation.station.vault import Vault

_log = logging.getLogger(__name__)
_PURPOSE: Final = "open films"
_LONGEST_S: Final = 12 * 3600.0  # the end of a clinic: older ones are of yesterday's patients
_MOST: Final = 16


@dataclass(frozen=True, slots=True)
class OpenFilm:
    """A film that is open.

    Attributes
    ----------
    entry : Secret
        What was entered to open it: a link with its token, a number, a path.
    title : str
        Date and description of the study.
    who : str
        The patient's name, masked.
    """

    entry: Secret
    title: str = ""
    who: str = ""


def mask_name(name: str) -> str:
    """A name as it may stand where others look on: the first character and two stars."""
    return f"{name.strip()[:1]}**" if name.strip() else ""


class OpenFilms:
    """The list on disk. `keep` is called off the main thread, in the order of the changes.

    Parameters
    ----------
    vault : Vault
        Whose key store holds the key.
    channel : str
        Copies of the program with other settings keep other lists.
    """

    def __init__(
        self, vault: Vault, channel: str = "", folder: Path | None = None, runtime: Path | None = None
    ) -> None:
        self._vault = vault
        self._runtime = runtime
        self._file = (folder or locations.state_dir()) / f"open-films{channel}.sealed"
        self._seal: Seal | None = None
        self._is_sought = False
        self._lock = threading.Lock()

    def keep(self, films: Sequence[OpenFilm]) -> None:
        """Write the list anew; without films, or without a place for the key, nothing stays on the disk."""
        with self._lock:
            seal = self._sealer() if films else None
            if seal is None:
                self._remove()
                return
            told = [{"entry": one.entry.reveal(), "title": one.title, "who": one.who} for one in films[:_MOST]]
            text = json.dumps({"at": time.time(), "films": told}).encode()
            try:
                kept.write(self._file, seal.seal(text, _PURPOSE))
            except OSError as error:
                _log.info("the list of open films was not kept: %s", type(error).__name__)

    def left_over(self) -> tuple[OpenFilm, ...]:
        """What a copy that did not end in order had open; read once, then gone from the disk."""
        with self._lock:
            try:
                sealed = self._file.read_bytes()
            except OSError:
                return ()
            seal = self._sealer()
            self._remove()
            text = seal.open(sealed, _PURPOSE) if seal is not None else None
            return _read(text) if text is not None else ()

    def _remove(self) -> None:
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            _log.info("the list of open films was not removed: %s", type(error).__name__)

    def _sealer(self) -> Seal | None:
        if not self._is_sought:
            self._is_sought = True
            self._seal = seal_of(self._vault, self._runtime)
        return self._seal


def _read(text: bytes) -> tuple[OpenFilm, ...]:
    try:
        found: Any = json.loads(text)
        if not 0 <= time.time() - float(found["at"]) <= _LONGEST_S:
            return ()
        return tuple(OpenFilm(Secret(str(f["entry"])), str(f["title"]), str(f["who"])) for f in found["films"])
    except (ValueError, KeyError, TypeError):
        return ()
