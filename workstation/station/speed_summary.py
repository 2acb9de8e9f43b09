"""What the loads of a source come to: medians, and how often its first image let somebody wait."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workstation.station.speed_log import SpeedRecord

SLOW_S: Final = 1.0  # until the first image: longer is a wait that is felt


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """The loads of one source over its line; films that had been kept say nothing of it and are left out.

    Attributes
    ----------
    loads : int
        How many there are.
    first_s, whole_s, megabytes_per_second : float or None
        Medians; None where there is nothing to take one of.
    slow_share : float or None
        Share of the loads whose first image took more than a second, of those that showed one.
    refused : int
        Images that were not had, in all.
    """

    source: str
    loads: int
    first_s: float | None
    whole_s: float | None
    megabytes_per_second: float | None
    slow_share: float | None
    refused: int


def summaries(records: Iterable[SpeedRecord]) -> tuple[SourceSummary, ...]:
    """One a source, the one with the most loads first."""
    by_source: dict[str, list[SpeedRecord]] = {}
    for record in records:
        if record.origin != "kept":
            by_source.setdefault(record.source, []).append(record)
    found = [_summary(source, loads) for source, loads in by_source.items()]
    return tuple(sorted(found, key=lambda one: (-one.loads, one.source)))


def _summary(source: str, loads: list[SpeedRecord]) -> SourceSummary:
    firsts = [one.first_s for one in loads if one.first_s is not None]
    return SourceSummary(
        source,
        len(loads),
        _median(firsts),
        _median([one.whole_s for one in loads if one.whole_s is not None]),
        _median([rate for one in loads if (rate := one.megabytes_per_second) is not None]),
        sum(first > SLOW_S for first in firsts) / len(firsts) if firsts else None,
        sum(one.refused for one in loads),
    )


def _median(values: list[float]) -> float | None:
    return median(values) if values else None
