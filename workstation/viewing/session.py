"""`ReadingSession`: the films of one patient, the viewports, the layout. The root of all state of one window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from workstation.dicom.identity import Verdict, compare, names_differ
from workstation.events import Holder, Signal
from workstation.station.monitors import Monitors
from workstation.viewing.film import Check, Film, FilmState, Refusal
from workstation.viewing.markings import Markings
from workstation.viewing.panes import LAYOUTS, MOST_PANES, MOST_TILES, MOST_VIEWPORTS, Pane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workstation.dicom.study import Instance, Patient
    from workstation.viewing.display_sets import DisplaySet
    from workstation.viewing.viewport import Viewport, ViewportState

__all__ = [
    "LAYOUTS",
    "MOST_VIEWPORTS",
    "Check",
    "Film",
    "FilmState",
    "Habits",
    "ReadingSession",
    "Refusal",
    "middle",
]
MAGNIFICATIONS: Final = (2, 3, 4, 6)


@dataclass(frozen=True, slots=True)
class Habits:
    """What the hand does on an image: the tools of the middle and the right button, and which way the wheel turns."""

    middle: str = "pan"
    right: str = "zoom"
    wheel_reversed: bool = False


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

    def grow_film(self, film: Film, instances: tuple[Instance, ...], announced: Mapping[str, int]) -> None:
        """More of a film is known now: every viewport keeps the image that it shows."""
        before = film.display_sets
        film.grow(instances, announced)
        for pane in self.panes.value:
            pane.replace_states(partial(_regrown, before, film))
        self.arranged.emit()
        self._fill_empty()
        film.changed.emit()

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


def _regrown(before: tuple[DisplaySet, ...], film: Film, state: ViewportState) -> ViewportState:
    """A viewport's wish after its film has grown: the same image, in the stack that holds it now."""
    key = state.key
    if key is None or state.display_set not in before:
        return state
    for display_set in film.display_sets:
        for index, frame in enumerate(display_set.frames):
            if frame.key == key:
                return replace(state, display_set=display_set, index=index)
    return state


def _opening_set(film: Film) -> DisplaySet:
    """What a film opens with: its first stack, else its first image."""
    return max(film.display_sets, key=lambda shown: len(shown.frames) > 1)


def middle(display_set: DisplaySet) -> int:
    """Where a display set opens: in the middle of the patient, at the start of a film."""
    return len(display_set.frames) // 2 if display_set.axis == "slice" else 0
