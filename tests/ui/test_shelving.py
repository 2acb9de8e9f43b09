"""What is fetched stays for the next time where there is a key store, ends with the program where there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.phantoms import CT_STUDY, Person, ct_stack, write_study
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
from workstation.ui.completeness_panel import panel_lines
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


@pytest.fixture
def quiet(make_bench, service):
    """A workstation that compares nothing with its source."""
    settings = service.settings
    return make_bench(settings=replace(settings, store=replace(settings.store, compare=False)))


def kept(bench):
    shelving = bench.workstation.station.shelving
    shelving.store().flush()
    return shelving.kept()


def film(bench):
    return bench.session.films.value[0]


def test_a_film_opens_a_second_time_without_fetching_an_instance_and_is_checked_behind(quiet, fetched):
    bench = quiet
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


@pytest.fixture
def changing(make_bench, tmp_path):
    """A workstation before a cloud whose films can be changed."""
    service = start_demo(write_study(tmp_path / "films", ct_stack(3)))
    bench = make_bench(service=service)

    def change(datasets):
        folder = write_study(tmp_path / f"changed-{len(list(tmp_path.iterdir()))}", datasets)
        service.cloud.answers = Answers(Catalogue(scan(folder)), None)

    yield bench, service.share(CT_STUDY), change
    bench.close()
    service.close()


def read(bench, link):
    bench.enter(link)
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    bench.until(lambda: bench.window.shown() is not None)
    bench.workstation.station.shelving.store().flush()


def otherwise(count, *, header=False):
    """The same instances with other pixels."""
    made = ct_stack(count)
    for one in made:
        one.PixelData = one.PixelData[::-1]
        if header:
            one.ImageComments = "corrected"
            one.ImageType = ["DERIVED", "SECONDARY", "AXIAL"]
    return made


def is_shown(bench, number):
    """Whether the image of a number is on the glass."""
    shown = bench.window.shown()
    return shown is not None and shown.instance.sop_instance_uid == ct_stack(number)[-1].SOPInstanceUID


def grey(bench):
    return bench.window.shown().frame.values.tobytes()


def test_a_film_that_was_changed_at_its_source_stays_on_the_glass_grows_and_that_is_said(changing, fetched):
    bench, link, change = changing
    read(bench, link)
    before = grey(bench)
    bench.desk.close_film()
    change(otherwise(3, header=True) + ct_stack(5)[3:])
    bench.enter(link)
    bench.until(lambda: bench.window.is_reading and len(film(bench).instances) == 5, 60)
    bench.until(lambda: film(bench).check is Check.CHANGED and bench.desk.is_settled)
    assert "not the same at its source" in bench.window.notice.text.text()
    assert len(film(bench).differing) == 3
    bench.until(lambda: bench.window.shown() is not None)
    assert grey(bench) == before
    bench.run(0.2)
    bench.desk.close_film()
    read(bench, link)
    bench.until(lambda: film(bench).check is Check.SAME)
    assert film(bench).differing == frozenset()
    assert len(film(bench).instances) == 5
    bench.session.active_viewport.scroll(-10)
    bench.until(lambda: is_shown(bench, 1))
    assert grey(bench) == np.frombuffer(otherwise(1)[0].PixelData, np.int16).tobytes()


def test_a_film_whose_source_says_by_now_that_it_is_of_somebody_else_is_taken_off_the_glass(changing, fetched):
    bench, link, change = changing
    read(bench, link)
    bench.desk.close_film()
    change(ct_stack(3, person=Person(patient_id="DEMO-9999")))
    bench.enter(link)
    bench.until(lambda: "ANOTHER PATIENT" in bench.window.door.understood.text(), 60)
    assert not bench.session.films.value
    assert not bench.window.is_reading


def test_other_bytes_under_the_same_uid_are_a_conflict_that_every_image_of_the_series_shows(changing, fetched):
    bench, link, change = changing
    read(bench, link)
    before = grey(bench)
    bench.desk.close_film()
    change(otherwise(2) + ct_stack(3)[2:])
    read(bench, link)
    bench.until(lambda: len(film(bench).differing) == 2)
    bench.until(lambda: "2 images were kept here otherwise" in bench.window.notice.text.text())
    assert grey(bench) == before
    marks = {}
    bench.session.active_viewport.scroll(-10)
    for number in (1, 2, 3):
        bench.until(lambda number=number: is_shown(bench, number))
        uid = bench.window.shown().instance.sop_instance_uid
        marks[number] = uid in film(bench).differing
        bench.session.active_viewport.scroll(1)
    assert marks == {1: True, 2: True, 3: False}
    assert "2 otherwise at the source" in bench.window.status.completeness.text()
    lines = " ".join(text for text, _ in panel_lines(film(bench)))
    assert "whole and checked" not in lines
    assert "Images that the source has otherwise now: 2" in lines


def test_the_reader_may_use_what_the_source_has_now(changing, fetched):
    bench, link, change = changing
    read(bench, link)
    bench.desk.close_film()
    change(otherwise(3))
    read(bench, link)
    bench.until(lambda: len(film(bench).differing) == 3)
    bench.desk.close_film()
    read(bench, link)  # opened again without a choice: what was kept first is still shown, and still marked
    bench.until(lambda: len(film(bench).differing) == 3)
    shown = film(bench)
    bench.window.trigger("film.use_source")
    bench.until(lambda: bench.session.films.value and film(bench) is not shown and bench.desk.is_settled)
    bench.session.active_viewport.scroll(-10)
    bench.until(lambda: is_shown(bench, 1))
    assert grey(bench) == np.frombuffer(otherwise(1)[0].PixelData, np.int16).tobytes()
    bench.run(0.3)
    assert film(bench).differing == frozenset()


def test_without_comparing_nothing_is_fetched_twice_and_nothing_is_found(make_bench, changing, fetched):
    bench, link, change = changing
    settings = bench.workstation.station.settings
    bench.workstation.station.use_settings(replace(settings, store=replace(settings.store, compare=False)))
    read(bench, link)
    bench.desk.close_film()
    change(otherwise(3))
    read(bench, link)
    bench.until(lambda: film(bench).check is Check.SAME)
    bench.run(0.3)
    assert len(fetched) == 3
    assert film(bench).differing == frozenset()


def test_a_film_that_is_the_same_costs_three_images_to_compare(bench, service, fetched):
    link = service.share(CT_STUDY)
    read(bench, link)
    count = len(fetched)
    bench.desk.close_film()
    read(bench, link)
    bench.until(lambda: len(fetched) == count + 3)
    bench.run(0.3)
    assert len(fetched) == count + 3
    assert film(bench).differing == frozenset()


def test_a_film_behind_a_passcode_asks_for_it_each_time(quiet, fetched):
    bench = quiet
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


def test_a_film_that_is_forgotten_is_fetched_again(quiet, fetched):
    bench = quiet
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


def test_the_door_lists_what_is_kept_with_names_masked_and_opens_pins_and_forgets_it(quiet, fetched):
    bench = quiet
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
