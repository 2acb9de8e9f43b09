"""`Signal`: tell those who asked, in the order they asked, that something changed. No Qt, no threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, TypeVarTuple, Unpack

if TYPE_CHECKING:
    from collections.abc import Callable

Args = TypeVarTuple("Args")
T = TypeVar("T")


class Signal(Generic[*Args]):
    """A list of listeners that are called, on the caller's thread, with the emitted values.

    `connect` returns the function that disconnects. A listener that disconnects itself or
    others while being called is safe: the round goes on over the listeners of its start,
    leaving out those that have gone.
    """

    def __init__(self) -> None:
        self._listeners: dict[int, Callable[[Unpack[Args]], None]] = {}
        self._next = 0

    def connect(self, listener: Callable[[Unpack[Args]], None]) -> Callable[[], None]:
        """Call `listener` at every emit until the returned function is called."""
        key = self._next
        self._next += 1
        self._listeners[key] = listener

        def disconnect() -> None:
            self._listeners.pop(key, None)

        return disconnect

    def emit(self, *args: *Args) -> None:
        """Call every listener with `args`."""
        for key in list(self._listeners):
            listener = self._listeners.get(key)
            if listener is not None:
                listener(*args)


class Holder(Generic[T]):
    """Holds one immutable value; `changed(old, new)` is emitted only when a different one is set."""

    def __init__(self, value: T) -> None:
        self._value = value
        self.changed: Signal[T, T] = Signal()

    @property
    def value(self) -> T:
        """The value as it is now."""
        return self._value

    def set(self, value: T) -> None:
        """Replace the value; an equal one changes nothing and emits nothing."""
        old = self._value
        if value == old:
            return
        self._value = value
        self.changed.emit(old, value)
