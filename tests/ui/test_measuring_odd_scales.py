"""Measuring on images whose pixels are oblong, or whose scale is none: the window lives, and says what it can."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.phantoms import radiograph, write_study
from tests.ui.test_measuring import click, figures, labels
from workstation.measuring.measurement import Kind
from workstation.measuring.readings import Name


@pytest.fixture
def oblong(make_bench, tmp_path):
    """A radiograph that says nothing but that its pixels are twice as high as wide."""
    made = radiograph((300, 200))
    del made.ImagerPixelSpacing
    made.PixelAspectRatio = [2, 1]
    bench = make_bench()
    bench.desk.open_path(str(write_study(tmp_path / "dx", [made])))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    return bench


@pytest.mark.parametrize("kind", [Kind.LENGTH, Kind.CALIBRATION])
def test_a_line_that_is_drawn_on_oblong_pixels_says_so_and_has_no_length(oblong, kind):
    oblong.window.trigger(f"tool.measure-{kind}")
    click(oblong, 50, 100)
    oblong.run()
    oblong.viewport().repaint()
    assert labels(oblong) == ["pixels are not square"]


def test_a_known_length_gives_oblong_pixels_a_scale(oblong):
    oblong.window.trigger("tool.measure-calibration")
    click(oblong, 50, 100)
    click(oblong, 50, 200)
    oblong.run()
    entry = oblong.viewport().marks.entry
    QTest.keyClicks(entry, "40")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    oblong.window.trigger("tool.measure-length")
    click(oblong, 100, 50)
    click(oblong, 150, 50)
    oblong.run()
    length = oblong.session.markings.items.value[-1]
    assert figures(oblong, length)[Name.LENGTH] == pytest.approx(50 * 0.2, abs=0.3)  # 0.4 mm a row, 0.2 mm a column


def test_a_painting_that_fails_ends_its_painter(oblong, monkeypatch):
    """A painter that outlives its event ends the program at the next one."""
    widget, begun = oblong.viewport(), []

    def fails(painter):
        begun.append(painter)
        raise ValueError("odd")

    with monkeypatch.context() as broken, pytest.raises(ValueError, match="odd"):
        broken.setattr(widget, "render_onto", fails)
        widget.repaint()
    assert not begun[0].isActive()
