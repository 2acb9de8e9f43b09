"""The content tree of a structured report as readable blocks (PS3.3 C.17.3). Nothing is left out, nothing is judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pydicom.uid import UID

from workstation.dicom.attributes import PersonName, person, seen, texts
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.elements import items_of, text_of, value_of
from workstation.dicom.report_blocks import DEEPEST, Blocks, Heading, Line, Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydicom.dataset import Dataset

_UNITS: Final = {
    "1": "",
    "[hnsf'U]": "HU",
    "mm2": "mm²",
    "cm2": "cm²",
    "mm3": "mm³",
    "cm3": "cm³",
    "deg": "°",
    "um": "µm",
}  # fmt: skip - UCUM codes (PS3.16 CID 82) as they are read
_ESCAPES: Final = re.compile(r"\x1b(?:\$\)[AC]|\$[@B]|\$\(D|[()][BIJTI]|-[A-Z])")
_REFERENCES: Final = frozenset({"IMAGE", "COMPOSITE", "WAVEFORM"})
_MOST_NODES: Final = 50_000


def told_name(name: PersonName) -> str:
    """A person's name in both scripts, whatever the language in use."""
    ideographic, alphabetic = name.shown(chinese=True), name.shown(chinese=False)
    return alphabetic if ideographic == alphabetic else f"{ideographic} ({alphabetic})"


def told_date(value: str) -> str:
    """A date (DA) as YYYY-MM-DD; what is no date stays as it is."""
    digits = value.replace(".", "") if len(value) == 10 else value
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}" if len(digits) == 8 and digits.isdigit() else value


def told_time(value: str) -> str:
    """A time (TM) as HH:MM:SS, as far as it goes, without parts of a second."""
    digits = value.replace(":", "").partition(".")[0]
    if not digits.isdigit() or len(digits) not in (2, 4, 6):
        return value
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def told_moment(value: str) -> str:
    """A date and time (DT), with its distance from UTC where it has one (PS3.5 6.2)."""
    at = max(value.find("+"), value.find("-"))
    moment, offset = (value[:at], value[at:]) if at > 0 else (value, "")
    digits = moment.partition(".")[0]
    if not digits.isdigit() or len(digits) < 8:
        return value
    zone = f"UTC{offset[:3]}:{offset[3:]}" if len(offset) == 5 else offset
    return " ".join(part for part in (told_date(digits[:8]), told_time(digits[8:]), zone) if part)


def meaning(item: Dataset, keyword: str) -> str:
    """What a code says: its meaning, else its value (PS3.3 8.8)."""
    code = next(iter(items_of(item, keyword)), None)
    if code is None:
        return ""
    return seen(unescaped(text_of(code, "CodeMeaning")) or code_value(code))


def code_value(code: Dataset) -> str:
    """The value of a code, in whichever of its three forms it came."""
    return next((v for v in (text_of(code, k) for k in ("CodeValue", "LongCodeValue", "URNCodeValue")) if v), "")


def unescaped(words: str) -> str:
    """A text without the escape sequences of ISO 2022 that a decoder left in it (PS3.3 C.12.1.1.2)."""
    return _ESCAPES.sub("", words) if "\x1b" in words else words


def long_text(item: Dataset, keyword: str) -> str:
    """A text of several lines; line breaks of every kind become one, what has no shape is shown as U+FFFD."""
    value = value_of(item, keyword)
    words = "" if value is None else unescaped(str(value))
    lines = words.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    return "\n".join(seen(line.rstrip(" \0")) for line in lines).strip("\n")


class ContentTree:
    """Walks the items of one document.

    Attributes
    ----------
    is_cut : bool
        There was more than is shown.
    """

    def __init__(self, root: Dataset) -> None:
        self._root = root
        self._blocks = Blocks()
        self._nodes = 0
        self.is_cut = False

    def blocks(self) -> tuple[Heading | Line, ...]:
        """Every item as a block, in the order of the document; the root container's own title is not repeated."""
        for place, child in enumerate(items_of(self._root, "ContentSequence"), start=1):
            self._walk(child, 0, (1, place))
        self.is_cut = self.is_cut or self._blocks.is_cut
        return tuple(block for block in self._blocks.made if isinstance(block, (Heading, Line)))

    def _walk(self, item: Dataset, depth: int, place: tuple[int, ...]) -> None:
        self._nodes += 1
        if depth > DEEPEST or self._nodes > _MOST_NODES:
            self.is_cut = True
            return
        block = self._block(item, depth)
        if block is not None:
            self._blocks.add(block)
        below = depth if block is None else depth + 1
        for number, child in enumerate(items_of(item, "ContentSequence"), start=1):
            self._walk(child, below, (*place, number))

    def _block(self, item: Dataset, depth: int) -> Heading | Line | None:
        relation = text_of(item, "RelationshipType").lower() or "contains"
        kind = text_of(item, "ValueType").upper()
        pointer = tuple(
            int(n) for n in texts(DatasetAttributes(item), "ReferencedContentItemIdentifier") if n.isdigit()
        )
        if pointer and not kind:
            return Line(depth, self._pointed(pointer), name="", relation=relation)
        name = meaning(item, "ConceptNameCodeSequence")
        if kind == "CONTAINER":
            return Heading(depth, name) if name else None
        if kind == "NUM":
            return _measured(item, depth, name, relation)
        if kind in _REFERENCES:
            return _reference(item, depth, name, relation, kind)
        read = _TEXTS.get(kind)
        text = kind if read is None else read(item)
        return Line(depth, text, name=name, relation=relation, is_detail=kind == "UIDREF")

    def _pointed(self, pointer: tuple[int, ...]) -> str:
        """What a by-reference item points to, in words; it is not followed, so a circle of them ends here.

        References
        ----------
        PS3.3 C.17.3.2.5: the first number is the root, each further one the place of an item in its sequence.
        """
        item: Dataset | None = self._root
        for number in pointer[1:]:
            children = items_of(item, "ContentSequence") if item is not None else ()
            item = children[number - 1] if 0 < number <= len(children) else None
        where = ".".join(str(number) for number in pointer)
        block = None if item is None or item is self._root else self._block_words(item)
        return f"→ {where}" + (f" {block}" if block else "")

    def _block_words(self, item: Dataset) -> str:
        if not text_of(item, "ValueType"):
            return ""  # it points on; one step is told
        block = self._block(item, 0)
        if not isinstance(block, Line):
            return "" if block is None else block.text
        value = f"{block.text} {block.unit}".strip()
        return f"{block.name}: {value}" if block.name else value


def _measured(item: Dataset, depth: int, name: str, relation: str) -> Line:
    """A number with its unit as written (PS3.3 C.18.1); without one, why there is none."""
    measured = next(iter(items_of(item, "MeasuredValueSequence")), None)
    qualifier = meaning(item, "NumericValueQualifierCodeSequence")
    if measured is None:
        return Line(depth, qualifier or "–", name=name, relation=relation, is_measured=True)
    value = text_of(measured, "NumericValue")
    unit = _unit(next(iter(items_of(measured, "MeasurementUnitsCodeSequence")), None))
    words = f"{value} ({qualifier})" if qualifier else value
    return Line(depth, words or "–", name=name, relation=relation, unit=unit, is_measured=True)


def _unit(code: Dataset | None) -> str:
    if code is None:
        return ""
    value, words = code_value(code), seen(text_of(code, "CodeMeaning"))
    if text_of(code, "CodingSchemeDesignator") != "UCUM":
        return f"{value} ({words})" if value and words and words != value else value or words
    if value.startswith("{"):
        return words or value  # an annotation: no unit, but a word (breaths, counts)
    return _UNITS.get(value, value)


def _reference(item: Dataset, depth: int, name: str, relation: str, kind: str) -> Line:
    target = next(iter(items_of(item, "ReferencedSOPSequence")), None)
    if target is None:
        return Line(depth, "–", name=name, relation=relation)
    sop_class = text_of(target, "ReferencedSOPClassUID")
    frames = _whole_numbers(target, "ReferencedFrameNumber")
    link = Link(sop_class, text_of(target, "ReferencedSOPInstanceUID"), frames, is_image=kind == "IMAGE")
    return Line(depth, UID(sop_class).name.removesuffix(" Storage"), name=name, relation=relation, link=link)


def _whole_numbers(item: Dataset, keyword: str) -> tuple[int, ...]:
    return tuple(int(number) for number in texts(DatasetAttributes(item), keyword) if number.isdigit())


def _coordinates(item: Dataset) -> str:
    """The shape of a region and how many points it has; where it is, only the image can show."""
    points = value_of(item, "GraphicData")
    width = 3 if text_of(item, "ValueType").upper() == "SCOORD3D" else 2
    count = len(points) // width if isinstance(points, list) or type(points).__name__ == "MultiValue" else 0
    return f"{text_of(item, 'GraphicType').lower()} ({count})"


def _times(item: Dataset) -> str:
    """The kind of a temporal range and what bounds it: samples, seconds or moments (PS3.3 C.18.7)."""
    source = DatasetAttributes(item)
    bounds = (
        ", ".join(texts(source, "ReferencedSamplePositions")),
        ", ".join(f"{seconds} s" for seconds in texts(source, "ReferencedTimeOffsets")),
        ", ".join(told_moment(moment) for moment in texts(source, "ReferencedDateTime")),
    )
    return " ".join(part for part in (text_of(item, "TemporalRangeType").lower(), *bounds) if part)


def _pname(item: Dataset) -> str:
    return told_name(person(DatasetAttributes(item), "PersonName"))


_TEXTS: Final[dict[str, Callable[[Dataset], str]]] = {
    "TEXT": lambda item: long_text(item, "TextValue"),
    "CODE": lambda item: meaning(item, "ConceptCodeSequence"),
    "DATE": lambda item: told_date(text_of(item, "Date")),
    "TIME": lambda item: told_time(text_of(item, "Time")),
    "DATETIME": lambda item: told_moment(text_of(item, "DateTime")),
    "PNAME": _pname,
    "UIDREF": lambda item: text_of(item, "UID"),
    "SCOORD": _coordinates,
    "SCOORD3D": _coordinates,
    "TCOORD": _times,
}
