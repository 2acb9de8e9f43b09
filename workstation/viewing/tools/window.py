"""Window by dragging: right for wider, down for brighter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.dicom.grayscale import VoiLut, Window
from workstation.viewing.tools.base import ViewGesture

if TYPE_CHECKING:
    from workstation.viewing.plan import RenderPlan
    from workstation.viewing.tools.base import PointerEvent
    from workstation.viewing.viewport import Viewport

_WIDTHS_PER_CANVAS: Final = 3.0  # a drag across the canvas changes the window by so many of its own widths
_LEAST_GAIN: Final = 0.25  # values per device pixel, for very narrow windows


class WindowGesture(ViewGesture):
    """Changes centre and width from where the press was."""

    def __init__(self, event: PointerEvent, viewport: Viewport, plan: RenderPlan, start: Window) -> None:
        self._viewport = viewport
        self._before = viewport.state
        self._from = event.position
        self._start = start
        self._gain = max(start.width * _WIDTHS_PER_CANVAS / max(plan.canvas.width, 1), _LEAST_GAIN)

    def drag(self, event: PointerEvent) -> None:
        """See `Gesture`."""
        right = event.position.x - self._from.x
        down = event.position.y - self._from.y
        width = max(1.0, self._start.width + right * self._gain)
        centre = self._start.center - down * self._gain
        self._viewport.set_window(Window(round(centre, 1), round(width, 1), self._start.function))

    def cancel(self) -> None:
        """See `Gesture`."""
        self._viewport.set_window(self._before.voi, self._before.voi_name)


class WindowTool:
    """The tool of the left button at first."""

    tool_id = "window"

    def press(self, event: PointerEvent, viewport: Viewport, plan: RenderPlan) -> WindowGesture | None:
        """See `Tool`. Colour has no window."""
        start = plan.voi
        if isinstance(start, VoiLut):
            start = start.as_window()
        return None if start is None else WindowGesture(event, viewport, plan, start)
