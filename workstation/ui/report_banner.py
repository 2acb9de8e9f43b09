"""Who a report is of, when it was written and how far it can be trusted: from the header of the object shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workstation.ui import theme
from workstation.ui.language import mark, say, tr
from workstation.viewing.documents import Belonging
from workstation.viewing.words import NOT_GIVEN, age_word, iso_date, sex_word

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from workstation.dicom.reports import Report
    from workstation.dicom.study import Instance

_COMPLETION: Final = {"COMPLETE": mark("Complete"), "PARTIAL": mark("PARTIAL")}
_VERIFICATION: Final = {"VERIFIED": mark("Verified"), "UNVERIFIED": mark("UNVERIFIED")}
_BELONGING: Final = {
    Belonging.ANOTHER: ("red", mark("This report is of ANOTHER PATIENT.")),
    Belonging.TEXT_NAMES_ANOTHER: ("red", mark("The text of this report names another person: {name}.")),
    Belonging.NAME_DIFFERS: ("amber", mark("The name differs from the film's: check that it is the same patient.")),
    Belonging.UNNAMED: ("amber", mark("This file names no patient: check that it belongs to this one.")),
}


class ReportBanner(QFrame):
    """Four lines: who, identifiers and dates, state, and what is wrong; nothing of it comes from a selection."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._colour = theme.ACCENT
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 12, 8)
        column.setSpacing(2)
        self.name = self._label(column, bold=True, rank="large")
        self.person = self._label(column)
        self.dates = self._label(column, tone="secondary")
        self.state = self._label(column, bold=True)
        self.warning = self._label(column, tone="red", bold=True)

    def _label(self, column: QVBoxLayout, *, tone: str = "", bold: bool = False, rank: str = "base") -> QLabel:
        made = QLabel(self)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setWordWrap(True)
        made.setMinimumWidth(80)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        made.setProperty("tone", tone)
        made.setProperty("weight", "bold" if bold else "normal")
        made.setProperty("rank", rank)
        column.addWidget(made)
        return made

    def forget(self) -> None:
        """Keep nothing of whoever was shown."""
        for label in (self.name, self.person, self.dates, self.state, self.warning):
            label.clear()
        self.hide()

    def show_report(self, report: Report, whose: Belonging, *, chinese: bool, earlier: bool, confirmed: bool) -> None:
        """Say whose a report is and how far it goes."""
        self._who(report.instance, chinese=chinese)
        dates = [] if report.instance is None else [tr("Study {date}", date=_day(report.instance.study.date))]
        dates.append(
            tr("Report {date}", date=" ".join(part for part in (report.date, report.time[:5]) if part) or NOT_GIVEN)
        )
        if earlier:
            dates.insert(0, tr("Earlier study"))
        _put(self.dates, " · ".join(dates), "secondary")
        words, tone = state_words(report)
        _put(self.state, words, tone)
        tone, warning = _BELONGING.get(whose, ("amber", "" if confirmed else mark("Not confirmed")))
        _put(self.warning, tr(warning, name=report.named_patient) if warning else "", tone)
        is_wrong = whose in (Belonging.ANOTHER, Belonging.TEXT_NAMES_ANOTHER)
        self._colour = theme.RED if is_wrong else theme.PRIOR if earlier else theme.ACCENT
        self.setAccessibleName(self.words)
        self.show()
        self.update()

    def _who(self, instance: Instance | None, *, chinese: bool) -> None:
        if instance is None:
            _put(self.name, tr("(no name)"), "")
            _put(self.person, f"ID {NOT_GIVEN}", "")
            return
        patient = instance.patient
        name, other = patient.name.shown(chinese) or tr("(no name)"), patient.name.shown(not chinese)
        _put(self.name, f"{name}  {other}" if other and other != name else name, "")
        words = (sex_word(patient.sex, say), age_word(instance.study.age, say), iso_date(patient.birth_date),
                 f"ID {patient.patient_id or NOT_GIVEN}")  # fmt: skip
        _put(self.person, " · ".join(word for word in words if word), "")

    @property
    def words(self) -> str:
        """Everything it says, for screen readers and printed pages."""
        labels = (self.warning, self.name, self.person, self.dates, self.state)
        return " · ".join(label.text() for label in labels if label.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A colour at the left edge, a line below. See QWidget."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, 4, self.height(), QColor(self._colour))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.LINE))
        painter.end()


def state_words(report: Report) -> tuple[str, str]:
    """How complete and by whom verified, in words, and the tone it is said in."""
    said = [tr("PRELIMINARY")] if report.is_preliminary else []
    for table, value in ((_COMPLETION, report.completion), (_VERIFICATION, report.verification)):
        if value:
            said.append(tr(table[value]) if value in table else value)
    said += [
        ", ".join(part for part in (one.name, one.organization, one.moment[:16]) if part) for one in report.verifiers
    ]
    is_final = report.completion in ("", "COMPLETE") and report.verification == "VERIFIED"
    is_final = is_final and not report.is_preliminary
    return " · ".join(said), "green" if is_final else "amber"


def _day(date: str) -> str:
    return iso_date(date) or NOT_GIVEN


def _put(label: QLabel, text: str, tone: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        label.style().unpolish(label)
        label.style().polish(label)
