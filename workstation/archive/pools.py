"""Kept-alive connections, one pool a server and way; the exceptions of urllib3 end here."""

from __future__ import annotations

import queue
import ssl
import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

import urllib3
import urllib3.exceptions
from urllib3.connection import ProxyConfig

from workstation.archive import sign_in, tls
from workstation.archive.answer import Answer
from workstation.archive.freshness import PlainPool, SecurePool, socket_options
from workstation.archive.sign_in import ProxySignIn
from workstation.archive.tunnel import Call, PlainConnection, SecureConnection
from workstation.errors import Cancelled, ConnectionFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urllib3.response import BaseHTTPResponse

    from workstation.archive.proxies import Way
    from workstation.archive.sign_in import Conversation
    from workstation.archive.targets import Target
    from workstation.reference import Secret
    from workstation.settings import Settings
    from workstation.tasks import CancelToken

AnyPool = TypeVar("AnyPool", PlainPool, SecurePool)
_SIZE: Final = 32  # kept-alive connections a server; the loader uses 6 at most


class _LongestIdleFirst(queue.LifoQueue[Any]):
    """Kept-alive connections, taken in turn.

    urllib3 takes the one used last, so that a spare one is never used: its server closes it, and a sender that was
    idle begins slowly again (RFC 5681 4.1). The places that no connection was opened for come last.
    """

    def _get(self) -> Any:
        for place, connection in enumerate(self.queue):
            if connection is not None:
                del self.queue[place]
                return connection
        return self.queue.pop()


class Pools:
    """Opens connections and keeps them for later requests. Thread-safe."""

    def __init__(self, settings: Settings, secret: Callable[[str], Secret | None]) -> None:
        self._settings = settings
        self._secret = secret
        self._lock = threading.RLock()
        self._context: ssl.SSLContext | None = None
        self._pools: dict[tuple[tuple[str, str, int], Way], PlainPool | SecurePool] = {}
        self._sign_ins: dict[Way, ProxySignIn] = {}
        self._idle_s = settings.network.idle_timeout_s
        self._timeout = urllib3.Timeout(connect=settings.network.connect_timeout_s, read=self._idle_s)

    def get(self, target: Target, way: Way, headers: Mapping[str, str], token: CancelToken) -> Answer:
        """Ask for `target` by `way`; the answer is given whatever its status is, but a 407 is answered first."""
        if not (way.proxy and target.scheme == "http"):
            return self._once(target, way, (headers, None), token)
        known = self._sign_in(way).begin()
        answer = self._forwarded(target, way, headers, known, token)
        if answer.status != 407:
            return answer
        with answer:
            offered = sign_in.offers([answer.headers.get("Proxy-Authenticate", "")])
        if known is not None and known.scheme == "basic":
            raise self._wrong_password(way, known)
        chosen = self._sign_in(way).choose({"basic"} & set(offered))
        answer = self._forwarded(target, way, headers, chosen, token)
        if answer.status == 407:
            answer.close()
            raise self._wrong_password(way, chosen)
        return answer

    def post(self, target: Target, way: Way, headers: Mapping[str, str], body: bytes, token: CancelToken) -> Answer:
        """Send `body` once."""
        return self._once(target, way, (headers, body), token)

    def open(self, target: Target, way: Way) -> None:
        """Open socket, tunnel and TLS, and keep them for the next request."""
        pool = self._pool(target, way)
        connection = pool._get_conn()
        try:
            if connection.is_closed:
                connection.timeout = self._settings.network.connect_timeout_s
                if way.proxy and target.scheme == "https":
                    pool._prepare_proxy(connection)
                else:
                    connection.connect()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise ConnectionFailed("connection-lost", host=target.host) from error
        finally:
            pool._put_conn(connection)

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._lock:
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.close()

    def _forwarded(
        self,
        target: Target,
        way: Way,
        headers: Mapping[str, str],
        conversation: Conversation | None,
        token: CancelToken,
    ) -> Answer:
        """One plain request that the proxy itself answers or forwards; only Basic can sign in to that."""
        sent = {**headers, "Host": urlsplit(target.url).netloc}
        header = conversation.header("") if conversation is not None and conversation.scheme == "basic" else None
        if header is not None:
            sent["Proxy-Authorization"] = header
        return self._once(target, way, (sent, None), token)

    def _wrong_password(self, way: Way, conversation: Conversation) -> ConnectionFailed:
        self._sign_in(way).refused(conversation)
        return ConnectionFailed("proxy-wrong-password", proxy=way.name)

    def _once(
        self, target: Target, way: Way, message: tuple[Mapping[str, str], bytes | None], token: CancelToken
    ) -> Answer:
        call = Call(token, target.url if way.proxy and target.scheme == "http" else target.path)
        try:
            response = self._sent(target, way, message, call)
            if response is None:  # the server had closed a kept-alive connection: that is no fault
                response = self._sent(target, way, message, call)
            if response is None:
                raise ConnectionFailed("connection-lost", host=target.host)
        except BaseException:
            call.release()
            if token.is_cancelled:
                raise Cancelled from None
            raise
        return Answer(response, call, token, self._idle_s)

    def _sent(
        self, target: Target, way: Way, message: tuple[Mapping[str, str], bytes | None], call: Call
    ) -> BaseHTTPResponse | None:
        """Send once; None: a reused connection was dead, and a GET may be sent on a new one."""
        headers, body = message
        pool = self._pool(target, way)
        try:
            with call:
                return pool.urlopen(
                    "GET" if body is None else "POST",
                    call.address,
                    headers=headers,
                    body=body,
                    retries=False,
                    redirect=False,
                    assert_same_host=False,
                    preload_content=False,
                    timeout=self._timeout,
                )
        except urllib3.exceptions.ReadTimeoutError as error:
            pool.suspect()
            if call.is_doubtful and body is None:
                return None
            raise ConnectionFailed("timed-out", host=target.host, seconds=self._idle_s) from error
        except urllib3.exceptions.SSLError as error:
            inner = error.args[0] if error.args else None
            raise tls.failure(inner if isinstance(inner, ssl.SSLError) else ssl.SSLError(), target.host) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            pool.suspect()
            if call.is_reused and body is None:
                return None
            raise ConnectionFailed("connection-lost", host=target.host) from error

    def _pool(self, target: Target, way: Way) -> PlainPool | SecurePool:
        with self._lock:
            key = (target.origin, way)
            if key not in self._pools:
                self._pools[key] = self._new_pool(target, way)
                self._pools[key].quick_s = self._settings.network.connect_timeout_s / 2
            return self._pools[key]

    def _new_pool(self, target: Target, way: Way) -> PlainPool | SecurePool:
        options: dict[str, Any] = {
            "maxsize": _SIZE, "timeout": self._timeout, "way": way, "target": target.host,
            "socket_options": socket_options(),
        }  # fmt: skip
        host, port = target.host, target.port
        if way.proxy:
            proxy = urllib3.util.parse_url(way.proxy)
            options |= {"_proxy": proxy, "_proxy_config": ProxyConfig(self.trust(), False, None, None)}
            if target.scheme == "http":
                host, port = proxy.host or "", proxy.port or 80
        if target.scheme == "https":
            sign_in_here = self._sign_in(way) if way.proxy else None
            secure = SecurePool(host, port, ssl_context=self.trust(), proxy_sign_in=sign_in_here, **options)
            secure.ConnectionCls = SecureConnection
            return _in_turn(secure)
        plain = PlainPool(host, port, **options)
        plain.ConnectionCls = PlainConnection
        return _in_turn(plain)

    def _sign_in(self, way: Way) -> ProxySignIn:
        with self._lock:
            if way not in self._sign_ins:
                self._sign_ins[way] = ProxySignIn(self._settings.proxy, way, self._secret)
            return self._sign_ins[way]

    def trust(self) -> ssl.SSLContext:
        """The certificates and versions that are accepted; read once."""
        with self._lock:
            if self._context is None:
                self._context = tls.context(self._settings.tls, self._secret)
            return self._context


def _in_turn(pool: AnyPool) -> AnyPool:
    """A pool, just made, whose connections are taken in turn."""
    places = _LongestIdleFirst(_SIZE)
    for _ in range(_SIZE):
        places.put(None)
    pool.pool = places
    return pool
