"""The scenes of the manual's pictures: the demo's films, as a reader of the manual would see them.

``python -m tests.ui.manual_scenes`` makes the pictures anew, in resources/manual.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from workstation.app import Station, Workstation, make_application
from workstation.cli import demonstration
from workstation.cli.windows import wait
from workstation.locations import resources
from workstation.settings import Settings
from workstation.ui.settings_page import MONITORS

SIZE = (1280, 800)
NAMES = ("door", "door-link", "confirm", "film", "sheet", "lens", "report", "settings", "monitor")
_COLOURS = 128  # of a dark desk: a picture is a third of its size


class Scenes:
    """Goes through the scenes in one language."""

    def __init__(self, app: QApplication, films: Path, language: str) -> None:
        self.app = app
        self.workstation = Workstation(app, Station(Settings()), language=language)
        self.desk = self.workstation.new_desk()
        self.window = self.desk.window
        self.window.resize(*SIZE)
        self.window.show()
        self.running = demonstration._start(films, self.workstation.station.pool)
        demonstration._use(self.workstation, self.running, Settings())
        self.workstation.set_language(language)

    def pictures(self):
        """Each picture with its name."""
        door = self.window.door
        film = door.choices.samples[0].link
        yield "door", self.grab()
        door.enter_text(film)
        yield "door-link", self.grab()
        self.desk.open_text(film, "")
        wait(self.app, lambda: self.desk.is_settled)
        yield "confirm", self.grab()
        self.window.trigger("film.confirm")
        yield "film", self.grab()
        self.window.trigger("sheet.3x4")
        yield "sheet", self.grab()
        self.window.trigger("sheet.3x4")
        self.window.trigger("view.magnifier")
        self.point(self.window.grid.active)
        yield "lens", self.grab()
        self.window.trigger("view.magnifier")
        self.window.open_report(True)
        wait(self.app, lambda: True, 3)
        yield "report", self.grab(1.5)
        self.desk.close_film()
        self.steady()
        self.window.trigger("desk.settings")
        yield "settings", self.grab()
        self.window.settings.groups.setCurrentRow(MONITORS)
        yield "monitor", self.grab()

    def steady(self) -> None:
        """No free port of this run on the page of the settings: the same words each time."""
        settings = self.workstation.station.settings
        source = replace(settings.sources[0], root="https://cloud.example/dicom-web", link_hosts=("film.example",))
        self.workstation.station.settings = replace(settings, sources=(source,), locked=frozenset())

    def point(self, widget) -> None:
        place = QPointF(widget.width() * 0.55, widget.height() * 0.45)
        none = Qt.MouseButton.NoButton
        there = QPointF(widget.mapToGlobal(place))
        event = QMouseEvent(QEvent.Type.MouseMove, place, there, none, none, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget, event)

    def grab(self, seconds: float = 0.0) -> QImage:
        wait(self.app, self.desk.is_painted)
        if seconds:
            import time

            ends = time.monotonic() + seconds
            wait(self.app, lambda: time.monotonic() > ends)
        return self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)

    def close(self) -> None:
        self.workstation.close()
        self.window.hide()
        self.window.deleteLater()
        self.running.service.close()
        self.app.processEvents()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def write_all() -> None:
    """Make every picture of both languages anew."""
    from PIL import Image

    app = make_application(sys.argv[:1])
    with tempfile.TemporaryDirectory() as films:
        for language in ("zh", "en"):
            scenes = Scenes(app, Path(films), language)
            target = resources() / "manual" / language / "pictures"
            target.mkdir(exist_ok=True)
            for name, picture in scenes.pictures():
                file = target / f"{name}.png"
                picture.save(str(file))
                Image.open(file).convert("RGB").quantize(_COLOURS).save(file, optimize=True)
            scenes.close()


if __name__ == "__main__":
    write_all()
