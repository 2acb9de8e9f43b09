"""multipart/related, read as it streams: nothing is held back longer than a delimiter, and nothing short is accepted.

References
----------
RFC 2046 5.1.1 (delimiters), RFC 2387 (related), PS3.18 8.6.1.2 (how DICOMweb uses it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from workstation.errors import TransferError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HEADER_LIMIT_BYTES: Final = 16 * 1024
PART_LIMIT_BYTES: Final = 2 * 1024**3
_LINE_LIMIT_BYTES: Final = 200  # of what may follow the boundary in a delimiter line

_DIGITS_LIMIT: Final = 19
_HEADER: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:([\t -~]*)")  # RFC 9110 5.6.2 and 5.5

# A quoted value may itself hold quoted parameters: type="application/octet-stream; transfer-syntax=1.2.840..."
_PARAMETER: Final = re.compile(r';\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))')


# What the rest of a line after a boundary may be, apart from where it ends
_INCOMPLETE: Final = -1
_NOT_A_DELIMITER: Final = -2
_CLOSING: Final = -3


@dataclass(frozen=True, slots=True)
class PartBegan:
    """A part's headers are read; names are in lower case."""

    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PartData:
    """Some bytes of the part that began last."""

    data: bytes | memoryview


@dataclass(frozen=True, slots=True)
class PartEnded:
    """The part is whole: its length is as promised, and a delimiter follows it."""


Event = PartBegan | PartData | PartEnded


@dataclass(frozen=True, slots=True)
class MediaType:
    """A Content-Type: the type in lower case, and its parameters by lower-case name."""

    name: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def media_type(header: str) -> MediaType:
    """Read a Content-Type header as leniently as archives write it.

    Some put a second parameter inside the quotes of the first; it is found in there, too, unless it also stands
    outside.
    """
    name, _, _ = header.partition(";")
    outer: dict[str, str] = {}
    inner: dict[str, str] = {}
    for match in _PARAMETER.finditer(header):
        value = match[2] if match[2] is not None else match[3]
        value = re.sub(r"\\(.)", r"\1", value)
        head, _, _ = value.partition(";")
        if match[2] is not None and match[1].lower() == "type":
            inner |= {nested[1].lower(): nested[3] for nested in _PARAMETER.finditer(value) if nested[3]}
            value = head.strip()
        outer.setdefault(match[1].lower(), value)
    return MediaType(name.strip().lower(), inner | outer)


def boundary_of(content_type: str) -> bytes:
    """Give the boundary that a multipart Content-Type names.

    Raises
    ------
    TransferError
        bad-multipart: it names none, or one that no delimiter can hold (RFC 2046 5.1.1: 1 to 70 characters).
    """
    boundary = media_type(content_type).parameters.get("boundary", "")
    if not 1 <= len(boundary) <= 70 or not boundary.isascii() or not boundary.isprintable():
        raise TransferError("bad-multipart", reason="no usable boundary")
    return boundary.encode("ascii")


class _State(Enum):
    PREAMBLE = auto()  # before the first delimiter
    AFTER_SIZED = auto()  # a part of known length is over: a delimiter must follow at once
    HEADERS = auto()
    SIZED = auto()  # inside a part that told its length
    SCANNING = auto()  # inside a part that did not
    DONE = auto()  # the closing delimiter was seen; what follows is an epilogue


class MultipartParser:
    """State machine over the body. `feed` it pieces of any size, then `finish`.

    Parameters
    ----------
    boundary : bytes
        As named by the Content-Type.
    part_limit : int
        Largest part, bytes.
    """

    def __init__(self, boundary: bytes, *, part_limit: int = PART_LIMIT_BYTES) -> None:
        self._delimiter = b"\r\n--" + boundary
        self._part_limit = part_limit
        self._buffer = bytearray(b"\r\n")  # so that a delimiter at the very beginning looks like any other
        self._state = _State.PREAMBLE
        self._newline = b"\r\n"
        self._promised = -1
        self._received = 0

    @property
    def is_done(self) -> bool:
        """Whether the closing delimiter was seen."""
        return self._state is _State.DONE

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes of the body; give what became certain by them.

        Raises
        ------
        TransferError
            wrong-length: a part is longer or shorter than its header says; too-large; bad-multipart.
        """
        events: list[Event] = []
        if self._state is _State.SIZED:
            data = self._take_sized(data, events)
        if self._state is _State.DONE:
            return events
        self._buffer += data
        while self._step(events):
            pass
        return events

    def finish(self) -> None:
        """Say that the body is over.

        Raises
        ------
        TransferError
            no-closing-delimiter: the body stopped before its end, whatever the transport says; wrong-length: it
            stopped inside a part that told its length.
        """
        if self._state is _State.SIZED:
            raise TransferError("wrong-length", received=self._received, expected=self._promised)
        if self._state is not _State.DONE:
            raise TransferError("no-closing-delimiter")

    def _step(self, events: list[Event]) -> bool:
        """Work on the buffer; gives whether there may be more to do in it."""
        if self._state is _State.HEADERS:
            return self._read_headers(events)
        if self._state is _State.SIZED:
            held = bytes(self._buffer)
            self._buffer.clear()
            self._buffer += self._take_sized(held, events)
            return self._state is not _State.SIZED
        return self._find_delimiter(events)

    def _take_sized(self, data: bytes, events: list[Event]) -> bytes:
        wanted = self._promised - self._received
        taken = min(wanted, len(data))
        if taken:
            events.append(PartData(memoryview(data)[:taken]))
            self._received += taken
        if taken == wanted:
            events.append(PartEnded())
            self._state = _State.AFTER_SIZED
        return data[taken:]

    def _find_delimiter(self, events: list[Event]) -> bool:
        at = self._buffer.find(self._delimiter)
        if self._state is _State.AFTER_SIZED and at != 0:
            return self._expect_delimiter()
        if at < 0:
            self._pass_on(max(0, len(self._buffer) - len(self._delimiter) + 1), events)
            return False
        after = at + len(self._delimiter)
        end = self._line_end(after)
        if end == _INCOMPLETE:
            self._pass_on(at, events)
            return False
        if end == _NOT_A_DELIMITER:
            if self._state is _State.AFTER_SIZED:
                raise TransferError("wrong-length", received=-1, expected=self._promised)
            self._pass_on(at + 1, events)
            return True
        self._pass_on(at, events)
        if self._state is _State.SCANNING:
            events.append(PartEnded())
        if end == _CLOSING:
            self._state = _State.DONE
            self._buffer.clear()
            return False
        self._newline = b"\r\n" if self._buffer[: end - at].endswith(b"\r\n") else b"\n"
        self._state = _State.HEADERS
        del self._buffer[: end - at]
        return True

    def _expect_delimiter(self) -> bool:
        if not self._delimiter.startswith(self._buffer[: len(self._delimiter)]):
            raise TransferError("wrong-length", received=-1, expected=self._promised)
        return False

    def _line_end(self, after: int) -> int:
        """Where the delimiter line that holds the boundary ends; or that it closes, is cut, or is none at all."""
        rest = bytes(self._buffer[after : after + _LINE_LIMIT_BYTES])
        if rest.startswith(b"--"):
            return _CLOSING
        line, newline, _ = rest.partition(b"\n")
        padding = line[:-1] if line.endswith(b"\r") else line
        if padding.strip(b" \t"):
            return _INCOMPLETE if rest == b"-" else _NOT_A_DELIMITER
        if newline:
            return after + len(line) + 1
        return _INCOMPLETE if len(rest) < _LINE_LIMIT_BYTES else _NOT_A_DELIMITER

    def _pass_on(self, count: int, events: list[Event]) -> None:
        """The first `count` bytes of the buffer are no delimiter: data of the part, or preamble."""
        if count == 0:
            return
        if self._state is _State.SCANNING:
            self._received += count
            if self._received > self._part_limit:
                raise TransferError("too-large", limit=self._part_limit)
            events.append(PartData(bytes(self._buffer[:count])))
        del self._buffer[:count]

    def _read_headers(self, events: list[Event]) -> bool:
        headers: dict[str, str] = {}
        start = 0
        while (end := self._buffer.find(b"\n", start, HEADER_LIMIT_BYTES)) >= 0:
            line = bytes(self._buffer[start : end + 1])
            # one kind of line break within a block: a mixture is the scar of lost bytes
            if not line.endswith(self._newline) or (self._newline == b"\n" and line.endswith(b"\r\n")):
                raise TransferError("bad-multipart", reason="mixed line breaks in part headers")
            start = end + 1
            if line == self._newline:
                del self._buffer[:start]
                self._begin_part(headers, events)
                return True
            match = _HEADER.fullmatch(line.removesuffix(self._newline))
            if match is None:
                raise TransferError("bad-multipart", reason="a part header is none")
            headers[match[1].decode("ascii").lower()] = match[2].strip().decode("ascii")
        if len(self._buffer) >= HEADER_LIMIT_BYTES:
            raise TransferError("bad-multipart", reason="part headers too long")
        return False

    def _begin_part(self, headers: dict[str, str], events: list[Event]) -> None:
        events.append(PartBegan(headers))
        self._received = 0
        self._promised = -1
        self._state = _State.SCANNING
        length = headers.get("content-length")
        if length is None:
            return
        if not length.isdecimal() or len(length) > _DIGITS_LIMIT:
            raise TransferError("bad-multipart", reason="a part's length is no number")
        self._promised = int(length)
        self._state = _State.SIZED
        if self._promised > self._part_limit:
            raise TransferError("too-large", limit=self._part_limit)


def one_part(chunks: Iterable[bytes], content_type: str, *, limit: int) -> tuple[Mapping[str, str], bytes]:
    """Read a body that must hold exactly one part; give its headers and its bytes.

    Raises
    ------
    TransferError
        As `MultipartParser`, and bad-multipart for any other number of parts.
    """
    parser = MultipartParser(boundary_of(content_type), part_limit=limit)
    headers: list[Mapping[str, str]] = []
    body = bytearray()
    for chunk in chunks:
        for event in parser.feed(chunk):
            if isinstance(event, PartBegan):
                headers.append(event.headers)
                if len(headers) > 1:
                    raise TransferError("bad-multipart", reason="more parts than were asked for")
            elif isinstance(event, PartData):
                body += event.data
    parser.finish()
    if not headers:
        raise TransferError("bad-multipart", reason="no part")
    return headers[0], bytes(body)
