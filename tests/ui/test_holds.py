"""What holds a load up is on the screen, with what can be done about it; and it goes when it is over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.cloud import FaultyCloud, Refuse
from tests.phantoms import CT_STUDY, ct_stack, write_study
from workstation.archive import breaker
from workstation.demo import service as demo_service
from workstation.viewing.film import FilmState

COUNT = 24


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_service, "DemoCloud", FaultyCloud)
    running = demo_service.start_demo(write_study(tmp_path, ct_stack(COUNT)))
    running.cloud.where = "/instances/2."  # an instance, not a search among them
    yield running
    running.close()


@pytest.fixture
def hurried(monkeypatch):
    """A breaker that gives up soon."""
    made = breaker.Breaker.__init__

    def init(self, circuit=None, clock=None):
        made(self, breaker.Circuit(first_wait_s=0.2, longest_wait_s=30.0, patience_s=0.3))

    monkeypatch.setattr(breaker.Breaker, "__init__", init)


def film(bench):
    return bench.session.films.value[0]


def begin(bench, service):
    bench.enter(service.share(CT_STUDY))
    bench.until(lambda: bench.session.films.value)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_archive_that_fails_in_the_middle_is_said_and_the_film_is_whole_when_it_is_back(
    make_bench, faulty, hurried, language
):
    bench = make_bench(faulty, language=language)
    faulty.cloud.faults = [None] * 10 + [Refuse(502)] * 500
    begin(bench, faulty)
    bench.until(lambda: film(bench).state is FilmState.INCOMPLETE, 60)
    bench.until(lambda: film(bench).hold.missing > 0)
    status = bench.window.status
    words = {"en": ("INCOMPLETE 10 of 24", "Fetch what is missing again"), "zh": ("不完整", "重新获取缺失的图像")}[
        language
    ]
    assert words[0] in status.completeness.text()
    assert status.again.isVisibleTo(bench.window)
    assert status.again.text() == words[1]
    assert bench.window.notice.isVisibleTo(bench.window)
    faulty.cloud.faults = []
    status.again.click()
    bench.until(lambda: film(bench).state is FilmState.COMPLETE, 60)
    bench.until(lambda: not status.again.isVisibleTo(bench.window))
    assert film(bench).refusals == []
    assert not bench.window.notice.isVisibleTo(bench.window)  # nothing red stays over a film that is whole
    assert film(bench).totals == (COUNT, COUNT)


def test_a_paused_load_says_so_and_goes_on_at_a_click(make_bench, faulty):
    bench = make_bench(replace(faulty))
    gate = []

    class Held(Refuse):
        def on_answer(self, handler, answer):
            while not gate and not handler.cloud.released.wait(0.01):
                pass
            return answer

    faulty.cloud.faults = [None] * 6 + [Held(0)] * 100
    begin(bench, faulty)
    bench.until(lambda: film(bench).totals[0] >= 6)
    status = bench.window.status
    assert status.pause.isVisibleTo(bench.window)
    bench.window.trigger("film.pause")
    bench.until(lambda: film(bench).hold.is_paused)
    gate.append(1)
    assert "Paused" in status.completeness.text()
    bench.run(0.5)
    came = film(bench).totals[0]
    assert came < COUNT  # those that were on their way, and no more
    assert film(bench).state is FilmState.LOADING
    status.pause.click()
    bench.until(lambda: film(bench).state is FilmState.COMPLETE, 60)
    assert not film(bench).hold.is_paused
    assert not status.pause.isVisibleTo(bench.window)
