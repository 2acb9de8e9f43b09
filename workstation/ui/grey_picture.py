"""A Qt picture as grey pixels, for whoever looks for codes in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def grey_pixels(picture: QImage) -> NDArray[np.uint8]:
    """The picture on white paper, as (rows, columns) grey. May be called on any thread."""
    import numpy as np  # not at the start: a window without a picture does without

    if picture.hasAlphaChannel():
        paper = QImage(picture.size(), QImage.Format.Format_RGB32)
        paper.fill(Qt.GlobalColor.white)
        painter = QPainter(paper)
        painter.drawImage(paper.rect(), picture)
        painter.end()
        picture = paper
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    if grey.isNull():
        return np.zeros((0, 0), np.uint8)
    lines = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return lines[:, : grey.width()].copy()  # the lines end with the QImage
