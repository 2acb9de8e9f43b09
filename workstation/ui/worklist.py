"""`Worklist`: the search of the configured sources on the film door. It shows; `app.searching` asks the sources.

Nothing of a patient stays when it is left alone, or when a film is closed: the next patient sees this page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from workstation.dicom.study_search import FoundStudy, of_one_patient
from workstation.station.worklist_habits import WorklistHabits
from workstation.ui.labels import ElidedLabel
from workstation.ui.language import mark, tr
from workstation.ui.worklist_filters import FilterBar
from workstation.ui.worklist_model import StudyTable
from workstation.ui.worklist_search import PROXY, SECRETS, SearchState
from workstation.ui.worklist_view import StudyList

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from workstation.errors import WorkstationError
    from workstation.ui.worklist_model import Key

IDLE_MS: Final = 5 * 60 * 1000  # then the list is emptied
_ACTIVITY: Final = (
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.MouseMove,
)  # fmt: skip
_WIDER_WORDS: Final = {
    "7": mark("Search the last 7 days"),
    "30": mark("Search the last 30 days"),
    "365": mark("Search the last year"),
    "any": mark("Search without a date"),
}


class Worklist(QWidget):
    """The worklist.

    Signals
    -------
    search_asked : (StudyQuery)
    cancel_asked : the search is called off
    open_asked : (tuple of FoundStudy) these shall be opened together
    pictures_wanted : (tuple of FoundStudy) rows in sight that have no picture yet; others are not wanted any more
    signed_in : (user name, password) what a source or the proxy asked for
    settings_asked : there is no source, and somebody may want to enter one
    filled_changed : rows came, or all are gone
    habits_changed : filters, order or widths to be remembered
    """

    search_asked = Signal(object)
    cancel_asked = Signal()
    open_asked = Signal(object)
    pictures_wanted = Signal(object)
    signed_in = Signal(str, str)
    settings_asked = Signal()
    filled_changed = Signal()
    habits_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = StudyTable()
        self._search = SearchState()
        self._before_patient: WorklistHabits | None = None  # how the filters stood before one patient was followed
        self._build()
        self._lay_out()
        self._connect()
        self.retranslate()

    # Building ---------------------------------------------------------------

    def _build(self) -> None:
        self.title = QLabel(self)
        self.title.setProperty("tone", "secondary")
        self.filters = FilterBar(self)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.says = QLabel(self)
        self.notes = QLabel(self)
        for label, tone in ((self.says, "secondary"), (self.notes, "amber")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("tone", tone)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
        self.wider_button = QPushButton(self)
        self.settings_button = QPushButton(self)
        self.list = StudyList(self.table, self)
        self.choice = ElidedLabel(self)
        self.choice.setProperty("tone", "secondary")
        self.patient_button = QPushButton(self)
        self.open_button = QPushButton(self)
        self.open_button.setObjectName("primary")
        self.user, self.password = QLineEdit(self), QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.sign_in_button = QPushButton(self)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)

    def _lay_out(self) -> None:
        said = QHBoxLayout()
        said.addWidget(self.says, 1)
        said.addWidget(self.wider_button)
        said.addWidget(self.settings_button)
        signing = QHBoxLayout()
        for field in (self.user, self.password):
            field.setMaximumWidth(220)
            signing.addWidget(field)
        signing.addWidget(self.sign_in_button)
        signing.addStretch(1)
        self.foot = QWidget(self)
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.choice, 1)
        foot.addWidget(self.patient_button)
        foot.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.title, self.filters, self.progress):
            column.addWidget(widget)
        column.addLayout(said)
        column.addWidget(self.notes)
        column.addLayout(signing)
        column.addWidget(self.list, 1)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        self.filters.asked.connect(self.search)
        self.filters.cancelled.connect(self.cancel)
        self.list.opened.connect(self._open)
        self.list.chosen_changed.connect(self._show_choice)
        self.list.seen.connect(self._want_pictures)
        self.list.arranged.connect(self.habits_changed)
        self.open_button.clicked.connect(self._open)
        self.patient_button.clicked.connect(self._search_patient)
        self.wider_button.clicked.connect(self._search_wider)
        self.settings_button.clicked.connect(self.settings_asked)
        self.user.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._sign_in)
        self.sign_in_button.clicked.connect(self._sign_in)
        self._idle.timeout.connect(self._on_idle)
        for watched in (self.filters.field, self.list, self.list.viewport()):
            watched.installEventFilter(self)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.title.setText(tr("Search the sources"))
        self.filters.retranslate()
        self.list.retranslate()
        self.settings_button.setText(tr("Settings…"))
        self.patient_button.setText(tr("All studies of this patient"))
        self.sign_in_button.setText(tr("Sign in"))
        self.user.setPlaceholderText(tr("User name"))
        self.user.setAccessibleName(tr("User name"))
        self.password.setPlaceholderText(tr("Password"))
        self.password.setAccessibleName(tr("Password"))
        self._show()

    # Searching ---------------------------------------------------------------

    @property
    def is_searching(self) -> bool:
        """Whether answers are awaited."""
        return self._search.is_searching

    def set_sources(self, names: tuple[str, ...]) -> None:
        """The sources that are configured."""
        self._search.sources = names
        self.filters.set_sources(names)
        self.list.show_sources(len(names) > 1)
        self._show()

    def search(self) -> None:
        """Look for what is entered, if it may be asked."""
        query = self.filters.query()
        self._empty()
        self._search.asked = query
        if self._search.sources and query.is_bounded:
            self.search_asked.emit(query)
            self.habits_changed.emit()
        self._idle.start()
        self._show()

    def begin(self, total: int) -> None:
        """So many sources are being asked."""
        self._search.begin(total)
        self._show()

    def add(self, found: tuple[FoundStudy, ...]) -> None:
        """Studies came."""
        was_empty = not self.table.rowCount()
        self.table.add(found)
        self._show()
        if was_empty and self.table.rowCount():
            self.filled_changed.emit()

    def source_done(self, name: str, *, is_capped: bool, is_unsure: bool) -> None:
        """A source has answered."""
        self._search.answered(name, is_capped=is_capped, is_unsure=is_unsure)
        self._show()

    def source_failed(self, name: str, error: WorkstationError) -> None:
        """A source could not be searched; the others go on."""
        self._search.failed(name, error)
        self._show()
        if error.code in SECRETS and self.list.isHidden():
            (self.user if error.code in PROXY else self.password).setFocus()

    def cancel(self) -> None:
        """Call the search off; what came stays."""
        if self.is_searching:
            self._search.call_off()
            self.cancel_asked.emit()
            self._show()

    def step_back(self) -> bool:
        """Escape: the search, then the list, then what was typed; False: there is nothing to take back."""
        if self.is_searching:
            self.cancel()
        elif self._search.asked is not None:
            self.forget()
        elif self.filters.field.text():
            self.filters.forget()
        else:
            return False
        return True

    def _search_wider(self) -> None:
        self.filters.set_period(self.filters.wider_period())
        self.search()

    def _search_patient(self) -> None:
        first = self.list.chosen()[0]
        self._before_patient = self._before_patient or self.habits()
        self.filters.set_patient(first.patient.patient_id, first.source)
        self.search()

    def _sign_in(self) -> None:
        if self.password.text():
            self.signed_in.emit(self.user.text(), self.password.text())
            self.password.clear()
            self.search()

    # Forgetting ---------------------------------------------------------------

    def forget(self) -> None:
        """The list and what was typed are gone."""
        self.cancel()
        self._empty()
        self.filters.forget()
        if self._before_patient is not None:
            self._take_filters(self._before_patient)
            self._before_patient = None
        self.user.clear()
        self.password.clear()
        self._idle.stop()
        self._show()

    def _empty(self) -> None:
        if self.is_searching:
            self.cancel_asked.emit()
        had_rows = bool(self.table.rowCount())
        self._search.clear()
        self.table.forget()
        if had_rows:
            self.filled_changed.emit()

    def _on_idle(self) -> None:
        had_something = self._search.asked is not None or bool(self.filters.field.text())
        self.forget()
        self._search.was_emptied = had_something
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody is there; Down goes from the field into the list. See QObject."""
        if event.type() in _ACTIVITY:
            self._idle.start()
        is_down = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down
        if is_down and event.type() == QEvent.Type.KeyPress and watched is self.filters.field and self.list.isVisible():
            self.list.take_focus()
            return True
        return super().eventFilter(watched, event)

    # Opening ---------------------------------------------------------------

    def _open(self) -> None:
        chosen = self.list.chosen()
        if chosen and of_one_patient(chosen):
            self.open_asked.emit(chosen)

    def _want_pictures(self, rows: range) -> None:
        wanted = tuple(self.table.study(row) for row in rows if self.table.lacks_picture(row))
        self.pictures_wanted.emit(wanted)

    def show_picture(self, key: Key, picture: QPixmap | None) -> None:
        """A picture for a row; None: there is none."""
        self.table.show_picture(key, picture)

    # What is said ---------------------------------------------------------------

    def _show(self) -> None:
        count = self.table.rowCount()
        self.filters.set_busy(self.is_searching)
        self.filters.set_usable(bool(self._search.sources))
        self.progress.setVisible(self.is_searching)
        self.progress.setRange(0, self._search.total if self._search.done else 0)
        self.progress.setValue(self._search.done)
        self.list.setVisible(bool(count))
        self.foot.setVisible(bool(count))
        self.settings_button.setVisible(not self._search.sources)
        wider = self.filters.wider_period()
        self.wider_button.setVisible(self._search.has_found_nothing(count) and bool(wider))
        self.wider_button.setText(tr(_WIDER_WORDS[wider]) if wider else "")
        self.says.setText(self._search.words(count))
        notes = self._search.notes(is_full=self.table.is_full)
        self.notes.setText("\n".join(f"⚠ {note}" for note in notes))
        self.notes.setVisible(bool(notes))
        self._show_sign_in()
        self._show_choice()

    def _show_sign_in(self) -> None:
        is_wanted = self._search.wanted_secret() is not None
        self.user.setVisible(self._search.wants_user)
        self.password.setVisible(is_wanted)
        self.sign_in_button.setVisible(is_wanted)

    def wanted_secret(self) -> WorkstationError | None:
        """What was refused for want of a password."""
        return self._search.wanted_secret()

    def _show_choice(self) -> None:
        chosen = self.list.chosen()
        is_one = bool(chosen) and of_one_patient(chosen)
        several = len(chosen) > 1
        self.open_button.setText(tr("Open {count} studies", count=len(chosen)) if several else tr("Open"))
        self.open_button.setEnabled(is_one)
        self.patient_button.setVisible(len(chosen) == 1 and bool(chosen[0].patient.patient_id))
        words = tr("Choose a study; several of one patient open together.")
        if several and not is_one:
            words = "⚠ " + tr("These are not surely of one patient: choose studies of one patient.")
        elif chosen:
            words = ""
        self.choice.setText(words)
        self.choice.setProperty("tone", "amber" if several and not is_one else "secondary")
        self.choice.style().unpolish(self.choice)
        self.choice.style().polish(self.choice)

    # Habits ---------------------------------------------------------------

    def habits(self) -> WorklistHabits:
        """What may be remembered: nothing that was typed, nor the way of one patient."""
        if self._before_patient is not None:
            return self._before_patient
        return WorklistHabits(
            self.filters.chosen_period,
            self.filters.modalities(),
            str(self.filters.source.currentData() or ""),
            self.table.sort_name,
            self.table.is_descending,
            self.list.widths(),
        )

    def take_habits(self, habits: WorklistHabits) -> None:
        """Stand as it was left."""
        self._take_filters(habits)
        self.list.set_widths(habits.widths)
        self.list.set_order(habits.sort, is_descending=habits.is_descending)

    def _take_filters(self, habits: WorklistHabits) -> None:
        self.filters.set_period(habits.period)
        self.filters.set_modalities(habits.modalities)
        self.filters.set_source(habits.source)
