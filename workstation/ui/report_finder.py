"""Looks for words in the pages of a document, page by page, without anybody waiting for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from workstation.workers.documents import find

if TYPE_CHECKING:
    from workstation.tasks import CancelToken
    from workstation.ui.papers import Papers
    from workstation.workers.documents import Hit, PageText

_PATIENCE_MS: Final = 150  # while somebody types
_MOST_HITS: Final = 1000


class PageFinder(QObject):
    """Finds words in one document at a time; the texts of its pages are kept as long as it is shown.

    Signals
    -------
    found : (tuple of Hit, bool) all places so far, and whether more may come
    copied : the text of a page went to the clipboard
    """

    found = Signal(object, bool)
    copied = Signal()

    def __init__(self, papers: Papers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._papers = papers
        self._pdf, self._pages = b"", 0
        self._texts: dict[int, PageText] = {}
        self._words = ""
        self._hits: list[Hit] = []
        self._token: CancelToken | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE_MS)
        self._timer.timeout.connect(lambda: self._go_on(0))

    def open(self, pdf: bytes, pages: int) -> None:
        """Another document; empty: none."""
        self._stop()
        self._texts.clear()
        self._hits = []
        self._pdf, self._pages, self._words = pdf, pages, ""

    @property
    def has_text(self) -> bool:
        """Whether any page that was read has letters: a scanned page has none."""
        return any(len(text.codes) for text in self._texts.values()) or len(self._texts) < self._pages

    def search(self, words: str) -> None:
        """Look for other words."""
        self._stop()
        self._words, self._hits = words.strip(), []
        if self._words and self._pages:
            self._timer.start()
        else:
            self.found.emit((), False)

    def _stop(self) -> None:
        self._timer.stop()
        if self._token is not None:
            self._token.cancel()
            self._token = None

    def _go_on(self, page: int) -> None:
        """Search the pages whose text is here; ask for the next one that is not."""
        while page < self._pages and page in self._texts:
            self._hits += find(self._texts[page], page, self._words)[: _MOST_HITS - len(self._hits)]
            page += 1
        is_over = page >= self._pages or len(self._hits) >= _MOST_HITS
        self.found.emit(tuple(self._hits), not is_over)
        if not is_over:
            self._token = self._papers.text(self._pdf, page, partial(self._on_text, page), partial(self._skip, page))

    def _on_text(self, page: int, text: PageText) -> None:
        self._texts[page] = text
        self._go_on(page)

    def _skip(self, page: int, _error: Exception) -> None:
        self._go_on(page + 1)  # a page that cannot be read is said where it is drawn

    def copy_page(self, page: int) -> None:
        """Put the text of a page on the clipboard."""

        def copy(text: PageText) -> None:
            self._texts[page] = text
            QGuiApplication.clipboard().setText(text.text.replace("\r\n", "\n").replace("\0", ""))
            self.copied.emit()

        if page in self._texts:
            copy(self._texts[page])
        else:
            self._papers.text(self._pdf, page, copy, lambda _: None)
