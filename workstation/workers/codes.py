"""`FoundCode`: a QR or bar code that was read in a picture, and the fixed records in which it crosses the wall."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

_CODE: Final = struct.Struct("<16s8iH")  # symbology, x and y of four corners, bytes of the text that follows
_PICTURE: Final = struct.Struct("<II")  # rows and columns of raw grey pixels; zeros: an encoded picture
MOST_CODES: Final = 64  # in one picture; a sheet of labels holds fewer
TEXT_BYTES: Final = 8192  # UTF-8 of one code: 7,089 digits are the most that a QR code holds (ISO/IEC 18004)
CODES_BYTES: Final = MOST_CODES * (_CODE.size + TEXT_BYTES)
MOST_PIXELS: Final = 60_000_000  # of a picture: a large camera's, or eight 4K screens
MOST_PICTURE_BYTES: Final = 192 << 20  # of an encoded picture: sixty megapixels, uncompressed, in colour


@dataclass(frozen=True, slots=True)
class FoundCode:
    """One code.

    Attributes
    ----------
    text : str
        What it says, whole. It may hold a token or a name: never logged.
    symbology : str
        QR, Data Matrix, Aztec, PDF417, Code 128 or Code 39.
    corners : four (x, y) pairs of int
        Pixels of the picture as it is stored, clockwise from the code's own top left.
    """

    text: str
    symbology: str
    corners: tuple[tuple[int, int], ...]


def picture_parameters(rows: int = 0, columns: int = 0) -> bytes:
    """What the job needs beside the bytes: the shape of raw grey pixels, or zeros for an encoded picture."""
    return _PICTURE.pack(rows, columns)


def picture_shape(parameters: bytes) -> tuple[int, int]:
    """Read what `picture_parameters` made: (rows, columns)."""
    rows, columns = _PICTURE.unpack(parameters)
    return rows, columns


def packed(codes: list[FoundCode]) -> bytes:
    """Records for the arena; codes beyond `MOST_CODES`, and texts longer than any code's, are left out."""
    parts: list[bytes] = []
    for code in codes[:MOST_CODES]:
        text = code.text.encode("utf-8", "replace")
        if len(text) <= TEXT_BYTES:
            corners = [value for corner in code.corners for value in corner]
            parts.append(_CODE.pack(code.symbology.encode("ascii"), *corners, len(text)) + text)
    return b"".join(parts)


def unpacked(block: memoryview) -> tuple[FoundCode, ...]:
    """Read what `packed` made.

    Raises
    ------
    ValueError
        The bytes are no such records.
    """
    codes: list[FoundCode] = []
    position = 0
    while position < len(block):
        if len(block) - position < _CODE.size or len(codes) == MOST_CODES:
            raise ValueError(position)
        symbology, *places, length = _CODE.unpack_from(block, position)
        position += _CODE.size
        if length > min(TEXT_BYTES, len(block) - position):
            raise ValueError(position)
        text = bytes(block[position : position + length]).decode("utf-8")
        position += length
        corners = tuple(zip(places[::2], places[1::2], strict=True))
        codes.append(FoundCode(text, symbology.rstrip(b"\0").decode("ascii"), corners))
    return tuple(codes)
