"""`Check`s: one question about this workstation each, with a verdict in words. Run by `doctor` and the self-test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Outcome(Enum):
    """How a check ended."""

    GOOD = "ok"
    WARNING = "warning"  # something is off, the rest works
    BAD = "failed"
    SKIPPED = "-"  # nothing is configured


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found; the words hold no patient data and no secret."""

    outcome: Outcome
    words: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One question."""

    name: str
    ask: Callable[[], Verdict]


def run(checks: Iterable[Check]) -> Iterator[tuple[Check, Verdict]]:
    """Ask one after the other."""
    for check in checks:
        yield check, check.ask()
