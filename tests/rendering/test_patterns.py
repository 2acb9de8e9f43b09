"""The test patterns have the levels that their reports name, in the pixels that they name, on any canvas."""

from __future__ import annotations

import numpy as np
import pytest

from workstation.rendering.pattern_letters import mask_of
from workstation.rendering.patterns import (
    PATTERNS,
    Box,
    bars,
    ends,
    fields,
    focus_fields,
    focus_letters,
    general,
    letters,
    line_pairs,
    modulations,
    precise,
    qc_steps,
    ramp,
    resolution,
    simple,
    squares,
    word_fields,
)

CANVASES = [(1920, 1080), (1200, 1800), (2048, 2560), (800, 800), (1366, 768)]
LEVELS = [0, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 195, 210, 225, 240, 255]


def inside(box, canvas):
    return box.left >= 0 and box.top >= 0 and box.left + box.width <= canvas[0] and box.top + box.height <= canvas[1]


def apart(boxes):
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            across = one.left + one.width <= other.left or other.left + other.width <= one.left
            if not (across or one.top + one.height <= other.top or other.top + other.height <= one.top):
                return False
    return True


@pytest.mark.parametrize("canvas", CANVASES)
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_fills_its_canvas(name, canvas):
    made = PATTERNS[name](*canvas)
    assert made.shape == canvas[::-1]
    assert made.dtype == np.uint8


@pytest.mark.parametrize("canvas", CANVASES)
def test_sqc_has_18_squares_with_bars_5_below_and_5_above(canvas):
    made, places = simple(*canvas), squares(*canvas)
    assert apart([*places, *fields(*canvas), ramp(*canvas)])
    for level, box in zip(LEVELS, places, strict=True):
        assert inside(box, canvas)
        assert box.width == box.height
        half = box.width // 2
        upper, lower = box.inner(0, 0, half, half).of(made), box.inner(half, half, half, half).of(made)
        below, above = {0: (3, 3), 255: (252, 252)}.get(level, (level - 5, level + 5))
        assert set(np.unique(upper)) == {level, below}
        assert set(np.unique(lower)) == {level, above}
        for rest in (box.inner(half, 0, half, half), box.inner(0, half, half, half)):
            assert set(np.unique(rest.of(made))) == {level}


def test_the_bars_of_sqc_stand_upright_with_a_period_of_six_pixels():
    box = squares(1920, 1080)[7]
    marked = np.argwhere(box.of(simple(1920, 1080)) != 105)
    rows, columns = np.unique(marked[:, 0]), np.unique(marked[:, 1])
    first = columns[columns < box.width // 2]
    assert np.array_equal(np.flatnonzero(np.diff(first) > 1) % 3, [2] * (len(first) // 3 - 1))
    assert set(np.diff(first)) == {1, 4}  # three marked, three not
    assert len(rows) == 2 * (box.width // 4)


@pytest.mark.parametrize("canvas", CANVASES)
def test_sqc_has_fields_of_256_pixels_and_a_ramp_through_every_level(canvas):
    made = simple(*canvas)
    for level, box in zip((0, 128, 255), fields(*canvas), strict=True):
        assert box.width == box.height == min(256, canvas[1] // 3)
        assert set(np.unique(box.of(made))) == {level}
    row = ramp(*canvas).of(made)[-1].astype(int)
    assert (row[0], row[-1]) == (0, 255)
    assert set(np.unique(row)) == set(range(256))
    assert (np.diff(row) >= 0).all()


@pytest.mark.parametrize("canvas", CANVASES)
def test_pqc_has_18_bars_with_modulations_of_8_and_2(canvas):
    made, places = precise(*canvas), bars(*canvas)
    assert apart(list(places))
    for level, bar in zip(LEVELS, places, strict=True):
        parts = modulations(bar)
        assert [(p, d, u) for _, p, d, u in parts] == [
            *[(p, 2, True) for p in (18, 12, 6, 4)], *[(p, 8, True) for p in (18, 12, 6, 4)],
            *[(p, 8, False) for p in (4, 6, 12, 18)], *[(p, 2, False) for p in (4, 6, 12, 18)],
        ]  # fmt: skip
        for box, period, depth, upright in parts:
            found = box.of(made).astype(int)
            assert found.max() - found.min() == depth
            assert abs((found.max() + found.min()) / 2 - level) <= depth / 2
            line = found[0] if upright else found[:, 0]
            changes = np.flatnonzero(np.diff(line)) + 1
            assert set(np.diff(np.concatenate(([0], changes)))) == {period // 2}
            assert (found == (line if upright else line[:, None])).all()
        edge = bar.inner(0, 0, bar.width, 1).of(made)
        assert set(np.unique(edge)) == {level}


@pytest.mark.parametrize("canvas", CANVASES)
def test_pqc_has_line_pairs_of_2_4_and_6_pixels_and_ramps_at_its_sides(canvas):
    made = precise(*canvas)
    assert [(period, levels) for _, period, levels in line_pairs(*canvas)] == [
        (2, (0, 128)), (4, (0, 128)), (6, (0, 128)), (2, (128, 255)), (4, (128, 255)), (6, (128, 255)),
    ]  # fmt: skip
    for box, period, levels in line_pairs(*canvas):
        row = box.of(made)[0]
        assert row[:period].tolist() == [levels[0]] * (period // 2) + [levels[1]] * (period // 2)
        assert np.array_equal(row[period:], row[:-period])
    for column, rises in ((0, 1), (-1, -1)):
        side = made[:, column].astype(int) * rises
        assert (np.diff(side) >= 0).all()
        assert {made[0, column], made[-1, column]} == {0, 255}


@pytest.mark.parametrize("canvas", CANVASES)
def test_the_pattern_like_tg18_has_its_steps_ends_and_fading_letters(canvas):
    made = general(*canvas)
    side = min(canvas)
    sheet = Box((canvas[0] - side) // 2, (canvas[1] - side) // 2, side, side)
    assert [level for level, _ in qc_steps(sheet)] == list(range(8, 256, 16))
    for level, box in qc_steps(sheet):
        found = box.of(made)
        assert set(np.unique(found)) == {level - 4, level, level + 4}
        assert found[0, 0] == found[-1, -1] == level + 4
        assert found[0, -1] == found[-1, 0] == level - 4
    for outer, inner, box in ends(sheet):
        assert set(np.unique(box.of(made))) == {outer, inner}
        assert inner == round(255 * (0.05 if outer == 0 else 0.95))
    for ground, box in word_fields(sheet):
        places = letters(box)
        assert "".join(letter for _, _, letter in places) == "QUALITYCONTROL"
        assert [contrast for contrast, _, _ in places] == list(range(14, 0, -1))
        for contrast, place, letter in places:
            found = place.of(made).astype(int)
            assert np.array_equal(np.unique(np.abs(found - ground)), [0, contrast])
            small = found[:: place.height // 7, :: place.width // 5]
            assert np.array_equal(small != ground, mask_of(letter))


@pytest.mark.parametrize("canvas", CANVASES)
def test_the_line_pairs_like_tg18_are_one_and_two_pixels_wide_in_the_middle_and_the_corners(canvas):
    made = general(*canvas)
    side = min(canvas)
    parts = resolution(Box((canvas[0] - side) // 2, (canvas[1] - side) // 2, side, side))
    assert len(parts) == 5 * 8
    assert apart([box for box, _, _, _ in parts])
    for box, period, levels, upright in parts:
        found = box.of(made)
        line = found[0] if upright else found[:, 0]
        expected = [levels[0] if n % period < period // 2 else levels[1] for n in range(len(line))]
        assert line.tolist() == expected
        assert (found == (line if upright else line[:, None])).all()


@pytest.mark.parametrize("canvas", CANVASES)
def test_focus_letters_stand_on_black_in_the_middle_and_the_corners_dot_for_pixel(canvas):
    made = general(*canvas)
    side = min(canvas)
    sheet = Box((canvas[0] - side) // 2, (canvas[1] - side) // 2, side, side)
    fields_of_focus = focus_fields(sheet)
    assert len(fields_of_focus) == 5
    parts = [*fields_of_focus, *(box for box, _, _, _ in resolution(sheet)), *(box for _, box in qc_steps(sheet)),
             *(box for _, box in word_fields(sheet)), *(box for _, _, box in ends(sheet))]  # fmt: skip
    assert apart(parts)
    for field in fields_of_focus:
        assert inside(field, canvas)
        assert np.unique(field.of(made)).tolist() == [0, 64, 128, 191, 255]
    found = focus_letters(sheet)
    assert "".join(letter for _, _, letter in found) == "Cx" * 4 * 5
    assert [level for level, _, _ in found[::2]] == [255, 191, 128, 64] * 5  # 100, 75, 50, 25 %
    for level, place, letter in found:
        assert (place.width, place.height) == (5, 7)
        assert np.array_equal(place.of(made), np.where(mask_of(letter), level, 0))
