"""What is to be opened, from where and for whom: frozen values handed from `film` to `archive` and `viewing`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Secret:
    """A string that never shows itself: `repr`, `str` and formatting give ``***``.

    The value is reached by `reveal()` alone, so that every place that needs it can be found by name.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the secret itself."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __repr__(self) -> str:
        return "***" if self._value else "(empty)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> tuple[object, ...]:
        message = "a secret is never pickled"
        raise TypeError(message)


@dataclass(frozen=True, slots=True)
class Source:
    """A place that IT configured, or that a link named: one DICOMweb root and what belongs to it."""

    name: str
    root: str  # DICOMweb root without a trailing slash, e.g. https://cloud.example/dicom-web
    link_hosts: tuple[str, ...] = ()  # hosts of share links that mean this source
    issuer: str = ""  # issuer of patient IDs where the data does not say
    secret: str = ""  # name of a secret, never the secret
    sign_in: str = "bearer"  # how the secret is sent: bearer, basic, header:NAME
    user: str = ""  # user name for basic
    wado_uri: str = (
        ""  # address of its WADO-URI service, for what DICOMweb does not give, e.g. https://cloud.example/wado
    )


@dataclass(frozen=True, slots=True)
class ExpectedPatient:
    """Who the film is said to be of, before any instance has arrived (from QIDO or the caller)."""

    patient_id: str = ""
    issuer: str = ""
    birth_date: str = ""  # YYYYMMDD or empty
    sex: str = ""  # M, F, O or empty


@dataclass(frozen=True, slots=True)
class FilmReference:
    """What a link, a code, a UID or a path says. The same record for every grammar.

    Built by one file of `film.links` a grammar; completed by `film.resolve`. `headers` and `bearer` hold
    secrets; `as_json` masks them.
    """

    kind: str  # dicomweb, ohif, share, uid, accession, path, ...
    patient_id: str = ""
    issuer: str = ""
    study_uids: tuple[str, ...] = ()
    series_uids: tuple[str, ...] = ()
    sop_uids: tuple[str, ...] = ()
    accession: tuple[str, ...] = ()
    dicomweb_root: str = ""
    wado_uri_root: str = ""
    manifest_url: str = ""
    headers: tuple[tuple[str, Secret], ...] = ()
    bearer: Secret = field(default_factory=lambda: Secret(""))
    passcode_needed: bool = False
    expires_at: datetime | None = None
    label: str = ""
    extras: tuple[tuple[str, str], ...] = ()

    def extra_value(self, name: str) -> str:
        """The value of an extra, or an empty string."""
        return dict(self.extras).get(name, "")

    def with_bearer(self, token: str) -> FilmReference:
        """The same reference carrying another token."""
        return replace(self, bearer=Secret(token))
