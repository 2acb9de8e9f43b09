"""Which frames are wished for: those on the glass, then those near them, of every pane of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.viewing.film import FilmState

if TYPE_CHECKING:
    from workstation.dicom.pixels import FrameKey
    from workstation.viewing.display_sets import DisplaySet
    from workstation.viewing.session import Film, ReadingSession

AHEAD: Final = 12  # frames wished for on either side of one that is shown
_AHEAD_OF_MANY: Final = 2  # the same where many viewports share the frames' memory
_MANY: Final = 12  # viewports


def tell_films(session: ReadingSession) -> None:
    """Ask each film for the frames shown and those near them, the active viewport's first; others for nothing now.

    A film that still loads is also told what to fetch then: the rest of the series on screen, from the image that is
    shown outwards.
    """
    wished = wishes(session)
    for film, keys in wished:
        film.frames.want(keys)
        if film.state is FilmState.LOADING:
            _order_rest(film, session)
    shown = {film.film_id for film, _ in wished}
    for film in session.films.value:
        if film.film_id not in shown:
            film.frames.want(())


def _order_rest(film: Film, session: ReadingSession) -> None:
    """Set the order of what is far from the glass; anew only where the hand has gone far."""
    viewports = [session.active_viewport, *session.shown_viewports]
    state = next((one.state for one in viewports if session.film_of(one.state.display_set) is film), None)
    if state is None or state.display_set is None:
        return
    set_id, index = film.ordered_for
    if set_id == state.display_set.set_id and abs(index - state.index) <= AHEAD:
        return
    film.ordered_for = (state.display_set.set_id, state.index)
    reports = [one.sop_instance_uid for one in film.listed_reports]
    film.frames.order([*reports, *outwards(state.display_set, state.index)])


def outwards(display_set: DisplaySet, index: int) -> list[str]:
    """The instances of a stack, from a step to both ends."""
    steps = sorted(range(len(display_set.frames)), key=lambda step: abs(step - index))
    return list(dict.fromkeys(display_set.frames[step].key.sop_instance_uid for step in steps))


def wishes(session: ReadingSession) -> list[tuple[Film, list[FrameKey]]]:
    """For each film that is on the glass, its frames in the order they are wished for."""
    viewports = list(dict.fromkeys([session.active_viewport, *session.shown_viewports]))
    ahead = AHEAD if len(viewports) < _MANY else _AHEAD_OF_MANY
    found: dict[str, tuple[Film, dict[FrameKey, None]]] = {}
    for near in range(ahead + 1):
        for viewport in viewports:
            shown = viewport.state.display_set
            film = session.film_of(shown)
            if film is None or shown is None:
                continue
            keys = found.setdefault(film.film_id, (film, {}))[1]
            for index in (viewport.state.index + near, viewport.state.index - near):
                if 0 <= index < len(shown.frames):
                    keys.setdefault(shown.frames[index].key)
    return [(film, list(keys)) for film, keys in found.values()]
