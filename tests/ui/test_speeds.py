"""How fast films come is measured where it happens, written down for IT, and shown; nothing of a patient is in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.cloud import FaultyCloud, Refuse
from tests.phantoms import CT_STUDY, ct_stack, part10, write_study
from workstation import locations
from workstation.demo import service as demo_service

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
    assert (recent(bench)[0].source, recent(bench)[0].way) == ("files", "files")


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
