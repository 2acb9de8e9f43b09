"""`Question`: what is asked of a worker and how its answer is judged. One function a kind; no process is known here.

A reading copies what it needs out of the shared memory and compares every size with what was asked for; numpy is not
imported before the first answer, for starting must stay light.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from workstation.errors import ConnectionFailed, DecodeError, DicomError, LinkError, WorkstationError
from workstation.workers.limits import MIB
from workstation.workers.messages import COLOURS, PICTURE_BYTES, PICTURE_SIZE, JobKind, Reason, Reply, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from workstation.workers.codes import FoundCode
    from workstation.workers.messages import DecodeJob
    from workstation.workers.pages import PageTask
    from workstation.workers.streams import Stream

T = TypeVar("T")
MAX_FRAME_BYTES: Final = 1024 * MIB  # of one decoded frame: what fits the memory limit three times
MAX_PROFILE_BYTES: Final = 16 * MIB


def _as_it_is(error: DecodeError) -> WorkstationError:
    return error


@dataclass(frozen=True, slots=True, eq=False)
class Question(Generic[T]):
    """One job.

    Attributes
    ----------
    kind : JobKind
        Who in the worker does it.
    given : tuple of bytes
        Parts that lie one after the other in the worker's input.
    output_bytes : int
        The most that the answer may take.
    read : callable
        Copies the answer out of the output.
    refused : callable
        The error that a reply other than `Status.DONE` means.
    lost : callable
        The error that is raised for ``decode-timeout`` and ``decoder-died``.
    pixels : int
        Picture elements, for the deadline.
    parameters : bytes
        What the job needs beside its input.
    stream : Stream or None
        What is read instead of an input that is handed over.
    """

    kind: JobKind
    given: tuple[bytes | memoryview, ...]
    output_bytes: int
    read: Callable[[memoryview], T]
    refused: Callable[[Reply], WorkstationError]
    lost: Callable[[DecodeError], WorkstationError] = _as_it_is
    pixels: int = 0
    parameters: bytes = b""
    stream: Stream | None = None

    @property
    def input_bytes(self) -> int:
        """Bytes of all that is given."""
        return sum(map(len, self.given))


def frame(job: DecodeJob) -> Question[NDArray[np.generic]]:
    """One compressed frame; see `WorkerPool.decode`.

    Raises
    ------
    DicomError
        ``over-limit``: too large to be decoded.
    """
    if job.output_bytes > MAX_FRAME_BYTES:
        raise DicomError("over-limit", what="frame bytes", limit=MAX_FRAME_BYTES)

    def read(output: memoryview) -> NDArray[np.generic]:
        import numpy as np

        if len(output) != job.output_bytes:
            raise DecodeError("decode-failed", reason=Reason.REFUSED.words)
        values: NDArray[np.generic] = np.frombuffer(output, job.dtype).reshape(job.shape).copy()
        values.flags.writeable = False
        return values

    return Question(
        JobKind.FRAME,
        (job.encoded,),
        job.output_bytes,
        read,
        lambda reply: _frame_refused(job, reply),
        pixels=job.rows * job.columns,
        parameters=job.parameters(),
    )


def _frame_refused(job: DecodeJob, reply: Reply) -> WorkstationError:
    if reply.status is Status.UNSUPPORTED:
        return DicomError("unsupported-syntax", syntax=job.transfer_syntax_uid)
    if reply.status is Status.WRONG_SIZE:
        told = f"{job.rows} x {job.columns} x {job.samples_per_pixel}, {job.bits_allocated} bit"
        found = f"{reply.rows} x {reply.columns} x {reply.samples}, {reply.precision} bit"
        return DecodeError("decode-wrong-size", reason=f"data set {told}; codestream {found}")
    return _failed(reply)


def _failed(reply: Reply) -> DecodeError:
    return DecodeError("decode-failed", reason=reply.reason.words)


def picture(data: bytes) -> Question[NDArray[np.uint8]]:
    """A small JPEG or PNG; see `WorkerPool.picture`."""

    def read(output: memoryview) -> NDArray[np.uint8]:
        import numpy as np

        rows, columns = PICTURE_SIZE.unpack_from(output, 0)
        pixels = np.frombuffer(output, np.uint8, offset=PICTURE_SIZE.size)
        if pixels.size != rows * columns * 3:
            raise DecodeError("decode-wrong-size", reason="picture")
        values: NDArray[np.uint8] = pixels.reshape(rows, columns, 3).copy()
        values.flags.writeable = False
        return values

    return Question(JobKind.PICTURE, (data,), PICTURE_BYTES, read, _failed)


def colours(pixels: NDArray[np.uint8], profile: bytes) -> Question[NDArray[np.uint8]]:
    """Pixels by their ICC profile; see `WorkerPool.to_srgb`.

    Raises
    ------
    DecodeError
        ``decode-failed``: the profile is too large.
    """
    if len(profile) > MAX_PROFILE_BYTES:
        raise DecodeError("decode-failed", reason="profile")

    def read(output: memoryview) -> NDArray[np.uint8]:
        import numpy as np

        if len(output) not in (0, pixels.nbytes):
            raise DecodeError("decode-failed", reason=Reason.NONE.words)
        values: NDArray[np.uint8] = np.frombuffer(output, np.uint8).reshape(pixels.shape).copy() if output else pixels
        return values

    return Question(
        JobKind.COLOURS,
        (pixels.tobytes(), profile),
        pixels.nbytes,
        read,
        _failed,
        pixels=pixels.size // 3,
        parameters=COLOURS.pack(*pixels.shape[:2], len(profile)),
    )


def document(stream: Stream, task: PageTask, read: Callable[[memoryview], T]) -> Question[T]:
    """Something of a PDF; see `workers.documents`."""
    return Question(
        JobKind.DOCUMENT,
        (),
        task.output_bytes,
        read,
        _document_refused,
        lambda error: DecodeError("document-failed", reason=error.code),
        pixels=task.pixels,
        parameters=task.packed(),
        stream=stream,
    )


def _document_refused(reply: Reply) -> DecodeError:
    if reply.reason is Reason.LOCKED:
        return DecodeError("document-locked")
    if reply.reason in (Reason.DAMAGED, Reason.NO_PAGE):
        return DecodeError("document-damaged", reason=reply.reason.words)
    return DecodeError("document-failed", reason=reply.reason.words)


def codes(picture: bytes | NDArray[np.uint8]) -> Question[tuple[FoundCode, ...]]:
    """The QR and bar codes in a picture; see `WorkerPool.codes`.

    Raises
    ------
    LinkError
        ``picture-too-large``.
    """
    from workstation.workers import codes as records

    given, shape = (picture, (0, 0)) if isinstance(picture, bytes) else (picture.tobytes(), picture.shape)
    if len(given) > records.MOST_PICTURE_BYTES or shape[0] * shape[1] > records.MOST_PIXELS:
        raise LinkError("picture-too-large")

    def read(output: memoryview) -> tuple[FoundCode, ...]:
        try:
            return records.unpacked(output)
        except ValueError as error:  # records that are none
            raise DecodeError("decoder-died") from error

    return Question(
        JobKind.CODES,
        (given,),
        records.CODES_BYTES,
        read,
        lambda reply: LinkError("picture-too-large" if reply.status is Status.WRONG_SIZE else "picture-unreadable"),
        pixels=records.MOST_PIXELS,
        parameters=records.picture_parameters(*shape),
    )


def proxy(pac_text: str, url: str, host: str) -> Question[str]:
    """What a proxy auto-configuration script says; see `WorkerPool.proxy_for`."""
    from workstation.workers.jobs import scripts

    return Question(
        JobKind.PROXY,
        (scripts.packed(pac_text, url, host),),
        scripts.ANSWER_BYTES,
        lambda output: bytes(output).decode("utf-8", "replace"),
        lambda reply: ConnectionFailed("pac-failed", reason=reply.reason.words),
        lambda error: ConnectionFailed("pac-failed", reason=error.code),
    )
