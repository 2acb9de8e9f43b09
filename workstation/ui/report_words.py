"""A report's blocks as rich text. Everything from the data is escaped; nothing in the text can name a resource.

The only links are `image:N`, where N counts the references of the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from workstation.dicom.report_blocks import Heading, Line, Table
from workstation.ui import theme
from workstation.ui.language import mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workstation.dicom.report_blocks import Block, Link
    from workstation.dicom.reports import Report

LINK_SCHEME: Final = "image"
_INDENT_PX: Final = 14
_DEEPEST_INDENT: Final = 8
_SMALL: Final = 0.8  # what is written for programs
_RELATIONS: Final = {
    "inferred from": mark("inferred from"),
    "selected from": mark("selected from"),
}


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours and size of a rendering: on the dark desk, or on paper."""

    text: str
    faint: str
    link: str
    amber: str
    line: str
    pixels: int

    @staticmethod
    def screen(pixels: int) -> Ink:
        """For the pane."""
        return Ink(theme.TEXT, theme.SECONDARY, theme.ACCENT, theme.AMBER, theme.LINE, pixels)

    @staticmethod
    def paper(pixels: int) -> Ink:
        """For print: dark on white; a link is only words there."""
        return Ink("#000000", "#444444", "#000000", "#7A4A00", "#999999", pixels)


@dataclass(frozen=True, slots=True)
class Words:
    """Rich text and the references its links mean."""

    html: str
    links: tuple[Link, ...]


def words_of(report: Report, ink: Ink, where: Callable[[Link], str]) -> Words:
    """Write a report; `where` names the place of a referenced image in this window, empty when it is not here."""
    writer = _Writer(ink, where)
    if report.is_cut:
        writer.notice(tr("This report is longer than can be shown; read the rest where it was made."))
    if report.is_repaired:
        writer.notice(tr("The declared character set is wrong: characters are repaired for reading; compare names."))
    writer.blocks(report.blocks)
    if not report.blocks:
        writer.notice(tr("This report holds no text."))
    return Words(writer.html(), tuple(writer.links))


class _Writer:
    def __init__(self, ink: Ink, where: Callable[[Link], str]) -> None:
        self._ink = ink
        self._where = where
        self._parts: list[str] = []
        self.links: list[Link] = []

    def html(self) -> str:
        style = f"color:{self._ink.text}; font-size:{self._ink.pixels}px;"
        return f'<div style="{style}">{"".join(self._parts)}</div>'

    def notice(self, words: str) -> None:
        self._parts.append(f'<p style="color:{self._ink.amber}; font-weight:600">⚠ {_text(words)}</p>')

    def blocks(self, blocks: Iterable[Block]) -> None:
        measured: list[Line] = []
        for block in blocks:
            if isinstance(block, Line) and block.is_measured:
                if measured and measured[0].depth != block.depth:
                    self._measures(measured)
                measured.append(block)
                continue
            self._measures(measured)
            if isinstance(block, Heading):
                self._heading(block)
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._line(block)
        self._measures(measured)

    def _heading(self, heading: Heading) -> None:
        size = round(self._ink.pixels * (1.3 if heading.depth == 0 else 1.1))
        margin = (
            f"margin-top:{10 if heading.depth == 0 else 6}px; margin-bottom:2px; margin-left:{_left(heading.depth)}px"
        )
        self._parts.append(f'<p style="{margin}; font-size:{size}px; font-weight:600">{_text(heading.text)}</p>')

    def _line(self, line: Line) -> None:
        is_aside = line.is_detail or line.relation not in ("contains", "inferred from")
        colour = f"color:{self._ink.faint};" if is_aside else ""
        relation = _RELATIONS.get(line.relation)
        lead = f"{_text(tr(relation))} " if relation else ""
        name = (
            f'<span style="color:{self._ink.faint}">{lead}{_text(_titled(line.name))}{": " if line.name else ""}</span>'
        )
        value = _text(line.text) if line.link is None else self._reference(line)
        if line.name and "\n" in line.text:
            value = f"<br>{value}"
        size = f"font-size:{round(self._ink.pixels * _SMALL)}px;" if line.is_detail else ""
        self._parts.append(f'<p style="margin:2px 0 2px {_left(line.depth)}px; {colour}{size}">{name}{value}</p>')

    def _reference(self, line: Line) -> str:
        link = line.link
        assert link is not None  # noqa: S101 - the caller asked
        words = line.text
        if link.frames:
            words += " · " + tr("frame {numbers}", numbers=", ".join(str(frame) for frame in link.frames[:8]))
        if not link.is_image:
            return _text(words)
        place = self._where(link)
        if not place:
            missing = _text(tr("image not in this film"))
            return f'{_text(words)} <span style="color:{self._ink.amber}">⚠ {missing}</span>'
        self.links.append(link)
        target = f"{LINK_SCHEME}:{len(self.links) - 1}"
        return f'<a href="{target}" style="color:{self._ink.link}">{_text(place)} ›</a>'

    def _measures(self, lines: list[Line]) -> None:
        """Numbers that follow each other, as a table: name, value, unit."""
        if not lines:
            return
        cell = f'style="padding:2px 12px 2px 0; border-bottom:1px solid {self._ink.line}"'
        rows = "".join(
            f'<tr><td {cell}><span style="color:{self._ink.faint}">{_text(_titled(one.name))}</span></td>'
            f'<td {cell} align="right">{_text(one.text)}</td><td {cell}>{_text(one.unit)}</td></tr>'
            for one in lines
        )
        left = _left(lines[0].depth)
        self._parts.append(f'<table cellspacing="0" style="margin:3px 0 3px {left}px">{rows}</table>')
        lines.clear()

    def _table(self, table: Table) -> None:
        if table.caption:
            self._heading(Heading(table.depth + 1, table.caption))
        cell = f'style="padding:3px 12px 3px 4px; border:1px solid {self._ink.line}"'
        rows = []
        for number, row in enumerate(table.rows):
            tag = "th" if number < table.head_rows else "td"
            cells = [f'<{tag} {cell} align="left">{_text(words)}</{tag}>' for words in row]
            rows.append(f"<tr>{''.join(cells)}</tr>")
        style = f"margin:4px 0 4px {_left(table.depth)}px; border-collapse:collapse"
        self._parts.append(f'<table cellspacing="0" style="{style}">{"".join(rows)}</table>')


def _titled(name: str) -> str:
    """The one name that is ours and not the document's."""
    return tr("Author") if name == "Author" else name


def _left(depth: int) -> int:
    return min(depth, _DEEPEST_INDENT) * _INDENT_PX


def _text(words: str) -> str:
    return escape(words).replace("\n", "<br>")
