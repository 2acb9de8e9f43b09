"""What a presentation state draws on an image: objects and texts of its layers, as lines and labels on a canvas."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from workstation.dicom.geometry import ImagePoint
from workstation.viewing.drawings import Drawing, Label, Stroke
from workstation.viewing.projection import CanvasPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.dicom.graphics import Graphic, Point
    from workstation.dicom.presentation import DisplayedArea
    from workstation.viewing.plan import RenderPlan

COLOUR: Final = (255, 160, 90)  # where a layer names none: neither ours nor that of a mark
_ROUND: Final = 96
_BETWEEN: Final = 12  # points of a curve between two that are given
_POINT_PX: Final = 4.0


def state_graphics(plan: RenderPlan) -> list[Drawing]:
    """Everything that the state of a plan draws on its frame, the lower layers first."""
    state = plan.presentation
    if state is None:
        return []
    key = plan.wished.frame.key
    area = state.area(key)
    made: list[Drawing] = []
    for graphic in state.graphics_on(key):
        rgb = state.colour_of(graphic.layer) or COLOUR
        points = _on_canvas(graphic.points, plan, area, of_display=graphic.is_of_display)
        made += _text(graphic, points, plan, area, rgb) if graphic.kind == "TEXT" else _object(graphic, points, rgb)
    return made


def _on_canvas(
    points: Sequence[Point], plan: RenderPlan, area: DisplayedArea | None, *, of_display: bool
) -> list[CanvasPoint]:
    if not of_display:
        return [plan.projection.to_canvas(ImagePoint(*point)) for point in points]
    left, top, right, bottom = _box(plan, area)
    return [CanvasPoint(left + x * (right - left), top + y * (bottom - top)) for x, y in points]


def _box(plan: RenderPlan, area: DisplayedArea | None) -> tuple[float, float, float, float]:
    """Where the displayed area lies on the canvas: 0, 0 is its upper left corner as it is seen."""
    if area is None:
        return plan.projection.rectangle()
    corners = [
        plan.projection.to_canvas(ImagePoint(column, row))
        for column, row in ((area.left, area.top), (area.right, area.bottom))
    ]
    xs, ys = [point.x for point in corners], [point.y for point in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _object(graphic: Graphic, points: list[CanvasPoint], rgb: tuple[int, int, int]) -> list[Drawing]:
    line = tuple(points)
    if graphic.kind == "POINT":
        (x, y) = points[0]
        cross = ((x - _POINT_PX, y), (x + _POINT_PX, y)), ((x, y - _POINT_PX), (x, y + _POINT_PX))
        return [Stroke((CanvasPoint(*a), CanvasPoint(*b)), rgb=rgb) for a, b in cross]
    if graphic.kind == "CIRCLE":
        radius = math.dist(points[0], points[1])
        line = _ellipse(points[0], (radius, 0.0), (0.0, radius))
    elif graphic.kind == "ELLIPSE":
        line = _ellipse_of_axes(points)
    elif graphic.kind == "INTERPOLATED":
        line = _curve(points)
    return [Stroke(line, rgb=rgb, is_filled=graphic.is_filled)]


def _ellipse(
    centre: tuple[float, float], along: tuple[float, float], across: tuple[float, float]
) -> tuple[CanvasPoint, ...]:
    turns = [2 * math.pi * step / _ROUND for step in range(_ROUND + 1)]
    return tuple(
        CanvasPoint(
            centre[0] + along[0] * math.cos(turn) + across[0] * math.sin(turn),
            centre[1] + along[1] * math.cos(turn) + across[1] * math.sin(turn),
        )
        for turn in turns
    )


def _ellipse_of_axes(points: list[CanvasPoint]) -> tuple[CanvasPoint, ...]:
    """The ends of the long axis, then those of the short one (PS3.3 C.10.5.1.2)."""
    a, b, c, d = points[:4]
    centre = ((a.x + b.x) / 2, (a.y + b.y) / 2)
    return _ellipse(centre, ((b.x - a.x) / 2, (b.y - a.y) / 2), ((d.x - c.x) / 2, (d.y - c.y) / 2))


def _curve(points: list[CanvasPoint]) -> tuple[CanvasPoint, ...]:
    """A smooth curve through all points (Catmull and Rom 1974), closed where they are."""
    is_closed = len(points) > 2 and points[0] == points[-1]
    count = len(points)
    made = [points[0]]
    for n in range(count - 1):
        before = points[n - 1] if n > 0 else points[-2] if is_closed else points[0]
        after = points[n + 2] if n + 2 < count else points[1] if is_closed else points[-1]
        made += [_between(before, points[n], points[n + 1], after, step / _BETWEEN) for step in range(1, _BETWEEN + 1)]
    return tuple(made)


def _between(a: CanvasPoint, b: CanvasPoint, c: CanvasPoint, d: CanvasPoint, t: float) -> CanvasPoint:
    def part(p: float, q: float, r: float, s: float) -> float:
        return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)

    return CanvasPoint(part(a.x, b.x, c.x, d.x), part(a.y, b.y, c.y, d.y))


def _text(
    graphic: Graphic,
    points: list[CanvasPoint],
    plan: RenderPlan,
    area: DisplayedArea | None,
    rgb: tuple[int, int, int],
) -> list[Drawing]:
    lines = tuple(graphic.text.split("\n"))
    corner = CanvasPoint(min(point.x for point in points), min(point.y for point in points))
    made: list[Drawing] = [Label(corner, lines, rgb=rgb, is_placed=len(points) > 1)]
    if graphic.anchor is not None:
        (at,) = _on_canvas((graphic.anchor,), plan, area, of_display=graphic.is_anchor_of_display)
        middle = CanvasPoint(sum(p.x for p in points) / len(points), sum(p.y for p in points) / len(points))
        made.append(Stroke((middle, at), rgb=rgb, is_dashed=True))
    return made
