"""All shortcuts as one page of the manual, made from the action table."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from workstation.ui.actions import ACTIONS, action_words
from workstation.ui.keys import keys_of
from workstation.ui.language import mark, say, tr
from workstation.viewing.presets import HOUNSFIELD, RELATIVE_NAMES

if TYPE_CHECKING:
    from workstation.ui.action import Action

_MOUSE: Final = (
    (mark("Left drag"), mark("The active tool")),
    (mark("Middle drag"), mark("Pan")),
    (mark("Right drag"), mark("Zoom")),
    (mark("Right click"), mark("Menu")),
    (mark("Wheel"), mark("Images; with Shift faster, with Ctrl zoom")),
    (mark("Double click"), mark("Viewport full screen and back")),
)


def shortcut_rows() -> list[tuple[str, str]]:
    """Keys and what they do, in the language in use; the mouse last."""
    rows = [(", ".join(keys_of(action)), _words(action)) for action in ACTIONS if keys_of(action)]
    return rows + [(say(keys), say(words)) for keys, words in _MOUSE]


def shortcut_html() -> str:
    """The rows as a page, two of them side by side."""
    rows = shortcut_rows()
    half = (len(rows) + 1) // 2
    cells = ["".join(f"<td>{html.escape(words)}</td>" for words in row) for row in rows] + ["<td></td><td></td>"]
    lines = [f"<tr>{cells[n]}<td width='24'></td>{cells[n + half]}</tr>" for n in range(half)]
    return f"<h1>{html.escape(tr('Shortcuts'))}</h1><table cellpadding='3' width='100%'>{''.join(lines)}</table>"


def _words(action: Action) -> str:
    if action.action_id.startswith("window.preset_"):
        number = int(action.action_id.rsplit("_", 1)[1])
        words = tr("Window: {name} (CT)", name=say(HOUNSFIELD[number - 1].name))
        return f"{words}, {say(RELATIVE_NAMES[number - 1])}" if number <= len(RELATIVE_NAMES) else words
    if action.action_id.startswith("layout."):
        return f"{tr('Layout')} {action.text}"
    return action_words(action)
