"""A lease ends, or the user forgets by hand: the film's key goes, and nobody's measurements go with it unasked."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from tests.phantoms import CT_STUDY, DX_STUDY
from tests.ui.test_measuring import Remembering, draw, with_store
from workstation.app.keeping import Fate
from workstation.measuring.measurement import Kind


def opened(bench, link):
    bench.enter(link)
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    bench.until(lambda: bench.workstation.keeping.fate.value is Fate.KEPT)


@pytest.fixture
def keeping(make_bench):
    """A workstation with a key store."""
    bench = make_bench()
    with_store(bench, Remembering())
    bench.desk.kept_films.begin()
    return bench


@pytest.fixture
def measured(keeping):
    """One with a film on the screen on which something was measured."""
    bench = keeping
    link = bench.service.share(CT_STUDY)
    opened(bench, link)
    made = draw(bench, Kind.LENGTH, (10, 10), (40, 10))
    bench.workstation.station.shelving.store().flush()
    return bench, link, made


def shelving(bench):
    return bench.workstation.station.shelving


def records(bench, event):
    import json

    from workstation import locations

    bench.workstation.station._records.drain(5)
    lines = (locations.state_dir() / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    return [found for found in map(json.loads, lines) if found["event"] == event]


def test_measurements_outlive_the_lease_of_their_film(measured):
    bench, link, made = measured
    bench.desk.close_film()
    store = shelving(bench).store()
    (kept,) = shelving(bench).kept()
    store.describe(_name(kept), replace(kept.about, expires=time.time() - 1).to_bytes())
    bench.workstation.expiring.look()
    bench.until(lambda: store.studies() == ())
    bench.until(lambda: [one["act"] for one in records(bench, "forget")] == ["lease"])
    opened(bench, link)
    bench.until(lambda: bench.session.markings.items.value == (made,))


def _name(kept):
    from workstation.archive.store.store import Name

    return Name(kept.about.origin, kept.about.study)


def forget_first(bench):
    bench.desk.close_film()
    choices = bench.window.door.choices
    bench.until(lambda: len(choices.kept) == 1)
    choices.kept_forgotten.emit(0)


def test_forgetting_a_film_on_which_something_was_measured_asks_first_and_cancel_leaves_both(measured):
    bench, link, made = measured
    bar = bench.window.forget_bar
    forget_first(bench)
    bench.until(lambda: bar.isVisible())
    assert "Measurements on them: 1" in bar.text.text()
    assert [button.text() for button in (bar.films, bar.everything, bar.cancel)] == [
        "Delete the films, keep the measurements", "Delete both", "Cancel",
    ]  # fmt: skip
    bench.window.trigger("desk.back")  # Escape
    assert bar.isHidden()
    bench.run(0.1)
    assert len(shelving(bench).kept()) == 1
    opened(bench, link)
    bench.until(lambda: bench.session.markings.items.value == (made,))


def test_the_films_alone_can_go(measured):
    bench, link, made = measured
    forget_first(bench)
    bench.until(lambda: bench.window.forget_bar.isVisible())
    bench.window.forget_bar.films.click()
    bench.until(lambda: shelving(bench).kept() == ())
    opened(bench, link)
    bench.until(lambda: bench.session.markings.items.value == (made,))
    assert records(bench, "forget")[-1]["outcome"] == "films"


def test_films_and_measurements_can_go(measured):
    bench, link, _made = measured
    forget_first(bench)
    bench.until(lambda: bench.window.forget_bar.isVisible())
    bench.window.forget_bar.everything.click()
    bench.until(lambda: shelving(bench).kept() == ())
    opened(bench, link)
    bench.run(0.2)
    assert bench.session.markings.items.value == ()
    assert records(bench, "forget")[-1]["outcome"] == "all"


def test_forgetting_a_film_on_which_nothing_was_measured_asks_nothing(keeping):
    bench = keeping
    opened(bench, bench.service.share(CT_STUDY))
    shelving(bench).store().flush()
    forget_first(bench)
    bench.until(lambda: shelving(bench).kept() == ())
    assert bench.window.forget_bar.isHidden()


def test_forget_this_patient_now_closes_the_film_and_leaves_nothing_of_the_patient(measured):
    bench, link, _made = measured
    bar = bench.window.forget_bar
    bench.window.trigger("film.forget_patient")
    bench.until(lambda: bar.isVisible())
    assert "欧阳晓东" in bar.text.text() or "Ouyang" in bar.text.text()
    assert bench.window.is_reading
    bar.everything.click()
    bench.until(lambda: shelving(bench).kept() == ())
    assert bench.session.films.value == ()
    assert not bench.window.is_reading
    assert bar.text.text() == ""
    (record,) = records(bench, "forget")
    assert (record["act"], record["count"], record["outcome"]) == ("patient", 1, "all")
    assert "Ouyang" not in str(record)
    opened(bench, link)
    bench.run(0.2)
    assert bench.session.markings.items.value == ()


def test_forget_this_patient_spares_the_films_of_others_and_what_was_measured_where_that_is_wished(measured):
    bench, link, made = measured
    bench.desk.close_film()
    opened(bench, bench.service.share(DX_STUDY))
    shelving(bench).store().flush()
    kept = {one.about.study: one.about.patient for one in shelving(bench).kept()}
    bench.desk.close_film()
    opened(bench, link)
    bench.window.trigger("film.forget_patient")
    bench.until(lambda: bench.window.forget_bar.isVisible())
    bench.window.forget_bar.films.click()
    left = {study for study, patient in kept.items() if patient != kept[CT_STUDY]}
    bench.until(lambda: {one.about.study for one in shelving(bench).kept()} == left)
    opened(bench, link)
    bench.until(lambda: made in bench.session.markings.items.value)


def test_a_question_about_a_patient_is_over_when_the_film_is_closed(measured):
    bench, _link, _made = measured
    bench.window.trigger("film.forget_patient")
    bench.until(lambda: bench.window.forget_bar.isVisible())
    bench.desk.close_film()
    assert bench.window.forget_bar.isHidden()
    assert len(shelving(bench).kept()) == 1


def test_a_link_that_was_taken_back_takes_what_is_kept_with_it(make_bench, tmp_path):
    from tests.phantoms import ct_stack, write_study
    from workstation.demo.service import start_demo

    service = start_demo(write_study(tmp_path / "films", ct_stack(3)))
    bench = make_bench(service=service)
    try:
        link = service.share(CT_STUDY, valid_s=3600)
        bench.enter(link)
        bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
        shelving(bench).store().flush()
        bench.desk.close_film()
        for share in service.cloud.shares._shares.values():
            share.expires_at = 0.0
        bench.enter(link)
        bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
        bench.until(lambda: shelving(bench).store().studies() == ())
        bench.until(lambda: "expired" in bench.window.notice.text.text())
        bench.desk.close_film()
        bench.enter(link)
        bench.until(lambda: bench.desk.last_error is not None)
        assert bench.desk.last_error.code == "link-expired"
    finally:
        bench.close()
        service.close()


def test_a_source_that_it_removed_opens_nothing_from_the_store_and_is_not_offered(make_bench, service):
    bench = make_bench()
    with_store(bench, Remembering())
    bench.desk.kept_films.begin()
    link = service.share(CT_STUDY)
    opened(bench, link)
    shelving(bench).store().flush()
    bench.desk.close_film()
    choices = bench.window.door.choices
    bench.until(lambda: len(choices.kept) == 1)
    settings = bench.workstation.station.settings
    policy = replace(settings.policy, typed_links=False)
    bench.workstation.apply(replace(settings, sources=(), policy=policy))
    bench.until(lambda: choices.kept == ())
    bench.until(lambda: shelving(bench).store().studies() == ())
    bench.enter(link)
    bench.until(lambda: bench.desk.last_error is not None)
    assert bench.desk.last_error.code == "link-host-unknown"
    assert bench.session.films.value == ()


def test_a_typed_link_that_it_does_not_allow_any_more_opens_nothing_from_the_store(make_bench, service):
    settings = replace(service.settings, sources=())
    bench = make_bench(settings=settings)
    share = service.share(CT_STUDY)
    token = share.partition("token=")[2].partition("&")[0]
    link = f"{service.settings.sources[0].root}/studies/{CT_STUDY}?token={token}"
    bench.enter(link)
    bench.until(lambda: bench.desk.is_settled and bench.window.is_reading)
    shelving(bench).store().flush()
    assert len(shelving(bench).kept()) == 1
    bench.desk.close_film()
    station = bench.workstation.station
    station.use_settings(replace(settings, policy=replace(settings.policy, typed_links=False)))  # nothing looked yet
    assert shelving(bench).kept() == ()
    bench.enter(link)
    bench.until(lambda: bench.desk.last_error is not None)
    assert bench.desk.last_error.code == "not-allowed"
    assert bench.session.films.value == ()
