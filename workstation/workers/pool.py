"""`WorkerPool`: processes that parse foreign bytes; a dead or hung one costs one job and is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from workstation.errors import Cancelled, DecodeError, DicomError
from workstation.workers import questions
from workstation.workers.crew import OTHERS, Crew, NeverBegan
from workstation.workers.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from workstation.errors import WorkstationError
    from workstation.tasks import CancelToken
    from workstation.workers.codes import FoundCode
    from workstation.workers.messages import DecodeJob
    from workstation.workers.questions import Question
    from workstation.workers.streams import Stream

T = TypeVar("T")


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
        self._crew = Crew(count, limits or Limits(), before)
        if at_once:
            self.start()

    def start(self) -> None:
        """Start the processes in the background, if that has not been done; returns at once."""
        self._crew.start()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_ids(self) -> frozenset[int]:
        """The worker processes of this pool that are up or starting."""
        return self._crew.process_ids

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
        return self._crew.answer(questions.frame(job), token)

    def decode_each(
        self,
        jobs: Sequence[DecodeJob],
        tokens: Sequence[CancelToken | None],
        decoded: Callable[[int, NDArray[np.generic] | WorkstationError], None],
    ) -> None:
        """Decode frames that nobody waits for yet, on one worker: the way there and back is gone once for all of them.

        While a frame is told, the worker unpacks the next. A job that is waited for (any other method) and finds no
        worker idle makes this one leave the rest after the frame in hand.

        Parameters
        ----------
        jobs : sequence of DecodeJob
            At most `MOST_TOGETHER`.
        tokens : sequence
            The token of each, or None.
        decoded : callable
            Told the place of a job and its values, or the error that `decode` would raise; `Cancelled` for jobs that
            were called off, and for those that were left: these may be asked for again.

        Raises
        ------
        Cancelled
            The pool closed; jobs that were not told never will be.
        """
        asked: list[tuple[int, Question[NDArray[np.generic]]]] = []
        for place, job in enumerate(jobs):
            try:
                asked.append((place, questions.frame(job)))
            except DicomError as error:
                decoded(place, error)
        places = iter([place for place, _ in asked])
        together = [question for _, question in asked]
        wanted = [tokens[place] for place, _ in asked]
        try:
            self._answer_each(together, wanted, lambda outcome: decoded(next(places), outcome))
        except DecodeError as error:  # the worker was lost, at the first that has no answer
            outcome: WorkstationError = error
            for place in places:
                decoded(place, outcome)
                outcome = Cancelled()

    def _answer_each(
        self,
        asked: Sequence[Question[NDArray[np.generic]]],
        tokens: Sequence[CancelToken | None],
        told: Callable[[NDArray[np.generic] | WorkstationError], None],
    ) -> None:
        """On one worker; on another where that was gone before it had them."""
        for _ in range(OTHERS):
            try:
                with self._crew.worker_for_many() as worker:
                    worker.answer_each(asked, tokens, told)
            except NeverBegan:
                continue
            return
        with self._crew.worker_for_many() as worker:
            worker.answer_each(asked, tokens, told)

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
        return self._crew.answer(questions.picture(data), token)

    def to_srgb(self, pixels: NDArray[np.uint8], profile: bytes, token: CancelToken | None = None) -> NDArray[np.uint8]:
        """Pixels (rows, columns, 3) in the colours of an ICC profile as sRGB.

        Raises
        ------
        DecodeError
            The profile is none of R, G, B, damaged, too large, or cost too much.
        Cancelled
            `token` was cancelled, or the pool closed.
        """
        return self._crew.answer(questions.colours(pixels, profile), token)

    def read(self, question: Question[T], token: CancelToken | None = None) -> T:
        """Read a `Stream` at a place (`workers.documents`); it is opened first where it is not.

        A worker holds at most `MOST_STREAMS` open, and lets go of the one used longest ago for another.

        Raises
        ------
        WorkstationError
            What the question makes of a stream that cannot be opened, a refusal, or a worker that was lost.
        Cancelled
            `token` was cancelled, or the pool closed.
        """
        return self._crew.answer(question, token)

    def close_stream(self, stream: Stream) -> None:
        """Let the worker that has it open forget it. From any thread; never waits."""
        self._crew.close_stream(stream)

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
        return self._crew.answer(questions.codes(picture), token)

    def proxy_for(self, pac_text: str, url: str, host: str, token: CancelToken | None = None) -> str:
        """What FindProxyForURL of a proxy auto-configuration script says, e.g. ``PROXY proxy.local:3128; DIRECT``.

        Raises
        ------
        ConnectionFailed
            ``pac-failed``: the script is wrong, takes too long, uses too much memory, or gives no text.
        Cancelled
            `token` was cancelled, or the pool closed.
        """
        return self._crew.answer(questions.proxy(pac_text, url, host), token)

    def close(self) -> None:
        """End every process; jobs that run or wait raise `Cancelled`."""
        self._crew.close()
