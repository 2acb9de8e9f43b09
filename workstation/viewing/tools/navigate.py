"""Moving about: pan, zoom, scroll by dragging, and zoom about a point for the wheel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workstation.dicom.geometry import ImagePoint
from workstation.viewing.projection import CanvasPoint
from workstation.viewing.tools.base import ViewGesture

if TYPE_CHECKING:
    from workstation.viewing.plan import RenderPlan
    from workstation.viewing.projection import Projection
    from workstation.viewing.tools.base import PointerEvent
    from workstation.viewing.viewport import Viewport

LEAST_SCALE: Final = 0.02  # device pixels per image pixel
MOST_SCALE: Final = 40.0
_ZOOM_PER_PIXEL: Final = 1.005
_PIXELS_PER_STEP: Final = 8.0  # of dragging for one slice, where the stack is short


class PanGesture(ViewGesture):
    """The image point under the press stays under the hand."""

    def __init__(self, event: PointerEvent, viewport: Viewport, plan: RenderPlan) -> None:
        self._viewport = viewport
        self._view = viewport.state.view
        self._projection = plan.projection
        self._canvas = plan.canvas
        self._from = event.position

    def drag(self, event: PointerEvent) -> None:
        """See `Gesture`."""
        middle = CanvasPoint(
            self._canvas.width / 2 - (event.position.x - self._from.x),
            self._canvas.height / 2 - (event.position.y - self._from.y),
        )
        view = replace(self._view, centre=self._projection.to_image(middle), scale=self._projection.scale)
        self._viewport.set_view(view)

    def cancel(self) -> None:
        """See `Gesture`."""
        self._viewport.set_view(self._view)


class PanTool:
    """Moves the image."""

    tool_id = "pan"

    def press(self, event: PointerEvent, viewport: Viewport, plan: RenderPlan) -> PanGesture:
        """See `Tool`."""
        return PanGesture(event, viewport, plan)


class ZoomGesture(ViewGesture):
    """Up enlarges about the point of the press, down reduces."""

    def __init__(self, event: PointerEvent, viewport: Viewport, plan: RenderPlan) -> None:
        self._viewport = viewport
        self._view = viewport.state.view
        self._plan = plan
        self._from = event.position

    def drag(self, event: PointerEvent) -> None:
        """See `Gesture`."""
        factor = _ZOOM_PER_PIXEL ** (self._from.y - event.position.y)
        zoom_about(self._viewport, self._plan, self._from, factor)

    def cancel(self) -> None:
        """See `Gesture`."""
        self._viewport.set_view(self._view)


class ZoomTool:
    """Enlarges and reduces."""

    tool_id = "zoom"

    def press(self, event: PointerEvent, viewport: Viewport, plan: RenderPlan) -> ZoomGesture:
        """See `Tool`."""
        return ZoomGesture(event, viewport, plan)


def zoom_about(viewport: Viewport, plan: RenderPlan, point: CanvasPoint, factor: float) -> None:
    """Multiply the scale of `plan` by `factor`; the image point under `point` stays where it is."""
    scale = min(max(plan.projection.scale * factor, LEAST_SCALE), MOST_SCALE)
    ratio = plan.projection.scale / scale
    middle = CanvasPoint(plan.canvas.width / 2, plan.canvas.height / 2)
    fixed = plan.projection.to_image(point)
    old = plan.projection.to_image(middle)
    centre = ImagePoint(fixed.column + (old.column - fixed.column) * ratio, fixed.row + (old.row - fixed.row) * ratio)
    viewport.set_view(replace(viewport.state.view, scale=scale, centre=centre))


def centre_of(projection: Projection, width: int, height: int) -> ImagePoint:
    """The image point in the middle of a canvas."""
    return projection.to_image(CanvasPoint(width / 2, height / 2))


class ScrollGesture(ViewGesture):
    """Down goes on through the stack; a drag over the whole canvas passes at least all of it."""

    def __init__(self, event: PointerEvent, viewport: Viewport, plan: RenderPlan) -> None:
        self._viewport = viewport
        self._start = viewport.state.index
        self._from = event.position.y
        shown = viewport.state.display_set
        steps = len(shown.frames) if shown else 1
        self._pixels = max(1.0, min(_PIXELS_PER_STEP, plan.canvas.height / max(steps, 1)))

    def drag(self, event: PointerEvent) -> None:
        """See `Gesture`."""
        self._viewport.go_to(self._start + int((event.position.y - self._from) / self._pixels))

    def cancel(self) -> None:
        """See `Gesture`."""
        self._viewport.go_to(self._start)


class ScrollTool:
    """Goes through the stack."""

    tool_id = "scroll"

    def press(self, event: PointerEvent, viewport: Viewport, plan: RenderPlan) -> ScrollGesture:
        """See `Tool`."""
        return ScrollGesture(event, viewport, plan)
