"""Planes and letters. Expected points are worked out on paper from PS3.3 C.7.6.2.1.1."""

from __future__ import annotations

import numpy as np
import pytest

from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.geometry import PatientPoint, Plane, frame_planes, plane_of
from workstation.dicom.orientation import letters, opposite

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
PLANE = Plane(PatientPoint(100.0, 200.0, 300.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 0.5, 0.8)


def test_columns_run_along_the_row_direction_with_the_column_spacing():
    points = PLANE.to_patient(np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [3.0, 7.0]]))
    assert points.tolist() == [[100, 200, 300], [108, 200, 300], [100, 205, 300], [102.4, 203.5, 300]]


def test_image_points_come_back_from_the_patient():
    rng = np.random.default_rng(7)
    row = np.array([0.6, 0.8, 0.0])
    column = np.array([0.0, 0.0, -1.0])
    plane = Plane(PatientPoint(-31.0, 12.0, 5.0), tuple(row), tuple(column), 0.31, 0.47)
    points = rng.uniform(-500, 500, (200, 2))
    assert np.abs(plane.to_image(plane.to_patient(points)) - points).max() < 1e-9


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ((1, 0, 0), "L"), ((-1, 0, 0), "R"), ((0, 1, 0), "P"), ((0, -1, 0), "A"), ((0, 0, 1), "H"), ((0, 0, -1), "F"),
        ((0.6, 0, -0.8), "FL"), ((-0.7, 0.5, 0.51), "RHP"), ((0.99999, 0.00005, 0), "L"), ((0, 0, 0), ""),
    ],
)  # fmt: skip
def test_letters_of_a_direction_largest_first(direction, expected):
    assert letters(direction) == expected


def test_opposite_letters():
    assert opposite("LPH") == "RAF"
    assert opposite("") == ""


@pytest.mark.parametrize(
    ("orientation", "position", "spacing"),
    [
        ((1, 0, 0, 0, 1), (0, 0, 0), (1, 1)),
        (AXIAL, (0, 0), (1, 1)),
        (AXIAL, (0, 0, 0), ()),
        (AXIAL, (0, 0, 0), (0, 1)),
        ((2, 0, 0, 0, 1, 0), (0, 0, 0), (1, 1)),
        ((1, 0, 0, 1, 0, 0), (0, 0, 0), (1, 1)),
    ],
)
def test_vectors_that_make_no_plane_give_none(orientation, position, spacing):
    assert plane_of(orientation, position, spacing, "") is None


def test_vectors_of_nearly_unit_length_are_made_unit():
    plane = plane_of((1.004, 0, 0, 0, 0.997, 0), (0, 0, 0), (1, 1), "")
    assert plane is not None
    assert plane.row_direction == (1, 0, 0)
    assert plane.column_direction == (0, 1, 0)


def test_distance_is_the_position_along_the_normal():
    assert PLANE.normal == (0, 0, 1)
    assert PLANE.distance == 300


def test_enhanced_object_takes_planes_from_its_functional_groups():
    from pydicom.dataset import Dataset

    def item(keyword: str, value: list[float]) -> Dataset:
        made = Dataset()
        setattr(made, keyword, value)
        return made

    made = Dataset()
    shared = Dataset()
    shared.PixelMeasuresSequence = [item("PixelSpacing", [0.7, 0.9])]
    shared.PlaneOrientationSequence = [item("ImageOrientationPatient", list(AXIAL))]
    made.SharedFunctionalGroupsSequence = [shared]
    groups = []
    for z in (5.0, 8.5):
        group = Dataset()
        group.PlanePositionSequence = [item("ImagePositionPatient", [1.0, 2.0, z])]
        groups.append(group)
    made.PerFrameFunctionalGroupsSequence = groups
    planes = frame_planes(DatasetAttributes(made), 3)
    assert [plane.position.z if plane else None for plane in planes] == [5.0, 8.5, None]
    assert planes[0].row_spacing == 0.7
    assert planes[0].column_spacing == 0.9
