"""`PresentationState`: how somebody else wished an image to be seen (PS3.3 A.33; PS3.4 N.2). Grey scale and colour.

What a state says takes the place of what the image says: its Modality and Presentation LUT even where it has none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from workstation.dicom.grayscale import ModalityTransform
from workstation.dicom.overlay_planes import bitmaps_on

if TYPE_CHECKING:
    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.graphics import Graphic, Layer, Reference
    from workstation.dicom.grayscale import VoiLut, Window
    from workstation.dicom.lookup import LookupTable
    from workstation.dicom.overlay_planes import OverlayPlane
    from workstation.dicom.pixels import FrameKey
    from workstation.dicom.shutter import Shutter

GRAYSCALE: Final = "1.2.840.10008.5.1.4.1.1.11.1"
COLOUR: Final = "1.2.840.10008.5.1.4.1.1.11.2"
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
    spacing : (row, column) or None
        Millimetres between pixels on the glass, for TRUE SIZE.
    aspect : float or None
        Height of a pixel over its width, whatever the image says of it.
    """

    left: float
    top: float
    right: float
    bottom: float
    mode: str = "SCALE TO FIT"
    magnification: float = 1.0
    spacing: tuple[float, float] | None = None
    aspect: float | None = None


T = TypeVar("T")
For = tuple["tuple[Reference, ...]", T]  # a part of a state, and the images it is for; none: for all of the state's


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
