"""`Film`: one opened study: what it should hold, what has come, what was refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from workstation.dicom.rejection import rejected_in
from workstation.dicom.report_kinds import is_report
from workstation.events import Signal
from workstation.viewing.display_sets import DisplaySet, display_sets_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from workstation.dicom.pixels import FrameKey
    from workstation.dicom.presentation import PresentationState
    from workstation.dicom.rejection import Rejection
    from workstation.dicom.reports import Report
    from workstation.dicom.study import Instance, Patient
    from workstation.errors import WorkstationError
    from workstation.viewing.frames import FrameSource


class Check(Enum):
    """Whether a film that came from what is kept is still the same at its source."""

    NONE = "none"  # it came from its source
    RUNNING = "running"
    SAME = "same"
    CHANGED = "changed"  # some of what is shown is not what the source has now
    UNKNOWN = "unknown"  # the source could not be asked, or does not give it any more


class FilmState(Enum):
    """Where a film is in its life."""

    LOADING = "loading"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An instance that was asked for and not taken, and why."""

    sop_instance_uid: str
    series_instance_uid: str
    error: WorkstationError


@dataclass(frozen=True, slots=True)
class Hold:
    """What holds the load of a film up.

    Attributes
    ----------
    is_paused : bool
        By hand.
    missing : int
        Instances that could not be had and may be another time.
    waits_s : int or None
        Seconds until the source, which does not answer, is tried again; None while it is not waited for.
    cold_s : int or None
        Seconds until the archive is asked again for what it fetches from its store; None while there is nothing there.
    """

    is_paused: bool = False
    missing: int = 0
    waits_s: int | None = None
    cold_s: int | None = None

    @property
    def can_hurry(self) -> bool:
        """Whether there is anything that could be asked for at once."""
        return self.missing > 0 or self.waits_s is not None or self.cold_s is not None


@dataclass(eq=False)
class Film:
    """One opened study: what it should hold, what has come, what was refused. Lives on the main thread.

    Attributes
    ----------
    expected : dict
        Number of instances a series should have: by the listing, or by the archive's own count where that is larger.
    received : dict
        SOP Instance UIDs that are here and checked, by series.
    reports : tuple of Report
        Documents that are here and checked, those to be read first at the front.
    states : tuple of PresentationState
        How somebody wished images of the film to be seen.
    rejected : dict
        What the hospital has withdrawn, by SOP Instance UID.
    kept_at, check : float, Check
        When its source was last asked, where it came from what is kept (POSIX seconds); and what came of asking again.
    differing : frozenset of str
        SOP Instance UIDs of what its source has otherwise now, or not at all: shown is what was kept first.
    """

    film_id: str
    source_name: str
    patient: Patient
    instances: tuple[Instance, ...]
    frames: FrameSource
    expected: dict[str, int] = field(default_factory=dict)
    received: dict[str, set[str]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    state: FilmState = FilmState.LOADING
    display_sets: tuple[DisplaySet, ...] = ()
    name_differs: bool = False
    reports: tuple[Report, ...] = ()
    states: tuple[PresentationState, ...] = ()
    kept_at: float = 0.0
    check: Check = Check.NONE
    differing: frozenset[str] = frozenset()
    hold: Hold = field(default_factory=Hold)
    rest_due: float = 0.0  # when its archive is asked again for the whole listing (`time.monotonic`); 0: it is not
    ordered_for: tuple[str, int] = ("", 0)  # the display set and step that the order of its load follows
    rejected: dict[str, Rejection] = field(default_factory=dict)
    changed: Signal[()] = field(default_factory=lambda: Signal[()]())
    reported: Signal[()] = field(default_factory=lambda: Signal[()]())

    def __post_init__(self) -> None:
        self._settle_listing()

    def _settle_listing(self) -> None:
        self.display_sets = display_sets_of(self.instances)
        self.rejected = rejected_in(one.rejections for one in self.instances)
        listed = Counter(instance.series.series_instance_uid for instance in self.instances)
        for uid, count in listed.items():
            self.expected[uid] = max(self.expected.get(uid, 0), count)

    def grow(self, instances: tuple[Instance, ...], announced: Mapping[str, int]) -> None:
        """The listing has become longer, or is the whole one now; what it does not name any more stays."""
        named = {one.sop_instance_uid for one in instances}
        gone = tuple(one for one in self.instances if one.sop_instance_uid not in named)
        self.instances, self.state = (*instances, *gone), FilmState.LOADING
        self.ordered_for = ("", 0)
        self.expected = dict(announced)
        self._settle_listing()

    def receive(self, series_instance_uid: str, sop_instance_uid: str) -> None:
        """Count an instance that arrived whole and right."""
        self.received.setdefault(series_instance_uid, set()).add(sop_instance_uid)

    def refuse(self, refusal: Refusal) -> None:
        """Keep what was not taken."""
        self.refusals.append(refusal)

    def add_report(self, report: Report) -> None:
        """Take a document that was read; one under the same ID takes the place of the one before."""
        others = tuple(one for one in self.reports if one.report_id != report.report_id)
        self.reports = tuple(sorted((*others, report), key=lambda one: one.rank))
        self.reported.emit()

    def add_state(self, state: PresentationState) -> None:
        """Take a presentation state that was read; one under the same UID takes the place of the one before."""
        others = tuple(one for one in self.states if one.sop_instance_uid != state.sop_instance_uid)
        self.states = (*others, state)
        self.changed.emit()

    def states_for(self, key: FrameKey | None) -> tuple[PresentationState, ...]:
        """The presentation states that say how a frame is to be seen."""
        return tuple(one for one in self.states if key is not None and one.is_for(key))

    @property
    def listed_reports(self) -> tuple[Instance, ...]:
        """The documents the film should hold, by its listing."""
        return tuple(instance for instance in self.instances if is_report(instance.sop_class_uid))

    @property
    def awaits_reports(self) -> bool:
        """Whether a listed document may still come."""
        if self.state is not FilmState.LOADING:
            return False
        here = {one.report_id for one in self.reports} | {refusal.sop_instance_uid for refusal in self.refusals}
        return any(one.sop_instance_uid not in here for one in self.listed_reports)

    def ask_again(self, sop_instance_uids: Collection[str]) -> None:
        """What was refused is asked for again: nothing is known of it once more."""
        self.refusals = [one for one in self.refusals if one.sop_instance_uid not in sop_instance_uids]
        self.state = FilmState.LOADING
        self.changed.emit()

    def finish(self, state: FilmState | None = None) -> None:
        """Say that nothing more comes: complete when everything expected is here."""
        whole = all(len(self.received.get(uid, ())) >= count for uid, count in self.expected.items())
        whole = whole and not self._unplaced
        self.state = state or (FilmState.COMPLETE if whole else FilmState.INCOMPLETE)
        self.changed.emit()

    def count(self, series_instance_uid: str) -> tuple[int, int]:
        """Received and expected instances of a series."""
        received = len(self.received.get(series_instance_uid, ()))
        return received, max(self.expected.get(series_instance_uid, 0), received)

    @property
    def totals(self) -> tuple[int, int]:
        """Received and expected instances of the film."""
        received = sum(len(uids) for uids in self.received.values())
        return received, max(sum(self.expected.values()), received) + self._unplaced

    @property
    def _unplaced(self) -> int:
        """Files that could not be read, so that nobody knows which series they are of."""
        return sum(1 for refusal in self.refusals if not refusal.series_instance_uid)

    @property
    def objects_without_pictures(self) -> int:
        """Listed instances that have no pixels and are no documents, either: presentation states and the like."""
        known = {one.sop_instance_uid for one in self.states}
        return sum(
            1
            for one in self.instances
            if not one.is_image and not is_report(one.sop_class_uid) and one.sop_instance_uid not in known
        )

    def is_incomplete(self, display_set: DisplaySet) -> bool:
        """Whether this series is known not to be whole: never while it is still loading."""
        received, expected = self.count(display_set.series.series_instance_uid)
        refused = any(r.series_instance_uid == display_set.series.series_instance_uid for r in self.refusals)
        settled = self.state is not FilmState.LOADING
        return (settled and received < expected) or refused or display_set.missing_by_position > 0
