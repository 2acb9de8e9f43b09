"""`FilterBar`: what is looked for: one field, a period, modalities, a source. It gives a `StudyQuery`."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workstation.dicom.study_search import RADIOGRAPHS, StudyQuery
from workstation.station.worklist_habits import DEFAULT_PERIOD, PERIODS, REMEMBERED_PERIODS
from workstation.ui import theme
from workstation.ui.day_field import DayField
from workstation.ui.labels import HintedLine
from workstation.ui.language import mark, tr
from workstation.ui.wrapping import WrappingRow

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS: Final = (
    ("any", mark("Name or number")),
    ("name", mark("Name")),
    ("patient_id", mark("Patient ID")),
    ("accession_number", mark("Accession number")),
)
_PERIOD_WORDS: Final = {
    "today": mark("Today"),
    "yesterday": mark("Yesterday"),
    "3": mark("Last 3 days"),
    "7": mark("Last 7 days"),
    "30": mark("Last 30 days"),
    "365": mark("Last year"),
    "range": mark("From … to …"),
    "any": mark("Any date"),
}
_CHIPS: Final = (("CT", ("CT",)), ("MR", ("MR",)), (mark("X-ray"), RADIOGRAPHS), (mark("Ultrasound"), ("US",)))
_BESIDE_THE_WORDS: Final = 48  # px: padding, border and arrow
_WIDEST: Final = 28  # characters
_WIDER: Final = {"today": "7", "yesterday": "7", "3": "7", "7": "30", "30": "365", "365": "any", "range": "any"}
_TONED_NAME: Final = re.compile(r"(?:[a-zü]{1,6}[1-5][\s'-]*){2,}", re.IGNORECASE)


def words_of(typed: str, kind: str) -> dict[str, str]:
    """What a typed text looks for: a name where it has no digit, else a number; or what the user says it is."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return {}
    if kind != "any":
        return {kind: text}
    has_han = any("\u3400" <= char <= "\u9fff" or char >= "\U00020000" for char in text)
    is_name = has_han or not any(char.isdigit() for char in text) or _TONED_NAME.fullmatch(text)
    return {"name" if is_name else "number": text}


def days_of(period: str, today: date) -> tuple[str, str]:
    """The first and last day of a period, YYYYMMDD; empty: open."""
    if period == "any":
        return "", ""
    if period == "yesterday":
        day = f"{today - timedelta(days=1):%Y%m%d}"
        return day, day
    days = {"today": 1}.get(period) or int(period)
    return f"{today - timedelta(days=days - 1):%Y%m%d}", f"{today:%Y%m%d}"


class FilterBar(QWidget):
    """The filters.

    Signals
    -------
    asked : the user wants it looked for
    cancelled : the user calls the search off
    touched : something was typed or chosen
    """

    asked = Signal()
    cancelled = Signal()
    touched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources: tuple[str, ...] = ()
        self._build()
        self._lay_out()
        self.set_period(DEFAULT_PERIOD)
        self.set_busy(False)

    def _build(self) -> None:
        self.field = HintedLine(self)  # takes input methods: names are Chinese
        self.field.setClearButtonEnabled(True)
        self.field.setMaxLength(64)
        self.field.returnPressed.connect(self.asked)
        self.field.textEdited.connect(lambda _: self.touched.emit())
        self.kind = QComboBox(self)
        self.period = QComboBox(self)
        self.source = QComboBox(self)
        for combo in (self.kind, self.period, self.source):
            combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for name, _ in KINDS:
            self.kind.addItem("", name)
        for period in PERIODS:
            self.period.addItem("", period)
        self.period.currentIndexChanged.connect(lambda _: self._on_period())
        self.first_day, self.last_day = DayField(self), DayField(self)
        for day in (self.first_day, self.last_day):
            day.changed.connect(self.touched)
            day.returnPressed.connect(self.asked)
        self.dash = QLabel("–", self)
        self.chips = [self._chip(words, values) for words, values in _CHIPS]
        self.search_button = QPushButton(self)
        self.search_button.clicked.connect(self.asked)
        self.cancel_button = QPushButton(self)
        self.cancel_button.clicked.connect(self.cancelled)
        for combo in (self.kind, self.period, self.source):
            combo.activated.connect(lambda _: self.touched.emit())

    def _chip(self, words: str, values: tuple[str, ...]) -> QToolButton:
        made = QToolButton(self)
        made.setCheckable(True)
        made.setProperty("chip", True)
        made.setProperty("words", words)
        made.setProperty("values", list(values))
        made.setMinimumHeight(32)
        made.toggled.connect(lambda _: self.touched.emit())
        return made

    def _lay_out(self) -> None:
        upper = WrappingRow()
        upper.addWidget(self.field)
        upper.addWidget(self.kind)
        upper.addWidget(self.search_button)
        upper.addWidget(self.cancel_button)
        lower = WrappingRow()
        for widget in (self.period, self.first_day, self.dash, self.last_day, *self.chips):
            lower.addWidget(widget)
        lower.add_gap()
        lower.addWidget(self.source)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(upper)
        column.addLayout(lower)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        hint = tr("Name, pinyin or initials; patient ID; accession number")
        self.field.set_hints(hint, tr("Name or number"))
        self.field.setAccessibleName(tr("Search for a patient or a number"))
        self.kind.setAccessibleName(tr("What is typed"))
        self.period.setAccessibleName(tr("Period"))
        self.source.setAccessibleName(tr("Source"))
        self.first_day.setAccessibleName(tr("First day"))
        self.last_day.setAccessibleName(tr("Last day"))
        for place, (_, words) in enumerate(KINDS):
            self.kind.setItemText(place, tr(words))
        for place, period in enumerate(PERIODS):
            self.period.setItemText(place, tr(_PERIOD_WORDS[period]))
        for chip in self.chips:
            words = str(chip.property("words"))
            chip.setText(tr(words))
            chip.setAccessibleName(tr(words))
        self.search_button.setText(tr("Search"))
        self.cancel_button.setText(tr("Cancel"))
        self._fill_sources()
        self._fit()

    def _fit(self) -> None:
        """Boxes and days as wide as what they may say; the style sheet's padding is in no size hint."""
        metrics = QFontMetrics(theme.font(scale=theme.text_scale()))
        for combo in (self.kind, self.period, self.source):
            words = [combo.itemText(place) for place in range(combo.count())]
            widest = max((metrics.horizontalAdvance(text) for text in words), default=0)
            combo.setFixedWidth(min(widest, _WIDEST * metrics.averageCharWidth()) + _BESIDE_THE_WORDS)
        for day in (self.first_day, self.last_day):
            day.setFixedWidth(metrics.horizontalAdvance("2000-00-00") + _BESIDE_THE_WORDS // 2)

    # What is chosen ---------------------------------------------------------------

    def query(self, today: date | None = None) -> StudyQuery:
        """What is looked for now."""
        first, last = self._days(today or date.today())
        source = self.source.currentData()
        return StudyQuery(
            **words_of(self.field.text(), self.kind.currentData()),
            from_date=first,
            to_date=last,
            modalities=self.modalities(),
            sources=(source,) if source else (),
        )

    def _days(self, today: date) -> tuple[str, str]:
        if self.chosen_period != "range":
            return days_of(self.chosen_period, today)
        first, last = sorted(field.day for field in (self.first_day, self.last_day))
        return f"{first:%Y%m%d}", f"{last:%Y%m%d}"

    @property
    def chosen_period(self) -> str:
        """One of `PERIODS`."""
        return str(self.period.currentData())

    def modalities(self) -> tuple[str, ...]:
        """The modalities of the chips that are pressed."""
        return tuple(value for chip in self.chips if chip.isChecked() for value in chip.property("values"))

    def wider_period(self) -> str:
        """The next wider period; empty where there is none that may be asked for."""
        wider = _WIDER.get(self.chosen_period, "")
        return "" if wider == "any" and not self.field.text().strip() else wider

    def set_period(self, period: str) -> None:
        """Choose a period."""
        self.period.setCurrentIndex(PERIODS.index(period))
        self._on_period()

    def set_range(self, first: date, last: date) -> None:
        """Choose a period of one's own."""
        self.first_day.set_day(first)
        self.last_day.set_day(last)
        self.set_period("range")

    def set_modalities(self, modalities: Sequence[str]) -> None:
        """Press the chips of some modalities."""
        for chip in self.chips:
            chip.setChecked(set(chip.property("values")) <= set(modalities))

    def set_sources(self, names: tuple[str, ...]) -> None:
        """The sources that can be searched."""
        self._sources = names
        self._fill_sources()
        self._fit()

    def set_source(self, name: str) -> None:
        """Choose one source; another name: all."""
        self.source.setCurrentIndex(max(0, self.source.findData(name)) if name else 0)

    def _fill_sources(self) -> None:
        chosen = self.source.currentData()
        self.source.clear()
        self.source.addItem(tr("All sources"), "")
        for name in self._sources:
            self.source.addItem(name, name)
        self.set_source(chosen or "")
        self.source.setVisible(len(self._sources) > 1)

    def set_patient(self, patient_id: str, source: str) -> None:
        """Look for everything of one patient at one source."""
        self.field.setText(patient_id)
        self.kind.setCurrentIndex([name for name, _ in KINDS].index("patient_id"))
        self.set_period("any")
        self.set_modalities(())
        self.set_source(source)

    def forget(self) -> None:
        """What was typed goes, and a period that was opened for one patient with it."""
        self.field.clear()
        self.kind.setCurrentIndex(0)
        if self.chosen_period not in (*REMEMBERED_PERIODS, "range"):
            self.set_period(DEFAULT_PERIOD)

    def set_busy(self, is_busy: bool) -> None:
        """Whether a search is under way."""
        self.search_button.setVisible(not is_busy)
        self.cancel_button.setVisible(is_busy)

    def set_usable(self, is_usable: bool) -> None:
        """Whether there is anything to search."""
        for widget in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            widget.setEnabled(is_usable)

    def _on_period(self) -> None:
        for widget in (self.first_day, self.dash, self.last_day):
            widget.setVisible(self.chosen_period == "range")
