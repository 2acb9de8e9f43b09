"""What is missing of a film, series by series, and what can be done: unfolds from the verdict in the status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from workstation.ui.language import tr
from workstation.ui.messages import sentence
from workstation.viewing.completeness import Lack, lacks
from workstation.viewing.film import Film, FilmState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_WIDTH = 460
_MOST_ROWS = 12
_STEP = "\t"  # a line that explains the one above it
_INDENT = 16


class CompletenessPanel(QFrame):
    """A small window over the status bar; a click beside it, or Escape, puts it away.

    Signals
    -------
    again_asked : fetch what is missing once more
    source_asked : use what the source has now of what differs
    """

    again_asked = Signal()
    source_asked = Signal()

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
            label.setContentsMargins(_INDENT if text.startswith(_STEP) else 0, 0, 0, 0)
            label.setText(text.removeprefix(_STEP))
            label.setProperty("tone", tone)
            column.addWidget(label)
        row = QHBoxLayout()
        row.addStretch(1)
        if film.hold.missing > 0 and film.state is not FilmState.LOADING:
            row.addWidget(self._button(tr("Fetch what is missing again"), self.again_asked))
        if film.differing:
            row.addWidget(self._button(tr("Use what the source has now"), self.source_asked))
        if row.count() > 1:
            column.addLayout(row)

    def _button(self, words: str, asked: SignalInstance) -> QPushButton:
        made = QPushButton(words, self)
        made.clicked.connect(self.close)
        made.clicked.connect(lambda: asked.emit())
        return made

    def unfold(self, over: QWidget) -> None:
        """Show it, its lower left corner on the upper left one of what was clicked."""
        self.adjustSize()
        corner = over.mapToGlobal(QPoint(0, 0))
        self.move(corner.x(), corner.y() - self.height() - 4)
        self.show()


def panel_lines(film: Film) -> list[tuple[str, str]]:
    """What the panel says: (text, tone)."""
    return [*_missing(film), *_differing(film)]


def _differing(film: Film) -> list[tuple[str, str]]:
    """What its source has otherwise now."""
    if not film.differing:
        return []
    return [
        (tr("Images that the source has otherwise now: {count}", count=len(film.differing)), "red"),
        (_STEP + tr("What was kept on this machine first is shown; each of them is marked."), "secondary"),
    ]


def _missing(film: Film) -> list[tuple[str, str]]:
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
        lines += [(_STEP + text, "secondary") for text in _reasons(lack)]
    if len(found) > _MOST_ROWS:
        lines.append((tr("… and {count} series more", count=len(found) - _MOST_ROWS), "secondary"))
    return lines


def _head(lack: Lack) -> str:
    if lack.series is None and not lack.refused:
        return tr("A series that the source counts and does not list: {count} images", count=lack.expected)
    if lack.series is None:
        return tr("Files of which nobody knows what they are: {count}", count=lack.expected)
    number = f"{lack.series.number} · " if lack.series.number is not None else ""
    name = f"{number}{lack.series.modality} {lack.series.description}".strip()
    return tr("{series}: {received} of {expected}", series=name, received=lack.received, expected=lack.expected)


def _reasons(lack: Lack) -> list[str]:
    said = [f"{count} × {sentence(error)}" for error, count in lack.refused]
    if lack.unexplained and lack.series is not None:
        said.append(tr("{count} not fetched, or counted by the source and not listed", count=lack.unexplained))
    if lack.gaps:
        said.append(tr("{count} slices are missing between the positions", count=lack.gaps))
    return said
