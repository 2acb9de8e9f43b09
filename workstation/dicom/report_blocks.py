"""What a readable document consists of, whatever it was written in: frozen blocks, each with its depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_BLOCKS: Final = 4000  # what is beyond is not shown, and the document says so
MOST_CHARACTERS: Final = 2_000_000
DEEPEST: Final = 60  # the scanner lets no data set nest deeper


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to another object: an image (with the frames that are meant, from 1), a waveform, a document."""

    sop_class_uid: str
    sop_instance_uid: str
    frames: tuple[int, ...] = ()
    is_image: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part."""

    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A named value, or a paragraph when it has no name.

    Attributes
    ----------
    relation : str
        How it belongs to what stands above it (PS3.3 table C.17.3-8), in lower case: ``contains``, ``inferred from``.
    unit : str
        Not empty, or `is_measured`: a number that stands in a column of its own.
    is_detail : bool
        Written for programs (UIDs): shown small.
    """

    depth: int
    text: str
    name: str = ""
    relation: str = "contains"
    unit: str = ""
    is_measured: bool = False
    is_detail: bool = False
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first `head_rows` are headings."""

    depth: int
    rows: tuple[tuple[str, ...], ...]
    head_rows: int = 0
    caption: str = ""


Block = Heading | Line | Table


class Blocks:
    """Collects blocks up to the caps."""

    def __init__(self) -> None:
        self._made: list[Block] = []
        self._characters = 0
        self.is_cut = False

    @property
    def made(self) -> tuple[Block, ...]:
        """What was collected."""
        return tuple(self._made)

    def add(self, block: Block) -> None:
        """Take a block, as long as there is room."""
        self._characters += _length(block)
        if len(self._made) >= MOST_BLOCKS or self._characters > MOST_CHARACTERS:
            self.is_cut = True
            return
        self._made.append(block)


def _length(block: Block) -> int:
    if isinstance(block, Table):
        return sum(len(cell) for row in block.rows for cell in row)
    return len(block.text)
