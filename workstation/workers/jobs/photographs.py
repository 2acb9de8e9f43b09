"""A picture file of any size up to `MOST_PIXELS` to grey: PNG, JPEG, BMP, WebP or TIFF. Its size is read before it is.

For looking for codes only: colour, and the way up that a camera notes, are let go.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from workstation.workers.codes import MOST_PIXELS
from workstation.workers.jobs.codestream import jpeg_header
from workstation.workers.messages import JobFailed, Reason, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]

_SIDE: Final = 65_500  # pixels: the longest side of a JPEG, and longer than any screen or camera
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257  # tags of TIFF 6.0, section 8
_TIFF_ENTRY_FORMATS: Final = {3: "H", 4: "I"}  # SHORT and LONG
_PNG_WITH_ALPHA: Final = (3, 4, 6)  # colour types: palette (perhaps with tRNS), grey and alpha, true colour and alpha
_SCREENS_AND_PHOTOS: Final = (cv2.IMREAD_GRAYSCALE, cv2.IMREAD_REDUCED_GRAYSCALE_2)


def picture_size(data: bytes) -> tuple[int, int]:
    """Rows and columns that a picture file declares.

    Raises
    ------
    JobFailed
        It is none of the five formats, its head is damaged, or it declares more pixels than are read.
    """
    sizer = next((sizer for is_it, sizer in _SIZES if is_it(data)), None)
    if sizer is None:
        raise JobFailed(Status.UNSUPPORTED)
    try:
        rows, columns = sizer(data)
    except (struct.error, IndexError) as error:
        raise JobFailed(Status.FAILED, Reason.NO_HEADER) from error
    if not (0 < rows <= _SIDE and 0 < columns <= _SIDE and rows * columns <= MOST_PIXELS):
        raise JobFailed(Status.WRONG_SIZE, sizes=(min(rows, 1 << 31), min(columns, 1 << 31), 0, 0))
    return rows, columns


def grey(data: bytes, *, halved: bool = False) -> Grey:
    """Decode to (rows, columns) grey, what is transparent as white paper.

    Parameters
    ----------
    halved : bool
        A JPEG at half its size, for less than half the work: its blocks are decoded to 4 x 4 pixels.

    Raises
    ------
    JobFailed
        It cannot be decoded, or is not of the size that it declares.
    """
    rows, columns = picture_size(data)
    is_halved = halved and data.startswith(b"\xff\xd8")
    flag = cv2.IMREAD_UNCHANGED if _may_have_alpha(data) else _SCREENS_AND_PHOTOS[is_halved]
    try:
        # the way up is let go: a code is read in any, and its corners are meant in the picture as it is stored
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise JobFailed(Status.FAILED, Reason.REFUSED) from error
    if decoded is None:
        raise JobFailed(Status.FAILED, Reason.REFUSED)
    expected = ((rows + 1) // 2, (columns + 1) // 2) if is_halved else (rows, columns)
    if decoded.shape[:2] != expected:
        raise JobFailed(Status.WRONG_SIZE, sizes=(*decoded.shape[:2], 1, 8))
    return _on_paper(decoded)


def _on_paper(decoded: NDArray[np.generic]) -> Grey:
    if decoded.dtype == np.uint16:
        decoded = (decoded >> 8).astype(np.uint8)  # type: ignore[operator]
    if decoded.dtype != np.uint8:
        raise JobFailed(Status.FAILED, Reason.PRECISION)
    if decoded.ndim == 2:
        return np.asarray(decoded, np.uint8)
    plain: Grey = cv2.cvtColor(decoded[..., :3], cv2.COLOR_BGR2GRAY)
    if decoded.shape[2] == 3:
        return plain
    # black ink on nothing is black everywhere until the paper is put below it
    alpha = np.asarray(decoded[..., 3], np.uint8)
    ink: Grey = cv2.multiply(plain, alpha, scale=1 / 255)
    made: Grey = cv2.add(ink, cv2.bitwise_not(alpha))
    return made


def _may_have_alpha(data: bytes) -> bool:
    if data.startswith(_PNG):
        return data[25] in _PNG_WITH_ALPHA
    return data[12:16] in (b"VP8X", b"VP8L") if _is_webp(data) else False


_PNG: Final = b"\x89PNG\r\n\x1a\n"


def _png(data: bytes) -> tuple[int, int]:
    columns, rows = struct.unpack_from(">II", data, 16)
    _ = data[25]
    return rows, columns


def _jpeg(data: bytes) -> tuple[int, int]:
    header = jpeg_header(memoryview(data))
    return header.rows, header.columns


def _bmp(data: bytes) -> tuple[int, int]:
    columns, rows = struct.unpack_from("<ii", data, 18)
    return abs(rows), abs(columns)  # a negative height: the first row is the topmost


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _webp(data: bytes) -> tuple[int, int]:
    """Canvas of a WebP file (RFC 9649, sections 2.5 to 2.7)."""
    if data[12:16] == b"VP8X":
        columns, rows = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif data[12:16] == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        columns, rows = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        columns, rows = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    return rows, columns


def _tiff(data: bytes) -> tuple[int, int]:
    """ImageLength and ImageWidth of the first image (TIFF 6.0, section 2)."""
    order = "<" if data[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", data, 4)
    (entries,) = struct.unpack_from(order + "H", data, start)
    sides: dict[int, int] = {}
    for at in range(start + 2, start + 2 + 12 * min(entries, 512), 12):
        tag, kind = struct.unpack_from(order + "HH", data, at)
        if tag in (_TIFF_WIDTH, _TIFF_HEIGHT) and kind in _TIFF_ENTRY_FORMATS:
            (sides[tag],) = struct.unpack_from(order + _TIFF_ENTRY_FORMATS[kind], data, at + 8)
    return sides.get(_TIFF_HEIGHT, 0), sides.get(_TIFF_WIDTH, 0)


_SIZES: Final[tuple[tuple[Callable[[bytes], bool], Callable[[bytes], tuple[int, int]]], ...]] = (
    (lambda data: data.startswith(_PNG), _png),
    (lambda data: data.startswith(b"\xff\xd8"), _jpeg),
    (lambda data: data.startswith(b"BM"), _bmp),
    (_is_webp, _webp),
    (lambda data: data[:4] in (b"II*\0", b"MM\0*"), _tiff),
)
