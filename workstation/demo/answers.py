"""From a request's path to an answer: QIDO-RS, WADO-RS, and nothing of sockets.

References
----------
PS3.18 10.4 (retrieve), 10.6 (search), 8.6 (multipart).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pydicom
from pydicom.encaps import get_frame
from pydicom.uid import UID, ExplicitVRLittleEndian

from workstation.demo import dicom_json
from workstation.demo.catalogue import LEVELS, Catalogue, Stored, matches, tag_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

_PIECE_BYTES: Final = 1 << 18
_PLURAL: Final = {"studies": "study", "series": "series", "instances": "instance"}
_DEFLATED: Final = "1.2.840.10008.1.2.1.99"
_NOT_MATCHED: Final = frozenset({"limit", "offset", "includefield", "fuzzymatching", "token"})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is sent: `pieces` make up `length` bytes."""

    status: int
    content_type: str
    length: int
    pieces: Iterator[bytes]
    headers: tuple[tuple[str, str], ...] = field(default=())


def reply(status: int, content_type: str, body: bytes, *headers: tuple[str, str]) -> Reply:
    """Make an answer of bytes at hand."""
    return Reply(status, content_type, len(body), iter([body]), headers)


def json_reply(status: int, value: object, *headers: tuple[str, str], kind: str = "application/json") -> Reply:
    """Make an answer in JSON, UTF-8."""
    return reply(status, kind, json.dumps(value, ensure_ascii=False).encode(), *headers)


class Answers:
    """Answers the DICOMweb paths of one catalogue.

    Parameters
    ----------
    catalogue : Catalogue
        What there is.
    render : callable or None
        Gives a JPEG or PNG of a DICOM file; without it rendered resources are not implemented (501).
    """

    def __init__(self, catalogue: Catalogue, render: Callable[[Path], bytes] | None) -> None:
        self._catalogue = catalogue
        self._render = render

    def answer(self, path: Sequence[str], query: Mapping[str, list[str]], accept: str, root: str) -> Reply:
        """Answer a path below the root, e.g. ``["studies", UID, "metadata"]``."""
        uids, rest = _resource(path)
        if rest is None:
            return json_reply(404, {"error": "no such resource"})
        kind = rest[0] if rest else ""
        if kind in _PLURAL:
            return self._search(_PLURAL[kind], uids, query, root)
        chosen = self._catalogue.within(uids)
        if not uids or not chosen:
            return json_reply(404, {"error": "not found"})
        if kind == "metadata":
            records = [dicom_json.metadata(one, root) for one in chosen]
            return json_reply(200, records, kind="application/dicom+json")
        if kind in {"rendered", "thumbnail"}:
            return self._rendered(chosen[len(chosen) // 2])
        if kind == "frames" and len(rest) >= 2 and len(uids) == len(LEVELS):
            return self._rendered(chosen[0]) if rest[2:] == ["rendered"] else _frames(chosen[0], rest[1])
        if kind == "bulkdata" and len(rest) == 2 and len(uids) == len(LEVELS):
            return _bulk(chosen[0], rest[1])
        if kind:
            return json_reply(404, {"error": "no such resource"})
        return _instances(chosen, accept)

    def _search(self, level: str, uids: Mapping[str, str], query: Mapping[str, list[str]], root: str) -> Reply:
        groups = [
            group
            for group in self._catalogue.entities(level, uids)
            if all(
                matches(group, key, value)
                for key, values in query.items()
                if key not in _NOT_MATCHED
                for value in values
            )
        ]
        first = _number(query, "offset", 0)
        last = first + _number(query, "limit", len(groups))
        included = [name for value in query.get("includefield", []) for name in value.split(",")]
        records = [dicom_json.entity(level, group, included, root) for group in groups[first:last]]
        return json_reply(200, records, kind="application/dicom+json")

    def _rendered(self, one: Stored) -> Reply:
        if self._render is None:
            return json_reply(501, {"error": "nothing renders here"})
        picture = self._render(one.path)
        return reply(200, "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg", picture)


def _number(query: Mapping[str, list[str]], name: str, otherwise: int) -> int:
    values = query.get(name, [])
    return int(values[-1]) if values and values[-1].isdecimal() else otherwise


def _resource(path: Sequence[str]) -> tuple[dict[str, str], list[str] | None]:
    """Split ``studies/S/series/E/metadata`` into the UIDs and what is wanted of them; None: no such path."""
    uids: dict[str, str] = {}
    rest = list(path)
    while len(rest) >= 2 and rest[0] in _PLURAL:
        level = _PLURAL[rest[0]]
        if level in uids or LEVELS.index(level) < len(uids):
            return uids, None
        uids[level] = rest[1]
        rest = rest[2:]
    return uids, rest if uids or len(rest) == 1 else None


def _instances(chosen: Sequence[Stored], accept: str) -> Reply:
    if len(chosen) == 1 and accept.replace(" ", "").startswith("application/dicom") and "+" not in accept:
        size = chosen[0].path.stat().st_size
        return Reply(200, "application/dicom", size, _file_pieces(chosen[0].path))
    parts = [
        (f"application/dicom; transfer-syntax={one.transfer_syntax_uid}", one.path.stat().st_size, one.path)
        for one in chosen
    ]
    return _multipart("application/dicom", parts)


def _multipart(kind: str, parts: Sequence[tuple[str, int, Path | bytes]]) -> Reply:
    boundary = secrets.token_hex(16)
    heads = [
        f"\r\n--{boundary}\r\nContent-Type: {part_kind}\r\nContent-Length: {size}\r\n\r\n".encode("ascii")
        for part_kind, size, _ in parts
    ]
    tail = f"\r\n--{boundary}--\r\n".encode("ascii")

    def pieces() -> Iterator[bytes]:
        for head, (_, _, content) in zip(heads, parts, strict=True):
            yield head
            yield from [content] if isinstance(content, bytes) else _file_pieces(content)
        yield tail

    length = sum(map(len, heads)) + sum(size for _, size, _ in parts) + len(tail)
    return Reply(200, f'multipart/related; type="{kind}"; boundary={boundary}', length, pieces())


def _file_pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _frames(one: Stored, numbers: str) -> Reply:
    wanted = numbers.split(",")
    data_set = pydicom.dcmread(one.path)
    count = int(data_set.get("NumberOfFrames", 1) or 1)
    if "PixelData" not in data_set or not all(word.isdecimal() and 1 <= int(word) <= count for word in wanted):
        return json_reply(404, {"error": "no such frame"})
    syntax = UID(one.transfer_syntax_uid)
    frames = [_frame(data_set, syntax, int(word) - 1, count) for word in wanted]
    shown = ExplicitVRLittleEndian if syntax == _DEFLATED else syntax  # what was inflated is no longer deflated
    kind = f"application/octet-stream; transfer-syntax={shown}"
    return _multipart("application/octet-stream", [(kind, len(frame), frame) for frame in frames])


def _frame(data_set: Any, syntax: UID, index: int, count: int) -> bytes:
    """One frame as stored: unwrapped where it is encapsulated (PS3.5 A.4), cut out where it is not."""
    if syntax.is_encapsulated:
        return bytes(get_frame(data_set.PixelData, index, number_of_frames=count))
    samples = data_set.Rows * data_set.Columns * data_set.get("SamplesPerPixel", 1)
    size = samples * data_set.BitsAllocated // 8
    return bytes(data_set.PixelData[index * size : (index + 1) * size])


def _bulk(one: Stored, name: str) -> Reply:
    tag = tag_of(name)
    data_set = pydicom.dcmread(one.path)
    if tag is None or tag not in data_set or not isinstance(data_set[tag].value, bytes):
        return json_reply(404, {"error": "no such bulk data"})
    value = data_set[tag].value
    return _multipart("application/octet-stream", [("application/octet-stream", len(value), value)])
