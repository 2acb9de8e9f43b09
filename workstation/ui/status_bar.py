"""The status bar: how complete a film is, how fast and from where it comes, and what can be done about a load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QToolButton

from workstation.ui import theme
from workstation.ui.actions import BY_ID
from workstation.ui.bars import Bar
from workstation.ui.labels import ElidedLabel
from workstation.ui.language import tr
from workstation.ui.waiting_films import clock
from workstation.viewing.film import FilmState

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

    from workstation.viewing.film import Film, Hold


_PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Asking(ElidedLabel):
    """Something that is said of a load; a click, Enter or the space bar asks for more.

    Signals
    -------
    asked : somebody wants to know
    """

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("weight", "normal")
        self.setProperty("rank", "base")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """See QWidget."""
        if self.text() and self.rect().contains(event.position().toPoint()):
            self.asked.emit()

    def event(self, event: QEvent) -> bool:
        """See QObject: while it has the focus its keys are its own, and no command's."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _PRESSES:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QWidget."""
        if self.text() and event.key() in _PRESSES:
            self.asked.emit()
        else:
            super().keyPressEvent(event)


class Verdict(Asking):
    """How complete a film is: never cut."""

    def setText(self, text: str) -> None:
        """See QLabel: the tip stays what it is."""
        QLabel.setText(self, text)

    def minimumSizeHint(self) -> QSize:
        """See QWidget."""
        return self.sizeHint()


class StatusBar(Bar):
    """How complete, how fast, from where; a hint; what is under the pointer; cancel.

    Signals
    -------
    stop_asked : the user calls the load off
    triggered : a command of the action table, by its id
    """

    stop_asked = Signal()
    triggered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(28, parent)
        self.row.setSpacing(14)
        self.completeness = Verdict(self)
        self.completeness.asked.connect(lambda: self.triggered.emit("film.completeness"))
        self.row.addWidget(self.completeness)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(120)
        self.row.addWidget(self.progress)
        self.stop = QToolButton(self)
        theme.put_icon(self.stop, "x", theme.icon_px(16))
        self.stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stop.clicked.connect(self.stop_asked)
        self.row.addWidget(self.stop)
        self.pause = self._button("film.pause")
        self.again = self._button("film.retry")
        self.again.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.facts = Asking(self)
        self.facts.setProperty("tone", "secondary")
        self.facts.asked.connect(lambda: self.triggered.emit("desk.speeds"))
        self.row.addWidget(self.facts)
        self.monitor = self.label("secondary", gives_way=True)
        self.hint = self.label("secondary", gives_way=True)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for label in (self.facts, self.hint):
            label.setMinimumWidth(1)  # the first to give way
        self.row.setStretchFactor(self.hint, 1)
        self.probe = self.label()
        self.probe.setMinimumWidth(180)
        self.probe.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._told: tuple[object, ...] = ()
        self.show_progress(None)

    def _button(self, action_id: str) -> QToolButton:
        made = QToolButton(self)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda: self.triggered.emit(action_id))
        made.hide()
        self.row.addWidget(made)
        return made

    def show_hold(self, hold: Hold, *, is_loading: bool) -> None:
        """What can be done about what holds the load up: go on after a pause, fetch what is missing."""
        told = (hold.is_paused, hold.missing > 0, is_loading, tr("Pause loading"), theme.icon_px(16))
        if told == self._told:  # told ten times a second; to draw an icon takes longer than a slice
            return
        self._told = told
        self.pause.setVisible(is_loading)
        side = theme.icon_px(16)
        self.pause.setIcon(theme.icon("player-play" if hold.is_paused else "player-pause", side))
        self.pause.setIconSize(QSize(side, side))
        words = tr("Go on loading") if hold.is_paused else tr("Pause loading")
        self.pause.setToolTip(words)
        self.pause.setAccessibleName(words)
        self.again.setVisible(hold.missing > 0 and not is_loading)
        self.again.setText(tr("Fetch what is missing again"))
        self.again.setToolTip(tr(BY_ID["film.retry"].hint))

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        theme.put_icon(self.stop, "x", theme.icon_px(16))
        self.stop.setToolTip(tr("Stop loading"))
        self.stop.setAccessibleName(tr("Stop loading"))
        self.completeness.setToolTip(tr("What is missing, and why"))
        self.facts.setAccessibleDescription(tr("Speed of the sources"))

    def show_progress(self, share: tuple[int, int] | None) -> None:
        """So many of so many are here; None when nothing is being loaded."""
        self.progress.setVisible(share is not None)
        self.stop.setVisible(share is not None)
        if share is not None:
            self.progress.setRange(0, max(1, share[1]))
            self.progress.setValue(share[0])

    def show_completeness(self, text: str, tone: str) -> None:
        """The verdict, in words and colour."""
        _tell(self.completeness, text, tone)

    def show_monitor(self, text: str, tone: str) -> None:
        """What the monitor may be used for, in words and colour."""
        _tell(self.monitor, text, tone)


def _tell(label: QLabel, text: str, tone: str) -> None:
    label.setText(text)
    if label.property("tone") == tone:
        return  # styling anew costs more than a slice
    label.setProperty("tone", tone)
    label.style().unpolish(label)
    label.style().polish(label)


def completeness_words(film: Film) -> tuple[str, str]:
    """How much of a film is here, and what it waits for: in words, and their tone."""
    received, expected = film.totals
    waits_s = film.hold.waits_s
    if film.hold.is_paused and film.state is FilmState.LOADING:
        return "⚠ " + tr("Paused: {received} of {expected}", received=received, expected=expected), "amber"
    if film.state is FilmState.LOADING and film.hold.cold_s is not None:
        return f"⚠ {received} / {expected} · {_in_store(film.hold.cold_s)}", "amber"
    if film.state is FilmState.LOADING and waits_s is not None:
        return f"⚠ {received} / {expected} · {_waiting(waits_s)}", "amber"
    if film.state is FilmState.LOADING:
        return tr("Loading {received} / {expected}", received=received, expected=expected), "secondary"
    if film.state is FilmState.CANCELLED and received < expected:
        return "⚠ " + tr("Stopped: {received} of {expected}", received=received, expected=expected), "amber"
    if received < expected or film.refusals:
        words = tr("INCOMPLETE {received} of {expected}", received=received, expected=expected)
        return f"⚠ {words}" + ("" if waits_s is None else f" · {_waiting(waits_s)}"), "amber"
    complete = tr("Complete {received} / {expected}", received=received, expected=expected)
    if film.differing:
        return f"⚠ {complete} · {tr('{count} otherwise at the source', count=len(film.differing))}", "red"
    return f"✓ {complete}", "green"


def _in_store(seconds: int) -> str:
    if seconds <= 0:
        return tr("the archive fetches the rest from its store and is being asked again")
    return tr("the archive fetches the rest from its store; asked again in {time}", time=clock(seconds))


def _waiting(seconds: int) -> str:
    if seconds <= 0:
        return tr("the source does not answer and is being tried again")
    return tr("the source does not answer; next try in {seconds} s", seconds=seconds)
