"""`Service`: how one server is asked: signed in, again when the line fails, and not while it is left in peace."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from workstation.archive.retries import Patience
from workstation.archive.tally import Tally
from workstation.errors import ServerRefused, TransferError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workstation.archive.answer import Answer
    from workstation.archive.breaker import ServerState
    from workstation.archive.connection import Connection
    from workstation.archive.renewal import SignIn
    from workstation.reference import Secret
    from workstation.tasks import CancelToken

T = TypeVar("T")
# The line failed, not the server: worth another try of the same instance
_LINE_FAULTS: Final = frozenset({"cut-off", "stalled", "wrong-length", "no-closing-delimiter"})


class Service:
    """One server, and what signs in to it. Thread-safe.

    Parameters
    ----------
    root : str
        Base URL, without a trailing slash.

    Attributes
    ----------
    tally : Tally
        What asking cost.
    """

    def __init__(self, connection: Connection, root: str, sign_in: SignIn) -> None:
        self._connection = connection
        self.root = root
        self._sign_in = sign_in
        self.tally = Tally()

    @property
    def state(self) -> ServerState:
        """Whether the server is left in peace at the moment, and for how long."""
        return self._connection.state(self.root)

    def try_now(self) -> None:
        """Somebody wants it now: what is waited for is over."""
        self._connection.try_now(self.root)

    def warm(self, token: CancelToken) -> None:
        """Open one more way to it; see `Connection.warm`."""
        self._connection.warm(self.root, token)

    def patience(self) -> Patience:
        """The tries of one wish that nobody stands before."""
        return Patience(self._connection.retries, waits=True, tally=self.tally)

    def once(self) -> Patience:
        """A single try."""
        return Patience(replace(self._connection.retries, tries=0), tally=self.tally)

    def line_failed(self, error: TransferError, patience: Patience, token: CancelToken) -> bool:
        """Whether another try is worth while after a body failed; waits before it."""
        return error.code in _LINE_FAULTS and self._connection.may_try_again(self.root, patience, token)

    def again_if_the_line_fails(self, fetch: Callable[[Patience], T], token: CancelToken) -> T:
        """Fetch something, from its beginning when the line fails in the middle of it."""
        patience = self.patience()
        while True:
            try:
                return fetch(patience)
            except TransferError as error:
                if not self.line_failed(error, patience, token):
                    raise

    def ask(
        self,
        url: str,
        accept: str,
        token: CancelToken,
        encoding: str = "identity",
        patience: Patience | None = None,
    ) -> Answer:
        """Send a request; a sign-in that has ended is renewed once, without a word, where that can be done.

        Raises
        ------
        ConnectionFailed, ServerRefused, LinkError, Cancelled
            As `Connection.get`.
        """
        number, headers = self._sign_in.current
        patience = patience or Patience(self._connection.retries, tally=self.tally)

        def send(headers: Mapping[str, str | Secret]) -> Answer:
            return self._connection.get(
                url, accept=accept, headers=headers, encoding=encoding, token=token, patience=patience
            )

        try:
            answer = send(headers)
        except ServerRefused as refusal:
            if refusal.status != 401 or not self._sign_in.is_renewed(number, refusal, token):
                raise
            number, headers = self._sign_in.current
            answer = send(headers)
        self._sign_in.worked(number)
        return answer

    def ask_unsigned(self, url: str, accept: str, token: CancelToken, patience: Patience) -> Answer:
        """Send a request to another server that IT named; the sign-in stays here."""
        return self._connection.get(url, accept=accept, token=token, patience=patience)
