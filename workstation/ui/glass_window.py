"""`GlassWindow`: another window of the same session, for another monitor: who is on it, and its viewports.

`GlassWindows` makes and closes them for a main window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from workstation.ui.language import tr
from workstation.ui.shortcuts import Shortcuts

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from workstation.dicom.pixels import FrameKey
    from workstation.ui.layout_grid import LayoutGrid
    from workstation.viewing.panes import Pane
    from workstation.viewing.session import ReadingSession


class Front(Protocol):
    """The main window, as its other windows see it."""

    @property
    def session(self) -> ReadingSession:
        """What is read."""
        ...

    def trigger(self, action_id: str) -> None:
        """Run a command."""
        ...

    def on_probed(self, words: str) -> None:
        """What is under the pointer."""
        ...

    def show_menu(self, place: QPoint) -> None:
        """The menu of the active viewport."""
        ...

    def on_painted(self) -> None:
        """A viewport painted a frame that it had not shown before."""
        ...

    def refresh(self) -> None:
        """Something that the bars say may be another."""
        ...


class GlassWindow(QMainWindow):
    """A window with viewports of the main window's session.

    Signals
    -------
    closed : the window was closed
    """

    closed = Signal()

    def __init__(self, front: Front, pane: Pane) -> None:
        from workstation.ui.bars import IdentityBar  # with what paints images: the first window does without
        from workstation.ui.layout_grid import LayoutGrid

        super().__init__()
        self.pane = pane
        self._front = front
        self.identity = IdentityBar(self)
        self.grid = LayoutGrid(front.session, pane, self)
        self.grid.probed.connect(front.on_probed)
        self.grid.menu_asked.connect(front.show_menu)
        self.grid.painted.connect(front.on_painted)
        self.grid.changed.connect(front.refresh)
        desk = QWidget(self)
        desk.setObjectName("desk")
        column = QVBoxLayout(desk)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.identity)
        column.addWidget(self.grid, 1)
        self.setCentralWidget(desk)
        self.shortcuts = Shortcuts(self, front.trigger)

    def retranslate(self, *, chinese: bool, text_scale: int) -> None:
        """Take the words of the language in use."""
        title = tr("Window {number}", number=self.pane.number + 1)
        self.setWindowTitle(f"{title} · 云胶片工作站 · Cloud film workstation")
        self.grid.retranslate(chinese=chinese, text_scale=text_scale)

    def refresh(self, *, chinese: bool, confirmed: bool) -> None:
        """Who is on this glass: from the frame that its active viewport has drawn."""
        shown = self.grid.shown()
        self.identity.show_instance(shown.instance if shown else None, chinese=chinese, confirmed=confirmed)

    def closeEvent(self, event: QCloseEvent) -> None:
        """See QWidget."""
        self.closed.emit()
        super().closeEvent(event)


class GlassWindows:
    """The other windows of a session."""

    def __init__(self, front: Front, main: QMainWindow) -> None:
        self._front = front
        self._main = main
        self._made: list[GlassWindow] = []
        self._words = (True, 100)
        self._colour = ""

    @property
    def windows(self) -> tuple[GlassWindow, ...]:
        """Those that are open."""
        return tuple(self._made)

    @property
    def grids(self) -> tuple[LayoutGrid, ...]:
        """Their viewports."""
        return tuple(window.grid for window in self._made)

    def add(self) -> GlassWindow | None:
        """Another window; None when there are as many as a session may have."""
        pane = self._front.session.add_pane()
        if pane is None:
            return None
        window = GlassWindow(self._front, pane)
        self._made.append(window)
        window.closed.connect(lambda: self._on_closed(window))
        window.retranslate(chinese=self._words[0], text_scale=self._words[1])
        window.identity.set_colour(self._colour)
        window.resize(self._main.size())
        return window

    def _on_closed(self, window: GlassWindow) -> None:
        if window not in self._made:
            return
        self._made.remove(window)
        window.grid.release()
        self._front.session.remove_pane(window.pane)
        window.deleteLater()
        self._front.refresh()

    def close(self) -> None:
        """Close them all."""
        for window in tuple(self._made):
            window.close()

    def retranslate(self, *, chinese: bool, text_scale: int) -> None:
        """Take the words of the language in use."""
        self._words = (chinese, text_scale)
        for window in self._made:
            window.retranslate(chinese=chinese, text_scale=text_scale)

    def set_colour(self, colour: str) -> None:
        """The patient's colour."""
        self._colour = colour
        for window in self._made:
            window.identity.set_colour(colour)

    def refresh(self, *, confirmed: bool) -> None:
        """Bring their identity bars in line with what they show."""
        for window in self._made:
            window.refresh(chinese=self._words[0], confirmed=confirmed)

    def set_reading(self, reading: bool) -> None:
        """Single keys act only while the main window reads."""
        for window in self._made:
            window.shortcuts.set_reading(reading)

    def rebind_keys(self) -> None:
        """Take the keys that the settings name."""
        for window in self._made:
            window.shortcuts.rebind()

    def on_arrived(self, key: FrameKey) -> None:
        """A frame can be had."""
        for window in self._made:
            window.grid.on_arrived(key)

    def repaint_all(self) -> None:
        """Paint every viewport again."""
        for window in self._made:
            window.grid.repaint_all()

    def in_front(self) -> QMainWindow:
        """The window that the user is in: that of the keyboard, else that of the active viewport."""
        windows: list[QMainWindow] = [self._main, *self._made]
        active = QApplication.activeWindow()
        if active in windows:
            return next(window for window in windows if window is active)
        number = self._front.session.pane.number
        return next((window for window in self._made if window.pane.number == number), self._main)

    def go_to_next(self) -> None:
        """The window after the one the user is in, its viewport active."""
        windows: list[QMainWindow] = [self._main, *self._made]
        following = windows[(windows.index(self.in_front()) + 1) % len(windows)]
        session = self._front.session
        pane = following.pane if isinstance(following, GlassWindow) else session.panes.value[0]
        following.raise_()
        following.activateWindow()
        session.activate(pane.active_viewport)
