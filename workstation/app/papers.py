"""`Papers`: pages of reports, made in a worker process and delivered to the main thread (`ui.papers.Papers`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.tasks import CancelToken, Priority, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from workstation.workers.documents import Layout, PageText
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
        self._closing = CancelToken()  # a job that was begun is not called off by scrolling on: that costs a process

    def layout(self, pdf: bytes, done: Callable[[Layout], None], failed: Callable[[Exception], None]) -> CancelToken:
        """See `ui.papers.Papers`."""

        def work(_token: CancelToken) -> Layout:
            from workstation.workers.documents import layout_of  # with numpy: the first window does without

            return layout_of(self._pool(), pdf, self._closing)

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
            from workstation.workers.documents import page_picture

            return page_picture(self._pool(), pdf, page, size, self._closing)

        return self._running().submit(work, priority=Priority.SHOWN, done=done, failed=failed)

    def text(
        self, pdf: bytes, page: int, done: Callable[[PageText], None], failed: Callable[[Exception], None]
    ) -> CancelToken:
        """See `ui.papers.Papers`."""

        def work(_token: CancelToken) -> PageText:
            from workstation.workers.documents import page_text

            return page_text(self._pool(), pdf, page, self._closing)

        return self._running().submit(work, priority=Priority.NEAR, done=done, failed=failed)

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
