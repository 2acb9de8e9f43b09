"""A presentation state in the window: offered in the menu for its images alone, applied, and put away."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.oracles.test_presentation_states import reference, state_for, window
from tests.phantoms import ct_stack, write_study
from workstation.dicom.geometry import ImagePoint
from workstation.viewing.drawings import Label, Stroke
from workstation.viewing.state_graphics import state_graphics


def graphic(kind, *numbers, units="PIXEL", filled="N"):
    made = Dataset()
    made.GraphicAnnotationUnits, made.GraphicDimensions, made.GraphicType, made.GraphicFilled = units, 2, kind, filled
    made.NumberOfGraphicPoints, made.GraphicData = len(numbers) // 2, list(numbers)
    return made


def words(text, *anchor):
    made = Dataset()
    made.AnchorPointAnnotationUnits, made.UnformattedTextValue = "PIXEL", text
    made.AnchorPoint, made.AnchorPointVisibility = list(anchor), "Y"
    return made


@pytest.fixture
def bench(make_bench, tmp_path):
    images = ct_stack(5)
    middle = images[2]
    drawn, layer, area = Dataset(), Dataset(), Dataset()
    drawn.ReferencedImageSequence, drawn.GraphicLayer = [reference(middle)], "L1"
    drawn.GraphicObjectSequence = [
        graphic("POLYLINE", 10.5, 20.5, 30.5, 20.5),
        graphic("CIRCLE", 40.5, 40.5, 50.5, 40.5),
    ]
    drawn.TextObjectSequence = [words("42.0 mm", 10.5, 30.5)]
    layer.GraphicLayer, layer.GraphicLayerOrder = "L1", 1
    layer.GraphicLayerRecommendedDisplayRGBValue = [65535, 0, 0]
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [1, 1], [64, 48]
    area.PresentationSizeMode, area.PresentationPixelAspectRatio = "SCALE TO FIT", [1, 1]
    made = state_for(
        middle, SoftcopyVOILUTSequence=window(500, 2000), ImageRotation=90, ImageHorizontalFlip="Y",
        GraphicAnnotationSequence=[drawn], GraphicLayerSequence=[layer], DisplayedAreaSelectionSequence=[area],
        ContentLabel="BONE", PatientName=middle.PatientName, PatientID=middle.PatientID,
        PatientBirthDate=middle.PatientBirthDate, PatientSex=middle.PatientSex,
    )  # fmt: skip
    if "IssuerOfPatientID" in middle:
        made.IssuerOfPatientID = middle.IssuerOfPatientID
    made.SpecificCharacterSet = middle.SpecificCharacterSet
    bench = make_bench()
    bench.desk.open_path(str(write_study(tmp_path / "film", [*images, made])))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    bench.until(lambda: bench.session.films.value[0].states)
    return bench


def offered(bench):
    viewport = bench.session.active_viewport
    return bench.session.films.value[0].states_for(viewport.state.key)


def test_a_state_is_offered_for_its_image_alone_and_counted_as_no_stray_object(bench):
    assert [state.label for state in offered(bench)] == ["BONE"]
    assert bench.session.films.value[0].objects_without_pictures == 0
    bench.window.trigger("stack.next")
    bench.run(0.1)
    assert offered(bench) == ()


def test_a_state_that_is_applied_sets_window_turn_flip_and_area_and_draws_its_layers(bench):
    (state,) = offered(bench)
    bench.session.active_viewport.apply(state)
    bench.run(0.1)
    plan = bench.viewport().plan()
    assert (plan.voi.center, plan.voi.width) == (500, 2000)
    view = bench.session.active_viewport.state.view
    assert (view.quarter_turns, view.is_mirrored) == (1, True)
    canvas = plan.canvas
    assert plan.projection.scale == pytest.approx(min(canvas.width / 48, canvas.height / 64), rel=0.02)
    made = state_graphics(plan)
    line, circle = (one for one in made if isinstance(one, Stroke))
    ends = [plan.projection.to_image(point) for point in line.points]
    assert [(round(p.column, 6), round(p.row, 6)) for p in ends] == [(10, 20), (30, 20)]
    centre = plan.projection.to_canvas(ImagePoint(40, 40))  # round as it is seen, though the pixels are oblong
    radii = [np.hypot(*np.subtract(point, centre)) for point in circle.points]
    assert radii == pytest.approx([10.0 * plan.projection.scale] * len(radii), rel=1e-6)
    (label,) = (one for one in made if isinstance(one, Label))
    assert label.lines == ("42.0 mm",)
    assert {one.rgb for one in made} == {(255, 0, 0)}


def test_without_the_state_everything_is_as_it_was(bench):
    before = bench.viewport().grab().toImage()
    (state,) = offered(bench)
    bench.session.active_viewport.apply(state)
    bench.run(0.1)
    assert bench.viewport().grab().toImage() != before
    bench.session.active_viewport.apply(None)
    bench.run(0.1)
    assert bench.viewport().grab().toImage() == before


def test_on_an_image_that_the_state_is_not_for_nothing_of_it_is_drawn(bench):
    (state,) = offered(bench)
    bench.session.active_viewport.apply(state)
    bench.window.trigger("stack.next")
    bench.run(0.2)
    plan = bench.viewport().plan()
    assert plan.presentation is None
    assert state_graphics(plan) == []


def test_the_menu_lists_states_and_ticks_the_one_in_use(bench):
    (state,) = offered(bench)
    viewport, page = bench.session.active_viewport, bench.window.reading

    def ticked():
        menu = page._menus.image(bench.window.shown(), viewport.set_window, (state,), viewport.state.presentation,
                                 viewport.apply)  # fmt: skip
        return [(one.text(), one.isChecked()) for one in menu.actions() if one.isCheckable()], menu

    rows, menu = ticked()
    assert rows[0] == ("Without presentation state", True)
    assert rows[1][0].startswith("BONE")
    next(one for one in menu.actions() if one.text() == rows[1][0]).trigger()
    assert viewport.state.presentation is state
    assert [on for _, on in ticked()[0]] == [False, True]
