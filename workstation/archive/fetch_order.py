"""`FetchOrder`: which instance of a film is fetched next, and how urgent that is."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from workstation.archive.interruptions import Interruptions
from workstation.tasks import Priority

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from workstation.archive.breaker import ServerState
    from workstation.archive.interruptions import Standing
    from workstation.errors import WorkstationError
    from workstation.tasks import CancelToken


class FetchOrder:
    """The instances of one film that are still to come. From any thread.

    Parameters
    ----------
    sop_instance_uids : iterable of str
        Of the film, in the order in which they are wished for at first.
    is_here : callable
        Whether an instance is held, or was refused: then it is not fetched.
    """

    def __init__(self, sop_instance_uids: Iterable[str], is_here: Callable[[str], bool]) -> None:
        self._changed = threading.Condition()
        self._queue: deque[str] = deque(sop_instance_uids)
        self._known = set(self._queue)
        self._in_flight: set[str] = set()
        self._interruptions = Interruptions()
        self._is_here = is_here
        self._wanted: dict[str, int] = {}
        self._thumbnails: set[str] = set()

    def extend(self, sop_instance_uids: Iterable[str]) -> None:
        """More are known; those known before are left as they are."""
        with self._changed:
            new = [uid for uid in dict.fromkeys(sop_instance_uids) if uid not in self._known]
            self._known.update(new)
            self._queue.extend(new)
            self._changed.notify_all()

    def want(self, sop_instance_uids: Sequence[str]) -> None:
        """These next, the first of them before all others; again, where they were let go."""
        with self._changed:
            self._wanted = {uid: place for place, uid in enumerate(dict.fromkeys(sop_instance_uids))}
            ahead = [uid for uid in self._wanted if self._may_come(uid)]
            self._queue = deque([*ahead, *(uid for uid in self._queue if uid not in self._wanted)])
            self._changed.notify_all()

    def order(self, sop_instance_uids: Sequence[str]) -> None:
        """Set the order of everything that is still to come; what is wanted stays ahead, then what is in a list."""
        with self._changed:
            waiting = dict.fromkeys(self._queue)
            listed = [uid for uid in waiting if uid in self._thumbnails]
            first = [*(uid for uid in self._wanted if uid in waiting), *listed]
            placed = dict.fromkeys([*first, *(uid for uid in sop_instance_uids if uid in waiting)])
            self._queue = deque([*placed, *(uid for uid in waiting if uid not in placed)])

    def hurry(self, sop_instance_uids: Iterable[str]) -> None:
        """These stand for their series in a list."""
        with self._changed:
            self._thumbnails.update(sop_instance_uids)

    def _may_come(self, uid: str) -> bool:
        is_free = uid in self._known and uid not in self._in_flight and uid not in self._interruptions.cold
        return is_free and not self._is_here(uid)

    def wait(self, token: CancelToken) -> bool:
        """Wait until something is to be fetched; False when the token is called off."""
        with self._changed:
            while not self._next() and not token.is_cancelled:
                self._changed.wait(0.5)
            return not token.is_cancelled

    def urgency(self, uid: str = "") -> Priority | None:
        """How urgent the next one is, or `uid`, which is on its way; None when there is none."""
        with self._changed:
            next_one = uid or self._next()
            return self._urgency(next_one) if next_one else None

    def take(self) -> tuple[str, Priority] | None:
        """The next one: it is on its way from now on."""
        with self._changed:
            uid = self._next()
            if not uid:
                return None
            if uid in self._queue:
                self._queue.remove(uid)
            else:
                self._interruptions.send(uid)
            self._in_flight.add(uid)
            return uid, self._urgency(uid)

    def _next(self) -> str:
        shown = next(iter(self._wanted), "")  # those beside it are not looked at yet
        return self._interruptions.next_of(self._queue, (shown,), is_idle=not self._in_flight)

    def _urgency(self, uid: str) -> Priority:
        place = self._wanted.get(uid)
        if place is not None:
            return Priority.SHOWN if place == 0 else Priority.NEAR
        if uid in self._thumbnails:
            return Priority.THUMBNAIL
        return Priority.SERIES if self._wanted else Priority.PRIOR  # no image of this film is on the glass

    def came(self, uid: str) -> bool:
        """It is here; says whether it had failed before."""
        with self._changed:
            self._in_flight.discard(uid)
            return self._interruptions.has_come(uid)

    def failed(self, uid: str, error: WorkstationError) -> bool:
        """It cannot be had; says whether that is news."""
        with self._changed:
            self._in_flight.discard(uid)
            return self._interruptions.is_told(uid, error)

    def pause(self, is_paused: bool) -> None:
        """Nothing more but what is wanted, or everything again."""
        with self._changed:
            self._interruptions.is_paused = is_paused
            self._changed.notify_all()

    def retry(self) -> tuple[str, ...]:
        """Those that failed in a way that may pass are to come again, before all that wait; gives which."""
        with self._changed:
            again = tuple(uid for uid in self._interruptions.take_missing() if uid not in self._in_flight)
            self._queue.extendleft(uid for uid in reversed(again) if uid not in self._queue)
            self._changed.notify_all()
            return again

    @property
    def cold_s(self) -> float:
        """Seconds in which the archive fetched something of the film from its store."""
        with self._changed:
            return self._interruptions.cold.total_s

    def standing(self, server: ServerState | None) -> Standing:
        """What holds the load up."""
        with self._changed:
            return self._interruptions.standing(server)

    def put_back(self, uid: str) -> None:
        """It was called off for something else: next again."""
        with self._changed:
            self._in_flight.discard(uid)
            self._interruptions.cold.left(uid)
            ahead = sum(1 for other in self._queue if other in self._wanted)
            self._queue.insert(ahead, uid)
            self._changed.notify_all()

    def again(self, sop_instance_uids: Iterable[str]) -> None:
        """Fetch these once more, where they are not here."""
        with self._changed:
            queued = set(self._queue)
            self._queue.extend(uid for uid in sop_instance_uids if self._may_come(uid) and uid not in queued)
            self._changed.notify_all()

    def clear(self) -> None:
        """Nothing more is to come."""
        with self._changed:
            self._queue.clear()
            self._interruptions.forget()
            self._changed.notify_all()
