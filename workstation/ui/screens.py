"""What Qt says of a monitor: by what it is known again, how many pixels it has, what images on it go through."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from workstation.station.monitors import Standing, Way
from workstation.ui.language import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen

    from workstation.dicom.display_function import DisplayFunction
    from workstation.station.monitors import Monitor, Monitors

DEEP: Final = 30  # bits of a pixel where each colour has ten: an X server that was set so; no other platform of Qt's


def device_size(screen: QScreen) -> tuple[int, int]:
    """Width and height in device pixels, whatever the scale of the desktop.

    Qt tells whole logical pixels: times the scale they miss the truth by up to half of it, which no monitor's
    resolution falls between.
    """
    ratio, size = screen.devicePixelRatio(), screen.geometry().size()
    step = 2 if ratio <= 2 else 8
    return round(size.width() * ratio / step) * step, round(size.height() * ratio / step) * step


def maker_key(screen: QScreen) -> str:
    """Maker, model and serial number; the socket, too, where it has no number."""
    maker = (screen.manufacturer(), screen.model(), screen.serialNumber())
    return "|".join(maker) if screen.serialNumber() else "|".join((*maker, screen.name()))


def monitor_key(screen: QScreen) -> str:
    """By what everything that is declared of a monitor is known: `maker_key` and its resolution."""
    return "{}|{}x{}".format(maker_key(screen), *device_size(screen))


def monitor_name(screen: QScreen) -> str:
    """What a person calls it: maker and model, else its socket."""
    words = " ".join(word for word in (screen.manufacturer(), screen.model()) if word.strip())
    return words or screen.name() or "?"


def bits_of(screen: QScreen) -> int:
    """Bits of grey that reach the monitor: 10 where the desktop has 30 bits a pixel, else 8."""
    return 10 if screen.depth() == DEEP else 8


def display_function(screen: QScreen, monitors: Monitors) -> DisplayFunction | None:
    """What P-values go through on a monitor; None: they are sent as they are, in 8 bit."""
    return function_of(monitors.of(monitor_key(screen)), bits_of(screen))


def function_of(monitor: Monitor, bits: int) -> DisplayFunction | None:
    """See `display_function`."""
    if bits == 8 and not monitor.has_table:
        return None
    from workstation.dicom.display_function import fitted, unchanged  # with numpy: the first window does without

    if monitor.way is Way.SOFTWARE and monitor.has_table and monitor.measured is not None:
        return fitted(monitor.measured, bits)
    return unchanged(bits)


def standing_words(screen: QScreen, monitors: Monitors) -> tuple[str, str]:
    """What a monitor may be used for today, in words for the status bar, and their tone."""
    standing = monitors.of(monitor_key(screen)).standing(date.today())
    if standing is Standing.DIAGNOSTIC:
        return tr("Monitor: diagnostic"), "secondary"
    return tr("Monitor: not for diagnosis"), "secondary" if standing is Standing.OTHER else "amber"
