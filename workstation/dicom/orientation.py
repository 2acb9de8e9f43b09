"""What lies at an image's edges, in letters (PS3.3 C.7.6.1.1.1), and what its plane is called.

Letters come from vectors, else from PatientOrientation, else there are none: they are never assumed.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from workstation.dicom.attributes import text, texts

if TYPE_CHECKING:
    from workstation.dicom.attributes import Attributes
    from workstation.dicom.geometry import Plane, Vector

_SMALL: Final = 1e-4  # components below this are no direction (PS3.3 C.7.6.1.1.1 leaves the limit open)
_LEAST_SHARE: Final = (
    0.5  # 60 degrees: the first letter is that of the nearest axis, which is never further off than 55
)
_AXIS_OF: Final = {"L": 0, "R": 0, "P": 1, "A": 1, "H": 2, "F": 2}
_OPPOSITE: Final = str.maketrans("LRPAHF", "RLAPFH")
_QUADRUPED: Final = re.compile(r"LE|RT|CR|CD|PR|DI|PA|PL|D|V|R|M|L")
_QUADRUPED_OPPOSITE: Final = {
    "LE": "RT",
    "RT": "LE",
    "V": "D",
    "CR": "CD",
    "CD": "CR",
    "R": "CD",
    "M": "L",
    "L": "M",
    "PR": "DI",
    "DI": "PR",
    "PA": "D",
    "PL": "D",
}  # fmt: skip - dorsal has no one opposite: ventral on a trunk, palmar or plantar on a foot


def letters(direction: Vector) -> str:
    """The letters of a direction in the patient: L R P A H F, the largest component first.

    Components below 1e-4 give no letter. PS3.3 C.7.6.1.1.1.
    """
    named = zip(direction, ("L", "P", "H"), ("R", "A", "F"), strict=True)
    found = [(abs(part), plus if part > 0 else minus) for part, plus, minus in named if abs(part) > _SMALL]
    return "".join(letter for _, letter in sorted(found, key=lambda pair: -pair[0]))


def opposite(word: str) -> str:
    """The letters of the opposite direction: ``LP`` gives ``RA``."""
    return word.translate(_OPPOSITE)


class Sides(NamedTuple):
    """What the image's own edges are, before any rotation or flip; empty where it is not known.

    Attributes
    ----------
    is_quadruped : bool
        The letters are those of animals, where R is rostral and L is lateral.
    """

    right: str
    bottom: str
    is_quadruped: bool = False

    @property
    def left(self) -> str:
        """The left edge."""
        return self._opposite(self.right)

    @property
    def top(self) -> str:
        """The upper edge."""
        return self._opposite(self.bottom)

    def _opposite(self, word: str) -> str:
        return _animal_opposite(word) if self.is_quadruped else opposite(word)


NO_SIDES: Final = Sides("", "")


def _animal_opposite(word: str) -> str:
    turned = [_QUADRUPED_OPPOSITE.get(part, "") for part in _QUADRUPED.findall(word)]
    return "".join(turned) if all(turned) else ""


def sides_by(plane: Plane) -> Sides:
    """The edges from vectors."""
    return Sides(letters(plane.row_direction), letters(plane.column_direction))


def declared_sides(source: Attributes, *, is_quadruped: bool = False) -> Sides:
    """The edges from PatientOrientation; none where it says nothing, or what cannot be (PS3.3 C.7.6.1.1.1)."""
    declared = tuple(word.upper() for word in texts(source, "PatientOrientation"))
    if len(declared) != 2:
        return NO_SIDES
    is_legal = _is_animal_word if is_quadruped else _is_word
    if not all(is_legal(word) for word in declared) or (not is_quadruped and _is_one_line(*declared)):
        return NO_SIDES
    return Sides(declared[0], declared[1], is_quadruped)


def frame_sides(source: Attributes, number_of_frames: int) -> tuple[Sides, ...]:
    """What PatientOrientation says of each frame: one for all, or one a frame.

    References
    ----------
    PS3.3 C.7.6.1.1.1, C.7.6.16.2.15 (Patient Orientation in Frame).
    """
    animal = is_quadruped(source)
    whole = declared_sides(source, is_quadruped=animal)
    for group in source.items("SharedFunctionalGroupsSequence")[:1]:
        whole = _group_sides(group, whole, animal)
    groups = source.items("PerFrameFunctionalGroupsSequence")[:number_of_frames]
    each = [_group_sides(group, whole, animal) for group in groups]
    if all(one == whole for one in each):
        return (whole,)
    return (*each, *[whole] * (number_of_frames - len(each)))


def _group_sides(group: Attributes, otherwise: Sides, animal: bool) -> Sides:
    for item in group.items("PatientOrientationInFrameSequence")[:1]:
        return declared_sides(item, is_quadruped=animal)
    return otherwise


def is_quadruped(source: Attributes) -> bool:
    """Whether directions are named as in animals (Anatomical Orientation Type)."""
    return text(source, "AnatomicalOrientationType").upper() == "QUADRUPED"


def _is_word(word: str) -> bool:
    """One to three letters, each of another axis."""
    return 0 < len(word) <= 3 and len({_AXIS_OF.get(letter, letter) for letter in word} & {0, 1, 2}) == len(word)


def _is_animal_word(word: str) -> bool:
    parts = _QUADRUPED.findall(word)
    return 0 < len(parts) <= 3 and "".join(parts) == word and len(set(parts)) == len(parts)


def _is_one_line(row: str, column: str) -> bool:
    """Whether rows and columns would run along one line, which no image's do: their product could not be nothing."""
    if _AXIS_OF[row[0]] != _AXIS_OF[column[0]]:
        return False
    axes = {_AXIS_OF[letter] for letter in column}
    return len({letter in column for letter in row if _AXIS_OF[letter] in axes}) == 1


def contradict(plane: Plane, declared: Sides) -> bool:
    """Whether PatientOrientation names other directions than the vectors do: they shall agree (PS3.3 C.7.6.1.1.1)."""
    if not declared.right or declared.is_quadruped:
        return False
    pairs = (declared.right, plane.row_direction), (declared.bottom, plane.column_direction)
    return any(_share(word[0], direction) < _LEAST_SHARE for word, direction in pairs)


def _share(letter: str, direction: Vector) -> float:
    """How much of a direction runs towards a letter: the cosine of the angle between them."""
    along = direction[_AXIS_OF[letter]]
    return along if letter in "LPH" else -along


class PlaneName(NamedTuple):
    """What a plane is called: ``axial``, ``sagittal`` or ``coronal``, the closest; and by how much it is off, degrees.

    Empty where none is close.
    """

    name: str
    tilt: float


_CLOSE: Final = 0.8  # cosine: D. Clunie's limit of what is still called by one of the three planes
_PLANES: Final = ("sagittal", "coronal", "axial")


def plane_name(plane: Plane) -> PlaneName:
    """The closest of the three planes of the body, by the angle between the normals.

    A plane whose normal is not within 36.9 degrees of an axis (cosine 0.8) has no name but oblique.
    """
    parts = [abs(part) for part in plane.normal]
    largest = max(parts)
    name = _PLANES[parts.index(largest)] if largest >= _CLOSE else ""
    return PlaneName(name, math.degrees(math.acos(min(1.0, largest))))
