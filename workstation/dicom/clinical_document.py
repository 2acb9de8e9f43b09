"""A clinical document (HL7 CDA release 2) as readable blocks: headings, paragraphs, lists, tables.

Its XML is read with expat under caps. A document type declaration ends the reading: no entity is ever defined or
expanded, nothing outside is ever fetched, and nothing in it (style sheets, scripts, frames) is run.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat  # nothing of a document type reaches it: see `_refuse`

from workstation.dicom.attributes import seen
from workstation.dicom.plain_text import decoded
from workstation.dicom.report_blocks import DEEPEST, Block, Blocks, Heading, Line, Table
from workstation.errors import DicomError

MAX_BYTES: Final = 16 << 20
_MOST_ELEMENTS: Final = 300_000
_BREAKING: Final = frozenset({"paragraph", "item", "caption", "br", "list", "table", "tr"})
_CELLS: Final = frozenset({"td", "th"})


@dataclass(slots=True)
class Element:
    """One XML element: its name without namespace, its attributes, and what stands in it in order."""

    name: str
    attributes: dict[str, str]
    content: list[Element | str] = field(default_factory=list)

    def child(self, *path: str) -> Element | None:
        """The first element down a path of names."""
        found: Element | None = self
        for name in path:
            found = next((one for one in found.children if one.name == name), None) if found else None
        return found

    @property
    def children(self) -> list[Element]:
        """The elements in it."""
        return [one for one in self.content if isinstance(one, Element)]


@dataclass(frozen=True, slots=True)
class ClinicalDocument:
    """What a person reads of it.

    Attributes
    ----------
    patient : str
        Whom the document itself names; to be held against the object that carries it.
    """

    title: str
    patient: str
    moment: str  # (YYYYMMDDHHMMSS+ZZZZ), as written
    authors: tuple[str, ...]
    blocks: tuple[Block, ...]
    is_cut: bool


class _Reader:
    """Builds elements, within caps."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS or len(self._open) > DEEPEST * 2:
            raise DicomError("over-limit", what="document elements", limit=_MOST_ELEMENTS)
        element = Element(name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()})
        if self._open:
            self._open[-1].content.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, data: str) -> None:
        if self._open:
            self._open[-1].content.append(data)


def _refuse(*_: object) -> None:
    raise DicomError("damaged", reason="document type declaration")


def parsed(data: bytes) -> Element:
    """Read XML.

    Raises
    ------
    DicomError
        ``damaged``: no well-formed XML, or it declares a document type; ``over-limit``: larger than the caps.
    """
    if len(data) > MAX_BYTES:
        raise DicomError("over-limit", what="document bytes", limit=MAX_BYTES)
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = lambda *_: 0
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DicomError("damaged", reason="XML") from error
    if reader.root is None:
        raise DicomError("damaged", reason="XML")
    return reader.root


def read_clinical_document(data: bytes) -> ClinicalDocument:
    """Read an encapsulated CDA.

    Raises
    ------
    DicomError
        As `parsed`; ``unsupported-document`` when it is XML of another kind.
    """
    root = parsed(data.rstrip(b"\0 "))
    if root.name != "ClinicalDocument":
        raise DicomError("unsupported-document", what="XML")
    blocks = Blocks()
    body = root.child("component", "structuredBody")
    for component in body.children if body is not None else ():
        for section in component.children:
            if section.name == "section":
                _section(section, 0, blocks)
    outer = root.child("component", "nonXMLBody", "text")
    if outer is not None:
        _outer_text(outer, blocks)
    when = root.child("effectiveTime")
    title = root.child("title")
    return ClinicalDocument(
        title=_flat(title) if title is not None else (root.child("code") or root).attributes.get("displayName", ""),
        patient=_name(root.child("recordTarget", "patientRole", "patient", "name")),
        moment=when.attributes.get("value", "") if when is not None else "",
        authors=tuple(name for name in (_author(one) for one in root.children if one.name == "author") if name),
        blocks=blocks.made,
        is_cut=blocks.is_cut,
    )


def _author(author: Element) -> str:
    return _name(author.child("assignedAuthor", "assignedPerson", "name"))


def _name(name: Element | None) -> str:
    """A name's parts; Chinese ones without blanks between them."""
    if name is None:
        return ""
    parts = [_flat(part) for part in name.children] or [_flat(name)]
    parts = [part for part in parts if part]
    return ("" if all(part and part[0] >= "\u3400" for part in parts) else " ").join(parts)


def _section(section: Element, depth: int, blocks: Blocks) -> None:
    title = section.child("title")
    if title is not None and _flat(title):
        blocks.add(Heading(depth, _flat(title)))
    text = section.child("text")
    if text is not None:
        _narrative(text, depth + 1, blocks)
    for component in section.children:
        if component.name == "component" and depth < DEEPEST:
            for inner in component.children:
                if inner.name == "section":
                    _section(inner, depth + 1, blocks)


def _outer_text(text: Element, blocks: Blocks) -> None:
    """A body that is no XML: plain text is read, anything else is named and left alone."""
    kind = text.attributes.get("mediaType", "text/plain")
    if kind != "text/plain":
        raise DicomError("unsupported-document", what=kind[:64])
    words = "".join(part for part in text.content if isinstance(part, str))
    if text.attributes.get("representation") == "B64":
        try:
            words = decoded(base64.b64decode(words, validate=False))
        except (binascii.Error, ValueError) as error:
            raise DicomError("damaged", reason="base64") from error
    for paragraph in words.splitlines():
        if paragraph.strip():
            blocks.add(Line(0, seen(paragraph.strip())))


def _narrative(element: Element, depth: int, blocks: Blocks) -> None:
    """The narrative block: runs of text are paragraphs; paragraphs, lists and tables are what they are."""
    run: list[str] = []

    def close() -> None:
        words = _tidy("".join(run))
        run.clear()
        if words:
            blocks.add(Line(depth, words))

    for part in element.content:
        if isinstance(part, str):
            run.append(part)
        elif part.name == "table":
            close()
            blocks.add(_table(part, depth))
        elif part.name == "list":
            close()
            _list(part, depth, blocks)
        elif part.name in ("paragraph", "caption") or any(one.name in _BREAKING for one in part.children):
            close()
            _narrative(part, depth, blocks)
        else:
            run.append("\n" if part.name == "br" else _words(part))
    close()


def _list(element: Element, depth: int, blocks: Blocks) -> None:
    is_ordered = element.attributes.get("listType") == "ordered"
    number = 0
    for item in element.children:
        if item.name != "item":
            _narrative(item, depth, blocks)
            continue
        number += 1
        sign = f"{number}. " if is_ordered else "• "
        inner = [one for one in item.children if one.name in ("list", "table")]
        words = _tidy("".join(_words(part) if isinstance(part, Element) else part for part in item.content
                              if part not in inner))  # fmt: skip
        blocks.add(Line(depth, sign + words))
        for one in inner if depth < DEEPEST else ():
            if one.name == "table":
                blocks.add(_table(one, depth + 1))
            else:
                _list(one, depth + 1, blocks)


def _table(table: Element, depth: int) -> Table:
    head = _rows([part for part in table.children if part.name == "thead"])
    body = _rows([part for part in table.children if part.name in ("tbody", "tfoot", "tr")])
    caption = table.child("caption")
    return Table(depth, tuple(head + body), len(head), _flat(caption) if caption is not None else "")


def _rows(parts: list[Element]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for part in parts:
        for row in [part] if part.name == "tr" else part.children:
            cells = [_flat(cell) for cell in row.children if cell.name in _CELLS]
            if cells:
                rows.append(tuple(cells))
    return rows


def _words(element: Element) -> str:
    """All text in an element, in order; deleted text (a revision) stays marked."""
    words = "".join(_words(part) if isinstance(part, Element) else part for part in element.content)
    if element.attributes.get("revised") == "delete":
        return f"[{words}]"
    return f"\n{words}\n" if element.name in _BREAKING else words


def _flat(element: Element) -> str:
    return _tidy(_words(element))


def _tidy(words: str) -> str:
    lines = (" ".join(seen(line).split()) for line in words.split("\n"))
    return "\n".join(line for line in lines if line)
