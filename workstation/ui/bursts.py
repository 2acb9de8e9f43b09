"""Telling a hand-held scanner from a hand, by when keys come and which they are. Knows no window.

A scanner types a character every few milliseconds and ends with Enter or Tab; a hand seldom types two within 40 ms and
never six. What the keys mean is taken from the text they give, or where an input method or a lock key bent that, from
their place on the keyboard: scanners are set to the United States layout as they leave the factory.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

# Positions of the keys (scan code set 1, which the Linux kernel's key codes follow), each with and without Shift.
_ROWS: Final = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (55, "*", "*"),
    (71, "789-456+1230.", "789-456+1230."),  # the number pad
    (98, "/", "/"),
)
BY_POSITION: Final[dict[int, tuple[str, str]]] = {
    start + step: pair for start, plain, shifted in _ROWS for step, pair in enumerate(zip(plain, shifted, strict=True))
}
# Windows' virtual keys, for keyboards that a remote desktop passes on without a position.
BY_VIRTUAL_KEY: Final[dict[int, tuple[str, str]]] = {
    **{0x30 + n: (str(n), ")!@#$%^&*("[n]) for n in range(10)},
    **{0x41 + n: (chr(0x61 + n), chr(0x41 + n)) for n in range(26)},
    **{0x60 + n: (str(n), str(n)) for n in range(10)},
    **{code: (one, one) for code, one in zip((0x6A, 0x6B, 0x6D, 0x6E, 0x6F), "*+-./", strict=True)},
    **dict(zip((0xBA, 0xBB, 0xBC, 0xBD, 0xBE, 0xBF, 0xC0), zip(";=,-./`", ":+<_>?~", strict=True), strict=True)),
    **dict(zip((0xDB, 0xDC, 0xDD, 0xDE), zip("[\\]'", '{|}"', strict=True), strict=True)),
    0x20: (" ", " "),
}
_X11_OFFSET: Final = 8  # X11 and Wayland count the kernel's key codes from 8


def character(text: str, scan_code: int, virtual_key: int, *, shifted: bool, platform: str = sys.platform) -> str:
    """The character that a key means; empty when it means none.

    Parameters
    ----------
    text : str
        What the system makes of the key; trusted when it is one character of ASCII.
    scan_code, virtual_key : int
        The native codes of the key event; 0 when not known.
    """
    if len(text) == 1 and " " <= text <= "~":
        return text
    if platform == "win32":
        pair = BY_POSITION.get(scan_code & 0x7F) if scan_code else BY_VIRTUAL_KEY.get(virtual_key)
    else:
        pair = BY_POSITION.get(scan_code - _X11_OFFSET)
    return pair[shifted] if pair is not None else text if text.isprintable() else ""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the scanner of this station types.

    Attributes
    ----------
    interval_ms : int
        Two keys that are no farther apart belong to one burst.
    prefix : str
        What the scanner types before each code; taken off.
    suffix : str
        The key it ends with: enter, tab, none; auto: Enter or Tab if one comes.
    """

    interval_ms: int = 40
    prefix: str = ""
    suffix: str = "auto"


_CERTAIN: Final = 6  # characters in a row that no hand types so fast
_DISTINCT: Final = 3  # of them: a key that is held down repeats one
_SHORTEST: Final = 3  # characters of the shortest number, when the suffix follows
_TOLERANCE: Final = 3  # intervals that a scanner may pause once it is certain that it is one: radio, a busy machine


class Burst:
    """The characters of one burst, as they come; times are milliseconds of any clock."""

    def __init__(self, habits: Habits) -> None:
        self.habits = habits
        self.characters = ""
        self._last_ms = 0.0

    @property
    def pause_ms(self) -> float:
        """The silence after which the burst has ended."""
        return self.habits.interval_ms * (_TOLERANCE if self.is_certain else 1)

    @property
    def is_certain(self) -> bool:
        """Whether no hand types like this, even into a text field."""
        prefix = self.habits.prefix
        if prefix and len(self.characters) > len(prefix) and self.characters.startswith(prefix):
            return True
        return len(self.characters) >= _CERTAIN and len(set(self.characters)) >= _DISTINCT

    @property
    def is_scan(self) -> bool:
        """Whether it was a code, when it ended by itself."""
        return self.is_certain

    @property
    def is_scan_with_suffix(self) -> bool:
        """Whether it was a code, when the suffix ended it."""
        return len(self.text) >= _SHORTEST

    @property
    def text(self) -> str:
        """What was scanned, without the prefix."""
        return self.characters.removeprefix(self.habits.prefix)

    def continues(self, at_ms: float) -> bool:
        """Whether a key at this time belongs to it."""
        return bool(self.characters) and 0 <= at_ms - self._last_ms <= self.pause_ms

    def add(self, typed: str, at_ms: float) -> None:
        """Take the next character; one that came too late begins anew."""
        self.characters = self.characters + typed if self.continues(at_ms) else typed
        self._last_ms = at_ms

    def forget(self) -> None:
        """Begin anew."""
        self.characters = ""
