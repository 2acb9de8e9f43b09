"""When a link ends, as far as it says so: by a parameter of its own, or by the token in it.

Nothing is believed of it beyond this: it can only shorten for how long a film is kept, never open anything.
"""

from __future__ import annotations

import base64
import json
import math
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workstation.film.links.base import Link

_NAMES: Final = ("expires_at", "expiresat", "expires", "expire", "exp", "se")  # `se`: shared access signatures
_LEAST_S: Final = 1_420_070_400.0  # 2015: what is less counts seconds from now, or something else
_MOST_S: Final = 4_102_444_800.0  # 2100
_MILLI: Final = 1000.0


def expiry(link: Link) -> datetime | None:
    """The earliest end that a link names, UTC; None where it names none."""
    said = [link.query[name] for name in _NAMES if name in link.query]
    found = [moment for moment in (*map(_moment, said), _of_token(link.token.reveal())) if moment is not None]
    return min(found, default=None)


def _moment(text: object) -> datetime | None:
    """Seconds or milliseconds since 1970, or ISO 8601."""
    with suppress(ValueError, OverflowError):
        seconds = float(str(text))
        seconds = seconds / _MILLI if seconds > _MOST_S else seconds
        is_a_date = math.isfinite(seconds) and _LEAST_S <= seconds <= _MOST_S
        return datetime.fromtimestamp(seconds, UTC) if is_a_date else None
    written = str(text).strip()
    for form in (written, written.replace(" ", "+")):  # a plus sign in a query is a blank
        with suppress(ValueError):
            moment = datetime.fromisoformat(form)
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None


def _of_token(token: str) -> datetime | None:
    """The `exp` of a JSON Web Token (RFC 7519 4.1.4); of other tokens nothing is known."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    said = claims.get("exp") if isinstance(claims, dict) else None
    return _moment(said) if isinstance(said, (int, float)) and not isinstance(said, bool) else None
