"""What is missing of a film, series by series, and what can be done: unfolds from the verdict in the status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from workstation.ui.language import tr
from workstation.ui.messages import sentence
from workstation.viewing.completeness import Lack, lacks
from workstation.viewing.film import Film, FilmState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_WIDTH = 460
_MOST_ROWS = 12


class CompletenessPanel(QFrame):
    """A small window over the status bar; a click beside it, or Escape, puts it away.

    Signals
    -------
    again_asked : fetch what is missing once more
    """

    again_asked = Signal()

    def __init__(self, film: Film, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("completeness")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        for text, tone in panel_lines(film):
            label = QLabel(text, self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFixedWidth(_WIDTH)
            label.setProperty("tone", tone)
            column.addWidget(label)
        if film.hold.missing > 0 and film.state is not FilmState.LOADING:
            again = QPushButton(tr("Fetch what is missing again"), self)
            again.clicked.connect(self._ask_again)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(again)
            column.addLayout(row)

    def _ask_again(self) -> None:
        self.close()
        self.again_asked.emit()

    def unfold(self, over: QWidget) -> None:
        """Show it, its lower left corner on the upper left one of what was clicked."""
        self.adjustSize()
        corner = over.mapToGlobal(QPoint(0, 0))
        self.move(corner.x(), corner.y() - self.height() - 4)
        self.show()


def panel_lines(film: Film) -> list[tuple[str, str]]:
    """What the panel says: (text, tone)."""
    received, expected = film.totals
    found = lacks(film)
    if not found:
        if film.state is FilmState.LOADING:
            return [(tr("Still loading: {received} of {expected} are here.", received=received, expected=expected), "")]
        if film.state is FilmState.CANCELLED and received < expected:
            return [(tr("Loading was stopped: {received} of {expected} are here.", received=received,
                        expected=expected), "amber")]  # fmt: skip
        return [(tr("Everything that the source lists is here, whole and checked."), "green")]
    lines = [(tr("What is missing, and why:"), "secondary")]
    for lack in found[:_MOST_ROWS]:
        lines.append((_head(lack), "amber"))
        lines += [(f"    {text}", "secondary") for text in _reasons(lack)]
    if len(found) > _MOST_ROWS:
        lines.append((tr("… and {count} series more", count=len(found) - _MOST_ROWS), "secondary"))
    return lines


def _head(lack: Lack) -> str:
    if lack.series is None:
        return tr("Files of which nobody knows what they are: {count}", count=lack.expected)
    number = f"{lack.series.number} · " if lack.series.number is not None else ""
    name = f"{number}{lack.series.modality} {lack.series.description}".strip()
    return tr("{series}: {received} of {expected}", series=name, received=lack.received, expected=lack.expected)


def _reasons(lack: Lack) -> list[str]:
    said = [f"{count} × {sentence(error)}" for error, count in lack.refused]
    if lack.unexplained:
        said.append(tr("{count} not fetched, or counted by the source and not listed", count=lack.unexplained))
    if lack.gaps:
        said.append(tr("{count} slices are missing between the positions", count=lack.gaps))
    return said
