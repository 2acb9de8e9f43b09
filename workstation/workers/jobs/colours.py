"""Colours by their ICC profile (PS3.3 C.11.15) to sRGB, by littleCMS. The profile is foreign bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import imagecodecs
import numpy as np

from workstation.workers.messages import COLOURS, JobFailed, Reason, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER_BYTES: Final = 128
_RGB_DEVICES: Final = (b"scnr", b"mntr", b"spac", b"prtr")  # ICC.1:2010, 7.2.5
_PERCEPTUAL: Final = 0
_MOST_TAGS: Final = 200


def to_srgb(parameters: bytes, given: memoryview, output: memoryview) -> int:
    """Write the pixels in sRGB to `output` and give their number of bytes; 0 where the profile is sRGB already.

    Parameters
    ----------
    parameters : bytes
        `COLOURS`: rows, columns, bytes of the profile.
    given : memoryview
        The pixels, then the profile.

    Raises
    ------
    JobFailed
        It is no profile of R, G, B, or littleCMS refuses it.
    """
    rows, columns, profile_bytes = COLOURS.unpack(parameters)
    size = rows * columns * 3
    pixels = np.frombuffer(given, np.uint8, count=size).reshape(rows, columns, 3)
    profile = bytes(given[size : size + profile_bytes])
    if len(profile) < _HEADER_BYTES or profile[12:16] not in _RGB_DEVICES or profile[16:20] != b"RGB ":
        raise JobFailed(Status.UNSUPPORTED)
    if _is_srgb(profile):
        return 0
    try:
        made = imagecodecs.cms_transform(
            pixels, profile, imagecodecs.cms_profile("srgb"), colorspace="rgb", outcolorspace="rgb", intent=_PERCEPTUAL
        )
    except (ValueError, TypeError, RuntimeError) as error:  # imagecodecs' own errors are RuntimeErrors
        raise JobFailed(Status.FAILED, Reason.REFUSED) from error
    target = np.frombuffer(output, np.uint8, count=size).reshape(pixels.shape)
    np.copyto(target, made)
    return int(size)


def _is_srgb(profile: bytes) -> bool:
    """Whether the profile calls itself sRGB (the profile description tag, ICC.1:2010 9.2.41)."""
    for signature, start, length in _tags(profile):
        if signature == b"desc":
            return b"sRGB" in profile[start : start + min(length, 512)].replace(b"\0", b"")
    return False


def _tags(profile: bytes) -> Iterator[tuple[bytes, int, int]]:
    table = profile[_HEADER_BYTES : _HEADER_BYTES + 4 + 12 * _MOST_TAGS]
    count = min(int.from_bytes(table[:4], "big"), (len(table) - 4) // 12)
    for number in range(count):
        yield struct.unpack_from(">4sII", table, 4 + 12 * number)
