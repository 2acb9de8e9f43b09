"""The keys of every command, to be changed; a key that two commands want is said before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workstation.ui import theme
from workstation.ui.actions import ACTIONS, BY_ID, action_words
from workstation.ui.keys import clashes, is_key
from workstation.ui.language import tr
from workstation.ui.wrapping import WrappingRow

if TYPE_CHECKING:
    from workstation.settings import Settings
    from workstation.ui.action import Action

_KEY_WIDTH: Final = 220
_COMMAND: Final = Qt.ItemDataRole.UserRole


class KeysForm(QWidget):
    """A table of commands and their keys.

    Signals
    -------
    changed : the user gave a command another key
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: dict[str, tuple[str, ...]] = {}
        self._locked: frozenset[str] = frozenset()
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search for a command or a key"))
        self.search.setAccessibleName(tr("Search for a command or a key"))
        self.search.textChanged.connect(self._filter)
        self.table = QTableWidget(0, 2, self)
        self.table.setHorizontalHeaderLabels([tr("Command"), tr("Keys")])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(1, _KEY_WIDTH)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAccessibleName(tr("Commands and their keys"))
        self.table.itemSelectionChanged.connect(self._on_selected)
        self.edit = QKeySequenceEdit(self)
        self.edit.setMaximumSequenceLength(1)
        self.edit.setMinimumWidth(round(_KEY_WIDTH * theme.text_scale() / 100))
        self.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.edit.setAccessibleName(tr("New key"))
        self.edit.editingFinished.connect(self._take)
        self.clear = QPushButton(tr("No key"), self)
        self.clear.clicked.connect(lambda: self._set(()))
        self.restore = QPushButton(tr("The program's own"), self)
        self.restore.clicked.connect(self._restore)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setProperty("tone", "amber")
        self._lay_out()

    def _lay_out(self) -> None:
        row = WrappingRow()
        row.addWidget(QLabel(tr("New key"), self))
        row.addWidget(self.edit)
        row.addWidget(self.clear)
        row.addWidget(self.restore)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        column.addWidget(self.problem)

    def show_settings(self, settings: Settings) -> None:
        """Show the keys as they are set."""
        self._keys = dict(settings.keys)
        self._locked = settings.locked
        self._fill()

    def keys(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The commands whose keys are not the program's own."""
        return tuple(self._keys.items())

    def _fill(self) -> None:
        selected = self.selected()
        self.table.setRowCount(len(ACTIONS))
        wrong = {action_id for ids in clashes(self._keys).values() for action_id in ids}
        for row, action in enumerate(ACTIONS):
            keys = self._keys.get(action.action_id, action.keys)
            own = action.action_id in self._keys
            is_wrong = action.action_id in wrong or not all(is_key(key) for key in keys)
            name = QTableWidgetItem(_words(action))
            name.setData(_COMMAND, action.action_id)
            shown = QTableWidgetItem(", ".join(keys) or "–")
            colour = theme.AMBER if is_wrong else theme.ACCENT if own else theme.TEXT
            shown.setForeground(QColor(colour))
            self.table.setItem(row, 0, name)
            self.table.setItem(row, 1, shown)
            if selected == action.action_id:
                self.table.selectRow(row)
        self._tell_clashes()
        self._filter(self.search.text())

    def _tell_clashes(self) -> None:
        found = clashes(self._keys)
        words = [
            tr("{key} has two commands: {commands}", key=key, commands=", ".join(_words(BY_ID[one]) for one in ids))
            for key, ids in found.items()
        ]
        self.problem.setText("\n".join(words))
        self.problem.setVisible(bool(words))

    @property
    def has_clashes(self) -> bool:
        """Whether a key has more than one command."""
        return bool(clashes(self._keys))

    def selected(self) -> str:
        """The command that is chosen."""
        rows = self.table.selectionModel().selectedRows()
        item = self.table.item(rows[0].row(), 0) if rows else None
        return str(item.data(_COMMAND)) if item is not None else ""

    def _on_selected(self) -> None:
        action = BY_ID.get(self.selected())
        may = action is not None and f"keys.{action.action_id}" not in self._locked
        for widget in (self.edit, self.clear, self.restore):
            widget.setEnabled(may)
        if action is not None:
            keys = self._keys.get(action.action_id, action.keys)
            self.edit.blockSignals(True)
            self.edit.setKeySequence(QKeySequence(keys[0] if keys else ""))
            self.edit.blockSignals(False)

    def _take(self) -> None:
        wished = self.edit.keySequence().toString()
        action = BY_ID.get(self.selected())
        if action is not None and wished and wished not in self._keys.get(action.action_id, action.keys):
            self._set((wished,))

    def _set(self, keys: tuple[str, ...]) -> None:
        action = BY_ID.get(self.selected())
        if action is None:
            return
        if keys == action.keys:
            self._keys.pop(action.action_id, None)
        else:
            self._keys[action.action_id] = keys
        self._fill()
        self.changed.emit()

    def _restore(self) -> None:
        action = BY_ID.get(self.selected())
        if action is not None:
            self._set(action.keys)

    def _filter(self, words: str) -> None:
        wanted = words.strip().lower()
        for row in range(self.table.rowCount()):
            cells = [self.table.item(row, column) for column in range(2)]
            told = " ".join(cell.text().lower() for cell in cells if cell is not None)
            self.table.setRowHidden(row, bool(wanted) and wanted not in told)


def _words(action: Action) -> str:
    if action.action_id.startswith("window.preset_"):
        return tr("Window preset {number}", number=action.text)
    if action.action_id.startswith("layout."):
        return f"{tr('Layout')} {action.text}"
    return action_words(action)
