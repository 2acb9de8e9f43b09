"""The way to a server and what its faults are called, over real sockets on loopback."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme

from tests.archive.scripted import Scripted, certificate_files, free_port, raw_server, tls_wrapping
from workstation.archive.connection import Connection
from workstation.archive.retries import Retries
from workstation.errors import (
    Cancelled,
    ConfigError,
    ConnectionFailed,
    LinkError,
    ServerRefused,
    StationError,
    TransferError,
)
from workstation.reference import Secret, Source
from workstation.settings import NetworkSettings, Settings, TlsSettings
from workstation.tasks import CancelToken

OK = (200, {"Content-Type": "text/plain"}, b"hello")
QUICK = Retries(base_s=0.001, cap_s=0.05)


@pytest.fixture
def connect():
    """Make connections that are closed at the end."""
    made = []

    def connect(retries=QUICK, *, secret=lambda name: None, idle=5.0, proxy_script=None, **settings):
        settings.setdefault("network", NetworkSettings(idle_timeout_s=idle, connect_timeout_s=2.0))
        made.append(Connection(Settings(**settings), secret, proxy_script, retries))
        return made[-1]

    yield connect
    for one in made:
        one.close()


def ask(connection, url, **kwargs):
    kwargs.setdefault("token", CancelToken())
    with connection.get(url, accept="*/*", **kwargs) as answer:
        return answer.read(1 << 20)


def error_of(family, call, *args, **kwargs):
    with pytest.raises(family) as caught:
        call(*args, **kwargs)
    return caught.value


# --- what is never sent


def test_nothing_is_sent_while_the_settings_are_broken(connect):
    with Scripted(OK) as server:
        connection = connect(problem=ConfigError("config-not-toml", file="x", line=1, column=1, reason=""))
        for call in (lambda: ask(connection, server.url), lambda: connection.warm(server.url)):
            assert error_of(ConnectionFailed, call).code == "network-off"
        assert server.asked == []


def test_plain_http_goes_to_this_machine_only_unless_it_is_allowed(connect, monkeypatch):
    error = error_of(LinkError, ask, connect(), "http://cloud.example/dicom-web")
    assert (error.code, error.params) == ("link-not-secure", {"host": "cloud.example"})
    with Scripted(OK) as server:
        real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **kw: real("127.0.0.1", *rest, **kw))
        allowed = connect(network=NetworkSettings(allow_http=True))
        assert ask(allowed, f"http://cloud.example:{server.port}/") == b"hello"


@pytest.mark.parametrize(
    "url",
    ["", "ftp://127.0.0.1/", "https://", "https://user:pw@127.0.0.1/", "https://127.0.0.1:x/", "http://127.0.0.1/a b",
     "http://127.0.0.1/\r\nX: y", "http://127.0.0.1/é", "https://[::1/"],
)  # fmt: skip
def test_what_is_no_address_is_not_requested_and_not_quoted(connect, url):
    error = error_of(LinkError, ask, connect(), url)
    assert (error.code, error.params) == ("link-not-understood", {})
    assert error.__cause__ is None


def test_a_header_cannot_smuggle_in_another(connect):
    with Scripted(OK) as server:
        error = error_of(
            LinkError, ask, connect(), server.url, headers={"Authorization": Secret("a\r\nX-Evil: canary")}
        )
        assert error.code == "link-not-understood"
        assert "canary" not in repr(error)
        assert server.asked == []


def test_the_environment_decides_neither_trust_nor_way(connect, monkeypatch, tmp_path):
    authority = trustme.CA()
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(bundle))
    with Scripted(OK, certificate=certificate_files(tmp_path, authority, "127.0.0.1")) as server:
        assert error_of(ConnectionFailed, ask, connect(), server.url).code == "tls-unknown-authority"


# --- refusals


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "bad-request"),
        (401, "sign-in-needed"),
        (403, "not-permitted"),
        (404, "not-found"),
        (410, "not-found"),
        (418, "bad-request"),
        (501, "server-error"),
    ],
)
def test_a_refusal_that_will_not_pass_is_asked_once(connect, status, code):
    with Scripted((status, {}, b"")) as server:
        error = error_of(ServerRefused, ask, connect(), server.url)
        assert (error.code, error.status) == (code, status)
        assert error.params["host"] == "127.0.0.1"
        assert len(server.asked) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_refusal_that_may_pass_is_asked_four_times(connect, status):
    with Scripted((status, {}, b"")) as server:
        error = error_of(ServerRefused, ask, connect(), server.url)
        assert error.code == ("busy" if status in {429, 503} else "server-error")
        assert len(server.asked) == 4


def test_a_refusal_that_passes_is_not_seen(connect):
    with Scripted((503, {}, b""), (500, {}, b""), OK) as server:
        assert ask(connect(), server.url) == b"hello"
        assert len(server.asked) == 3


def test_a_challenge_and_a_small_json_reason_come_with_the_refusal_and_are_not_printed(connect):
    reply = (
        401,
        {"WWW-Authenticate": 'Passcode session="https://x/canary"', "Content-Type": "application/json"},
        b'{"error": "canary"}',
    )
    with Scripted(reply) as server:
        error = error_of(ServerRefused, ask, connect(), server.url)
        assert error.challenge == 'Passcode session="https://x/canary"'
        assert error.detail == {"error": "canary"}
        assert "canary" not in f"{error} {error!r}"


@pytest.mark.parametrize("body", [b"[1]", b"{", b"[" * 100_000, b"x" * 100_000])
def test_a_reason_that_is_no_small_json_object_is_dropped(connect, body):
    with Scripted((403, {"Content-Type": "application/json"}, body)) as server:
        assert error_of(ServerRefused, ask, connect(), server.url).detail == {}


def test_retry_after_is_obeyed(connect):
    with Scripted((503, {"Retry-After": "1"}, b""), OK) as server:
        began = time.monotonic()
        assert ask(connect(Retries(base_s=0.001)), server.url) == b"hello"
        assert 1.0 <= time.monotonic() - began < 3.0


def test_retry_after_as_a_date_is_obeyed(connect):
    moment = datetime.now(UTC) + timedelta(seconds=2)
    with Scripted((429, {"Retry-After": format_datetime(moment, usegmt=True)}, b""), OK) as server:
        began = time.monotonic()
        assert ask(connect(Retries(base_s=0.001)), server.url) == b"hello"
        assert time.monotonic() - began > 0.5


def test_a_wait_that_a_server_asks_for_is_capped(connect):
    with Scripted((503, {"Retry-After": "3600"}, b""), OK) as server:
        began = time.monotonic()
        assert ask(connect(Retries(base_s=0.001, cap_s=0.2)), server.url) == b"hello"
        assert time.monotonic() - began < 2


def test_cancelling_ends_a_wait_at_once(connect):
    token = CancelToken()
    with Scripted((503, {"Retry-After": "50"}, b"")) as server:
        threading.Timer(0.2, token.cancel).start()
        began = time.monotonic()
        error_of(Cancelled, ask, connect(Retries()), server.url, token=token)
        assert time.monotonic() - began < 2


# --- redirects


def test_a_redirect_on_the_same_server_is_followed(connect):
    with Scripted((302, {"Location": "/there"}, b""), OK) as server:
        assert ask(connect(), server.url + "/here") == b"hello"
        assert [path for _, path, _, _ in server.asked] == ["/here", "/there"]


@pytest.mark.parametrize("place", ["https://127.0.0.1/", "http://localhost:{port}/", "//evil.example/", "javascript:x"])
def test_a_redirect_elsewhere_is_refused_and_the_sign_in_stays_here(connect, place):
    with Scripted((307, {"Location": place.format(port="PORT")}, b"")) as server:
        server.script = [(307, {"Location": place.format(port=server.port)}, b"")]
        error = error_of(ServerRefused, ask, connect(), server.url, headers={"Authorization": Secret("Bearer canary")})
        assert error.code == "redirected-away"
        assert len(server.asked) == 1


def test_a_redirect_in_a_circle_ends(connect):
    with Scripted((302, {"Location": "/"}, b"")) as server:
        assert error_of(ServerRefused, ask, connect(), server.url).code == "redirected-away"
        assert len(server.asked) == 6


# --- the body


def test_the_body_comes_with_its_type_and_in_pieces(connect):
    with Scripted((200, {"Content-Type": "text/plain"}, b"x" * 300_000)) as server:
        with connect().get(server.url, accept="*/*", token=CancelToken()) as answer:
            pieces = list(answer.chunks())
            assert (answer.status, answer.content_type, answer.length) == (200, "text/plain", 300_000)
        assert b"".join(pieces) == b"x" * 300_000
        assert len(pieces) > 1


def test_pixels_are_asked_for_uncompressed_and_lists_compressed(connect):
    packed = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"hello" * 1000))
    with Scripted(OK, packed) as server:
        ask(connect(), server.url)
        assert ask(connect(), server.url, encoding="gzip") == b"hello" * 1000
        assert [headers["Accept-Encoding"] for _, _, headers, _ in server.asked] == ["identity", "gzip"]


def test_compression_that_is_broken_is_noticed(connect):
    with Scripted((200, {"Content-Encoding": "gzip", "Content-Type": "x/y"}, b"this is no gzip")) as server:
        assert error_of(TransferError, ask, connect(), server.url).code == "not-dicom-answer"


def test_a_body_larger_than_its_limit_is_refused(connect):
    with (
        Scripted((200, {}, b"x" * 1000)) as server,
        connect().get(server.url, accept="*", token=CancelToken()) as answer,
    ):
        assert error_of(TransferError, answer.read, 999).code == "too-large"


def test_a_compressed_body_that_swells_beyond_its_limit_is_refused(connect):
    bomb = gzip.compress(bytes(50 << 20))
    with Scripted((200, {"Content-Encoding": "gzip"}, bomb)) as server:
        assert error_of(TransferError, ask, connect(), server.url, encoding="gzip").code == "too-large"


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


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "piece", "expected"),
    [
        (HEAD, b"x" * 99, 100),
        (HEAD, b"", 100),
        (CHUNKED, b"5\r\nhello\r\n", -1),
        (CHUNKED, b"9\r\nhello", -1),
        (CHUNKED, b"zz\r\n", -1),
    ],
)
def test_a_body_that_ends_early_is_cut_off(connect, head, piece, expected):
    with raw_server(answering(head, piece)) as port:
        error = error_of(TransferError, ask, connect(), f"http://127.0.0.1:{port}/")
        assert (error.code, error.params["expected"]) == ("cut-off", expected)


def test_a_connection_reset_in_the_middle_is_cut_off(connect):
    def reset(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    with raw_server(answering(HEAD, b"x" * 10, then=reset)) as port:
        error = error_of(TransferError, ask, connect(), f"http://127.0.0.1:{port}/")
        assert error.code == "cut-off"


def test_silence_in_the_middle_is_a_stall(connect):
    with raw_server(answering(HEAD, b"x" * 10, then=silent)) as port:
        error = error_of(TransferError, ask, connect(idle=0.3), f"http://127.0.0.1:{port}/")
        assert (error.code, error.params) == ("stalled", {"seconds": 0.3})


def test_a_body_that_only_drips_is_a_stall(connect):
    with raw_server(answering(HEAD, *[b"x"] * 20, pause=0.1)) as port:
        assert error_of(TransferError, ask, connect(idle=0.3), f"http://127.0.0.1:{port}/").code == "stalled"


def test_a_slow_body_that_keeps_coming_has_no_time_limit(connect):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n"
    with raw_server(answering(head, *[b"x" * 4000] * 10, pause=0.12)) as port:
        assert len(ask(connect(idle=0.3), f"http://127.0.0.1:{port}/")) == 40_000


@pytest.mark.parametrize("head", [HEAD + b"xxx", b""], ids=["in the body", "before the answer"])
def test_cancelling_cuts_a_silent_transfer_at_once(connect, head):
    token = CancelToken()
    with raw_server(answering(head, then=silent)) as port:
        threading.Timer(0.3, token.cancel).start()
        began = time.monotonic()
        error_of(Cancelled, ask, connect(idle=30), f"http://127.0.0.1:{port}/", token=token)
        assert time.monotonic() - began < 1.5


def test_what_was_cancelled_before_is_not_sent(connect):
    token = CancelToken()
    token.cancel()
    with Scripted(OK) as server:
        error_of(Cancelled, ask, connect(), server.url, token=token)
        assert server.asked == []


# --- faults of the way


def test_a_closed_port_is_a_server_that_cannot_be_reached(connect):
    error = error_of(ConnectionFailed, ask, connect(), f"https://127.0.0.1:{free_port()}/")
    assert (error.code, error.params) == ("server-unreachable", {"host": "127.0.0.1"})


def test_a_name_that_nobody_knows_is_said(connect, monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = error_of(ConnectionFailed, ask, connect(), "https://cloud.example/")
    assert (error.code, error.params) == ("name-not-found", {"host": "cloud.example"})


def test_a_server_that_does_not_take_the_connection_times_out(connect):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = []
        for _ in range(4):  # the queue of a listening socket is full: further handshakes are not answered
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
            fillers.append(filler)
        connection = connect(network=NetworkSettings(connect_timeout_s=0.5))
        error = error_of(ConnectionFailed, ask, connection, f"https://127.0.0.1:{full.getsockname()[1]}/")
        for filler in fillers:
            filler.close()
    assert (error.code, error.params) == ("timed-out", {"host": "127.0.0.1", "seconds": 0.5})


def test_a_server_that_says_nothing_times_out_and_is_not_asked_again(connect):
    asked = []

    def talk(connection):
        asked.append(connection.recv(65536))
        silent(connection)

    with raw_server(talk) as port:
        error = error_of(ConnectionFailed, ask, connect(idle=0.3), f"http://127.0.0.1:{port}/")
        assert (error.code, error.params) == ("timed-out", {"host": "127.0.0.1", "seconds": 0.3})
    assert len(asked) == 1


def test_a_handshake_that_is_not_answered_times_out(connect):
    with raw_server(silent) as port:
        connection = connect(network=NetworkSettings(connect_timeout_s=0.4))
        assert error_of(ConnectionFailed, ask, connection, f"https://127.0.0.1:{port}/").code == "timed-out"


def test_a_connection_lost_before_the_answer_is_tried_again(connect):
    talks = iter([lambda c: c.recv(65536), answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")])
    with raw_server(lambda c: next(talks)(c)) as port:
        assert ask(connect(), f"http://127.0.0.1:{port}/") == b"hello"


def test_a_connection_lost_every_time_is_said(connect):
    asked = []
    with raw_server(lambda c: asked.append(c.recv(65536))) as port:
        error = error_of(ConnectionFailed, ask, connect(), f"http://127.0.0.1:{port}/")
    assert (error.code, error.params, len(asked)) == ("connection-lost", {"host": "127.0.0.1"}, 4)


@pytest.mark.parametrize("keep", range(1, 60, 4))
def test_an_answer_whose_headers_are_cut_is_a_lost_connection_and_not_a_shorter_answer(connect, keep):
    whole = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
    with raw_server(answering(whole[:keep])) as port:
        assert error_of(ConnectionFailed, ask, connect(), f"http://127.0.0.1:{port}/").code == "connection-lost"


def test_an_answer_that_is_no_http_is_a_lost_connection(connect):
    with raw_server(answering(b"SSH-2.0-OpenSSH_9.2\r\n")) as port:
        assert error_of(ConnectionFailed, ask, connect(), f"http://127.0.0.1:{port}/").code == "connection-lost"


def test_a_kept_alive_connection_that_died_meanwhile_is_replaced_silently(connect):
    connections = []

    def talk(connection):  # answers once, then takes the next request and closes instead of answering
        connections.append(connection)
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        connection.recv(65536)

    with raw_server(talk) as port:
        connection = connect(Retries(tries=0))
        assert [ask(connection, f"http://127.0.0.1:{port}/") for _ in range(3)] == [b"hello"] * 3
        assert len(connections) == 3


@pytest.mark.parametrize("last_words", [b"", b"HTTP/1.1 408 Request Timeout\r\n\r\n"])
def test_a_kept_tls_connection_that_the_server_ended_is_replaced_silently(connect, tmp_path, last_words):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    ended, count = threading.Event(), []

    def talk(connection):
        count.append(1)
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" + last_words)
        connection.close()
        ended.set()

    with raw_server(tls_wrapping(certificate_files(tmp_path, authority, "127.0.0.1"), talk)) as port:
        connection = connect(Retries(tries=0), tls=TlsSettings(ca=str(tmp_path / "ca.pem")))
        for _ in range(3):
            assert ask(connection, f"https://127.0.0.1:{port}/") == b"hello"
            ended.wait(5)
            time.sleep(0.05)
    assert len(count) == 3


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


# --- posting, warming, logging


def test_a_post_sends_a_secret_in_its_body_only_and_is_never_repeated(connect):
    with Scripted((503, {}, b"")) as server:
        error = error_of(
            ServerRefused, connect().post_json, server.url, {"passcode": Secret("canary")}, token=CancelToken()
        )
        assert error.code == "busy"
        assert [(method, body) for method, _, _, body in server.asked] == [("POST", b'{"passcode": "canary"}')]


@pytest.mark.parametrize("body", [b"[]", b"{", b"<html>", b"[" * 50_000])
def test_a_reply_to_a_post_that_is_no_json_object_is_refused(connect, body):
    with Scripted((200, {"Content-Type": "text/html"}, body)) as server:
        error = error_of(TransferError, connect().post_json, server.url, {}, token=CancelToken())
        assert error.code == "not-dicom-answer"


def test_a_post_gives_the_object_that_came_back(connect):
    with Scripted((200, {"Content-Type": "application/json"}, b'{"token": "t"}')) as server:
        assert connect().post_json(server.url, {}, token=CancelToken()) == {"token": "t"}


@pytest.mark.parametrize("secure", [False, True])
def test_a_warmed_connection_serves_the_first_request(connect, tmp_path, secure):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    certificate = certificate_files(tmp_path, authority, "127.0.0.1") if secure else None
    opened = []
    with Scripted(OK, certificate=certificate) as server:
        real = server.get_request
        server.get_request = lambda: opened.append(1) or real()
        connection = connect(tls=TlsSettings(ca=str(tmp_path / "ca.pem")))
        connection.warm(server.url)
        connection.warm(server.url)
        deadline = time.monotonic() + 5
        while not opened and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (len(opened), server.asked) == (1, [])
        ask(connection, server.url)
        assert len(opened) == 1


def test_warming_what_cannot_be_reached_says_so(connect):
    assert error_of(ConnectionFailed, connect().warm, f"https://127.0.0.1:{free_port()}/").code == "server-unreachable"


def test_many_threads_share_the_connections(connect):
    with Scripted((200, {}, b"x" * 5000)) as server:
        connection = connect()
        got = []

        def work():
            got.extend(ask(connection, server.url) for _ in range(20))

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == [b"x" * 5000] * 120


def test_the_log_holds_the_sources_name_and_no_address_and_no_token(connect, caplog):
    caplog.set_level(logging.DEBUG)
    with Scripted(OK) as server:
        headers = {"Authorization": Secret("Bearer canary-7003")}
        url = f"{server.url}/link/canary-7004/studies?token=canary-7005"
        ask(connect(), url, headers=headers)
        ask(connect(sources=(Source("区域云", server.url),)), url, headers=headers)
        server.script = [(200, {"Content-Type": "multipart/related", "No colon": None, "\tX": "y"}, b"")]
        ask(connect(), url, headers=headers)  # urllib3 would warn about such headers, with the whole address
    text = caplog.text
    assert "canary" not in text
    assert "GET 区域云 200" in text
    assert "GET host-" in text
    assert "127.0.0.1" not in text
