"""From the pixels of a small rendered picture to something a list can draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage, QPixmap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def pixmap_of(pixels: NDArray[np.uint8]) -> QPixmap:
    """A pixmap of (rows, columns, 3) R, G, B pixels."""
    rows, columns = pixels.shape[:2]
    return QPixmap.fromImage(QImage(pixels.tobytes(), columns, rows, columns * 3, QImage.Format.Format_RGB888))
