"""`PatternWindow`: test patterns over a whole monitor, one pixel for each of its own, through its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from workstation.rendering.patterns import PATTERNS
from workstation.ui.full_glass import FullGlass, draw_grey
from workstation.ui.language import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QScreen

    from workstation.dicom.display_function import DisplayFunction

_ONWARDS = (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_PageDown)
_BACKWARDS = (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp)


class PatternWindow(FullGlass):
    """Shows one pattern after the other: arrows or a click go on, Escape leaves. No word stands on a pattern."""

    def __init__(self, screen: QScreen, function: DisplayFunction | None, name: str = "TG270-sQC") -> None:
        super().__init__(screen)
        self._function = function
        self._drawn: tuple[str, tuple[int, int], NDArray[np.uint8]] | None = None
        self._show(name)

    def _show(self, name: str) -> None:
        self.name = name
        self.setWindowTitle(f"{tr('Test patterns')}: {name}")
        self.setAccessibleName(self.windowTitle())
        self.update()

    def turn(self, steps: int) -> None:
        """The pattern so many after this one."""
        names = list(PATTERNS)
        self._show(names[(names.index(self.name) + steps) % len(names)])

    def draw(self, painter: QPainter) -> None:
        """See `FullGlass`."""
        wished = (self.name, self.pixels())
        if self._drawn is None or self._drawn[:2] != wished:
            self._drawn = (*wished, PATTERNS[self.name](*self.pixels()))
        draw_grey(painter, QPoint(0, 0), self._drawn[2], self._function)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QWidget."""
        if event.key() in (*_ONWARDS, *_BACKWARDS):
            self.turn(1 if event.key() in _ONWARDS else -1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """See QWidget."""
        self.turn(1 if event.button() == Qt.MouseButton.LeftButton else -1)
