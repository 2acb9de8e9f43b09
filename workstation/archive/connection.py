"""The one place where the network is used: which way, over which TLS, how often again, and what its faults mean.

Everything of urllib3 becomes one of our errors on the way out. The environment decides nothing but the system's
proxy; addresses, paths, queries and tokens are never logged.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urljoin, urlsplit

from workstation.archive.abilities import KnownServices
from workstation.archive.breaker import Breaker, Circuit
from workstation.archive.cold import is_cold
from workstation.archive.pools import Pools
from workstation.archive.proxies import DIRECT, Ways, is_loopback
from workstation.archive.quiet import silence
from workstation.archive.refusals import refused_answer
from workstation.archive.retries import Patience, Retries, is_passing
from workstation.archive.targets import revealed, shown, target_of
from workstation.errors import ConnectionFailed, LinkError, ServerRefused, TransferError, WorkstationError
from workstation.tasks import CancelToken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workstation.archive.answer import Answer
    from workstation.archive.breaker import ServerState
    from workstation.archive.proxies import Way
    from workstation.archive.targets import Target
    from workstation.reference import Secret
    from workstation.settings import Settings

_log = logging.getLogger(__name__)
silence("urllib3")  # it writes whole addresses, with the tokens and UIDs in them, at DEBUG and at WARNING

_REDIRECTS: Final = 5
_LOST: Final = frozenset({"connection-lost", "timed-out", "server-unreachable", "name-not-found", "proxy-unreachable"})
_NO_HEADERS: Final[Mapping[str, str | Secret]] = MappingProxyType({})
T = TypeVar("T")


class Connection:
    """The way to every server, through the hospital's proxy. Thread-safe; connections are kept alive and shared.

    Parameters
    ----------
    settings : Settings
        Proxy, TLS, patience and the sources' names.
    secret : callable
        Gives a secret by its name, or None.
    proxy_script : callable, optional
        ``proxy_script(pac_text, url, host)`` evaluates a proxy auto-configuration script in a worker process.
    retries : Retries, optional
        How often to ask again.
    circuit : Circuit, optional
        When a server that fails is left in peace.

    Attributes
    ----------
    services : KnownServices
        What was found out about the services that are reached.
    """

    def __init__(
        self,
        settings: Settings,
        secret: Callable[[str], Secret | None],
        proxy_script: Callable[[str, str, str], str] | None = None,
        retries: Retries | None = None,
        circuit: Circuit | None = None,
    ) -> None:
        self._settings = settings
        self.retries = retries or Retries()
        self.services = KnownServices()
        self._breaker = Breaker(circuit)
        self._ways = Ways(settings.proxy, proxy_script, self._fetch_script)
        self._pools = Pools(settings, secret)

    def get(
        self,
        url: str,
        *,
        accept: str,
        headers: Mapping[str, str | Secret] = _NO_HEADERS,
        encoding: str = "identity",
        token: CancelToken,
        patience: Patience | None = None,
    ) -> Answer:
        """Ask for `url`; passing faults are tried again, others are raised at once.

        Parameters
        ----------
        patience : Patience, optional
            The tries that are left, where the request is one of several for one wish; by default its own.

        Raises
        ------
        ConnectionFailed
            The way is not there.
        ServerRefused
            The server said no, or wants to send us elsewhere.
        LinkError
            link-not-secure: http to another machine; link-not-understood: not a URL that is ever requested.
        Cancelled
            The token was called off, also while waiting.
        """
        target = self._checked(url)
        sent = {"Accept": accept, "Accept-Encoding": encoding, "User-Agent": "cloudfilm-workstation"}
        sent.update(revealed(headers))
        if patience is not None and patience.is_again:
            sent["Cache-Control"] = "no-cache"  # a gateway that keeps what was no good fetches it anew (RFC 9111)
        return self._patiently(target, sent, token, patience or Patience(self.retries))

    def state(self, url: str) -> ServerState:
        """What is known of the server of `url`; from any thread, at once, without asking it."""
        return self._breaker.state(target_of(url).origin)

    def try_now(self, url: str) -> None:
        """Somebody wants the server of `url` now: the next request goes, though it is left in peace."""
        self._breaker.try_now(target_of(url).origin)

    def may_try_again(self, url: str, patience: Patience, token: CancelToken, asked_s: float = 0.0) -> bool:
        """Wait before another request for a wish that failed; False when that is enough.

        Where the server is left in peace the wait is the breaker's, and costs the wish none of its tries.
        """
        if patience.waits and self.state(url).is_resting:
            return True
        return patience.wait_for_another(token, asked_s)

    def post_json(
        self, url: str, body: Mapping[str, str | Secret], *, token: CancelToken, limit: int = 1 << 16
    ) -> dict[str, Any]:
        """Send a small JSON object once, never again by itself, and give the JSON object that comes back."""
        target = self._checked(url)
        sent = {"Accept": "application/json", "Accept-Encoding": "identity", "Content-Type": "application/json"}
        words = json.dumps({name: shown(value) for name, value in body.items()}).encode()
        began = time.monotonic()
        sending = self._by_some_way(target, token, lambda way: self._pools.post(target, way, sent, words, token))
        with self._judged("POST", target, sending, began) as answer:
            content = answer.read(limit)
            kind = answer.content_type
        try:
            parsed = json.loads(content)
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict):
            raise TransferError("not-dicom-answer", content_type=kind[:80])
        return parsed

    def warm(self, url: str, token: CancelToken | None = None) -> None:
        """Open proxy, tunnel and TLS to the server of `url` ahead of the first request; nothing is asked.

        Raises
        ------
        ConnectionFailed
            As `get`.
        """
        target = self._checked(url)
        self._by_some_way(target, token or CancelToken(), lambda way: self._pools.open(target, way))

    def prepare(self) -> None:
        """Read the certificates that are trusted: a twentieth of a second that the first request need not wait.

        Raises
        ------
        ConnectionFailed
            They cannot be read; the first request says so too.
        """
        self._pools.trust()

    def way_names(self, url: str) -> tuple[str, ...]:
        """Which ways a request to `url` would take, in order: ``host:port`` of a proxy, or an empty string."""
        target = self._checked(url)
        return tuple(way.name for way in self._ways.ways(*target.origin))

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._pools.close()

    def _checked(self, url: str) -> Target:
        if self._settings.offline:
            raise ConnectionFailed("network-off")
        target = target_of(url)
        if target.scheme == "http" and not (is_loopback(target.host) or self._settings.network.allow_http):
            raise LinkError("link-not-secure", host=target.host)
        return target

    def _patiently(self, target: Target, headers: Mapping[str, str], token: CancelToken, patience: Patience) -> Answer:
        failure: ServerRefused | ConnectionFailed | None = None
        while True:
            try:
                return self._followed(target, headers, token, patience)
            except (ServerRefused, ConnectionFailed) as error:
                if error.code == "server-resting":
                    raise failure or error from None
                if not _may_pass(error, patience):
                    raise
                failure = error
                if not self.may_try_again(target.url, patience, token, _asked_s(error)):
                    raise

    def _followed(self, target: Target, headers: Mapping[str, str], token: CancelToken, patience: Patience) -> Answer:
        for _ in range(_REDIRECTS + 1):
            answer = self._admitted(target, headers, token, patience)
            if not 300 <= answer.status < 400:
                return answer
            with answer:
                place = urljoin(target.url, answer.headers.get("Location", ""))
            target = self._same_server(target, place)
        raise ServerRefused("redirected-away", host=target.host, other=target.host)

    def _admitted(self, target: Target, headers: Mapping[str, str], token: CancelToken, patience: Patience) -> Answer:
        """Ask when the breaker lets us, and tell it what came of it; the answer tells it of its body."""
        if patience.waits and self._breaker.state(target.origin).is_resting:
            patience.tally.waited()
        admission = self._breaker.admit(target.origin, token, waits=patience.waits)
        try:
            answer = self._got(target, headers, token)
        except ServerRefused as error:
            if is_passing(error.status) and not is_cold(error):
                admission.fail(_asked_s(error))
            else:
                admission.succeed()  # it is there, and knows what it does not want
            raise
        except ConnectionFailed as error:
            if _is_lost(error):
                admission.fail()
            else:
                admission.drop()
            raise
        except BaseException:
            admission.drop()
            raise
        answer.admission = admission
        patience.tally.came_by(is_proxy=answer.is_by_proxy)
        return answer

    def _same_server(self, target: Target, place: str) -> Target:
        try:
            other = target_of(place)
        except LinkError:
            raise ServerRefused("redirected-away", host=target.host, other="") from None
        if other.origin != target.origin:
            raise ServerRefused("redirected-away", host=target.host, other=other.host)
        return other

    def _got(self, target: Target, headers: Mapping[str, str], token: CancelToken) -> Answer:
        began = time.monotonic()

        def ask(way: Way) -> Answer:
            answer = self._pools.get(target, way, headers, token)
            answer.is_by_proxy = bool(way.proxy)
            return answer

        return self._judged("GET", target, self._by_some_way(target, token, ask), began)

    def _judged(self, method: str, target: Target, answer: Answer, began: float) -> Answer:
        took_ms = 1e3 * (time.monotonic() - began)
        _log.debug("%s %s %d %.0f ms", method, self._shown_host(target), answer.status, took_ms)
        is_promise = method == "GET" and answer.status == 202  # the answer itself comes later
        if answer.status >= 400 or answer.status < 200 or answer.status == 304 or is_promise:
            raise refused_answer(answer, target.host)
        return answer

    def _by_some_way(self, target: Target, token: CancelToken, act: Callable[[Way], T]) -> T:
        token.raise_if_cancelled()
        ways = self._ways.ways(*target.origin)
        for way in ways:
            try:
                return act(way)
            except ConnectionFailed as error:
                if error.code != "proxy-unreachable":
                    raise
                self._ways.failed(way)
                if way == ways[-1]:
                    self._ways.forget(*target.origin)
                    raise
                token.raise_if_cancelled()
        raise ConnectionFailed("pac-failed", reason="no way")  # pragma: no cover - there is always one

    def _fetch_script(self, url: str, limit: int) -> str:
        """Fetch a proxy script: straight, and by http too, as it lies inside the hospital."""
        try:
            target = target_of(url)
            headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
            with self._pools.get(target, DIRECT, headers, CancelToken()) as answer:
                if answer.status != 200:
                    raise ConnectionFailed("pac-failed", reason=f"status {answer.status}")
                return answer.read(limit).decode("utf-8", "replace")
        except WorkstationError as error:
            if error.code == "pac-failed":
                raise
            raise ConnectionFailed("pac-failed", reason=error.code) from error

    def _shown_host(self, target: Target) -> str:
        for source in self._settings.sources:
            if (urlsplit(source.root).hostname or "") == target.host:
                return source.name
        return "host-" + hashlib.sha256(target.host.encode()).hexdigest()[:8]


def _may_pass(error: ServerRefused | ConnectionFailed, patience: Patience) -> bool:
    if isinstance(error, ServerRefused):
        return is_passing(error.status) and error.code != "from-store"
    # before somebody who waits, a server that cannot be reached is said at once
    return _is_lost(error) and (patience.waits or error.code in {"connection-lost", "proxy-failed"})


def _is_lost(error: ConnectionFailed) -> bool:
    """Whether the line or the server failed, in a way that may pass."""
    if error.code == "proxy-failed":
        return error.params["status"] in {502, 503, 504}
    return error.code in _LOST


def _asked_s(error: ServerRefused | ConnectionFailed) -> float:
    """Seconds that a server asks to be given."""
    return float(error.params.get("seconds", 0)) if error.code == "busy" else 0.0
