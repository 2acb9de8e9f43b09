"""What a viewport says of its image beside the header, and what it says where it has no image to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from workstation.errors import DicomError
from workstation.ui.language import tr
from workstation.ui.messages import sentence
from workstation.viewing.life_size import pixel_of
from workstation.viewing.situation import Situation

if TYPE_CHECKING:
    from workstation.dicom.study import Instance
    from workstation.station.monitors import Monitor
    from workstation.viewing.session import Film, ReadingSession
    from workstation.viewing.viewport import ViewportState


def situation(session: ReadingSession, state: ViewportState, instance: Instance, *, chinese: bool) -> Situation:
    """Where the image stands in its series, and how whole that is: what the overlay tells beside the header."""
    film, shown = session.film_of(state.display_set), state.display_set
    received, expected = film.count(shown.series.series_instance_uid) if film and shown else (0, 0)
    return Situation(
        position=state.index + 1,
        steps=len(shown.frames) if shown else 0,
        axis=shown.axis if shown else "number",
        received=received,
        expected=expected,
        is_incomplete=bool(film and shown and film.is_incomplete(shown)),
        missing_by_position=shown.missing_by_position if shown else 0,
        name_differs=bool(film and film.name_differs),
        is_confirmed=session.is_confirmed.value,
        chinese=chinese,
        calibration=session.markings.calibration_of(instance),
        is_rejected=bool(film and state.key and state.key.sop_instance_uid in film.rejected),
        is_differing=bool(film and state.key and state.key.sop_instance_uid in film.differing),
        states=len(film.states_for(state.key)) if film else 0,
    )


def on_glass(told: Situation, monitor: Monitor | None, *, tells: bool) -> Situation:
    """What the glass adds: whether it may be read on for diagnosis, and how large its pixels are.

    Parameters
    ----------
    monitor : Monitor or None
        None for a picture that leaves the program: nobody knows where it will be looked at.
    tells : bool
        Whether this viewport says when its monitor is not for diagnosis: of a sheet's tiles, only the first does.
    """
    if monitor is None:
        return replace(told, is_for_diagnosis=False)
    is_marked = tells and monitor.is_marked(date.today())
    return replace(told, is_for_diagnosis=not is_marked, pixel_mm=pixel_of(monitor))


def problem_words(film: Film | None, state: ViewportState) -> str:
    """Why the wished-for frame cannot be shown; empty: it can, or is not there yet."""
    error = film.frames.problem(state.key) if film is not None and state.key is not None else None
    return sentence(error) if error is not None else ""


def nothing_words(session: ReadingSession, state: ViewportState) -> str:
    """Why there is no image: there is none in the film, none was put here, or it is not there yet."""
    films = session.films.value
    if films and not any(film.display_sets for film in films):
        if any(film.listed_reports or film.reports for film in films):
            return tr("This film holds no images. Its report is beside this (key D).")
        return sentence(DicomError("no-pixels", what=films[0].instances[0].kind))
    if state.display_set is None:
        return tr("Drag a series here, or double-click it")
    return tr("Loading image {number} …", number=state.index + 1)
