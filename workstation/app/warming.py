"""What the first window does without: imported behind it, once it is on the screen, in the order in which it is needed.

A window that shows the film door needs neither numpy nor OpenCV, neither the network's libraries nor pydicom: together
they take a second to import. So what needs them is imported where it is first used: the pages of the window in
`ui.main_window`, the rest in functions of `desk`, `station`, `codes`, `papers` and `office`. A thread imports it here
in the meantime; who needs some of it sooner calls one of these functions first, or waits for the module's lock.

Qt's modules, and ours that are made of them, are imported on the main thread alone: Qt for Python crashes where one of
its modules is imported while another thread makes objects of its classes. So `PAGES` are imported there, one at a time.
"""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Final

PICTURES: Final = (
    "workstation.dicom.display_function",
    "workstation.rendering.planar",
    "workstation.viewing.overlay",
    "workstation.viewing.presets",
    "workstation.viewing.documents",
    "workstation.workers.documents",
)
PAGES: Final = (
    "workstation.ui.layout_grid",
    "workstation.ui.report_pane",
    "workstation.ui.reading_page",
    "workstation.ui.settings_page",
    "workstation.ui.manual_page",
    "workstation.ui.speed_window",
)
MODULES: Final = (
    "workstation.dicom.part10",
    "workstation.film.resolve",
    "workstation.film.worklist",
    "workstation.archive.line",
    "workstation.archive.loader",
    "workstation.archive.store.shelf",
    "workstation.archive.media",
    "pypinyin",
)


_lock = threading.Lock()
_is_warm = threading.Event()


def warm_pictures() -> None:
    """Import numpy and OpenCV, and what paints with them, before any worker process starts.

    While OpenCV is imported it changes the search path, which a process that is started at that moment inherits, and
    dies of.
    """
    for name in PICTURES:
        import_module(name)


def warm_up() -> None:
    """Import what opens films, in the order in which one would ask; whoever comes meanwhile waits until it is there.

    One thread at a time: two threads that import pydicom from both ends of one of its import cycles see each other's
    half-made modules, and fail.
    """
    if _is_warm.is_set():
        return
    with _lock:
        for name in MODULES:
            import_module(name)
        _is_warm.set()
