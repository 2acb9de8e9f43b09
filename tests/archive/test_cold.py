"""A study that its archive fetches from a slow store: asked again as the archive says, and taken for nothing else."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from tests.archive.scripted import OK, QUICK, Scripted, ask, error_of
from tests.archive.test_loader import Desk
from tests.faults.cloud import Cold, FaultyCloud
from tests.phantoms import CT_STUDY, ct_stack, write_study
from workstation.archive import cold
from workstation.archive.breaker import Circuit
from workstation.archive.cloud import CloudFilm
from workstation.archive.cold import ColdInstances, Polling, is_cold, wait_s
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.holding import Budget
from workstation.archive.line import Line
from workstation.archive.loader import FilmLoader
from workstation.errors import ServerRefused
from workstation.reference import Secret
from workstation.tasks import CancelToken

COUNT = 12
PROMISES = [(202, ""), (202, "30"), (503, "30"), (503, "3600")]


def later(seconds, status=202):
    error = ServerRefused("from-store", host="h", seconds=seconds)
    error.status = status
    return error


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


# --- what an answer means


@pytest.mark.parametrize(("status", "header"), PROMISES)
def test_a_promise_for_later_is_no_answer_and_is_said_at_once(connect, status, header):
    headers = {"Retry-After": header} if header else {}
    with Scripted((status, headers, b"[]"), OK) as server:
        began = time.monotonic()
        error = error_of(ServerRefused, ask, connect(), server.url)
        assert time.monotonic() - began < 3  # whoever stands before it is told, and need not guess
        assert (error.code, error.params["seconds"]) == ("from-store", float(header or 0))
        assert len(server.asked) == 1
        assert is_cold(error)


def test_a_503_that_says_nothing_of_when_is_a_fault_of_the_server(connect):
    with Scripted((503, {}, b"")) as server:
        error = error_of(ServerRefused, ask, connect(), server.url)
        assert error.code == "busy"
        assert not is_cold(error)
        assert len(server.asked) == 4


def test_a_short_wait_that_lasts_is_an_archive_that_has_it_later(connect):
    with Scripted((503, {"Retry-After": "1"}, b"")) as server:
        error = error_of(ServerRefused, ask, connect(QUICK), server.url)
        assert len(server.asked) == 4
        assert is_cold(error)


def test_whoever_asks_for_fewer_questions_is_not_taken_for_a_slow_store(connect):
    with Scripted((429, {"Retry-After": "1"}, b"")) as server:
        assert not is_cold(error_of(ServerRefused, ask, connect(QUICK), server.url))


@pytest.mark.parametrize(("status", "header"), [*PROMISES, (503, "1")])
def test_no_promise_leaves_the_server_in_peace(connect, status, header):
    connection = connect(QUICK, circuit=Circuit(failures=2))
    with Scripted((status, {"Retry-After": header} if header else {}, b"")) as server:
        for _ in range(6):
            error_of(ServerRefused, ask, connection, server.url)
        assert not connection.state(server.url).is_resting


@pytest.mark.parametrize(
    ("asked", "waits"), [(0, 15.0), (0.5, 2.0), (15, 15.0), (60, 60.0), (300, 300.0), (86_400, 300.0)]
)
def test_it_is_asked_again_when_the_archive_says_and_at_least_every_five_minutes(asked, waits):
    assert wait_s(later(asked)) == waits


# --- the instances of a film


def test_what_is_in_the_store_is_asked_for_when_its_time_has_come(clock):
    store = ColdInstances(clock)
    assert store.put("a", later(60))
    assert store.next_of(()) == ""
    assert store.seconds == 60
    clock.now += 60
    assert store.next_of(()) == "a"
    assert store.send("a")
    assert store.next_of(()) == ""
    store.left("a", has_come=True)
    assert not store.is_waiting
    assert store.total_s == 60


def test_what_is_looked_at_goes_before_the_others(clock):
    store = ColdInstances(clock)
    for uid in "abc":
        store.put(uid, later(30))
    clock.now += 31
    assert store.next_of(("c",)) == "c"


def test_three_such_answers_in_a_row_mean_the_whole_film_and_one_that_comes_lets_all_go(clock):
    store = ColdInstances(clock)
    store.put("a", later(30))
    store.put("b", later(30))
    assert not store.holds_all
    store.put("c", later(30))
    assert store.holds_all
    clock.now += 30
    store.send("a")
    store.left("a", has_come=True)
    assert not store.holds_all
    assert store.next_of(()) == "b"


def test_after_an_hour_it_is_given_up(clock):
    store = ColdInstances(clock)
    tries = 0
    while store.put("a", later(300)):
        tries += 1
        clock.now += store.seconds
        assert store.send("a")
    assert 3600 <= clock.now - 100.0 <= 3900
    assert tries == 13
    assert not store.is_waiting


def test_what_failed_otherwise_is_no_longer_waited_for(clock):
    store = ColdInstances(clock)
    store.put("a", later(30))
    clock.now += 30
    store.send("a")
    store.left("a")
    assert store.seconds is None


# --- before a cloud


@pytest.fixture
def faulty(tmp_path):
    cloud = FaultyCloud(write_study(tmp_path, ct_stack(COUNT)))
    cloud.where = "/instances/2."
    yield cloud
    cloud.close()


@pytest.fixture
def film(faulty, connect):
    web = DicomWeb(connect(QUICK), faulty.root, {"Authorization": Secret(f"Bearer {faulty.shares.station_token}")})
    return CloudFilm(web, CT_STUDY, "DEMO")


@pytest.fixture
def hurried(monkeypatch):
    init = ColdInstances.__init__

    def quick(self, clock=time.monotonic, polling=None):
        init(self, clock, Polling(least_s=0.2, most_s=0.4, unsaid_s=0.2, limit_s=30.0))

    monkeypatch.setattr(ColdInstances, "__init__", quick)


@pytest.mark.parametrize("where", ["/metadata", "/series", "/studies?"])
@pytest.mark.parametrize(("status", "header"), PROMISES)
def test_metadata_that_is_promised_is_never_an_empty_film(faulty, film, where, status, header):
    faulty.where = where
    faulty.lasting = Cold(60, header, status)
    error = error_of(ServerRefused, film.listing, CancelToken(), lambda *_: None)
    assert is_cold(error)
    faulty.lasting = None
    assert len(film.listing(CancelToken(), lambda *_: None).instances) == COUNT


@pytest.fixture
def loading(film, worker_pool, hurried):
    listing = film.listing(CancelToken(), lambda *_: None)
    desk = Desk()
    loader = FilmLoader(film, listing, worker_pool, desk.post, line=Line(4), budget=Budget(10**9, 10**9))
    yield loader, desk
    loader.close()


@pytest.mark.parametrize(("status", "header"), [(202, ""), (202, "1"), (503, "30")])
def test_images_from_the_store_come_when_it_has_them_and_none_is_refused(faulty, loading, status, header):
    loader, desk = loading
    came, refused, ended = [], [], []
    loader.received.connect(lambda got: came.append(got.instance.sop_instance_uid))
    loader.refused.connect(lambda one, error: refused.append(error))
    loader.finished.connect(lambda: ended.append(1))
    faulty.lasting = Cold(1.5, header, status)
    loader.start()
    desk.until(lambda: loader.standing().cold_s is not None)
    assert not ended
    desk.until(lambda: ended, 20)
    assert (len(set(came)), refused) == (COUNT, [])
    assert loader.standing().cold_s is None
    assert not loader.standing().missing
    # all were not asked for again and again: those that were on their way, and then one at a time
    assert len(faulty.lasting.asked) <= 6 + 1.5 / 0.2
    assert loader.figures().cold_s == pytest.approx(1.5, abs=1.0)
    assert loader.figures().transfer_s < 2.5
    assert loader.figures().retries == 0


def test_one_image_in_the_store_does_not_hold_the_others_up(faulty, loading):
    loader, desk = loading
    came, ended = [], []
    loader.received.connect(lambda got: came.append(got.instance.sop_instance_uid))
    loader.finished.connect(lambda: ended.append(1))
    uid = loader.listed[3].sop_instance_uid
    faulty.where = f"/instances/{uid}"
    faulty.lasting = Cold(2.0, "1")
    loader.start()
    desk.until(lambda: len(came) == COUNT - 1)
    assert uid not in came
    assert not ended
    desk.until(lambda: ended, 20)
    assert uid in came


def test_a_hand_that_asks_again_need_not_wait(faulty, loading):
    loader, desk = loading
    ended = []
    loader.finished.connect(lambda: ended.append(1))
    faulty.lasting = Cold(600, "300")
    loader.start()
    desk.until(lambda: loader.standing().cold_s is not None)
    faulty.lasting = None
    loader.retry()
    desk.until(lambda: ended, 10)


def test_what_never_comes_is_missing_in_the_end(faulty, loading, monkeypatch):
    loader, desk = loading
    refused, ended = [], []
    loader.refused.connect(lambda one, error: refused.append(error.code))
    loader.finished.connect(lambda: ended.append(1))
    store = loader._order._interruptions.cold
    store._polling = replace(cold.POLLING, least_s=0.05, most_s=0.05, unsaid_s=0.05, limit_s=0.3)
    faulty.lasting = Cold(600, "1")
    loader.start()
    desk.until(lambda: ended, 30)
    assert refused == ["from-store"] * COUNT
    assert loader.standing().missing == COUNT  # by hand, or when a scout comes through
