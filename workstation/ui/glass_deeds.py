"""What only a window can do with the monitor it is on: life size, test patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.errors import StationError
from workstation.ui.screens import display_function, monitor_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.ui.main_window import MainWindow


def _life_size(window: MainWindow) -> None:
    """The active image at life size; what stands against it is said above the glass."""
    from workstation.viewing.life_size import life_sized, spacing_on

    widget = window.active_grid().active
    shown = widget.shown()
    if shown is None:
        return
    monitor = window.session.monitors.value.of(monitor_key(widget.screen()))
    spacing = spacing_on(shown, window.session.markings.calibration_of(shown.instance))
    try:
        widget.viewport.set_view(life_sized(widget.viewport.state.view, spacing, monitor))
    except StationError as error:
        window.show_notice(error)


def _patterns(window: MainWindow) -> None:
    """The test patterns, over the monitor that the window in front is on."""
    from workstation.ui.pattern_window import PatternWindow

    screen = window.glasses.in_front().screen()
    PatternWindow(screen, display_function(screen, window.session.monitors.value)).open()


GLASS_DEEDS: Final[dict[str, Callable[[MainWindow], None]]] = {"life_size": _life_size, "patterns": _patterns}
