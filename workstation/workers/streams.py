"""`Stream`: bytes that stay open in a worker process, opened there once and then read at any place.

A question hands over all its bytes, and the worker parses them from the beginning: for one page of a long document that
is nearly all of the work. A stream is opened with its first reading in whichever worker is free, and stays there; the
readings that follow prefer this worker. To seek is a part of each reading: by itself it would cost a way of its own.
Where the worker is busy, was lost, or has let the stream go for others, the next reading opens it again: readings
succeed or fail by themselves, never because of an earlier one.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workstation.workers.messages import JobKind

_numbers: Final = itertools.count(1)


class Stream:
    """Foreign bytes that a worker holds open. `WorkerPool.read` reads it, by one thread at a time.

    Parameters
    ----------
    kind : JobKind
        Who in the worker opens and reads it.
    data : bytes
        All of it; kept for a worker that must open it again.

    Attributes
    ----------
    number : int
        Tells it from all others of this program.
    holder : object
        The worker that had it open last, or None; only the pool's crew looks at it.
    """

    def __init__(self, kind: JobKind, data: bytes) -> None:
        self.number = next(_numbers)
        self.kind, self.data = kind, data
        self.holder: object = None
