"""What gives way in a small window with large texts: rows wrap, hints shorten, labels go above, icons grow and fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from workstation.ui import theme
from workstation.ui.labels import HintedLine
from workstation.ui.settings_rows import Row, Rows
from workstation.ui.wrapping import WrappingCheck, WrappingRow, scrolling


@pytest.fixture
def holder(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def buttons_in(holder, *, gap_after=None, count=4, width=100):
    row = WrappingRow(holder)
    made = []
    for number in range(count):
        button = QWidget(holder)
        button.setFixedSize(width, 30)
        row.addWidget(button)
        button.show()
        made.append(button)
        if number == gap_after:
            row.add_gap()
    return row, made


def places(widgets):
    return [(one.x(), one.y()) for one in widgets]


def test_a_row_with_room_stands_on_one_line_and_the_gap_takes_the_rest(holder, qtbot):
    row, made = buttons_in(holder, gap_after=1)
    holder.resize(600, 30)
    qtbot.wait(1)
    assert places(made) == [(0, 0), (108, 0), (392, 0), (500, 0)]
    assert row.heightForWidth(600) == 30
    assert row.sizeHint().width() == 4 * 100 + 3 * 8


def test_a_row_without_room_goes_on_below_and_asks_for_the_height(holder, qtbot):
    row, made = buttons_in(holder)
    holder.resize(210, 68)
    qtbot.wait(1)
    assert row.heightForWidth(210) == 68
    assert places(made) == [(0, 0), (108, 0), (0, 38), (108, 38)]
    assert row.minimumSize().width() == 100


def test_what_is_hidden_takes_no_room(holder, qtbot):
    row, made = buttons_in(holder)
    made[1].hide()
    holder.resize(316, 30)
    qtbot.wait(1)
    assert places([made[0], made[2], made[3]]) == [(0, 0), (108, 0), (216, 0)]
    assert row.heightForWidth(316) == 30


def test_what_alone_is_wider_than_the_row_is_as_wide_as_the_row(holder, qtbot):
    row = WrappingRow(holder)
    line = QLineEdit(holder)
    line.setMinimumWidth(20)
    row.addWidget(line)
    line.show()
    holder.resize(60, 40)
    qtbot.wait(1)
    assert (line.x(), line.width()) == (0, 60)


def test_a_field_takes_what_its_row_has_left(holder, qtbot):
    row = WrappingRow(holder)
    line, button = QLineEdit(holder), QWidget(holder)
    button.setFixedSize(100, 30)
    for widget in (line, button):
        row.addWidget(widget)
        widget.show()
    holder.resize(500, 40)
    qtbot.wait(1)
    assert (line.x(), line.width(), button.x()) == (0, 392, 400)


def test_a_field_of_a_fixed_width_takes_nothing_more(holder, qtbot):
    row = WrappingRow(holder)
    line, button = QLineEdit(holder), QWidget(holder)
    line.setFixedWidth(90)
    button.setFixedSize(100, 30)
    for widget in (line, button):
        row.addWidget(widget)
        widget.show()
    holder.resize(500, 40)
    qtbot.wait(1)
    assert (line.width(), button.x()) == (90, 98)


def test_a_page_scrolls_only_when_its_least_height_has_no_room(holder, qtbot):
    column = scrolling(holder)
    for _ in range(3):
        child = QWidget()
        child.setMinimumHeight(100)
        column.addWidget(child)
    area = column.parentWidget().parentWidget().parentWidget()
    holder.resize(300, 400)
    qtbot.wait(1)
    assert area.verticalScrollBar().maximum() == 0
    holder.resize(300, 200)
    qtbot.wait(1)
    assert area.verticalScrollBar().maximum() > 100
    assert area.horizontalScrollBar().maximum() == 0


def test_a_line_shows_the_longest_hint_that_fits(qtbot):
    line = HintedLine()
    qtbot.addWidget(line)
    line.set_hints("a hint that says everything there is to say", "a hint")
    line.resize(600, 30)
    line.show()
    assert line.placeholderText() == "a hint that says everything there is to say"
    line.resize(QFontMetrics(line.font()).horizontalAdvance("a hint that says") + 30, 30)
    assert line.placeholderText() == "a hint"


@pytest.mark.parametrize("words", ["Wheel towards the hand is the image before", "滚轮朝向手时显示前一幅图像"])
def test_the_words_of_a_box_go_on_below_where_there_is_no_room(qtbot, words):
    box = WrappingCheck(words)
    qtbot.addWidget(box)
    box.resize(box.sizeHint().width(), 60)
    box.show()
    assert box.text() == words
    box.resize(box.minimumSizeHint().width(), 60)
    assert box.text().count("\n") == 1
    assert box.text().replace("\n", " " if " " in words else "") == words
    box.resize(900, 60)
    assert box.text() == words


def test_labels_stand_beside_their_fields_and_above_them_where_it_is_narrow(holder, qtbot):
    holder.resize(1000, 400)
    rows = Rows(holder)
    label, field, said = QLabel("The hospital's authority"), QLineEdit(), QLabel("below")
    field.setMinimumWidth(200)
    rows.add(Row(label, field, None, said))
    rows.resize(800, 200)
    rows.show()
    qtbot.wait(1)
    assert field.x() > label.geometry().right()
    assert abs(field.geometry().center().y() - label.geometry().center().y()) <= 1
    assert said.x() == field.x()
    rows.resize(rows.minimumSizeHint().width(), 200)
    qtbot.wait(1)
    assert (label.x(), field.x(), said.x()) == (0, 0, 0)
    assert label.geometry().bottom() < field.y() < said.y()
    rows.resize(800, 200)
    qtbot.wait(1)
    assert field.x() > label.geometry().right()


@pytest.fixture
def scaled(make_bench, service, qapp):
    def make(scale):
        settings = replace(service.settings, screen=replace(service.settings.screen, text_scale=scale))
        return make_bench(settings=settings)

    yield make
    qapp.setFont(theme.font())
    qapp.setStyleSheet(theme.style_sheet())


def icon_sides(window):
    buttons = [*window.tools._buttons.values(), window.tools.layout_button]
    drawn = {button.icon().availableSizes()[0].width() / window.devicePixelRatioF() for button in buttons}
    assert drawn == {button.iconSize().width() for button in buttons}, "drawn at the size at which they are shown"
    return drawn


@pytest.mark.parametrize(("scale", "side"), [(100, 20), (150, 30), (200, 40)])
def test_icons_are_as_large_as_the_texts(scaled, scale, side):
    bench = scaled(scale)
    bench.window.resize(1920, 1000)
    bench.open()
    bench.window.open_report(True)
    bench.run()
    (drawn,) = icon_sides(bench.window)
    assert abs(drawn - side) <= 1  # type is of whole pixels, and icons follow the type
    assert bench.window.reports.tools.buttons["print"].iconSize().width() == min(drawn, 28)


def test_where_there_is_no_room_for_large_icons_all_of_them_are_still_in_the_window(scaled):
    bench = scaled(200)
    bench.window.resize(1024, 700)
    bench.open()
    last = bench.window.tools._buttons["desk.help"]
    assert last.geometry().right() < bench.window.width()
    assert 20 <= min(icon_sides(bench.window)) < 40


def test_icons_grow_as_soon_as_the_texts_do(scaled):
    bench = scaled(100)
    bench.window.resize(1920, 1000)
    bench.open()
    settings = bench.workstation.station.settings
    bench.workstation.apply(replace(settings, screen=replace(settings.screen, text_scale=150)))
    bench.run()
    assert min(icon_sides(bench.window)) >= 30
    bench.workstation.apply(settings)
    bench.run()
    assert icon_sides(bench.window) == {20}


def test_who_it_is_can_be_read_whole_at_large_texts(scaled):
    bench = scaled(200)
    bench.window.resize(1024, 700)
    bench.open(confirm=False)
    bar = bench.window.identity
    bench.until(lambda: bar.height() == bar.layout().heightForWidth(bar.width()))  # it is laid out
    for label in (bar.name, bar.person, bar.patient_id, bar.state):
        assert label.text()
        assert label.width() >= label.sizeHint().width(), label.text()
        assert bar.rect().adjusted(0, 0, 0, 1).contains(label.geometry().translated(label.parentWidget().pos()))
    assert bench.window.width() == 1024


def test_a_column_of_rows_gets_the_height_that_they_wrap_to(holder, qtbot):
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    inner, below = QWidget(), QLabel("below")
    _, made = buttons_in(inner)
    column.addWidget(inner)
    column.addWidget(below, 1)
    holder.resize(210, 300)
    qtbot.wait(1)
    assert inner.height() == 68
    assert below.y() >= 68
    assert made[3].geometry().bottom() < 68


def test_a_list_that_takes_the_keyboard_is_scrolled_into_view(scaled):
    bench = scaled(200)
    bench.window.resize(1024, 700)
    worklist = bench.window.door.worklist
    worklist.filters.set_range(date(2026, 1, 1), date(2026, 12, 31))
    worklist.search()
    bench.until(lambda: worklist.table.rowCount() > 0 and not worklist.is_searching)
    bench.run()
    seen = worklist.list.visibleRegion().boundingRect().height()
    worklist.list.take_focus()
    bench.run()
    assert worklist.list.visibleRegion().boundingRect().height() > seen
