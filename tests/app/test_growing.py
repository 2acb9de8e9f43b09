"""A study that is still arriving: looked at again from time to time, and never in its reader's way."""

from __future__ import annotations

import time
from datetime import date

import pytest

from tests.phantoms import ct_stack
from tests.viewing.test_session import film_of
from workstation.app.growing import Growing, is_fresh
from workstation.errors import ConnectionFailed
from workstation.film.opened import OpenedFilm
from workstation.tasks import Tasks
from workstation.viewing.film import FilmState


@pytest.fixture
def tasks(qapp):
    posted = []
    made = Tasks(1, posted.append, "look")
    made.posted = posted
    yield made
    made.close()


def until(qapp, tasks, condition):
    ends = time.monotonic() + 8
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        qapp.processEvents()
        while tasks.posted:
            tasks.posted.pop(0)()
        time.sleep(0.002)


def today(film):
    for one in film:
        one.StudyDate = date.today().strftime("%Y%m%d")
    return film


def grown():
    film = film_of(ct_stack(2))
    return OpenedFilm(film, None)


def test_a_film_of_today_is_looked_at_again_and_grows(qapp, tasks):
    film = film_of(today(ct_stack(2)))
    film.finish(FilmState.COMPLETE)
    found, answers, told = [], [None, grown(), None], []
    growing = Growing(tasks, lambda one, opened: told.append((one, opened)), (0.01, 0.01))
    growing.watch(film, lambda _token: found.append(1) or (answers.pop(0) if answers else None))
    until(qapp, tasks, lambda: len(found) >= 4)
    assert [one for one, _ in told] == [film]


def test_after_the_last_look_nobody_is_asked_any_more(qapp, tasks):
    old = ct_stack(2)
    for one in old:
        one.StudyDate = "20200101"
    film, asked = film_of(old), []
    film.finish(FilmState.COMPLETE)
    growing = Growing(tasks, lambda *_: None, (0.01,) * 9, (0.01, 0.01))
    growing.watch(film, lambda _token: asked.append(1))
    until(qapp, tasks, lambda: len(asked) == 2)
    ends = time.monotonic() + 0.2
    until(qapp, tasks, lambda: time.monotonic() > ends)
    assert len(asked) == 2


def test_a_film_that_still_loads_or_is_closed_is_not_asked_for(qapp, tasks):
    loading, closed, asked = film_of(today(ct_stack(2))), film_of(today(ct_stack(2))), []
    closed.finish(FilmState.COMPLETE)
    growing = Growing(tasks, lambda *_: None, (0.01,) * 4)
    growing.watch(loading, lambda _token: asked.append("loading"))
    growing.watch(closed, lambda _token: asked.append("closed"))
    growing.leave(closed)
    ends = time.monotonic() + 0.2
    until(qapp, tasks, lambda: time.monotonic() > ends)
    assert asked == []


def test_a_source_that_does_not_answer_disturbs_nobody_and_is_looked_at_again(qapp, tasks):
    film, asked, told = film_of(today(ct_stack(2))), [], []
    film.finish(FilmState.COMPLETE)

    def look(_token):
        asked.append(1)
        if len(asked) == 1:
            raise ConnectionFailed("connection-lost", host="cloud")
        return grown()

    growing = Growing(tasks, lambda one, _opened: told.append(one), (0.01, 0.01, 5))
    growing.watch(film, look)
    until(qapp, tasks, lambda: told == [film])


def test_what_is_of_last_week_is_not_expected_to_grow():
    assert is_fresh(film_of(today(ct_stack(1))))
    old = ct_stack(1)
    old[0].StudyDate = "20200101"
    assert not is_fresh(film_of(old))
