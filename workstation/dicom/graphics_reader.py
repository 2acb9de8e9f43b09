"""Graphic annotations and layers of a data set (PS3.3 C.10.5, C.10.7). See `grayscale_reader`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.dicom.attributes import seen
from workstation.dicom.cielab import srgb_of
from workstation.dicom.elements import items_of, numbers_of, text_of, value_of, whole_number_of
from workstation.dicom.graphics import Graphic, Layer, Point, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

_TYPES: Final = frozenset({"POINT", "POLYLINE", "INTERPOLATED", "CIRCLE", "ELLIPSE"})
_MOST_POINTS: Final = 65536
_MOST_OBJECTS: Final = 10_000
_WHITE: Final = 65535


def references_of(item: Dataset) -> tuple[Reference, ...]:
    """The images that a part of a state is for; none: for all that the state names."""
    made = []
    for one in items_of(item, "ReferencedImageSequence"):
        frames = tuple(int(number) for number in numbers_of(one, "ReferencedFrameNumber"))
        made.append(Reference(text_of(one, "ReferencedSOPInstanceUID"), frames))
    return tuple(made)


def layers_of(dataset: Dataset) -> tuple[Layer, ...]:
    """The graphic layers, the lowest first."""
    found = [
        Layer(
            text_of(item, "GraphicLayer"), whole_number_of(item, "GraphicLayerOrder") or 0, _rgb(item),
            seen(text_of(item, "GraphicLayerDescription")),
        )
        for item in items_of(dataset, "GraphicLayerSequence")
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda layer: layer.order))


def _rgb(item: Dataset) -> tuple[int, int, int] | None:
    lab = numbers_of(item, "GraphicLayerRecommendedDisplayCIELabValue")
    if len(lab) == 3:
        return srgb_of([int(part) for part in lab])
    old = numbers_of(item, "GraphicLayerRecommendedDisplayRGBValue")
    if len(old) == 3:
        return _eight_bit(old[0]), _eight_bit(old[1]), _eight_bit(old[2])
    grey = whole_number_of(item, "GraphicLayerRecommendedDisplayGrayscaleValue")
    return (_eight_bit(grey),) * 3 if grey is not None else None


def _eight_bit(value: float) -> int:
    return min(255, max(0, round(value * 255 / _WHITE)))


def graphics_of(dataset: Dataset) -> Iterator[tuple[tuple[Reference, ...], Graphic]]:
    """Every object and text with the images it is on; what cannot be drawn is left out."""
    count = 0
    for item in items_of(dataset, "GraphicAnnotationSequence"):
        references, layer = references_of(item), text_of(item, "GraphicLayer")
        made = [_object(one, layer) for one in items_of(item, "GraphicObjectSequence")]
        made += [_text(one, layer) for one in items_of(item, "TextObjectSequence")]
        for graphic in made:
            count += 1
            if graphic is not None and count <= _MOST_OBJECTS:
                yield references, graphic


def _object(item: Dataset, layer: str) -> Graphic | None:
    kind = text_of(item, "GraphicType").upper()
    of_display = text_of(item, "GraphicAnnotationUnits").upper() == "DISPLAY"
    points = _points(numbers_of(item, "GraphicData"), of_display=of_display)
    least = {"POINT": 1, "CIRCLE": 2, "ELLIPSE": 4}.get(kind, 2)
    if kind not in _TYPES or not least <= len(points) <= _MOST_POINTS:
        return None
    return Graphic(kind, layer, points, of_display, text_of(item, "GraphicFilled").upper() == "Y")


def _text(item: Dataset, layer: str) -> Graphic | None:
    words = value_of(item, "UnformattedTextValue")
    if words is None:
        return None
    lines = [seen(line.rstrip(" \0")) for line in str(words).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    anchor_of_display = text_of(item, "AnchorPointAnnotationUnits").upper() == "DISPLAY"
    box_of_display = text_of(item, "BoundingBoxAnnotationUnits").upper() == "DISPLAY"
    anchor = _points(numbers_of(item, "AnchorPoint"), of_display=anchor_of_display)
    corners = (*numbers_of(item, "BoundingBoxTopLeftHandCorner"), *numbers_of(item, "BoundingBoxBottomRightHandCorner"))
    box = _points(corners, of_display=box_of_display) if len(corners) == 4 else ()
    if not box and len(anchor) != 1:
        return None
    is_led = box and len(anchor) == 1 and text_of(item, "AnchorPointVisibility").upper() == "Y"
    return Graphic(
        "TEXT", layer, box or anchor, box_of_display if box else anchor_of_display, text="\n".join(lines),
        anchor=anchor[0] if is_led else None, is_anchor_of_display=anchor_of_display,
        justification=text_of(item, "BoundingBoxTextHorizontalJustification").upper(),
    )  # fmt: skip


def _points(numbers: tuple[float, ...], *, of_display: bool) -> tuple[Point, ...]:
    """Pairs of column and row; in PIXEL units 0, 0 is the corner of the first pixel, here its middle is."""
    moved = 0.0 if of_display else 0.5
    pairs = zip(numbers[0::2], numbers[1::2], strict=False)
    return tuple((column - moved, row - moved) for column, row in pairs)
