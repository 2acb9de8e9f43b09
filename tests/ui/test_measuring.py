"""Measuring with a mouse in the real window: every kind, at any zoom, turned and mirrored; on the right image alone."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.phantoms import ct_stack, radiograph, write_study
from workstation.dicom.geometry import ImagePoint
from workstation.measuring.journal import Journal
from workstation.measuring.measurement import FORMS, Kind
from workstation.measuring.readings import Name
from workstation.viewing.drawings import Label, drawings
from workstation.viewing.measured import Reader
from workstation.viewing.projection import View

TOOLS = [kind for kind in Kind if FORMS[kind].concept is not None]


@pytest.fixture
def ct(make_bench, tmp_path):
    bench = make_bench()
    bench.desk.open_path(str(write_study(tmp_path / "ct", ct_stack(5))))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    return bench


def place(bench, column, row):
    """Where an image point lies in the viewport, logical pixels."""
    widget = bench.viewport()
    at = widget.plan().projection.to_canvas(ImagePoint(column, row))
    ratio = widget.devicePixelRatioF()
    return at.x / ratio, at.y / ratio


def click(bench, column, row):
    widget, at = bench.viewport(), place(bench, column, row)
    bench.move(widget, *at, Qt.MouseButton.NoButton)
    bench.press(widget, *at)
    bench.release(widget, *at)


def draw(bench, kind, *points):
    bench.window.trigger(f"tool.measure-{kind}")
    if kind is Kind.FREEHAND:
        places = [place(bench, *point) for point in points]
        bench.press(bench.viewport(), *places[0])
        for one in places[1:]:
            bench.move(bench.viewport(), *one)
        bench.release(bench.viewport(), *places[-1])
    else:
        for point in points:
            click(bench, *point)
        if kind is Kind.POLYGON:
            bench.double_click(bench.viewport(), *place(bench, *points[-1]))
    bench.run()
    return bench.session.markings.items.value[-1]


def figures(bench, measurement):
    plan = bench.viewport().plan()
    points = measurement.points(plan.shown.instance.plane(measurement.ground.frame))
    _, found = Reader().read(measurement.kind, points, plan.shown, bench.session.markings)
    return {one.name: one.value for one in found}


def labels(bench):
    plan = bench.viewport().plan()
    made = drawings(plan, bench.session.markings, Reader(), lambda text: text)
    return [" | ".join(one.lines) for one in made if isinstance(one, Label)]


VIEWS = [
    View(scale=scale, quarter_turns=turns, is_mirrored=mirrored)
    for scale, turns, mirrored in (
        (0.25, 0, False), (0.25, 3, True), (1.0, 0, False), (1.0, 1, True), (2.0, 2, False), (8.0, 0, True),
        (8.0, 1, False),
    )
]  # fmt: skip


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view.scale}x-{view.quarter_turns}-{view.is_mirrored}")
def test_what_a_mouse_measures_is_right_within_a_pixel_at_any_zoom_turned_and_mirrored(make_bench, tmp_path, view):
    """A radiograph of 2,000 by 1,600 pixels of 0.1 mm: within one source pixel, half a degree, two per cent of area."""
    made = radiograph((2000, 1600))
    made.ImagerPixelSpacing = [0.1, 0.1]
    bench = make_bench()
    bench.desk.open_path(str(write_study(tmp_path / "dx", [made])))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.session.active_viewport.set_view(view)
    bench.until(lambda: bench.viewport().plan() is not None)
    bench.run()
    reach = 200 if view.scale < 8 else 40
    x, y = 800, 1000
    slack = max(1.0, 1.0 / view.scale)  # a mouse knows whole pixels of the screen
    length = figures(bench, draw(bench, Kind.LENGTH, (x - reach, y), (x + reach, y + 30)))
    assert length[Name.LENGTH] / 0.1 == pytest.approx(math.hypot(2 * reach, 30), abs=slack)
    bench.session.markings.clear()  # its handles would be grabbed by the next press
    angle = figures(bench, draw(bench, Kind.ANGLE, (x + reach, y), (x, y), (x, y - reach)))
    assert angle[Name.ANGLE] == pytest.approx(90.0, abs=0.5 if reach * view.scale >= 200 else 2.3)
    bench.session.markings.clear()
    area = figures(bench, draw(bench, Kind.RECTANGLE, (x - reach, y - reach // 2), (x + reach, y + reach // 2)))
    assert area[Name.AREA] / 0.01 == pytest.approx(2 * reach * reach, rel=0.02)
    bench.session.markings.clear()
    plates = (x - reach, y - 20), (x + reach, y - 20), (x - reach, y), (x + reach, y + 40)
    cobb = figures(bench, draw(bench, Kind.COBB, *plates))
    wanted = math.degrees(math.atan2(40, 2 * reach))
    assert cobb[Name.ANGLE] == pytest.approx(wanted, abs=0.5 if reach * view.scale >= 200 else 2.3)


@pytest.mark.parametrize("kind", TOOLS)
def test_every_kind_is_drawn_by_clicks_and_read_off_its_image(ct, kind):
    around = [(20, 20), (50, 22), (48, 50), (18, 46)]
    points = around[: min(FORMS[kind].most, 4)] if FORMS[kind].most != 3 else around[:3]
    if kind is Kind.FREEHAND:
        points = [(35 + 15 * math.cos(t), 35 + 15 * math.sin(t)) for t in np.linspace(0, 6.0, 40)]
    made = draw(ct, kind, *points)
    assert made.kind is kind
    assert figures(ct, made)
    assert labels(ct)
    assert ct.session.markings.draft.value is None


def test_a_drag_draws_a_length_at_once(ct):
    ct.window.trigger("tool.measure-length")
    ct.drag(ct.viewport(), place(ct, 10, 10), place(ct, 40, 10))
    (made,) = ct.session.markings.items.value
    spacing = ct.viewport().shown().instance.plane(1).column_spacing
    assert figures(ct, made)[Name.LENGTH] == pytest.approx(30 * spacing, abs=spacing)


def test_a_measurement_stands_on_its_own_slice_alone(ct):
    draw(ct, Kind.LENGTH, (10, 10), (40, 10))
    assert labels(ct)
    ct.window.trigger("stack.next")
    ct.run(0.1)
    assert not labels(ct)
    ct.window.trigger("stack.previous")
    ct.run(0.1)
    assert labels(ct)


def test_a_handle_is_grabbed_with_any_tool_and_the_whole_drag_is_one_step_back(ct):
    made = draw(ct, Kind.LENGTH, (10, 10), (40, 10))
    ct.window.trigger("tool.window")
    before = ct.session.active_viewport.state.voi
    ct.drag(ct.viewport(), place(ct, 40, 10), place(ct, 40, 50))
    (moved,) = ct.session.markings.items.value
    assert moved != made
    assert ct.session.active_viewport.state.voi == before
    ct.window.trigger("edit.undo")
    assert ct.session.markings.items.value == (made,)
    ct.window.trigger("edit.redo")
    assert ct.session.markings.items.value == (moved,)


def test_a_line_is_taken_as_a_whole(ct):
    made = draw(ct, Kind.LENGTH, (10, 20), (40, 20))
    ct.window.trigger("tool.window")
    ct.drag(ct.viewport(), place(ct, 25, 20), place(ct, 25, 30))
    plane = ct.viewport().shown().instance.plane(1)
    points = ct.session.markings.items.value[0].points(plane)
    assert [round(point.row) for point in points] == [30, 30]
    assert made.points(plane)[0].row == pytest.approx(20, abs=0.5)


def test_a_new_line_may_begin_on_another_one_but_not_on_its_handle(ct):
    draw(ct, Kind.LENGTH, (10, 20), (50, 20))
    draw(ct, Kind.LENGTH, (30, 20), (30, 50))
    assert len(ct.session.markings.items.value) == 2
    ct.drag(ct.viewport(), place(ct, 50, 20), place(ct, 50, 40))
    assert len(ct.session.markings.items.value) == 2


def test_escape_in_a_drag_puts_the_handle_back(ct):
    made = draw(ct, Kind.LENGTH, (10, 10), (40, 10))
    widget = ct.viewport()
    ct.press(widget, *place(ct, 40, 10))
    ct.move(widget, *place(ct, 40, 60))
    QTest.keyClick(ct.window, Qt.Key.Key_Escape)
    assert ct.session.markings.items.value == (made,)
    assert not ct.session.markings.history.can_redo


def test_escape_lets_go_of_what_is_drawn_and_undo_takes_its_last_point_back(ct):
    ct.window.trigger("tool.measure-polygon")
    for point in ((10, 10), (40, 10), (40, 40)):
        click(ct, *point)
    QTest.keyClick(ct.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert ct.session.markings.draft.value.placed == 2
    QTest.keyClick(ct.window, Qt.Key.Key_Escape)
    assert ct.session.markings.draft.value is None
    assert ct.session.markings.items.value == ()


def test_another_tool_lets_go_of_what_is_drawn(ct):
    ct.window.trigger("tool.measure-angle")
    click(ct, 10, 10)
    ct.window.trigger("tool.pan")
    assert ct.session.markings.draft.value is None


def test_delete_and_nudge_act_on_the_selected_one(ct):
    made = draw(ct, Kind.LENGTH, (10, 10), (40, 10))
    scale = ct.viewport().plan().projection.scale
    QTest.keyClick(ct.window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    plane = ct.viewport().shown().instance.plane(1)
    moved = ct.session.markings.items.value[0].points(plane)[0].column - made.points(plane)[0].column
    assert moved == pytest.approx(1 / scale, abs=1e-6)
    QTest.keyClick(ct.window, Qt.Key.Key_Delete)
    assert ct.session.markings.items.value == ()
    QTest.keyClick(ct.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(ct.session.markings.items.value) == 1


def test_m_takes_the_measuring_tool_used_last_and_then_the_next(ct):
    ct.window.trigger("tool.measure-cobb")
    ct.window.trigger("tool.window")
    QTest.keyClick(ct.window, Qt.Key.Key_M)
    assert ct.session.tool.value == "measure-cobb"
    QTest.keyClick(ct.window, Qt.Key.Key_M)
    assert ct.session.tool.value == "measure-bidirectional"


def test_words_are_typed_where_they_stand_and_keys_are_letters_there(ct):
    ct.window.trigger("tool.measure-text")
    click(ct, 30, 30)
    ct.run()
    entry = ct.viewport().marks.entry
    QTest.keyClicks(entry, "rt")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    (made,) = ct.session.markings.items.value
    assert made.text == "rt"
    assert ct.session.active_viewport.state.view.quarter_turns == 0
    assert labels(ct) == ["rt"]


def test_a_text_without_words_is_none(ct):
    ct.window.trigger("tool.measure-text")
    click(ct, 30, 30)
    ct.run()
    QTest.keyClick(ct.viewport().marks.entry, Qt.Key.Key_Return)
    assert ct.session.markings.items.value == ()


@pytest.fixture
def film(make_bench, tmp_path):
    made = radiograph((300, 200))
    made.ImagerPixelSpacing = [0.2, 0.2]
    bench = make_bench()
    bench.desk.open_path(str(write_study(tmp_path / "dx", [made])))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    return bench


def marks(bench):
    from workstation.ui.viewport_words import situation
    from workstation.viewing.overlay import marks as marks_of

    widget = bench.viewport()
    told = situation(bench.session, widget.viewport.state, widget.shown().instance, chinese=False)
    return [one.text for one in marks_of(widget.plan(), widget.viewport.state, told, lambda text: text)]


def test_a_known_length_calibrates_its_image_and_undo_takes_it_back(film):
    length = draw(film, Kind.LENGTH, (50, 100), (150, 100))
    assert figures(film, length)[Name.LENGTH] == pytest.approx(20.0, abs=0.3)
    assert "at the detector: the anatomy appears larger" in labels(film)[0]
    assert "Not calibrated" in marks(film)
    film.window.trigger("tool.measure-calibration")
    click(film, 50, 200)
    click(film, 150, 200)
    film.run()
    entry = film.viewport().marks.entry
    QTest.keyClicks(entry, "16")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert figures(film, length)[Name.LENGTH] == pytest.approx(16.0, abs=0.3)
    assert "calibrated here: 16 mm" in labels(film)[0]
    film.session.markings.selected.set(length.measurement_id)
    me = film.session.markings.author
    assert f"calibrated by {me}: object of 16 mm, {datetime.now().astimezone():%Y-%m-%d}" in labels(film)[0]
    assert "16.0 mm ± 0.3 mm" in labels(film)[0]  # its own ends and those of the known length: twice 0.23 mm
    assert "Not calibrated" not in marks(film)
    film.window.trigger("edit.undo")
    assert figures(film, length)[Name.LENGTH] == pytest.approx(20.0, abs=0.3)
    assert "Not calibrated" in marks(film)


@pytest.mark.parametrize("typed", ["", "0", "-3", "abc", "99999", "1e3mm2", "1,250", "1，250", "1_0", "nan", "25 cm"])
def test_a_length_that_cannot_be_is_refused_in_words_and_can_be_mended(film, typed):
    film.window.trigger("tool.measure-calibration")
    click(film, 50, 200)
    click(film, 150, 200)
    film.run()
    entry = film.viewport().marks.entry
    entry.setText(typed)
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert film.session.markings.items.value == ()
    assert entry.problem.isVisible()
    assert "0.1 to 5000" in entry.problem.text()
    entry.setText("25,4 mm")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    (made,) = film.session.markings.items.value
    assert made.length_mm == 25.4
    assert not entry.isVisible()
    assert not entry.problem.isVisible()


@pytest.mark.parametrize(("typed", "length"), [
    ("1250", 1250), ("25.4", 25.4), ("25,4mm", 25.4), ("２５。４ 毫米", 25.4), ("1.250", 1.25), (" 30 MM ", 30),
])  # fmt: skip
def test_a_length_is_understood_as_it_is_written(film, typed, length):
    film.window.trigger("tool.measure-calibration")
    click(film, 50, 200)
    click(film, 150, 200)
    film.run()
    entry = film.viewport().marks.entry
    entry.setText(typed)
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert [one.length_mm for one in film.session.markings.items.value] == [length]


def test_a_double_click_is_no_known_length(film):
    film.window.trigger("tool.measure-calibration")
    click(film, 50, 200)
    click(film, 50, 200)
    film.run()
    assert film.session.markings.asked.value is None
    assert film.session.markings.draft.value is None
    assert "Not calibrated" in marks(film)


def test_escape_drops_a_calibration_that_was_refused(film):
    film.window.trigger("tool.measure-calibration")
    click(film, 50, 200)
    click(film, 150, 200)
    film.run()
    entry = film.viewport().marks.entry
    QTest.keyClick(entry, Qt.Key.Key_Return)
    QTest.keyClick(entry, Qt.Key.Key_Escape)
    assert (entry.isVisible(), entry.problem.isVisible()) == (False, False)
    assert film.session.markings.asked.value is None


def test_with_the_same_image_in_two_viewports_one_entry_opens_and_keeps_what_is_typed(ct):
    ct.session.set_layout(1, 2)
    ct.run()
    shown = ct.session.shown_viewports
    shown[1].show(shown[0].state.display_set)
    shown[1].go_to(shown[0].state.index)
    ct.until(lambda: ct.viewport(1).plan() is not None)
    ct.session.activate(shown[0])
    ct.window.trigger("tool.measure-text")
    click(ct, 30, 30)
    ct.run()
    assert ct.viewport(1).marks.entry is None
    QTest.keyClicks(ct.viewport(0).marks.entry, "gap")
    QTest.keyClick(ct.viewport(0).marks.entry, Qt.Key.Key_Return)
    assert [one.text for one in ct.session.markings.items.value] == ["gap"]


def test_what_is_typed_waits_while_another_program_is_in_front(ct):
    from PySide6.QtGui import QFocusEvent
    from PySide6.QtWidgets import QApplication

    ct.window.trigger("tool.measure-text")
    click(ct, 30, 30)
    ct.run()
    entry = ct.viewport().marks.entry
    QTest.keyClicks(entry, "ga")
    QApplication.sendEvent(entry, QFocusEvent(QFocusEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    assert entry.isVisible()
    assert ct.session.markings.items.value == ()
    QApplication.sendEvent(entry, QFocusEvent(QFocusEvent.Type.FocusOut, Qt.FocusReason.MouseFocusReason))
    assert [one.text for one in ct.session.markings.items.value] == ["ga"]


def test_a_ct_that_has_the_patients_millimetres_is_given_no_other_scale(ct, monkeypatch):
    from PySide6.QtWidgets import QToolTip

    from workstation.ui.actions import BY_ID

    assert not BY_ID["tool.measure-calibration"].is_enabled(ct.window)
    ct.session.tool.set("measure-calibration")  # chosen on a radiograph, used on a CT
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, words, _widget: said.append(words))
    click(ct, 10, 10)
    click(ct, 40, 10)
    assert ct.session.markings.asked.value is None
    assert ct.session.markings.draft.value is None
    assert "needs no calibration" in said[0]


def test_m_passes_over_a_tool_that_makes_no_sense_here(ct):
    ct.session.tool.set("measure-probe")
    QTest.keyClick(ct.window, Qt.Key.Key_M)
    assert ct.session.tool.value == "measure-length"


def test_a_right_click_on_a_measurement_offers_to_name_and_to_delete_it(ct, monkeypatch):
    from types import SimpleNamespace

    from workstation.ui.menus import Menus

    made = draw(ct, Kind.LENGTH, (10, 10), (40, 10))
    ct.window.trigger("tool.window")
    ct.session.markings.selected.set("")
    rows, image = [], Menus.image

    def shown(*words):
        menu = image(*words)
        return SimpleNamespace(exec=lambda _at: rows.append({one.text(): one for one in menu.actions()}))

    monkeypatch.setattr(Menus, "image", shown)
    at = place(ct, 25, 10)
    for where in (at, place(ct, 10, 40)):
        ct.press(ct.viewport(), *where, Qt.MouseButton.RightButton)
        ct.release(ct.viewport(), *where, Qt.MouseButton.RightButton)
    assert ct.session.markings.selected.value == made.measurement_id
    (name,) = (row for words, row in rows[0].items() if words.startswith("Name the measurement"))
    name.trigger()
    ct.run()
    entry = ct.viewport().marks.entry
    QTest.keyClicks(entry, "step")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert [one.text for one in ct.session.markings.items.value] == ["step"]
    (delete,) = (row for words, row in rows[0].items() if words.startswith("Delete the measurement"))
    delete.trigger()
    assert ct.session.markings.items.value == ()


def test_measurements_stand_on_the_tiles_of_a_film_sheet_where_the_hand_grabs_them(ct):
    from PySide6.QtGui import QImage

    draw(ct, Kind.LENGTH, (10, 10), (40, 10))
    index = ct.session.active_viewport.state.index
    ct.session.set_sheet(2, 2)
    ct.run(0.1)
    (tile,) = (one for one in ct.window.grid.widgets if one.isVisible() and one.viewport.state.index == index)
    ct.until(lambda: tile.plan() is not None)
    ct.run(0.1)

    def pixels():
        image = tile.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()

    with_line = pixels()
    ct.session.markings.clear()
    ct.run(0.1)
    assert (pixels() != with_line).any(axis=-1).sum() > 30


def test_a_long_line_drawn_by_hand_stays_light(ct):
    around = [(35 + 15 * math.cos(t), 35 + 15 * math.sin(t)) for t in np.linspace(0, 6.2, 300)]
    made = draw(ct, Kind.FREEHAND, *around)
    assert 8 <= len(made.anchors) < 100
    spacing = ct.viewport().shown().instance.plane(1)
    area = math.pi * 15**2 * spacing.row_spacing * spacing.column_spacing
    assert figures(ct, made)[Name.AREA] == pytest.approx(area, rel=0.02)


def test_a_measurement_knows_who_made_it(ct):
    import getpass

    assert draw(ct, Kind.LENGTH, (10, 10), (40, 10)).author == getpass.getuser()


def test_a_name_that_is_being_typed_in_the_table_stays_while_images_arrive(ct):
    draw(ct, Kind.LENGTH, (10, 10), (40, 10))
    ct.window.trigger("desk.measurements")
    table(ct)
    panel = ct.window.reading.measures
    panel.table.editItem(panel.table.item(0, 0))
    from PySide6.QtWidgets import QLineEdit

    (editor,) = panel.table.findChildren(QLineEdit)
    editor.setText("ste")
    panel._soon.start()
    ct.run(0.2)
    (still,) = panel.table.findChildren(QLineEdit)
    assert (still is editor, still.text()) == (True, "ste")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    ct.until(lambda: [one.text for one in ct.session.markings.items.value] == ["ste"])
    assert table(ct)[0][0] == "ste"


def test_nothing_of_a_patient_stays_after_closing(ct):
    ct.window.trigger("tool.measure-text")
    click(ct, 30, 30)
    ct.run()
    QTest.keyClicks(ct.viewport().marks.entry, "Ouyang")
    draw(ct, Kind.LENGTH, (10, 10), (40, 10))
    ct.window.trigger("tool.measure-text")
    click(ct, 30, 40)
    ct.run()
    QTest.keyClicks(ct.viewport().marks.entry, "Ouyang")
    marks = ct.viewport().marks
    assert marks._reader._read
    ct.desk.close_film()
    assert ct.session.markings.items.value == ()
    assert marks.entry.text() == ""
    assert not marks._reader._read


def table(bench):
    panel = bench.window.reading.measures
    bench.run(0.1)
    return [[panel.table.item(row, column).text() for column in range(3)] for row in range(panel.table.rowCount())]


def test_the_table_lists_renames_jumps_to_and_deletes(ct):
    draw(ct, Kind.LENGTH, (10, 10), (40, 10))
    draw(ct, Kind.RECTANGLE, (20, 20), (40, 40))
    ct.window.trigger("desk.measurements")
    panel = ct.window.reading.measures
    rows = table(ct)
    assert [row[0] for row in rows] == ["Length", "Rectangle"]
    assert rows[0][1].endswith(" mm")
    assert "HU" in rows[1][1]
    panel.table.item(0, 0).setText("Gap")
    assert table(ct)[0][0] == "Gap"
    assert labels(ct)[0].startswith("Gap | ")
    ct.window.trigger("stack.first")
    ct.run(0.1)
    panel.table.selectRow(0)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    ct.run(0.1)
    assert labels(ct)
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    assert [row[0] for row in table(ct)] == ["Rectangle"]
    ct.window.trigger("edit.undo")
    assert [row[0] for row in table(ct)] == ["Gap", "Rectangle"]
    ct.window.trigger("desk.measurements")
    assert panel.isHidden()


def test_the_table_is_gone_through_by_keys_and_left_by_tab_while_the_images_stay(ct):
    made = [draw(ct, Kind.LENGTH, (10, row), (40, row)) for row in (10, 30, 50)]
    ct.window.trigger("desk.measurements")
    ct.run(0.1)
    ct.window.activateWindow()
    table, index = ct.window.reading.measures.table, ct.session.active_viewport.state.index
    table.setFocus()
    chosen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_End):
        QTest.keyClick(table, key)
        ct.run()
        chosen.append(ct.session.markings.selected.value)
    assert chosen == [made[n].measurement_id for n in (1, 0, 1, 2)]
    assert ct.session.active_viewport.state.index == index
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert not table.hasFocus()


def test_a_table_is_copied_and_saved_as_csv_that_a_table_program_reads(ct, tmp_path, monkeypatch):
    import csv

    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QFileDialog

    made = draw(ct, Kind.LENGTH, (10, 10), (40, 10))
    ct.session.markings.change(replace(made, text="=1+1"))
    ct.window.trigger("desk.measurements")
    ct.run(0.1)
    panel = ct.window.reading.measures
    panel.copy.click()
    assert QGuiApplication.clipboard().text().startswith("=1+1: ")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out"), ""))
    panel.csv.click()
    ct.until((tmp_path / "out.csv").exists)
    ct.run(0.1)
    (row,) = csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines())
    assert row["Name"] == "'=1+1"
    assert (row["Quantity"], row["Unit"]) == ("Length", "mm")
    assert float(row["Value"]) == pytest.approx(figures(ct, made)[Name.LENGTH], rel=1e-4)
    assert row["SOP Instance UID"] == made.ground.sop_instance_uid


def test_without_leave_to_export_nothing_is_copied(make_bench, tmp_path, without_export):
    bench = make_bench(settings=replace(without_export, policy=replace(without_export.policy, open_files=True)))
    bench.desk.open_path(str(write_study(tmp_path / "ct", ct_stack(5))))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    draw(bench, Kind.LENGTH, (10, 10), (40, 10))
    bench.window.trigger("desk.measurements")
    bench.run(0.1)
    assert not bench.window.reading.measures.copy.isEnabled()
    assert not bench.window.reading.measures.csv.isEnabled()


class Remembering:
    """A key store."""

    def __init__(self):
        self.known = {}

    def get_password(self, service, username):
        return self.known.get((service, username))

    def set_password(self, service, username, password):
        self.known[service, username] = password


def with_store(bench, store):
    bench.workstation.station.vault._store = store
    bench.workstation.station.vault._is_looked_up = True


def opened(make_bench, folder, store):
    bench = make_bench()
    with_store(bench, store)
    bench.desk.open_path(str(folder))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    bench.until(lambda: bench.workstation.keeping.fate.value.value != "unknown")
    return bench


def test_what_was_measured_comes_back_with_its_film_and_with_no_other(make_bench, tmp_path):
    store = Remembering()
    folder = write_study(tmp_path / "ct", ct_stack(5))
    first = opened(make_bench, folder, store)
    made = draw(first, Kind.LENGTH, (10, 10), (40, 10))
    first.close()
    second = opened(make_bench, folder, store)
    second.until(lambda: second.session.markings.items.value == (made,))
    assert labels(second)
    second.window.trigger("desk.measurements")
    second.run(0.1)
    assert "Kept on this machine" in second.window.reading.measures.kept.text()
    second.close()
    other = opened(make_bench, write_study(tmp_path / "other", [radiograph()]), store)
    assert other.session.markings.items.value == ()


def test_without_a_key_store_the_table_says_that_nothing_is_kept(make_bench, tmp_path):
    bench = opened(make_bench, write_study(tmp_path / "ct", ct_stack(5)), None)
    draw(bench, Kind.LENGTH, (10, 10), (40, 10))
    bench.window.trigger("desk.measurements")
    bench.run(0.1)
    assert "Not kept after closing" in bench.window.reading.measures.kept.text()
    assert not list(tmp_path.rglob("*.journal"))


class Refusing:
    """A disk that takes nothing, until it does."""

    def __init__(self, monkeypatch):
        self.is_full = True
        self._append = Journal.append
        monkeypatch.setattr(Journal, "append", self._go)

    @property
    def _go(self):
        def append(journal, *words):
            if self.is_full:
                raise OSError(28, "No space left on device")
            self._append(journal, *words)

        return append


@pytest.mark.announces_warnings
def test_what_the_disk_refused_is_kept_when_it_takes_again_and_the_table_says_so(make_bench, tmp_path, monkeypatch):
    store = Remembering()
    folder = write_study(tmp_path / "ct", ct_stack(5))
    disk = Refusing(monkeypatch)
    bench = opened(make_bench, folder, store)
    first = draw(bench, Kind.LENGTH, (10, 10), (40, 10))
    bench.until(lambda: bench.workstation.keeping.fate.value.value == "failed")
    bench.window.trigger("desk.measurements")
    bench.run(0.1)
    assert "the disk refuses" in bench.window.reading.measures.kept.text()
    bench.desk.close_film()
    bench.desk.open_path(str(folder))  # what waits for the disk comes back from memory
    bench.until(lambda: bench.window.is_reading and bench.session.markings.items.value == (first,))
    assert bench.workstation.keeping.fate.value.value == "failed"
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    disk.is_full = False
    second = draw(bench, Kind.LENGTH, (10, 30), (40, 30))
    bench.until(lambda: bench.workstation.keeping.fate.value.value == "kept")
    bench.close()
    again = opened(make_bench, folder, store)
    again.until(lambda: set(again.session.markings.items.value) == {first, second})


@pytest.mark.announces_warnings
def test_what_the_disk_refused_is_tried_once_more_at_the_end(make_bench, tmp_path, monkeypatch):
    store = Remembering()
    folder = write_study(tmp_path / "ct", ct_stack(5))
    disk = Refusing(monkeypatch)
    bench = opened(make_bench, folder, store)
    made = draw(bench, Kind.LENGTH, (10, 10), (40, 10))
    bench.until(lambda: bench.workstation.keeping.fate.value.value == "failed")
    disk.is_full = False
    bench.close()
    again = opened(make_bench, folder, store)
    again.until(lambda: again.session.markings.items.value == (made,))
