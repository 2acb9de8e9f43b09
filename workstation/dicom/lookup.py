"""`LookupTable`: Modality and VOI look-up tables as the standard stores them (PS3.3 C.11.1.1, C.11.2.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
