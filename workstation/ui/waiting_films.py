"""Films that their archive fetches from its store, as lines on the film door: asked again when, and ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workstation.ui.language import tr

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class WaitingFilm:
    """One line.

    Attributes
    ----------
    number : int
        Names it.
    what : str
        Date and description of the study, or when it was asked for; no name.
    seconds : int or None
        Until the archive is asked again; None while it is being asked.
    is_ready : bool
        It can be opened now.
    is_promised : bool
        The archive said that it fetches the film (202); else that somebody is to ask later (503).
    """

    number: int
    what: str
    seconds: int | None = None
    is_ready: bool = False
    is_promised: bool = True


def clock(seconds: int) -> str:
    """Minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


def waiting_words(film: WaitingFilm) -> str:
    """What a line says."""
    if film.is_ready:
        return tr("The film is ready: {what}", what=film.what)
    if film.seconds is None:
        return f"{tr('The archive is being asked again for this film …')}  {film.what}"
    said = (
        tr("The archive is fetching this film from its store; asked again in {time}", time=clock(film.seconds))
        if film.is_promised
        else tr("The archive does not have this film at hand yet; asked again in {time}", time=clock(film.seconds))
    )
    return f"{said}  {film.what}"


class _Line(QWidget):
    def __init__(self, parent: WaitingFilms, number: int) -> None:
        super().__init__(parent)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.open = QPushButton(self)
        self.open.setObjectName("primary")
        self.open.clicked.connect(lambda: parent.opened.emit(number))
        self.stop = QPushButton(self)
        self.stop.clicked.connect(lambda: parent.cancelled.emit(number))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.open)
        row.addWidget(self.stop)

    def show_film(self, film: WaitingFilm) -> None:
        words = waiting_words(film)
        self.words.setText(words)
        tone = "green" if film.is_ready else "amber"
        if self.words.property("tone") != tone:
            self.words.setProperty("tone", tone)
            self.words.style().unpolish(self.words)
            self.words.style().polish(self.words)
        self.open.setVisible(film.is_ready)
        self.open.setText(tr("Open"))
        self.stop.setText(tr("Close") if film.is_ready else tr("Cancel"))
        self.stop.setAccessibleDescription(words)


class WaitingFilms(QWidget):
    """The lines; nothing where no film is waited for.

    Signals
    -------
    opened, cancelled : (number) the film of this line is to be opened, or is not waited for any more
    """

    opened = Signal(int)
    cancelled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.lines: dict[int, _Line] = {}
        self._films: tuple[WaitingFilm, ...] = ()
        self.hide()

    def show_films(self, films: Sequence[WaitingFilm]) -> None:
        """Show these."""
        self._films = tuple(films)
        wanted = {film.number for film in films}
        for number in [one for one in self.lines if one not in wanted]:
            line = self.lines.pop(number)
            line.hide()
            line.deleteLater()
        for film in films:
            if film.number not in self.lines:
                self.lines[film.number] = _Line(self, film.number)
                self._column.addWidget(self.lines[film.number])
            self.lines[film.number].show_film(film)
        self.setVisible(bool(films))

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.show_films(self._films)
