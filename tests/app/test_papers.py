"""Pages of reports for a window: the document lies open in a worker while it is shown, and no longer."""

from __future__ import annotations

import threading

import pytest

from tests.workers.test_streams import LINUX, PAGE, STEP, mapped, padded, until
from workstation.app.papers import Papers
from workstation.workers.pool import WorkerPool

SIZES = (STEP + 20 * PAGE, STEP + 30 * PAGE)


class Window:
    """A window's pages, and what came of each wish."""

    def __init__(self, pool):
        self.papers = Papers(lambda call: call(), lambda: pool)

    def text(self, pdf, page):
        came = threading.Event()
        told = []

        def done(text):
            told.append(text.text)
            came.set()

        self.papers.text(pdf, page, done, lambda error: done(type("Error", (), {"text": error.code})))
        assert came.wait(20)
        return told[0]


@pytest.fixture
def pool():
    with WorkerPool(2) as made:
        yield made


@LINUX
def test_a_report_is_open_in_one_worker_until_its_film_is_closed(pool):
    window = Window(pool)
    first, second = (padded(f"report {size}", 3, size) for size in SIZES)
    assert f"report {SIZES[0]} 3" in window.text(first, 2)
    assert f"report {SIZES[0]} 1" in window.text(first, 0)
    assert mapped(pool, SIZES[0]) == 1
    assert f"report {SIZES[1]} 2" in window.text(second, 1)
    until(lambda: mapped(pool, SIZES[0]) == 0)
    assert mapped(pool, SIZES[1]) == 1
    window.papers.forget()
    until(lambda: mapped(pool, SIZES[1]) == 0)
    assert f"report {SIZES[1]} 1" in window.text(second, 0)
    window.papers.close()


@LINUX
def test_a_window_that_closes_leaves_no_report_open(pool):
    window = Window(pool)
    window.papers.forget()  # nothing was shown yet
    assert "report" in window.text(padded("report", 1, SIZES[0]), 0)
    window.papers.close()
    until(lambda: mapped(pool, SIZES[0]) == 0)
