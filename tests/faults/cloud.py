"""The embedded cloud with accidents: what goes wrong is decided for each answer. Never shipped."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import dataclass, field, replace

from workstation.demo.answers import reply
from workstation.demo.cloud import CloudHandler, DemoCloud


@dataclass
class Fault:
    """One accident; subclasses say what happens to the answer and to its way out."""

    def on_answer(self, handler, answer):
        """Change status, headers, length or body."""
        return answer


@dataclass
class Cut(Fault):
    """The connection ends after `at` bytes of the whole answer, headers included."""

    at: int

    def on_answer(self, handler, answer):
        handler.wfile = _CutWriter(handler, self.at)
        return answer


class _CutWriter:
    def __init__(self, handler, at):
        self._handler, self._real, self._left = handler, handler.wfile, at

    def write(self, data):
        data = bytes(data)
        if len(data) >= self._left:
            self._real.write(data[: self._left])
            self._real.flush()
            socket.socket.shutdown(self._handler.connection, socket.SHUT_RDWR)
            raise ConnectionAbortedError
        self._left -= len(data)
        return self._real.write(data)

    def flush(self):
        self._real.flush()

    def close(self):
        with contextlib.suppress(OSError):
            self._real.close()

    @property
    def closed(self):
        return self._real.closed


@dataclass
class Stall(Fault):
    """Nothing more comes after `at` bytes, and the connection stays open."""

    at: int

    def on_answer(self, handler, answer):
        body = b"".join(answer.pieces)

        def pieces():
            yield body[: self.at]
            handler.wfile.flush()
            handler.cloud.released.wait(20)
            raise ConnectionAbortedError

        return replace(answer, pieces=pieces())


@dataclass
class Refuse(Fault):
    """Another status, with headers."""

    status: int
    headers: tuple = ()

    def on_answer(self, handler, answer):
        return reply(self.status, "text/plain", b"no", *self.headers)


@dataclass
class WrongLength(Fault):
    """Content-Length says `by` bytes more than there are."""

    by: int

    def on_answer(self, handler, answer):
        handler.close_connection = True
        return replace(answer, length=answer.length + self.by)


@dataclass
class Change(Fault):
    """The body is changed; its length is told as it is then."""

    change: object

    def on_answer(self, handler, answer):
        body = self.change(b"".join(answer.pieces))
        return replace(answer, pieces=iter([body]), length=len(body))


@dataclass
class Replace(Fault):
    """Something else altogether comes with status 200."""

    content_type: str
    body: bytes

    def on_answer(self, handler, answer):
        return reply(200, self.content_type, self.body)


@dataclass
class InsteadOf(Fault):
    """A whole multipart answer holds another file than the one asked for."""

    file: bytes

    def on_answer(self, handler, answer):
        boundary = answer.content_type.rpartition("boundary=")[2]
        head = f"--{boundary}\r\nContent-Type: application/dicom\r\nContent-Length: {len(self.file)}\r\n\r\n".encode()
        body = head + self.file + f"\r\n--{boundary}--\r\n".encode()
        return replace(answer, pieces=iter([body]), length=len(body))


@dataclass
class Cold(Fault):
    """The archive fetches what is asked for from its store, for `seconds` after the first question; it stays in force.

    Parameters
    ----------
    retry_after : str
        What Retry-After says; empty: it is not sent.
    """

    seconds: float
    retry_after: str = ""
    status: int = 202
    since: float | None = None
    asked: list = field(default_factory=list)

    def on_answer(self, handler, answer):
        now = time.monotonic()
        self.since = now if self.since is None else self.since
        if now - self.since >= self.seconds:
            return answer
        self.asked.append(now - self.since)
        headers = (("Retry-After", self.retry_after),) if self.retry_after else ()
        return reply(self.status, "application/dicom+json", b"[]", *headers)


class FaultyHandler(CloudHandler):
    """Asks the cloud what goes wrong with this answer."""

    def outgoing(self, answer):
        fault = self.cloud.next_fault(self.path)
        self.cloud.sent.append(self.path)
        return fault.on_answer(self, answer) if fault else answer


class FaultyCloud(DemoCloud):
    """Faults wait in `faults`, for the answers to paths that hold `where`; `None` lets one pass.

    `lasting` is in force for all of them until somebody takes it away. Requests for thumbnails take none: they come
    when they like, and a fault is meant for an instance.
    """

    def __init__(self, folder, certificate=None, render=None):
        self.faults, self.sent, self.where = [], [], "/instances/"
        self.lasting = None
        self.released = threading.Event()
        self._fault_lock = threading.Lock()
        super().__init__(folder, certificate, render, FaultyHandler)

    def next_fault(self, path):
        with self._fault_lock:
            is_thumbnail = path.partition("?")[0].endswith(("/thumbnail", "/rendered"))
            is_meant = self.where in path and (not is_thumbnail or self.where in ("/thumbnail", "/rendered"))
            if self.faults and is_meant:
                return self.faults.pop(0)
            return self.lasting if is_meant else None

    def close(self):
        self.released.set()
        super().close()
