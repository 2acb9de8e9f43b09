"""`TrueSize`: how large a monitor's pixels are, found by holding a bank card or a ruler to the glass.

The outline on the glass is made as large as the thing in the hand; its size in device pixels is then known in
millimetres. What a monitor says of its own size is only where the outline starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QLabel, QPushButton

from workstation.ui import theme
from workstation.ui.full_glass import FullGlass
from workstation.ui.language import mark, tr
from workstation.ui.screens import device_size

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QScreen


class Thing(NamedTuple):
    """What is held to the glass: millimetres across and down, and whether it is a card or two rulers."""

    width_mm: float
    height_mm: float
    is_card: bool


CARD: Final = Thing(85.60, 53.98, is_card=True)  # ISO/IEC 7810 ID-1
RULER: Final = Thing(100.0, 100.0, is_card=False)
_CORNER_MM: Final = 3.18  # radius of the card's corners
_LEAST_PX: Final = 40
_USUAL_MM: Final = 0.25  # of a pixel, where the monitor says nothing
_PLAUSIBLE_MM: Final = (0.05, 1.5)
_GRIP: Final = 12  # device pixels
_REACH: Final = 24  # device pixels from an edge within which a drag takes it
_WORDS: Final = {
    True: mark("Hold a bank card (85.60 × 53.98 mm) to the glass, its left and upper edge along the outline. Drag the "
               "right and the lower edge until both fit; arrow keys move them by one pixel."),
    False: mark("Hold a ruler to the glass, along each line. Drag the ends until both lines are 100 mm long; arrow "
                "keys move them by one pixel."),
}  # fmt: skip
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class TrueSize(FullGlass):
    """Over one monitor.

    Signals
    -------
    kept : (width, height) millimetres of a device pixel
    """

    kept = Signal(tuple)

    def __init__(self, screen: QScreen, before: tuple[float, float] | None = None) -> None:
        super().__init__(screen)
        self.thing = CARD
        self._start = before or _guess(screen)
        self._corner = (0, 0)
        self._held: tuple[bool, bool] = (False, False)  # the right edge, the lower edge
        self.setWindowTitle(tr("True size"))
        self.setAccessibleName(self.windowTitle())
        self._build()
        self._take(CARD, self._start)

    def _build(self) -> None:
        self.words = QLabel(self)
        self.result = QLabel(self)
        self.result.setProperty("weight", "bold")
        self.other_button = QPushButton(self)
        self.other_button.clicked.connect(self.switch)
        self.keep_button = QPushButton(tr("Keep"), self)
        self.keep_button.setObjectName("primary")
        self.keep_button.clicked.connect(self.keep)
        self.leave_button = QPushButton(tr("Cancel"), self)
        self.leave_button.clicked.connect(self.close)
        buttons = (self.other_button, self.keep_button, self.leave_button)
        for button in buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar = self.add_bar(self.words, self.result, *buttons)

    # What is known ---------------------------------------------------------------

    @property
    def pixel_mm(self) -> tuple[float, float]:
        """Width and height of a device pixel, by the outline as it is."""
        return self.thing.width_mm / self._size[0], self.thing.height_mm / self._size[1]

    def _take(self, thing: Thing, pixel_mm: tuple[float, float]) -> None:
        self.thing = thing
        self._set(round(thing.width_mm / pixel_mm[0]), round(thing.height_mm / pixel_mm[1]))
        self.words.setText(tr(_WORDS[thing.is_card]))
        self.other_button.setText(tr("With a ruler") if thing.is_card else tr("With a card"))
        self._place_corner()

    def _set(self, width: int, height: int) -> None:
        self._size = max(_LEAST_PX, width), max(_LEAST_PX, height)
        across, down = self.pixel_mm
        self.result.setText(tr("{width} × {height} mm a pixel", width=f"{across:.4f}", height=f"{down:.4f}"))
        self.update()

    def switch(self) -> None:
        """The other thing, as large as it has to be by what is known so far."""
        self._take(RULER if self.thing.is_card else CARD, self.pixel_mm)

    def nudge(self, across: int, down: int) -> None:
        """Make the outline so many device pixels larger."""
        self._set(self._size[0] + across, self._size[1] + down)

    def keep(self) -> None:
        """The outline fits."""
        self.kept.emit(self.pixel_mm)
        self.close()

    # Seen ---------------------------------------------------------------

    def outline(self) -> QRect:
        """The outline in device pixels: its first and last pixel are as far apart as the thing is long."""
        return QRect(*self._corner, *self._size)

    def _place_corner(self) -> None:
        """The upper left corner stays where it is while the other edges move: the card lies against it."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        width, height = self.pixels()
        room = height - round(self.bar.height() * self.devicePixelRatioF())
        self._corner = max(0, (width - self._size[0]) // 2), max(0, (room - self._size[1]) // 2)
        self.update()

    def draw(self, painter: QPainter) -> None:
        """See `FullGlass`."""
        box, across, down = self.outline(), *self.pixel_mm
        if self.thing.is_card:
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.SECONDARY))
            painter.drawRoundedRect(QRectF(box), _CORNER_MM / across, _CORNER_MM / down)
            self._grips(painter, box)
            return
        painter.setPen(QPen(QColor(theme.TEXT), 1))
        self._ruler(painter, box, across, is_upright=False)
        self._ruler(painter, box, down, is_upright=True)

    def _grips(self, painter: QPainter, box: QRect) -> None:
        """Three short lines along each edge that can be dragged, inside of it: the edges are measured."""
        middle, length = box.center(), _GRIP * 4
        for number in range(1, 4):
            off = number * _GRIP // 2
            painter.fillRect(QRect(box.right() - off, middle.y() - length // 2, 2, length), QColor(theme.DESK))
            painter.fillRect(QRect(middle.x() - length // 2, box.bottom() - off, length, 2), QColor(theme.DESK))

    def _ruler(self, painter: QPainter, box: QRect, pixel: float, *, is_upright: bool) -> None:
        """A line of 100 mm from the upper left corner, with a tick at every centimetre."""
        for millimetre in range(0, 101, 2):
            length = 40 if millimetre % 100 == 0 else 24 if millimetre % 10 == 0 else 10
            at = round(millimetre / pixel) - (1 if millimetre == 100 else 0)
            place = QRect(box.left(), box.top() + at, length, 1) if is_upright else QRect(
                box.left() + at, box.top(), 1, length)  # fmt: skip
            painter.fillRect(place, QColor(theme.TEXT))
        size = (1, box.height()) if is_upright else (box.width(), 1)
        painter.fillRect(QRect(box.left(), box.top(), *size), QColor(theme.TEXT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QWidget."""
        super().resizeEvent(event)
        self._place_corner()

    # The hand ---------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, with Shift ten pixels at once; Enter keeps. See QWidget."""
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if arrow is not None:
            times = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.nudge(arrow[0] * times, arrow[1] * times)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep()
        else:
            super().keyPressEvent(event)

    def _on_glass(self, event: QMouseEvent) -> QPointF:
        return event.position() * self.devicePixelRatioF()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take an edge, or the corner between both. See QWidget."""
        box, place = self.outline(), self._on_glass(event)
        self._held = abs(place.x() - box.right()) <= _REACH, abs(place.y() - box.bottom()) <= _REACH

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The edge that is held follows. See QWidget."""
        box, place = self.outline(), self._on_glass(event)
        width = round(place.x()) - box.left() if self._held[0] else self._size[0]
        height = round(place.y()) - box.top() if self._held[1] else self._size[1]
        if any(self._held):
            self._set(width, height)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """See QWidget."""
        del event
        self._held = (False, False)


def _guess(screen: QScreen) -> tuple[float, float]:
    """What the monitor says of its size, where that can be: never more than where the outline starts."""
    (width, height), size = device_size(screen), screen.physicalSize()
    guessed = size.width() / width, size.height() / height
    low, high = _PLAUSIBLE_MM
    return guessed if all(low <= one <= high for one in guessed) else (_USUAL_MM, _USUAL_MM)
