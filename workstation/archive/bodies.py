"""What the bodies of DICOMweb answers hold: lists, files, frames, pictures. What is none is refused at the door.

References
----------
PS3.18 8.6 (media types), F (DICOM JSON model).
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from workstation.archive.addresses import UID
from workstation.archive.multipart import media_type, one_part
from workstation.archive.part10 import is_part10
from workstation.errors import TransferError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workstation.archive.answer import Answer

INSTANCE_LIMIT_BYTES: Final = 2 * 1024**3
_PICTURE_LIMIT_BYTES: Final = 32 * 1024**2
_DECODER: Final = json.JSONDecoder()
_JSON_TYPES: Final = frozenset({"application/dicom+json", "application/json"})
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class Records(list[dict[str, Any]]):
    """DICOM JSON objects. `is_whole` is false when the server said that there are more than it gave."""

    is_whole: bool = True
    warning: str = ""  # the server's Warning header


@dataclass(frozen=True, slots=True)
class FrameBytes:
    """One frame as it is stored, still encoded.

    `transfer_syntax_uid` is empty when the server did not say it, and `media_type` is what it called the bytes.
    """

    data: bytes
    media_type: str
    transfer_syntax_uid: str


def not_dicom(answer: Answer) -> TransferError:
    """What an answer of another kind is: a sign-in page, a report."""
    return TransferError("not-dicom-answer", content_type=media_type(answer.content_type).name[:80])


def records_in(answer: Answer, limit_bytes: int) -> Records:
    """Take a list of DICOM JSON objects out of an answer."""
    if answer.status == 204:
        return Records()
    body = answer.read(limit_bytes)
    warning = answer.headers.get("Warning", "")
    if media_type(answer.content_type).name not in _JSON_TYPES:
        raise not_dicom(answer)
    parsed = None
    with contextlib.suppress(ValueError, RecursionError):  # raised outside: such an error quotes what it stumbled over
        parsed = objects_in(body)
    if parsed is None:
        raise TransferError("not-dicom-answer", content_type="broken JSON")
    records = Records(parsed)
    # 206, and 299 in a Warning, say that there is more (PS3.18 8.3.4.4, 10.4.3)
    records.is_whole = answer.status != 206 and not warning.startswith("299")
    records.warning = warning
    return records


def objects_in(data: bytes) -> list[dict[str, Any]]:
    """Read a JSON array of objects, one object at a time.

    The whole metadata of 300 slices read at once would hold the interpreter, and with it the window, for 0.15 s.

    Raises
    ------
    ValueError, RecursionError
        It is no such array.
    """
    text = data.decode(json.detect_encoding(data))
    found: list[dict[str, Any]] = []
    at = _past(text, 0, "[")
    if text[at : at + 1] != "]":
        while True:
            entry, at = _DECODER.raw_decode(text, at)
            if not isinstance(entry, dict):
                raise ValueError(type(entry))
            found.append(entry)
            at = _blanks(text, at)
            if text[at : at + 1] != ",":
                break
            at = _blanks(text, at + 1)
    if _past(text, at, "]") != len(text):
        raise ValueError(at)
    return found


def _past(text: str, at: int, sign: str) -> int:
    at = _blanks(text, at)
    if text[at : at + 1] != sign:
        raise ValueError(at)
    return _blanks(text, at + 1)


def _blanks(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\n", "\r"):
        at += 1
    return at


def picture_in(answer: Answer) -> bytes:
    """Take a JPEG or PNG out of an answer."""
    data = answer.read(_PICTURE_LIMIT_BYTES)
    if not data.startswith(_PICTURES):
        raise not_dicom(answer)
    return data


def bulk_in(answer: Answer) -> bytes:
    """Take bulk data out of an answer, in one part or none."""
    if media_type(answer.content_type).name == "multipart/related":
        return one_part(answer.chunks(), answer.content_type, limit=INSTANCE_LIMIT_BYTES)[1]
    if media_type(answer.content_type).name.startswith("text/"):
        raise not_dicom(answer)
    return answer.read(INSTANCE_LIMIT_BYTES)


def frame_in(answer: Answer) -> FrameBytes:
    """Take the one frame out of a multipart answer."""
    outer = media_type(answer.content_type)
    if outer.name != "multipart/related":
        raise not_dicom(answer)
    headers, data = one_part(answer.chunks(), answer.content_type, limit=INSTANCE_LIMIT_BYTES)
    inner = media_type(headers.get("content-type", outer.parameters.get("type", "")))
    syntax = inner.parameters.get("transfer-syntax", outer.parameters.get("transfer-syntax", ""))
    return FrameBytes(data, inner.name, syntax if UID.fullmatch(syntax) else "")


def counted(chunks: Iterator[bytes], received: Callable[[int], None]) -> Iterator[bytes]:
    """The same pieces; `received` is told how long each is."""
    for chunk in chunks:
        received(len(chunk))
        yield chunk


def file_in(answer: Answer, received: Callable[[int], None]) -> bytes:
    """Take the one DICOM file out of an answer, however the server wraps it."""
    kind = media_type(answer.content_type).name
    chunks = counted(answer.chunks(), received)
    if kind == "multipart/related":
        headers, data = one_part(chunks, answer.content_type, limit=INSTANCE_LIMIT_BYTES)
        kind = media_type(headers.get("content-type", "application/dicom")).name
    elif kind == "application/dicom":
        data = _whole(answer, chunks)
    else:
        raise not_dicom(answer)
    if kind != "application/dicom" or not is_part10(data):
        raise TransferError("not-dicom-answer", content_type=kind[:80])
    return data


def _whole(answer: Answer, chunks: Iterator[bytes]) -> bytes:
    """Read a body that has no delimiters: its length must be told, or nothing would show that it was cut."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > INSTANCE_LIMIT_BYTES:
            raise TransferError("too-large", limit=INSTANCE_LIMIT_BYTES)
    if answer.length < 0 and "chunked" not in answer.headers.get("Transfer-Encoding", "").lower():
        raise TransferError("cut-off", received=len(body), expected=-1)
    return bytes(body)
