"""Several windows of one session, and series laid out as film sheets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.phantoms import ct_stack
from tests.viewing.test_session import film_of
from workstation.dicom.grayscale import Window
from workstation.viewing.panes import MOST_TILES
from workstation.viewing.session import ReadingSession
from workstation.viewing.wishes import wishes


@pytest.fixture
def session():
    made = ReadingSession()
    made.add_film(film_of([*ct_stack(30), *ct_stack(4, series="2.25.801")]))
    return made


def indices(session):
    return [one.state.index for one in session.pane.shown if one.state.display_set is not None]


def test_a_second_window_takes_the_series_that_is_not_shown_yet(session):
    first = session.active_viewport.state.display_set.set_id
    pane = session.add_pane()
    assert pane.active_viewport.state.display_set.set_id != first
    assert session.active_viewport.state.display_set.set_id == first
    assert [one.number for one in session.shown_viewports] == [0, MOST_TILES]


def test_there_are_four_windows_and_no_fifth(session):
    assert [session.add_pane() is not None for _ in range(4)] == [True, True, True, False]


def test_commands_go_to_the_window_that_was_touched_last(session):
    pane = session.add_pane()
    session.activate(pane.viewports[0])
    session.set_layout(2, 2)
    assert pane.layout.value == (2, 2)
    assert session.panes.value[0].layout.value == (1, 1)
    session.activate(pane.viewports[3])
    assert pane.active.value == 3
    session.activate(session.panes.value[0].viewports[0])
    assert pane.active.value == 3  # remembered for when the user comes back


def test_a_window_that_is_closed_gives_the_commands_back_to_the_first(session):
    pane = session.add_pane()
    session.activate(pane.viewports[0])
    session.remove_pane(pane)
    assert session.active.value == 0
    assert len(session.shown_viewports) == 1
    assert pane.viewports[0].state.display_set is None


def test_the_first_window_cannot_be_taken_away(session):
    session.remove_pane(session.panes.value[0])
    assert len(session.panes.value) == 1


def test_closing_the_films_empties_every_window_and_keeps_them(session):
    session.add_pane()
    session.close_films()
    assert len(session.panes.value) == 2
    assert all(one.state.display_set is None for one in session.viewports)


def test_the_next_patient_fills_the_windows_that_stayed(session):
    session.add_pane()
    session.close_films()
    session.add_film(film_of([*ct_stack(3), *ct_stack(4, series="2.25.801")]))
    assert [one.state.display_set is not None for one in session.shown_viewports] == [True, True]


def test_a_sheet_shows_neighbouring_images_from_the_one_that_was_shown(session):
    session.active_viewport.go_to(5)
    session.set_sheet(3, 4)
    assert indices(session) == list(range(5, 17))


def test_a_sheet_scrolls_by_rows_and_turns_by_sheets_and_stops_at_the_ends(session):
    session.active_viewport.go_to(0)
    session.set_sheet(3, 4)
    session.active_viewport.scroll(1)
    assert indices(session)[0] == 4
    session.active_viewport.turn_page(1)
    assert indices(session) == list(range(16, 28))
    session.active_viewport.turn_page(5)
    assert indices(session) == list(range(20, 30))  # the last row has two images, the rest of it is empty
    session.active_viewport.turn_page(-5)
    assert indices(session) == list(range(12))


def test_what_is_done_to_one_tile_is_done_to_all(session):
    session.active_viewport.go_to(0)
    session.set_sheet(3, 4)
    tile = session.pane.viewports[7]
    tile.set_window(Window(40, 80), "Brain")
    tile.set_view(replace(tile.state.view, quarter_turns=1))
    assert {one.state.voi_name for one in session.pane.shown} == {"Brain"}
    assert {one.state.view.quarter_turns for one in session.pane.shown} == {1}
    assert indices(session) == list(range(12))


def test_the_end_of_a_sheet_brings_back_the_layout_and_keeps_window_and_image(session):
    session.set_layout(1, 2)
    session.active_viewport.go_to(0)
    beside = session.viewports[1].state
    session.set_sheet(3, 4)
    session.activate(session.pane.viewports[6])
    session.active_viewport.set_window(Window(300, 2000), "Bone")
    session.set_sheet(3, 4)
    assert session.pane.layout.value == (1, 2)
    assert session.active_viewport.state.index == 6
    assert session.active_viewport.state.voi_name == "Bone"
    assert session.viewports[1].state == beside
    session.active_viewport.scroll(1)
    assert session.active_viewport.state.index == 7


def test_another_series_chosen_on_a_tile_fills_the_sheet(session):
    other = session.films.value[0].display_sets[1]
    session.set_sheet(3, 4)
    session.show(other)
    assert indices(session) == [0, 1, 2, 3]
    assert sum(one.state.display_set is None for one in session.pane.shown) == 8


def test_another_sheet_is_laid_from_the_same_layout_before(session):
    session.set_layout(1, 2)
    session.set_sheet(3, 4)
    session.set_sheet(5, 8)
    session.set_sheet(5, 8)
    assert session.pane.layout.value == (1, 2)


def test_a_film_that_joins_takes_no_tile(session):
    session.set_sheet(3, 4)
    sets = {one.state.display_set.set_id for one in session.pane.shown if one.state.display_set}
    session.add_film(film_of(ct_stack(3, series="2.25.802")))
    assert {one.state.display_set.set_id for one in session.pane.shown if one.state.display_set} == sets


def test_a_film_that_goes_ends_the_sheet_and_leaves_none_of_its_images(session):
    session.set_sheet(3, 4)
    session.remove_film(session.films.value[0])
    assert not session.pane.is_sheet.value
    assert all(one.state.display_set is None for one in session.viewports)


def test_the_films_are_asked_for_what_every_window_shows(session):
    pane = session.add_pane()
    ((_film, keys),) = wishes(session)
    assert keys[0] == session.active_viewport.state.key
    assert keys[1] == pane.active_viewport.state.key


def test_the_lens_has_four_strengths_and_stops_at_the_ends(session):
    strengths = []
    session.magnification.set(2)
    for _ in range(5):
        session.magnify(1)
        strengths.append(session.magnification.value)
    assert strengths == [3, 4, 6, 6, 6]
    session.magnify(-9)
    assert session.magnification.value == 2


def test_on_an_upright_monitor_a_sheet_has_more_rows_than_columns(session):
    session.pane.is_portrait = True
    session.set_sheet(3, 4)
    assert session.pane.layout.value == (4, 3)
    session.set_sheet(3, 4)
    assert session.pane.layout.value == (1, 1)
