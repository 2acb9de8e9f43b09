"""`CloudFilm`: one study at a DICOMweb service. The first answer says who; every instance is held against it."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from workstation.archive.answers import Answers
from workstation.archive.beginning import beginning, middle_of, opening_series
from workstation.archive.cold import is_cold
from workstation.archive.frames_only import is_large, received_frame
from workstation.archive.retrieval import Retrieval
from workstation.dicom.attributes import JsonAttributes, integer, text
from workstation.dicom.study import patient_of, study_of
from workstation.errors import ConnectionFailed, ServerRefused, TransferError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from workstation.archive.breaker import ServerState
    from workstation.archive.dicomweb import DicomWeb
    from workstation.archive.frames_only import ReceivedFrame
    from workstation.archive.intake import Received
    from workstation.archive.sources import Listing
    from workstation.archive.tally import Tally
    from workstation.dicom.study import Instance, Patient, Study
    from workstation.tasks import CancelToken

IDENTITY_FIELDS: Final = (
    "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate", "PatientSex", "PatientAge",
    "StudyDate", "StudyTime", "StudyDescription", "AccessionNumber", "NumberOfStudyRelatedInstances",
    "ModalitiesInStudy",
)  # fmt: skip
_NO_FRAMES: Final = frozenset({400, 404, 405, 406, 501})
_THUMBNAIL_SIDE: Final = 192  # pixels


class CloudFilm:
    """One study of one service. Called from background threads.

    Parameters
    ----------
    web : DicomWeb
        The service, with its sign-in.
    study_instance_uid : str
        Which study.
    name, issuer : str
        The source's name, and the issuer of patient IDs that IT configured for it.
    """

    def __init__(self, web: DicomWeb, study_instance_uid: str, name: str, issuer: str = "") -> None:
        self._web = web
        self._study_uid = study_instance_uid
        self._name = name
        self._issuer = issuer
        self._records: dict[str, Mapping[str, Any]] = {}
        self._asked: tuple[Mapping[str, Any] | None, tuple[Mapping[str, Any], ...]] | None = None
        self.answers: Answers | None = None  # what the listing was made of
        self._retrieval = Retrieval(web, self._record, issuer)
        self._uses = 0  # a film that began is used by its beginning and by the whole
        self._renders = True

    def listing(self, token: CancelToken, identified: Callable[[Patient, Study], None]) -> Listing:
        """Ask who it is of, how much there should be, and what there is; what `beginning` learnt is not asked again.

        Parameters
        ----------
        token : CancelToken
            Calls it off.
        identified : callable
            Told who the film is of as soon as that is known, before the long answer.

        Raises
        ------
        LinkError
            link-study-not-found: there is no such study, or nothing in it.
        IdentityError
            The study holds objects of two patients, or of another study.
        ConnectionFailed, ServerRefused, TransferError, Cancelled
            As `DicomWeb`.
        """
        identity, series = self._introduced(token, identified)
        records = self._web.study_metadata(self._study_uid, token=token)
        self.answers = Answers(identity, tuple(records), _announced(series), is_whole=records.is_whole)
        listing = self.answers.listing(self._study_uid, self._name, self._issuer)
        self._records = self.answers.by_instance()
        self._uses += 1
        return listing

    def beginning(self, token: CancelToken, identified: Callable[[Patient, Study], None]) -> Listing | None:
        """Ask who it is of, and for one image of what it opens with: all that it takes to show something.

        Returns
        -------
        Listing or None
            None where the service does not say shortly; `listing` asks on from what was answered here.

        Raises
        ------
        ConnectionFailed, ServerRefused, TransferError, Cancelled
            As `listing`.
        """
        with ThreadPoolExecutor(1, "identity") as beside:
            asked = beside.submit(self._whose, token, identified)
            series = self._series(token)
            opening = opening_series(series)
            record = middle_of(self._web, self._study_uid, opening, token) if opening is not None else None
            identity = asked.result()
        self._asked = identity, series
        if identity is None or opening is None or record is None:
            return None
        answers = Answers(identity, ({**identity, **opening, **record},), _announced(series))
        first = beginning(answers, self._study_uid, self._name, self._issuer)
        self._uses += first is not None
        return first

    def has_grown(self, token: CancelToken) -> bool:
        """Whether the service counts other instances now than when it was listed: one short question.

        Raises
        ------
        ConnectionFailed, TransferError, Cancelled
            As `listing`.
        """
        if self.answers is None or not self.answers.announced:
            return False
        series = self._series(token)
        if not series or _announced(series) == dict(self.answers.announced):
            return False
        self._asked = None
        return True

    def _introduced(
        self, token: CancelToken, identified: Callable[[Patient, Study], None]
    ) -> tuple[Mapping[str, Any] | None, tuple[Mapping[str, Any], ...]]:
        """What the service says of the study and of its series: asked once, both at the same time."""
        if self._asked is None:
            with ThreadPoolExecutor(1, "series") as beside:
                series = beside.submit(self._series, token)
                self._asked = self._whose(token, identified), series.result()
        return self._asked

    def _whose(self, token: CancelToken, identified: Callable[[Patient, Study], None]) -> Mapping[str, Any] | None:
        identity = self._identify(token)
        who = Answers(identity, ()).who()
        if who is not None:
            identified(*who)
        return identity

    def _identify(self, token: CancelToken) -> Mapping[str, Any] | None:
        try:
            found = self._web.search_studies(
                includefields=IDENTITY_FIELDS, token=token, StudyInstanceUID=self._study_uid
            )
        except ServerRefused as refusal:
            if refusal.status in {401, 403} or refusal.code == "busy" or is_cold(refusal):
                raise
            return None  # a service without searching: the metadata says who
        own = [one for one in found if text(JsonAttributes(one), "StudyInstanceUID") == self._study_uid]
        return own[0] if own and text(JsonAttributes(own[0]), "PatientID") else None

    def _series(self, token: CancelToken) -> tuple[Mapping[str, Any], ...]:
        try:
            return tuple(self._web.series(self._study_uid, token=token))
        except ServerRefused as refusal:
            if is_cold(refusal):
                raise
            return ()

    def obtain(
        self, asked: Instance, patient: Patient, token: CancelToken, received: Callable[[int], None]
    ) -> Received:
        """See `FilmSource`; by the way that the service was found to give instances."""
        return self._retrieval.obtain(asked, patient, token, received)

    def frame(self, asked: Instance, number: int, token: CancelToken) -> ReceivedFrame | None:
        """One frame, from 1, of a large multi-frame object, before the whole of it is here.

        Returns
        -------
        ReceivedFrame or None
            None where the whole is as quickly had, or the service gives no frames: it was asked once.

        Raises
        ------
        ConnectionFailed, ServerRefused, TransferError, DicomError, Cancelled
            As `received_frame`.
        """
        abilities = self._web.abilities
        record = self._record(asked, token)
        if abilities.gives_frames is False or not is_large(record):
            return None
        try:
            got = received_frame(self._web, asked, record, number, token)
        except ServerRefused as refusal:
            if abilities.gives_frames or refusal.status not in _NO_FRAMES:
                raise
            abilities.gives_frames = False
            return None
        abilities.gives_frames = True
        return got

    def _record(self, asked: Instance, token: CancelToken) -> Mapping[str, Any]:
        """An instance's metadata: of the listing, or asked for where that is still to come."""
        known = self._records.get(asked.sop_instance_uid)
        if known is not None:
            return known
        study, series = asked.study.study_instance_uid, asked.series.series_instance_uid
        found = self._web.instance_metadata(study, series, asked.sop_instance_uid, token=token)
        if len(found) != 1:
            raise TransferError("not-dicom-answer", content_type="metadata")
        return found[0]

    @property
    def is_local(self) -> bool:
        """See `FilmSource`."""
        return False

    def thumbnail(self, asked: Instance, token: CancelToken) -> bytes | None:
        """See `FilmSource`. Rendered by the server: made for lists, never measured, never shown in a viewport."""
        if not self._renders or not self._web.abilities.renders:
            return None
        try:
            return self._web.rendered(
                asked.study.study_instance_uid,
                asked.series.series_instance_uid,
                asked.sop_instance_uid,
                (_THUMBNAIL_SIDE, _THUMBNAIL_SIDE),
                token=token,
            )
        except (ServerRefused, TransferError) as error:
            self._renders = is_cold(error)  # else this film is not rendered: do not ask for it again
            if isinstance(error, ServerRefused) and error.status == 501:
                self._web.abilities.renders = False  # nor is any other of this service
            return None

    def server(self) -> ServerState:
        """See `FilmSource`."""
        return self._web.service.state

    def tally(self) -> Tally:
        """See `FilmSource`."""
        return self._web.service.tally

    def try_now(self) -> None:
        """See `FilmSource`."""
        self._web.service.try_now()

    def spare(self, token: CancelToken) -> None:
        """See `FilmSource`."""
        with contextlib.suppress(ConnectionFailed):
            self._web.warm(token)

    def close(self) -> None:
        """See `FilmSource`; the connection belongs to the station."""
        self._uses -= 1
        if self._uses <= 0:
            self._retrieval.close()


def _announced(found: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The archive's own count of instances by Series Instance UID."""
    counts = {}
    for series in map(JsonAttributes, found):
        count = integer(series, "NumberOfSeriesRelatedInstances")
        if count is not None:
            counts[text(series, "SeriesInstanceUID")] = count
    return counts


def find_studies(web: DicomWeb, accession_number: str, token: CancelToken) -> list[tuple[Patient, Study, int]]:
    """Find the studies of an accession number, each with its number of instances (0: not said).

    Raises
    ------
    TransferError
        The service found more than it can name.
    """
    found = web.search_studies(includefields=IDENTITY_FIELDS, token=token, AccessionNumber=accession_number)
    if not found.is_whole and len(found) > 50:
        raise TransferError("too-large", limit=50)
    rows = [JsonAttributes(one) for one in found]
    return [
        (patient_of(row), study_of(row), integer(row, "NumberOfStudyRelatedInstances") or 0)
        for row in rows
        if text(row, "AccessionNumber") in ("", accession_number) and text(row, "StudyInstanceUID")
    ]
