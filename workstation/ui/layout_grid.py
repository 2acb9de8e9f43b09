"""One pane's viewports in rows and columns, one pixel apart; one of them can fill the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QGridLayout, QWidget

from workstation.ui import theme
from workstation.ui.cine import Cine
from workstation.ui.viewport_widget import ViewportWidget
from workstation.viewing.wishes import tell_films

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.pixels import FrameKey
    from workstation.viewing.panes import Pane
    from workstation.viewing.session import ReadingSession
    from workstation.viewing.viewport import Viewport, ViewportState

_MOST_ROWS: Final = 8  # of a layout or a sheet, and columns as many


def _filled(colour: str) -> QPalette:
    made = theme.palette()
    made.setColor(QPalette.ColorRole.Window, QColor(colour))
    return made


class LayoutGrid(QWidget):
    """The glass of one window: the viewports of one pane.

    Signals
    -------
    probed, menu_asked, painted : as the viewports'
    changed : something that commands depend on is another
    """

    probed = Signal(str)
    menu_asked = Signal(object)
    painted = Signal()
    changed = Signal()

    def __init__(self, session: ReadingSession, pane: Pane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.pane = pane
        self.widgets: list[ViewportWidget] = []
        self._is_maximised = False
        self._chinese, self._text_scale = True, 100
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(1)
        self.setAutoFillBackground(True)
        self.setPalette(_filled(theme.LINE))
        self._cine = Cine(session, pane, self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._on_settled)
        self._disconnects = [
            pane.layout.changed.connect(lambda _old, _new: self._on_layout()),
            pane.active.changed.connect(lambda _old, _new: self._on_active()),
            session.active.changed.connect(lambda _old, _new: self._on_active()),
            session.is_confirmed.changed.connect(lambda _old, _new: self.repaint_all()),
            session.texts_hidden.changed.connect(lambda _old, _new: self.repaint_all()),
            session.magnification.changed.connect(lambda _old, _new: self.repaint_all()),
            session.monitors.changed.connect(lambda _old, _new: self._on_monitors()),
            *(viewport.changed.connect(self._on_viewport) for viewport in pane.viewports),
        ]
        self.arrange()

    def release(self) -> None:
        """Stop listening: the window goes."""
        for disconnect in self._disconnects:
            disconnect()
        for widget in self.widgets:
            widget.release()

    def _make(self, viewport: Viewport) -> ViewportWidget:
        widget = ViewportWidget(viewport, self._session, self)
        widget.activated.connect(lambda: self._session.activate(viewport))
        widget.maximise_asked.connect(self.toggle_maximised)
        widget.probed.connect(self.probed)
        widget.menu_asked.connect(self.menu_asked)
        widget.painted.connect(self.painted)
        widget.dropped.connect(lambda set_id: self.show_set(set_id, viewport))
        widget.chinese, widget.text_scale = self._chinese, self._text_scale
        widget.retranslate()
        return widget

    @property
    def active(self) -> ViewportWidget:
        """The widget of this pane's active viewport."""
        return self.widgets[self.pane.active.value]

    @property
    def is_maximised(self) -> bool:
        """Whether one viewport fills the grid."""
        return self._is_maximised

    def shown(self) -> ShownFrame | None:
        """What the active viewport has painted."""
        return self.active.shown()

    def arrange(self) -> None:
        """Place the viewports of the present layout."""
        rows, columns = self.pane.layout.value
        for viewport in self.pane.viewports[len(self.widgets) : rows * columns]:
            self.widgets.append(self._make(viewport))
        for widget in self.widgets:
            self._grid.removeWidget(widget)
            widget.hide()
        for place in range(_MOST_ROWS):
            self._grid.setRowStretch(place, 1 if place < (1 if self._is_maximised else rows) else 0)
            self._grid.setColumnStretch(place, 1 if place < (1 if self._is_maximised else columns) else 0)
        if self._is_maximised:
            self._grid.addWidget(self.active, 0, 0)
            self.active.show()
            return
        for number, widget in enumerate(self.widgets[: rows * columns]):
            self._grid.addWidget(widget, number // columns, number % columns)
            widget.show()

    def toggle_maximised(self) -> None:
        """Let the active viewport fill the grid, or go back."""
        if not self._is_maximised and len(self.pane.shown) == 1:
            return
        self._is_maximised = not self._is_maximised
        self.arrange()

    def show_set(self, set_id: str, viewport: Viewport) -> None:
        """Show a series in a viewport, where it opens."""
        for film in self._session.films.value:
            for display_set in film.display_sets:
                if display_set.set_id == set_id:
                    self._session.activate(viewport)
                    self._session.show(display_set)

    def event(self, event: QEvent) -> bool:
        """On another monitor images have other greys and other marks. See QWidget."""
        if event.type() == QEvent.Type.ScreenChangeInternal:
            self._on_monitors()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QWidget."""
        self.pane.is_portrait = self.height() > self.width()
        super().resizeEvent(event)

    def repaint_all(self) -> None:
        """Paint every viewport again."""
        for widget in self.widgets:
            widget.update()

    def retranslate(self, *, chinese: bool, text_scale: int) -> None:
        """Take the words of the language in use, and the size they are read at."""
        self._chinese, self._text_scale = chinese, text_scale
        for widget in self.widgets:
            widget.chinese, widget.text_scale = chinese, text_scale
            widget.retranslate()

    def on_arrived(self, key: FrameKey) -> None:
        """A frame can be had: paint the viewports that wait for it."""
        for widget in self.widgets:
            if widget.viewport.state.key == key:
                widget.update()

    def wish(self) -> None:
        """Ask the films for what the glass shows."""
        tell_films(self._session)

    def _on_monitors(self) -> None:
        self.repaint_all()
        self.changed.emit()

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
        if self.pane.is_sheet.value:
            self._settle.start(0)  # forty tiles change at once
            return
        self.changed.emit()
        if old is None or new is None or old.key != new.key:
            self.wish()
        self._cine.refresh()

    def _on_settled(self) -> None:
        self.changed.emit()
        self.wish()
        self._cine.refresh()
