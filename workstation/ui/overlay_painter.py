"""Draws the overlay's primitives: texts with a halo, letters, the scale bar, marks. Decides places, never contents."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from workstation.rendering.halo import with_halo
from workstation.ui import theme
from workstation.viewing.honesty import Mark, worst_tone
from workstation.viewing.overlay import Corner, Letter, Primitive, ScaleBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFont

_MARGIN: Final = 10.0
_HALO_PX: Final = 3.2
_HALO_ALPHA: Final = 225  # white words stay readable on a white image
_ROOM_PX: Final = 3.0  # for the halo, and for what hinting adds to a letter
_CHIP: Final = QColor(0, 0, 0, 225)  # red words on it keep a contrast of 4.5 on a white image
_MOST_TEXTS: Final = 256


class HaloTexts:
    """Texts with their halo, each drawn once: making one costs ten times what copying it does.

    It holds what stands on the glass, so whoever owns it calls `forget` when the patient is put away.
    """

    def __init__(self) -> None:
        self._drawn: OrderedDict[tuple[str, int, bool, str, float], tuple[QImage, QPointF]] = OrderedDict()

    def forget(self) -> None:
        """Let go of every text."""
        self._drawn.clear()

    def get(self, text: str, font: QFont, colour: str, ratio: float) -> tuple[QImage, QPointF]:
        """The picture of a text, and where its corner lies from the text's origin on the base line, logical pixels."""
        key = (text, font.pixelSize(), font.bold(), colour, ratio)
        found = self._drawn.get(key)
        if found is None:
            found = self._drawn[key] = _with_halo(text, font, colour, ratio)
            if len(self._drawn) > _MOST_TEXTS:
                self._drawn.popitem(last=False)
        else:
            self._drawn.move_to_end(key)
        return found


def _with_halo(text: str, font: QFont, colour: str, ratio: float) -> tuple[QImage, QPointF]:
    tight = QFontMetricsF(font).tightBoundingRect(text) if text else QRectF()
    box = tight.adjusted(-_ROOM_PX, -_ROOM_PX, _ROOM_PX, _ROOM_PX).toAlignedRect()
    size = QSize(max(1, round(box.width() * ratio)), max(1, round(box.height() * ratio)))
    covered = QImage(size, QImage.Format.Format_Grayscale8)
    covered.setDevicePixelRatio(ratio)
    covered.fill(0)
    painter = QPainter(covered)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(QPointF(-box.left(), -box.top()), text)
    painter.end()
    rows = np.frombuffer(covered.constBits(), np.uint8).reshape(size.height(), covered.bytesPerLine())
    tone = QColor(colour)
    rgb = (tone.red(), tone.green(), tone.blue())
    made = with_halo(rows[:, : size.width()], rgb, _HALO_PX / 2 * ratio, _HALO_ALPHA)
    picture = QImage(
        made.data, size.width(), size.height(), 4 * size.width(), QImage.Format.Format_ARGB32_Premultiplied
    ).copy()
    picture.setDevicePixelRatio(ratio)
    return picture, QPointF(box.topLeft())


class OverlayPainter:
    """Draws on one canvas.

    Parameters
    ----------
    painter : QPainter
        Active, in logical pixels.
    rectangle : QRectF
        The viewport.
    scale : int
        Text scale in percent.
    ratio : float
        Device pixels per logical pixel.
    texts : HaloTexts, optional
        What was drawn before on the same viewport.
    """

    def __init__(
        self, painter: QPainter, rectangle: QRectF, scale: int, ratio: float, texts: HaloTexts | None = None
    ) -> None:
        self._texts = texts or HaloTexts()
        self._painter = painter
        self._rectangle = rectangle
        self._ratio = ratio
        self._font = theme.font(theme.CORNER_PX, scale=scale)
        self._bold = theme.font(theme.CORNER_PX + 1, bold=True, scale=scale)
        self._letter = theme.font(theme.CORNER_PX + 3, bold=True, scale=scale)
        self._bottom_right_height = 0.0
        self._top_left_height = 0.0
        self._bottom_letter_height = 0.0
        self._is_tile = False
        self._lines: list[QRectF] = []  # where corner texts stand, so that no mark covers them
        self._chips: list[QRectF] = []
        self.hints: list[tuple[QRectF, str]] = []  # where, in logical pixels, there is more to tell, a line each

    @property
    def taken(self) -> tuple[QRectF, ...]:
        """Where something stands that was drawn, logical pixels."""
        return (*self._lines, *(box for box, _ in self.hints), *self._chips)

    def draw(self, primitives: Sequence[Primitive], *, texts_hidden: bool, is_tile: bool = False) -> None:
        """Draw everything; with texts hidden, identity and permanent marks stay; on a tile, the image's number too."""
        corners = [one for one in primitives if isinstance(one, Corner)]
        self._is_tile = is_tile
        for corner in corners:
            is_number = is_tile and not texts_hidden and corner.corner == "bottom-right"
            if corner.is_identity or is_number or not (texts_hidden or is_tile):
                self._corner(corner, identity_only=corner.is_identity and (texts_hidden or is_tile))
            elif corner.headline:
                self._corner(replace(corner, lines=()), identity_only=False)  # a side is drawn whatever is hidden
        details = "\n".join(line for corner in corners for line in corner.details)
        for letter in primitives:
            if isinstance(letter, Letter):
                self._edge(letter, details)
        for bar in primitives:
            if isinstance(bar, ScaleBar) and not texts_hidden:
                self._bar(bar)
        self._marks([one for one in primitives if isinstance(one, Mark)])

    def _corner(self, corner: Corner, *, identity_only: bool) -> None:
        rows = [(line, self._font) for line in (corner.lines[:3] if identity_only else corner.lines)]
        if corner.is_identity and rows:
            rows[0] = (rows[0][0], self._bold)
        share = 1.0 if self._is_tile else 0.46 if self._rectangle.width() > 300 else 0.5  # a tile has one text a side
        widest = self._rectangle.width() * share - _MARGIN * (2 if self._is_tile else 1)
        is_wide = QFontMetricsF(self._letter).horizontalAdvance(corner.headline) > widest
        if corner.headline and (self._is_tile or is_wide):
            self._headline_below(corner)
        elif corner.headline:
            rows.insert(0, (corner.headline, self._letter))
        height = sum(self._height(font) for _, font in rows)
        y = self._rectangle.top() + _MARGIN
        if corner.corner.startswith("bottom"):
            y = self._rectangle.bottom() - _MARGIN - height
        self._rows_of_text(rows, y, widest, is_right=corner.corner.endswith("right"), details=corner.details)
        if corner.corner == "bottom-right":
            self._bottom_right_height = height
        if corner.corner == "top-left":
            self._top_left_height = height

    def _headline_below(self, corner: Corner) -> None:
        """A side is not cut off: below who it is, it has the whole width."""
        y = self._rectangle.top() + _MARGIN + self._top_left_height
        widest = self._rectangle.width() - 2 * _MARGIN
        self._rows_of_text([(corner.headline, self._letter)], y, widest, is_right=False, details=corner.details)
        self._top_left_height += self._height(self._letter)

    def _height(self, font: QFont) -> float:
        return QFontMetricsF(font if font is self._letter else self._font).height()

    def _rows_of_text(
        self, rows: list[tuple[str, QFont]], y: float, widest: float, *, is_right: bool, details: tuple[str, ...]
    ) -> None:
        for line, font in rows:
            metrics, height = QFontMetricsF(font), self._height(font)
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, widest)
            width = metrics.horizontalAdvance(text)
            x = self._rectangle.right() - _MARGIN - width if is_right else self._rectangle.left() + _MARGIN
            ascent = (metrics if font is self._letter else QFontMetricsF(self._font)).ascent()
            self._text(QPointF(x, y + ascent), text, font, theme.TEXT)
            self._lines.append(QRectF(x, y, width, height))
            if font is self._letter:
                self.hints.append((self._lines[-1], "\n".join(details)))
            y += height

    def _text(self, place: QPointF, text: str, font: QFont, colour: str) -> None:
        picture, corner = self._texts.get(text, font, colour, self._ratio)
        x, y = place.x() + corner.x(), place.y() + corner.y()
        on_pixels = QPointF(round(x * self._ratio) / self._ratio, round(y * self._ratio) / self._ratio)
        self._painter.drawImage(on_pixels, picture)

    def _edge(self, letter: Letter, details: str) -> None:
        metrics = QFontMetricsF(self._letter)
        width, height, middle = metrics.horizontalAdvance(letter.text), metrics.height(), self._rectangle.center()
        left, top = self._rectangle.left() + _MARGIN, self._rectangle.top() + _MARGIN
        right, bottom = self._rectangle.right() - _MARGIN - width, self._rectangle.bottom() - _MARGIN - height
        corner = {
            "left": QPointF(left, middle.y() - height / 2),
            "right": QPointF(right, middle.y() - height / 2),
            "top": QPointF(middle.x() - width / 2, top),
            "bottom": QPointF(middle.x() - width / 2, bottom),
        }[letter.edge]
        box = self._beside_lines(QRectF(corner.x(), corner.y(), width, height), letter.edge)
        self._text(QPointF(box.left(), box.top() + metrics.ascent()), letter.text, self._letter, theme.TEXT)
        self.hints.append((box.adjusted(-4, 0, 4, 0), details))
        if letter.edge == "bottom":
            self._bottom_letter_height = height

    def _beside_lines(self, box: QRectF, edge: str) -> QRectF:
        """Where a letter covers no text of a corner: as near to its edge as can be."""
        for line in sorted(self._lines, key=QRectF.top, reverse=edge == "bottom"):
            if line.intersects(box):
                box.moveTop(line.top() - box.height() if edge == "bottom" else line.bottom())
        return box

    def _bar(self, bar: ScaleBar) -> None:
        length = bar.length_px / self._ratio
        metrics = QFontMetricsF(self._font)
        right = self._rectangle.right() - _MARGIN
        y = self._rectangle.bottom() - _MARGIN - self._bottom_right_height - 8
        for pen in (QPen(QColor(0, 0, 0, _HALO_ALPHA), 3.5), QPen(QColor(theme.TEXT), 1.5)):
            self._painter.setPen(pen)
            for a, b in (
                (QPointF(right - length, y), QPointF(right, y)),
                (QPointF(right - length, y - 4), QPointF(right - length, y + 4)),
                (QPointF(right, y - 4), QPointF(right, y + 4)),
            ):
                self._painter.drawLine(a, b)
        width = metrics.horizontalAdvance(bar.label)
        self._text(QPointF(right - width, y - 7), bar.label, self._font, theme.TEXT)

    def _marks(self, marks: list[Mark]) -> None:
        metrics = QFontMetricsF(self._bold)
        step = metrics.height() + 10
        top = self._rectangle.top() + _MARGIN
        y = top + QFontMetricsF(self._letter).height() + 6
        bottom = self._rectangle.bottom() - _MARGIN - max(self._bottom_right_height, self._bottom_letter_height)
        most = int((bottom - (top + self._top_left_height if self._is_tile else y)) // step)
        for rows_at_most in range(max(1, most), 0, -1):
            rows, folded = self._fitting(marks, metrics, rows_at_most)
            places = self._places_of(rows, bottom - len(rows) * step if self._is_tile else y, metrics)
            if not places or places[-1].bottom() <= self._rectangle.bottom() - 2:
                break  # else a row lies below the glass: fewer, of which “+n” tells
        for row, place in zip(rows, places, strict=True):
            x, y = place.left(), min(place.top(), self._rectangle.bottom() - place.height() - 2)
            for mark in row:
                width = self._chip(mark, x, y, metrics)
                if folded and mark is rows[-1][-1]:
                    words = "\n".join(one.text for one in folded)
                    self.hints.insert(0, (QRectF(x, y, width, metrics.height() + 4), words))
                x += width + 6

    def _places_of(self, rows: list[list[Mark]], y: float, metrics: QFontMetricsF) -> list[QRectF]:
        """Where rows of marks stand, one below the other, on no text of a corner."""
        found = []
        for row in rows:
            width = sum(self._chip_width(mark, metrics) + 6 for mark in row) - 6
            x = self._rectangle.left() + _MARGIN if self._is_tile else self._rectangle.center().x() - width / 2
            box = QRectF(x, y, width, metrics.height() + 4)
            box.moveTop(self._below_lines(QRectF(box)))
            found.append(box)
            y = box.top() + metrics.height() + 10
        return found

    def _fitting(self, marks: list[Mark], metrics: QFontMetricsF, most: int) -> tuple[list[list[Mark]], list[Mark]]:
        """Rows of marks, and those that “+n” stands for: in its tone one sees that a bad one is among them.

        Marks that may be folded take the room that the permanent ones leave in their rows; permanent ones are folded,
        the least first, only where the viewport is too low for them.
        """
        permanent = [mark for mark in marks if mark.is_permanent]
        full = self._rows(permanent if permanent == marks else [*permanent, Mark("+9", "info")], metrics)
        for shown in range(len(marks), -1, -1):
            folded = marks[shown:]
            chip = [Mark(f"+{len(folded)}", worst_tone(tuple(folded)))] if folded else []
            rows = self._rows([*marks[:shown], *chip], metrics)
            if len(rows) <= min(most, len(full)):
                return rows, folded
        return rows, folded

    def _below_lines(self, box: QRectF) -> float:
        """The height at which a row of marks covers no text of a corner: in a narrow viewport, below it."""
        for line in sorted(self._lines, key=QRectF.top):
            if line.intersects(box):
                box.moveTop(line.bottom() + 2)
        return box.top()

    def _rows(self, marks: list[Mark], metrics: QFontMetricsF) -> list[list[Mark]]:
        rows: list[list[Mark]] = [[]]
        room = self._rectangle.width() - 2 * _MARGIN if self._is_tile else (self._rectangle.width() - 4 * _MARGIN) / 2
        used = 0.0
        for mark in marks:
            width = self._chip_width(mark, metrics) + 6
            if rows[-1] and used + width > room:
                rows.append([])
                used = 0.0
            rows[-1].append(mark)
            used += width
        return rows

    def _chip_width(self, mark: Mark, metrics: QFontMetricsF) -> float:
        return min(metrics.horizontalAdvance(mark.text) + 16, self._rectangle.width() - 2 * _MARGIN)

    def _chip(self, mark: Mark, x: float, y: float, metrics: QFontMetricsF) -> float:
        colour = QColor(theme.TONES[mark.tone])
        width = self._chip_width(mark, metrics)
        box = QRectF(x, y, width, metrics.height() + 4)
        self._chips.append(box)
        text = metrics.elidedText(mark.text, Qt.TextElideMode.ElideRight, width - 8)
        if text != mark.text:
            self.hints.append((box, mark.text))
        self._painter.setPen(QPen(colour, 1))
        self._painter.setBrush(_CHIP)
        self._painter.drawRoundedRect(box, 4, 4)
        self._painter.setPen(QPen(colour))
        self._painter.setFont(self._bold)
        self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return width
