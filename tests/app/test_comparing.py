"""A few kept images are fetched again, the one on the screen first; one that differs makes its series suspect."""

from __future__ import annotations

import pytest

from tests.phantoms import ct_stack
from workstation.app.comparing import Comparing
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.study import instance_of
from workstation.errors import ConnectionFailed
from workstation.viewing.film import Film, FilmState

COUNT = 9


class Now:
    """Does at once what it is asked to."""

    def submit(self, work, *, done=None, failed=None, token=None, **_how):
        if token is not None and token.is_cancelled:
            return
        try:
            found = work(token)
        except ConnectionFailed as error:
            failed(error)
            return
        if done is not None and not (token is not None and token.is_cancelled):
            done(found)


class Shelf:
    """Gives what is said of it."""

    def __init__(self, given, other=(), size=1000, conflicts=()):
        self.given, self.conflicts, self.other, self.size = set(given), set(conflicts), set(other), size
        self.asked, self.closed = [], 0

    def compared(self, one, _patient, _token):
        self.asked.append(one.instance_number)
        if self.size is None:
            raise ConnectionFailed("connection-lost", host="cloud")
        return one.instance_number in self.other, self.size

    def close(self):
        self.closed += 1


@pytest.fixture
def film():
    instances = tuple(instance_of(DatasetAttributes(one)) for one in ct_stack(COUNT))
    return Film("film-1", "DEMO", instances[0].patient, instances, frames=None, state=FilmState.COMPLETE)


def compare(film, shelf, shown=""):
    told = []
    Comparing(Now(), lambda: shown, lambda _film, error: told.append(error)).watch(film, shelf, [shelf], closes=True)
    return told


def uids(film, *numbers):
    return {one.sop_instance_uid for one in film.instances if one.instance_number in numbers}


def everything(film):
    return uids(film, *range(1, COUNT + 1))


def test_three_are_compared_and_that_on_the_screen_first(film):
    shelf = Shelf(everything(film))
    (shown,) = uids(film, 4)
    assert compare(film, shelf, shown) == []
    assert shelf.asked == [4, 1, 9]
    assert shelf.closed == 1
    assert film.differing == frozenset()


def test_one_that_differs_makes_all_of_the_series_be_compared_once_each(film):
    shelf = Shelf(everything(film), other={5, 6})
    (error,) = compare(film, shelf)
    assert sorted(shelf.asked) == list(range(1, COUNT + 1))
    assert film.differing == uids(film, 5, 6)
    assert (error.code, error.params["count"]) == ("kept-differs", 2)


def test_what_was_just_fetched_is_not_compared(film):
    shelf = Shelf(uids(film, 2))
    compare(film, shelf)
    assert shelf.asked == [2]


def test_of_large_images_fewer_are_fetched(film):
    shelf = Shelf(everything(film), size=30 * 2**20)
    compare(film, shelf)
    assert len(shelf.asked) == 1


def test_a_source_that_does_not_answer_ends_it_without_a_word(film):
    shelf = Shelf(everything(film), size=None)
    assert compare(film, shelf) == []
    assert (len(shelf.asked), film.differing) == (1, frozenset())


def test_a_conflict_while_it_loaded_is_told(film):
    shelf = Shelf((), conflicts=uids(film, 3))
    (error,) = compare(film, shelf)
    assert film.differing == uids(film, 3)
    assert error.params["count"] == 1


def test_it_waits_until_the_film_is_loaded_and_not_for_one_that_is_closed(film):
    film.state = FilmState.LOADING
    shelf, told = Shelf(everything(film)), []
    comparing = Comparing(Now(), lambda: "", lambda _film, error: told.append(error))
    comparing.watch(film, shelf, [shelf])
    film.changed.emit()
    assert shelf.asked == []
    comparing.leave(film)
    film.finish(FilmState.COMPLETE)
    assert shelf.asked == []
    film.state = FilmState.LOADING
    comparing.watch(film, shelf, [shelf])
    film.finish(FilmState.COMPLETE)
    assert len(shelf.asked) == 3
    film.changed.emit()
    assert len(shelf.asked) == 3
