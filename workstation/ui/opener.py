"""`Opener`: what a window asks of the program that it may not know itself: opening films, policy, the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QImage

    from workstation.events import Holder
    from workstation.station.speed_log import SpeedRecord
    from workstation.ui.papers import Papers
    from workstation.ui.settings_page import Office
    from workstation.ui.understood import Understood


class Opener(Protocol):
    """Opens films for a window; bound in `app`."""

    @property
    def papers(self) -> Papers:
        """Draws the pages of reports."""
        ...

    @property
    def fate(self) -> Holder[Any]:
        """What becomes of measurements when the program ends: an enumeration of `measurement_panel.FATES`."""
        ...

    def understand(self, text: str) -> Understood:
        """Say what a text means."""
        ...

    def open_text(self, text: str, passcode: str, user: str = "") -> None:
        """Open what a text names; with the passcode, or the password and user name, that was asked for."""
        ...

    def open_path(self, path: str) -> None:
        """Open a file or a folder."""
        ...

    def open_image(self, picture: QImage) -> None:
        """Open what a code in a picture names."""
        ...

    def refuse_screen(self) -> None:
        """Say that the desktop does not give its picture away."""
        ...

    def pick(self, number: int) -> None:
        """Open one of the candidates that were offered."""
        ...

    def stop(self) -> None:
        """Call off the opening, or the loading."""
        ...

    def pause(self) -> None:
        """Fetch only what is looked at; or go on with everything after that."""
        ...

    def fetch_missing(self) -> None:
        """Ask again for what could not be had."""
        ...

    def close_film(self) -> None:
        """Close what is open."""
        ...

    def use_source(self) -> None:
        """Drop what is kept of the film on the screen and differs from its source, and open it as it is there."""
        ...

    def forget_patient(self) -> None:
        """Ask whether everything of the patient on the screen shall be destroyed on this machine."""
        ...

    def confirm(self) -> None:
        """The patient is the right one: recorded."""
        ...

    def open_apart(self, agreed: bool) -> None:
        """Whether the film of another patient shall have its own window."""
        ...

    @property
    def office(self) -> Office:
        """What the settings page asks."""
        ...

    def switch_language(self) -> None:
        """The other language, in every window."""
        ...

    def run_aside(self, work: Callable[[], bool], told: Callable[[bool], None]) -> None:
        """Run slow work off the main thread; `told` hears, on the main thread, whether it went well."""
        ...

    def read_speeds(self, told: Callable[[Sequence[SpeedRecord]], None]) -> None:
        """Read how fast films came, off the main thread."""
        ...

    @property
    def keeps_speeds(self) -> bool:
        """Whether that is written down on this machine."""
        ...

    def exported(self, what: str) -> None:
        """A picture left the program: recorded."""
        ...

    def allows(self, act: str) -> bool:
        """Whether IT allows an act here."""
        ...
