"""`Line`: one way to the sources that all open films share: what is waited for goes first, and alone.

References
----------
reference/infra.md section 4: on 20 Mbit/s sixteen connections let the first image wait 2.9 s, one 0.45 s; for the whole
series four fill any line. How many it takes is 1 + rate x latency / size of an instance, at most six.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from workstation.tasks import CancelToken, Priority

if TYPE_CHECKING:
    from collections.abc import Iterator


BEGINS_WITH: Final = 4  # connections, until the line is known
_LEAST: Final = 2
_SPARE: Final = 1  # one more than the formula asks for: a connection that waits between two instances carries nothing
_ALONE_S: Final = 5.0  # how long what is shown has the line for itself: it may be stuck
_WEIGHT: Final = 0.2  # of a new measurement
_SOON: Final = 8  # measurements before anything follows from them
_HELD_UP_S: Final = 0.4  # by what is on its way: longer than it takes to open the connections anew that are cut
_MOST_LEFT: Final = 0.25  # of an instance: what is nearly here may come
_POLL_S: Final = 0.05


class Wishes(Protocol):
    """What somebody still wishes for. Asked often, by any thread; never asks the line in turn."""

    def urgency(self, uid: str = "") -> Priority | None:
        """Of the next wish, or of `uid`, which was taken; None when there is none."""
        ...

    def take(self) -> tuple[str, Priority] | None:
        """Take the next wish: its UID and urgency."""
        ...


class Turn:
    """One fetch: how urgent it is, how much of it came and when, and whether something more urgent held it up.

    Attributes
    ----------
    token : CancelToken
        Called off when the line is needed for something that is waited for: then the wish is to be put back.
    """

    def __init__(self, line: Line, wishes: Wishes, uid: str, urgency: Priority) -> None:
        self._line, self._wishes = line, wishes
        self.uid, self.urgency, self._begins_as = uid, urgency, urgency
        self.token = CancelToken()
        self.received_bytes = 0
        self._began = time.monotonic()
        self._first_came: float | None = None
        self._has_waited = False

    def came(self, count: int) -> None:
        """Bytes of it came; what is more urgent passes first."""
        if self._first_came is None:
            self._first_came = time.monotonic()
        self.received_bytes += count
        now = self._wishes.urgency(self.uid)
        if now is not None and now is not self.urgency:
            self._line.change(self, now)
        self._has_waited |= self._line.give_way(self.urgency, self.token)

    def is_done(self) -> None:
        """It is here: the line learns from it, where it was undisturbed."""
        if self._first_came is not None and not self._has_waited:
            latency_s, took_s = self._first_came - self._began, time.monotonic() - self._began
            self._line.observe(latency_s, took_s, self.received_bytes)

    @property
    def may_be_called_off(self) -> bool:
        """Whether nobody has looked for it: an image that was once waited for comes to its end."""
        return self._begins_as is not Priority.SHOWN and self.urgency > Priority.NEAR


class Line:
    """Grants turns to fetch. From any thread; `turn` waits, so never on the main thread.

    Parameters
    ----------
    most : int
        Fetches at once, at most; one more where an image is waited for.
    """

    def __init__(self, most: int) -> None:
        self.most = max(1, most)
        self._size = min(BEGINS_WITH, self.most)
        self._changed = threading.Condition()
        self._waiting: list[Wishes] = []
        self._running: Counter[Priority] = Counter()
        self._alone_until = 0.0
        self._turns: set[Turn] = set()
        self._size_bytes = 0.0  # of an instance
        self._rate = 0.0  # bytes a second, of the whole line
        self._idle_share = 0.5  # of a fetch, in which nothing comes yet
        self._observed = 0

    @property
    def size(self) -> int:
        """How many fetches go on at once."""
        return self._size

    @property
    def is_full(self) -> bool:
        """Whether as many fetches go on as the line takes."""
        return self._running.total() >= self._size

    @property
    def most_threads(self) -> int:
        """How many threads of one film may find something to do."""
        return self.most + 1

    @contextmanager
    def turn(self, wishes: Wishes, token: CancelToken) -> Iterator[Turn | None]:
        """Wait until the next wish may be fetched; the block fetches it. None: there is no wish any more.

        Raises
        ------
        Cancelled
            The token was called off while waiting.
        """
        turn = self._granted(wishes, token)
        try:
            yield turn
        finally:
            if turn is not None:
                with self._changed:
                    self._running[turn.urgency] -= 1
                    self._turns.discard(turn)
                    self._changed.notify_all()

    def _granted(self, wishes: Wishes, token: CancelToken) -> Turn | None:
        with self._changed:
            self._waiting.append(wishes)
            try:
                while not self._is_turn_of(wishes):
                    token.raise_if_cancelled()
                    self._changed.wait(_POLL_S)
                token.raise_if_cancelled()
                taken = wishes.take()
            finally:
                self._waiting.remove(wishes)
                self._changed.notify_all()
            if taken is None:
                return None
            self._begin(taken[1])
            turn = Turn(self, wishes, *taken)
            self._turns.add(turn)
            return turn

    def _begin(self, urgency: Priority) -> None:
        self._running[urgency] += 1
        if urgency is Priority.SHOWN:
            self._alone_until = time.monotonic() + _ALONE_S
            self._clear_the_way()

    def _clear_the_way(self) -> None:
        """On a slow line, call off what nobody looks for and most of which is still to come.

        Not to read it is not enough: proxies and the buffers of either end take on a whole instance.
        """
        others = [turn for turn in self._turns if turn.may_be_called_off]
        ahead = {turn: max(0.0, self._size_bytes - turn.received_bytes) for turn in others}
        if self._rate <= 0 or sum(ahead.values()) / self._rate < _HELD_UP_S:
            return
        for turn, left in ahead.items():
            if left > _MOST_LEFT * self._size_bytes:
                turn.token.cancel()

    def change(self, turn: Turn, urgency: Priority) -> None:
        """What is on its way is more, or less, urgent now."""
        with self._changed:
            self._running[turn.urgency] -= 1
            turn.urgency = urgency
            self._begin(urgency)
            self._changed.notify_all()

    def _is_turn_of(self, wishes: Wishes) -> bool:
        mine = wishes.urgency()
        if mine is None:
            return True  # there is nothing to wait for
        if not self._has_room(mine):
            return False
        others = (other.urgency() for other in self._waiting if other is not wishes)
        return all(other is None or other >= mine for other in others)

    def _has_room(self, urgency: Priority) -> bool:
        running = self._running.total()
        if urgency is Priority.SHOWN:
            return running <= self._size
        if self._shows_alone():
            return False
        if urgency is Priority.PRIOR and running > self._running[Priority.PRIOR]:
            return False
        return running < self._size

    def _shows_alone(self) -> bool:
        return self._running[Priority.SHOWN] > 0 and time.monotonic() < self._alone_until

    def give_way(self, urgency: Priority, token: CancelToken) -> bool:
        """Wait, in the middle of a fetch, while an image that is waited for is on its way; says whether it waited.

        What is not read stops the sender soon, and the line is free.
        """
        if urgency is Priority.SHOWN:
            return False
        with self._changed:
            if not self._shows_alone():
                return False
            while self._shows_alone() and not token.is_cancelled:
                self._changed.wait(_POLL_S)
            return True

    def wishes_changed(self) -> None:
        """Somebody's next wish is another one now."""
        with self._changed:
            self._changed.notify_all()

    def observe(self, latency_s: float, took_s: float, size_bytes: int) -> None:
        """Learn from a fetch how many the line takes: `latency_s` of its `took_s` seconds nothing came."""
        if took_s <= 0:
            return
        with self._changed:
            rate = size_bytes / took_s * max(1, self._running.total())
            weight = _WEIGHT if self._size_bytes else 1.0
            self._size_bytes += weight * (size_bytes - self._size_bytes)
            self._rate += weight * (rate - self._rate)
            share = min(1.0, latency_s / took_s)
            self._idle_share += _WEIGHT * (share - self._idle_share)
            self._observed += 1
            if self._observed < _SOON:
                return
            wished = math.ceil(1 + self._size * self._idle_share) + _SPARE
            self._size = max(min(_LEAST, self.most), min(wished, self._size + 1, self.most))
            self._changed.notify_all()

    def narrow(self) -> None:
        """The server has too much to do: ask less of it at once."""
        with self._changed:
            self._size, self._idle_share, self._observed = min(_LEAST, self.most), 0.0, 0
