"""The letters of test patterns, five by seven, so that they are the same pixels on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORDS: Final = "QUALITY CONTROL"
_LETTERS: Final = {
    "A": ".###. #...# #...# ##### #...# #...# #...#",
    "C": ".###. #...# #.... #.... #.... #...# .###.",
    "I": "##### ..#.. ..#.. ..#.. ..#.. ..#.. #####",
    "L": "#.... #.... #.... #.... #.... #.... #####",
    "N": "#...# ##..# ##..# #.#.# #..## #..## #...#",
    "O": ".###. #...# #...# #...# #...# #...# .###.",
    "Q": ".###. #...# #...# #...# #.#.# #..#. .##.#",
    "R": "####. #...# #...# ####. #.#.. #..#. #...#",
    "T": "##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..",
    "U": "#...# #...# #...# #...# #...# #...# .###.",
    "x": "..... ..... #...# .#.#. ..#.. .#.#. #...#",
    "Y": "#...# #...# .#.#. ..#.. ..#.. ..#.. ..#..",
}


class Size(NamedTuple):
    """Pixels of a letter drawn as small as can be."""

    width: int
    height: int


def letter_size() -> Size:
    """The size of every letter."""
    return Size(5, 7)


def mask_of(letter: str) -> NDArray[np.bool_]:
    """Which pixels of a letter are drawn, as (7, 5)."""
    return np.array([[dot == "#" for dot in row] for row in _LETTERS[letter].split()])


def draw_letter(place: NDArray[np.uint8], letter: str, level: int) -> None:
    """Draw a letter into a place whose sides are whole multiples of a letter's."""
    size = letter_size()
    large = np.kron(mask_of(letter), np.ones((place.shape[0] // size.height, place.shape[1] // size.width), np.bool_))
    place[: large.shape[0], : large.shape[1]][large] = level
