"""Edits of measurements, undone and done again in any order, and the hand that draws, grabs, moves and lets go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from workstation.measuring.measurement import Ground, Kind, Measurement
from workstation.viewing.markings import Markings

GROUND = Ground("2.25.1", "2.25.2", "2.25.3")


def length(number, end=10.0):
    return Measurement(
        f"m{number:03}", Kind.LENGTH, GROUND, ((0.0, 0.0), (end, 0.0)), created=f"2026-11-22T{number:04}"
    )


class Edits(RuleBasedStateMachine):
    """Every state that was ever there is kept: undo and redo must lead back to exactly those."""

    def __init__(self):
        super().__init__()
        self.markings = Markings()
        self.states = [()]
        self.place = 0
        self.number = 0
        self.told = {}
        self.markings.done.connect(self._follow)

    def _follow(self, change):
        """What a journal would hold, which hears of edits alone."""
        if change.before is not None:
            assert self.told.pop(change.before.measurement_id) == change.before
        if change.after is not None:
            self.told[change.after.measurement_id] = change.after

    def _note(self):
        del self.states[self.place + 1 :]
        self.states.append(self.markings.items.value)
        self.place += 1

    @rule()
    def draw(self):
        self.number += 1
        self.markings.add(length(self.number))
        self._note()

    @precondition(lambda self: self.markings.items.value)
    @rule(data=st.data(), end=st.integers(11, 99))
    def move(self, data, end):
        one = data.draw(st.sampled_from(self.markings.items.value))
        after = replace(one, anchors=((0.0, 0.0), (float(end), 0.0)))
        self.markings.show_moved(replace(one, anchors=((5.0, 5.0), (6.0, 6.0))))
        self.markings.settle(one, after)
        if after != one:
            self._note()

    @precondition(lambda self: self.markings.items.value)
    @rule(data=st.data(), words=st.sampled_from(["", "骨折线", "a"]))
    def rename(self, data, words):
        one = data.draw(st.sampled_from(self.markings.items.value))
        self.markings.change(replace(one, text=words))
        if one.text != words:
            self._note()

    @precondition(lambda self: self.markings.items.value)
    @rule(data=st.data())
    def delete(self, data):
        self.markings.delete(data.draw(st.sampled_from(self.markings.items.value)).measurement_id)
        self._note()

    @rule()
    def undo(self):
        self.markings.undo()
        self.place = max(0, self.place - 1)

    @rule()
    def redo(self):
        self.markings.redo()
        self.place = min(len(self.states) - 1, self.place + 1)

    @invariant()
    def what_is_there_is_what_was_there(self):
        assert self.markings.items.value == self.states[self.place]
        assert self.markings.history.can_undo == (self.place > 0)
        assert self.markings.history.can_redo == (self.place < len(self.states) - 1)

    @invariant()
    def whoever_hears_of_edits_knows_what_is_there(self):
        assert {one.measurement_id: one for one in self.markings.items.value} == self.told

    @invariant()
    def what_is_selected_is_there(self):
        selected = self.markings.selected.value
        assert not selected or self.markings.find(selected) is not None


Edits.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestEdits = Edits.TestCase


def test_what_was_kept_with_a_film_is_no_edit_and_comes_once():
    markings = Markings()
    markings.take([length(2), length(1)])
    markings.take([length(1, 99.0)])
    assert [one.anchors[1][0] for one in markings.items.value] == [10.0, 10.0]
    assert not markings.history.can_undo


def test_nothing_of_a_patient_stays():
    markings = Markings()
    markings.add(length(1))
    markings.clear()
    assert (markings.items.value, markings.selected.value, markings.history.can_undo) == ((), "", False)


@pytest.mark.parametrize(("sop", "frame", "lies"), [("2.25.3", 1, True), ("2.25.3", 2, False), ("2.25.4", 1, False)])
def test_a_measurement_lies_on_its_own_frame_of_its_own_instance_alone(sop, frame, lies):
    from workstation.dicom.pixels import FrameKey

    markings = Markings()
    markings.add(length(1))
    assert bool(markings.on_frame(FrameKey("2.25.1", "2.25.2", sop, frame))) is lies
