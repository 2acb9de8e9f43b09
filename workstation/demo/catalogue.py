"""What lies in the demo's folder: studies, series, instances, and which of them a QIDO-RS query means.

References
----------
PS3.18 10.6 (search), PS3.4 C.2.2.2 (matching).
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pydicom
from pydicom.datadict import keyword_for_tag, tag_for_keyword
from pydicom.errors import InvalidDicomError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pydicom.dataset import Dataset

LEVELS: Final = ("study", "series", "instance")
_RANGED: Final = frozenset({"DA", "TM", "DT"})


@dataclass(frozen=True, slots=True)
class Stored:
    """One DICOM file; `header` is everything before the pixels."""

    path: Path
    header: Dataset

    def uid(self, level: str) -> str:
        """The UID of its study, series, or of itself."""
        keyword = {"study": "StudyInstanceUID", "series": "SeriesInstanceUID", "instance": "SOPInstanceUID"}[level]
        return str(self.header.get(keyword, ""))

    @property
    def transfer_syntax_uid(self) -> str:
        """How the file is encoded."""
        return str(self.header.file_meta.get("TransferSyntaxUID", "1.2.840.10008.1.2"))


def scan(folder: Path) -> tuple[Stored, ...]:
    """Read the header of every DICOM file below `folder`; other files are passed over."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        try:
            header = pydicom.dcmread(path, stop_before_pixels=True)
        except (InvalidDicomError, OSError):
            continue
        stored = Stored(path, header)
        if all(stored.uid(level) for level in LEVELS):
            found.append(stored)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All instances, in the order of their paths."""

    instances: tuple[Stored, ...]

    def within(self, uids: Mapping[str, str]) -> tuple[Stored, ...]:
        """Those whose study, series and SOP instance UID are as given; a level that is not given is not asked."""
        return tuple(one for one in self.instances if all(one.uid(level) == uid for level, uid in uids.items()))

    def entities(self, level: str, uids: Mapping[str, str]) -> list[list[Stored]]:
        """The instances below `uids`, grouped by the entity of `level` they belong to."""
        groups: dict[tuple[str, ...], list[Stored]] = {}
        depth = LEVELS.index(level) + 1
        for one in self.within(uids):
            groups.setdefault(tuple(one.uid(upper) for upper in LEVELS[:depth]), []).append(one)
        return list(groups.values())


def matches(group: Iterable[Stored], key: str, wanted: str) -> bool:
    """Whether an entity has the wanted value; an attribute that is unknown here restricts nothing."""
    tag = tag_of(key)
    if tag is None or not wanted:
        return True
    keyword = keyword_for_tag(tag)
    if keyword == "ModalitiesInStudy":
        return any(_equals(str(one.header.get("Modality", "")), wanted, "CS") for one in group)
    return any(_has(one.header, keyword, wanted) for one in group)


def tag_of(key: str) -> int | None:
    """The tag that a query key names, by keyword or in eight hexadecimal digits; None: neither."""
    if re.fullmatch(r"[0-9A-Fa-f]{8}", key):
        return int(key, 16)
    return tag_for_keyword(key)


def _has(header: Dataset, keyword: str, wanted: str) -> bool:
    if keyword not in header:
        return False
    element = header[keyword]
    values: list[Any] = list(element.value) if element.VM > 1 else [element.value]
    return any(_equals(str(value), wanted, element.VR) for value in values)


def _equals(value: str, wanted: str, vr: str) -> bool:
    if vr == "UI":
        return value in re.split(r"[,\\]", wanted)
    if vr in _RANGED and "-" in wanted:
        low, _, high = wanted.partition("-")
        return (not low or value >= low) and (not high or value <= high)
    if vr == "PN":
        groups = [value, *value.split("=")]
        return any(_wild(group.rstrip("^").lower(), wanted.rstrip("^").lower()) for group in groups)
    return _wild(value, wanted)


def _wild(value: str, wanted: str) -> bool:
    """Match with ``*`` and ``?`` (PS3.4 C.2.2.2.4); square brackets are letters like others."""
    return fnmatch.fnmatchcase(value, wanted.replace("[", "[[]"))
