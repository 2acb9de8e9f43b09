"""A painting of `rendering` drawn with Qt: grey, colour, or a layer that lets what lies below shine through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from workstation.rendering.planar import Painting

_FORMATS: Final = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_ARGB32_Premultiplied,
}


def draw_painting(painter: QPainter, painting: Painting | None, ratio: float) -> None:
    """Draw a painting at its place; `ratio` is device pixels per logical pixel."""
    if painting is None:
        return
    height, width = painting.pixels.shape[:2]
    form = _FORMATS[painting.pixels.shape[2] if painting.pixels.ndim == 3 else 1]
    if painting.pixels.itemsize == 4:  # grey of 10 bit, packed
        form = QImage.Format.Format_RGB30
    image = QImage(painting.pixels.data, width, height, painting.pixels.strides[0], form)
    image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(painting.left / ratio, painting.top / ratio), image)
