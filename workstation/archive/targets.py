"""Addresses and headers as they may be requested: taken apart, checked, and never quoted in an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from workstation.errors import LinkError
from workstation.reference import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: its origin, apart from the path that only the server may see."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what "the same server" means."""
        return self.scheme, self.host, self.port

    @property
    def path(self) -> str:
        """Path and query."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _split(url: str) -> tuple[SplitResult, int | None]:
    """Take a URL apart; what cannot be taken apart has no host. Python's own errors would quote it."""
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        return urlsplit(""), None


def target_of(url: str) -> Target:
    """Take a URL apart.

    Raises
    ------
    LinkError
        link-not-understood: it is no http or https address, or carries a name, a password or control characters.
    """
    parts, port = _split(url)
    is_clean = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None or not is_clean:
        raise LinkError("link-not-understood")
    return Target(parts._replace(fragment="").geturl(), parts.scheme, parts.hostname, port or PORTS[parts.scheme])


def shown(value: str | Secret) -> str:
    """Give the text itself; called where it is put on the wire and nowhere else."""
    return value.reveal() if isinstance(value, Secret) else value


def revealed(headers: Mapping[str, str | Secret]) -> dict[str, str]:
    """Headers as they are sent; one that could smuggle in another header is refused without being quoted."""
    sent = {name: shown(value) for name, value in headers.items()}
    for name, value in sent.items():
        if not value.isascii() or not value.isprintable() or not name.replace("-", "").isalnum():
            raise LinkError("link-not-understood")
    return sent
