"""A series' frames grouped into what one can scroll: a stack, in an order that follows the patient."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from workstation.dicom.anatomy import NO_ANATOMY, Anatomy
from workstation.dicom.pixels import FrameKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workstation.dicom.geometry import Plane
    from workstation.dicom.study import Instance, Patient, Series, Study

_SAME_DIRECTION = 1e-3  # largest difference of a direction cosine within one orientation


@dataclass(frozen=True, slots=True)
class StackFrame:
    """One step of a stack."""

    key: FrameKey
    instance_number: int | None
    plane: Plane | None


@dataclass(frozen=True, slots=True)
class DisplaySet:
    """Frames of one series that are scrolled together.

    Attributes
    ----------
    axis : str
        What a step means: ``slice`` (mm along the normal), ``time`` (ms) or ``number`` (nothing is known).
    anatomy : Anatomy
        What it shows of the patient, with every side that one of its frames names.
    missing_by_position : int
        How many slices the gaps between the positions suggest are not there.
    """

    set_id: str
    patient: Patient
    study: Study
    series: Series
    frames: tuple[StackFrame, ...]
    axis: str = "number"
    frame_time_ms: float | None = None
    missing_by_position: int = 0
    anatomy: Anatomy = NO_ANATOMY

    @property
    def sop_instance_uids(self) -> tuple[str, ...]:
        """The instances it is made of, each once, in order."""
        return tuple(dict.fromkeys(frame.key.sop_instance_uid for frame in self.frames))

    def index_of(self, sop_instance_uid: str) -> int | None:
        """The first step that shows an instance."""
        for index, frame in enumerate(self.frames):
            if frame.key.sop_instance_uid == sop_instance_uid:
                return index
        return None


def display_sets_of(instances: Iterable[Instance]) -> tuple[DisplaySet, ...]:
    """Group images into stacks: one a series, apart where size, colour or orientation differ; one a multi-frame object.

    Series come in the order of their number, then of their UID.
    """
    by_series: dict[str, list[Instance]] = {}
    for instance in instances:
        if instance.is_image:
            by_series.setdefault(instance.series.series_instance_uid, []).append(instance)
    ordered = sorted(by_series.values(), key=_series_order)
    return tuple(stack for members in ordered for stack in _stacks(members))


def _series_order(members: list[Instance]) -> tuple[str, str, float, str]:
    study, series = members[0].study, members[0].series
    number = float(series.number) if series.number is not None else float("inf")
    return study.date, study.study_instance_uid, number, series.series_instance_uid


def _stacks(members: list[Instance]) -> list[DisplaySet]:
    groups: dict[tuple[object, ...], list[Instance]] = {}
    for instance in members:
        groups.setdefault(_group_key(instance), []).append(instance)
    ordered = sorted(groups.values(), key=lambda group: min(i.instance_number or 0 for i in group))
    return [_stack(group, part) for part, group in enumerate(ordered)]


def _group_key(instance: Instance) -> tuple[object, ...]:
    if instance.number_of_frames > 1:
        return (instance.sop_instance_uid,)
    plane = instance.plane(1)
    orientation: tuple[float, ...] = ()
    if plane is not None:
        orientation = tuple(round(part, 2) + 0.0 for part in (*plane.row_direction, *plane.column_direction))
    return instance.rows, instance.columns, instance.samples_per_pixel, orientation


def _stack(group: list[Instance], part: int) -> DisplaySet:
    first = group[0]
    frames = [
        StackFrame(_key(instance, frame), instance.instance_number, instance.plane(frame))
        for instance in group
        for frame in range(1, instance.number_of_frames + 1)
    ]
    cine = first.number_of_frames > 1 and first.frame_time_ms is not None
    if not cine and _share_orientation(frames):
        frames, axis = _by_position(frames), "slice"
    else:
        frames, axis = _by_number(frames), "time" if cine else "number"
    return DisplaySet(
        set_id=f"{first.series.series_instance_uid}/{part}",
        patient=first.patient,
        study=first.study,
        series=first.series,
        frames=tuple(frames),
        axis=axis,
        frame_time_ms=first.frame_time_ms,
        missing_by_position=_missing(frames) if axis == "slice" else 0,
        anatomy=_anatomy(group),
    )


def _anatomy(members: Iterable[Instance]) -> Anatomy:
    """The part that all frames show, where it is one, and the sides of all of them."""
    found = tuple(dict.fromkeys(anatomy for member in members for anatomy in member.anatomies or (NO_ANATOMY,)))
    parts = {anatomy.body_part for anatomy in found}
    sides = tuple(dict.fromkeys(side for anatomy in found for side in anatomy.sides or ("",)))
    return Anatomy(body_part=parts.pop() if len(parts) == 1 else "", sides=sides)


def _key(instance: Instance, frame: int) -> FrameKey:
    return FrameKey(
        instance.study.study_instance_uid, instance.series.series_instance_uid, instance.sop_instance_uid, frame
    )


def _share_orientation(frames: list[StackFrame]) -> bool:
    planes = [frame.plane for frame in frames if frame.plane is not None]
    if len(planes) < len(frames) or len(planes) < 2:
        return False
    first = planes[0].normal
    differences = (one - other for plane in planes for one, other in zip(plane.normal, first, strict=True))
    return all(abs(difference) < _SAME_DIRECTION * 10 for difference in differences)


def _number(frame: StackFrame) -> float:
    return float(frame.instance_number) if frame.instance_number is not None else float("inf")


def _by_number(frames: list[StackFrame]) -> list[StackFrame]:
    return sorted(frames, key=lambda f: (_number(f), f.key.sop_instance_uid, f.key.frame))


def _by_position(frames: list[StackFrame]) -> list[StackFrame]:
    """Sort along the normal, in the direction in which the instance numbers grow (reliability: IPP . n)."""
    normal = frames[0].plane.normal if frames[0].plane else (0.0, 0.0, 0.0)

    def along(frame: StackFrame) -> float:
        return sum(n * at for n, at in zip(normal, frame.plane.position, strict=True)) if frame.plane else 0.0

    ordered = sorted(frames, key=lambda f: (round(along(f), 3), _number(f), f.key.sop_instance_uid, f.key.frame))
    rank_first = (_number(ordered[0]), ordered[0].key.frame)
    rank_last = (_number(ordered[-1]), ordered[-1].key.frame)
    return ordered if rank_first <= rank_last else ordered[::-1]


def _missing(frames: list[StackFrame]) -> int:
    """Slices that gaps of a whole multiple of the usual distance suggest are missing."""
    distances = [frame.plane.distance for frame in frames if frame.plane]
    steps = [abs(b - a) for a, b in pairwise(distances)]
    steps = [step for step in steps if step > 1e-3]
    if len(steps) < 3:
        return 0
    usual = statistics.median(steps)
    return sum(round(step / usual) - 1 for step in steps if step > 1.5 * usual and abs(step / usual % 1 - 0.5) > 0.4)
