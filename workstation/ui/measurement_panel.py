"""The drawer of measurements: a table to rename, jump to, delete and copy, and whether it is kept."""

from __future__ import annotations

import codecs
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workstation.errors import StationError
from workstation.ui import theme
from workstation.ui.labels import plain_tip
from workstation.ui.language import mark, say, tr
from workstation.viewing.measure_words import named, uncertainty
from workstation.viewing.measured import Reader, Row, as_csv, as_text, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.errors import WorkstationError
    from workstation.ui.opener import Opener
    from workstation.viewing.session import ReadingSession

LEAST_WIDTH: Final = 300
DEFAULT_WIDTH: Final = 380
_NAME, _FIGURES, _PLACE = range(3)
_HELD: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_ID: Final = Qt.ItemDataRole.UserRole
FATES: Final = {
    "unknown": ("", "secondary"),
    "kept": (mark("Kept on this machine, encrypted, with the film."), "secondary"),
    "not-kept": (mark("Not kept after closing: this machine has no key store."), "amber"),
    "failed": (mark("Not kept: the disk refuses. Copy what you need, then tell IT."), "red"),
    "damaged": (mark("Some of what was kept with this film could not be read. What is new is kept."), "amber"),
}


_ROW_KEYS: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_F2)  # Qt's own
_TABLE_KEYS: Final = (
    Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_Home, Qt.Key.Key_End, *_ROW_KEYS,
)  # fmt: skip


class _Names(QStyledItemDelegate):
    """While a name is typed, keys are letters and Enter ends it: none of them is a command of the window."""

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """See QObject."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().eventFilter(editor, event)


class MeasurementPanel(QWidget):
    """The table.

    Signals
    -------
    fold_asked : the panel shall fold away
    jump_asked : (str) the measurement with this ID is to be shown
    csv_asked : (str) this text is to be written to a file the user names
    exported : (str) what left the program
    """

    fold_asked = Signal()
    jump_asked = Signal(str)
    csv_asked = Signal(str)
    exported = Signal(str)

    def __init__(self, session: ReadingSession, allows: Callable[[str], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(LEAST_WIDTH)
        self._session, self._allows = session, allows
        self._reader = Reader()
        self._rows: tuple[Row, ...] = ()
        self._fate = "unknown"
        self._is_filling = False
        self.wished_width = DEFAULT_WIDTH
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(50)
        self._soon.timeout.connect(self._fill)
        self._build()
        self._connect()
        self.hide()

    def _build(self) -> None:
        self.title = QLabel(self)
        self.title.setProperty("rank", "group")
        self.copy = self._button("copy", self._copy)
        self.csv = self._button("file-text", self._save)
        self.delete = self._button("trash", self._delete)
        self.fold = self._button("x", self.fold_asked.emit)
        self.table = self._made_table()
        self.empty, self.kept = QLabel(self), QLabel(self)
        for label in (self.empty, self.kept):
            label.setWordWrap(True)
            label.setMargin(8)
            label.setProperty("tone", "secondary")
        row = QHBoxLayout()
        row.setContentsMargins(10, 6, 6, 6)
        row.addWidget(self.title, 1)
        for button in (self.copy, self.csv, self.delete, self.fold):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addWidget(self.kept)

    def _made_table(self) -> QTableWidget:
        table = QTableWidget(0, 3, self)
        table.verticalHeader().hide()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.SelectedClicked
        )
        table.setItemDelegate(_Names(table))
        table.installEventFilter(self)
        table.setWordWrap(True)
        table.setTabKeyNavigation(False)  # Tab goes on to what comes next
        table.setShowGrid(False)
        header = table.horizontalHeader()
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_FIGURES, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_PLACE, QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return table

    def _button(self, icon: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        theme.put_icon(button, icon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: act())
        return button

    def _connect(self) -> None:
        markings = self._session.markings
        soon = partial(_later, self._soon)
        markings.items.changed.connect(soon)
        markings.selected.changed.connect(lambda _old, new: self._select(new))
        self._session.films.changed.connect(soon)
        self._session.is_confirmed.changed.connect(lambda _old, _new: self._refresh())
        self.table.itemSelectionChanged.connect(self._on_selected)
        self.table.itemDoubleClicked.connect(self._on_double_click)
        self.table.itemChanged.connect(self._on_edited)

    # What is shown ---------------------------------------------------------------

    def refresh_values(self) -> None:
        """A frame came: values of regions on it can be read."""
        if self.isVisible() and any(not row.is_read for row in self._rows):
            self._soon.start()

    def resizeEvent(self, event: object) -> None:
        """See QWidget: words wrap elsewhere."""
        del event
        self.table.resizeRowsToContents()

    def showEvent(self, event: object) -> None:
        """See QWidget."""
        del event
        self._fill()

    def set_fate(self, fate: str) -> None:
        """What becomes of measurements when the program ends."""
        self._fate = fate
        words, tone = FATES[fate]
        self.kept.setText(tr(words) if words else "")
        self.kept.setVisible(bool(words) and bool(self._rows))
        self.kept.setProperty("tone", tone)
        self.kept.style().unpolish(self.kept)
        self.kept.style().polish(self.kept)

    def _fill(self) -> None:
        if not self.isVisible():
            return
        if self.table.state() == QAbstractItemView.State.EditingState and self._session.markings.items.value:
            self._soon.start()  # a name is being typed: filling the table anew would take it away
            return
        self._rows = rows_of(self._session, self._reader)
        self._is_filling = True
        self.table.setRowCount(len(self._rows))
        for number, row in enumerate(self._rows):
            for column, item in enumerate(_items(row)):
                self.table.setItem(number, column, item)
        self._is_filling = False
        QTimer.singleShot(0, self.table.resizeRowsToContents)  # when the columns have their widths
        self.empty.setVisible(not self._rows)
        self.table.setVisible(bool(self._rows))
        self._select(self._session.markings.selected.value)
        self.set_fate(self._fate)
        self._refresh()

    def _refresh(self) -> None:
        may_export = bool(self._rows) and self._session.is_confirmed.value and self._allows("export")
        self.copy.setEnabled(may_export)
        self.csv.setEnabled(may_export)
        self.delete.setEnabled(self._chosen() is not None)

    def _chosen(self) -> Row | None:
        rows = self.table.selectionModel().selectedRows()
        return self._rows[rows[0].row()] if rows and rows[0].row() < len(self._rows) else None

    def _select(self, measurement_id: str) -> None:
        self._is_filling = True
        place = next((n for n, row in enumerate(self._rows) if row.measurement.measurement_id == measurement_id), None)
        if place is None:
            self.table.clearSelection()
        else:
            self.table.selectRow(place)
        self._is_filling = False
        self._refresh()

    # Acts ---------------------------------------------------------------

    def _on_selected(self) -> None:
        row = self._chosen()
        if not self._is_filling and row is not None:
            self._session.markings.selected.set(row.measurement.measurement_id)
        self._refresh()

    def _on_double_click(self, item: QTableWidgetItem) -> None:
        if item.column() != _NAME:
            self._jump()

    def _jump(self) -> None:
        row = self._chosen()
        if row is not None:
            self.jump_asked.emit(row.measurement.measurement_id)

    def _on_edited(self, item: QTableWidgetItem) -> None:
        found = self._session.markings.find(str(item.data(_ID)))
        if self._is_filling or found is None or item.column() != _NAME:
            return
        text = item.text().strip()
        is_kind = not found.text and text == item.data(_ID + 1)
        self._session.markings.change(replace(found, text=found.text if is_kind else text))

    def _delete(self) -> None:
        row = self._chosen()
        if row is not None:
            self._session.markings.delete(row.measurement.measurement_id)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._rows, say))
        self.exported.emit("copy_measurements")

    def _save(self) -> None:
        self.csv_asked.emit(as_csv(self._rows, say))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the table Enter jumps, Delete deletes, F2 names and arrows choose a row. See QObject."""
        if not isinstance(event, QKeyEvent) or event.key() not in _TABLE_KEYS or event.modifiers() & _HELD:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress or event.key() in _ROW_KEYS:
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Delete:
            self._delete()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):  # elsewhere in Qt they go along the row
            self.table.selectRow(0 if event.key() == Qt.Key.Key_Home else len(self._rows) - 1)
        else:
            self._jump()
        return True

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.title.setText(tr("Measurements"))
        self.table.setHorizontalHeaderLabels([tr("Name"), tr("Figures"), f"{tr('Series')} / {tr('Image')}"])
        self.table.setAccessibleName(tr("Measurements"))
        self.empty.setText(tr("Nothing is measured yet. Choose a tool with M, or from the tool bar."))
        for button, words, icon in (
            (self.copy, tr("Copy as text"), "copy"), (self.csv, tr("Save as a table (CSV)…"), "file-text"),
            (self.delete, tr("Delete the measurement"), "trash"), (self.fold, tr("Fold away"), "x"),
        ):  # fmt: skip
            theme.put_icon(button, icon)
            button.setToolTip(words)
            button.setAccessibleName(words)
        self._fill()
        self.set_fate(self._fate)

    def forget(self) -> None:
        """Nothing of the patient stays."""
        self._rows = ()
        self.table.setRowCount(0)
        self._reader.forget()


def save_table(parent: QWidget, opener: Opener, refuse: Callable[[WorkstationError], None], text: str) -> None:
    """Ask for a file and write a table there, off the main thread; UTF-8 with the mark that table programs look for."""
    name, _ = QFileDialog.getSaveFileName(
        parent, tr("Save as a table"), str(Path.home() / "measurements.csv"), "CSV (*.csv)"
    )
    if not name:
        return
    target = Path(name if name.lower().endswith(".csv") else f"{name}.csv")

    def work() -> bool:
        try:
            target.write_bytes(codecs.BOM_UTF8 + text.encode())
        except OSError:
            return False
        return True

    def told(is_written: bool) -> None:
        if is_written:
            opener.exported("save_measurements")
        else:
            refuse(StationError("cannot-write", reason=target.name))

    opener.run_aside(work, told)


def _later(timer: QTimer, _old: object, _new: object) -> None:
    timer.start()


def _items(row: Row) -> tuple[QTableWidgetItem, ...]:
    one = row.measurement
    name = QTableWidgetItem(theme.icon(f"measure-{one.kind}"), one.text or say(row.kind))
    name.setData(_ID, one.measurement_id)
    name.setData(_ID + 1, say(row.kind))
    short = (row.figures(say, is_whole=False), row.scale(say, is_whole=False))
    figures = QTableWidgetItem(" · ".join(part for part in short if part))
    told = [f"{named(q, say)}  {uncertainty(q)}".strip() for q in row.quantities]
    words = row.scale(say)
    figures.setToolTip(plain_tip("\n".join([*told, words] if words else told)))
    place = QTableWidgetItem(row.place)
    for item in (figures, place):
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
        item.setData(_ID, one.measurement_id)
    return name, figures, place
