"""Deeds that give the film door a picture: what was copied, or a region of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMainWindow

from workstation.errors import LinkError
from workstation.ui.screen_region import ScreenRegion

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.ui.main_window import MainWindow


def _read_clipboard(window: MainWindow) -> None:
    """What was copied: a picture, a picture file, or a link."""
    held = QGuiApplication.clipboard().mimeData()
    files = [url.toLocalFile() for url in held.urls() if url.isLocalFile()] if held is not None else []
    if files:
        window.opener.open_path(files[0])
    elif held is not None and held.hasImage():
        window.opener.open_image(QImage(QGuiApplication.clipboard().image()))
    elif held is not None and held.hasText() and held.text().strip():
        window.show_door()
        window.door.enter_text(held.text())
    else:
        window.show_door()
        window.door.show_error(LinkError("no-picture-copied"))


def _read_screen(window: MainWindow) -> None:
    """The user frames a code on any screen; every window of ours is out of the way meanwhile."""
    ours = [one for one in QApplication.topLevelWidgets() if isinstance(one, QMainWindow)]
    region = ScreenRegion([window, *(one for one in ours if one is not window)], window)
    region.framed.connect(window.opener.open_image)
    region.refused.connect(window.opener.refuse_screen)
    for ends in (region.framed, region.given_up, region.refused):
        ends.connect(region.deleteLater)
    region.begin()


CODE_DEEDS: Final[dict[str, Callable[[MainWindow], None]]] = {
    "read_clipboard": _read_clipboard,
    "read_screen": _read_screen,
}
