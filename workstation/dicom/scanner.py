"""A walk over the element headers of a data set, with caps, before any parser builds objects from it (PS3.5 7).

Every declared length must fit into what contains it; depth, number of elements and bytes outside pixel data are
bounded. It descends where pydicom would descend, so nothing deeper or larger than the caps is left for it.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from workstation.errors import DicomError

MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 50_000  # without functional groups
MAX_ELEMENTS_PER_FRAME: Final = 100  # on top, for the functional groups of enhanced objects
MAX_ELEMENTS_EVER: Final = 500_000
MAX_BYTES_OUTSIDE_PIXELS: Final = 32 << 20
_INFLATE_STEP: Final = 1 << 20
_INFLATE_FLOOR: Final = 64 << 20
_INFLATE_RATIO: Final = 50
_INFLATE_CEILING: Final = 2 << 30

UNDEFINED: Final = 0xFFFFFFFF
PIXEL_TAGS: Final = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_BULK_TAGS: Final = frozenset({*PIXEL_TAGS, 0x00420011})  # the last: Encapsulated Document
_NUMBER_OF_FRAMES: Final = 0x00280008
_ITEM: Final = 0xFFFEE000
_ITEM_END: Final = 0xFFFEE00D
_SEQUENCE_END: Final = 0xFFFEE0DD
_LONG_VRS: Final = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_VRS: Final = _LONG_VRS | frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())


@dataclass(frozen=True, slots=True)
class PixelElement:
    """Where the pixel data element of the data set itself (not of an icon) lies in the scanned bytes."""

    tag: int
    header: int  # offset of the element's first byte
    start: int  # offset of its value
    length: int  # declared; `UNDEFINED` for encapsulated pixel data
    vr: str  # OB or OW; empty for implicit VR


@dataclass(frozen=True, slots=True)
class Scan:
    """What a walk found."""

    is_implicit: bool
    elements: int
    header_bytes: int  # bytes before the pixel data element, or of the whole data set
    pixels: PixelElement | None


@dataclass(slots=True)
class _Open:
    """A sequence or item that the walk is inside of."""

    end: int  # offset of its end; for undefined length that of what contains it
    is_undefined: bool
    is_sequence: bool
    is_implicit: bool


@dataclass(slots=True)
class _Walk:
    body: memoryview
    is_little: bool
    open: list[_Open] = field(default_factory=list)
    elements: int = 0
    bytes_outside: int = 0
    frames: int = 1


def scan(body: memoryview, *, is_implicit: bool, is_little: bool) -> Scan:
    """Walk a data set up to its pixel data.

    Parameters
    ----------
    body : memoryview of bytes
        The data set without preamble and file meta information, inflated.
    is_implicit, is_little : bool
        What the transfer syntax says; where the first element plainly shows another VR encoding, that is believed.

    Raises
    ------
    DicomError
        ``truncated``, ``damaged`` or ``over-limit``.
    """
    is_implicit = _looks_implicit(body, 0, is_implicit=is_implicit, is_little=is_little)
    walk = _Walk(body, is_little)
    walk.open.append(_Open(len(body), is_undefined=False, is_sequence=False, is_implicit=is_implicit))
    position = 0
    while True:
        position = _close_ended(walk, position)
        if position < 0 or _is_tail(body, position):
            return Scan(is_implicit, walk.elements, len(body) if position < 0 else position, None)
        found = _step(walk, position)
        if isinstance(found, PixelElement):
            return Scan(is_implicit, walk.elements, position, found)
        position = found


def _close_ended(walk: _Walk, position: int) -> int:
    """Leave what ends at `position`; -1 when the data set itself does."""
    while position >= walk.open[-1].end:
        top = walk.open[-1]
        if len(walk.open) == 1:
            return -1
        if top.is_undefined:
            raise DicomError("damaged", reason="a sequence has no end")
        walk.open.pop()
    return position


def _is_tail(body: memoryview, position: int) -> bool:
    """Whether only zeros follow: padding that some writers leave."""
    return (len(body) - position < 8 or bytes(body[position : position + 8]) == bytes(8)) and not any(body[position:])


def _step(walk: _Walk, position: int) -> int | PixelElement:
    """Read one element header; give the position of the next, inside it when it is a sequence or an item."""
    top = walk.open[-1]
    tag, vr, length, start = _header(walk, position, top)
    _count(walk)
    if tag in (_ITEM_END, _SEQUENCE_END):
        return _leave(walk, tag, start)
    if top.is_sequence:
        if tag != _ITEM:
            raise DicomError("damaged", reason="a sequence holds something that is no item")
        return _enter(walk, start, length, is_sequence=False)
    if tag in PIXEL_TAGS and len(walk.open) == 1:
        return PixelElement(tag, position, start, length, vr.decode("ascii"))
    if _is_sequence(tag, vr, length, walk.body, start):
        return _enter(walk, start, length, is_sequence=True, is_un=vr == b"UN")
    return _skip(walk, tag, start, length)


def _header(walk: _Walk, position: int, top: _Open) -> tuple[int, bytes, int, int]:
    """Tag, VR (empty when implicit), length and offset of the value."""
    body, order = walk.body, "<" if walk.is_little else ">"
    if position + 8 > top.end:
        raise DicomError("truncated" if top.end == len(body) else "damaged", reason="half an element")
    group, element, length = struct.unpack_from(f"{order}HHI", body, position)
    tag = group << 16 | element
    if top.is_implicit or group == 0xFFFE:
        return tag, b"", length, position + 8
    vr = bytes(body[position + 4 : position + 6])
    if vr in _LONG_VRS:
        if position + 12 > top.end:
            raise DicomError("truncated" if top.end == len(body) else "damaged", reason="half an element")
        return tag, vr, struct.unpack_from(f"{order}I", body, position + 8)[0], position + 12
    if not (vr.isalpha() and vr.isupper()):
        raise DicomError("damaged", reason="an element has no value representation")
    return tag, vr, struct.unpack_from(f"{order}H", body, position + 6)[0], position + 8


def _count(walk: _Walk) -> None:
    walk.elements += 1
    limit = min(MAX_ELEMENTS + MAX_ELEMENTS_PER_FRAME * max(0, walk.frames - 1), MAX_ELEMENTS_EVER)
    if walk.elements > limit:
        raise DicomError("over-limit", what="elements", limit=limit)


def _leave(walk: _Walk, tag: int, start: int) -> int:
    if len(walk.open) == 1:
        return start  # a stray delimiter between elements: writers leave them, readers skip them
    top = walk.open[-1]
    if top.is_sequence != (tag == _SEQUENCE_END) or not top.is_undefined:
        raise DicomError("damaged", reason="a delimiter in the wrong place")
    walk.open.pop()
    return start


def _enter(walk: _Walk, start: int, length: int, *, is_sequence: bool, is_un: bool = False) -> int:
    top = walk.open[-1]
    if len(walk.open) > 2 * MAX_DEPTH:
        raise DicomError("over-limit", what="nesting depth", limit=MAX_DEPTH)
    end = top.end if length == UNDEFINED else start + length
    if end > top.end:
        raise _too_long(walk, end)
    is_implicit = top.is_implicit or is_un  # PS3.5 6.2.2: UN of undefined length holds implicit VR
    if not is_sequence:
        is_implicit = _looks_implicit(walk.body, start, is_implicit=is_implicit, is_little=walk.is_little)
    walk.open.append(_Open(end, length == UNDEFINED, is_sequence, is_implicit))
    return start


def _skip(walk: _Walk, tag: int, start: int, length: int) -> int:
    end = start + length
    if end > walk.open[-1].end:
        raise _too_long(walk, end)
    if tag not in _BULK_TAGS:
        walk.bytes_outside += length
        if walk.bytes_outside > MAX_BYTES_OUTSIDE_PIXELS:
            raise DicomError("over-limit", what="bytes outside pixel data", limit=MAX_BYTES_OUTSIDE_PIXELS)
    if tag == _NUMBER_OF_FRAMES and len(walk.open) == 1:
        text = bytes(walk.body[start : min(end, start + 16)]).strip(b" \0")
        walk.frames = int(text) if text.isdigit() else 1
    return end


def _too_long(walk: _Walk, end: int) -> DicomError:
    if end > len(walk.body):
        return DicomError("truncated")
    return DicomError("damaged", reason="a length reaches beyond its sequence")


def _is_sequence(tag: int, vr: bytes, length: int, body: memoryview, start: int) -> bool:
    if vr == b"SQ" or length == UNDEFINED:
        return True
    if vr in (b"", b"UN") and tag in _sequence_tags():
        return length == 0 or bytes(body[start : start + 4]) in (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
    return False


@cache
def _sequence_tags() -> frozenset[int]:
    from pydicom import datadict

    tags: dict[int, tuple[str, ...]] = vars(datadict)["DicomDictionary"]
    return frozenset(tag for tag, entry in tags.items() if entry[0] == "SQ")


def _looks_implicit(body: memoryview, start: int, *, is_implicit: bool, is_little: bool) -> bool:
    """VR encoding at the beginning of a data set or item: what is there overrules what was announced."""
    head = bytes(body[start : start + 6])
    if len(head) < 6 or not is_little or head[:2] == b"\xfe\xff":
        return is_implicit
    return head[4:6] not in _VRS


def inflated(deflated: memoryview) -> bytes:
    """The data set of Deflated Explicit VR Little Endian (PS3.5 A.5), inflated step by step and never beyond the cap.

    Raises
    ------
    DicomError
        ``over-limit`` for a bomb, ``truncated`` or ``damaged`` for a stream that does not end or is none.
    """
    limit = min(max(_INFLATE_FLOOR, _INFLATE_RATIO * len(deflated)), _INFLATE_CEILING)
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    parts: list[bytes] = []
    total = 0
    pending: bytes | memoryview = deflated
    while not stream.eof:
        try:
            part = stream.decompress(pending, _INFLATE_STEP)
        except zlib.error as error:
            raise DicomError("damaged", reason="the deflated data set is corrupt") from error
        pending = stream.unconsumed_tail
        total += len(part)
        if total > limit:
            raise DicomError("over-limit", what="inflated bytes", limit=limit)
        if not part and not pending and not stream.eof:
            raise DicomError("truncated")
        parts.append(part)
    return b"".join(parts)
