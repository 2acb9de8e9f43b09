"""What a monitor is sent for an image: through its own table where it has one, in one look-up with everything else."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.phantoms import ct_slice
from tests.viewing.shown import shown_of
from workstation.dicom.display_function import P_VALUES, fitted, levels_for, unchanged
from workstation.dicom.grayscale import Window, display_table
from workstation.dicom.luminances import PATCHES, Measured
from workstation.dicom.pixels import Frame
from workstation.rendering import planar
from workstation.rendering.planar import Painter
from workstation.viewing.plan import Redo, difference, resolve
from workstation.viewing.projection import CanvasSize, View
from workstation.viewing.viewport import ViewportState

OFFICE = Measured(PATCHES, tuple((0.3 + 249.7 * (np.array(PATCHES) / 255) ** 2.2).tolist()), 0.1)
WINDOW = Window(100, 400)
VALUES = np.arange(-200, 440, dtype=np.int16).reshape(16, 40)


def shown_with(values):
    shown = shown_of(ct_slice(3, spacing_mm=(0.7, 0.7), shape=values.shape))
    grayscale = replace(shown.grayscale, modality=replace(shown.grayscale.modality, slope=1, intercept=0))
    return replace(shown, frame=Frame(shown.frame.key, values), grayscale=grayscale)


def painted(shown, display, *, painter=None, **state):
    wished = ViewportState(**{"view": View(scale=1.0), "voi": WINDOW, **state})
    canvas = CanvasSize(shown.frame.values.shape[1], shown.frame.values.shape[0])
    return (painter or Painter()).paint(resolve(wished, shown, canvas, display)).pixels


def brightness(values, invert=False):
    """PS3.3 C.11.2.1.2.1, LINEAR, written anew."""
    b = np.clip((values - (100 - 0.5)) / (400 - 1) + 0.5, 0, 1)
    return 1 - b if invert else b


@pytest.mark.parametrize("invert", [False, True])
def test_with_a_table_each_value_gets_the_level_of_the_luminance_it_stands_for(invert):
    shown = shown_with(VALUES)
    wished = np.rint(brightness(VALUES.astype(float), invert) * (P_VALUES - 1)) / (P_VALUES - 1)
    expected = levels_for(OFFICE, wished, 8)
    assert np.array_equal(painted(shown, fitted(OFFICE, 8), is_inverted=invert), expected)


def test_without_a_table_p_values_are_sent_as_they_are():
    shown = shown_with(VALUES)
    table = display_table(shown.grayscale, WINDOW)
    assert np.array_equal(painted(shown, None), table[VALUES.view(np.uint16)])


def test_ten_bits_reach_the_words_that_qt_paints():
    shown = shown_with(VALUES)
    words = painted(shown, unchanged(10)).view(np.uint32)
    expected = np.rint(brightness(VALUES.astype(float)) * 1023).astype(np.uint32)
    for shift in (0, 10, 20):
        assert np.array_equal((words >> shift) & 1023, expected)
    assert (words >> 30 == 3).all()
    assert len(np.unique(words)) > 256


def test_nearly_every_level_of_an_8_bit_monitor_is_used_though_256_p_values_would_leave_some_out():
    ramp = np.arange(-2000, 2000, dtype=np.int16).reshape(40, 100)
    found = painted(shown_with(ramp), fitted(OFFICE, 8), voi=Window(0, 4000))
    assert len(np.unique(found)) >= 254  # level 1 has the light of level 0
    assert len(set(levels_for(OFFICE, np.arange(256) / 255, 8).tolist())) < 230


def test_a_frame_of_floats_goes_the_same_way():
    floats = VALUES.astype(np.float64)
    assert np.array_equal(
        painted(shown_with(floats), fitted(OFFICE, 8)), painted(shown_with(VALUES), fitted(OFFICE, 8))
    )


def test_colour_is_left_alone():
    colours = np.random.default_rng(1).integers(0, 256, (16, 40, 3), dtype=np.uint8)
    shown = replace(shown_with(VALUES), frame=Frame(shown_with(VALUES).frame.key, colours), grayscale=None)
    for display in (fitted(OFFICE, 8), unchanged(10)):
        assert np.array_equal(painted(shown, display), colours)


def test_another_monitor_is_another_table_and_no_other_samples(monkeypatch):
    shown, painter, calls = shown_with(VALUES), Painter(), []
    first = painted(shown, None, painter=painter)
    monkeypatch.setattr(planar, "sample", lambda *given: calls.append(given))
    second = painted(shown, fitted(OFFICE, 8), painter=painter)
    assert not np.array_equal(first, second)
    assert calls == []
    state, canvas = ViewportState(voi=WINDOW), CanvasSize(40, 16)
    plans = [resolve(state, shown, canvas, display) for display in (None, fitted(OFFICE, 8), fitted(OFFICE, 8))]
    assert difference(plans[0], plans[1]) is Redo.TABLE
    assert difference(plans[1], plans[2]) is Redo.NOTHING


def test_a_window_drag_costs_one_look_up_with_a_table_too(monkeypatch):
    shown, painter, looked_up = shown_with(VALUES), Painter(), []
    painted(shown, fitted(OFFICE, 8), painter=painter)
    real = cv2.LUT
    monkeypatch.setattr(cv2, "LUT", lambda *given: looked_up.append(1) or real(*given))
    painted(shown, fitted(OFFICE, 8), painter=painter, voi=Window(120, 300))
    assert len(looked_up) == 1
