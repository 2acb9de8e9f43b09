"""Starts the program as `python -m workstation` does, and tells when it has painted and when it answers.

`started.py window SETTINGS` shows the film door; `started.py bare` starts an empty Qt window instead; `started.py open
FOLDER` opens a folder and tells when the first image is painted and when the film is whole. What is told are words on
stdout; the parent has the clock.
"""

from __future__ import annotations

import multiprocessing
import sys


def tell(word: str) -> None:
    print(word, flush=True)


def answering(app):
    """Tell the first paint of any widget, and the first event posted after it."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Filter(QObject):
        seen = False

        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint and not self.seen and watched.isWidgetType():
                self.seen = True
                tell("painted")
                QTimer.singleShot(0, self.answer)
            return False

        def answer(self):
            tell("answers")
            app.quit()

    made = Filter(app)
    app.installEventFilter(made)


def bare() -> None:
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication(sys.argv[:1])
    answering(app)
    window = QMainWindow()
    window.resize(1600, 1000)
    window.show()
    app.exec()


def program(settings: str) -> None:
    from workstation import app as rooms
    from workstation.cli import main

    real = rooms.make_application

    def make(arguments):
        app = real(arguments)
        answering(app)
        return app

    rooms.make_application = make
    sys.argv = ["workstation"]
    main(["--config", settings])


def folder(path: str) -> None:
    from workstation import app as rooms
    from workstation.cli import main

    real = rooms.Workstation.new_desk

    def new_desk(workstation):
        desk = real(workstation)
        desk.window.first_painted.connect(lambda: tell("first"))
        add = desk.window.add_film

        def add_film(film):
            def check():
                if film.state.value != "loading":
                    tell(film.state.value)
                    workstation.tasks.close()
                    desk.window.close()

            film.changed.connect(check)
            add(film)

        desk.window.add_film = add_film
        return desk

    rooms.Workstation.new_desk = new_desk
    sys.argv = ["workstation"]
    main(["open", path])


if __name__ == "__main__":
    multiprocessing.freeze_support()
    if sys.argv[1] == "window":
        program(sys.argv[2])
    elif sys.argv[1] == "bare":
        bare()
    else:
        folder(sys.argv[2])
