"""`Questions`: the two bars above the glass. One asks who the patient is, the other says what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workstation.ui.bars import QuestionBar, person_words
from workstation.ui.language import tr
from workstation.ui.messages import sentence
from workstation.viewing.words import NOT_GIVEN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from workstation.dicom.study import Patient
    from workstation.errors import WorkstationError
    from workstation.ui.opener import Opener
    from workstation.viewing.session import ReadingSession


class Questions:
    """Asks one question at a time, and acts on the answer.

    Parameters
    ----------
    session : ReadingSession
        Whose patient is asked for.
    opener : Opener
        Hears the answers.
    trigger : callable
        Runs a command by its id.
    parent : QWidget
        Holds the bars.
    """

    def __init__(
        self, session: ReadingSession, opener: Opener, trigger: Callable[[str], None], parent: QWidget
    ) -> None:
        self._session = session
        self._opener = opener
        self._trigger = trigger
        self._chinese = False
        self._error: WorkstationError | None = None
        self._apart: Patient | None = None
        self.question = QuestionBar(parent)
        self.question.answered.connect(self._on_answer)
        self.notice = QuestionBar(parent)
        self.notice.answered.connect(lambda _yes: self.dismiss_notice())
        self.ready = QuestionBar(parent)
        self.ready.answered.connect(self._on_ready)
        self._ready_told: Callable[[bool], None] = lambda _is_wanted: None

    @property
    def asks_apart(self) -> bool:
        """Whether a film of another patient waits for an answer."""
        return self._apart is not None

    def ask_who(self) -> None:
        """Ask whether this is the patient, unless that is known, or another question waits for its answer."""
        if self.asks_apart:
            return  # one question at a time: the film of the other patient waits for its answer
        if self._session.patient is None or self._session.is_confirmed.value:
            self.question.hide()
            return
        films = self._session.films.value
        asked = next((film for film in reversed(films) if film.name_differs), films[0])
        patient = asked.patient
        who = person_words(patient, asked.instances[0].study.age, chinese=self._chinese)
        text = tr("Is this {who}, ID {id}?", who=who, id=patient.patient_id or NOT_GIVEN)
        self.question.ask(text, tr("Yes, this patient (Enter)"), tr("No, close the film"))

    def ask_apart(self, patient: Patient) -> None:
        """Ask whether a film of another patient shall open in its own window."""
        self._apart = patient
        who = person_words(patient, "", chinese=self._chinese)
        self.question.ask(
            tr("This film is of ANOTHER PATIENT: {who}. Open it in its own window?", who=who),
            tr("Open in its own window"),
            tr("Do not open"),
            tone="red",
        )

    def _on_answer(self, agreed: bool) -> None:
        if self.asks_apart:
            self._apart = None
            self.question.hide()
            self._opener.open_apart(agreed)
            self.ask_who()
        elif agreed:
            self._trigger("film.confirm")
        else:
            self._opener.close_film()

    def confirm(self) -> None:
        """The user says: this is the patient. It is no answer to another question."""
        if self.asks_apart:
            return
        self._session.is_confirmed.set(True)
        self.question.hide()
        self._opener.confirm()

    def show_notice(self, error: WorkstationError) -> None:
        """Say what went wrong while a film is open."""
        self._error = error
        self.notice.ask(sentence(error), "", tr("Close"), tone="red")

    def tell_ready(self, words: str, answered: Callable[[bool], None]) -> None:
        """Say that a film which was waited for can be opened."""
        self._ready_told = answered
        self.ready.ask(words, tr("Open"), tr("Later"), tone="green")

    def _on_ready(self, is_wanted: bool) -> None:
        self.ready.dismiss()
        self._ready_told(is_wanted)

    def dismiss_notice(self) -> None:
        """What was said has been read; another language does not bring it back."""
        self._error = None
        self.notice.hide()

    def take_back(self, errors: Sequence[WorkstationError]) -> None:
        """What was said is over: it is asked for again."""
        if any(self._error is error for error in errors):
            self.dismiss_notice()

    def forget(self) -> None:
        """Everything is closed: nothing of the patient stays."""
        self.question.dismiss()
        self.notice.dismiss()
        self._error, self._apart = None, None

    def retranslate(self, *, chinese: bool) -> None:
        """Take the words of the language in use."""
        self._chinese = chinese
        if self._apart is not None:
            self.ask_apart(self._apart)
        else:
            self.ask_who()
        if self._error is not None:
            self.show_notice(self._error)
