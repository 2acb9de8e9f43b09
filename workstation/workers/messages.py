"""What parent and worker say to each other: fixed structs over a pipe, bytes in a shared arena. Never a pickle.

A message to a worker is one request or several that it does one after the other, each with its own answer: a `REPLY`
struct, after any `LOG` lines. Sizes in an answer are compared with what the parent expects, never used to allocate.
The arena begins with one byte a request: the parent sets it to call the request off while it has not begun.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class JobKind(IntEnum):
    """What is asked of a worker."""

    FRAME = 1
    PROXY = 2
    PICTURE = 3
    DOCUMENT = 5
    CODES = 7
    COLOURS = 9
    OPEN = 10  # a stream, of the kind that its one byte of parameters says; an arena follows that is its own
    CLOSE = 11  # a stream; there is no reply


class Status(IntEnum):
    """How a job ended."""

    DONE = 0
    FAILED = 1  # the decoder or the script refused; `Reason` says why
    WRONG_SIZE = 2  # the codestream is of another size than the data set says
    UNSUPPORTED = 3  # no decoder for the transfer syntax
    LEFT = 4  # called off before it began


class Reason(IntEnum):
    """Why a job failed, as words that may stand in a log."""

    NONE = 0
    REFUSED = 1
    CUT_OFF = 2
    NO_HEADER = 3
    OUT_OF_MEMORY = 4
    TOO_SMALL_FOR_ITS_SIZE = 5
    PRECISION = 6
    NO_ANSWER = 7
    LOCKED = 20
    DAMAGED = 21
    NO_PAGE = 22

    @property
    def words(self) -> str:
        """The reason in lower case words."""
        return self.name.lower().replace("_", " ")


STARTED: Final = b"S"
LOG: Final = b"L"  # followed by one byte (level / 10) and UTF-8 text
ANSWER: Final = b"R"
LOG_TEXT_BYTES: Final = 500
MAX_ANSWER_BYTES: Final = 1024
PICTURE_SIDE: Final = 1024  # pixels: a thumbnail is never larger
PICTURE_SIZE: Final = struct.Struct("<II")  # rows, columns; the pixels follow
COLOURS: Final = struct.Struct("<III")  # rows, columns, bytes of the ICC profile
PICTURE_BYTES: Final = PICTURE_SIZE.size + PICTURE_SIDE**2 * 3

MOST_TOGETHER: Final = 16  # requests in one message
CALLED_OFF_BYTES: Final = 64  # at the beginning of the arena, one for each request of a message
_ALIGNMENT: Final = 64  # of all that lies in the arena: a cache line, and more than any decoder asks for

_REQUEST = struct.Struct("<BIQQQdQQH")
_FRAME = struct.Struct("<64sIIHHHHB16s")
_REPLY = struct.Struct("<cIBBIIHHQ")  # b"R", number, status, reason, rows, columns, samples, precision, output bytes


def aligned(position: int) -> int:
    """The next place in the arena where something may begin."""
    return -(-position // _ALIGNMENT) * _ALIGNMENT


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a job. Its input lies at `start` in the arena, its output at `output_start`."""

    kind: JobKind
    number: int
    start: int
    input_bytes: int
    output_bytes: int
    deadline_s: float
    parameters: bytes = b""
    arena_bytes: int = 0  # 0: the arena that the worker already has; else a new one of this size follows
    stream: int = 0  # the stream that is opened, read or closed

    @property
    def output_start(self) -> int:
        """Where the output begins."""
        return aligned(self.start + self.input_bytes)

    def packed(self) -> bytes:
        """Bytes for the pipe."""
        head = _REQUEST.pack(
            self.kind,
            self.number,
            self.start,
            self.input_bytes,
            self.output_bytes,
            self.deadline_s,
            self.arena_bytes,
            self.stream,
            len(self.parameters),
        )
        return head + self.parameters

    @classmethod
    def all_of(cls, message: bytes) -> list[Request]:
        """Read what one message asks for, in its order."""
        requests: list[Request] = []
        position = 0
        while position < len(message):
            kind, number, start, given, output, deadline, arena, stream, length = _REQUEST.unpack_from(
                message, position
            )
            position += _REQUEST.size + length
            parameters = message[position - length : position]
            requests.append(cls(JobKind(kind), number, start, given, output, deadline, parameters, arena, stream))
        return requests


@dataclass(frozen=True, slots=True)
class Reply:
    """The end of a job. `rows`, `columns`, `samples` and `precision` are what the codestream says of itself."""

    number: int
    status: Status
    reason: Reason = Reason.NONE
    rows: int = 0
    columns: int = 0
    samples: int = 0
    precision: int = 0
    output_bytes: int = 0

    def packed(self) -> bytes:
        """Bytes for the pipe."""
        return _REPLY.pack(
            ANSWER,
            self.number,
            self.status,
            self.reason,
            self.rows & 0xFFFFFFFF,
            self.columns & 0xFFFFFFFF,
            self.samples & 0xFFFF,
            self.precision & 0xFFFF,
            self.output_bytes,
        )

    @classmethod
    def unpacked(cls, message: bytes) -> Reply:
        """Read what `packed` made.

        Raises
        ------
        ValueError
            The bytes are no reply: the worker cannot be trusted any more.
        """
        if len(message) != _REPLY.size:
            raise ValueError(len(message))
        _, number, status, reason, *sizes = _REPLY.unpack(message)
        return cls(number, Status(status), Reason(reason), *sizes)


class JobFailed(Exception):  # how a job ended, inside the worker; never crosses the process wall
    """Raised inside a worker to end a job with a status other than `DONE`."""

    def __init__(self, status: Status, reason: Reason = Reason.NONE, sizes: tuple[int, int, int, int] = (0,) * 4):
        super().__init__(status.name)
        self.status = status
        self.reason = reason
        self.sizes = sizes  # rows, columns, samples, precision


@dataclass(frozen=True, slots=True)
class DecodeJob:
    """One compressed frame and the Image Pixel module it claims to follow (PS3.3 C.7.6.3).

    The result is a C-contiguous array of `shape` and `dtype`: stored values masked to BitsStored and sign-extended
    (rows, columns), or R, G, B of 8 bit (rows, columns, 3).
    """

    encoded: bytes | memoryview
    transfer_syntax_uid: str
    rows: int
    columns: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    pixel_representation: int
    photometric_interpretation: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the decoded array."""
        return (self.rows, self.columns) if self.samples_per_pixel == 1 else (self.rows, self.columns, 3)

    @property
    def dtype(self) -> str:
        """Name, in numpy, for the type of the decoded array's values."""
        if self.samples_per_pixel > 1:
            return "|u1"
        sign = "i" if self.pixel_representation else "u"
        size = 1 if self.bits_allocated <= 8 else 2 if self.bits_allocated <= 16 else 4
        return f"|{sign}1" if size == 1 else f"<{sign}{size}"

    @property
    def output_bytes(self) -> int:
        """Bytes of the decoded array."""
        return self.rows * self.columns * (1 if self.samples_per_pixel == 1 else 3) * int(self.dtype[2:])

    def parameters(self) -> bytes:
        """Everything but the encoded bytes, for the pipe."""
        return _FRAME.pack(
            self.transfer_syntax_uid.encode("ascii", "replace"),
            self.rows,
            self.columns,
            self.samples_per_pixel,
            self.bits_allocated,
            self.bits_stored,
            self.high_bit,
            self.pixel_representation,
            self.photometric_interpretation.encode("ascii", "replace"),
        )

    @classmethod
    def from_parameters(cls, parameters: bytes, encoded: memoryview) -> DecodeJob:
        """Read what `parameters` made."""
        syntax, rows, columns, samples, allocated, stored, high, sign, photometric = _FRAME.unpack(parameters)
        return cls(
            encoded,
            _text(syntax),
            rows,
            columns,
            samples,
            allocated,
            stored,
            high,
            sign,
            _text(photometric),
        )


def _text(field: bytes) -> str:
    return field.rstrip(b"\0").decode("ascii")
