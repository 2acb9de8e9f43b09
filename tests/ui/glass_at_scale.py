"""At the screen scale that the environment sets: are test patterns pixel for pixel, and how large is a disc of 32 mm?

``QT_SCALE_FACTOR=1.17 python tests/ui/glass_at_scale.py FOLDER``: the folder holds a film of the disc. Prints JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from workstation.app import Station, Workstation, make_application
from workstation.cli.windows import wait
from workstation.dicom.display_function import fitted
from workstation.dicom.luminances import PATCHES, Measured
from workstation.rendering.patterns import PATTERNS
from workstation.settings import Settings
from workstation.station.monitors import Monitor
from workstation.ui.grey_picture import grey_pixels
from workstation.ui.pattern_window import PatternWindow
from workstation.ui.screens import device_size, monitor_key

PIXEL_MM = (0.2501, 0.2499)
OFFICE = Measured(PATCHES, tuple(0.3 + 250 * (level / 255) ** 2.2 for level in PATCHES))


def main(folder: str) -> None:
    app = make_application(sys.argv[:1])
    screen = app.primaryScreen()
    told = {"ratio": screen.devicePixelRatio(), "screen": list(device_size(screen)), "patterns": patterns(app, screen)}
    workstation = Workstation(app, Station(Settings()), language="zh")
    workstation.declare(monitor_key(screen), Monitor(pixel_mm=PIXEL_MM))
    desk = workstation.new_desk()
    desk.window.resize(round(1300 / told["ratio"]), round(1100 / told["ratio"]))
    desk.window.show()
    desk.open_path(folder)
    wait(app, lambda: desk.is_settled)
    desk.window.trigger("film.confirm")
    told["disc_mm"] = []
    for _ in range(2):
        desk.window.trigger("view.life_size")
        wait(app, desk.is_painted)
        told["disc_mm"].append(disc(desk.window.grid.active))
        desk.window.trigger("view.rotate")
    workstation.close()
    print(json.dumps(told))


def patterns(app, screen) -> dict[str, bool]:
    """Whether each pixel of the framebuffer has the level of the pattern, and of a monitor's table."""
    found = {}
    for name, make in PATTERNS.items():
        for function in (None, fitted(OFFICE, 8)):
            window = PatternWindow(screen, function, name)
            window.open()
            wait(app, window.isVisible)
            seen = grey_pixels(window.grab().toImage())
            wished = make(seen.shape[1], seen.shape[0])
            if function is not None:
                wished = function.driven(np.arange(256) / 255)[wished]
            key = name if function is None else f"{name} through a table"
            found[key] = seen.shape[::-1] == window.pixels() and bool(np.array_equal(seen, wished))
            window.close()
    return found


def disc(widget) -> tuple[float, float]:
    """How wide and how high the disc is on the glass, in millimetres: the light of its middle row and column."""
    seen = grey_pixels(widget.grab().toImage()).astype(float) / 255
    plan = widget.plan()
    left, top, right, bottom = plan.projection.rectangle()
    x, y = round((left + right) / 2), round((top + bottom) / 2)
    near = 80  # pixels: 20 mm, beyond which the letters of the edges stand
    row, column = seen[y, x - near : x + near], seen[y - near : y + near, x]
    return float(row.sum() * PIXEL_MM[0]), float(column.sum() * PIXEL_MM[1])


if __name__ == "__main__":
    main(sys.argv[1])
