"""The worklist on the film door, with hands: found, chosen, opened, and gone before the next patient looks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.faults.lists import Habits, Listed, ListService
from tests.phantoms import CT_STUDY, DX_STUDY
from tests.ui.test_scanner import scan
from tests.ui.watch import watching
from workstation import locations
from workstation.reference import Source
from workstation.settings import ScannerSettings
from workstation.station import worklist_habits
from workstation.ui.worklist_filters import days_of, words_of
from workstation.ui.worklist_model import NAMES, PICTURE

THAT_DAY = date(2026, 11, 20)


def worklist_of(bench):
    return bench.window.door.worklist


def search(bench, typed="", *, period=(THAT_DAY, THAT_DAY)):
    worklist = worklist_of(bench)
    worklist.filters.field.clear()
    QTest.keyClicks(worklist.filters.field, "")
    worklist.filters.field.setText(typed)
    if period:
        worklist.filters.set_range(*period)
    QTest.keyClick(worklist.filters.field, Qt.Key.Key_Return)
    bench.until(lambda: not worklist.is_searching)
    bench.run()
    return [found.study.study_instance_uid for found in worklist.table.rows]


def choose(bench, *rows):
    view = worklist_of(bench).list
    for place, row in enumerate(rows):
        middle = view.visualRect(view.table.index(row, 1)).center()
        keys = Qt.KeyboardModifier.ControlModifier if place else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, middle)


@pytest.fixture
def lists(tmp_path):
    made = []

    def make(rows, habits=None):
        made.append(ListService(tmp_path, rows, habits))
        return made[-1]

    yield make
    for one in made:
        one.close()


def with_sources(service, *others):
    """The settings of the demo with more sources beside it; they sign in with nothing."""
    sources = [Source(f"PACS {n}", other.root, secret="demo-cloud") for n, other in enumerate(others, 1)]
    for other in others:
        other.shares.station_token = service.cloud.shares.station_token
    return replace(service.settings, sources=(*service.settings.sources, *sources))


@pytest.mark.parametrize("typed", ["oyxd", "欧阳", "ouyang xiaodong", "DEMO-7001", "A7001", ""])
def test_a_patient_is_found_by_name_pinyin_initials_and_number(bench, typed):
    found = set(search(bench, typed))
    assert found >= {CT_STUDY, DX_STUDY}
    assert worklist_of(bench).says.text() == ("2 studies" if typed not in ("", "A7001") else "3 studies")


def test_two_studies_of_one_patient_open_together_and_join_one_session(bench):
    search(bench, "ouyang")
    choose(bench, 0, 1)
    worklist = worklist_of(bench)
    assert worklist.open_button.text() == "Open 2 studies"
    QTest.mouseClick(worklist.open_button, Qt.MouseButton.LeftButton)
    bench.until(lambda: bench.desk.is_settled)
    studies = {film.instances[0].study.study_instance_uid for film in bench.session.films.value}
    assert studies == {CT_STUDY, DX_STUDY}
    assert bench.window.question.isVisible()
    assert all("cloudfilm:open?source=DEMO&study=" in one.entry.reveal() for one in bench.desk.open_films())


def test_studies_of_two_patients_are_not_opened_and_it_is_said_why(bench):
    search(bench)
    worklist = worklist_of(bench)
    worklist.list.selectAll()
    assert not worklist.open_button.isEnabled()
    assert "one patient" in worklist.choice.text()
    QTest.keyClick(worklist.list, Qt.Key.Key_Return)
    bench.run()
    assert not bench.session.films.value
    assert bench.desk.is_settled


def test_the_keyboard_searches_goes_into_the_list_and_opens(bench):
    worklist = worklist_of(bench)
    worklist.filters.set_range(THAT_DAY, THAT_DAY)
    bench.window.activateWindow()
    bench.window.trigger("film.search")
    assert QApplication.focusWidget() is worklist.filters.field
    QTest.keyClicks(worklist.filters.field, "wangwu")
    QTest.keyClick(worklist.filters.field, Qt.Key.Key_Return)
    bench.until(lambda: worklist.table.rowCount() == 1 and not worklist.is_searching)
    QTest.keyClick(worklist.filters.field, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is worklist.list
    QTest.keyClick(worklist.list, Qt.Key.Key_Return)
    bench.until(lambda: bool(bench.session.films.value) and bench.desk.is_settled)
    assert bench.session.patient.patient_id == "DEMO-9999"


def test_the_box_before_a_row_ticks_it_and_leaves_the_others(bench):
    search(bench, "ouyang")
    view = worklist_of(bench).list
    for row in (0, 1):
        place = view.visualRect(view.table.index(row, PICTURE)).topLeft() + QPoint(14, 20)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(view.chosen()) == 2


def test_a_closed_film_leaves_nothing_of_the_patient_on_the_door(bench):
    search(bench, "ouyang")
    choose(bench, 0)
    QTest.keyClick(worklist_of(bench).list, Qt.Key.Key_Return)
    bench.until(lambda: bool(bench.session.films.value) and bench.desk.is_settled)
    bench.desk.close_film()
    bench.run()
    worklist = worklist_of(bench)
    assert worklist.filters.field.text() == ""
    assert worklist.table.rows == ()
    assert not worklist.list.isVisible()


def test_a_list_that_nobody_uses_is_emptied_and_says_so(bench):
    search(bench, "ouyang")
    worklist = worklist_of(bench)
    assert worklist._idle.isActive()
    assert worklist._idle.interval() == 300_000
    worklist._idle.setInterval(30)
    bench.until(lambda: not worklist.table.rowCount(), 2)
    assert worklist.filters.field.text() == ""
    assert "emptied" in worklist.says.text()


def test_escape_takes_back_the_search_then_the_words(bench):
    search(bench, "ouyang")
    worklist = worklist_of(bench)
    bench.window.trigger("desk.back")
    assert not worklist.table.rowCount()
    assert worklist.filters.field.text() == ""


def test_nothing_typed_is_kept_but_the_filters_are(make_bench):
    bench = make_bench()
    worklist = worklist_of(bench)
    worklist.filters.set_period("30")
    worklist.filters.set_modalities(("CT",))
    worklist.list.set_order("name", is_descending=False)
    search(bench, "ouyang", period=None)
    place = locations.state_dir() / "worklist.json"
    bench.until(place.exists)
    kept = place.read_text(encoding="utf-8")
    assert json.loads(kept)["period"] == "30"
    everything = "".join(file.read_text("utf-8", "replace") for file in place.parent.rglob("*") if file.is_file())
    assert not any(word in everything for word in ("ouyang", "Ouyang", "欧阳", "7001"))
    again = make_bench()
    assert worklist_of(again).filters.chosen_period == "30"
    assert worklist_of(again).filters.modalities() == ("CT",)
    assert worklist_of(again).table.sort_name == "name"
    assert worklist_of(again).filters.field.text() == ""


def test_chinese_is_typed_with_an_input_method_and_a_scan_is_still_a_scan(make_bench, service, monkeypatch):
    patient = ScannerSettings(interval_ms=8000)  # however busy this machine is: a key alone is let through after that
    bench = make_bench(settings=replace(service.settings, scanner=patient))
    bench.window.activateWindow()
    field = worklist_of(bench).filters.field
    field.setFocus()
    bench.run(0.1)  # the scanner is listened for when the window has appeared
    assert field.inputMethodQuery(Qt.InputMethodQuery.ImEnabled)
    typed = QInputMethodEvent()
    typed.setCommitString("欧阳")
    QApplication.sendEvent(field, typed)
    assert field.text() == "欧阳"
    tried = []
    monkeypatch.setattr(bench.desk, "open_text", lambda text, passcode, user="": tried.append(text))
    link = service.share(CT_STUDY)
    scan(bench.window, link)
    bench.until(lambda: tried)
    assert tried == [link]
    assert field.text() == "欧阳"
    assert not worklist_of(bench).is_searching


def test_a_source_that_fails_says_so_on_one_line_and_the_others_go_on(make_bench, service, lists):
    broken = lists([], Habits(status=403))
    well = lists([Listed(7, "Ouyang^Xiaodong=欧阳^晓东", "X7")])
    bench = make_bench(settings=with_sources(service, broken, well))
    assert len(search(bench, "oyxd")) == 3
    notes = worklist_of(bench).notes.text().splitlines()
    assert len(notes) == 1
    assert "PACS 1" in notes[0]


def test_a_source_that_hangs_is_called_off_and_what_came_stays(make_bench, service, lists):
    bench = make_bench(settings=with_sources(service, lists([], Habits(hangs=True))))
    worklist = worklist_of(bench)
    worklist.filters.set_range(THAT_DAY, THAT_DAY)
    worklist.search()
    bench.until(lambda: worklist.table.rowCount() == 3)
    assert worklist.is_searching
    assert "1 of 2" in worklist.says.text()
    QTest.mouseClick(worklist.filters.cancel_button, Qt.MouseButton.LeftButton)
    assert not worklist.is_searching
    assert "Called off · 3 studies" in worklist.says.text()


def test_an_answer_that_comes_late_is_not_shown_to_the_next_search(bench):
    worklist = worklist_of(bench)
    worklist.filters.set_range(THAT_DAY, THAT_DAY)
    worklist.search()
    worklist.filters.field.setText("wangwu")
    worklist.search()
    bench.until(lambda: not worklist.is_searching)
    bench.run(0.2)
    assert [found.patient.patient_id for found in worklist.table.rows] == ["DEMO-9999"]


def test_a_missing_password_is_asked_for_where_it_is_missing(make_bench, service):
    missing = replace(service.settings.sources[0], secret="forgotten")
    bench = make_bench(settings=replace(service.settings, sources=(missing,)))
    assert search(bench, "ouyang") == []
    worklist = worklist_of(bench)
    assert worklist.wanted_secret().code == "secret-missing"
    assert worklist.password.isVisible()
    worklist.password.setText(service.cloud.shares.station_token)
    QTest.keyClick(worklist.password, Qt.Key.Key_Return)
    bench.until(lambda: worklist.table.rowCount() == 2)
    assert not worklist.password.isVisible()
    assert worklist.password.text() == ""


def test_without_a_source_it_says_what_to_do_first(make_bench, service):
    bench = make_bench(settings=replace(service.settings, sources=()))
    worklist = worklist_of(bench)
    assert "No image source" in worklist.says.text()
    assert worklist.settings_button.isVisible()
    assert not worklist.filters.field.isEnabled()


def test_nothing_found_offers_the_next_wider_period_and_never_everything(bench):
    worklist = worklist_of(bench)
    worklist.filters.set_period("today")
    worklist.search()
    bench.until(lambda: not worklist.is_searching)
    offered = []
    while worklist.wider_button.isVisible():
        offered.append(worklist.wider_button.text())
        QTest.mouseClick(worklist.wider_button, Qt.MouseButton.LeftButton)
        bench.until(lambda: not worklist.is_searching)
        bench.run()
        if worklist.table.rowCount():
            break
    assert "Search without a date" not in offered
    worklist.filters.set_period("any")
    worklist.search()
    assert "name or a number" in worklist.says.text()
    assert not worklist.is_searching


def test_all_studies_of_a_patient_are_looked_for_by_id_and_the_filters_come_back(bench):
    search(bench, "ouyang")
    worklist = worklist_of(bench)
    before = worklist.habits()
    choose(bench, 0)
    QTest.mouseClick(worklist.patient_button, Qt.MouseButton.LeftButton)
    bench.until(lambda: not worklist.is_searching)
    assert worklist.filters.query().patient_id == "DEMO-7001"
    assert worklist.table.rowCount() == 2
    assert worklist.habits() == before
    worklist.forget()
    assert worklist.filters.query().patient_id == ""


def test_pictures_come_for_the_rows_in_sight_only_and_what_was_scrolled_away_is_called_off(make_bench, service, lists):
    rows = [Listed(n, f"Li^Si{n}=李^四", f"P{n}") for n in range(1, 301)]
    bench = make_bench(settings=with_sources(service, lists(rows)))
    worklist = worklist_of(bench)
    wanted = []
    worklist.pictures_wanted.connect(lambda studies: wanted.append({one.key for one in studies}))
    search(bench)
    bench.run(0.3)
    assert 0 < max(map(len, wanted)) < 30
    worklist.list.verticalScrollBar().setValue(worklist.list.verticalScrollBar().maximum())
    bench.run(0.3)
    assert wanted[-1].isdisjoint(wanted[0])
    assert set(bench.desk.searching._picturing) <= wanted[-1]


def test_a_thousand_rows_touch_no_file_on_the_main_thread(make_bench, service, lists, monkeypatch):
    rows = [Listed(n, f"Li^Si{n}=李^四{n}", f"P{n}", date=f"202611{n % 28 + 1:02d}") for n in range(1, 1100)]
    bench = make_bench(settings=with_sources(service, lists(rows)))
    worklist = worklist_of(bench)
    search(bench, "nobody")
    with watching(monkeypatch) as watch:
        search(bench, period=(date(2026, 11, 1), date(2026, 11, 30)))
        for column in range(1, len(NAMES)):
            worklist.list._on_heading(column)
            bench.run(0.03)
        for share in range(0, 101, 5):
            bar = worklist.list.verticalScrollBar()
            bar.setValue(bar.maximum() * share // 100)
            bench.run(0.01)
    assert worklist.table.rowCount() == 1000
    assert "1,000" in worklist.notes.text()
    assert not watch.on_main, watch.told()


def test_the_order_follows_the_heading_and_what_is_chosen_stays_chosen(bench):
    search(bench)
    worklist = worklist_of(bench)
    choose(bench, 1)
    (chosen,) = worklist.list.chosen()
    worklist.list._on_heading(NAMES.index("name"))
    assert [one.name_key for one in worklist.table.rows] == sorted(one.name_key for one in worklist.table.rows)
    worklist.list._on_heading(NAMES.index("name"))
    assert worklist.table.is_descending
    assert worklist.list.chosen() == (chosen,)


@pytest.mark.parametrize(("typed", "meant"), [
    ("欧阳晓东", "name"), ("oyxd", "name"), ("ou1yang2", "name"), ("7001", "number"), ("A7001", "number"),
    ("欧阳2", "name"), ("ＤＥＭＯ－７００１", "number"),
])  # fmt: skip
def test_what_is_typed_is_a_name_or_a_number(typed, meant):
    assert list(words_of(typed, "any")) == [meant]
    assert list(words_of(typed, "patient_id")) == ["patient_id"]


def test_periods_end_today():
    today = date(2026, 3, 1)
    assert days_of("today", today) == ("20260301", "20260301")
    assert days_of("yesterday", today) == ("20260228", "20260228")
    assert days_of("3", today) == ("20260227", "20260301")
    assert days_of("7", today) == ("20260223", "20260301")
    assert days_of("any", today) == ("", "")


@pytest.mark.parametrize("odd", ["", "[]", "{", '{"period": "any", "widths": {"name": -1}, "modalities": [3]}'])
def test_odd_habits_count_as_none(tmp_path, odd):
    (tmp_path / "worklist.json").write_text(odd)
    assert worklist_habits.load(tmp_path) == worklist_habits.WorklistHabits()


def test_habits_come_back_as_they_were_kept(tmp_path):
    habits = worklist_habits.WorklistHabits("3", ("CT", "MR"), "PACS", "name", False, {"name": 210})
    worklist_habits.save(habits, tmp_path)
    assert worklist_habits.load(tmp_path) == habits


def test_columns_that_the_window_made_narrow_are_not_remembered_as_a_wish(bench):
    table = worklist_of(bench).list
    bench.window.resize(820, 640)
    bench.run(0.3)
    assert table.widths() == {}
    bench.window.resize(1600, 900)
    bench.run(0.3)
    assert table.widths() == {}


def test_no_heading_and_no_date_of_the_list_is_cut(make_bench, service, qapp):
    from PySide6.QtGui import QFontMetrics

    from workstation.ui import theme

    for language, scale in (("zh", 100), ("en", 100), ("zh", 150), ("en", 150)):
        settings = replace(service.settings, screen=replace(service.settings.screen, text_scale=scale))
        bench = make_bench(settings=settings, language=language)
        bench.window.resize(1920, 1080)
        assert search(bench, "")
        bench.run(0.3)
        table = worklist_of(bench).list
        metrics = QFontMetrics(table.font())
        for column in range(1, table.model().columnCount()):
            if not table.isColumnHidden(column):
                words = table.model().headerData(column, Qt.Orientation.Horizontal)
                assert metrics.horizontalAdvance(words) + 16 <= table.columnWidth(column), (language, scale, words)
        date = QFontMetrics(theme.font(theme.BASE_PX, scale=scale)).horizontalAdvance("2026-09-14")
        assert date + 16 <= table.columnWidth(NAMES.index("date"))
    qapp.setFont(theme.font())
    qapp.setStyleSheet(theme.style_sheet())
