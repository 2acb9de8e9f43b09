"""Stacks: their order follows the patient, their gaps are counted."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.phantoms import SERIES, ct_slice, ct_stack, radiograph, sop
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.study import instance_of
from workstation.viewing.display_sets import display_sets_of


def instances(datasets):
    return [instance_of(DatasetAttributes(one)) for one in datasets]


def numbers(display_set):
    return [frame.instance_number for frame in display_set.frames]


def test_slices_are_sorted_by_position_whatever_order_they_came_in():
    came = instances(ct_stack(9))
    random.Random(3).shuffle(came)
    (stack,) = display_sets_of(came)
    assert stack.axis == "slice"
    assert numbers(stack) == list(range(1, 10))
    assert stack.missing_by_position == 0
    assert stack.sop_instance_uids == tuple(sop(n) for n in range(1, 10))
    assert stack.index_of(sop(4)) == 3
    assert stack.index_of("2.25.1") is None


def test_a_series_numbered_from_head_to_foot_opens_at_its_first_number():
    (stack,) = display_sets_of(instances(ct_stack(6, step_mm=-2.5)))
    assert numbers(stack) == [1, 2, 3, 4, 5, 6]
    assert stack.frames[0].plane.position.z > stack.frames[-1].plane.position.z


def test_wrong_instance_numbers_do_not_disturb_the_order():
    came = instances(ct_stack(5))
    came[1], came[3] = replace(came[1], instance_number=77), replace(came[3], instance_number=None)
    (stack,) = display_sets_of(came)
    assert [frame.plane.position.z for frame in stack.frames] == [300, 302.5, 305, 307.5, 310]


@pytest.mark.parametrize(("missing", "count"), [((4,), 1), ((4, 5), 2), ((3, 6, 7), 3), ((), 0), ((1,), 0), ((9,), 0)])
def test_missing_slices_are_counted_by_position(missing, count):
    (stack,) = display_sets_of(instances([one for one in ct_stack(9) if one.InstanceNumber not in missing]))
    assert stack.missing_by_position == count


def test_a_localizer_in_the_series_is_a_stack_of_its_own():
    scout = ct_slice(99)
    scout.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    stacks = display_sets_of(instances([*ct_stack(4), scout]))
    assert [len(stack.frames) for stack in stacks] == [4, 1]
    assert len({stack.set_id for stack in stacks}) == 2


def test_images_of_another_size_are_a_stack_of_their_own():
    stacks = display_sets_of(instances([*ct_stack(3), ct_slice(50, shape=(64, 64))]))
    assert [len(stack.frames) for stack in stacks] == [3, 1]


def test_a_multi_frame_object_with_a_frame_time_is_cine():
    one = replace(instances([radiograph()])[0], number_of_frames=12, frame_time_ms=66.7, planes=(None,) * 12)
    (stack,) = display_sets_of([one])
    assert stack.axis == "time"
    assert [frame.key.frame for frame in stack.frames] == list(range(1, 13))


def test_objects_without_pixels_make_no_stack_and_series_come_by_number():
    early = [
        replace(one, series=replace(one.series, series_instance_uid="2.25.9", number=1))
        for one in instances([ct_slice(1)])
    ]
    note = replace(early[0], rows=0, columns=0, sop_instance_uid="2.25.10")
    stacks = display_sets_of([*instances(ct_stack(2)), *early, note])
    assert [stack.series.series_instance_uid for stack in stacks] == ["2.25.9", SERIES]


@pytest.mark.parametrize(
    ("sides", "words"),
    [(("R", "R"), "right knee"), (("R", "L"), "knee"), (("R", ""), "knee"), (("", ""), "knee"), (("B", "B"),
     "bilateral knee")],
)  # fmt: skip
def test_a_stack_has_a_side_only_where_all_its_frames_have_it(sides, words):
    from workstation.viewing.anatomy_words import sided_part

    images = []
    for number, side in enumerate(sides, 1):
        made = ct_slice(number)
        made.ImageLaterality = side
        images.append(instance_of(DatasetAttributes(made)))
    (stack,) = display_sets_of(images)
    assert sided_part(stack.anatomy, str) == words
