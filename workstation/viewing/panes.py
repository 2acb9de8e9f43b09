"""`Pane`: the viewports that one window shows, in rows and columns, or as a sheet of tiles of one series.

A session has one to four panes, one a window. All of them show films of the one patient of the session.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workstation.events import Holder
from workstation.viewing.viewport import Viewport, ViewportState

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_PANES: Final = 4
MOST_VIEWPORTS: Final = 9  # of a layout
LAYOUTS: Final = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (2, 3), (3, 3))  # rows, columns
SHEETS: Final = ((3, 4), (4, 5), (5, 8))  # rows, columns, as films are printed
MOST_TILES: Final = 40
_FAR: Final = 10  # images a page key scrolls outside a sheet


class Pane:
    """The viewports of one window.

    Attributes
    ----------
    layout : Holder
        Rows and columns.
    is_sheet : Holder
        Whether the viewports are tiles: neighbouring images of one series that keep one window and one view.
    is_portrait : bool
        Whether the window is higher than wide: a sheet is then laid the other way round.
    active : Holder
        The viewport in use, counted in this pane from 0.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.viewports = tuple(Viewport(number * MOST_TILES + place) for place in range(MOST_TILES))
        self.layout: Holder[tuple[int, int]] = Holder((1, 1))
        self.is_sheet: Holder[bool] = Holder(False)
        self.active: Holder[int] = Holder(0)
        self.is_portrait = False
        self._before: tuple[tuple[int, int], int, tuple[ViewportState, ...]] | None = None
        self._is_spreading = False
        for place, viewport in enumerate(self.viewports):
            viewport.changed.connect(self._spreader(place))

    @property
    def shown(self) -> tuple[Viewport, ...]:
        """The viewports of the present layout."""
        rows, columns = self.layout.value
        return self.viewports[: rows * columns]

    @property
    def active_viewport(self) -> Viewport:
        """The viewport in use."""
        return self.viewports[self.active.value]

    def lay_out(self, rows: int, columns: int) -> None:
        """Lay out viewports; a sheet ends."""
        self.end_sheet()
        self.layout.set((rows, columns))
        if self.active.value >= rows * columns:
            self.active.set(0)

    def lay_sheet(self, rows: int, columns: int) -> None:
        """Lay the active viewport's series out as tiles, beginning with the image that is shown."""
        leader = self.active_viewport.state
        if leader.display_set is None:
            return
        if self._before is None:
            states = tuple(viewport.state for viewport in self.viewports[:MOST_VIEWPORTS])
            self._before = (self.layout.value, self.active.value, states)
        self._is_spreading = True
        self.layout.set((rows, columns))
        self.is_sheet.set(True)
        for viewport in self.viewports:
            viewport.stride, viewport.page, viewport.is_tile = columns, rows * columns, True
        self.active.set(0)
        self._is_spreading = False
        self._spread(0, replace(leader, is_playing=False))

    def end_sheet(self) -> None:
        """Go back to the layout before, which keeps the window, view and image of the sheet's active tile."""
        if self._before is None:
            return
        (layout, active, states), self._before = self._before, None
        tile = self.active_viewport.state
        self._is_spreading = True
        self.is_sheet.set(False)
        for viewport in self.viewports:
            viewport.stride, viewport.page, viewport.is_tile = 1, _FAR, False
        states = (*states, *[ViewportState()] * (MOST_TILES - len(states)))
        for place, (viewport, state) in enumerate(zip(self.viewports, states, strict=True)):
            viewport.set(tile if place == active and tile.display_set is not None else state)
        self.layout.set(layout)
        self.active.set(active)
        self._is_spreading = False

    def replace_states(self, change: Callable[[ViewportState], ViewportState]) -> None:
        """Change the wish of every viewport, of those behind a sheet too; a sheet keeps its active tile's image."""
        self._is_spreading = True
        for viewport in self.viewports:
            viewport.set(change(viewport.state))
        if self._before is not None:
            layout, active, states = self._before
            self._before = (layout, active, tuple(change(state) for state in states))
        self._is_spreading = False
        if self.is_sheet.value:
            self._spread(self.active.value, self.active_viewport.state)

    def clear(self) -> None:
        """Show nothing, in one viewport."""
        self._before = None
        self._is_spreading = True
        self.is_sheet.set(False)
        for viewport in self.viewports:
            viewport.stride, viewport.page, viewport.is_tile = 1, _FAR, False
            viewport.clear()
        self.layout.set((1, 1))
        self.active.set(0)
        self._is_spreading = False

    def _spreader(self, place: int) -> Callable[[ViewportState, ViewportState], None]:
        def on_changed(_old: ViewportState, new: ViewportState) -> None:
            if self.is_sheet.value and not self._is_spreading and place < len(self.shown):
                self._spread(place, new)

        return on_changed

    def _spread(self, place: int, led: ViewportState) -> None:
        """What one tile shows and how, to all the others: each the image that follows."""
        self._is_spreading = True
        frames = led.display_set.frames if led.display_set is not None else ()
        columns = self.layout.value[1]
        last_row = max(0, -(-len(frames) // columns) - self.layout.value[0]) * columns
        first = max(0, min(led.index - place, last_row))
        for offset, viewport in enumerate(self.shown):
            is_there = first + offset < len(frames)
            viewport.set(replace(led, index=first + offset, is_playing=False) if is_there else ViewportState())
        self._is_spreading = False
