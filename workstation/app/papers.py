"""`Papers`: pages of reports, made in a worker process and delivered to the main thread (`ui.papers.Papers`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.tasks import CancelToken, Priority, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from workstation.workers.documents import Layout, OpenDocument, PageText
    from workstation.workers.pool import WorkerPool

_THREADS: Final = 1  # a document that hangs holds one worker; the others go on unpacking images


class Papers:
    """Asks the pool for pages, one at a time.

    Parameters
    ----------
    post : callable
        Brings a call to the main thread.
    pool : callable
        The pool in use; a window outlives a change of station.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None], pool: Callable[[], WorkerPool]) -> None:
        self._post = post
        self._pool = pool
        self._tasks: Tasks | None = None  # most windows never show a page
        self._opened: OpenDocument | None = None  # the one that is shown: pages come from where it lies open
        self._closing = CancelToken()  # a job that was begun is not called off by scrolling on: that costs a process

    def layout(self, pdf: bytes, done: Callable[[Layout], None], failed: Callable[[Exception], None]) -> CancelToken:
        """See `ui.papers.Papers`."""

        def work(_token: CancelToken) -> Layout:
            return self._open(pdf).layout(self._closing)

        return self._running().submit(work, priority=Priority.SHOWN, done=done, failed=failed)

    def picture(
        self,
        pdf: bytes,
        page: int,
        size: tuple[int, int],
        done: Callable[[NDArray[np.uint8]], None],
        failed: Callable[[Exception], None],
    ) -> CancelToken:
        """See `ui.papers.Papers`."""

        def work(_token: CancelToken) -> NDArray[np.uint8]:
            return self._open(pdf).picture(page, size, self._closing)

        return self._running().submit(work, priority=Priority.SHOWN, done=done, failed=failed)

    def text(
        self, pdf: bytes, page: int, done: Callable[[PageText], None], failed: Callable[[Exception], None]
    ) -> CancelToken:
        """See `ui.papers.Papers`."""

        def work(_token: CancelToken) -> PageText:
            return self._open(pdf).text(page, self._closing)

        return self._running().submit(work, priority=Priority.NEAR, done=done, failed=failed)

    def _open(self, pdf: bytes) -> OpenDocument:
        """The document, open in a worker; called by the one thread of the tasks."""
        from workstation.workers.documents import OpenDocument  # with numpy: the first window does without

        opened = self._opened
        if opened is None or opened.data is not pdf:
            if opened is not None:
                opened.close()
            opened = self._opened = OpenDocument(self._pool(), pdf)
        return opened

    def forget(self) -> None:
        """Let the workers forget the document that was shown: its film is closed."""
        if self._tasks is not None:
            self._tasks.submit(self._close_document, priority=Priority.SHOWN)

    def _close_document(self, _token: CancelToken) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _running(self) -> Tasks:
        if self._tasks is None:
            self._tasks = Tasks(_THREADS, self._post, "papers")
        return self._tasks

    def close(self) -> None:
        """Stop; nothing is answered any more."""
        self._closing.cancel()
        if self._tasks is not None:
            self._tasks.close()
            self._tasks = None
            self._close_document(self._closing)
