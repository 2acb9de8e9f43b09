"""Every kind of measurement against figures computed on paper: square and oblong pixels, oblique planes, padding."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydicom.sr.codedict import codes

from workstation.dicom.geometry import ImagePoint, plane_of
from workstation.dicom.grayscale import Grayscale, ModalityTransform
from workstation.measuring.measurement import FORMS, Ground, Kind, Measurement, anchored
from workstation.measuring.readings import Name, read
from workstation.measuring.spacing import Meaning, Spacing

OBLONG = Spacing(0.8, 0.5, Meaning.PATIENT)  # 0.8 mm between rows, 0.5 mm between columns
SQUARE_PIXELS = Spacing()
OBLONG_PIXELS = Spacing(2.0, 1.0, Meaning.PIXELS)


def figures(kind, *points, spacing=OBLONG, **keywords):
    found = read(kind, [ImagePoint(*point) for point in points], spacing, **keywords)
    return {one.name: (one.value, one.unit) for one in found}


def close(value, unit):
    return (pytest.approx(value, rel=1e-9), unit)


def test_every_length_on_paper():
    assert figures(Kind.LENGTH, (0, 0), (6, 5)) == {Name.LENGTH: close(5.0, "mm")}  # 3 mm across, 4 mm down
    found = figures(Kind.BIDIRECTIONAL, (0, 0), (4, 0), (2, -5), (2, 5))
    assert found == {Name.LONG_AXIS: close(8.0, "mm"), Name.SHORT_AXIS: close(2.0, "mm")}
    for kind in (Kind.PERPENDICULAR, Kind.PARALLEL):
        assert figures(kind, (0, 0), (20, 0), (7, 5)) == {Name.DISTANCE: close(4.0, "mm")}


def test_every_angle_on_paper():
    assert figures(Kind.ANGLE, (8, 0), (0, 0), (8, 5)) == {Name.ANGLE: close(45.0, "°")}
    assert figures(Kind.LINES, (0, 0), (8, 5), (0, 0), (-8, 5)) == {Name.ANGLE: close(90.0, "°")}
    assert figures(Kind.COBB, (0, 0), (8, 5), (16, 0), (0, 0)) == {Name.ANGLE: close(45.0, "°")}


def test_every_area_on_paper():
    assert figures(Kind.RECTANGLE, (0, 0), (10, 5)) == {Name.AREA: close(20.0, "mm²")}
    assert figures(Kind.ELLIPSE, (0, 0), (10, 5)) == {Name.AREA: close(5.0 * math.pi, "mm²")}
    triangle = figures(Kind.POLYGON, (0, 0), (6, 0), (0, 5))
    assert triangle == {Name.AREA: close(6.0, "mm²"), Name.PERIMETER: close(12.0, "mm")}
    circle = figures(Kind.CIRCLE, (6, 0), (0, 3.75), (-6, 0))  # 3 mm around the first pixel
    assert circle == {Name.DIAMETER: close(6.0, "mm"), Name.AREA: close(9.0 * math.pi, "mm²")}


def test_a_polygon_that_crosses_itself_has_no_area():
    assert Name.AREA not in figures(Kind.POLYGON, (0, 0), (4, 4), (4, 0), (0, 4))


def test_marks_have_no_figures():
    assert figures(Kind.ARROW, (0, 0), (4, 4)) == {}
    assert figures(Kind.TEXT, (0, 0)) == {}


def test_where_the_scale_is_not_known_lengths_are_pixels_and_oblong_pixels_have_none_but_angles():
    assert figures(Kind.LENGTH, (0, 0), (3, 4), spacing=SQUARE_PIXELS) == {Name.LENGTH: close(5.0, "px")}
    assert figures(Kind.RECTANGLE, (0, 0), (3, 4), spacing=SQUARE_PIXELS) == {Name.AREA: close(12.0, "px²")}
    assert figures(Kind.LENGTH, (0, 0), (3, 4), spacing=OBLONG_PIXELS) == {}
    assert figures(Kind.ANGLE, (2, 0), (0, 0), (2, 1), spacing=OBLONG_PIXELS) == {Name.ANGLE: close(45.0, "°")}


def test_pointing_is_as_uncertain_as_the_reference_says():
    """Arms of 50 pixels: 2.3 degrees; of 200 pixels: 0.57 degrees; a length: the square root of two pixels."""
    for arm, degrees in ((50, 2.29), (200, 0.573)):
        (found,) = read(Kind.ANGLE, [ImagePoint(arm, 0), ImagePoint(0, 0), ImagePoint(0, arm)], Spacing())
        assert found.uncertainty == pytest.approx(degrees, abs=0.005)
    (found,) = read(Kind.LENGTH, [ImagePoint(0, 0), ImagePoint(90, 0)], Spacing(0.2, 0.2, Meaning.PATIENT))
    assert found.uncertainty == pytest.approx(math.sqrt(2) * 0.2)


def test_a_scale_drawn_by_hand_is_as_uncertain_as_its_own_ends():
    """A ball of 25 mm over 100 pixels: each end off by a pixel is 1.41 per cent of every length, 2.83 of every area."""
    scale = Spacing(0.25, 0.25, Meaning.USER, length_mm=25.0)
    (found,) = read(Kind.LENGTH, [ImagePoint(0, 0), ImagePoint(800, 0)], scale)
    assert found.value == 200.0
    assert found.uncertainty == pytest.approx(math.hypot(math.sqrt(2) * 0.25, 200.0 * math.sqrt(2) / 100))
    (area,) = read(Kind.RECTANGLE, [ImagePoint(0, 0), ImagePoint(400, 400)], scale)
    drawn = 1600 * 0.25 / math.sqrt(2) * 0.25
    assert area.uncertainty == pytest.approx(math.hypot(drawn, 2 * 1e4 * math.sqrt(2) / 100))
    (angle,) = read(Kind.ANGLE, [ImagePoint(50, 0), ImagePoint(0, 0), ImagePoint(0, 50)], scale)
    assert angle.uncertainty == pytest.approx(2.29, abs=0.005)


IMAGE = np.arange(600, dtype=np.int16).reshape(20, 30)
CT = Grayscale(ModalityTransform(2.0, -1000.0), is_signed=True, is_hounsfield=True, unit="HU", padding=(31, 31))


def test_region_values_are_in_their_unit_and_padding_does_not_count():
    found = figures(Kind.RECTANGLE, (-0.5, -0.5), (1.5, 1.5), stored=IMAGE, grayscale=CT)
    values = np.array([0, 1, 30]) * 2.0 - 1000.0
    assert found[Name.COUNT] == (3, "px")
    assert found[Name.MEAN] == close(values.mean(), "HU")
    assert found[Name.DEVIATION] == close(values.std(), "HU")
    assert (found[Name.MINIMUM], found[Name.MAXIMUM]) == (close(values.min(), "HU"), close(values.max(), "HU"))


def test_a_probe_reads_its_pixel_and_nothing_on_padding_colour_or_outside():
    assert figures(Kind.PROBE, (3.4, 2.4), stored=IMAGE, grayscale=CT) == {Name.VALUE: close(63 * 2 - 1000, "HU")}
    assert figures(Kind.PROBE, (1, 1), stored=IMAGE, grayscale=CT) == {}
    assert figures(Kind.PROBE, (-2, 1), stored=IMAGE, grayscale=CT) == {}
    colour = np.zeros((20, 30, 3), np.uint8)
    assert figures(Kind.PROBE, (3, 2), stored=colour, grayscale=None) == {}


def test_a_circle_is_round_in_millimetres():
    found = figures(Kind.CIRCLE, (15 + 6, 10), (15, 10 + 3.75), (15 - 6, 10), stored=IMAGE, grayscale=Grayscale())
    columns, rows = np.meshgrid(np.arange(30), np.arange(20))
    inside = ((columns - 15) * 0.5) ** 2 + ((rows - 10) * 0.8) ** 2 <= 9.0 + 1e-9
    assert found[Name.COUNT][0] == inside.sum()
    assert found[Name.MEAN][0] == pytest.approx(IMAGE[inside].mean())


def test_what_lies_in_a_patient_is_held_in_the_patients_millimetres_and_comes_back():
    turn = math.radians(30)
    plane = plane_of((math.cos(turn), math.sin(turn), 0, 0, 0, -1), (10, 20, 30), (0.8, 0.5), "2.25.7")
    points = [ImagePoint(0, 0), ImagePoint(100.25, 40.5)]
    anchors = anchored(points, plane)
    wanted = (10 + 50.125 * math.cos(turn), 20 + 50.125 * math.sin(turn), 30 - 32.4)
    assert anchors[1] == pytest.approx(wanted, abs=1e-9)
    ground = Ground("2.25.1", "2.25.2", "2.25.3", 1, "2.25.7")
    back = Measurement("a", Kind.LENGTH, ground, anchors).points(plane)
    assert back[1] == pytest.approx(points[1], abs=1e-9)
    found = figures(Kind.LENGTH, *back)
    assert found[Name.LENGTH][0] == pytest.approx(math.dist(anchors[0], anchors[1]), rel=1e-9)  # Pythagoras in 3D


def test_without_a_place_in_a_patient_points_are_of_the_image():
    assert anchored([ImagePoint(1, 2.5)], None) == ((1.0, 2.5),)
    made = Measurement("a", Kind.PROBE, Ground("1", "2", "3"), ((1.0, 2.5),))
    assert made.points(None) == (ImagePoint(1.0, 2.5),)


@pytest.mark.parametrize("anchors", [(), ((1.0, 2.0),), ((1.0, 2.0), (1.0, math.nan)), ((1.0, 2.0, 3.0),) * 2])
def test_a_measurement_that_could_not_be_drawn_is_none(anchors):
    with pytest.raises(ValueError):
        Measurement("a", Kind.LENGTH, Ground("1", "2", "3"), anchors)


@pytest.mark.parametrize("form", [form for form in FORMS.values() if form.concept is not None])
def test_concepts_are_those_of_the_standards_dictionary(form):
    keyword = form.concept.meaning.title().replace(" ", "")
    found = getattr(codes.SCT, {"LongAxis": "LongAxis", "CobbAngle": "CobbAngle"}.get(keyword, keyword))
    assert (found.value, found.scheme_designator, found.meaning) == tuple(form.concept)
