"""`SignIn`: the headers that each request of a film carries; renewed when they end in the middle of it."""

from __future__ import annotations

import threading
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workstation.errors import ServerRefused
    from workstation.reference import Secret
    from workstation.tasks import CancelToken

    Renew = Callable[[ServerRefused, CancelToken], Mapping[str, str | Secret] | None]


class SignIn:
    """Headers that may be renewed once each time they have worked. Thread-safe.

    Parameters
    ----------
    headers : mapping
        As they are sent.
    renew : callable, optional
        ``renew(refusal, token)`` gives new headers after a 401, or None where it cannot without asking somebody.
    """

    def __init__(self, headers: Mapping[str, str | Secret] = MappingProxyType({}), renew: Renew | None = None) -> None:
        self._headers = dict(headers)
        self._renew = renew
        self._lock = threading.Lock()
        self._number = 0
        self._has_worked = True  # what is new must open something before it is renewed, or it never ends

    @property
    def current(self) -> tuple[int, Mapping[str, str | Secret]]:
        """Which headers these are, and the headers."""
        with self._lock:
            return self._number, self._headers

    def worked(self, number: int) -> None:
        """Headers were accepted."""
        if number == self._number:
            self._has_worked = True

    def is_renewed(self, number: int, refusal: ServerRefused, token: CancelToken) -> bool:
        """Renew headers that a 401 refused; True when there are other ones now, renewed here or meanwhile.

        Raises
        ------
        LinkError, ConnectionFailed, ServerRefused, TransferError, Cancelled
            As `renew`.
        """
        with self._lock:
            if number != self._number:
                return True
            if self._renew is None or not self._has_worked:
                return False
            self._has_worked = False
            renewed = self._renew(refusal, token)
            if renewed is None:
                return False
            self._headers = dict(renewed)
            self._number += 1
            return True
