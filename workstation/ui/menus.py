"""The menus: rows of the action table, window presets and the file's own windows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QMenu, QWidget

from workstation.ui import theme
from workstation.ui.actions import BY_ID, action_words
from workstation.ui.keys import keys_of
from workstation.ui.language import say, tr
from workstation.ui.measure_actions import MEASURES
from workstation.viewing.panes import LAYOUTS, SHEETS
from workstation.viewing.presets import presets_for
from workstation.viewing.words import iso_date

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QIcon

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.grayscale import VoiLut, Window
    from workstation.dicom.presentation import PresentationState
    from workstation.ui.action import Action

_IMAGE_ROWS: Final = (
    "view.fit", "view.one", "view.life_size", "view.rotate", "view.rotate_back", "view.flip_horizontal",
    "view.flip_vertical", "view.invert", "view.overlays", "view.reset", "cine.toggle", "picture.copy", "picture.save",
)  # fmt: skip
_FILM_ROWS: Final = ("film.use_source", "film.forget_patient")
_EDIT_ROWS: Final = ("desk.measurements", "edit.undo", "edit.redo", "edit.rename", "edit.delete")
_SELECTED_ROWS: Final = ("edit.rename", "edit.delete")
_WINDOW_ROWS: Final = ("desk.add_window", "desk.close_window", "desk.next_monitor", "desk.full_screen", "desk.patterns")


class Menus:
    """Makes menus for a window.

    Parameters
    ----------
    parent : QWidget
        The window.
    trigger : callable
        Runs a command by its id.
    may_run : callable
        Whether a command can be run now.
    """

    def __init__(self, parent: QWidget, trigger: Callable[[str], None], may_run: Callable[[Action], bool]) -> None:
        self._parent = parent
        self._trigger = trigger
        self._may_run = may_run

    def image(
        self,
        shown: ShownFrame | None,
        set_window: Callable[[Window | VoiLut], None],
        states: Sequence[PresentationState] = (),
        applied: PresentationState | None = None,
        apply: Callable[[PresentationState | None], None] = lambda _: None,
    ) -> QMenu:
        """The menu of an image: presets, the file's windows, presentation states, what can be done with it."""
        menu = QMenu(self._parent)
        if all(self._may_run(BY_ID[action_id]) for action_id in _SELECTED_ROWS):
            for action_id in _SELECTED_ROWS:
                self._add(menu, BY_ID[action_id])
            menu.addSeparator()
        for number, preset in enumerate(presets_for(shown), start=1):
            text = f"{say(preset.name)}\t{preset.window.center:g} / {preset.window.width:g}   [{number}]"
            menu.addAction(text, partial(self._trigger, f"window.preset_{number}"))
        for choice in shown.grayscale.voi_choices if shown is not None and shown.grayscale is not None else ():
            words = choice.explanation or tr("Window of the file")
            menu.addAction(words.replace("&", "&&"), partial(set_window, choice))
        if states:
            self._add_states(menu, states, applied, apply)
        menu.addSeparator()
        for action_id in _IMAGE_ROWS:
            self._add(menu, BY_ID[action_id])
        menu.addSeparator()
        for action_id in _FILM_ROWS:
            self._add(menu, BY_ID[action_id])
        return menu

    def _add_states(
        self,
        menu: QMenu,
        states: Sequence[PresentationState],
        applied: PresentationState | None,
        apply: Callable[[PresentationState | None], None],
    ) -> None:
        """How others wished the image to be seen; the one in use is ticked."""
        menu.addSeparator()
        for one in (None, *states):
            words = tr("Without presentation state") if one is None else _state_words(one)
            made = menu.addAction(words, partial(apply, one))
            made.setCheckable(True)
            made.setChecked(applied is one)

    def measures(self) -> QMenu:
        """The menu of measuring tools, and of what can be done with measurements."""
        menu = QMenu(self._parent)
        menu.aboutToShow.connect(lambda: self._fill_measures(menu))
        return menu

    def _fill_measures(self, menu: QMenu) -> None:
        menu.clear()
        for action in MEASURES:
            self._add(menu, action, theme.icon(action.icon))
        menu.addSeparator()
        for action_id in _EDIT_ROWS:
            self._add(menu, BY_ID[action_id])

    def layouts(self) -> QMenu:
        """The menu of layouts, sheets and windows; what can be chosen is decided when it opens."""
        menu = QMenu(self._parent)
        menu.aboutToShow.connect(lambda: self._fill_layouts(menu))
        return menu

    def _fill_layouts(self, menu: QMenu) -> None:
        menu.clear()
        for rows, columns in LAYOUTS:
            self._add(menu, BY_ID[f"layout.{rows}x{columns}"])
        menu.addSeparator()
        for rows, columns in SHEETS:
            self._add(menu, BY_ID[f"sheet.{rows}x{columns}"])
        menu.addSeparator()
        for action_id in _WINDOW_ROWS:
            self._add(menu, BY_ID[action_id])

    def _add(self, menu: QMenu, action: Action, icon: QIcon | None = None) -> None:
        keys = f"\t{keys_of(action)[0]}" if keys_of(action) else ""
        made = menu.addAction(action_words(action) + keys, partial(self._trigger, action.action_id))
        made.setEnabled(self._may_run(action))
        if icon is not None:
            made.setIcon(icon)


def _state_words(state: PresentationState) -> str:
    name = " – ".join(part for part in (state.label, state.description) if part) or tr("Presentation state")
    told = ", ".join(part for part in (state.creator, iso_date(state.created)) if part)
    return (f"{name} ({told})" if told else name).replace("&", "&&")
