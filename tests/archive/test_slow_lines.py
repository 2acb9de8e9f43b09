"""A line that stands still or only drips is noticed wherever in an answer it does; only that answer is fetched anew."""

from __future__ import annotations

import threading
import time

import pytest

from tests.archive.scripted import answering, ask, error_of, raw_server, silent
from workstation.archive.paced import LEAST_BYTES_PER_S
from workstation.archive.retries import Patience, Retries
from workstation.errors import ConnectionFailed, TransferError

ONCE = Retries(tries=0)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def drips(data):
    return [data[n : n + 1] for n in range(len(data))]


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX-Long: "], ids=["from the status line on", "in a header"])
def test_a_head_that_only_drips_is_silence(connect, head):
    with raw_server(answering(head, *drips(b"HTTP/1.1 200 " + b"x" * 200), pause=0.02)) as port:
        error = error_of(ConnectionFailed, ask, connect(ONCE, idle=0.3), f"http://127.0.0.1:{port}/")
        assert (error.code, error.params["seconds"]) == ("timed-out", 0.3)


def test_the_length_of_a_chunk_that_only_drips_is_a_stall(connect):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with raw_server(answering(head, *drips(b"0" * 300 + b"5\r\nhello\r\n0\r\n\r\n"), pause=0.02)) as port:
        error = error_of(TransferError, ask, connect(ONCE, idle=0.3), f"http://127.0.0.1:{port}/")
        assert (error.code, error.params["seconds"]) == ("stalled", 0.3)


def test_a_compressed_body_that_only_drips_is_a_stall(connect):
    import gzip

    packed = gzip.compress(bytes(range(256)) * 40)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with raw_server(answering(head, *drips(packed), pause=0.02)) as port:
        error = error_of(TransferError, ask, connect(ONCE, idle=0.3), f"http://127.0.0.1:{port}/", encoding="gzip")
        assert error.code == "stalled"


def test_a_line_a_little_faster_than_the_least_is_not_given_up(connect):
    pieces = [b"x" * (LEAST_BYTES_PER_S // 5)] * 10  # each tenth of a second: twice the least
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % sum(map(len, pieces))
    with raw_server(answering(head, *pieces, pause=0.1)) as port:
        assert len(ask(connect(ONCE, idle=0.4), f"http://127.0.0.1:{port}/")) == sum(map(len, pieces))


def test_a_server_that_thinks_for_nearly_as_long_as_it_may_is_not_slow(connect):
    def thinks(connection):
        connection.recv(65536)
        time.sleep(0.35)
        for piece in (OK[:-5], *drips(OK[-5:])):
            connection.sendall(piece)
            time.sleep(0.05)

    with raw_server(thinks) as port:
        assert ask(connect(ONCE, idle=0.5), f"http://127.0.0.1:{port}/") == b"hello"


def test_what_stalls_is_asked_for_on_another_connection_and_the_others_go_on(connect):
    served, lock = [], threading.Lock()

    def talk(connection):
        with lock:
            number = len(served)
            served.append([])
        while request := connection.recv(65536):
            path = request.split(b" ", 2)[1].decode()
            served[number].append(path)
            is_first_stalling = path == "/stalls" and sum(paths.count("/stalls") for paths in served) == 1
            if is_first_stalling:
                connection.sendall(OK[:-3])
                silent(connection)
                return
            connection.sendall(OK)

    with raw_server(talk) as port:
        connection, got, done_at = connect(Retries(base_s=0.0), idle=0.6), {}, {}

        def fetch(path):
            patience = Patience(connection.retries, waits=True)
            while path not in got:
                try:
                    got[path] = ask(connection, f"http://127.0.0.1:{port}{path}", patience=patience)
                except TransferError as error:
                    assert error.code == "stalled"
                    assert len(got) == 10  # the others did not wait for it
            done_at[path] = time.monotonic()

        stalling = threading.Thread(target=fetch, args=("/stalls",))
        stalling.start()
        for number in range(10):
            fetch(f"/{number}")
        stalling.join()
    assert set(got.values()) == {b"hello"}
    places = [number for number, paths in enumerate(served) if "/stalls" in paths]
    assert len(places) == 2
