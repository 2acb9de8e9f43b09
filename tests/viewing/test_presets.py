"""Hounsfield windows only where the values are Hounsfield units; steps from the file's own window elsewhere."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.phantoms import ct_slice, radiograph
from tests.viewing.shown import shown_ct, shown_of
from workstation.dicom.frames import ShownFrame
from workstation.dicom.grayscale import Grayscale, Window, display_table
from workstation.dicom.pixels import Frame
from workstation.viewing.presets import HOUNSFIELD, preset_names, presets_for


def by_name(shown):
    return {preset.name: preset.window for preset in presets_for(shown)}


def mean_grey(shown, window):
    return cv2.LUT(shown.frame.values, display_table(shown.grayscale, window)).mean()


def test_ct_gets_hounsfield_windows():
    assert presets_for(shown_ct()) == HOUNSFIELD


def test_nothing_for_colour_and_for_an_empty_viewport():
    grey = shown_ct()
    colour = ShownFrame(grey.instance, Frame(grey.frame.key, np.zeros((2, 2, 3), np.uint8)), None)
    assert presets_for(colour) == presets_for(None) == preset_names(colour) == preset_names(None) == ()


@pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
def test_a_radiograph_gets_steps_that_do_what_they_say(photometric):
    made = radiograph()
    made.PhotometricInterpretation = photometric
    made.WindowCenter, made.WindowWidth = 1400, 1200
    shown = shown_of(made)
    found = by_name(shown)
    assert tuple(found) == preset_names(shown)
    assert found["Whole range"] == Window((0 + 2890 + 1) / 2, 2891)  # rows * 9 + columns, 300 x 200
    assert found["More contrast"].width < 1200 < found["Less contrast"].width
    own = mean_grey(shown, Window(1400, 1200))
    assert mean_grey(shown, found["Brighter"]) > own > mean_grey(shown, found["Darker"])


def test_an_image_that_offers_no_window_steps_from_its_whole_range():
    made = ct_slice(1)
    del made.RescaleType, made.WindowCenter, made.WindowWidth
    made.Modality, made.SOPClassUID = "MR", "1.2.840.10008.5.1.4.1.1.4"
    found = by_name(shown_of(made))
    assert found["More contrast"].center == found["Whole range"].center


def test_values_below_one_keep_windows_below_one():
    grey = shown_ct(1)
    values = np.linspace(0.1, 0.6, 96 * 128, dtype=np.float32).reshape(96, 128)
    shown = ShownFrame(grey.instance, Frame(grey.frame.key, values), Grayscale())
    whole, more, *_ = presets_for(shown)
    assert abs(whole.window.width - 0.5) < 1e-6
    assert abs(more.window.width - 0.3) < 1e-6
