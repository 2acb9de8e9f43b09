"""`FilmLoader`: fetches a film's instances in the order they are wished for, decodes what is shown, holds it in memory.

The image to be shown comes first and alone; then as many connections as the settings allow, from the middle of the
series on screen outwards. What is scrolled to jumps the queue. Nothing here blocks the main thread.
"""

from __future__ import annotations

import logging
import struct
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from workstation.archive.account import Account
from workstation.archive.decoding import FrameDecoder
from workstation.archive.fetch_order import FetchOrder
from workstation.archive.holding import Bounded
from workstation.archive.withheld import withheld
from workstation.errors import Cancelled, DecodeError, DicomError, IdentityError, WorkstationError
from workstation.events import Signal
from workstation.tasks import CancelToken, Priority, Progress, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from workstation.archive.account import LoadFigures
    from workstation.archive.holding import Budget
    from workstation.archive.intake import Received
    from workstation.archive.interruptions import Standing
    from workstation.archive.line import Line, Turn
    from workstation.archive.sources import FilmSource, Listing
    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.pixels import FrameKey
    from workstation.dicom.presentation import PresentationState
    from workstation.dicom.reports import Report
    from workstation.dicom.study import Instance
    from workstation.workers.pool import WorkerPool

_log = logging.getLogger(__name__)
_SPARES: Final = 1  # beyond the first: the line may soon take one more
_ODD: Final = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError,
    struct.error,
)  # fmt: skip


def _no_sketch(error: Exception) -> None:
    """A thumbnail that cannot be had is no fault: the image itself will serve."""
    if not isinstance(error, WorkstationError):
        raise error


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
    line : Line
        Grants turns to fetch; films that come the same way share it.
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
        line: Line,
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
        self.line, self._is_closed = line, False
        self._post = partial(self._unless_closed, post)
        self._instances = {one.sop_instance_uid: one for one in listing.instances}
        self._lock = threading.Lock()
        self._kept: Bounded[str, Received] = Bounded(budget.film)
        self._problems: dict[str, WorkstationError] = {}
        self._frame_problems: dict[FrameKey, WorkstationError] = {}
        self._frames: Bounded[FrameKey, ShownFrame] = Bounded(budget.frames)
        self._wanted: tuple[FrameKey, ...] = ()
        self._sketched: set[FrameKey] = set()
        self._withheld = withheld(listing)
        self._order = FetchOrder(self._instances, self._is_here)
        self._account = Account(len(self._instances), sum(listing.announced.values()), listing.is_beginning)
        self._token = CancelToken()
        self._first = threading.Event()
        self._decoder = FrameDecoder(pool, self._post, self._on_decoded, self._on_undecodable)
        self._spare_beside = 0  # connections in use, when the spare one was opened
        self._sketchers = Tasks(1, self._post, "sketch")
        self._threads: list[threading.Thread] = []
        self._starter: threading.Thread | None = None

    def _unless_closed(self, post: Callable[[Callable[[], None]], None], call: Callable[[], None]) -> None:
        """Post a call; a late answer of a closed film reaches nobody."""
        post(lambda: None if self._is_closed else call())

    def start(self) -> None:
        """Begin to fetch."""
        self._account.began = time.monotonic()
        numbers = range(self.line.most_threads)
        self._threads = [threading.Thread(target=self._fetch_loop, name=f"fetch-{n}", daemon=True) for n in numbers]
        self._starter = threading.Thread(target=self._start_fetching, name="fetch-start", daemon=True)
        self._starter.start()

    def extend(self, listing: Listing, source: FilmSource) -> None:
        """The whole listing is known, or a longer one: what is new in it is fetched too, all from `source` now."""
        with self._lock:
            self._instances = {**self._instances, **{one.sop_instance_uid: one for one in listing.instances}}
            replaced, self._source, self._listing = self._source, source, listing
            self._account.leave(replaced.tally())
            self._account.grow(len(self._instances))
        self._order.extend(self._instances)
        self._withheld = withheld(listing)
        for key in self._wanted:
            if key.sop_instance_uid in self._withheld:
                self.arrived.emit(key)
        if replaced is not source:
            replaced.close()
        self._settle()

    @property
    def is_local(self) -> bool:
        """Whether its instances come from a disk."""
        return self._source.is_local

    @property
    def listed(self) -> tuple[Instance, ...]:
        """The instances that the film holds, as far as is known."""
        return tuple(self._instances.values())

    def end_waiting(self) -> None:
        """The rest of the listing does not come."""
        self._account.awaits_more = False
        self._settle()

    # What a viewport asks (viewing.frames.FrameSource) ---------------------------------------------------------------

    def get(self, key: FrameKey) -> ShownFrame | None:
        """Give the frame when it is decoded, and the hospital has not withdrawn it."""
        return None if key.sop_instance_uid in self._withheld else self._frames.get(key)

    def problem(self, key: FrameKey) -> WorkstationError | None:
        """Say why a frame cannot be had."""
        uid = key.sop_instance_uid
        return self._withheld.get(uid) or self._frame_problems.get(key) or self._problems.get(uid)

    def want(self, keys: Sequence[FrameKey]) -> None:
        """Fetch and decode these next, the first one before all others."""
        self._wanted = tuple(keys)
        self._order.want([key.sop_instance_uid for key in keys])
        self.line.wishes_changed()
        self._decoder.keep_only(set(keys) | self._sketched)
        for place, key in enumerate(keys):
            self._decode(key, Priority.SHOWN if place == 0 else Priority.NEAR)

    def sketch(self, keys: Sequence[FrameKey]) -> None:
        """Also decode these when they come, for thumbnails; until then a picture that the server rendered will do."""
        known = self._instances.keys() - self._withheld.keys()
        new = [key for key in keys if key not in self._sketched and key.sop_instance_uid in known]
        self._sketched |= set(new)
        self._order.hurry(key.sop_instance_uid for key in new)
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

    def _is_here(self, uid: str) -> bool:
        return uid in self._kept or uid in self._problems

    # Interruptions ---------------------------------------------------------------

    def pause(self, is_paused: bool = True) -> None:
        """Fetch nothing more but what is looked at, or go on; what is on its way still comes."""
        self._order.pause(is_paused)
        self.line.wishes_changed()

    def retry(self, *back: str) -> None:
        """Ask again for everything that failed in a way that may pass.

        Parameters
        ----------
        *back : str
            Those that came meanwhile; without any it is somebody's wish, and a server left in peace is tried at once.
        """
        if not back:
            self._source.try_now()
        again = (*self._order.retry(), *back)
        self._account.reopen(again)
        for uid in again:
            self._problems.pop(uid, None)
        self.line.wishes_changed()
        if again:
            self.asked_again.emit(again)

    def standing(self) -> Standing:
        """What holds the load up."""
        return self._order.standing(self._source.server())

    def cancel(self) -> None:
        """Stop fetching; what is here stays."""
        self._token.cancel()
        self._order.clear()
        self.line.wishes_changed()

    def close(self) -> None:
        """Stop, and let go of everything; nothing is told any more."""
        self._is_closed = True
        self.cancel()
        self._first.set()
        self._source.close()
        self._decoder.close()
        self._sketchers.close()
        if self._starter is not None:
            self._starter.join(5.0)
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(5.0)

    def order(self, sop_instance_uids: Sequence[str]) -> None:
        """Set the order of everything that is still to come."""
        self._order.order(sop_instance_uids)

    # Fetching (background threads) ---------------------------------------------------------------

    def _start_fetching(self) -> None:
        """Whoever starts a thread waits until it runs: not the main thread, for seven of them."""
        for thread in self._threads:
            if not self._token.is_cancelled:
                thread.start()

    def _fetch_loop(self) -> None:
        while self._order.wait(self._token):
            try:
                with self.line.turn(self._order, self._token) as turn:
                    if turn is not None:
                        self._fetch(turn)
            except Cancelled:
                return

    def _fetch(self, turn: Turn) -> None:
        uid = turn.uid
        asked = self._instances[uid]
        forget = self._token.when_cancelled(turn.token.cancel)
        try:
            got = self._source.obtain(asked, self._listing.patient, turn.token, partial(self._count_bytes, turn))
        except Cancelled:
            self._order.put_back(uid)
        except WorkstationError as error:
            if error.code == "busy":
                self.line.narrow()
            self._failed(asked, error)
        except _ODD as error:  # one odd object must not end the fetching of all others unsaid
            _log.error("an instance could not be taken in: %s", type(error).__name__)  # no traceback: it may quote data
            self._failed(asked, DicomError("damaged", reason=type(error).__name__))
        else:
            turn.is_done()
            if self.line.is_full:
                self._open_spare()
            report, state = got.report(), got.state()  # read here, off the main thread
            if self._keep(uid, got):
                self._post(partial(self.retry, uid))
            self._post(lambda: self._on_received(got, report, state))
        finally:
            forget()
            self._first.set()

    def _open_spare(self) -> None:
        """When every connection is in use: one more for what the hand suddenly goes to; again when there are more."""
        enough = self.line.size + _SPARES
        if self._spare_beside >= enough or self._source.is_local:
            return
        self._spare_beside = max(self._spare_beside + 1, self.line.size)
        self._sketchers.submit(self._source.spare, priority=Priority.SHOWN, token=self._token)

    def _failed(self, asked: Instance, error: WorkstationError) -> None:
        if self._order.failed(asked.sop_instance_uid, error):
            self._post(partial(self._on_refused, asked, error))

    def _keep(self, uid: str, got: Received) -> bool:
        """Hold what came; says whether it had failed before."""
        with self._lock:
            self._kept.put(uid, got, got.size_bytes)
        return self._order.came(uid)

    def _count_bytes(self, turn: Turn, count: int) -> None:
        turn.came(count)
        with self._lock:
            is_time = self._account.count(count)
        if is_time:
            self._post(self._tell)

    # On the main thread ---------------------------------------------------------------

    def progress(self) -> Progress:
        """How far the load is."""
        return self._account.progress()

    def figures(self) -> LoadFigures:
        """What the load came to so far."""
        return self._account.figures(len(self._problems), self._order.cold_s, self._source.tally())

    def _tell(self) -> None:
        if not self._account.is_over:
            self.progressed.emit(self.progress())

    def _on_received(self, got: Received, report: Report | None, state: PresentationState | None) -> None:
        uid = got.instance.sop_instance_uid
        self._account.take(uid, got.size_bytes if got.is_kept else None)
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
