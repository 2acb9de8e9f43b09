"""What parent and worker say to each other about a paged document: one small struct asks, plain arrays answer.

Lengths are in points (1/72 inch, ISO 32000-1 8.3.2.3) on the page as it is shown, from its top left corner: turned as
the page says, cut to its crop box.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

MIB: Final = 1 << 20
MAX_DOCUMENT_BYTES: Final = 256 * MIB
MAX_PAGES: Final = 2000  # a report is never longer; what is beyond is counted, not shown
MAX_PAGE_SIDE: Final = 20_000  # px
MAX_PAGE_PIXELS: Final = 40_000_000  # A3 at 300 dots an inch twice over
MAX_PAGE_CHARACTERS: Final = 100_000
PIXEL_BYTES: Final = 4  # blue, green, red, unused
COUNT: Final = struct.Struct("<I")  # pages or characters in all; the records follow
SIZE_TYPE: Final = "<f4"  # a page: width, height
CHARACTER_TYPE: Final = (("code", "<u4"), ("box", "<f4", (4,)))  # left, top, right, bottom
CHARACTER_BYTES: Final = 20


class PageWish(IntEnum):
    """What is asked of a document."""

    LAYOUT = 1  # how many pages, how large
    PICTURE = 2  # one page as pixels
    TEXT = 3  # one page's characters and where they stand


@dataclass(frozen=True, slots=True)
class PageTask:
    """One wish: `page` counts from 0; `width` and `height` are the picture's, in pixels."""

    wish: PageWish
    page: int = 0
    width: int = 0
    height: int = 0

    def packed(self) -> bytes:
        """Bytes for the pipe."""
        return _TASK.pack(self.wish, self.page, self.width, self.height)

    @classmethod
    def unpacked(cls, parameters: bytes) -> PageTask:
        """Read what `packed` made."""
        wish, page, width, height = _TASK.unpack(parameters)
        return cls(PageWish(wish), page, width, height)

    @property
    def pixels(self) -> int:
        """How many pixels it makes."""
        return self.width * self.height

    @property
    def output_bytes(self) -> int:
        """The most bytes that the answer takes."""
        if self.wish is PageWish.PICTURE:
            return self.pixels * PIXEL_BYTES
        if self.wish is PageWish.TEXT:
            return COUNT.size + MAX_PAGE_CHARACTERS * CHARACTER_BYTES
        return COUNT.size + MAX_PAGES * 8


_TASK: Final = struct.Struct("<BIII")
