"""`Worker`: the parent's end of one worker process."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from workstation.errors import Cancelled
from workstation.workers.arena import Arena
from workstation.workers.limits import MIB, Confinement, Limits
from workstation.workers.messages import LOG, MAX_ANSWER_BYTES, STARTED, Reply, Request, Status
from workstation.workers.process import serve

if TYPE_CHECKING:
    from multiprocessing.context import SpawnContext

    from workstation.tasks import CancelToken
    from workstation.workers.questions import Question

_log = logging.getLogger(__name__)
T = TypeVar("T")
_POLL_S: Final = 0.02  # how soon a called-off job is noticed
_KEPT_ARENA_BYTES: Final = 64 * MIB  # a larger one is given back after its job
_END_S: Final = 5.0  # a killed process is gone well before


class WorkerLost(Exception):  # internal: the pool turns it into DecodeError
    """The process died, hung or broke the protocol; it must not be used again. `hung`: it did not answer in time."""

    def __init__(self, *, hung: bool) -> None:
        super().__init__("hung" if hung else "died")
        self.hung = hung


class Worker:
    """One process, its pipe and its arena. Used by one thread at a time."""

    def __init__(self, context: SpawnContext, limits: Limits) -> None:
        self._limits = limits
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=serve, args=(theirs, limits.memory_bytes), name="cloudfilm-worker", daemon=True
        )
        self._process.start()
        theirs.close()
        self._arena: Arena | None = None
        self._number = 0
        self._ending = threading.Lock()
        self._is_closed = False
        self._confinement = Confinement(self._process.pid or 0, limits.memory_bytes)
        self.is_started = False
        self._start_by = time.monotonic() + limits.start_s

    @property
    def process_id(self) -> int:
        """The process, for whoever watches it from outside."""
        return self._process.pid or 0

    def answer(self, question: Question[T], token: CancelToken | None) -> T:
        """Do one job and wait for its answer.

        Raises
        ------
        WorkerLost
            The worker must be stopped and replaced.
        Cancelled
            Called off before it began; or while it ran, and it ended soon enough to be used again.
        WorkstationError
            What the question makes of a refusal, or of an answer that is none.
        """
        try:
            self._wait_started(token)
            self._number = (self._number + 1) & 0xFFFFFFFF
            request = self._sent(question)
            reply = self._reply(time.monotonic() + request.deadline_s, token)
        except (OSError, EOFError, ValueError) as error:
            raise WorkerLost(hung=False) from error
        if reply.number != request.number or reply.output_bytes > request.output_bytes:
            raise WorkerLost(hung=False)
        if token is not None:
            token.raise_if_cancelled()
        if reply.status is not Status.DONE:
            raise question.refused(reply)
        with self._output(request, reply.output_bytes) as output:
            return question.read(output)

    def _output(self, request: Request, count: int) -> memoryview:
        assert self._arena is not None  # noqa: S101 - only called after a job
        return memoryview(self._arena.memory)[request.input_bytes : request.input_bytes + count]

    def forget_large_arena(self) -> None:
        """Give back the arena when it is large."""
        if self._arena is not None and self._arena.size > _KEPT_ARENA_BYTES:
            self._arena.close()
            self._arena = None

    def _wait_started(self, token: CancelToken | None) -> None:
        while not self.is_started:
            message = self._message(self._start_by, token)
            if message != STARTED:
                raise ValueError(len(message))
            self.is_started = True

    def _sent(self, question: Question[T]) -> Request:
        request = Request(
            question.kind,
            number=self._number,
            arena_bytes=0,
            input_bytes=question.input_bytes,
            output_bytes=question.output_bytes,
            deadline_s=self._limits.deadline(question.pixels),
            parameters=question.parameters,
        )
        arena, is_new = self._arena_of(request.input_bytes + request.output_bytes)
        if is_new:
            request = replace(request, arena_bytes=arena.size)
        position = 0
        for part in question.given:
            arena.memory[position : position + len(part)] = part
            position += len(part)
        self._connection.send_bytes(request.packed())
        if is_new:
            arena.hand_over(self._connection, self._process.pid or 0)
        return request

    def _arena_of(self, needed: int) -> tuple[Arena, bool]:
        """Memory for a job, and whether the worker does not have it yet."""
        if self._arena is not None and self._arena.size >= needed:
            return self._arena, False
        if self._arena is not None:
            self._arena.close()
        self._arena = Arena.made(max(1, (needed + needed // 4 + MIB - 1) // MIB) * MIB)
        return self._arena, True

    def _reply(self, deadline: float, token: CancelToken | None) -> Reply:
        while True:
            message = self._message(deadline, token)
            if message[:1] == LOG:
                _forward(message)
                continue
            return Reply.unpacked(message)

    def _message(self, deadline: float, token: CancelToken | None) -> bytes:
        called_off = False
        while not self._connection.poll(_POLL_S):
            now = time.monotonic()
            if token is not None and token.is_cancelled and not called_off:
                if not self.is_started:
                    raise Cancelled
                called_off = True
                deadline = min(deadline, now + self._limits.grace_s)
            if now > deadline:
                raise WorkerLost(hung=True)
        return self._connection.recv_bytes(MAX_ANSWER_BYTES)

    def stop(self) -> None:
        """End the process, whatever it does. May be called from another thread than the one that waits for its job."""
        with self._ending:
            if not self._is_closed:
                self._process.kill()
                self._process.join(_END_S)

    def close(self) -> None:
        """Stop it and let go of everything; afterwards nothing of it is left."""
        self.stop()
        with self._ending:
            if self._is_closed:
                return
            self._is_closed = True
            self._connection.close()
            self._confinement.close()
            if self._arena is not None:
                self._arena.close()
            if self._process.exitcode is not None:
                self._process.close()


def _forward(message: bytes) -> None:
    text = message[2:].decode("utf-8", "replace")
    _log.log(message[1] * 10 if len(message) > 1 else logging.INFO, "worker: %s", "".join(filter(_is_plain, text)))


def _is_plain(character: str) -> bool:
    return character.isprintable()
