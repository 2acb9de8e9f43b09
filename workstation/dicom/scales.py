"""`Scales`: what an object says of the size of its pixels, word for word; `measuring.spacing` says what to believe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.dicom.attributes import integer, number, numbers, text

if TYPE_CHECKING:
    from workstation.dicom.attributes import Attributes

Pair = tuple[float, float]  # row spacing (between rows, vertical), column spacing (between columns), mm
_CENTIMETRES: Final = 3  # PS3.3 C.8.5.5.1.15, Physical Units
_TWO_DIMENSIONAL: Final = 1  # PS3.3 C.8.5.5.1.1, Region Spatial Format
_CURVES: Final = (2, 3, 4)  # M-mode, spectral, wave form
_LOW_PRIORITY: Final = 1  # PS3.3 C.8.5.5.1.3, Region Flags bit 0
_MOST_REGIONS: Final = 64


@dataclass(frozen=True, slots=True)
class UltrasoundRegion:
    """A part of an ultrasound image: a picture in which distances mean something, or a curve (PS3.3 C.8.5.5).

    Attributes
    ----------
    left, top, right, bottom : int
        Its corners, (column, row) from 0, inclusive.
    row_spacing, column_spacing : float
        Millimetres a pixel; 0 where there are none: the axes of a curve are time or speed.
    is_low_priority : bool
        Where regions overlap, the other one counts.
    """

    left: int
    top: int
    right: int
    bottom: int
    row_spacing: float
    column_spacing: float
    is_low_priority: bool = False

    @property
    def has_lengths(self) -> bool:
        """Whether it is a picture of the patient in centimetres."""
        return self.row_spacing > 0 and self.column_spacing > 0

    def holds(self, column: float, row: float) -> bool:
        """Whether a place lies in it; its pixels reach half a pixel beyond their centres."""
        return self.left - 0.5 <= column <= self.right + 0.5 and self.top - 0.5 <= row <= self.bottom + 0.5


@dataclass(frozen=True, slots=True)
class Scales:
    """What the header says; None or empty where it says nothing usable.

    Attributes
    ----------
    pixel_spacing, imager_pixel_spacing, nominal_scanned : Pair or None
        PS3.3 10.7.1, C.8.7.10, C.8.6.1.
    magnification : float
        Estimated Radiographic Magnification Factor (0018,1114); 0 where it says none.
    calibration_type : str
        GEOMETRY, FIDUCIAL or empty (PS3.3 10.7.1.2).
    regions : tuple of UltrasoundRegion
        Those of ultrasound: without graphics and legends.
    """

    pixel_spacing: Pair | None = None
    imager_pixel_spacing: Pair | None = None
    nominal_scanned: Pair | None = None
    magnification: float = 0.0
    calibration_type: str = ""
    calibration_description: str = ""
    regions: tuple[UltrasoundRegion, ...] = ()


def scales_of(source: Attributes) -> Scales:
    """Read an object's scales; of an enhanced object those that all its frames share."""
    measures = (item for group in source.items("SharedFunctionalGroupsSequence")[:1]
                for item in group.items("PixelMeasuresSequence")[:1])  # fmt: skip
    shared = next((_pair(item, "PixelSpacing") for item in measures), None)
    magnification = number(source, "EstimatedRadiographicMagnificationFactor") or 0.0
    return Scales(
        pixel_spacing=_pair(source, "PixelSpacing") or shared,
        imager_pixel_spacing=_pair(source, "ImagerPixelSpacing"),
        nominal_scanned=_pair(source, "NominalScannedPixelSpacing"),
        magnification=magnification if magnification > 0 else 0.0,
        calibration_type=text(source, "PixelSpacingCalibrationType").upper(),
        calibration_description=text(source, "PixelSpacingCalibrationDescription"),
        regions=tuple(
            region
            for item in source.items("SequenceOfUltrasoundRegions")[:_MOST_REGIONS]
            if (region := _region(item)) is not None
        ),
    )


def _pair(source: Attributes, keyword: str) -> Pair | None:
    found = numbers(source, keyword)
    return (found[0], found[1]) if len(found) == 2 and min(found) > 0 else None


def _region(item: Attributes) -> UltrasoundRegion | None:
    corners = [integer(item, f"RegionLocation{name}") for name in ("MinX0", "MinY0", "MaxX1", "MaxY1")]
    units = {integer(item, f"PhysicalUnits{axis}Direction") for axis in "XY"}
    across, down = (abs(number(item, f"PhysicalDelta{axis}") or 0.0) * 10.0 for axis in "XY")
    form = integer(item, "RegionSpatialFormat")
    left, top, right, bottom = corners
    if form not in (_TWO_DIMENSIONAL, *_CURVES) or left is None or top is None or right is None or bottom is None:
        return None
    if right < left or bottom < top:
        return None
    if form != _TWO_DIMENSIONAL or units != {_CENTIMETRES} or not across or not down:
        across = down = 0.0
    return UltrasoundRegion(
        left, top, right, bottom, down, across, bool((integer(item, "RegionFlags") or 0) & _LOW_PRIORITY)
    )
