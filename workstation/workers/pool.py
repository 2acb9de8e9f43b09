"""`WorkerPool`: processes that parse foreign bytes; a dead or hung one costs one job and is replaced."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from workstation.errors import Cancelled, ConnectionFailed, DecodeError, DicomError, LinkError
from workstation.workers.limits import MIB, Limits
from workstation.workers.messages import COLOURS, PICTURE_BYTES, PICTURE_SIZE, JobKind, Reason, Reply, Request, Status
from workstation.workers.pages import PIXEL_BYTES
from workstation.workers.worker import Worker, WorkerLost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from workstation.tasks import CancelToken
    from workstation.workers.codes import FoundCode
    from workstation.workers.messages import DecodeJob
    from workstation.workers.pages import PageTask

_log = logging.getLogger(__name__)
T = TypeVar("T")
_WAIT_S: Final = 0.05  # how soon a job that waits for a worker notices that it was called off
_MOST_WORKERS: Final = 8
MAX_PROFILE_BYTES: Final = 16 * MIB
MAX_FRAME_BYTES: Final = 1024 * MIB  # of one decoded frame: what fits the memory limit three times


class WorkerPool:
    """Processes with limits. Any thread may call it; all methods but `start` wait: never on the main thread.

    Parameters
    ----------
    count : int, optional
        How many processes; by default one a processor, from 2 to 8. They start in the background.
    limits : Limits
        What one job may cost.
    at_once : bool
        Start now; else with `start`, or the first job. Processes that start take the processors from a window that
        is being built.
    before : callable
        What must have happened before the first process starts; called in the background.
    """

    def __init__(
        self,
        count: int | None = None,
        *,
        limits: Limits | None = None,
        at_once: bool = True,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._limits = limits or Limits()
        self._count = count or min(_MOST_WORKERS, max(2, os.cpu_count() or 2))
        self._changed = threading.Condition()
        self._idle: list[Worker] = []  # the one used last at the end: it is warm
        self._all: set[Worker] = set()
        self._is_closed = False
        self._before = before
        self._cannot_start = False
        self._starter = threading.Thread(target=self._start_all, name="worker-pool-start", daemon=True)
        self._has_begun = False
        if at_once:
            self.start()

    def start(self) -> None:
        """Start the processes in the background, if that has not been done; returns at once."""
        with self._changed:
            if self._has_begun or self._is_closed:
                return
            self._has_begun = True
            self._starter.start()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_ids(self) -> frozenset[int]:
        """The worker processes of this pool that are up or starting."""
        with self._changed:
            return frozenset(worker.process_id for worker in self._all)

    def decode(self, job: DecodeJob, token: CancelToken | None = None) -> NDArray[np.generic]:
        """Decode one compressed frame.

        Returns
        -------
        array of `job.shape` and `job.dtype`, read-only
            Stored values (rows, columns), or R, G, B (rows, columns, 3).

        Raises
        ------
        DecodeError
            ``decode-failed``, ``decode-wrong-size``, ``decode-timeout`` or ``decoder-died``.
        DicomError
            ``unsupported-syntax``, or ``over-limit`` for a frame too large to be decoded.
        Cancelled
            `token` was cancelled, or the pool closed.
        """
        import numpy as np  # not before the first frame: starting must stay light

        if job.output_bytes > MAX_FRAME_BYTES:
            raise DicomError("over-limit", what="frame bytes", limit=MAX_FRAME_BYTES)
        request = Request(
            JobKind.FRAME,
            number=0,
            arena_bytes=0,
            input_bytes=len(job.encoded),
            output_bytes=job.output_bytes,
            deadline_s=self._limits.deadline(job.rows * job.columns),
            parameters=job.parameters(),
        )

        def copied(output: memoryview) -> NDArray[np.generic]:
            values: NDArray[np.generic] = np.frombuffer(output, job.dtype).reshape(job.shape).copy()
            values.flags.writeable = False
            return values

        reply, values = self._run(request, (job.encoded,), copied, token)
        if values is None or reply.output_bytes != job.output_bytes:
            raise _refusal(job, reply)
        return values

    def picture(self, data: bytes, token: CancelToken | None = None) -> NDArray[np.uint8]:
        """Decode a small JPEG or PNG: a thumbnail that a server rendered.

        Returns
        -------
        (rows, columns, 3) uint8, read-only
            R, G, B.

        Raises
        ------
        DecodeError
            It is no such picture, damaged, or larger than 1024 pixels a side.
        Cancelled
            `token` was cancelled, or the pool closed.
        """
        import numpy as np

        request = Request(
            JobKind.PICTURE,
            number=0,
            arena_bytes=0,
            input_bytes=len(data),
            output_bytes=PICTURE_BYTES,
            deadline_s=self._limits.deadline(0),
        )

        def copied(output: memoryview) -> NDArray[np.uint8]:
            rows, columns = PICTURE_SIZE.unpack_from(output, 0)
            pixels = np.frombuffer(output, np.uint8, offset=PICTURE_SIZE.size)
            if pixels.size != rows * columns * 3:
                raise DecodeError("decode-wrong-size", reason="picture")
            values: NDArray[np.uint8] = pixels.reshape(rows, columns, 3).copy()
            values.flags.writeable = False
            return values

        reply, values = self._run(request, (data,), copied, token)
        if values is None:
            raise DecodeError("decode-failed", reason=reply.reason.words)
        return values

    def to_srgb(self, pixels: NDArray[np.uint8], profile: bytes, token: CancelToken | None = None) -> NDArray[np.uint8]:
        """Pixels (rows, columns, 3) in the colours of an ICC profile as sRGB.

        Raises
        ------
        DecodeError
            The profile is none of R, G, B, damaged, too large, or cost too much.
        Cancelled
            `token` was cancelled, or the pool closed.
        """
        import numpy as np

        if len(profile) > MAX_PROFILE_BYTES:
            raise DecodeError("decode-failed", reason="profile")
        request = Request(
            JobKind.COLOURS,
            number=0,
            arena_bytes=0,
            input_bytes=pixels.nbytes + len(profile),
            output_bytes=pixels.nbytes,
            deadline_s=self._limits.deadline(pixels.size // 3),
            parameters=COLOURS.pack(*pixels.shape[:2], len(profile)),
        )

        def copied(output: memoryview) -> NDArray[np.uint8]:
            values: NDArray[np.uint8] = np.frombuffer(output, np.uint8).copy()
            return values

        given = (np.ascontiguousarray(pixels).tobytes(), profile)
        reply, values = self._run(request, given, copied, token)
        if values is None or values.size not in (0, pixels.size):
            raise DecodeError("decode-failed", reason=reply.reason.words)
        return values.reshape(pixels.shape) if values.size else pixels

    def document(
        self, data: bytes, task: PageTask, read: Callable[[memoryview], T], token: CancelToken | None = None
    ) -> T:
        """Ask something of a PDF; `workers.documents` has the wishes. `read` copies what it needs out of the answer.

        Raises
        ------
        DecodeError
            ``document-locked``: a password protects it; ``document-damaged``; ``document-failed``: it took too long,
            too much memory, or ended the process.
        Cancelled
            `token` was cancelled, or the pool closed.
        """
        padding = bytes(-len(data) % PIXEL_BYTES)  # pixels follow the document: PDFium ends the process at odd places
        request = Request(
            JobKind.DOCUMENT,
            number=0,
            arena_bytes=0,
            input_bytes=len(data) + len(padding),
            output_bytes=task.output_bytes,
            deadline_s=self._limits.deadline(task.pixels),
            parameters=task.packed(),
        )
        try:
            reply, answer = self._run(request, (data, padding), read, token)
        except DecodeError as error:
            raise DecodeError("document-failed", reason=error.code) from error
        if answer is None:
            raise _document_refusal(reply)
        return answer

    def codes(self, picture: bytes | NDArray[np.uint8], token: CancelToken | None = None) -> tuple[FoundCode, ...]:
        """Read the QR and bar codes in a picture.

        Parameters
        ----------
        picture : bytes or (rows, columns) uint8
            A PNG, JPEG, BMP, WebP or TIFF file, or grey pixels.

        Returns
        -------
        tuple of FoundCode
            Empty when there is none that can be read.

        Raises
        ------
        LinkError
            ``picture-too-large`` or ``picture-unreadable``.
        DecodeError
            ``decode-timeout`` or ``decoder-died``.
        Cancelled
            `token` was cancelled, or the pool closed.
        """
        from workstation.workers import codes

        given, shape = (picture, (0, 0)) if isinstance(picture, bytes) else (picture.tobytes(), picture.shape)
        if len(given) > codes.MOST_PICTURE_BYTES or shape[0] * shape[1] > codes.MOST_PIXELS:
            raise LinkError("picture-too-large")
        request = Request(
            JobKind.CODES,
            number=0,
            arena_bytes=0,
            input_bytes=len(given),
            output_bytes=codes.CODES_BYTES,
            deadline_s=self._limits.deadline(codes.MOST_PIXELS),
            parameters=codes.picture_parameters(*shape),
        )
        try:
            reply, found = self._run(request, (given,), codes.unpacked, token)
        except ValueError as error:  # records that are none
            raise DecodeError("decoder-died") from error
        if found is None:
            raise LinkError("picture-too-large" if reply.status is Status.WRONG_SIZE else "picture-unreadable")
        return found

    def proxy_for(self, pac_text: str, url: str, host: str, token: CancelToken | None = None) -> str:
        """What FindProxyForURL of a proxy auto-configuration script says, e.g. ``PROXY proxy.local:3128; DIRECT``.

        Raises
        ------
        ConnectionFailed
            ``pac-failed``: the script is wrong, takes too long, uses too much memory, or gives no text.
        Cancelled
            `token` was cancelled, or the pool closed.
        """
        from workstation.workers.jobs import scripts

        block = scripts.packed(pac_text, url, host)
        request = Request(
            JobKind.PROXY,
            number=0,
            arena_bytes=0,
            input_bytes=len(block),
            output_bytes=scripts.ANSWER_BYTES,
            deadline_s=self._limits.deadline(0),
        )
        try:
            reply, answer = self._run(request, (block,), lambda output: bytes(output).decode("utf-8", "replace"), token)
        except DecodeError as error:
            raise ConnectionFailed("pac-failed", reason=error.code) from error
        if answer is None:
            raise ConnectionFailed("pac-failed", reason=reply.reason.words)
        return answer

    def close(self) -> None:
        """End every process; jobs that run or wait raise `Cancelled`."""
        with self._changed:
            self._is_closed = True
            workers = list(self._all)
            self._changed.notify_all()
        if self._has_begun:
            self._starter.join()
        for worker in workers:
            worker.stop()
        with self._changed:
            self._changed.wait_for(lambda: len(self._idle) == len(self._all), timeout=self._limits.start_s)
            workers, self._idle = self._idle, []
            self._all.difference_update(workers)
        for worker in workers:
            worker.close()

    def _run(
        self,
        request: Request,
        given: tuple[bytes | memoryview, ...],
        read: Callable[[memoryview], T],
        token: CancelToken | None,
    ) -> tuple[Reply, T | None]:
        """Run a job on the next free worker; `read` copies what it needs out of the output of a job that is done."""
        with self._worker(token) as worker:
            reply = worker.run(request, given, token)
            if reply.status is not Status.DONE:
                return reply, None
            with worker.output(request, reply.output_bytes) as output:
                return reply, read(output)

    @contextmanager
    def _worker(self, token: CancelToken | None) -> Iterator[Worker]:
        worker = self._taken(token)
        try:
            yield worker
        except WorkerLost as lost:
            self._replace(worker)
            if self._is_closed or (token is not None and token.is_cancelled):
                raise Cancelled from lost
            if lost.hung:
                raise DecodeError("decode-timeout", seconds=round(self._limits.deadline_s)) from lost
            raise DecodeError("decoder-died") from lost
        except BaseException:
            self._give_back(worker)
            raise
        else:
            worker.forget_large_arena()
            self._give_back(worker)

    def _taken(self, token: CancelToken | None) -> Worker:
        self.start()
        with self._changed:
            while True:
                if self._is_closed:
                    raise Cancelled
                if token is not None:
                    token.raise_if_cancelled()
                if self._idle:
                    return self._idle.pop()
                if self._cannot_start and not self._all:
                    break
                self._changed.wait(_WAIT_S)
        self._start_one()
        with self._changed:
            if not self._idle:
                raise DecodeError("decoder-died")
            return self._idle.pop()

    def _give_back(self, worker: Worker) -> None:
        with self._changed:
            self._idle.append(worker)
            self._changed.notify_all()

    def _replace(self, worker: Worker) -> None:
        worker.close()
        with self._changed:
            self._all.discard(worker)
            self._changed.notify_all()
        self._start_one()

    def _start_all(self) -> None:
        self._before()
        for _ in range(self._count):
            self._start_one()

    def _start_one(self) -> None:
        with self._changed:
            if self._is_closed:
                return
            try:
                worker = Worker(self._context, self._limits)
            except OSError as error:  # no memory or no process to be had: the next job tries again
                _log.info("no worker process: %s", type(error).__name__)
                self._cannot_start = True
            else:
                self._cannot_start = False
                self._all.add(worker)
                self._idle.insert(0, worker)
            self._changed.notify_all()


def _refusal(job: DecodeJob, reply: Reply) -> DecodeError | DicomError:
    if reply.status is Status.UNSUPPORTED:
        return DicomError("unsupported-syntax", syntax=job.transfer_syntax_uid)
    if reply.status is Status.WRONG_SIZE:
        told = f"{job.rows} x {job.columns} x {job.samples_per_pixel}, {job.bits_allocated} bit"
        found = f"{reply.rows} x {reply.columns} x {reply.samples}, {reply.precision} bit"
        return DecodeError("decode-wrong-size", reason=f"data set {told}; codestream {found}")
    reason = reply.reason if reply.status is not Status.DONE else Reason.REFUSED
    return DecodeError("decode-failed", reason=reason.words)


def _document_refusal(reply: Reply) -> DecodeError:
    if reply.reason is Reason.LOCKED:
        return DecodeError("document-locked")
    if reply.reason in (Reason.DAMAGED, Reason.NO_PAGE):
        return DecodeError("document-damaged", reason=reply.reason.words)
    return DecodeError("document-failed", reason=reply.reason.words)
