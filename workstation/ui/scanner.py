"""A hand-held scanner types into the window wherever the focus is: its text is taken whole and given to the film door.

An application-wide event filter at the native windows, before any widget or shortcut sees a key. Away from text fields
a character waits for the interval; alone it then acts as ever, in company it is a burst, of which nothing gets through.
In a text field keys are typed at once, so that no fast hand loses one, until the burst is certain; then the field is
put back to what it was. Over a dialog a scan is kept out and answered with a beep, except in the dialog's text fields.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from workstation.ui.blanking import HANDS
from workstation.ui.bursts import Burst, Habits, character

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ENDS: Final = {
    Qt.Key.Key_Return: "enter",
    Qt.Key.Key_Enter: "enter",
    Qt.Key.Key_Tab: "tab",
}
_BESIDES: Final = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_AltGr)
_CHORD: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
Field = QLineEdit | QPlainTextEdit | QTextEdit


@dataclass(frozen=True, slots=True)
class Before:
    """A text field as it was before a burst."""

    field: Field
    text: str
    cursor: int
    selection: tuple[int, int]  # start (-1: none) and length

    @classmethod
    def of(cls, field: Field) -> Before:
        """Remember a field."""
        if isinstance(field, QLineEdit):
            selection = (field.selectionStart(), len(field.selectedText()))
            return cls(field, field.text(), field.cursorPosition(), selection)
        return cls(field, field.toPlainText(), field.textCursor().position(), (-1, 0))

    def put_back(self) -> None:
        """Make it again what it was."""
        if not isinstance(self.field, QLineEdit):
            self.field.setPlainText(self.text)
            cursor = self.field.textCursor()
            cursor.setPosition(self.cursor)
            self.field.setTextCursor(cursor)
            return
        self.field.setText(self.text)
        self.field.setCursorPosition(self.cursor)
        if self.selection[0] >= 0:
            self.field.setSelection(*self.selection)


class Scanner(QObject):
    """Takes what a hand-held scanner types out of the stream of keys.

    Parameters
    ----------
    app : QApplication
        Whose events pass here, all of them: there is one such filter in the program.
    habits : callable
        How the scanner of this station types.
    watch : callable
        ``watch(receiver, event)`` sees what hands do before anybody else; True ends the event.

    Signals
    -------
    scanned : (text) a code was scanned; holds what links hold, so it is never logged
    """

    scanned = Signal(str)

    def __init__(
        self,
        app: QApplication,
        habits: Callable[[], Habits],
        watch: Callable[[QObject, QEvent], bool] = lambda _receiver, _event: False,
    ) -> None:
        super().__init__()
        self._app = app
        self._watch = watch
        self._habits = habits
        self._burst = Burst(habits())
        self._held: list[QKeyEvent] = []  # keys of the burst that have not acted, away from text fields
        self._before: Before | None = None  # the text field that the burst is typed into
        self._is_taken = False  # the burst was taken out of that field
        self._down: set[int] = set()  # keys whose press was seen: an input method keeps presses, and lets releases go
        self._swallowed: set[int] = set()  # keys whose release must not get through either
        self._silent_until_ms = 0.0  # the end of the last scan's tail: a second suffix confirms nothing
        self._quiet_until_s = 0.0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setTimerType(Qt.TimerType.PreciseTimer)
        self._pause.timeout.connect(self._on_pause)
        self._count = 0

    def listen(self) -> None:
        """Look at the keys from now on.

        Not while the first window is built: each of its events would pass here, and Qt for Python makes itself
        acquainted with every class it has (25 ms) to say which the first odd receiver is of.
        """
        self._app.installEventFilter(self)

    def close(self) -> None:
        """Listen no more."""
        self._pause.stop()
        self._app.removeEventFilter(self)

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        """See QObject."""
        kind = event.type()
        if kind in HANDS and self._watch(receiver, event):
            return True
        if kind == QEvent.Type.ShortcutOverride:
            return event.spontaneous() and isinstance(event, QKeyEvent) and self._forestalls(event)
        if kind == QEvent.Type.InputMethod:
            return self._is_taken or self._is_tail()
        if kind == QEvent.Type.KeyPress and isinstance(receiver, QWindow) and isinstance(event, QKeyEvent):
            return self._on_press(event)
        if kind == QEvent.Type.KeyRelease and isinstance(receiver, QWindow) and isinstance(event, QKeyEvent):
            return self._on_release(event)
        return False

    # Keys ---------------------------------------------------------------

    def _forestalls(self, event: QKeyEvent) -> bool:
        """Whether a shortcut must wait: the key itself comes next, and is looked at then."""
        at_ms = _moment(event)
        is_end = event.key() in _ENDS and (self._in_burst(at_ms) or at_ms <= self._silent_until_ms)
        may_begin = not event.isAutoRepeat() and _typed(event) != "" and not event.modifiers() & _CHORD
        if is_end or self._is_taken or (may_begin and _text_field() is None):
            event.accept()
            return True
        return False

    def _is_tail(self) -> bool:
        """Whether a scan has just ended: what an input method still makes of it is not typed."""
        return time.monotonic() < self._quiet_until_s

    def _in_burst(self, at_ms: float) -> bool:
        return (bool(self._held) or self._is_taken) and self._burst.continues(at_ms)

    def _on_press(self, event: QKeyEvent) -> bool:
        self._down.add(_which(event))
        return self._on_key(event)

    def _on_key(self, event: QKeyEvent) -> bool:
        at_ms, key = _moment(event), event.key()
        if key in _BESIDES:
            return False
        if key in _ENDS:
            return self._on_end(event, at_ms)
        if event.isAutoRepeat():
            return self._is_taken or _which(event) in self._swallowed
        typed = _typed(event)
        if not typed or event.modifiers() & _CHORD:
            if self._in_burst(at_ms) and len(self._burst.characters) > 1:
                return self._swallow(event)
            self._finish()
            return False
        if not self._burst.continues(at_ms):
            self._finish()
            self._begin()
        self._burst.add(typed, at_ms)
        self._wait()
        return self._hold(event) if self._before is None else self._type(event)

    def _begin(self) -> None:
        self._burst = Burst(self._habits())
        field = _text_field()
        self._before = Before.of(field) if field is not None else None
        self._is_taken = False

    def _wait(self) -> None:
        self._count += 1
        self._pause.start(round(self._burst.pause_ms))

    def _hold(self, event: QKeyEvent) -> bool:
        self._held.append(_copy(event))
        return self._swallow(event)

    def _type(self, event: QKeyEvent) -> bool:
        """In a text field: typed as ever, until it is certain that no hand types it."""
        if not self._burst.is_certain or _is_dialog_open() or self._before is None:
            return False
        if not self._is_taken:
            self._is_taken = True
            self._before.put_back()
        return self._swallow(event)

    def _swallow(self, event: QKeyEvent) -> bool:
        self._swallowed.add(_which(event))
        return True

    def _on_end(self, event: QKeyEvent, at_ms: float) -> bool:
        """Enter or Tab: the end of a burst, the tail of one, or a key like others."""
        if at_ms <= self._silent_until_ms:
            return self._swallow(event)
        if event.modifiers() & _CHORD or not self._in_burst(at_ms) or len(self._burst.characters) == 1:
            self._finish()
            return False
        ends = self._burst.habits.suffix in ("auto", _ENDS[Qt.Key(event.key())])
        self._silent_until_ms = at_ms + self._burst.pause_ms
        self._finish(event if ends else None)
        return self._swallow(event)

    def _on_release(self, event: QKeyEvent) -> bool:
        if _which(event) not in self._down and not event.isAutoRepeat() and _text_field() is not None:
            return self._on_composed(event)
        if not event.isAutoRepeat():
            self._down.discard(_which(event))
        if _which(event) not in self._swallowed or event.isAutoRepeat():
            return _which(event) in self._swallowed
        self._swallowed.discard(_which(event))
        if len(self._held) == 1 and _which(self._held[0]) == _which(event):
            self._held.append(_copy(event))
        return True

    def _on_composed(self, event: QKeyEvent) -> bool:
        """A key that an input method took for itself: only its release is heard, and by its place it is known."""
        self._on_key(event)
        self._swallowed.discard(_which(event))
        if self._is_taken:
            QGuiApplication.inputMethod().reset()
        return self._is_taken

    # The end of a burst ---------------------------------------------------------------

    def _on_pause(self) -> None:
        """Keys that wait in the queue of a busy machine come first, then it is said that there was a pause."""
        count = self._count
        QTimer.singleShot(0, self, lambda: self._finish() if count == self._count else None)

    def _finish(self, suffix: QKeyEvent | None = None) -> None:
        burst, held, before, is_taken = self._burst, self._held, self._before, self._is_taken
        self._burst, self._held, self._before, self._is_taken = Burst(self._habits()), [], None, False
        self._pause.stop()
        if is_taken:
            self._quiet_until_s = time.monotonic() + burst.pause_ms / 1e3
        is_scan = burst.is_scan or (suffix is not None and burst.is_scan_with_suffix)
        if before is None and len(burst.characters) == 1:
            self._act(held)
        elif is_scan and (is_taken or before is None):
            self._deliver(burst.text, before, suffix)

    def _deliver(self, text: str, before: Before | None, suffix: QKeyEvent | None) -> None:
        field = before.field if before is not None else None
        if isinstance(field, QLineEdit) and field.echoMode() != QLineEdit.EchoMode.Normal and not _is_link(text):
            field.insert(text)  # a passcode printed as a code
            if suffix is not None:
                QApplication.sendEvent(field, _copy(suffix))
        elif _is_dialog_open():
            QApplication.beep()
        else:
            self.scanned.emit(text)

    def _act(self, held: list[QKeyEvent]) -> None:
        """A key that came alone does what it would have done."""
        if not held:
            return
        shortcut = next(_shortcuts(held[0]), None)
        if shortcut is not None:
            shortcut.activated.emit()
            return
        self._swallowed.discard(_which(held[0]))
        target = QApplication.activePopupWidget() or QApplication.focusWidget() or QApplication.activeWindow()
        for event in held:
            if target is not None:
                QApplication.sendEvent(target, event)


def _moment(event: QKeyEvent) -> float:
    """When the key was pressed, by the system's clock: a busy window hears of it later."""
    return float(event.timestamp()) or time.monotonic() * 1e3


def _which(event: QKeyEvent) -> int:
    """Which key of the keyboard it is: with Shift let go first, a key is released under another name."""
    return event.nativeScanCode() or event.key()


def _typed(event: QKeyEvent) -> str:
    shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, *_ENDS):
        return ""
    return character(event.text(), event.nativeScanCode(), event.nativeVirtualKey(), shifted=shifted)


def _copy(event: QKeyEvent) -> QKeyEvent:
    return QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
    )


def _text_field() -> Field | None:
    """The text field that keys go to."""
    if QApplication.activePopupWidget() is not None:
        return None
    focus: QWidget | None = QApplication.focusWidget()
    modal = QApplication.activeModalWidget()
    if focus is None or (modal is not None and focus.window() is not modal):
        return None  # a dialog has just opened and the keys are its own
    if isinstance(focus, (QAbstractSpinBox, QComboBox)):
        focus = focus.findChild(QLineEdit)
    if isinstance(focus, (QLineEdit, QPlainTextEdit, QTextEdit)) and not focus.isReadOnly():
        return focus
    return None


def _is_dialog_open() -> bool:
    return QApplication.activeModalWidget() is not None


def _is_link(text: str) -> bool:
    return "://" in text or text.lower().startswith("cloudfilm:")


def _shortcuts(event: QKeyEvent) -> Iterator[QShortcut]:
    """The shortcuts of the active window that a key stands for."""
    window = QApplication.activeWindow()
    if window is None or QApplication.activePopupWidget() is not None:
        return
    shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
    typed = _typed(event)
    wished = [QKeySequence(event.key() | shift.value)]
    if typed and not typed.isalpha():
        wished.append(QKeySequence(event.key()))  # ? is a key of its own, with Shift or without
    if typed and event.key() > Qt.Key.Key_ydiaeresis.value:
        wished.append(QKeySequence(ord(typed.upper()) | shift.value))  # another script on the same key
    for shortcut in window.findChildren(QShortcut):
        if shortcut.isEnabled() and any(key in wished for key in list(shortcut.keys())) and _is_within_reach(shortcut):
            yield shortcut


def _is_within_reach(shortcut: QShortcut) -> bool:
    parent, focus = shortcut.parent(), QApplication.focusWidget()
    if shortcut.context() in (Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut):
        return not isinstance(parent, QWidget) or parent.isVisible()
    if shortcut.context() == Qt.ShortcutContext.WidgetShortcut:
        return parent is focus
    return isinstance(parent, QWidget) and (parent is focus or (focus is not None and parent.isAncestorOf(focus)))
