"""What every grammar shares: the text taken apart once, tokens found, UIDs checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from workstation.errors import LinkError
from workstation.reference import FilmReference, Secret, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

UID: Final = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
LOOSE_UID: Final = re.compile(r"[0-9]+(\.[0-9]+)+")
_TOKEN_NAMES: Final = ("token", "access_token", "accesstoken", "share_token", "sharetoken")
_HEADER_LINE: Final = re.compile(r"^\s*([A-Za-z][A-Za-z0-9-]{0,40})\s*:\s*(\S.*?)\s*$")
_PATH_TOKEN: Final = re.compile(r"/(link|share|s)/([A-Za-z0-9._~-]{16,})(?=/)")
_LONGEST: Final = 8192


@dataclass(frozen=True, slots=True)
class Link:
    """A text taken apart: the URL, its query by lower-case name, its token wherever it stood, header lines.

    Attributes
    ----------
    text : str
        What was given, trimmed.
    url : SplitResult or None
        None when it is no URL.
    query : dict
        Query and fragment parameters, names in lower case, percent-decoded.
    token : Secret
        From header, path, query or fragment, in that order; empty when there is none.
    path : str
        The path with a token in it replaced by ``{token}``.
    """

    text: str
    url: SplitResult | None = None
    query: dict[str, str] = field(default_factory=dict)
    token: Secret = field(default_factory=lambda: Secret(""))
    token_in_path: bool = False
    path: str = ""
    headers: tuple[tuple[str, Secret], ...] = ()

    @property
    def host(self) -> str:
        """Host, with the port when one is given."""
        if self.url is None or self.url.hostname is None:
            return ""
        return self.url.hostname if self.url.port is None else f"{self.url.hostname}:{self.url.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: never a user name or a password."""
        return f"{self.url.scheme}://{self.host}" if self.url is not None else ""


class Grammar(Protocol):
    """One way in which a film is named. A grammar is one module of this package with these two names."""

    NAME: str

    def recognise(self, link: Link, sources: Sequence[Source]) -> FilmReference | None:
        """Give the reference when the text is of this grammar, None when it is not.

        Raises
        ------
        LinkError
            It is of this grammar, and wrong.
        """
        ...


def take_apart(text: str) -> Link:
    """Take a text apart; percent-decoded once, and again only where ``%25`` remains.

    Raises
    ------
    LinkError
        There is nothing in it, or it is longer than any link.
    """
    lines = [line for line in text.strip().splitlines() if line.strip()]
    if not lines:
        raise LinkError("link-empty")
    if len(text) > _LONGEST:
        raise LinkError("link-not-understood")
    first = lines[0].strip()
    headers = tuple((m[1], Secret(m[2])) for m in map(_HEADER_LINE.match, lines[1:]) if m)
    if "://" not in first and not first.lower().startswith("cloudfilm:"):
        return Link(first, headers=headers)
    try:
        url = urlsplit(first)
        _ = url.port
    except ValueError as error:
        raise LinkError("link-not-understood") from error
    query = {name.lower(): _twice(value) for name, value in parse_qsl(url.fragment) + parse_qsl(url.query)}
    path, path_token = _path_token(url.path)
    token = _bearer(headers) or path_token or next((query[name] for name in _TOKEN_NAMES if query.get(name)), "")
    others = tuple(pair for pair in headers if pair[0].lower() != "authorization")
    return Link(first, url, query, Secret(token), bool(path_token), path, others)


def _twice(value: str) -> str:
    return unquote(value) if "%25" in value else value


def _path_token(path: str) -> tuple[str, str]:
    found = _PATH_TOKEN.search(path)
    if found is None:
        return path, ""
    return path[: found.start(2)] + "{token}" + path[found.end(2) :], found[2]


def _bearer(headers: tuple[tuple[str, Secret], ...]) -> str:
    for name, value in headers:
        scheme, _, rest = value.reveal().partition(" ")
        if name.lower() == "authorization" and scheme.lower() == "bearer":
            return rest.strip()
    return ""


def checked_uids(words: Sequence[str]) -> tuple[str, ...]:
    """Each UID once, checked.

    Raises
    ------
    LinkError
        One of them is no UID (PS3.5 9.1), or is longer than 64 characters.
    """
    found = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    for uid in found:
        if len(uid) > 64 or not LOOSE_UID.fullmatch(uid):
            raise LinkError("link-bad-uid")
    return found


def source_of(link: Link, sources: Sequence[Source]) -> Source | None:
    """The configured source that a link's host belongs to."""
    if link.url is None or not link.url.hostname:
        return None
    names = {link.host.lower(), link.url.hostname.lower()}
    for source in sources:
        root = urlsplit(source.root)
        own = f"{root.hostname}:{root.port}" if root.port else root.hostname or ""
        if own.lower() == link.host.lower() or names & {host.lower() for host in source.link_hosts}:
            return source
    return None
