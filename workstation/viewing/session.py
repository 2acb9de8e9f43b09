"""`ReadingSession`: the films of one patient, the viewports, the layout. The root of all state of one window."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from workstation.dicom.identity import Verdict, compare, names_differ
from workstation.dicom.report_kinds import is_report
from workstation.events import Holder, Signal
from workstation.station.monitors import Monitors
from workstation.viewing.display_sets import DisplaySet, display_sets_of
from workstation.viewing.markings import Markings
from workstation.viewing.panes import LAYOUTS, MOST_PANES, MOST_TILES, MOST_VIEWPORTS, Pane

if TYPE_CHECKING:
    from workstation.dicom.pixels import FrameKey
    from workstation.dicom.presentation import PresentationState
    from workstation.dicom.reports import Report
    from workstation.dicom.study import Instance, Patient
    from workstation.errors import WorkstationError
    from workstation.viewing.frames import FrameSource
    from workstation.viewing.viewport import Viewport

__all__ = ["LAYOUTS", "MOST_VIEWPORTS", "Film", "FilmState", "Habits", "ReadingSession", "Refusal", "middle"]
MAGNIFICATIONS: Final = (2, 3, 4, 6)


@dataclass(frozen=True, slots=True)
class Habits:
    """What the hand does on an image: the tools of the middle and the right button, and which way the wheel turns."""

    middle: str = "pan"
    right: str = "zoom"
    wheel_reversed: bool = False


class Check(Enum):
    """Whether a film that came from what is kept is still the same at its source."""

    NONE = "none"  # it came from its source
    RUNNING = "running"
    SAME = "same"
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
    kept_at, check : float, Check
        When its source was last asked, where it came from what is kept (POSIX seconds); and what came of asking again.
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
    changed: Signal[()] = field(default_factory=lambda: Signal[()]())
    reported: Signal[()] = field(default_factory=lambda: Signal[()]())

    def __post_init__(self) -> None:
        self.display_sets = display_sets_of(self.instances)
        listed = Counter(instance.series.series_instance_uid for instance in self.instances)
        for uid, count in listed.items():
            self.expected[uid] = max(self.expected.get(uid, 0), count)

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


class ReadingSession:
    """What is read together: films of one patient, in one to four panes of viewports, one pane a window.

    Attributes
    ----------
    active : Holder
        The number of the viewport that commands go to.
    arranged : Signal
        Panes or viewports were laid out differently.
    magnification : Holder
        How many times the lens under the pointer enlarges; 0 without one.
    """

    def __init__(self) -> None:
        self.films: Holder[tuple[Film, ...]] = Holder(())
        self.panes: Holder[tuple[Pane, ...]] = Holder(())
        self.active: Holder[int] = Holder(0)
        self.arranged: Signal[()] = Signal()
        self.tool: Holder[str] = Holder("window")
        self.last_measuring_tool: Holder[str] = Holder("measure-length")
        self.tool.changed.connect(self._on_tool)
        self.is_confirmed: Holder[bool] = Holder(False)
        self.texts_hidden: Holder[bool] = Holder(False)
        self.magnification: Holder[int] = Holder(0)
        self.monitors: Holder[Monitors] = Holder(Monitors())
        self.habits: Holder[Habits] = Holder(Habits())
        self.markings = Markings()
        self.add_pane()

    def _on_tool(self, _old: str, new: str) -> None:
        """What was begun with another tool is let go; the measuring tool is remembered."""
        self.markings.draft.set(None)
        if new.startswith("measure-"):
            self.last_measuring_tool.set(new)

    def add_pane(self) -> Pane | None:
        """Another pane; None when there are four."""
        taken = {pane.number for pane in self.panes.value}
        number = next((one for one in range(MOST_PANES) if one not in taken), None)
        if number is None:
            return None
        pane = Pane(number)
        pane.layout.changed.connect(lambda _old, _new: self.arranged.emit())
        pane.is_sheet.changed.connect(lambda _old, _new: self.arranged.emit())
        self.panes.set((*self.panes.value, pane))
        self._fill_empty()
        self.arranged.emit()
        return pane

    def remove_pane(self, pane: Pane) -> None:
        """Let a pane go; the first one stays."""
        if pane.number == 0 or pane not in self.panes.value:
            return
        if self.pane is pane:
            self.activate(self.panes.value[0].active_viewport)
        pane.clear()
        self.panes.set(tuple(one for one in self.panes.value if one is not pane))
        self.arranged.emit()

    def activate(self, viewport: Viewport) -> None:
        """Let commands go to a viewport."""
        for pane in self.panes.value:
            if viewport in pane.viewports:
                pane.active.set(viewport.number - pane.viewports[0].number)
        self.active.set(viewport.number)

    @property
    def pane(self) -> Pane:
        """The pane that commands go to."""
        number = self.active.value // MOST_TILES
        return next((pane for pane in self.panes.value if pane.number == number), self.panes.value[0])

    @property
    def patient(self) -> Patient | None:
        """Whose films these are."""
        return self.films.value[0].patient if self.films.value else None

    @property
    def active_viewport(self) -> Viewport:
        """The viewport that commands go to."""
        return self.pane.viewports[self.active.value % MOST_TILES]

    @property
    def viewports(self) -> tuple[Viewport, ...]:
        """Every viewport of every pane, shown or not."""
        return tuple(viewport for pane in self.panes.value for viewport in pane.viewports)

    @property
    def shown_viewports(self) -> tuple[Viewport, ...]:
        """The viewports that stand in a window, pane by pane."""
        return tuple(viewport for pane in self.panes.value for viewport in pane.shown)

    def accepts(self, patient: Patient, issuer: str = "") -> bool:
        """Whether a film of this patient may join: a second patient never mixes into a window.

        Films without a patient ID never join others: nothing says that they belong together.
        """
        if self.patient is None:
            return True
        return (
            bool(patient.patient_id.strip()) and compare(self.patient, patient, issuer).verdict is not Verdict.CONFLICT
        )

    def add_film(self, film: Film) -> None:
        """Add a film and show it; the first one, and one under another name, must be confirmed (again)."""
        differs = self.patient is not None and names_differ(self.patient, film.patient)
        film.name_differs = film.name_differs or differs
        if not self.films.value or differs:
            self.is_confirmed.set(False)
        self.films.set((*self.films.value, film))
        self._show_first(film)

    def film_of_study(self, study_instance_uid: str, patient: Patient, issuer: str = "") -> Film | None:
        """The open film of this very study and person, if there is one."""
        for film in self.films.value:
            is_study = film.instances[0].study.study_instance_uid == study_instance_uid
            if is_study and compare(film.patient, patient, issuer).verdict is Verdict.SAME:
                return film
        return None

    def remove_film(self, film: Film) -> None:
        """Forget one film; the viewports that showed it are empty."""
        for pane in self.panes.value:
            pane.end_sheet()
        for viewport in self.viewports:
            if self.film_of(viewport.state.display_set) is film:
                viewport.clear()
        self.films.set(tuple(one for one in self.films.value if one is not film))

    def bring_forward(self, film: Film) -> None:
        """Show a film that no viewport shows yet in the active one."""
        is_shown = any(self.film_of(viewport.state.display_set) is film for viewport in self.shown_viewports)
        if film.display_sets and not is_shown:
            self.show(_opening_set(film))

    def close_films(self) -> None:
        """Forget everything that is open; the panes stay, empty."""
        for pane in self.panes.value:
            pane.clear()
        self.markings.clear()
        self.films.set(())
        self.active.set(0)
        self.is_confirmed.set(False)
        self.magnification.set(0)

    def film_of(self, display_set: DisplaySet | None) -> Film | None:
        """The film a display set belongs to."""
        if display_set is None:
            return None
        return next((film for film in self.films.value if display_set in film.display_sets), None)

    def set_layout(self, rows: int, columns: int) -> None:
        """Lay out the active pane; viewports that come up empty take series that are not shown yet."""
        pane = self.pane
        pane.lay_out(rows, columns)
        self.activate(pane.active_viewport)
        self._fill_empty()

    def set_sheet(self, rows: int, columns: int) -> None:
        """Lay the active series out as tiles; once more, go back to the layout before."""
        pane = self.pane
        if self.is_sheet(rows, columns):
            pane.end_sheet()
        else:
            pane.lay_sheet(*((columns, rows) if pane.is_portrait else (rows, columns)))
        self.activate(pane.active_viewport)

    def is_sheet(self, rows: int, columns: int) -> bool:
        """Whether the active pane is laid out as this sheet, upright or on its side."""
        return self.pane.is_sheet.value and sorted(self.pane.layout.value) == sorted((rows, columns))

    def magnify(self, step: int) -> None:
        """A stronger or a weaker lens."""
        now = self.magnification.value
        place = MAGNIFICATIONS.index(now) + step if now in MAGNIFICATIONS else 0
        self.magnification.set(MAGNIFICATIONS[max(0, min(place, len(MAGNIFICATIONS) - 1))])

    def _show_first(self, film: Film) -> None:
        target = next((v for v in self._rooms if v.state.display_set is None), None)
        if target is not None and film.display_sets:
            first = _opening_set(film)
            target.show(first, middle(first))
        self._fill_empty()

    @property
    def _rooms(self) -> list[Viewport]:
        """The viewports that may take a series by themselves: no tiles."""
        return [one for pane in self.panes.value if not pane.is_sheet.value for one in pane.shown]

    def _fill_empty(self) -> None:
        shown = {v.state.display_set.set_id for v in self.shown_viewports if v.state.display_set}
        waiting = [one for film in self.films.value for one in film.display_sets if one.set_id not in shown]
        for viewport in self._rooms:
            if viewport.state.display_set is None and waiting:
                display_set = waiting.pop(0)
                viewport.show(display_set, middle(display_set))

    def show(self, display_set: DisplaySet) -> None:
        """Show a display set in the active viewport, where it opens."""
        self.active_viewport.show(display_set, middle(display_set))

    def show_next_series(self, step: int) -> None:
        """Show the next or the previous series in the active viewport."""
        every = [one for film in self.films.value for one in film.display_sets]
        current = self.active_viewport.state.display_set
        if not every:
            return
        place = next((n for n, one in enumerate(every) if current and one.set_id == current.set_id), -step)
        chosen = every[max(0, min(place + step, len(every) - 1))]
        if current is None or chosen.set_id != current.set_id:
            self.show(chosen)


def _opening_set(film: Film) -> DisplaySet:
    """What a film opens with: its first stack, else its first image."""
    return max(film.display_sets, key=lambda shown: len(shown.frames) > 1)


def middle(display_set: DisplaySet) -> int:
    """Where a display set opens: in the middle of the patient, at the start of a film."""
    return len(display_set.frames) // 2 if display_set.axis == "slice" else 0
