"""Whoever works without a mouse sees where the focus is; whoever hears the screen hears what each control is."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QTextBrowser,
    QWidget,
)

from tests.ui.test_cut_texts import scenes
from workstation.ui.viewport_widget import ViewportWidget

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QTextBrowser, ViewportWidget)
_INSIDE = (
    QLineEdit,
    QComboBox,
    QAbstractSpinBox,
    QAbstractItemView,
    QKeySequenceEdit,
)  # whose own parts are not controls


def controls(window):
    for widget in window.findChildren(QWidget):
        if isinstance(widget, CONTROLS) and widget.isVisible() and not isinstance(widget.parent(), _INSIDE):
            yield widget


def name_of(widget):
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_control_has_a_name_for_screen_readers(make_bench, language):
    bench = make_bench(language=language)
    nameless = set()
    for scene in scenes(bench):
        windows = [bench.window, *bench.window.glasses.windows, *([bench.window.manual] if bench.window.manual else [])]
        for window in windows:
            for widget in controls(window):
                if not name_of(widget).strip():
                    nameless.add(f"{scene}: {type(widget).__name__} {widget.objectName()}")
    assert not nameless, "\n".join(sorted(nameless))


def test_the_focus_can_be_seen_on_every_control(bench):
    unseen = set()
    for scene in scenes(bench):
        window = bench.window
        window.activateWindow()
        bench.run()
        for widget in list(controls(window)):
            takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
            if not takes or isinstance(widget, (ViewportWidget, QTextBrowser)):
                continue
            if QApplication.focusWidget() is widget:
                widget.clearFocus()
            bench.run(0.005)
            before = pixels(widget)
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            bench.run(0.005)
            if QApplication.focusWidget() is widget and np.array_equal(before, pixels(widget)):
                unseen.add(f"{scene}: {type(widget).__name__} {name_of(widget)}")
    assert not unseen, "\n".join(sorted(unseen))


def pixels(widget):
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).copy()


def test_tab_walks_through_the_film_door_and_comes_back(bench):
    bench.window.activateWindow()
    bench.window.door.field.setFocus()
    seen = []
    for _ in range(30):
        bench.window.focusNextChild()
        bench.run(0.002)
        seen.append(QApplication.focusWidget())
        if seen[-1] is bench.window.door.field:
            break
    assert seen[-1] is bench.window.door.field
    assert bench.window.door.open_button in seen
