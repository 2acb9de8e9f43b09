"""Measuring on images whose pixels are oblong, or whose scale is none: the window lives, and says what it can."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import UltrasoundImageStorage
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from tests.phantoms import ct_stack, dataset, radiograph, write_study
from tests.ui.test_measuring import click, draw, figures, labels
from workstation.measuring.measurement import Kind
from workstation.measuring.readings import Name
from workstation.ui import theme
from workstation.ui.drawing_painter import DrawingPainter, _wrapped
from workstation.viewing.drawings import Stroke, drawings
from workstation.viewing.measured import Reader
from workstation.viewing.projection import CanvasPoint


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


@pytest.fixture
def ultrasound(make_bench, tmp_path):
    """One region whose columns are twice as far apart as its rows, which the picture does not show."""
    made = dataset(np.arange(300 * 400, dtype=np.uint16).reshape(300, 400) % 251, modality="US")
    made.SOPClassUID = UltrasoundImageStorage
    region = Dataset()
    region.RegionLocationMinX0, region.RegionLocationMinY0 = 0, 0
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = 399, 299
    region.RegionSpatialFormat, region.RegionFlags = 1, 0
    region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = 3
    region.PhysicalDeltaX, region.PhysicalDeltaY = 0.02, 0.01
    made.SequenceOfUltrasoundRegions = [region]
    bench = make_bench()
    bench.desk.open_path(str(write_study(tmp_path / "us", [made])))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    return bench


def drawn(bench):
    """The lines of what was drawn last, in image points."""
    plan = bench.viewport().plan()
    found = drawings(plan, bench.session.markings, Reader(), lambda text: text)
    strokes = [one for one in found if isinstance(one, Stroke)]
    return [[plan.projection.to_image(point) for point in stroke.points] for stroke in strokes]


def test_a_circle_is_drawn_around_the_very_pixels_that_it_measures(ultrasound):
    circle = draw(ultrasound, Kind.CIRCLE, (150, 100), (200, 150), (150, 200))
    outline = np.array(drawn(ultrasound)[0])
    scaled = outline * (0.2, 0.1)  # mm: round there
    radius = np.hypot(*(scaled - scaled[:-1].mean(axis=0)).T)
    assert np.ptp(radius) < 1e-6
    assert figures(ultrasound, circle)[Name.DIAMETER] == pytest.approx(2 * radius[0], rel=1e-6)
    inside = np.pi / 4 * np.ptp(outline[:, 0]) * np.ptp(outline[:, 1])
    assert figures(ultrasound, circle)[Name.COUNT] == pytest.approx(inside, rel=0.01)


def test_a_perpendicular_is_drawn_to_the_foot_that_it_measures(ultrasound):
    line = draw(ultrasound, Kind.PERPENDICULAR, (100, 100), (200, 200), (200, 100))
    ends = np.array(drawn(ultrasound)[1]) * (0.2, 0.1)
    assert np.hypot(*(ends[1] - ends[0])) == pytest.approx(figures(ultrasound, line)[Name.DISTANCE], rel=1e-6)


def test_the_table_says_that_a_length_on_a_radiograph_is_the_detectors(make_bench, tmp_path):
    bench = make_bench()
    bench.desk.open_path(str(write_study(tmp_path / "dx", [radiograph()])))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    draw(bench, Kind.LENGTH, (50, 100), (150, 100))
    bench.window.trigger("desk.measurements")
    bench.run(0.1)
    told = bench.window.reading.measures.table.item(0, 1).text()
    assert told.endswith(" mm · at the detector")


@pytest.fixture
def ct(make_bench, tmp_path):
    bench = make_bench()
    bench.desk.open_path(str(write_study(tmp_path / "ct", ct_stack(1))))
    bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
    bench.window.trigger("film.confirm")
    bench.until(lambda: bench.viewport().plan() is not None)
    return bench


@pytest.mark.parametrize("place", [(0.02, 0.02), (0.9, 0.02), (0.02, 0.9), (0.95, 0.95), (0.45, 0.05)])
def test_no_label_stands_on_the_texts_of_the_glass(ct, monkeypatch, place):
    """In its corner a label would be read together with the patient's name."""
    stood, real = [], DrawingPainter._place
    monkeypatch.setattr(DrawingPainter, "_place", lambda *words: stood.append(real(*words)) or stood[-1])
    canvas, to_image = ct.viewport().canvas_size(), ct.viewport().plan().projection.to_image
    x, y = place[0] * canvas.width, place[1] * canvas.height
    draw(ct, Kind.RECTANGLE, to_image(CanvasPoint(x, y)), to_image(CanvasPoint(x + 12, y + 12)))
    ct.session.markings.selected.set("")
    stood.clear()
    ct.viewport().repaint()
    others = ct.viewport().marks.kept_free
    assert len(stood) == 1
    assert len(others) > 8
    assert [one for one in others if one.intersects(stood[0])] == []


@pytest.mark.parametrize("text", ["骨折线" * 80, "a fracture line " * 30, "x" * 3000])
def test_words_that_are_longer_than_the_viewport_is_wide_go_on_below(ct, monkeypatch, text):
    stood, real = [], DrawingPainter._place
    monkeypatch.setattr(DrawingPainter, "_place", lambda *words: stood.append(words[1]) or real(*words))
    made = draw(ct, Kind.LENGTH, (40, 40), (80, 40))
    ct.session.markings.change(replace(made, text=text))
    ct.viewport().repaint()
    assert stood[-1].width() <= ct.viewport().width()
    assert 0 < stood[-1].height() <= ct.viewport().height()


def test_no_letter_is_lost_where_words_go_on_below(qapp):
    font = theme.font(12)
    words = "𠮷野家骨折线 " * 20 + "end"
    found = _wrapped(words, font, QFontMetricsF(font), 150.0)
    assert "".join(found).replace(" ", "") == words.replace(" ", "")
    assert max(QFontMetricsF(font).horizontalAdvance(line) for line in found) <= 151.0
