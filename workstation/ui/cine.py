"""`Cine`: the clock of a pane's viewports that play; a step waits for a frame that has not arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from workstation.viewing.panes import Pane
    from workstation.viewing.session import ReadingSession

_USUAL_PER_SECOND: Final = 15
_SHORTEST_MS: Final = 10


class Cine(QObject):
    """Plays what shall play in a pane."""

    def __init__(self, session: ReadingSession, pane: Pane, parent: QObject) -> None:
        super().__init__(parent)
        self._pane = pane
        self._session = session
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._step)

    def refresh(self) -> None:
        """Start, stop, or change the pace, as the viewports now wish."""
        playing = [viewport for viewport in self._pane.shown if viewport.state.is_playing]
        if not playing:
            self._clock.stop()
            return
        shown = playing[0].state.display_set
        wished = shown.frame_time_ms if shown and shown.frame_time_ms else 1000 / _USUAL_PER_SECOND
        interval = max(_SHORTEST_MS, round(wished))
        if not self._clock.isActive() or self._clock.interval() != interval:
            self._clock.start(interval)

    def _step(self) -> None:
        for viewport in self._pane.shown:
            film, key = self._session.film_of(viewport.state.display_set), viewport.state.key
            is_there = film is not None and key is not None and film.frames.get(key) is not None
            if viewport.state.is_playing and is_there:
                viewport.play_on()
