"""The parent's end of paged documents: pages and texts of a PDF, made in a worker process, checked and copied here."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import numpy as np

from workstation.errors import DicomError
from workstation.workers.messages import JobKind
from workstation.workers.pages import (
    CHARACTER_TYPE,
    COUNT,
    MAX_DOCUMENT_BYTES,
    MAX_PAGE_PIXELS,
    MAX_PAGE_SIDE,
    MAX_PAGES,
    PIXEL_BYTES,
    SIZE_TYPE,
    PageTask,
    PageWish,
)
from workstation.workers.questions import document
from workstation.workers.streams import Stream

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from numpy.typing import NDArray

    from workstation.tasks import CancelToken
    from workstation.workers.questions import Question

T = TypeVar("T")
_LEAST_POINTS: Final = 1.0
_MOST_POINTS: Final = 14_400.0  # 200 inches: what a reader must be able to show (ISO 32000-1 annex C)
_SUPPLEMENT: Final = dict(
    zip(
        "⺁⺠⺟⺩⺬⺶⻁⻄⻅⻆⻉⻋⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳⻑⻏⻖⺇",
        "厂民母王示羊虎西见角贝车长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟長阝阝几",
        strict=True,
    )
)  # Unicode, EquivalentUnifiedIdeograph.txt: those that stand for whole words
_A4: Final = (595.0, 842.0)  # what a page without a usable size is shown as


class DocumentPool(Protocol):
    """Reads streams; `WorkerPool` is it."""

    def read(self, question: Question[T], token: CancelToken | None = None) -> T:
        """Read at a place."""
        ...

    def close_stream(self, stream: Stream) -> None:
        """Let the worker that has it open forget it."""
        ...


@dataclass(frozen=True, slots=True)
class Layout:
    """How many pages, and the size of each that can be shown: (width, height) in points."""

    count: int
    sizes: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class PageText:
    """The characters of a page in reading order.

    Attributes
    ----------
    codes : (n,) uint32
        Unicode code points; 0 where the font does not say.
    boxes : (n, 4) float32
        Left, top, right, bottom in points from the page's top left corner.
    """

    codes: NDArray[np.uint32]
    boxes: NDArray[np.float32]

    @cached_property
    def text(self) -> str:
        """The characters as text, one a code point."""
        return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
                       for code in self.codes.tolist())  # fmt: skip


class OpenDocument:
    """A PDF that stays open in a worker until it is closed: each page costs its own work, not the whole document's.

    Used by one thread at a time, but `close`, which any thread may call and which never waits.

    Raises
    ------
    DicomError
        ``over-limit``: the document is larger than 256 MiB.
    """

    def __init__(self, pool: DocumentPool, data: bytes) -> None:
        if len(data) > MAX_DOCUMENT_BYTES:
            raise DicomError("over-limit", what="document bytes", limit=MAX_DOCUMENT_BYTES)
        self.data = data
        self._pool, self._stream = pool, Stream(JobKind.DOCUMENT, data)

    def __enter__(self) -> OpenDocument:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the worker forget it."""
        self._pool.close_stream(self._stream)

    def layout(self, token: CancelToken | None = None) -> Layout:
        """Pages of the document.

        Raises
        ------
        DecodeError
            ``document-locked``, ``document-damaged`` or ``document-failed``.
        Cancelled
            `token` was cancelled, or the pool closed.
        """

        def read(answer: memoryview) -> Layout:
            (count,) = COUNT.unpack_from(answer, 0)
            sizes = np.frombuffer(answer, SIZE_TYPE, offset=COUNT.size).reshape(-1, 2)[:MAX_PAGES]
            return Layout(int(count), tuple(_usable(float(width), float(height)) for width, height in sizes))

        return self._read(PageTask(PageWish.LAYOUT), read, token)

    def picture(self, page: int, size: tuple[int, int], token: CancelToken | None = None) -> NDArray[np.uint8]:
        """Draw one page (from 0) on white paper, `size` = (width, height) in pixels.

        Returns
        -------
        (rows, columns, 4) uint8, read-only
            Blue, green, red, and one byte that means nothing.

        Raises
        ------
        DicomError
            ``over-limit``: the picture would be larger than 40 million pixels.
        DecodeError, Cancelled
            As `layout`.
        """
        width, height = size
        if not (0 < width <= MAX_PAGE_SIDE and 0 < height <= MAX_PAGE_SIDE and width * height <= MAX_PAGE_PIXELS):
            raise DicomError("over-limit", what="page pixels", limit=MAX_PAGE_PIXELS)

        def read(answer: memoryview) -> NDArray[np.uint8]:
            values: NDArray[np.uint8] = np.frombuffer(answer, np.uint8).reshape(height, width, PIXEL_BYTES).copy()
            values.flags.writeable = False
            return values

        return self._read(PageTask(PageWish.PICTURE, page, width, height), read, token)

    def text(self, page: int, token: CancelToken | None = None) -> PageText:
        """Text of one page, counted from 0.

        Raises
        ------
        DecodeError, Cancelled
            As `layout`.
        """

        def read(answer: memoryview) -> PageText:
            records = np.frombuffer(answer, np.dtype(list(CHARACTER_TYPE)), offset=COUNT.size)
            return PageText(records["code"].copy(), np.nan_to_num(records["box"], nan=0.0, posinf=0.0, neginf=0.0))

        return self._read(PageTask(PageWish.TEXT, page), read, token)

    def _read(self, task: PageTask, read: Callable[[memoryview], T], token: CancelToken | None) -> T:
        return self._pool.read(document(self._stream, task, read), token)


def _usable(width: float, height: float) -> tuple[float, float]:
    """A size that can be drawn: a page may claim any, or none."""
    if not (width >= _LEAST_POINTS and height >= _LEAST_POINTS):
        return _A4
    return min(width, _MOST_POINTS), min(height, _MOST_POINTS)


def layout_of(pool: DocumentPool, data: bytes, token: CancelToken | None = None) -> Layout:
    """Pages of a document of which nothing else is asked; see `OpenDocument.layout`."""
    with OpenDocument(pool, data) as opened:
        return opened.layout(token)


def page_picture(
    pool: DocumentPool, data: bytes, page: int, size: tuple[int, int], token: CancelToken | None = None
) -> NDArray[np.uint8]:
    """One page of a document of which nothing else is asked; see `OpenDocument.picture`."""
    with OpenDocument(pool, data) as opened:
        return opened.picture(page, size, token)


def page_text(pool: DocumentPool, data: bytes, page: int, token: CancelToken | None = None) -> PageText:
    """Text of one page of a document of which nothing else is asked; see `OpenDocument.text`."""
    with OpenDocument(pool, data) as opened:
        return opened.text(page, token)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where words were found: the page (from 0) and a box a line, each left, top, right, bottom in points."""

    page: int
    boxes: tuple[tuple[float, float, float, float], ...]


def find(text: PageText, page: int, words: str) -> tuple[Hit, ...]:
    """Every place of `words` on a page. Case and blanks do not count: Chinese text is broken anywhere."""
    kept = [(number, char) for number, char in enumerate(text.text) if not char.isspace() and char.isprintable()]
    hay = "".join(_folded(char) for _, char in kept)
    needle = "".join(_folded(char) for char in words if not char.isspace())
    hits: list[Hit] = []
    at = hay.find(needle) if needle else -1
    while at >= 0:
        hits.append(Hit(page, _lines([text.boxes[kept[n][0]] for n in range(at, at + len(needle))])))
        at = hay.find(needle, at + len(needle))
    return tuple(hits)


def _folded(char: str) -> str:
    """A character as it is looked for; one stays one.

    Print programs write CJK radicals (U+2E80 to U+2FDF) for letters that look the same; most fold by Unicode's
    compatibility form, the supplement's do not.
    """
    folded = unicodedata.normalize("NFKC", _SUPPLEMENT.get(char, char)).lower()
    return folded if len(folded) == 1 else char.lower() if len(char.lower()) == 1 else char


def _lines(boxes: list[NDArray[np.float32]]) -> tuple[tuple[float, float, float, float], ...]:
    """Boxes that stand beside each other as one."""
    lines: list[list[float]] = []
    for left, top, right, bottom in (box.tolist() for box in boxes):
        last = lines[-1] if lines else None
        if last is not None and top < last[3] and bottom > last[1] and left >= last[0]:
            last[:] = [last[0], min(top, last[1]), max(right, last[2]), max(bottom, last[3])]
        elif right > left or bottom > top:
            lines.append([left, top, right, bottom])
    return tuple((line[0], line[1], line[2], line[3]) for line in lines)
