"""Gestures are computed from their start and can be taken back."""

from __future__ import annotations

import pytest

from tests.phantoms import ct_stack, radiograph
from tests.viewing.shown import shown_ct, shown_of
from tests.viewing.test_session import film_of
from workstation.dicom.grayscale import Window
from workstation.viewing.plan import Redo, difference, resolve
from workstation.viewing.projection import CanvasPoint, CanvasSize
from workstation.viewing.tools import TOOLS
from workstation.viewing.tools.base import PointerEvent
from workstation.viewing.tools.navigate import zoom_about
from workstation.viewing.tools.probe import probe
from workstation.viewing.viewport import Viewport

CANVAS = CanvasSize(600, 450)


@pytest.fixture
def viewport():
    made = Viewport(0)
    made.show(film_of(ct_stack(9)).display_sets[0], 4)
    return made


def plan_of(viewport):
    return resolve(viewport.state, shown_ct(5), CANVAS)


def at(x, y):
    return PointerEvent(CanvasPoint(x, y))


def test_a_window_drag_depends_on_where_it_is_not_on_how_it_came_there(viewport):
    plan = plan_of(viewport)
    one = TOOLS["window"].press(at(100, 100), viewport, plan)
    for x, y in ((400, 3), (7, 440), (120, 90)):
        one.drag(at(x, y))
    wandering = viewport.state.voi
    viewport.set_window(None)
    TOOLS["window"].press(at(100, 100), viewport, plan).drag(at(120, 90))
    assert viewport.state.voi == wandering
    assert wandering.width > 1500  # right: wider
    assert wandering.center > 300  # up: darker


def test_a_window_is_never_narrower_than_one_and_escape_puts_it_back(viewport):
    viewport.set_window(Window(40, 400), "Soft tissue")
    gesture = TOOLS["window"].press(at(300, 100), viewport, plan_of(viewport))
    gesture.drag(at(-9000, 100))
    assert viewport.state.voi.width == 1
    gesture.cancel()
    assert viewport.state.voi == Window(40, 400)
    assert viewport.state.voi_name == "Soft tissue"


def test_pan_keeps_the_image_point_under_the_hand(viewport):
    plan = plan_of(viewport)
    grabbed = plan.projection.to_image(CanvasPoint(200, 150))
    TOOLS["pan"].press(at(200, 150), viewport, plan).drag(at(263, 121))
    now = plan_of(viewport).projection.to_canvas(grabbed)
    assert abs(now.x - 263) <= 0.5
    assert abs(now.y - 121) <= 0.5


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_zoom_keeps_the_point_it_is_about(viewport, turns, mirrored):
    view = viewport.state.view.rotated(turns)
    viewport.set_view(view.flipped_horizontally() if mirrored else view)
    plan = plan_of(viewport)
    point = CanvasPoint(411, 77)
    before = plan.projection.to_image(point)
    zoom_about(viewport, plan, point, 1.7)
    after = plan_of(viewport).projection
    assert after.scale == pytest.approx(plan.projection.scale * 1.7)
    place = after.to_canvas(before)
    assert abs(place.x - point.x) <= 0.5
    assert abs(place.y - point.y) <= 0.5


def test_zoom_stays_within_its_limits_and_escape_puts_it_back(viewport):
    start = viewport.state.view
    gesture = TOOLS["zoom"].press(at(300, 200), viewport, plan_of(viewport))
    gesture.drag(at(300, -9000))
    assert viewport.state.view.scale == 40
    gesture.drag(at(300, 90000))
    assert viewport.state.view.scale == 0.02
    gesture.cancel()
    assert viewport.state.view == start


def test_a_scroll_drag_reaches_both_ends(viewport):
    gesture = TOOLS["scroll"].press(at(10, 200), viewport, plan_of(viewport))
    gesture.drag(at(10, 440))
    assert viewport.state.index == 8
    gesture.drag(at(10, 0))
    assert viewport.state.index == 0
    gesture.cancel()
    assert viewport.state.index == 4


def test_the_probe_reads_the_exact_pixel_in_hounsfield_units(viewport):
    plan = plan_of(viewport)
    place = plan.projection.to_canvas(plan.projection.to_image(CanvasPoint(0, 0))._replace(column=37, row=21))
    found = probe(plan, place)
    assert (found.column, found.row) == (37, 21)
    assert found.values == (37 * 4 + 21 - 200 + 5,)
    assert found.unit == "HU"
    assert found.words() == "(37, 21)  -26 HU"
    assert probe(plan, CanvasPoint(-5, 10)) is None


def test_a_radiographs_value_is_not_called_hounsfield(viewport):
    plan = resolve(viewport.state, shown_of(radiograph()), CANVAS)
    assert probe(plan, CanvasPoint(300, 225)).unit != "HU"


def test_padding_is_not_read_as_a_value(viewport):
    made = ct_stack(1)[0]
    made.add_new(0x00280120, "SS", -200 + 1)
    plan = resolve(viewport.state, shown_of(made), CANVAS)
    place = plan.projection.to_canvas(plan.projection.to_image(CanvasPoint(0, 0))._replace(column=0, row=0))
    assert probe(plan, place).is_padding


def test_a_plan_says_what_must_be_redone(viewport):
    shown = shown_ct(5)
    start = resolve(viewport.state, shown, CANVAS)
    assert difference(None, start) is Redo.FRAME
    assert difference(start, resolve(viewport.state, shown, CANVAS)) is Redo.NOTHING
    viewport.set_window(Window(1, 2))
    assert difference(start, resolve(viewport.state, shown, CANVAS)) is Redo.TABLE
    assert difference(start, resolve(viewport.state, shown, CanvasSize(601, 450))) is Redo.SAMPLES
    assert difference(start, resolve(viewport.state, shown_ct(6), CANVAS)) is Redo.FRAME
