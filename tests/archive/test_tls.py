"""Whom the workstation believes, and what it says when it does not."""

from __future__ import annotations

import select
import socket
import ssl

import pytest
import trustme

from tests.archive.scripted import Scripted, certificate_files, raw_server, tls_wrapping
from workstation.archive import tls
from workstation.archive.connection import Connection
from workstation.archive.retries import Retries
from workstation.errors import ConnectionFailed
from workstation.settings import ProxySettings, Settings, TlsSettings
from workstation.tasks import CancelToken


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_the_authority_is_named_whoever_verifies(tmp_path, platform):
    # on Windows and macOS the operating system verifies, through truststore; its socket class is the same here
    authority = trustme.CA(organization_name="Inspecting Proxy")
    leaf = certificate_files(tmp_path, authority, "127.0.0.1")
    context = tls._system_context(platform)
    with (
        raw_server(tls_wrapping(leaf, lambda c: c.recv(1))) as port,
        socket.create_connection(("127.0.0.1", port)) as raw,
    ):
        with pytest.raises(ssl.SSLCertVerificationError) as caught:
            context.wrap_socket(raw, server_hostname="127.0.0.1")
        error = tls.failure(caught.value, "127.0.0.1")
    assert (error.code, error.params["issuer"]) == ("tls-unknown-authority", "Inspecting Proxy")


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_nothing_weaker_than_tls_1_2_with_checked_names(platform, monkeypatch):
    monkeypatch.setattr(tls, "_system_context", lambda real=tls._system_context: real(platform))
    context = tls.context(TlsSettings(), lambda name: None)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


def windows(code, message="A certificate chain could not be built"):
    """The error as truststore makes it of Windows' answer."""
    error = ssl.SSLCertVerificationError(message)
    error.verify_message, error.verify_code = message, code
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (windows(0x800B0101), "tls-expired"),
        (windows(0x800B0109), "tls-unknown-authority"),
        (windows(0x800B010A - (1 << 32)), "tls-unknown-authority"),
        (windows(0x800B010F), "tls-wrong-host"),
        (windows(0x800B010C, "The certificate was revoked"), "tls-failed"),
        (ssl.SSLZeroReturnError(), "connection-lost"),
        (ssl.SSLEOFError(), "connection-lost"),
        (ssl.SSLError(), "tls-failed"),
    ],
)
def test_each_systems_words_become_one_of_ours(error, code):
    assert tls.failure(error, "cloud.example").code == code


def test_a_reason_holds_words_only():
    error = tls.failure(windows(1, "Revoked: https://canary/?token=1"), "cloud.example")
    assert error.params["reason"] == "revoked httpscanarytoken1"


def test_an_issuer_is_found_in_its_most_telling_name():
    authority = trustme.CA(organization_name="Org")
    assert tls.issuer_of(ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode())) == "Org"
    assert tls.issuer_of(b"no certificate") == ""


def test_authorities_are_looked_for_where_distributions_keep_them(monkeypatch, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority = trustme.CA()
    bundle = tmp_path / "bundle.pem"
    authority.cert_pem.write_to_path(bundle)
    paths = ssl.get_default_verify_paths()
    none = str(tmp_path / "none")
    monkeypatch.setattr(
        ssl, "get_default_verify_paths", lambda: paths._replace(openssl_cafile=none, openssl_capath=none)
    )
    monkeypatch.setattr(tls, "_BUNDLES", (none, str(bundle)))
    tls._load_system_authorities(context)
    assert context.cert_store_stats()["x509_ca"] == 1
    monkeypatch.setattr(tls, "_BUNDLES", ())
    empty = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls._load_system_authorities(empty)
    assert empty.cert_store_stats()["x509_ca"] == 0
    monkeypatch.setattr(
        ssl, "get_default_verify_paths", lambda: paths._replace(openssl_cafile=none, openssl_capath=str(tmp_path))
    )
    tls._load_system_authorities(empty)


def relay_after_connect(client):
    """A proxy's CONNECT, spoken inside TLS: answer it, then carry bytes both ways."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += client.recv(4096)
    port = int(head.split(b" ")[1].rpartition(b":")[2])
    with socket.create_connection(("127.0.0.1", port)) as upstream:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            ready = [client] if client.pending() else select.select([client, upstream], [], [], 5)[0]
            for source in ready:
                data = source.recv(65536)
                if not data:
                    return
                (upstream if source is client else client).sendall(data)


def test_a_proxy_that_is_spoken_to_over_tls(tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    leaf = certificate_files(tmp_path, authority, "127.0.0.1")
    with (
        Scripted((200, {}, b"hello" * 1000), certificate=leaf) as server,
        raw_server(tls_wrapping(leaf, relay_after_connect)) as port,
    ):
        settings = Settings(
            proxy=ProxySettings(url=f"https://127.0.0.1:{port}"), tls=TlsSettings(ca=str(tmp_path / "ca.pem"))
        )
        connection = Connection(settings, lambda name: None, None, Retries(tries=0))
        for _ in range(2):
            with connection.get(server.url, accept="*/*", token=CancelToken()) as answer:
                assert answer.read(10_000) == b"hello" * 1000
        connection.close()
        doubtful = Connection(Settings(proxy=settings.proxy), lambda name: None, None, Retries(tries=0))
        with pytest.raises(ConnectionFailed) as caught:
            doubtful.get(server.url, accept="*/*", token=CancelToken())
        doubtful.close()
        assert caught.value.code == "tls-unknown-authority"
        assert caught.value.params["host"] == f"127.0.0.1:{port}"  # it is the proxy that is not believed
