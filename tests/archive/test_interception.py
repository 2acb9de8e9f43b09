"""A proxy that opens TLS and shows certificates of its own is refused, whatever it shows, and nothing is told to it."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from tests.archive.scripted import OK, Scripted, ask, certificate_files, error_of, raw_server
from workstation.archive.retries import Retries
from workstation.errors import ConnectionFailed
from workstation.reference import Secret
from workstation.settings import NetworkSettings, ProxySettings, TlsSettings

HOST = "cloud.example"
NOW = datetime.now(UTC)


class Interceptor:
    """Answers CONNECT itself, then speaks as the server with `certificate`; what it gets to read is kept."""

    def __init__(self, certificate):
        self.certificate, self.heard = certificate, b""

    def __call__(self, connection):
        request = connection.recv(65536)
        if not request.startswith(b"CONNECT"):
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        if self.certificate is None:  # no TLS at all
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        with context.wrap_socket(connection, server_side=True) as secure:
            while data := secure.recv(65536):
                self.heard += data
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


def self_signed(folder):
    import subprocess

    path = folder / "self.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/stdout", "-out", "/dev/stdout",
         "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"],
        capture_output=True, check=True,
    )  # fmt: skip
    path.write_bytes(made.stdout)
    return path


def shown(kind, folder, ours):
    theirs = trustme.CA(organization_name="Web Filter")
    if kind == "unknown authority":
        return certificate_files(folder, theirs, HOST)
    if kind == "self-signed":
        return self_signed(folder)
    if kind == "same name, another key":
        twin = trustme.CA(organization_name="Regional Cloud Authority")
        return certificate_files(folder, twin, HOST)
    if kind == "our authority, another host":
        return certificate_files(folder, ours, "filter.example")
    if kind == "expired":
        return certificate_files(folder, ours, HOST, not_after=NOW - timedelta(days=1))
    if kind == "not valid yet":
        return certificate_files(folder, ours, HOST, not_before=NOW + timedelta(days=2))
    if kind == "unknown authority below ours by name":
        return certificate_files(folder, theirs.create_child_ca(), HOST)
    return None


KINDS = {
    "unknown authority": "tls-unknown-authority",
    "self-signed": "tls-unknown-authority",
    "same name, another key": "tls-unknown-authority",
    "unknown authority below ours by name": "tls-unknown-authority",
    "our authority, another host": "tls-wrong-host",
    "expired": "tls-expired",
    "not valid yet": "",
    "no tls": "",
}


@pytest.fixture
def ours(tmp_path):
    authority = trustme.CA(organization_name="Regional Cloud Authority")
    authority.cert_pem.write_to_path(tmp_path / "ours.pem")
    return authority


@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy_that_opens_tls_is_refused_and_hears_nothing(connect, tmp_path, ours, kind):
    talk = Interceptor(shown(kind, tmp_path, ours))
    with raw_server(talk) as port:
        connection = connect(
            Retries(tries=0),
            proxy=ProxySettings(url=f"http://127.0.0.1:{port}"),
            tls=TlsSettings(ca=str(tmp_path / "ours.pem")),
        )
        error = error_of(
            ConnectionFailed, ask, connection, f"https://{HOST}/x", headers={"Authorization": Secret("Bearer canary")}
        )
    assert error.code.startswith("tls-") or error.code in {"connection-lost", "proxy-failed"}
    assert not KINDS[kind] or error.code == KINDS[kind]
    assert talk.heard == b""


def test_an_interception_that_begins_in_the_middle_of_a_load_is_refused(connect, tmp_path, ours):
    """The first images came from the cloud itself; a filter is switched on, and old connections end."""
    good, bad = certificate_files(tmp_path, ours, "127.0.0.1"), certificate_files(tmp_path, trustme.CA(), "127.0.0.1")
    tls = TlsSettings(ca=str(tmp_path / "ours.pem"))
    connection = connect(Retries(tries=1, base_s=0.0), tls=tls, network=NetworkSettings(connect_timeout_s=2.0))
    with Scripted(OK, certificate=good) as server:
        port = server.port
        assert ask(connection, server.url) == b"hello"
    import socket

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bad)
    listener = socket.create_server(("127.0.0.1", port))
    import contextlib
    import threading

    heard = []

    def serve():
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                with contextlib.suppress(OSError), context.wrap_socket(client, server_side=True) as secure:
                    heard.append(secure.recv(100))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        assert error_of(ConnectionFailed, ask, connection, f"https://127.0.0.1:{port}/").code == "tls-unknown-authority"
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
    assert b"".join(heard) == b""
