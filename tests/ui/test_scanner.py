"""A hand-held scanner types into the window; a hand goes on working as ever."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final
from unittest import mock

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QInputMethodQueryEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tests.phantoms import CT_STUDY, DX_STUDY
from workstation.settings import ScannerSettings
from workstation.ui import scanner as scanner_module
from workstation.ui.bursts import Habits
from workstation.ui.scanner import Scanner

PATIENCE_S = 0.45  # longer than any burst's pause
PATIENT: Final = Habits(interval_ms=100)  # a busy test machine types slowly, and its keys bear the time of their making


def strike(window: QWindow, typed: str) -> None:
    """One key down and up at the native window, as the system delivers it: shortcuts are asked first."""
    QTest.keyClick(window, typed)


class Steady:
    """The clock of a scan: five milliseconds from key event to key event, however busy this machine is."""

    def __init__(self) -> None:
        self._real = scanner_module._moment
        self._first: float | None = None
        self._count = 0

    def __call__(self, event) -> float:
        self._first = self._real(event) if self._first is None else self._first
        self._count += 1
        return self._first + 5.0 * self._count


def scan(widget: QWidget, text: str, end: Qt.Key | None = Qt.Key.Key_Return) -> None:
    window = widget.window().windowHandle()
    with mock.patch.object(scanner_module, "_moment", Steady()):
        for typed in text:
            strike(window, typed)
        if end is not None:
            QTest.keyClick(window, end)


@pytest.fixture
def desk(make_bench, service):
    """A desk in front, as a scanner finds it."""
    bench = make_bench(settings=replace(service.settings, scanner=ScannerSettings(interval_ms=100)))
    bench.window.activateWindow()
    bench.until(lambda: QGuiApplication.focusWindow() is not None)
    return bench


def state_of(bench):
    viewports = [widget.viewport.state for widget in bench.window.grid.widgets]
    session = bench.session
    films = [film.film_id for film in session.films.value]
    holders = (
        session.panes,
        session.active,
        session.tool,
        session.is_confirmed,
        session.texts_hidden,
        session.magnification,
        session.pane.layout,
        session.pane.is_sheet,
    )
    return viewports, [holder.value for holder in holders], films, bench.window.is_reading


def watch_the_glass(bench, monkeypatch):
    """Every change of a viewport's state from now on."""
    changes = []
    for widget in bench.window.grid.widgets:
        widget.viewport.changed.connect(lambda old, new: changes.append((old, new)))
    return changes


def test_a_scan_over_a_viewport_changes_nothing_in_it_and_opens_the_film(desk, service, monkeypatch):
    desk.open(CT_STUDY)
    desk.window.grid.active.setFocus()
    changes = watch_the_glass(desk, monkeypatch)
    before = state_of(desk)
    tried = []
    monkeypatch.setattr(desk.desk, "open_text", lambda text, passcode, user="": tried.append((text, state_of(desk))))
    link = service.share(DX_STUDY)
    scan(desk.window, link)
    desk.run(PATIENCE_S)
    assert tried == [(link, before)]
    assert not changes
    assert state_of(desk) == before


def test_what_was_scanned_over_a_viewport_is_opened(desk, service):
    desk.open(CT_STUDY)
    desk.window.grid.active.setFocus()
    scan(desk.window, service.share(DX_STUDY))
    desk.until(lambda: len(desk.session.films.value) == 2 and desk.desk.is_settled)
    assert desk.desk.last_error is None


def test_every_key_of_the_program_is_kept_from_the_glass_when_it_is_scanned(desk, monkeypatch):
    desk.open(CT_STUDY)
    desk.window.grid.active.setFocus()
    changes = watch_the_glass(desk, monkeypatch)
    before = state_of(desk)
    scanned = []
    monkeypatch.setattr(desk.workstation, "_on_scanned", scanned.append)
    desk.workstation.scanner.scanned.connect(scanned.append)
    monkeypatch.setattr(desk.desk, "open_scanned", lambda text: None)
    everything = "".join(map(chr, range(0x20, 0x7F)))
    scan(desk.window, everything)
    desk.run(PATIENCE_S)
    assert scanned[0] == everything
    assert not changes
    assert state_of(desk) == before


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, None])
def test_the_end_of_a_scan_confirms_no_patient_and_moves_no_focus(desk, end, monkeypatch):
    desk.open(CT_STUDY, confirm=False)
    focus = desk.window.grid.active
    focus.setFocus()
    scanned = []
    monkeypatch.setattr(desk.desk, "open_scanned", scanned.append)
    scan(desk.window, "A123456", end)
    if end is not None:
        QTest.keyClick(desk.window.windowHandle(), end)  # CR and LF are two keys of some scanners
    desk.run(PATIENCE_S)
    assert scanned == ["A123456"]
    assert not desk.session.is_confirmed.value
    assert QApplication.focusWidget() is focus


def test_a_single_key_acts_when_no_second_one_follows(desk):
    desk.open(CT_STUDY)
    desk.window.grid.active.setFocus()
    window = desk.window.windowHandle()
    turns = desk.session.active_viewport.state.view.quarter_turns
    strike(window, "r")
    assert desk.session.active_viewport.state.view.quarter_turns == turns  # it waits for the interval
    desk.run(0.25)
    assert desk.session.active_viewport.state.view.quarter_turns == (turns + 1) % 4
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    desk.run(0.25)
    assert desk.session.active_viewport.state.view.quarter_turns == turns
    strike(window, "2")
    desk.run(0.25)
    assert desk.session.active_viewport.state.voi_name
    QTest.keyClick(window, Qt.Key.Key_Home)  # other keys do not wait
    assert desk.session.active_viewport.state.index == 0


def test_chords_are_untouched(desk):
    desk.open(CT_STUDY)
    desk.window.grid.active.setFocus()
    shown = desk.window.strip.isVisible()
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.strip.isVisible() != shown


class Desk(QWidget):
    """A window with a field, a secret field and a button, and a scanner that listens."""

    def __init__(self, habits=None) -> None:
        super().__init__()
        self.field, self.secret, self.button = QLineEdit(self), QLineEdit(self), QPushButton("x", self)
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        column = QVBoxLayout(self)
        for widget in (self.field, self.secret, self.button):
            column.addWidget(widget)
        self.scanned: list[str] = []
        self.scanner = Scanner(QApplication.instance(), lambda: habits or PATIENT)
        self.scanner.scanned.connect(self.scanned.append)
        self.scanner.listen()


@pytest.fixture
def make_window(qapp):
    made = []

    def make(habits=None):
        window = Desk(habits)
        made.append(window)
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        return window

    yield make
    for window in made:
        window.scanner.close()
        window.close()
        window.deleteLater()


def settle(seconds: float = PATIENCE_S) -> None:
    QTest.qWait(round(seconds * 1000))


LINK = "https://cloud.example.cn/dicom-web/studies/1.2.840.113619.2?token=Ab-Cd_9"


def test_a_scan_into_a_search_field_leaves_it_as_it_was(make_window):
    window = make_window()
    window.field.setText("欧阳 1980")
    window.field.setSelection(1, 3)
    window.field.setFocus()
    before = (window.field.text(), window.field.selectionStart(), window.field.selectedText())
    scan(window, LINK)
    settle()
    assert window.scanned == [LINK]
    assert (window.field.text(), window.field.selectionStart(), window.field.selectedText()) == before


def test_a_scan_into_an_empty_field_with_no_suffix_ends_by_itself(make_window):
    window = make_window()
    window.field.setFocus()
    scan(window, LINK, None)
    assert window.scanned == []
    settle()
    assert window.scanned == [LINK]
    assert window.field.text() == ""


def test_a_fast_typist_loses_no_character_and_is_no_scanner(make_window):
    window = make_window(Habits())
    window.field.setFocus()
    handle = window.windowHandle()
    typed = "ouyang xiaodong 19800312"
    for number, one in enumerate(typed):  # rolled in threes and fours, as fast as fingers fall
        strike(handle, one)
        if number % 4 == 3:
            time.sleep(0.045)
    QTest.keyClick(handle, Qt.Key.Key_Return)
    settle()
    assert window.field.text() == typed
    assert window.scanned == []


def test_a_key_that_is_held_down_is_no_scanner(make_window):
    window = make_window()
    window.field.setFocus()
    for _ in range(30):
        QTest.sendKeyEvent(QTest.KeyAction.Press, window.field, Qt.Key.Key_A, "a", Qt.KeyboardModifier.NoModifier)
        strike(window.windowHandle(), "0")  # a driver that does not mark its repeats
    settle()
    assert window.scanned == []
    assert window.field.text().count("0") == 30


def test_a_passcode_printed_as_a_code_goes_into_the_passcode_field(make_window):
    window = make_window()
    entered = []
    window.secret.returnPressed.connect(lambda: entered.append(window.secret.text()))
    window.secret.setFocus()
    scan(window, "2468-AbC")
    settle()
    assert entered == ["2468-AbC"]
    assert window.scanned == []
    window.secret.clear()
    scan(window, LINK)
    settle()
    assert window.scanned == [LINK]
    assert window.secret.text() == ""


def test_a_scan_presses_no_button(make_window):
    window = make_window()
    pressed = []
    window.button.clicked.connect(lambda: pressed.append(True))
    window.button.setFocus()
    scan(window, "A 12345 B")
    settle()
    assert window.scanned == ["A 12345 B"]
    assert not pressed
    strike(window.windowHandle(), " ")
    settle()
    assert pressed == [True]


def test_a_scan_over_a_dialog_stays_out_of_it_and_opens_nothing(make_window):
    window = make_window()
    dialog = QDialog(window)
    closed = []
    dialog.finished.connect(closed.append)
    button = QPushButton("Delete", dialog)
    button.clicked.connect(dialog.accept)
    dialog.setModal(True)
    dialog.show()
    dialog.activateWindow()
    QTest.qWaitForWindowActive(dialog)
    button.setFocus()
    scan(dialog, LINK)
    settle()
    assert dialog.isVisible()
    assert not closed
    assert window.scanned == []
    dialog.close()


def test_prefix_is_taken_off_and_makes_certain_at_once(make_window):
    window = make_window(Habits(100, prefix="~~"))
    window.field.setText("x")
    window.field.setFocus()
    scan(window, "~~A12")
    settle()
    assert window.scanned == ["A12"]
    assert window.field.text() == "x"


def test_another_suffix_does_not_end_a_scan_early_but_is_kept_out(make_window):
    window = make_window(Habits(100, suffix="tab"))
    window.button.setFocus()
    scan(window, "A12345", Qt.Key.Key_Tab)
    settle()
    assert window.scanned == ["A12345"]
    assert QApplication.focusWidget() is window.button


def test_a_slow_scanner_is_heard_when_its_interval_is_set(make_window):
    window = make_window(Habits(interval_ms=200))
    window.button.setFocus()
    for one in "A1234567":
        strike(window.windowHandle(), one)
        settle(0.06)
    settle(0.9)
    assert window.scanned == ["A1234567"]


def test_a_scan_that_stutters_is_still_whole(make_window):
    window = make_window()
    window.button.setFocus()
    for number, one in enumerate("A12345678901234"):
        strike(window.windowHandle(), one)
        if number in (7, 11):
            settle(0.18)  # a busy machine, a weak radio
    settle()
    assert window.scanned == ["A12345678901234"]


def test_two_keys_struck_together_away_from_a_field_do_nothing(make_window):
    window = make_window()
    pressed = []
    window.button.clicked.connect(lambda: pressed.append(True))
    window.button.setFocus()
    strike(window.windowHandle(), " ")
    strike(window.windowHandle(), "r")
    settle()
    assert not pressed
    assert window.scanned == []


def test_no_input_method_composes_what_is_scanned_over_a_viewport_or_the_door(bench):
    for widget in (bench.window.grid.active, bench.window.door.field):
        query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
        QApplication.sendEvent(widget, query)
        assert not query.value(Qt.InputMethodQuery.ImEnabled)


def compose(widget, text: str, commit: str = "") -> None:
    """A key that an input method takes: the window hears of its release alone, and of the composition."""
    event = QInputMethodEvent(text, [])
    event.setCommitString(commit)
    QApplication.sendEvent(widget, event)


def test_a_scan_that_an_input_method_composes_is_read_from_the_keys_and_leaves_nothing_behind(make_window):
    window = make_window()
    window.field.setText("欧阳")
    window.field.setFocus()
    handle = window.windowHandle()
    for number, typed in enumerate(LINK):
        compose(window.field, LINK[: number % 9], "好" if number % 9 == 8 else "")
        QTest.keyRelease(handle, typed)
    QTest.keyRelease(handle, Qt.Key.Key_Return)
    compose(window.field, "", "最后")
    settle()
    assert window.scanned == [LINK]
    assert window.field.text() == "欧阳"


def test_chinese_typed_by_hand_is_composed_as_ever(make_window):
    window = make_window()
    window.field.setFocus()
    for number, typed in enumerate("ouyang"):
        compose(window.field, "ouyang"[: number + 1])
        QTest.keyRelease(window.windowHandle(), typed)
        settle(0.13)
    compose(window.field, "", "欧阳")
    settle()
    assert window.field.text() == "欧阳"
    assert window.scanned == []


def test_a_scan_in_another_window_of_the_session_goes_to_its_film_door(desk, monkeypatch):
    desk.open(CT_STUDY)
    other = desk.window.glasses.add()
    other.show()
    other.activateWindow()
    desk.until(lambda: QApplication.activeWindow() is other)
    scanned = []
    monkeypatch.setattr(desk.desk, "open_scanned", scanned.append)
    scan(other, LINK)
    desk.run(PATIENCE_S)
    assert scanned == [LINK]
