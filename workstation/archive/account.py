"""`Account`: how far the load of a film is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from workstation.tasks import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workstation.archive.tally import Tally

_PROGRESS_EVERY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """What a load came to, for whoever wants to know how fast a source is.

    Attributes
    ----------
    images, kept_images, refused : int
        That came; of these, that had been kept; that were not had.
    line_bytes, kept_bytes : int
        Of what came from the source, what was cut off included; of what had been kept.
    transfer_s : float
        Seconds until the last byte, without those in which the archive fetched the film from its store.
    retries, waits, way : int, int, str
        See `Tally`.
    cold_s : float
        Seconds in which the archive fetched something of the film from its store.
    """

    images: int
    kept_images: int
    refused: int
    line_bytes: int
    kept_bytes: int
    transfer_s: float
    retries: int
    waits: int
    way: str
    cold_s: float


@dataclass(slots=True)
class Account:
    """How far a load is. Bytes are counted under the loader's lock, the rest on the main thread."""

    total: int
    announced: int = 0  # how many there will be, where more is known to come than is listed
    awaits_more: bool = False  # the listing is not the whole one yet
    done: set[str] = field(default_factory=set)
    received_bytes: int = 0
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0
    is_over: bool = False
    last_came: float = 0.0
    kept_images: int = 0
    kept_bytes: int = 0
    past: list[Tally] = field(default_factory=list)

    def count(self, count: int) -> bool:
        """Count bytes; says whether it is time to tell of them."""
        self.received_bytes += count
        self.last_came = time.monotonic()
        return self.is_time()

    def take(self, uid: str, kept_bytes: int | None) -> None:
        """An instance is here; how large it is, where it had been kept."""
        if kept_bytes is not None and uid not in self.done:
            self.kept_images += 1
            self.kept_bytes += kept_bytes
        self.done.add(uid)

    def leave(self, tally: Tally | None) -> None:
        """Another source goes on; what was asked of this one counts, too."""
        if tally is not None and all(tally is not one for one in self.past):
            self.past.append(tally)

    def figures(self, refused: int, cold_s: float, tally: Tally | None) -> LoadFigures:
        """What it came to so far."""
        costs = [one for one in self.past if one is not tally] + ([tally] if tally is not None else [])
        transfer_s = max(0.0, self.last_came - self.began - cold_s) if self.last_came else 0.0
        retries, waits = sum(one.retries for one in costs), sum(one.waits for one in costs)
        way = next((one.way for one in reversed(costs) if one.way), "")
        return LoadFigures(
            len(self.done) - refused, self.kept_images, refused, self.received_bytes, self.kept_bytes, transfer_s,
            retries, waits, way, cold_s,
        )  # fmt: skip

    def is_time(self) -> bool:
        """Whether it is time to tell how far the load is: a bar that is drawn at every instance holds the window up."""
        now = time.monotonic()
        if now - self.told < _PROGRESS_EVERY_S:
            return False
        self.told = now
        return True

    @property
    def is_all_answered(self) -> bool:
        """Whether every instance is here or refused, and no more will be listed."""
        return not self.awaits_more and len(self.done) == self.total

    def reopen(self, uids: Iterable[str]) -> None:
        """These are asked for again."""
        self.done -= set(uids)
        self.is_over = False

    def grow(self, total: int) -> None:
        """The listing has become longer; what it has now is all."""
        self.total, self.awaits_more, self.is_over = total, False, False

    def is_over_now(self) -> bool:
        """Whether everything has just been answered; true once."""
        ends = self.is_all_answered and not self.is_over
        self.is_over = self.is_over or ends
        return ends

    def progress(self) -> Progress:
        """The figures."""
        total = max(self.total, self.announced) if self.awaits_more else self.total
        return Progress(len(self.done), total, self.received_bytes, time.monotonic() - self.began)
