"""Share links that ask for a passcode: from the refusal to the session's token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from workstation.archive.targets import target_of
from workstation.errors import LinkError, ServerRefused, TransferError
from workstation.reference import Secret

if TYPE_CHECKING:
    from workstation.archive.connection import Connection
    from workstation.tasks import CancelToken

_CHALLENGE: Final = re.compile(r'\bPasscode\s+(?:[^,]*,\s*)?session\s*=\s*"([^"]+)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PasscodeChallenge:
    """Where a passcode is exchanged for a session. The address may hold the share's token: it is never shown."""

    session_url: Secret


def passcode_challenge(refusal: ServerRefused, root: str) -> PasscodeChallenge | None:
    """Read the challenge of a 401 from the service at `root`; None when it asks for something else.

    Raises
    ------
    ServerRefused
        redirected-away: the passcode would go to another server.
    """
    match = _CHALLENGE.search(refusal.challenge) if refusal.status == 401 else None
    if match is None:
        return None
    base = target_of(root)
    session = target_of(urljoin(root + "/", match[1]))
    if session.origin != base.origin:
        raise ServerRefused("redirected-away", host=base.host, other=session.host)
    return PasscodeChallenge(Secret(session.url))


def as_link_error(refusal: ServerRefused, root: str) -> LinkError | None:
    """Say what a refusal means when what was opened is a share link; None: nothing more than it already says.

    Raises
    ------
    ServerRefused
        As `passcode_challenge`.
    """
    if _says_expired(refusal):
        return LinkError("link-expired")
    if passcode_challenge(refusal, root) is not None:
        return LinkError("link-passcode-needed")
    return None


def open_session(
    connection: Connection, challenge: PasscodeChallenge, passcode: Secret, *, token: CancelToken
) -> Secret:
    """Exchange the passcode for a session's token, which is sent as Bearer from then on.

    Raises
    ------
    LinkError
        link-passcode-wrong, with the attempts that remain (-1: not said); link-expired.
    ConnectionFailed, ServerRefused, TransferError
        As `Connection.post_json`.
    """
    try:
        reply = connection.post_json(challenge.session_url.reveal(), {"passcode": passcode}, token=token)
    except ServerRefused as refusal:
        if _says_expired(refusal):
            raise LinkError("link-expired") from None
        if refusal.status in {401, 403}:
            left = refusal.detail.get("remaining")
            is_count = isinstance(left, int) and not isinstance(left, bool)
            raise LinkError("link-passcode-wrong", remaining=left if is_count else -1) from None  # type: ignore[arg-type]
        raise
    session = reply.get("token")
    if not isinstance(session, str) or not session or not session.isascii() or not session.isprintable():
        raise TransferError("not-dicom-answer", content_type="no session in the answer")
    return Secret(session)


def _says_expired(refusal: ServerRefused) -> bool:
    return refusal.status == 410 or (refusal.status in {401, 403} and refusal.detail.get("error") == "expired")
