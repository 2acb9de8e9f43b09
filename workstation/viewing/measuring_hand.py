"""`MeasuringHand`: what press, drag and click do to measurements: draw new ones, grab handles, move whole ones.

A press that touches no measurement and comes while no measuring tool is chosen is not for it: then the tool of the
button gets it. Everything is computed in image points, so that zoom, turn and mirror make no difference.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from workstation.measuring.measurement import FORMS, Kind, Measurement, anchored
from workstation.viewing.markings import Draft, Markings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.dicom.geometry import ImagePoint
    from workstation.viewing.plan import RenderPlan
    from workstation.viewing.projection import CanvasPoint
    from workstation.viewing.tools.base import PointerEvent

GRAB_PX: Final = 9.0  # device-independent pixels around a handle that grab it
_LINE_PX: Final = 5.0
_CLICK_PX: Final = 4.0
_CLOSE_PX: Final = 10.0  # a click so near to a polygon's first point closes it
_FREEHAND_STEP_PX: Final = 3.0
_FREEHAND_TOLERANCE_PX: Final = 0.5  # device pixels that a line may be off the hand's way
MEASURING: Final[dict[str, Kind]] = {f"measure-{kind}": kind for kind in Kind}
_IN_WORDS: Final = frozenset({Kind.TEXT, Kind.CALIBRATION, Kind.ARROW})  # asked for when they are drawn
_OPEN_ENDED: Final = frozenset({Kind.POLYGON, Kind.FREEHAND})


@dataclass(frozen=True, slots=True)
class Grip:
    """A part of a measurement under the pointer.

    Attributes
    ----------
    handle : int
        Which of its points, or -1: the whole of it.
    """

    measurement: Measurement
    handle: int


class MeasuringHand:
    """The hand of one viewport.

    Parameters
    ----------
    markings : Markings
        Of the window.
    """

    def __init__(self, markings: Markings) -> None:
        self._markings = markings

    def press(
        self, event: PointerEvent, plan: RenderPlan, tool_id: str, ratio: float = 1.0
    ) -> DraftGesture | Drag | None:
        """Begin a gesture on measurements, or decline.

        Parameters
        ----------
        tool_id : str
            The tool of the button that was pressed.
        ratio : float
            Device pixels per logical pixel: how far a finger reaches.
        """
        draft = self._draft_on(plan)
        if draft is not None:
            return self._go_on(event, plan, draft, ratio)
        kind = MEASURING.get(tool_id)
        grip = self.grip_at(plan, event.position, ratio)
        if grip is not None and (kind is None or grip.handle >= 0):  # a new line may begin on another one
            self._markings.selected.set(grip.measurement.measurement_id)
            return Drag(self._markings, grip, event, plan)
        if kind is None:
            self._markings.selected.set("")
            return None
        at = plan.projection.to_image(event.position)
        self._markings.draft.set(Draft(kind, plan.shown.frame.key, (at,)))
        return DraftGesture(self, event, plan, ratio)

    def _go_on(self, event: PointerEvent, plan: RenderPlan, draft: Draft, ratio: float) -> DraftGesture | None:
        at = plan.projection.to_image(event.position)
        if draft.kind is Kind.POLYGON and draft.placed >= FORMS[Kind.POLYGON].least:
            first = plan.projection.to_canvas(draft.points[0])
            if math.dist(first, event.position) <= _CLOSE_PX * ratio:
                self.complete(plan)
                return None
        self._markings.draft.set(draft.moved(at))
        return DraftGesture(self, event, plan, ratio)

    def hover(self, event: PointerEvent, plan: RenderPlan, ratio: float = 1.0) -> str:
        """Follow the hand without a button; says what a press would do: draw, grab, move or nothing."""
        draft = self._draft_on(plan)
        if draft is not None:
            self._markings.draft.set(draft.moved(plan.projection.to_image(event.position)))
            return "draw"
        grip = self.grip_at(plan, event.position, ratio)
        return "" if grip is None else "grab" if grip.handle >= 0 else "move"

    def complete(self, plan: RenderPlan) -> bool:
        """End what is drawn, as far as it stands; says whether there was something to end."""
        draft = self._draft_on(plan)
        if draft is None:
            return False
        self._markings.draft.set(None)
        if draft.kind is Kind.FREEHAND:
            draft = _thinned(draft, plan)
        if draft.placed >= FORMS[draft.kind].least and not _is_no_line(draft):
            made = self._markings.make(draft, plan.shown.instance)
            if draft.kind in _IN_WORDS:
                self._markings.asked.set(made)
            else:
                self._markings.add(made)
        return True

    def step_back(self) -> bool:
        """Take the last point of what is drawn back; says whether something was being drawn."""
        draft = self._markings.draft.value
        if draft is None:
            return False
        if draft.placed <= 1:
            self._markings.draft.set(None)
        else:
            points = (*draft.points[: draft.placed - 1], draft.points[-1])
            self._markings.draft.set(replace(draft, points=points, placed=draft.placed - 1))
        return True

    def stand(self, plan: RenderPlan) -> None:
        """The point that follows the hand stands; the last one completes."""
        draft = self._draft_on(plan)
        if draft is None:
            return
        draft = draft.stood()
        self._markings.draft.set(draft)
        if draft.is_full:
            self.complete(plan)

    def draw_on(self, plan: RenderPlan, at: CanvasPoint, ratio: float) -> None:
        """Freehand: another point, where the hand has come far enough."""
        draft = self._draft_on(plan)
        if draft is None:
            return
        last = plan.projection.to_canvas(draft.points[draft.placed - 1]) if draft.placed else None
        moved = draft.moved(plan.projection.to_image(at))
        is_far = last is None or math.dist(last, at) >= _FREEHAND_STEP_PX * ratio
        self._markings.draft.set(moved.stood() if is_far and not draft.is_full else moved)

    def follow(self, plan: RenderPlan, at: CanvasPoint) -> None:
        """The last point follows the hand."""
        draft = self._draft_on(plan)
        if draft is not None:
            self._markings.draft.set(draft.moved(plan.projection.to_image(at)))

    def is_freehand(self) -> bool:
        """Whether a line is drawn by the hand's way."""
        draft = self._markings.draft.value
        return draft is not None and draft.kind is Kind.FREEHAND

    def call_off(self) -> bool:
        """Let go of what is drawn; says whether something was."""
        was = self._markings.draft.value is not None
        self._markings.draft.set(None)
        return was

    def nudge(self, plan: RenderPlan, x: float, y: float) -> bool:
        """Move the selected measurement by device pixels of the canvas; one edit each."""
        found = self._markings.find(self._markings.selected.value)
        if found is None or found not in self._markings.on_frame(plan.shown):
            return False
        plane = plan.shown.instance.plane(found.ground.frame)
        self._markings.change(moved(found, plan, found.points(plane), -1, (x, y)))
        return True

    def grip_at(self, plan: RenderPlan, at: CanvasPoint, ratio: float = 1.0) -> Grip | None:
        """The measurement under a canvas point: a handle before a line, the selected one before the others."""
        plane = plan.shown.instance.plane(plan.shown.frame.key.frame)
        selected = self._markings.selected.value
        items = sorted(self._markings.on_frame(plan.shown), key=lambda one: one.measurement_id != selected)
        drawn = [(one, [plan.projection.to_canvas(p) for p in one.points(plane)]) for one in items]
        for one, points in drawn:
            near = min(range(len(points)), key=lambda n: math.dist(points[n], at))
            if one.kind is not Kind.FREEHAND and math.dist(points[near], at) <= GRAB_PX * ratio:
                return Grip(one, near)
        return next((Grip(one, -1) for one, points in drawn if _is_near(one.kind, points, at, _LINE_PX * ratio)), None)

    def _draft_on(self, plan: RenderPlan) -> Draft | None:
        draft = self._markings.draft.value
        return draft if draft is not None and draft.key == plan.shown.frame.key else None


class DraftGesture:
    """A press while something is drawn: a click places a point, a drag places where it ends."""

    def __init__(self, hand: MeasuringHand, event: PointerEvent, plan: RenderPlan, ratio: float) -> None:
        self._hand = hand
        self._plan = plan
        self._ratio = ratio
        self._from = event.position
        self._is_first = False
        if not hand.is_freehand():
            hand.stand(plan)

    def drag(self, event: PointerEvent) -> None:
        """See `Gesture`."""
        if self._hand.is_freehand():
            self._hand.draw_on(self._plan, event.position, self._ratio)
        else:
            self._hand.follow(self._plan, event.position)
        self._is_first = self._is_first or math.dist(self._from, event.position) > _CLICK_PX * self._ratio

    def end(self) -> None:
        """See `Gesture`: the point that was dragged stands where the button was let go."""
        if self._hand.is_freehand():
            self._hand.complete(self._plan)
        elif self._is_first:
            self._hand.stand(self._plan)

    def cancel(self) -> None:
        """See `Gesture`."""
        self._hand.call_off()


class Drag:
    """Moves a handle, or the whole measurement, always from where it was at the press."""

    def __init__(self, markings: Markings, grip: Grip, event: PointerEvent, plan: RenderPlan) -> None:
        self._markings = markings
        self._before = self._after = grip.measurement
        self._handle = grip.handle
        self._from = event.position
        self._plan = plan
        self._points = grip.measurement.points(plan.shown.instance.plane(grip.measurement.ground.frame))

    def drag(self, event: PointerEvent) -> None:
        """See `Gesture`."""
        by = (event.position.x - self._from.x, event.position.y - self._from.y)
        self._after = moved(self._before, self._plan, self._points, self._handle, by)
        self._markings.show_moved(self._before, self._after)

    def end(self) -> None:
        """See `Gesture`: the whole drag is one edit."""
        self._markings.settle(self._before, self._after)

    def cancel(self) -> None:
        """See `Gesture`."""
        self._markings.settle(self._before, self._before)


def moved(
    measurement: Measurement,
    plan: RenderPlan,
    points: Sequence[ImagePoint],
    handle: int,
    by: tuple[float, float],
) -> Measurement:
    """A measurement of which one point (or every one, with -1) is moved by device pixels of the canvas."""
    made = []
    for number, point in enumerate(points):
        if handle in (-1, number):
            place = plan.projection.to_canvas(point)
            point = plan.projection.to_image(type(place)(place.x + by[0], place.y + by[1]))
        made.append(point)
    plane = plan.shown.instance.plane(measurement.ground.frame)
    return replace(measurement, anchors=anchored(made, plane))


def _is_no_line(draft: Draft) -> bool:
    """Whether a known length was drawn from a point to itself: a double click gives no scale."""
    return draft.kind is Kind.CALIBRATION and len(set(draft.points[: draft.placed])) == 1


def _thinned(draft: Draft, plan: RenderPlan) -> Draft:
    """A line drawn by hand without the points that change nothing on the glass: a long one stays light to move."""
    standing = draft.points[: draft.placed]
    if len(standing) < FORMS[draft.kind].least:
        return draft
    import numpy as np  # here: the first window does without

    from workstation.measuring.shapes import needed

    places = np.array([plan.projection.to_canvas(point) for point in standing], np.float64)
    kept = tuple(standing[number] for number in needed(places, _FREEHAND_TOLERANCE_PX))
    return replace(draft, points=kept, placed=len(kept)) if len(kept) >= FORMS[draft.kind].least else draft


def _is_near(kind: Kind, points: Sequence[CanvasPoint], at: CanvasPoint, reach: float) -> bool:
    pairs = list(pairwise(points))
    if kind in (Kind.LINES, Kind.COBB, Kind.BIDIRECTIONAL):
        pairs = [(points[0], points[1]), (points[2], points[3])]
    elif kind in _OPEN_ENDED:
        pairs.append((points[-1], points[0]))
    elif kind in (Kind.RECTANGLE, Kind.ELLIPSE):
        (x0, y0), (x1, y1) = points
        box = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
        return any(_distance(a, b, at) <= reach for a, b in pairwise(box))
    return any(_distance(a, b, at) <= reach for a, b in pairs)


def _distance(a: tuple[float, float], b: tuple[float, float], p: tuple[float, float]) -> float:
    """Distance of a point from a segment."""
    along = (b[0] - a[0], b[1] - a[1])
    square = along[0] ** 2 + along[1] ** 2
    share = ((p[0] - a[0]) * along[0] + (p[1] - a[1]) * along[1]) / square if square else 0.0
    share = max(0.0, min(share, 1.0))
    return math.dist(p, (a[0] + share * along[0], a[1] + share * along[1]))
