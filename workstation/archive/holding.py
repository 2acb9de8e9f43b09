"""What is held in memory, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be held, in bytes."""

    film: int
    frames: int


class Bounded(Generic[K, V]):
    """Holds values up to a number of bytes; what was not used for longest goes first. The last one always stays."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._bytes = 0

    def __contains__(self, key: K) -> bool:
        return key in self._held

    def get(self, key: K) -> V | None:
        """Give a value and count it as used."""
        found = self._held.get(key)
        if found is None:
            return None
        self._held.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Hold a value; its key is a new one or replaces the old value."""
        self._bytes -= self._held.pop(key, (value, 0))[1]
        self._held[key] = (value, size)
        self._bytes += size
        while self._bytes > self._most and len(self._held) > 1:
            _, (_, gone) = self._held.popitem(last=False)
            self._bytes -= gone
