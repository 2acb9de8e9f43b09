"""`Comparing`: whether kept images are still what their source has: a few are fetched again, byte for byte.

A DICOMweb service gives no hash, so that nothing cheaper says it. One image that differs makes its series suspect.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from workstation.errors import StationError, WorkstationError
from workstation.tasks import CancelToken, Priority
from workstation.viewing.film import FilmState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workstation.archive.store.shelf import ShelvedFilm
    from workstation.dicom.study import Instance
    from workstation.tasks import Tasks
    from workstation.viewing.film import Film

SAMPLE: Final = 3
_MOST_BYTES: Final = 16 * 2**20  # of a sample of large images fewer are fetched: the line belongs to the reader


@dataclass(eq=False)
class _Compared:
    """A film that is compared."""

    film: Film
    source: ShelvedFilm  # asks the service
    shelves: tuple[ShelvedFilm, ...]  # what gave its images
    closes: bool
    token: CancelToken = field(default_factory=CancelToken)
    waiting: deque[Instance] = field(default_factory=deque)
    suspects: set[str] = field(default_factory=set)  # series of which everything is compared
    compared: set[str] = field(default_factory=set)
    fetched: int = 0  # bytes
    has_begun: bool = False
    has_found: bool = False

    def kept(self) -> list[Instance]:
        """The images that came from the store."""
        given = set().union(*(shelf.given for shelf in self.shelves))
        return [one for one in self.film.instances if one.sop_instance_uid in given]


class Comparing:
    """Compares one instance after the other, when the film is loaded, so that nothing waits for it.

    Parameters
    ----------
    tasks : Tasks
        Fetches; each instance is work of its own, which films that are opened go before.
    shown : callable
        The SOP Instance UID on the screen; empty for none.
    told : callable
        ``told(film, error)``: images of it differ.
    """

    def __init__(self, tasks: Tasks, shown: Callable[[], str], told: Callable[[Film, WorkstationError], None]) -> None:
        self._tasks, self._shown, self._told = tasks, shown, told
        self._films: dict[Film, tuple[_Compared, Callable[[], None]]] = {}

    def watch(self, film: Film, source: ShelvedFilm, shelves: Iterable[ShelvedFilm], *, closes: bool = False) -> None:
        """Compare a film as soon as it is loaded.

        Parameters
        ----------
        source : ShelvedFilm
            Through which its service is asked.
        shelves : iterable of ShelvedFilm
            What gives its images.
        closes : bool
            Nobody else needs `source` after this.
        """
        self.leave(film)
        job = _Compared(film, source, tuple(shelves), closes)
        self._films[film] = (job, film.changed.connect(partial(self._begin, job)))
        self._begin(job)

    def _begin(self, job: _Compared) -> None:
        """Begin with a film that is loaded, once."""
        if job.film.state is FilmState.LOADING or job.has_begun:
            return
        job.has_begun = True
        conflicts = frozenset().union(*(shelf.conflicts for shelf in job.shelves))
        job.waiting.extend(_sample(job.kept(), self._shown()))
        if conflicts:
            self._mark(job, conflicts)
        self._next(job)

    def _next(self, job: _Compared) -> None:
        if not job.waiting:
            self._end(job)
            return
        one = job.waiting.popleft()
        job.compared.add(one.sop_instance_uid)
        self._tasks.submit(
            lambda token: job.source.compared(one, job.film.patient, token),
            priority=Priority.PRIOR,
            done=partial(self._on_compared, job, one),
            failed=partial(self._on_failed, job),
            token=job.token,
        )

    def _on_compared(self, job: _Compared, one: Instance, found: tuple[bool, int]) -> None:
        differs, size = found
        job.fetched += size
        if differs:
            self._suspect(job, one.series.series_instance_uid)
            self._mark(job, frozenset({one.sop_instance_uid}))
        elif job.fetched > _MOST_BYTES and not job.suspects:
            job.waiting.clear()
        self._next(job)

    def _suspect(self, job: _Compared, series: str) -> None:
        """Everything of a series is compared."""
        if series in job.suspects:
            return
        job.suspects.add(series)
        known = job.compared | {one.sop_instance_uid for one in job.waiting}
        of_series = (one for one in job.kept() if one.series.series_instance_uid == series)
        job.waiting.extend(one for one in of_series if one.sop_instance_uid not in known)

    def _mark(self, job: _Compared, uids: frozenset[str]) -> None:
        job.has_found = True
        job.film.differing |= uids
        job.film.changed.emit()

    def _on_failed(self, job: _Compared, error: Exception) -> None:
        if not isinstance(error, WorkstationError):
            raise error
        self._end(job)  # the source does not answer: what is kept is neither proved nor disproved

    def _end(self, job: _Compared) -> None:
        film = job.film
        self.leave(film)
        if job.has_found:
            self._told(film, StationError("kept-differs", count=len(film.differing)))

    def leave(self, film: Film) -> None:
        """The film is closed, or compared."""
        job, disconnect = self._films.pop(film, (None, None))
        if job is None or disconnect is None:
            return
        disconnect()
        job.token.cancel()
        if job.closes:
            self._tasks.submit(lambda _token: job.source.close(), priority=Priority.PRIOR)


def _sample(kept: list[Instance], shown: str) -> list[Instance]:
    """A few, that on the screen first, the others spread over the film."""
    first = [one for one in kept if one.sop_instance_uid == shown]
    others = [one for one in kept if one.sop_instance_uid != shown]
    wanted = SAMPLE - len(first)
    places = {round(n * (len(others) - 1) / max(1, wanted - 1)) for n in range(wanted)} if others else set()
    return first + [others[place] for place in sorted(places)]
