"""DICOMweb in the words of the domain: what is there, its metadata, its instances. Bytes are checked at the door.

What leaves here as an instance is whole and claims to be the one asked for; the patient and the pixels' length are
checked where data sets are parsed.

References
----------
PS3.18 10 (Studies service), 8.6 (media types), F (DICOM JSON model).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, unquote, urljoin, urlsplit

from workstation.archive.multipart import media_type, one_part
from workstation.archive.part10 import is_part10, media_storage_sop_instance_uid
from workstation.archive.retries import Patience
from workstation.archive.targets import target_of
from workstation.errors import IdentityError, LinkError, ServerRefused, TransferError
from workstation.tasks import CancelToken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from workstation.archive.answer import Answer
    from workstation.archive.connection import Connection
    from workstation.reference import Secret

T = TypeVar("T")
_JSON_LIMIT_BYTES: Final = 128 * 1024**2
_PAGE_LIMIT_BYTES: Final = 8 * 1024**2  # of a list: some 5,000 studies; more would hold the interpreter up
_INSTANCE_LIMIT_BYTES: Final = 2 * 1024**3
_PICTURE_LIMIT_BYTES: Final = 32 * 1024**2
_DICOM: Final = 'multipart/related; type="application/dicom"; transfer-syntax=*'
_FRAME: Final = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'
_BULK: Final = 'multipart/related; type="application/octet-stream", application/octet-stream;q=0.5, */*;q=0.1'
_JSON: Final = "application/dicom+json"
_JSON_TYPES: Final = frozenset({"application/dicom+json", "application/json"})
# Leading zeros in a component break PS3.5 9.1, yet archives hold such UIDs and a patient behind each
_UID: Final = re.compile(r"[0-9]+(\.[0-9]+)*")
_KEYWORD: Final = re.compile(r"[A-Za-z0-9]+")
_OF_INSTANCE: Final = re.compile(r"/studies/[0-9.]+/series/[0-9.]+/instances/[0-9.]+/[A-Za-z0-9./_-]+$")
# The line failed, not the server: worth another try of the same instance
_LINE_FAULTS: Final = frozenset({"cut-off", "stalled", "wrong-length", "no-closing-delimiter"})


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


def _ignored(count: int) -> None:
    """Nobody wants to know how many bytes came."""


def checked_uid(uid: str) -> str:
    """Give the UID back if it may stand in a URL.

    Raises
    ------
    LinkError
        link-bad-uid: it is longer than 64 characters, or holds anything but digits and single dots (PS3.5 9.1).
    """
    if len(uid) > 64 or not _UID.fullmatch(uid):
        raise LinkError("link-bad-uid")
    return uid


class DicomWeb:
    """One DICOMweb service.

    Parameters
    ----------
    connection : Connection
        The way there.
    root : str
        Base URL, without a trailing slash; the token of a share may be part of it.
    headers : mapping, optional
        Sent with each request: the sign-in of the source or of the share.
    """

    def __init__(
        self, connection: Connection, root: str, headers: Mapping[str, str | Secret] = MappingProxyType({})
    ) -> None:
        self._connection = connection
        self._root = root.rstrip("/")
        self._headers = dict(headers)
        self._has_thumbnails = True

    def search_studies(
        self, *, includefields: Sequence[str] = (), token: CancelToken | None = None, **keys: str
    ) -> Records:
        """Find studies by attribute keyword, e.g. ``StudyInstanceUID=..., PatientID=...``.

        A server that gives pages is asked until there is nothing new.

        Raises
        ------
        ConnectionFailed, ServerRefused, TransferError, Cancelled
            As `Connection.get` and `Answer.read`.
        """
        pairs = [*keys.items(), *(("includefield", name) for name in includefields)]
        return self._search("/studies", pairs, token, "0020000D")

    def study_page(
        self,
        pairs: Sequence[tuple[str, str]],
        limit: int,
        offset: int,
        *,
        token: CancelToken,
        once: bool = False,
        escaped: bool = False,
    ) -> Records:
        """One page of the studies that fit `pairs` (keyword, value): what one request gives.

        Parameters
        ----------
        once : bool
            Not asked again when it fails: the server may not understand the question.
        escaped : bool
            The digits of the values are written as percent signs and codes, which mean the same (RFC 3986 2.1): to
            find out whether the server undoes them.

        Raises
        ------
        ConnectionFailed, ServerRefused, TransferError, Cancelled
            As `Connection.get` and `Answer.read`; too-large: it is longer than any page.
        """
        places = [("limit", str(int(limit))), *([("offset", str(int(offset)))] if offset else [])]
        patience = Patience(replace(self._connection.retries, tries=0)) if once else None
        query = _query(pairs, escaped=escaped) + _query(places).replace("?", "&" if pairs else "?", 1)
        return self._json("/studies" + query, token, patience, _PAGE_LIMIT_BYTES)

    def instance_uids(self, study: str, series: str, limit: int, offset: int, *, token: CancelToken) -> list[str]:
        """SOP Instance UIDs of a series, `limit` of them."""
        found = self.instances(study, series, limit, offset, token=token)
        return [uid for record in found if (uid := _first(record, "00080018"))]

    def instances(self, study: str, series: str, limit: int, offset: int, *, token: CancelToken) -> Records:
        """What the service says of instances of a series when it searches, `limit` of them; it may give more."""
        path = _instances(study, series) + _query([("limit", str(int(limit))), ("offset", str(int(offset)))])
        return self._json(path, token)

    def study_thumbnail(self, study: str, size: tuple[int, int], *, token: CancelToken) -> bytes:
        """A small picture, JPEG or PNG, that stands for a study; `size` is (columns, rows) at most. See `rendered`."""
        return self._picture(f"/studies/{checked_uid(study)}/thumbnail?viewport={int(size[0])},{int(size[1])}", token)

    def series(self, study: str, *, token: CancelToken | None = None) -> Records:
        """The series of a study."""
        path = f"/studies/{checked_uid(study)}/series"
        fields = ("SeriesDescription", "BodyPartExamined", "Laterality", "NumberOfSeriesRelatedInstances")
        return self._search(path, [("includefield", name) for name in fields], token, "0020000E")

    def warm(self, token: CancelToken) -> None:
        """Open one more connection ahead. Raises as `Connection.warm`."""
        self._connection.warm(self._root, token)

    def study_metadata(self, study: str, *, token: CancelToken | None = None) -> Records:
        """All attributes but the bulk of every instance in a study."""
        return self._metadata(f"/studies/{checked_uid(study)}/metadata", token)

    def series_metadata(self, study: str, series: str, *, token: CancelToken | None = None) -> Records:
        """All attributes but the bulk of every instance in a series."""
        return self._metadata(f"/studies/{checked_uid(study)}/series/{checked_uid(series)}/metadata", token)

    def instance_metadata(self, study: str, series: str, sop: str, *, token: CancelToken | None = None) -> Records:
        """All attributes but the bulk of one instance."""
        return self._metadata(f"{_instances(study, series)}/{checked_uid(sop)}/metadata", token)

    def instance(
        self,
        study: str,
        series: str,
        sop: str,
        *,
        token: CancelToken,
        received: Callable[[int], None] = _ignored,
    ) -> bytes:
        """One instance as a DICOM file, as the archive stores it.

        A line that fails in the middle is tried again, from the beginning of this instance.

        Parameters
        ----------
        received : callable
            ``received(count)`` is called with the number of bytes of each piece that came, on this thread.

        Raises
        ------
        TransferError
            What came is not whole, or is no DICOM file.
        IdentityError
            wrong-instance: it is whole, and another one than was asked for.
        """
        path = f"{_instances(study, series)}/{checked_uid(sop)}"

        def fetched(patience: Patience) -> bytes:
            with self._get(path, _DICOM, token, patience=patience) as answer:
                return _file_in(answer, received)

        data = self._again_if_the_line_fails(fetched, token)
        claimed = media_storage_sop_instance_uid(data)
        if claimed and claimed != sop:
            raise IdentityError("wrong-instance")
        return data

    def frame(self, study: str, series: str, sop: str, n: int, *, token: CancelToken | None = None) -> FrameBytes:
        """One frame of an instance, counted from 1, without any proof of whose it is.

        Warning
        -------
        Only the address says what these bytes are: use them against the metadata of the same instance alone.
        """
        path = f"{_instances(study, series)}/{checked_uid(sop)}/frames/{int(n)}"
        wanted = token or CancelToken()

        def fetched(patience: Patience) -> FrameBytes:
            with self._get(path, _FRAME, wanted, patience=patience) as answer:
                outer = media_type(answer.content_type)
                if outer.name != "multipart/related":
                    raise _not_dicom(answer)
                headers, data = one_part(answer.chunks(), answer.content_type, limit=_INSTANCE_LIMIT_BYTES)
            inner = media_type(headers.get("content-type", outer.parameters.get("type", "")))
            syntax = inner.parameters.get("transfer-syntax", outer.parameters.get("transfer-syntax", ""))
            return FrameBytes(data, inner.name, syntax if _UID.fullmatch(syntax) else "")

        return self._again_if_the_line_fails(fetched, wanted)

    def rendered(
        self, study: str, series: str, sop: str | None, size: tuple[int, int], *, token: CancelToken | None = None
    ) -> bytes:
        """A small picture, JPEG or PNG, for a thumbnail; `size` is (columns, rows) at most.

        Warning
        -------
        It is made for looks. Never measure in it, never show it in place of the image.
        """
        path = f"/studies/{checked_uid(study)}/series/{checked_uid(series)}"
        if sop is not None:
            path += f"/instances/{checked_uid(sop)}"
        query = f"?viewport={int(size[0])},{int(size[1])}"
        if self._has_thumbnails:
            try:
                return self._picture(f"{path}/thumbnail{query}", token)
            except ServerRefused as error:
                if error.status not in {400, 404, 405, 406, 501}:
                    raise
        picture = self._picture(f"{path}/rendered{query}", token)
        self._has_thumbnails = False  # it exists, and has no thumbnail: do not ask this server for one again
        return picture

    def bulk(self, uri: str, *, token: CancelToken | None = None) -> bytes:
        """Bulk data that metadata points to, absolute or relative to the root.

        An archive behind a gateway writes the address at which it was reached itself: what it says of an instance
        is asked for below our own root, whatever host it names.

        Raises
        ------
        ServerRefused
            redirected-away: the address leads to another server or out of this service; our sign-in stays here.
        """
        url = self._below_root(uri)
        wanted = token or CancelToken()
        with self._connection.get(url, accept=_BULK, headers=self._headers, token=wanted) as answer:
            if media_type(answer.content_type).name == "multipart/related":
                return one_part(answer.chunks(), answer.content_type, limit=_INSTANCE_LIMIT_BYTES)[1]
            if media_type(answer.content_type).name.startswith("text/"):
                raise _not_dicom(answer)
            return answer.read(_INSTANCE_LIMIT_BYTES)

    def _again_if_the_line_fails(self, fetch: Callable[[Patience], T], token: CancelToken) -> T:
        patience = Patience(self._connection.retries)
        while True:
            try:
                return fetch(patience)
            except TransferError as error:
                if error.code not in _LINE_FAULTS or not patience.wait_for_another(token):
                    raise

    def _get(
        self,
        path: str,
        accept: str,
        token: CancelToken | None,
        encoding: str = "identity",
        patience: Patience | None = None,
    ) -> Answer:
        wanted = token or CancelToken()
        return self._connection.get(
            self._root + path,
            accept=accept,
            headers=self._headers,
            encoding=encoding,
            token=wanted,
            patience=patience,
        )

    def _search(self, path: str, pairs: Sequence[tuple[str, str]], token: CancelToken | None, uid_tag: str) -> Records:
        found = Records()
        seen: set[str] = set()
        while True:
            pages = [("offset", str(len(found)))] if found else []
            page = self._json(path + _query([*pairs, *pages]), token)
            new = [record for record in page if _first(record, uid_tag) not in seen]
            seen |= {_first(record, uid_tag) for record in new}
            found += new
            found.is_whole = page.is_whole
            if page.is_whole or not new:
                return found

    def _metadata(self, path: str, token: CancelToken | None) -> Records:
        return self._json(path, token)

    def _json(
        self,
        path: str,
        token: CancelToken | None,
        patience: Patience | None = None,
        limit_bytes: int = _JSON_LIMIT_BYTES,
    ) -> Records:
        with self._get(path, _JSON, token, encoding="gzip", patience=patience) as answer:
            if answer.status == 204:
                return Records()
            body = answer.read(limit_bytes)
            warning = answer.headers.get("Warning", "")
            if media_type(answer.content_type).name not in _JSON_TYPES:
                raise _not_dicom(answer)
            # 206, and 299 in a Warning, say that there is more (PS3.18 8.3.4.4, 10.4.3)
            is_whole = answer.status != 206 and not warning.startswith("299")
        try:
            parsed = json.loads(body)
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, list) or not all(isinstance(entry, dict) for entry in parsed):
            raise TransferError("not-dicom-answer", content_type="broken JSON")
        records = Records(parsed)
        records.is_whole, records.warning = is_whole, warning
        return records

    def _picture(self, path: str, token: CancelToken | None) -> bytes:
        with self._get(path, "image/jpeg", token) as answer:
            data = answer.read(_PICTURE_LIMIT_BYTES)
            if not data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
                raise _not_dicom(answer)
            return data

    def _below_root(self, uri: str) -> str:
        base = target_of(self._root)
        found = target_of(urljoin(self._root + "/", uri))
        path = unquote(urlsplit(found.url).path)
        is_plain = "%" not in path and "\\" not in path and not {".", ".."} & set(path.split("/"))
        if is_plain and found.origin == base.origin and path.startswith(urlsplit(self._root).path + "/"):
            return found.url
        of_instance = _OF_INSTANCE.search(path)
        if is_plain and of_instance is not None:
            return self._root + of_instance[0]
        raise ServerRefused("redirected-away", host=base.host, other=found.host)


def _instances(study: str, series: str) -> str:
    return f"/studies/{checked_uid(study)}/series/{checked_uid(series)}/instances"


def _query(pairs: Sequence[tuple[str, str]], *, escaped: bool = False) -> str:
    """Write a QIDO query; Orthanc 1.10 takes ``%2A`` and ``%5E`` literally, so what need not be escaped is not."""
    if not all(_KEYWORD.fullmatch(name) for name, _ in pairs):
        raise LinkError("link-not-understood")
    write = _every_digit_escaped if escaped else partial(quote, safe="*^,-=\\")
    written = "&".join(f"{name}={write(value)}" for name, value in pairs)
    return f"?{written}" if written else ""


def _every_digit_escaped(value: str) -> str:
    return re.sub("[0-9]", lambda found: f"%{ord(found[0]):02X}", value)


def _first(record: Mapping[str, Any], tag: str) -> str:
    values = record.get(tag, {}).get("Value") if isinstance(record.get(tag, {}), dict) else None
    return str(values[0]) if isinstance(values, list) and values else ""


def _not_dicom(answer: Answer) -> TransferError:
    return TransferError("not-dicom-answer", content_type=media_type(answer.content_type).name[:80])


def _counted(chunks: Iterator[bytes], received: Callable[[int], None]) -> Iterator[bytes]:
    for chunk in chunks:
        received(len(chunk))
        yield chunk


def _file_in(answer: Answer, received: Callable[[int], None]) -> bytes:
    """Take the one DICOM file out of an answer, however the server wraps it."""
    kind = media_type(answer.content_type).name
    chunks = _counted(answer.chunks(), received)
    if kind == "multipart/related":
        headers, data = one_part(chunks, answer.content_type, limit=_INSTANCE_LIMIT_BYTES)
        kind = media_type(headers.get("content-type", "application/dicom")).name
    elif kind == "application/dicom":
        data = _whole(answer, chunks)
    else:
        raise _not_dicom(answer)
    if kind != "application/dicom" or not is_part10(data):
        raise TransferError("not-dicom-answer", content_type=kind[:80])
    return data


def _whole(answer: Answer, chunks: Iterator[bytes]) -> bytes:
    """Read a body that has no delimiters: its length must be told, or nothing would show that it was cut."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > _INSTANCE_LIMIT_BYTES:
            raise TransferError("too-large", limit=_INSTANCE_LIMIT_BYTES)
    if answer.length < 0 and "chunked" not in answer.headers.get("Transfer-Encoding", "").lower():
        raise TransferError("cut-off", received=len(body), expected=-1)
    return bytes(body)
