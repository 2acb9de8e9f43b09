"""The binding does not lose references: PySide6 6.12.0 aborts on Python 3.11 after a few thousand calls."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    told = Signal(bool)


def test_void_calls_and_bool_signals_lose_no_reference(qapp):
    sender = Sender()
    sender.told.connect(lambda _: None)
    before_none, before_true = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(20_000):
        sender.setObjectName("x")
        sender.told.emit(True)
    assert abs(sys.getrefcount(None) - before_none) < 2_000
    assert abs(sys.getrefcount(True) - before_true) < 2_000
