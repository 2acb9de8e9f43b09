"""`Retrieval`: by which way a service gives its instances. The ways are tried once, and what worked is remembered.

References
----------
PS3.18 10.4 (retrieve), 9 (URI service).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from workstation.archive.abilities import RetrieveWay
from workstation.archive.cold import is_cold
from workstation.archive.frames_only import received_by_frames
from workstation.archive.intake import Received, take_in
from workstation.archive.series_stream import SeriesStream
from workstation.errors import ServerRefused, TransferError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workstation.archive.dicomweb import DicomWeb
    from workstation.dicom.study import Instance, Patient
    from workstation.tasks import CancelToken

_NOT_THIS_WAY: Final = frozenset({400, 404, 405, 406, 415, 501})
_NOT_THIS_SYNTAX: Final = frozenset({400, 405, 406, 415, 501})  # of a service that gives others by itself
_MOST_FRUITLESS: Final = 3  # instances that came by no way: then it is they that are missing, not the ways


class Retrieval:
    """Fetches the instances of one film. Called from background threads.

    Parameters
    ----------
    web : DicomWeb
        The service.
    record : callable
        ``record(asked, token)`` gives the metadata of an instance, for what comes frame by frame.
    issuer : str
        The issuer of patient IDs that IT configured for the source.
    """

    def __init__(
        self, web: DicomWeb, record: Callable[[Instance, CancelToken], Mapping[str, Any]], issuer: str
    ) -> None:
        self._web, self._record, self._issuer = web, record, issuer
        self._streams: dict[str, SeriesStream] = {}
        self._lock = threading.Lock()

    def obtain(
        self, asked: Instance, patient: Patient, token: CancelToken, received: Callable[[int], None]
    ) -> Received:
        """Fetch and check one instance; see `FilmSource`."""
        known = self._web.abilities.way
        if known is None:
            return self._probe(asked, patient, token, received)
        try:
            return self._by(known, asked, patient, token, received)
        except ServerRefused as refusal:
            is_other_syntax = known is RetrieveWay.INSTANCE and refusal.status in _NOT_THIS_SYNTAX
            if not is_other_syntax or not asked.is_image:
                raise
            return self._by(RetrieveWay.FRAMES, asked, patient, token, received)

    def close(self) -> None:
        """Let go of what is open."""
        with self._lock:
            streams, self._streams = list(self._streams.values()), {}
        for stream in streams:
            stream.close()

    def _probe(
        self, asked: Instance, patient: Patient, token: CancelToken, received: Callable[[int], None]
    ) -> Received:
        """Try the ways in turn. That one is not there is said by a refusal, or by a page that holds no instance."""
        abilities = self._web.abilities
        refusal: ServerRefused | None = None
        for way in self._ways(asked):
            try:
                got = self._by(way, asked, patient, token, received)
            except ServerRefused as error:
                if is_cold(error) or (error.status not in _NOT_THIS_WAY and refusal is None):
                    raise
                refusal = refusal or error
            except TransferError as error:
                if error.code != "not-dicom-answer" or refusal is None:
                    raise
            else:
                abilities.way = way
                return got
        abilities.fruitless += 1
        assert refusal is not None  # noqa: S101 - the first way raises, or it returns
        raise refusal

    def _ways(self, asked: Instance) -> Iterator[RetrieveWay]:
        """Whole objects before frames, whose address alone says whose they are; a place nobody named comes last."""
        yield RetrieveWay.INSTANCE
        if self._web.abilities.fruitless >= _MOST_FRUITLESS:
            return
        if self._web.wado_uri_root:
            yield RetrieveWay.WADO_URI
        yield RetrieveWay.SERIES
        if asked.is_image:
            yield RetrieveWay.FRAMES
        if not self._web.wado_uri_root:
            yield RetrieveWay.WADO_URI

    def _by(
        self,
        way: RetrieveWay,
        asked: Instance,
        patient: Patient,
        token: CancelToken,
        received: Callable[[int], None],
    ) -> Received:
        if way is RetrieveWay.FRAMES:
            return received_by_frames(self._web, asked, self._record(asked, token), token, received)
        study, series, sop = (
            asked.study.study_instance_uid,
            asked.series.series_instance_uid,
            asked.sop_instance_uid,
        )
        if way is RetrieveWay.SERIES:
            data = self._stream(study, series).take(sop, token, received)
        elif way is RetrieveWay.WADO_URI:
            data = self._web.wado_uri_instance(study, series, sop, token=token, received=received)
        else:
            data = self._web.instance(study, series, sop, token=token, received=received)
        return take_in(data, asked, patient, self._issuer)

    def _stream(self, study: str, series: str) -> SeriesStream:
        with self._lock:
            return self._streams.setdefault(series, SeriesStream(self._web, study, series))
