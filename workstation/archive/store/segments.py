"""Sealed files that can be read at any offset, and of which no bit can be changed, moved, swapped or cut off unseen.

A file is a header and segments of 1 MiB, each sealed for itself with AES-256-GCM (NIST SP 800-38D). The nonce is the
file's random prefix, the number of the segment and whether it is the last one; the header and what the file is of are
authenticated with every segment. This is the STREAM construction: Hoang VT, Reyhanitabar R, Rogaway P, Vizár D. Online
authenticated-encryption and its nonce-reuse misuse-resistance. CRYPTO 2015.
"""

from __future__ import annotations

import secrets
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAGIC: Final = b"CFS1"
SEGMENT: Final = 1 << 20
TAG: Final = 16
_PREFIX: Final = 7
_HEADER: Final = struct.Struct(f"<4s{_PREFIX}sB")
_NUMBER: Final = struct.Struct(">IB")
_MOST_SEGMENTS: Final = 1 << 32


class Altered(Exception):
    """A sealed file is not what was written: another key or name, changed, cut off, or none of ours."""


def sealed_size(plain: int) -> int:
    """How many bytes a text of so many bytes takes on the disk."""
    return _HEADER.size + plain + TAG * max(1, -(-plain // SEGMENT))


def seal(key: bytes, text: bytes | memoryview, of: bytes) -> Iterator[bytes]:
    """Seal a text, piece by piece.

    Parameters
    ----------
    key : bytes
        32 bytes.
    text : bytes or memoryview
        What is sealed; up to 4 PiB.
    of : bytes
        What it is: only who names the same opens it.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # the first window does without

    header = _HEADER.pack(MAGIC, secrets.token_bytes(_PREFIX), SEGMENT.bit_length() - 1)
    cipher, view = AESGCM(key), memoryview(text).cast("B")
    yield header
    last = max(0, -(-len(view) // SEGMENT) - 1)
    for number in range(last + 1):
        part = view[number * SEGMENT : (number + 1) * SEGMENT]
        yield cipher.encrypt(_nonce(header, number, is_last=number == last), part, header + of)


def _nonce(header: bytes, number: int, *, is_last: bool) -> bytes:
    return header[4 : 4 + _PREFIX] + _NUMBER.pack(number, is_last)


class Sealed:
    """Reads a sealed file.

    Parameters
    ----------
    key : bytes
        32 bytes.
    of : bytes
        What it is, as it was sealed.
    size : int
        Of the file.
    read : callable
        ``read(offset, count)`` gives that part of the file.

    Raises
    ------
    Altered
        The file is none of ours, or cannot be whole.
    """

    def __init__(self, key: bytes, of: bytes, size: int, read: Callable[[int, int], bytes]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._read, self._cipher = read, AESGCM(key)
        self._header = read(0, _HEADER.size)
        self._with = self._header + of
        body = size - _HEADER.size
        self._count = max(1, -(-body // (SEGMENT + TAG)))
        self.size = body - TAG * self._count
        is_ours = len(self._header) == _HEADER.size and self._header[:4] == MAGIC
        if not is_ours or self._header[-1] != SEGMENT.bit_length() - 1 or self.size < 0 or self._count > _MOST_SEGMENTS:
            raise Altered

    def segment(self, number: int) -> bytes:
        """The text of one segment.

        Raises
        ------
        Altered
            It is not what was written.
        """
        from cryptography.exceptions import InvalidTag

        is_last = number == self._count - 1
        wished = (self.size - number * SEGMENT if is_last else SEGMENT) + TAG
        sealed = self._read(_HEADER.size + number * (SEGMENT + TAG), wished)
        try:
            return self._cipher.decrypt(_nonce(self._header, number, is_last=is_last), sealed, self._with)
        except (InvalidTag, ValueError):
            raise Altered from None

    def read(self, offset: int, count: int) -> bytes:
        """So many bytes of the text from an offset, fewer at its end.

        Raises
        ------
        Altered
            A segment is not what was written.
        """
        end = min(offset + count, self.size)
        if offset >= end:
            return b""
        first, last = offset // SEGMENT, (end - 1) // SEGMENT
        text = b"".join(self.segment(number) for number in range(first, last + 1))
        return text[offset - first * SEGMENT : end - first * SEGMENT]

    def all(self) -> bytes:
        """The whole text; see `read`. A text of no bytes is authenticated, too."""
        return b"".join(self.segment(number) for number in range(self._count))
