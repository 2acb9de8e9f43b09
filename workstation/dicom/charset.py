"""Texts whose declared character set (PS3.3 C.12.1.1.2, PS3.5 6.1) is not the one they were written in.

Chinese equipment often writes GBK and declares Latin 1, or nothing. What is found here is for reading alone: it is
marked, the file stays as it is, and whose film it is is never decided by it.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPE: Final = re.compile(
    "\x1b(?:\\$[()][A-D]|\\$[@AB]|[(][A-J]|[)-.][A-M]|[)]I)"
)  # PS3.3 C.12.1.1.2, table C.12-3, -4
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_CHINESE: Final = frozenset({"GB18030", "GBK"})
_UTF8: Final = "ISO_IR 192"
_LATIN: Final = frozenset({"", "ISO_IR 6", "ISO_IR 100", "ISO_IR 101", "ISO_IR 109", "ISO_IR 110", "ISO_IR 148"})
_BY_ESCAPE: Final = frozenset(
    {"ISO 2022 IR 6", "ISO 2022 IR 58", "ISO 2022 IR 87", "ISO 2022 IR 149", "ISO 2022 IR 159"}
)


def without_escapes(text: str) -> str:
    """A decoded text without the escape sequences that a decoder left in it (PS3.5 6.1.2.5)."""
    return _ESCAPE.sub("", text) if "\x1b" in text else text


def repaired(raw: bytes, declared: Sequence[str]) -> str | None:
    """What a text says in the character set it was really written in.

    Parameters
    ----------
    raw : bytes
        As the file holds it.
    declared : sequence of str
        The values of Specific Character Set; none where it is absent.

    Returns
    -------
    str or None
        None where the declared character set is to be believed, and where no other one is evident.
    """
    raw = raw.rstrip(b"\0 ")
    if raw.isascii() or b"\x1b" in raw:
        return None
    terms = {term.strip() for term in declared} or {""}
    if _UTF8 in terms:
        return None if _as_utf8(raw) is not None else _as_chinese(raw)
    if terms & _CHINESE:
        return _utf8_under_chinese(raw)
    if terms <= _LATIN | _BY_ESCAPE:
        return _as_utf8(raw) or _under_latin(raw)
    return _as_utf8(raw)


def repaired_text(text: str) -> str | None:
    """What a text of DICOM JSON says whose server took the bytes for Latin 1; None where it did not."""
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    return repaired(raw, ("ISO_IR 100",))


def _as_utf8(raw: bytes) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() or "\r" in text or "\n" in text else None


def _as_chinese(raw: bytes) -> str | None:
    """The text as GB18030, when all that is not ASCII in it is Chinese."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return text if all(char.isascii() or _is_chinese(char) for char in text) else None


def _is_chinese(char: str) -> bool:
    """Han characters, and the punctuation and full-width forms written between them."""
    return (
        "\u3400" <= char <= "\u9fff"
        or "\U00020000" <= char <= "\U000323af"
        or "\uf900" <= char <= "\ufaff"
        or "\u3000" <= char <= "\u303f"
        or "\uff00" <= char <= "\uffef"
        or char in "·—‘’“”…×°Ⅰ Ⅱ Ⅲ Ⅳ"
    )


def _under_latin(raw: bytes) -> str | None:
    """Chinese under a Latin declaration; a European name stays what it is."""
    text = _as_chinese(raw)
    if text is None:
        return None
    if _is_in_pairs(raw):
        return None if _reads_as_latin(raw) else text
    return None if _touches_letters(text) else text


def _is_in_pairs(raw: bytes) -> bool:
    """Whether every character beyond ASCII is one of GB 2312: two bytes, both of them high."""
    try:
        raw.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return all(len(run) % 2 == 0 for run in _HIGH_RUN.findall(raw))


def _reads_as_latin(raw: bytes) -> bool:
    """Whether every high byte is an accented letter of Latin 1 that stands in a word with plain letters."""
    for found in _HIGH_RUN.finditer(raw):
        before, after = raw[found.start() - 1 : found.start()], raw[found.end() : found.end() + 1]
        is_in_word = before.isalpha() or after.islower()
        if not is_in_word or any(byte < 0xC0 or byte in (0xD7, 0xF7) for byte in found[0]):
            return False
    return True


def _touches_letters(text: str) -> bool:
    """Whether a Chinese character stands in a word with plain letters: then it is more likely an accent misread."""
    pairs = itertools.pairwise(text)
    return any((a.isascii() and a.isalpha()) != (b.isascii() and b.isalpha()) and _are_word(a, b) for a, b in pairs)


def _are_word(one: str, other: str) -> bool:
    return one.isalpha() and other.isalpha()


def _utf8_under_chinese(raw: bytes) -> str | None:
    """UTF-8 under a declaration of GB18030: only when every character beyond ASCII is a Chinese one of three bytes."""
    text = _as_utf8(raw)
    if text is None:
        return None
    beyond = [char for char in text if not char.isascii()]
    return text if beyond and all(_is_chinese(char) and char >= "\u3000" for char in beyond) else None
