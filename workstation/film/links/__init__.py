"""What a text means. Each grammar is one module here, tried in order; a new one is a new file and a line below."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from workstation.errors import LinkError
from workstation.film.links import cloudfilm, dicomweb, identifier, ohif
from workstation.film.links.base import take_apart
from workstation.film.links.expiry import expiry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.film.links.base import Grammar
    from workstation.reference import FilmReference, Source

GRAMMARS: Final[tuple[Grammar, ...]] = (cloudfilm, dicomweb, ohif, identifier)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was made of a text while it is typed; holds nothing that must not be seen.

    Attributes
    ----------
    reference : FilmReference or None
        Set when the text can be opened.
    problem : LinkError or None
        Why it cannot.
    grammar : str
        Which way of naming it is: dicomweb, ohif, cloudfilm, uid, accession.
    place : str
        The source's name, else the host.
    detail : str
        The study UID or the accession number.
    masked : str
        The text as it may stand on a screen: tokens and header values are dots.
    """

    reference: FilmReference | None = None
    problem: LinkError | None = None
    grammar: str = ""
    place: str = ""
    detail: str = ""
    masked: str = ""


def parse(text: str, sources: Sequence[Source]) -> FilmReference:
    """Read a text by the first grammar that recognises it.

    Raises
    ------
    LinkError
        No grammar does, or the one that does finds it wrong.
    """
    link = take_apart(text)
    for grammar in GRAMMARS:
        reference = grammar.recognise(link, sources)
        if reference is not None:
            return replace(reference, expires_at=expiry(link))
    raise LinkError("link-not-understood")


def understand(text: str, sources: Sequence[Source]) -> Understanding:
    """Say what a text means without fetching anything."""
    try:
        reference = parse(text, sources)
    except LinkError as error:
        return Understanding(problem=error, masked=_masked_anyway(text))
    place = reference.label or reference.dicomweb_root.partition("://")[2].partition("/")[0]
    detail = ", ".join(reference.study_uids or reference.accession)
    return Understanding(reference, None, reference.kind, place, detail, masked(text, reference.bearer.reveal()))


def masked(text: str, token: str) -> str:
    """The first line of a text with the token in it as dots; header lines below it are left out."""
    first = text.strip().splitlines()[0].strip()
    for form in (token, quote(token, safe="")) if token else ():
        first = first.replace(form, "•••")
    return first


def _masked_anyway(text: str) -> str:
    """Also a link that opens nothing may hold a token."""
    try:
        token = take_apart(text).token.reveal()
    except LinkError:
        return text
    return masked(text, token) if token else text


def as_json(reference: FilmReference) -> str:
    """The record as JSON, secrets as ``***``."""
    record: dict[str, object] = {}
    for one in fields(reference):
        value = getattr(reference, one.name)
        if one.name in ("headers", "extras"):
            value = {name: str(item) for name, item in value}
        elif one.name == "bearer":
            value = str(value) if value else None
        elif one.name == "expires_at":
            value = value.isoformat() if value else None
        elif one.name == "dicomweb_root":
            value = value.replace("{token}", "***")
        elif isinstance(value, tuple):
            value = list(value)
        record[one.name] = value or (
            [] if isinstance(value, list) else value if isinstance(value, (dict, bool)) else None
        )
    return json.dumps(record, ensure_ascii=False, indent=2)
