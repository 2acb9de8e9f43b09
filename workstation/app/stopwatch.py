"""`Stopwatch`: how fast one film comes: from the wish to the first painted frame, and to the last image."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from workstation.station.speed_log import SpeedRecord
from workstation.viewing.film import FilmState

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.archive.account import LoadFigures
    from workstation.archive.loader import FilmLoader
    from workstation.ui.main_window import MainWindow
    from workstation.viewing.film import Film

FILES = "files"  # a folder is not named: people call folders after patients
_LATE_MS = 1500  # after the last image: so long its first painting is waited for
_OUTCOMES = {FilmState.COMPLETE: "complete", FilmState.INCOMPLETE: "incomplete"}


class Stopwatch:
    """Measures one load, and tells once: when all is here and painted, or when the film is closed before.

    Parameters
    ----------
    film, loader : Film, FilmLoader
        What comes, and what brings it.
    window : MainWindow
        Paints it.
    wished : float
        When somebody wished for it (`time.monotonic`).
    told : callable
        Takes the record, on the main thread.
    """

    def __init__(
        self,
        film: Film,
        loader: FilmLoader,
        window: MainWindow,
        wished: float,
        told: Callable[[SpeedRecord], None],
    ) -> None:
        self._film, self._loader, self._window = film, loader, window
        self._wished, self._told = wished, told
        self._at = datetime.now().timestamp() - (time.monotonic() - wished)
        self._first_s: float | None = None
        self._whole_s: float | None = None
        self._figures: LoadFigures | None = None
        self._is_told = False
        self.cold_s = 0.0  # that the archive's store took before there was a film
        window.painted.connect(self._on_painted)
        self._leave_finish = loader.finished.connect(self._on_finished)

    def _on_painted(self) -> None:
        if self._is_told or self._first_s is not None or not self._is_on_the_glass():
            return
        self._first_s = time.monotonic() - self._wished
        if self._figures is not None:
            self.close()

    def _is_on_the_glass(self) -> bool:
        for widget in self._window.shown_widgets():
            shown = widget.shown()
            if shown is not None and widget.film() is self._film and shown.frame.key == widget.viewport.state.key:
                return True
        return False

    def _on_finished(self) -> None:
        if self._figures is not None:
            return  # it has grown since, or what was missing has come
        self._figures = self._loader.figures()
        if self._film.state is FilmState.COMPLETE:
            self._whole_s = time.monotonic() - self._wished
        if self._first_s is not None:
            self.close()
        else:
            QTimer.singleShot(_LATE_MS, self.close)

    def close(self) -> None:
        """Tell what is known; nothing more is measured."""
        if self._is_told:
            return
        self._is_told = True
        self._window.painted.disconnect(self._on_painted)
        self._leave_finish()
        self._told(self._record(self._figures or self._loader.figures()))

    def _record(self, got: LoadFigures) -> SpeedRecord:
        is_local = self._loader.is_local  # what lies on a disk here comes over no line
        kept, kept_bytes = (got.images, got.line_bytes) if is_local else (got.kept_images, got.kept_bytes)
        origin = "fetched" if not kept else "kept" if kept == got.images else "both"
        outcome = _OUTCOMES.get(self._film.state, "stopped") if self._figures is not None else "stopped"
        return SpeedRecord(
            at=datetime.fromtimestamp(self._at).strftime("%Y-%m-%d %H:%M:%S"),
            source=FILES if is_local else self._film.source_name,
            way=FILES if is_local else got.way,
            origin=origin,
            outcome=outcome,
            images=got.images,
            kept_images=kept,
            line_bytes=0 if is_local else got.line_bytes,
            kept_bytes=kept_bytes,
            first_s=self._first_s,
            whole_s=self._whole_s,
            transfer_s=got.transfer_s,
            retries=got.retries,
            refused=got.refused,
            waits=got.waits,
            cold_s=got.cold_s + self.cold_s,
        )
