"""Test patterns for monitors, drawn for a canvas of any size: P-values of 8 bit, each pixel meant for one device pixel.

After AAPM Report 270 (TG270-sQC, TG270-pQC) and AAPM OR-03 (TG18-QC): the same parts with the same levels, laid out
anew for the pixels that a screen has. Nothing in them is resampled.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from workstation.rendering.pattern_letters import WORDS, draw_letter, letter_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

STEPS: Final = tuple(range(0, 256, 15))  # 18 levels from black to white
_DARK: Final = 51  # around the parts: 20 %
_GREY: Final = 128
_BAR: Final = 6  # px: period of the bars in a square of sQC
_GAP: Final = 8
_FIELD: Final = 256
_PERIODS: Final = (18, 12, 6, 4)  # px of the modulations of pQC
_PAIRS: Final = (2, 4, 6)
_QC_STEPS: Final = tuple(range(8, 256, 16))  # 16 levels of TG18-QC
_FOCUS_LEVELS: Final = (255, 191, 128, 64)  # 100, 75, 50 and 25 %
_FOCUS_STEP: Final = 16  # px from one “Cx” to the next
_FOCUS_GAP: Final = 4
_NOMINAL: Final = 1024  # side of TG18-QC as published


class Box(NamedTuple):
    """A part of a pattern, device pixels."""

    left: int
    top: int
    width: int
    height: int

    def of(self, picture: Picture) -> Picture:
        """What lies in it, as a view; what lies outside of the picture is left out."""
        return picture[max(0, self.top) : self.top + self.height, max(0, self.left) : self.left + self.width]

    def inner(self, left: int, top: int, width: int, height: int) -> Box:
        """A part of it."""
        return Box(self.left + left, self.top + top, width, height)


def simple(width: int, height: int) -> Picture:
    """TG270-sQC: 18 squares with barely visible marks, three fields, a ramp."""
    made = np.full((height, width), _DARK, np.uint8)
    for level, square in zip(STEPS, squares(width, height), strict=True):
        _square(made, square, level)
    for level, field in zip((0, 128, 255), fields(width, height), strict=True):
        field.of(made)[:] = level
    _ramp(made, ramp(width, height))
    return made


def squares(width: int, height: int) -> tuple[Box, ...]:
    """Where the 18 squares of sQC lie: three rows of six, black first."""
    room = height - _field_side(width, height) - _ramp_height(height) - 2 * _GAP
    side = max(24, min((width - 7 * _GAP) // 6, (room - 4 * _GAP) // 3) // 24 * 24)
    left = (width - 6 * side - 5 * _GAP) // 2
    return tuple(
        Box(left + column * (side + _GAP), _GAP + row * (side + _GAP), side, side)
        for row in range(3)
        for column in range(6)
    )


def marks_of(level: int) -> tuple[int, int]:
    """The levels of the upper left and the lower right mark in a square: 5 less and 5 more; 3 inwards at the ends."""
    if level == 0:
        return 3, 3
    return (252, 252) if level == 255 else (level - 5, level + 5)


def _square(made: Picture, square: Box, level: int) -> None:
    square.of(made)[:] = level
    part = square.width // 4
    for mark, at in zip(marks_of(level), (part // 2, square.width - part - part // 2), strict=True):
        inside = square.inner(at, at, part, part).of(made)
        inside[:, np.arange(part) % _BAR < _BAR // 2] = mark


def _field_side(width: int, height: int) -> int:
    return min(_FIELD, (width - 4 * _GAP) // 3, height // 3)


def fields(width: int, height: int) -> tuple[Box, ...]:
    """Where the fields of black, grey and white lie: 256 pixels square where there is room."""
    side = _field_side(width, height)
    top = height - _ramp_height(height) - _GAP - side
    between = (width - 3 * side) // 4
    return tuple(Box(between + number * (side + between), top, side, side) for number in range(3))


def _ramp_height(height: int) -> int:
    return max(32, height // 16)


def ramp(width: int, height: int) -> Box:
    """Where the ramp from black to white lies: as wide as the screen."""
    tall = _ramp_height(height)
    return Box(0, height - tall, width, tall)


def _ramp(made: Picture, box: Box) -> None:
    inside = box.of(made)
    inside[:] = _rise(box.width)
    for level in STEPS[1:-1]:
        at = int(np.searchsorted(_rise(box.width), level))
        inside[: box.height // 4, at] = (level + 128) % 256  # a line where each of the 18 levels begins


def _rise(count: int) -> Picture:
    """Levels 0 to 255 over so many pixels."""
    return np.asarray(np.rint(np.arange(count) * 255 / (count - 1)), np.uint8)


def precise(width: int, height: int) -> Picture:
    """TG270-pQC: 18 bars with modulations of contrast 8 and 2, line pairs, ramps at both sides."""
    made = np.full((height, width), _GREY, np.uint8)
    for level, bar in zip(STEPS, bars(width, height), strict=True):
        bar.of(made)[:] = level
        for box, period, depth, is_upright in modulations(bar):
            box.of(made)[:] = _wave(box, period, is_upright, span(level, depth))
    side = _side_width(width)
    for left, levels in ((0, _rise(height)), (width - side, _rise(height)[::-1])):
        made[:, left : left + side] = levels[:, None]
        strip = left + side // 2 - side // 8
        made[:, strip : strip + side // 4] = (levels // 15 * 15)[:, None]  # the same in steps, beside the ramp
    for box, period, pair in line_pairs(width, height):
        box.of(made)[:] = _wave(box, period, True, pair)
    return made


def _side_width(width: int) -> int:
    return width // 16


def _pairs_height(height: int) -> int:
    return height // 12


def bars(width: int, height: int) -> tuple[Box, ...]:
    """Where the 18 bars of pQC lie, black first."""
    side, rest = _side_width(width), height - _pairs_height(height)
    edges = [rest * number // len(STEPS) for number in range(len(STEPS) + 1)]
    return tuple(Box(side, top, width - 2 * side, bottom - top) for top, bottom in pairwise(edges))


def modulations(bar: Box) -> tuple[tuple[Box, int, int, bool], ...]:
    """The modulated parts of a bar: where, period, contrast, and whether its stripes are upright.

    Contrast 8 in the inner eight, 2 in the outer eight; upright on the left, lying on the right.
    """
    order = [(period, 2) for period in _PERIODS] + [(period, 8) for period in _PERIODS]
    parts = [(*one, True) for one in order] + [(*one, False) for one in reversed(order)]
    across = bar.width // len(parts)
    wide, tall = max(1, across * 3 // 4), max(1, bar.height * 3 // 4)
    return tuple(
        (bar.inner(n * across + (across - wide) // 2, (bar.height - tall) // 2, wide, tall), period, depth, is_upright)
        for n, (period, depth, is_upright) in enumerate(parts)
    )


def span(level: int, depth: int) -> tuple[int, int]:
    """Two levels `depth` apart about a level, within black and white."""
    low = max(0, min(level - depth // 2, 255 - depth))
    return low, low + depth


def _wave(box: Box, period: int, is_upright: bool, levels: tuple[int, int]) -> Picture:
    """Stripes of two levels, each half a period wide, the darker first."""
    count = box.width if is_upright else box.height
    line = np.where(np.arange(count) % period < period // 2, *levels).astype(np.uint8)
    shape = (box.height, box.width)
    return np.broadcast_to(line if is_upright else line[:, None], shape)


def line_pairs(width: int, height: int) -> tuple[tuple[Box, int, tuple[int, int]], ...]:
    """The line pairs of pQC: where, period, and the two levels."""
    side, tall = _side_width(width), _pairs_height(height)
    parts = [(period, levels) for levels in ((0, 128), (128, 255)) for period in _PAIRS]
    across = (width - 2 * side) // len(parts)
    return tuple(
        (Box(side + n * across + _GAP, height - tall + _GAP, across - 2 * _GAP, tall - 2 * _GAP), *part)
        for n, part in enumerate(parts)
    )


def general(width: int, height: int) -> Picture:
    """A pattern like TG18-QC: steps with corner marks, letters that fade, line pairs, ramp, black and white ends."""
    made = np.full((height, width), _GREY, np.uint8)
    sheet = Box((width - min(width, height)) // 2, (height - min(width, height)) // 2, *[min(width, height)] * 2)
    _frames(made, sheet)
    for level, box in qc_steps(sheet):
        _marked_step(made, box, level)
    for outer, inside, box in ends(sheet):
        box.of(made)[:] = outer
        _middle(box, 2).of(made)[:] = inside
    _fading_words(made, sheet)
    for place in focus_fields(sheet):
        place.of(made)[:] = 0
    for box, period, levels, is_upright in resolution(sheet):
        box.of(made)[:] = _wave(box, period, is_upright, levels)
    _ramps_and_bars(made, sheet)
    for level, place, letter in focus_letters(sheet):
        draw_letter(place.of(made), letter, level)
    return made


def _scaled(sheet: Box, left: int, top: int, width: int, height: int) -> Box:
    """A part given in the nominal 1024 pixels."""
    x, y, w, h = (round(one * sheet.width / _NOMINAL) for one in (left, top, width, height))
    return sheet.inner(x, y, max(1, w), max(1, h))


def _middle(box: Box, share: int) -> Box:
    wide, tall = box.width // share, box.height // share
    return box.inner((box.width - wide) // 2, (box.height - tall) // 2, wide, tall)


def _frames(made: Picture, sheet: Box) -> None:
    """A white line around a black one: what the edges of the screen must show whole."""
    edge = max(1, sheet.width // 512)
    for number, level in enumerate((255, 0)):
        around = sheet.inner(number * edge, number * edge, sheet.width - 2 * number * edge,
                             sheet.height - 2 * number * edge).of(made)  # fmt: skip
        for part in (around[:edge], around[-edge:], around[:, :edge], around[:, -edge:]):
            part[:] = level


def qc_steps(sheet: Box) -> tuple[tuple[int, Box], ...]:
    """The 16 steps: level and place, four rows of four in the middle."""
    return tuple(
        (level, _scaled(sheet, 304 + 104 * (n % 4), 232 + 104 * (n // 4), 96, 96)) for n, level in enumerate(_QC_STEPS)
    )


def _marked_step(made: Picture, box: Box, level: int) -> None:
    """Corner marks: four levels more at two corners, four less at the others."""
    box.of(made)[:] = level
    part = max(2, box.width // 8)
    far = box.width - part
    for left, top, other in ((0, 0, 4), (far, far, 4), (far, 0, -4), (0, far, -4)):
        box.inner(left, top, part, part).of(made)[:] = level + other


def ends(sheet: Box) -> tuple[tuple[int, int, Box], ...]:
    """Black with 5 % in it, white with 95 % in it: outer level, inner level, place."""
    return (0, 13, _scaled(sheet, 150, 388, 104, 104)), (255, 242, _scaled(sheet, 770, 388, 104, 104))


def _fading_words(made: Picture, sheet: Box) -> None:
    """“QUALITY CONTROL” on black, grey and white: each letter one level fainter, from 14 to 1."""
    for ground, box in word_fields(sheet):
        box.of(made)[:] = ground
        for contrast, place, letter in letters(box):
            draw_letter(place.of(made), letter, ground - contrast if ground == 255 else ground + contrast)


def word_fields(sheet: Box) -> tuple[tuple[int, Box], ...]:
    """The fields of the words: level and place."""
    grounds = (0, 128, 255)
    return tuple((ground, _scaled(sheet, 40 + 316 * n, 760, 312, 44)) for n, ground in enumerate(grounds))


def letters(box: Box) -> tuple[tuple[int, Box, str], ...]:
    """The letters in a field: contrast in levels, place, letter."""
    found = [one for one in WORDS if one != " "]
    across = box.width // (len(WORDS) + 1)
    size = max(1, min((across - 1) // letter_size().width, (box.height - 4) // letter_size().height))
    wide, tall = size * letter_size().width, size * letter_size().height
    places = [n for n, one in enumerate(WORDS) if one != " "]
    return tuple(
        (len(found) - n, box.inner((places[n] + 1) * across - across // 2, (box.height - tall) // 2, wide, tall), one)
        for n, one in enumerate(found)
    )


def resolution(sheet: Box) -> tuple[tuple[Box, int, tuple[int, int], bool], ...]:
    """Line pairs of one and two pixels in the middle and the corners: place, period, levels, upright or lying."""
    side = round(46 * sheet.width / _NOMINAL)
    corners = ((24, 24), (808, 24), (24, 860), (808, 860), (416, 660))
    kinds = [(period, levels, up) for up in (True, False) for levels in ((0, 255), (128, 130)) for period in (2, 4)]
    found = []
    for left, top in corners:
        corner = _scaled(sheet, left, top, 192, 96)
        for n, (period, levels, up) in enumerate(kinds):
            place = corner.inner((n % 4) * (side + 2), (n // 4) * (side + 2), side, side)
            found.append((place, period, levels, up))
    return tuple(found)


def focus_fields(sheet: Box) -> tuple[Box, ...]:
    """The black fields of the focus letters, in the middle and the corners; as small on every screen."""
    corners = ((224, 24), (700, 24), (224, 944), (700, 944), (304, 664))
    places = [_scaled(sheet, left, top, 1, 1) for left, top in corners]
    across = len(_FOCUS_LEVELS) * _FOCUS_STEP + _FOCUS_GAP
    return tuple(place._replace(width=across, height=letter_size().height + 2 * _FOCUS_GAP) for place in places)


def focus_letters(sheet: Box) -> tuple[tuple[int, Box, str], ...]:
    """“Cx” on black at four contrasts, a dot for each pixel: level, place, letter.

    What the report has beside them, twelve blurred ones with scores to hold them against, is for tubes, and is left
    out: a panel that shows each pixel shows every dot; one that is scaled blurs them.
    """
    wide, tall = letter_size()
    return tuple(
        (level, field.inner(_FOCUS_GAP + n * _FOCUS_STEP + m * (wide + 1), _FOCUS_GAP, wide, tall), letter)
        for field in focus_fields(sheet)
        for n, level in enumerate(_FOCUS_LEVELS)
        for m, letter in enumerate("Cx")
    )


def _ramps_and_bars(made: Picture, sheet: Box) -> None:
    for left in (40, 920):
        upright = _scaled(sheet, left, 232, 64, 408)
        levels = _rise(upright.height)
        upright.of(made)[:] = (levels if left == 40 else levels[::-1])[:, None]
    for top, level in ((150, 249), (186, 6)):
        _scaled(sheet, 304, top, 408, 36).of(made)[:] = level
    bar = _scaled(sheet, 304, 820, 408, 24)
    bar.of(made)[:] = _rise(bar.width)


PATTERNS: Final[dict[str, Callable[[int, int], Picture]]] = {
    "TG270-sQC": simple,
    "TG270-pQC": precise,
    "TG18-QC-like": general,
}
