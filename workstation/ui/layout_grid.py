"""Viewports in rows and columns, one pixel apart; one of them can fill the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QGridLayout, QWidget

from workstation.ui import theme
from workstation.ui.viewport_widget import ViewportWidget

if TYPE_CHECKING:
    from workstation.dicom.pixels import FrameKey
    from workstation.viewing.session import Film, ReadingSession
    from workstation.viewing.viewport import Viewport, ViewportState

_AHEAD: Final = 12  # frames wished for on either side of the one shown


def _filled(colour: str) -> QPalette:
    made = theme.palette()
    made.setColor(QPalette.ColorRole.Window, QColor(colour))
    return made


class LayoutGrid(QWidget):
    """The glass: all viewports of a session.

    Signals
    -------
    probed, menu_asked : as the viewports'
    changed : something that commands depend on is another
    """

    probed = Signal(str)
    menu_asked = Signal(object)
    changed = Signal()

    def __init__(self, session: ReadingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._is_maximised = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(1)
        self.setAutoFillBackground(True)
        self.setPalette(_filled(theme.LINE))
        self.widgets = [self._make(viewport) for viewport in session.viewports]
        self._cine = QTimer(self)
        self._cine.timeout.connect(self._play)
        session.layout.changed.connect(lambda _old, _new: self._on_layout())
        session.active.changed.connect(lambda _old, _new: self._on_active())
        session.is_confirmed.changed.connect(lambda _old, _new: self.repaint_all())
        session.texts_hidden.changed.connect(lambda _old, _new: self.repaint_all())
        for viewport in session.viewports:
            viewport.changed.connect(self._on_viewport)
        self.arrange()

    def _make(self, viewport: Viewport) -> ViewportWidget:
        widget = ViewportWidget(viewport, self._session, self)
        widget.activated.connect(lambda: self._session.active.set(viewport.number))
        widget.maximise_asked.connect(self.toggle_maximised)
        widget.probed.connect(self.probed)
        widget.menu_asked.connect(self.menu_asked)
        widget.dropped.connect(lambda set_id: self.show_set(set_id, viewport))
        widget.painted.connect(self.changed)
        return widget

    @property
    def active(self) -> ViewportWidget:
        """The widget of the active viewport."""
        return self.widgets[self._session.active.value]

    @property
    def is_maximised(self) -> bool:
        """Whether one viewport fills the grid."""
        return self._is_maximised

    def arrange(self) -> None:
        """Place the viewports of the present layout."""
        rows, columns = self._session.layout.value
        for widget in self.widgets:
            self._grid.removeWidget(widget)
            widget.hide()
        for row in range(3):
            self._grid.setRowStretch(row, 1 if row < rows and not self._is_maximised else 0)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns and not self._is_maximised else 0)
        if self._is_maximised:
            self._grid.setRowStretch(0, 1)
            self._grid.setColumnStretch(0, 1)
            self._grid.addWidget(self.active, 0, 0)
            self.active.show()
            return
        for number in range(rows * columns):
            self._grid.addWidget(self.widgets[number], number // columns, number % columns)
            self.widgets[number].show()

    def toggle_maximised(self) -> None:
        """Let the active viewport fill the grid, or go back."""
        if not self._is_maximised and len(self._session.shown_viewports) == 1:
            return
        self._is_maximised = not self._is_maximised
        self.arrange()

    def show_set(self, set_id: str, viewport: Viewport) -> None:
        """Show a series in a viewport, where it opens."""
        for film in self._session.films.value:
            for display_set in film.display_sets:
                if display_set.set_id == set_id:
                    self._session.active.set(viewport.number)
                    self._session.show(display_set)

    def repaint_all(self) -> None:
        """Paint every viewport again."""
        for widget in self.widgets:
            widget.update()

    def retranslate(self, *, chinese: bool) -> None:
        """Take the words of the language in use."""
        for widget in self.widgets:
            widget.chinese = chinese
            widget.retranslate()

    def on_arrived(self, key: FrameKey) -> None:
        """A frame can be had: paint the viewports that wait for it."""
        for widget in self.widgets:
            if widget.viewport.state.key == key:
                widget.update()

    def _on_layout(self) -> None:
        self._is_maximised = False
        self.arrange()
        self._on_viewport(None, None)

    def _on_active(self) -> None:
        if self._is_maximised:
            self.arrange()
        self.repaint_all()
        self.wish()
        self.changed.emit()

    def _on_viewport(self, old: ViewportState | None, new: ViewportState | None) -> None:
        self.changed.emit()
        if old is None or new is None or old.key != new.key:
            self.wish()
        self._run_cine()

    def wish(self) -> None:
        """Ask each film for the frames shown and those near them, the active viewport's first."""
        order = [self._session.active_viewport, *self._session.shown_viewports]
        wishes: dict[str, tuple[Film, list[FrameKey]]] = {}
        for near in range(_AHEAD + 1):
            for viewport in dict.fromkeys(order):
                shown = viewport.state.display_set
                film = self._session.film_of(shown)
                if film is None or shown is None:
                    continue
                wish = wishes.setdefault(film.film_id, (film, []))[1]
                for index in dict.fromkeys((viewport.state.index + near, viewport.state.index - near)):
                    if 0 <= index < len(shown.frames):
                        wish.append(shown.frames[index].key)
        for film, keys in wishes.values():
            film.frames.want(list(dict.fromkeys(keys)))

    def _run_cine(self) -> None:
        playing = [v for v in self._session.shown_viewports if v.state.is_playing]
        if not playing:
            self._cine.stop()
            return
        shown = playing[0].state.display_set
        interval = max(10, round(shown.frame_time_ms if shown and shown.frame_time_ms else 1000 / 15))
        if not self._cine.isActive() or self._cine.interval() != interval:
            self._cine.start(interval)

    def _play(self) -> None:
        for viewport in self._session.shown_viewports:
            film, key = self._session.film_of(viewport.state.display_set), viewport.state.key
            there = film is not None and key is not None and film.frames.get(key) is not None
            if viewport.state.is_playing and there:
                viewport.play_on()
