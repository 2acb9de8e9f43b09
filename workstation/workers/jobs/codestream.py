"""What a compressed frame says of itself, read before any decoder sees it: SIZ (JPEG 2000) and SOF (JPEG, JPEG-LS)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from workstation.workers.messages import JobFailed, Reason, Status

_END_SEARCH_BYTES: Final = 4096  # padding that writers leave after the end marker
_SOF: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7})
_ALONE: Final = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})  # markers without a length


@dataclass(frozen=True, slots=True)
class CodestreamHeader:
    """Size, depth and colour of a codestream, as its own header has them."""

    rows: int
    columns: int
    samples: int
    precision: int
    is_signed: bool = False
    colour: str = ""  # "RGB" or "YBR" where the codestream says so, else empty
    transforms_colour: bool = False  # JPEG 2000: the decoder undoes a component transform and gives R, G, B
    is_extended: bool = False  # JPEG 2000: the codestream needs features of part 2 (ISO 15444-2 A.2.1, Rsiz)


def end_marker(frame: memoryview) -> int:
    """Offset just after the end marker (FFD9) of a JPEG, JPEG-LS or JPEG 2000 codestream.

    Inside entropy-coded data FF is never followed by D9, so a cut frame has none.

    Raises
    ------
    JobFailed
        There is none: the frame is cut off. libjpeg and OpenJPH would fill up with grey or garbage.
    """
    start = max(0, len(frame) - _END_SEARCH_BYTES)
    found = bytes(frame[start:]).rfind(b"\xff\xd9")
    if found < 0:
        raise JobFailed(Status.FAILED, Reason.CUT_OFF)
    return start + found + 2


def jpeg_header(frame: memoryview) -> CodestreamHeader:
    """Read the frame header (SOF) of JPEG or JPEG-LS and who says what about colour (JFIF, Adobe, component names).

    Raises
    ------
    JobFailed
        No frame header before the first scan.
    """
    colour = ""
    position = 2 if bytes(frame[:2]) == b"\xff\xd8" else len(frame)
    while position + 4 <= len(frame):
        if frame[position] != 0xFF:
            break
        marker = frame[position + 1]
        if marker == 0xFF or marker in _ALONE:
            position += 1 if marker == 0xFF else 2
            continue
        length = (frame[position + 2] << 8) | frame[position + 3]
        segment = bytes(frame[position + 4 : position + 2 + length])
        if marker in _SOF:
            return _frame_header(segment, colour)
        if marker == 0xDA or length < 2:
            break
        colour = _colour_of_segment(marker, segment) or colour
        position += 2 + length
    raise JobFailed(Status.FAILED, Reason.NO_HEADER)


def _colour_of_segment(marker: int, segment: bytes) -> str:
    if marker == 0xEE and segment.startswith(b"Adobe") and len(segment) >= 12:
        return {0: "RGB", 1: "YBR"}.get(segment[11], "")
    if marker == 0xE0 and segment.startswith(b"JFIF\0"):
        return "YBR"
    return ""


def _frame_header(segment: bytes, colour: str) -> CodestreamHeader:
    if len(segment) < 6 or len(segment) < 6 + 3 * segment[5]:
        raise JobFailed(Status.FAILED, Reason.NO_HEADER)
    precision, rows, columns, samples = struct.unpack(">BHHB", segment[:6])
    if segment[6::3][:samples] == b"RGB":
        colour = "RGB"
    return CodestreamHeader(rows, columns, samples, precision, colour=colour)


def jpeg2000_header(frame: memoryview) -> CodestreamHeader:
    """Read SIZ and the component transform of COD, from a codestream or from a JP2 file around one (ISO 15444-1 A.5).

    Raises
    ------
    JobFailed
        No SIZ marker where one must be, or components of different sizes or depths.
    """
    start = _codestream_start(frame)
    head = bytes(frame[start : start + 42])
    if len(head) < 42 or head[:4] != b"\xff\x4f\xff\x51":
        raise JobFailed(Status.FAILED, Reason.NO_HEADER)
    right, bottom, left, top = struct.unpack(">IIII", head[8:24])
    samples = struct.unpack(">H", head[40:42])[0]
    components = bytes(frame[start + 42 : start + 42 + 3 * samples])
    if samples < 1 or len(components) < 3 * samples or components != components[:3] * samples:
        raise JobFailed(Status.FAILED, Reason.NO_HEADER)
    depth, horizontal, vertical = components[:3]
    if (horizontal, vertical) != (1, 1):
        raise JobFailed(Status.FAILED, Reason.NO_HEADER)
    return CodestreamHeader(
        max(0, bottom - top),
        max(0, right - left),
        samples,
        (depth & 0x7F) + 1,
        is_signed=bool(depth & 0x80),
        transforms_colour=_component_transform(frame, start + 42 + 3 * samples),
        is_extended=bool(head[6] & 0x80),
    )


def _codestream_start(frame: memoryview) -> int:
    if bytes(frame[:12]) == b"\x00\x00\x00\x0cjP  \r\n\x87\n":  # a JP2 file, which PS3.5 A.4.4 forbids and writers make
        return max(0, bytes(frame[:8192]).find(b"\xff\x4f\xff\x51"))
    return 0


def _component_transform(frame: memoryview, position: int) -> bool:
    while position + 4 <= len(frame) and frame[position] == 0xFF:
        marker = frame[position + 1]
        length = (frame[position + 2] << 8) | frame[position + 3]
        if marker == 0x52 and position + 9 <= len(frame):  # COD: Scod, progression, layers (2), component transform
            return frame[position + 8] == 1
        if marker == 0x90 or length < 2:  # SOT: the main header is over
            return False
        position += 2 + length
    return False
