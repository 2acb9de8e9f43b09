"""What a tool is: stateless; a press gives a gesture, which remembers its start and dies on release.

A drag is always computed from the gesture's start, so nothing accumulates.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from workstation.viewing.plan import RenderPlan
    from workstation.viewing.projection import CanvasPoint
    from workstation.viewing.viewport import Viewport


class Button(Enum):
    """A mouse button."""

    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """A press, move or release on a canvas. The first value past the line that knows Qt."""

    position: CanvasPoint  # device pixels
    button: Button = Button.LEFT
    shift: bool = False
    control: bool = False


class Gesture(Protocol):
    """One drag, from press to release."""

    def drag(self, event: PointerEvent) -> None:
        """Follow the hand."""
        ...

    def cancel(self) -> None:
        """Put everything back as it was at the press."""
        ...

    def end(self) -> None:
        """The button was let go: what was done stays."""
        ...


class ViewGesture:
    """A gesture that changes a view while it lasts, and leaves nothing to be done at its end."""

    def end(self) -> None:
        """See `Gesture`."""


class Tool(Protocol):
    """Makes gestures."""

    tool_id: str

    def press(self, event: PointerEvent, viewport: Viewport, plan: RenderPlan) -> Gesture | None:
        """Begin a gesture, or decline."""
        ...
