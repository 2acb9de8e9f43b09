"""All shortcuts on one page, made from the action table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from workstation.ui.actions import ACTIONS, action_words, keys_of
from workstation.ui.language import mark, say, tr
from workstation.viewing.presets import HOUNSFIELD, RELATIVE_NAMES

if TYPE_CHECKING:
    from workstation.ui.actions import Action

_MOUSE: Final = (
    (mark("Left drag"), mark("The active tool")),
    (mark("Middle drag"), mark("Pan")),
    (mark("Right drag"), mark("Zoom")),
    (mark("Right click"), mark("Menu")),
    (mark("Wheel"), mark("Images; with Shift faster, with Ctrl zoom")),
    (mark("Double click"), mark("Viewport full screen and back")),
)


class ShortcutPage(QDialog):
    """The page that F1 shows; Escape closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("desk")
        self.setWindowTitle(tr("Shortcuts"))
        self.resize(860, 720)
        inner = QWidget(self)
        inner.setObjectName("desk")
        grid = QGridLayout(inner)
        grid.setContentsMargins(24, 20, 24, 20)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        rows = [(", ".join(keys_of(action)), self._words(action)) for action in ACTIONS if keys_of(action)]
        rows += [(say(keys), say(words)) for keys, words in _MOUSE]
        half = (len(rows) + 1) // 2
        for number, (keys, words) in enumerate(rows):
            row, column = number % half, number // half * 2
            key = QLabel(keys, inner)
            key.setProperty("tone", "secondary")
            grid.addWidget(key, row, column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(QLabel(words, inner), row, column + 1)
        area = QScrollArea(self)
        area.setWidget(inner)
        area.setWidgetResizable(True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def _words(self, action: Action) -> str:
        if action.action_id.startswith("window.preset_"):
            number = int(action.action_id.rsplit("_", 1)[1])
            words = tr("Window: {name} (CT)", name=say(HOUNSFIELD[number - 1].name))
            return f"{words}, {say(RELATIVE_NAMES[number - 1])}" if number <= len(RELATIVE_NAMES) else words
        if action.action_id.startswith("layout."):
            return f"{tr('Layout')} {action.text}"
        return action_words(action)
