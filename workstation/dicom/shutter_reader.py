"""`shutter_of`: what a data set says of its shutter (PS3.3 C.7.6.11). See `grayscale_reader`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.dicom.elements import items_of, number_of, numbers_of, texts_of, whole_number_of
from workstation.dicom.shutter import WHITE, Circle, Shutter

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_MOST_VERTICES: Final = 4096
_EDGES: Final = (
    "ShutterLeftVerticalEdge",
    "ShutterUpperHorizontalEdge",
    "ShutterRightVerticalEdge",
    "ShutterLowerHorizontalEdge",
)


def shutter_of(dataset: Dataset, frame: int = 1) -> Shutter | None:
    """Read the shutter of a frame (from 1); None where there is none, or nothing of it can be used.

    Parameters
    ----------
    dataset : pydicom Dataset
        Of an image, or of a presentation state.
    """
    for group in items_of(dataset, "PerFrameFunctionalGroupsSequence")[frame - 1 : frame]:
        for item in items_of(group, "FrameDisplayShutterSequence")[:1]:
            return _shutter(item)
    return _shutter(dataset)


def _shutter(dataset: Dataset) -> Shutter | None:
    shapes = {shape.upper() for shape in texts_of(dataset, "ShutterShape")}
    p_value = whole_number_of(dataset, "ShutterPresentationValue") or 0
    found = Shutter(
        rectangle=_rectangle(dataset) if "RECTANGULAR" in shapes else None,
        circle=_circle(dataset) if "CIRCULAR" in shapes else None,
        polygon=_polygon(dataset) if "POLYGONAL" in shapes else (),
        overlay_group=whole_number_of(dataset, "ShutterOverlayGroup") if "BITMAP" in shapes else None,
        p_value=min(max(p_value, 0), WHITE),
        colour_lab=tuple(int(part) for part in numbers_of(dataset, "ShutterPresentationColorCIELabValue")[:3]),
    )
    is_there = found.rectangle or found.circle or found.polygon or found.overlay_group is not None
    return found if is_there else None


def _rectangle(dataset: Dataset) -> tuple[float, float, float, float] | None:
    edges = [number_of(dataset, keyword) for keyword in _EDGES]
    left, upper, right, lower = edges
    if left is None or upper is None or right is None or lower is None or right < left or lower < upper:
        return None
    return left, upper, right, lower


def _circle(dataset: Dataset) -> Circle | None:
    centre = numbers_of(dataset, "CenterOfCircularShutter")
    radius = number_of(dataset, "RadiusOfCircularShutter")
    if len(centre) != 2 or radius is None or radius <= 0:
        return None
    return Circle(centre[0], centre[1], radius)


def _polygon(dataset: Dataset) -> tuple[tuple[float, float], ...]:
    numbers = numbers_of(dataset, "VerticesOfThePolygonalShutter")
    corners = tuple(zip(numbers[0::2], numbers[1::2], strict=False))
    return corners if 3 <= len(corners) <= _MOST_VERTICES and len(numbers) % 2 == 0 else ()
