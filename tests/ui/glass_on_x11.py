"""On an X server: a film's window goes to another monitor, and what is sent to the glass is read back from the server.

``xvfb-run python tests/ui/glass_on_x11.py FOLDER FRAMEBUFFERS``; the server keeps its picture in a file of FRAMEBUFFERS
(``-fbdir``), each pixel as it would leave for the monitor. Prints JSON.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
from PySide6.QtGui import QGuiApplication

from workstation.app import Station, Workstation, make_application
from workstation.cli.windows import wait
from workstation.dicom.luminances import PATCHES, Measured
from workstation.rendering.planar import sample
from workstation.settings import Settings
from workstation.station.monitors import Check, Monitor, Role, Way
from workstation.ui.screens import bits_of, function_of, monitor_key
from workstation.viewing.projection import View

OFFICE = Measured(PATCHES, tuple(0.3 + 250 * (level / 255) ** 2.2 for level in PATCHES), 0.1)


def framebuffer(folder: Path) -> np.ndarray:
    """The green of the server's picture, (rows, columns), in its own bits (the xwd format, which the server writes)."""
    data = (folder / "Xvfb_screen0").read_bytes()
    header = struct.unpack(">25I", data[:100])
    size, width, height, stride, masks, colours = header[0], header[4], header[5], header[12], header[14:17], header[19]
    whole = np.frombuffer(data, "<u4", height * stride // 4, size + 12 * colours).reshape(height, stride // 4)
    shift = (masks[1] & -masks[1]).bit_length() - 1
    return (whole[:, :width] & masks[1]) >> shift


def main(film: str, buffers: str) -> None:
    app = make_application(sys.argv[:1])
    if "--two" in sys.argv:
        for number, left in enumerate((0, 1400)):
            where = f"1400/350x1000/250+{left}+0"
            name = "screen" if number == 0 else "none"
            subprocess.run(["xrandr", "--setmonitor", f"M{number}", where, name], check=True)
        wait(app, lambda: len(QGuiApplication.screens()) == 2)
    screens = QGuiApplication.screens()
    workstation = Workstation(app, Station(Settings()), language="zh")
    measured = Monitor(Role.DIAGNOSTIC, Way.SOFTWARE, OFFICE, Check(date.today().isoformat(), 0.05))
    workstation.declare(monitor_key(screens[-1]), measured)
    desk = workstation.new_desk()
    desk.window.setGeometry(20, 20, 1300, 900)
    desk.window.show()
    desk.open_path(film)
    wait(app, lambda: desk.is_settled)
    desk.window.trigger("film.confirm")
    told = {"bits": [bits_of(screen) for screen in screens], "screens": []}
    for screen in screens:
        desk.window.move(screen.geometry().topLeft().x() + 20, 20)
        desk.session.active_viewport.set_view(View(scale=3.0))
        ends = time.monotonic() + 1.0
        while time.monotonic() < ends:
            app.processEvents()
            time.sleep(0.005)
        told["screens"].append(seen(desk, Path(buffers)))
    workstation.close()
    print(json.dumps(told))


def seen(desk, buffers: Path) -> dict:
    """Whether the middle of the image has, on the server, the levels that its monitor shall get."""
    widget = desk.window.grid.active
    plan = widget.plan()
    samples, (left, top) = sample(plan.shown.frame.values, plan)
    corner = widget.mapToGlobal(widget.rect().topLeft())
    rows, columns = samples.shape
    box = slice(rows // 3, 9 * rows // 20), slice(columns // 3, columns // 2)  # the pointer stands in the middle
    x, y = corner.x() + left, corner.y() + top
    found = framebuffer(buffers)[y + box[0].start : y + box[0].stop, x + box[1].start : x + box[1].stop]
    brightness = plan.voi.p_values(plan.shown.grayscale.modality.values(samples[box]))
    monitor = desk.session.monitors.value.of(monitor_key(widget.screen()))
    function = function_of(monitor, bits_of(widget.screen()))
    wished = np.rint(brightness * 255) if function is None else function.driven(brightness)
    return {
        "screen": widget.screen().name(),
        "way": monitor.way,
        "equal": bool(np.array_equal(found, wished)),
        "levels": len(np.unique(found)),
        "upper_eight": len(np.unique(found >> 2)),
        "status": desk.window.status.monitor.text(),
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
