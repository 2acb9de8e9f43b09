"""The table of measurements in words: what a length is a length of, and every digit of what is counted."""

from __future__ import annotations

import csv

import pytest

from tests.phantoms import part10, radiograph
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import instance_of
from workstation.measuring.measurement import Ground, Kind, Measurement
from workstation.measuring.readings import Name, Quantity
from workstation.measuring.spacing import spacing_of
from workstation.viewing.measured import Row, as_csv, as_text
from workstation.viewing.tools.probe import Probe


def row(kind, *quantities, text="", **header):
    dataset = radiograph((30, 20))
    for keyword, value in header.items():
        setattr(dataset, keyword, value)
    instance = instance_of(DatasetAttributes(read_part10(part10(dataset)).dataset))
    ground = Ground("1", "2", instance.sop_instance_uid)
    points = {Kind.LENGTH: 2, Kind.RECTANGLE: 2, Kind.COBB: 4}[kind]
    made = Measurement("a", kind, ground, ((0.0, 0.0),) * points, text=text)
    return Row(made, instance, spacing_of(instance, 1), quantities, is_read=True)


def plain(words):
    return words


LENGTH = Quantity(Name.LENGTH, 97.2, "mm", 0.3)
ANGLE = Quantity(Name.ANGLE, 12.0, "°", 1.0)
MEAN = Quantity(Name.MEAN, 2417.8, "")


@pytest.mark.parametrize(("header", "short"), [
    ({}, "at the detector"),
    ({"ImagerPixelSpacing": None, "PixelSpacing": [0.14, 0.14]}, "calibration unknown"),
    ({"PixelSpacing": [0.12, 0.12]}, "calibrated in the image"),
])  # fmt: skip
def test_a_length_in_the_table_says_what_it_is_a_length_of(header, short):
    assert row(Kind.LENGTH, LENGTH, **header).scale(plain, is_whole=False) == short


def test_a_length_in_pixels_says_that_the_scale_is_unknown():
    made = row(Kind.LENGTH, Quantity(Name.LENGTH, 97.2, "px", 1.4), ImagerPixelSpacing=None)
    assert made.scale(plain) == "scale unknown"
    assert "scale unknown" in as_text([made], plain)


def test_an_angle_and_a_mean_have_no_scale_to_tell():
    angle, mixed = row(Kind.COBB, ANGLE), row(Kind.RECTANGLE, Quantity(Name.AREA, 12.5, "mm²", 0.5), MEAN)
    assert angle.scale(plain) == ""
    assert "detector" not in as_text([angle], plain)
    lines = list(csv.DictReader(as_csv([angle, mixed], plain).splitlines()))
    assert ["detector" in line["Meaning"] for line in lines] == [False, True, False]


def test_what_is_counted_keeps_every_digit():
    counted = row(Kind.RECTANGLE, Quantity(Name.COUNT, 12345678.0, "px"), Quantity(Name.MAXIMUM, 4294967295.0, ""))
    lines = list(csv.DictReader(as_csv([counted], plain).splitlines()))
    assert [line["Value"] for line in lines] == ["12345678", "4294967295"]
    assert Probe(1, 2, (4294967295.0,), "").words() == "(1, 2)  4294967295"
    assert Probe(1, 2, (0.1 + 0.2,), "BQML").words() == "(1, 2)  0.3 BQML"


@pytest.mark.parametrize("name", ["=1+1", "＝1+1", "@SUM(1)", "＋A1"])
def test_no_name_is_a_formula_to_a_table_program(name):
    (line,) = csv.DictReader(as_csv([row(Kind.LENGTH, LENGTH, text=name)], plain).splitlines())
    assert line["Name"] == f"'{name}"
