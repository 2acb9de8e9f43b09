"""What is fetched stays for the next time where there is a key store, ends with the program where there is none."""

from __future__ import annotations

import pytest

from tests.phantoms import CT_STUDY, ct_stack, write_study
from tests.ui.test_measuring import Remembering
from workstation import locations
from workstation.app.shelving import Shelving
from workstation.archive.cloud import CloudFilm
from workstation.archive.store.store import Name, Outcome
from workstation.demo.answers import Answers
from workstation.demo.catalogue import Catalogue, scan
from workstation.demo.service import start_demo
from workstation.settings import StoreSettings
from workstation.station.vault import Vault
from workstation.viewing.session import Check

NAME = Name("pacs", "2.25.1", "2.25.2", "2.25.3")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(locations, "cache_dir", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def vault_with(store):
    vault = Vault(store)
    vault._is_looked_up = True
    return vault


def keeps(shelving):
    store = shelving.store()
    outcome = store.put(NAME, b"bone" * 99)
    store.flush()
    return outcome


def test_with_a_key_store_it_is_there_after_a_restart(home):
    known = Remembering()
    first = Shelving(StoreSettings, lambda: vault_with(known))
    assert keeps(first) is Outcome.KEPT
    assert first.lasts
    first.close()
    again = Shelving(StoreSettings, lambda: vault_with(known))
    assert again.store().get(NAME) == b"bone" * 99
    again.close()


@pytest.mark.parametrize(("settings", "has_key_store"), [(StoreSettings(keep=False), True), (StoreSettings(), False)])
def test_else_it_ends_with_the_program(home, settings, has_key_store):
    shelving = Shelving(lambda: settings, lambda: vault_with(Remembering() if has_key_store else None))
    assert keeps(shelving) is Outcome.KEPT
    assert not shelving.lasts
    assert list(home.iterdir())
    shelving.close()
    assert list(home.iterdir()) == []


def test_what_a_program_that_died_left_behind_is_taken_away(home):
    import os

    left, young = home / "passing-old", home / "passing-young"
    for folder in (left, young):
        folder.mkdir(parents=True)
        (folder / "x").write_bytes(b"")
    os.utime(left, (0, 0))
    shelving = Shelving(StoreSettings, lambda: vault_with(None))
    keeps(shelving)
    assert (left.exists(), young.exists()) == (False, True)
    shelving.close()


@pytest.mark.announces_warnings
def test_a_folder_that_cannot_be_made_means_that_nothing_is_kept_and_films_open(home):
    home.parent.mkdir(exist_ok=True)
    home.write_bytes(b"a file where the folder should be")
    shelving = Shelving(StoreSettings, lambda: vault_with(None))
    assert shelving.store() is None
    film = object()
    assert shelving.shelved(film, None, "pacs", b"") is film
    shelving.close()


@pytest.fixture
def fetched(monkeypatch):
    """Instances that were fetched from a cloud."""
    found, obtain = [], CloudFilm.obtain
    monkeypatch.setattr(CloudFilm, "obtain", lambda film, *words: found.append(1) or obtain(film, *words))
    return found


def kept(bench):
    shelving = bench.workstation.station.shelving
    shelving.store().flush()
    return shelving.kept()


def film(bench):
    return bench.session.films.value[0]


def test_a_film_opens_a_second_time_without_fetching_an_instance_and_is_checked_behind(bench, fetched):
    link = bench.service.share(CT_STUDY)
    bench.enter(link)
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    count = len(film(bench).instances)
    assert len(fetched) == count
    assert film(bench).check is Check.NONE
    (one,) = kept(bench)
    assert one.about.who[1].startswith("欧")
    assert "晓东" not in one.about.who[1]
    bench.desk.close_film()
    bench.enter(link)
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    assert film(bench).check in (Check.RUNNING, Check.SAME)
    bench.until(lambda: film(bench).check is Check.SAME)
    bench.until(lambda: bench.window.shown() is not None)
    assert len(fetched) == count
    assert "checked" in bench.window.status.facts.text()


def test_a_kept_film_opens_while_the_cloud_is_away_and_says_of_when_it_is(make_bench, tmp_path, fetched):
    service = start_demo(write_study(tmp_path / "films", ct_stack(3)))
    bench = make_bench(service=service)
    link = service.share(CT_STUDY)
    bench.enter(link)
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    kept(bench)
    bench.desk.close_film()
    service.cloud.close()
    bench.enter(link)
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.until(lambda: bench.window.shown() is not None)
    bench.until(lambda: film(bench).check is Check.UNKNOWN, 60)
    assert "not checked" in bench.window.status.facts.text()
    bench.close()
    service.close()


def test_a_film_that_was_changed_at_its_source_is_shown_as_it_is_now_and_that_is_said(make_bench, tmp_path, fetched):
    service = start_demo(write_study(tmp_path / "films", ct_stack(3)))
    bench = make_bench(service=service)
    link = service.share(CT_STUDY)
    bench.enter(link)
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    kept(bench)
    bench.desk.close_film()
    service.cloud.answers = Answers(Catalogue(scan(write_study(tmp_path / "more", ct_stack(5)))), None)
    bench.enter(link)
    bench.until(lambda: bench.window.is_reading and len(film(bench).instances) == 5, 60)
    assert film(bench).check is Check.NONE
    assert "not what it was" in bench.window.notice.text.text()
    bench.close()
    service.close()


def test_a_film_behind_a_passcode_asks_for_it_each_time(bench, fetched):
    link = bench.service.share(CT_STUDY, passcode="4711")
    bench.enter(link, "4711")
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    count = len(fetched)
    (one,) = kept(bench)
    assert one.about.entry == ""
    bench.desk.close_film()
    bench.enter(link)
    bench.until(lambda: bench.desk.last_error is not None)
    assert bench.desk.last_error.code == "link-passcode-needed"
    bench.enter(link, "4711")
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    assert len(fetched) == count


def test_a_film_that_is_forgotten_is_fetched_again(bench, fetched):
    link = bench.service.share(CT_STUDY)
    bench.enter(link)
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    count = len(fetched)
    (one,) = kept(bench)
    bench.desk.close_film()
    bench.workstation.station.shelving.forget(one)
    assert kept(bench) == ()
    bench.enter(link)
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    assert len(fetched) == 2 * count


def offered(bench):
    choices = bench.window.door.choices
    return [choices.list.item(row).text() for row in range(choices.list.count()) if choices.list.isVisibleTo(choices)]


def test_the_door_lists_what_is_kept_with_names_masked_and_opens_pins_and_forgets_it(bench, fetched):
    bench.desk.kept_films.begin()
    link = bench.service.share(CT_STUDY)
    bench.enter(link)
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    count = len(fetched)
    kept(bench)
    bench.desk.close_film()
    choices = bench.window.door.choices
    bench.until(lambda: len(choices.kept) == 1)
    (offer,) = choices.kept
    assert "晓东" not in offer.detail + offer.title
    assert "Xiaodong" not in offer.detail + offer.title
    assert str(count) in offer.detail
    choices.kept_pinned.emit(0)
    bench.until(lambda: choices.kept[0].is_pinned)
    choices.list.setCurrentRow(0)
    choices.choose(choices.list.item(0))
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    assert len(fetched) == count
    bench.until(lambda: film(bench).check is Check.SAME)
    bench.desk.close_film()
    bench.until(lambda: len(choices.kept) == 1)
    assert choices.forget_button.isVisibleTo(choices)
    choices.forget_button.click()
    bench.until(lambda: choices.kept == ())
    assert kept(bench) == ()


def test_an_accession_number_asks_its_source_each_time_as_other_studies_may_fit_it_now(bench, fetched, monkeypatch):
    from workstation.app.shelving import Shelving

    asked = []
    reopened = Shelving.reopened
    monkeypatch.setattr(Shelving, "reopened", lambda *words: asked.append(1) or reopened(*words))
    number = ct_stack(1)[0].AccessionNumber
    assert number
    for _ in range(2):
        bench.enter(number)
        bench.until(lambda: bench.desk.is_settled and (bench.window.is_reading or bench.window.door.choices.candidates))
        if bench.window.is_reading:
            assert film(bench).check is Check.NONE
            bench.desk.close_film()
    assert not asked
