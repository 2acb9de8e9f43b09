"""`Worker`: the parent's end of one worker process."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from workstation.errors import Cancelled, WorkstationError
from workstation.workers.arena import Arena
from workstation.workers.channel import Channel
from workstation.workers.limits import MIB, Confinement, Limits
from workstation.workers.messages import (
    CALLED_OFF_BYTES,
    LOG,
    MOST_TOGETHER,
    STARTED,
    JobKind,
    Reply,
    Request,
    Status,
    aligned,
)
from workstation.workers.process import serve
from workstation.workers.questions import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.context import SpawnContext

    from workstation.tasks import CancelToken
    from workstation.workers.streams import Stream

_log = logging.getLogger(__name__)
T = TypeVar("T")
_POLL_S: Final = 0.02  # how soon a called-off job is noticed
MOST_STREAMS: Final = 2  # open in one worker
_LARGE_BYTES: Final = 256 * MIB  # beside an input or output beyond this no stream stays open
_KEPT_ARENA_BYTES: Final = 64 * MIB  # a larger one is given back after its job
_END_S: Final = 5.0  # a killed process is gone well before
_LAST_BREATH_S: Final = 0.5  # its pipe is closed before it is gone


class WorkerLost(Exception):  # internal: the pool turns it into DecodeError
    """The process died, hung or broke the protocol; it must not be used again.

    `hung`: it did not answer in time. `had_job`: it may have begun the job; else it was gone before.
    """

    def __init__(self, *, hung: bool, had_job: bool = True) -> None:
        super().__init__("hung" if hung else "died")
        self.hung, self.had_job = hung, had_job


class Worker:
    """One process, its pipe and its arena. Used by one thread at a time."""

    def __init__(self, context: SpawnContext, limits: Limits) -> None:
        self._limits = limits
        connection, theirs = context.Pipe()
        self._channel = Channel(connection)
        self._process = context.Process(
            target=serve, args=(theirs, limits.memory_bytes), name="cloudfilm-worker", daemon=True
        )
        self._process.start()
        theirs.close()
        self._arena: Arena | None = None
        self._number = 0
        self._asked: list[Request] = []  # of the last message
        self._answered = 0  # of them
        self._calling_off = threading.Lock()  # the arena's first bytes, which another thread may set
        self._streams: OrderedDict[int, None] = OrderedDict()  # open there, the one used last at the end
        self.unwanted: set[int] = set()  # streams to be closed as soon as no job is in hand
        self._ending = threading.Lock()
        self._is_closed = False
        self._confinement = self._confined()
        self.is_started = False
        self._start_by = time.monotonic() + limits.start_s

    def _confined(self) -> Confinement:
        """Hold the process to its limits from outside; one that cannot be held must not live."""
        try:
            return Confinement(self._process.pid or 0, self._limits.memory_bytes)
        except OSError:
            self._process.kill()
            self._process.join(_END_S)
            self._channel.close()
            raise

    @property
    def process_id(self) -> int:
        """The process, for whoever watches it from outside."""
        return self._process.pid or 0

    def death(self) -> str:
        """How the process ended, for the technical details: a signal as a negative number; empty while it lives."""
        self._process.join(_LAST_BREATH_S)
        return "" if self._process.exitcode is None else str(self._process.exitcode)

    @property
    def is_out_of_step(self) -> bool:
        """Whether replies are still to come that nobody waits for: it must be replaced."""
        return self._answered < len(self._asked)

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
        if question.stream is not None:
            self._open(question.stream, question, token)
        self._ask(lambda: self._send((question,)), token)
        return self._next(question, (token,))

    def close_unwanted(self) -> None:
        """Close the streams that nobody reads any more; only between jobs. Never waits."""
        for number in self.unwanted & self._streams.keys():
            self._close(number)
        self.unwanted.clear()

    def answer_each(
        self,
        questions: Sequence[Question[T]],
        tokens: Sequence[CancelToken | None],
        answered: Callable[[T | WorkstationError], None],
    ) -> None:
        """Do jobs one after the other, at most `MOST_TOGETHER`; each has its own deadline, and its own token.

        A job that has begun is not called off: small as these are, that would cost more than it saves.

        Parameters
        ----------
        answered : callable
            Told each answer, in order, while the process goes on with the next: `Cancelled` for those that were called
            off or left (see `leave`), else the answer, or the error that `answer` would raise.

        Raises
        ------
        WorkerLost
            With the job whose turn it was; neither this nor those behind it are answered.
        """
        self._ask(lambda: self._send(questions), None)
        for place, question in enumerate(questions):
            try:
                outcome: T | WorkstationError = self._next(question, (None, *tokens[place + 1 :]))
            except WorkstationError as error:
                outcome = error
            answered(outcome)

    def leave(self) -> None:
        """Call off what has not begun. From any thread."""
        with self._calling_off:
            if self.is_out_of_step and self._arena is not None:
                self._arena.memory[:MOST_TOGETHER] = b"\1" * MOST_TOGETHER

    def forget_large_arena(self) -> None:
        """Give back the arena when it is large."""
        if self._arena is not None and self._arena.size > _KEPT_ARENA_BYTES:
            self._arena.close()
            self._arena = None

    def _open(self, stream: Stream, question: Question[T], token: CancelToken | None) -> None:
        """Open a stream, unless it is; the question says what a refusal means."""
        if stream.number in self._streams:
            self._streams.move_to_end(stream.number)
            return
        while len(self._streams) >= MOST_STREAMS:
            self._close(next(iter(self._streams)))
        opening: Question[None] = Question(
            JobKind.OPEN, (), 0, lambda _: None, question.refused, parameters=bytes([stream.kind]), stream=stream
        )
        arena = Arena.made(max(1, len(stream.data)))
        try:
            arena.memory[: len(stream.data)] = stream.data
            self._streams[stream.number] = None
            self._ask(lambda: self._send_stream(opening, arena), token)
            self._next(opening, (token,))
        except WorkstationError:
            self._close(stream.number)
            raise
        finally:
            arena.close()  # the worker has it

    def _close(self, number: int) -> None:
        self._streams.pop(number, None)
        with suppress(OSError):  # a process that is gone is noticed by its next job
            self._channel.send(Request(JobKind.CLOSE, 0, 0, 0, 0, 0.0, stream=number).packed())

    def _ask(self, send: Callable[[], None], token: CancelToken | None) -> None:
        try:
            self._wait_started(token)
            send()
        except (OSError, EOFError, ValueError) as error:
            raise WorkerLost(hung=False, had_job=False) from error

    def _wait_started(self, token: CancelToken | None) -> None:
        while not self.is_started:
            message = self._message(self._start_by, (token,))
            if message != STARTED:
                raise ValueError(len(message))
            self.is_started = True

    def _send(self, questions: Sequence[Question[T]]) -> None:
        requests = self._requests(questions)
        if requests[-1].output_start > _LARGE_BYTES or requests[-1].output_bytes > _LARGE_BYTES:
            for number in list(self._streams):  # the memory limit is for all that a process holds
                self._close(number)
        arena, is_new = self._arena_of(requests[-1].output_start + requests[-1].output_bytes)
        if is_new:
            requests[0] = replace(requests[0], arena_bytes=arena.size)
        for request, question in zip(requests, questions, strict=True):
            position = request.start
            for part in question.given:
                arena.memory[position : position + len(part)] = part
                position += len(part)
        with self._calling_off:
            arena.memory[:MOST_TOGETHER] = bytes(MOST_TOGETHER)
            self._asked, self._answered = requests, 0
        self._channel.send(b"".join([request.packed() for request in requests]))
        if is_new:
            arena.hand_over(self._channel.connection, self._process.pid or 0)

    def _send_stream(self, question: Question[T], arena: Arena) -> None:
        (request,) = self._requests((question,))
        size = len(question.stream.data) if question.stream is not None else 0
        with self._calling_off:
            self._asked, self._answered = [replace(request, start=0, input_bytes=size, arena_bytes=arena.size)], 0
        self._channel.send(self._asked[0].packed())
        arena.hand_over(self._channel.connection, self._process.pid or 0)

    def _requests(self, questions: Sequence[Question[T]]) -> list[Request]:
        requests: list[Request] = []
        start = CALLED_OFF_BYTES
        for question in questions:
            self._number = (self._number + 1) & 0xFFFFFFFF
            request = Request(
                question.kind,
                self._number,
                start,
                question.input_bytes,
                question.output_bytes,
                self._limits.deadline(question.pixels),
                question.parameters,
                stream=0 if question.stream is None else question.stream.number,
            )
            start = aligned(request.output_start + request.output_bytes)
            requests.append(request)
        return requests

    def _arena_of(self, needed: int) -> tuple[Arena, bool]:
        """Memory for a job, and whether the worker does not have it yet."""
        if self._arena is not None and self._arena.size >= needed:
            return self._arena, False
        if self._arena is not None:
            self._arena.close()
        self._arena = Arena.made((needed + needed // 4 + MIB - 1) // MIB * MIB)
        return self._arena, True

    def _next(self, question: Question[T], tokens: Sequence[CancelToken | None]) -> T:
        """The next answer; the first of `tokens` is its own, the others are of those behind it."""
        request = self._asked[self._answered]
        try:
            reply = self._reply(time.monotonic() + request.deadline_s, tokens)
        except (OSError, EOFError, ValueError) as error:
            raise WorkerLost(hung=False) from error
        if reply.number != request.number or reply.output_bytes > request.output_bytes:
            raise WorkerLost(hung=False)
        with self._calling_off:  # behind the last one the arena may change
            self._answered += 1
        if reply.status is Status.LEFT or (tokens[0] is not None and tokens[0].is_cancelled):
            raise Cancelled
        if reply.status is not Status.DONE:
            raise question.refused(reply)
        start = request.output_start
        memory = self._arena.memory if self._arena is not None else b""
        with memoryview(memory)[start : start + reply.output_bytes] as output:
            return question.read(output)

    def _reply(self, deadline: float, tokens: Sequence[CancelToken | None]) -> Reply:
        while True:
            message = self._message(deadline, tokens)
            if message[:1] != LOG:
                return Reply.unpacked(message)
            _forward(message)

    def _message(self, deadline: float, tokens: Sequence[CancelToken | None]) -> bytes:
        called_off = False
        while True:
            self._call_off(tokens)
            message = self._channel.message(_POLL_S)
            if message is not None:
                return message
            now = time.monotonic()
            if tokens[0] is not None and tokens[0].is_cancelled and not called_off:
                if not self.is_started:
                    raise Cancelled
                called_off = True
                deadline = min(deadline, now + self._limits.grace_s)
            if now > deadline:
                raise WorkerLost(hung=True)

    def _call_off(self, tokens: Sequence[CancelToken | None]) -> None:
        """Tell the worker which of the requests behind the one that it does nobody wants any more."""
        for place, token in enumerate(tokens[1:], self._answered + 1):
            if token is not None and token.is_cancelled and self._arena is not None:
                self._arena.memory[place] = 1

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
            self._channel.close()
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
