"""From a reference in a report to the image on the glass; and what a report's banner must say of its identity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from workstation.dicom.identity import Verdict, compare

if TYPE_CHECKING:
    from workstation.dicom.report_blocks import Link
    from workstation.dicom.reports import Report
    from workstation.viewing.display_sets import DisplaySet
    from workstation.viewing.session import Film, ReadingSession


class Belonging(Enum):
    """Whether a report is of the person whose film is open."""

    SAME = "same"
    NAME_DIFFERS = "name differs"
    UNNAMED = "unnamed"  # a text file: it names nobody
    TEXT_NAMES_ANOTHER = "text names another"  # the text itself (CDA) names somebody else than its header
    ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a display set."""

    display_set: DisplaySet
    index: int


def place_of(session: ReadingSession, link: Link) -> Place | None:
    """Where a referenced image can be seen in this window: at the first frame meant, or not at all.

    An image without the frame that is meant is no answer: another frame is another picture.
    """
    for film in session.films.value:
        for display_set in film.display_sets:
            for index, frame in enumerate(display_set.frames):
                if frame.key.sop_instance_uid == link.sop_instance_uid and (
                    not link.frames or frame.key.frame == link.frames[0]
                ):
                    return Place(display_set, index)
    return None


def jump(session: ReadingSession, link: Link) -> bool:
    """Show a referenced image in the active viewport; says whether it is there."""
    place = place_of(session, link)
    if place is None:
        return False
    viewport = session.active_viewport
    if viewport.state.display_set is not None and viewport.state.display_set.set_id == place.display_set.set_id:
        viewport.go_to(place.index)  # window and zoom stay
    else:
        viewport.show(place.display_set, place.index)
    return True


def belonging(film: Film, report: Report) -> Belonging:
    """Whose the report is, by the header of the very object."""
    if report.instance is None:
        return Belonging.UNNAMED
    verdict = compare(film.patient, report.instance.patient).verdict
    if verdict is Verdict.CONFLICT:
        return Belonging.ANOTHER
    if report.named_patient and _plain(report.named_patient) not in _names(report):
        return Belonging.TEXT_NAMES_ANOTHER
    return Belonging.NAME_DIFFERS if verdict is Verdict.NAME_DIFFERS else Belonging.SAME


def _names(report: Report) -> set[str]:
    """Every way to write the header's name: each group, its parts in either order."""
    assert report.instance is not None  # noqa: S101 - `belonging` asked
    found: set[str] = set()
    name = report.instance.patient.name
    for group in (name.alphabetic, name.ideographic, name.phonetic):
        parts = [part for part in group.split("^") if part.strip()]
        found |= {_plain("".join(parts)), _plain("".join(reversed(parts)))}
    return found - {""}


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def is_earlier(session: ReadingSession, film: Film) -> bool:
    """Whether a later study is open in the same window."""
    own = film.instances[0].study.date
    return any(own and one.instances[0].study.date > own for one in session.films.value)
