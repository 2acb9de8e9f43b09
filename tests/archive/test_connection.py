"""What is sent and what never is, what a server refuses, and what the log holds."""

from __future__ import annotations

import logging
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme

from tests.archive.scripted import (
    OK,
    Scripted,
    ask,
    certificate_files,
    error_of,
    free_port,
)
from workstation.archive.retries import Retries
from workstation.errors import (
    Cancelled,
    ConfigError,
    ConnectionFailed,
    LinkError,
    ServerRefused,
    TransferError,
)
from workstation.reference import Secret, Source
from workstation.settings import NetworkSettings, TlsSettings
from workstation.tasks import CancelToken

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
        assert time.monotonic() - began >= 1.0


def test_retry_after_as_a_date_is_obeyed(connect):
    moment = datetime.now(UTC) + timedelta(seconds=2)
    with Scripted((429, {"Retry-After": format_datetime(moment, usegmt=True)}, b""), OK) as server:
        began = time.monotonic()
        assert ask(connect(Retries(base_s=0.001)), server.url) == b"hello"
        assert time.monotonic() - began > 0.5


def test_a_wait_that_a_server_asks_for_is_capped(connect):
    with Scripted((429, {"Retry-After": "3600"}, b""), OK) as server:
        began = time.monotonic()
        assert ask(connect(Retries(base_s=0.001, cap_s=0.2)), server.url) == b"hello"
        assert time.monotonic() - began < 30  # it asked for an hour


def test_cancelling_ends_a_wait_at_once(connect):
    token = CancelToken()
    with Scripted((429, {"Retry-After": "50"}, b"")) as server:
        threading.Timer(0.2, token.cancel).start()
        began = time.monotonic()
        error_of(Cancelled, ask, connect(Retries()), server.url, token=token)
        assert time.monotonic() - began < 30  # it asked for an hour


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
