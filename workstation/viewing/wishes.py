"""Which frames are wished for: those on the glass, then those near them, of every pane of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workstation.dicom.pixels import FrameKey
    from workstation.viewing.session import Film, ReadingSession

AHEAD: Final = 12  # frames wished for on either side of one that is shown
_AHEAD_OF_MANY: Final = 2  # the same where many viewports share the frames' memory
_MANY: Final = 12  # viewports


def tell_films(session: ReadingSession) -> None:
    """Ask each film for the frames shown and those near them, the active viewport's first."""
    for film, keys in wishes(session):
        film.frames.want(keys)


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
