"""A whole workstation before the embedded cloud, on Qt's offscreen platform."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.phantoms import CT_STUDY
from workstation.app import Station, Workstation
from workstation.station.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator


class Bench:
    """A workstation under test, with hands."""

    def __init__(self, app: QApplication, service, settings=None, language="en") -> None:
        self.app = app
        self.service = service
        self._is_closed = False
        vault = Vault()
        for name, secret in service.secrets.items():
            vault.remember(name, secret, keep=False)
        self.workstation = Workstation(app, Station(settings or service.settings, vault), language=language)
        self.desk = self.workstation.new_desk()
        self.window = self.desk.window
        self.window.resize(1400, 900)
        self.window.show()
        self.run()

    @property
    def session(self):
        return self.desk.session

    def run(self, seconds: float = 0.02) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            self.app.processEvents()
            time.sleep(0.001)

    def until(self, condition, seconds: float = 20.0) -> None:
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, "it did not happen in time"
            self.app.processEvents()
            time.sleep(0.002)

    def open(self, study: str = CT_STUDY, *, confirm: bool = True, **share) -> None:
        self.enter(self.service.share(study, **share))
        self.until(lambda: self.desk.is_settled)
        assert self.desk.last_error is None, self.desk.last_error
        self.run()
        if confirm:
            self.window.trigger("film.confirm")
            self.run()

    def enter(self, text: str, passcode: str = "") -> None:
        self.window.door.enter_text(text)
        self.desk.open_text(text, passcode)

    def viewport(self, number: int = 0):
        return self.window.grid.widgets[number]

    def press(self, widget, x, y, button=Qt.MouseButton.LeftButton):
        self._mouse(QEvent.Type.MouseButtonPress, widget, x, y, button, button)

    def move(self, widget, x, y, button=Qt.MouseButton.LeftButton):
        self._mouse(QEvent.Type.MouseMove, widget, x, y, Qt.MouseButton.NoButton, button)

    def release(self, widget, x, y, button=Qt.MouseButton.LeftButton):
        self._mouse(QEvent.Type.MouseButtonRelease, widget, x, y, button, Qt.MouseButton.NoButton)

    def drag(self, widget, start, end, button=Qt.MouseButton.LeftButton):
        self.press(widget, *start, button)
        self.move(widget, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2, button)
        self.move(widget, *end, button)
        self.release(widget, *end, button)
        self.run()

    def double_click(self, widget, x, y):
        self._mouse(QEvent.Type.MouseButtonDblClick, widget, x, y, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton)
        self.run()

    def wheel(self, widget, steps, modifiers=Qt.KeyboardModifier.NoModifier):
        from PySide6.QtCore import QPoint

        middle = QPointF(widget.width() / 2, widget.height() / 2)
        event = QWheelEvent(middle, QPointF(widget.mapToGlobal(middle)), QPoint(), QPoint(0, -120 * steps),
                            Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
        QApplication.sendEvent(widget, event)
        self.run()

    def _mouse(self, kind, widget, x, y, button, buttons):
        place = QPointF(x, y)
        event = QMouseEvent(
            kind, place, QPointF(widget.mapToGlobal(place)), button, buttons, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(widget, event)

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        windows = [desk.window for desk in self.workstation.desks]
        self.workstation.close()
        for window in [*windows, self.window]:
            window.hide()
            window.deleteLater()
        self.run()
        # Without a running event loop Qt keeps what was to be deleted: each new style sheet would dress it again.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def make_bench(qapp, service):
    made = []

    def make(service=service, **keywords):
        bench = Bench(qapp, service, **keywords)
        made.append(bench)
        return bench

    yield make
    for bench in made:
        bench.close()


@pytest.fixture
def bench(make_bench) -> Iterator[Bench]:
    return make_bench()


@pytest.fixture
def without_export(service):
    settings = service.settings
    return replace(settings, policy=replace(settings.policy, export=False, open_files=False))
