"""From a reference to a film that can be loaded: which source, which sign-in, which study. Runs in the background."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from workstation.archive.cloud import CloudFilm, find_studies
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.renewal import SignIn
from workstation.archive.shares import as_link_error, open_session, passcode_challenge
from workstation.errors import LinkError, ServerRefused, StationError
from workstation.film.opened import Candidate, OpenedFilm
from workstation.reference import FilmReference, Secret, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workstation.archive.connection import Connection
    from workstation.archive.shares import PasscodeChallenge
    from workstation.archive.sources import FilmSource, Listing
    from workstation.dicom.study import Patient, Study
    from workstation.errors import WorkstationError
    from workstation.station.policy import Policy
    from workstation.tasks import CancelToken


@dataclass(frozen=True, slots=True)
class Way:
    """Where a reference leads: the service's root as it is requested, and what is sent with each request."""

    source: Source
    root: Secret  # may hold a token in its path
    headers: tuple[tuple[str, Secret], ...]
    service: str = ""  # the root without a token: what the service can do is remembered under it


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is to be opened, and how."""

    reference: FilmReference
    way: Way
    identified: Callable[[Patient, Study], None]
    at_once: bool
    sign_in: SignIn | None = None  # instead of the way's own, once a passcode opened a session

    @property
    def expires_at(self) -> float:
        """When its link ends (POSIX seconds); 0: it does not say."""
        return self.reference.expires_at.timestamp() if self.reference.expires_at is not None else 0.0


def _unshelved(film: FilmSource, listing: Listing, origin: str, answers: bytes) -> FilmSource:
    """Nothing is kept."""
    del listing, origin, answers
    return film


class FilmOpening:
    """Opens references through one connection.

    Parameters
    ----------
    connection : Connection
        The way out.
    sources : sequence of Source
        What IT configured.
    secret : callable
        Gives a secret by its name, or None.
    policy : Policy
        What is allowed here.
    shelved : callable
        ``shelved(film, listing, origin, answers)``: the film as it is loaded, where what was fetched is kept.
    """

    def __init__(
        self,
        connection: Connection,
        sources: Sequence[Source],
        secret: Callable[[str], Secret | None],
        policy: Policy,
        shelved: Callable[[FilmSource, Listing, str, bytes], FilmSource] = _unshelved,
    ) -> None:
        self._connection = connection
        self._sources = sources
        self._secret = secret
        self._policy = policy
        self._shelved = shelved

    def open(
        self,
        reference: FilmReference,
        passcode: str,
        token: CancelToken,
        identified: Callable[[Patient, Study], None],
        *,
        at_once: bool = False,
    ) -> OpenedFilm | tuple[Candidate, ...]:
        """Open what a reference names.

        Parameters
        ----------
        at_once : bool
            With the first image alone, where the service says that shortly: `OpenedFilm.ask` gives the whole film.

        Returns
        -------
        OpenedFilm, or a tuple of Candidate
            Candidates where several studies fit; the user chooses one.

        Raises
        ------
        LinkError
            Nothing there, expired, a passcode is needed or wrong.
        StationError
            not-allowed by IT, secret-missing.
        ConnectionFailed, ServerRefused, TransferError, IdentityError, Cancelled
            As the archive's.
        """
        way = self.way(reference)
        self._connection.try_now(way.root.reveal())  # somebody stands before it
        wish = _Wish(reference, way, identified, at_once)
        try:
            return self._opened(wish, token)
        except ServerRefused as refusal:
            challenge = passcode_challenge(refusal, way.root.reveal())
            if challenge is not None and passcode:
                session = self._session(challenge, Secret(passcode), token)
                signed = SignIn(session, partial(self._renewed, way.root, Secret(passcode)))
                return self._opened(replace(wish, sign_in=signed), token)
            raise _meant(refusal, way) from None

    def _opened(self, wish: _Wish, token: CancelToken) -> OpenedFilm | tuple[Candidate, ...]:
        way = wish.way
        headers = wish.sign_in or SignIn(dict(way.headers))
        place = way.source.wado_uri
        web = DicomWeb(self._connection, way.root.reveal(), headers, service=way.service, wado_uri_root=place)
        studies = wish.reference.study_uids
        if not studies:
            candidates = self._candidates(wish.reference, web, token)
            if len(candidates) > 1:
                return candidates
            studies = candidates[0].reference.study_uids
        if len(studies) > 1:
            raise LinkError("link-several-studies", count=len(studies))
        film = CloudFilm(web, studies[0], way.source.name, way.source.issuer)
        first = film.beginning(token, wish.identified) if wish.at_once else None
        if first is None:
            return self._whole(film, wish, token)
        source = self._shelved(film, first, _origin(way), b"")
        return OpenedFilm(first, source, ask=partial(self._whole_later, film, wish), expires_at=wish.expires_at)

    def _whole(self, film: CloudFilm, wish: _Wish, token: CancelToken) -> OpenedFilm:
        listing = film.listing(token, wish.identified)
        answers = film.answers.to_bytes() if film.answers is not None else b""
        shelved = self._shelved(film, listing, _origin(wish.way), answers)
        return OpenedFilm(listing, shelved, look=partial(self._look, film, wish), expires_at=wish.expires_at)

    def _look(self, film: CloudFilm, wish: _Wish, token: CancelToken) -> OpenedFilm | None:
        return self._whole_later(film, wish, token) if film.has_grown(token) else None

    def _whole_later(self, film: CloudFilm, wish: _Wish, token: CancelToken) -> OpenedFilm:
        try:
            return self._whole(film, wish, token)
        except ServerRefused as refusal:
            raise _meant(refusal, wish.way) from None

    def _session(self, challenge: PasscodeChallenge, passcode: Secret, token: CancelToken) -> dict[str, Secret]:
        """What each request of a session carries."""
        session = open_session(self._connection, challenge, passcode, token=token)
        return {"Authorization": Secret(f"Bearer {session.reveal()}")}

    def _renewed(
        self, root: Secret, passcode: Secret, refusal: ServerRefused, token: CancelToken
    ) -> dict[str, Secret] | None:
        """A session that ended is opened again with the passcode that opened it; it is known while the film is open."""
        challenge = passcode_challenge(refusal, root.reveal())
        return self._session(challenge, passcode, token) if challenge is not None else None

    def _candidates(self, reference: FilmReference, web: DicomWeb, token: CancelToken) -> tuple[Candidate, ...]:
        found = find_studies(web, reference.accession[0], token)
        if not found:
            raise LinkError("link-study-not-found")
        return tuple(
            Candidate(
                FilmReference(
                    kind="uid",
                    study_uids=(study.study_instance_uid,),
                    dicomweb_root=reference.dicomweb_root,
                    bearer=reference.bearer,
                    label=reference.label,
                ),
                patient,
                study,
                instances,
            )
            for patient, study, instances in found
        )

    def way(self, reference: FilmReference) -> Way:
        """Which source a reference belongs to and how it signs in: the link's token before the source's secret."""
        source = self._source(reference)
        headers = list(reference.headers)
        root = reference.dicomweb_root
        if reference.extra_value("token_in") == "path":
            root = root.replace("{token}", quote(reference.bearer.reveal(), safe=""))
        elif reference.bearer:
            headers.append(("Authorization", Secret(f"Bearer {reference.bearer.reveal()}")))
        elif source.secret and _same_server(root, source.root) and not _signs_in(headers):
            headers.append(self._sign_in(source))
        return Way(source, Secret(root), tuple(headers), reference.dicomweb_root)

    def _source(self, reference: FilmReference) -> Source:
        for source in self._sources:
            if source.root == reference.dicomweb_root or (reference.label and source.name == reference.label):
                return source
        if not self._policy.allows("typed_links"):
            raise StationError("not-allowed", act="typed_links")
        host = urlsplit(reference.dicomweb_root).hostname or ""
        return Source(name=host, root=reference.dicomweb_root)

    def _sign_in(self, source: Source) -> tuple[str, Secret]:
        secret = self._secret(source.secret)
        if secret is None:
            raise StationError("secret-missing", name=source.secret, source=source.name)
        if source.sign_in.startswith("header:"):
            return source.sign_in.partition(":")[2], secret
        if source.sign_in == "basic":
            pair = base64.b64encode(f"{source.user}:{secret.reveal()}".encode()).decode()
            return "Authorization", Secret(f"Basic {pair}")
        return "Authorization", Secret(f"Bearer {secret.reveal()}")


def _meant(refusal: ServerRefused, way: Way) -> WorkstationError:
    """What a refusal means for a film that was to be opened."""
    meant = as_link_error(refusal, way.root.reveal())
    if meant is None and refusal.code == "not-found":
        return LinkError("link-study-not-found")
    return meant or refusal


def _origin(way: Way) -> str:
    """The service of a film, without what may be a token in its path."""
    root = urlsplit(way.root.reveal())
    return f"{way.source.name} {root.scheme}://{root.netloc.rpartition('@')[2].lower()}"


def _signs_in(headers: Sequence[tuple[str, Secret]]) -> bool:
    return any(name.lower() == "authorization" for name, _ in headers)


def _same_server(one: str, other: str) -> bool:
    """A source's secret goes to the source's own server only, whatever else its link hosts are."""
    ours, theirs = urlsplit(one), urlsplit(other)
    return (ours.scheme, ours.hostname, ours.port) == (theirs.scheme, theirs.hostname, theirs.port)
