"""One viewport on the desk: Qt events in, a painted plan and its overlay out. Nothing is decided here."""

from __future__ import annotations

import html
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workstation.rendering.overlay_layer import OverlayLayer
from workstation.rendering.planar import Painter
from workstation.ui import theme
from workstation.ui.language import say, tr
from workstation.ui.lens import Lens
from workstation.ui.overlay_painter import HaloTexts, OverlayPainter
from workstation.ui.painted_image import draw_painting
from workstation.ui.screens import display_function, monitor_key
from workstation.ui.viewport_glass import frame_glass, say_on_glass
from workstation.ui.viewport_marks import ViewportMarks
from workstation.ui.viewport_words import nothing_words, on_glass, problem_words, situation
from workstation.viewing.life_size import pixel_of
from workstation.viewing.overlay import overlay
from workstation.viewing.plan import RenderPlan, resolve
from workstation.viewing.projection import CanvasPoint, CanvasSize
from workstation.viewing.tools import TOOLS
from workstation.viewing.tools.base import Button, Gesture, PointerEvent
from workstation.viewing.tools.navigate import zoom_about
from workstation.viewing.tools.probe import probe

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QContextMenuEvent,
        QDragEnterEvent,
        QDropEvent,
        QFocusEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
        QWheelEvent,
    )

    from workstation.dicom.frames import ShownFrame
    from workstation.station.monitors import Monitor
    from workstation.viewing.session import Film, ReadingSession
    from workstation.viewing.viewport import Viewport, ViewportState

SERIES_MIME: Final = "application/x-workstation-display-set"
_BUTTONS: Final = {
    Qt.MouseButton.LeftButton: Button.LEFT,
    Qt.MouseButton.MiddleButton: Button.MIDDLE,
    Qt.MouseButton.RightButton: Button.RIGHT,
}
_CLICK_PX: Final = 4  # a right press that moves less is a click
_PATIENCE_S: Final = 0.15  # before "loading" is said over the image before
_REST_MS: Final = 120  # after the last step of a zoom
_STEP: Final = 120  # of wheel angle
_FAST: Final = 5  # images a wheel step with Shift


class ViewportWidget(QWidget):
    """Paints one `Viewport`.

    Signals
    -------
    activated : the user touched it
    maximise_asked : it was double-clicked
    probed : (text) what lies under the pointer; empty when nothing
    menu_asked : (global position) a right click
    dropped : (set id) a series was dropped on it
    painted : (seconds) it painted a frame that it had not shown before
    """

    activated = Signal()
    maximise_asked = Signal()
    probed = Signal(str)
    menu_asked = Signal(object)
    dropped = Signal(str)
    painted = Signal()

    def __init__(self, viewport: Viewport, session: ReadingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = viewport
        self._session = session
        self._painter = Painter()
        self._layer = OverlayLayer()
        self._texts = HaloTexts()
        self._lens = Lens()
        self._pointer_at: QPointF | None = None
        self._plan: RenderPlan | None = None
        self._plan_state: ViewportState | None = None
        self._gesture: Gesture | None = None
        self._pressed_at: QPointF | None = None
        self._moved = False
        self._wheel_rest = 0
        self._hints: list[tuple[QRectF, str]] = []
        self._asked_at = time.monotonic()
        self.chinese = True
        self.text_scale = 100
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.update)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._on_rest)
        self._disconnects = [viewport.changed.connect(self._on_changed)]
        self.marks = ViewportMarks(self, session.markings, lambda: session.active_viewport is viewport)
        self.marks.changed.connect(self.update)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.setAccessibleName(tr("Viewport {number}", number=self.viewport.number + 1))
        self.update()

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(640, 640)

    # What is shown ---------------------------------------------------------------

    def _on_changed(self, old: ViewportState, new: ViewportState) -> None:
        if old.key != new.key:
            self._asked_at = time.monotonic()
            self._patience.start(round(_PATIENCE_S * 1000) + 5)
        if old.display_set is None or new.display_set is None or old.display_set.set_id != new.display_set.set_id:
            self._plan = None
        if new.display_set is None:
            self._forget()
        elif new.view.scale is not None and new.view.scale != old.view.scale and new.key == old.key:
            self._rest.start()
        self.update()

    def _on_rest(self) -> None:
        """The hand has come to rest: what was painted roughly meanwhile is painted well."""
        if self._painter.is_rough:
            self.update()

    def _forget(self) -> None:
        """Nothing of the patient stays: neither pixels nor texts."""
        self._painter, self._layer = Painter(), OverlayLayer()
        self._plan_state = None
        self._texts.forget()
        self._lens.forget()
        self.marks.forget()

    def film(self) -> Film | None:
        """The film that the wished-for frame belongs to."""
        return self._session.film_of(self.viewport.state.display_set)

    def shown(self) -> ShownFrame | None:
        """The frame that was last painted, with its own header."""
        return self._plan.shown if self._plan is not None else None

    def plan(self) -> RenderPlan | None:
        """The plan that was last painted."""
        return self._plan

    def canvas_size(self) -> CanvasSize:
        """The canvas in device pixels."""
        ratio = self.devicePixelRatioF()
        return CanvasSize(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))

    def _wished(self) -> ShownFrame | None:
        film, key = self.film(), self.viewport.state.key
        return film.frames.get(key) if film is not None and key is not None else None

    # Painting ---------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is there; see QWidget."""
        del event
        with QPainter(
            self
        ) as painter:  # ended whatever happens: Qt ends the program where a painter outlives its event
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.render_onto(painter)
            self._magnify(painter)
            self._frame(painter)

    def _magnify(self, painter: QPainter) -> None:
        factor = self._session.magnification.value
        if factor and self._pointer_at is not None and self._plan is not None and self._plan_state is not None:
            glass = (QRectF(self.rect()), self._pointer_at)
            self._lens.paint(painter, (self._plan, self._plan_state), glass, factor, self.devicePixelRatioF())

    def render_onto(self, painter: QPainter) -> None:
        """Paint the image and its overlay, without the frame that shows which viewport is active."""
        painter.fillRect(self.rect(), QColor(theme.GLASS))
        state = self.viewport.state
        wished = self._wished()
        if wished is not None:
            is_new = self._plan is None or self._plan.wished is not wished
            self._plan = self._resolved(painter, state, wished)
            self._plan_state = state
            self._image(painter, self._plan, is_hasty=self._rest.isActive() and painter.device() is self)
            self._overlay(painter, self._plan, state)
            if is_new:
                QTimer.singleShot(0, self.painted.emit)
            return
        problem = problem_words(self.film(), state)
        if problem or self._plan is None or self._plan_state is None:
            self._plan = None
            self._say(painter, problem or nothing_words(self._session, state))
            return
        self._stale(painter)

    def _stale(self, painter: QPainter) -> None:
        """The frame before, with its own texts, until the next one is there."""
        if self._plan is None or self._plan_state is None:
            return
        self._plan = self._resolved(painter, self._plan_state, self._plan.wished)
        self._image(painter, self._plan)
        self._overlay(painter, self._plan, self._plan_state)
        if time.monotonic() - self._asked_at >= _PATIENCE_S:
            self._say(painter, tr("Loading image {number} …", number=self.viewport.state.index + 1), below=True)

    def _resolved(self, painter: QPainter, state: ViewportState, shown: ShownFrame) -> RenderPlan:
        """The plan on this monitor; a picture that leaves the program has P-values, and is laid out as the glass."""
        monitors = self._session.monitors.value
        display = display_function(self.screen(), monitors) if painter.device() is self else None
        return resolve(state, shown, self.canvas_size(), display, pixel_of(self._monitor()))

    def _monitor(self) -> Monitor:
        return self._session.monitors.value.of(monitor_key(self.screen()))

    def _image(self, painter: QPainter, plan: RenderPlan, *, is_hasty: bool = False) -> None:
        ratio = self.devicePixelRatioF()
        draw_painting(painter, self._painter.paint(plan, is_hasty=is_hasty), ratio)
        draw_painting(painter, self._layer.paint(plan), ratio)

    def _overlay(self, painter: QPainter, plan: RenderPlan, state: ViewportState) -> None:
        told = situation(self._session, state, plan.shown.instance, chinese=self.chinese)
        monitor = self._monitor() if painter.device() is self else None
        told = on_glass(told, monitor, tells=not self.viewport.is_tile or self.pos().isNull())
        primitives = overlay(plan, state, told, say)
        self.marks.paint(painter, plan, self.text_scale, self._texts)
        ratio = self.devicePixelRatioF()
        drawer = OverlayPainter(painter, QRectF(self.rect()), self.text_scale, ratio, self._texts)
        drawer.draw(primitives, texts_hidden=self._session.texts_hidden.value, is_tile=self.viewport.is_tile)
        self._hints, self.marks.kept_free = drawer.hints, drawer.taken

    def event(self, event: QEvent) -> bool:
        """Tell, on hover, which marks “+n” stands for, and what side, view and letters mean. See QWidget."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = next((words for box, words in self._hints if box.contains(QPointF(event.pos()))), "")
            QToolTip.showText(event.globalPos(), html.escape(words).replace("\n", "<br>"), self)
            return True
        return super().event(event)

    def _say(self, painter: QPainter, text: str, *, below: bool = False) -> None:
        say_on_glass(painter, self.rect(), text, self.text_scale, below=below)

    def _frame(self, painter: QPainter) -> None:
        is_active = self._session.active_viewport is self.viewport and len(self._session.shown_viewports) > 1
        has_image = self.viewport.state.display_set is not None
        frame_glass(painter, self.rect(), waits=has_image and not self._session.is_confirmed.value, is_active=is_active)

    # The hand ---------------------------------------------------------------

    def _pointer(self, position: QPointF, button: Button, modifiers: Qt.KeyboardModifier) -> PointerEvent:
        ratio = self.devicePixelRatioF()
        return PointerEvent(
            CanvasPoint(position.x() * ratio, position.y() * ratio),
            button,
            bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            bool(modifiers & Qt.KeyboardModifier.ControlModifier),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture; see QWidget."""
        self.activated.emit()
        button = _BUTTONS.get(event.button())
        if button is None or self._plan is None or self._gesture is not None:
            return
        habits = self._session.habits.value
        tools = {Button.LEFT: self._session.tool.value, Button.MIDDLE: habits.middle, Button.RIGHT: habits.right}
        tool_id = tools[button]
        pointer = self._pointer(event.position(), button, event.modifiers())
        self._pressed_at, self._moved = event.position(), False
        if button is Button.LEFT:
            self._gesture = self.marks.press(pointer, self._plan, tool_id)
            if self._gesture is not None or self.marks.is_measuring(tool_id):
                return
        self._gesture = TOOLS[tool_id].press(pointer, self.viewport, self._plan)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or read the pixel below; see QWidget."""
        if self._gesture is not None and self._pressed_at is not None:
            moved = event.position() - self._pressed_at
            self._moved = self._moved or moved.manhattanLength() >= _CLICK_PX
            if self._moved:
                self._gesture.drag(self._pointer(event.position(), Button.LEFT, event.modifiers()))
        self._pointer_at = event.position()
        if self._session.magnification.value:
            self.update()
        if self._gesture is None and self._plan is not None:
            pointer = self._pointer(event.position(), Button.LEFT, event.modifiers())
            self.marks.hover(pointer, self._plan, self._session.tool.value)
        self._read(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture; a right press that did not move asks for the menu. See QWidget."""
        was_click = self._pressed_at is not None and not self._moved
        if self._gesture is not None:
            self._gesture.end()
        self._gesture = None
        self._pressed_at = None
        if event.button() == Qt.MouseButton.RightButton and was_click:
            if self._plan is not None:
                self.marks.choose(self._pointer(event.position(), Button.RIGHT, event.modifiers()), self._plan)
            self.menu_asked.emit(event.globalPosition().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Only the menu key; the mouse has its own way. See QWidget."""
        if event.reason() != event.Reason.Mouse:
            self.menu_asked.emit(event.globalPos())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """See QWidget."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._gesture = None
        if self.marks.is_measuring(self._session.tool.value) or self._session.markings.selected.value:
            if self._plan is not None and not self.marks.double_click(self._plan):
                self.mousePressEvent(event)
            return
        self.maximise_asked.emit()

    def cancel_gesture(self) -> bool:
        """Escape: put back what the drag changed, let go of what is drawn. Says whether there was something."""
        if self._gesture is None:
            return self.marks.hand.call_off()
        self._gesture.cancel()
        self._gesture = None
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Wheel: images; with Ctrl zoom, with Shift faster. See QWidget."""
        self.activated.emit()
        angle = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self._plan is not None:
                place = self._pointer(event.position(), Button.LEFT, event.modifiers()).position
                zoom_about(self.viewport, self._plan, place, 1.2 ** (angle / _STEP))
            return
        self._wheel_rest += angle
        steps = int(self._wheel_rest / _STEP)
        self._wheel_rest -= steps * _STEP
        faster = _FAST if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if steps:
            self.viewport.scroll((steps if self._session.habits.value.wheel_reversed else -steps) * faster)
        event.accept()

    def _read(self, position: QPointF) -> None:
        if self._plan is None:
            return
        found = probe(self._plan, self._pointer(position, Button.LEFT, Qt.KeyboardModifier.NoModifier).position)
        self.probed.emit(found.words() if found is not None else "")

    def leaveEvent(self, event: object) -> None:
        """See QWidget."""
        del event
        self._pointer_at = None
        if self._session.magnification.value:
            self.update()
        self.probed.emit("")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """See QWidget."""
        self.activated.emit()
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QWidget."""
        view = self.viewport.state.view
        if view.scale is not None and self._plan is not None:
            self._plan = replace(self._plan, canvas=self.canvas_size())
        super().resizeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """See QWidget."""
        if event.mimeData().hasFormat(SERIES_MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """See QWidget."""
        data = event.mimeData().data(SERIES_MIME)
        self.dropped.emit(bytes(data.data()).decode())
        event.acceptProposedAction()

    def release(self) -> None:
        """Stop listening."""
        self.marks.release()
        for disconnect in self._disconnects:
            disconnect()
