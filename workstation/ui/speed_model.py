"""The two tables of speeds: every load, and what the loads of each source come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from workstation.station.speed_summary import SLOW_S, SourceSummary
from workstation.ui import theme
from workstation.ui.language import mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workstation.station.speed_log import SpeedRecord

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT: Final = QModelIndex()
_NONE: Final = "–"
Row = TypeVar("Row")
_WORDS: Final = {
    "files": mark("files of this machine"), "direct": mark("direct"), "proxy": mark("through the proxy"),
    "fetched": mark("fetched"), "kept": mark("kept"), "both": mark("kept and fetched"),
    "complete": mark("complete"), "incomplete": mark("incomplete"), "stopped": mark("stopped"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its head, what a row says there, and what it is sorted by where it is a number."""

    title: str
    words: Callable[[Row], str]
    number: Callable[[Row], float | None] | None = None
    is_slow: Callable[[Row], bool] = lambda _: False


def word(code: str) -> str:
    """A way, an origin or an outcome in the language in use."""
    return tr(_WORDS[code]) if code in _WORDS else code


def seconds(value: float | None) -> str:
    """Seconds in a cell."""
    return _NONE if value is None else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _rate(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1f}"


def _is_slow(first_s: float | None) -> bool:
    return first_s is not None and first_s > SLOW_S


LOADS: Final[tuple[Column[SpeedRecord], ...]] = (
    Column(mark("Date and time"), lambda one: one.at),
    Column(mark("Source"), lambda one: word(one.source)),
    Column(mark("Images"), lambda one: str(one.images), lambda one: one.images),
    Column(mark("Line, MB"), lambda one: f"{one.line_bytes / 1e6:.1f}", lambda one: one.line_bytes),
    Column(mark("First image, s"), lambda one: seconds(one.first_s), lambda one: one.first_s,
           lambda one: _is_slow(one.first_s)),
    Column(mark("Whole film, s"), lambda one: seconds(one.whole_s), lambda one: one.whole_s),
    Column("MB/s", lambda one: _rate(one.megabytes_per_second), lambda one: one.megabytes_per_second),
    Column(mark("Tried again"), lambda one: str(one.retries), lambda one: one.retries),
    Column(mark("Refused"), lambda one: str(one.refused), lambda one: one.refused, lambda one: one.refused > 0),
    Column(mark("Waits"), lambda one: str(one.waits), lambda one: one.waits),
    Column(mark("In store, s"), lambda one: f"{one.cold_s:.0f}", lambda one: one.cold_s),
    Column(mark("Way"), lambda one: _NONE if one.way in ("", "files") else word(one.way)),
    Column(mark("Images from"), lambda one: word(one.origin)),
    Column(mark("Outcome"), lambda one: word(one.outcome), is_slow=lambda one: one.outcome == "incomplete"),
    Column(mark("Kept, MB"), lambda one: f"{one.kept_bytes / 1e6:.1f}", lambda one: one.kept_bytes),
)  # fmt: skip
SOURCES: Final[tuple[Column[SourceSummary], ...]] = (
    Column(mark("Source"), lambda one: word(one.source)),
    Column(mark("Loads"), lambda one: str(one.loads), lambda one: one.loads),
    Column(mark("First image, s"), lambda one: seconds(one.first_s), lambda one: one.first_s,
           lambda one: _is_slow(one.first_s)),
    Column(mark("First image over 1 s"), lambda one: _NONE if one.slow_share is None else f"{one.slow_share:.0%}",
           lambda one: one.slow_share, lambda one: bool(one.slow_share)),
    Column(mark("Whole film, s"), lambda one: seconds(one.whole_s), lambda one: one.whole_s),
    Column("MB/s", lambda one: _rate(one.megabytes_per_second), lambda one: one.megabytes_per_second),
    Column(mark("Refused"), lambda one: str(one.refused), lambda one: one.refused, lambda one: one.refused > 0),
)  # fmt: skip


class SpeedModel(QAbstractTableModel, Generic[Row]):
    """Rows under columns; sorted by what is shown, or by its number."""

    def __init__(self, columns: tuple[Column[Row], ...]) -> None:
        super().__init__()
        self._columns = columns
        self._rows: list[Row] = []
        self._sorted = (0, Qt.SortOrder.DescendingOrder)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is listed, in its order."""
        return tuple(self._rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """List these."""
        self.beginResetModel()
        self._rows = list(rows)
        self._arrange()
        self.endResetModel()

    def text(self, numbers: Sequence[int]) -> str:
        """Rows as a text, with their heads; cells are parted by tabs."""
        lines = [[tr(column.title) for column in self._columns]]
        lines += [[column.words(self._rows[number]) for column in self._columns] for number in numbers]
        return "\n".join("\t".join(line) for line in lines)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(self._columns[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        row, column = self._rows[index.row()], self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.words(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role == Qt.ItemDataRole.ForegroundRole and column.is_slow(row):
            return QColor(theme.AMBER)
        return None

    def _alignment(self, section: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignLeft if self._columns[section].number is None else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """See QAbstractItemModel; what has no number stands last."""
        self.layoutAboutToBeChanged.emit()
        self._sorted = (column, order)
        self._arrange()
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        number, order = self._sorted
        column = self._columns[number]
        is_down = order == Qt.SortOrder.DescendingOrder
        measure = column.number
        if measure is None:
            self._rows.sort(key=column.words, reverse=is_down)
            return
        with_number = [(value, row) for row in self._rows if (value := measure(row)) is not None]
        without = [row for row in self._rows if measure(row) is None]
        self._rows = [*(row for _, row in sorted(with_number, key=lambda pair: pair[0], reverse=is_down)), *without]
