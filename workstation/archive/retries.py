"""How often and how long to wait before asking again. Only a GET is ever repeated."""

from __future__ import annotations

import email.utils
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workstation.archive.tally import Tally
from workstation.errors import Cancelled

if TYPE_CHECKING:
    from workstation.tasks import CancelToken

_RETRY_STATUS = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Retries:
    """Three more tries with full jitter; what the server asks for in Retry-After is obeyed up to a cap.

    Four requests a wish: the first and three more, as Google's SRE book, chapter 21, has it ("up to 3 attempts"), and
    one for the connection that was lost together with all others. What lasts longer is left to `archive.breaker`. The
    jitter keeps the workstations of a hospital from coming back all at the same moment after an outage.
    """

    tries: int = 3  # after the first one
    base_s: float = 0.5  # the n-th wait is drawn from 0 to base_s * 2**n
    cap_s: float = 60.0  # no wait is longer, whatever the server says

    def delay_s(self, attempt: int, retry_after_s: float = 0.0) -> float:
        """Seconds to wait before try `attempt` + 1 (the first try is 0)."""
        drawn = random.uniform(0.0, min(self.cap_s, self.base_s * 2**attempt))  # noqa: S311 - no secret depends on it
        return min(self.cap_s, max(drawn, retry_after_s))


class Patience:
    """The tries of one wish, shared by all that can fail on its way: request and body together, never their product.

    Parameters
    ----------
    waits : bool
        Nobody stands before it: it waits for a server that is down, and an unreachable one is worth another try.
    tally : Tally, optional
        Of the film that the wish is for.
    """

    def __init__(self, retries: Retries, *, waits: bool = False, tally: Tally | None = None) -> None:
        self._retries = retries
        self._used = 0
        self.waits = waits
        self.tally = tally or Tally()

    @property
    def is_again(self) -> bool:
        """Whether something was tried before, and was no good."""
        return self._used > 0

    def wait_for_another(self, token: CancelToken, retry_after_s: float = 0.0) -> bool:
        """Wait before another try; False, at once, when none is left.

        Raises
        ------
        Cancelled
            Called off while waiting.
        """
        if self._used >= self._retries.tries:
            return False
        if token.wait(self._retries.delay_s(self._used, retry_after_s)):
            raise Cancelled
        self._used += 1
        self.tally.tried_again()
        return True


def is_passing(status: int) -> bool:
    """Whether an HTTP status may be gone at the next try; 400, 401, 403, 404 and 501 never are."""
    return status in _RETRY_STATUS


def retry_after_s(header: str | None) -> float:
    """Seconds that a Retry-After header asks for, in either of its two forms; 0 when it says nothing usable.

    References
    ----------
    RFC 9110 10.2.3
    """
    if not header:
        return 0.0
    if header.strip().isdecimal():
        return float(header.strip()[:9])
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    return max(0.0, moment.timestamp() - time.time())
