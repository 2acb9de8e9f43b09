"""PatientOrientation with all it may say (PS3.3 C.7.6.1.1.1), what it may not, and the name of a plane."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from tests.phantoms import ct_slice, radiograph
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.geometry import plane_of
from workstation.dicom.orientation import Sides, contradict, declared_sides, plane_name
from workstation.dicom.study import instance_of
from workstation.viewing.projection import CanvasSize, View, project

UNKNOWN = Sides("", "")
AXES = ("LR", "PA", "HF")
WORDS = [
    "".join(letters)
    for count in (1, 2, 3)
    for axes in itertools.permutations(AXES, count)
    for letters in itertools.product(*axes)
]


def oriented(*values, **more):
    made = radiograph()
    made.PatientOrientation = list(values)
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return DatasetAttributes(made)


def test_there_are_as_many_legal_words_as_the_axes_allow():
    assert len(WORDS) == 6 + 3 * 2 * 4 + 6 * 8 == len(set(WORDS))


@pytest.mark.parametrize("word", WORDS)
def test_every_legal_word_is_read_and_its_opposite_is_at_the_other_edge(word):
    column = next(axis[0] for axis in AXES if word[0] not in axis)
    sides = declared_sides(oriented(word, column))
    assert (sides.right, sides.bottom) == (word, column)
    opposite = dict(zip("LRPAHF", "RLAPFH", strict=True))
    assert sides.left == "".join(opposite[letter] for letter in word)


@pytest.mark.parametrize(
    "values",
    [("L",), ("L", ""), ("", "F"), ("X", "F"), ("LR", "F"), ("LL", "F"), ("LPHA", "F"), ("L", "R"), ("L", "L"),
     ("LP", "LP"), ("LP", "RA"), ("P", "A"), ("LF", "L"), ("unknown", "F")],
)  # fmt: skip
def test_what_cannot_be_is_unknown_and_never_mended(values):
    assert declared_sides(oriented(*values)) == UNKNOWN


@pytest.mark.parametrize(("row", "column"), [("LP", "LA"), ("LP", "PR"), ("LPF", "RPF"), ("l", "f")])
def test_directions_that_can_be_square_to_each_other_are_believed(row, column):
    assert declared_sides(oriented(row, column)) == Sides(row.upper(), column.upper())


def test_sides_of_animals_are_their_own_and_r_is_never_right():
    foot = oriented("M", "DI", AnatomicalOrientationType="QUADRUPED")
    sides = declared_sides(foot, is_quadruped=True)
    assert (sides.left, sides.top, sides.right, sides.bottom) == ("L", "PR", "M", "DI")
    head = declared_sides(oriented("R", "V", AnatomicalOrientationType="QUADRUPED"), is_quadruped=True)
    assert (head.left, head.right, head.bottom, head.top) == ("CD", "R", "V", "D")
    joined = declared_sides(oriented("LECR", "D", AnatomicalOrientationType="QUADRUPED"), is_quadruped=True)
    assert (joined.left, joined.top) == ("RTCD", "")  # dorsal has several opposites: none is claimed
    assert instance_of(oriented("RT", "CD", AnatomicalOrientationType="QUADRUPED")).sides(1).left == "LE"
    assert instance_of(oriented("RT", "CD")).sides(1) == UNKNOWN
    assert instance_of(oriented("A", "F", AnatomicalOrientationType="QUADRUPED")).sides(1) == UNKNOWN


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_letters_of_animals_follow_turn_and_flip(turns, mirrored):
    made = instance_of(oriented("PR", "PA", AnatomicalOrientationType="QUADRUPED"))
    edges = project(4, 4, 1.0, View(turns, mirrored), CanvasSize(9, 9)).edges(made.sides(1))
    around = [["DI", "D", "PR", "PA"], ["PA", "DI", "D", "PR"], ["PR", "PA", "DI", "D"], ["D", "PR", "PA", "DI"]][turns]
    assert edges == tuple([around[2], around[1], around[0], around[3]] if mirrored else around)


def test_each_frame_has_the_letters_of_its_own_plane():
    made = ct_slice(1)
    made.NumberOfFrames = 2
    groups = []
    for orientation in ([1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, -1]):
        group, plane, place, measure = Dataset(), Dataset(), Dataset(), Dataset()
        plane.ImageOrientationPatient, place.ImagePositionPatient = orientation, [0, 0, 0]
        measure.PixelSpacing = [1, 1]
        group.PlaneOrientationSequence, group.PlanePositionSequence = [plane], [place]
        group.PixelMeasuresSequence = [measure]
        groups.append(group)
    made.PerFrameFunctionalGroupsSequence = groups
    instance = instance_of(DatasetAttributes(made))
    assert [instance.sides(frame) for frame in (1, 2)] == [Sides("L", "P"), Sides("P", "F")]


def test_a_frame_may_declare_its_own_orientation_and_no_other_frame_takes_it():
    made = radiograph()
    made.NumberOfFrames = 2
    groups = []
    for words in (["R", "F"], None):
        group, item = Dataset(), Dataset()
        if words:
            item.PatientOrientation = words
            group.PatientOrientationInFrameSequence = [item]
        groups.append(group)
    made.PerFrameFunctionalGroupsSequence = groups
    instance = instance_of(DatasetAttributes(made))
    assert [instance.sides(frame) for frame in (1, 2)] == [Sides("R", "F"), Sides("L", "F")]


def test_vectors_rule_and_a_contradiction_is_known():
    made = ct_slice(1)
    made.PatientOrientation = ["R", "P"]
    instance = instance_of(DatasetAttributes(made))
    assert instance.sides(1) == Sides("L", "P")
    assert instance.contradicts_orientation(1)
    made.PatientOrientation = ["L", "P"]
    assert not instance_of(DatasetAttributes(made)).contradicts_orientation(1)
    del made.PatientOrientation
    assert not instance_of(DatasetAttributes(made)).contradicts_orientation(1)
    assert not contradict(plane_of((1, 0, 0, 0, 1, 0), (0, 0, 0), (1, 1), ""), UNKNOWN)


@pytest.mark.parametrize(
    ("orientation", "name"),
    [((1, 0, 0, 0, 1, 0), "axial"), ((-1, 0, 0, 0, -1, 0), "axial"), ((1, 0, 0, 0, 0, -1), "coronal"),
     ((0, 1, 0, 0, 0, -1), "sagittal"), ((0, -1, 0, 0, 0, 1), "sagittal")],
)  # fmt: skip
def test_planes_along_the_axes_have_their_names(orientation, name):
    found = plane_name(plane_of(orientation, (0, 0, 0), (1, 1), ""))
    assert found.name == name
    assert found.tilt == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("degrees", [0, 5, 20, 36.8, 36.9, 45])
def test_a_tilted_plane_keeps_its_name_up_to_a_cosine_of_eight_tenths(degrees):
    tilt = np.radians(degrees)
    found = plane_name(plane_of((1, 0, 0, 0, np.cos(tilt), np.sin(tilt)), (0, 0, 0), (1, 1), ""))
    assert found.name == ("axial" if np.cos(tilt) >= 0.8 else "")
    assert found.tilt == pytest.approx(degrees, abs=1e-6)


@pytest.mark.parametrize(("declared", "contradicts"), [
    (["L", "P"], False),
    (["LPH", "PRF"], False),  # as the vectors have it, every letter
    (["P", "F"], True),  # hardly a component runs there: the image would be another plane
    (["LP", "RP"], True),
])  # fmt: skip
def test_letters_that_a_plane_only_leans_to_contradict_it(declared, contradicts):
    made = ct_slice(1)
    row = np.array([1.0, 0.1, 0.05]) / np.linalg.norm([1.0, 0.1, 0.05])
    column = np.cross([-0.05, 0.0, 1.0], row)
    made.ImageOrientationPatient = [float(part) for part in (*row, *(column / np.linalg.norm(column)))]
    made.PatientOrientation = declared
    assert instance_of(DatasetAttributes(made)).contradicts_orientation(1) is contradicts


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=3).filter(lambda v: np.linalg.norm(v) > 0.1))
def test_the_letters_of_a_direction_never_contradict_it(along):
    row = np.array(along) / np.linalg.norm(along)
    column = np.cross(row, np.eye(3)[np.abs(row).argmin()])
    made = ct_slice(1)
    made.ImageOrientationPatient = [float(part) for part in (*row, *(column / np.linalg.norm(column)))]
    sides = instance_of(DatasetAttributes(made)).sides(1)
    made.PatientOrientation = [sides.right, sides.bottom]
    assert not instance_of(DatasetAttributes(made)).contradicts_orientation(1)
