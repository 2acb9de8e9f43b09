"""The fields of the settings page: each bound to one entry of the settings, locked where IT has set it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from workstation.ui import theme
from workstation.ui.language import tr
from workstation.ui.settings_rows import Row, Rows
from workstation.ui.wrapping import WrappingCheck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.settings import Settings

_NARROW: Final = 220
_BESIDE_THE_WORDS: Final = 48  # px: padding, border and arrow, which are in no size hint
FIELD_WIDTH: Final = 420


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the settings, as a person meets it.

    Attributes
    ----------
    key : str
        ``section.name``
    kind : str
        text, words (a list, by commas), file, number, choice, check
    choices : tuple
        (value, words) of a choice.
    bounds : tuple
        Least and largest number.
    """

    key: str
    label: str
    hint: str = ""
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    bounds: tuple[int, int] = (0, 0)
    unit: str = ""


class Field(QWidget):
    """The widget of one entry.

    Signals
    -------
    changed : the user gave another value
    """

    changed = Signal()

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._widget = self._make()
        row.addWidget(self._widget, 100 if isinstance(self._widget, (QLineEdit, QCheckBox)) else 0)
        if entry.kind == "file":
            self._browse = QPushButton(tr("Choose…"), self)
            self._browse.clicked.connect(self._choose)
            row.addWidget(self._browse)
        row.addStretch(1)
        self._widget.setAccessibleName(tr(entry.label))

    def _make(self) -> QWidget:
        return {"number": self._number, "choice": self._choice, "check": self._check}.get(self.entry.kind, self._line)()

    def _line(self) -> QLineEdit:
        line = QLineEdit(self)
        line.setMinimumWidth(_NARROW)
        line.setMaximumWidth(round(FIELD_WIDTH * theme.text_scale() / 100))
        line.textEdited.connect(self.changed)
        return line

    def _number(self) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(*self.entry.bounds)
        box.setMinimumWidth(_NARROW)
        box.setSuffix(f" {self.entry.unit}" if self.entry.unit else "")
        box.valueChanged.connect(self.changed)
        return box

    def _choice(self) -> QComboBox:
        box = QComboBox(self)
        for value, words in self.entry.choices:
            box.addItem(tr(words), value)
        metrics = QFontMetrics(theme.font(scale=theme.text_scale()))
        widest = max(metrics.horizontalAdvance(tr(words)) for _, words in self.entry.choices)
        box.setMinimumWidth(max(_NARROW, widest + _BESIDE_THE_WORDS))
        box.activated.connect(self.changed)
        return box

    def _check(self) -> QCheckBox:
        box = WrappingCheck(tr(self.entry.label), self)
        box.toggled.connect(self.changed)
        return box

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr(self.entry.label))
        if name and isinstance(self._widget, QLineEdit):
            self._widget.setText(name)
            self.changed.emit()

    @property
    def value(self) -> Any:
        """What stands in it, in the type of the entry."""
        widget = self._widget
        if isinstance(widget, QSpinBox):
            return widget.value()
        if isinstance(widget, QComboBox):
            return str(widget.currentData())
        if isinstance(widget, QCheckBox):
            return widget.isChecked()
        text = widget.text().strip() if isinstance(widget, QLineEdit) else ""
        if self.entry.kind == "words":
            return tuple(word.strip() for word in text.replace("，", ",").split(",") if word.strip())
        return text

    @value.setter
    def value(self, value: Any) -> None:
        widget = self._widget
        widget.blockSignals(True)
        if isinstance(widget, QSpinBox):
            widget.setValue(int(value))
        elif isinstance(widget, QComboBox):
            widget.setCurrentIndex(max(0, widget.findData(value)))
        elif isinstance(widget, QCheckBox):
            widget.setChecked(bool(value))
        elif isinstance(widget, QLineEdit):
            widget.setText(", ".join(value) if isinstance(value, tuple) else str(value))
            widget.setCursorPosition(0)
        widget.blockSignals(False)


class Form(Rows):
    """The fields of one group of the settings, one below the other.

    Signals
    -------
    changed : the user gave another value
    """

    changed = Signal()

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=4, gap=8)
        self.fields = {entry.key: Field(entry, self) for entry in entries}
        self._locks: dict[str, QLabel] = {}
        for entry in entries:
            self._add_entry(entry)

    def _add_entry(self, entry: Entry) -> None:
        field = self.fields[entry.key]
        field.changed.connect(self.changed)
        label = hint = None
        if entry.kind != "check":
            label = QLabel(tr(entry.label), self)
            label.setBuddy(field)
        lock = self._small(tr("Set by IT"), "amber")
        self._locks[entry.key] = lock
        lock.hide()
        if entry.hint:
            hint = self._small(tr(entry.hint), "secondary")
            hint.setWordWrap(True)
        self.add(Row(label, field, lock, hint))

    def _small(self, words: str, tone: str) -> QLabel:
        label = QLabel(words, self)
        label.setProperty("tone", tone)
        return label

    def show_settings(self, settings: Settings) -> None:
        """Show what is set, and lock what IT has set."""
        for key, field in self.fields.items():
            section, name = key.split(".")
            field.value = getattr(getattr(settings, section), name)
            is_locked = key in settings.locked
            field.setEnabled(not is_locked)
            self._locks[key].setVisible(is_locked)

    def into(self, settings: Settings) -> Settings:
        """The settings with what stands in the fields."""
        for key, field in self.fields.items():
            section, name = key.split(".")
            if key not in settings.locked:
                settings = replace(settings, **{section: replace(getattr(settings, section), **{name: field.value})})
        return settings
