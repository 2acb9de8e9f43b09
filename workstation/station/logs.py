"""The log of the windowed program: a file that turns over, written by its own thread. No patient data enters it."""

from __future__ import annotations

import logging
import queue
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from typing import TYPE_CHECKING, Final

from workstation import locations

if TYPE_CHECKING:
    from pathlib import Path

_BYTES: Final = 1 << 20
_FILES: Final = 5
_FORM: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class LogFile:
    """Writes what is logged at WARNING and above to ``log/workstation.log`` in the user's state folder.

    Parameters
    ----------
    folder : Path, optional
        Where it lies.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or locations.state_dir() / "log") / "workstation.log"
        self._listener: QueueListener | None = None
        self._handler: QueueHandler | None = None

    def begin(self) -> None:
        """Write from now on; a disk that refuses costs the log alone."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = RotatingFileHandler(self.path, maxBytes=_BYTES, backupCount=_FILES - 1, encoding="utf-8", delay=True)
        except OSError:
            return
        file.setFormatter(logging.Formatter(_FORM))
        lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._handler = QueueHandler(lines)
        self._handler.setLevel(logging.WARNING)
        self._listener = QueueListener(lines, file)
        self._listener.start()
        logging.getLogger().addHandler(self._handler)

    def end(self) -> None:
        """Write what is waiting, and stop."""
        if self._listener is None or self._handler is None:
            return
        logging.getLogger().removeHandler(self._handler)
        self._listener.stop()
        for handler in self._listener.handlers:
            handler.close()
        self._listener = None
