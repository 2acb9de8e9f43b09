"""`Spacing`: how long a pixel is between two places, what that length means, and what may be made of it.

One object for every reader of a length, so that no tool guesses by itself. The table is PS3.3 10.7.1.1 (what Pixel
Spacing and Imager Pixel Spacing mean beside each other), C.8.5.5 (ultrasound regions) and C.8.6.1 (digitised film).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.dicom.geometry import ImagePoint
    from workstation.dicom.scales import Pair, Scales, UltrasoundRegion
    from workstation.dicom.study import Instance

PICK: Final = 1.0  # pixels: how far a hand may be off at each end of a line (one standard deviation)
_SAME: Final = 1e-4  # relative: what writers round
_SECONDARY_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7."  # single-frame, and the four kinds of multi-frame
_CROSS_SECTIONAL: Final = frozenset({"CT", "MR", "PT", "NM"})


class Meaning(StrEnum):
    """What a length on an image is a length of."""

    PATIENT = "patient"  # cross-sectional: in the patient's plane
    UNKNOWN_CALIBRATION = "unknown-calibration"  # nothing says whether magnification was corrected
    DETECTOR = "detector"  # at the detector: the patient's anatomy appears larger
    CALIBRATED = "calibrated"  # corrected by whoever made the image
    MAGNIFICATION = "magnification"  # at the detector, divided by an estimated magnification
    USER = "user"  # calibrated here, on this image
    ULTRASOUND = "ultrasound"  # of the region both ends lie in
    FILM = "film"  # on the film that was digitised
    PIXELS = "pixels"  # not known


@dataclass(frozen=True, slots=True)
class UserCalibration:
    """A scale that a user gave an image by a known length on it.

    Attributes
    ----------
    spacing : Pair
        Millimetres a pixel: between rows, between columns.
    length_mm : float
        The known length.
    by, at : str
        Who, and when (ISO 8601, UTC).
    """

    spacing: Pair
    length_mm: float
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Spacing:
    """The scale between some places of an image.

    Attributes
    ----------
    row, column : float
        Size of a pixel between rows and between columns: millimetres, or shares of each other where the meaning is
        `PIXELS` (then the smaller one is 1).
    meaning : Meaning
    factor : float
        The estimated magnification, for `MAGNIFICATION`.
    detail : str
        Type and description of the calibration, as the object says; for `USER` who calibrated.
    length_mm, at : float, str
        The known length of a user's calibration, and when it was drawn (ISO 8601, UTC).
    """

    row: float = 1.0
    column: float = 1.0
    meaning: Meaning = Meaning.PIXELS
    factor: float = 1.0
    detail: str = ""
    length_mm: float = 0.0
    at: str = ""

    @property
    def pixel(self) -> float:
        """Size of a pixel, taken as a square one."""
        return math.sqrt(self.row * self.column)

    @property
    def spread(self) -> float:
        """How far off the scale itself may be, as a share of it: both ends of a known length were drawn by hand.

        That is one standard deviation. How far the makers of images are off, nobody says.
        """
        return math.sqrt(2.0) * PICK * self.pixel / self.length_mm if self.meaning is Meaning.USER else 0.0

    @property
    def is_millimetre(self) -> bool:
        """Whether lengths have a unit at all."""
        return self.meaning is not Meaning.PIXELS

    @property
    def is_true(self) -> bool:
        """Whether a length is one of the patient's anatomy, as far as the image knows."""
        return self.meaning in (Meaning.PATIENT, Meaning.CALIBRATED, Meaning.USER, Meaning.ULTRASOUND)

    @property
    def is_uncalibrated(self) -> bool:
        """Whether a reader has to be told that the length is not, or may not be, the anatomy's."""
        return not self.is_true

    @property
    def allows_lengths(self) -> bool:
        """Whether a length is more than a number: pixels that are not square have none."""
        return self.is_millimetre or self.row == self.column


def may_be_calibrated(instance: Instance, frame: int) -> bool:
    """Whether a known length may give an image another scale: not where its lengths are the patient's already.

    That is in cross-sectional planes and in ultrasound with regions; the calibration of a radiograph may be a guess.
    """
    return not instance.scales.regions and spacing_of(instance, frame).meaning is not Meaning.PATIENT


def calibrated(points: Sequence[ImagePoint], length_mm: float, aspect: float) -> Pair | None:
    """The scale at which two points of an image lie a known length apart; None where they are one point.

    Parameters
    ----------
    aspect : float
        Height of a pixel over its width.
    """
    (x0, y0), (x1, y1) = points
    length = math.hypot(x1 - x0, (y1 - y0) * aspect)
    return (length_mm / length * aspect, length_mm / length) if length > 0 and length_mm > 0 else None


def spacing_of(
    instance: Instance, frame: int, points: Sequence[ImagePoint] = (), calibration: UserCalibration | None = None
) -> Spacing:
    """The scale of a frame (counted from 1), for something that touches `points`.

    Parameters
    ----------
    points : sequence of ImagePoint
        Every end of what is measured. In ultrasound they choose the region; without any there is none.
    calibration : UserCalibration, optional
        Overrules what the object says.
    """
    if calibration is not None:
        known, by, at = calibration.length_mm, calibration.by, calibration.at
        return Spacing(*calibration.spacing, Meaning.USER, detail=by, length_mm=known, at=at)
    scales = instance.scales
    if scales.regions:
        return _of_region(scales.regions, points, instance)
    if instance.is_projection:
        return _of_projection(scales, instance)
    plane = instance.plane(frame)
    if plane is not None:
        return Spacing(plane.row_spacing, plane.column_spacing, Meaning.PATIENT)
    if scales.pixel_spacing is not None:
        is_section = instance.series.modality in _CROSS_SECTIONAL and not _is_captured(instance)
        return Spacing(*scales.pixel_spacing, Meaning.PATIENT if is_section else Meaning.UNKNOWN_CALIBRATION)
    return _without_pixel_spacing(scales, instance)


def _is_captured(instance: Instance) -> bool:
    """Whether it is a picture of a screen, such as a rendering of a volume: its modality is that of what was shown."""
    return f"{instance.sop_class_uid}.".startswith(_SECONDARY_CAPTURE)


def _of_projection(scales: Scales, instance: Instance) -> Spacing:
    pixel, imager = scales.pixel_spacing, scales.imager_pixel_spacing
    if pixel is None:
        return _without_pixel_spacing(scales, instance)
    words = ": ".join(word for word in (scales.calibration_type, scales.calibration_description) if word)
    if imager is not None and not _are_equal(pixel, imager):
        return Spacing(*pixel, Meaning.CALIBRATED, detail=words)
    if imager is not None:
        return Spacing(*pixel, Meaning.DETECTOR)
    return Spacing(*pixel, Meaning.CALIBRATED if words else Meaning.UNKNOWN_CALIBRATION, detail=words)


def _without_pixel_spacing(scales: Scales, instance: Instance) -> Spacing:
    imager, factor = scales.imager_pixel_spacing, scales.magnification
    if imager is None:
        return Spacing(*scales.nominal_scanned, Meaning.FILM) if scales.nominal_scanned else _pixels(instance)
    if factor:
        return Spacing(imager[0] / factor, imager[1] / factor, Meaning.MAGNIFICATION, factor=factor)
    return Spacing(*imager, Meaning.DETECTOR)


def _are_equal(one: Pair, other: Pair) -> bool:
    return all(abs(a - b) <= _SAME * max(a, b) for a, b in zip(one, other, strict=True))


def _of_region(regions: tuple[UltrasoundRegion, ...], points: Sequence[ImagePoint], instance: Instance) -> Spacing:
    """The one region that every point lies in; none where they lie in several, or in one that is a curve."""
    places = {_region_at(regions, point) for point in points}
    chosen = places.pop() if len(places) == 1 else None
    if chosen is None or not chosen.has_lengths:
        return _pixels(instance)
    return Spacing(chosen.row_spacing, chosen.column_spacing, Meaning.ULTRASOUND)


def _region_at(regions: tuple[UltrasoundRegion, ...], point: ImagePoint) -> UltrasoundRegion | None:
    """Where regions overlap, the one of higher priority, then the smaller one."""
    holding = [region for region in regions if region.holds(*point)]
    return min(
        holding,
        key=lambda one: (one.is_low_priority, (one.right - one.left) * (one.bottom - one.top)),
        default=None,
    )


def _pixels(instance: Instance) -> Spacing:
    aspect = instance.pixel_aspect
    return Spacing(max(aspect, 1.0), max(1.0 / aspect, 1.0))
