"""`Account`: how far the load of a film is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from workstation.tasks import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROGRESS_EVERY_S: Final = 0.1


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

    def count(self, count: int) -> bool:
        """Count bytes; says whether it is time to tell of them."""
        self.received_bytes += count
        return self.is_time()

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
