"""What is fetched stays for the next time where there is a key store, ends with the program where there is none."""

from __future__ import annotations

import pytest

from tests.ui.test_measuring import Remembering
from workstation import locations
from workstation.app.shelving import Shelving
from workstation.archive.cloud import CloudFilm
from workstation.archive.store.store import Name, Outcome
from workstation.settings import StoreSettings
from workstation.station.vault import Vault

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
    assert shelving.shelved(film, None, "pacs") is film
    shelving.close()


def test_a_film_opens_a_second_time_without_fetching_an_instance(bench, monkeypatch):
    fetched = []
    obtain = CloudFilm.obtain
    monkeypatch.setattr(CloudFilm, "obtain", lambda film, *words: fetched.append(1) or obtain(film, *words))
    bench.open()
    count = len(bench.session.films.value[0].instances)
    assert len(fetched) == count
    bench.workstation.station.shelving.store().flush()
    bench.desk.close_film()
    bench.open()
    assert len(fetched) == count
    assert bench.window.shown() is not None
