"""A server that is down is left in peace: a few requests find it out, one at a time finds out when it is back."""

from __future__ import annotations

import threading

import pytest

from tests.archive.scripted import OK, Scripted, ask, error_of, free_port, raw_server
from workstation.archive.breaker import Breaker, Circuit
from workstation.archive.retries import Patience, Retries
from workstation.errors import Cancelled, ConnectionFailed, ServerRefused
from workstation.tasks import CancelToken

ORIGIN = ("https", "cloud.example", 443)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(Circuit(), clock)


def fail(breaker, count=1, retry_after_s=0.0):
    for _ in range(count):
        breaker.admit(ORIGIN, CancelToken()).fail(retry_after_s)


def is_let(breaker, origin=ORIGIN):
    try:
        return breaker.admit(origin, CancelToken())
    except ConnectionFailed as error:
        assert error.code == "server-resting"
        return None


def test_a_dead_server_gets_eleven_requests_in_a_minute_and_two_in_each_later_one(breaker, clock):
    """300 images that are asked for every tenth of a second, as fast as they are let."""
    sent = []
    for tenth in range(6000):
        clock.now = 1000 + tenth / 10
        for _ in range(300):
            admission = is_let(breaker)
            if admission is None:
                break
            sent.append(clock.now)
            admission.fail()
    in_minute = [sum(1000 + 60 * n <= moment < 1060 + 60 * n for moment in sent) for n in range(10)]
    assert in_minute[0] <= 12
    assert max(in_minute[2:]) <= 2
    assert min(in_minute[2:]) >= 1


def test_four_failures_open_nothing_and_a_success_between_begins_the_count_anew(breaker):
    fail(breaker, 4)
    breaker.admit(ORIGIN, CancelToken()).succeed()
    fail(breaker, 4)
    assert is_let(breaker)
    assert not breaker.state(ORIGIN).is_resting


def test_one_probe_goes_alone_and_its_success_lets_all_go(breaker, clock):
    fail(breaker, 5)
    assert is_let(breaker) is None
    state = breaker.state(ORIGIN)
    assert state.is_resting
    assert 0.5 <= state.seconds <= 1.0
    assert state.failures == 5
    clock.now += 1.0
    probe = is_let(breaker)
    assert probe is not None
    assert [is_let(breaker) for _ in range(5)] == [None] * 5
    assert breaker.state(ORIGIN).seconds == 0.0
    probe.succeed()
    assert all(is_let(breaker) for _ in range(5))
    assert not breaker.state(ORIGIN).is_resting


def test_a_probe_that_was_called_off_leaves_its_place_to_another(breaker, clock):
    fail(breaker, 5)
    clock.now += 1.0
    is_let(breaker).drop()
    assert is_let(breaker)


def test_waits_double_and_end_at_a_minute(breaker, clock):
    fail(breaker, 5)
    waits = []
    for _ in range(10):
        waits.append(breaker.state(ORIGIN).seconds)
        clock.now += waits[-1]
        fail(breaker)
    for number, wait in enumerate(waits):
        most = min(60.0, 2.0**number)
        assert 0.5 * most <= wait <= most


def test_what_a_server_asks_for_is_waited_for_up_to_a_minute(breaker):
    fail(breaker, 5, retry_after_s=33.0)
    assert breaker.state(ORIGIN).seconds == 33.0
    fail_other = ("https", "other.example", 443)
    for _ in range(5):
        breaker.admit(fail_other, CancelToken()).fail(3600.0)
    assert breaker.state(fail_other).seconds == 60.0


def test_stragglers_of_before_change_nothing(breaker, clock):
    late = [is_let(breaker) for _ in range(4)]
    fail(breaker, 5)
    before = breaker.state(ORIGIN).seconds
    for one in late:
        one.fail()
    assert breaker.state(ORIGIN).seconds == before


def test_another_server_is_not_held_liable(breaker):
    fail(breaker, 5)
    assert is_let(breaker, ("https", "cloud.example", 8443))


def test_somebody_who_wants_it_now_need_not_wait(breaker):
    fail(breaker, 5)
    breaker.try_now(ORIGIN)
    assert is_let(breaker)


def test_who_waits_goes_when_the_server_is_back_and_gives_up_in_time():
    breaker = Breaker(Circuit(first_wait_s=0.05, longest_wait_s=0.05, patience_s=0.6))
    fail(breaker, 5)
    went = []
    threads = [
        threading.Thread(target=lambda: went.append(breaker.admit(ORIGIN, CancelToken(), waits=True))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    while not went:
        pass
    went[0].succeed()
    for thread in threads:
        thread.join()
    assert len(went) == 3
    fail(breaker, 5)
    with pytest.raises(ConnectionFailed):
        while True:
            breaker.admit(ORIGIN, CancelToken(), waits=True).fail()


def test_who_waits_can_be_called_off(breaker):
    fail(breaker, 5)
    token = CancelToken()
    threading.Timer(0.1, token.cancel).start()
    with pytest.raises(Cancelled):
        breaker.admit(ORIGIN, token, waits=True)


def test_no_more_servers_are_remembered_than_a_hospital_has(breaker):
    for port in range(500):
        breaker.admit(("https", "x", port), CancelToken()).fail()
    assert len(breaker._servers) == 64


# --- in the connection

CIRCUIT = Circuit(first_wait_s=0.02, longest_wait_s=0.04, patience_s=0.3)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_three_hundred_wishes_at_a_server_that_refuses_them_are_a_few_requests(connect, status):
    with Scripted((status, {}, b"")) as server:
        connection = connect(Retries(base_s=0.0), circuit=Circuit(patience_s=0.1))
        failed = []

        def work():
            for _ in range(75):
                with pytest.raises((ServerRefused, ConnectionFailed)) as caught:
                    ask(connection, server.url, patience=Patience(connection.retries, waits=True))
                failed.append(caught.value.code)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(failed) == 300
        assert len(server.asked) <= 9  # five, and those that were on their way
        assert connection.state(server.url).is_resting


def test_a_server_that_cannot_be_reached_is_left_in_peace_and_found_again(connect):
    port = free_port()
    connection = connect(Retries(tries=0), circuit=CIRCUIT)
    url = f"http://127.0.0.1:{port}/"
    codes = [error_of(ConnectionFailed, ask, connection, url).code for _ in range(6)]
    assert codes == ["server-unreachable"] * 5 + ["server-resting"]
    assert connection.state(url).is_resting


def test_a_background_wish_waits_for_a_server_that_comes_back(connect):
    with Scripted(*[(503, {}, b"")] * 8, OK) as server:
        connection = connect(
            Retries(tries=1, base_s=0.0), circuit=Circuit(failures=3, first_wait_s=0.02, longest_wait_s=0.02)
        )
        error_of(ServerRefused, ask, connection, server.url)
        assert ask(connection, server.url, patience=Patience(connection.retries, waits=True)) == b"hello"
        assert not connection.state(server.url).is_resting


def test_refusals_that_will_not_pass_leave_the_server_open(connect):
    with Scripted((404, {}, b"")) as server:
        connection = connect()
        for _ in range(20):
            error_of(ServerRefused, ask, connection, server.url)
        assert len(server.asked) == 20


def test_bodies_that_are_cut_count_as_failures_too(connect):
    def cut(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")

    with raw_server(cut) as port:
        connection = connect(Retries(tries=0), circuit=CIRCUIT)
        url = f"http://127.0.0.1:{port}/"
        for _ in range(5):
            with pytest.raises(Exception, match="cut-off"):
                ask(connection, url)
        assert connection.state(url).is_resting
        assert error_of(ConnectionFailed, ask, connection, url).code == "server-resting"


def test_an_answer_that_is_closed_unread_says_that_the_server_is_there(connect):
    with Scripted(*[(503, {}, b"")] * 3, (204, {}, b"")) as server:
        connection = connect(Retries(tries=0), circuit=Circuit(failures=3, first_wait_s=0.0))
        for _ in range(3):
            error_of(ServerRefused, ask, connection, server.url)
        connection.get(server.url, accept="*/*", token=CancelToken()).close()
        assert not connection.state(server.url).is_resting
