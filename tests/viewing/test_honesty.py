"""Every mark: it is there when it should be, not there when it should not, and in its rank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.dicom.test_anatomy import code
from tests.phantoms import Person, ct_slice, radiograph
from tests.viewing.shown import shown_of
from workstation.dicom.overlay_planes import OverlayBitmaps
from workstation.locations import resources
from workstation.measuring.spacing import UserCalibration
from workstation.ui.language import catalogue
from workstation.viewing.honesty import WORDS, Mark, marks, worst_tone
from workstation.viewing.plan import resolve
from workstation.viewing.projection import CanvasSize, View
from workstation.viewing.situation import Situation
from workstation.viewing.viewport import ViewportState

HERE = Situation(position=1, steps=7, received=7, expected=7)
NOBODY = Person(patient_id="7001")


def english(text):
    return text


def slice_with(**values):
    made = ct_slice(1, person=NOBODY)
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def film_with(**values):
    made = radiograph(person=NOBODY)
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


CANVAS = CanvasSize(128, 60)


def found(made, state=None, situation=HERE, **shown):
    state = state or ViewportState()
    return marks(resolve(state, shown_of(made, **shown), CANVAS), state, situation, english)


def texts(*args, **keywords):
    return [mark.text for mark in found(*args, **keywords)]


def test_an_honest_slice_has_no_mark_at_all():
    assert found(slice_with()) == ()


def test_a_calibrated_radiograph_whose_letters_and_side_are_known_has_none_either():
    made = film_with()
    calibration = UserCalibration((0.1, 0.1), 25.0)
    assert texts(made) == ["Not calibrated"]
    assert found(made, situation=replace(HERE, calibration=calibration)) == ()


SITUATIONS = [
    ({"name_differs": True}, "Name differs", "amber"),
    ({"is_confirmed": False}, "Not confirmed", "amber"),
    ({"is_incomplete": True, "received": 5}, "5 of 7", "amber"),
    ({"missing_by_position": 2}, "2 slices missing between the positions", "amber"),
    ({"is_for_diagnosis": False}, "Not for diagnosis", "amber"),
]


@pytest.mark.parametrize(("change", "text", "tone"), SITUATIONS)
def test_what_the_situation_says_is_always_drawn(change, text, tone):
    assert found(slice_with(), situation=replace(HERE, **change)) == (Mark(text, tone),)


PLANE = np.full((96, 128), 255, np.uint8)


@pytest.mark.parametrize(
    ("values", "state", "shown", "mark"),
    [
        ({"Laterality": "R", "AnatomicRegionSequence": [code("72696002", "Knee", AnatomicRegionModifierSequence=[
            code("7771000", "Left")])]}, {}, {}, Mark("Side contradictory: right / left", "red")),
        ({"PatientOrientation": ["R", "P"]}, {}, {}, Mark("Orientation contradictory", "red")),
        ({}, {"view": View(is_mirrored=True)}, {}, Mark("FLIPPED", "red")),
        ({"ImageOrientationPatient": None}, {}, {}, Mark("Orientation unknown", "amber")),
        ({}, {"is_inverted": True}, {}, Mark("INVERTED", "amber")),
        ({}, {"hides_overlays": True}, {"overlays": OverlayBitmaps(graphics=PLANE)},
         Mark("Overlay not shown", "amber")),
        ({}, {}, {"overlays": OverlayBitmaps(missing=1)}, Mark("Overlay not shown", "amber")),
        ({}, {}, {"address_only": True}, Mark("Verified by address only", "amber")),
        ({"PatientID": "DEMO-1"}, {}, {}, Mark("DEMO", "info")),
        ({"LossyImageCompression": "01", "LossyImageCompressionRatio": 12}, {}, {},
         Mark("LOSSY 12:1", "amber", is_permanent=False)),
        ({"LossyImageCompression": "01", "LossyImageCompressionRatio": [10, 2.5]}, {}, {},
         Mark("LOSSY 10/2.5:1", "amber", is_permanent=False)),
        ({"LossyImageCompression": "01"}, {}, {}, Mark("LOSSY", "amber", is_permanent=False)),
        ({"LossyImageCompression": "YES"}, {}, {}, Mark("LOSSY", "amber", is_permanent=False)),
        ({"BurnedInAnnotation": "Y"}, {}, {}, Mark("Text in the picture", "amber", is_permanent=False)),
        ({"LossyImageCompressionMethod": "ISO_10918_1"}, {}, {}, Mark("LOSSY", "amber", is_permanent=False)),
        ({"BurnedInAnnotation": "YES"}, {}, {}, Mark("Text in the picture", "amber", is_permanent=False)),
        ({"ImageType": ["DERIVED", "PRIMARY"]}, {}, {}, Mark("Derived", "info", is_permanent=False)),
        ({}, {"view": View(scale=4.01)}, {}, Mark("Interpolated", "info", is_permanent=False)),
    ],
)  # fmt: skip
def test_each_mark_of_the_image_and_the_view_stands_alone(values, state, shown, mark):
    assert found(slice_with(**values), ViewportState(**state), **shown) == (mark,)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"Laterality": "R"}, {}),
        ({"PatientOrientation": ["L", "P"]}, {}),
        ({}, {"view": View(is_mirrored=True).flipped_vertically()}),
        ({}, {"hides_overlays": True}),
        ({"LossyImageCompression": "00", "LossyImageCompressionRatio": 2.2}, {}),
        ({"BurnedInAnnotation": "NO"}, {}),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "DERIVED"]}, {}),
        ({}, {"view": View(scale=4.0)}),
    ],
)
def test_what_looks_like_a_reason_and_is_none_gives_no_mark(values, state):
    assert found(slice_with(**values), ViewportState(**state)) == ()


def test_a_series_that_still_loads_is_not_called_incomplete():
    assert found(slice_with(), situation=replace(HERE, received=5)) == ()


def test_a_tall_pixel_is_interpolated_by_its_longer_side():
    made = slice_with(PixelSpacing=[0.8, 0.4])
    assert found(made, ViewportState(view=View(scale=2.0))) == ()
    assert "Interpolated" in texts(made, ViewportState(view=View(scale=2.1)))


def test_pictures_without_a_patient_around_them_need_no_letters():
    made = slice_with(Modality="US", ImageOrientationPatient=None)
    assert "Orientation unknown" not in texts(made)
    for modality in ("CR", "DX", "RF", "XA", "MR"):
        assert "Orientation unknown" in texts(slice_with(Modality=modality, ImageOrientationPatient=None))


def test_of_a_mixed_object_only_the_frames_that_are_derived_say_so():
    made = slice_with(ImageType=["MIXED", "PRIMARY"], NumberOfFrames=2)
    groups = []
    for value in ("ORIGINAL", "DERIVED"):
        group, item = Dataset(), Dataset()
        item.FrameType = [value, "PRIMARY"]
        group.MRImageFrameTypeSequence = [item]
        groups.append(group)
    made.PerFrameFunctionalGroupsSequence = groups
    instance = shown_of(made).instance
    assert [instance.is_derived(frame) for frame in (1, 2)] == [False, True]


def test_repaired_characters_are_said():
    from tests.phantoms import part10
    from workstation.dicom.dataset_attributes import DatasetAttributes
    from workstation.dicom.part10 import read_part10
    from workstation.dicom.study import instance_of

    dataset = read_part10(part10(slice_with())).dataset
    assert not instance_of(DatasetAttributes(dataset)).is_repaired
    dataset = read_part10(part10(slice_with())).dataset
    dataset.SpecificCharacterSet = "ISO_IR 100"  # the bytes of the name are GB18030
    instance = instance_of(DatasetAttributes(dataset))
    shown = replace(shown_of(slice_with()), instance=instance)
    state = ViewportState()
    assert Mark("Repaired characters", "amber", is_permanent=False) in marks(
        resolve(state, shown, CANVAS), state, HERE, english
    )


def test_the_worst_comes_first_and_what_may_be_folded_last():
    made = film_with(
        PatientID="DEMO-1", Laterality="L", LossyImageCompression="01", BurnedInAnnotation="YES",
        ImageType=["DERIVED", "PRIMARY"], PatientOrientation=None,
    )  # fmt: skip
    situation = replace(HERE, name_differs=True, is_confirmed=False, is_incomplete=True, received=5,
                        is_for_diagnosis=False)  # fmt: skip
    state = ViewportState(view=View(is_mirrored=True, scale=9.0), is_inverted=True)
    assert texts(made, state, situation, address_only=True) == [
        "Name differs", "Not confirmed", "Side contradictory: right / left", "FLIPPED", "Orientation unknown",
        "5 of 7", "Not calibrated", "Not for diagnosis", "INVERTED", "Verified by address only", "DEMO",
        "LOSSY", "Text in the picture", "Derived", "Interpolated",
    ]  # fmt: skip


def test_the_worst_tone_of_some_marks():
    assert worst_tone((Mark("a", "info"), Mark("b", "red"), Mark("c", "amber"))) == "red"
    assert worst_tone(()) == "info"


def test_every_mark_has_words_in_both_languages():
    chinese = catalogue(resources() / "i18n" / "workstation_zh_CN.ts")
    for word in WORDS:
        assert chinese[word] == "DEMO" or any("\u4e00" <= char <= "\u9fff" for char in chinese[word])
