"""Side, part, view and plane as a surgeon reads them, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from tests.phantoms import ct_slice, radiograph
from tests.viewing.shown import shown_of
from workstation.dicom.anatomy_codes import REGION_TERMS, VIEW_CODES
from workstation.ui.language import catalogue
from workstation.viewing.anatomy_words import PAIRED, contradictions, details, headline, letter_words, part_word
from workstation.viewing.overlay import Corner, Letter, overlay
from workstation.viewing.plan import resolve
from workstation.viewing.projection import CanvasSize, View
from workstation.viewing.situation import Situation
from workstation.viewing.viewport import ViewportState


@pytest.fixture(scope="module")
def chinese():
    from workstation.locations import resources

    words = catalogue(resources() / "i18n" / "workstation_zh_CN.ts")
    return lambda text: words[text]


def english(text):
    return text


def film(**values):
    made = radiograph()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return shown_of(made).instance


@pytest.mark.parametrize(
    ("values", "in_english", "in_chinese"),
    [
        ({}, "Right knee, AP", "右膝 正位（前后位）"),
        ({"ImageLaterality": "L", "ViewPosition": "PA"}, "Left knee, PA", "左膝 正位（后前位）"),
        ({"ViewPosition": "LAT"}, "Right knee, lateral", "右膝 侧位"),
        ({"ViewPosition": "OBLIQUE", "BodyPartExamined": "FOOT"}, "Right foot, oblique", "右足 斜位"),
        ({"ViewPosition": "AXIAL", "BodyPartExamined": "PATELLA"}, "Right patella, axial view", "右髌骨 轴位"),
        ({"ViewPosition": "RL", "ImageLaterality": "U", "BodyPartExamined": "LSPINE"}, "Lumbar spine, right lateral",
         "腰椎 右侧位"),
        ({"ImageLaterality": "B"}, "Bilateral knee, AP", "双膝 正位（前后位）"),
        ({"ImageLaterality": ""}, "Knee, side not given, AP", "膝 侧别未注明 正位（前后位）"),
        ({"ImageLaterality": "", "BodyPartExamined": "PELVIS"}, "Pelvis, AP", "骨盆 正位（前后位）"),
        ({"BodyPartExamined": "KNEE_SUNRISE"}, "Right KNEE_SUNRISE, AP", "右KNEE_SUNRISE 正位（前后位）"),
        ({"BodyPartExamined": "", "ViewPosition": ""}, "Right", "右"),
        ({"BodyPartExamined": "", "ViewPosition": "", "ImageLaterality": ""}, "", ""),
        ({"ViewPosition": "SUNRISE"}, "Right knee, SUNRISE", "右膝 SUNRISE"),
    ],
)  # fmt: skip
def test_a_radiograph_says_side_part_and_view(chinese, values, in_english, in_chinese):
    instance = film(**values)
    assert headline(instance, 1, english) == in_english
    assert headline(instance, 1, chinese) == in_chinese


@pytest.mark.parametrize(
    ("orientation", "in_english", "in_chinese"),
    [((1, 0, 0, 0, 1, 0), "Knee, axial", "膝 横断位"), ((1, 0, 0, 0, 0, -1), "Knee, coronal", "膝 冠状位"),
     ((0, 1, 0, 0, 0, -1), "Knee, sagittal", "膝 矢状位"),
     ((0.94, 0.342, 0, 0, 0, -1), "Knee, oblique coronal", "膝 斜冠状位"),
     ((0.7071, 0.7071, 0, 0, 0, -1), "Knee, oblique", "膝 斜位"), ],
)  # fmt: skip
def test_a_slice_says_its_plane(chinese, orientation, in_english, in_chinese):
    made = ct_slice(1)
    made.ImageOrientationPatient = list(orientation)
    instance = shown_of(made).instance
    assert headline(instance, 1, english) == in_english
    assert headline(instance, 1, chinese) == in_chinese


def test_a_contradicted_side_is_said_and_not_shown_as_one():
    instance = film(Laterality="L")
    assert headline(instance, 1, english) == "Knee, AP"
    assert contradictions(instance, 1, english) == ("Side contradictory: right / left",)
    assert contradictions(film(Laterality="R"), 1, english) == ()


@pytest.mark.parametrize(
    ("position", "value", "contradictory"),
    [("AP", "399348003", False), ("AP", "399067008", True), ("AP", "272479007", True), ("AP", "399033003", False),
     ("LL", "399067008", False), ("LL", "399198007", True), ("RLO", "399182000", False), ("", "399067008", False),
     ("SUNRISE", "399067008", False), ("AXIAL", "399004004", False)],
)  # fmt: skip
def test_a_view_that_its_code_contradicts_is_said(position, value, contradictory):
    from tests.dicom.test_anatomy import code

    instance = film(ViewPosition=position, ViewCodeSequence=[code(value, "x")])
    assert bool(contradictions(instance, 1, english)) is contradictory


def test_every_part_and_view_that_has_a_code_has_a_word(chinese):
    from workstation.viewing.anatomy_words import _PARTS, _VIEWS

    assert set(REGION_TERMS.values()) <= set(_PARTS)
    assert set(VIEW_CODES.values()) <= set(_VIEWS)
    assert set(_PARTS) >= PAIRED
    for word in [*_PARTS.values(), *_VIEWS.values()]:
        assert any("\u4e00" <= char <= "\u9fff" for char in chinese(word)), word
    assert part_word("knee", english) == "knee"


LETTERS = {"R": "right", "L": "left", "A": "anterior", "P": "posterior", "H": "cranial", "F": "caudal"}


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_words_of_the_edges_follow_every_turn_and_flip(turns, mirrored):
    shown = shown_of(radiograph())
    state = ViewportState(view=View(turns, mirrored))
    drawn = overlay(resolve(state, shown, CanvasSize(300, 200)), state, Situation(1, 1), english)
    (told,) = [one.details for one in drawn if isinstance(one, Corner) and one.details]
    at = {one.edge: LETTERS[one.text] for one in drawn if isinstance(one, Letter)}
    assert told[-1] == f"Edges: {at['left']} – {at['right']}, {at['top']} – {at['bottom']}"
    places = np.array([["left", "top"], ["bottom", "right"]])
    assert set(at.values()) == {"left", "right", "cranial", "caudal"}
    assert places.size == len(at)


def test_the_tooltip_tells_side_view_plane_and_how_the_patient_lay():
    made = ct_slice(1)
    made.PatientPosition, made.Laterality = "FFS", "R"
    made.ImageOrientationPatient = [1, 0, 0, 0, 0.9659258, 0.2588190]
    lines = details(shown_of(made).instance, 1, ("R", "A", "L", "PH"), english)
    assert lines == (
        "Right knee, oblique axial", "Side: right", "Plane: oblique axial, 15° off", "Patient: feet first, supine",
        "Edges: right – left, anterior – posterior cranial",
    )  # fmt: skip


def test_without_letters_the_words_say_so():
    made = radiograph()
    made.PatientOrientation = None
    assert details(shown_of(made).instance, 1, ("", "", "", ""), english)[-1] == "Orientation unknown"
    assert letter_words("LE", english, is_quadruped=True) == "LE"
