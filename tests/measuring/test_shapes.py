"""Lengths, angles and areas against figures computed on paper, and against SimpleITK-free formulas of numpy."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.measuring.shapes import (
    angle,
    angle_of_lines,
    circle_through,
    cobb,
    corners,
    crosses_itself,
    distance_to_line,
    ellipse_area,
    foot,
    length,
    needed,
    perimeter,
    polygon_area,
    rectangle_area,
)


def at(*points):
    return np.array(points, np.float64)


def test_lengths_on_paper():
    assert length(at((0, 0), (3, 4))) == 5
    assert length(at((1, 1), (1, 1))) == 0
    assert length(at((0, 0), (3, 4), (3, 10))) == 11
    assert perimeter(at((0, 0), (4, 0), (4, 3))) == 12


@pytest.mark.parametrize(("end", "degrees"), [
    ((1, 0), 0), ((math.sqrt(3), 1), 30), ((1, 1), 45), ((0, 5), 90), ((-1, 1), 135), ((-1, 0), 180),
    ((1, 1e-9), math.degrees(1e-9)),
])  # fmt: skip
def test_angles_on_paper(end, degrees):
    assert angle(at((7, 0), (0, 0), end)) == pytest.approx(degrees, rel=1e-9, abs=1e-12)
    assert angle(at((17, 20), (10, 20), (end[0] + 10, end[1] + 20))) == pytest.approx(degrees, rel=1e-6, abs=1e-9)


def test_an_angle_without_an_arm_is_none():
    assert math.isnan(angle(at((0, 0), (0, 0), (1, 1))))
    assert math.isnan(angle_of_lines(at((0, 0), (0, 0), (1, 1), (2, 2))))


@pytest.mark.parametrize(("upper", "lower", "degrees"), [
    (((0, 0), (10, 0)), ((0, 50), (10, 50)), 0),
    (((0, 0), (10, math.tan(math.radians(20)) * 10)), ((0, 50), (10, 50 - math.tan(math.radians(25)) * 10)), 45),
    (((10, math.tan(math.radians(20)) * 10), (0, 0)), ((0, 50), (10, 50 - math.tan(math.radians(25)) * 10)), 45),
    (((0, 0), (10, math.tan(math.radians(60)) * 10)), ((0, 50), (10, 50 - math.tan(math.radians(55)) * 10)), 115),
])  # fmt: skip
def test_the_cobb_angle_is_that_of_the_end_plates_however_they_were_drawn(upper, lower, degrees):
    assert cobb(at(*upper, *lower)) == pytest.approx(degrees, abs=1e-9)
    assert cobb(at(*reversed(upper), *lower)) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_a_spine_that_was_stored_on_its_side_has_the_same_cobb_angle(quarters, is_mirrored):
    down, up = (math.tan(math.radians(degrees)) * 40 for degrees in (20, 25))
    plates = at((100, 200), (140, 200 + down), (104, 420), (144, 420 - up))
    turned = plates * (-1, 1) if is_mirrored else plates
    for _ in range(quarters):
        turned = turned[:, ::-1] * (-1, 1)
    assert cobb(turned) == pytest.approx(45, abs=1e-9)
    assert cobb(turned[[1, 0, 2, 3]]) == pytest.approx(45, abs=1e-9)
    assert cobb(turned[[2, 3, 0, 1]]) == pytest.approx(45, abs=1e-9)


def test_two_free_lines_have_the_smaller_angle():
    assert angle_of_lines(at((0, 0), (1, 0), (5, 5), (4, 6))) == pytest.approx(45)


def test_a_perpendicular_and_a_parallel_on_paper():
    assert foot(at((0, 0), (10, 0), (3, 7))) == pytest.approx((3, 0))
    assert distance_to_line(at((0, 0), (10, 10), (0, 10))) == pytest.approx(math.sqrt(50))
    assert distance_to_line(at((0, 0), (10, 0), (-5, 4))) == 4  # the line goes on beyond its ends
    assert distance_to_line(at((2, 3), (2, 3), (5, 7))) == 5


def test_a_circle_through_three_points_on_paper():
    found = circle_through(at((5, 0), (0, 5), (-5, 0)))
    assert found == pytest.approx((0, 0, 5))
    assert circle_through(at((0, 0), (1, 1), (2, 2))) is None
    assert circle_through(at((1, 1), (1, 1), (2, 2))) is None


def test_areas_on_paper():
    assert polygon_area(at((0, 0), (4, 0), (4, 3))) == 6
    assert polygon_area(at((0, 0), (4, 0), (4, 4), (2, 1), (0, 4))) == 10
    assert ellipse_area(at((0, 0), (6, 4))) == pytest.approx(6 * math.pi)
    assert rectangle_area(at((6, 4), (1, 1))) == 15
    assert polygon_area(corners(at((1, 2), (4, 8)))) == 18


def test_a_polygon_that_crosses_itself_is_known():
    assert crosses_itself(at((0, 0), (4, 4), (4, 0), (0, 4)))
    assert not crosses_itself(at((0, 0), (4, 0), (4, 4), (2, 1), (0, 4)))
    assert not crosses_itself(at((0, 0), (4, 0), (4, 4)))


def test_a_line_keeps_the_points_it_needs_and_lies_within_the_tolerance_of_all_others():
    turn = np.linspace(0, 2 * math.pi, 2000, endpoint=False)
    wobble = np.random.default_rng(4).uniform(-0.2, 0.2, (2000, 2))
    ring = np.stack([1000 + 400 * np.cos(turn), 900 + 250 * np.sin(turn)], axis=1) + wobble
    kept = needed(ring, 0.5)
    assert (kept[0], kept[-1]) == (0, 1999)
    assert len(kept) < 200
    thin = ring[kept]
    for point in ring[::7]:
        gaps = [
            np.hypot(*(point - a - min(1, max(0, (point - a) @ (b - a) / ((b - a) @ (b - a)))) * (b - a)))
            for a, b in itertools.pairwise(thin)
        ]
        assert min(gaps) <= 0.5 + 1e-9
    assert polygon_area(thin) == pytest.approx(polygon_area(ring), rel=0.003)


@pytest.mark.parametrize("points", [
    [(0, 0), (5, 0), (10, 0)], [(0, 0), (5, 9), (0, 0)], [(3, 3), (3, 3), (3, 3)], [(0, 0), (10, 0), (5, 0.0)],
])  # fmt: skip
def test_a_point_off_the_way_is_kept_and_one_on_it_is_not(points):
    kept = needed(at(*points), 0.5)
    assert kept == ([0, 1, 2] if points in ([(0, 0), (5, 9), (0, 0)], [(0, 0), (10, 0), (5, 0.0)]) else [0, 2])


def side(a, b, p):
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def test_polygons_of_whole_numbers_cross_where_exact_arithmetic_says_so():
    chance = random.Random(2)
    seen = set()
    for number in range(3000):
        wide = 40 if number % 2 else 2000
        count = chance.randint(3, 9)
        corners_ = [(chance.randint(0, wide), chance.randint(0, 40)) for _ in range(count)]
        sides = list(zip(corners_, [*corners_[1:], corners_[0]], strict=True))
        wanted = any(
            side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
            for n, (a, b) in enumerate(sides) for c, d in sides[n + 1 :]
        )  # fmt: skip
        assert crosses_itself(at(*corners_)) is wanted, corners_
        seen.add(wanted)
    assert seen == {True, False}


def test_an_outline_of_thousands_of_points_crosses_itself_where_it_does():
    turn = np.linspace(0, 2 * math.pi, 4096, endpoint=False)
    ring = np.stack([1500 + 500 * np.cos(turn), 2000 + 500 * np.sin(turn)], axis=1)
    assert not crosses_itself(ring)
    assert crosses_itself(np.roll(np.concatenate([ring[:4000], ring[:96] + 3.0]), 1000, axis=0))


coordinates = st.floats(-1e4, 1e4, allow_nan=False)
points = st.tuples(coordinates, coordinates)


@given(st.lists(points, min_size=3, max_size=3), st.floats(0, 6.28), points)
def test_turning_and_moving_changes_no_length_angle_or_area(three, turn, by):
    before = at(*three)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    after = before @ rotation.T + np.array(by)
    assert length(after) == pytest.approx(length(before), rel=1e-6, abs=1e-6)
    assert polygon_area(after) == pytest.approx(polygon_area(before), rel=1e-6, abs=1e-4)
    arms = min(length(before[:2]), length(before[1:]))
    if arms > 1:
        assert angle(after) == pytest.approx(angle(before), abs=1e-4)


@given(points, st.floats(0.1, 1e3), st.lists(st.floats(0, 6.2), min_size=3, max_size=3))
def test_three_points_of_a_circle_give_it_back(center, radius, turns):
    if min(abs(a - b) for n, a in enumerate(turns) for b in turns[n + 1 :]) < 0.1:
        return
    three = at(*((center[0] + radius * math.cos(t), center[1] + radius * math.sin(t)) for t in turns))
    found = circle_through(three)
    assert found is not None
    assert found.radius == pytest.approx(radius, rel=1e-3)
