"""`FullGlass`: one monitor covered whole, in its own pixels: for test patterns, luminances and true size."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.ui import theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QScreen

    from workstation.dicom.display_function import DisplayFunction


class FullGlass(QWidget):
    """Covers a monitor until Escape.

    Signals
    -------
    left : it is closed
    """

    left = Signal()
    _open: ClassVar[set[FullGlass]] = set()  # they belong to no window of the desk: this keeps them until they are left

    def __init__(self, screen: QScreen) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())

    def add_bar(self, words: QLabel, *controls: QWidget) -> QWidget:
        """A bar at the lower edge: words over a row of controls."""
        bar = QWidget(self)
        bar.setObjectName("panel")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        for control in controls:
            row.addWidget(control)
        column = QVBoxLayout(bar)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        column.addWidget(words)
        column.addLayout(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addStretch(1)
        whole.addWidget(bar)
        return bar

    def open(self) -> None:
        """Show it, with the keyboard."""
        self._open.add(self)
        self.showFullScreen()
        self.activateWindow()
        self.setFocus()

    def pixels(self) -> tuple[int, int]:
        """Its width and height in device pixels."""
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in device pixels; see QWidget."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.GLASS))
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        self.draw(painter)
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """Draw what is to be seen; the painter counts device pixels. Of itself the glass is black."""
        del painter

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves; see QWidget."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """See QWidget."""
        self._open.discard(self)
        self.left.emit()
        super().closeEvent(event)


def draw_grey(
    painter: QPainter, place: QPoint, picture: NDArray[np.uint8], function: DisplayFunction | None = None
) -> None:
    """Draw P-values of 8 bit, each on one pixel of the painter, through a monitor's table.

    Parameters
    ----------
    picture : (height, width) uint8
    function : DisplayFunction, optional
        Of the monitor; without it P-values are sent as they are.
    """
    import numpy as np  # not at the start: the first window does without

    from workstation.rendering.planar import packed

    height, width = picture.shape
    levels: NDArray[np.uint8] | NDArray[np.int32] = np.ascontiguousarray(picture)
    form = QImage.Format.Format_Grayscale8
    if function is not None:
        table = function.driven(np.arange(256) / 255)
        is_deep = function.bits == 10
        levels = packed(table)[levels] if is_deep else table.astype(np.uint8)[levels]
        form = QImage.Format.Format_RGB30 if is_deep else form
    painter.drawImage(place, QImage(levels.data, width, height, levels.strides[0], form))
