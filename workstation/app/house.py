"""`House`: the program around a desk, as a desk and its parts see it; `app.Workstation` is it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workstation.app.keeping import Keeping
    from workstation.app.office import SettingsOffice
    from workstation.app.station import Station
    from workstation.film.opened import OpenedFilm
    from workstation.station.monitors import Monitors
    from workstation.tasks import Tasks
    from workstation.ui.language import Language
    from workstation.ui.main_window import MainWindow
    from workstation.viewing.session import ReadingSession


class Desk(Protocol):
    """A window with its films, as another one sees it."""

    window: MainWindow
    session: ReadingSession

    def close_film(self) -> None:
        """Close what is open in it."""
        ...

    def show(self, opened: OpenedFilm) -> None:
        """Show a film that was opened in another window."""
        ...


class House(Protocol):
    """The program around a desk."""

    station: Station
    language: Language
    tasks: Tasks
    office: SettingsOffice
    monitors: Monitors
    is_language_chosen: bool
    keeping: Keeping

    @property
    def desks(self) -> Sequence[Desk]:
        """Every window that is open."""
        ...

    def post(self, call: Callable[[], None]) -> None:
        """Bring a call to the main thread."""
        ...

    def new_desk(self) -> Desk:
        """Another window."""
        ...

    def set_language(self, code: str) -> None:
        """Switch every window."""
        ...

    def forget(self, desk: Desk) -> None:
        """A window was closed."""
        ...

    def films_changed(self) -> None:
        """Films were opened or closed in some window."""
        ...
