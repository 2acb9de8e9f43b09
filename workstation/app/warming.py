"""What the first window does without and the first film needs: imported behind the window, once it is on the screen.

The network's libraries and pydicom take half a second to import. A window that shows the film door needs none of them,
so the modules that do are imported where they are first used, in functions of `desk`, `station`, `codes` and `office`.
A thread imports them here in the meantime; who needs one sooner calls `warm_up` first.

OpenCV is not among them: while it is imported it changes the search path, which a worker process that is started at
that moment inherits, and dies of.
"""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Final

MODULES: Final = (
    "workstation.dicom.part10",
    "workstation.film.resolve",
    "workstation.film.worklist",
    "workstation.archive.loader",
    "workstation.archive.media",
    "pypinyin",
)


_lock = threading.Lock()
_is_warm = threading.Event()


def warm_up() -> None:
    """Import them, in the order in which a film would ask; whoever comes meanwhile waits until they are there.

    One thread at a time: two threads that import pydicom from both ends of one of its import cycles see each other's
    half-made modules, and fail.
    """
    if _is_warm.is_set():
        return
    with _lock:
        for name in MODULES:
            import_module(name)
        _is_warm.set()
