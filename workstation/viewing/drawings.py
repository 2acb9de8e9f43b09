"""Measurements as lines, handles and labels on a canvas, on the frame that is shown. Drawn by `ui`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from workstation.dicom.geometry import ImagePoint
from workstation.measuring import shapes
from workstation.measuring.measurement import Kind, Measurement
from workstation.measuring.spacing import spacing_of
from workstation.viewing.measure_words import lines_of
from workstation.viewing.projection import CanvasPoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workstation.viewing.markings import Draft, Markings
    from workstation.viewing.measured import Reader
    from workstation.viewing.plan import RenderPlan

_ROUND: Final = 96  # corners that draw a circle
_ARC_SHARE: Final = 0.25  # of the shorter arm
_ARC_STEPS: Final = 24
_ARROW_PX: Final = 14.0
_CROSS_PX: Final = 7.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points of the canvas."""

    points: tuple[CanvasPoint, ...]
    is_selected: bool = False
    is_dashed: bool = False
    rgb: tuple[int, int, int] | None = None  # of a presentation state's layer
    is_filled: bool = False


@dataclass(frozen=True, slots=True)
class Handle:
    """A point that can be grabbed."""

    point: CanvasPoint
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """What it amounts to, beside a point."""

    point: CanvasPoint
    lines: tuple[str, ...]
    is_selected: bool = False
    rgb: tuple[int, int, int] | None = None
    is_placed: bool = False  # it begins at the very point


Drawing = Stroke | Handle | Label


def drawings(plan: RenderPlan, markings: Markings, reader: Reader, say: Callable[[str], str]) -> list[Drawing]:
    """Everything that was measured on the frame of a plan, and what is being drawn."""
    key = plan.shown.frame.key
    selected = markings.selected.value
    found: list[Drawing] = []
    for one in markings.on_frame(plan.shown):
        words = _words(one, plan, markings, reader, say)
        found += _of(one, plan, markings, words, is_selected=one.measurement_id == selected)
    asked = markings.asked.value
    if asked is not None and asked.ground.is_on(key):
        found += _of(asked, plan, markings, (), is_selected=True)
    draft = markings.draft.value
    if draft is not None and draft.key == key:
        found += _of_draft(draft, plan, markings, reader, say)
    return found


def _words(
    one: Measurement, plan: RenderPlan, markings: Markings, reader: Reader, say: Callable[[str], str]
) -> tuple[str, ...]:
    points = one.points(plan.shown.instance.plane(one.ground.frame))
    is_whole = one.measurement_id == markings.selected.value
    is_moving = one.measurement_id == markings.moving.value
    found = reader.read(one.kind, points, plan.wished, markings, is_moving=is_moving)
    return lines_of(one, *found, say, is_whole=is_whole)


def _of_draft(
    draft: Draft, plan: RenderPlan, markings: Markings, reader: Reader, say: Callable[[str], str]
) -> list[Drawing]:
    made: list[Drawing] = []
    points = draft.points
    strokes = strokes_of(draft.kind, points, plan, _aspect(points, plan, markings)) if len(points) > 1 else []
    made += [Stroke(line, is_selected=True, is_dashed=dashed) for line, dashed in strokes]
    canvas = [plan.projection.to_canvas(point) for point in points]
    if draft.kind is not Kind.FREEHAND:
        made += [Handle(point, is_selected=True) for point in canvas[: draft.placed]]
    if draft.kind in (Kind.LENGTH, Kind.CALIBRATION) and len(points) == 2:
        kind = Kind.LENGTH
        words = lines_of(None, *reader.read(kind, points, plan.wished, markings), say)
        if words:
            made.append(Label(canvas[-1], words, is_selected=True))
    return made


def _aspect(points: Sequence[ImagePoint], plan: RenderPlan, markings: Markings) -> float:
    """Height over width of a pixel between these points: a circle is drawn as round as it is measured."""
    instance = plan.shown.instance
    found = spacing_of(instance, plan.shown.frame.key.frame, points, markings.calibration_of(instance))
    return found.row / found.column


def _of(
    one: Measurement, plan: RenderPlan, markings: Markings, words: tuple[str, ...], *, is_selected: bool
) -> list[Drawing]:
    points = one.points(plan.shown.instance.plane(one.ground.frame))
    strokes = strokes_of(one.kind, points, plan, _aspect(points, plan, markings))
    made: list[Drawing] = [Stroke(line, is_selected, is_dashed=dashed) for line, dashed in strokes]
    canvas = [plan.projection.to_canvas(point) for point in points]
    if one.kind is not Kind.FREEHAND and one.kind is not Kind.TEXT:
        made += [Handle(point, is_selected) for point in canvas]
    if words:
        made.append(Label(_label_place(one.kind, canvas), words, is_selected))
    return made


def _label_place(kind: Kind, canvas: list[CanvasPoint]) -> CanvasPoint:
    """Beside the lowest right end; of an angle beside its vertex, of a text where it was put."""
    if kind is Kind.ANGLE:
        return canvas[1]
    if kind is Kind.ARROW:
        return canvas[0]
    return max(canvas, key=lambda point: point.x + point.y)


def strokes_of(
    kind: Kind, points: Sequence[ImagePoint], plan: RenderPlan, aspect: float
) -> list[tuple[tuple[CanvasPoint, ...], bool]]:
    """The lines of a measurement, each with whether it is dashed; of a draft as far as it goes.

    Parameters
    ----------
    aspect : float
        Height of a pixel over its width, by the scale that it is measured with.
    """
    canvas = [plan.projection.to_canvas(point) for point in points]
    if kind in (Kind.TEXT, Kind.PROBE):
        return [] if kind is Kind.TEXT else _cross(canvas[0])
    if kind is Kind.ARROW and len(canvas) == 2:
        return [(tuple(canvas), False), (_arrow_head(canvas), False)]
    if kind in (Kind.LINES, Kind.COBB, Kind.BIDIRECTIONAL) and len(canvas) > 2:
        return [(tuple(canvas[:2]), False), (tuple(canvas[2:]), False), *_between_lines(kind, canvas)]
    if kind is Kind.ANGLE and len(canvas) == 3:
        return [(tuple(canvas), False), (_arc(canvas), False)]
    if kind in (Kind.RECTANGLE, Kind.POLYGON, Kind.FREEHAND, Kind.ELLIPSE, Kind.CIRCLE):
        return _outline(kind, points, plan, aspect)
    if kind in (Kind.PERPENDICULAR, Kind.PARALLEL) and len(points) == 3:
        return _beside_line(kind, points, plan, aspect)
    return [(tuple(canvas), False)]


def _outline(
    kind: Kind, points: Sequence[ImagePoint], plan: RenderPlan, aspect: float
) -> list[tuple[tuple[CanvasPoint, ...], bool]]:
    to_canvas = plan.projection.to_canvas
    canvas = [to_canvas(point) for point in points]
    flat = np.array(points, np.float64)
    if kind is Kind.CIRCLE:
        circle = shapes.circle_through(flat * (1.0, aspect)) if len(points) == 3 else None
        if circle is None:
            return [(tuple(canvas), False)]
        half = np.array([circle.radius, circle.radius / aspect])
        return [(_ellipse(np.array([circle.x, circle.y / aspect]), half, plan), False)]
    if kind is Kind.ELLIPSE and len(points) == 2:
        return [(_ellipse((flat[0] + flat[1]) / 2, abs(flat[1] - flat[0]) / 2, plan), False)]
    if kind is Kind.RECTANGLE and len(points) == 2:
        around = [ImagePoint(float(x), float(y)) for x, y in shapes.corners(flat)]
        canvas = [to_canvas(point) for point in around]
    return [((*canvas, canvas[0]), False)]


def _ellipse(center: shapes.Points, half: shapes.Points, plan: RenderPlan) -> tuple[CanvasPoint, ...]:
    turns = np.linspace(0.0, 2.0 * math.pi, _ROUND + 1)
    x, y = center[0] + half[0] * np.cos(turns), center[1] + half[1] * np.sin(turns)
    return tuple(plan.projection.to_canvas(ImagePoint(float(a), float(b))) for a, b in zip(x, y, strict=True))


def _beside_line(
    kind: Kind, points: Sequence[ImagePoint], plan: RenderPlan, aspect: float
) -> list[tuple[tuple[CanvasPoint, ...], bool]]:
    """The line, the shortest way to it, and for a parallel the line beside it."""
    canvas = [plan.projection.to_canvas(point) for point in points]
    flat = np.array(points, np.float64) * (1.0, aspect)
    foot = shapes.foot(flat)
    on_canvas = plan.projection.to_canvas(ImagePoint(float(foot[0]), float(foot[1] / aspect)))
    made = [(tuple(canvas[:2]), False), ((on_canvas, canvas[2]), kind is Kind.PARALLEL)]
    nearest = min(canvas[:2], key=lambda end: math.dist(end, on_canvas))
    if math.dist(canvas[0], on_canvas) + math.dist(on_canvas, canvas[1]) > math.dist(canvas[0], canvas[1]) + 1e-6:
        made.append(((nearest, on_canvas), True))
    if kind is Kind.PARALLEL:
        dx, dy = canvas[2].x - on_canvas.x, canvas[2].y - on_canvas.y
        made.append((tuple(CanvasPoint(end.x + dx, end.y + dy) for end in canvas[:2]), False))
    return made


def _between_lines(kind: Kind, canvas: list[CanvasPoint]) -> list[tuple[tuple[CanvasPoint, ...], bool]]:
    """For two lines that make an angle: what joins their middles, dashed."""
    if kind is Kind.BIDIRECTIONAL or len(canvas) < 4:
        return []
    one, other = _middle(canvas[0], canvas[1]), _middle(canvas[2], canvas[3])
    return [((one, other), True)]


def _middle(a: CanvasPoint, b: CanvasPoint) -> CanvasPoint:
    return CanvasPoint((a.x + b.x) / 2, (a.y + b.y) / 2)


def _arc(canvas: list[CanvasPoint]) -> tuple[CanvasPoint, ...]:
    """An arc at the vertex from one arm to the other, the shorter way round."""
    (x0, y0), (x, y), (x1, y1) = canvas
    radius = _ARC_SHARE * min(math.dist(canvas[0], canvas[1]), math.dist(canvas[2], canvas[1]))
    start = math.atan2(y0 - y, x0 - x)
    sweep = (math.atan2(y1 - y, x1 - x) - start + math.pi) % (2 * math.pi) - math.pi
    steps = [start + sweep * step / _ARC_STEPS for step in range(_ARC_STEPS + 1)]
    return tuple(CanvasPoint(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in steps)


def _arrow_head(canvas: list[CanvasPoint]) -> tuple[CanvasPoint, ...]:
    """The point is the second end."""
    (x0, y0), (x1, y1) = canvas
    turn = math.atan2(y0 - y1, x0 - x1)
    sides = [
        CanvasPoint(x1 + _ARROW_PX * math.cos(turn + by), y1 + _ARROW_PX * math.sin(turn + by)) for by in (0.4, -0.4)
    ]
    return sides[0], canvas[1], sides[1]


def _cross(at: CanvasPoint) -> list[tuple[tuple[CanvasPoint, ...], bool]]:
    return [
        ((CanvasPoint(at.x - _CROSS_PX, at.y), CanvasPoint(at.x + _CROSS_PX, at.y)), False),
        ((CanvasPoint(at.x, at.y - _CROSS_PX), CanvasPoint(at.x, at.y + _CROSS_PX)), False),
    ]
