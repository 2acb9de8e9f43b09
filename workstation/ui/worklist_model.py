"""`StudyTable`: the studies that were found, as a table that makes its cells only when they are shown."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workstation.dicom.study_search import MOST_ROWS
from workstation.ui.labels import plain_tip
from workstation.ui.language import mark, say, tr
from workstation.viewing.words import age_word, iso_date, sex_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPixmap

    from workstation.dicom.study_search import FoundStudy

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT: Final = QModelIndex()
_MOST_PICTURES: Final = 400  # of 96 x 96 pixels: some 15 MB

# Name of a column (remembered), its heading, its width at text scale 100
COLUMNS: Final[tuple[tuple[str, str, int], ...]] = (
    ("picture", "", 84),
    ("name", mark("Patient"), 170),
    ("person", mark("Sex, age"), 112),
    ("id", mark("Patient ID"), 130),
    ("date", mark("Date"), 116),
    ("modality", mark("Modality"), 96),
    ("description", mark("Examination"), 260),
    ("images", mark("Images"), 88),
    ("source", mark("Source"), 120),
)
NAMES: Final = tuple(name for name, _, _ in COLUMNS)
PICTURE, NAME, DESCRIPTION = NAMES.index("picture"), NAMES.index("name"), NAMES.index("description")
STUDY_ROLE: Final = Qt.ItemDataRole.UserRole + 1
SECOND_ROLE: Final = Qt.ItemDataRole.UserRole + 2  # the quieter second line of a cell
Key = tuple[str, str]


class StudyTable(QAbstractTableModel):
    """Found studies in the order of one column. `MOST_ROWS` at most; what came beyond is counted as left out."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[FoundStudy] = []
        self._known: set[Key] = set()
        self._pictures: OrderedDict[Key, QPixmap] = OrderedDict()
        self._pictureless: set[Key] = set()
        self.sort_name, self.is_descending = "date", True
        self.is_full = False

    # QAbstractTableModel ---------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(COLUMNS[section][1]) if COLUMNS[section][1] else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        found = self._rows[index.row()]
        name = NAMES[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell(found, name)
        if role == STUDY_ROLE:
            return found
        if role == SECOND_ROLE:
            return second_line(found, name)
        if role == Qt.ItemDataRole.DecorationRole and name == "picture":
            return self._pictures.get(found.key)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("  ".join(part for part in (cell(found, name), second_line(found, name)) if part))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row_words(found) if name in ("picture", "name") else cell(found, name)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """See QAbstractItemModel."""
        self.sort_name, self.is_descending = NAMES[column], order == Qt.SortOrder.DescendingOrder
        self._arrange(self._rows)

    # Rows ---------------------------------------------------------------

    @property
    def rows(self) -> tuple[FoundStudy, ...]:
        """Everything that is listed, in its order."""
        return tuple(self._rows)

    def study(self, row: int) -> FoundStudy:
        """What is listed in a row."""
        return self._rows[row]

    def add(self, found: Iterable[FoundStudy]) -> None:
        """Take in what came; what was chosen stays chosen."""
        new = [one for one in found if one.key not in self._known]
        room = MOST_ROWS - len(self._rows)
        self.is_full = self.is_full or len(new) > room
        new = new[:room]
        if not new:
            return
        self._known |= {one.key for one in new}
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        self._rows += new
        self.endInsertRows()
        self._arrange(self._rows)

    def forget(self) -> None:
        """Nothing of any patient stays."""
        self.beginResetModel()
        self._rows, self._known = [], set()
        self._pictures.clear()
        self._pictureless.clear()
        self.is_full = False
        self.endResetModel()

    def _arrange(self, rows: list[FoundStudy]) -> None:
        name = self.sort_name
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        keys = [self._rows[index.row()].key for index in held]
        # the newest first among equals, whatever the column
        newest = sorted(rows, key=lambda found: (found.study.date, found.study.time), reverse=True)
        self._rows = sorted(newest, key=lambda found: sort_value(found, name), reverse=self.is_descending)
        places = {found.key: row for row, found in enumerate(self._rows)}
        now = [self.index(places[key], index.column()) for key, index in zip(keys, held, strict=True)]
        self.changePersistentIndexList(held, now)
        self.layoutChanged.emit()

    # Pictures ---------------------------------------------------------------

    def lacks_picture(self, row: int) -> bool:
        """Whether a picture of this row may still be had."""
        key = self._rows[row].key
        if key in self._pictures:
            self._pictures.move_to_end(key)
        return key not in self._pictures and key not in self._pictureless

    def show_picture(self, key: Key, picture: QPixmap | None) -> None:
        """A picture came; None: there is none to be had."""
        row = next((row for row, found in enumerate(self._rows) if found.key == key), None)
        if row is None:
            return
        if picture is None:
            self._pictureless.add(key)
            return
        self._pictures[key] = picture
        while len(self._pictures) > _MOST_PICTURES:
            self._pictures.popitem(last=False)
        place = self.index(row, PICTURE)
        self.dataChanged.emit(place, place, [Qt.ItemDataRole.DecorationRole])

    @property
    def pictures(self) -> int:
        """How many pictures are held."""
        return len(self._pictures)


def cell(found: FoundStudy, name: str) -> str:
    """The words of one cell."""
    patient, study = found.patient, found.study
    made = {
        "name": lambda: patient.name.shown(chinese=True) or tr("(no name)"),
        "person": lambda: " ".join(w for w in (sex_word(patient.sex, say), age_word(study_age(found), say)) if w),
        "id": lambda: patient.patient_id,
        "date": lambda: iso_date(study.date),
        "modality": lambda: " ".join(found.modalities),
        "description": lambda: study.description,
        "images": lambda: "" if found.instances is None else f"{found.instances:,}",
        "source": lambda: found.source,
    }.get(name)
    return made() if made is not None else ""


def second_line(found: FoundStudy, name: str) -> str:
    """What stands below it, quieter: the name in letters, the accession number."""
    if name == "name":
        other = found.patient.name.shown(chinese=False)
        return other if other != cell(found, name) else ""
    time = found.study.time
    if name == "date":
        return f"{time[:2]}:{time[2:4]}" if len(time) >= 4 else ""
    return found.study.accession_number if name == "description" else ""


def row_words(found: FoundStudy) -> str:
    """A whole row, for a screen reader."""
    return ", ".join(words for name in NAMES if (words := cell(found, name)))


def study_age(found: FoundStudy) -> str:
    """Patient's Age at the study, as given or reckoned from both dates (PS3.5 6.2, AS)."""
    given, born, at = found.study.age, found.patient.birth_date, found.study.date
    if given or not born or not at or at < born:
        return given
    years = int(at[:4]) - int(born[:4]) - (at[4:] < born[4:])
    return f"{years:03d}Y"


def sort_value(found: FoundStudy, name: str) -> Any:
    """By what a column is sorted."""
    study = found.study
    if name == "name":
        return found.name_key
    if name == "date":
        return study.date, study.time
    if name == "images":
        return found.instances if found.instances is not None else -1
    if name == "person":
        return found.patient.sex, study_age(found)
    return cell(found, name).casefold()
