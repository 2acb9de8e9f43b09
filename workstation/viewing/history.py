"""`History`: edits that can be undone and done again, bounded. Views are no edits: "reset" undoes them."""

from __future__ import annotations

from collections import deque
from typing import Final, Generic, Protocol, TypeVar

MOST_STEPS: Final = 500


class Command(Protocol):
    """One edit, frozen."""

    def reversed(self) -> Command:
        """The edit that takes it back."""
        ...


C = TypeVar("C", bound=Command)


class History(Generic[C]):
    """What was done, and what was undone and may be done again."""

    def __init__(self) -> None:
        self._done: deque[C] = deque(maxlen=MOST_STEPS)
        self._undone: list[C] = []

    def note(self, command: C) -> None:
        """Something new was done: what was undone before is gone."""
        self._done.append(command)
        self._undone.clear()

    def undo(self) -> C | None:
        """The last command, to be taken back; None when there is none."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> C | None:
        """The command that was taken back last, to be done again; None when there is none."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._undone)

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()
