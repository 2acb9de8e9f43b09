"""The first page of a DICOM file: enough to know which instance it claims to be, and nothing of the patient.

Data sets are parsed elsewhere, behind a scanner with limits; this reads only group 0002, whose form is fixed.
"""

from __future__ import annotations

import struct
from typing import Final

_PREAMBLE_BYTES: Final = 128
_LONG_VRS: Final = frozenset(
    {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
)
_ELEMENTS_LIMIT: Final = 64  # the standard knows 13


def is_part10(data: bytes) -> bool:
    """Whether the bytes begin as a DICOM file does (PS3.10 7.1: 128 bytes, then ``DICM``)."""
    return data[_PREAMBLE_BYTES : _PREAMBLE_BYTES + 4] == b"DICM"


def media_storage_sop_instance_uid(data: bytes) -> str:
    """Give (0002,0003), in which a file says whose it is; empty when the file does not say.

    References
    ----------
    PS3.10 7.1: the group is always Explicit VR Little Endian.
    """
    at = _PREAMBLE_BYTES + 4
    for _ in range(_ELEMENTS_LIMIT):
        if len(data) < at + 8:
            return ""
        group, element, vr, length = struct.unpack_from("<HH2sH", data, at)
        at += 8
        if group != 0x0002:
            return ""
        if vr in _LONG_VRS:
            if len(data) < at + 4:
                return ""
            (length,) = struct.unpack_from("<I", data, at)
            at += 4
        if element == 0x0003:
            return data[at : at + length].decode("ascii", "replace").rstrip("\0 ")
        at += length
    return ""
