"""Redefines the monitors of the X server it runs on, again and again, and says which windows were out of reach.

Run under Xvfb with Qt's xcb platform: ``xvfb-run python tests/ui/monitors.py 100``.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from workstation.app import Station, Workstation, make_application
from workstation.settings import Settings
from workstation.ui import placing

ROOM = (3840, 2160)
SHAPES = ((1920, 1080), (1280, 1024), (1080, 1920), (2048, 1536), (1536, 2048), (1024, 768), (3840, 2160))


def set_monitors(areas: list[QRect], before: int) -> None:
    """What `xrandr` can say without a second graphics card: monitors as parts of one large screen."""
    for number in range(before):
        subprocess.run(["xrandr", "--delmonitor", f"M{number}"], check=True)
    for number, area in enumerate(areas):
        x, y, width, height = area.getRect()
        where = f"{width}/{width // 4}x{height}/{height // 4}+{x}+{y}"
        subprocess.run(["xrandr", "--setmonitor", f"M{number}", where, "screen" if number == 0 else "none"], check=True)


def arrangement(dice: random.Random) -> list[QRect]:
    """One to four monitors beside each other."""
    areas: list[QRect] = []
    left = 0
    for _ in range(dice.randint(1, 4)):
        width, height = dice.choice(SHAPES)
        width, height = min(width, ROOM[0] - left), min(height, ROOM[1])
        if width < 800:
            break
        areas.append(QRect(left, dice.randint(0, ROOM[1] - height), width, height))
        left += width
    return areas


def main(changes: int) -> None:
    """See the module."""
    placing._SETTLED_MS = 30
    app = make_application(sys.argv[:1])
    dice = random.Random(20261122)
    workstation = Workstation(app, Station(Settings()), language="en")
    desk = workstation.new_desk()
    desk.window.show()
    for _ in range(3):
        desk.window.add_window()
    out: list[str] = []
    seen = set()
    before = 0
    for change in range(changes):
        areas = arrangement(dice)
        set_monitors(areas, before)
        before = len(areas)
        ends = time.monotonic() + 0.12
        while time.monotonic() < ends or desk.window.placing._settle.isActive():
            app.processEvents()
            time.sleep(0.002)
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        seen.add(str([screen.getRect() for screen in screens]))
        for number, window in enumerate((desk.window, *desk.window.glasses.windows)):
            top = QRect(window.x(), window.y(), window.width(), 32)
            held = max((screen.intersected(top).width() for screen in screens), default=0)
            if held < min(200, window.width()):
                out.append(f"change {change}, window {number}: {window.geometry().getRect()} on {sorted(seen)[-1]}")
        if dice.random() < 0.5:  # a hand moves a window now and then
            moved = dice.choice((desk.window, *desk.window.glasses.windows))
            screen = dice.choice(screens)
            moved.setGeometry(screen.x() + dice.randint(0, 200), screen.y() + dice.randint(0, 200), 700, 600)
    workstation.close()
    print(json.dumps({"changes": changes, "arrangements": len(seen), "out of reach": out}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
