"""The start page: one large field. What was understood is said while typing; what went wrong, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.ui import theme
from workstation.ui.asked_secret import AskedSecret
from workstation.ui.entry_field import EntryField
from workstation.ui.language import tr
from workstation.ui.messages import sentence
from workstation.ui.offers import Choices, Offer
from workstation.ui.other_ways import OtherWays
from workstation.ui.understood import understood_words
from workstation.ui.waiting_films import WaitingFilms
from workstation.ui.worklist import Worklist
from workstation.ui.wrapping import scrolling

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent

    from workstation.errors import WorkstationError
    from workstation.ui.understood import Understood

_WIDTH: Final = 760
_FULL_WIDTH: Final = 1800
_ENTRY_HEIGHT: Final = 50
_DOTS: Final = "•••"
_QUESTIONS: Final = ("link-passcode-needed", "secret-missing", "proxy-sign-in")


class FilmDoor(QWidget):
    """The film door.

    Signals
    -------
    shown : it is on the screen
    entered : (text, passcode or password, user name) the user wants this opened
    cancelled : the user called the opening off
    files_asked, folder_asked : the user wants to choose a file or a folder
    dropped : (path) something was dropped
    pictured : (image) a picture was dropped
    clipboard_asked : the user pasted a picture, or wants what was copied
    screen_asked : the user wants to frame a code on the screen
    picked : (number) one of the offered candidates
    """

    shown = Signal()
    entered = Signal(str, str, str)
    cancelled = Signal()
    files_asked = Signal()
    folder_asked = Signal()
    dropped = Signal(str)
    pictured = Signal(QImage)
    clipboard_asked = Signal()
    screen_asked = Signal()
    picked = Signal(int)
    back_asked = Signal()
    settings_asked = Signal()

    def __init__(self, understand: Callable[[str], Understood], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._understand = understand
        self._error: WorkstationError | None = None
        self._hidden = ""  # what was really entered, while the field shows it masked
        self._report = ""  # where the crash report lies
        self.setObjectName("desk")
        self.setAcceptDrops(True)
        self._build()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(120)
        self._settle.timeout.connect(self._show_understood)
        self.retranslate()

    def _build(self) -> None:
        self._build_entry()
        self._build_waiting()
        self._build_choices()
        self._lay_out()
        self._set_busy(False)

    def _build_entry(self) -> None:
        self.title = QLabel(self)
        self.title.setProperty("rank", "title")
        self.field = EntryField(self)
        self.field.picture_pasted.connect(self.clipboard_asked)
        self.field.setObjectName("entry")
        self.field.setClearButtonEnabled(True)
        self.field.textEdited.connect(self._on_edited)
        self.field.returnPressed.connect(self._enter)
        self.open_button = QPushButton(self)
        self.open_button.setObjectName("primary")
        for widget in (self.field, self.open_button):
            widget.setMinimumHeight(_ENTRY_HEIGHT)  # more where the text is large
            widget.setSizePolicy(widget.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Minimum)
        self.open_button.clicked.connect(self._enter)
        self.understood = QLabel(self)
        self.understood.setWordWrap(True)
        self.understood.setTextFormat(Qt.TextFormat.PlainText)
        self.understood.setMinimumWidth(1)  # a long word does not widen the window
        self.asked = AskedSecret(self)
        self.user, self.passcode = self.asked.user, self.asked.passcode
        self.asked.entered.connect(self._enter)

    def _build_waiting(self) -> None:
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 0)
        self.stop_button = QPushButton(self)
        self.stop_button.clicked.connect(self.cancelled)

    def _build_choices(self) -> None:
        self.choices = Choices(self)
        self.choices.picked.connect(self.picked)
        self.choices.sample_chosen.connect(self._enter_sample)
        self.waiting = WaitingFilms(self)
        self.worklist = Worklist(self)
        self.worklist.filled_changed.connect(self._share_room)
        self.ways = OtherWays(self)
        for asked, told in (
            (self.ways.files_asked, self.files_asked),
            (self.ways.folder_asked, self.folder_asked),
            (self.ways.screen_asked, self.screen_asked),
            (self.ways.clipboard_asked, self.clipboard_asked),
            (self.ways.settings_asked, self.settings_asked),
            (self.ways.back_asked, self.back_asked),
        ):
            asked.connect(told)

    def _lay_out(self) -> None:
        entry = QHBoxLayout()
        entry.setSpacing(8)
        entry.addWidget(self.field, 1)
        entry.addWidget(self.open_button)
        waiting = QHBoxLayout()
        waiting.addWidget(self.progress, 1)
        waiting.addWidget(self.stop_button)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.title)
        column.addLayout(entry)
        column.addWidget(self.understood)
        column.addWidget(self.asked)
        column.addLayout(waiting)
        column.addWidget(self.waiting)
        column.addWidget(self.ways)
        column.addSpacing(8)
        column.addWidget(self.choices)
        self._whole = scrolling(self)
        self._whole.setContentsMargins(24, 12, 24, 12)
        self._whole.setSpacing(16)
        self._whole.addStretch(2)
        self._whole.addLayout(self._in_the_middle(column))
        lists = QVBoxLayout()
        lists.addWidget(self.worklist)
        self._whole.addLayout(self._in_the_middle(lists))
        self._room: QWidget = self.worklist.parentWidget() or self
        self._upper_room: QWidget = self.field.parentWidget() or self
        self._whole.addStretch(3)
        self._share_room()

    def _in_the_middle(self, column: QVBoxLayout) -> QHBoxLayout:
        inner = QWidget(self)
        inner.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(inner, 40)
        middle.addStretch(1)
        return middle

    def _share_room(self) -> None:
        """A worklist with rows takes the page; the samples make room for it."""
        is_filled = bool(self.worklist.table.rowCount())
        width = round(_WIDTH * theme.text_scale() / 100)
        self._room.setMaximumWidth(max(_FULL_WIDTH, width) if is_filled else width)
        self._upper_room.setMaximumWidth(width)
        self.choices.make_room(is_filled)
        for place, stretch in enumerate((0, 0, 1, 0) if is_filled else (2, 0, 0, 3)):
            self._whole.setStretch(place, stretch)

    def showEvent(self, event: QShowEvent) -> None:
        """See QWidget."""
        super().showEvent(event)
        self.shown.emit()

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.title.setText(tr("Open a film"))
        hint = tr("Scan a code, paste a link, or type an accession number")
        self.field.set_hints(hint, tr("Code, link or accession number"))
        self.field.setAccessibleName(tr("Film link"))
        self.open_button.setText(tr("Open"))
        self.asked.retranslate()
        self.stop_button.setText(tr("Cancel"))
        self.ways.retranslate()
        self.choices.retranslate()
        self.waiting.retranslate()
        self.worklist.retranslate()
        self._share_room()
        if self._error is not None:
            self._say(sentence(self._error), "red")
        else:
            self._show_understood()

    # What is said ---------------------------------------------------------------

    def _on_edited(self) -> None:
        if self._hidden:  # a masked link cannot be edited: what is typed or pasted now begins a new one
            self._hidden = ""
            if _DOTS in self.field.text():
                self.field.clear()
        self._error = None
        self.asked.dismiss()
        self.choices.offer_candidates(())
        self._settle.start()

    def _show_understood(self) -> None:
        text = self.entry()
        if self._error is not None:
            return
        if not text.strip():
            died = tr("The program ended unexpectedly. A report without patient data: {file}", file=self._report)
            self._say(died if self._report else "", "amber" if self._report else "secondary")
            return
        found = self._understand(text)
        self._mask(text, found)
        if found.problem is not None:
            self._say(sentence(found.problem), "amber")
            return
        self._say(understood_words(found), "secondary")

    def entry(self) -> str:
        """What was entered, with its token; the field itself never shows one for longer than a moment."""
        return self._hidden or self.field.text()

    def enter_text(self, text: str) -> None:
        """Put a text into the field as if it had been pasted."""
        self._hidden = ""
        self._error = None
        self.field.setText(text)
        self._show_understood()

    def _mask(self, text: str, found: Understood) -> None:
        if found.masked != text:
            self._hidden = text
            self.field.setText(found.masked)

    def _say(self, text: str, tone: str) -> None:
        self.understood.setText(text)
        self.understood.setProperty("tone", tone)
        self.understood.style().unpolish(self.understood)
        self.understood.style().polish(self.understood)

    def _enter(self) -> None:
        if self.entry().strip() and self.open_button.isEnabled():
            self._show_understood()
            self.entered.emit(self.entry(), self.passcode.text(), self.user.text())

    # What the opening tells ---------------------------------------------------------------

    def show_opening(self, words: str) -> None:
        """The opening is under way."""
        self._error = None
        self._set_busy(True)
        self._say(words, "secondary")

    def show_counted(self, done: int, total: int) -> None:
        """So many of so many files are read."""
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self._say(tr("Reading files: {done} of {total}", done=done, total=total), "secondary")

    def show_idle(self) -> None:
        """Nothing is being opened; the field is empty, so that the next patient sees nothing of this one."""
        self._set_busy(False)
        self._error = None
        self.choices.offer_candidates(())
        self._hidden = ""
        self.field.clear()
        self.asked.forget()
        self._say("", "secondary")
        if self.isVisible():  # behind an open film it would take every key that the film is read with
            self.field.setFocus()

    def show_error(self, error: WorkstationError) -> None:
        """Say why it did not open, and leave what was typed."""
        self._set_busy(False)
        self._error = error
        self._say(sentence(error), "amber" if error.code in _QUESTIONS else "red")
        if not self.asked.ask(error):
            self.field.setFocus()

    def offer_candidates(self, offers: tuple[Offer, ...], words: str) -> None:
        """Several films fit: let the user choose; `words` say why."""
        self._set_busy(False)
        self.choices.offer_candidates(offers)
        self._say(words, "amber")
        self.choices.list.setFocus()

    def suggest_user(self, name: str) -> None:
        """The user name that the settings know: only the password is left to type."""
        self.asked.suggest_user(name)

    def say_died(self, report: str) -> None:
        """The program died the last time it ran; where its report lies."""
        self._report = report
        self._show_understood()

    @property
    def is_busy(self) -> bool:
        """Whether a film is being opened."""
        return not self.open_button.isEnabled()

    @property
    def has_candidates(self) -> bool:
        """Whether the user is asked to choose."""
        return bool(self.choices.candidates)

    def set_back_possible(self, possible: bool) -> None:
        """Whether a film is open behind this page."""
        self.ways.back_button.setVisible(possible)

    def set_files_allowed(self, allowed: bool) -> None:
        """Whether IT allows files and folders."""
        self.ways.file_button.setVisible(allowed)
        self.ways.folder_button.setVisible(allowed)

    def set_screen_allowed(self, allowed: bool) -> None:
        """Whether IT allows looking at the screen."""
        self.ways.screen_button.setVisible(allowed)

    def _set_busy(self, busy: bool) -> None:
        self.progress.setRange(0, 0)
        self.progress.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.open_button.setEnabled(not busy)
        self.field.setReadOnly(busy)

    def _enter_sample(self, link: str) -> None:
        self.enter_text(link)
        self._enter()

    # Dropping ---------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """See QWidget."""
        if event.mimeData().hasUrls() or event.mimeData().hasText() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """See QWidget."""
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            self.dropped.emit(local[0])
        elif event.mimeData().hasImage():
            self.pictured.emit(QImage(event.mimeData().imageData()))
        elif event.mimeData().hasText():
            self.enter_text(event.mimeData().text())
        event.acceptProposedAction()
