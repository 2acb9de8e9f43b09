"""A window under a real X server, typed into by xdotool; says as JSON what came where. Run by `test_scanner_on_x11`."""

from __future__ import annotations

import json
import subprocess
import sys

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPushButton, QVBoxLayout, QWidget

from workstation.ui.bursts import Habits
from workstation.ui.scanner import Scanner


def main(text: str) -> None:
    app = QApplication([])
    window, inner, field, button = QMainWindow(), QWidget(), QLineEdit("kept"), QPushButton("x")
    window.setCentralWidget(inner)
    column = QVBoxLayout(inner)
    column.addWidget(field)
    column.addWidget(button)
    acted: list[str] = []
    scanned: list[str] = []
    for key in ("R", "2", "Space", "Shift+R", "Ctrl+L"):
        QShortcut(QKeySequence(key), window).activated.connect(lambda key=key: acted.append(key))
    scanner = Scanner(app, Habits)
    scanner.listen()
    scanner.scanned.connect(scanned.append)
    window.show()
    QTest.qWait(300)
    subprocess.run(["xdotool", "windowfocus", "--sync", str(int(window.winId()))], check=True)
    QTest.qWait(300)

    def xdotool(*words: str) -> None:
        process = subprocess.Popen(["xdotool", *words])
        while process.poll() is None:
            QTest.qWait(10)
        QTest.qWait(200)

    told: dict[str, object] = {}
    for name, target in (("button", button), ("field", field)):
        target.setFocus()
        xdotool("type", "--delay", "6", text + "\n")
        told[f"scan over {name}"] = (list(scanned), list(acted), field.text())
        scanned.clear()
    button.setFocus()
    for key in ("r", "shift+r", "ctrl+l", "2"):
        xdotool("key", key)
    told["single keys"] = list(acted)
    field.setFocus()
    field.clear()
    xdotool("type", "--delay", "90", "hand: R2?")
    told["hand"] = (list(scanned), field.text())
    scanner.close()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
