"""The rows above a report: which one, close; search, size, print; what is being printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workstation.ui import theme
from workstation.ui.labels import ElidedChooser
from workstation.ui.language import mark, tr
from workstation.ui.report_search import MOST_ICON, SearchBar
from workstation.ui.wrapping import WrappingRow

if TYPE_CHECKING:
    from collections.abc import Sequence

_BUTTONS: Final = {  # id: icon, text, whether it is for pages alone
    "smaller": ("zoom-out", mark("Smaller"), False),
    "larger": ("zoom-in", mark("Larger"), False),
    "width": ("arrow-autofit-width", mark("Fit the width"), True),
    "page": ("arrow-autofit-height", mark("Fit the page"), True),
    "print": ("printer", mark("Print the report …"), False),
}


class ReportTools(QWidget):
    """What can be done with a report.

    Signals
    -------
    chosen : (int) another report of the list
    asked : (str) ``smaller``, ``larger``, ``width``, ``page``, ``print``, ``stop_printing`` or ``fold``
    """

    chosen = Signal(int)
    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 6, 6)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.setSpacing(4)
        self.chooser = ElidedChooser(self)
        self.chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.chooser.setMinimumContentsLength(8)
        self.chooser.activated.connect(self.chosen)
        self.close_button = self._button("x", "fold")
        top.addWidget(self.chooser, 1)
        self.buttons = {"print": self._button("printer", "print")}
        top.addWidget(self.buttons["print"])
        top.addWidget(self.close_button)
        column.addLayout(top)
        self.search = SearchBar(self)
        column.addWidget(self.search)
        column.addLayout(self._printing_row())
        self.foot = self._foot()
        self.show_printing(None)

    def _foot(self) -> QWidget:
        """The row below the report: which page, how large. Its place is the pane's to give."""
        foot = QWidget(self)
        row = WrappingRow(foot)
        row.setContentsMargins(12, 2, 6, 2)
        row.setSpacing(2)
        self.place = QLabel(foot)
        self.place.setTextFormat(Qt.TextFormat.PlainText)
        self.place.setProperty("tone", "secondary")
        row.addWidget(self.place)
        row.add_gap()
        for name, (icon, _, _) in _BUTTONS.items():
            if name not in self.buttons:
                self.buttons[name] = self._button(icon, name)
                row.addWidget(self.buttons[name])
        return foot

    def _button(self, icon: str, what: str) -> QToolButton:
        made = QToolButton(self)
        theme.put_icon(made, icon, theme.icon_px(most=MOST_ICON))
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda: self.asked.emit(what))
        return made

    def _printing_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.printing = QLabel(self)
        self.printing.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.stop = self._button("x", "stop_printing")
        for widget in (self.printing, self.progress, self.stop):
            row.addWidget(widget)
        return row

    def list_reports(self, words: Sequence[str], current: int) -> None:
        """Offer these; one alone is only named."""
        self.chooser.blockSignals(True)
        self.chooser.clear()
        self.chooser.addItems(list(words))
        self.chooser.setCurrentIndex(current)
        self.chooser.blockSignals(False)
        self.chooser.setEnabled(len(words) > 1)
        self.chooser.setToolTip("")

    def show_kind(self, *, is_there: bool, has_pages: bool, may_print: bool) -> None:
        """What can be done with what is shown."""
        self.search.setEnabled(is_there)
        self.foot.setVisible(is_there)
        for name, (_, _, for_pages) in _BUTTONS.items():
            self.buttons[name].setVisible(has_pages or not for_pages)
            self.buttons[name].setEnabled(is_there and (name != "print" or may_print))

    def show_printing(self, share: tuple[int, int] | None) -> None:
        """So many of so many pages are at the printer; None: nothing is being printed."""
        for widget in (self.printing, self.progress, self.stop):
            widget.setVisible(share is not None)
        if share is not None:
            self.printing.setText(tr("Printing page {n} of {total}", n=share[0], total=share[1]))
            self.progress.setRange(0, max(1, share[1]))
            self.progress.setValue(share[0])

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.chooser.setAccessibleName(tr("Reports of this film"))
        self.search.retranslate()
        side = theme.icon_px(most=MOST_ICON)
        for name, (icon, words, _) in _BUTTONS.items():
            theme.put_icon(self.buttons[name], icon, side)
            self.buttons[name].setToolTip(tr(words))
            self.buttons[name].setAccessibleName(tr(words))
        for button, told in ((self.close_button, tr("Fold the report away")), (self.stop, tr("Stop printing"))):
            theme.put_icon(button, "x", side)
            button.setToolTip(told)
            button.setAccessibleName(told)
