"""The dark rim of a text: as wide as was wished, under the text, the text in its colour."""

from __future__ import annotations

import numpy as np

from workstation.rendering.halo import with_halo


def test_a_dot_gets_a_round_rim_that_is_under_it():
    coverage = np.zeros((21, 21), np.uint8)
    coverage[10, 10] = 255
    made = with_halo(coverage, (200, 100, 50), 3.0, 225)
    assert tuple(made[10, 10]) == (50, 100, 200, 255)
    distance = np.hypot(*(np.mgrid[:21, :21] - 10))
    rim = (made[..., 3] == 225) & (distance > 0)
    assert np.array_equal(rim, (distance > 0) & (distance <= 3.25))
    assert not made[..., :3][distance > 0].any()
    assert not made[distance > 3.25].any()


def test_half_covered_pixels_lie_half_over_the_rim():
    coverage = np.zeros((9, 9), np.uint8)
    coverage[4, 4], coverage[4, 5] = 255, 128
    made = with_halo(coverage, (255, 255, 255), 1.0, 200)
    assert made[4, 5, 0] == 128
    assert made[4, 5, 3] == 128 + (255 - 128) * 200 // 255
    assert (made[..., :3] <= made[..., 3:]).all()  # premultiplied


def test_where_no_text_is_nothing_is():
    assert not with_halo(np.zeros((5, 5), np.uint8), (255, 255, 255), 1.6, 225).any()
