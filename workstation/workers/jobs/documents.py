"""The document job: pages of a PDF as pixels, and their text with the place of every character.

PDFium draws what stands on a page. Its form environment is never made (`FPDFDOC_InitFormFillEnvironment`), so no
script, calculation or action of a document can run; links, launches and attached files are never looked at.
"""

from __future__ import annotations

import ctypes
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pypdfium2.raw as pdfium

from workstation.workers.messages import JobFailed, Reason, Status
from workstation.workers.pages import (
    CHARACTER_TYPE,
    COUNT,
    MAX_PAGE_CHARACTERS,
    MAX_PAGES,
    PIXEL_BYTES,
    SIZE_TYPE,
    PageTask,
    PageWish,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap

    from numpy.typing import NDArray

_PAPER: Final = 0xFFFFFFFF
_FAR: Final = 1000.0  # points: how far apart the page's axes are sampled
_FINE: Final = 100  # steps a point, for a call that answers in whole numbers
_LOCKED: Final = frozenset({pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY})


class OpenDocument:
    """A document that PDFium reads in place (`workers.open_streams.Opened`).

    Parameters
    ----------
    memory : mmap
        Its first `size` bytes are the document; nobody writes to them any more.

    Raises
    ------
    JobFailed
        The document is locked or damaged.
    """

    def __init__(self, memory: mmap, size: int) -> None:
        self._bytes: Any = (ctypes.c_ubyte * size).from_buffer(memory)
        self._document = pdfium.FPDF_LoadMemDocument64(self._bytes, size, None)
        if not self._document:
            is_locked = pdfium.FPDF_GetLastError() in _LOCKED
            self._bytes = None
            raise JobFailed(Status.FAILED, Reason.LOCKED if is_locked else Reason.DAMAGED)

    def read(self, parameters: bytes, output: memoryview) -> int:
        """Do what is asked (`PageTask`); gives the number of bytes written into `output`.

        Raises
        ------
        JobFailed
            There is no such page, or it is damaged.
        """
        task = PageTask.unpacked(parameters)
        if task.wish is PageWish.LAYOUT:
            return _layout(self._document, output)
        with _page(self._document, task.page) as page:
            return _picture(page, task, output) if task.wish is PageWish.PICTURE else _text(page, output)

    def close(self) -> None:
        """Let go of it."""
        pdfium.FPDF_CloseDocument(self._document)
        self._document = self._bytes = None


@contextmanager
def _page(document: Any, number: int) -> Iterator[Any]:
    if not 0 <= number < min(pdfium.FPDF_GetPageCount(document), MAX_PAGES):
        raise JobFailed(Status.FAILED, Reason.NO_PAGE)
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        raise JobFailed(Status.FAILED, Reason.DAMAGED)
    try:
        yield page
    finally:
        pdfium.FPDF_ClosePage(page)


def _layout(document: Any, output: memoryview) -> int:
    count = pdfium.FPDF_GetPageCount(document)
    if count < 1:
        raise JobFailed(Status.FAILED, Reason.DAMAGED)
    sizes = np.zeros((min(count, MAX_PAGES), 2), SIZE_TYPE)
    size = pdfium.FS_SIZEF()
    for number in range(len(sizes)):
        if pdfium.FPDF_GetPageSizeByIndexF(document, number, size):
            sizes[number] = size.width, size.height
    return _written(count, sizes, output)


def _written(count: int, records: NDArray[Any], output: memoryview) -> int:
    COUNT.pack_into(output, 0, count)
    data = records.tobytes()
    output[COUNT.size : COUNT.size + len(data)] = data
    return COUNT.size + len(data)


def _picture(page: Any, task: PageTask, output: memoryview) -> int:
    """Draw straight into the shared memory, annotations (stamps, signatures) included."""
    count = task.pixels * PIXEL_BYTES
    buffer = (ctypes.c_ubyte * count).from_buffer(output)
    bitmap = pdfium.FPDFBitmap_CreateEx(
        task.width, task.height, pdfium.FPDFBitmap_BGRx, buffer, task.width * PIXEL_BYTES
    )
    if not bitmap:
        raise JobFailed(Status.FAILED, Reason.OUT_OF_MEMORY)
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, task.width, task.height, _PAPER)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, task.width, task.height, 0, pdfium.FPDF_ANNOT)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return count


def _text(page: Any, output: memoryview) -> int:
    words = pdfium.FPDFText_LoadPage(page)
    if not words:
        raise JobFailed(Status.FAILED, Reason.DAMAGED)
    try:
        count = max(0, pdfium.FPDFText_CountChars(words))
        records = np.zeros(min(count, MAX_PAGE_CHARACTERS), np.dtype(list(CHARACTER_TYPE)))
        box = pdfium.FS_RECTF()
        for number in range(len(records)):
            records["code"][number] = pdfium.FPDFText_GetUnicode(words, number)
            if pdfium.FPDFText_GetLooseCharBox(words, number, box):
                records["box"][number] = box.left, box.top, box.right, box.bottom
    finally:
        pdfium.FPDFText_ClosePage(words)
    records["box"] = _on_page(page, records["box"])
    return _written(count, records, output)


def _on_page(page: Any, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Boxes of the page's own space as left, top, right, bottom on the page as it is shown."""
    origin = _shown(page, 0.0, 0.0)
    across, along = _shown(page, _FAR, 0.0) - origin, _shown(page, 0.0, _FAR) - origin
    corners = np.stack([boxes[:, [0, 1]], boxes[:, [2, 3]]], axis=1).astype(np.float64)
    moved = (corners[..., :1] * across + corners[..., 1:] * along) / _FAR + origin
    return np.concatenate([moved.min(axis=1), moved.max(axis=1)], axis=1).astype(np.float32)


def _shown(page: Any, x: float, y: float) -> NDArray[np.float64]:
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    column, row = ctypes.c_int(), ctypes.c_int()
    steps = (min(round(width * _FINE), 2**30), min(round(height * _FINE), 2**30))
    pdfium.FPDF_PageToDevice(page, 0, 0, *steps, 0, x, y, column, row)
    return np.array([column.value / _FINE, row.value / _FINE])
