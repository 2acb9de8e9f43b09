"""`Attributes`: one way to read a data set, whether it came as DICOM JSON (PS3.18 F) or from a file.

Readers never raise on odd values: what cannot be read is absent, and the checks above decide what absence means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from workstation.dicom.charset import repaired_text

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in its three groups (PS3.5 6.2.1.1); each group still holds its ``^`` parts.

    Attributes
    ----------
    repaired : PersonName or None
        The name in the character set it was really written in, for reading alone; see `dicom.charset`.
    """

    alphabetic: str = ""
    ideographic: str = ""
    phonetic: str = ""
    repaired: PersonName | None = field(default=None, compare=False)

    @staticmethod
    def parse(value: str) -> PersonName:
        """Read ``alphabetic=ideographic=phonetic``."""
        groups = [group.strip() for group in value.split("=")] + ["", "", ""]
        return PersonName(seen(groups[0]), seen(groups[1]), seen(groups[2]))

    def shown(self, chinese: bool) -> str:
        """The name for people: ideographic first in Chinese, never empty when any group is there."""
        if self.repaired is not None:
            return self.repaired.shown(chinese)
        ideographic = _readable(self.ideographic, joined=True)
        alphabetic = _readable(self.alphabetic, joined=_is_han(self.alphabetic))
        order = (ideographic, alphabetic) if chinese else (alphabetic, ideographic)
        return next((name for name in (*order, _readable(self.phonetic, joined=False)) if name), "")

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that are there, normalised for comparison."""
        return tuple(_readable(g, joined=True).casefold().replace(" ", "") for g in self._all() if g.strip("^ "))

    def _all(self) -> tuple[str, str, str]:
        return self.alphabetic, self.ideographic, self.phonetic


_BLANK: Final = re.compile(r"[\t\r\n\f\v]+")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff]")


def seen(value: str) -> str:
    """Give a text in which nothing is hidden: what has no shape or turns digits round is shown as U+FFFD.

    A name that ends in U+202E would otherwise make the patient ID beside it read backwards (Unicode UAX 9).
    """
    if value.isprintable():
        return value
    return _UNSEEN.sub("\ufffd", _BLANK.sub(" ", value))


def _is_han(text: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" or char >= "\U00020000" for char in text)


def _readable(group: str, *, joined: bool) -> str:
    parts = [part.strip() for part in group.split("^") if part.strip()]
    return ("" if joined and _is_han(group) else " ").join(parts)


class Attributes(Protocol):
    """Reads values by keyword; absent or unreadable gives an empty value."""

    def values(self, keyword: str) -> tuple[Any, ...]:
        """Every value of an attribute, as it came."""
        ...

    def items(self, keyword: str) -> tuple[Attributes, ...]:
        """The items of a sequence."""
        ...

    def repaired(self, keyword: str) -> str | None:
        """A text in the character set it was really written in; None where the declared one is to be believed."""
        ...

    def has_overlay(self) -> bool:
        """Whether there is an overlay plane: a repeating group 60xx with Overlay Rows (PS3.3 C.9.2)."""
        ...


def text(source: Attributes, keyword: str) -> str:
    """The first value as trimmed text, or empty."""
    values = source.values(keyword)
    return seen(str(values[0]).strip(" \0")) if values and values[0] is not None else ""


def readable(source: Attributes, keyword: str) -> str:
    """The first value as trimmed text for people, repaired where its character set was declared wrongly."""
    found = source.repaired(keyword)
    return seen(found.split("\\")[0].strip(" \0")) if found is not None else text(source, keyword)


def texts(source: Attributes, keyword: str) -> tuple[str, ...]:
    """Every value as trimmed text."""
    return tuple(str(value).strip(" \0") for value in source.values(keyword) if value is not None)


def numbers(source: Attributes, keyword: str) -> tuple[float, ...]:
    """Every value as a float; empty when any of them is not a finite number."""
    try:
        found = tuple(float(value) for value in source.values(keyword))
    except (TypeError, ValueError):
        return ()
    return found if all(abs(value) < 1e30 for value in found) else ()


def number(source: Attributes, keyword: str) -> float | None:
    """The first value as a float, or None."""
    found = numbers(source, keyword)
    return found[0] if found else None


def integer(source: Attributes, keyword: str) -> int | None:
    """The first value as a whole number, or None."""
    found = numbers(source, keyword)
    return int(found[0]) if found else None


def person(source: Attributes, keyword: str) -> PersonName:
    """The first value as a person's name."""
    found = source.repaired(keyword)  # first, while the bytes are there: a value that was decoded may have lost some
    values = source.values(keyword)
    if not values or values[0] is None:
        return PersonName()
    name = _declared(values[0])
    return replace(name, repaired=PersonName.parse(found)) if found is not None else name


def _declared(value: object) -> PersonName:
    if isinstance(value, dict):
        groups = [seen(str(value.get(group, "")).strip(" \0")) for group in ("Alphabetic", "Ideographic", "Phonetic")]
        return PersonName(groups[0], groups[1], groups[2])
    return PersonName.parse(str(value))


@cache
def _json_tag(keyword: str) -> str:
    from pydicom.datadict import tag_for_keyword  # here: the first window needs no data sets

    tag = tag_for_keyword(keyword)
    if tag is None:
        message = f"{keyword} is no keyword of PS3.6"
        raise KeyError(message)
    return f"{tag:08X}"


class JsonAttributes:
    """Attributes of one DICOM JSON object, read without building a data set."""

    __slots__ = ("_tree",)

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self._tree = tree

    def _entry(self, keyword: str) -> list[Any]:
        element = self._tree.get(_json_tag(keyword))
        value = element.get("Value") if isinstance(element, dict) else None
        return value if isinstance(value, list) else []

    def values(self, keyword: str) -> tuple[Any, ...]:
        """See `Attributes`."""
        return tuple(self._entry(keyword))

    def items(self, keyword: str) -> tuple[Attributes, ...]:
        """See `Attributes`."""
        return tuple(JsonAttributes(item) for item in self._entry(keyword) if isinstance(item, dict))

    def repaired(self, keyword: str) -> str | None:
        """See `Attributes`: JSON is always UTF-8 (PS3.18 F.2); its server may have read the file wrongly."""
        first = next(iter(self._entry(keyword)), None)
        if isinstance(first, dict):
            groups = [str(first.get(group, "")) for group in ("Alphabetic", "Ideographic", "Phonetic")]
            found = [repaired_text(group) for group in groups]
            if not any(found):
                return None
            return "=".join(new or old for new, old in zip(found, groups, strict=True)).rstrip("=")
        return repaired_text(first) if isinstance(first, str) else None

    def has_overlay(self) -> bool:
        """See `Attributes`."""
        return any(tag[:2] == "60" and tag[4:] == "0010" for tag in self._tree)
