"""The card of each monitor: what it is, what it is for, its way to the GSDF, its checks, the size of its pixels.

What is declared here is in use, and kept, at once: it belongs to the monitor, not to the settings file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from workstation.rendering.patterns import PATTERNS
from workstation.station.monitors import Check, Look, Role, Standing, Way
from workstation.ui.language import mark, tr
from workstation.ui.luminance_window import LuminanceWindow
from workstation.ui.pattern_window import PatternWindow
from workstation.ui.screens import bits_of, device_size, function_of, monitor_key, monitor_name
from workstation.ui.settings_rows import Row, Rows
from workstation.ui.true_size import TrueSize
from workstation.ui.wrapping import WrappingRow

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen

    from workstation.dicom.luminances import Measured
    from workstation.station.monitors import Monitor, Monitors
    from workstation.ui.full_glass import FullGlass

ROLES: Final = {
    Role.DIAGNOSTIC: mark("Diagnostic"), Role.CLINICAL: mark("Clinical"),
    Role.OPERATING_ROOM: mark("Operating room"), Role.PATIENT: mark("For patients"),
}  # fmt: skip
WAYS: Final = {
    Way.UNDECLARED: mark("Not declared"), Way.HARDWARE: mark("The monitor's own DICOM curve"),
    Way.SOFTWARE: mark("A table from measured luminances"),
}  # fmt: skip
_STANDINGS: Final = {
    Standing.DIAGNOSTIC: (mark("Fit for diagnosis"), "green"),
    Standing.OTHER: (mark("Fit for its use; not for diagnosis"), "green"),
    Standing.UNDECLARED: (mark("Not declared: images on it are marked “Not for diagnosis”"), "amber"),
    Standing.UNCHECKED: (mark("Not checked yet: images on it are marked “Not for diagnosis”"), "amber"),
    Standing.OVERDUE: (mark("The last check is more than 90 days old: images are marked “Not for diagnosis”"), "amber"),
    Standing.FAILED: (mark("The last check failed: images on it are marked “Not for diagnosis”"), "red"),
}
_SQUARES: Final = 18
_NARROW: Final = 110  # px


class MonitorOffice(Protocol):
    """What the card needs of the program."""

    def monitors(self) -> Monitors:
        """What is declared."""
        ...

    def declare(self, key: str, monitor: Monitor) -> None:
        """Declare something of a monitor: in use and kept from now on."""
        ...

    def may_declare(self) -> bool:
        """Whether IT allows it here."""
        ...


class MonitorsForm(QWidget):
    """The monitors that are there, one card at a time."""

    def __init__(self, office: MonitorOffice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._glass: FullGlass | None = None
        self._build()
        self._lay_out()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self.fill)
            app.screenRemoved.connect(self.fill)
        self.fill()

    def _build(self) -> None:
        self.chooser = QComboBox(self)
        self.chooser.setAccessibleName(tr("Monitor"))
        self.chooser.activated.connect(self.refresh)
        self.standing = self._label("amber")
        self.facts = self._label("secondary")
        self.role = self._choice(ROLES, tr("What it is for"))
        self.way = self._choice(WAYS, tr("Way to the DICOM curve (GSDF)"))
        self.lock = self._label("amber")
        self.checked = self._label("secondary")
        self.promise = self._label("secondary")
        self.measured = self._label("secondary")
        self.measure_button = self._button(tr("Measure luminances…"), self.measure)
        self.check_button = self._button(tr("Check by meter…"), self.check)
        self.trust_button = self._button(tr("Its own software checked it today"), self.trust)
        self.size_button = self._button(tr("Hold a card to it…"), self.measure_size)
        self.pattern_buttons = [self._button(name, lambda name=name: self.show_pattern(name)) for name in PATTERNS]
        self.squares = QSpinBox(self)
        self.squares.setRange(0, _SQUARES)
        self.squares.setMinimumWidth(_NARROW)
        self.squares.setAccessibleName(tr("Squares whose two marks you see"))
        self.look_button = self._button(tr("Keep what I saw"), self.keep_look)
        self.looked = self._label("secondary")

    def _label(self, tone: str) -> QLabel:
        made = QLabel(self)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setWordWrap(True)
        made.setProperty("tone", tone)
        return made

    def _button(self, words: str, pressed: object) -> QPushButton:
        made = QPushButton(words, self)
        made.clicked.connect(lambda: pressed())  # type: ignore[operator]
        return made

    def _choice(self, words: dict[Role, str] | dict[Way, str], name: str) -> QComboBox:
        made = QComboBox(self)
        for value, text in words.items():
            made.addItem(tr(text), value)
        made.setAccessibleName(name)
        made.activated.connect(self._on_declared)
        return made

    def _lay_out(self) -> None:
        rows = Rows(self, spacing=4, gap=10)
        for name, widget, below in (
            (tr("Monitor"), self.chooser, self.facts),
            (tr("What it is for"), self.role, self.lock),
            (tr("Way to the DICOM curve (GSDF)"), self.way, self.promise),
            (tr("Last check"), _in_a_row(self.measure_button, self.check_button, self.trust_button), self.checked),
            (tr("True size"), _in_a_row(self.size_button), self.measured),
            (tr("Test patterns"), _in_a_row(*self.pattern_buttons), self.looked),
            (tr("Squares seen of 18"), _in_a_row(self.squares, self.look_button), None),
        ):
            rows.add(Row(QLabel(name, rows), widget, None, below))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.standing)
        column.addWidget(rows)

    # What is shown ---------------------------------------------------------------

    def screen_shown(self) -> QScreen:
        """The monitor of the card."""
        screens = QGuiApplication.screens()
        return screens[max(0, min(self.chooser.currentIndex(), len(screens) - 1))]

    @property
    def monitor(self) -> Monitor:
        """What is declared of it."""
        return self._office.monitors().of(monitor_key(self.screen_shown()))

    def fill(self) -> None:
        """List the monitors that are there, and show the card of one."""
        screens, chosen = QGuiApplication.screens(), self.chooser.currentIndex()
        if not screens:
            return
        self.chooser.clear()
        for number, screen in enumerate(screens, start=1):
            width, height = device_size(screen)
            self.chooser.addItem(f"{number}: {monitor_name(screen)} · {width} × {height}")
        here = self.window().screen() if chosen < 0 else None
        at = screens.index(here) if here in screens else chosen
        self.chooser.setCurrentIndex(max(0, min(at, len(screens) - 1)))
        self.refresh()

    def refresh(self) -> None:
        """Bring the card in line with what is declared."""
        monitor, screen = self.monitor, self.screen_shown()
        may = self._office.may_declare()
        is_open = may and not monitor.is_set_by_it
        self.role.setCurrentIndex(self.role.findData(monitor.role))
        self.way.setCurrentIndex(self.way.findData(monitor.way))
        self.role.setEnabled(is_open)
        self.way.setEnabled(is_open)
        self.lock.setText(tr("Set by IT") if monitor.is_set_by_it or not may else "")
        self.lock.setVisible(not is_open)
        words, tone = _STANDINGS[monitor.standing(date.today())]
        _tell(self.standing, tr(words), tone)
        self.facts.setText(_facts(screen, monitor))
        self._refresh_checks(monitor, screen, is_open=is_open)
        self.size_button.setEnabled(may)
        self.measured.setText(_size_words(monitor))
        self.look_button.setEnabled(may)

    def _refresh_checks(self, monitor: Monitor, screen: QScreen, *, is_open: bool) -> None:
        self.measure_button.setVisible(monitor.way is Way.SOFTWARE)
        self.measure_button.setEnabled(is_open)
        self.check_button.setEnabled(is_open and (monitor.way is Way.HARDWARE or monitor.has_table))
        self.trust_button.setVisible(monitor.way is Way.HARDWARE)
        self.trust_button.setEnabled(is_open)
        self.promise.setText(_promise(monitor, bits_of(screen)))
        self.promise.setVisible(bool(self.promise.text()))
        self.checked.setText(_check_words(monitor))
        looked = tr("{date}: {seen} of 18 squares seen", date=monitor.look.on, seen=monitor.look.squares)
        hint = tr("Arrow keys or a click go from pattern to pattern, Escape comes back.")
        self.looked.setText(f"{looked}. {hint}" if monitor.look.on else hint)

    # Acts ---------------------------------------------------------------

    def _declare(self, monitor: Monitor, key: str = "") -> None:
        self._office.declare(key or monitor_key(self.screen_shown()), monitor)
        self.refresh()

    def _on_declared(self) -> None:
        before = self.monitor
        way, role = Way(self.way.currentData()), Role(self.role.currentData())
        self._declare(replace(before.declared(way), role=role))

    def trust(self) -> None:
        """The monitor's own software found it within limits."""
        self._declare(replace(self.monitor, check=Check(date.today().isoformat())))

    def measure(self) -> None:
        """Ask for the luminances that a table is made of."""
        key = monitor_key(self.screen_shown())
        window = LuminanceWindow(self.screen_shown(), None, is_check=False)
        window.measured.connect(lambda found: self._take_measured(key, found))
        self._open(window)

    def _take_measured(self, key: str, found: Measured) -> None:
        self._declare(self._office.monitors().of(key).with_measured(found), key)

    def check(self) -> None:
        """Ask for the luminances of other patches, through the way that is declared."""
        screen, key = self.screen_shown(), monitor_key(self.screen_shown())
        window = LuminanceWindow(screen, function_of(self.monitor, bits_of(screen)), is_check=True)
        window.measured.connect(lambda found: self._take_check(key, found))
        self._open(window)

    def _take_check(self, key: str, found: Measured) -> None:
        from workstation.dicom.display_function import conformance

        worst = conformance(found.levels, found.with_room).worst
        monitor = self._office.monitors().of(key)
        self._declare(replace(monitor, check=Check(date.today().isoformat(), round(worst, 4))), key)

    def measure_size(self) -> None:
        """Find out how large a pixel is."""
        key = monitor_key(self.screen_shown())
        window = TrueSize(self.screen_shown(), self.monitor.pixel_mm)
        window.kept.connect(lambda pixel: self._declare(replace(self._office.monitors().of(key), pixel_mm=pixel), key))
        self._open(window)

    def show_pattern(self, name: str) -> None:
        """A test pattern over the monitor."""
        screen = self.screen_shown()
        self._open(PatternWindow(screen, function_of(self.monitor, bits_of(screen)), name))

    def keep_look(self) -> None:
        """Keep how many squares were seen today."""
        self._declare(replace(self.monitor, look=Look(date.today().isoformat(), self.squares.value())))

    def _open(self, window: FullGlass) -> None:
        self._glass = window
        window.left.connect(self._forget)
        window.open()

    def _forget(self) -> None:
        self._glass = None


def _in_a_row(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = WrappingRow(holder) if len(widgets) > 2 else QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    if isinstance(row, QHBoxLayout):
        row.addStretch(1)
    return holder


def _tell(label: QLabel, words: str, tone: str) -> None:
    label.setText(words)
    label.setProperty("tone", tone)
    label.style().unpolish(label)
    label.style().polish(label)


def _facts(screen: QScreen, monitor: Monitor) -> str:
    """Megapixels, the pitch of the pixels, and how many greys reach it."""
    width, height = device_size(screen)
    parts = [tr("{count} megapixels", count=f"{width * height / 1e6:.1f}")]
    if monitor.pixel_mm is not None:
        pitch = sum(monitor.pixel_mm) / 2
        parts.append(tr("pixel pitch {pitch} mm, measured", pitch=f"{pitch:.3f}"))
    elif screen.physicalSize().width() > 0:
        pitch = screen.physicalSize().width() / width
        parts.append(tr("pixel pitch {pitch} mm, by its own word", pitch=f"{pitch:.3f}"))
    parts.append(tr("{bits} bits of grey", bits=bits_of(screen)))
    return " · ".join(parts)


def _promise(monitor: Monitor, bits: int) -> str:
    """What the table of measured luminances is expected to do."""
    if monitor.way is Way.SOFTWARE and not monitor.has_table:
        return tr("Let the monitor warm up for half an hour, then measure its luminances.")
    if monitor.way is Way.HARDWARE:
        return tr("Its table is in the monitor: images are sent unchanged. Switch off night light and colour profiles.")
    if not monitor.has_table or monitor.measured is None:
        return ""
    from workstation.dicom.display_function import forecast

    found, light = forecast(monitor.measured, bits), monitor.measured.with_room
    return tr(
        "{low} to {high} cd/m². Contrast {without} % off without the table, {through} % expected with it; {levels} of "
        "256 greys stay apart.",
        low=f"{light[0]:.2g}", high=f"{light[-1]:.0f}", without=f"{found.without * 100:.0f}",
        through=f"{found.through * 100:.1f}", levels=found.surviving,
    )  # fmt: skip


def _check_words(monitor: Monitor) -> str:
    check, limit = monitor.check, f"{monitor.limit * 100:.0f}"
    if monitor.is_set_by_it:
        return tr("IT answers for its checks.")
    if not check.on:
        return tr("Never. A check counts for 90 days; contrast may be {limit} % off.", limit=limit)
    if check.worst is None:
        return tr("{date}, by the monitor's own software", date=check.on)
    return tr("{date}: contrast {percent} % off at most; {limit} % are allowed",
              date=check.on, percent=f"{check.worst * 100:.1f}", limit=limit)  # fmt: skip


def _size_words(monitor: Monitor) -> str:
    if monitor.pixel_mm is None:
        return tr("Not measured: images cannot be shown at life size.")
    across, down = monitor.pixel_mm
    words = tr("{width} × {height} mm a pixel", width=f"{across:.4f}", height=f"{down:.4f}")
    odd = tr("Not square: set the monitor's own resolution in the system, then measure again.")
    return words if monitor.has_square_pixels else f"{words}. {odd}"
