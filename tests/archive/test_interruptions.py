"""A load that is held up: paused by hand, or by failures that pass; it goes on by hand, or by itself."""

from __future__ import annotations

from collections import deque
from itertools import pairwise

import pytest

from tests.archive.test_loader import Shelf, key, made  # noqa: F401 - a fixture
from tests.phantoms import sop
from workstation.archive.breaker import ServerState
from workstation.archive.interruptions import Interruptions, may_pass
from workstation.errors import ConnectionFailed, DicomError, IdentityError, ServerRefused, TransferError

LOST = ConnectionFailed("connection-lost", host="x")
RESTING = ConnectionFailed("server-resting", host="x", seconds=9)


def refused(code, status, **params):
    error = ServerRefused(code, host="x", **params)  # its status stands beside it
    error.status = status
    return error


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def halts(clock):
    return Interruptions(clock)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (LOST, True),
        (ConnectionFailed("timed-out", host="x", seconds=30), True),
        (ConnectionFailed("server-unreachable", host="x"), True),
        (ConnectionFailed("proxy-unreachable", proxy="x"), True),
        (RESTING, True),
        (refused("busy", 503, seconds=1), True),
        (refused("server-error", 500), True),
        (refused("server-error", 501), False),
        (TransferError("cut-off", received=1, expected=2), True),
        (TransferError("stalled", seconds=30), True),
        (refused("bad-request", 400), False),
        (refused("sign-in-needed", 401), False),
        (refused("not-permitted", 403), False),
        (refused("not-found", 404), False),
        (TransferError("not-dicom-answer", content_type="text/html"), False),
        (ConnectionFailed("tls-unknown-authority", host="x", issuer=""), False),
        (ConnectionFailed("proxy-wrong-password", proxy="x"), False),
        (IdentityError("wrong-patient"), False),
        (DicomError("damaged", reason="x"), False),
    ],
)
def test_only_what_may_pass_is_asked_for_again(error, expected):
    assert may_pass(error) is expected


def take(halts, queue, urgent, *, is_idle):
    """As `FetchOrder.take` does."""
    uid = halts.next_of(queue, urgent, is_idle=is_idle)
    if uid in queue:
        queue.remove(uid)
    elif uid:
        halts.send(uid)
    return uid or None


def test_while_paused_only_what_is_on_the_glass_is_fetched(halts):
    queue = deque(["a", "b", "c"])
    halts.is_paused = True
    assert take(halts, queue, {"c"}, is_idle=True) == "c"
    assert take(halts, queue, {"c"}, is_idle=True) is None
    halts.is_paused = False
    assert take(halts, queue, {"c"}, is_idle=True) == "a"


def test_one_scout_goes_ahead_after_a_while_and_brings_the_others_back(halts, clock):
    for uid in "abc":
        assert halts.is_told(uid, LOST)
    assert take(halts, deque(), (), is_idle=True) is None
    clock.now = 5.0
    assert take(halts, deque(), (), is_idle=False) is None  # something is on its way
    assert take(halts, deque(), ("b",), is_idle=True) == "b"  # what is looked at goes first
    assert halts.has_come("b")
    assert halts.take_missing() == ("a", "c")
    assert halts.standing(None).missing == 0


def test_scouts_that_fail_are_no_news_and_go_ever_more_seldom(halts, clock):
    halts.is_told("a", LOST)
    halts.is_told("b", LOST)
    moments, uids = [], []
    for second in range(600):
        clock.now = float(second)
        uid = take(halts, deque(), (), is_idle=True)
        if uid is not None:
            moments.append(second)
            uids.append(uid)
            assert not halts.is_told(uid, LOST)
    assert moments[:5] == [5, 15, 35, 75, 135]
    assert {after - before for before, after in pairwise(moments[4:])} == {60}
    assert uids[:4] == ["a", "b", "a", "b"]
    assert halts.standing(None).missing == 2


def test_a_scout_that_the_breaker_does_not_let_go_asks_the_breaker_again_soon(halts, clock):
    halts.is_told("a", LOST)
    clock.now = 5.0
    assert take(halts, deque(), (), is_idle=True) == "a"
    halts.is_told("a", RESTING)
    clock.now = 5.9
    assert take(halts, deque(), (), is_idle=True) is None
    clock.now = 6.0
    assert take(halts, deque(), (), is_idle=True) == "a"


def test_what_will_not_pass_sends_no_scout(halts, clock):
    halts.is_told("a", refused("not-found", 404))
    clock.now = 1000.0
    assert take(halts, deque(), (), is_idle=True) is None
    assert halts.standing(ServerState(True, 7.5, 5)).waits_s == 7.5


# --- in the loader


def test_what_failed_comes_when_it_is_asked_for_again_and_the_end_is_told_anew(made):  # noqa: F811
    shelf = Shelf(6)
    shelf.errors = {2: LOST, 5: LOST, 4: DicomError("damaged", reason="x")}
    loader, desk = made(shelf)
    ended, again, problems = [], [], []
    loader.finished.connect(lambda: ended.append(1))
    loader.asked_again.connect(again.append)
    loader.refused.connect(lambda asked, error: problems.append(asked.instance_number))
    loader.start()
    desk.until(lambda: ended)
    assert sorted(problems) == [2, 4, 5]
    assert loader.standing().missing == 2
    shelf.errors = {}
    loader.retry()
    assert set(again[0]) == {sop(2), sop(5)}
    assert loader.problem(key(2)) is None
    desk.until(lambda: len(ended) == 2)
    assert loader.progress().done == 6
    assert shelf.asked.count(4) == 1
    assert shelf.tried_now
    assert loader.standing().missing == 0


def test_a_film_comes_back_by_itself_when_its_server_does(made, monkeypatch):  # noqa: F811
    from workstation.archive import interruptions

    monkeypatch.setattr(interruptions, "_FIRST_SCOUT_S", 0.05)
    shelf = Shelf(8)
    shelf.errors = dict.fromkeys((2, 3, 7), LOST)
    loader, desk = made(shelf)
    ended, refused_numbers, got = [], [], []
    loader.finished.connect(lambda: ended.append(1))
    loader.refused.connect(lambda asked, error: refused_numbers.append(asked.instance_number))
    loader.received.connect(lambda one: got.append(one.instance.instance_number))
    loader.start()
    desk.until(lambda: ended and len(shelf.asked) >= 10)  # scouts went, in vain
    assert sorted(refused_numbers) == [2, 3, 7]
    assert ended == [1]
    shelf.errors = {}
    desk.until(lambda: len(ended) == 2, 20)
    assert sorted(got) == list(range(1, 9))
    assert sorted(refused_numbers) == [2, 3, 7]


def test_a_paused_film_fetches_what_is_scrolled_to_and_goes_on_where_it_was(made):  # noqa: F811
    shelf = Shelf(9, gated=True)
    loader, desk = made(shelf, connections=1)
    got = []
    loader.received.connect(lambda one: got.append(one.instance.instance_number))
    loader.start()
    desk.until(lambda: shelf.asked == [1])
    loader.pause()
    assert loader.standing().is_paused
    shelf.gate.release(100)
    desk.until(lambda: got == [1])  # what was on its way still comes
    loader.want([key(8)])
    desk.until(lambda: got == [1, 8])
    assert shelf.asked == [1, 8]
    loader.pause(False)
    desk.until(lambda: len(got) == 9)
    assert not loader.standing().is_paused


def test_a_film_that_was_stopped_sends_no_scouts(made):  # noqa: F811
    shelf = Shelf(3)
    shelf.errors = {2: LOST}
    loader, desk = made(shelf)
    ended = []
    loader.finished.connect(lambda: ended.append(1))
    loader.start()
    desk.until(lambda: ended)
    loader.cancel()
    assert loader.standing().missing == 0
