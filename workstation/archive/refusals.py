"""What an HTTP status of 400 and above, or a promise for later, means to the doctor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from workstation.archive.cold import SHORT_S
from workstation.archive.retries import retry_after_s
from workstation.errors import ConnectionFailed, ServerRefused, TransferError

if TYPE_CHECKING:
    from workstation.archive.answer import Answer

_DETAIL_LIMIT_BYTES: Final = 1 << 14
_CODES: Final = {401: "sign-in-needed", 403: "not-permitted", 404: "not-found", 410: "not-found"}


def refused_answer(answer: Answer, host: str) -> ServerRefused | ConnectionFailed:
    """Our error for a refusal; its small body is read, so that the connection can be used again."""
    with answer:
        try:
            body = answer.read(_DETAIL_LIMIT_BYTES)
        except TransferError:
            body = b""
    if answer.status == 400 and b"SSL certificate" in body:
        # a gateway that wants a client certificate says so in a page, after a handshake that went well
        return ConnectionFailed("tls-client-certificate", host=host)
    error = _refusal(answer, host)
    error.status = answer.status
    error.challenge = answer.headers.get("WWW-Authenticate", "")
    if "json" in answer.content_type:
        error.detail = _object(body)
    return error


def _refusal(answer: Answer, host: str) -> ServerRefused:
    status = answer.status
    if status in _CODES:
        return ServerRefused(_CODES[status], host=host)
    if status in {202, 429, 503}:
        seconds = round(retry_after_s(answer.headers.get("Retry-After")), 3)
        is_later = status == 202 or (status == 503 and seconds > SHORT_S)
        return ServerRefused("from-store" if is_later else "busy", host=host, seconds=seconds)
    if 400 <= status < 500 and status != 408:
        return ServerRefused("bad-request", host=host, status=status)
    return ServerRefused("server-error", host=host, status=status)


def _object(body: bytes) -> dict[str, object]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}
