"""Draws measurements on a viewport: lines with a dark edge, handles, labels that stay inside and off each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF, QTextLayout, QTextOption

from workstation.ui import theme
from workstation.viewing.drawings import Drawing, Handle, Label, Stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFont

    from workstation.ui.overlay_painter import HaloTexts
    from workstation.viewing.projection import CanvasPoint

SELECTED: Final = "#FFE066"
OTHER: Final = "#7FDBCA"
_EDGE: Final = QColor(0, 0, 0, 190)
_LINE_PX: Final = 1.5
_HANDLE_PX: Final = 3.5
_AWAY_PX: Final = 10.0  # of a label from its point
_MARGIN: Final = 4.0
_MOST_LINES: Final = 16
_MOST_LETTERS: Final = 1000  # of a line


class DrawingPainter:
    """Paints on a viewport.

    Parameters
    ----------
    painter : QPainter
        Begun.
    rectangle : QRectF
        Of the viewport, logical pixels.
    text_scale : int
        Percent.
    ratio : float
        Device pixels a logical pixel.
    texts : HaloTexts
        Keeps drawn texts.
    """

    def __init__(self, painter: QPainter, rectangle: QRectF, text_scale: int, ratio: float, texts: HaloTexts) -> None:
        self._painter = painter
        self._rectangle = rectangle
        self._ratio = ratio
        self._texts = texts
        self._font = theme.font(12, scale=text_scale)
        self._taken: list[QRectF] = []

    def draw(self, drawings: Sequence[Drawing], kept_free: Sequence[QRectF] = ()) -> None:
        """Draw all: lines first, labels last, the selected one above the others.

        Parameters
        ----------
        kept_free : sequence of QRectF
            Where no label goes, if it can go elsewhere: other texts stand there.
        """
        self._taken += kept_free
        strokes = [one for one in drawings if isinstance(one, Stroke)]
        for stroke in sorted(strokes, key=lambda one: one.is_selected):
            self._stroke(stroke)
        for handle in (one for one in drawings if isinstance(one, Handle)):
            self._handle(handle)
        labels = [one for one in drawings if isinstance(one, Label)]
        for label in sorted(labels, key=lambda one: not one.is_selected):
            self._label(label)

    def _at(self, point: CanvasPoint) -> QPointF:
        return QPointF(point.x / self._ratio, point.y / self._ratio)

    def _stroke(self, stroke: Stroke) -> None:
        line = QPolygonF([self._at(point) for point in stroke.points])
        colour = _colour(stroke)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        if stroke.is_filled:
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(colour)
            self._painter.drawPolygon(line)
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(_EDGE, _LINE_PX + 2.0), QPen(colour, _LINE_PX)):
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            if stroke.is_dashed:
                pen.setStyle(Qt.PenStyle.DashLine)
            self._painter.setPen(pen)
            self._painter.drawPolyline(line)

    def _handle(self, handle: Handle) -> None:
        self._painter.setPen(QPen(_EDGE, 1.0))
        self._painter.setBrush(QColor(SELECTED if handle.is_selected else OTHER))
        size = _HANDLE_PX if handle.is_selected else _HANDLE_PX - 1.0
        self._painter.drawEllipse(self._at(handle.point), size, size)

    def _label(self, label: Label) -> None:
        metrics = QFontMetricsF(self._font)
        most = self._rectangle.width() - 2 * _MARGIN
        lines = [part for line in label.lines for part in _wrapped(line, self._font, metrics, most)][:_MOST_LINES]
        width = max(metrics.horizontalAdvance(line) for line in lines)
        room = QRectF(self._at(label.point), QSizeF(width, metrics.height() * len(lines)))
        box = self._inside(room) if label.is_placed else self._place(room, self._at(label.point))
        self._taken.append(box)
        colour = _colour(label).name()
        for number, line in enumerate(lines):
            picture, corner = self._texts.get(line, self._font, colour, self._ratio)
            x, y = box.left() + corner.x(), box.top() + metrics.ascent() + number * metrics.height() + corner.y()
            snapped = QPointF(round(x * self._ratio) / self._ratio, round(y * self._ratio) / self._ratio)
            self._painter.drawImage(snapped, picture)

    def _place(self, box: QRectF, at: QPointF) -> QRectF:
        """Beside the point, inside the viewport, on no other label where that can be."""
        x, y, w, h = at.x(), at.y(), box.width(), box.height()
        corners = (
            (x + _AWAY_PX, y + _AWAY_PX), (x + _AWAY_PX, y - _AWAY_PX - h),
            (x - _AWAY_PX - w, y + _AWAY_PX), (x - _AWAY_PX - w, y - _AWAY_PX - h),
            *((x + _AWAY_PX, y + _AWAY_PX + step * h) for step in (1, 2, 3)),
            *((x + _AWAY_PX, y - _AWAY_PX - step * h) for step in (2, 3)),
        )  # fmt: skip
        places = [self._inside(QRectF(left, top, w, h)) for left, top in corners]
        return self._free(places) or self._free(self._beside_what_is_taken(places[0])) or places[0]

    def _free(self, places: list[QRectF]) -> QRectF | None:
        """The first place where nothing stands."""
        return next((one for one in places if not any(one.intersects(other) for other in self._taken)), None)

    def _beside_what_is_taken(self, box: QRectF) -> list[QRectF]:
        """Places beside, below and above what stands in the way of a box, the nearest first."""
        found = []
        for other in (one for one in self._taken if one.intersects(box)):
            for left, top in (
                (other.right() + _MARGIN, box.top()), (other.left() - _MARGIN - box.width(), box.top()),
                (box.left(), other.bottom() + _MARGIN), (box.left(), other.top() - _MARGIN - box.height()),
            ):  # fmt: skip
                found.append(self._inside(QRectF(QPointF(left, top), box.size())))
        return sorted(found, key=lambda one: abs(one.left() - box.left()) + abs(one.top() - box.top()))

    def _inside(self, box: QRectF) -> QRectF:
        room = self._rectangle.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        box.moveLeft(max(room.left(), min(box.left(), room.right() - box.width())))
        box.moveTop(max(room.top(), min(box.top(), room.bottom() - box.height())))
        return box


def _wrapped(line: str, font: QFont, metrics: QFontMetricsF, width: float) -> list[str]:
    """A line in as many as it takes to be no wider: what a length means is not cut off in a small viewport."""
    line = line[:_MOST_LETTERS]
    if metrics.horizontalAdvance(line) <= width:
        return [line]
    layout, found, units = QTextLayout(line, font), [], line.encode("utf-16-le")  # as Qt counts
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    while (part := layout.createLine()).isValid():
        part.setLineWidth(width)
        start, length = 2 * part.textStart(), 2 * part.textLength()
        found.append(units[start : start + length].decode("utf-16-le", "replace").strip())
    layout.endLayout()
    return found or [line]


def _colour(drawing: Stroke | Label) -> QColor:
    if drawing.rgb is not None:
        return QColor(*drawing.rgb)
    return QColor(SELECTED if drawing.is_selected else OTHER)
