"""A cloud of the tests' own behind TLS: answers as a test says, and remembers every request."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workstation.demo.loopback import LoopbackHandler, LoopbackServer

if TYPE_CHECKING:
    from pathlib import Path

BOUNDARY = "7d1f0c"


@dataclass
class Reply:
    """What comes for one path. `wait_s` passes before it; `cut` bytes of the body come, then the line ends."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait_s: float = 0.0
    cut: int = -1
    framing: str = "length"  # length, chunked, close


def part(data: bytes) -> Reply:
    """An instance as DICOMweb sends it (PS3.18 8.7.1)."""
    head = f"--{BOUNDARY}\r\nContent-Type: application/dicom\r\nContent-Length: {len(data)}\r\n\r\n".encode()
    kind = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'
    return Reply(headers={"Content-Type": kind}, body=head + data + f"\r\n--{BOUNDARY}--\r\n".encode())


class Cloud(LoopbackServer):
    """`replies` by path without query, or by path and ``Authorization``; what is not there is a 404.

    A search for one study, which the gateway asks to learn whether a token still opens it, is answered with `permits`
    by ``Authorization``, else with 200.
    """

    request_queue_size = 256

    def __init__(self, certificate: Path) -> None:
        self.replies: dict[str | tuple[str, str], Reply] = {}
        self.permits: dict[str, Reply] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.lock = threading.Lock()
        super().__init__(_Handler, certificate)

    def process_request(self, request, client_address) -> None:
        """A thread for each connection, which the gateway keeps open beyond the test that began it."""
        arguments = (request, client_address)
        threading.Thread(
            target=self.process_request_thread, args=arguments, name="pool-shared-cloud", daemon=True
        ).start()

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        with self.lock:
            return Counter(asked.partition("?")[0] for _, asked, _ in self.asked)[path]

    def last(self, path: str) -> dict[str, str]:
        """The headers of the last request for a path, names in lower case."""
        with self.lock:
            return next(headers for _, asked, headers in reversed(self.asked) if asked.partition("?")[0] == path)


class _Handler(LoopbackHandler):
    server: Cloud

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.rfile.read(int(headers.get("content-length", 0)))
        path, _, query = self.path.partition("?")
        sign_in = headers.get("authorization", "")
        with self.server.lock:
            self.server.asked.append((self.command, self.path, headers))
            default = Reply(404, {"Content-Type": "text/plain"}, b"no such thing")
            if path.endswith("/studies") and "limit=1" in query and "includefield" not in query:
                default = self.server.permits.get(
                    sign_in, Reply(headers={"Content-Type": "application/dicom+json"}, body=b"[]")
                )
            reply = self.server.replies.get((path, sign_in)) or self.server.replies.get(path) or default
        time.sleep(reply.wait_s)
        self._send(reply)

    do_POST = do_HEAD = do_PUT = do_DELETE = do_GET  # noqa: N815 - names of the standard library

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.framing == "length":
            self.send_header("Content-Length", str(len(reply.body)))
        elif reply.framing == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        body = reply.body if reply.cut < 0 else reply.body[: reply.cut]
        if reply.framing == "chunked":
            body = b"%x\r\n%b\r\n" % (len(body), body) + (b"0\r\n\r\n" if reply.cut < 0 else b"")
        self.wfile.write(body)
        self.wfile.flush()
        if reply.cut >= 0:
            self.close_connection = True
