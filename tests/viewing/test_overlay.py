"""What stands over an image, asserted as a list."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.phantoms import ct_slice, radiograph
from tests.viewing.shown import shown_ct, shown_of
from workstation.dicom.frames import ShownFrame
from workstation.dicom.grayscale import Window
from workstation.dicom.overlay_planes import OverlayBitmaps
from workstation.dicom.pixels import Frame
from workstation.viewing.overlay import Corner, Letter, Mark, ScaleBar, age_word, overlay
from workstation.viewing.plan import resolve
from workstation.viewing.projection import CanvasSize, View
from workstation.viewing.situation import Situation
from workstation.viewing.viewport import Viewport, ViewportState

CANVAS = CanvasSize(800, 600)
HERE = Situation(position=3, steps=7, axis="slice", received=7, expected=7)


def english(text):
    return text


def drawn(shown, state=None, situation=HERE):
    state = state or ViewportState()
    return overlay(resolve(state, shown, CANVAS), state, situation, english)


def corner(primitives, name):
    return next(one.lines for one in primitives if isinstance(one, Corner) and one.corner == name)


def marks(primitives):
    return [one.text for one in primitives if isinstance(one, Mark)]


def test_the_corners_say_who_when_how_and_where():
    primitives = drawn(shown_ct(3), situation=replace(HERE, chinese=True))
    assert corner(primitives, "top-left") == ("欧阳晓东", "male 46 y · 1980-03-12", "ID DEMO-7001", "膝关节CT", "骨窗")
    assert corner(primitives, "top-right") == ("示范医院", "2026-11-20 14:25", "CT")
    assert corner(primitives, "bottom-left") == ("Window 300 / 1500", "Zoom 625 %", "Slice 305.0 mm", "Thickness 2 mm")
    assert corner(primitives, "bottom-right") == ("Image 3 / 7",)


def test_the_name_is_in_the_language():
    assert corner(drawn(shown_ct(), situation=replace(HERE, chinese=False)), "top-left")[0] == "Ouyang Xiaodong"


@pytest.mark.parametrize("age", ["²²²Y", "٠٤٦Y", "46", "0046Y", "ABCY", "046X", ""])
def test_an_age_that_is_none_is_not_shown(age):
    assert age_word(age, english) == ""


def test_a_picture_without_name_and_number_says_so_where_they_would_stand():
    made = ct_slice(3)
    made.PatientName = made.PatientID = ""
    assert corner(drawn(shown_of(made)), "top-left")[:3:2] == ("(no name)", "ID –")


def test_letters_of_an_axial_slice():
    found = {one.edge: one.text for one in drawn(shown_ct()) if isinstance(one, Letter)}
    assert found == {"left": "R", "top": "A", "right": "L", "bottom": "P"}


def test_no_letters_where_nothing_is_known_and_it_is_said():
    made = radiograph()
    assert "Orientation unknown" not in marks(drawn(shown_of(made)))
    del made.PatientOrientation
    primitives = drawn(shown_of(made))
    assert not [one for one in primitives if isinstance(one, Letter)]
    assert "Orientation unknown" in marks(primitives)


def test_the_scale_bar_is_true_in_the_patient():
    state = ViewportState(view=View(scale=4.0))
    (bar,) = [one for one in drawn(shown_ct(), state) if isinstance(one, ScaleBar)]
    assert bar.label == "2 cm"
    assert bar.length_px == pytest.approx(20 / 0.8 * 4)


def test_a_radiograph_has_no_scale_bar_and_says_that_it_is_not_calibrated():
    primitives = drawn(shown_of(radiograph()))
    assert not [one for one in primitives if isinstance(one, ScaleBar)]
    assert "Not calibrated" in marks(primitives)


def test_a_mirrored_image_says_so_until_it_is_mirrored_back():
    view = View().flipped_horizontally()
    assert "FLIPPED" in marks(drawn(shown_ct(), ViewportState(view=view)))
    assert "FLIPPED" in marks(drawn(shown_ct(), ViewportState(view=view.rotated(2))))
    assert "FLIPPED" not in marks(drawn(shown_ct(), ViewportState(view=view.flipped_vertically())))


@pytest.mark.parametrize(
    ("situation", "mark"),
    [
        (replace(HERE, received=5, is_incomplete=True), "5 of 7"),
        (replace(HERE, is_incomplete=True, missing_by_position=2), "2 slices missing between the positions"),
        (replace(HERE, is_confirmed=False), "Not confirmed"),
        (replace(HERE, name_differs=True), "Name differs"),
    ],
)
def test_warnings_of_the_situation_are_permanent(situation, mark):
    found = [one for one in drawn(shown_ct(), situation=situation) if isinstance(one, Mark) and one.text == mark]
    assert found
    assert found[0].is_permanent


def test_a_series_that_still_loads_is_not_called_incomplete():
    assert "5 of 7" not in marks(drawn(shown_ct(), situation=replace(HERE, received=5)))


def test_a_preset_is_named_and_colour_has_no_window():
    state = ViewportState(voi=Window(400, 1800), voi_name="Bone")
    assert corner(drawn(shown_ct(), state), "bottom-left")[0] == "Window 400 / 1800 (Bone)"
    grey = shown_ct()
    colour = ShownFrame(grey.instance, Frame(grey.frame.key, np.zeros((9, 9, 3), np.uint8)), None)
    assert corner(drawn(colour), "bottom-left")[0].startswith("Zoom")


@pytest.mark.parametrize(
    ("age", "words"),
    [("046Y", "46 y"), ("007M", "7 mo"), ("002W", "2 wk"), ("003D", "3 d"), ("46", ""), ("", ""), ("04XY", "")],
)
def test_ages(age, words):
    assert age_word(age, english) == words


def test_an_overlay_plane_that_is_not_drawn_is_said():
    plane = np.full((96, 128), 255, np.uint8)
    assert "Overlay not shown" not in marks(drawn(shown_ct()))
    assert "Overlay not shown" not in marks(drawn(shown_ct(overlays=OverlayBitmaps(graphics=plane))))
    assert "Overlay not shown" in marks(drawn(shown_ct(overlays=OverlayBitmaps(missing=1))))
    hidden = ViewportState(hides_overlays=True)
    assert "Overlay not shown" in marks(drawn(shown_ct(overlays=OverlayBitmaps(graphics=plane)), hidden))
    assert "Overlay not shown" not in marks(drawn(shown_ct(), hidden))


def test_a_header_tells_of_overlay_planes_in_a_file_and_in_json():
    made = ct_slice(1)
    made.add_new(0x60020010, "US", 96)
    assert shown_of(made).instance.has_overlay
    from workstation.dicom.attributes import JsonAttributes

    assert JsonAttributes(
        made.to_json_dict(bulk_data_threshold=1, bulk_data_element_handler=lambda _: "x")
    ).has_overlay()


def test_the_command_leaves_the_planes_out_and_reset_brings_them_back():
    shown = shown_ct(overlays=OverlayBitmaps(graphics=np.full((96, 128), 255, np.uint8)))
    viewport = Viewport(0)

    def planes():
        return resolve(viewport.state, shown, CanvasSize(200, 200)).overlays

    assert planes() is shown.overlays
    viewport.toggle_overlays()
    assert not planes()
    viewport.reset()
    assert planes() is shown.overlays
