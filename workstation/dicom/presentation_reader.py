"""`presentation_state_of`: a data set as a presentation state (PS3.3 A.33). See `grayscale_reader`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.dicom.attributes import person, text
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.elements import items_of, numbers_of, text_of, whole_number_of
from workstation.dicom.graphics import Reference
from workstation.dicom.graphics_reader import graphics_of, layers_of, references_of
from workstation.dicom.grayscale_reader import modality_of, presentation_table_of, voi_choices_of
from workstation.dicom.overlay_reader import overlay_planes_of
from workstation.dicom.presentation import DisplayedArea, For, PresentationState
from workstation.dicom.shutter_reader import shutter_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from workstation.dicom.grayscale import VoiLut, Window

_MOST_AREAS: Final = 4096


def presentation_state_of(dataset: Dataset) -> PresentationState:
    """Read a state whose SOP class `is_presentation_state`."""
    attributes = DatasetAttributes(dataset)
    presentation = presentation_table_of(dataset)
    turn = whole_number_of(dataset, "ImageRotation") or 0
    return PresentationState(
        sop_instance_uid=text(attributes, "SOPInstanceUID"),
        sop_class_uid=text(attributes, "SOPClassUID"),
        label=text(attributes, "ContentLabel"),
        description=text(attributes, "ContentDescription"),
        creator=person(attributes, "ContentCreatorName").shown(chinese=True),
        created=text(attributes, "PresentationCreationDate"),
        images=tuple(_images(dataset)),
        modality=modality_of(dataset),
        vois=tuple(_vois(dataset)),
        presentation=presentation,
        is_inverse=presentation is None and text_of(dataset, "PresentationLUTShape").upper() == "INVERSE",
        quarter_turns=turn // 90 % 4 if turn % 90 == 0 else 0,
        is_flipped=text_of(dataset, "ImageHorizontalFlip").upper() == "Y",
        areas=tuple(_areas(dataset)),
        shutter=shutter_of(dataset),
        planes=overlay_planes_of(dataset),
        layers=layers_of(dataset),
        graphics=tuple(graphics_of(dataset)),
    )


def _images(dataset: Dataset) -> list[Reference]:
    """What a state is for: the images of each series that it names, else all of that series (PS3.3 C.11.11)."""
    found: list[Reference] = []
    for series in items_of(dataset, "ReferencedSeriesSequence"):
        found += references_of(series) or (Reference("", (), text_of(series, "SeriesInstanceUID")),)
    return found


def _vois(dataset: Dataset) -> list[For[Window | VoiLut]]:
    found: list[For[Window | VoiLut]] = []
    for item in items_of(dataset, "SoftcopyVOILUTSequence"):
        found += [(references_of(item), voi) for voi in voi_choices_of(item)]
    return found


def _areas(dataset: Dataset) -> list[For[DisplayedArea]]:
    found: list[For[DisplayedArea]] = []
    for item in items_of(dataset, "DisplayedAreaSelectionSequence")[:_MOST_AREAS]:
        first = numbers_of(item, "DisplayedAreaTopLeftHandCorner")
        last = numbers_of(item, "DisplayedAreaBottomRightHandCorner")
        if len(first) != 2 or len(last) != 2:
            continue
        columns, rows = sorted((first[0], last[0])), sorted((first[1], last[1]))
        ratio = next(iter(numbers_of(item, "PresentationPixelMagnificationRatio")), 1.0)
        mode = text_of(item, "PresentationSizeMode").upper()
        spacing = _pair(item, "PresentationPixelSpacing")
        pixel = spacing or _pair(item, "PresentationPixelAspectRatio")
        area = DisplayedArea(
            columns[0] - 1.5, rows[0] - 1.5, columns[1] - 0.5, rows[1] - 0.5, mode or "SCALE TO FIT",
            ratio if ratio > 0 else 1.0, spacing, pixel[0] / pixel[1] if pixel else None,
        )  # fmt: skip
        found.append((references_of(item), area))
    return found


def _pair(item: Dataset, keyword: str) -> tuple[float, float] | None:
    """Two numbers above nothing: vertical, horizontal."""
    found = numbers_of(item, keyword)
    return (found[0], found[1]) if len(found) == 2 and min(found) > 0 else None
