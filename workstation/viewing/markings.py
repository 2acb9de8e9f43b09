"""`Markings`: every measurement of one window's films, what is being drawn and what is selected; edits are commands."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workstation.events import Holder, Signal
from workstation.measuring.measurement import FORMS, Ground, Kind, Measurement, anchored
from workstation.measuring.spacing import UserCalibration, calibrated
from workstation.viewing.history import History

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.geometry import ImagePoint
    from workstation.dicom.pixels import FrameKey
    from workstation.dicom.study import Instance


@dataclass(frozen=True, slots=True)
class Change:
    """An edit of one measurement: made (nothing before), deleted (nothing after), or another version of it."""

    before: Measurement | None
    after: Measurement | None

    def reversed(self) -> Change:
        """See `Command`."""
        return Change(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being drawn: the last point follows the hand.

    Attributes
    ----------
    placed : int
        So many of the points stand.
    """

    kind: Kind
    key: FrameKey
    points: tuple[ImagePoint, ...]
    placed: int = 0

    def moved(self, point: ImagePoint) -> Draft:
        """The last point is elsewhere."""
        return replace(self, points=(*self.points[:-1], point))

    def stood(self) -> Draft:
        """The last point stands, and the next one, if there may be one, begins where it is."""
        placed = len(self.points)
        more = (self.points[-1],) if placed < FORMS[self.kind].most else ()
        return replace(self, points=(*self.points, *more), placed=placed)

    @property
    def is_full(self) -> bool:
        """Whether every point stands that the kind can have."""
        return self.placed == FORMS[self.kind].most


class Markings:
    """The measurements of one window.

    Attributes
    ----------
    items : Holder
        Every measurement, in the order they were made.
    selected : Holder
        The ID of the one that keys act on; empty for none.
    draft : Holder
        What is being drawn, or None.
    asked : Holder
        A measurement that is drawn and waits for words (a text) or a length (a calibration), or None.
    moving : Holder
        The ID of the one that follows the hand; empty for none.
    done : Signal
        (Change) an edit was made, undone or done again.
    """

    def __init__(self) -> None:
        self.items: Holder[tuple[Measurement, ...]] = Holder(())
        self.selected: Holder[str] = Holder("")
        self.draft: Holder[Draft | None] = Holder(None)
        self.asked: Holder[Measurement | None] = Holder(None)
        self.moving: Holder[str] = Holder("")
        self.done: Signal[Change] = Signal()
        self.history: History[Change] = History()
        self.author = ""
        self._moved: tuple[Measurement, Measurement] | None = None  # as it was, as it is shown

    # Asking ---------------------------------------------------------------

    def on_frame(self, shown: ShownFrame) -> tuple[Measurement, ...]:
        """What lies on one frame, of this very instance, and has a place on it."""
        key = shown.frame.key
        found = tuple(one for one in self.items.value if one.ground.is_on(key))
        plane = shown.instance.plane(key.frame) if found else None
        return tuple(one for one in found if one.has_place_on(plane))

    def find(self, measurement_id: str) -> Measurement | None:
        """A measurement by its ID."""
        return next((one for one in self.items.value if one.measurement_id == measurement_id), None)

    def calibration_of(self, instance: Instance) -> UserCalibration | None:
        """The scale that the newest calibration on this very image gives it."""
        found = self._calibration(instance)
        if found is None:
            return None
        points = found.points(instance.plane(found.ground.frame))
        spacing = calibrated(points, found.length_mm, instance.pixel_aspect)
        return UserCalibration(spacing, found.length_mm, found.author, found.created) if spacing is not None else None

    def _calibration(self, instance: Instance) -> Measurement | None:
        uid = instance.sop_instance_uid
        found = [m for m in self.items.value if m.kind is Kind.CALIBRATION and m.ground.sop_instance_uid == uid]
        placed = [one for one in found if one.has_place_on(instance.plane(one.ground.frame))]
        return max(placed, key=lambda one: one.created, default=None)

    # Editing ---------------------------------------------------------------

    def make(self, draft: Draft, instance: Instance) -> Measurement:
        """A measurement of what was drawn on an image; it is not one of `items` yet."""
        plane = instance.plane(draft.key.frame)
        reference = plane.frame_of_reference_uid if plane is not None else ""
        calibration = self._calibration(instance)
        key = draft.key
        return Measurement(
            measurement_id=secrets.token_hex(8),
            kind=draft.kind,
            ground=Ground(key.study_instance_uid, key.series_instance_uid, key.sop_instance_uid, key.frame, reference),
            anchors=anchored(draft.points[: draft.placed], plane),
            author=self.author,
            created=datetime.now(UTC).isoformat(timespec="milliseconds"),
            calibration_id=calibration.measurement_id if calibration is not None else "",
        )

    def add(self, measurement: Measurement) -> None:
        """Take a new measurement, which is selected from now on."""
        self._do(Change(None, measurement))
        self.selected.set(measurement.measurement_id)

    def change(self, measurement: Measurement) -> None:
        """Take another version of a measurement; an equal one is no edit."""
        self._put_back()
        before = self.find(measurement.measurement_id)
        if before is not None and before != measurement:
            self._do(Change(before, measurement))

    def delete(self, measurement_id: str) -> None:
        """Let a measurement go."""
        self._put_back()
        before = self.find(measurement_id)
        if before is not None:
            self._do(Change(before, None))

    def show_moved(self, before: Measurement, after: Measurement) -> None:
        """Show a version that is no edit yet: a handle follows the hand, until `settle`.

        What an edit changed, deleted or took back in the middle of it stays as that edit left it.
        """
        if self._is_as_left(before):
            self._moved = before, after
            self.moving.set(after.measurement_id)
            self.items.set(_with(self.items.value, after))

    def settle(self, before: Measurement, after: Measurement) -> None:
        """End a drag: what was shown since `show_moved` becomes one edit; none, where both are equal."""
        is_as_left = self._is_as_left(before)
        self._put_back()
        if is_as_left:
            self.change(after)

    def _is_as_left(self, before: Measurement) -> bool:
        """Whether a measurement is still what a drag began with or showed last."""
        found = self.find(before.measurement_id)
        return found is not None and (found == before or (self._moved is not None and found == self._moved[1]))

    def _put_back(self) -> None:
        """What follows the hand is where it was: edits are made of versions that were edits."""
        moved, self._moved = self._moved, None
        self.moving.set("")
        if moved is not None and self.find(moved[1].measurement_id) == moved[1]:
            self.items.set(_with(self.items.value, moved[0]))

    def undo(self) -> None:
        """Take the last edit back."""
        self._put_back()
        command = self.history.undo()
        if command is not None:
            self._apply(command.reversed())

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._put_back()
        command = self.history.redo()
        if command is not None:
            self._apply(command)

    def _do(self, change: Change) -> None:
        self.history.note(change)
        self._apply(change)

    def _apply(self, change: Change) -> None:
        items = self.items.value
        gone = change.before.measurement_id if change.before is not None else ""
        if change.after is None:
            self.items.set(tuple(one for one in items if one.measurement_id != gone))
            if self.selected.value == gone:
                self.selected.set("")
        else:
            self.items.set(_with(items, change.after))
        self.done.emit(change)

    # A film comes and goes ---------------------------------------------------------------

    def take(self, kept: Iterable[Measurement]) -> None:
        """Measurements that were kept with a film: no edits. Those that are here already stay as they are."""
        here = {one.measurement_id for one in self.items.value}
        self.items.set((*self.items.value, *(one for one in kept if one.measurement_id not in here)))

    def clear(self) -> None:
        """Forget everything of the patient."""
        self.draft.set(None)
        self.asked.set(None)
        self.moving.set("")
        self._moved = None
        self.selected.set("")
        self.items.set(())
        self.history.clear()


def _with(items: tuple[Measurement, ...], measurement: Measurement) -> tuple[Measurement, ...]:
    """The items with one of them in its new version, in its place; by the time they were made."""
    uid = measurement.measurement_id
    if any(one.measurement_id == uid for one in items):
        return tuple(measurement if one.measurement_id == uid else one for one in items)
    return tuple(sorted((*items, measurement), key=lambda one: (one.created, one.measurement_id)))
