"""Graphic annotations of presentation states: objects and texts on layers (PS3.3 C.10.5, C.10.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workstation.dicom.pixels import FrameKey

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reference:
    """An image, or some of its frames (none named: all); without an image, every one of a series."""

    sop_instance_uid: str
    frames: tuple[int, ...] = ()
    series_instance_uid: str = ""

    def is_of(self, key: FrameKey) -> bool:
        """Whether a frame is meant."""
        if not self.sop_instance_uid:
            return self.series_instance_uid == key.series_instance_uid
        return self.sop_instance_uid == key.sop_instance_uid and (not self.frames or key.frame in self.frames)


@dataclass(frozen=True, slots=True)
class Layer:
    """A graphic layer (PS3.3 C.10.7); of lower order it lies below."""

    name: str
    order: int = 0
    rgb: tuple[int, int, int] | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Graphic:
    """One object or text.

    Attributes
    ----------
    kind : str
        POINT, POLYLINE, INTERPOLATED, CIRCLE, ELLIPSE or TEXT.
    points : tuple of (column, row)
        Image points (the middle of the first pixel is 0), or shares 0 to 1 of the displayed area. Of a text: its
        anchor, or the corners of its box.
    is_of_display : bool
        The points are shares of the displayed area.
    anchor : Point or None
        What a text in a box points at.
    """

    kind: str
    layer: str
    points: tuple[Point, ...]
    is_of_display: bool = False
    is_filled: bool = False
    text: str = ""
    anchor: Point | None = None
    is_anchor_of_display: bool = False
    justification: str = ""
