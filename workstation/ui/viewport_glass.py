"""What is painted on a viewport besides image and overlay: a sentence where nothing can be shown, and its frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from workstation.ui import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QRect


def say_on_glass(painter: QPainter, room: QRect, text: str, text_scale: int, *, below: bool) -> None:
    """A sentence in the middle, or at the lower edge."""
    painter.setFont(theme.font(scale=text_scale))
    painter.setPen(QColor(theme.SECONDARY))
    place = Qt.AlignmentFlag.AlignBottom if below else Qt.AlignmentFlag.AlignVCenter
    flags = Qt.AlignmentFlag.AlignHCenter | place | Qt.TextFlag.TextWordWrap
    painter.drawText(room.adjusted(24, 24, -24, -36), flags, text)


def frame_glass(painter: QPainter, room: QRect, *, waits: bool, is_active: bool) -> None:
    """A frame: amber while the patient waits to be confirmed, else thin where keys act on this viewport."""
    if not waits and not is_active:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.AMBER if waits else theme.ACCENT), 2 if waits else 1))
    painter.drawRect(room.adjusted(0, 0, -1, -1))
