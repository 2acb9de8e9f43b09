"""Life size: as many device pixels as make an image's millimetres true on the glass, and how large it is now.

What a length on the image is a length of (the patient's, the detector's) is `measuring.spacing`'s; how long a device
pixel is was measured on the very monitor with a ruler or a card.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workstation.errors import StationError
from workstation.measuring.spacing import spacing_of
from workstation.viewing.measure_words import meaning

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.dicom.frames import ShownFrame
    from workstation.measuring.spacing import Spacing, UserCalibration
    from workstation.station.monitors import Monitor
    from workstation.viewing.projection import View

WORDS: Final = ("Life size", "{percent} % of life size")
_TRUE: Final = 0.005  # what is nearer to life size than this is called so


def spacing_on(shown: ShownFrame, calibration: UserCalibration | None) -> Spacing:
    """The scale of the whole image."""
    return spacing_of(shown.instance, shown.frame.key.frame, (), calibration)


def pixel_of(monitor: Monitor) -> float | None:
    """Millimetres of a device pixel, of its width and height alike; None when they were not measured, or differ."""
    if monitor.pixel_mm is None or not monitor.has_square_pixels:
        return None
    return float((monitor.pixel_mm[0] * monitor.pixel_mm[1]) ** 0.5)


def life_sized(view: View, spacing: Spacing, monitor: Monitor) -> View:
    """The view at which a millimetre of the image is one on the glass.

    Raises
    ------
    StationError
        monitor-not-measured, monitor-not-square, image-without-millimetres
    """
    if monitor.pixel_mm is None:
        raise StationError("monitor-not-measured")
    pixel = pixel_of(monitor)
    if pixel is None:
        raise StationError("monitor-not-square")
    if not spacing.is_millimetre:
        raise StationError("image-without-millimetres")
    return replace(view, scale=spacing.column / pixel)


def size_words(spacing: Spacing, scale: float, pixel_mm: float | None, say: Callable[[str], str]) -> str:
    """How large the image is on the glass, and what of; empty where that is not known.

    Parameters
    ----------
    scale : float
        Device pixels per image column.
    pixel_mm : float or None
        Of the monitor.
    """
    if pixel_mm is None or not spacing.is_millimetre:
        return ""
    share = scale * pixel_mm / spacing.column
    exact = abs(share - 1) <= _TRUE
    words = say("Life size") if exact else say("{percent} % of life size").format(percent=f"{share * 100:.0f}")
    return " · ".join(part for part in (words, meaning(spacing, say)) if part)
