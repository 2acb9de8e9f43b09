"""The picture job: a small JPEG or PNG, such as a rendered thumbnail, to R, G, B. Its size is read first."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import imagecodecs
import numpy as np

from workstation.workers.jobs.codestream import jpeg_header
from workstation.workers.messages import PICTURE_SIDE, PICTURE_SIZE, JobFailed, Reason, Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_IHDR: Final = struct.Struct(">II")
_ERRORS: Final = (ValueError, TypeError, RuntimeError, IndexError, OverflowError)


def decode(given: memoryview, output: memoryview) -> int:
    """Decode a picture into `output`: rows, columns, then R, G, B; gives the number of bytes written.

    Raises
    ------
    JobFailed
        It is no JPEG or PNG, too large for a thumbnail, or damaged.
    """
    data = bytes(given)
    rows, columns = _declared(given, data)
    if not (0 < rows <= PICTURE_SIDE and 0 < columns <= PICTURE_SIDE):
        raise JobFailed(Status.WRONG_SIZE, sizes=(rows, columns, 0, 0))
    try:
        decoded = imagecodecs.png_decode(data) if data.startswith(_PNG) else imagecodecs.jpeg8_decode(data)
    except _ERRORS as error:
        raise JobFailed(Status.FAILED, Reason.REFUSED) from error
    values = _as_rgb(decoded)
    if values.shape != (rows, columns, 3):
        raise JobFailed(Status.WRONG_SIZE, sizes=(*values.shape[:2], 3, 8))
    PICTURE_SIZE.pack_into(output, 0, rows, columns)
    target = np.frombuffer(output, np.uint8, count=values.size, offset=PICTURE_SIZE.size).reshape(values.shape)
    np.copyto(target, values)
    return PICTURE_SIZE.size + int(values.nbytes)


def _declared(given: memoryview, data: bytes) -> tuple[int, int]:
    if data.startswith(_PNG) and len(data) > 24:
        columns, rows = _IHDR.unpack_from(data, 16)
        return rows, columns
    if data.startswith(b"\xff\xd8"):
        header = jpeg_header(given)
        return header.rows, header.columns
    raise JobFailed(Status.UNSUPPORTED)


def _as_rgb(decoded: NDArray[np.generic]) -> NDArray[np.uint8]:
    if decoded.dtype != np.uint8 or decoded.ndim not in (2, 3):
        raise JobFailed(Status.FAILED, Reason.PRECISION)
    values = np.asarray(decoded, np.uint8)
    if values.ndim == 2:
        values = values[..., np.newaxis]
    if values.shape[2] in (1, 2):
        return np.repeat(values[..., :1], 3, axis=2)
    return values[..., :3]
