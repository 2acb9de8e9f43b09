"""An idle screen shows no patient; the key that brings it back does nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tests.ui.test_scanner import scan
from workstation.settings import Settings
from workstation.station.monitors import Monitor, Role
from workstation.ui.screens import monitor_key


@pytest.fixture
def read(bench):
    bench.open()
    bench.until(lambda: bench.viewport().plan() is not None)
    yield bench
    bench.workstation.blanking.lift()


def bright(window):
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return float((np.frombuffer(image.constBits(), np.uint8) > 60).mean())


def test_every_window_is_covered_and_one_key_brings_it_back_and_does_nothing_else(read):
    read.window.trigger("desk.add_window")
    read.run(0.1)
    windows = [read.window, *read.window.glasses.windows]
    before = [bright(window) for window in windows]
    assert before[0] > 0.01
    read.workstation.blanking.blank()
    read.run(0.05)
    assert all(bright(window) < 0.004 for window in windows)  # but how to go on
    turns = read.session.active_viewport.state.view.quarter_turns
    QTest.keyClick(read.window, Qt.Key.Key_R)
    read.run(0.4)
    assert not read.workstation.blanking.is_blank
    assert bright(read.window) == pytest.approx(before[0], abs=0.01)
    assert read.session.active_viewport.state.view.quarter_turns == turns
    QTest.keyClick(read.window, Qt.Key.Key_R)
    assert read.session.active_viewport.state.view.quarter_turns == (turns + 1) % 4


def test_a_click_brings_it_back_and_a_bump_of_the_table_does_not(read):
    read.workstation.blanking.blank()
    cover = next(one for one in read.workstation.blanking._covers if one.window() is read.window)
    QTest.mouseMove(cover)
    assert read.workstation.blanking.is_blank
    tool = read.session.tool.value
    QTest.mouseClick(cover, Qt.MouseButton.LeftButton)
    assert not read.workstation.blanking.is_blank
    assert read.session.tool.value == tool


def test_it_goes_blank_after_the_minutes_that_are_set_and_never_with_none(read):
    blanking = read.workstation.blanking
    settings = read.workstation.station.settings
    for minutes, idle_s, is_blank in ((10, 599, False), (10, 600, True), (0, 10**6, False)):
        read.workstation.station.settings = replace(settings, screen=replace(settings.screen, blank_minutes=minutes))
        blanking.lift()
        blanking._touched -= idle_s
        blanking._look()
        assert blanking.is_blank is is_blank
    assert Settings().screen.blank_minutes == 10


def test_a_hand_keeps_it_lit(read):
    blanking = read.workstation.blanking
    blanking._touched -= 10**6
    QTest.mouseMove(read.viewport())
    read.move(read.viewport(), 5, 5, Qt.MouseButton.NoButton)
    blanking._look()
    assert not blanking.is_blank


def test_the_monitor_of_an_operating_room_stays_as_it_is(read):
    key = monitor_key(read.window.screen())
    read.workstation.declare(key, replace(read.workstation.monitors.of(key), role=Role.OPERATING_ROOM))
    read.workstation.blanking.blank()
    assert not read.workstation.blanking.is_blank
    assert isinstance(read.workstation.monitors.of(key), Monitor)


def test_a_scan_into_a_blank_screen_is_a_scan(read, monkeypatch):
    tried = []
    monkeypatch.setattr(read.desk, "open_text", lambda text, passcode, user="": tried.append(text))
    read.window.activateWindow()
    read.workstation.blanking.blank()
    link = read.service.share("2.25.7001001")
    scan(read.window, link)
    read.until(lambda: tried)
    assert tried == [link]
    assert not read.workstation.blanking.is_blank


def test_a_window_that_grows_while_it_is_blank_stays_covered(read):
    read.workstation.blanking.blank()
    read.window.resize(read.window.width() + 150, read.window.height() + 90)
    read.run(0.05)
    cover = next(one for one in read.workstation.blanking._covers if one.window() is read.window)
    assert cover.geometry() == read.window.rect()
    assert QEvent.Type.Resize


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)  # the offscreen platform
def test_a_menu_that_is_open_is_closed(read):
    from PySide6.QtWidgets import QApplication, QMenu

    menu = QMenu(read.window)
    menu.addAction("Ouyang")
    menu.popup(read.window.mapToGlobal(read.window.rect().center()))
    read.run(0.05)
    read.workstation.blanking.blank()
    assert QApplication.activePopupWidget() is None
