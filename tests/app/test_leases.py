"""When a kept film goes: the earliest of its days, the end of the clinic and its link's end; who may still open it."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from tests.ui.test_measuring import Remembering
from tests.ui.test_shelving import NAME, vault_with
from workstation import locations
from workstation.app.leases import About, is_permitted, lease_end
from workstation.app.shelving import Shelving
from workstation.errors import ConfigError
from workstation.reference import Source
from workstation.settings import StoreSettings, parse

DAY_S = 86_400.0


def at(clock, day=11):
    return datetime.fromisoformat(f"2026-11-{day:02}T{clock}").timestamp()  # wall time of this machine


@pytest.mark.parametrize(
    ("opened", "settings", "facts", "end"),
    [
        (at("09:00"), StoreSettings(), {}, at("09:00", 18)),
        (at("09:00"), StoreSettings(until="18:00"), {}, at("18:00")),
        (at("18:00"), StoreSettings(until="18:00"), {}, at("18:00", 12)),
        (at("19:30"), StoreSettings(until="18:00"), {}, at("18:00", 12)),
        (at("09:00"), StoreSettings(until="18:00"), {"expires": at("12:00")}, at("12:00")),
        (at("09:00"), StoreSettings(until="18:00"), {"expires": at("12:00", 28)}, at("18:00")),
        (at("09:00"), StoreSettings(until="18:00", days=3), {"is_pinned": True}, at("09:00", 14)),
        (at("09:00"), StoreSettings(until="18:00"), {"is_pinned": True, "expires": at("12:00")}, at("12:00")),
    ],
)
def test_the_earliest_end_counts_and_a_pin_outlives_the_clinic_alone(opened, settings, facts, end):
    assert lease_end(opened, settings, **facts) == end


@pytest.mark.parametrize("text", ["25:00", "18.00", "6pm", "18:60", "8:00"])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ConfigError) as caught:
        parse(f'[store]\nuntil = "{text}"')
    assert caught.value.code == "config-bad-value"
    assert caught.value.params["key"] == "store.until"


def test_a_time_of_day_and_none_are_taken():
    assert parse('[store]\nuntil = "18:00"').store.until == "18:00"
    assert parse('[store]\nuntil = ""').store.until == ""


CLOUD = Source("Cloud", "https://cloud.example/dicom-web", link_hosts=("film.example",))


@pytest.mark.parametrize(
    ("source", "origin", "sources", "typed", "may"),
    [
        ("Cloud", "Cloud https://cloud.example", (CLOUD,), False, True),
        ("Cloud", "Cloud https://film.example", (CLOUD,), False, True),
        ("Cloud", "Cloud https://cloud.example", (), True, False),
        ("Cloud", "Cloud https://elsewhere.example", (CLOUD,), True, False),
        ("other.example", "other.example https://other.example:8443", (CLOUD,), True, True),
        ("other.example", "other.example https://other.example:8443", (CLOUD,), False, False),
    ],
)
def test_a_film_is_opened_by_a_source_that_is_there_or_where_links_may_be_typed(source, origin, sources, typed, may):
    about = About("", origin, "2.25.1", source, "", "", ("", ""), 1, 0.0)
    assert is_permitted(about, sources, typed_links=typed) is may


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(locations, "cache_dir", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def keep(shelving, name=NAME, *, expires=0.0, source="Cloud", pinned=False):
    store = shelving.store()
    store.put(name, b"bone" * 99)
    who, now = ("A", "A"), time.time()
    about = About("link", name.origin, name.study_instance_uid, source, "", "CT", who, 1, now, "1", expires)
    store.describe(name, about.to_bytes(), time.time() + DAY_S)
    store.pin(store.handle(name), is_pinned=pinned)
    store.flush()


def is_kept(shelving, name=NAME):
    return shelving.store().get(name) is not None


def test_a_film_goes_with_its_link_while_the_program_runs_and_nothing_more_of_it_is_kept(home):
    shelving = Shelving(StoreSettings, lambda: vault_with(Remembering()))
    wished = time.time()
    keep(shelving, expires=time.time() + 0.2)
    assert shelving.tidy() == 0
    assert is_kept(shelving)
    time.sleep(0.25)
    assert shelving.kept() == ()
    assert shelving.tidy() == 1
    assert not is_kept(shelving)
    store = shelving.store()
    store.put(NAME, b"late")  # a load that still runs
    store.flush()
    assert not is_kept(shelving)
    assert not store.admit(store.handle(NAME), wished)
    assert store.admit(store.handle(NAME), time.time())
    keep(shelving)
    assert is_kept(shelving)
    shelving.close()


def test_the_end_of_the_clinic_is_seen_at_the_next_start_and_spares_what_is_pinned(home, monkeypatch):
    known, settings = Remembering(), [StoreSettings()]
    pinned = NAME.__class__("pacs", "2.25.7", "2.25.2", "2.25.3")
    first = Shelving(lambda: settings[0], lambda: vault_with(known))
    keep(first)
    keep(first, pinned, pinned=True)
    first.close()
    settings[0] = StoreSettings(until="18:00")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 1.01 * DAY_S)
    again = Shelving(lambda: settings[0], lambda: vault_with(known))
    assert (is_kept(again), is_kept(again, pinned)) == (False, True)
    again.close()


def test_at_shutdown_it_goes_with_the_program_or_at_the_next_start_where_that_was_killed(home):
    known, settings = Remembering(), StoreSettings(at_shutdown=True)
    pinned = NAME.__class__("pacs", "2.25.7", "2.25.2", "2.25.3")
    first = Shelving(lambda: settings, lambda: vault_with(known))
    keep(first)
    keep(first, pinned, pinned=True)
    first.close()
    again = Shelving(StoreSettings, lambda: vault_with(known))
    assert (is_kept(again), is_kept(again, pinned)) == (False, True)
    keep(again)
    again.close()  # as a kill leaves it: this one did not destroy anything
    third = Shelving(lambda: settings, lambda: vault_with(known))
    assert (is_kept(third), is_kept(third, pinned)) == (False, True)
    third.close()


def test_what_is_not_to_be_kept_any_more_is_destroyed_with_what_is_pinned(home):
    known = Remembering()
    first = Shelving(StoreSettings, lambda: vault_with(known))
    keep(first, pinned=True)
    first.close()
    second = Shelving(lambda: StoreSettings(keep=False), lambda: vault_with(known))
    assert not second.lasts or second.store() is None
    second.store()
    second.close()
    third = Shelving(StoreSettings, lambda: vault_with(known))
    assert not is_kept(third)
    third.close()


def test_what_it_does_not_allow_any_more_is_neither_offered_nor_kept(home):
    allowed = [True]
    shelving = Shelving(StoreSettings, lambda: vault_with(Remembering()), lambda _about: allowed[0])
    keep(shelving, pinned=True)
    assert len(shelving.kept()) == 1
    allowed[0] = None  # the settings are broken: nobody knows
    assert (shelving.kept(), shelving.tidy(), is_kept(shelving)) == ((), 0, True)
    allowed[0] = False
    assert shelving.kept() == ()
    assert (shelving.tidy(), is_kept(shelving)) == (1, False)
    shelving.close()


def test_the_demo_leaves_the_films_of_the_hospital_alone(home):
    known = Remembering()
    first = Shelving(StoreSettings, lambda: vault_with(known))
    keep(first)
    first.close()
    demo = Shelving(StoreSettings, lambda: vault_with(known), lambda _about: False, is_demo=True)
    assert demo.kept() == ()
    assert not demo.lasts
    demo.tidy()
    demo.close()
    again = Shelving(StoreSettings, lambda: vault_with(known))
    assert is_kept(again)
    again.close()
