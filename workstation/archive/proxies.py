"""Which way a request goes: the configured proxy, the script's answer, the system's proxy, or straight.

What lives here decides; what opens sockets is `archive.tunnel`.
"""

from __future__ import annotations

import ipaddress
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from workstation.errors import ConfigError, ConnectionFailed
from workstation.reference import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workstation.settings import ProxySettings

_SCRIPT_LIMIT_BYTES: Final = 1 << 20
_DEMOTED_S: Final = 30.0
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to a server: through `proxy` (``http://host:port``), or straight when that is empty."""

    proxy: str = ""
    user: str = ""  # only from a system proxy that carries its own name and password
    password: Secret = Secret("")  # noqa: RUF009 - immutable

    @property
    def name(self) -> str:
        """Host and port for people: ``proxy.hospital:3128``; empty for the straight way."""
        return urlsplit(self.proxy).netloc


DIRECT: Final = Way()


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_excepted(host: str, port: int, exceptions: Iterable[str]) -> bool:
    """Whether `host` is on the list of those reached without the proxy.

    An entry is a host, ``host:port``, ``.domain`` (with everything below it), an address, a network in CIDR
    notation, or ``*``.
    """
    name = host.lower().strip("[]").rstrip(".")
    return any(_matches(name, port, entry.strip().lower()) for entry in exceptions if entry.strip())


def _matches(name: str, port: int, entry: str) -> bool:
    if entry in {"*", name, f"{name}:{port}", f"[{name}]:{port}"}:
        return True
    if entry.startswith((".", "*.")):
        domain = entry.lstrip("*").lstrip(".")
        return name == domain or name.endswith("." + domain)
    try:
        return ipaddress.ip_address(name) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return False


def way_from(text: str) -> Way:
    """Read a proxy's address as people and systems write it: with or without scheme, name and password.

    Raises
    ------
    ConfigError
        It names no host, or a kind of proxy that is not HTTP.
    """
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port
    except ValueError as error:
        raise ConfigError("config-bad-value", key="proxy.url", reason="http://host:port") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ConfigError("config-bad-value", key="proxy.url", reason="http://host:port")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Way(
        f"{parts.scheme}://{host}:{port or _PORTS[parts.scheme]}",
        unquote(parts.username or ""),
        Secret(unquote(parts.password or "")),
    )


def ways_of_script(answer: str) -> tuple[Way, ...]:
    """Read what a proxy auto-configuration script returned: ``PROXY a:3128; HTTPS b:443; DIRECT``, in its order.

    Raises
    ------
    ConnectionFailed
        pac-failed: nothing in it can be used (SOCKS is not spoken).
    """
    ways: list[Way] = []
    for entry in answer.split(";"):
        kind, _, address = entry.strip().partition(" ")
        if kind.upper() == "DIRECT":
            ways.append(DIRECT)
        elif kind.upper() in {"PROXY", "HTTP", "HTTPS"} and address.strip():
            scheme = "https" if kind.upper() == "HTTPS" else "http"
            try:
                ways.append(Way(way_from(f"{scheme}://{address.strip()}").proxy))
            except ConfigError:
                continue
    if not ways:
        raise ConnectionFailed("pac-failed", reason="no usable proxy in the answer")
    return tuple(ways)


class Ways:
    """Chooses, for each server, the ways to try in order. Thread-safe.

    Parameters
    ----------
    settings : ProxySettings
        What IT configured.
    script : callable or None
        ``script(pac_text, url, host)`` evaluates a proxy auto-configuration script, in a worker.
    fetch : callable
        ``fetch(url)`` gives the text of a script that is named by URL.
    """

    def __init__(
        self,
        settings: ProxySettings,
        script: Callable[[str, str, str], str] | None,
        fetch: Callable[[str, int], str],
    ) -> None:
        self._settings = settings
        self._script = script
        self._fetch = fetch
        self._lock = threading.Lock()
        self._text = ""
        self._answers: dict[tuple[str, str, int], tuple[Way, ...]] = {}
        self._failed_at: dict[Way, float] = {}

    def ways(self, scheme: str, host: str, port: int) -> tuple[Way, ...]:
        """The ways to this server, the best first; a proxy that did not answer lately comes last."""
        found = self._chosen(scheme, host, port)
        now = time.monotonic()
        with self._lock:
            late = [way for way in found if now - self._failed_at.get(way, now - _DEMOTED_S) < _DEMOTED_S]
        return (*(way for way in found if way not in late), *late)

    def failed(self, way: Way) -> None:
        """Remember, for half a minute, that this proxy did not answer."""
        with self._lock:
            self._failed_at[way] = time.monotonic()

    def forget(self, scheme: str, host: str, port: int) -> None:
        """No way led there: the network may be another one now, and the script is read and asked anew."""
        with self._lock:
            if self._answers.pop((scheme, host, port), None) is not None:
                self._text = ""

    def _chosen(self, scheme: str, host: str, port: int) -> tuple[Way, ...]:
        if is_excepted(host, port, self._settings.no_proxy):
            return (DIRECT,)
        if self._settings.url:
            # a name and a password belong into `user` and `secret`, not into the address: they are not used
            return (Way(way_from(self._settings.url).proxy),)
        if is_loopback(host):
            return (DIRECT,)
        if self._settings.pac:
            return self._scripted(scheme, host, port)
        return _of_the_system(scheme, host)

    def _scripted(self, scheme: str, host: str, port: int) -> tuple[Way, ...]:
        key = (scheme, host, port)
        with self._lock:
            if key not in self._answers:
                self._answers[key] = ways_of_script(self._evaluated(scheme, host, port))
            return self._answers[key]

    def _evaluated(self, scheme: str, host: str, port: int) -> str:
        if self._script is None:
            raise ConnectionFailed("pac-failed", reason="no script engine")
        if not self._text:
            self._text = self._read_script(self._settings.pac)
        # a script sees the origin only: path and query of a share link hold its token
        written = f"[{host}]" if ":" in host else host
        shown = f":{port}" if port != _PORTS[scheme] else ""
        return self._script(self._text, f"{scheme}://{written}{shown}/", host)

    def _read_script(self, place: str) -> str:
        if place.startswith(("http://", "https://")):
            return self._fetch(place, _SCRIPT_LIMIT_BYTES)
        path = Path(urllib.request.url2pathname(urlsplit(place).path)) if place.startswith("file:") else Path(place)
        try:
            with path.open("rb") as file:
                text = file.read(_SCRIPT_LIMIT_BYTES + 1)
        except OSError as error:
            raise ConnectionFailed("pac-failed", reason="the script cannot be read") from error
        if len(text) > _SCRIPT_LIMIT_BYTES:
            raise ConnectionFailed("pac-failed", reason="the script is too large")
        return text.decode("utf-8", "replace")


def _of_the_system(scheme: str, host: str) -> tuple[Way, ...]:
    proxies = urllib.request.getproxies()
    address = proxies.get(scheme) or proxies.get("all")
    if not address or urllib.request.proxy_bypass(host):
        return (DIRECT,)
    try:
        return (way_from(address),)
    except ConfigError:  # a SOCKS proxy, or nonsense that another program left there
        return (DIRECT,)
