"""What stands over an image does not stand over the patient's name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from workstation.ui.overlay_painter import OverlayPainter
from workstation.viewing.overlay import Corner, Letter, Mark

WHO = ("Ouyang Xiaodong", "male 46 y · 1980-03-12", "ID DEMO-7001", "膝关节CT", "骨窗")
MARKS = [Mark("DEMO", "info"), Mark("INVERTED", "amber"), Mark("FLIPPED", "red"), Mark("118 of 120", "amber")]


class Watched(OverlayPainter):
    """Remembers where marks went."""

    def _chip(self, mark, x, y, metrics):
        width = super()._chip(mark, x, y, metrics)
        self.boxes = [*getattr(self, "boxes", []), QRectF(x, y, width, metrics.height() + 4)]
        return width


@pytest.mark.parametrize("scale", [100, 150, 200])
@pytest.mark.parametrize("width", [240, 300, 388, 520, 900, 1600])
def test_no_mark_covers_who_it_is(qapp, width, scale):
    picture = QImage(width, 400, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    drawer = Watched(painter, QRectF(picture.rect()), scale, 1.0)
    corners = [Corner("top-left", WHO, is_identity=True), Corner("top-right", ("示范医院", "2026-11-20 14:25"))]
    drawer.draw([*corners, Letter("top", "A"), *MARKS], texts_hidden=False)
    painter.end()
    assert len(drawer.boxes) == len(MARKS)
    assert not [1 for box in drawer.boxes for line in drawer._lines if box.intersects(line)]
