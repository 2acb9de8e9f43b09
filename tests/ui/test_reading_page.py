"""The reading page is built behind the window; whoever comes sooner finds it all the same."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QWidget

from tests.phantoms import ct_stack, write_study


def words(page: QWidget) -> list[tuple[str, ...]]:
    """All that can be read on a page, in the order of its parts."""
    return [
        (type(part).__name__, part.text() if isinstance(part, (QLabel, QAbstractButton)) else "", part.toolTip(),
         part.accessibleName())
        for part in page.findChildren(QWidget)
        if not isinstance(part, QMenu)  # is filled when it opens
    ]  # fmt: skip


@pytest.fixture
def film(tmp_path):
    return write_study(tmp_path / "disc", ct_stack(6))


def test_a_film_that_is_opened_before_the_window_has_painted_is_shown(bench, film):
    desk = bench.workstation.new_desk()
    desk.window.show()
    desk.open_entry(str(film))
    assert desk.window._reading is None  # not built yet: nothing was painted
    bench.until(lambda: desk.session.films.value and desk.is_settled)
    assert desk.last_error is None
    assert desk.window.is_reading
    assert desk.window.grid.shown() is not None
    assert desk.window.status.completeness.text() == "✓ Complete 6 / 6"


def test_the_page_is_built_behind_a_window_that_stands(bench):
    desk = bench.workstation.new_desk()
    assert desk.window._reading is None
    desk.window.show()
    bench.until(lambda: desk.window._reading is not None)
    assert not desk.window.is_reading  # and the door stays where it was
    assert desk.window.pages.currentWidget() is desk.window.door


def test_building_the_page_does_not_move_the_window(bench):
    desk = bench.workstation.new_desk()
    desk.window.resize(900, 620)
    desk.window.show()
    before = desk.window.size()
    bench.until(lambda: desk.window._reading is not None)
    bench.run(0.1)
    assert desk.window.size() == before


def test_the_language_is_the_same_whether_it_was_switched_before_the_page_was_built_or_after(bench):
    after = bench.window
    english = words(after.reading)
    bench.workstation.set_language("zh")
    before = bench.workstation.new_desk().window
    assert before._reading is None
    assert words(before.reading) == words(after.reading) != english


def test_a_page_that_is_built_late_is_as_wide_and_as_coloured_as_the_window_was_told(bench):
    first = bench.window
    first.splitter.setSizes([300, 440])
    first.reports.wished_width = 510
    places = first.places()
    second = bench.workstation.new_desk().window
    second.take_places(places)
    assert second._reading is None
    assert second.places().report_width == 510
    assert second.reports.wished_width == 510
    assert second.places().strip_width == places.strip_width
    assert second.identity._colour == second.patient_colour != first.patient_colour
