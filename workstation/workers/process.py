"""What runs in a worker process: take a request, do it, answer with a struct, until the pipe closes."""

from __future__ import annotations

import logging
import os
import signal
from typing import TYPE_CHECKING

from workstation.workers import limits
from workstation.workers.arena import Arena
from workstation.workers.messages import (
    LOG,
    LOG_TEXT_BYTES,
    STARTED,
    DecodeJob,
    JobFailed,
    JobKind,
    Reason,
    Reply,
    Request,
    Status,
)
from workstation.workers.open_streams import Streams

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection


class _ToParent(logging.Handler):
    """Sends log records to the parent as plain lines of text."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.name}: {record.getMessage()}".encode()[:LOG_TEXT_BYTES]
        self._connection.send_bytes(LOG + bytes([min(record.levelno // 10, 5)]) + text)


def serve(connection: Connection, memory_bytes: int) -> None:
    """Work for the parent at the other end of `connection` until it closes; the target of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = "1"  # each thread's stack counts against the memory limit
    from workstation.workers.jobs import codecs  # numpy and the codecs belong to this process alone

    codecs.warm_up()
    limits.keep_freed_memory()
    limits.limit_own_process(memory_bytes)
    logging.basicConfig(level=logging.WARNING, handlers=[_ToParent(connection)], force=True)
    _silence_native_libraries()
    connection.send_bytes(STARTED)
    _Served(connection).work()


class _Served:
    """The worker's end: the pipe, the memory of the last job, and the streams that are open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._arena: Arena | None = None
        self._streams = Streams()

    def work(self) -> None:
        """Answer until the pipe closes."""
        try:
            while True:
                requests = Request.all_of(self._connection.recv_bytes())
                if requests[0].kind is JobKind.CLOSE:
                    self._streams.close(requests[0].stream)
                elif requests[0].kind is JobKind.OPEN:
                    self._open(requests[0])
                else:
                    self._answer_each(requests)
        except (EOFError, OSError):
            return  # the parent has gone or closed the pipe

    def _open(self, request: Request) -> None:
        arena = Arena.received(self._connection, request.arena_bytes)
        limits.limit_own_next_job(request.deadline_s)
        reply = _replied(request, lambda: self._streams.open(request, arena))
        if reply.status is not Status.DONE:
            arena.close()
        self._connection.send_bytes(reply.packed())

    def _answer_each(self, requests: list[Request]) -> None:
        size = requests[0].arena_bytes
        if size:
            if self._arena is not None:
                self._arena.close()
            self._arena = Arena.received(self._connection, size)
        if self._arena is None:
            raise EOFError
        for place, request in enumerate(requests):
            is_off = bool(self._arena.memory[place])
            reply = Reply(request.number, Status.LEFT) if is_off else self._answer(request, self._arena)
            self._connection.send_bytes(reply.packed())

    def _answer(self, request: Request, arena: Arena) -> Reply:
        limits.limit_own_next_job(request.deadline_s)
        start = request.output_start
        with memoryview(arena.memory) as memory:
            given = memory[request.start : request.start + request.input_bytes].toreadonly()
            output = memory[start : start + request.output_bytes]
            try:
                if request.stream:
                    return _replied(request, lambda: self._streams.read(request, output))
                return _replied(request, lambda: _do(request, given, output))
            finally:
                _let_go(given, output)


def _replied(request: Request, do: Callable[[], int]) -> Reply:
    """Do a job and say how it ended."""
    try:
        return Reply(request.number, Status.DONE, output_bytes=do())
    except JobFailed as failed:
        return Reply(request.number, failed.status, failed.reason, *failed.sizes)
    except MemoryError:
        return Reply(request.number, Status.FAILED, Reason.OUT_OF_MEMORY)


def _silence_native_libraries() -> None:
    """Decoders written in C print to the terminal; nobody reads it there."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _do(request: Request, given: memoryview, output: memoryview) -> int:
    if request.kind is JobKind.PROXY:
        from workstation.workers.jobs import scripts  # most workers never see a script

        return scripts.find_proxy(given, output)
    if request.kind is JobKind.PICTURE:
        from workstation.workers.jobs import pictures

        return pictures.decode(given, output)
    if request.kind is JobKind.CODES:
        from workstation.workers.jobs import codes

        return codes.find_codes(request.parameters, given, output)
    if request.kind is JobKind.COLOURS:
        from workstation.workers.jobs import colours

        return colours.to_srgb(request.parameters, given, output)
    from workstation.workers.jobs import frames

    return frames.decode(DecodeJob.from_parameters(request.parameters, given), output)


def _let_go(*views: memoryview) -> None:
    for view in views:
        try:
            view.release()
        except BufferError:  # an exception still holds an array on it; it goes when that goes
            continue
