"""A region of the screen, framed by hand: the screens are held still under a veil, and a rectangle is drawn on one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from workstation.ui import theme
from workstation.ui.language import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QScreen

_REPAINT_MS: Final = 250  # until the desktop has painted what lay below our windows
_LEAST_PX: Final = 8  # a smaller frame was a click
_VEIL: Final = QColor(0, 0, 0, 110)


class RegionVeil(QWidget):
    """One screen, held still and darkened; the frame that is drawn on it is clear.

    Signals
    -------
    framed : (image) the part of the picture inside the frame, at the screen's own pixels
    given_up : Escape, or the right button
    """

    framed = Signal(QImage)
    given_up = Signal()

    def __init__(self, picture: QImage, place: QRect) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setGeometry(place)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setWindowTitle(tr("Code on the screen"))
        self.setAccessibleName(self.windowTitle())
        self._picture = picture
        self._from: QPoint | None = None
        self._to = QPoint()

    def frame(self) -> QRect:
        """The frame so far, in this widget's pixels."""
        return QRect(self._from, self._to).normalized() if self._from is not None else QRect()

    def paintEvent(self, event: QPaintEvent) -> None:
        """See QWidget."""
        del event
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._picture)
        frame = self.frame()
        painter.save()
        painter.setClipRegion(self.rect() if frame.isEmpty() else self.visibleRegion().subtracted(frame))
        painter.fillRect(self.rect(), _VEIL)
        painter.restore()
        painter.setPen(QPen(QColor(theme.ACCENT), 2))
        if not frame.isEmpty():
            painter.drawRect(frame)
        self._say(painter)
        painter.end()

    def _say(self, painter: QPainter) -> None:
        words = tr("Drag a frame around the code. Enter: the whole screen. Esc: back.")
        painter.setFont(theme.font(16))
        box = painter.fontMetrics().boundingRect(words).adjusted(-16, -10, 16, 10)
        box.moveCenter(QPoint(self.width() // 2, 48))
        painter.fillRect(box, QColor(theme.PANEL))
        painter.setPen(QColor(theme.TEXT))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """See QWidget."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = self._to = event.position().toPoint()
        else:
            self.given_up.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """See QWidget."""
        self._to = event.position().toPoint()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """See QWidget."""
        if event.button() != Qt.MouseButton.LeftButton or self._from is None:
            return
        self._to = event.position().toPoint()
        frame = self.frame().intersected(self.rect())
        self._from = None
        if min(frame.width(), frame.height()) >= _LEAST_PX:
            self.framed.emit(self._part(frame))
        self.update()

    def _part(self, frame: QRect) -> QImage:
        across = self._picture.width() / max(1, self.width())
        down = self._picture.height() / max(1, self.height())
        return self._picture.copy(
            round(frame.x() * across),
            round(frame.y() * down),
            round(frame.width() * across),
            round(frame.height() * down),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QWidget."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.framed.emit(self._picture)

    def changeEvent(self, event: QEvent) -> None:
        """See QWidget."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self.update()


class ScreenRegion(QObject):
    """Lets the user frame a part of a screen; our windows are out of the way meanwhile.

    Signals
    -------
    framed : (image)
    given_up : the user changed their mind
    refused : the desktop does not give its picture away (Wayland)
    """

    framed = Signal(QImage)
    given_up = Signal()
    refused = Signal()

    def __init__(self, windows: list[QWidget], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._windows = [window for window in windows if window.isVisible()]
        self.veils: list[RegionVeil] = []

    def begin(self) -> None:
        """Hide our windows, and when the desktop has repainted, hold the screens still."""
        for window in self._windows:
            window.hide()
        QTimer.singleShot(_REPAINT_MS, self, self._hold_still)

    def _hold_still(self) -> None:
        taken = [(screen, picture_of(screen)) for screen in QGuiApplication.screens()]
        if not any(_shows_something(picture) for _, picture in taken):
            self._end()
            self.refused.emit()
            return
        for screen, picture in taken:
            veil = RegionVeil(picture, screen.geometry())
            veil.framed.connect(self._on_framed)
            veil.given_up.connect(self._on_given_up)
            self.veils.append(veil)
            veil.showFullScreen()
        self.veils[0].activateWindow()

    def _on_framed(self, picture: QImage) -> None:
        self._end()
        self.framed.emit(picture)

    def _on_given_up(self) -> None:
        self._end()
        self.given_up.emit()

    def _end(self) -> None:
        for window in self._windows:
            window.show()
        veils, self.veils = self.veils, []
        for veil in veils:
            veil.close()
        if self._windows:
            self._windows[0].activateWindow()


def picture_of(screen: QScreen) -> QImage:
    """What a screen shows, at its own pixels; null where the desktop does not tell."""
    return screen.grabWindow(0).toImage()


def _shows_something(picture: QImage) -> bool:
    """Where programs may not look at the desktop, it is null or black."""
    if picture.isNull():
        return False
    tiny = picture.scaled(32, 32)
    return any(tiny.pixel(x, y) & 0xFFFFFF for x in range(32) for y in range(32))
