"""Planes in patient millimetres (LPS). No pixels, no volumes; what lies at their edges is `dicom.orientation`'s.

Arrays are ``[row, column]``, points are ``(column, row)``; whole numbers are pixel centres.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workstation.dicom.attributes import numbers, text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from workstation.dicom.attributes import Attributes

Vector = tuple[float, float, float]


class ImagePoint(NamedTuple):
    """A place in an image: zero-based, whole numbers at pixel centres."""

    column: float
    row: float


class PatientPoint(NamedTuple):
    """A place in the patient: millimetres, x to the left, y to the back, z to the head."""

    x: float
    y: float
    z: float


@dataclass(frozen=True, slots=True)
class Plane:
    """Where one frame lies in the patient (PS3.3 C.7.6.2)."""

    position: PatientPoint  # centre of the pixel (0, 0)
    row_direction: Vector  # unit vector along which the column number grows
    column_direction: Vector  # unit vector along which the row number grows
    row_spacing: float  # mm between rows: down a column
    column_spacing: float  # mm between columns: along a row
    frame_of_reference_uid: str = ""

    @property
    def normal(self) -> Vector:
        """The unit vector row x column; written out, as hundreds of planes are sorted while a film is opened."""
        (rx, ry, rz), (cx, cy, cz) = self.row_direction, self.column_direction
        return ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx

    @property
    def distance(self) -> float:
        """The position along the normal, mm; frames of one orientation are sorted by it."""
        return sum(along * place for along, place in zip(self.normal, self.position, strict=True))

    def to_patient(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Patient coordinates of image points.

        Parameters
        ----------
        points : (n, 2) float
            (column, row), zero-based; whole numbers are pixel centres.

        Returns
        -------
        (n, 3) float
            (x, y, z) in mm, LPS, in the plane's frame of reference.

        References
        ----------
        PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1.
        """
        import numpy as np  # not before the first image: the first window names studies, and must not wait for it

        columns, rows = points[:, :1], points[:, 1:]
        along = np.asarray(self.row_direction) * self.column_spacing * columns
        down = np.asarray(self.column_direction) * self.row_spacing * rows
        return np.asarray(np.asarray(self.position) + along + down, dtype=np.float64)

    def to_image(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Image coordinates (column, row) of the feet of patient points on this plane; see `to_patient`."""
        import numpy as np

        offset = points - np.asarray(self.position)
        columns = offset @ np.asarray(self.row_direction) / self.column_spacing
        rows = offset @ np.asarray(self.column_direction) / self.row_spacing
        return np.stack([columns, rows], axis=1)


def plane_of(
    orientation: tuple[float, ...], position: tuple[float, ...], spacing: tuple[float, ...], frame_of_reference_uid: str
) -> Plane | None:
    """A plane from ImageOrientationPatient, ImagePositionPatient and PixelSpacing; None when they make none."""
    if len(orientation) != 6 or len(position) != 3 or len(spacing) != 2 or min(spacing) <= 0:
        return None
    row, column = _direction(orientation[:3]), _direction(orientation[3:])
    if row is None or column is None or abs(sum(one * other for one, other in zip(row, column, strict=True))) > 1e-2:
        return None
    return Plane(PatientPoint(*position), row, column, spacing[0], spacing[1], frame_of_reference_uid)


def _direction(cosines: tuple[float, ...]) -> Vector | None:
    """The unit vector of three direction cosines; None where they are none."""
    length = math.hypot(*cosines)
    if not 0.99 < length < 1.01:
        return None
    x, y, z = cosines
    return x / length, y / length, z / length


def frame_planes(source: Attributes, number_of_frames: int) -> tuple[Plane | None, ...]:
    """The plane of each frame: functional groups of enhanced objects first, then the plain attributes.

    References
    ----------
    PS3.3 C.7.6.2 (Image Plane), C.7.6.16.2.1-2 (Pixel Measures, Plane Position and Orientation).
    """
    reference = text(source, "FrameOfReferenceUID")
    shared = source.items("SharedFunctionalGroupsSequence")
    per_frame = source.items("PerFrameFunctionalGroupsSequence")
    if not shared and not per_frame:
        plane = plane_of(
            numbers(source, "ImageOrientationPatient"),
            numbers(source, "ImagePositionPatient"),
            numbers(source, "PixelSpacing"),
            reference,
        )
        return (plane,) * number_of_frames
    return tuple(
        _group_plane((*per_frame[index : index + 1], *shared[:1]), reference) for index in range(number_of_frames)
    )


def _group_plane(groups: tuple[Attributes, ...], reference: str) -> Plane | None:
    return plane_of(
        _group_numbers(groups, "PlaneOrientationSequence", "ImageOrientationPatient"),
        _group_numbers(groups, "PlanePositionSequence", "ImagePositionPatient"),
        _group_numbers(groups, "PixelMeasuresSequence", "PixelSpacing"),
        reference,
    )


def _group_numbers(groups: tuple[Attributes, ...], sequence: str, keyword: str) -> tuple[float, ...]:
    for group in groups:
        for item in group.items(sequence):
            found = numbers(item, keyword)
            if found:
                return found
    return ()
