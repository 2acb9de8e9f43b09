"""`Crew`: the worker processes of a pool; who is idle, who is lost and replaced, and how all of them end."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from workstation.errors import Cancelled, DecodeError
from workstation.workers.worker import Worker, WorkerLost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workstation.tasks import CancelToken
    from workstation.workers.limits import Limits
    from workstation.workers.questions import Question
    from workstation.workers.streams import Stream

_log = logging.getLogger(__name__)
T = TypeVar("T")
_WAIT_S: Final = 0.05  # how soon a job that waits for a worker notices that it was called off
OTHERS: Final = 2  # processes that may do a job in place of one that was gone before
_MOST_WORKERS: Final = 8


class NeverBegan(DecodeError):
    """The process was gone before it had the job, which is not to blame: another process may do it."""


class Crew:
    """Worker processes, lent one job at a time. See `WorkerPool` for the parameters."""

    def __init__(self, count: int | None, limits: Limits, before: Callable[[], None]) -> None:
        self.limits = limits
        self._context = multiprocessing.get_context("spawn")
        self._count = count or min(_MOST_WORKERS, max(2, os.cpu_count() or 2))
        self._changed = threading.Condition()
        self._idle: list[Worker] = []  # the one used last at the end: it is warm
        self._all: set[Worker] = set()
        self._waiting = 0  # jobs that somebody waits for
        self._leaving: set[Worker] = set()  # those that do many jobs, and leave them for one
        self._is_closed = False
        self._before = before
        self._cannot_start = False
        self._starter = threading.Thread(target=self._start_all, name="worker-pool-start", daemon=True)
        self._has_begun = False

    def start(self) -> None:
        """Start the processes in the background, if that has not been done; returns at once."""
        with self._changed:
            if self._has_begun or self._is_closed:
                return
            self._has_begun = True
            self._starter.start()

    @property
    def process_ids(self) -> frozenset[int]:
        """The worker processes that are up or starting."""
        with self._changed:
            return frozenset(worker.process_id for worker in self._all)

    def answer(self, question: Question[T], token: CancelToken | None) -> T:
        """Let the next free worker answer; for a stream, the one that has it open if it is free.

        Raises
        ------
        WorkstationError
            As `Worker.answer`; what the question makes of a worker that was lost.
        Cancelled
            `token` was cancelled, or the crew closed.
        """
        for _ in range(OTHERS):
            try:
                return self._answer(question, token)
            except NeverBegan:
                _log.info("a worker process was gone before its job; another one does it")
        try:
            return self._answer(question, token)
        except NeverBegan as error:
            raise question.lost(error) from error

    def _answer(self, question: Question[T], token: CancelToken | None) -> T:
        stream = question.stream
        try:
            with self.worker(token, preferred=stream.holder if stream is not None else None) as worker:
                if stream is not None and stream.holder is not worker:
                    self.close_stream(stream)
                    stream.holder = worker
                return worker.answer(question, token)
        except NeverBegan:
            raise
        except DecodeError as error:
            if error.code in ("decode-timeout", "decoder-died"):
                raise question.lost(error) from error
            raise

    def close_stream(self, stream: Stream) -> None:
        """Let the worker that has a stream open let go of it: at once, or after the job in hand. Never waits."""
        with self._changed:
            holder, stream.holder = stream.holder, None
            for worker in self._all:
                if worker is holder:
                    worker.unwanted.add(stream.number)
                    if worker in self._idle:
                        worker.close_unwanted()

    @contextmanager
    def worker(
        self, token: CancelToken | None, *, is_for_many: bool = False, preferred: object = None
    ) -> Iterator[Worker]:
        """Lend a worker, as soon as one is free; `preferred` if this is.

        Raises
        ------
        DecodeError
            ``decode-timeout`` or ``decoder-died``: the worker was lost in the block, and is replaced.
        Cancelled
            `token` was cancelled, or the crew closed.
        """
        worker = self._taken(token, is_for_many=is_for_many, preferred=preferred)
        try:
            yield worker
        except WorkerLost as lost:
            died = "" if lost.hung or self._is_closed else worker.death()
            self._replace(worker)
            if self._is_closed or (token is not None and token.is_cancelled):
                raise Cancelled from lost
            if lost.hung:
                raise DecodeError("decode-timeout", seconds=round(self.limits.deadline_s)) from lost
            kind = DecodeError if lost.had_job else NeverBegan
            raise kind("decoder-died", exit=died) from lost
        except BaseException:
            self._put_back(worker)
            raise
        else:
            worker.forget_large_arena()
            self._put_back(worker)

    @contextmanager
    def worker_for_many(self) -> Iterator[Worker]:
        """Lend a worker for jobs that nobody waits for: it leaves them when one that is waited for finds none idle."""
        with self.worker(None, is_for_many=True) as worker:
            with self._changed:
                self._leaving.add(worker)
            try:
                yield worker
            finally:
                with self._changed:
                    self._leaving.discard(worker)

    def close(self) -> None:
        """End every process; jobs that run or wait raise `Cancelled`."""
        with self._changed:
            self._is_closed = True
            workers = list(self._all)
            self._changed.notify_all()
        if self._has_begun:
            self._starter.join()
        for worker in workers:
            worker.stop()
        with self._changed:
            self._changed.wait_for(lambda: len(self._idle) == len(self._all), timeout=self.limits.start_s)
            workers, self._idle = self._idle, []
            self._all.difference_update(workers)
        for worker in workers:
            worker.close()

    def _taken(self, token: CancelToken | None, *, is_for_many: bool, preferred: object) -> Worker:
        self.start()
        with self._changed:
            self._waiting += not is_for_many
            try:
                worker = self._free(token, is_for_many=is_for_many, preferred=preferred)
            finally:
                self._waiting -= not is_for_many
                self._changed.notify_all()
        if worker is not None:
            return worker
        self._start_one()
        with self._changed:
            if not self._idle:
                raise DecodeError("decoder-died")
            return self._idle.pop()

    def _free(self, token: CancelToken | None, *, is_for_many: bool, preferred: object) -> Worker | None:
        """Wait for a worker; None when there is no process at all and none would start."""
        while True:
            if self._is_closed:
                raise Cancelled
            if token is not None:
                token.raise_if_cancelled()
            if self._idle and not (is_for_many and self._waiting):
                chosen = next((worker for worker in self._idle if worker is preferred), self._idle[-1])
                self._idle.remove(chosen)
                return chosen
            if self._cannot_start and not self._all:
                return None
            if not is_for_many:
                for worker in self._leaving:
                    worker.leave()
            self._changed.wait(_WAIT_S)

    def _put_back(self, worker: Worker) -> None:
        if worker.is_out_of_step:
            self._replace(worker)
            return
        with self._changed:
            worker.close_unwanted()
            self._idle.append(worker)
            self._changed.notify_all()

    def _replace(self, worker: Worker) -> None:
        worker.close()
        with self._changed:
            self._all.discard(worker)
            self._changed.notify_all()
        self._start_one()

    def _start_all(self) -> None:
        self._before()
        for _ in range(self._count):
            self._start_one()

    def _start_one(self) -> None:
        with self._changed:
            if self._is_closed:
                return
            try:
                worker = Worker(self._context, self.limits)
            except OSError as error:  # no memory or no process to be had: the next job tries again
                _log.info("no worker process: %s", type(error).__name__)
                self._cannot_start = True
            else:
                self._cannot_start = False
                self._all.add(worker)
                self._idle.insert(0, worker)
            self._changed.notify_all()
