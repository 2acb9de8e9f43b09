"""`Expiring`: while the program runs, destroys kept films whose lease is over or that IT does not allow any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from workstation.tasks import Priority

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.app.station import Station
    from workstation.tasks import Tasks

_LOOK_MS: Final = 30_000  # so much later than its lease says is a film gone, at most


class Expiring:
    """Looks every half minute, off the main thread.

    Parameters
    ----------
    tasks : Tasks
        Runs the look.
    station : callable
        Whose store it is.
    told : callable
        Hears that films went.
    """

    def __init__(self, tasks: Tasks, station: Callable[[], Station], told: Callable[[], None]) -> None:
        self._tasks, self._station, self._told = tasks, station, told
        self._timer = QTimer()
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """From now on."""
        self._timer.start()

    def look(self) -> None:
        """Look now."""
        station = self._station()

        def done(gone: int) -> None:
            if gone:
                station.record("forget", act="lease", count=gone)
                self._told()

        self._tasks.submit(lambda _token: station.shelving.tidy(), priority=Priority.PRIOR, done=done)

    def close(self) -> None:
        """The program ends."""
        self._timer.stop()
