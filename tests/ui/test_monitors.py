"""What a person sees of the monitor: one calm mark, the status bar, the card, the runs with meter and card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.phantoms import DX_STUDY
from workstation.dicom.display_function import conformance, fitted, forecast
from workstation.dicom.grayscale import p_values
from workstation.dicom.luminances import CHECK_PATCHES, PATCHES, Measured
from workstation.rendering.patterns import PATTERNS
from workstation.rendering.planar import sample
from workstation.station.monitors import Check, Monitor, Role, Standing, Way, load
from workstation.ui.deeds import picture
from workstation.ui.grey_picture import grey_pixels
from workstation.ui.pattern_window import PatternWindow
from workstation.ui.screens import device_size, monitor_key
from workstation.ui.settings_page import MONITORS
from workstation.ui.true_size import CARD, RULER, TrueSize
from workstation.viewing.overlay import Mark, overlay
from workstation.viewing.projection import View

OFFICE = Measured(PATCHES, tuple(0.3 + 250 * (level / 255) ** 2.2 for level in PATCHES), 0.1)


def screen():
    return QApplication.primaryScreen()


def declare(bench, **entries):
    bench.workstation.declare(monitor_key(screen()), Monitor(**entries))
    bench.run()


def fit_for_diagnosis(bench):
    declare(bench, role=Role.DIAGNOSTIC, way=Way.HARDWARE, check=Check(date.today().isoformat()))


def marks_on(widget, monkeypatch):
    """The marks that a viewport paints."""
    found = []

    def seen(*given):
        primitives = overlay(*given)
        found[:] = [one.text for one in primitives if isinstance(one, Mark)]
        return primitives

    monkeypatch.setattr("workstation.ui.viewport_widget.overlay", seen)
    widget.grab()
    return found


def test_an_undeclared_monitor_is_marked_once_in_every_viewport_and_in_the_status_bar(bench, monkeypatch):
    bench.open()
    assert marks_on(bench.viewport(), monkeypatch).count("Not for diagnosis") == 1
    assert bench.window.status.monitor.text() == "Monitor: not for diagnosis"
    assert bench.window.status.monitor.property("tone") == "amber"
    bench.session.set_layout(2, 2)
    bench.run()
    for widget in bench.window.shown_widgets():
        if widget.shown() is not None:
            assert marks_on(widget, monkeypatch).count("Not for diagnosis") == 1


def test_on_a_film_sheet_one_tile_says_it_for_all(bench, monkeypatch):
    bench.open()
    bench.session.set_sheet(3, 3)
    bench.until(lambda: bench.desk.is_painted())
    told = [marks_on(widget, monkeypatch).count("Not for diagnosis") for widget in bench.window.shown_widgets()]
    assert told[0] == 1
    assert sum(told) == 1


def test_a_monitor_that_is_fit_for_diagnosis_is_not_marked_at_once(bench, monkeypatch):
    bench.open()
    fit_for_diagnosis(bench)
    assert "Not for diagnosis" not in marks_on(bench.viewport(), monkeypatch)
    assert bench.window.status.monitor.text() == "Monitor: diagnostic"
    declare(bench, role=Role.CLINICAL, way=Way.HARDWARE, check=Check(date.today().isoformat()))
    assert "Not for diagnosis" not in marks_on(bench.viewport(), monkeypatch)
    assert bench.window.status.monitor.text() == "Monitor: not for diagnosis"
    assert bench.window.status.monitor.property("tone") == "secondary"


def test_the_mark_stays_when_the_texts_are_hidden(bench, monkeypatch):
    bench.open()
    bench.window.trigger("view.texts")
    before = grey_pixels(bench.viewport().grab().toImage())
    fit_for_diagnosis(bench)
    after = grey_pixels(bench.viewport().grab().toImage())
    assert not np.array_equal(before, after)


def middle(bench, picture_of=lambda bench: bench.viewport().grab().toImage()):
    """The greys in the middle of the image, where no text stands, and the sampled values they were made of."""
    bench.session.active_viewport.set_view(View(scale=3.0))
    bench.run()
    seen = grey_pixels(picture_of(bench))
    plan = bench.viewport().plan()
    samples, (left, top) = sample(plan.shown.frame.values, plan)
    box = slice(samples.shape[0] // 3, samples.shape[0] // 2), slice(samples.shape[1] // 3, samples.shape[1] // 2)
    part = seen[top + box[0].start : top + box[0].stop, left + box[1].start : left + box[1].stop]
    return part, plan, samples[box]


def test_what_is_painted_goes_through_the_monitors_table_and_a_copy_does_not(bench):
    bench.open()
    plain, plan, values = middle(bench)
    assert np.array_equal(plain, p_values(plan.shown.grayscale, plan.voi, values))
    declare(bench, way=Way.SOFTWARE, measured=OFFICE)
    driven, plan, values = middle(bench)
    assert plan.display is fitted(OFFICE, 8)
    assert not np.array_equal(driven, plain)
    assert np.array_equal(driven, plan.display.driven(plan.voi.p_values(plan.shown.grayscale.modality.values(values))))
    copied, plan, values = middle(bench, lambda bench: picture(bench.window))
    assert plan.display is None
    assert np.array_equal(copied, plain)
    again, _, _ = middle(bench)
    assert np.array_equal(again, driven)


def test_life_size_is_as_many_pixels_as_the_millimetres_need_and_says_so(bench, monkeypatch):
    bench.open()
    declare(bench, pixel_mm=(0.25, 0.25))
    bench.window.trigger("view.life_size")
    bench.run()
    plan = bench.viewport().plan()
    spacing = plan.shown.instance.plane(1).column_spacing
    assert plan.projection.scale == pytest.approx(spacing / 0.25)
    assert lines_of(bench, monkeypatch)[3] == "Life size"
    bench.session.active_viewport.set_view(View(scale=plan.projection.scale * 1.5))
    bench.run()
    assert lines_of(bench, monkeypatch)[3] == "150 % of life size"


def lines_of(bench, monkeypatch):
    found = []

    def seen(*given):
        primitives = overlay(*given)
        found[:] = next(one.lines for one in primitives if getattr(one, "corner", "") == "bottom-left")
        return primitives

    monkeypatch.setattr("workstation.ui.viewport_widget.overlay", seen)
    bench.viewport().grab()
    return ["", *found]


def test_a_radiograph_is_life_size_at_the_detector(bench, monkeypatch):
    bench.open(DX_STUDY)
    declare(bench, pixel_mm=(0.2, 0.2))
    bench.window.trigger("view.life_size")
    bench.run()
    assert bench.viewport().plan().projection.scale == pytest.approx(0.139 / 0.2)
    assert any(line.startswith("Life size · ") for line in lines_of(bench, monkeypatch))


@pytest.mark.parametrize(
    ("pixel_mm", "told"), [(None, "hold a card to it once"), ((0.2, 0.25), "not as high as they are wide")]
)
def test_why_there_is_no_life_size_is_said_above_the_glass(bench, pixel_mm, told):
    bench.open()
    declare(bench, pixel_mm=pixel_mm)
    before = bench.session.active_viewport.state.view
    bench.window.trigger("view.life_size")
    bench.run()
    assert told in bench.window.notice.text.text()
    assert bench.session.active_viewport.state.view == before


def test_an_image_without_millimetres_has_no_life_size(bench):
    bench.open()
    declare(bench, pixel_mm=(0.25, 0.25))
    widget = bench.viewport()
    plan = widget.plan()
    instance = replace(plan.shown.instance, planes=(None,), scales=type(plan.shown.instance.scales)())
    widget._plan = replace(plan, shown=replace(plan.shown, instance=instance))
    bench.window.trigger("view.life_size")
    assert "does not say how large its pixels are" in bench.window.notice.text.text()


# The card ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def card(bench):
    bench.window.trigger("desk.settings")
    page = bench.window.settings
    page.groups.setCurrentRow(MONITORS)
    bench.run()
    return page.monitors


def choose(box, value):
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


class Meter:
    """A luminance meter before a simulated gamma 2.2 screen: it reads what the window really paints in its middle."""

    def __init__(self, bench, card):
        self._bench, self._card = bench, card
        self.levels = []

    def read_all(self):
        window = self._card._glass
        while self._card._glass is window:
            if window.level < 0:
                read = 0.1
            else:
                seen = grey_pixels(window.grab().toImage())
                level = int(seen[seen.shape[0] // 2, seen.shape[1] // 2])
                self.levels.append(level)
                read = 0.3 + 250 * (level / 255) ** 2.2
            window.field.setText(f"{read:.5g}")
            QTest.keyClick(window.field, Qt.Key.Key_Return)
            self._bench.run(0.005)


def test_an_undeclared_monitor_becomes_a_diagnostic_one_by_meter(bench, card):
    assert card.standing.text().startswith("Not declared")
    choose(card.role, Role.DIAGNOSTIC)
    choose(card.way, Way.SOFTWARE)
    assert not card.check_button.isEnabled()
    card.measure_button.click()
    bench.run()
    meter = Meter(bench, card)
    meter.read_all()
    assert sorted(meter.levels) == sorted(PATCHES)
    measured = card.monitor.measured
    assert measured.levels == PATCHES
    assert measured.ambient == 0.1
    assert card.monitor.standing(date.today()) is Standing.UNCHECKED
    promise = forecast(measured, 8)
    assert f"{promise.through * 100:.1f} % expected" in card.promise.text()
    assert f"{promise.surviving} of 256" in card.promise.text()
    card.check_button.click()
    bench.run()
    meter = Meter(bench, card)
    meter.read_all()
    levels = fitted(measured, 8).driven(np.array(CHECK_PATCHES) / 255)
    assert sorted(meter.levels) == sorted(levels.tolist())
    light = 0.3 + 250 * (np.sort(levels) / 255) ** 2.2 + 0.1
    assert card.monitor.check.worst == pytest.approx(conformance(CHECK_PATCHES, light).worst, abs=0.002)
    assert card.monitor.check.worst < 0.10
    assert card.standing.text() == "Fit for diagnosis"
    assert load().of(monitor_key(screen())) == card.monitor or bench.run(0.3) is None
    bench.until(lambda: load().of(monitor_key(screen())) == card.monitor)


def test_a_monitor_whose_own_table_is_wrong_fails_its_check_and_is_marked(bench, card):
    choose(card.role, Role.DIAGNOSTIC)
    choose(card.way, Way.HARDWARE)
    assert card.standing.text().startswith("Not checked yet")
    card.trust_button.click()
    assert card.standing.text() == "Fit for diagnosis"
    card.check_button.click()  # the meter finds gamma 2.2
    bench.run()
    Meter(bench, card).read_all()
    assert card.monitor.check.worst > 0.4
    assert card.standing.text().startswith("The last check failed")
    assert "10 % are allowed" in card.checked.text()


def test_a_figure_that_cannot_be_is_asked_for_again(bench, card):
    choose(card.way, Way.SOFTWARE)
    card.measure_button.click()
    bench.run()
    window = card._glass
    while window.level != 150:
        window.field.setText("0" if window.level < 0 else f"{0.3 + window.level}")
        window.enter()
    window.field.setText("3")
    window.enter()
    while window._at + 1 < len(window._order):
        window.field.setText(f"{0.3 + window.level}")
        window.enter()
    window.field.setText(f"{0.3 + window.level}")
    window.enter()
    assert window.isVisible()
    assert window.level == 150
    assert "measure it again" in window.verdict.text()
    window.field.setText("150.3")
    for _ in range(12):
        window.enter()
    assert card.monitor.measured.luminances[PATCHES.index(150)] == 150.3


@pytest.mark.parametrize("typed", ["", "abc", "-3", "1e9", "nan"])
def test_what_is_no_luminance_is_said_and_not_taken(bench, card, typed):
    choose(card.way, Way.SOFTWARE)
    card.measure_button.click()
    bench.run()
    window = card._glass
    QTest.keyClicks(window.field, typed)
    QTest.keyClick(window.field, Qt.Key.Key_Return)
    assert window.level == -1
    assert "cd/m²" in window.verdict.text()
    assert window.verdict.property("tone") == "amber"
    QTest.keyClicks(window.field, "0,5")
    QTest.keyClick(window.field, Qt.Key.Key_Return)
    assert window._read == {-1: 0.5}
    assert "cd/m²" not in window.verdict.text()
    window.close()


def test_escape_leaves_the_run_and_nothing_is_changed(bench, card):
    choose(card.way, Way.SOFTWARE)
    card.measure_button.click()
    bench.run()
    window = card._glass
    window.field.setText("1")
    window.enter()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    bench.run()
    assert card._glass is None
    assert card.monitor.measured is None


@pytest.mark.parametrize("thing", [CARD, RULER])
def test_a_card_or_a_ruler_tells_how_large_a_pixel_is(bench, card, thing):
    card.size_button.click()
    bench.run()
    window = card._glass
    if thing is RULER:
        window.switch()
    wished = round(thing.width_mm / 0.25), round(thing.height_mm / 0.25)
    for axis, keys in ((0, (Qt.Key.Key_Right, Qt.Key.Key_Left)), (1, (Qt.Key.Key_Down, Qt.Key.Key_Up))):
        missing = wished[axis] - window._size[axis]
        for _ in range(abs(missing)):
            QTest.keyClick(window, keys[0] if missing > 0 else keys[1])
    assert drawn(window) == wished
    QTest.keyClick(window, Qt.Key.Key_Return)
    bench.run()
    assert card.monitor.pixel_mm == pytest.approx((0.25, 0.25), rel=0.005)
    assert "mm a pixel" in card.measured.text()
    bench.until(lambda: load().of(monitor_key(screen())).pixel_mm == card.monitor.pixel_mm)


def drawn(window: TrueSize) -> tuple[int, int]:
    """How many device pixels the outline covers across and down, on the glass."""
    seen = grey_pixels(window.grab().toImage()) > 60
    seen = seen[: round((window.height() - window.bar.height()) * window.devicePixelRatioF())]
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)


def test_the_edges_of_the_card_follow_the_hand_and_its_corner_stays(bench, card):
    card.size_button.click()
    bench.run()
    window = card._glass
    box = window.outline()

    def hand(kind, x, y):
        place, left = QPointF(x, y), Qt.MouseButton.LeftButton
        QApplication.sendEvent(window, QMouseEvent(kind, place, place, left, left, Qt.KeyboardModifier.NoModifier))

    hand(QEvent.Type.MouseButtonPress, box.right(), box.bottom())
    hand(QEvent.Type.MouseMove, box.left() + 300, box.top() + 190)
    hand(QEvent.Type.MouseButtonRelease, box.left() + 300, box.top() + 190)
    assert window.outline().getRect() == (box.left(), box.top(), 300, 190)
    window.close()


def test_the_patterns_go_on_by_key_and_click_and_escape_leaves(bench, card):
    card.pattern_buttons[0].click()
    bench.run()
    window = card._glass
    seen = [window.name]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(window, key)
        seen.append(window.name)
    names = list(PATTERNS)
    assert seen == [names[0], names[1], names[2], names[0], names[2]]
    QTest.mouseClick(window, Qt.MouseButton.LeftButton)
    assert window.name == names[0]
    QTest.keyClick(window, Qt.Key.Key_Escape)
    bench.run()
    assert card._glass is None


def test_the_patterns_are_a_command_on_every_page(bench):
    bench.window.trigger("desk.patterns")
    bench.run()
    shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, PatternWindow) and one.isVisible()]
    assert len(shown) == 1
    QTest.keyClick(shown[0], Qt.Key.Key_Escape)
    bench.run()
    assert not any(isinstance(one, PatternWindow) and one.isVisible() for one in QApplication.topLevelWidgets())


def test_what_is_declared_is_noted_for_those_who_answer_for_it(bench, card, monkeypatch):
    noted = []
    monkeypatch.setattr(bench.workstation.station, "record", lambda event, **fields: noted.append((event, fields)))
    choose(card.way, Way.HARDWARE)
    card.trust_button.click()
    assert [event for event, _ in noted] == ["monitor", "monitor"]
    assert noted[-1][1] == {"kind": "clinical", "act": "hardware", "outcome": "other"}


def test_what_was_seen_of_the_squares_is_kept_with_its_day(bench, card):
    card.squares.setValue(16)
    card.look_button.click()
    assert card.looked.text().startswith(f"{date.today().isoformat()}: 16 of 18 squares seen")


def test_where_it_does_not_allow_it_nothing_is_declared(make_bench, service):
    settings = replace(service.settings, policy=replace(service.settings.policy, declare_monitors=False))
    bench = make_bench(settings=settings)
    bench.window.trigger("desk.settings")
    card = bench.window.settings.monitors
    assert not card.role.isEnabled()
    assert not card.way.isEnabled()
    assert not card.size_button.isEnabled()
    assert card.lock.text() == "Set by IT"
    assert card.pattern_buttons[0].isEnabled()


@pytest.mark.parametrize("ratio", [1.0, 1.1, 1.15, 1.17, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5])
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (1200, 1920), (2048, 2560), (3840, 2160), (1280, 1024)])
def test_the_resolution_is_the_same_at_every_scale(ratio, size):
    if ratio > 2 and size[0] % 8:
        return

    class Told:
        def devicePixelRatio(self):
            return ratio

        def geometry(self):
            from PySide6.QtCore import QRect

            return QRect(0, 0, round(size[0] / ratio), round(size[1] / ratio))

    assert device_size(Told()) == size
