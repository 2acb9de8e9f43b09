"""`DatasetAttributes`: the attributes of a pydicom data set, through the same window as those of DICOM JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydicom.datadict import tag_for_keyword
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence as PydicomSequence
from pydicom.valuerep import PersonName as PydicomPersonName

from workstation.dicom.attributes import texts
from workstation.dicom.charset import repaired, without_escapes

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from workstation.dicom.attributes import Attributes


class DatasetAttributes:
    """Attributes of a pydicom data set."""

    __slots__ = ("_dataset",)

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def values(self, keyword: str) -> tuple[Any, ...]:
        """See `Attributes`."""
        try:
            value = self._dataset.get(keyword)
        except (ValueError, TypeError, KeyError, AttributeError, LookupError, NotImplementedError, OSError):
            return ()
        if value is None or value == "" or isinstance(value, PydicomSequence):
            return ()
        if isinstance(value, (PydicomPersonName, str)):
            return (without_escapes(str(value)),)
        return tuple(value) if isinstance(value, (MultiValue, list, tuple)) else (value,)

    def repaired(self, keyword: str) -> str | None:
        """See `Attributes`: read from the bytes of the file, as long as they are there."""
        tag = tag_for_keyword(keyword)
        try:
            element = self._dataset.get_item(tag) if tag is not None and tag in self._dataset else None
            raw = _raw(element)
            if raw is None or raw.isascii():
                return None
            return repaired(raw, texts(self, "SpecificCharacterSet"))
        except (ValueError, TypeError, KeyError, AttributeError, LookupError, NotImplementedError, OSError):
            return None

    def items(self, keyword: str) -> tuple[Attributes, ...]:
        """See `Attributes`."""
        try:
            value = self._dataset.get(keyword)
        except (ValueError, TypeError, KeyError, AttributeError, LookupError, NotImplementedError, OSError):
            return ()
        if not isinstance(value, PydicomSequence):
            return ()
        return tuple(DatasetAttributes(item) for item in value)

    def has_overlay(self) -> bool:
        """See `Attributes`."""
        return any((0x60000010 | group << 16) in self._dataset for group in range(0, 0x20, 2))


def _raw(element: object) -> bytes | None:
    """The bytes of an element as the file holds them; a text that was decoded as Latin 1 gives them back."""
    value = getattr(element, "value", None)
    if isinstance(value, PydicomPersonName):
        value = value.original_string
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        try:
            return value.encode("latin-1")
        except UnicodeEncodeError:
            return None
    return None
