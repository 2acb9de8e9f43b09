"""Lengths, angles and areas in a plane. Points are (x, y) in one unit on both axes, x to the right, y down.

What the unit is, and whether the plane is a patient's, is not known here; see `spacing` and `readings`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # (n, 2)
_SIDES_AT_ONCE = 512  # bounds what is compared at once


class Circle(NamedTuple):
    """A circle."""

    x: float
    y: float
    radius: float


def length(points: Points) -> float:
    """Length of the line through all points, in their order."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def angle(points: Points) -> float:
    """The angle at the second of three points, degrees, 0 to 180; NaN where an arm has no length."""
    return _between(points[0] - points[1], points[2] - points[1])


def angle_of_lines(points: Points) -> float:
    """The smaller angle of two lines (first to second point, third to fourth), degrees, 0 to 90."""
    found = _between(points[1] - points[0], points[3] - points[2])
    return min(found, 180.0 - found)


def cobb(points: Points) -> float:
    """The angle of two end plates, degrees, 0 to 180: both lines are read from left to right.

    Where the spine lies on its side (the lines stand upright beside each other) both are read downwards: a radiograph
    that was stored turned by a quarter gives the same angle.

    References
    ----------
    Cobb JR. Outline for the study of scoliosis. Instr Course Lect 1948; 5: 261-275: the angle of the lines along the
    upper end plate of the upper and the lower end plate of the lower end vertebra, equal to that of their normals.
    """
    arms = points[1] - points[0], points[3] - points[2]
    axis = 1 if _lie_on_their_side(points, arms) else 0
    return _between(*(_read_along(axis, arm) for arm in arms))


def _lie_on_their_side(points: Points, arms: tuple[Points, Points]) -> bool:
    """Whether two lines stand upright, on the whole, and beside each other."""
    apart = abs(points[2:].mean(axis=0) - points[:2].mean(axis=0))
    one, other = (abs(arm) / (math.hypot(*arm) or 1.0) for arm in arms)
    steep = one + other
    return bool(apart[0] > apart[1] and steep[1] > steep[0])


def _read_along(axis: int, arm: Points) -> Points:
    """A line in the direction in which an axis grows; where it does not run along it, in that of the other."""
    return -arm if arm[axis] < 0 or (arm[axis] == 0 and arm[1 - axis] < 0) else arm


def _between(one: Points, other: Points) -> float:
    """The angle of two arms; by the arc tangent, which keeps its digits near 0 and 180 degrees."""
    if not one.any() or not other.any():
        return math.nan
    cross = float(one[0] * other[1] - one[1] * other[0])
    return math.degrees(math.atan2(abs(cross), float(one @ other)))


def foot(points: Points) -> Points:
    """The foot of the third point on the line through the first two; the first point where that is no line."""
    along = points[1] - points[0]
    square = float(along @ along)
    share = float((points[2] - points[0]) @ along) / square if square else 0.0
    return np.asarray(points[0] + share * along)


def distance_to_line(points: Points) -> float:
    """Distance of the third point from the line through the first two."""
    return length(np.stack([points[2], foot(points)]))


def circle_through(points: Points) -> Circle | None:
    """The circle through three points; None where they lie on a line."""
    origin = points[0]
    (bx, by), (cx, cy) = points[1] - origin, points[2] - origin
    twice = 2.0 * float(bx * cy - by * cx)
    size = max(float(abs(points - origin).max()), 1e-300)
    if abs(twice) <= 1e-12 * size * size:
        return None
    b, c = float(bx * bx + by * by), float(cx * cx + cy * cy)
    x, y = (cy * b - by * c) / twice, (bx * c - cx * b) / twice
    return Circle(float(origin[0] + x), float(origin[1] + y), math.hypot(x, y))


def polygon_area(points: Points) -> float:
    """Area inside a polygon that does not cross itself (the shoelace formula)."""
    moved = points - points[0]  # far from the origin the products would lose their digits
    x, y = moved[:, 0], moved[:, 1]
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2.0


def perimeter(points: Points) -> float:
    """Length of the closed line through all points."""
    return length(np.concatenate([points, points[:1]]))


def crosses_itself(points: Points) -> bool:
    """Whether two sides of a polygon cross, so that its area means nothing."""
    ends = np.roll(points, -1, axis=0)
    low, high = np.minimum(points, ends), np.maximum(points, ends)
    axis = int(np.ptp(points[:, 1]) > np.ptp(points[:, 0]))  # along the longer way fewer sides lie beside each other
    order = np.argsort(low[:, axis], kind="stable")
    reach = np.searchsorted(low[order, axis], high[order, axis], side="right")
    for start in range(0, len(order), _SIDES_AT_ONCE):
        rows = np.arange(start, min(start + _SIDES_AT_ONCE, len(order)))
        count = np.maximum(reach[rows] - rows - 1, 0)
        one = np.repeat(rows, count)
        other = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + one + 1
        a, b = order[one], order[other]
        across = 1 - axis
        near = (low[a, across] <= high[b, across]) & (low[b, across] <= high[a, across])
        a, b = a[near], b[near]
        if _cross(points[a], ends[a], points[b], ends[b]).any():
            return True
    return False


def _cross(a: Points, b: Points, c: Points, d: Points) -> NDArray[np.bool_]:
    """Whether each segment from a to b properly crosses the segment from c to d."""
    return np.asarray((_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0))


def _side(a: Points, b: Points, p: Points) -> NDArray[np.float64]:
    along, to = b - a, p - a
    return np.asarray(np.sign(along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0]))


def needed(points: Points, tolerance: float) -> list[int]:
    """Which points of a line are needed so that no other lies further off than a tolerance; the ends always are.

    References
    ----------
    Douglas DH, Peucker TK. Algorithms for the reduction of the number of points required to represent a digitized line
    or its caricature. Cartographica 1973; 10: 112-122.
    """
    kept = {0, len(points) - 1}
    parts = [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        off = _off_segment(points[first + 1 : last], points[first], points[last])
        farthest = int(off.argmax())
        if off[farthest] > tolerance:
            middle = first + 1 + farthest
            kept.add(middle)
            parts += [(first, middle), (middle, last)]
    return sorted(kept)


def _off_segment(points: Points, a: Points, b: Points) -> NDArray[np.float64]:
    """Distance of each point from the segment from a to b."""
    along = b - a
    square = float(along @ along)
    share = np.clip((points - a) @ along / square, 0.0, 1.0) if square else np.zeros(len(points))
    return np.asarray(np.hypot(*(points - a - share[:, None] * along).T))


def ellipse_area(points: Points) -> float:
    """Area of the ellipse that fills the upright rectangle between two corners."""
    width, height = abs(points[1] - points[0])
    return math.pi / 4.0 * float(width * height)


def rectangle_area(points: Points) -> float:
    """Area of the upright rectangle between two corners."""
    width, height = abs(points[1] - points[0])
    return float(width * height)


def corners(points: Points) -> Points:
    """The four corners of the upright rectangle between two of them, going round."""
    (x0, y0), (x1, y1) = points
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float64)
