"""A film that was here before comes from the store, through the same gate; whatever is odd there is fetched anew."""

from __future__ import annotations

import pytest

from tests.archive.test_store import sealed_files
from tests.faults.cloud import FaultyCloud
from tests.phantoms import CT_STUDY, ct_slice, ct_stack, part10, stranger, write_study
from workstation.archive.cloud import CloudFilm
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.archive.store.shelf import ShelvedFilm
from workstation.archive.store.store import Store
from workstation.errors import ConnectionFailed, ServerRefused, WorkstationError
from workstation.reference import Secret
from workstation.settings import ProxySettings, Settings
from workstation.tasks import CancelToken

COUNT = 4


@pytest.fixture
def shelf(tmp_path):
    folder = write_study(tmp_path / "films", ct_stack(COUNT))
    cloud = FaultyCloud(folder)
    store = Store(tmp_path / "store", bytes(32), most_bytes=1 << 30)
    settings = Settings(proxy=ProxySettings(no_proxy=("*",)))
    connection = Connection(settings, lambda _: None, None, Retries(tries=0, base_s=0.01))

    class Shelf:
        def __init__(self):
            self.cloud, self.store, self.root = cloud, store, tmp_path / "store"

        def film(self):
            web = DicomWeb(connection, cloud.root, {"Authorization": Secret(f"Bearer {cloud.shares.station_token}")})
            film = CloudFilm(web, CT_STUDY, "DEMO", "DEMO")
            listing = film.listing(CancelToken(), lambda *_: None)
            return ShelvedFilm(film, store, "pacs", "DEMO"), listing

        def load(self):
            film, listing = self.film()
            got = [film.obtain(one, listing.patient, CancelToken(), lambda _: None) for one in listing.instances]
            store.flush()
            return got

        def fetched(self):
            return sum("/instances/" in path for path in cloud.sent)

    yield Shelf()
    store.close()
    connection.close()
    cloud.close()


def test_a_second_opening_fetches_no_instance_again_and_shows_the_very_same_bytes(shelf):
    first = shelf.load()
    assert shelf.fetched() == COUNT
    second = shelf.load()
    assert shelf.fetched() == COUNT
    assert [one.data for one in second] == [one.data for one in first]
    assert [one.instance for one in second] == [one.instance for one in first]


@pytest.mark.announces_warnings
def test_a_kept_file_that_was_changed_is_fetched_anew_and_kept_again(shelf):
    first = shelf.load()
    file = sealed_files(shelf.root)[0]
    data = bytearray(file.read_bytes())
    data[500] ^= 1
    file.write_bytes(data)
    assert [one.data for one in shelf.load()] == [one.data for one in first]
    assert shelf.fetched() == COUNT + 1
    shelf.load()
    assert shelf.fetched() == COUNT + 1


@pytest.mark.announces_warnings
def test_kept_bytes_of_another_patient_are_never_shown(shelf):
    """However they got there: the gate is the same for what is kept."""
    film, listing = shelf.film()
    asked = listing.instances[0]
    shelf.store.put(film.name(asked), part10(ct_slice(1, person=stranger())))
    shelf.store.flush()
    got = film.obtain(asked, listing.patient, CancelToken(), lambda _: None)
    assert got.instance.patient.patient_id == listing.patient.patient_id
    assert shelf.fetched() == 1


def test_what_is_kept_is_there_when_the_cloud_is_not(shelf):
    shelf.load()
    film, listing = shelf.film()
    shelf.cloud.close()
    got = film.obtain(listing.instances[0], listing.patient, CancelToken(), lambda _: None)
    assert got.instance.sop_instance_uid == listing.instances[0].sop_instance_uid


@pytest.mark.announces_warnings
def test_a_disk_that_refuses_costs_nothing_but_the_next_opening(shelf, monkeypatch):
    from workstation.archive.store import store as module

    def full(*_words):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_part", full)
    assert len(shelf.load()) == COUNT
    assert shelf.store.is_refused
    assert sealed_files(shelf.root) == []


def test_a_refusal_of_the_cloud_stays_one(shelf):
    film, listing = shelf.film()
    shelf.cloud.close()
    with pytest.raises((ConnectionFailed, ServerRefused, WorkstationError)):
        film.obtain(listing.instances[0], listing.patient, CancelToken(), lambda _: None)
    assert sealed_files(shelf.root) == []


def compared(shelf, film, listing, number=0):
    return film.compared(listing.instances[number], listing.patient, CancelToken())


def test_a_kept_instance_is_compared_with_what_its_service_gives_now(shelf):
    first = shelf.load()
    film, listing = shelf.film()
    assert compared(shelf, film, listing) == (False, len(first[0].data))
    name = film.name(listing.instances[1])
    other = bytearray(first[1].data)
    other[-1] ^= 1
    shelf.store.drop(name)
    shelf.store.put(name, bytes(other))
    shelf.store.flush()
    assert compared(shelf, film, listing, 1) == (True, len(other))
    assert shelf.store.get(name) == bytes(other)  # comparing replaces nothing


def test_what_is_not_kept_is_not_compared(shelf):
    film, listing = shelf.film()
    assert compared(shelf, film, listing) == (False, 0)
    assert shelf.fetched() == 0


def test_an_object_of_somebody_else_under_the_same_uid_is_other(shelf, tmp_path):
    from workstation.demo.answers import Answers
    from workstation.demo.catalogue import Catalogue, scan

    shelf.load()
    film, listing = shelf.film()
    folder = write_study(tmp_path / "changed", ct_stack(COUNT, person=stranger()))
    shelf.cloud.answers = Answers(Catalogue(scan(folder)), None)
    assert compared(shelf, film, listing)[0] is True


def test_a_cloud_that_is_away_proves_nothing(shelf):
    shelf.load()
    film, listing = shelf.film()
    shelf.cloud.close()
    with pytest.raises((ConnectionFailed, ServerRefused)):
        compared(shelf, film, listing)


def test_only_what_came_from_the_store_is_told_as_given(shelf):
    film, listing = shelf.film()
    one = listing.instances[0]
    for _ in range(2):  # the second time it comes from the store, where this film has put it
        film.obtain(one, listing.patient, CancelToken(), lambda _: None)
        shelf.store.flush()
    assert film.given == set()
    again, _ = shelf.film()
    again.obtain(one, listing.patient, CancelToken(), lambda _: None)
    assert again.given == {one.sop_instance_uid}


@pytest.mark.announces_warnings
def test_other_bytes_that_come_while_some_are_kept_are_a_conflict_and_replace_nothing(shelf, monkeypatch):
    film, listing = shelf.film()
    one, name = listing.instances[0], film.name(listing.instances[0])
    monkeypatch.setattr(film, "_kept", lambda *_words: None)  # another copy of the program keeps it a moment later
    shelf.store.put(name, b"kept by another")
    shelf.store.flush()
    film.obtain(one, listing.patient, CancelToken(), lambda _: None)
    assert film.conflicts == {one.sop_instance_uid}
    assert shelf.store.get(name) == b"kept by another"
