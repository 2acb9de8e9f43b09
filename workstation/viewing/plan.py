"""Intent and data become one frozen plan; the difference of two plans says what must be redone.

`resolve` is pure: state, frame and canvas in, plan out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from workstation.dicom.grayscale import Window, full_range_window
from workstation.dicom.overlay_planes import NO_OVERLAYS
from workstation.dicom.presentation import presented
from workstation.viewing.projection import CanvasSize, Projection, project

if TYPE_CHECKING:
    from workstation.dicom.display_function import DisplayFunction
    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.grayscale import VoiLut
    from workstation.dicom.overlay_planes import OverlayBitmaps
    from workstation.dicom.presentation import PresentationState
    from workstation.dicom.shutter import Shutter
    from workstation.viewing.viewport import ViewportState


@dataclass(frozen=True, slots=True)
class RenderPlan:
    """All that painting needs, decided.

    Attributes
    ----------
    shown : ShownFrame
        The frame as it is meant to be seen: `wished`, or that by a presentation state.
    voi : Window, VoiLut or None
        What is applied; None for colour, which is never windowed.
    wished : ShownFrame
        The frame as it came.
    presentation : PresentationState or None
        What is applied to it.
    shutter : Shutter or None
        What is covered.
    overlays : OverlayBitmaps
        The overlay planes that are drawn over it.
    display : DisplayFunction or None
        What the monitor makes of P-values; None: they are its 8-bit levels.
    misses_true_size : bool
        The presentation asks for true size, and this glass cannot give it.
    """

    shown: ShownFrame
    projection: Projection
    canvas: CanvasSize
    voi: Window | VoiLut | None
    is_inverted: bool
    wished: ShownFrame
    presentation: PresentationState | None = None
    shutter: Shutter | None = None
    overlays: OverlayBitmaps = NO_OVERLAYS
    display: DisplayFunction | None = None
    misses_true_size: bool = False


class Redo(IntEnum):
    """How much of a painting must be made again; each includes those below it."""

    NOTHING = 0
    TABLE = 1  # other greys for the same samples
    SAMPLES = 2  # other pixels of the same frame
    FRAME = 3  # another frame


def resolve(
    state: ViewportState,
    shown: ShownFrame,
    canvas: CanvasSize,
    display: DisplayFunction | None = None,
    pixel_mm: float | None = None,
) -> RenderPlan:
    """Decide how a frame is painted on a canvas.

    Parameters
    ----------
    state : ViewportState
        What the user wishes.
    shown : ShownFrame
        The frame that is there.
    canvas : CanvasSize
        Device pixels.
    display : DisplayFunction, optional
        Of the monitor that the canvas is on.
    pixel_mm : float, optional
        How large its device pixels are; not given where that was not measured.
    """
    wished, presentation = shown, state.presentation
    if presentation is not None and presentation.is_for(shown.frame.key):
        shown = _as_presented(shown, presentation)
    else:
        presentation = None
    rows, columns = shown.frame.values.shape[:2]
    area = presentation.area(shown.frame.key) if presentation is not None else None
    aspect = (area.aspect if area is not None else None) or shown.instance.pixel_aspect
    view = state.view.on(pixel_mm)
    projection = project(columns, rows, aspect, view, canvas)
    misses_true_size = area is not None and area.mode == "TRUE SIZE" and view.scale is None
    overlays = NO_OVERLAYS if state.hides_overlays else shown.overlays
    voi = effective_voi(state, shown)
    return RenderPlan(
        shown, projection, canvas, voi, state.is_inverted, wished, presentation, shown.shutter, overlays, display,
        misses_true_size,
    )  # fmt: skip


_PRESENTED: WeakKeyDictionary[ShownFrame, tuple[PresentationState, ShownFrame]] = WeakKeyDictionary()


def _as_presented(shown: ShownFrame, state: PresentationState) -> ShownFrame:
    """A frame by a state: the same object each time, so that a repaint does nothing anew; gone with its frame."""
    found = _PRESENTED.get(shown)
    if found is None or found[0] is not state:
        found = _PRESENTED[shown] = (state, presented(shown, state))
    return found[1]


def effective_voi(state: ViewportState, shown: ShownFrame) -> Window | VoiLut | None:
    """The window in use: the user's, else the file's first, else the whole range; None for colour."""
    if shown.grayscale is None:
        return None
    if state.voi is not None:
        return state.voi
    choices = shown.grayscale.voi_choices
    return choices[0] if choices else full_range_window(shown.grayscale, shown.frame.values)


def difference(old: RenderPlan | None, new: RenderPlan) -> Redo:
    """What must be redone to get from one painting to the next."""
    if old is None or old.shown is not new.shown:
        return Redo.FRAME
    if old.projection != new.projection or old.canvas != new.canvas or old.shutter != new.shutter:
        return Redo.SAMPLES
    if old.voi != new.voi or old.is_inverted != new.is_inverted or old.display is not new.display:
        return Redo.TABLE
    return Redo.NOTHING
