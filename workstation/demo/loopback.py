"""A small HTTP server on a free loopback port, with or without TLS, that ends when it is told to."""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)


class LoopbackHandler(BaseHTTPRequestHandler):
    """HTTP/1.1 with kept-alive connections, and a log without addresses."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: addresses hold tokens."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002
        """Note the method and the status alone."""
        _log.debug("%s %s", self.command, code)


class LoopbackServer(ThreadingHTTPServer):
    """Serves until `close`; its sockets are closed with it, so that no thread stays behind."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, handler: type[BaseHTTPRequestHandler], certificate: Path | None = None, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.minimum_version = ssl.TLSVersion.TLSv1_2
            self._context.load_cert_chain(certificate)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="demo-server", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Do TLS on the connection's own thread: a slow handshake holds up nobody else."""
        if self._context is not None:
            request.settimeout(10)
            request = self._context.wrap_socket(request, server_side=True)
        with self._lock:
            self._open.add(request)
        try:
            super().finish_request(request, client_address)
        finally:
            with self._lock:
                self._open.discard(request)
            if self._context is not None:
                with contextlib.suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)
                request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """A client that went away is no error here."""
        _log.debug("a connection ended early: %s", type(sys.exception()).__name__)

    def close(self) -> None:
        """Stop listening, and close every connection."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._lock:
            still_open = list(self._open)
        for one in still_open:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)
