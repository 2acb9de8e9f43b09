"""`ViewportMarks`: what one viewport shows of measurements and lets a hand do with them."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, QRectF, Qt, Signal

from workstation.measuring.measurement import Kind
from workstation.ui.drawing_painter import DrawingPainter
from workstation.ui.language import say
from workstation.ui.mark_entry import MarkEntry
from workstation.viewing.drawings import drawings
from workstation.viewing.measured import Reader
from workstation.viewing.measuring_hand import MEASURING, MeasuringHand
from workstation.viewing.state_graphics import state_graphics

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from workstation.measuring.measurement import Measurement
    from workstation.ui.overlay_painter import HaloTexts
    from workstation.viewing.markings import Markings
    from workstation.viewing.plan import RenderPlan
    from workstation.viewing.tools.base import Gesture, PointerEvent

_CURSORS: Final = {
    "draw": Qt.CursorShape.CrossCursor,
    "grab": Qt.CursorShape.PointingHandCursor,
    "move": Qt.CursorShape.SizeAllCursor,
}


class ViewportMarks(QObject):
    """Measurements in one viewport.

    Signals
    -------
    changed : what is drawn is another
    """

    changed = Signal()

    def __init__(self, widget: QWidget, markings: Markings) -> None:
        super().__init__(widget)
        self._widget = widget
        self._markings = markings
        self.hand = MeasuringHand(markings)
        self._reader = Reader()
        self._plan: RenderPlan | None = None
        self._asked: Measurement | None = None
        self.entry: MarkEntry | None = None
        tell = self._tell
        self._disconnects = [
            holder.changed.connect(tell) for holder in (markings.items, markings.selected, markings.draft)
        ]
        self._disconnects.append(markings.asked.changed.connect(lambda _old, new: self._on_asked(new)))

    def _tell(self, _old: object, _new: object) -> None:
        self.changed.emit()

    def release(self) -> None:
        """Stop listening."""
        for disconnect in self._disconnects:
            disconnect()

    def forget(self) -> None:
        """Nothing of the patient stays."""
        self._reader.forget()
        self._plan = None
        if self.entry is not None:
            self.entry.clear()
            self.entry.hide()

    # Painting ---------------------------------------------------------------

    def paint(self, painter: QPainter, plan: RenderPlan, text_scale: int, texts: HaloTexts) -> None:
        """Draw what lies on the frame of a plan."""
        self._plan = plan
        found = [*state_graphics(plan), *drawings(plan, self._markings, self._reader, say)]
        if found:
            rectangle, ratio = QRectF(self._widget.rect()), self._widget.devicePixelRatioF()
            DrawingPainter(painter, rectangle, text_scale, ratio, texts).draw(found)

    # The hand ---------------------------------------------------------------

    def press(self, event: PointerEvent, plan: RenderPlan, tool_id: str) -> Gesture | None:
        """A gesture on measurements; None when the press is not for them."""
        return self.hand.press(event, plan, tool_id, self._widget.devicePixelRatioF())

    def is_measuring(self, tool_id: str) -> bool:
        """Whether a tool draws measurements: then a press that gives no gesture is no other tool's."""
        return tool_id in MEASURING or self._markings.draft.value is not None

    def hover(self, event: PointerEvent, plan: RenderPlan, tool_id: str) -> None:
        """Follow the hand; the pointer says what a press would do."""
        does = self.hand.hover(event, plan, self._widget.devicePixelRatioF()) or (
            "draw" if tool_id in MEASURING else ""
        )
        if does:
            self._widget.setCursor(_CURSORS[does])
        else:
            self._widget.unsetCursor()

    def double_click(self, plan: RenderPlan) -> bool:
        """End a polygon; write on a text or a calibration. Says whether the click was for measurements."""
        if self._markings.draft.value is not None:
            return self.hand.complete(plan)
        found = self._markings.find(self._markings.selected.value)
        if found is None or not found.ground.is_on(plan.shown.frame.key):
            return False
        self._markings.asked.set(found)
        return True

    # Words ---------------------------------------------------------------

    def _on_asked(self, asked: Measurement | None) -> None:
        self._asked = None
        plan = self._plan
        if asked is None or plan is None or not asked.ground.is_on(plan.shown.frame.key):
            return
        if not self._widget.isVisible():
            return
        if self.entry is None:
            self.entry = MarkEntry(self._widget)
            self.entry.given.connect(self._on_given)
            self.entry.dropped.connect(lambda: self._end(None))
        self._asked = asked
        ratio = self._widget.devicePixelRatioF()
        places = [plan.projection.to_canvas(p) for p in asked.points(plan.shown.instance.plane(asked.ground.frame))]
        text = f"{asked.length_mm:g}" if asked.kind is Kind.CALIBRATION and asked.length_mm else asked.text
        self.entry.ask(asked.kind, QPoint(round(places[-1].x / ratio), round(places[-1].y / ratio)), text)

    def _on_given(self, text: str) -> None:
        asked = self._asked
        if asked is None:
            return
        if asked.kind is not Kind.CALIBRATION:
            keeps = bool(text) or asked.kind is not Kind.TEXT
            self._end(replace(asked, text=text) if keeps else None)
            return
        length = 0.0
        with contextlib.suppress(ValueError):
            length = float(text.replace("，", ".").replace(",", ".").removesuffix("mm").strip())
        self._end(replace(asked, length_mm=length) if 0.1 <= length <= 5000.0 else None)

    def _end(self, made: Measurement | None) -> None:
        asked, self._asked = self._asked, None
        if asked is None:
            return
        self._markings.asked.set(None)
        if made is not None and self._markings.find(made.measurement_id) is not None:
            self._markings.change(made)
        elif made is not None:
            self._markings.add(made)
        elif asked.kind is Kind.ARROW and self._markings.find(asked.measurement_id) is None:
            self._markings.add(asked)  # an arrow needs no words
        self._widget.setFocus()
