"""The body of an answer: whole, or an error that says what was missing."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time

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
    silent,
    tls_wrapping,
)
from workstation.archive.bodies import objects_in
from workstation.archive.retries import Retries
from workstation.errors import (
    Cancelled,
    ConnectionFailed,
    TransferError,
)
from workstation.settings import NetworkSettings, TlsSettings
from workstation.tasks import CancelToken

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
        assert time.monotonic() - began < 15  # the silence it would have borne is 30 s


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


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[", "[1]", "[{}", "[{},]", "[{}]x", "[{} {}]", "[[]]", "null", "[{}],", '[{"a":}]'],
)
def test_what_is_no_list_of_objects_is_refused(text):
    with pytest.raises(ValueError):
        objects_in(text.encode())


@pytest.mark.parametrize(
    "text", ["[]", " [ ] ", "[{}]", ' [ {"a": [1, {"b": null}]} ,\n{"c": "欧阳"}\t] ', '[{"a":"]"},{}]']
)
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_list_of_objects_is_read_as_the_standard_library_reads_it(text, coding):
    data = text.encode(coding)
    assert objects_in(data) == json.loads(data)
