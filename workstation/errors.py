"""Every way the program can fail, as types with stable codes; no text for people lives here.

The tree::

    WorkstationError
      ConfigError          the settings file cannot be used
      LinkError            what was typed or scanned opens nothing
      ConnectionFailed     the way to the cloud is not there (proxy, TLS, name, time-out)
      ServerRefused        the cloud answered, and the answer is no
      TransferError        bytes came, but not the ones that were promised
      IdentityError        another object or another patient than the one asked for
      DicomError           the data set cannot be used
      DecodeError          the pixels cannot be unpacked
      StationError         this workstation may not or cannot (policy, secrets, disk)
      Cancelled            the user, or a newer wish, called it off

`ui.messages` turns a code and its parameters into one sentence in the user's language.
Parameters never hold a patient's name or ID, a token, a password or a full URL.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Parameter = str | int | float


class WorkstationError(Exception):
    """An expected failure: a stable `code` from the class's own list, and parameters for the sentence."""

    codes: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, code: str, **params: Parameter) -> None:
        if code not in self.codes:
            message = f"{type(self).__name__} has no code {code!r}"
            raise ValueError(message)
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        detail = ", ".join(f"{key}={value}" for key, value in sorted(self.params.items()))
        return f"{self.code} ({detail})" if detail else self.code


class ConfigError(WorkstationError):
    """The settings file is missing, is not TOML, or says something that is not understood."""

    codes = frozenset(
        {
            "config-not-found",  # file
            "config-not-toml",  # file, line, column, reason
            "config-unknown-key",  # key, suggestion
            "config-wrong-type",  # key, expected, found
            "config-bad-value",  # key, reason
            "config-key-twice",  # key, commands
        }
    )


class LinkError(WorkstationError):
    """What was typed, pasted or handed over does not lead to a film."""

    codes = frozenset(
        {
            "link-empty",
            "link-not-understood",
            "link-host-unknown",  # host
            "link-not-secure",  # host
            "link-bad-uid",
            "link-no-source",  # an accession number or UID, and no source configured
            "link-expired",
            "link-passcode-needed",
            "link-passcode-wrong",  # remaining (attempts, -1 when unknown)
            "link-many-patients",
            "link-study-not-found",
            "link-several-studies",  # count
            "link-file-not-found",  # file name only
            "link-folder-empty",
            "code-not-found",  # no QR or bar code in the picture
            "code-opens-nothing",  # count: several codes, and none of them leads to a film
            "picture-unreadable",  # neither PNG, JPEG, BMP, WebP nor TIFF, or damaged
            "picture-too-large",
            "no-picture-copied",  # the clipboard holds no picture
        }
    )


class ConnectionFailed(WorkstationError):
    """No usable connection to the server: nothing of the film has been answered."""

    codes = frozenset(
        {
            "proxy-unreachable",  # proxy
            "proxy-sign-in",  # proxy: asks for a name and a password, none known
            "proxy-wrong-password",  # proxy
            "proxy-forbidden",  # proxy, host, port
            "proxy-failed",  # proxy, status
            "pac-failed",  # reason
            "network-off",  # the settings are broken, so nothing is sent
            "name-not-found",  # host
            "server-unreachable",  # host
            "tls-unknown-authority",  # host, issuer
            "tls-wrong-host",  # host
            "tls-expired",  # host
            "tls-failed",  # host, reason
            "tls-client-certificate",  # host
            "timed-out",  # host, seconds
            "connection-lost",  # host
            "server-resting",  # host, seconds: failed several times in a row, and is tried again then
        }
    )


class ServerRefused(WorkstationError):
    """The server was reached and refused the request.

    Attributes
    ----------
    status : int
        The HTTP status.
    challenge : str
        The WWW-Authenticate header; never logged, a share's session address stands in it.
    detail : mapping
        The small JSON object that came with the refusal; never logged.
    """

    status: int = 0
    challenge: str = ""
    detail: Mapping[str, object] = MappingProxyType({})

    codes = frozenset(
        {
            "sign-in-needed",  # host (401)
            "not-permitted",  # host (403)
            "not-found",  # host (404, 410)
            "bad-request",  # host, status
            "busy",  # host, seconds to wait (429, 503)
            "server-error",  # host, status
            "from-store",  # host, seconds to wait (202; a 503 that says when): the archive has it later
            "redirected-away",  # host, other
        }
    )


class TransferError(WorkstationError):
    """An answer began, but what arrived is not whole or not what was promised."""

    codes = frozenset(
        {
            "cut-off",  # received, expected (bytes; -1 unknown)
            "stalled",  # seconds
            "wrong-length",  # received, expected
            "no-closing-delimiter",
            "bad-multipart",  # reason
            "not-dicom-answer",  # content_type: an HTML page, a PDF, ...
            "too-large",  # limit
        }
    )


class IdentityError(WorkstationError):
    """An object arrived that is not the one asked for. It is refused, never shown."""

    codes = frozenset({"wrong-instance", "wrong-series", "wrong-study", "wrong-patient"})


class DicomError(WorkstationError):
    """The bytes are no data set that can be used."""

    codes = frozenset(
        {
            "not-dicom",
            "truncated",
            "damaged",  # reason
            "over-limit",  # what, limit
            "no-pixels",  # what (the SOP class in words)
            "unsupported-syntax",  # syntax
            "unsupported-pixels",  # reason
            "no-such-frame",  # frame, frames
            "unsupported-document",  # what: the media type, or the SOP class in words
            "rejected-safety",
            "rejected-worklist",
            "rejected-expired",
            "two-of-one-uid",  # first, second (file names): other bytes under the same SOP Instance UID
        }
    )


class DecodeError(WorkstationError):
    """A decoder could not unpack a frame."""

    codes = frozenset(
        {
            "decode-failed",  # reason
            "decode-timeout",  # seconds
            "decoder-died",  # exit: how the process ended, a signal as a negative number
            "decode-wrong-size",  # reason
            "document-locked",  # a report that a password protects
            "document-damaged",  # reason
            "document-failed",  # reason: too long, too much memory, or the process died
        }
    )


class StationError(WorkstationError):
    """This workstation is not allowed, or not able, to do it."""

    codes = frozenset(
        {
            "not-allowed",  # act
            "secret-missing",  # name, source (where it is of one)
            "no-key-store",
            "cannot-write",  # reason
            "no-display",
            "screen-not-readable",  # the desktop does not give its picture away
            "monitor-not-measured",  # how large its pixels are
            "monitor-not-square",  # its pixels are not as high as they are wide
            "image-without-millimetres",
            "film-changed",  # since it was kept
            "kept-differs",  # count
        }
    )


class Cancelled(WorkstationError):
    """Called off by the user or by a newer wish. Not a fault; never shown as one."""

    codes = frozenset({"cancelled"})

    def __init__(self) -> None:
        super().__init__("cancelled")


def all_codes() -> dict[str, type[WorkstationError]]:
    """Every code with the class it belongs to; `ui.messages` must have a sentence for each."""
    families = [family for family in WorkstationError.__subclasses__() if family.__module__ == __name__]
    return {code: family for family in families for code in sorted(family.codes)}


def whereabouts(error: BaseException) -> str:
    """Where an error nobody expected came from, for a log: types, modules, lines; never its message or its values.

    A `KeyError` holds the UID that was looked up and a `UnicodeError` the patient's name: messages of errors that are
    not ours may say anything.
    """
    told: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        places: list[str] = []
        trace = cause.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(
                f"{code.co_filename.replace(chr(92), '/').rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}"
            )
            trace = trace.tb_next
        told.append(f"{type(cause).__name__} at {' > '.join(places) or 'an unknown place'}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "; from ".join(told)
