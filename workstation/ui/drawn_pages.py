"""`DrawnPages`: pictures of the pages of one document, drawn in a worker as they are wanted, within so much memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from workstation.ui.messages import sentence
from workstation.ui.papers import as_image

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from workstation.tasks import CancelToken
    from workstation.ui.papers import Papers, Size

_KEPT_BYTES: Final = 192 << 20


class DrawnPages:
    """The pictures of one document at a time; pages count from 0, sizes are (width, height) in device pixels.

    Parameters
    ----------
    papers : Papers
        Draws.
    changed : callable
        Called on the main thread when a picture came, or will not come.
    """

    def __init__(self, papers: Papers, changed: Callable[[], None]) -> None:
        self._papers = papers
        self._changed = changed
        self._pdf = b""
        self._seen: Collection[int] = ()
        self._kept: OrderedDict[int, QImage] = OrderedDict()
        self._asked: dict[int, tuple[Size, CancelToken]] = {}
        self._failed: dict[int, str] = {}

    def open(self, pdf: bytes) -> None:
        """Go on with another document."""
        self.forget()
        self._pdf = pdf

    def forget(self) -> None:
        """Keep nothing, and call off what is being drawn."""
        for _, token in self._asked.values():
            token.cancel()
        self._asked.clear()
        self._kept.clear()
        self._failed.clear()
        self._pdf, self._seen = b"", ()

    def picture(self, page: int) -> QImage | None:
        """The picture of a page, at whatever size it was drawn last."""
        return self._kept.get(page)

    def problem(self, page: int) -> str:
        """Why a page cannot be drawn; empty: it can, as far as is known."""
        return self._failed.get(page, "")

    def is_sharp(self, page: int, size: Size) -> bool:
        """Whether the picture of a page is there at this very size."""
        kept = self._kept.get(page)
        return kept is not None and (kept.width(), kept.height()) == size

    def want(self, wanted: Mapping[int, Size], seen: Collection[int]) -> None:
        """Ask for these pages, in this order; any other that was asked for is called off.

        Parameters
        ----------
        wanted : mapping of int to Size
            The pages at the sizes at which they are wanted.
        seen : collection of int
            Those of them that are in view: they are kept, however little memory there is.
        """
        self._seen = seen
        for page, (size, token) in list(self._asked.items()):
            if wanted.get(page) != size:
                token.cancel()
                del self._asked[page]
        for page, size in wanted.items():
            if page not in self._asked and page not in self._failed and not self.is_sharp(page, size):
                self._ask(page, size)

    def _ask(self, page: int, size: Size) -> None:
        def drawn(pixels: NDArray[np.uint8]) -> None:
            self._asked.pop(page, None)
            self._keep(page, as_image(pixels))
            self._changed()

        def failed(error: Exception) -> None:
            self._asked.pop(page, None)
            self._failed[page] = sentence(error)
            self._changed()

        self._asked[page] = (size, self._papers.picture(self._pdf, page, size, drawn, failed))

    def _keep(self, page: int, image: QImage) -> None:
        self._kept[page] = image
        self._kept.move_to_end(page)
        while sum(one.sizeInBytes() for one in self._kept.values()) > _KEPT_BYTES:
            gone = next((one for one in self._kept if one not in self._seen), None)
            if gone is None:
                return
            del self._kept[gone]
