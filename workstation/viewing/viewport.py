"""`ViewportState`, frozen, and `Viewport`, which holds one: what one rectangle of the desk is asked to show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from workstation.events import Holder
from workstation.viewing.projection import View

if TYPE_CHECKING:
    from workstation.dicom.grayscale import VoiLut, Window
    from workstation.dicom.pixels import FrameKey
    from workstation.dicom.presentation import PresentationState
    from workstation.viewing.display_sets import DisplaySet

_WHOLE: Final = View()


@dataclass(frozen=True, slots=True)
class ViewportState:
    """What the user wishes to see in one viewport.

    Attributes
    ----------
    index : int
        Step in the display set, from 0.
    voi : Window, VoiLut or None
        None takes what the file offers first, else the whole range of its values.
    voi_name : str
        What the window is called, when it was chosen by name.
    presentation : PresentationState or None
        How somebody else wished those images to be seen that it is for.
    hides_overlays : bool
        The file's overlay planes are not drawn.
    """

    display_set: DisplaySet | None = None
    index: int = 0
    voi: Window | VoiLut | None = None
    voi_name: str = ""
    is_inverted: bool = False
    hides_overlays: bool = False
    presentation: PresentationState | None = None
    view: View = _WHOLE
    is_playing: bool = False

    @property
    def key(self) -> FrameKey | None:
        """The frame wished for."""
        if self.display_set is None or not self.display_set.frames:
            return None
        return self.display_set.frames[self.index].key


class Viewport:
    """One rectangle of the desk. Setting an equal state tells nobody. Its number is unique in its session."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.stride = 1  # images a step scrolls
        self.page = 10  # images a page scrolls
        self.is_tile = False  # of a sheet
        self._holder = Holder(ViewportState())
        self.changed = self._holder.changed

    @property
    def state(self) -> ViewportState:
        """What is wished for now."""
        return self._holder.value

    def set(self, state: ViewportState) -> None:
        """Replace the wish."""
        self._holder.set(state)

    def show(self, display_set: DisplaySet, index: int = 0) -> None:
        """Show a display set with a fresh view."""
        self.set(ViewportState(display_set, index))

    def clear(self) -> None:
        """Show nothing."""
        self.set(ViewportState())

    def update_set(self, display_set: DisplaySet) -> None:
        """Take a grown display set, staying on the instance that is shown."""
        key = self.state.key
        index = display_set.index_of(key.sop_instance_uid) if key else 0
        self.set(replace(self.state, display_set=display_set, index=index or 0))

    def scroll(self, steps: int) -> None:
        """Go on by `steps`, stopping at the ends."""
        self.go_to(self.state.index + steps * self.stride)

    def turn_page(self, pages: int) -> None:
        """Go on by whole pages, stopping at the ends."""
        self.go_to(self.state.index + pages * self.page)

    def go_to(self, index: int) -> None:
        """Show a step, kept within the stack."""
        shown = self.state.display_set
        if shown is not None and shown.frames:
            self.set(self._at(max(0, min(index, len(shown.frames) - 1))))

    def play_on(self) -> None:
        """One step of cine: from the last to the first again."""
        shown = self.state.display_set
        if shown is not None and shown.frames:
            self.set(self._at((self.state.index + 1) % len(shown.frames)))

    def _at(self, index: int) -> ViewportState:
        """Another step: a view that a presentation state gave is that image's alone, as long as no hand changed it."""
        new = replace(self.state, index=index)
        if new.presentation is None or self.state.view != _presented_view(self.state):
            return new
        return replace(new, view=_presented_view(new))

    def set_window(self, voi: Window | VoiLut | None, name: str = "") -> None:
        """Use a window, or the file's own with None."""
        self.set(replace(self.state, voi=voi, voi_name=name))

    def set_view(self, view: View) -> None:
        """Lay the image differently."""
        self.set(replace(self.state, view=view))

    def invert(self) -> None:
        """Swap black and white."""
        self.set(replace(self.state, is_inverted=not self.state.is_inverted))

    def toggle_overlays(self) -> None:
        """Draw the file's overlay planes, or leave them out."""
        self.set(replace(self.state, hides_overlays=not self.state.hides_overlays))

    def apply(self, presentation: PresentationState | None) -> None:
        """See images as a presentation state says, or as they are: window, polarity and view begin anew."""
        state = ViewportState(self.state.display_set, self.state.index, presentation=presentation)
        self.set(replace(state, view=_presented_view(state)))

    def set_playing(self, playing: bool) -> None:
        """Start or stop cine."""
        self.set(replace(self.state, is_playing=playing))

    def reset(self) -> None:
        """Window, polarity and view as they were at first; the step stays."""
        self.set(ViewportState(self.state.display_set, self.state.index))


def _presented_view(state: ViewportState) -> View:
    """How a state's image lies at first."""
    key, presentation = state.key, state.presentation
    if key is None or presentation is None or not presentation.is_for(key):
        return _WHOLE
    return view_of(presentation, key)


def view_of(presentation: PresentationState, key: FrameKey) -> View:
    """How an image lies by a presentation state: turned first, then mirrored, and the part that is to be seen.

    MAGNIFY is so many device pixels along the shorter side of an image pixel: oblong ones are made square first
    (PS3.3 C.10.4), and none is made smaller by that. TRUE SIZE is so many millimetres on a monitor that was measured.
    """
    view = View(presentation.quarter_turns, presentation.is_flipped)
    area = presentation.area(key)
    if area is None:
        return view
    view = replace(view, area=(area.left, area.top, area.right, area.bottom))
    if area.mode == "MAGNIFY":
        return replace(view, scale=area.magnification / min(1.0, area.aspect or 1.0))
    if area.mode == "TRUE SIZE" and area.spacing is not None:
        return replace(view, column_mm=area.spacing[1])
    return view
