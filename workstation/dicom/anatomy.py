"""`Anatomy`: which part of the patient an image shows, of which side, and how it was seen. Nothing is chosen silently.

Sides come from every attribute that may hold one; where they differ, all are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.dicom.anatomy_codes import REGION_TERMS, SIDE_CODES, VIEW_CODES
from workstation.dicom.attributes import readable, text

if TYPE_CHECKING:
    from workstation.dicom.attributes import Attributes

RIGHT, LEFT, UNPAIRED, BOTH = "R", "L", "U", "B"
_SIDES: Final = {
    "R": RIGHT,
    "L": LEFT,
    "U": UNPAIRED,
    "B": BOTH,
    "RIGHT": RIGHT,
    "LEFT": LEFT,
    "UNPAIRED": UNPAIRED,
    "BILATERAL": BOTH,
    "BOTH": BOTH,
}  # fmt: skip - the standard's letters, and the words that are written in their place
_VIEWS: Final = {"LAT": "LATERAL", "OBL": "OBLIQUE", "AX": "AXIAL", "TAN": "TANGENTIAL", "TANG": "TANGENTIAL"}


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What of the patient is in a frame, as its header says.

    Attributes
    ----------
    body_part : str
        A term of PS3.16 Annex L where the header has one, else what it says in its place; empty: nothing.
    sides : tuple of str
        The different sides that are declared: R, L, U (unpaired), B (both). More than one: they contradict each other.
    view : str
        By ViewPosition: AP, PA, LL, ...; or what it says.
    coded_view : str
        By View Code Sequence, in the same terms; or the meaning of its code.
    view_modifiers : tuple of str
        Meanings of the codes that go with the view.
    patient_position : str
        How the patient lay in the machine: HFS, FFP, ...
    """

    body_part: str = ""
    sides: tuple[str, ...] = ()
    view: str = ""
    coded_view: str = ""
    view_modifiers: tuple[str, ...] = ()
    patient_position: str = ""

    @property
    def side(self) -> str:
        """The side, where exactly one is declared."""
        return self.sides[0] if len(self.sides) == 1 else ""


NO_ANATOMY: Final = Anatomy()


def anatomies_of(source: Attributes, number_of_frames: int) -> tuple[Anatomy, ...]:
    """What each frame shows: one for all, or one a frame where the functional groups tell them apart.

    References
    ----------
    PS3.3 C.7.3.1 (Laterality), C.8.11.2 (DX Anatomy Imaged), C.8.11.5 (DX Positioning), C.7.6.16.2.8 (Frame Anatomy).
    """
    shared = source.items("SharedFunctionalGroupsSequence")[:1]
    frames = source.items("PerFrameFunctionalGroupsSequence")
    alike = [anatomy for group in shared for anatomy in group.items("FrameAnatomySequence")]
    whole = _anatomy(source, alike)
    apart = [group.items("FrameAnatomySequence") for group in frames[:number_of_frames]]
    if not any(apart):
        return (whole,)
    each = tuple(_anatomy(source, [*alike, *own]) if own else whole for own in apart)
    return each + (whole,) * (number_of_frames - len(each))


def _anatomy(source: Attributes, frame_anatomies: list[Attributes]) -> Anatomy:
    places = [*reversed(frame_anatomies), source]
    view = next(iter(source.items("ViewCodeSequence")), None)
    position = text(source, "ViewPosition").upper()
    return Anatomy(
        body_part=_body_part(source, places),
        sides=tuple(dict.fromkeys(side for place in places for side in _sides(place))),
        view=_VIEWS.get(position, position),
        coded_view=_coded(view, VIEW_CODES) if view is not None else "",
        view_modifiers=tuple(
            meaning for item in (view.items("ViewModifierCodeSequence") if view is not None else ())
            if (meaning := readable(item, "CodeMeaning"))
        ),
        patient_position=text(source, "PatientPosition").upper(),
    )  # fmt: skip


def _coded(item: Attributes, terms: dict[str, str]) -> str:
    """A code as a term of ours, else its meaning."""
    return terms.get(text(item, "CodeValue")) or readable(item, "CodeMeaning")


def _body_part(source: Attributes, places: list[Attributes]) -> str:
    """The frame's own region, then BodyPartExamined, then the region's code."""
    own = [_coded(region, REGION_TERMS) for place in places[:-1] for region in place.items("AnatomicRegionSequence")]
    named = readable(source, "BodyPartExamined")
    coded = [_coded(region, REGION_TERMS) for region in source.items("AnatomicRegionSequence")]
    return next((one for one in (*own, named, *coded) if one), "")


def _sides(place: Attributes) -> list[str]:
    """Every side that one place declares: by letters, and by the modifiers of its codes (CID 244)."""
    words = [text(place, one).upper() for one in ("FrameLaterality", "ImageLaterality", "Laterality")]
    found = [_SIDES[word] for word in words if word in _SIDES]
    for holder, modifier in (
        ("AnatomicRegionSequence", "AnatomicRegionModifierSequence"),
        ("PrimaryAnatomicStructureSequence", "PrimaryAnatomicStructureModifierSequence"),
    ):
        codes = [text(code, "CodeValue") for item in place.items(holder) for code in item.items(modifier)]
        found += [SIDE_CODES[code] for code in codes if code in SIDE_CODES]
    return found
