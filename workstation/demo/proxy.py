"""The demo's forward proxy: demands a name and a password, and leads to this machine only."""

from __future__ import annotations

import base64
import contextlib
import hmac
import http.client
import select
import socket
import threading
from collections import Counter
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from workstation.demo.loopback import LoopbackHandler, LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
_PIECE_BYTES: Final = 1 << 16
_IDLE_S: Final = 120.0
_HOP_BY_HOP: Final = frozenset({"connection", "proxy-connection", "proxy-authorization", "keep-alive", "host", "te"})


class ProxyHandler(LoopbackHandler):
    """One client of the proxy."""

    server_version = "demo-proxy"
    sys_version = ""

    @property
    def proxy(self) -> DemoProxy:
        """The proxy this connection belongs to."""
        return cast("_ProxyServer", self.server).proxy

    def do_CONNECT(self) -> None:  # noqa: N802
        """Open a tunnel."""
        host, _, port = self.path.rpartition(":")
        target = self._permitted(host, port)
        if target is None:
            return
        try:
            upstream = socket.create_connection(target, timeout=10)
        except OSError:
            self._refuse(502)
            return
        with upstream:
            self.send_response(200, "Connection established")
            self.end_headers()
            self.wfile.flush()
            self.close_connection = True
            _relay(self.connection, upstream)

    def do_GET(self) -> None:  # noqa: N802
        """Forward a plain request."""
        parts = urlsplit(self.path)
        target = self._permitted(parts.hostname or "", str(parts.port or 80))
        if target is None:
            return
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        upstream = http.client.HTTPConnection(*target, timeout=30)
        with contextlib.closing(upstream):
            try:
                upstream.request("GET", path, headers=headers)
                answer = upstream.getresponse()
            except (OSError, http.client.HTTPException):
                self._refuse(502)
                return
            self._pass_back(answer)

    def _pass_back(self, answer: http.client.HTTPResponse) -> None:
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP | {"transfer-encoding", "date", "server"}:
                self.send_header(name, value)
        if answer.length is None:  # its end is the end of the connection
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        while piece := answer.read1(_PIECE_BYTES):
            self.wfile.write(piece)
        self.wfile.flush()

    def _permitted(self, host: str, port: str) -> tuple[str, int] | None:
        self.proxy.note(f"{host}:{port}")
        scheme, _, words = self.headers.get("Proxy-Authorization", "").partition(" ")
        if scheme.lower() != "basic" or not self.proxy.accepts(words):
            self._refuse(407, ("Proxy-Authenticate", 'Basic realm="demo"'))
            return None
        if host not in _LOOPBACK or not port.isdecimal():
            self._refuse(403)
            return None
        self.proxy.note(f"{host}:{port}", is_passed=True)
        return host, int(port)

    def _refuse(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until either side ends or nothing has come for a while."""
    ends = {one: other, other: one}
    with contextlib.suppress(OSError, ValueError):
        while ready := select.select(list(ends), [], [], _IDLE_S)[0]:
            if not _carried(ready, ends):
                return


def _carried(ready: Iterable[socket.socket], ends: dict[socket.socket, socket.socket]) -> bool:
    for source in ready:
        data = source.recv(_PIECE_BYTES)
        if not data:
            return False
        ends[source].sendall(data)
    return True


class _ProxyServer(LoopbackServer):
    def __init__(self, proxy: DemoProxy, handler: type[ProxyHandler]) -> None:
        self.proxy = proxy
        super().__init__(handler)


class DemoProxy:
    """A forward proxy on a free loopback port.

    Attributes
    ----------
    asked, passed : Counter
        How often each ``host:port`` was asked for, and how often the way was opened.
    """

    def __init__(self, user: str, password: str, handler: type[ProxyHandler] = ProxyHandler) -> None:
        self._expected = base64.b64encode(f"{user}:{password}".encode())
        self._lock = threading.Lock()
        self.asked: Counter[str] = Counter()
        self.passed: Counter[str] = Counter()
        self._server = _ProxyServer(self, handler)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def accepts(self, words: str) -> bool:
        """Whether a Basic header's value is name and password."""
        return hmac.compare_digest(words.strip().encode(), self._expected)

    def note(self, place: str, *, is_passed: bool = False) -> None:
        """Count a request for `place`."""
        with self._lock:
            (self.passed if is_passed else self.asked)[place] += 1

    def close(self) -> None:
        """Stop serving."""
        self._server.close()
