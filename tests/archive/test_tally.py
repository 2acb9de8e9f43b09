"""What asking for a film cost: tries made again, waits for a server left in peace, and the way it came by."""

from __future__ import annotations

import threading
import time

from tests.archive.scripted import OK, QUICK, Scripted
from workstation.archive.breaker import Circuit
from workstation.archive.renewal import SignIn
from workstation.archive.service import Service
from workstation.tasks import CancelToken

DOWN = (502, {}, b"")


def get(service, patience=None):
    with service.ask(service.root + "/x", "*/*", CancelToken(), patience=patience) as answer:
        return answer.read(1 << 20)


def test_each_try_that_is_made_again_counts_and_those_of_another_film_do_not(connect):
    connection = connect(QUICK)
    with Scripted(DOWN, DOWN, OK) as server:
        one, other = (Service(connection, server.url, SignIn({})) for _ in range(2))
        assert get(one) == b"hello"
        assert get(other) == b"hello"
        assert (one.tally.retries, other.tally.retries) == (2, 0)
        assert (one.tally.waits, one.tally.way) == (0, "direct")


def test_a_request_that_waits_for_a_server_left_in_peace_counts_as_one_wait(connect):
    connection = connect(QUICK, circuit=Circuit(failures=2, first_wait_s=0.4, patience_s=10.0))
    with Scripted(DOWN, DOWN, OK) as server:
        service = Service(connection, server.url, SignIn({}))
        began = time.monotonic()
        got = []
        asking = threading.Thread(target=lambda: got.append(get(service, service.patience())))
        asking.start()
        asking.join(20)
        assert got == [b"hello"]
        assert time.monotonic() - began >= 0.2  # the lower half of the wait is never drawn
        assert service.tally.waits == 1
