"""How this workstation proves itself to a proxy: Basic, NTLM or Negotiate, on CONNECT.

The password goes into one header of one request, never into an address, a log or an exception.
"""

from __future__ import annotations

import base64
import struct
import sys
import threading
import time
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Protocol

from workstation.archive.quiet import silence
from workstation.errors import ConnectionFailed
from workstation.reference import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from workstation.archive.proxies import Way
    from workstation.settings import ProxySettings


_STRONGEST_FIRST: Final = ("negotiate", "ntlm", "basic")
# what pyspnego lets out when a proxy's token is not what it should be
_BROKEN_TOKEN: Final = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    struct.error,
)  # binascii.Error is a ValueError
_SAME_PASSWORD_AGAIN_S: Final = 30.0  # a domain locks an account after a handful of wrong ones


class Conversation(Protocol):
    """One attempt to sign in, on one connection."""

    scheme: str
    has_answered: bool  # a challenge was answered, so a refusal is about the password

    def header(self, challenge: str) -> str | None:
        """What to send next in Proxy-Authorization, or None when there is nothing left to say."""


class BasicConversation:
    """Name and password in one header."""

    scheme = "basic"

    def __init__(self, user: str, password: Secret) -> None:
        self.has_answered = False
        self._words = f"{user}:{password.reveal()}"

    def header(self, challenge: str) -> str | None:
        """Give the header once; being asked again means that it was wrong."""
        del challenge
        if self.has_answered:
            return None
        self.has_answered = True
        return "Basic " + base64.b64encode(self._words.encode()).decode("ascii")


class SpnegoConversation:
    """NTLM or Negotiate: a few rounds of tokens, all on the same connection."""

    def __init__(self, scheme: str, user: str, password: Secret, proxy_host: str) -> None:
        import spnego  # here: few hospitals need it, and it is slow to import

        silence("spnego")  # at DEBUG it writes the tokens themselves

        self.scheme = scheme
        self.has_answered = False
        self._has_begun = False
        known = spnego.exceptions
        self._failures = (known.SpnegoError, known.NativeError, known.FeatureMissingError, *_BROKEN_TOKEN)
        try:
            self._context: Any = spnego.client(
                user or None, password.reveal() or None, hostname=proxy_host, service="HTTP", protocol=scheme
            )
        except (*self._failures, ImportError) as error:
            raise LookupError(scheme) from error

    def header(self, challenge: str) -> str | None:
        """Give the next token as a header; None when the proxy did not go on with the exchange."""
        try:
            token_in = base64.b64decode(challenge, validate=True) if challenge else None
            if self._context.complete and token_in is None:
                return None
            if token_in is None and self._has_begun:
                return None
            self._has_begun = True
            token = self._context.step(token_in)
        except self._failures:
            return None
        self.has_answered = token_in is not None
        return (
            f"{self.scheme.upper() if self.scheme == 'ntlm' else 'Negotiate'} {base64.b64encode(token).decode()}"
            if token
            else None
        )

    _has_begun = False


class ProxySignIn:
    """What is known about signing in at one proxy: learns at the first 407, remembers for later. Thread-safe."""

    def __init__(self, settings: ProxySettings, way: Way, secret: Callable[[str], Secret | None]) -> None:
        self._settings = settings
        self._way = way
        self._secret = secret
        self._lock = threading.Lock()
        self._scheme = "" if settings.sign_in == "auto" else settings.sign_in
        self._unfit: set[str] = set()
        self._refused: tuple[Secret, float] | None = None
        self._first = threading.Lock()
        self._has_worked = False

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Hold back other connections until a password has worked once.

        Four downloads that begin together would otherwise send a wrong password four times, and lock the account.
        """
        with nullcontext() if self._has_worked else self._first:
            yield
            self._has_worked = True

    @property
    def user(self) -> str:
        """The name to sign in with; empty: none is configured."""
        return self._settings.user or self._way.user

    def password(self) -> Secret:
        """The password as the vault has it now; empty when it has none."""
        if self._settings.user:
            return self._secret(self._settings.secret) or Secret("")
        return self._way.password

    def begin(self) -> Conversation | None:
        """Start with what is known to work here; None: ask first and see what the proxy wants.

        Raises
        ------
        ConnectionFailed
            proxy-wrong-password: this very password was refused a moment ago, and is not sent again.
        """
        with self._lock:
            scheme = self._scheme
        try:
            return self._conversation(scheme) if scheme and self._can(scheme) else None
        except LookupError:
            return None

    def choose(self, offered: Iterable[str]) -> Conversation:
        """Start the strongest of the offered schemes that there are credentials for.

        Raises
        ------
        ConnectionFailed
            proxy-sign-in: there is no name or no password for any of them; proxy-failed: none is spoken here.
        """
        wanted = _STRONGEST_FIRST if self._settings.sign_in == "auto" else (self._settings.sign_in,)
        spoken = [scheme for scheme in wanted if scheme in set(offered) and scheme not in self._unfit]
        for scheme in spoken:
            if not self._can(scheme):
                continue
            try:
                conversation = self._conversation(scheme)
            except LookupError:
                self._unfit.add(scheme)
                continue
            with self._lock:
                self._scheme = scheme
            return conversation
        if spoken or not self.user:
            raise ConnectionFailed("proxy-sign-in", proxy=self._way.name)
        raise ConnectionFailed("proxy-failed", proxy=self._way.name, status=407)

    def refused(self, conversation: Conversation) -> bool:
        """Take note that the proxy still says no; gives whether another scheme is worth a try.

        A refusal before a challenge was answered says that the scheme does not work here; after that it is the
        password, and trying it again in another scheme would only bring the account closer to being locked.
        """
        with self._lock:
            if not conversation.has_answered and self._settings.sign_in == "auto":
                self._unfit.add(conversation.scheme)
                self._scheme = ""
                return True
            self._refused = (self.password(), time.monotonic())
            self._has_worked = False
            return False

    def _can(self, scheme: str) -> bool:
        if scheme == "negotiate" and not self.user:
            return sys.platform == "win32" or find_spec("gssapi") is not None
        return bool(self.user) and bool(self.password())

    def _conversation(self, scheme: str) -> Conversation:
        password = self.password()
        with self._lock:
            if self._refused is not None and self._refused[0] == password:
                if time.monotonic() - self._refused[1] < _SAME_PASSWORD_AGAIN_S:
                    raise ConnectionFailed("proxy-wrong-password", proxy=self._way.name)
                self._refused = None
        if scheme == "basic":
            return BasicConversation(self.user, password)
        host = self._way.name.rpartition(":")[0]
        return SpnegoConversation(scheme, self.user, password, host)


def offers(challenges: Iterable[str]) -> dict[str, str]:
    """Read Proxy-Authenticate headers: each scheme, in lower case, with what follows it.

    Several challenges may stand in one header, so a scheme is also found after a comma.

    References
    ----------
    RFC 9110 11.6.1
    """
    found: dict[str, str] = {}
    for line in challenges:
        for challenge in line.split(","):
            scheme, _, rest = challenge.strip().partition(" ")
            if scheme and "=" not in scheme:
                found.setdefault(scheme.lower(), rest.strip())
    return found
