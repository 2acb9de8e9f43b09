"""Figures with as many digits as are true, how far a hand may be off, and what a scale stands on."""

from __future__ import annotations

from datetime import datetime

import pytest

from workstation.measuring.readings import Name, Quantity
from workstation.measuring.spacing import Meaning, Spacing
from workstation.viewing.measure_words import figure, meaning, uncertainty


@pytest.mark.parametrize(("quantity", "words"), [
    (Quantity(Name.LENGTH, 67.44, "mm", 0.23), "67.4 mm ± 0.2 mm"),
    (Quantity(Name.LENGTH, 67.44, "mm", 0.01), "67.4 mm ± 0.1 mm"),
    (Quantity(Name.LENGTH, 167.44, "mm", 7.7), "167 mm ± 8 mm"),
    (Quantity(Name.ANGLE, 21.84, "°", 0.57), "21.8° ± 0.6°"),
    (Quantity(Name.ANGLE, 21.84, "°", 12.3), "22° ± 12°"),
    (Quantity(Name.AREA, 333.3, "mm²", 149.0), "333 mm² ± 150 mm²"),
    (Quantity(Name.AREA, 33.33, "mm²", 2.25), "33.3 mm² ± 2.2 mm²"),
    (Quantity(Name.LENGTH, 120.0, "px", 1.414), "120 px ± 1.4 px"),
    (Quantity(Name.MEAN, -1023.96, "HU"), "-1024 HU"),
    (Quantity(Name.MEAN, -8.3094, "HU"), "-8.3 HU"),
    (Quantity(Name.DEVIATION, 9.4871, "HU"), "9.5 HU"),
    (Quantity(Name.MEAN, -0.04, "HU"), "0 HU"),
    (Quantity(Name.MINIMUM, -0.0, ""), "0"),
    (Quantity(Name.MEAN, 0.012345, "SUV"), "0.01235 SUV"),
    (Quantity(Name.COUNT, 333.0, "px"), "333 px"),
])  # fmt: skip
def test_no_figure_has_more_digits_than_are_true(quantity, words):
    assert f"{figure(quantity)} {uncertainty(quantity)}".strip() == words


def local(moment):
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"


NOON = "2026-11-22T12:00:00+00:00"


@pytest.mark.parametrize(("spacing", "short", "whole"), [
    (Spacing(meaning=Meaning.PATIENT), "", ""),
    (Spacing(meaning=Meaning.ULTRASOUND), "", ""),
    (Spacing(meaning=Meaning.UNKNOWN_CALIBRATION), "calibration unknown", "calibration unknown"),
    (Spacing(meaning=Meaning.DETECTOR), "at the detector", "at the detector: the anatomy appears larger"),
    (Spacing(meaning=Meaning.CALIBRATED), "calibrated in the image", "calibrated in the image"),
    (Spacing(meaning=Meaning.CALIBRATED, detail="FIDUCIAL: ball 25 mm"), "calibrated in the image",
     "calibrated in the image: FIDUCIAL: ball 25 mm"),
    (Spacing(meaning=Meaning.MAGNIFICATION, factor=1.15), "magnification 1.15 estimated",
     "magnification 1.15 estimated"),
    (Spacing(meaning=Meaning.USER, detail="li", length_mm=25.4, at=NOON), "calibrated here: 25.4 mm",
     f"calibrated by li: object of 25.4 mm, {local(NOON)}"),
    (Spacing(meaning=Meaning.USER, length_mm=25.4, at=NOON), "calibrated here: 25.4 mm",
     f"calibrated here: object of 25.4 mm, {local(NOON)}"),
    (Spacing(meaning=Meaning.FILM), "on the film", "on the film"),
])  # fmt: skip
def test_a_scale_says_what_it_stands_on(spacing, short, whole):
    """The unit text that tells a reader what a length is one of (PS3.3 10.7.1.1)."""
    assert meaning(spacing, lambda text: text) == short
    assert meaning(spacing, lambda text: text, is_whole=True) == whole


@pytest.mark.parametrize("detail", ["{0}", "{at}", "100 % {x"])
def test_braces_in_what_the_image_says_are_shown_as_they_are(detail):
    words = meaning(Spacing(meaning=Meaning.CALIBRATED, detail=detail), lambda text: text, is_whole=True)
    assert words == f"calibrated in the image: {detail}"
