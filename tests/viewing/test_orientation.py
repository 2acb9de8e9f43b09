"""The letters at the edges, for any plane turned and mirrored any way, against a formula of its own.

The formula turns and mirrors an array of pixel places with numpy and asks what lies to the right and below; a letter is
the sign of a component of that direction in the patient (PS3.3 C.7.6.1.1.1): L R, P A, H F, the largest first.
"""

from __future__ import annotations

import numpy as np
import pytest

from workstation.dicom.geometry import plane_of
from workstation.dicom.orientation import Sides, letters
from workstation.viewing.projection import CanvasSize, View, project

PLACES = np.stack(np.meshgrid(np.arange(2), np.arange(2)), axis=-1)  # [row, column] -> (column, row)


def turned(quarter_turns, is_mirrored):
    """The places of the pixels as they are seen: clockwise quarters first, then left to right (PS3.3 C.10.6)."""
    seen = np.rot90(PLACES, -quarter_turns)
    return seen[:, ::-1] if is_mirrored else seen


STEPS = {
    (turns, mirrored): (turned(turns, mirrored)[0, 1] - turned(turns, mirrored)[0, 0],
                        turned(turns, mirrored)[1, 0] - turned(turns, mirrored)[0, 0])
    for turns in range(4) for mirrored in (False, True)
}  # fmt: skip


def named(direction):
    order = np.argsort(-np.abs(direction), kind="stable")
    return "".join("LPH"[n] if direction[n] > 0 else "RAF"[n] for n in order if abs(direction[n]) > 1e-4)


def orthonormal(random):
    first = random.normal(size=3)
    first /= np.linalg.norm(first)
    second = np.cross(first, random.normal(size=3))
    return first, second / np.linalg.norm(second)


def failures(count, seed):
    random = np.random.default_rng(seed)
    wrong = []
    keys = list(STEPS)
    for number in range(count):
        row, column = orthonormal(random)
        if number % 10 == 0:  # and planes along the axes, where components are exactly nothing
            axes = np.eye(3)[random.permutation(3)] * random.choice((-1.0, 1.0), 3)[:, None]
            row, column = axes[0], axes[1]
        turns, mirrored = keys[number % 8]
        right, below = ((row * step[0] + column * step[1]) for step in STEPS[turns, mirrored])
        plane = plane_of((*row, *column), (0.0, 0.0, 0.0), (1.0, 1.0), "")
        sides = Sides(letters(plane.row_direction), letters(plane.column_direction))
        view = View(turns, mirrored)
        edges = project(7, 5, 1.0, view, CanvasSize(64, 48)).edges(sides)
        if edges != (named(-right), named(-below), named(right), named(below)):
            wrong.append((row, column, turns, mirrored, edges))
    return wrong


def test_twenty_thousand_planes_have_the_right_letters_however_they_are_turned_and_mirrored():
    assert failures(20_000, 1) == []


@pytest.mark.long
def test_two_hundred_thousand_planes_have_the_right_letters():
    assert failures(200_000, 2) == []
