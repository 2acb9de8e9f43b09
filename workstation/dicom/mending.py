"""`mend`: texts of a document, at any depth, in the character set they were really written in; see `dicom.charset`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydicom.datadict import dictionary_keyword, dictionary_VR

from workstation.dicom.attributes import texts
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.elements import UNREADABLE, value_of, without_warnings

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_TEXTS: Final = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})  # see PS3.5 6.1.2.2
_DEEPEST: Final = 64


def mend(dataset: Dataset) -> bool:
    """Put repaired texts in the place of those whose character set was declared wrongly: in memory, for reading.

    Whose document it is has to be read before.

    Returns
    -------
    bool
        Whether something was repaired.
    """
    return _mend(dataset, texts(DatasetAttributes(dataset), "SpecificCharacterSet"), 0)


def _mend(dataset: Dataset, declared: tuple[str, ...], depth: int) -> bool:
    attributes = DatasetAttributes(dataset, declared)
    is_mended = False
    for tag in tuple(dataset.keys()):
        try:
            kind, keyword = dictionary_VR(tag), dictionary_keyword(tag)
        except KeyError:
            continue  # private, or unknown: nobody reads it here
        if kind == "SQ" and depth < _DEEPEST:
            items = value_of(dataset, keyword)
            for item in items if type(items).__name__ == "Sequence" else ():
                inner = texts(DatasetAttributes(item), "SpecificCharacterSet") or declared
                is_mended = _mend(item, inner, depth + 1) or is_mended
        elif kind in _TEXTS:
            is_mended = _mend_text(dataset, keyword, attributes) or is_mended
    return is_mended


def _mend_text(dataset: Dataset, keyword: str, attributes: DatasetAttributes) -> bool:
    found = attributes.repaired(keyword)
    if found is None:
        return False
    with without_warnings():
        try:
            setattr(dataset, keyword, found)
        except UNREADABLE:
            return False
    return True
