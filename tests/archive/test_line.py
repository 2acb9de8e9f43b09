"""The line that films share: what is waited for goes first and alone, the rest as many at once as the line takes."""

from __future__ import annotations

import threading
import time

import pytest

from workstation.archive.line import Line
from workstation.errors import Cancelled
from workstation.tasks import CancelToken, Priority


class Wisher:
    """Somebody with wishes, whose fetches end when the test says so."""

    def __init__(self, line, *urgencies):
        self.line, self.wishes = line, list(urgencies)
        self.lock = threading.Lock()
        self.begun, self.turns, self.ends = [], [], threading.Semaphore(0)
        self.token = CancelToken()
        self.urgency_now = {}
        self.threads = []

    def urgency(self, uid=""):
        with self.lock:
            if uid:
                return self.urgency_now.get(uid)
            return self.wishes[0] if self.wishes else None

    def take(self):
        with self.lock:
            if not self.wishes:
                return None
            taken = self.wishes.pop(0)
            self.begun.append(taken)
            return f"{len(self.begun)}", taken

    def fetch(self, threads):
        def run():
            while True:
                try:
                    with self.line.turn(self, self.token) as turn:
                        if turn is None:
                            return
                        self.turns.append(turn)
                        self.ends.acquire()
                except Cancelled:
                    return

        for _ in range(threads):
            thread = threading.Thread(target=run)
            self.threads.append(thread)
            thread.start()

    def end(self):
        self.token.cancel()
        self.ends.release(1000)
        for thread in self.threads:
            thread.join()


def until(condition):
    ends = time.monotonic() + 8
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.002)


def settled(wisher, count):
    until(lambda: len(wisher.begun) == count)
    time.sleep(0.12)  # more than two looks of those that wait
    assert len(wisher.begun) == count


@pytest.fixture
def wisher():
    made = []

    def make(line, *urgencies, threads=8):
        one = Wisher(line, *urgencies)
        made.append(one)
        one.fetch(threads)
        return one

    yield make
    for one in made:
        one.end()


def test_what_is_shown_goes_alone_and_then_four_together(wisher):
    film = wisher(Line(6), Priority.SHOWN, *[Priority.SERIES] * 9)
    settled(film, 1)
    film.ends.release()
    settled(film, 5)


def test_a_prior_waits_until_the_film_on_the_glass_needs_nothing(wisher):
    line = Line(6)
    film = wisher(line, *[Priority.SERIES] * 2)
    settled(film, 2)
    prior = wisher(line, *[Priority.PRIOR] * 9)
    time.sleep(0.12)
    assert prior.begun == []
    film.ends.release(2)
    settled(prior, 4)


def test_what_somebody_scrolls_to_begins_at_once_though_every_turn_is_taken(wisher):
    line = Line(4)
    prior = wisher(line, *[Priority.SERIES] * 9)
    settled(prior, 4)
    film = wisher(line, Priority.SHOWN, Priority.NEAR)
    until(lambda: film.begun == [Priority.SHOWN])
    prior.ends.release()
    time.sleep(0.12)
    assert len(prior.begun) == 4  # and what ends makes room for nobody else meanwhile
    film.ends.release()
    until(lambda: film.begun == [Priority.SHOWN, Priority.NEAR])  # before the rest of the other film


def test_what_is_on_its_way_stands_still_while_an_image_is_waited_for(wisher):
    line = Line(4)
    rest = wisher(line, Priority.SERIES)
    settled(rest, 1)
    rest.urgency_now["1"] = Priority.SERIES
    film = wisher(line, Priority.SHOWN)
    settled(film, 1)
    went_on = threading.Event()
    reading = threading.Thread(target=lambda: (rest.turns[0].came(1), went_on.set()))
    reading.start()
    assert not went_on.wait(0.2)
    film.ends.release()
    assert went_on.wait(5)
    reading.join()


def test_an_image_that_somebody_scrolls_to_while_it_comes_is_given_way_to(wisher):
    line = Line(4)
    film = wisher(line, Priority.NEAR, Priority.SERIES)
    settled(film, 2)
    film.urgency_now["1"] = Priority.SHOWN
    film.turns[0].came(1)
    film.urgency_now["2"] = Priority.SERIES
    went_on = threading.Event()
    reading = threading.Thread(target=lambda: (film.turns[1].came(1), went_on.set()))
    reading.start()
    assert not went_on.wait(0.2)
    film.end()
    assert went_on.wait(5)
    reading.join()


def test_a_film_that_is_closed_waits_for_no_turn(wisher):
    line = Line(1)
    first = wisher(line, Priority.SERIES)
    settled(first, 1)
    closed = wisher(line, Priority.SERIES)
    closed.token.cancel()
    until(lambda: not any(thread.is_alive() for thread in closed.threads))
    assert closed.begun == []


@pytest.mark.parametrize(
    ("latency", "took", "size"),
    [
        (0.05, 0.055, 6),  # 50 ms on a fast line: the most there may be
        (0.06, 0.84, 3),  # 50 ms and 20 Mbit/s: rate x latency is a third of an instance
        (0.001, 0.1, 3),
    ],
)
def test_as_many_connections_as_the_line_takes(latency, took, size):
    line = Line(6)
    assert line.size == 4
    for _ in range(60):
        line.observe(latency, took, 500_000)
    assert line.size == size


def test_a_server_with_too_much_to_do_is_asked_less_and_then_more_again():
    line = Line(6)
    line.narrow()
    assert line.size == 2
    for _ in range(60):
        line.observe(0.05, 0.055, 500_000)
    assert line.size == 6


def test_more_than_is_allowed_is_never_asked_for_at_once(wisher):
    line = Line(1)
    for _ in range(60):
        line.observe(0.05, 0.055, 500_000)
    film = wisher(line, *[Priority.SERIES] * 4)
    settled(film, 1)


@pytest.mark.parametrize(("took", "is_called_off"), [(0.6, True), (0.02, False)])
def test_on_a_slow_line_what_nobody_looks_for_makes_room_at_once(wisher, took, is_called_off):
    line = Line(4)
    for _ in range(4):
        line.observe(0.01, took, 500_000)
    rest = wisher(line, *[Priority.SERIES] * 3)
    settled(rest, 3)
    rest.turns[0].came(450_000)  # nearly here
    film = wisher(line, Priority.SHOWN)
    settled(film, 1)
    assert [turn.token.is_cancelled for turn in rest.turns] == [False, is_called_off, is_called_off]
    assert not film.turns[0].token.is_cancelled


def test_an_image_that_was_waited_for_comes_though_the_hand_went_on(wisher):
    line = Line(4)
    for _ in range(4):
        line.observe(0.01, 0.6, 500_000)
    film = wisher(line, Priority.SHOWN)
    settled(film, 1)
    film.urgency_now["1"] = Priority.SERIES
    film.turns[0].came(1)
    other = wisher(line, Priority.SHOWN)
    settled(other, 1)
    assert not film.turns[0].token.is_cancelled
