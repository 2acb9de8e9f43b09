"""`lacks`: what is missing of a film, and why: by the source's count, by refusals, by the slices' positions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workstation.viewing.film import FilmState

if TYPE_CHECKING:
    from workstation.dicom.study import Series
    from workstation.errors import WorkstationError
    from workstation.viewing.film import Film


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing of one series, or of no series that is known.

    Attributes
    ----------
    series : Series or None
        None for files of which nobody knows what they are.
    received, expected : int
        Instances.
    refused : tuple of (WorkstationError, int)
        Why instances were not taken, and how many for each reason; the most frequent first.
    gaps : int
        Slices that are missing between the positions of those that are here.
    unexplained : int
        Instances that the source counts and does not list, or that were not fetched.
    """

    series: Series | None
    received: int
    expected: int
    refused: tuple[tuple[WorkstationError, int], ...]
    gaps: int
    unexplained: int


def lacks(film: Film) -> tuple[Lack, ...]:
    """What is missing, in the order of the series; empty for a film that is whole, and for what still may come.

    A film that still loads lacks only what was refused.
    """
    series = {one.series.series_instance_uid: one.series for one in film.instances}
    gaps: Counter[str] = Counter()
    for shown in film.display_sets:
        gaps[shown.series.series_instance_uid] += shown.missing_by_position
    refused: dict[str, list[WorkstationError]] = {}
    for refusal in film.refusals:
        refused.setdefault(refusal.series_instance_uid, []).append(refusal.error)
    found = []
    shown_first = [one.series.series_instance_uid for one in film.display_sets]
    for uid in dict.fromkeys([*shown_first, *film.expected, *refused]):
        received, expected = film.count(uid) if uid else (0, len(refused[uid]))
        errors = refused.get(uid, [])
        is_settled = film.state is not FilmState.LOADING
        missing = expected - received if is_settled else 0
        lack = Lack(series.get(uid), received, expected, _by_reason(errors), gaps[uid], max(0, missing - len(errors)))
        if lack.refused or lack.gaps or lack.unexplained:
            found.append(lack)
    return tuple(found)


def _by_reason(errors: list[WorkstationError]) -> tuple[tuple[WorkstationError, int], ...]:
    counts = Counter(error.code for error in errors)
    first = {error.code: error for error in reversed(errors)}
    return tuple((first[code], count) for code, count in counts.most_common())
