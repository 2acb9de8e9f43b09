"""Texts of the data on the desk: as they stand, and never at the cost of the window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as Texts
from PySide6.QtGui import QTextDocumentFragment

from tests.phantoms import Person, ct_stack, write_study
from workstation.ui.labels import plain_tip

LONG = "Abcdefghij " * 5


def opened(bench, folder):
    bench.desk.open_path(str(folder))
    bench.until(lambda: bench.desk.is_settled)
    bench.run(0.1)


def long_words(folder):
    made = ct_stack(3, person=Person(name=LONG.strip(), patient_id="DEMO-" + "0123456789" * 5))
    for one in made:
        one.StudyDescription = one.SeriesDescription = one.InstitutionName = LONG.strip()
    return write_study(folder / ("folder-" * 30), made)


@pytest.mark.parametrize("confirmed", [True, False])
def test_long_names_do_not_push_the_window_off_the_monitor(bench, tmp_path, confirmed):
    long_words(tmp_path)
    bench.window.resize(1024, 700)
    opened(bench, tmp_path / ("folder-" * 30))
    if confirmed:
        bench.window.trigger("film.confirm")
    bench.run(0.1)
    assert bench.window.width() == 1024
    assert bench.window.minimumSizeHint().width() <= 1024
    assert bench.window.identity.name.text() == LONG.strip()
    assert bench.window.identity.name.toolTip() == LONG.strip()


def test_a_long_word_on_the_door_does_not_widen_the_window(bench):
    bench.window.resize(1024, 700)
    bench.desk.open_path("/" + "x" * 240)
    bench.until(lambda: bench.desk.last_error is not None)
    bench.run(0.1)
    assert "xxxx" in bench.window.door.understood.text()
    assert bench.window.width() == 1024


def test_the_name_grows_with_the_text(make_bench, service):
    settings = replace(service.settings, screen=replace(service.settings.screen, text_scale=150))
    bench = make_bench(settings=settings)
    bench.open()
    assert bench.window.identity.name.fontInfo().pixelSize() == 26  # 17 px
    assert bench.window.question.text.fontInfo().pixelSize() == 20  # 13 px
    assert bench.window.identity.name.font().bold()


@pytest.mark.parametrize(
    "words", ["<b>knee</b>", "<img src='file:///etc/passwd'>", "a <br> b", "left & right", "&lt;b&gt;", "plain"]
)
def test_markup_in_a_description_is_shown_as_it_was_written(words):
    tip = plain_tip(words)
    read = QTextDocumentFragment.fromHtml(tip).toPlainText() if Texts.mightBeRichText(tip) else tip
    assert read == words


def test_the_tips_of_a_film_hold_no_markup(bench, tmp_path):
    made = ct_stack(3)
    for one in made:
        one.SeriesDescription = one.StudyDescription = "<h1>knee</h1>"
    write_study(tmp_path, made)
    opened(bench, tmp_path)
    row = bench.window.strip.model().index(1, 0)
    for tip in (row.data(Qt.ItemDataRole.ToolTipRole), bench.window.identity.study.toolTip()):
        assert "&lt;h1&gt;knee&lt;/h1&gt;" in tip
