"""Window by dragging: right for wider, down for brighter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from workstation.dicom.grayscale import VoiLut, Window
from workstation.viewing.tools.base import ViewGesture

if TYPE_CHECKING:
    from workstation.viewing.plan import RenderPlan
    from workstation.viewing.tools.base import PointerEvent
    from workstation.viewing.viewport import Viewport

_WIDTHS_PER_CANVAS: Final = 3.0  # a drag across the canvas changes the window by so many of its own widths
_NARROWEST: Final = 100.0  # a window of fractions becomes no narrower than this share of where the drag began
_LEAST_GAIN: Final = 0.25  # values per device pixel, for very narrow windows


class WindowGesture(ViewGesture):
    """Changes centre and width from where the press was."""

    def __init__(self, event: PointerEvent, viewport: Viewport, plan: RenderPlan, start: Window) -> None:
        self._viewport = viewport
        self._before = viewport.state
        self._from = event.position
        self._start = start
        gain = start.width * _WIDTHS_PER_CANVAS / max(plan.canvas.width, 1)
        is_whole = start.function == "LINEAR"  # only this one has a least width (PS3.3 C.11.2.1.2)
        self._gain = max(gain, _LEAST_GAIN) if is_whole else gain
        self._least = 1.0 if is_whole else start.width / _NARROWEST
        self._places = 1 if is_whole else max(1, 3 - math.floor(math.log10(max(start.width, 1e-300))))

    def drag(self, event: PointerEvent) -> None:
        """See `Gesture`."""
        right = event.position.x - self._from.x
        down = event.position.y - self._from.y
        width = max(self._least, self._start.width + right * self._gain)
        centre = self._start.center - down * self._gain
        self._viewport.set_window(Window(round(centre, self._places), round(width, self._places), self._start.function))

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
