"""On every page, in both languages, on wide and upright monitors, at small and large texts: no text is cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QPushButton

from tests.ui.cuts import cut_texts
from workstation.errors import StationError
from workstation.ui import theme

# logical pixels: 1920 x 1080, 2048 x 2560 upright, 3840 x 2160 at 200 %, a small laptop
SIZES = [(1920, 1080), (2048, 2560), (1024, 700)]


@pytest.fixture
def make_scaled(make_bench, service, qapp):
    def make(language, scale):
        settings = replace(service.settings, screen=replace(service.settings.screen, text_scale=scale))
        return make_bench(settings=settings, language=language)

    yield make
    qapp.setFont(theme.font())
    qapp.setStyleSheet(theme.style_sheet())


def scenes(bench):
    """Every page and state, one after the other."""
    window = bench.window
    yield "door"
    worklist = window.door.worklist
    worklist.filters.set_period("range")
    bench.run()
    yield "worklist: from day to day"
    worklist.filters.set_range(date(2026, 1, 1), date(2026, 12, 31))
    worklist.search()
    bench.until(lambda: not worklist.is_searching)
    assert worklist.table.rowCount()
    worklist.list.take_focus()
    bench.run()
    yield "worklist: searched"
    worklist.forget()
    window.door.enter_text("https://unknown.example/studies/1.2.3")
    bench.run()
    yield "door: a host that is unknown"
    window.door.show_error(StationError("not-allowed", act="typed_links"))
    bench.run()
    yield "door: not allowed"
    window.door.say_died("/home/someone/.local/state/cloudfilm-workstation/crashes/crash-20260101-120000-1.txt")
    window.door.show_idle()
    bench.run()
    yield "door: after a crash"
    bench.open(confirm=False)
    bench.until(bench.desk.is_painted)
    bar = window.identity
    bench.until(lambda: bar.name.text() and bar.height() >= bar.layout().heightForWidth(bar.width()))  # it is laid out
    bench.run(0.1)
    yield "film: to be confirmed"
    window.trigger("film.confirm")
    bench.run()
    yield "film"
    window.open_report(True)
    bench.run()
    yield "film with report pane"
    window.open_report(False)
    window.show_notice(StationError("cannot-write", reason="picture.png"))
    bench.run()
    yield "film with notice"
    window.trigger("desk.add_window")
    bench.run()
    yield "two windows"
    window.glasses.close()
    window.trigger("desk.settings")
    for row in range(window.settings.groups.count()):
        window.settings.groups.setCurrentRow(row)
        bench.run()
        yield f"settings {row}"
    window.settings.groups.setCurrentRow(0)
    window.settings.sources.test_button.click()
    bench.until(lambda: not window.settings.sources.test_button.is_busy)
    bench.run()
    yield "settings: the way was tested"
    window.settings.leave()
    window.trigger("desk.help")
    bench.until(lambda: window.manual.page.toPlainText() != "")
    bench.run()
    yield "manual"
    window.manual.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("size", "scale"), [*((size, 100) for size in SIZES), ((1920, 1080), 200), ((2048, 2560), 150), ((1024, 700), 200)]
)
def test_no_text_is_cut(make_scaled, language, size, scale):
    bench = make_scaled(language, scale)
    bench.window.resize(*size)
    bench.run()
    cut = []
    for scene in scenes(bench):
        windows = [bench.window, *bench.window.glasses.windows]
        if bench.window.manual is not None and bench.window.manual.isVisible():
            windows.append(bench.window.manual)
        for window in windows:
            if cut_texts(window):
                bench.run(0.5)  # a window that has just come may still be laying itself out
            cut += [f"{scene}: {words}" for words in cut_texts(window)]
        assert (bench.window.width(), bench.window.height()) == size, f"{scene} widened the window"
    assert not cut, "\n".join(dict.fromkeys(cut))


def test_the_finder_finds_what_is_cut(qtbot):
    button, label = QPushButton("A button that is too narrow"), QLabel("A label that is too narrow")
    for widget in (button, label):
        qtbot.addWidget(widget)
        widget.setFixedWidth(QFontMetrics(widget.font()).horizontalAdvance("A"))
        widget.show()
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    column.addWidget(button)
    column.addWidget(label)
    holder.show()
    qtbot.wait(10)
    assert len(cut_texts(holder)) >= 2
