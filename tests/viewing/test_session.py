"""Viewports, layout, films: one patient a session, and never incomplete without a word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.phantoms import SERIES, ct_slice, ct_stack, radiograph, sop
from tests.viewing.fakes import FakeFrames
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.study import instance_of
from workstation.errors import TransferError
from workstation.viewing.session import Film, FilmState, ReadingSession, Refusal
from workstation.viewing.viewport import Viewport


def film_of(datasets, **keywords):
    instances = tuple(instance_of(DatasetAttributes(one)) for one in datasets)
    return Film("film-1", "DEMO", instances[0].patient, instances, FakeFrames(), **keywords)


@pytest.fixture
def session():
    return ReadingSession()


def test_a_film_opens_in_the_middle_of_its_stack_unconfirmed(session):
    session.is_confirmed.set(True)
    session.add_film(film_of(ct_stack(9)))
    assert session.active_viewport.state.index == 4
    assert not session.is_confirmed.value
    assert session.patient.patient_id == "DEMO-7001"


def test_a_second_patient_is_not_accepted(session):
    film = film_of(ct_stack(3))
    session.add_film(film)
    assert session.accepts(film.patient)
    assert not session.accepts(replace(film.patient, patient_id="DEMO-7002"))
    assert not session.accepts(replace(film.patient, birth_date="19990101"))


def test_a_larger_layout_fills_with_series_that_are_not_shown(session):
    others = [one for n in range(2) for one in ct_stack(2, series=f"2.25.80{n}")]
    session.add_film(film_of([*ct_stack(3), *others]))
    session.set_layout(2, 2)
    shown = [v.state.display_set.series.series_instance_uid for v in session.shown_viewports if v.state.display_set]
    assert sorted(shown) == sorted([SERIES, "2.25.800", "2.25.801"])
    assert session.viewports[3].state.display_set is None
    session.active.set(3)
    session.set_layout(1, 1)
    assert session.active.value == 0


def test_the_next_series_is_shown_in_the_active_viewport_and_the_ends_hold(session):
    session.add_film(film_of([*ct_stack(3), *ct_stack(2, series="2.25.801")]))
    first = session.active_viewport.state.display_set.set_id
    session.show_next_series(1)
    second = session.active_viewport.state.display_set.set_id
    assert second != first
    session.show_next_series(1)
    assert session.active_viewport.state.display_set.set_id == second
    session.show_next_series(-1)
    assert session.active_viewport.state.display_set.set_id == first


def test_closing_forgets_everything(session):
    session.add_film(film_of(ct_stack(3)))
    session.is_confirmed.set(True)
    session.close_films()
    assert session.patient is None
    assert not session.is_confirmed.value
    assert all(v.state.display_set is None for v in session.viewports)


@pytest.mark.parametrize("missing", [(1,), (2, 5), (1, 2, 3, 4, 5)])
def test_a_series_with_missing_instances_is_incomplete_when_the_load_ends(missing):
    film = film_of(ct_stack(7))
    (shown,) = film.display_sets
    for number in range(1, 8):
        if number not in missing:
            film.receive(SERIES, sop(number))
    assert not film.is_incomplete(shown)
    film.finish()
    assert film.state is FilmState.INCOMPLETE
    assert film.is_incomplete(shown)
    assert film.count(SERIES) == (7 - len(missing), 7)


def test_the_archives_own_count_stands_above_the_listing():
    film = film_of(ct_stack(7), expected={SERIES: 9})
    for number in range(1, 8):
        film.receive(SERIES, sop(number))
    film.finish()
    assert film.state is FilmState.INCOMPLETE
    assert film.totals == (7, 9)


def test_a_listing_longer_than_the_archives_count_counts():
    film = film_of(ct_stack(7), expected={SERIES: 5})
    assert film.count(SERIES) == (0, 7)


def test_a_refused_instance_makes_its_series_incomplete_at_once():
    film = film_of(ct_stack(3))
    film.refuse(Refusal(sop(2), SERIES, TransferError("cut-off", received=1, expected=2)))
    assert film.is_incomplete(film.display_sets[0])


def test_a_whole_film_is_complete_and_says_so_once():
    told = []
    film = film_of(ct_stack(2))
    film.changed.connect(lambda: told.append(film.state))
    film.receive(SERIES, sop(1))
    film.receive(SERIES, sop(2))
    film.receive(SERIES, sop(2))
    film.finish()
    assert told == [FilmState.COMPLETE]


def test_a_viewport_stops_at_the_ends_and_cine_goes_round():
    viewport = Viewport(0)
    viewport.scroll(1)
    viewport.play_on()
    assert viewport.state.key is None
    viewport.show(film_of(ct_stack(3)).display_sets[0])
    viewport.scroll(-5)
    assert viewport.state.index == 0
    viewport.scroll(99)
    assert viewport.state.index == 2
    viewport.play_on()
    assert viewport.state.index == 0


def test_reset_keeps_the_step_and_forgets_the_rest():
    viewport = Viewport(0)
    viewport.show(film_of(ct_stack(3)).display_sets[0], 2)
    viewport.invert()
    viewport.set_view(viewport.state.view.rotated(1).flipped_horizontally())
    viewport.reset()
    assert viewport.state.index == 2
    assert not viewport.state.is_inverted
    assert viewport.state.view.quarter_turns == 0


def test_setting_the_same_state_tells_nobody():
    viewport = Viewport(0)
    told = []
    viewport.changed.connect(lambda old, new: told.append(new))
    viewport.set(viewport.state)
    viewport.go_to(0)
    assert told == []


def test_a_grown_display_set_keeps_the_instance_that_is_shown():
    viewport = Viewport(0)
    viewport.show(film_of([ct_slice(2), ct_slice(4)]).display_sets[0], 1)
    viewport.update_set(film_of(ct_stack(5)).display_sets[0])
    assert viewport.state.key.sop_instance_uid == sop(4)


def test_a_radiograph_film_shows_its_one_image(session):
    session.add_film(film_of([radiograph()]))
    assert session.active_viewport.state.index == 0


def test_films_without_a_patient_id_never_join_by_themselves(session):
    film = film_of(ct_stack(2))
    nameless = replace(film.patient, patient_id="", issuer="")
    session.add_film(Film("film-1", "x", nameless, film.instances, FakeFrames()))
    assert not session.accepts(nameless)


def test_the_same_id_under_another_name_joins_in_amber_and_is_asked_for_again(session):
    from workstation.dicom.attributes import PersonName

    first = film_of(ct_stack(2))
    session.add_film(first)
    session.is_confirmed.set(True)
    other = replace(first.patient, name=PersonName("Ouyang^Xiaodang"))
    assert session.accepts(other)
    film = Film("film-2", "x", other, first.instances, FakeFrames())
    session.add_film(film)
    assert film.name_differs
    assert not session.is_confirmed.value


def test_a_film_that_grows_leaves_every_viewport_on_its_image(session):
    stack = ct_stack(9)
    film = film_of(stack[4:5], expected={SERIES: 9})
    session.add_film(film)
    viewport = session.active_viewport
    viewport.invert()
    shown, told = viewport.state.key, []
    film.changed.connect(lambda: told.append(film.totals))
    others = [instance_of(DatasetAttributes(one)) for one in [*stack, *ct_stack(3, series="2.25.801")]]
    session.grow_film(film, tuple(others), {SERIES: 9})
    assert viewport.state.key == shown
    assert viewport.state.is_inverted
    assert len(viewport.state.display_set.frames) == 9
    assert viewport.state.index == 4
    assert told == [(0, 12)]
    assert film.state is FilmState.LOADING
    viewport.scroll(1)
    assert viewport.state.key != shown


def test_an_image_that_is_no_longer_listed_stays_in_front_of_its_reader(session):
    film = film_of(ct_stack(5))
    session.add_film(film)
    shown = session.active_viewport.state.key
    left = tuple(one for one in film.instances if one.sop_instance_uid != shown.sop_instance_uid)
    session.grow_film(film, left, {})
    assert session.active_viewport.state.key == shown
    assert len(film.instances) == 5


def test_a_sheet_that_grows_keeps_the_image_of_its_active_tile_and_the_layout_behind_it(session):
    stack = ct_stack(40)
    film = film_of(stack[10:30])
    session.add_film(film)
    session.set_sheet(3, 4)
    tile = session.active_viewport.state.key
    session.grow_film(film, tuple(instance_of(DatasetAttributes(one)) for one in stack), {})
    assert session.active_viewport.state.key == tile
    shown = [v.state.index for v in session.shown_viewports]
    assert shown == list(range(shown[0], shown[0] + 12))
    session.set_sheet(3, 4)
    assert session.active_viewport.state.key == tile
    assert len(session.active_viewport.state.display_set.frames) == 40
