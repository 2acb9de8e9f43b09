"""Several windows of one patient: each says who is on it, keys work in each, and none is out of reach."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.phantoms import ct_stack, write_study
from workstation.station.displays import Box, Display, WindowPlace
from workstation.station.places import load
from workstation.ui.placing import Placing


@pytest.fixture
def two(bench):
    bench.open()
    bench.window.trigger("desk.add_window")
    bench.until(lambda: bench.desk.is_painted())
    bench.run()
    return bench


def test_another_window_shows_more_of_the_same_patient_and_says_who(two):
    (glass,) = two.window.glasses.windows
    assert glass.isVisible()
    assert glass.grid.shown() is not None
    assert glass.identity.patient_id.text() == two.window.identity.patient_id.text() != ""
    assert glass.identity.name.text() == two.window.identity.name.text()


def test_the_identity_bar_of_each_window_is_read_from_its_own_glass(two):
    (glass,) = two.window.glasses.windows
    glass.pane.viewports[0].clear()
    two.run()
    two.window.refresh()
    assert glass.identity.name.text() == ""
    assert two.window.identity.name.text() != ""


def test_keys_typed_in_the_second_window_act_on_its_viewport(two):
    (glass,) = two.window.glasses.windows
    two.press(glass.grid.active, 50, 50)
    two.release(glass.grid.active, 50, 50)
    QTest.keyClick(glass, Qt.Key.Key_I)
    two.run()
    assert glass.pane.active_viewport.state.is_inverted
    assert not two.window.session.panes.value[0].active_viewport.state.is_inverted


def test_a_patient_who_is_put_away_leaves_nothing_in_the_second_window(two):
    (glass,) = two.window.glasses.windows
    two.desk.close_film()
    two.run()
    assert glass.isVisible()
    assert glass.identity.name.text() == ""
    assert glass.grid.shown() is None


def test_the_second_window_closes_by_itself_and_with_the_first(two):
    two.window.trigger("desk.add_window")
    first, second = two.window.glasses.windows
    first.close()
    two.run()
    assert two.window.glasses.windows == (second,)
    assert len(two.session.panes.value) == 2
    two.window.close()
    two.run()
    assert two.window.glasses.windows == ()


def test_as_many_windows_as_stood_there_come_back_at_the_next_start(make_bench):
    first = make_bench()
    first.window.trigger("desk.add_window")
    first.run()
    first.close()
    assert [len(places) for places in load().arrangements.values()] == [2]
    again = make_bench()
    again.window.take_places(again.workstation.places)
    again.run()
    assert len(again.window.glasses.windows) == 1


def test_the_picture_that_is_copied_is_that_of_the_window_in_use(two):
    from workstation.ui.deeds import picture

    (glass,) = two.window.glasses.windows
    two.session.activate(glass.pane.viewports[0])
    two.run()
    made = picture(two.window)
    ratio = glass.grid.active.devicePixelRatioF()
    assert (made.width(), made.height()) == (
        round(glass.grid.active.width() * ratio),
        round(glass.grid.active.height() * ratio),
    )


def test_a_sheet_of_forty_tiles_shows_forty_images_and_each_says_whose(bench):
    from workstation.ui.overlay_painter import OverlayPainter

    bench.open()
    names = []
    drawn = OverlayPainter._corner

    def watched(self, corner, *, identity_only):
        names.append(corner.lines[0] if corner.is_identity else "")
        drawn(self, corner, identity_only=identity_only)

    bench.window.trigger("sheet.3x4")
    bench.until(lambda: bench.desk.is_painted())
    shown = [widget.shown() for widget in bench.window.grid.widgets[:12]]
    there = [one for one in shown if one is not None]
    assert len({one.instance.sop_instance_uid for one in there}) == len(there) == min(12, 9)
    OverlayPainter._corner = watched
    try:
        bench.window.grid.repaint_all()
        bench.run()
    finally:
        OverlayPainter._corner = drawn
    assert sum(bool(name) for name in names) >= len(there)
    assert sum(not name for name in names) >= len(there)  # and which image it is
    bench.window.trigger("desk.back")
    assert bench.session.pane.layout.value == (1, 1)


def test_the_lens_shows_the_pixels_under_the_pointer_larger_and_leaves_the_rest(bench):
    bench.open()
    widget = bench.viewport()
    before = _pixels(widget)
    bench.window.trigger("view.magnifier")
    x, y = widget.width() / 2, widget.height() / 2
    bench.move(widget, x, y, Qt.MouseButton.NoButton)
    bench.run()
    after = _pixels(widget)
    changed = np.argwhere((before != after).any(axis=2))
    assert len(changed)
    assert np.abs(changed.mean(axis=0) - (y, x)).max() < 25  # round the pointer
    assert np.ptp(changed[:, 1]) < widget.width() / 2  # and nowhere else
    middle = before[round(y), round(x)]
    assert np.abs(after[round(y), round(x)].astype(int) - middle).max() <= 40  # the same place stays under the pointer
    bench.window.trigger("desk.back")
    bench.run()
    assert (_pixels(widget) == before).all()


def test_the_lens_is_not_on_a_picture_that_leaves_the_program(bench):
    from workstation.ui.deeds import picture

    bench.open()
    widget = bench.viewport()
    without = _pixels_of(picture(bench.window))
    bench.window.trigger("view.magnifier")
    bench.move(widget, widget.width() / 2, widget.height() / 2, Qt.MouseButton.NoButton)
    bench.run()
    assert (_pixels_of(picture(bench.window)) == without).all()


def _pixels(widget):
    return _pixels_of(widget.grab().toImage())


def _pixels_of(image):
    image = image.convertToFormat(image.Format.Format_RGB32)
    values = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return values[:, : image.width(), :3].copy()


class Room:
    """Monitors that come and go."""

    def __init__(self, *displays):
        self.displays = list(displays)

    def __call__(self):
        return self.displays


LEFT = Display("left", Box(0, 0, 800, 800))
RIGHT = Display("right", Box(800, 0, 800, 800))


def test_a_window_goes_back_to_its_monitor_when_that_is_plugged_in_again(qtbot):
    from PySide6.QtWidgets import QWidget

    room = Room(LEFT, RIGHT)
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(850, 40, 700, 600)
    window.show()
    placing = Placing(lambda: (window,), window, room)
    placing.note()
    room.displays = [LEFT]
    placing.on_monitors_changed()
    assert window.geometry().right() < 800
    placing.note()  # where it stands without the monitor is another matter
    room.displays = [LEFT, RIGHT]
    placing.on_monitors_changed()
    assert (window.geometry().x(), window.geometry().y(), window.width()) == (850, 40, 700)


def test_a_window_moves_to_the_next_monitor_with_its_share_of_it(qtbot):
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(80, 40, 700, 600)
    window.show()
    placing = Placing(lambda: (window,), window, Room(LEFT, RIGHT))
    placing.to_next_monitor(window)
    assert window.geometry().getRect() == (880, 40, 700, 600)


def test_a_place_that_was_noted_for_other_monitors_is_not_used(qtbot):
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(10, 10, 700, 600)
    placing = Placing(lambda: (window,), window, Room(LEFT))
    placing.arrangements = {"another room": (WindowPlace("left", 0.1, 0.1, 0.9, 0.9),)}
    placing.restore()
    assert window.geometry().getRect() == (10, 10, 700, 600)


@pytest.mark.skipif(not shutil.which("xrandr") or not shutil.which("xvfb-run"), reason="needs xrandr and Xvfb")
def test_a_hundred_changes_of_monitors_leave_every_window_on_a_visible_one(tmp_path):
    """Real changes: an X server whose monitors are redefined while four windows of a film stand on them."""
    script = Path(__file__).with_name("monitors.py")
    root = Path(__file__).parents[2]
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(root), "HOME": str(tmp_path)}
    environment.pop("DISPLAY", None)
    command = ["xvfb-run", "-a", "-s", "-screen 0 3840x2160x24", sys.executable, str(script), "100"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["changes"] == 100
    assert told["arrangements"] > 20
    assert told["out of reach"] == []


@pytest.mark.parametrize("scale", ["1.25", "1.5", "2", "3"])
def test_at_every_screen_scale_images_are_drawn_in_device_pixels_and_no_text_is_cut(tmp_path, scale):
    folder = write_study(tmp_path / "film", ct_stack(3))
    root = Path(__file__).parents[2]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale, "HOME": str(tmp_path)}
    command = [sys.executable, str(Path(__file__).with_name("scaled.py")), str(folder)]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["ratio"] == float(scale)
    assert told["canvas"] == [round(side * float(scale)) for side in told["widget"]]
    assert told["cut"] == []
