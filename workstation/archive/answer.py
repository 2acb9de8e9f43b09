"""The body of an answer, as it arrives: whole, or an error that says what was missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import urllib3.exceptions

from workstation.errors import Cancelled, TransferError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from urllib3.response import BaseHTTPResponse

    from workstation.archive.breaker import Admission
    from workstation.archive.tunnel import Call
    from workstation.tasks import CancelToken

_CHUNK_BYTES: Final = 1 << 16


class Answer:
    """One answer of a server. Use it as a context manager; the connection goes back to the pool at the end.

    Attributes
    ----------
    status : int
        The HTTP status, 200 to 299.
    headers : mapping
        Names are found in any case.
    admission : Admission or None
        Is told whether the body came to its end.
    is_by_proxy : bool
        It came through a proxy.
    """

    def __init__(self, response: BaseHTTPResponse, call: Call, token: CancelToken, idle_timeout_s: float) -> None:
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers
        self._response = response
        self._call = call
        self._token = token
        self._idle_timeout_s = idle_timeout_s
        self._received = 0
        self.admission: Admission | None = None
        self.is_by_proxy = False

    @property
    def content_type(self) -> str:
        """The Content-Type header as sent, or an empty string."""
        return self.headers.get("Content-Type", "")

    @property
    def length(self) -> int:
        """How many bytes the body is said to have; -1 when that is not said, or they are compressed."""
        said = self.headers.get("Content-Length", "").strip()
        return int(said) if said.isdecimal() and not self.headers.get("Content-Encoding") else -1

    def __enter__(self) -> Answer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back; one whose body was not read to the end is closed instead."""
        self._call.release()
        if self.admission is not None and self._token.is_cancelled:
            self.admission.drop()
        elif self.admission is not None:
            self.admission.succeed()
        if not self._response.closed:
            self._response.close()
        self._response.release_conn()

    def chunks(self) -> Iterator[bytes]:
        """Give the body piece by piece, as soon as it comes.

        Raises
        ------
        TransferError
            cut-off: the connection ended before the body did; stalled: nothing, or nearly nothing (`archive.paced`),
            came for the idle time-out; there is no limit on the whole.
        Cancelled
            The token was called off.
        """
        while chunk := self._next():
            self._received += len(chunk)
            yield chunk

    def read(self, limit: int) -> bytes:
        """Give the whole body.

        Raises
        ------
        TransferError
            As `chunks`, and too-large when there are more than `limit` bytes.
        """
        body = bytearray()
        for chunk in self.chunks():
            body += chunk
            if len(body) > limit:
                raise TransferError("too-large", limit=limit)
        return bytes(body)

    def _next(self) -> bytes:
        self._token.raise_if_cancelled()
        try:
            chunk = self._response.read1(_CHUNK_BYTES)
        except urllib3.exceptions.ReadTimeoutError as error:
            raise self._failed(TransferError("stalled", seconds=self._idle_timeout_s)) from error
        except urllib3.exceptions.DecodeError as error:
            raise TransferError("not-dicom-answer", content_type="broken compression") from error
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            if self._token.is_cancelled:
                raise Cancelled from None
            raise self._failed(TransferError("cut-off", received=self._received, expected=self.length)) from error
        self._token.raise_if_cancelled()  # a cut socket may look like a body's proper end
        return bytes(chunk or b"")

    def _failed(self, error: TransferError) -> TransferError:
        if self.admission is not None:
            self.admission.fail()
        return error
