"""Whether a typed text means a person's name: Chinese, pinyin with or without tones, spaces and order, or initials.

For finding only. That a name fits says nothing about who somebody is: `dicom.identity` alone decides that.

A name is read as units, one a Chinese character or syllable, each with every reading that it may have: 单 is dan, chan
and, as a surname, shan. A typed word may begin at any unit, go round from the given name to the surname, and break off
into initials: ``oyxd``, ``xiaodong ouyang`` and ``欧阳`` all find 欧阳晓东.

References
----------
PS3.5 6.2.1 (person names and their groups); GB/T 28039 (Chinese names in pinyin).
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import islice, permutations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workstation.dicom.attributes import PersonName

Units = tuple[frozenset[str], ...]  # one a character or syllable: the readings it may have, letters a to z

_BREAKS: Final = re.compile(r"[\s^=,，、.·•・'’`\-_/\\*?]+")
_TONE_DIGIT: Final = re.compile(r"(?<=[a-z])[0-5](?![0-9])")
_PIECES: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[^\u3400-\u9fff\U00020000-\U0003ffff]+")
_INITIALS: Final = ("zh", "ch", "sh")
_MOST_SPLITS: Final = 6  # ways to cut a word into syllables that are looked at: xian is xian and xi an
_MOST_UNITS: Final = 24
_MOST_WORDS: Final = 4
_LONGEST_SYLLABLE: Final = 6  # zhuang
# Readings of surnames that the dictionary lacks (Xiandai Hanyu Cidian, 7th edition)
_SURNAMES_TOO: Final = {"黑": "he", "谌": "shen", "於": "yu", "贠": "yun"}


@dataclass(frozen=True, slots=True)
class NameWords:
    """What was typed to find a name, cut into words of one script. Its `repr` says nothing of it."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> NameWords:
        """Cut a typed text."""
        plain = plain_letters(typed)
        pieces = [piece for word in _BREAKS.split(plain) for piece in _PIECES.findall(word)]
        return cls(tuple(piece for piece in pieces if piece)[:_MOST_WORDS])

    def __repr__(self) -> str:
        return f"NameWords({len(self.words)} words)"

    @property
    def is_chinese(self) -> bool:
        """Whether Chinese characters were typed."""
        return any(is_han(word) for word in self.words)

    def find(self, name: PersonName) -> bool:
        """Whether every word is found in one of the name's groups, each at a place of its own."""
        if not self.words:
            return True
        groups = [group for group in (name.alphabetic, name.ideographic, name.phonetic) if group.strip("^ ")]
        written = ["".join(_BREAKS.split(plain_letters(group))) for group in groups]
        if self.is_chinese and any(map(is_han, written)):
            # what is written in Chinese is compared as it is written; only pinyin beside it is read
            return any(_is_written(self.words, group, text) for group, text in zip(groups, written, strict=True))
        return any(_is_read(self.words, units) for group in groups for units in readings(group))


def plain_letters(text: str) -> str:
    """Small letters without tones or full-width forms; ü is v, as on a keyboard."""
    flat = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(char for char in flat.replace("u\u0308", "v").replace("u:", "v") if not unicodedata.combining(char))
    # a third tone may stand between the u and its dots
    return _TONE_DIGIT.sub("", unicodedata.normalize("NFC", bare))


def is_han(text: str) -> bool:
    """Whether there is a Chinese character in a text."""
    return any("\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff" for char in text)


def sort_key(name: PersonName) -> str:
    """Letters by which names stand in the order of the alphabet; a Chinese name by its most usual pinyin."""
    if name.alphabetic and not is_han(name.alphabetic):
        return plain_letters(name.alphabetic).replace("^", " ")
    text = name.ideographic or name.alphabetic or name.phonetic
    return " ".join(_usual_reading(char) for char in text if char not in "^ ")


def readings(group: str) -> Iterator[Units]:
    """The ways to read one group of a name, as units."""
    words = [word for word in _BREAKS.split(plain_letters(group)) if word]
    ways: list[Units] = [()]
    for word in words:
        for piece in _PIECES.findall(word):
            cuts = [tuple(map(_readings_of, piece))] if is_han(piece) else list(_cuts(piece))
            ways = [(*way, *cut) for way in ways for cut in cuts][:_MOST_SPLITS]
    return (way[:_MOST_UNITS] for way in ways if way)


def _is_written(words: Sequence[str], group: str, text: str) -> bool:
    """Chinese words stand in the group as typed; other words are read from what they leave."""
    rest = text
    for word in words:
        if is_han(word):
            before, found, after = rest.partition(word)
            if not found:
                return False
            rest = f"{before}^{after}"
    others = [word for word in words if not is_han(word)]
    return not others or (is_han(group) and any(_is_read(others, units) for units in readings(rest)))


def _is_read(words: Sequence[str], units: Units) -> bool:
    if len(words) == 1:
        return _one_word(words[0], units)
    return any(_placed(order, units, 0) for order in permutations(words))


def _one_word(word: str, units: Units) -> bool:
    """One word may go round: xiaodongouyang. A single letter is the surname's."""
    starts = range(len(units)) if len(word) > 1 else range(1)
    return any(
        _ends(word, units[start:] + units[:start], initials=_may_be_initials(word, start, units)) for start in starts
    )


def _may_be_initials(word: str, start: int, units: Units) -> bool:
    """Initials are those of the whole name, or of a given name of two characters."""
    return start == 0 or (len(word) == 2 and start >= len(units) - 2)


def _placed(words: Sequence[str], units: Units, start: int) -> bool:
    """Whether the words stand one after another, gaps allowed."""
    if not words:
        return True
    for place in range(start, len(units)):
        ends = _ends(words[0], units[place:], initials=True)
        if ends and _placed(words[1:], units, place + min(ends)):
            return True
    return False


def _ends(word: str, units: Units, *, initials: bool) -> set[int]:
    """After how many units a word may end: whole readings first, then initials, the last one perhaps half typed."""
    if is_han(word):
        typed = tuple(map(_readings_of, word))
        fits = len(typed) <= len(units) and all(one & other for one, other in zip(typed, units, strict=False))
        return {len(typed)} if fits else set()
    found: set[int] = set()
    seen = {(0, 0, False)}  # letters and units that are used up, and whether initials have begun
    open_ends = list(seen)
    while open_ends:
        letters, used, in_initials = open_ends.pop()
        if letters == len(word):
            found.add(used)
        elif used < len(units):
            steps = set(_whole_steps(word[letters:], units[used])) if not in_initials else set()
            next_ones = {(letters + step, used + 1, False) for step in steps}
            if in_initials or used or initials:
                next_ones |= {(letters + step, used + 1, True) for step in _initial_steps(word[letters:], units[used])}
            open_ends += next_ones - seen
            seen |= next_ones
    return found


def _whole_steps(rest: str, unit: frozenset[str]) -> Iterator[int]:
    """How many letters one unit takes: a whole reading, or all that is left when it is two letters of one."""
    for reading in unit:
        if rest.startswith(reading):
            yield len(reading)
        elif len(rest) > 1 and reading.startswith(rest):
            yield len(rest)


def _initial_steps(rest: str, unit: frozenset[str]) -> Iterator[int]:
    for reading in unit:
        if rest.startswith(reading[0]):
            yield 1
        if reading.startswith(_INITIALS) and rest.startswith(reading[:2]):
            yield 2


@cache
def _dictionary() -> dict[int, str]:
    """Code point to readings with tones, the most usual first. Read where it is first needed: on a worker thread."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # its words are read for nothing: names are no words
    from pypinyin.constants import PINYIN_DICT

    found: dict[int, str] = PINYIN_DICT
    return found


@cache
def _readings_of(char: str) -> frozenset[str]:
    """Every toneless reading of a Chinese character; another character reads as itself."""
    found = _dictionary().get(ord(char), char).split(",")
    names = {plain_letters(one) for one in found} | ({_SURNAMES_TOO[char]} if char in _SURNAMES_TOO else set())
    for name in list(names):
        if "v" in name:  # 吕 is lü, and lu, lyu or lv in passports
            names |= {name.replace("v", "u"), name.replace("v", "yu")}
    return frozenset(names)


@cache
def _usual_reading(char: str) -> str:
    return plain_letters(_dictionary().get(ord(char), char).partition(",")[0])


@cache
def _syllables() -> frozenset[str]:
    """The syllables of Mandarin, toneless."""
    written = {one for value in _dictionary().values() for one in value.split(",")}
    plain = {plain_letters(one) for one in written}
    known = {one for one in plain if one.isascii() and one.isalpha() and re.search("[aeiouv]", one)}
    return frozenset(known | {one.replace("v", form) for one in known if "v" in one for form in ("u", "yu")})


def _cuts(word: str) -> Iterator[Units]:
    """The ways to cut a word of letters into syllables, the fewest syllables first; else the word as it is."""
    ways = sorted(islice(_cut(word, _from_where_it_ends(word)), 64), key=len)[: _MOST_SPLITS - 1]
    yield from (tuple(frozenset({part}) for part in way) for way in ways)
    if not ways or len(ways[0]) > 3:
        yield (frozenset({word}),)


def _from_where_it_ends(word: str) -> set[int]:
    """The places from which a word can be cut into syllables to its end; the search goes nowhere else."""
    good = {len(word)}
    for place in range(len(word) - 1, -1, -1):
        lengths = range(1, _LONGEST_SYLLABLE + 1)
        if any(place + n in good and word[place : place + n] in _syllables() for n in lengths):
            good.add(place)
    return good


def _cut(word: str, good: set[int], start: int = 0) -> Iterator[tuple[str, ...]]:
    if start == len(word):
        yield ()
    for end in range(min(start + _LONGEST_SYLLABLE, len(word)), start, -1):
        if end in good and word[start:end] in _syllables():
            for rest in _cut(word, good, end):
                yield (word[start:end], *rest)
