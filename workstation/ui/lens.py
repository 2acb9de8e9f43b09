"""`Lens`: a round magnifying glass under the pointer, drawn from the frame's own pixels, never from the screen's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from workstation.rendering.overlay_layer import OverlayLayer
from workstation.rendering.planar import Painter
from workstation.ui import theme
from workstation.ui.painted_image import draw_painting
from workstation.viewing.plan import RenderPlan, resolve
from workstation.viewing.projection import CanvasPoint, CanvasSize

if TYPE_CHECKING:
    from workstation.viewing.viewport import ViewportState

_LEAST: Final = 160.0  # logical pixels across
_MOST: Final = 360.0
_SHARE: Final = 0.4  # of the viewport's shorter side


class Lens:
    """Enlarges what lies under the pointer, with the window in use."""

    def __init__(self) -> None:
        self._painter = Painter()
        self._layer = OverlayLayer()

    def forget(self) -> None:
        """Let go of the pixels."""
        self._painter, self._layer = Painter(), OverlayLayer()

    def paint(
        self,
        painter: QPainter,
        seen: tuple[RenderPlan, ViewportState],
        glass: tuple[QRectF, QPointF],
        factor: int,
        device_ratio: float,
    ) -> None:
        """Draw the lens.

        Parameters
        ----------
        painter : QPainter
            Active on the viewport, in logical pixels.
        seen : tuple
            The plan and the state the viewport was painted with.
        glass : tuple
            The viewport's rectangle, and the pointer in it.
        factor : int
            How many times larger than in the viewport.
        device_ratio : float
            Device pixels per logical pixel.
        """
        (plan, state), (box, pointer) = seen, glass
        ratio = plan.canvas.width / max(1.0, box.width())
        across = max(_LEAST, min(_MOST, _SHARE * min(box.width(), box.height())))
        under = plan.projection.to_image(CanvasPoint(pointer.x() * ratio, pointer.y() * ratio))
        view = replace(state.view, scale=plan.projection.scale * factor, centre=under)
        size = CanvasSize(round(across * ratio), round(across * ratio))
        enlarged = resolve(replace(state, view=view), plan.shown, size, plan.display)
        left, top = pointer.x() - across / 2, pointer.y() - across / 2
        left, top = round(left * ratio) / ratio, round(top * ratio) / ratio
        round_glass = QPainterPath()
        round_glass.addEllipse(QRectF(left, top, across, across))
        painter.save()
        painter.setClipPath(round_glass)
        painter.fillRect(QRectF(left, top, across, across), QColor(theme.GLASS))
        painter.translate(left, top)
        draw_painting(painter, self._painter.paint(enlarged), device_ratio)
        draw_painting(painter, self._layer.paint(enlarged), device_ratio)
        painter.restore()
        self._rim(painter, QRectF(left, top, across, across), f"{factor}×")

    def _rim(self, painter: QPainter, box: QRectF, words: str) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, colour in ((4.0, theme.GLASS), (1.5, theme.ACCENT)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(box)
        font = theme.font(theme.CORNER_PX, bold=True)
        metrics = QFontMetricsF(font)
        chip = QRectF(0, 0, metrics.horizontalAdvance(words) + 12, metrics.height() + 2)
        chip.moveCenter(QPointF(box.center().x(), box.bottom()))
        painter.setPen(QPen(QColor(theme.ACCENT), 1))
        painter.setBrush(QColor(theme.GLASS))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setFont(font)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()
