"""How fast the sources are, in a window of its own: what the loads of each come to, and the last loads one by one."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from workstation.station.speed_log import SpeedRecord, as_csv
from workstation.station.speed_summary import SourceSummary, summaries
from workstation.ui.language import tr
from workstation.ui.speed_model import LOADS, SOURCES, SpeedModel
from workstation.ui.wrapping import WrappingRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MOST_SOURCE_ROWS: Final = 6  # seen at once
_ARROW_PX: Final = 12


class Speeds(Protocol):
    """Who knows how fast films came."""

    def read_speeds(self, told: Callable[[Sequence[SpeedRecord]], None]) -> None:
        """Read the last loads off the main thread, and hand them over."""
        ...

    @property
    def keeps_speeds(self) -> bool:
        """Whether they are written down on this machine."""
        ...

    def run_aside(self, work: Callable[[], bool], told: Callable[[bool], None]) -> None:
        """Run slow work off the main thread."""
        ...

    def exported(self, what: str) -> None:
        """Something left the program: recorded."""
        ...

    def allows(self, act: str) -> bool:
        """Whether IT allows an act here."""
        ...


class SpeedWindow(QWidget):
    """The window of speeds.

    Parameters
    ----------
    speeds : Speeds
        Knows them.
    """

    def __init__(self, speeds: Speeds, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("desk")
        self.resize(1280, 720)
        self._speeds = speeds
        self._by_source: SpeedModel[SourceSummary] = SpeedModel(SOURCES)
        self._loads: SpeedModel[SpeedRecord] = SpeedModel(LOADS)
        self.by_source, self.loads = self._table(self._by_source, 1), self._table(self._loads, 0)
        self.source_title, self.load_title = self._label("", "group"), self._label("", "group")
        self.note, self.empty = self._label("secondary"), self._label("secondary")
        self.said = self._label("secondary")
        self.copy, self.save, self.done = (QPushButton(self) for _ in range(3))
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.done.clicked.connect(self.close)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self, self._copy)
        self._lay_out()
        self.retranslate()

    def _label(self, tone: str, rank: str = "") -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setProperty("tone", tone)
        if rank:
            label.setProperty("rank", rank)
        return label

    def _table(self, model: SpeedModel[SourceSummary] | SpeedModel[SpeedRecord], sorted_by: int) -> QTableView:
        table = QTableView(self)
        table.setModel(model)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)  # Tab goes on to what comes next
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicator(sorted_by, Qt.SortOrder.DescendingOrder)
        table.setSortingEnabled(True)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 10)
        return table

    def _lay_out(self) -> None:
        buttons = WrappingRow()
        for button in (self.copy, self.save, self.done):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.source_title)
        column.addWidget(self.by_source)
        column.addWidget(self.note)
        column.addWidget(self.load_title)
        column.addWidget(self.empty)
        column.addWidget(self.loads, 1)
        column.addStretch(0)
        column.addWidget(self.said)
        column.addLayout(buttons)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.setWindowTitle(tr("Speed of the sources"))
        self.source_title.setText(tr("Medians by source"))
        self.load_title.setText(tr("The last loads"))
        self.note.setText(tr("Films that had been kept are not counted here. Amber: the first image took over 1 s."))
        kept = tr("Nothing has been loaded yet. Every film that is opened adds a row; no patient is in it.")
        silent = tr("Nothing has been loaded since the program started; IT has switched the lasting table off.")
        self.empty.setText(kept if self._speeds.keeps_speeds else silent)
        self.copy.setText(tr("Copy"))
        self.save.setText(tr("Save as CSV…"))
        self.done.setText(tr("Close"))
        self.by_source.setAccessibleName(self.source_title.text())
        self.loads.setAccessibleName(self.load_title.text())
        for model in (self._by_source, self._loads):
            model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, model.columnCount() - 1)
        self._fit()

    def open(self) -> None:
        """Show the window with what is known by now."""
        self.reload()
        self.show()
        self.raise_()
        self.activateWindow()
        self.loads.setFocus()

    def reload(self) -> None:
        """Read anew."""
        self._speeds.read_speeds(self._show)

    def _show(self, records: Sequence[SpeedRecord]) -> None:
        self._loads.show_rows(records)
        self._by_source.show_rows(summaries(records))
        is_empty = not records
        self.empty.setVisible(is_empty)
        for part in (self.loads, self.by_source, self.note, self.source_title, self.load_title):
            part.setVisible(not is_empty)
        may = not is_empty and self._speeds.allows("export")
        self.copy.setEnabled(may)
        self.save.setEnabled(may)
        if not is_empty and not self.loads.currentIndex().isValid():
            self.loads.setCurrentIndex(self._loads.index(0, 0, QModelIndex()))
        self._fit()

    def _fit(self) -> None:
        for table in (self.by_source, self.loads):
            table.resizeColumnsToContents()
            header = table.horizontalHeader()
            for place in range(header.count()):
                header.resizeSection(place, header.sectionSize(place) + _ARROW_PX)  # of what is sorted by
        rows = max(1, min(_MOST_SOURCE_ROWS, self._by_source.rowCount()))
        head = self.by_source.horizontalHeader().sizeHint().height()
        row = self.by_source.verticalHeader().defaultSectionSize()
        self.by_source.setFixedHeight(head + rows * row + 4)

    def changeEvent(self, event: QEvent) -> None:
        """See QWidget: another copy of the program may have added rows meanwhile."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.reload()

    # What leaves the program ---------------------------------------------------------------

    def _copy(self) -> None:
        """What is chosen, else everything, as a text that table programs take."""
        if not self.copy.isEnabled():
            return
        is_source = self.by_source.hasFocus()
        model = self._by_source if is_source else self._loads
        table = self.by_source if is_source else self.loads
        chosen = sorted(index.row() for index in table.selectionModel().selectedRows())
        numbers = chosen if len(chosen) > 1 else range(model.rowCount())
        QGuiApplication.clipboard().setText(model.text(numbers))
        self._speeds.exported("copy_speeds")
        self.said.setText(tr("{count} rows are on the clipboard.", count=len(numbers)))

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Save as a table"), str(Path.home() / "speed.csv"), "CSV (*.csv)"
        )
        if name:
            self.save_to(Path(name if name.lower().endswith(".csv") else f"{name}.csv"))

    def save_to(self, target: Path) -> None:
        """Write what is listed, off the main thread; UTF-8 with the mark that table programs look for."""
        text = as_csv(sorted(self._loads.rows, key=lambda one: one.at))

        def work() -> bool:
            try:
                target.write_bytes(codecs.BOM_UTF8 + text.encode())
            except OSError:
                return False
            return True

        def told(is_written: bool) -> None:
            if is_written:
                self._speeds.exported("save_speeds")
            words = tr("Saved: {file}", file=target.name) if is_written else tr("Not saved: {file}", file=target.name)
            self.said.setText(words)

        self._speeds.run_aside(work, told)
