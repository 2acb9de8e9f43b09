"""The sources of films: a list, the entries of the one that is chosen, and a test of the way to it, step by step."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.reference import Secret, Source
from workstation.ui import theme
from workstation.ui.labels import HintedLine
from workstation.ui.language import mark, tr
from workstation.ui.settings_checks import BusyButton, CheckList
from workstation.ui.settings_rows import Row, Rows

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workstation.settings import Settings

SIGN_INS: Final = (
    ("none", mark("None, or by the link")),
    ("bearer", mark("Token (Bearer)")),
    ("basic", mark("User name and password")),
    ("header", mark("Token in a header of its own")),
)
_LIST_WIDTH: Final = 220
_BETWEEN: Final = 16
_MORE: Final = 40  # px that the entries shall have beyond the least before the list stands beside them
_ROWS_ABOVE: Final = 3
_NARROWEST: Final = 220
_ANY: Final = (1 << 24) - 1  # Qt's QWIDGETSIZE_MAX


class SourcesForm(QWidget):
    """The sources.

    Signals
    -------
    changed : something was given another value
    test_asked : (source) the way to it shall be tried
    """

    changed = Signal()
    test_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources: list[Source] = []
        self._locked: frozenset[str] = frozenset()
        self.passwords: dict[str, Secret] = {}  # by the name of the secret; typed here, not kept yet
        self._is_filling = False
        self._build()
        self._lay_out()

    def _build(self) -> None:
        self.list = QListWidget(self)
        self.list.setObjectName("groups")
        self.list.setFixedWidth(round(_LIST_WIDTH * theme.text_scale() / 100))
        self.list.setAccessibleName(tr("Sources"))
        self.list.currentRowChanged.connect(self._on_chosen)
        self.add_button = QPushButton(tr("Add"), self)
        self.add_button.clicked.connect(self.add)
        self.remove_button = QPushButton(tr("Remove"), self)
        self.remove_button.clicked.connect(self._remove)
        self.name = self._line(tr("What people call it, e.g. the provincial image cloud"))
        self.root = self._line("https://cloud.example/dicom-web")
        self.hosts = self._line(tr("viewer.example, share.example"))
        self.issuer = self._line("")
        self.user = self._line("")
        self.header = self._line("X-Api-Key")
        self.password = self._line(tr("Empty: as it is"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.sign_in = QComboBox(self)
        for value, words in SIGN_INS:
            self.sign_in.addItem(tr(words), value)
        self.sign_in.activated.connect(self._on_edited)
        self.lock = QLabel(tr("Set by IT"), self)
        self.lock.setProperty("tone", "amber")
        self.empty = QLabel(tr("No source yet. Add the cloud or archive that your films come from."), self)
        self.empty.setWordWrap(True)
        self.empty.setProperty("tone", "secondary")
        self.test_button = BusyButton(tr("Test the way to this source"), self)
        self.test_button.asked.connect(self._on_test)
        self.steps = CheckList(self)

    def _line(self, hint: str) -> QLineEdit:
        line = HintedLine(self)
        line.setMinimumWidth(_NARROWEST)
        line.set_hints(hint, "")
        line.setToolTip(hint)
        line.textEdited.connect(self._on_edited)
        return line

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.add_button)
        self._buttons.addWidget(self.remove_button)
        left.addLayout(self._buttons)
        self.entries = Rows(self)
        self._rows: dict[QWidget, QLabel] = {}
        for words, widget in self._named():
            label = QLabel(words, self.entries)
            label.setBuddy(widget)
            widget.setAccessibleName(words)
            self.entries.add(Row(label, widget))
            self._rows[widget] = label
        for before, after in pairwise((*self._rows, self.test_button)):
            QWidget.setTabOrder(before, after)
        right = QVBoxLayout()
        right.addWidget(self.empty)
        right.addWidget(self.lock)
        right.addWidget(self.entries)
        right.addWidget(self.test_button, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.steps)
        right.addStretch(1)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(_BETWEEN)
        self._whole.addLayout(left)
        self._whole.addLayout(right, 1)

    def minimumSizeHint(self) -> QSize:
        """That of the list above the entries. See QWidget."""
        width = max(self._buttons.minimumSize().width(), self.entries.minimumSizeHint().width())
        return QSize(max(width, self.test_button.minimumSizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list stands beside the entries where there is room for both. See QWidget."""
        super().resizeEvent(event)
        beside = round(_LIST_WIDTH * theme.text_scale() / 100)
        is_narrow = self.width() < beside + _BETWEEN + self.entries.minimumSizeHint().width() + _MORE
        direction = QBoxLayout.Direction
        self.updateGeometry()
        self._whole.setDirection(direction.TopToBottom if is_narrow else direction.LeftToRight)
        if is_narrow:
            self.list.setMinimumWidth(0)
            self.list.setMaximumWidth(_ANY)
            self.list.setMaximumHeight(max(1, self.list.sizeHintForRow(0)) * _ROWS_ABOVE + 4)
        else:
            self.list.setFixedWidth(beside)
            self.list.setMaximumHeight(_ANY)

    def _named(self) -> tuple[tuple[str, QWidget], ...]:
        return (
            (tr("Source name"), self.name),
            (tr("DICOMweb address"), self.root),
            (tr("Hosts of its share links"), self.hosts),
            (tr("Issuer of its patient IDs"), self.issuer),
            (tr("Sign-in"), self.sign_in),
            (tr("Header"), self.header),
            (tr("User name"), self.user),
            (tr("Password or token"), self.password),
        )

    def show_settings(self, settings: Settings) -> None:
        """Show the sources that are set."""
        self._sources = list(settings.sources)
        self._locked = settings.locked
        self.passwords.clear()
        self._fill(0)

    def sources(self) -> tuple[Source, ...]:
        """The sources as they stand here."""
        return tuple(self._sources)

    def add(self) -> None:
        """A new source, empty."""
        self._sources.append(Source(name="", root=""))
        self._fill(len(self._sources) - 1)
        self.name.setFocus()
        self.changed.emit()

    def _remove(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._sources):
            del self._sources[row]
            self._fill(max(0, row - 1))
            self.changed.emit()

    def _fill(self, row: int) -> None:
        self._is_filling = True
        self.list.clear()
        for source in self._sources:
            self.list.addItem(QListWidgetItem(source.name or tr("(new)")))
        self._is_filling = False
        self.list.setCurrentRow(min(row, len(self._sources) - 1))
        self._on_chosen(self.list.currentRow())

    def _on_chosen(self, row: int) -> None:
        if self._is_filling:
            return
        there = 0 <= row < len(self._sources)
        self.entries.setVisible(there)
        self.test_button.setVisible(there)
        self.empty.setVisible(not there)
        self.steps.clear()
        if not there:
            self.lock.hide()
            self.remove_button.setEnabled(False)
            return
        source = self._sources[row]
        is_locked = f"source:{source.name}" in self._locked
        self.lock.setVisible(is_locked)
        self.entries.setEnabled(not is_locked)
        self.remove_button.setEnabled(not is_locked)
        self._show(source)

    def _show(self, source: Source) -> None:
        self._is_filling = True
        self.name.setText(source.name)
        self.root.setText(source.root)
        self.hosts.setText(", ".join(source.link_hosts))
        self.issuer.setText(source.issuer)
        self.user.setText(source.user)
        kind, _, header = source.sign_in.partition(":")
        self.sign_in.setCurrentIndex(self.sign_in.findData(kind if source.secret else "none"))
        self.header.setText(header)
        self.password.clear()
        self._is_filling = False
        self._show_sign_in()

    def _show_sign_in(self) -> None:
        kind = str(self.sign_in.currentData())
        for widget, kinds in (
            (self.header, ("header",)),
            (self.user, ("basic",)),
            (self.password, ("bearer", "basic", "header")),
        ):
            widget.setVisible(kind in kinds)
            self._rows[widget].setVisible(kind in kinds)

    def _on_edited(self) -> None:
        row = self.list.currentRow()
        if self._is_filling or not 0 <= row < len(self._sources):
            return
        self._show_sign_in()
        self._sources[row] = self._read(self._sources[row])
        item = self.list.item(row)
        if item is not None:
            item.setText(self._sources[row].name or tr("(new)"))
        self.steps.clear()
        self.changed.emit()

    def _read(self, before: Source) -> Source:
        kind = str(self.sign_in.currentData())
        name = self.name.text().strip()
        secret = "" if kind == "none" else before.secret or secret_name(name)
        if secret and self.password.text():
            self.passwords[secret] = Secret(self.password.text())
        hosts = self.hosts.text().replace("，", ",").split(",")
        return replace(
            before,
            name=name,
            root=self.root.text().strip().rstrip("/"),
            link_hosts=tuple(host.strip() for host in hosts if host.strip()),
            issuer=self.issuer.text().strip(),
            user=self.user.text().strip() if kind == "basic" else "",
            secret=secret,
            sign_in={"none": "bearer", "header": f"header:{self.header.text().strip()}"}.get(kind, kind),
        )

    def _on_test(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._sources):
            self.steps.clear()
            self.test_button.set_busy(True)
            self.test_asked.emit(self._sources[row])

    def end_test(self) -> None:
        """Every step has its verdict."""
        self.test_button.set_busy(False)


def secret_name(name: str) -> str:
    """What the secret of a source is called: its name, told apart from other secrets."""
    return f"source-{name}"
