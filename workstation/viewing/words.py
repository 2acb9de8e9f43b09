"""Words for what a header says of people and times. Lists and bars use them, and so does what is drawn over an image.

`say` is as in `overlay`, whose `WORDS` list the program's own texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_WHOLE: Final = 1e15  # as far as a double tells whole numbers apart
NOT_GIVEN: Final = "–"  # stands where an identity says nothing, so that nobody takes silence for a match


def sex_word(sex: str, say: Callable[[str], str]) -> str:
    """A patient's sex in words; empty when it is not given."""
    return say({"M": "male", "F": "female", "O": "other sex"}[sex]) if sex in ("M", "F", "O") else ""


def age_word(age: str, say: Callable[[str], str]) -> str:
    """An age string (PS3.5 6.2, VR AS: ``046Y``) in words."""
    units = {"Y": "{years} y", "M": "{months} mo", "W": "{weeks} wk", "D": "{days} d"}
    if len(age) != 4 or not (age.isascii() and age[:3].isdigit()) or age[3] not in units:
        return ""
    number = int(age[:3])
    return say(units[age[3]]).format(years=number, months=number, weeks=number, days=number)


def iso_date(date: str) -> str:
    """``19800312`` as ``1980-03-12``."""
    return f"{date[:4]}-{date[4:6]}-{date[6:8]}" if len(date) == 8 else ""


def clock(time: str) -> str:
    """``142530`` as ``14:25``."""
    return f"{time[:2]}:{time[2:4]}" if len(time) >= 4 else ""


def number_word(value: float) -> str:
    """A value of pixels: whole ones to their last digit, others with six."""
    return f"{value:.0f}" if value.is_integer() and abs(value) < _WHOLE else f"{value:.6g}"
