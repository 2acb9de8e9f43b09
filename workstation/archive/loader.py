"""`FilmLoader`: fetches a film's instances in the order they are wished for, decodes what is shown, holds it in memory.

The image to be shown comes first and alone; then as many connections as the settings allow, from the middle of the
series on screen outwards. What is scrolled to jumps the queue. Nothing here blocks the main thread.
"""

from __future__ import annotations

import logging
import struct
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from workstation.archive.decoding import FrameDecoder
from workstation.archive.interruptions import Interruptions, Standing
from workstation.errors import Cancelled, DecodeError, DicomError, IdentityError, WorkstationError
from workstation.events import Signal
from workstation.tasks import CancelToken, Priority, Progress, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from workstation.archive.intake import Received
    from workstation.archive.sources import FilmSource, Listing
    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.pixels import FrameKey
    from workstation.dicom.presentation import PresentationState
    from workstation.dicom.reports import Report
    from workstation.dicom.study import Instance
    from workstation.workers.pool import WorkerPool

_log = logging.getLogger(__name__)
_ODD: Final = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError,
    struct.error,
)  # fmt: skip
_PROGRESS_EVERY_S: Final = 0.1
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be held, in bytes."""

    film: int
    frames: int


def _no_sketch(error: Exception) -> None:
    """A thumbnail that cannot be had is no fault: the image itself will serve."""
    if not isinstance(error, WorkstationError):
        raise error


class Bounded(Generic[K, V]):
    """Holds values up to a number of bytes; what was not used for longest goes first. The last one always stays."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._bytes = 0

    def __contains__(self, key: K) -> bool:
        return key in self._held

    def get(self, key: K) -> V | None:
        """Give a value and count it as used."""
        found = self._held.get(key)
        if found is None:
            return None
        self._held.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Hold a value; its key is a new one or replaces the old value."""
        self._bytes -= self._held.pop(key, (value, 0))[1]
        self._held[key] = (value, size)
        self._bytes += size
        while self._bytes > self._most and len(self._held) > 1:
            _, (_, gone) = self._held.popitem(last=False)
            self._bytes -= gone


@dataclass(slots=True)
class Account:
    """How far a load is. Bytes are counted under the loader's lock, the rest on the main thread."""

    total: int
    announced: int = 0  # how many there will be, where more is known to come than is listed
    awaits_more: bool = False  # the listing is not the whole one yet
    done: set[str] = field(default_factory=set)
    received_bytes: int = 0
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0
    is_over: bool = False

    def count(self, count: int) -> bool:
        """Count bytes; says whether it is time to tell of them."""
        self.received_bytes += count
        return self.is_time()

    def is_time(self) -> bool:
        """Whether it is time to tell how far the load is: a bar that is drawn at every instance holds the window up."""
        now = time.monotonic()
        if now - self.told < _PROGRESS_EVERY_S:
            return False
        self.told = now
        return True

    @property
    def is_all_answered(self) -> bool:
        """Whether every instance is here or refused, and no more will be listed."""
        return not self.awaits_more and len(self.done) == self.total

    def reopen(self, uids: Iterable[str]) -> None:
        """These are asked for again."""
        self.done -= set(uids)
        self.is_over = False

    def grow(self, total: int) -> None:
        """The listing has become longer; what it has now is all."""
        self.total, self.awaits_more, self.is_over = total, False, False

    def is_over_now(self) -> bool:
        """Whether everything has just been answered; true once."""
        ends = self.is_all_answered and not self.is_over
        self.is_over = self.is_over or ends
        return ends

    def progress(self) -> Progress:
        """The figures."""
        total = max(self.total, self.announced) if self.awaits_more else self.total
        return Progress(len(self.done), total, self.received_bytes, time.monotonic() - self.began)


class FilmLoader:
    """Loads one film. All signals are emitted on the main thread.

    Parameters
    ----------
    source : FilmSource
        Where instances come from.
    listing : Listing
        What the film holds; of a beginning, `extend` brings the rest, or `end_waiting` says that none comes.
    pool : WorkerPool
        Decodes.
    post : callable
        Brings a call to the main thread.
    connections : int
        Parallel downloads after the first image.
    budget : Budget
        Memory.
    """

    def __init__(
        self,
        source: FilmSource,
        listing: Listing,
        pool: WorkerPool,
        post: Callable[[Callable[[], None]], None],
        *,
        connections: int,
        budget: Budget,
    ) -> None:
        self.arrived: Signal[FrameKey] = Signal()
        self.received: Signal[Received] = Signal()
        self.reported: Signal[Report] = Signal()
        self.stated: Signal[PresentationState] = Signal()
        self.sketched: Signal[FrameKey, NDArray[np.uint8]] = Signal()
        self.refused: Signal[Instance, WorkstationError] = Signal()
        self.progressed: Signal[Progress] = Signal()
        self.finished: Signal[()] = Signal()
        self.asked_again: Signal[tuple[str, ...]] = Signal()  # SOP Instance UIDs that had been refused
        self._source, self._listing, self._pool = source, listing, pool
        self._is_closed = False
        self._post = partial(self._unless_closed, post)
        self._instances = {one.sop_instance_uid: one for one in listing.instances}
        self._lock = threading.Condition()
        self._queue: deque[str] = deque(self._instances)
        self._in_flight: set[str] = set()
        self._interruptions = Interruptions()
        self._kept: Bounded[str, Received] = Bounded(budget.film)
        self._problems: dict[str, WorkstationError] = {}
        self._frame_problems: dict[FrameKey, WorkstationError] = {}
        self._frames: Bounded[FrameKey, ShownFrame] = Bounded(budget.frames)
        self._wanted: tuple[FrameKey, ...] = ()
        self._sketched: set[FrameKey] = set()
        self._account = Account(len(self._instances), sum(listing.announced.values()), listing.is_beginning)
        self._token = CancelToken()
        self._first = threading.Event()
        self._decoder = FrameDecoder(pool, self._post, self._on_decoded, self._on_undecodable)
        self._sketchers = Tasks(1, self._post, "sketch")
        self._threads: list[threading.Thread] = []
        self._connections = max(1, connections)

    def _unless_closed(self, post: Callable[[Callable[[], None]], None], call: Callable[[], None]) -> None:
        """Post a call; a late answer of a closed film reaches nobody."""
        post(lambda: None if self._is_closed else call())

    def start(self) -> None:
        """Begin to fetch."""
        self._account.began = time.monotonic()
        for number in range(self._connections):
            thread = threading.Thread(target=self._fetch_loop, args=(number,), name=f"fetch-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def extend(self, listing: Listing, source: FilmSource) -> None:
        """The whole listing is known, or a longer one: what is new in it is fetched too, all from `source` now."""
        with self._lock:
            new = [one.sop_instance_uid for one in listing.instances if one.sop_instance_uid not in self._instances]
            self._instances = {**self._instances, **{one.sop_instance_uid: one for one in listing.instances}}
            self._queue.extend(dict.fromkeys(new))
            replaced, self._source, self._listing = self._source, source, listing
            self._account.grow(len(self._instances))
            self._lock.notify_all()
        if replaced is not source:
            replaced.close()
        self._settle()

    def end_waiting(self) -> None:
        """The rest of the listing does not come."""
        self._account.awaits_more = False
        self._settle()

    # What a viewport asks (viewing.frames.FrameSource) ---------------------------------------------------------------

    def get(self, key: FrameKey) -> ShownFrame | None:
        """Give the frame when it is decoded."""
        return self._frames.get(key)

    def problem(self, key: FrameKey) -> WorkstationError | None:
        """Say why a frame cannot be had."""
        return self._frame_problems.get(key) or self._problems.get(key.sop_instance_uid)

    def want(self, keys: Sequence[FrameKey]) -> None:
        """Fetch and decode these next, the first one before all others."""
        self._wanted = tuple(keys)
        wished = dict.fromkeys(key.sop_instance_uid for key in keys)
        with self._lock:
            ahead = [uid for uid in wished if self._is_waiting(uid)]
            taken = set(ahead)
            self._queue = deque([*ahead, *(uid for uid in self._queue if uid not in taken)])
            self._lock.notify_all()
        self._decoder.keep_only(set(keys) | self._sketched)
        for place, key in enumerate(keys):
            self._decode(key, Priority.SHOWN if place == 0 else Priority.NEAR)

    def sketch(self, keys: Sequence[FrameKey]) -> None:
        """Also decode these when they come, for thumbnails; until then a picture that the server rendered will do."""
        new = [key for key in keys if key not in self._sketched and key.sop_instance_uid in self._instances]
        self._sketched |= set(new)
        for key in new:
            self._decode(key, Priority.THUMBNAIL)
            if key not in self._decoder and key not in self._frames:
                self._render_sketch(key)

    def _render_sketch(self, key: FrameKey) -> None:
        asked = self._instances[key.sop_instance_uid]

        def work(token: CancelToken) -> NDArray[np.uint8] | None:
            while not self._first.wait(0.05):  # nothing competes with the image that is waited for
                token.raise_if_cancelled()
            if key.sop_instance_uid in self._kept:
                return None
            data = self._source.thumbnail(asked, self._token)
            return self._pool.picture(data, self._token) if data else None

        def show(picture: NDArray[np.uint8] | None) -> None:
            if picture is not None and key not in self._frames:
                self.sketched.emit(key, picture)

        self._sketchers.submit(work, priority=Priority.THUMBNAIL, done=show, failed=_no_sketch, token=self._token)

    def _is_waiting(self, uid: str) -> bool:
        known = uid in self._instances and uid not in self._problems
        return known and uid not in self._kept and uid not in self._in_flight

    # Interruptions ---------------------------------------------------------------

    def pause(self) -> None:
        """Fetch nothing more but what is on the glass; what is on its way still comes."""
        with self._lock:
            self._interruptions.is_paused = True

    def resume(self) -> None:
        """Go on after a pause."""
        with self._lock:
            self._interruptions.is_paused = False
            self._lock.notify_all()

    def retry(self, *back: str) -> None:
        """Ask again for everything that failed in a way that may pass.

        Parameters
        ----------
        *back : str
            Those that came meanwhile; without any it is somebody's wish, and a server left in peace is tried at once.
        """
        if not back:
            self._source.try_now()
        with self._lock:
            again = [uid for uid in self._interruptions.take_missing() if uid not in self._in_flight]
            self._queue.extendleft(reversed(again))
            self._account.reopen([*again, *back])
            self._lock.notify_all()
        for uid in (*again, *back):
            self._problems.pop(uid, None)
        if again or back:
            self.asked_again.emit((*again, *back))

    def standing(self) -> Standing:
        """What holds the load up."""
        server = self._source.server()
        with self._lock:
            return self._interruptions.standing(server)

    def cancel(self) -> None:
        """Stop fetching; what is here stays."""
        self._token.cancel()
        with self._lock:
            self._queue.clear()
            self._interruptions.take_missing()
            self._lock.notify_all()

    def close(self) -> None:
        """Stop, and let go of everything; nothing is told any more."""
        self._is_closed = True
        self.cancel()
        self._first.set()
        self._source.close()
        self._decoder.close()
        self._sketchers.close()
        for thread in self._threads:
            thread.join(5.0)

    def order(self, sop_instance_uids: Sequence[str]) -> None:
        """Set the order of everything that is still to come."""
        known = [uid for uid in dict.fromkeys(sop_instance_uids) if uid in self._instances]
        with self._lock:
            waiting = set(self._queue)
            first = [uid for uid in known if uid in waiting]
            placed = set(first)
            self._queue = deque([*first, *(uid for uid in self._queue if uid not in placed)])

    # Fetching (background threads) ---------------------------------------------------------------

    def _fetch_loop(self, number: int) -> None:
        if number > 0:
            self._first.wait()
        while True:
            uid = self._next()
            if uid is None:
                return
            self._fetch(uid)

    def _next(self) -> str | None:
        with self._lock:
            while True:
                if self._token.is_cancelled:
                    return None
                shown = {key.sop_instance_uid for key in self._wanted}
                uid = self._interruptions.choose(self._queue, shown, is_idle=not self._in_flight)
                if uid is not None:
                    self._in_flight.add(uid)
                    return uid
                self._lock.wait(0.5)

    def _fetch(self, uid: str) -> None:
        asked = self._instances[uid]
        try:
            got = self._source.obtain(asked, self._listing.patient, self._token, self._count_bytes)
        except Cancelled:
            self._leave(uid)
        except WorkstationError as error:
            self._leave(uid)
            self._tell_refused(asked, error)
        except _ODD as error:  # one odd object must not end the fetching of all others unsaid
            _log.error("an instance could not be taken in: %s", type(error).__name__)  # no traceback: it may quote data
            self._leave(uid)
            self._tell_refused(asked, DicomError("damaged", reason=type(error).__name__))
        else:
            report, state = got.report(), got.state()  # read here, off the main thread
            if self._keep(uid, got):
                self._post(partial(self.retry, uid))
            self._post(lambda: self._on_received(got, report, state))
        finally:
            self._first.set()

    def _leave(self, uid: str) -> None:
        with self._lock:
            self._in_flight.discard(uid)

    def _tell_refused(self, asked: Instance, error: WorkstationError) -> None:
        with self._lock:
            is_told = self._interruptions.is_told(asked.sop_instance_uid, error)
        if is_told:
            self._post(partial(self._on_refused, asked, error))

    def _keep(self, uid: str, got: Received) -> bool:
        """Hold what came; says whether it had failed before."""
        with self._lock:
            self._in_flight.discard(uid)
            self._kept.put(uid, got, got.size_bytes)
            return self._interruptions.has_come(uid)

    def _count_bytes(self, count: int) -> None:
        with self._lock:
            is_time = self._account.count(count)
        if is_time:
            self._post(self._tell)

    # On the main thread ---------------------------------------------------------------

    def progress(self) -> Progress:
        """How far the load is."""
        return self._account.progress()

    def _tell(self) -> None:
        if not self._account.is_over:
            self.progressed.emit(self.progress())

    def _on_received(self, got: Received, report: Report | None, state: PresentationState | None) -> None:
        uid = got.instance.sop_instance_uid
        self._account.done.add(uid)
        self.received.emit(got)
        if report is not None:
            self.reported.emit(report)
        if state is not None:
            self.stated.emit(state)
        for place, key in enumerate(self._wanted):
            if key.sop_instance_uid == uid:
                self._decode(key, Priority.SHOWN if place == 0 else Priority.NEAR)
        for key in self._sketched:
            if key.sop_instance_uid == uid:
                self._decode(key, Priority.THUMBNAIL)
        self._settle()

    def _on_refused(self, asked: Instance, error: WorkstationError) -> None:
        uid = asked.sop_instance_uid
        self._problems[uid] = error
        self._account.done.add(uid)
        self.refused.emit(asked, error)
        for key in self._wanted:
            if key.sop_instance_uid == uid:
                self.arrived.emit(key)
        self._settle()

    def _settle(self) -> None:
        with self._lock:
            is_time = self._account.is_time()
        if is_time or self._account.is_all_answered:
            self._tell()
        if self._account.is_over_now():
            self.finished.emit()

    # Decoding ---------------------------------------------------------------

    def _decode(self, key: FrameKey, priority: Priority) -> None:
        if key in self._frames or key in self._frame_problems:
            return
        with self._lock:
            got = self._kept.get(key.sop_instance_uid)
        if got is None:
            return
        if got.instance.series.series_instance_uid != key.series_instance_uid:  # one UID listed in two series
            self._on_undecodable(key, IdentityError("wrong-series"))
            return
        self._decoder.decode(key, got, priority)

    def _on_decoded(self, key: FrameKey, loaded: ShownFrame) -> None:
        self._frames.put(key, loaded, loaded.nbytes)
        self.arrived.emit(key)

    def _on_undecodable(self, key: FrameKey, error: Exception) -> None:
        if not isinstance(error, WorkstationError):
            _log.error("a frame could not be unpacked: %s", type(error).__name__)  # no traceback: it may quote data
            error = DecodeError("decode-failed", reason=type(error).__name__)
        self._frame_problems[key] = error
        self.refused.emit(self._instances[key.sop_instance_uid], error)
        self.arrived.emit(key)
