"""Which pixels a shutter covers: by hand where that is easy, polygons by OpenCV's point-in-polygon test."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from workstation.dicom.shutter import Circle, Shutter, covered
from workstation.dicom.shutter_reader import shutter_of


def of(**elements: object) -> Dataset:
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


RECTANGLE = {
    "ShutterLeftVerticalEdge": 3, "ShutterRightVerticalEdge": 5,
    "ShutterUpperHorizontalEdge": 2, "ShutterLowerHorizontalEdge": 4,
}  # fmt: skip


def test_a_rectangle_shows_its_edges_and_what_lies_between():
    shutter = shutter_of(of(ShutterShape="RECTANGULAR", ShutterPresentationValue=0xFFFF, **RECTANGLE))
    assert shutter is not None
    expected = np.ones((6, 7), bool)
    expected[1:4, 2:5] = False  # rows 2 to 4 and columns 3 to 5, counted from 1
    assert np.array_equal(covered(shutter, 6, 7), expected)
    assert shutter.grey == 255


def test_a_circle_shows_pixels_no_farther_than_its_radius():
    shutter = shutter_of(of(ShutterShape="CIRCULAR", CenterOfCircularShutter=[3, 4], RadiusOfCircularShutter=2))
    assert shutter is not None
    seen = ~covered(shutter, 6, 8)
    assert {(int(row) + 1, int(column) + 1) for row, column in np.argwhere(seen)} == {
        (1, 4), (2, 3), (2, 4), (2, 5), (3, 2), (3, 3), (3, 4), (3, 5), (3, 6), (4, 3), (4, 4), (4, 5), (5, 4),
    }  # fmt: skip
    assert shutter.grey == 0


def test_a_circle_is_round_in_the_patient_where_pixels_are_twice_as_high_as_wide():
    seen = ~covered(Shutter(circle=Circle(10, 10, 4)), 20, 20, 2.0)
    assert seen[9].sum() == 9  # a radius of 4 along the row
    assert seen[:, 9].sum() == 5  # and of 2 rows, which are as long


def test_shapes_together_show_only_what_all_of_them_show():
    both = shutter_of(of(
        ShutterShape=["CIRCULAR", "RECTANGULAR"], CenterOfCircularShutter=[3, 4], RadiusOfCircularShutter=2, **RECTANGLE
    ))  # fmt: skip
    assert both is not None
    alone = [covered(Shutter(circle=both.circle), 9, 9), covered(Shutter(rectangle=both.rectangle), 9, 9)]
    assert np.array_equal(covered(both, 9, 9), alone[0] | alone[1])


@pytest.mark.parametrize("seed", range(8))
def test_a_polygon_shows_what_opencv_finds_inside_it(seed: int):
    chance = np.random.default_rng(seed)
    angles = np.sort(chance.uniform(0, 2 * np.pi, 7))
    radii = chance.uniform(6, 22, 7)
    corners = [(round(25 + r * np.sin(a)), round(25 + r * np.cos(a))) for a, r in zip(angles, radii, strict=True)]
    flat = [float(number) for corner in corners for number in corner]
    shutter = shutter_of(of(ShutterShape="POLYGONAL", VerticesOfThePolygonalShutter=flat))
    assert shutter is not None
    outline = np.array([(column, row) for row, column in corners], np.float32)
    expected = np.array(
        [[cv2.pointPolygonTest(outline, (column, row), False) < 0 for column in range(1, 51)] for row in range(1, 51)]
    )
    assert np.array_equal(covered(shutter, 50, 50), expected)


def test_a_square_polygon_covers_what_the_rectangle_of_its_corners_covers():
    shutter = Shutter(polygon=((2, 3), (2, 9), (7, 9), (7, 3)))
    assert np.array_equal(covered(shutter, 12, 12), covered(Shutter(rectangle=(3, 2, 9, 7)), 12, 12))


def test_a_frame_has_its_own_shutter_before_the_images():
    frame = of(FrameDisplayShutterSequence=Sequence([of(ShutterShape="RECTANGULAR", **RECTANGLE)]))
    whole = of(ShutterShape="CIRCULAR", CenterOfCircularShutter=[3, 4], RadiusOfCircularShutter=2)
    whole.PerFrameFunctionalGroupsSequence = Sequence([of(), frame])
    assert shutter_of(whole, 1) == Shutter(circle=Circle(3, 4, 2))
    assert shutter_of(whole, 2) == Shutter(rectangle=(3, 2, 5, 4))


@pytest.mark.parametrize(
    "elements",
    [
        {},
        {"ShutterShape": "RECTANGULAR"},
        {"ShutterShape": "RECTANGULAR", **RECTANGLE, "ShutterRightVerticalEdge": 1},
        {"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [3, 4], "RadiusOfCircularShutter": 0},
        {"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [1, 2, 3, 4]},
    ],
)
def test_a_shutter_that_says_nothing_usable_covers_nothing(elements: dict[str, object]):
    assert shutter_of(of(**elements)) is None


def test_a_bitmap_shutter_names_its_overlay_plane():
    shutter = shutter_of(of(ShutterShape="BITMAP", ShutterOverlayGroup=0x6002, ShutterPresentationValue=0x8080))
    assert shutter is not None
    assert (shutter.overlay_group, shutter.grey) == (0x6002, 128)


def test_a_polygon_of_thousands_of_corners_over_a_large_image_costs_no_minutes():
    corners = tuple((1.0 if n % 2 else 4000.0, 1 + n * 0.7) for n in range(4096))
    began = time.process_time()
    hidden = covered(Shutter(polygon=corners), 4000, 3000)
    assert time.process_time() - began < 5
    assert hidden.shape == (4000, 3000)
