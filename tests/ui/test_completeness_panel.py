"""The panel of what is missing: it unfolds from the verdict, and says why in words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.phantoms import SERIES, ct_stack, sop
from tests.viewing.test_session import film_of
from workstation.errors import TransferError
from workstation.ui.completeness_panel import panel_lines
from workstation.ui.language import Language
from workstation.viewing.film import FilmState, Refusal


def texts(panel):
    return [label.text() for label in panel.findChildren(QLabel)]


def test_a_click_on_the_verdict_says_what_is_missing_and_why(bench):
    bench.open()
    film = bench.session.films.value[0]
    film.received[SERIES].discard(sop(1))
    film.refuse(Refusal(sop(1), SERIES, TransferError("cut-off", received=1, expected=2)))
    film.finish()
    bench.run()
    verdict = bench.window.reading.status.completeness
    assert "INCOMPLETE" in verdict.text()
    QTest.mouseClick(verdict, Qt.MouseButton.LeftButton)
    bench.until(lambda: QApplication.activePopupWidget() is not None)
    panel = QApplication.activePopupWidget()
    said = texts(panel)
    received, expected = film.count(SERIES)
    assert received == expected - 1
    assert any(f"{received} of {expected}" in text for text in said)
    assert any(text.startswith("1 × The transfer broke off") for text in said)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    bench.until(lambda: QApplication.activePopupWidget() is None)


def test_the_keyboard_unfolds_it_too_and_a_whole_film_is_said_to_be_whole(bench):
    bench.open()
    verdict = bench.window.reading.status.completeness
    bench.window.activateWindow()
    verdict.setFocus()
    bench.run()
    QTest.keyClick(verdict, Qt.Key.Key_Space)
    bench.until(lambda: QApplication.activePopupWidget() is not None)
    panel = QApplication.activePopupWidget()
    assert texts(panel) == ["Everything that the source lists is here, whole and checked."]
    panel.close()


def test_what_stopped_what_loads_and_what_no_source_lists_are_told_apart(qapp):
    Language(qapp).set("en")
    film = film_of(ct_stack(3), expected={SERIES: 3, "2.25.999": 2})
    film.receive(SERIES, sop(1))
    assert panel_lines(film) == [("Still loading: 1 of 5 are here.", "")]
    film.finish(FilmState.INCOMPLETE)
    lines = [text for text, _ in panel_lines(film)]
    assert any("counts and does not list: 2" in text for text in lines)
    assert any(text.endswith("2 not fetched, or counted by the source and not listed") for text in lines)
