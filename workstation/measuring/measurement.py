"""`Measurement`: what a person marked on an image, frozen; and the kinds there are, each with its points and concept.

A place is held in the patient's millimetres where the frame lies in a patient, else in pixels of its image. What it
amounts to is not stored with it: `readings` computes that from the image it lies on, each time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from workstation.dicom.geometry import ImagePoint, PatientPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.dicom.geometry import Plane
    from workstation.dicom.pixels import FrameKey

VERSION: Final = 1  # of what a measurement holds; see `record`
MOST_POINTS: Final = 4096


class Kind(StrEnum):
    """What is measured."""

    LENGTH = "length"
    ANGLE = "angle"
    LINES = "angle-of-lines"
    COBB = "cobb"
    BIDIRECTIONAL = "bidirectional"
    PERPENDICULAR = "perpendicular"
    PARALLEL = "parallel"
    CIRCLE = "circle"
    ELLIPSE = "ellipse"
    RECTANGLE = "rectangle"
    POLYGON = "polygon"
    FREEHAND = "freehand"
    ARROW = "arrow"
    TEXT = "text"
    PROBE = "probe"
    CALIBRATION = "calibration"  # a known length: its image's scale from then on


class Concept(NamedTuple):
    """A coded concept (PS3.16): value, scheme, meaning."""

    value: str
    scheme: str
    meaning: str


class Form(NamedTuple):
    """How a kind is drawn: so many points, at most; and what it is called in a report (none: it is no measurement)."""

    least: int
    most: int
    concept: Concept | None


_LENGTH: Final = Concept("410668003", "SCT", "Length")
_ANGLE: Final = Concept("1483009", "SCT", "Angle")
_AREA: Final = Concept("42798000", "SCT", "Area")

FORMS: Final[dict[Kind, Form]] = {
    Kind.LENGTH: Form(2, 2, _LENGTH),
    Kind.ANGLE: Form(3, 3, _ANGLE),
    Kind.LINES: Form(4, 4, _ANGLE),
    Kind.COBB: Form(4, 4, Concept("285285000", "SCT", "Cobb angle")),
    Kind.BIDIRECTIONAL: Form(4, 4, Concept("103339001", "SCT", "Long axis")),
    Kind.PERPENDICULAR: Form(3, 3, _LENGTH),
    Kind.PARALLEL: Form(3, 3, _LENGTH),
    Kind.CIRCLE: Form(3, 3, Concept("81827009", "SCT", "Diameter")),
    Kind.ELLIPSE: Form(2, 2, _AREA),
    Kind.RECTANGLE: Form(2, 2, _AREA),
    Kind.POLYGON: Form(3, MOST_POINTS, _AREA),
    Kind.FREEHAND: Form(3, MOST_POINTS, _AREA),
    Kind.ARROW: Form(2, 2, None),
    Kind.TEXT: Form(1, 1, None),
    Kind.PROBE: Form(1, 1, None),
    Kind.CALIBRATION: Form(2, 2, None),
}
REGIONS: Final = frozenset({Kind.CIRCLE, Kind.ELLIPSE, Kind.RECTANGLE, Kind.POLYGON, Kind.FREEHAND})


@dataclass(frozen=True, slots=True)
class Ground:
    """The frame a measurement lies on: nothing but this very frame shows it.

    Attributes
    ----------
    frame : int
        Counted from 1.
    frame_of_reference_uid : str
        In which its points are patient millimetres; empty where they are pixels of the image.
    """

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    frame: int = 1
    frame_of_reference_uid: str = ""

    def is_on(self, key: FrameKey) -> bool:
        """Whether it is this very frame of this very instance."""
        return self.sop_instance_uid == key.sop_instance_uid and self.frame == key.frame


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement or mark.

    Attributes
    ----------
    measurement_id : str
        Unique, and the same for every version of it.
    anchors : tuple of (float, ...)
        Patient points (x, y, z; mm, LPS) where `ground` names a frame of reference, else image points (column, row).
    text : str
        What a person wrote: the words of a text, the name of any other kind.
    length_mm : float
        The known length of a calibration.
    calibration_id : str
        The calibration that its lengths stood on when it was made; empty for the image's own scale.
    """

    measurement_id: str
    kind: Kind
    ground: Ground
    anchors: tuple[tuple[float, ...], ...]
    text: str = ""
    author: str = ""
    created: str = ""  # ISO 8601, UTC
    length_mm: float = 0.0
    calibration_id: str = ""
    version: int = field(default=VERSION)

    def __post_init__(self) -> None:
        """Refuse what could not be drawn or read back.

        Raises
        ------
        ValueError
            Too few or too many anchors, anchors of the wrong space, or numbers that mean nothing.
        """
        form = FORMS[self.kind]
        width = 3 if self.ground.frame_of_reference_uid else 2
        if not form.least <= len(self.anchors) <= form.most or any(len(one) != width for one in self.anchors):
            raise ValueError(len(self.anchors))
        if not all(math.isfinite(part) for one in self.anchors for part in one) or not 0.0 <= self.length_mm < 1e5:
            raise ValueError(self.kind)

    def has_place_on(self, plane: Plane | None) -> bool:
        """Whether its anchors mean something on a plane: those in a patient do in their frame of reference alone."""
        reference = self.ground.frame_of_reference_uid
        return not reference or (plane is not None and plane.frame_of_reference_uid == reference)

    def points(self, plane: Plane | None) -> tuple[ImagePoint, ...]:
        """Its points on its image.

        Parameters
        ----------
        plane : Plane or None
            Of the frame it lies on.

        Raises
        ------
        ValueError
            It has no place there; see `has_place_on`.
        """
        if not self.ground.frame_of_reference_uid:
            return tuple(ImagePoint(*one) for one in self.anchors)
        if plane is None or not self.has_place_on(plane):
            raise ValueError(self.kind)
        import numpy as np  # here: the first window does without

        found = plane.to_image(np.array(self.anchors, np.float64))
        return tuple(ImagePoint(float(column), float(row)) for column, row in found)


def anchored(points: Sequence[ImagePoint], plane: Plane | None) -> tuple[tuple[float, ...], ...]:
    """Points of an image as anchors: in the patient where the frame lies in one."""
    if plane is None or not plane.frame_of_reference_uid:
        return tuple((float(column), float(row)) for column, row in points)
    import numpy as np

    found = plane.to_patient(np.array(points, np.float64))
    return tuple(tuple(PatientPoint(*(float(part) for part in one))) for one in found)
