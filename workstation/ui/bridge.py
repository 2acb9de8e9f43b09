"""From worker threads to the main thread: `Bridge.post`. Repaints are asked for once a frame of the display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable


class Bridge(QObject):
    """Runs calls on the thread it was made on; `post` may be called from any thread."""

    _posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._is_open = True
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` on the main thread, soon."""
        if self._is_open:
            self._posted.emit(call)

    def close(self) -> None:
        """Drop what still comes."""
        self._is_open = False

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        if self._is_open:
            call()
