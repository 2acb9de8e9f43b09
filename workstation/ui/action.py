"""`Action`: one command of the program, and what a command may do and ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from workstation.dicom.frames import ShownFrame
    from workstation.viewing.session import ReadingSession


class Desk(Protocol):
    """What a command may do beyond the session; the main window is one."""

    @property
    def session(self) -> ReadingSession:
        """The state of this window."""
        ...

    def shown(self) -> ShownFrame | None:
        """What the active viewport shows."""
        ...

    @property
    def is_report_open(self) -> bool:
        """Whether the report pane is unfolded."""
        ...

    @property
    def is_table_open(self) -> bool:
        """Whether the table of measurements is unfolded."""
        ...

    def perform(self, deed: str) -> None:
        """Do something only a window can: open_door, open_files, copy_picture, save_picture, confirm, ..."""
        ...


Run = Callable[[Desk], None]
Ask = Callable[[Desk], bool]


@dataclass(frozen=True, slots=True)
class Action:
    """One command.

    Attributes
    ----------
    action_id : str
        Stable; keys, pedals and tests bind to it.
    group : str
        The toolbar group it stands in; empty for none.
    """

    action_id: str
    text: str
    run: Run
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: str = ""
    hint: str = ""
    is_enabled: Ask = lambda _: True
    is_checked: Ask | None = None
    numbers: tuple[tuple[str, int], ...] = ()  # that stand in the text


def has_image(desk: Desk) -> bool:
    """Whether the active viewport holds a series."""
    return desk.session.active_viewport.state.display_set is not None


def deed(name: str) -> Run:
    """Something only a window can do."""
    return lambda desk: desk.perform(name)
