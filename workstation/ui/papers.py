"""`Papers`: the pages of documents, as the ui asks for them; and a page's picture as Qt takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtGui import QImage

from workstation.workers.pages import MAX_PAGE_PIXELS, MAX_PAGE_SIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from workstation.tasks import CancelToken
    from workstation.workers.documents import Layout, PageText

Size = tuple[int, int]


class Papers(Protocol):
    """Does slow work on documents in a worker and answers on the main thread; bound in `app`."""

    def layout(self, pdf: bytes, done: Callable[[Layout], None], failed: Callable[[Exception], None]) -> CancelToken:
        """How many pages, how large."""
        ...

    def picture(
        self,
        pdf: bytes,
        page: int,
        size: Size,
        done: Callable[[NDArray[np.uint8]], None],
        failed: Callable[[Exception], None],
    ) -> CancelToken:
        """One page, `size` = (width, height) in pixels, as (rows, columns, 4) blue, green, red, unused."""
        ...

    def text(
        self, pdf: bytes, page: int, done: Callable[[PageText], None], failed: Callable[[Exception], None]
    ) -> CancelToken:
        """The characters of one page."""
        ...


def as_image(pixels: NDArray[np.uint8]) -> QImage:
    """A picture of a page for Qt; it keeps its own copy."""
    rows, columns = pixels.shape[:2]
    return QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32).copy()


def bounded(width: float, height: float) -> Size:
    """A size in pixels that a worker draws: the same shape, smaller where it would be too large."""
    shrink = min(1.0, MAX_PAGE_SIDE / max(width, height), (MAX_PAGE_PIXELS * 0.98 / (width * height)) ** 0.5)
    return max(1, round(width * shrink)), max(1, round(height * shrink))
