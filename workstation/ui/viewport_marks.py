"""`ViewportMarks`: what one viewport shows of measurements and lets a hand do with them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip

from workstation.measuring.measurement import Kind
from workstation.measuring.spacing import may_be_calibrated
from workstation.ui.drawing_painter import DrawingPainter
from workstation.ui.language import say, tr
from workstation.ui.mark_entry import MarkEntry
from workstation.viewing.drawings import drawings
from workstation.viewing.measured import Reader
from workstation.viewing.measuring_hand import MEASURING, MeasuringHand
from workstation.viewing.state_graphics import state_graphics

if TYPE_CHECKING:
    from collections.abc import Callable

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


_SHORTEST_MM: Final = 0.1
_LONGEST_MM: Final = 5000.0
_LENGTH: Final = re.compile(r"(?P<whole>\d{1,4})(?:(?P<mark>[.,，。])(?P<rest>\d{1,9}))?\s*(?:mm|毫米)?")


class ViewportMarks(QObject):
    """Measurements in one viewport.

    Parameters
    ----------
    widget : QWidget
        The viewport.
    markings : Markings
        Of the window.
    is_active : callable
        Whether this is the viewport that keys act on: it alone asks for words.

    Signals
    -------
    changed : what is drawn is another
    """

    changed = Signal()

    def __init__(self, widget: QWidget, markings: Markings, is_active: Callable[[], bool]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._is_active = is_active
        self._markings = markings
        self.hand = MeasuringHand(markings)
        self._reader = Reader()
        self._plan: RenderPlan | None = None
        self.kept_free: tuple[QRectF, ...] = ()  # where texts of the viewport stand: no label covers who it is
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
        self._fold_entry()

    def _fold_entry(self) -> None:
        self._asked = None
        if self.entry is not None:
            self.entry.fold()

    # Painting ---------------------------------------------------------------

    def paint(self, painter: QPainter, plan: RenderPlan, text_scale: int, texts: HaloTexts) -> None:
        """Draw what lies on the frame of a plan."""
        self._plan = plan
        found = [*state_graphics(plan), *drawings(plan, self._markings, self._reader, say)]
        if found:
            rectangle, ratio = QRectF(self._widget.rect()), self._widget.devicePixelRatioF()
            DrawingPainter(painter, rectangle, text_scale, ratio, texts).draw(found, self.kept_free)

    # The hand ---------------------------------------------------------------

    def press(self, event: PointerEvent, plan: RenderPlan, tool_id: str) -> Gesture | None:
        """A gesture on measurements; None when the press is not for them."""
        if not self.may_draw(plan, tool_id):
            self._say(tr("Lengths on this image are the patient's already: it needs no calibration."))
            tool_id = ""
        return self.hand.press(event, plan, tool_id, self._widget.devicePixelRatioF())

    def may_draw(self, plan: RenderPlan, tool_id: str) -> bool:
        """Whether a tool makes sense on the frame of a plan: no scale is given to an image that has the patient's."""
        shown = plan.shown
        is_calibration = MEASURING.get(tool_id) is Kind.CALIBRATION
        return not is_calibration or may_be_calibrated(shown.instance, shown.frame.key.frame)

    def choose(self, event: PointerEvent, plan: RenderPlan) -> None:
        """Select what lies under the pointer, for a menu; where nothing does, what was selected stays so."""
        grip = self.hand.grip_at(plan, event.position, self._widget.devicePixelRatioF())
        if grip is not None:
            self._markings.selected.set(grip.measurement.measurement_id)

    def is_measuring(self, tool_id: str) -> bool:
        """Whether a tool draws measurements: then a press that gives no gesture is no other tool's."""
        return tool_id in MEASURING or self._markings.draft.value is not None

    def hover(self, event: PointerEvent, plan: RenderPlan, tool_id: str) -> None:
        """Follow the hand; the pointer says what a press would do."""
        does = self.hand.hover(event, plan, self._widget.devicePixelRatioF()) or (
            "draw" if tool_id in MEASURING else ""
        )
        if does == "draw" and not self.may_draw(plan, tool_id):
            self._widget.setCursor(Qt.CursorShape.ForbiddenCursor)
        elif does:
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

    def _say(self, words: str) -> None:
        QToolTip.showText(QCursor.pos(), words, self._widget)

    def _on_asked(self, asked: Measurement | None) -> None:
        self._fold_entry()
        plan = self._plan
        if asked is None or plan is None or not self._is_active() or not self._widget.isVisible():
            return
        plane = plan.shown.instance.plane(asked.ground.frame)
        if not asked.ground.is_on(plan.shown.frame.key) or not asked.has_place_on(plane):
            return
        if self.entry is None:
            self.entry = MarkEntry(self._widget)
            self.entry.given.connect(self._on_given)
            self.entry.dropped.connect(lambda: self._end(None))
        self._asked = asked
        ratio = self._widget.devicePixelRatioF()
        places = [plan.projection.to_canvas(point) for point in asked.points(plane)]
        text = f"{asked.length_mm:g}" if asked.kind is Kind.CALIBRATION and asked.length_mm else asked.text
        self.entry.ask(asked.kind, QPoint(round(places[-1].x / ratio), round(places[-1].y / ratio)), text)

    def _on_given(self, text: str) -> None:
        asked = self._asked
        if asked is None or self.entry is None:
            return
        if asked.kind is not Kind.CALIBRATION:
            keeps = bool(text) or asked.kind is not Kind.TEXT
            self._end(replace(asked, text=text) if keeps else None)
            return
        length = _length_in(text)
        if length is None:
            self.entry.refuse(tr("Type a length from 0.1 to 5000 mm, or press Esc."))
        else:
            self._end(replace(asked, length_mm=length))

    def _end(self, made: Measurement | None) -> None:
        asked = self._asked
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


def _length_in(text: str) -> float | None:
    """The millimetres that somebody typed; None for what is none, or no length of a thing in a hospital.

    A comma before three digits may part thousands or begin a fraction: a scale must not hang on which.
    """
    found = _LENGTH.fullmatch(text.strip().lower())
    if found is None or (found["mark"] in (",", "，") and len(found["rest"]) == 3):
        return None
    length = float(f"{found['whole']}.{found['rest'] or 0}")
    return length if _SHORTEST_MM <= length <= _LONGEST_MM else None
