"""Edits of measurements, undone and done again in any order, and the hand that draws, grabs, moves and lets go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.viewing.shown import shown_ct
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
        self.markings.show_moved(one, replace(one, anchors=((5.0, 5.0), (6.0, 6.0))))
        self.markings.settle(one, after)
        if after != one:
            self._note()

    @precondition(lambda self: self.markings.items.value)
    @rule(data=st.data(), edit=st.sampled_from(["undo", "redo", "delete"]))
    def move_and_edit_in_the_middle(self, data, edit):
        """The keyboard acts while the mouse holds a handle."""
        one = data.draw(st.sampled_from(self.markings.items.value))
        other = data.draw(st.sampled_from(self.markings.items.value))
        self.markings.show_moved(one, replace(one, anchors=((5.0, 5.0), (6.0, 6.0))))
        if edit == "delete":
            self.markings.delete(other.measurement_id)
            left = tuple(item for item in self.states[self.place] if item.measurement_id != other.measurement_id)
            del self.states[self.place + 1 :]
            self.states.append(left)
            self.place += 1
        elif edit == "undo":
            self.undo()
        else:
            self.redo()
        self.markings.show_moved(one, replace(one, anchors=((7.0, 5.0), (6.0, 6.0))))
        self.markings.settle(one, one)
        assert self.markings.moving.value == ""

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


@pytest.mark.parametrize(("sop", "frame", "lies"), [("", 1, True), ("", 2, False), ("2.25.4", 1, False)])
def test_a_measurement_lies_on_its_own_frame_of_its_own_instance_alone(sop, frame, lies):
    shown = shown_ct()
    key = shown.frame.key
    ground = Ground(key.study_instance_uid, key.series_instance_uid, sop or key.sop_instance_uid, frame)
    markings = Markings()
    markings.add(replace(length(1), ground=ground))
    assert bool(markings.on_frame(shown)) is lies


def test_a_place_in_another_frame_of_reference_is_none_on_this_image():
    """The same image came again from a source that corrected its Frame of Reference UID."""
    shown = shown_ct()
    plane = shown.instance.plane(1)
    key = shown.frame.key
    ground = Ground(
        key.study_instance_uid, key.series_instance_uid, key.sop_instance_uid, 1, plane.frame_of_reference_uid
    )
    here = replace(length(1), ground=ground, anchors=((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)))
    markings = Markings()
    markings.take([here])
    assert markings.on_frame(shown) == (here,)
    elsewhere = replace(here, ground=replace(ground, frame_of_reference_uid="2.25.99"), kind=Kind.CALIBRATION)
    markings.clear()
    markings.take([replace(elsewhere, length_mm=20.0)])
    assert markings.on_frame(shown) == ()
    assert markings.calibration_of(shown.instance) is None
    assert markings.calibration_of(replace(shown.instance, planes=())) is None


def test_a_drag_of_what_was_deleted_meanwhile_brings_nothing_back():
    markings = Markings()
    one = length(1)
    markings.add(one)
    markings.show_moved(one, length(1, 20.0))
    markings.delete(one.measurement_id)
    markings.show_moved(one, length(1, 30.0))
    markings.settle(one, length(1, 30.0))
    assert markings.items.value == ()
    markings.undo()
    assert markings.items.value == (one,)
