"""Displayed areas of presentation states by the formulas of PS3.3 C.10.4: TRUE SIZE, MAGNIFY, aspect ratios."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydicom.dataset import Dataset

from tests.oracles.test_presentation_states import state_for
from tests.phantoms import ct_slice, part10
from tests.viewing.shown import shown_of
from workstation.dicom.geometry import ImagePoint
from workstation.dicom.part10 import read_part10
from workstation.dicom.presentation_reader import presentation_state_of
from workstation.viewing.display_sets import display_sets_of
from workstation.viewing.overlay import Corner, Mark, overlay, scale_bar
from workstation.viewing.plan import resolve
from workstation.viewing.projection import CanvasSize, View
from workstation.viewing.situation import Situation
from workstation.viewing.viewport import Viewport, ViewportState, view_of

CANVAS = CanvasSize(700, 500)
SQUARE = (0.5, 0.5)


def area(mode, *, first=(1, 1), last=(128, 96), image=None, **values):
    made = Dataset()
    made.DisplayedAreaTopLeftHandCorner, made.DisplayedAreaBottomRightHandCorner = list(first), list(last)
    made.PresentationSizeMode = mode
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def pair(*areas, spacing_mm=SQUARE, **values):
    """An image on a viewport, with its state applied."""
    made = ct_slice(1, spacing_mm=spacing_mm)
    state = presentation_state_of(
        read_part10(part10(state_for(made, DisplayedAreaSelectionSequence=list(areas), **values))).dataset
    )
    shown = shown_of(made)
    viewport = Viewport(0)
    (stack,) = display_sets_of([shown.instance])
    viewport.show(stack)
    viewport.apply(state)
    return shown, viewport


def told(plan, state, pixel_mm):
    drawn = overlay(plan, state, Situation(1, 1, pixel_mm=pixel_mm), str)
    lines = next(one.lines for one in drawn if isinstance(one, Corner) and one.corner == "bottom-left")
    return lines, [one.text for one in drawn if isinstance(one, Mark)]


@pytest.mark.parametrize("pixel_mm", [0.1, 0.18, 0.25])
@pytest.mark.parametrize("turn", [0, 90, 270])
def test_true_size_is_that_many_millimetres_on_a_monitor_that_was_measured(pixel_mm, turn):
    shown, viewport = pair(area("TRUE SIZE", PresentationPixelSpacing=[0.4, 0.4]), ImageRotation=turn)
    plan = resolve(viewport.state, shown, CANVAS, None, pixel_mm)
    left, top, right, bottom = plan.projection.rectangle()
    sides = ((right - left) * pixel_mm, (bottom - top) * pixel_mm)  # millimetres on the glass
    assert sides == pytest.approx((128 * 0.4, 96 * 0.4) if turn == 0 else (96 * 0.4, 128 * 0.4))
    lines, marks = told(plan, viewport.state, pixel_mm)
    assert "Not true size" not in marks
    assert not [line for line in lines if "True size is asked for" in line]


def test_true_size_of_a_part_lies_in_the_middle():
    shown, viewport = pair(area("TRUE SIZE", first=(11, 21), last=(50, 60), PresentationPixelSpacing=[0.4, 0.4]))
    plan = resolve(viewport.state, shown, CANVAS, None, 0.2)
    middle = plan.projection.to_canvas(ImagePoint((10 + 49) / 2, (20 + 59) / 2))
    assert middle == pytest.approx((350, 250), abs=0.5)


def test_without_a_measured_monitor_true_size_is_shown_to_fit_and_that_is_said():
    shown, viewport = pair(area("TRUE SIZE", PresentationPixelSpacing=[0.4, 0.4]))
    plan = resolve(viewport.state, shown, CANVAS)
    fitted = resolve(replace(viewport.state, view=View()), shown, CANVAS)
    assert plan.projection == fitted.projection
    lines, marks = told(plan, viewport.state, None)
    assert "Not true size" in marks
    assert "True size is asked for; shown to fit, as this monitor was not measured" in lines


def test_true_size_without_a_spacing_is_not_true_on_any_monitor():
    shown, viewport = pair(area("TRUE SIZE", PresentationPixelAspectRatio=[1, 1]))
    assert resolve(viewport.state, shown, CANVAS, None, 0.2).misses_true_size


def test_a_scale_of_the_users_own_is_no_broken_promise():
    shown, viewport = pair(area("TRUE SIZE", PresentationPixelSpacing=[0.4, 0.4]))
    viewport.set_view(replace(viewport.state.view, scale=3.0))
    plan = resolve(viewport.state, shown, CANVAS, None, 0.2)
    assert plan.projection.scale == 3.0
    assert not plan.misses_true_size


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0, 3.5])
def test_magnify_is_that_many_device_pixels_an_image_pixel(ratio):
    shown, viewport = pair(
        area("MAGNIFY", PresentationPixelMagnificationRatio=ratio, PresentationPixelAspectRatio=[1, 1])
    )
    for pixel_mm in (None, 0.2):  # whatever the monitor
        left, top, right, bottom = resolve(viewport.state, shown, CANVAS, None, pixel_mm).projection.rectangle()
        assert (right - left, bottom - top) == pytest.approx((128 * ratio, 96 * ratio))


@pytest.mark.parametrize(("vertical", "horizontal"), [(1, 1), (2, 1), (1, 2), (5, 8)])
def test_oblong_pixels_are_made_square_before_they_are_magnified(vertical, horizontal):
    shown, viewport = pair(
        area("MAGNIFY", PresentationPixelMagnificationRatio=2.0, PresentationPixelAspectRatio=[vertical, horizontal])
    )
    left, top, right, bottom = resolve(viewport.state, shown, CANVAS).projection.rectangle()
    width, height = (right - left) / 128, (bottom - top) / 96
    assert height / width == pytest.approx(vertical / horizontal)
    assert min(width, height) == pytest.approx(2.0)


@pytest.mark.parametrize("pixels", [{"PresentationPixelSpacing": [0.8, 0.4]}, {"PresentationPixelAspectRatio": [2, 1]}])
def test_the_proportions_are_the_states_and_it_is_said_where_the_image_has_others(pixels):
    shown, viewport = pair(area("SCALE TO FIT", **pixels))
    plan = resolve(viewport.state, shown, CANVAS)
    left, top, right, bottom = plan.projection.rectangle()
    assert ((bottom - top) / 96) / ((right - left) / 128) == pytest.approx(2.0)
    assert "Stretched" in told(plan, viewport.state, None)[1]
    assert scale_bar(plan) is None
    assert scale_bar(resolve(ViewportState(viewport.state.display_set), shown, CANVAS)) is not None
    viewport.apply(None)
    assert "Stretched" not in told(resolve(viewport.state, shown, CANVAS), viewport.state, None)[1]


def test_a_state_that_has_the_images_own_proportions_stretches_nothing():
    shown, viewport = pair(area("SCALE TO FIT", PresentationPixelSpacing=[0.5, 0.8]), spacing_mm=(0.5, 0.8))
    assert "Stretched" not in told(resolve(viewport.state, shown, CANVAS), viewport.state, None)[1]


def test_each_image_of_a_state_has_its_own_area_and_others_lie_as_they_came():
    images = [ct_slice(number) for number in (1, 2, 3)]
    areas = []
    for image, last in zip(images[:2], ((64, 48), (32, 24)), strict=True):
        one, ref = area("SCALE TO FIT", last=last, PresentationPixelAspectRatio=[5, 8]), Dataset()
        ref.ReferencedSOPClassUID, ref.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
        one.ReferencedImageSequence = [ref]
        areas.append(one)
    made = state_for(images[0], DisplayedAreaSelectionSequence=areas, ImageRotation=180)
    made.ReferencedSeriesSequence[0].ReferencedImageSequence = [item.ReferencedImageSequence[0] for item in areas]
    state = presentation_state_of(read_part10(part10(made)).dataset)
    (stack,) = display_sets_of([shown_of(image).instance for image in images])
    viewport = Viewport(0)
    viewport.show(stack)
    viewport.apply(state)
    assert viewport.state.view == view_of(state, stack.frames[0].key)
    viewport.scroll(1)
    assert viewport.state.view == view_of(state, stack.frames[1].key) != view_of(state, stack.frames[0].key)
    viewport.scroll(1)
    assert viewport.state.view == View()
    viewport.scroll(-1)
    viewport.set_view(replace(viewport.state.view, scale=2.0))  # the hand's own view stays
    viewport.scroll(1)
    assert viewport.state.view.scale == 2.0
