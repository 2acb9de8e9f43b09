"""The manual: pages that ship with the program, read without a network, opened by F1 at the page for where one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QKeySequence, QPalette, QShortcut, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QTextBrowser, QVBoxLayout, QWidget

from workstation.locations import resources
from workstation.ui import theme
from workstation.ui.language import mark, tr
from workstation.ui.shortcut_page import shortcut_html

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QResizeEvent

SHORTCUTS: Final = "shortcuts"
PAGES: Final = (
    ("start", mark("Getting started")), ("open", mark("Opening a film")), ("search", mark("Search")),
    ("read", mark("Reading images")), ("measure", mark("Measuring")), ("windows", mark("Windows and monitors")),
    ("reports", mark("Reports")),
    ("output", mark("Copying and saving")), ("settings", mark("Settings")), (SHORTCUTS, mark("Shortcuts")),
    ("problems", mark("When something goes wrong")), ("privacy", mark("Privacy")),
)  # fmt: skip
_LIST_WIDTH: Final = 220
_TEXT_WIDTH: Final = 860
_LINE_PERCENT: Final = 135


def folder(language: str) -> Path:
    """Where the pages of a language lie."""
    return resources() / "manual" / language


def read_pages(language: str) -> dict[str, str]:
    """Every page, as Markdown. Reads files: not on the main thread."""
    place = folder(language)
    return {name: (place / f"{name}.md").read_text(encoding="utf-8") for name, _ in PAGES if name != SHORTCUTS}


class Page(QTextBrowser):
    """One page; pictures and links of the manual, and nothing else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language = "en"
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(24)
        colours = self.palette()
        colours.setColor(QPalette.ColorRole.Link, theme.ACCENT)
        colours.setColor(QPalette.ColorRole.Base, theme.PANEL)
        self.setPalette(colours)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Pictures of the manual alone, no wider than the page. See QTextBrowser."""
        path = name.path() if isinstance(name, QUrl) else str(name)
        if kind != QTextDocument.ResourceType.ImageResource.value or not path.startswith("pictures/") or ".." in path:
            return None
        picture = QImage(str(folder(self.language) / path))
        width = max(200, min(_TEXT_WIDTH, self.viewport().width() - 64))
        ratio = self.devicePixelRatioF()
        if picture.width() > width * ratio:
            picture = picture.scaledToWidth(round(width * ratio), Qt.TransformationMode.SmoothTransformation)
        picture.setDevicePixelRatio(ratio)
        return picture


class ManualWindow(QWidget):
    """The manual in a window of its own, beside the images.

    Parameters
    ----------
    read : callable
        ``read(language, told)`` reads the pages off the main thread and hands them to `told`.
    """

    def __init__(
        self, read: Callable[[str, Callable[[dict[str, str]], None]], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("desk")
        self._read = read
        self._pages: dict[str, str] = {}
        self._name = PAGES[0][0]
        self.resize(1120, 780)
        self.list = QListWidget(self)
        self.list.setObjectName("groups")
        self.list.currentRowChanged.connect(self._on_row)
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._find)
        self.none = QLabel(self)
        self.none.setProperty("tone", "secondary")
        self.page = Page(self)
        self.page.anchorClicked.connect(lambda url: self.show_page(url.path().removesuffix(".md")))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        self._lay_out()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        left.addWidget(self.none)
        holder = QWidget(self)
        holder.setLayout(left)
        holder.setFixedWidth(round(_LIST_WIDTH * theme.text_scale() / 100))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 0, 0)
        row.addWidget(holder)
        row.addWidget(self.page, 1)

    def open_at(self, name: str, language: str) -> None:
        """Show a page in a language."""
        self._name = name
        self.page.language = language
        self.retranslate()
        self.show_page(name)
        self._read(language, self._take)
        self.show()
        self.raise_()
        self.activateWindow()

    def _take(self, pages: dict[str, str]) -> None:
        self._pages = pages
        self._filter(self.search.text())
        self.show_page(self._name)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.setWindowTitle(tr("Manual"))
        self.search.setPlaceholderText(tr("Search the manual"))
        self.search.setAccessibleName(tr("Search the manual"))
        self.list.setAccessibleName(tr("Pages of the manual"))
        self.page.setAccessibleName(tr("Manual"))
        self.none.setText(tr("Nothing found."))
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([tr(title) for _, title in PAGES])
        self.list.blockSignals(False)

    def show_page(self, name: str) -> None:
        """Show a page by its name."""
        row = next((n for n, (one, _) in enumerate(PAGES) if one == name), 0)
        self._name = PAGES[row][0]
        self.list.blockSignals(True)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self.page.document().setBaseUrl(QUrl())
        if self._name == SHORTCUTS:
            self.page.setHtml(shortcut_html())
        else:
            self.page.setMarkdown(self._pages.get(self._name, ""))
            self._space_out()
        self.page.verticalScrollBar().setValue(0)

    def _space_out(self) -> None:
        """Air between the lines and round the headings: Qt's own are set too close for Chinese."""
        cursor = QTextCursor(self.page.document())
        block = self.page.document().begin()
        while block.isValid():
            form = block.blockFormat()
            form.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            is_heading = form.headingLevel() > 0
            form.setTopMargin((20 if block.blockNumber() else 0) if is_heading else 2)
            form.setBottomMargin(8 if is_heading or block.textList() is None else 2)
            cursor.setPosition(block.position())
            cursor.setBlockFormat(form)
            block = block.next()

    @property
    def shown(self) -> str:
        """The name of the page that is shown."""
        return self._name

    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.show_page(PAGES[row][0])

    def _filter(self, words: str) -> None:
        wanted = words.strip().casefold()
        found = 0
        for row, (name, title) in enumerate(PAGES):
            text = shortcut_html() if name == SHORTCUTS else self._pages.get(name, "")
            is_there = wanted in f"{tr(title)} {text}".casefold()
            self.list.item(row).setHidden(not is_there)
            found += is_there
        self.none.setVisible(not found)

    def _find(self) -> None:
        """Go to the next place of the words on this page, else to the next page that has them."""
        words = self.search.text().strip()
        if not words or self.page.find(words):
            return
        rows = [row for row in range(len(PAGES)) if not self.list.item(row).isHidden()]
        later = [row for row in rows if row > self.list.currentRow()] or rows
        if later:
            self.list.setCurrentRow(later[0])
            self.page.find(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures are made for the new width. See QWidget."""
        super().resizeEvent(event)
        if self._pages:
            self.show_page(self._name)
