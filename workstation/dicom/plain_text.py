"""Texts without a declared character set: UTF-8, else GB18030, the two that Chinese hospitals write."""

from __future__ import annotations

from typing import Final

from workstation.errors import DicomError

MAX_BYTES: Final = 1 << 20
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decoded(data: bytes) -> str:
    """Decode a text.

    Raises
    ------
    DicomError
        ``unsupported-document``: it is no text in any of these character sets; ``over-limit``: larger than 1 MiB.
    """
    if len(data) > MAX_BYTES:
        raise DicomError("over-limit", what="document bytes", limit=MAX_BYTES)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], (encoding,))
    return _strict(data, ("utf-8", "gb18030"))


def _strict(data: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            words = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(char < " " and char not in "\t\r\n\f" for char in words):
            return words
    raise DicomError("unsupported-document", what="text")
