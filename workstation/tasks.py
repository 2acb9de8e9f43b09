"""Work off the main thread: a priority queue over threads, cancel tokens, progress, delivery by an injected `post`.

Workers touch no state. What they return is handed, through `post`, to the main thread; an answer whose token was
cancelled meanwhile is dropped.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

from workstation.errors import Cancelled, whereabouts

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Priority(IntEnum):
    """Classes of work; a lower number goes first."""

    SHOWN = 0  # on the glass now
    NEAR = 1  # beside what is shown
    THUMBNAIL = 2
    SERIES = 3  # the rest of the film
    PRIOR = 4


class CancelToken:
    """Says, to work already running, that nobody wants its result any more. Safe from any thread."""

    __slots__ = ("_calls", "_event", "_lock")

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.RLock()
        self._calls: list[Callable[[], None]] = []

    def cancel(self) -> None:
        """Call the work off."""
        with self._lock:
            self._event.set()
            calls, self._calls = self._calls, []
            for call in calls:
                call()

    def when_cancelled(self, call: Callable[[], None]) -> Callable[[], None]:
        """Run `call` at the moment of cancelling (at once if that has been): it must be quick and not block.

        A read that waits for the network cannot look at the token; this cuts it short. Returns the function that
        takes the wish back; after it has returned, `call` neither runs nor is running.
        """
        with self._lock:
            if self._event.is_set():
                call()
            else:
                self._calls.append(call)

        def undo() -> None:
            with self._lock:
                if call in self._calls:
                    self._calls.remove(call)

        return undo

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` when it was called off; workers call it between parts."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleep, at most `seconds`; returns at once and True when it is called off."""
        return self._event.wait(seconds)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load is: whole objects, bytes and the seconds since it began."""

    done: int
    total: int  # 0: not known yet
    received_bytes: int
    seconds: float

    @property
    def megabytes_per_second(self) -> float:
        """Mean rate since the beginning, 10^6 bytes a second."""
        return self.received_bytes / 1e6 / self.seconds if self.seconds > 0 else 0.0


class Tasks:
    """Threads that work off a priority queue. `post` brings results to the main thread.

    Parameters
    ----------
    threads : int
        How many pieces of work may run at once.
    post : callable
        ``post(call)`` runs ``call()`` on the main thread, soon; called from worker threads.
    name : str
        Prefix of the threads' names.
    """

    def __init__(self, threads: int, post: Callable[[Callable[[], None]], None], name: str) -> None:
        self._post = post
        self._queue: list[tuple[int, int, CancelToken, Callable[[], None]]] = []
        self._order = itertools.count()
        self._ready = threading.Condition()
        self._closed = False
        self._running = 0
        self._threads = [threading.Thread(target=self._work, name=f"{name}-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(
        self,
        work: Callable[[CancelToken], T],
        *,
        priority: Priority,
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        token: CancelToken | None = None,
    ) -> CancelToken:
        """Queue `work`; its result goes to `done`, its exception to `failed`, both on the main thread.

        Returns the token that calls it off; after that neither is called.
        """
        job_token = token or CancelToken()

        def run() -> None:
            try:
                result = work(job_token)
            except Cancelled:
                return
            except Exception as error:  # noqa: BLE001 - the task runner keeps the traceback and hands it on
                self._deliver(job_token, failed, error)
                return
            if done is not None:
                self._deliver(job_token, done, result)

        with self._ready:
            if not self._closed:
                heapq.heappush(self._queue, (priority, next(self._order), job_token, run))
                self._ready.notify_all()
        return job_token

    def _deliver(self, token: CancelToken, target: Callable[[T], None] | None, value: T) -> None:
        if target is None:
            if isinstance(value, Exception):
                _log.error("work failed and nobody asked why: %s", whereabouts(value))
            return

        def call() -> None:
            if not token.is_cancelled:
                target(value)

        self._post(call)

    def _work(self) -> None:
        while True:
            with self._ready:
                while not self._queue and not self._closed:
                    self._ready.wait()
                if self._closed:
                    return
                _, _, token, run = heapq.heappop(self._queue)
                self._running += 1
            try:
                if not token.is_cancelled:
                    run()
            finally:
                with self._ready:
                    self._running -= 1
                    self._ready.notify_all()

    def drain(self, timeout_s: float) -> bool:
        """Wait, at most `timeout_s` seconds, until nothing is queued and nothing runs; says whether it came to that."""
        with self._ready:
            return self._ready.wait_for(lambda: not self._queue and not self._running, timeout_s)

    def close(self, timeout_s: float = 5.0) -> None:
        """Drop what is queued, call off what runs is the callers' duty; wait for the threads to end."""
        with self._ready:
            self._closed = True
            self._queue.clear()
            self._ready.notify_all()
        for thread in self._threads:
            thread.join(timeout_s)
