"""Canvas and image: round trips, and letters against an independent formula with rotation matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.dicom.geometry import ImagePoint, Plane
from workstation.dicom.orientation import Sides, letters
from workstation.viewing.projection import CanvasPoint, CanvasSize, View, fit_scale, project

views = st.builds(
    View,
    quarter_turns=st.integers(0, 3),
    is_mirrored=st.booleans(),
    scale=st.one_of(st.none(), st.floats(0.05, 20)),
    centre=st.one_of(st.none(), st.builds(ImagePoint, st.floats(-50, 300), st.floats(-50, 300))),
)
canvases = st.builds(CanvasSize, st.integers(1, 3000), st.integers(1, 3000))


@given(views, canvases, st.integers(1, 4000), st.integers(1, 4000), st.floats(0.2, 5), st.floats(0, 1), st.floats(0, 1))
def test_a_point_comes_back_from_the_canvas(view, canvas, columns, rows, aspect, x, y):
    projection = project(columns, rows, aspect, view, canvas)
    point = CanvasPoint(x * canvas.width, y * canvas.height)
    back = projection.to_canvas(projection.to_image(point))
    assert abs(back.x - point.x) < 1e-6
    assert abs(back.y - point.y) < 1e-6


@given(views, canvases, st.integers(1, 500), st.integers(1, 500), st.floats(0.5, 2))
def test_the_image_corner_lies_on_a_whole_device_pixel(view, canvas, columns, rows, aspect):
    left, top, _, _ = project(columns, rows, aspect, view, canvas).rectangle()
    assert abs(left - round(left)) < 1e-6
    assert abs(top - round(top)) < 1e-6


@given(canvases, st.integers(1, 500), st.integers(1, 500), st.floats(0.5, 2), st.integers(0, 3))
def test_fit_shows_the_whole_image_and_wastes_nothing(canvas, columns, rows, aspect, turns):
    scale = fit_scale(columns, rows, aspect, turns, canvas)
    width, height = columns * scale, rows * aspect * scale
    if turns % 2:
        width, height = height, width
    assert width <= canvas.width + 1e-6
    assert height <= canvas.height + 1e-6
    assert abs(width - canvas.width) < 1e-6 or abs(height - canvas.height) < 1e-6


def test_one_to_one_puts_each_pixel_on_one_device_pixel():
    projection = project(10, 8, 1.0, View(scale=1.0), CanvasSize(31, 27))
    left, top, right, bottom = projection.rectangle()
    assert (right - left, bottom - top) == (10, 8)
    assert projection.pixel_at(CanvasPoint(left + 0.5, top + 0.5)) == (0, 0)
    assert projection.pixel_at(CanvasPoint(left + 9.999, top + 7.999)) == (9, 7)
    assert projection.pixel_at(CanvasPoint(left - 0.01, top + 1)) is None


ROTATE = np.array([[0.0, -1.0], [1.0, 0.0]])  # a quarter clockwise on a screen whose y points down
MIRROR = np.array([[-1.0, 0.0], [0.0, 1.0]])


def independent_right_and_bottom(plane: Plane, turns: int, mirrored: bool) -> tuple[str, str]:
    """Letters by matrices: which patient direction does the screen's right (and down) come from?"""
    screen_from_image = (MIRROR if mirrored else np.eye(2)) @ np.linalg.matrix_power(ROTATE, turns)
    image_from_screen = np.linalg.inv(screen_from_image)
    basis = np.array([plane.row_direction, plane.column_direction])
    right = image_from_screen @ np.array([1.0, 0.0])
    down = image_from_screen @ np.array([0.0, 1.0])
    return letters(tuple(right @ basis)), letters(tuple(down @ basis))


@pytest.mark.parametrize("seed", range(4))
def test_letters_follow_every_turn_and_mirror_of_oblique_planes(seed):
    rng = np.random.default_rng(seed)
    failures = 0
    for _ in range(500):
        row = rng.normal(size=3)
        row /= np.linalg.norm(row)
        column = np.cross(row, rng.normal(size=3))
        column /= np.linalg.norm(column)
        plane = Plane((0, 0, 0), tuple(row), tuple(column), 1, 1)  # type: ignore[arg-type]
        sides = Sides(letters(plane.row_direction), letters(plane.column_direction))
        for turns in range(4):
            for mirrored in (False, True):
                view = View(quarter_turns=turns, is_mirrored=mirrored)
                _, _, right, bottom = project(20, 30, 1.0, view, CanvasSize(50, 40)).edges(sides)
                failures += (right, bottom) != independent_right_and_bottom(plane, turns, mirrored)
    assert failures == 0


def test_turning_and_flipping_on_the_screen_does_what_the_hand_sees():
    start = View()
    assert start.rotated(1).rotated(1).rotated(1).rotated(1) == start
    assert start.flipped_horizontally().flipped_horizontally() == start
    assert start.flipped_vertically().flipped_vertically() == start
    assert start.flipped_vertically().flipped_horizontally() == start.rotated(2)
    sides = Sides("L", "P")

    def edges(view):
        return project(4, 4, 1.0, view, CanvasSize(9, 9)).edges(sides)

    assert edges(start) == ("R", "A", "L", "P")
    assert edges(start.rotated(1)) == ("P", "R", "A", "L")
    assert edges(start.flipped_horizontally()) == ("L", "A", "R", "P")
    assert edges(start.flipped_vertically()) == ("R", "P", "L", "A")
    assert edges(start.flipped_horizontally().rotated(1)) == ("P", "L", "A", "R")


def test_unknown_sides_give_no_letters():
    assert project(4, 4, 1.0, View(quarter_turns=1), CanvasSize(9, 9)).edges(Sides("", "")) == ("", "", "", "")
