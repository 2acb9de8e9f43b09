"""`Streams`: what is open in a worker process, by the numbers that the parent gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from workstation.workers.messages import JobFailed, JobKind, Reason, Status

if TYPE_CHECKING:
    from workstation.workers.arena import Arena
    from workstation.workers.messages import Request


class Opened(Protocol):
    """A stream that its reader has opened."""

    def read(self, parameters: bytes, output: memoryview) -> int:
        """Read at the place that the parameters say; gives the number of bytes written into `output`."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Streams:
    """The open streams of one process. Each has shared memory of its own, which its reader reads in place."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[Opened, Arena]] = {}

    def open(self, request: Request, arena: Arena) -> int:
        """Open what lies in `arena`, under the number of the request; nothing is written.

        Raises
        ------
        JobFailed
            It cannot be read.
        """
        self.close(request.stream)
        self._open[request.stream] = (_opened(JobKind(request.parameters[0]), arena, request.input_bytes), arena)
        return 0

    def read(self, request: Request, output: memoryview) -> int:
        """Read what the request asks for; gives the number of bytes written.

        Raises
        ------
        JobFailed
            There is no such place, or what is there cannot be read.
        """
        if request.stream not in self._open:
            raise JobFailed(Status.FAILED, Reason.NO_ANSWER)
        return self._open[request.stream][0].read(request.parameters, output)

    def close(self, number: int) -> None:
        """Let go of a stream; of one that is not open, too."""
        opened, arena = self._open.pop(number, (None, None))
        if opened is not None and arena is not None:
            opened.close()
            arena.close()


def _opened(kind: JobKind, arena: Arena, size: int) -> Opened:
    if kind is JobKind.DOCUMENT:
        from workstation.workers.jobs.documents import OpenDocument  # most workers never see a document

        return OpenDocument(arena.memory, size)
    raise JobFailed(Status.UNSUPPORTED)
