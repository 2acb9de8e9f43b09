"""`Display`: a monitor as it hangs there now; where windows may stand on the monitors, and where they stood before.

Places are kept as shares of a monitor's free area, so that they outlast another resolution, scale or arrangement.
All lengths are logical pixels of the desktop the monitors share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

GRIP_HEIGHT: Final = 32  # of a window's top that must be in reach
GRIP_WIDTH: Final = 200
LEAST_WIDTH: Final = 640  # a window smaller than this was not meant
LEAST_HEIGHT: Final = 480
_MOST_ARRANGEMENTS: Final = 12


class Box(NamedTuple):
    """A rectangle on the desktop, logical pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first pixel to the right of it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first pixel below it."""
        return self.top + self.height

    def meet(self, other: Box) -> Box:
        """What both cover; of no width or height when they do not meet."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, max(0, right - left), max(0, bottom - top))


@dataclass(frozen=True, slots=True)
class Display:
    """A monitor.

    Attributes
    ----------
    key : str
        By what the same monitor is known again: maker, model and serial number, or its socket where it has none.
    free : Box
        What windows may cover: without task bars.
    """

    key: str
    free: Box


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where a window stands: shares (0 to 1) of the free area of a monitor."""

    display: str
    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0
    is_maximised: bool = False
    is_full_screen: bool = False


def arrangement_of(displays: list[Display]) -> str:
    """The monitors that are there, as one key."""
    return "\n".join(sorted(display.key for display in displays))


def note_place(box: Box, displays: list[Display], *, maximised: bool, full_screen: bool) -> WindowPlace:
    """A window's place, relative to the monitor that shows most of it."""
    home = home_of(box, displays)
    free = home.free
    return WindowPlace(
        home.key,
        (box.left - free.left) / free.width,
        (box.top - free.top) / free.height,
        box.width / free.width,
        box.height / free.height,
        maximised,
        full_screen,
    )


def box_of(place: WindowPlace, displays: list[Display]) -> Box | None:
    """Where a window that stood there shall stand now; None when its monitor is gone."""
    home = next((display for display in displays if display.key == place.display), None)
    if home is None:
        return None
    free = home.free
    wished = Box(
        round(free.left + place.left * free.width),
        round(free.top + place.top * free.height),
        round(place.width * free.width),
        round(place.height * free.height),
    )
    return in_reach(wished, displays)


def home_of(box: Box, displays: list[Display]) -> Display:
    """The monitor that shows most of a box; the nearest one when none shows any of it."""

    def merit(display: Display) -> tuple[int, int]:
        seen = display.free.meet(box)
        across = abs(2 * box.left + box.width - 2 * display.free.left - display.free.width)
        down = abs(2 * box.top + box.height - 2 * display.free.top - display.free.height)
        return seen.width * seen.height, -(across + down)

    return max(displays, key=merit)


def is_in_reach(box: Box, displays: list[Display]) -> bool:
    """Whether a hand can take hold of the window's top on some monitor, and it is no larger than that monitor."""
    for display in displays:
        grip = display.free.meet(Box(box.left, box.top, box.width, GRIP_HEIGHT))
        holds = grip.height >= min(GRIP_HEIGHT, box.height) and grip.width >= min(GRIP_WIDTH, box.width)
        if holds and box.width <= display.free.width and box.height <= display.free.height:
            return True
    return False


def in_reach(box: Box, displays: list[Display]) -> Box:
    """The box itself where it can be reached, else moved, and made smaller if need be, onto the nearest monitor."""
    if is_in_reach(box, displays):
        return box
    free = home_of(box, displays).free
    width, height = min(box.width, free.width), min(box.height, free.height)
    left = max(free.left, min(box.left, free.right - width))
    top = max(free.top, min(box.top, free.bottom - height))
    return Box(left, top, width, height)


def remembered(
    arrangements: dict[str, tuple[WindowPlace, ...]], key: str, windows: tuple[WindowPlace, ...]
) -> dict[str, tuple[WindowPlace, ...]]:
    """The arrangements with one of them noted last; the oldest are forgotten."""
    kept = {name: places for name, places in arrangements.items() if name != key}
    kept[key] = windows
    return dict(list(kept.items())[-_MOST_ARRANGEMENTS:])
