"""`Blanking`: a screen that nobody touches for a while shows no patient any more; one key or click brings it back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from workstation.ui import theme
from workstation.ui.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QScreen

_MOST_POPUPS: Final = 8  # a menu, its menu, …
_LOOK_MS: Final = 5_000
_SWALLOW_S: Final = 0.3  # the key that brings the screen back does nothing else; a scanner's keys come as one burst
_WAKES: Final = frozenset({
    QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin,
})  # fmt: skip
_LIVES: Final = _WAKES | {QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TabletPress}
HANDS: Final = _LIVES | {QEvent.Type.KeyRelease}  # what it wants to see of all events
_KEYS: Final = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})


class Cover(QWidget):
    """Lies over a window and hides all of it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Press a key to go on"))
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the window; see QObject."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
            self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Black, and how to go on; see QWidget."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.GLASS))
            painter.setFont(theme.font(scale=theme.text_scale()))
            painter.setPen(QColor(theme.SECONDARY))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Press a key to go on"))


class Blanking(QObject):
    """Watches whether somebody is there.

    Parameters
    ----------
    minutes : callable
        After how many minutes without a hand; 0: never.
    stays_lit : callable
        Whether a screen is to stay as it is: that of an operating room is looked at and not touched.
    """

    def __init__(self, minutes: Callable[[], int], stays_lit: Callable[[QScreen], bool]) -> None:
        super().__init__()
        self._minutes, self._stays_lit = minutes, stays_lit
        self._covers: list[Cover] = []
        self._touched = time.monotonic()
        self._swallows_until = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @property
    def is_blank(self) -> bool:
        """Whether anything is covered."""
        return bool(self._covers)

    def _look(self) -> None:
        minutes = self._minutes()
        if minutes and not self._covers and time.monotonic() - self._touched >= minutes * 60:
            self.blank()

    def blank(self) -> None:
        """Cover every window now."""
        for _ in range(_MOST_POPUPS):
            popup = QApplication.activePopupWidget()
            if popup is not None:
                popup.close()
        for window in QApplication.topLevelWidgets():
            kind = window.windowType()
            is_window = kind in (Qt.WindowType.Window, Qt.WindowType.Dialog)
            if window.isVisible() and is_window and not self._stays_lit(window.screen()):
                self._covers.append(Cover(window))

    def lift(self) -> None:
        """Show everything again."""
        covers, self._covers = self._covers, []
        self._touched = time.monotonic()
        for cover in covers:
            cover.hide()
            cover.deleteLater()

    def close(self) -> None:
        """Watch no more."""
        self._timer.stop()
        self.lift()

    def sees(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there; the first key or click brings the screen back and does nothing else.

        Called with every event of a hand, by the one filter that all events of the program pass. Says whether the event
        is to go no further.
        """
        kind = event.type()
        if kind in _LIVES and not self._covers:
            self._touched = time.monotonic()
        wakes = bool(self._covers) and kind in _WAKES and self._is_ours(watched)
        if wakes:
            self.lift()
            self._swallows_until = time.monotonic() + _SWALLOW_S
        is_late = kind in _KEYS and time.monotonic() < self._swallows_until
        if not watched.isWidgetType() or not (wakes or is_late):
            return False  # a native window's keys go on to whoever looks for scans
        event.accept()  # of a shortcut that is asked for: no command takes it
        return True

    def _is_ours(self, watched: QObject) -> bool:
        """Whether the event is of a window that is covered; on a screen that stays lit hands go on as ever."""
        if not isinstance(watched, QWidget):
            return True
        return any(cover.window() is watched.window() for cover in self._covers)
