"""TLS with servers: whom to believe, what to show, and what each fault is called."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from tests.archive.scripted import (
    OK,
    Scripted,
    answering,
    ask,
    certificate_files,
    error_of,
    free_port,
    raw_server,
    tls_wrapping,
)
from workstation.errors import (
    ConfigError,
    ConnectionFailed,
    StationError,
)
from workstation.reference import Secret
from workstation.settings import TlsSettings

# --- TLS


def test_a_server_of_the_hospitals_authority_is_believed(connect, tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with Scripted(OK, certificate=certificate_files(tmp_path, authority, "127.0.0.1")) as server:
        assert ask(connect(tls=TlsSettings(ca=str(tmp_path / "ca.pem"))), server.url) == b"hello"


def test_an_unknown_authority_is_named(connect, tmp_path):
    authority = trustme.CA(organization_name="Hospital Inspecting Proxy")
    with Scripted(OK, certificate=certificate_files(tmp_path, authority, "127.0.0.1")) as server:
        error = error_of(ConnectionFailed, ask, connect(), server.url)
        assert error.code == "tls-unknown-authority"
        assert error.params == {"host": "127.0.0.1", "issuer": "Hospital Inspecting Proxy"}
        assert server.asked == []


def test_a_certificate_for_another_name_is_refused(connect, tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    for names in (("cloud.example",), ("127.0.0.2",)):
        with Scripted(OK, certificate=certificate_files(tmp_path, authority, *names)) as server:
            error = error_of(ConnectionFailed, ask, connect(tls=TlsSettings(ca=str(tmp_path / "ca.pem"))), server.url)
            assert (error.code, error.params) == ("tls-wrong-host", {"host": "127.0.0.1"})


def test_an_expired_certificate_is_refused(connect, tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    leaf = certificate_files(tmp_path, authority, "127.0.0.1", not_after=yesterday)
    with Scripted(OK, certificate=leaf) as server:
        error = error_of(ConnectionFailed, ask, connect(tls=TlsSettings(ca=str(tmp_path / "ca.pem"))), server.url)
        assert (error.code, error.params) == ("tls-expired", {"host": "127.0.0.1"})


def test_a_server_that_speaks_no_tls_is_said(connect):
    with Scripted(OK) as server:
        error = error_of(ConnectionFailed, ask, connect(), server.url.replace("http:", "https:"))
        assert error.code == "tls-failed"
        assert error.params["host"] == "127.0.0.1"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_tls_older_than_1_2_is_refused(connect, tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    leaf = certificate_files(tmp_path, authority, "127.0.0.1")
    talk = tls_wrapping(leaf, lambda c: c.recv(10), maximum=ssl.TLSVersion.TLSv1_1)
    with raw_server(talk) as port:
        connection = connect(tls=TlsSettings(ca=str(tmp_path / "ca.pem")))
        error = error_of(ConnectionFailed, ask, connection, f"https://127.0.0.1:{port}/")
        assert error.code in {"tls-failed", "connection-lost"}


@pytest.mark.parametrize("maximum", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
def test_a_server_that_wants_a_client_certificate_gets_it_or_says_so(connect, tmp_path, maximum):
    authority, clients = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server_pem = certificate_files(tmp_path, authority, "127.0.0.1")
    client_pem = certificate_files(tmp_path, clients, "workstation.example")
    stranger_pem = certificate_files(tmp_path, trustme.CA(), "workstation.example")
    hello = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    with raw_server(tls_wrapping(server_pem, hello, client_ca=clients, maximum=maximum)) as port:
        url, ca = f"https://127.0.0.1:{port}/", str(tmp_path / "ca.pem")
        assert ask(connect(tls=TlsSettings(ca=ca, client_cert=str(client_pem))), url) == b"hello"
        refused = error_of(ConnectionFailed, ask, connect(tls=TlsSettings(ca=ca, client_cert=str(stranger_pem))), url)
        assert refused.code == "tls-client-certificate"
        missing = error_of(ConnectionFailed, ask, connect(tls=TlsSettings(ca=ca)), url)
        if maximum is ssl.TLSVersion.TLSv1_3:
            assert missing.code == "tls-client-certificate"
        else:  # before TLS 1.3 a server can only say that the handshake failed
            assert (missing.code, missing.params["reason"]) == ("tls-failed", "sslv3 alert handshake failure")


def test_a_gateways_page_about_a_missing_client_certificate_is_understood(connect):
    page = b"<html><head><title>400 No required SSL certificate was sent</title></head></html>"  # nginx 1.22
    with Scripted((400, {"Content-Type": "text/html"}, page)) as server:
        assert error_of(ConnectionFailed, ask, connect(), server.url).code == "tls-client-certificate"


def locked_key(folder, password):
    from cryptography.hazmat.primitives import serialization

    leaf = trustme.CA().issue_cert("workstation.example")
    key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password.encode()),
        )
    )
    (folder / "cert.pem").write_bytes(leaf.cert_chain_pems[0].bytes())
    return {"client_cert": str(folder / "cert.pem"), "client_key": str(folder / "key.pem")}


def test_a_locked_client_key_is_opened_with_its_secret(connect, tmp_path):
    tls = TlsSettings(**locked_key(tmp_path, "pw"), client_key_secret="key")
    url = f"https://127.0.0.1:{free_port()}/"
    opened = connect(tls=tls, secret={"key": Secret("pw")}.get)
    assert error_of(ConnectionFailed, ask, opened, url).code == "server-unreachable"
    unknown = connect(tls=tls)
    assert error_of(StationError, ask, unknown, url).code == "secret-missing"
    wrong = connect(tls=tls, secret={"key": Secret("no")}.get)
    assert error_of(ConfigError, ask, wrong, url).params["key"] == "tls.client_cert"


@pytest.mark.parametrize("key", ["ca", "client_cert"])
def test_a_certificate_file_that_is_none_is_said(connect, tmp_path, key):
    (tmp_path / "x.pem").write_text("nothing")
    for name in ("x.pem", "missing.pem"):
        connection = connect(tls=TlsSettings(**{key: str(tmp_path / name)}))
        assert error_of(ConfigError, ask, connection, "https://127.0.0.1:1/").params["key"] == f"tls.{key}"
