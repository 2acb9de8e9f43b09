"""`ForgetBar`: asks, on every page, before films are destroyed, and what becomes of their measurements."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy

from workstation.ui import theme
from workstation.ui.bars import Bar
from workstation.ui.labels import plain_tip
from workstation.ui.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class Fate(Enum):
    """What the user wants."""

    ALL = "all"  # films and measurements go
    FILMS = "films"  # the measurements stay, under their own key
    NOTHING = "nothing"


_HEIGHT: Final = 44


class ForgetBar(Bar):
    """One question at a time; where nothing was measured it has two answers, else three.

    Signals
    -------
    answered : (Fate)
    """

    answered = Signal(Fate)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_HEIGHT, parent)
        self._words: Callable[[], str] | None = None
        self._has_measurements = False
        self.icon = QLabel(self)
        self.row.addWidget(self.icon)
        self.text = self.label(bold=True)
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.row.setStretchFactor(self.text, 1)
        self.films, self.everything, self.cancel = (QPushButton(self) for _ in range(3))
        for button, fate in ((self.films, Fate.FILMS), (self.everything, Fate.ALL), (self.cancel, Fate.NOTHING)):
            button.clicked.connect(lambda _checked, fate=fate: self._answer(fate))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.row.addWidget(button)
        self.hide()

    def ask(self, words: Callable[[], str], *, has_measurements: bool) -> None:
        """Ask.

        Parameters
        ----------
        words : callable
            The question, in the language in use.
        """
        self._words, self._has_measurements = words, has_measurements
        self._fill()
        self.show()
        self.cancel.setFocus()  # whoever types on destroys nothing

    def _fill(self) -> None:
        text = self._words() if self._words is not None else ""
        self.icon.setPixmap(
            theme.pixmap("alert-triangle", theme.TONES["red"], theme.icon_px(), self.devicePixelRatioF())
        )
        self.text.setText(text)
        self.text.setToolTip(plain_tip(text))
        self.films.setVisible(self._has_measurements)
        self.films.setText(tr("Delete the films, keep the measurements"))
        self.everything.setText(tr("Delete both") if self._has_measurements else tr("Delete"))
        self.cancel.setText(tr("Cancel"))

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        if self._words is not None:
            self._fill()

    def _answer(self, fate: Fate) -> None:
        self.dismiss()
        self.answered.emit(fate)

    def dismiss(self) -> None:
        """Hide, and keep nothing of what was asked."""
        self._words = None
        self.hide()
        self.text.clear()
        self.text.setToolTip("")
