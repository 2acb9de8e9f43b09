"""A film that its archive fetches from its store: said, asked for again, told when ready; nobody is held up by it."""

from __future__ import annotations

import time

import pytest
from PySide6.QtWidgets import QApplication

from tests.faults.cloud import Cold, FaultyCloud
from tests.phantoms import CT_STUDY, ct_stack, write_study
from workstation.archive.cold import ColdInstances, Polling
from workstation.demo import service as demo_service
from workstation.ui.language import Language
from workstation.ui.waiting_films import WaitingFilm, waiting_words
from workstation.viewing.film import FilmState

COUNT = 24


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_service, "DemoCloud", FaultyCloud)
    running = demo_service.start_demo(write_study(tmp_path, ct_stack(COUNT)))
    running.cloud.where = "/studies"
    yield running
    running.close()


@pytest.fixture
def hurried(monkeypatch):
    """An archive is asked again soon."""
    quick = Polling(least_s=0.2, most_s=1.0, unsaid_s=0.4, limit_s=30.0)
    monkeypatch.setattr("workstation.app.cold_films.wait_s", lambda error: quick.wait_s(error.params["seconds"]))
    monkeypatch.setattr("workstation.app.light_box.wait_s", lambda error: quick.wait_s(error.params["seconds"]))
    init = ColdInstances.__init__
    monkeypatch.setattr(ColdInstances, "__init__", lambda self, clock=time.monotonic: init(self, clock, quick))


def lines(bench):
    return [line.words.text() for line in bench.window.door.waiting.lines.values()]


def state(bench):
    return bench.session.films.value[0].state if bench.session.films.value else None


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "The archive is fetching this film from its store; asked again in"), ("zh", "归档存储中调取")],
)
def test_the_door_says_what_is_waited_for_and_the_film_opens_when_it_is_there(
    make_bench, faulty, hurried, language, said
):
    bench = make_bench(faulty, language=language)
    faulty.cloud.lasting = Cold(2.0, "1")
    bench.enter(faulty.share(CT_STUDY))
    bench.until(lambda: lines(bench) and said in lines(bench)[0])
    assert not bench.window.door.is_busy  # the next film can be asked for
    assert bench.window.door.entry() == ""
    assert bench.desk.last_error is None
    bench.until(lambda: state(bench) is FilmState.COMPLETE, 40)
    assert bench.session.films.value[0].totals == (COUNT, COUNT)
    assert lines(bench) == []
    bench.until(lambda: bench.workstation.station.speeds.recent)
    (record,) = bench.workstation.station.speeds.recent
    assert record.cold_s == pytest.approx(2.0, abs=1.5)
    assert record.first_s > record.cold_s


def test_a_film_that_is_not_waited_for_any_more_is_not_asked_for(make_bench, faulty, hurried):
    bench = make_bench(faulty)
    faulty.cloud.lasting = Cold(600, "1")
    bench.enter(faulty.share(CT_STUDY))
    bench.until(lambda: lines(bench))
    (line,) = bench.window.door.waiting.lines.values()
    line.stop.click()
    assert lines(bench) == []
    assert not bench.window.door.waiting.isVisibleTo(bench.window)
    bench.run(0.3)
    asked = len(faulty.cloud.lasting.asked)
    bench.run(1.5)
    assert len(faulty.cloud.lasting.asked) == asked


def test_another_film_can_be_opened_meanwhile_and_a_quiet_notice_tells_when_the_first_is_ready(
    make_bench, faulty, hurried, tmp_path, monkeypatch
):
    alerted = []
    monkeypatch.setattr(QApplication, "alert", lambda window, ms=0: alerted.append(window))
    bench = make_bench(faulty)
    faulty.cloud.lasting = Cold(600, "1")
    bench.enter(faulty.share(CT_STUDY))
    bench.until(lambda: lines(bench))
    folder = tmp_path / "other"
    folder.mkdir()
    bench.desk.open_path(str(write_study(folder, ct_stack(3, study="2.25.7001777"))))
    bench.until(lambda: state(bench) is FilmState.COMPLETE, 30)
    title = bench.window.windowTitle()
    faulty.cloud.lasting = None
    ready = bench.window.reading.questions.ready
    bench.until(lambda: ready.isVisibleTo(bench.window), 20)
    assert len(bench.session.films.value) == 1  # nothing on the glass has changed
    assert alerted == [bench.window]
    assert bench.window.windowTitle() != title
    assert "ready" in ready.text.text()
    assert "Ouyang" not in ready.text.text()
    ready.yes.click()
    bench.until(lambda: len(bench.session.films.value) == 2 or bench.window.question.isVisibleTo(bench.window), 20)
    assert bench.window.windowTitle() == title
    assert lines(bench) == []


def test_a_notice_that_is_put_off_leaves_the_film_on_the_door(make_bench, faulty, hurried, tmp_path):
    bench = make_bench(faulty)
    faulty.cloud.lasting = Cold(600, "1")
    bench.enter(faulty.share(CT_STUDY))
    bench.until(lambda: lines(bench))
    folder = tmp_path / "other"
    folder.mkdir()
    bench.desk.open_path(str(write_study(folder, ct_stack(3, study="2.25.7001777"))))
    bench.until(lambda: state(bench) is FilmState.COMPLETE, 30)
    faulty.cloud.lasting = None
    ready = bench.window.reading.questions.ready
    bench.until(lambda: ready.isVisibleTo(bench.window), 20)
    ready.no.click()
    assert not ready.isVisibleTo(bench.window)
    (line,) = bench.window.door.waiting.lines.values()
    assert "ready" in line.words.text()
    bench.window.show_door()
    assert line.open.isVisibleTo(bench.window)


def test_what_is_no_longer_there_when_it_is_asked_for_again_is_said(make_bench, faulty, hurried):
    from tests.faults.cloud import Refuse

    bench = make_bench(faulty)
    faulty.cloud.lasting = Cold(600, "1")
    bench.enter(faulty.share(CT_STUDY))
    bench.until(lambda: lines(bench))
    faulty.cloud.lasting = Refuse(404)
    bench.until(lambda: bench.desk.last_error is not None, 20)
    assert bench.desk.last_error.code == "link-study-not-found"
    assert lines(bench) == []


def test_images_of_an_open_film_that_are_in_the_store_are_waited_for_in_the_status_bar(make_bench, faulty, hurried):
    bench = make_bench(faulty)
    faulty.cloud.where = "/instances/2."
    faulty.cloud.faults = [None] * 8
    faulty.cloud.lasting = Cold(600, "1")
    bench.enter(faulty.share(CT_STUDY))
    bench.until(lambda: bench.session.films.value and bench.session.films.value[0].hold.cold_s is not None)
    words = bench.window.status.completeness.text()
    assert "the archive fetches the rest from its store" in words
    assert state(bench) is FilmState.LOADING
    assert bench.session.films.value[0].refusals == []
    faulty.cloud.lasting = None
    bench.window.trigger("film.retry")
    bench.until(lambda: state(bench) is FilmState.COMPLETE, 30)
    bench.until(lambda: bench.session.films.value[0].hold.cold_s is None)
    assert bench.window.status.completeness.text().startswith("✓")


def test_a_listing_that_is_in_the_store_comes_behind_the_first_image(make_bench, faulty, hurried):
    bench = make_bench(faulty)
    faulty.cloud.where = f"{CT_STUDY}/metadata"
    faulty.cloud.lasting = Cold(2.0, "1")
    bench.enter(faulty.share(CT_STUDY))
    bench.until(lambda: bench.session.films.value)
    bench.until(lambda: bench.session.films.value[0].hold.cold_s is not None, 5)
    assert state(bench) is FilmState.LOADING  # one image of it is never the whole film
    bench.until(lambda: state(bench) is FilmState.COMPLETE, 30)
    assert bench.session.films.value[0].totals == (COUNT, COUNT)
    assert not bench.window.notice.isVisibleTo(bench.window)


@pytest.mark.parametrize(
    ("is_promised", "said"), [(True, "from its store"), (False, "does not have this film at hand")]
)
def test_only_an_archive_that_promised_it_is_said_to_fetch_the_film(qapp, is_promised, said):
    Language(qapp).set("en")
    words = waiting_words(WaitingFilm(1, "2026-11-20 · CT", 75, is_promised=is_promised))
    assert said in words
    assert "1:15" in words
