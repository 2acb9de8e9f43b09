"""`CloudFilm`: one study at a DICOMweb service. The first answer says who; every instance is held against it."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from workstation.archive.answers import Answers
from workstation.archive.beginning import beginning, middle_of, opening_series
from workstation.archive.frames_only import received_by_frames
from workstation.archive.intake import Received, take_in
from workstation.dicom.attributes import JsonAttributes, integer, text
from workstation.dicom.study import patient_of, study_of
from workstation.errors import ConnectionFailed, ServerRefused, TransferError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from workstation.archive.dicomweb import DicomWeb
    from workstation.archive.sources import Listing
    from workstation.dicom.study import Instance, Patient, Study
    from workstation.tasks import CancelToken

IDENTITY_FIELDS: Final = (
    "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate", "PatientSex", "PatientAge",
    "StudyDate", "StudyTime", "StudyDescription", "AccessionNumber", "NumberOfStudyRelatedInstances",
    "ModalitiesInStudy",
)  # fmt: skip
_THUMBNAIL_SIDE: Final = 192  # pixels
_NO_INSTANCES: Final = frozenset({400, 405, 406, 501})  # a service that gives frames only


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
        self._frames_only = False
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
        self.answers = Answers(identity, tuple(records), _announced(series))
        listing = self.answers.listing(self._study_uid, self._name, self._issuer)
        self._records = self.answers.by_instance()
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
        return beginning(answers, self._study_uid, self._name, self._issuer)

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
            if refusal.status in {401, 403} or refusal.code == "busy":
                raise
            return None  # a service without searching: the metadata says who
        own = [one for one in found if text(JsonAttributes(one), "StudyInstanceUID") == self._study_uid]
        return own[0] if own and text(JsonAttributes(own[0]), "PatientID") else None

    def _series(self, token: CancelToken) -> tuple[Mapping[str, Any], ...]:
        try:
            return tuple(self._web.series(self._study_uid, token=token))
        except ServerRefused:
            return ()

    def obtain(
        self, asked: Instance, patient: Patient, token: CancelToken, received: Callable[[int], None]
    ) -> Received:
        """See `FilmSource`. Where a service gives no instances, its frames are taken against its metadata."""
        if not self._frames_only:
            try:
                data = self._web.instance(
                    asked.study.study_instance_uid,
                    asked.series.series_instance_uid,
                    asked.sop_instance_uid,
                    token=token,
                    received=received,
                )
                return take_in(data, asked, patient, self._issuer)
            except ServerRefused as refusal:
                if refusal.status not in _NO_INSTANCES or not asked.is_image:
                    raise
        got = received_by_frames(self._web, asked, self._record(asked, token), token, received)
        self._frames_only = True
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
        if not self._renders:
            return None
        try:
            return self._web.rendered(
                asked.study.study_instance_uid,
                asked.series.series_instance_uid,
                asked.sop_instance_uid,
                (_THUMBNAIL_SIDE, _THUMBNAIL_SIDE),
                token=token,
            )
        except (ServerRefused, TransferError):
            self._renders = False  # this service does not render: do not ask it again
            return None

    def spare(self, token: CancelToken) -> None:
        """See `FilmSource`."""
        with contextlib.suppress(ConnectionFailed):
            self._web.warm(token)

    def close(self) -> None:
        """See `FilmSource`; the connection belongs to the station."""


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
