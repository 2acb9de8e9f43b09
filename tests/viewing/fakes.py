"""Stand-ins for what viewing is handed."""

from __future__ import annotations

from workstation.events import Signal


class FakeFrames:
    """A frame source that has what it was given."""

    def __init__(self, frames=()):
        self.arrived = Signal()
        self.sketched = Signal()
        self.frames = {one.frame.key: one for one in frames}
        self.problems = {}
        self.wishes = []
        self.sketches = []
        self.orders = []

    def get(self, key):
        return self.frames.get(key)

    def problem(self, key):
        return self.problems.get(key)

    def want(self, keys):
        self.wishes.append(list(keys))

    def order(self, uids):
        self.orders.append(list(uids))

    def sketch(self, keys):
        self.sketches += keys

    def give(self, shown):
        self.frames[shown.frame.key] = shown
        self.arrived.emit(shown.frame.key)
