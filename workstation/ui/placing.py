"""`Placing`: windows stand where they stood on these monitors, and never where no hand can reach them.

While the monitors stay the same, every move is noted. When a monitor comes, goes or changes its scale, the windows
go where they stood on the monitors that are there now, or into reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QScreen

from workstation.station.displays import (
    LEAST_HEIGHT,
    LEAST_WIDTH,
    Box,
    Display,
    WindowPlace,
    arrangement_of,
    box_of,
    in_reach,
    note_place,
    remembered,
)
from workstation.ui.screens import maker_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

_SETTLED_MS: Final = 250  # monitors are announced one by one, and the desktop moves windows itself meanwhile
_NOTED_MS: Final = 400


def displays() -> list[Display]:
    """The monitors that are there."""
    return [Display(maker_key(screen), _box(screen.availableGeometry())) for screen in QGuiApplication.screens()]


def _box(area: QRect) -> Box:
    return Box(area.x(), area.y(), area.width(), area.height())


class Placing(QObject):
    """Places the windows of one session.

    Parameters
    ----------
    windows : callable
        The windows, the main one first.
    screens : callable, optional
        The monitors that are there.
    """

    def __init__(
        self,
        windows: Callable[[], Sequence[QWidget]],
        parent: QObject,
        screens: Callable[[], list[Display]] = displays,
    ) -> None:
        super().__init__(parent)
        self._windows = windows
        self._screens = screens
        self.arrangements: dict[str, tuple[WindowPlace, ...]] = {}
        self._key = arrangement_of(screens())
        self._settle = self._timer(_SETTLED_MS, self.on_monitors_changed)
        self._note = self._timer(_NOTED_MS, self.note)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self._on_screen)
            app.screenRemoved.connect(self._settle.start)
            app.primaryScreenChanged.connect(self._settle.start)
        for screen in QGuiApplication.screens():
            self._listen(screen)

    def _timer(self, milliseconds: int, call: Callable[[], None]) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(milliseconds)
        made.timeout.connect(call)
        return made

    def _on_screen(self, screen: QScreen) -> None:
        self._listen(screen)
        self._settle.start()

    def _listen(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self._settle.start)
        screen.logicalDotsPerInchChanged.connect(self._settle.start)

    def watch(self, window: QWidget) -> None:
        """Note where a window is moved to."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange):
            self._note.start()
        return super().eventFilter(watched, event)

    def note(self) -> None:
        """Remember where the windows stand on these monitors."""
        screens = self._screens()
        if not screens or arrangement_of(screens) != self._key or self._settle.isActive():
            return  # the desktop is moving them, not the hand
        windows = [window for window in self._windows() if window.isVisible() and not window.isMinimized()]
        if windows and windows[0] is self._windows()[0]:
            places = tuple(self._place(window, screens) for window in windows)
            self.arrangements = remembered(self.arrangements, self._key, places)

    def _place(self, window: QWidget, screens: list[Display]) -> WindowPlace:
        normal = window.normalGeometry() if window.isMaximized() or window.isFullScreen() else window.geometry()
        box = _box(normal) if normal.isValid() else _box(window.geometry())
        return note_place(box, screens, maximised=window.isMaximized(), full_screen=window.isFullScreen())

    def count(self) -> int:
        """How many windows stood on the monitors that are there; 0 when that is not known."""
        return len(self.arrangements.get(self._key, ()))

    def on_monitors_changed(self) -> None:
        """The monitors are others, or other ones: put every window where it stood on them, or into reach."""
        self._key = arrangement_of(self._screens())
        self.restore()

    def restore(self) -> None:
        """Put the windows where they stood on these monitors; those not known, into reach."""
        screens = self._screens()
        if not screens:
            return
        places = self.arrangements.get(self._key, ())
        for number, window in enumerate(self._windows()):
            place = places[number] if number < len(places) else None
            box = box_of(place, screens) if place is not None else None
            if place is not None and box is not None and box.width >= LEAST_WIDTH and box.height >= LEAST_HEIGHT:
                self._put(window, box, place)
            else:
                self._reach(window, screens)

    def _reach(self, window: QWidget, screens: list[Display]) -> None:
        now = _box(window.geometry())
        safe = in_reach(now, screens)
        if safe != now and not (window.isMaximized() or window.isFullScreen()):
            window.setGeometry(QRect(*safe))
        elif safe != now:
            state = window.windowState()
            window.showNormal()
            window.setGeometry(QRect(*safe))
            window.setWindowState(state)

    def _put(self, window: QWidget, box: Box, place: WindowPlace) -> None:
        if window.windowState() & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen):
            window.setWindowState(Qt.WindowState.WindowNoState)
        window.setGeometry(QRect(*box))
        if place.is_full_screen:
            window.setWindowState(Qt.WindowState.WindowFullScreen)
        elif place.is_maximised:
            window.setWindowState(Qt.WindowState.WindowMaximized)

    def place_new(self, window: QWidget) -> None:
        """Put the newest window where one stood before, else onto a monitor that shows none of the others."""
        screens = self._screens()
        others = [one for one in self._windows() if one is not window]
        places = self.arrangements.get(self._key, ())
        if not screens:
            return
        if len(others) < len(places):
            place = places[len(others)]
        else:
            taken = {self._place(other, screens).display for other in others}
            free = [display.key for display in screens if display.key not in taken]
            if not free:
                return
            place = WindowPlace(free[0], 0.05, 0.05, 0.9, 0.9, is_maximised=True)
        box = box_of(place, screens)
        if box is not None:
            self._put(window, box, place)

    def to_next_monitor(self, window: QWidget) -> None:
        """Move a window to the monitor after its own, keeping its shares of it."""
        screens = self._screens()
        if len(screens) < 2:
            return
        place = self._place(window, screens)
        at = next(n for n, display in enumerate(screens) if display.key == place.display)
        following = screens[(at + 1) % len(screens)]
        moved = WindowPlace(
            following.key, place.left, place.top, place.width, place.height, place.is_maximised, place.is_full_screen
        )
        box = box_of(moved, screens)
        if box is not None:
            self._put(window, box, moved)
