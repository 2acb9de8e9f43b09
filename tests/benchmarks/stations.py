"""Many simulated workstations in one process: TLS sockets without blocking, one selector, hardly any Python per byte.

Reads one JSON object from stdin (see `gateway_load`), writes one to stdout. Each station asks what our program asks:
who the film is of, its series, its metadata, then the image in the middle alone, then the rest over four connections.
"""

from __future__ import annotations

import contextlib
import gzip
import heapq
import itertools
import json
import random
import selectors
import socket
import ssl
import sys
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Steps = Generator[tuple[socket.socket, int] | float, None, None]

CONNECTIONS = 4
DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
JSON = "application/dicom+json"


@dataclass(eq=False)
class Task:
    """Steps that run, and whether a doctor is looking at an empty screen until they are done."""

    steps: Steps
    is_urgent: Callable[[], bool]


class Loop:
    """Runs generators: each gives the socket and the event it waits for, or seconds to sleep.

    Every station has a processor of its own in life; here the ones before their first image go before the others, so
    that their sharing of one processor does not stand in the figures.
    """

    _AT_ONCE = 8  # others, before it is looked again who is before the first image

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._sleeping: list[tuple[float, int, Task]] = []
        self._ready: deque[Task] = deque()
        self._numbers = itertools.count()
        self._running = 0

    def start(self, steps: Steps, is_urgent: Callable[[], bool], after_s: float = 0.0) -> None:
        self._running += 1
        self._sleep(Task(steps, is_urgent), after_s)

    def run(self) -> None:
        while self._running:
            while self._sleeping and self._sleeping[0][0] <= time.monotonic():
                self._step(heapq.heappop(self._sleeping)[2])
            wait = max(0.0, self._sleeping[0][0] - time.monotonic()) if self._sleeping else 1.0
            for key, _ in self._selector.select(0.0 if self._ready else wait):
                self._selector.unregister(key.fileobj)
                if key.data.is_urgent():
                    self._step(key.data)
                else:
                    self._ready.append(key.data)
            for _ in range(min(self._AT_ONCE, len(self._ready))):
                self._step(self._ready.popleft())

    def _sleep(self, task: Task, seconds: float) -> None:
        heapq.heappush(self._sleeping, (time.monotonic() + seconds, next(self._numbers), task))

    def _step(self, task: Task) -> None:
        try:
            wanted = next(task.steps)
        except StopIteration:
            self._running -= 1
            return
        if isinstance(wanted, tuple):
            self._selector.register(wanted[0], wanted[1], task)
        else:
            self._sleep(task, wanted)


class Line:
    """One kept-alive TLS connection."""

    def __init__(self, port: int, context: ssl.SSLContext, name: str) -> None:
        self._socket = socket.socket()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._port, self._context, self._name = port, context, name
        self._buffer = bytearray(1 << 20)
        self._filled = 0
        self.status = 0
        self.body = memoryview(b"")
        self.headers = ""

    def open(self) -> Steps:
        with contextlib.suppress(BlockingIOError):
            self._socket.connect(("127.0.0.1", self._port))
        yield self._socket, selectors.EVENT_WRITE
        self._socket = self._context.wrap_socket(
            self._socket, server_hostname=self._name, do_handshake_on_connect=False
        )
        while True:
            try:
                self._socket.do_handshake()
                return
            except ssl.SSLWantReadError:
                yield self._socket, selectors.EVENT_READ
            except ssl.SSLWantWriteError:
                yield self._socket, selectors.EVENT_WRITE

    def get(self, path: str, accept: str, token: str, encoding: str) -> Steps:
        words = (f"GET {path} HTTP/1.1\r\nHost: {self._name}\r\nAccept: {accept}\r\nAccept-Encoding: {encoding}\r\n"
                 f"Authorization: Bearer {token}\r\nUser-Agent: cloudfilm-workstation\r\n\r\n")  # fmt: skip
        while True:
            try:
                self._socket.sendall(words.encode())
                break
            except ssl.SSLWantWriteError:
                yield self._socket, selectors.EVENT_WRITE
        self._filled, end = 0, -1
        while end < 0:
            yield from self._more()
            end = self._buffer.find(b"\r\n\r\n", 0, self._filled)
        self.headers = self._buffer[:end].decode("latin-1").lower()
        self.status = int(self.headers.split(" ", 2)[1])
        begin = end + 4
        if "\r\ntransfer-encoding: chunked" in self.headers:
            yield from self._chunked(begin)
            return
        whole = begin + int(self.headers.partition("\r\ncontent-length:")[2].partition("\r\n")[0] or 0)
        if whole > len(self._buffer):
            self._buffer.extend(bytes(whole - len(self._buffer)))
        while self._filled < whole:
            yield from self._more()
        self.body = memoryview(self._buffer)[begin:whole]

    def _chunked(self, begin: int) -> Steps:
        found, at = bytearray(), begin
        while True:
            while (end := self._buffer.find(b"\r\n", at, self._filled)) < 0:
                yield from self._more()
            size = int(self._buffer[at:end].split(b";")[0], 16)
            at = end + 2
            while self._filled < at + size + 2:
                yield from self._more()
            found += self._buffer[at : at + size]
            at += size + 2
            if size == 0:
                self.body = memoryview(found)
                return

    def _more(self) -> Steps:
        if self._filled == len(self._buffer):
            self.body.release()
            self._buffer.extend(bytes(len(self._buffer)))
        while True:
            try:
                with memoryview(self._buffer) as view:
                    count = self._socket.recv_into(view[self._filled :])
            except ssl.SSLWantReadError:
                yield self._socket, selectors.EVENT_READ
                continue
            if count == 0:
                message = "closed"
                raise ConnectionError(message)
            self._filled += count
            return

    def close(self) -> None:
        self._socket.close()


@dataclass
class Told:
    """What all stations report."""

    first_s: list[float] = field(default_factory=list)
    whole_s: list[float] = field(default_factory=list)
    delivered_bytes: int = 0
    requests: int = 0
    wrong: int = 0
    again: int = 0
    errors: dict[str, int] = field(default_factory=dict)


class Station:
    """One workstation that opens one film."""

    def __init__(self, job: dict, number: int, told: Told, loop: Loop) -> None:
        self._job, self._told, self._loop = job, told, loop
        self._film = job["films"][number % len(job["films"])]
        self._context = ssl.create_default_context(cafile=job["ca"])
        if job["certificates"]:
            own = f"{job['certificates']}/station-{number}"
            self._context.load_cert_chain(f"{own}.pem", f"{own}.key")
        middle = len(self._film["instances"]) // 2
        order = sorted(range(len(self._film["instances"])), key=lambda place: abs(place - middle))
        self._wanted = deque(self._film["instances"][place] for place in order)
        self._began = 0.0
        self.is_opening = True
        self._left = len(order)

    def life(self) -> Steps:
        """From the click on."""
        self._began = time.monotonic()
        yield from self._working(opening=True)

    def _working(self, *, opening: bool) -> Steps:
        line = Line(self._job["port"], self._context, self._job["name"])
        try:
            yield from line.open()
            if opening:
                for path in self._film["questions"]:
                    yield from self._asked(line, path, JSON, "gzip")
                    body = gzip.decompress(line.body) if "\r\ncontent-encoding: gzip" in line.headers else line.body
                    if not json.loads(bytes(body)):
                        self._told.wrong += 1
                yield from self._image(line, self._wanted.popleft())
                self._told.first_s.append(time.monotonic() - self._began)
                self.is_opening = False
                for _ in range(CONNECTIONS - 1):
                    self._loop.start(self._working(opening=False), lambda: False)
            while self._wanted:
                yield from self._image(line, self._wanted.popleft())
        except (OSError, ValueError) as error:
            name = type(error).__name__ + (f" {error}" if isinstance(error, ValueError) else "")
            self._told.errors[name] = self._told.errors.get(name, 0) + 1
        finally:
            line.close()

    def _image(self, line: Line, wanted: dict) -> Steps:
        yield from self._asked(line, wanted["path"], DICOM, "identity")
        start = bytes(line.body[:1024]).find(b"\r\n\r\n") + 4
        data = line.body[start : start + wanted["length"]]
        if zlib.crc32(data) != wanted["crc"]:
            self._told.wrong += 1
        self._told.delivered_bytes += len(line.body)
        self._left -= 1
        if not self._left:
            self._told.whole_s.append(time.monotonic() - self._began)

    def _asked(self, line: Line, path: str, accept: str, encoding: str) -> Steps:
        for attempt in range(4):
            yield from line.get(self._job["root"] + path, accept, self._job["token"], encoding)
            self._told.requests += 1
            if line.status == 200:
                return
            if line.status not in (429, 503):
                break
            self._told.again += 1
            yield 1.0 + random.random() * 2**attempt
        message = f"status {line.status}"
        raise ValueError(message)


def main() -> None:
    job = json.loads(sys.stdin.readline())
    told, loop, chance = Told(), Loop(), random.Random(8)
    for number in range(job["stations"]):
        station = Station(job, number, told, loop)
        loop.start(station.life(), lambda station=station: station.is_opening, chance.uniform(0.0, job["arrivals_s"]))
    began = time.monotonic()
    loop.run()
    answer = {**told.__dict__, "seconds": time.monotonic() - began, "processor_s": time.process_time()}
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
