"""Sockets: to a server or a proxy, CONNECT through it with sign-in, TLS on top. Faults leave here as our errors.

`_tunnel` of `http.client` cannot answer a 407, and knows the status of a refusal only as text; ours does both.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any, Final

import urllib3.connection
import urllib3.exceptions

from workstation.archive import sign_in, tls
from workstation.archive.freshness import Kept
from workstation.archive.paced import paced
from workstation.errors import ConnectionFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedReader

    from workstation.archive.proxies import Way
    from workstation.archive.sign_in import Conversation, ProxySignIn
    from workstation.tasks import CancelToken

_BODY_LIMIT_BYTES: Final = 1 << 16
_current = threading.local()


class Call:
    """One request on its way: knows the socket it uses, so that a cancelled token can cut it at once.

    `address` goes onto the wire exactly as it stands. urllib3 would escape ``^`` in it, which archives that decode
    nothing (Orthanc 1.10) then look for in vain.
    """

    def __init__(self, token: CancelToken, address: str) -> None:
        self.address = address
        self._connection: Any = None
        self.is_reused = False
        self.release: Callable[[], None] = token.when_cancelled(self._cut)

    def __enter__(self) -> Call:
        _current.call = self
        return self

    def __exit__(self, *exception: object) -> None:
        _current.call = None

    def attach(self, connection: Any, *, is_reused: bool) -> None:
        """Take note of the connection that serves this call."""
        self._connection = connection
        self.is_reused = is_reused

    @property
    def is_doubtful(self) -> bool:
        """Whether it went out on a connection that had been idle for a while."""
        return bool(getattr(self._connection, "is_doubtful", False))

    def _cut(self) -> None:
        sock = getattr(self._connection, "sock", None)
        if isinstance(sock, socket.socket):
            with contextlib.suppress(OSError):
                # not SSLSocket.shutdown, which pulls the TLS state away under the thread that is reading
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _attach(connection: Any, *, is_reused: bool) -> Call | None:
    call: Call | None = getattr(_current, "call", None)
    if call is not None:
        call.attach(connection, is_reused=is_reused)
    return call


def unreachable(error: Exception, host: str, way: Way, seconds: float) -> ConnectionFailed:
    """Our error for a socket that could not be opened: to the proxy, if there is one, else to the host."""
    if way.proxy:
        return ConnectionFailed("proxy-unreachable", proxy=way.name)
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return ConnectionFailed("name-not-found", host=host)
    # in urllib3 a refused connection is a kind of timed-out one, so the class alone does not tell
    if not isinstance(error, urllib3.exceptions.NewConnectionError):
        return ConnectionFailed("timed-out", host=host, seconds=seconds)
    return ConnectionFailed("server-unreachable", host=host)


_NO_SOCKET = (
    urllib3.exceptions.NameResolutionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NewConnectionError,
)


class _Reader:
    """The file an answer's head is read from; notes when it ends in the middle of it."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.is_cut = False

    def readline(self, limit: int = -1) -> bytes:
        line: bytes = self.file.readline(limit)
        self.is_cut = self.is_cut or not line.endswith(b"\n")
        return line

    def close(self) -> None:
        self.file.close()


class WholeHeadResponse(http.client.HTTPResponse):
    """An answer whose headers came to their end.

    `http.client` takes a connection that ends within the headers for the end of the headers: a length or half a
    content type would be missing, and nobody would know.
    """

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = paced(sock)

    def begin(self) -> None:
        """Read status and headers; a head that was cut is a lost connection."""
        reader = _Reader(self.fp)
        self.__dict__["fp"] = reader
        try:
            super().begin()
        finally:
            if self.__dict__["fp"] is reader:  # it is None when there is no body
                self.fp = reader.file
        if reader.is_cut:
            self.close()
            raise http.client.RemoteDisconnected("the head of the answer was cut")


class PlainConnection(Kept, urllib3.connection.HTTPConnection):  # type: ignore[misc] # http.client answers another
    """Unencrypted: to this machine, or where IT allowed it."""

    response_class = WholeHeadResponse

    def __init__(self, *args: Any, way: Way, target: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._way = way
        self._target = target

    def _new_conn(self) -> socket.socket:
        try:
            made = super()._new_conn()
        except _NO_SOCKET as error:
            raise unreachable(error, self._target, self._way, float(self.timeout or 0)) from None
        return made

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        """Send a request, on the socket that a cancelled call may cut."""
        call = _attach(self, is_reused=self.sock is not None)
        self.begin()
        super().request(method, call.address if call is not None else url, *args, **kwargs)


class _AskAgain(Exception):
    """The proxy closed the connection after asking for a sign-in; a new one is needed to answer."""


class SecureConnection(Kept, urllib3.connection.HTTPSConnection):  # type: ignore[misc]
    """TLS to the server, through the proxy's CONNECT where there is one."""

    response_class = WholeHeadResponse

    def __init__(self, *args: Any, way: Way, target: str, proxy_sign_in: ProxySignIn | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._way = way
        self._target = target
        self._sign_in = proxy_sign_in
        self._is_through = False
        self._has_served = False

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        """Send a request, on the socket that a cancelled call may cut."""
        call = _attach(self, is_reused=self.sock is not None and self._has_served)
        self._has_served = True
        self.begin()
        super().request(method, call.address if call is not None else url, *args, **kwargs)

    def _new_conn(self) -> socket.socket:
        try:
            made = super()._new_conn()
        except _NO_SOCKET as error:
            raise unreachable(error, self._target, self._way, float(self.timeout or 0)) from None
        _attach(self, is_reused=False)
        return made

    def connect(self) -> None:
        """Open the way; each fault is one of our errors, of the proxy until it has let us through."""
        for _ in range(1 + len(("negotiate", "ntlm", "basic"))):
            self._has_served = False
            try:
                super().connect()
            except _AskAgain:
                self._drop()
                continue
            except ssl.SSLError as error:
                self._drop()
                raise tls.failure(error, self._talking_to) from error
            except TimeoutError as error:
                self._drop()
                raise ConnectionFailed("timed-out", host=self._talking_to, seconds=float(self.timeout or 0)) from error
            except OSError as error:
                self._drop()
                raise ConnectionFailed("connection-lost", host=self._talking_to) from error
            return
        raise ConnectionFailed("proxy-failed", proxy=self._way.name, status=407)

    @property
    def is_connected(self) -> bool:
        """Whether the kept connection can still be used.

        urllib3 takes one that has something to read for dead. In TLS 1.3 the tickets that follow the handshake are
        something to read, so that a connection opened ahead would always be thrown away: TLS itself is asked.
        """
        if not isinstance(self.sock, ssl.SSLSocket) or super().is_connected:
            return super().is_connected
        self.sock.settimeout(0.0)
        try:
            self.sock.recv(1)
        except ssl.SSLWantReadError:
            return True
        except OSError:
            return False
        finally:
            self.sock.settimeout(self.timeout)
        return False  # the end, or words that nobody asked for

    @property
    def _talking_to(self) -> str:
        is_proxy_next = bool(self._way.proxy) and not self._is_through
        return self._way.name if is_proxy_next else self._target

    def _drop(self) -> None:
        # not close(): that would forget the tunnel's target, which the next try needs
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.close()
        self.sock = None

    def _tunnel(self) -> None:
        self._is_through = False
        if self._sign_in is None:
            raise ConnectionFailed("proxy-failed", proxy=self._way.name, status=0)
        with self._sign_in.one_at_a_time(), paced(self.sock) as answers:
            self._negotiate(self._sign_in, answers)
        self._is_through = True

    def _negotiate(self, known: ProxySignIn, answers: BufferedReader) -> None:
        conversation = known.begin()
        header = conversation.header("") if conversation is not None else None
        while True:
            status, headers = self._ask(answers, header)
            if 200 <= status < 300:
                return
            if status != 407:
                raise refusal(status, self._way, self._target, self._tunnel_port or 0)
            conversation, header = self._next(known, conversation, headers)
            if not _finish(answers, headers):
                raise _AskAgain

    def _ask(self, answers: BufferedReader, header: str | None) -> tuple[int, http.client.HTTPMessage]:
        host = self._tunnel_host or ""
        place = f"[{host}]:{self._tunnel_port}" if ":" in host else f"{host}:{self._tunnel_port}"
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}", "Proxy-Connection: keep-alive"]
        if header:
            lines.append(f"Proxy-Authorization: {header}")
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
        try:
            words = answers.readline(1024).split(None, 2)
            if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
                raise ConnectionFailed("proxy-failed", proxy=self._way.name, status=0)
            return int(words[1]), http.client.parse_headers(answers)
        except http.client.HTTPException as error:
            raise ConnectionFailed("proxy-failed", proxy=self._way.name, status=0) from error

    def _next(
        self, known: ProxySignIn, conversation: Conversation | None, headers: http.client.HTTPMessage
    ) -> tuple[Conversation, str | None]:
        offered = sign_in.offers(headers.get_all("Proxy-Authenticate", []))
        if conversation is not None:
            header = conversation.header(offered.get(conversation.scheme, ""))
            if header is not None:
                return conversation, header
            if conversation.scheme in offered and not known.refused(conversation):
                raise ConnectionFailed("proxy-wrong-password", proxy=self._way.name)
        conversation = known.choose(offered)
        return conversation, conversation.header("")


def _finish(answers: BufferedReader, headers: http.client.HTTPMessage) -> bool:
    """Read the 407's page away; gives whether the connection can be used to answer."""
    length = headers.get("Content-Length", "0").strip()
    closes = "close" in (headers.get("Connection", "") + headers.get("Proxy-Connection", "")).lower()
    if closes or headers.get("Transfer-Encoding") or not length.isdigit() or int(length) > _BODY_LIMIT_BYTES:
        return False
    return len(answers.read(int(length))) == int(length)


def refusal(status: int, way: Way, host: str, port: int) -> ConnectionFailed:
    """Our error for a CONNECT that the proxy answered with `status`."""
    if status == 403:
        return ConnectionFailed("proxy-forbidden", proxy=way.name, host=host, port=port)
    return ConnectionFailed("proxy-failed", proxy=way.name, status=status)
