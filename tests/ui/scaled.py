"""Opens a folder's film at the screen scale that the environment sets, and says what is cut and how images are drawn.

``QT_SCALE_FACTOR=1.5 python tests/ui/scaled.py FOLDER``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.ui.cuts import cut_texts
from workstation.app import Station, Workstation, make_application
from workstation.cli.windows import wait
from workstation.settings import Settings


def main(folder: str) -> None:
    app = make_application(sys.argv[:1])
    workstation = Workstation(app, Station(Settings()), language="zh")
    desk = workstation.new_desk()
    desk.window.resize(1280, 760)
    desk.window.show()
    cut = cut_texts(desk.window)
    desk.open_path(folder)
    wait(app, lambda: desk.is_settled)
    desk.window.trigger("film.confirm")
    wait(app, desk.is_painted)
    cut += cut_texts(desk.window)
    desk.window.trigger("desk.settings")
    wait(app, lambda: True)
    cut += cut_texts(desk.window)
    widget = desk.window.grid.active
    plan = widget.plan()
    told = {
        "ratio": widget.devicePixelRatioF(),
        "canvas": list(plan.canvas),
        "widget": [widget.width(), widget.height()],
        "cut": cut,
    }
    workstation.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
