"""The reading part of the pane: rich text that loads nothing, follows nothing, and copies only where it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QMenu, QTextBrowser, QTextEdit, QWidget

from workstation.ui import theme
from workstation.ui.language import tr
from workstation.ui.report_words import LINK_SCHEME, Ink, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QWheelEvent

    from workstation.dicom.report_blocks import Link

_NAVIGATION: Final = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
_LEAST_ZOOM: Final = 0.7
_MOST_ZOOM: Final = 3.0
_MOST_HITS: Final = 1000


class ReportText(QTextBrowser):
    """Shows a report's words.

    Signals
    -------
    link_chosen : (Link) an image reference was clicked, or Enter was pressed on it
    zoomed : the size of the text changed
    copied : text went to the clipboard
    """

    link_chosen = Signal(object)
    zoomed = Signal()
    copied = Signal()

    def __init__(self, may_copy: Callable[[], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._may_copy = may_copy
        self._links: tuple[Link, ...] = ()
        self._words: Callable[[Ink], Words] | None = None
        self._found: list[QTextCursor] = []
        self._zoom = 1.0
        self.text_scale = 100
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(12)
        self.setCursorWidth(0)  # nothing can be typed here
        self.anchorClicked.connect(self._on_anchor)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing is ever loaded, from this machine or any other. See QTextBrowser."""
        del kind, name
        return None

    def show_words(self, words: Callable[[Ink], Words]) -> None:
        """Show what `words` writes; it is asked again when the size changes."""
        self._words = words
        self._write()
        self.verticalScrollBar().setValue(0)

    def forget(self) -> None:
        """Keep nothing of what was shown."""
        self._words, self._links = None, ()
        self._found = []
        self.clear()

    def rewrite(self) -> None:
        """Write again, where it was: another language, size, or film."""
        place = self.verticalScrollBar().value()
        self._write()
        self.verticalScrollBar().setValue(place)

    def _write(self) -> None:
        if self._words is None:
            return
        pixels = round(theme.BASE_PX * self.text_scale / 100 * self._zoom)
        written = self._words(Ink.screen(pixels))
        self._links = written.links
        self.setHtml(written.html)

    @property
    def zoom(self) -> float:
        """Size of the text over that of the desk."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Change the size of the text."""
        zoom = max(_LEAST_ZOOM, min(zoom, _MOST_ZOOM))
        if zoom != self._zoom:
            self._zoom = zoom
            self.rewrite()
            self.zoomed.emit()

    # Searching -------------------------------------------------------------------------------------------------------

    def search(self, words: str) -> int:
        """Find every place of some words; gives how many there are."""
        self._found = []
        cursor = QTextCursor(self.document())
        while words and len(self._found) < _MOST_HITS:
            cursor = self.document().find(words, cursor)
            if cursor.isNull():
                break
            self._found.append(cursor)
        self.mark_hit(0)
        return len(self._found)

    def mark_hit(self, current: int) -> None:
        """Mark all places, bring the current one (from 0) into view."""
        made = []
        for number, cursor in enumerate(self._found):
            selection = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setBackground(QColor(theme.AMBER if number == current else theme.LINE))
            look.setForeground(QColor(theme.DESK if number == current else theme.TEXT))
            selection.format, selection.cursor = look, cursor
            made.append(selection)
        self.setExtraSelections(made)
        if 0 <= current < len(self._found):
            plain = QTextCursor(self._found[current])
            plain.clearSelection()
            self.setTextCursor(plain)
            self.ensureCursorVisible()

    # Copying ---------------------------------------------------------------------------------------------------------

    def copy_selection(self) -> None:
        """Copy what is selected as plain text, where this station allows it."""
        words = self.textCursor().selectedText().replace("\u2029", "\n").replace("\u2028", "\n")
        if words and self._may_copy():
            QGuiApplication.clipboard().setText(words)
            self.copied.emit()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Nothing leaves by dragging or by the middle button: only `copy_selection` copies. See QTextEdit."""
        return QMimeData()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """See QWidget."""
        menu = QMenu(self)
        copy = menu.addAction(tr("Copy text"), self.copy_selection)
        copy.setEnabled(self.textCursor().hasSelection() and self._may_copy())
        menu.addAction(tr("Select all"), self.selectAll)
        menu.exec(event.globalPos())

    # Events ----------------------------------------------------------------------------------------------------------

    def _on_anchor(self, url: QUrl) -> None:
        scheme, _, number = url.toString().partition(":")
        if scheme == LINK_SCHEME and number.isdigit() and int(number) < len(self._links):
            self.link_chosen.emit(self._links[int(number)])

    def event(self, event: QEvent) -> bool:
        """Keys that move in the text are the text's, not the images', while it has the focus. See QObject."""
        if event.type() == QEvent.Type.ShortcutOverride:
            key: QKeyEvent = event  # type: ignore[assignment]
            if key.key() in _NAVIGATION or key.matches(QKeySequence.StandardKey.Copy) or self._is_on_link(key):
                event.accept()
                return True
        return super().event(event)

    def _is_on_link(self, key: QKeyEvent) -> bool:
        return key.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.textCursor().charFormat().isAnchor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QWidget."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl+wheel: the size of the text. See QWidget."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom * (1.1 if event.angleDelta().y() > 0 else 1 / 1.1))
            event.accept()
            return
        super().wheelEvent(event)
