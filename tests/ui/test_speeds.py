"""How fast films come is measured where it happens, written down for IT, and shown; nothing of a patient is in it."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.faults.cloud import FaultyCloud, Refuse
from tests.phantoms import CT_STUDY, ct_stack, part10, write_study
from workstation import locations
from workstation.demo import service as demo_service
from workstation.station.speed_log import SpeedRecord

COUNT = 24


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_service, "DemoCloud", FaultyCloud)
    running = demo_service.start_demo(write_study(tmp_path, ct_stack(COUNT)))
    running.cloud.where = "/instances/2."
    yield running
    running.close()


def recent(bench):
    return bench.workstation.station.speeds.recent


def test_a_film_from_a_cloud_is_one_record_of_what_came_over_the_line(make_bench, faulty):
    bench = make_bench(faulty)
    bench.open()
    bench.until(lambda: recent(bench))
    (record,) = recent(bench)
    size = sum(len(part10(one)) for one in ct_stack(COUNT))
    assert record.images == COUNT
    assert record.kept_images == 0
    assert record.line_bytes == pytest.approx(size, rel=0.01)
    assert 0 < record.first_s <= record.whole_s
    assert record.megabytes_per_second > 0
    assert (record.origin, record.outcome, record.way) == ("fetched", "complete", "proxy")
    assert (record.retries, record.refused, record.waits, record.cold_s) == (0, 0, 0, 0)
    assert record.source == bench.session.films.value[0].source_name


def test_tries_that_were_made_again_and_images_that_were_not_had_are_counted(make_bench, faulty):
    bench = make_bench(faulty)
    faulty.cloud.faults = [None] * 5 + [Refuse(500), Refuse(404)]
    bench.enter(faulty.share(CT_STUDY))
    bench.until(lambda: recent(bench), 40)
    (record,) = recent(bench)
    assert record.retries >= 1
    assert record.refused == 1
    assert (record.images, record.outcome, record.whole_s) == (COUNT - 1, "incomplete", None)


def test_a_kept_film_does_not_make_a_line_fast(make_bench, service):
    bench = make_bench()
    link = service.share(CT_STUDY)
    bench.enter(link)
    bench.until(lambda: recent(bench))
    bench.until(lambda: bench.desk.is_settled)
    bench.desk.close_film()
    bench.enter(link)
    bench.until(lambda: len(recent(bench)) == 2)
    first, second = recent(bench)
    assert (first.origin, second.origin) == ("fetched", "kept")
    assert second.kept_images == second.images == first.images
    assert second.line_bytes == 0
    assert second.megabytes_per_second is None
    assert second.kept_bytes == pytest.approx(first.line_bytes, rel=0.01)


def test_a_film_that_is_closed_while_it_loads_is_written_down_as_stopped(make_bench, faulty):
    bench = make_bench(faulty)
    gate = []

    class Held(Refuse):
        def on_answer(self, handler, answer):
            while not gate and not handler.cloud.released.wait(0.01):
                pass
            return answer

    faulty.cloud.faults = [None] * 6 + [Held(0)] * 100
    bench.enter(faulty.share(CT_STUDY))
    bench.until(lambda: bench.session.films.value and bench.session.films.value[0].totals[0] >= 4)
    bench.desk.close_film()
    (record,) = recent(bench)
    gate.append(1)
    assert (record.outcome, record.whole_s) == ("stopped", None)
    assert 4 <= record.images < COUNT


def test_a_folder_is_not_named(make_bench, tmp_path):
    folder = tmp_path / "WANG XIAOMING 7001"
    folder.mkdir()
    write_study(folder, ct_stack(4))
    bench = make_bench()
    bench.desk.open_path(str(folder))
    bench.until(lambda: recent(bench))
    (record,) = recent(bench)
    assert (record.source, record.way, record.origin) == ("files", "files", "kept")
    assert (record.line_bytes, record.megabytes_per_second) == (0, None)  # nothing came over a line


def test_a_row_is_written_where_it_wants_that_and_none_where_not(make_bench, service):
    path = locations.state_dir() / "speed.csv"
    network = replace(service.settings.network, speed_log=False)
    silent = make_bench(settings=replace(service.settings, network=network))
    silent.open()
    silent.until(lambda: recent(silent))
    silent.close()
    assert not path.exists()
    bench = make_bench()
    bench.open()
    bench.until(lambda: recent(bench))
    bench.close()
    text = path.read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 2
    patient = ct_stack(1)[0]
    for mark in (str(patient.PatientID), str(patient.PatientName), CT_STUDY, "token", "http", "?"):
        assert mark not in text


# --- the window


RECORDS = [
    SpeedRecord("2026-11-20 08:00:00", "Cloud A", "proxy", images=10, line_bytes=10**7, first_s=0.4, whole_s=4.0,
                transfer_s=2.0),
    SpeedRecord("2026-11-21 08:00:00", "Cloud A", "proxy", images=10, line_bytes=10**7, first_s=1.4, whole_s=6.0,
                transfer_s=4.0, refused=2, outcome="incomplete"),
    SpeedRecord("2026-11-22 08:00:00", "Cloud A", "proxy", images=10, line_bytes=10**7, first_s=0.6, transfer_s=1.0),
    SpeedRecord("2026-11-22 09:00:00", "Cloud B", "direct", images=5, line_bytes=10**8, first_s=9.0, whole_s=12.0,
                transfer_s=10.0),
    SpeedRecord("2026-11-22 10:00:00", "Cloud B", "direct", "kept", images=5, kept_images=5, kept_bytes=10**8,
                first_s=0.05, whole_s=0.3),
]  # fmt: skip


def cells(table):
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


@pytest.fixture
def listed(make_bench):
    bench = make_bench()
    for record in RECORDS:
        bench.workstation.station.note_speed(record)
    bench.window.trigger("desk.speeds")
    speeds = bench.window.speeds
    bench.until(lambda: speeds.loads.model().rowCount() == len(RECORDS))
    yield bench, speeds
    speeds.close()


def test_the_medians_of_a_source_leave_out_what_had_been_kept(listed):
    _, speeds = listed
    rows = {row[0]: row[1:] for row in cells(speeds.by_source)}
    # 0.4, 0.6, 1.4: one of three over a second; rates 5, 2.5 and 10 MB/s
    assert rows["Cloud A"] == ["3", "0.60", "33%", "5.00", "5.0", "2"]
    assert rows["Cloud B"] == ["1", "9.00", "100%", "12.0", "10.0", "0"]


def test_the_last_loads_stand_with_the_newest_first_and_are_sorted_by_their_numbers(listed):
    _, speeds = listed
    assert [row[0][:16] for row in cells(speeds.loads)][:2] == ["2026-11-22 10:00", "2026-11-22 09:00"]
    heads = [speeds.loads.model().headerData(n, Qt.Orientation.Horizontal) for n in range(6)]
    column = heads.index("Whole film, s")
    speeds.loads.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert [row[column] for row in cells(speeds.loads)] == ["12.0", "6.00", "4.00", "0.30", "–"]
    speeds.loads.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    assert [row[column] for row in cells(speeds.loads)] == ["0.30", "4.00", "6.00", "12.0", "–"]


def test_a_table_is_saved_for_other_programs_and_copied(listed, tmp_path):
    bench, speeds = listed
    speeds.save_to(tmp_path / "out.csv")
    bench.until(lambda: "out.csv" in speeds.said.text())
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["source"] for row in rows] == [record.source for record in RECORDS]
    speeds.copy.click()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1 + len(RECORDS)


def test_where_it_allows_no_export_the_table_is_seen_and_stays(make_bench, service, without_export):
    bench = make_bench(settings=without_export)
    bench.workstation.station.note_speed(RECORDS[0])
    bench.window.trigger("desk.speeds")
    speeds = bench.window.speeds
    bench.until(lambda: speeds.loads.model().rowCount() == 1)
    assert not speeds.save.isEnabled()
    assert not speeds.copy.isEnabled()
    speeds.close()


@pytest.mark.parametrize(("language", "words"), [("en", "Nothing has been loaded yet"), ("zh", "尚未加载")])
def test_before_anything_was_loaded_the_window_says_so(make_bench, language, words):
    bench = make_bench(language=language)
    bench.window.trigger("desk.speeds")
    speeds = bench.window.speeds
    bench.run(0.3)
    assert words in speeds.empty.text()
    assert speeds.empty.isVisible()
    assert not speeds.loads.isVisible()
    speeds.close()


@pytest.mark.parametrize("way", ["mouse", "keys"])
def test_the_speed_in_the_status_bar_leads_to_the_window(bench, qtbot, way):
    bench.open()
    facts = bench.window.status.facts
    assert "MB/s" in facts.text()
    if way == "mouse":
        qtbot.mouseClick(facts, Qt.MouseButton.LeftButton)
    else:
        facts.setFocus()
        qtbot.keyClick(facts, Qt.Key.Key_Return)
    assert bench.window.speeds.isVisible()
    bench.until(lambda: bench.window.speeds.loads.model().rowCount() == 1)
    qtbot.keyClick(bench.window.speeds, Qt.Key.Key_Escape)
    assert not bench.window.speeds.isVisible()
