"""DICOMweb in the words of the domain: what is there, its metadata, its instances. Bytes are checked at the door.

What leaves here as an instance is whole and claims to be the one asked for; the patient and the pixels' length are
checked where data sets are parsed.

References
----------
PS3.18 9 (URI service), 10 (Studies service).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from workstation.archive.abilities import PARTS, SINGLE
from workstation.archive.addresses import (
    below_root,
    checked_uid,
    instance_path,
    query,
    series_path,
    study_path,
    wado_uri,
    wado_uri_place,
)
from workstation.archive.bodies import FrameBytes, Records, bulk_in, file_in, frame_in, picture_in, records_in
from workstation.archive.part10 import media_storage_sop_instance_uid
from workstation.archive.renewal import SignIn
from workstation.archive.service import Service
from workstation.archive.targets import target_of
from workstation.errors import IdentityError, ServerRefused
from workstation.tasks import CancelToken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workstation.archive.abilities import Abilities
    from workstation.archive.answer import Answer
    from workstation.archive.connection import Connection
    from workstation.archive.retries import Patience
    from workstation.reference import Secret

__all__ = ["DicomWeb", "FrameBytes", "Records", "checked_uid"]

_JSON_LIMIT_BYTES: Final = 128 * 1024**2
_PAGE_LIMIT_BYTES: Final = 8 * 1024**2  # of a list: some 5,000 studies; more would hold the interpreter up
_FRAME: Final = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'
_BULK: Final = 'multipart/related; type="application/octet-stream", application/octet-stream;q=0.5, */*;q=0.1'
_JSON: Final = "application/dicom+json"
_NOT_ACCEPTED: Final = frozenset({400, 406})


def _ignored(count: int) -> None:
    """Nobody wants to know how many bytes came."""


class DicomWeb:
    """One DICOMweb service.

    Parameters
    ----------
    connection : Connection
        The way there.
    root : str
        Base URL, without a trailing slash; the token of a share may be part of it.
    headers : mapping or SignIn, optional
        Sent with each request: the sign-in of the source or of the share.
    service : str, optional
        Under which name what the service can do is remembered; the root, where that holds no token.
    wado_uri_root : str, optional
        Where IT says that the service has WADO-URI.

    Attributes
    ----------
    service : Service
        The server behind it: whether it is there, and how it is asked.
    abilities : Abilities
        What was found out about the service; shared by all that come from it.
    """

    def __init__(
        self,
        connection: Connection,
        root: str,
        headers: Mapping[str, str | Secret] | SignIn = MappingProxyType({}),
        *,
        service: str = "",
        wado_uri_root: str = "",
    ) -> None:
        sign_in = headers if isinstance(headers, SignIn) else SignIn(headers)
        self.service = Service(connection, root.rstrip("/"), sign_in)
        self.wado_uri_root = wado_uri_root
        self.abilities: Abilities = connection.services.of(service or self.service.root)

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
        patience = self.service.once() if once else None
        written = query(pairs, escaped=escaped) + query(places).replace("?", "&" if pairs else "?", 1)
        return self._json("/studies" + written, token, patience, _PAGE_LIMIT_BYTES)

    def instance_uids(self, study: str, series: str, limit: int, offset: int, *, token: CancelToken) -> list[str]:
        """SOP Instance UIDs of a series, `limit` of them."""
        found = self.instances(study, series, limit, offset, token=token)
        return [uid for record in found if (uid := _first(record, "00080018"))]

    def instances(self, study: str, series: str, limit: int, offset: int, *, token: CancelToken) -> Records:
        """What the service says of instances of a series when it searches, `limit` of them; it may give more."""
        path = f"{series_path(study, series)}/instances" + query(
            [("limit", str(int(limit))), ("offset", str(int(offset)))]
        )
        return self._json(path, token)

    def study_thumbnail(self, study: str, size: tuple[int, int], *, token: CancelToken) -> bytes:
        """A small picture, JPEG or PNG, that stands for a study; `size` is (columns, rows) at most. See `rendered`."""
        return self._picture(f"{study_path(study)}/thumbnail{_size(size)}", token)

    def series(self, study: str, *, token: CancelToken | None = None) -> Records:
        """The series of a study."""
        path = f"{study_path(study)}/series"
        fields = ("SeriesDescription", "BodyPartExamined", "Laterality", "NumberOfSeriesRelatedInstances")
        return self._search(path, [("includefield", name) for name in fields], token, "0020000E")

    def warm(self, token: CancelToken) -> None:
        """Open one more connection ahead. Raises as `Connection.warm`."""
        self.service.warm(token)

    def study_metadata(self, study: str, *, token: CancelToken | None = None) -> Records:
        """All attributes but the bulk of every instance in a study."""
        return self._json(f"{study_path(study)}/metadata", token)

    def series_metadata(self, study: str, series: str, *, token: CancelToken | None = None) -> Records:
        """All attributes but the bulk of every instance in a series."""
        return self._json(f"{series_path(study, series)}/metadata", token)

    def instance_metadata(self, study: str, series: str, sop: str, *, token: CancelToken | None = None) -> Records:
        """All attributes but the bulk of one instance."""
        return self._json(f"{instance_path(study, series, sop)}/metadata", token)

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
        path = instance_path(study, series, sop)

        def ask(accept: str) -> bytes:
            def fetched(patience: Patience) -> bytes:
                with self._get(path, accept, token, patience=patience) as answer:
                    return file_in(answer, received)

            return self.service.again_if_the_line_fails(fetched, token)

        return _checked(self._accepted(ask), sop)

    def _accepted(self, ask: Callable[[str], bytes]) -> bytes:
        """Ask for parts; a service that refuses that, and none other was known to take it, for a body without any."""
        known = self.abilities.accept
        try:
            data = ask(known or PARTS)
        except ServerRefused as refusal:
            if known is not None or refusal.status not in _NOT_ACCEPTED:
                raise
            try:
                data = ask(SINGLE)
            except ServerRefused:
                raise refusal from None
            self.abilities.accept = SINGLE
            return data
        self.abilities.accept = known or PARTS
        return data

    def series_instances(self, study: str, series: str, *, token: CancelToken, patience: Patience) -> Answer:
        """All instances of a series in one answer of many parts, as they come; see `archive.series_stream`."""
        return self._get(series_path(study, series), PARTS, token, patience=patience)

    def wado_uri_instance(
        self,
        study: str,
        series: str,
        sop: str,
        *,
        token: CancelToken,
        received: Callable[[int], None] = _ignored,
    ) -> bytes:
        """One instance by the older service that many archives have beside DICOMweb; see `instance`.

        Its place is the one that IT names, or where servers have it by custom. The sign-in goes to our server only.
        """
        place = self.wado_uri_root or wado_uri_place(self.service.root)
        url = wado_uri(place, study, series, sop)
        is_ours = target_of(url).origin == target_of(self.service.root).origin

        def fetched(patience: Patience) -> bytes:
            ask = self.service.ask if is_ours else self.service.ask_unsigned
            with ask(url, SINGLE, token, patience=patience) as answer:
                return file_in(answer, received)

        return _checked(self.service.again_if_the_line_fails(fetched, token), sop)

    def frame(self, study: str, series: str, sop: str, n: int, *, token: CancelToken | None = None) -> FrameBytes:
        """One frame of an instance, counted from 1, without any proof of whose it is.

        Warning
        -------
        Only the address says what these bytes are: use them against the metadata of the same instance alone.
        """
        path = f"{instance_path(study, series, sop)}/frames/{int(n)}"
        wanted = token or CancelToken()

        def fetched(patience: Patience) -> FrameBytes:
            with self._get(path, _FRAME, wanted, patience=patience) as answer:
                return frame_in(answer)

        return self.service.again_if_the_line_fails(fetched, wanted)

    def rendered(
        self, study: str, series: str, sop: str | None, size: tuple[int, int], *, token: CancelToken | None = None
    ) -> bytes:
        """A small picture, JPEG or PNG, for a thumbnail; `size` is (columns, rows) at most.

        Warning
        -------
        It is made for looks. Never measure in it, never show it in place of the image.
        """
        path = series_path(study, series) if sop is None else instance_path(study, series, sop)
        if self.abilities.gives_thumbnails:
            try:
                return self._picture(f"{path}/thumbnail{_size(size)}", token)
            except ServerRefused as error:
                if error.status not in {400, 404, 405, 406, 501}:
                    raise
        picture = self._picture(f"{path}/rendered{_size(size)}", token)
        self.abilities.gives_thumbnails = False  # it exists, and has no thumbnail: do not ask this server for one again
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
        url = below_root(self.service.root, uri)
        with self.service.ask(url, _BULK, token or CancelToken()) as answer:
            return bulk_in(answer)

    def _get(
        self,
        path: str,
        accept: str,
        token: CancelToken,
        encoding: str = "identity",
        patience: Patience | None = None,
    ) -> Answer:
        return self.service.ask(self.service.root + path, accept, token, encoding, patience)

    def _search(self, path: str, pairs: Sequence[tuple[str, str]], token: CancelToken | None, uid_tag: str) -> Records:
        found = Records()
        seen: set[str] = set()
        while True:
            pages = [("offset", str(len(found)))] if found else []
            page = self._json(path + query([*pairs, *pages]), token)
            new = [record for record in page if _first(record, uid_tag) not in seen]
            seen |= {_first(record, uid_tag) for record in new}
            found += new
            found.is_whole = page.is_whole
            if page.is_whole or not new:
                return found

    def _json(
        self,
        path: str,
        token: CancelToken | None = None,
        patience: Patience | None = None,
        limit_bytes: int = _JSON_LIMIT_BYTES,
    ) -> Records:
        with self._get(path, _JSON, token or CancelToken(), encoding="gzip", patience=patience) as answer:
            return records_in(answer, limit_bytes)

    def _picture(self, path: str, token: CancelToken | None) -> bytes:
        with self._get(path, "image/jpeg", token or CancelToken()) as answer:
            return picture_in(answer)


def _size(size: tuple[int, int]) -> str:
    return f"?viewport={int(size[0])},{int(size[1])}"


def _checked(data: bytes, sop: str) -> bytes:
    """A file, unless it says of itself that it is another one."""
    claimed = media_storage_sop_instance_uid(data)
    if claimed and claimed != sop:
        raise IdentityError("wrong-instance")
    return data


def _first(record: Mapping[str, Any], tag: str) -> str:
    values = record.get(tag, {}).get("Value") if isinstance(record.get(tag, {}), dict) else None
    return str(values[0]) if isinstance(values, list) and values else ""
