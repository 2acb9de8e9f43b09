"""`LuminanceWindow`: grey patches over a monitor, one after the other, and the luminance that a meter reads on each.

Two runs: to *measure*, patches are device levels, and a table is made of what is read; to *check*, patches are P-values
through the monitor's way, at other levels, and what is read says how well it keeps to the GSDF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QPushButton

from workstation.dicom.luminances import CHECK_PATCHES, PATCHES, Flaw, Measured
from workstation.ui.full_glass import FullGlass, draw_grey
from workstation.ui.language import mark, tr

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter, QScreen

    from workstation.dicom.display_function import DisplayFunction

_SHARE: Final = 0.1  # of the screen that a patch covers (AAPM OR-03)
_AROUND: Final = 51  # the level around it: 20 %
_AMBIENT: Final = -1  # before the patches: the screen dark, the room as it is while films are read
_BRIGHTEST: Final = 20000.0
_FLAWS: Final = {
    Flaw.FEW: mark("Levels are missing: measure all of them."),
    Flaw.FALLING: mark("A brighter level has less light than a darker one: measure it again."),
    Flaw.DARK: mark("There is too little light in these figures: are they cd/m²?"),
}


class LuminanceWindow(FullGlass):
    """Over one monitor.

    Signals
    -------
    measured : (Measured) every level has its luminance
    """

    measured = Signal(object)

    def __init__(self, screen: QScreen, function: DisplayFunction | None, *, is_check: bool) -> None:
        super().__init__(screen)
        self.is_check = is_check
        self._function = function if is_check else None
        levels = CHECK_PATCHES if is_check else PATCHES
        # black and white first: then each step tells how it keeps to the curve between them
        self._order: tuple[int, ...] = (_AMBIENT, levels[0], levels[-1], *levels[1:-1])
        self._read: dict[int, float] = {}
        self._at = 0
        self.setWindowTitle(tr("Check the luminances") if is_check else tr("Measure the luminances"))
        self.setAccessibleName(self.windowTitle())
        self._build()
        self._go_to(0)

    def _build(self) -> None:
        self.words = QLabel(self)
        self.verdict = QLabel(self)
        self.verdict.setProperty("tone", "secondary")
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setRange(0, len(self._order))
        self.progress.setFixedWidth(120)
        self.field = QLineEdit(self)
        self.field.setFixedWidth(120)
        self.field.setPlaceholderText("cd/m²")
        self.field.setAccessibleName(tr("Luminance in cd/m²"))
        self.field.returnPressed.connect(self.enter)
        self.back_button = QPushButton(tr("Back"), self)
        self.back_button.clicked.connect(lambda: self._go_to(self._at - 1))
        self.next_button = QPushButton(tr("Next"), self)
        self.next_button.setObjectName("primary")
        self.next_button.clicked.connect(self.enter)
        self.leave_button = QPushButton(tr("Cancel"), self)
        self.leave_button.clicked.connect(self.close)
        self.bar = self.add_bar(
            self.words, self.verdict, self.progress, self.field, self.next_button, self.back_button, self.leave_button
        )

    # The run ---------------------------------------------------------------

    @property
    def level(self) -> int:
        """The level that is shown; -1 while the light of the room is asked for."""
        return self._order[self._at]

    def _go_to(self, at: int) -> None:
        self._at = at
        known = self._read.get(self.level)
        self.field.setText("" if known is None else f"{known:g}")
        self.field.selectAll()
        self.field.setFocus()
        self.back_button.setEnabled(at > 0)
        self.progress.setValue(at)
        self.words.setText(self._asked())
        self._tell(self._verdict(), "secondary")
        self.update()

    def _asked(self) -> str:
        if self.level == _AMBIENT:
            return tr("Light of the room: hold the meter a hand's breadth from the dark screen, the room as it is "
                      "while films are read. 0 for a meter that touches the glass in the dark.")  # fmt: skip
        number, count = self._at, len(self._order) - 1
        return tr("Patch {number} of {count}: level {level}. Type what the meter reads, then Enter.",
                  number=number, count=count, level=self.level)  # fmt: skip

    def enter(self) -> None:
        """Take what was typed and go on; after the last level the run is over."""
        try:
            read = float(self.field.text().replace(",", "."))
        except ValueError:
            read = -1.0
        if not 0 <= read <= _BRIGHTEST:
            self._tell(tr("A number from 0 to {most} cd/m² is needed here.", most=f"{_BRIGHTEST:g}"), "amber")
            self.field.selectAll()
            return
        self._read[self.level] = read
        if self._at + 1 < len(self._order):
            self._go_to(self._at + 1)
            return
        found = self.found()
        if found.flaw is not None:
            self._go_to(self._first_wrong())
            self._tell(tr(_FLAWS[found.flaw]), "amber")
            return
        self.measured.emit(found)
        self.close()

    def found(self) -> Measured:
        """What was read so far."""
        levels = sorted(level for level in self._read if level != _AMBIENT)
        return Measured(tuple(levels), tuple(self._read[level] for level in levels), self._read.get(_AMBIENT, 0.0))

    def _first_wrong(self) -> int:
        """The place of the first level that is not brighter than the one before it; of the first of all, without."""
        found = self.found()
        pairs = zip(found.levels[1:], found.luminances, found.luminances[1:], strict=False)
        wrong = next((level for level, low, high in pairs if high <= low), found.levels[0])
        return self._order.index(wrong)

    def _verdict(self) -> str:
        """How well the monitor keeps to the GSDF, by the steps that were read so far."""
        from workstation.dicom.display_function import conformance_between  # with numpy

        found = self.found()
        is_whole = len(found.levels) == len(self._order) - 1
        usable = found.levels if is_whole else found.levels[:-1]  # before white there is a gap
        light = found.with_room
        if len(usable) < 2 or light[0] <= 0 or light[-1] <= light[0]:
            return ""
        brightness = [level / 255 for level in usable]
        worst = conformance_between((light[0], light[-1]), brightness, light[: len(usable)]).worst
        return tr("Contrast so far: {percent} % off", percent=f"{worst * 100:.1f}")

    def _tell(self, words: str, tone: str) -> None:
        self.verdict.setText(words)
        self.verdict.setProperty("tone", tone)
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)

    # Seen ---------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        """See `FullGlass`."""
        import numpy as np

        width, height = self.pixels()
        is_dark = self.level == _AMBIENT
        picture = np.full((height, width), 0 if is_dark else _AROUND, np.uint8)
        side = round((_SHARE * width * height) ** 0.5)
        left, top = (width - side) // 2, (height - side) // 2
        picture[top : top + side, left : left + side] = max(0, self.level)
        draw_grey(painter, QPoint(0, 0), picture, self._function)

    def open(self) -> None:
        """See `FullGlass`."""
        super().open()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QWidget: Enter belongs to the field alone."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
