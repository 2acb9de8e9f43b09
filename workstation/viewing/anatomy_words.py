"""What a frame shows of the patient, in the words of a radiology department: side, part, view or plane.

`say` is as in `overlay`; `WORDS` are translated where they are shown. What has no word is shown as the header has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.dicom.anatomy import BOTH, LEFT, RIGHT
from workstation.dicom.orientation import plane_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.dicom.anatomy import Anatomy
    from workstation.dicom.geometry import Plane
    from workstation.dicom.study import Instance

WORDS: Final = (
    "{side} {part}", "{part}, {view}", "side not given", "Side contradictory: {sides}",
    "View contradictory: {views}", "Orientation contradictory", "Orientation unknown",
    "Side: {side}", "View: {view}", "Plane: {plane}", "{plane}, {degrees}° off", "Patient: {position}",
    "Edges: {left} – {right}, {top} – {bottom}", "Letters of animals: R rostral, L lateral",
)  # fmt: skip
_SIDES: Final[dict[str, str]] = {RIGHT: "right", LEFT: "left", BOTH: "bilateral", "U": "unpaired"}
_PARTS: Final[dict[str, str]] = {  # PS3.16 Annex L
    "ABDOMEN": "abdomen", "ABDOMENPELVIS": "abdomen and pelvis", "ACJOINT": "acromioclavicular joint",
    "ANKLE": "ankle", "ARM": "upper arm", "BACK": "back", "BRAIN": "brain", "BREAST": "breast", "BUTTOCK": "buttock",
    "CALCANEUS": "calcaneus", "CALF": "calf", "CHEST": "chest", "CHESTABDOMEN": "chest and abdomen",
    "CHESTABDPELVIS": "chest, abdomen and pelvis", "CLAVICLE": "clavicle", "COCCYX": "coccyx",
    "CSPINE": "cervical spine", "CTSPINE": "cervicothoracic spine", "ELBOW": "elbow", "EXTREMITY": "extremity",
    "FACE": "face", "FEMUR": "femur", "FIBULA": "fibula", "FINGER": "finger", "FOOT": "foot", "FOREARM": "forearm",
    "HAND": "hand", "HEAD": "head", "HEADNECK": "head and neck", "HEART": "heart", "HIP": "hip",
    "HUMERUS": "humerus", "ILIUM": "ilium", "JAW": "jaw", "KNEE": "knee", "LEG": "lower leg",
    "LSPINE": "lumbar spine", "LSSPINE": "lumbosacral spine", "LUNG": "lung", "MAXILLA": "maxilla", "NECK": "neck",
    "ORBIT": "orbit", "PATELLA": "patella", "PELVIS": "pelvis", "RADIUS": "radius",
    "RADIUSULNA": "radius and ulna", "RIB": "ribs", "SCAPULA": "scapula", "SCJOINT": "sternoclavicular joint",
    "SHOULDER": "shoulder", "SIJOINT": "sacroiliac joint", "SKULL": "skull", "SPINE": "spine",
    "SSPINE": "sacrum", "STERNUM": "sternum", "THIGH": "thigh", "THUMB": "thumb", "TIBIA": "tibia",
    "TIBIAFIBULA": "tibia and fibula", "TLSPINE": "thoracolumbar spine", "TMJ": "temporomandibular joint",
    "TOE": "toe", "TSPINE": "thoracic spine", "ULNA": "ulna", "WHOLEBODY": "whole body", "WRIST": "wrist",
    "ZYGOMA": "zygoma",
}  # fmt: skip
PAIRED: Final = frozenset(
    {
        "ACJOINT",
        "ANKLE",
        "ARM",
        "BUTTOCK",
        "CALCANEUS",
        "CALF",
        "CLAVICLE",
        "ELBOW",
        "EXTREMITY",
        "FEMUR",
        "FIBULA",
        "FINGER",
        "FOOT",
        "FOREARM",
        "HAND",
        "HIP",
        "HUMERUS",
        "ILIUM",
        "KNEE",
        "LEG",
        "PATELLA",
        "RADIUS",
        "RADIUSULNA",
        "SCAPULA",
        "SCJOINT",
        "SHOULDER",
        "SIJOINT",
        "THIGH",
        "THUMB",
        "TIBIA",
        "TIBIAFIBULA",
        "TOE",
        "ULNA",
        "WRIST",
    }
)  # fmt: skip - of which a patient has a right and a left one
_VIEWS: Final[dict[str, str]] = {
    "AP": "AP", "PA": "PA", "FRONTAL": "frontal", "LATERAL": "lateral", "LL": "left lateral", "RL": "right lateral",
    "LLD": "left lateral decubitus", "RLD": "right lateral decubitus", "LLO": "left lateral oblique",
    "RLO": "right lateral oblique", "OBLIQUE": "oblique", "AP OBLIQUE": "AP oblique", "PA OBLIQUE": "PA oblique",
    "FRONTAL OBLIQUE": "frontal oblique", "RIGHT OBLIQUE": "right oblique", "LEFT OBLIQUE": "left oblique",
    "RAO": "right anterior oblique", "LAO": "left anterior oblique", "RPO": "right posterior oblique",
    "LPO": "left posterior oblique", "MEDIAL OBLIQUE": "medial oblique", "LATERAL OBLIQUE": "lateral oblique",
    "MEDIOLATERAL": "mediolateral", "LATEROMEDIAL": "lateromedial", "MEDIOLATERAL OBLIQUE": "mediolateral oblique",
    "LATEROMEDIAL OBLIQUE": "lateromedial oblique", "AXIAL": "axial view", "OBLIQUE AXIAL": "oblique axial view",
    "TANGENTIAL": "tangential", "DORSOPLANTAR": "dorsoplantar", "PLANTODORSAL": "plantodorsal",
    "CRANIOCAUDAL": "craniocaudal", "CAUDOCRANIAL": "caudocranial",
}  # fmt: skip
_MODIFIERS: Final[dict[str, str]] = {
    "Crosstable": "cross-table",
    "cephalad": "cephalad",
    "caudad": "caudad",
    "transoral": "open mouth",
}  # CID 4011; the names of CID 4012 are people's, and stay
_PLANES: Final[dict[str, str]] = {"axial": "axial", "coronal": "coronal", "sagittal": "sagittal", "": "oblique"}
_TILTED: Final[dict[str, str]] = {
    "axial": "oblique axial", "coronal": "oblique coronal", "sagittal": "oblique sagittal", "": "oblique",
}  # fmt: skip
_TILT: Final = 10.0  # degrees: a plane that is off by more is called oblique
_POSITIONS: Final[dict[str, str]] = {  # PS3.3 C.7.3.1.1.2
    "HFS": "head first, supine", "HFP": "head first, prone", "HFDR": "head first, right side down",
    "HFDL": "head first, left side down", "FFS": "feet first, supine", "FFP": "feet first, prone",
    "FFDR": "feet first, right side down", "FFDL": "feet first, left side down", "LFS": "left side first, supine",
    "LFP": "left side first, prone", "RFS": "right side first, supine", "RFP": "right side first, prone",
    "AFDR": "front first, right side down", "AFDL": "front first, left side down",
    "PFDR": "back first, right side down", "PFDL": "back first, left side down",
}  # fmt: skip
_LETTERS: Final[dict[str, str]] = {
    "R": "right", "L": "left", "A": "anterior", "P": "posterior", "H": "cranial", "F": "caudal",
}  # fmt: skip
_KINDS: Final = (  # what a view is called by; two of different kinds cannot both be so
    ("OBLIQUE", "oblique"), ("RAO", "oblique"), ("LAO", "oblique"), ("RPO", "oblique"), ("LPO", "oblique"),
    ("RLO", "oblique"), ("LLO", "oblique"), ("AXIAL", "axial"), ("TANGENTIAL", "axial"),
)  # fmt: skip


def part_word(body_part: str, say: Callable[[str], str]) -> str:
    """A part of the body; one that is no term of the standard as it is."""
    word = _PARTS.get(body_part.upper())
    return say(word) if word is not None else body_part


def sided_part(anatomy: Anatomy, say: Callable[[str], str]) -> str:
    """The part with its side: “right knee”. A side that is contradicted, or unpaired, is none."""
    part = part_word(anatomy.body_part, say)
    if anatomy.side not in (RIGHT, LEFT, BOTH):
        return part
    side = say(_SIDES[anatomy.side])
    return say("{side} {part}").format(side=side, part=part) if part else side


def view_words(anatomy: Anatomy, say: Callable[[str], str]) -> str:
    """How a radiograph was taken: its view, of which the code is the more exact, and what modifies it."""
    view = anatomy.view if _says_more(anatomy.view, anatomy.coded_view) else anatomy.coded_view
    words = say(_VIEWS[view]) if view in _VIEWS else view
    modifiers = [say(_MODIFIERS[one]) if one in _MODIFIERS else one for one in anatomy.view_modifiers]
    return f"{words} ({', '.join(modifiers)})" if words and modifiers else words


def _says_more(view: str, coded: str) -> bool:
    return not coded or (coded in ("FRONTAL", "LATERAL", "OBLIQUE") and bool(view))


def views_contradict(anatomy: Anatomy) -> bool:
    """Whether ViewPosition and View Code Sequence, which shall be consistent, are of different kinds (C.8.11.5.1.1)."""
    one, other = _kind(anatomy.view), _kind(anatomy.coded_view)
    return bool(one and other) and not (one.startswith(other) or other.startswith(one))


def _kind(view: str) -> str:
    """The kind of a view, with its direction where it has one; empty for what is not known."""
    if view in ("AP", "PA", "FRONTAL"):
        return f"frontal {view}".removesuffix(" FRONTAL")
    if view in ("LL", "RL", "LATERAL", "MEDIOLATERAL", "LATEROMEDIAL"):
        return f"lateral {view}" if view in ("LL", "RL") else "lateral"
    kinds = {kind for part, kind in _KINDS if part in view}
    return kinds.pop() if len(kinds) == 1 else ""


def plane_words(plane: Plane, say: Callable[[str], str]) -> str:
    """The plane of a slice: axial, coronal or sagittal; oblique where it is off by more than ten degrees."""
    found = plane_name(plane)
    return say((_TILTED if found.tilt > _TILT else _PLANES)[found.name])


def headline(instance: Instance, frame: int, say: Callable[[str], str]) -> str:
    """Side, part, and view or plane: “Right knee, AP”. A radiograph of one of a pair says when the side is missing."""
    anatomy = instance.anatomy(frame)
    part = sided_part(anatomy, say)
    plane = None if instance.is_projection else instance.plane(frame)
    view = plane_words(plane, say) if plane is not None else view_words(anatomy, say)
    if instance.is_projection and not anatomy.sides and anatomy.body_part.upper() in PAIRED:
        part = say("{part}, {view}").format(part=part, view=say("side not given"))
    words = say("{part}, {view}").format(part=part, view=view) if part and view else part or view
    return words[:1].upper() + words[1:]


def contradictions(instance: Instance, frame: int, say: Callable[[str], str]) -> tuple[str, ...]:
    """What a header says twice and differently, a sentence each; sides first."""
    anatomy = instance.anatomy(frame)
    found = []
    if len(anatomy.sides) > 1:
        sides = " / ".join(say(_SIDES[side]) for side in anatomy.sides)
        found.append(say("Side contradictory: {sides}").format(sides=sides))
    if instance.contradicts_orientation(frame):
        found.append(say("Orientation contradictory"))
    if views_contradict(anatomy):
        views = " / ".join(say(_VIEWS.get(view, view)) for view in (anatomy.view, anatomy.coded_view))
        found.append(say("View contradictory: {views}").format(views=views))
    return tuple(found)


def letter_words(letters: str, say: Callable[[str], str], *, is_quadruped: bool = False) -> str:
    """A side's letters in words: “LP” is “left posterior”."""
    if is_quadruped:
        return letters
    return " ".join(say(_LETTERS[letter]) for letter in letters)


def details(
    instance: Instance, frame: int, edges: tuple[str, str, str, str], say: Callable[[str], str]
) -> tuple[str, ...]:
    """All that is known of it, a line each, for the tooltip.

    Parameters
    ----------
    edges : (left, top, right, bottom)
        The letters as they stand on the canvas.
    """
    anatomy, lines = instance.anatomy(frame), [headline(instance, frame, say)]
    if anatomy.side:
        lines.append(say("Side: {side}").format(side=say(_SIDES[anatomy.side])))
    lines += contradictions(instance, frame, say)
    if view := view_words(anatomy, say):
        lines.append(say("View: {view}").format(view=view))
    plane = instance.plane(frame)
    if plane is not None and not instance.is_projection:
        words = plane_words(plane, say)
        off = say("{plane}, {degrees}° off").format(plane=words, degrees=f"{plane_name(plane).tilt:.0f}")
        lines.append(say("Plane: {plane}").format(plane=off))
    if position := _POSITIONS.get(anatomy.patient_position):
        lines.append(say("Patient: {position}").format(position=say(position)))
    lines.append(_edge_words(edges, say, is_quadruped=instance.sides(frame).is_quadruped))
    return tuple(line for line in lines if line)


def _edge_words(edges: tuple[str, str, str, str], say: Callable[[str], str], *, is_quadruped: bool) -> str:
    if not any(edges):
        return say("Orientation unknown")
    if is_quadruped:
        return say("Letters of animals: R rostral, L lateral")
    left, top, right, bottom = (letter_words(edge, say) for edge in edges)
    return say("Edges: {left} – {right}, {top} – {bottom}").format(left=left, right=right, top=top, bottom=bottom)
