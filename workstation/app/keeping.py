"""`Keeping`: measurements go to the sealed journal of their film as they are made, and come back with it."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Final

from workstation import locations
from workstation.events import Holder
from workstation.tasks import Priority, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from workstation.measuring.journal import Journal, Kept
    from workstation.measuring.measurement import Measurement
    from workstation.station.vault import Vault
    from workstation.viewing.markings import Change
    from workstation.viewing.session import Film, ReadingSession

_log = logging.getLogger(__name__)
_LAST_WORD_S: Final = 10.0


class Fate(Enum):
    """What becomes of measurements when the program ends."""

    UNKNOWN = "unknown"  # nothing was measured yet, or the key store has not answered
    KEPT = "kept"
    NOT_KEPT = "not-kept"  # there is no key store
    FAILED = "failed"  # the disk refuses
    DAMAGED = "damaged"  # what was kept of a film could not be read in full; what is made now is kept


class Keeping:
    """The journals of this copy of the program.

    Parameters
    ----------
    vault : callable
        Gives the vault in use: its key store holds the key.
    post : callable
        Brings a call to the main thread.

    Attributes
    ----------
    fate : Holder
        What becomes of measurements; set on the main thread.
    """

    def __init__(self, vault: Callable[[], Vault], post: Callable[[Callable[[], None]], None]) -> None:
        self._vault = vault
        self._tasks = Tasks(1, post, "journal")  # one thread: each record follows the one before it
        self._journals: dict[str, Journal] = {}
        self._waiting: dict[tuple[str, str], dict[str, Measurement | None]] = {}  # not on the disk yet; by its film
        self._key: bytes | None = None
        self._is_sought = False
        self.fate: Holder[Fate] = Holder(Fate.UNKNOWN)

    def follow(self, session: ReadingSession) -> None:
        """Bring back what was kept with each film of a session, and keep what is measured in it."""
        session.films.changed.connect(lambda old, new: self._on_films(session, old, new))
        session.markings.done.connect(lambda change: self._on_done(session, change))

    def _on_films(self, session: ReadingSession, old: tuple[Film, ...], new: tuple[Film, ...]) -> None:
        for film in new:
            if film in old:
                continue
            name = partial(_names, film.patient.patient_id, film.instances[0].study.study_instance_uid)
            self._tasks.submit(
                lambda _, name=name: self._read(*name()),  # type: ignore[misc]
                priority=Priority.SHOWN,
                done=partial(self._on_read, session, film),
                failed=self._on_failed,
            )

    def _on_read(self, session: ReadingSession, film: Film, found: tuple[Kept, bool] | None) -> None:
        if found is None:
            self.fate.set(Fate.NOT_KEPT)
            return
        kept, is_waiting = found
        self.fate.set(Fate.FAILED if is_waiting else Fate.DAMAGED if kept.is_damaged else Fate.KEPT)
        if film in session.films.value:
            study = film.instances[0].study.study_instance_uid
            session.markings.take(one for one in kept.measurements if one.ground.study_instance_uid == study)

    def _on_done(self, session: ReadingSession, change: Change) -> None:
        one = change.after or change.before
        if one is None or session.patient is None:
            return
        names = _names(session.patient.patient_id, one.ground.study_instance_uid)
        uid, after = one.measurement_id, change.after

        def work(_token: object) -> bool:
            versions = self._waiting.setdefault(names, {})
            versions.pop(uid, None)
            versions[uid] = after
            return self._write()

        self._tasks.submit(work, priority=Priority.SHOWN, done=self._on_kept, failed=self._on_failed)

    def _on_kept(self, is_kept: bool) -> None:
        if self.fate.value is not Fate.DAMAGED or not is_kept:
            self.fate.set(Fate.KEPT if is_kept else Fate.NOT_KEPT)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        _log.warning("measurements are not kept: %s", type(error).__name__)
        self.fate.set(Fate.FAILED)

    # By hand -------------------------------------------------------------------------------------------------------

    def count(self, names: Collection[tuple[str, str]], told: Callable[[int], None]) -> None:
        """Say how many measurements are kept of films.

        Parameters
        ----------
        names : collection of (str, str)
            Patient ID and Study Instance UID of each.
        told : callable
            ``told(count)``, on the main thread; 0 where nothing can be read.
        """

        def work(_token: object) -> int:
            found = (self._read(*name) for name in names)
            return sum(len(one[0].measurements) for one in found if one is not None)

        self._tasks.submit(work, priority=Priority.SHOWN, done=told, failed=lambda _error: told(0))

    def destroy(self, names: Collection[tuple[str, str]]) -> None:
        """Delete the measurements of films; what was made of them until now is gone, on the disk, too."""

        def work(_token: object) -> None:
            for name in names:
                self._waiting.pop(name, None)
                journal = self._journal(*name)
                if journal is not None:
                    journal.destroy()

        self._tasks.submit(work, priority=Priority.SHOWN, failed=self._on_failed)

    # On the journal's thread ---------------------------------------------------------------

    def _read(self, patient_id: str, study: str) -> tuple[Kept, bool] | None:
        """What is kept of a film, with what waits for the disk; and whether anything waits."""
        with contextlib.suppress(OSError):
            self._write()  # the disk may take now what it refused
        journal = self._journal(patient_id, study)
        if journal is None:
            return None
        kept = journal.read()
        found = {one.measurement_id: one for one in kept.measurements}
        for uid, version in self._waiting.get((patient_id, study), {}).items():
            found.pop(uid, None)
            if version is not None:
                found[uid] = version
        return replace(kept, measurements=tuple(found.values())), bool(self._waiting)

    def _write(self) -> bool:
        """Write what waits, of every film; says whether there is a key store.

        Raises
        ------
        OSError
            The disk refuses: what it did not take waits for the next edit, the next film or the end.
        """
        for names, versions in list(self._waiting.items()):
            journal = self._journal(*names)
            if journal is None:
                self._waiting.clear()
                return False
            for uid, version in list(versions.items()):
                journal.append(uid, version)
                del versions[uid]
            del self._waiting[names]
        return True

    def _journal(self, patient_id: str, study: str) -> Journal | None:
        from workstation.measuring.journal import Journal, journal_name  # see `app.warming`
        from workstation.station.seal import Seal, lasting_key

        if not self._is_sought:
            self._is_sought = True
            self._key = lasting_key(self._vault())
        if self._key is None:
            return None
        name = journal_name(patient_id, study, self._key)
        if name not in self._journals:
            self._journals[name] = Journal(locations.state_dir() / "journal", name, Seal(self._key))
        return self._journals[name]

    def close(self) -> None:
        """The program ends: what was measured last is on the disk before."""
        self._tasks.submit(lambda _: self._write(), priority=Priority.PRIOR, failed=self._on_failed)
        self._tasks.drain(_LAST_WORD_S)
        self._tasks.close()


def _names(patient_id: str, study_instance_uid: str) -> tuple[str, str]:
    return patient_id, study_instance_uid
