"""Windows are within reach of a hand on the monitors that are there, and stand where they stood on them before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workstation.station.displays import (
    Box,
    Display,
    WindowPlace,
    arrangement_of,
    box_of,
    home_of,
    in_reach,
    is_in_reach,
    note_place,
    remembered,
)

LEFT = Display("left", Box(0, 0, 1920, 1040))
RIGHT = Display("right", Box(1920, -200, 1536, 2048))  # portrait


def test_a_window_stands_again_where_it_stood_on_a_monitor_of_another_scale():
    place = note_place(Box(192, 104, 960, 520), [LEFT, RIGHT], maximised=False, full_screen=False)
    assert place == WindowPlace("left", 0.1, 0.1, 0.5, 0.5)
    at_double_scale = Display("left", Box(0, 0, 960, 520))
    assert box_of(place, [at_double_scale]) == Box(96, 52, 480, 260)


def test_a_window_on_a_monitor_that_is_gone_has_no_place():
    assert box_of(WindowPlace("right"), [LEFT]) is None


def test_a_window_is_at_home_on_the_monitor_that_shows_most_of_it():
    assert home_of(Box(1800, 0, 1000, 800), [LEFT, RIGHT]) is RIGHT
    assert home_of(Box(-5000, 0, 100, 100), [LEFT, RIGHT]) is LEFT


def test_a_window_in_reach_is_left_alone_even_when_half_of_it_is_outside():
    box = Box(1500, 100, 1200, 800)
    assert in_reach(box, [LEFT]) == box


def test_a_window_whose_top_is_above_the_monitor_comes_down():
    assert in_reach(Box(100, -300, 1000, 700), [LEFT]).top == 0


def test_the_same_monitors_in_another_order_are_the_same_arrangement():
    assert arrangement_of([LEFT, RIGHT]) == arrangement_of([RIGHT, LEFT])


def test_only_so_many_arrangements_are_kept_and_the_newest_of_them():
    kept: dict[str, tuple[WindowPlace, ...]] = {}
    for number in range(30):
        kept = remembered(kept, f"room {number}", (WindowPlace("x"),))
    assert len(kept) == 12
    assert "room 29" in kept


lengths = st.integers(400, 5000)
corners = st.integers(-6000, 6000)
monitors = st.lists(
    st.builds(lambda x, y, w, h: Box(x, y, w, h), corners, corners, lengths, lengths), min_size=1, max_size=4
)


@given(monitors, corners, corners, lengths, lengths)
def test_whatever_the_monitors_a_window_ends_in_reach(areas, left, top, width, height):
    displays = [Display(str(number), area) for number, area in enumerate(areas)]
    assert is_in_reach(in_reach(Box(left, top, width, height), displays), displays)
