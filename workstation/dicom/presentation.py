"""`PresentationState`: how somebody else wished an image to be seen (PS3.3 A.33; PS3.4 N.2). Grey scale and colour.

What a state says takes the place of what the image says: its Modality and Presentation LUT even where it has none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from workstation.dicom.attributes import person, text
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.elements import items_of, numbers_of, text_of, whole_number_of
from workstation.dicom.graphics import Graphic, Layer, Reference, graphics_of, layers_of, references_of
from workstation.dicom.grayscale import ModalityTransform, VoiLut, Window
from workstation.dicom.grayscale_reader import modality_of, presentation_table_of, voi_choices_of
from workstation.dicom.overlay_planes import OverlayPlane, bitmaps_on, overlay_planes_of
from workstation.dicom.shutter import Shutter, shutter_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.lookup import LookupTable
    from workstation.dicom.pixels import FrameKey

GRAYSCALE: Final = "1.2.840.10008.5.1.4.1.1.11.1"
COLOUR: Final = "1.2.840.10008.5.1.4.1.1.11.2"
_MOST_AREAS: Final = 4096
_IDENTITY: Final = ModalityTransform()


def is_presentation_state(sop_class_uid: str) -> bool:
    """Whether objects of this SOP class say how images are to be seen, in a way that is applied here."""
    return sop_class_uid in (GRAYSCALE, COLOUR)


@dataclass(frozen=True, slots=True)
class DisplayedArea:
    """The part of an image that is to be seen (PS3.3 C.10.4).

    Attributes
    ----------
    left, top, right, bottom : float
        Its edges, image points: the middle of the first pixel is 0.
    mode : str
        SCALE TO FIT, TRUE SIZE or MAGNIFY.
    magnification : float
        Screen pixels an image pixel, for MAGNIFY.
    """

    left: float
    top: float
    right: float
    bottom: float
    mode: str = "SCALE TO FIT"
    magnification: float = 1.0


T = TypeVar("T")
For = tuple[tuple[Reference, ...], T]  # a part of a state, and the images it is for; none: for all of the state's


@dataclass(frozen=True, slots=True, eq=False)
class PresentationState:
    """One state.

    Attributes
    ----------
    label, description, creator : str
        As the object says.
    images : tuple of Reference
        What it is for.
    modality : ModalityTransform
        In the place of the image's.
    vois : tuple
        Windows and tables with the images that each is for.
    presentation : LookupTable or None
        Presentation LUT; None where it is a shape.
    is_inverse : bool
        The shape is INVERSE.
    quarter_turns : int
        Clockwise, before the flip (PS3.3 C.10.6).
    """

    sop_instance_uid: str
    sop_class_uid: str
    label: str = ""
    description: str = ""
    creator: str = ""
    created: str = ""
    images: tuple[Reference, ...] = ()
    modality: ModalityTransform = _IDENTITY
    vois: tuple[For[Window | VoiLut], ...] = ()
    presentation: LookupTable | None = None
    is_inverse: bool = False
    quarter_turns: int = 0
    is_flipped: bool = False
    areas: tuple[For[DisplayedArea], ...] = ()
    shutter: Shutter | None = None
    planes: tuple[OverlayPlane, ...] = ()
    layers: tuple[Layer, ...] = ()
    graphics: tuple[For[Graphic], ...] = ()

    def is_for(self, key: FrameKey) -> bool:
        """Whether it says how this frame is to be seen."""
        return any(one.is_of(key) for one in self.images)

    def area(self, key: FrameKey) -> DisplayedArea | None:
        """The part of a frame that is to be seen."""
        return next((area for refs, area in self.areas if _is_meant(refs, key)), None)

    def voi_choices(self, key: FrameKey) -> tuple[Window | VoiLut, ...]:
        """The windows and tables for a frame; those of this very frame before those of all."""
        own = [voi for refs, voi in self.vois if refs and _is_meant(refs, key)]
        return tuple(own or [voi for refs, voi in self.vois if not refs])

    def graphics_on(self, key: FrameKey) -> tuple[Graphic, ...]:
        """What is drawn on a frame, the lower layers first."""
        order = {layer.name: (layer.order, n) for n, layer in enumerate(self.layers)}
        found = [one for refs, one in self.graphics if _is_meant(refs, key)]
        return tuple(sorted(found, key=lambda one: order.get(one.layer, (0, 0))))

    def colour_of(self, layer_name: str) -> tuple[int, int, int] | None:
        """The colour of a graphic layer, sRGB; None where the state names none."""
        return next((layer.rgb for layer in self.layers if layer.name == layer_name), None)


def _is_meant(references: tuple[Reference, ...], key: FrameKey) -> bool:
    return not references or any(one.is_of(key) for one in references)


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
        images=tuple(one for series in items_of(dataset, "ReferencedSeriesSequence") for one in references_of(series)),
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
        area = DisplayedArea(
            columns[0] - 1.5, rows[0] - 1.5, columns[1] - 0.5, rows[1] - 0.5, mode or "SCALE TO FIT",
            ratio if ratio > 0 else 1.0,
        )  # fmt: skip
        found.append((references_of(item), area))
    return found


def presented(shown: ShownFrame, state: PresentationState) -> ShownFrame:
    """A frame as a state wishes it to be seen: the same values, other meanings (PS3.4 N.2).

    A colour image keeps its colours; a grey-scale state that is for one is not applied to them.
    """
    key, values = shown.frame.key, shown.frame.values
    grayscale = shown.grayscale
    if grayscale is not None and state.sop_class_uid == GRAYSCALE:
        is_same = state.modality == grayscale.modality
        grayscale = replace(
            grayscale,
            modality=state.modality,
            voi_choices=state.voi_choices(key),
            presentation=state.presentation,
            is_inverse=state.is_inverse,
            is_hounsfield=is_same and grayscale.is_hounsfield,
            unit=grayscale.unit if is_same else state.modality.rescale_type,
        )
    planes = tuple(plane for plane in state.planes if plane.activation_layer or plane.bits)
    overlays = bitmaps_on(planes, key.frame, (values.shape[0], values.shape[1])) if planes else shown.overlays
    shutter = state.shutter if state.shutter is not None else shown.shutter
    return replace(shown, grayscale=grayscale, overlays=overlays, shutter=shutter)
