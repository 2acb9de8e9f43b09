"""`DatasetAttributes`: the attributes of a pydicom data set, through the same window as those of DICOM JSON."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from pydicom.datadict import tag_for_keyword
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence as PydicomSequence
from pydicom.valuerep import PersonName as PydicomPersonName

from workstation.dicom.attributes import texts
from workstation.dicom.charset import repaired, without_escapes
from workstation.dicom.elements import without_warnings

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from workstation.dicom.attributes import Attributes

_ESCAPE: Final = b"\x1b"  # switches the character set, and is ASCII itself


class DatasetAttributes:
    """Attributes of a pydicom data set.

    Parameters
    ----------
    declared : tuple of str, optional
        The character sets of the data set that this one is an item of (PS3.5 7.5.3); its own by default.
    """

    __slots__ = ("_dataset", "_declared")

    def __init__(self, dataset: Dataset, declared: tuple[str, ...] = ()) -> None:
        self._dataset = dataset
        self._declared = declared

    def values(self, keyword: str) -> tuple[Any, ...]:
        """See `Attributes`."""
        tag = tag_for_keyword(keyword)
        if tag is None or tag not in self._dataset:  # most are not there: pydicom takes ten times as long to say so
            return ()
        try:
            with nullcontext() if self._is_ascii(tag) else without_warnings():
                value = self._dataset[tag].value
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
            return repaired(raw, self._character_sets())
        except (ValueError, TypeError, KeyError, AttributeError, LookupError, NotImplementedError, OSError):
            return None

    def items(self, keyword: str) -> tuple[Attributes, ...]:
        """See `Attributes`."""
        tag = tag_for_keyword(keyword)
        if tag is None or tag not in self._dataset:
            return ()
        try:
            value = self._dataset[tag].value
        except (ValueError, TypeError, KeyError, AttributeError, LookupError, NotImplementedError, OSError):
            return ()
        if not isinstance(value, PydicomSequence):
            return ()
        declared = self._character_sets()
        return tuple(DatasetAttributes(item, declared) for item in value)

    def _is_ascii(self, tag: int) -> bool:
        """Whether no character set has a say in it: only decoding a wrong one is worth a warning to pydicom."""
        value = getattr(self._dataset.get_item(tag), "value", None)
        return not isinstance(value, bytes) or (value.isascii() and _ESCAPE not in value)

    def _character_sets(self) -> tuple[str, ...]:
        return texts(self, "SpecificCharacterSet") or self._declared

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
