"""`LookupTable`: Modality and VOI look-up tables as the standard stores them (PS3.3 C.11.1.1, C.11.2.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from workstation.dicom.elements import numbers_of, value_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

_OFTEN_OVERSTATED_BITS = 16
_TRUE_BITS_THEN = 12


@dataclass(frozen=True, slots=True)
class LookupTable:
    """Equal tables compare equal and hash alike.

    Attributes
    ----------
    first : int
        The input that the first entry belongs to; smaller inputs take that entry, larger ones than the last the last.
    bits : int
        Entries go from 0 to ``2**bits - 1``.
    data : bytes
        The entries, 16 bit little endian.
    """

    first: int
    bits: int
    data: bytes

    @property
    def entries(self) -> NDArray[np.uint16]:
        """The entries, read-only."""
        return np.frombuffer(self.data, "<u2")

    def looked_up(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Entries for `values`, which are rounded to whole numbers first."""
        entries = self.entries
        index = np.clip(np.rint(values) - self.first, 0, len(entries) - 1).astype(np.int64)
        return np.asarray(entries[index], np.float64)


def lookup_table_of(item: Dataset, *, input_is_signed: bool) -> LookupTable | None:
    """Read a table from an item of a Modality or VOI LUT sequence; None where it is unusable.

    Parameters
    ----------
    input_is_signed : bool
        Whether the table's input can be negative. The descriptor's second value is signed then, whatever VR it was
        written with.
    """
    descriptor = [int(number) for number in numbers_of(item, "LUTDescriptor")]
    if len(descriptor) != 3:
        return None
    count, first, bits = descriptor[0] & 0xFFFF or 65536, descriptor[1] & 0xFFFF, descriptor[2]
    if input_is_signed and first > 0x7FFF:
        first -= 0x10000
    entries = _entries(item, count)
    if not 1 <= bits <= 16 or not len(entries):
        return None
    if bits == _OFTEN_OVERSTATED_BITS and int(entries.max()) < 1 << _TRUE_BITS_THEN:
        bits = _TRUE_BITS_THEN  # taken at its word such a table gives a picture that is almost black
    return LookupTable(first, bits, entries.astype("<u2").tobytes())


def _entries(item: Dataset, count: int) -> NDArray[Any]:
    """LUT Data, written as words (US) or as bytes (OW), in which 8-bit entries may be packed two in a word."""
    value = value_of(item, "LUTData")
    if isinstance(value, bytes):
        if count <= len(value) < 2 * count:
            return np.frombuffer(value, np.uint8)[:count]
        order = ">" if item.original_encoding[1] is False else "<"
        return np.frombuffer(value[: len(value) // 2 * 2], f"{order}u2")[:count]
    return np.array([int(number) & 0xFFFF for number in numbers_of(item, "LUTData")], np.uint16)[:count]
