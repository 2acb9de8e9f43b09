"""Encapsulated pixel data: which fragments make which frame (PS3.5 A.4)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise

from workstation.errors import DicomError

MAX_FRAGMENTS = 200_000  # of one instance: more than a whole slide has tiles; each costs the memory of a few numbers
_ITEM = b"\xfe\xff\x00\xe0"
_SEQUENCE_END = b"\xfe\xff\xdd\xe0"
_END_OF_IMAGE = b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class Fragments:
    """The items of an encapsulated pixel data element.

    Attributes
    ----------
    offsets : tuple of int
        Basic Offset Table: offsets of the frames' first items, from the first item after the table.
    items : tuple of (int, int)
        Offset of an item's tag from the first item after the table, and its value's length.
    first : int
        Where the first item after the table begins in the scanned bytes.
    is_delimited : bool
        The sequence delimiter was there, and every item lay before it.
    """

    offsets: tuple[int, ...]
    items: tuple[tuple[int, int], ...]
    first: int
    is_delimited: bool


def fragments_of(body: memoryview, start: int) -> Fragments:
    """Read the items from `start`, the first byte of the pixel data element's value.

    Raises
    ------
    DicomError
        ``damaged``: what lies there is no sequence of items; ``over-limit``: there are too many.
    """
    position = start
    items: list[tuple[int, int]] = []
    is_delimited = False
    while position + 8 <= len(body):
        tag = bytes(body[position : position + 4])
        length = int.from_bytes(body[position + 4 : position + 8], "little")
        if tag == _SEQUENCE_END:
            is_delimited = True
            break
        if tag != _ITEM:
            raise DicomError("damaged", reason="the pixel data holds something that is no fragment")
        if length > len(body) - position - 8:
            break
        items.append((position, length))
        if len(items) > MAX_FRAGMENTS:
            raise DicomError("over-limit", what="fragments", limit=MAX_FRAGMENTS)
        position += 8 + length
    if not items:
        return Fragments((), (), position, is_delimited)
    (table, table_bytes), *rest = items
    offsets = struct.unpack(f"<{table_bytes // 4}I", body[table + 8 : table + 8 + table_bytes // 4 * 4])
    first = table + 8 + table_bytes
    return Fragments(offsets, tuple((at - first, length) for at, length in rest), first, is_delimited)


def frame_items(
    body: memoryview, fragments: Fragments, frames: int, extended_offsets: tuple[int, ...] = ()
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Offset and length in the scanned bytes of every fragment of every frame.

    Parameters
    ----------
    extended_offsets : tuple of int
        Extended Offset Table (PS3.3 C.7.6.3.1.8), which goes before the basic one.

    Raises
    ------
    DicomError
        ``damaged``: fragments cannot be told apart, or a table points between them; ``truncated``: frames are missing.
    """
    items = fragments.items
    if frames == 1:
        groups: list[tuple[tuple[int, int], ...]] = [items] if items else []
    elif len(extended_offsets) == frames:
        groups = _by_offsets(items, extended_offsets)
    elif len(fragments.offsets) == frames and (fragments.offsets[-1] > 0):
        groups = _by_offsets(items, fragments.offsets)
    elif len(items) == frames:
        groups = [(item,) for item in items]
    else:
        groups = _by_end_of_image(body, fragments)
    if len(groups) < frames:
        raise DicomError("truncated")
    if len(groups) > frames:
        raise DicomError("damaged", reason="more fragments than frames")
    return tuple(tuple((fragments.first + at + 8, length) for at, length in group) for group in groups)


def _by_offsets(items: tuple[tuple[int, int], ...], offsets: tuple[int, ...]) -> list[tuple[tuple[int, int], ...]]:
    index = {at: number for number, (at, _) in enumerate(items)}
    after_last = items[-1][0] + 8 + items[-1][1] if items else 0
    if any(offset >= after_last for offset in offsets):
        raise DicomError("truncated")
    if offsets[0] != 0 or any(a >= b for a, b in pairwise(offsets)) or not all(offset in index for offset in offsets):
        raise DicomError("damaged", reason="the offset table does not point at fragments")
    bounds = [index[offset] for offset in offsets] + [len(items)]
    return [items[a:b] for a, b in pairwise(bounds)]


def _by_end_of_image(body: memoryview, fragments: Fragments) -> list[tuple[tuple[int, int], ...]]:
    """Frames of several fragments and no table: a frame ends with the fragment that holds an end marker."""
    groups: list[tuple[tuple[int, int], ...]] = []
    current: list[tuple[int, int]] = []
    for at, length in fragments.items:
        current.append((at, length))
        end = fragments.first + at + 8 + length
        if _END_OF_IMAGE in bytes(body[max(end - 10, 0) : end]):
            groups.append(tuple(current))
            current = []
    if current:
        raise DicomError("damaged", reason="fragments that belong to no frame")
    return groups
