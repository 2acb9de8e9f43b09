"""A loopback server that answers as a test says, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING

import pytest

from workstation.archive.retries import Retries
from workstation.demo.loopback import LoopbackHandler, LoopbackServer
from workstation.tasks import CancelToken

if TYPE_CHECKING:
    import trustme


class Scripted(LoopbackServer):
    """Answers each request with the next entry of `script`: ``(status, headers, body)``; the last one repeats."""

    def __init__(self, *script, certificate=None):
        self.script = list(script)
        self.asked = []
        super().__init__(_Handler, certificate)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


class _Handler(LoopbackHandler):
    def do_GET(self):
        body_in = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, dict(self.headers.items()), body_in))
        script = self.server.script
        status, headers, body = script.pop(0) if len(script) > 1 else script[0]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def do_POST(self):
        self.do_GET()


@contextlib.contextmanager
def raw_server(talk):
    """A listening socket whose every connection is handed to ``talk(socket)``; gives its port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    threads, socks = [], []

    def one(connection):
        with contextlib.suppress(OSError, ValueError), connection:
            talk(connection)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                socks.append(connection)
                threads.append(threading.Thread(target=one, args=(connection,), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listener.getsockname()[1]
    finally:
        for sock in [listener, *socks]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        accepting.join(5)
        for thread in threads:
            thread.join(5)


def free_port():
    """A loopback port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate_files(folder, authority: trustme.CA, *names, **kwargs):
    """A server certificate of `authority` for `names`, with its key, as one PEM file."""
    leaf = authority.issue_cert(*names, **kwargs)
    path = folder / f"leaf-{len(list(folder.iterdir()))}.pem"
    leaf.private_key_and_cert_chain_pem.write_to_path(path)
    return path


def tls_wrapping(certificate, talk, *, client_ca=None, maximum=None):
    """A ``talk`` for `raw_server` that does TLS first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if client_ca is not None:
        client_ca.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    if maximum is not None:
        context.maximum_version = maximum

    def wrapped(connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            talk(secure)

    return wrapped


OK = (200, {"Content-Type": "text/plain"}, b"hello")
QUICK = Retries(base_s=0.001, cap_s=0.05)


def ask(connection, url, **kwargs):
    kwargs.setdefault("token", CancelToken())
    with connection.get(url, accept="*/*", **kwargs) as answer:
        return answer.read(1 << 20)


def error_of(family, call, *args, **kwargs):
    with pytest.raises(family) as caught:
        call(*args, **kwargs)
    return caught.value


def answering(head, *pieces, pause=0.0, then=None):
    """A talk that reads a request and sends pieces."""

    def talk(connection):
        connection.recv(65536)
        connection.sendall(head)
        for piece in pieces:
            time.sleep(pause)
            connection.sendall(piece)
        if then is not None:
            then(connection)

    return talk


def silent(connection):
    """Say nothing until the other side goes away."""
    while connection.recv(65536):
        pass
