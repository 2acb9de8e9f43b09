"""Tokens of the demo cloud: the station's own, and those of share links with scope, expiry and passcode."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Final

_ATTEMPTS: Final = 5
_SESSION_S: Final = 900.0


@dataclass(slots=True)
class Share:
    """One study, open to whoever holds the token, until it expires."""

    study_uid: str
    expires_at: float  # monotonic seconds
    passcode: str = ""
    attempts: int = _ATTEMPTS
    sessions: dict[str, float] = field(default_factory=dict)  # token of a session: when it ends


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token opens: `study_uid` alone, or everything when that is empty."""

    study_uid: str = ""


@dataclass(frozen=True, slots=True)
class Denied:
    """Why a token opens nothing: unknown, expired, or passcode with the token that is exchanged for a session."""

    reason: str
    share_token: str = ""


class Shares:
    """All tokens that are known. Thread-safe."""

    def __init__(self) -> None:
        self.station_token = secrets.token_urlsafe(24)
        self._shares: dict[str, Share] = {}
        self._lock = threading.Lock()

    def add(self, study_uid: str, *, passcode: str = "", valid_s: float = 3600.0) -> str:
        """Share one study; gives the token."""
        token = secrets.token_urlsafe(16)
        with self._lock:
            self._shares[token] = Share(study_uid, time.monotonic() + valid_s, passcode)
        return token

    def look_up(self, token: str) -> Grant | Denied:
        """What `token` opens now."""
        with self._lock:
            if hmac.compare_digest(token.encode(), self.station_token.encode()):
                return Grant()
            for key, share in self._shares.items():
                is_session = any(hmac.compare_digest(token.encode(), known.encode()) for known in share.sessions)
                if is_session or hmac.compare_digest(token.encode(), key.encode()):
                    return self._judged(share, key, token if is_session else "")
        return Denied("unknown")

    def _judged(self, share: Share, key: str, session: str) -> Grant | Denied:
        now = time.monotonic()
        if now >= share.expires_at or (session and now >= share.sessions[session]):
            return Denied("expired")
        if share.passcode and not session:
            return Denied("passcode", key)
        return Grant(share.study_uid)

    def open_session(self, token: str, passcode: str) -> tuple[int, dict[str, object]]:
        """Exchange a passcode for a session; gives an HTTP status and the JSON object that goes with it."""
        with self._lock:
            share = self._shares.get(token)
            if share is None:
                return 404, {"error": "unknown"}
            if time.monotonic() >= share.expires_at:
                return 410, {"error": "expired"}
            if share.attempts <= 0:
                return 403, {"error": "locked", "remaining": 0}
            if not hmac.compare_digest(passcode.encode(), share.passcode.encode()):
                share.attempts -= 1
                return 403, {"error": "passcode", "remaining": share.attempts}
            share.attempts = _ATTEMPTS
            session = secrets.token_urlsafe(24)
            share.sessions[session] = time.monotonic() + _SESSION_S
            return 200, {"token": session, "expires_in": int(_SESSION_S)}
