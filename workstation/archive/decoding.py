"""`FrameDecoder`: unpacks a film's frames off the main thread; what is shown alone and at once, small ones together.

A frame beside the one on the glass goes to a worker process with its neighbours, so many that they take a few
milliseconds. One that comes onto the glass meanwhile is taken out of their queue and goes before them.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from workstation.dicom.frames import Unpacked
from workstation.errors import Cancelled, WorkstationError
from workstation.tasks import CancelToken, Priority, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import numpy as np
    from numpy.typing import NDArray

    from workstation.archive.intake import Received
    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.pixels import FrameKey
    from workstation.workers.messages import DecodeJob
    from workstation.workers.pool import WorkerPool

MOST_TOGETHER: Final = 8
_LEAST_S: Final = 1e-5
_TOGETHER_S: Final = 0.008  # how long they may take together: what the next wish waits at most, half a screen refresh


@dataclass(slots=True, eq=False)
class _Wish:
    """One frame that is to be unpacked."""

    key: FrameKey
    got: Received
    priority: Priority
    token: CancelToken = field(default_factory=CancelToken)


class FrameDecoder:
    """Decodes frames. Its methods belong to the main thread, where it also tells.

    Parameters
    ----------
    pool : WorkerPool
        Unpacks.
    post : callable
        Brings a call to the main thread.
    decoded : callable
        Told each frame that is unpacked.
    failed : callable
        Told each frame that cannot be, and why.
    """

    def __init__(
        self,
        pool: WorkerPool,
        post: Callable[[Callable[[], None]], None],
        decoded: Callable[[FrameKey, ShownFrame], None],
        failed: Callable[[FrameKey, Exception], None],
    ) -> None:
        self._pool, self._decoded, self._failed = pool, decoded, failed
        self._wishes: dict[FrameKey, _Wish] = {}
        self._waiting: dict[FrameKey, _Wish] = {}  # of them those that go together, in their order
        self._lock = threading.Lock()
        self._frame_s = _TOGETHER_S / 2  # what a small frame took
        self._near = Tasks(2, post, "decode")
        self._at_once = Tasks(1, post, "show")  # what is shown; and what is left to do of frames that were unpacked

    def __contains__(self, key: FrameKey) -> bool:
        return key in self._wishes

    def decode(self, key: FrameKey, got: Received, priority: Priority) -> None:
        """Unpack a frame; one that waits already comes to the front when it is shown."""
        wish = self._wishes.get(key)
        if wish is not None:
            if priority is not Priority.SHOWN or wish.priority is Priority.SHOWN:
                return
            self._drop(wish)
        wish = self._wishes[key] = _Wish(key, got, priority)
        if priority is Priority.SHOWN:
            self._alone(wish, self._at_once)
            return
        with self._lock:
            self._waiting[key] = wish
        self._near.submit(self._go_together, priority=priority)

    def keep_only(self, keys: Collection[FrameKey]) -> None:
        """Call off all others."""
        for wish in [wish for key, wish in self._wishes.items() if key not in keys]:
            self._drop(wish)

    def close(self) -> None:
        """Call everything off; nothing is told any more."""
        self.keep_only(())
        self._near.close()
        self._at_once.close()

    def _drop(self, wish: _Wish) -> None:
        wish.token.cancel()
        self._wishes.pop(wish.key, None)
        with self._lock:
            self._waiting.pop(wish.key, None)

    def _alone(self, wish: _Wish, tasks: Tasks, outcome: NDArray[np.generic] | WorkstationError | None = None) -> None:
        """Make a frame by itself, of what was unpacked already when that is given."""

        def work(_: CancelToken) -> ShownFrame:
            return wish.got.shown(wish.key.frame, self._pool if outcome is None else Unpacked(outcome))

        tasks.submit(
            work,
            priority=wish.priority,
            done=partial(self._on_decoded, wish),
            failed=partial(self._on_failed, wish),
            token=wish.token,
        )

    def _on_decoded(self, wish: _Wish, frame: ShownFrame) -> None:
        self._wishes.pop(wish.key, None)
        self._decoded(wish.key, frame)

    def _on_failed(self, wish: _Wish, error: Exception) -> None:
        self._wishes.pop(wish.key, None)
        self._failed(wish.key, error)

    # In the background ---------------------------------------------------------------

    def _go_together(self, _: CancelToken) -> None:
        """Take the next that wait, and unpack the small ones among them together."""
        wishes: list[_Wish] = []
        jobs: list[DecodeJob] = []
        for wish in self._next():
            try:
                job = wish.got.small_job(wish.key.frame)
            except WorkstationError as error:
                self._alone(wish, self._at_once, error)
                continue
            if job is None:
                self._alone(wish, self._near)
            else:
                wishes.append(wish)
                jobs.append(job)
        if jobs:
            self._unpack(wishes, jobs)

    def _next(self) -> list[_Wish]:
        """The first that waits, by priority, and so many of its kind as can be unpacked in `_TOGETHER_S`."""
        with self._lock:
            wanted = [wish for wish in self._waiting.values() if not wish.token.is_cancelled]
            first = min((wish.priority for wish in wanted), default=None)
            most = max(1, min(MOST_TOGETHER, round(_TOGETHER_S / self._frame_s)))
            taken = [wish for wish in wanted if wish.priority == first][:most]
            for wish in taken:
                del self._waiting[wish.key]
            return taken

    def _unpack(self, wishes: list[_Wish], jobs: list[DecodeJob]) -> None:
        began, unpacked = time.monotonic(), 0
        left: dict[FrameKey, _Wish] = {}

        def told(place: int, outcome: NDArray[np.generic] | WorkstationError) -> None:
            nonlocal unpacked
            wish = wishes[place]
            if isinstance(outcome, Cancelled):
                left[wish.key] = wish
            else:
                unpacked += 1
                self._alone(wish, self._at_once, outcome)

        self._pool.decode_each(jobs, [wish.token for wish in wishes], told)
        self._frame_s = max(_LEAST_S, (time.monotonic() - began) / max(1, unpacked))
        with self._lock:  # left for one that is shown
            self._waiting = left | self._waiting
        if left:
            self._near.submit(self._go_together, priority=wishes[0].priority)
