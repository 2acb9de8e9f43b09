"""The windowed program in a process of its own, as a user starts it, that tells on stdout what is on the screen.

``python tests/ui/driven.py ARGUMENTS``: the arguments of `workstation`. A line on stdin is answered with a line of
JSON; ``settled`` waits until a film is open; ``offers`` waits until the door offers something; ``close`` ends it.
"""

from __future__ import annotations

import json
import queue
import sys
import threading

from PySide6.QtCore import QTimer

from workstation.cli import main, windows


def state(desk) -> dict[str, object]:
    door = desk.window.door
    return {
        "totals": [number for film in desk.session.films.value for number in film.totals],
        "films": [film.instances[0].study.study_instance_uid for film in desk.session.films.value],
        "offers": [door.choices.list.item(row).text() for row in range(door.choices.list.count())],
        "details": [str(offer.detail) for offer in door.choices.left_over],
        "says": door.understood.text(),
        "error": desk.last_error.code if desk.last_error else "",
        "measured": [one.text for one in desk.session.markings.items.value],
        "fate": DESKS[-1].fate.value.value,
        "windows": len([w for w in windows_of() if w.isVisible()]),
    }


def measure(desk, name: str) -> None:
    """A length on the image that is shown."""
    from dataclasses import replace

    from workstation.dicom.geometry import ImagePoint
    from workstation.measuring.measurement import Kind
    from workstation.viewing.markings import Draft

    shown = desk.window.shown()
    draft = Draft(Kind.LENGTH, shown.frame.key, (ImagePoint(10, 10), ImagePoint(40, 10)), placed=2)
    desk.session.markings.add(replace(desk.session.markings.make(draft, shown.instance), text=name))


def windows_of():
    from PySide6.QtWidgets import QApplication, QMainWindow

    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMainWindow)]


def run_until_closed(app) -> int:
    """Instead of the plain event loop: the same, and answers."""
    asked: queue.SimpleQueue[str] = queue.SimpleQueue()

    def hear() -> None:
        for line in sys.stdin:
            asked.put(line)

    threading.Thread(target=hear, daemon=True).start()
    waiting: list[str] = []

    def look() -> None:
        while not asked.empty():
            waiting.append(asked.get())
        desk = DESKS[-1]
        if not waiting:
            return
        wish = waiting[0].strip()
        now = state(desk)
        is_there = {
            "settled": bool(now["films"]) and desk.is_settled,
            "offers": bool(now["offers"]),
            "state": True,
            "close": True,
            "choose": True,
            "measure": desk.window.is_reading and desk.window.shown() is not None,
            "measured": bool(now["measured"]) and now["fate"] != "unknown",
            "failed": bool(now["error"]),
        }[wish.split()[0]]
        if not is_there:
            return
        waiting.pop(0)
        if wish.startswith("choose"):
            desk.window.door.choices.choose(desk.window.door.choices.list.item(int(wish.split()[1])))
        if wish.startswith("measure "):
            measure(desk, wish.split()[1])
        print(json.dumps(now), flush=True)
        if wish == "close":
            app.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(10)
    return app.exec()


DESKS = []


def listen() -> None:
    from workstation.app import Workstation

    made = Workstation.new_desk

    def new_desk(self):
        desk = made(self)
        DESKS.append(desk)
        return desk

    Workstation.new_desk = new_desk
    windows.run_until_closed = run_until_closed


if __name__ == "__main__":
    listen()
    sys.exit(main(sys.argv[1:]))
