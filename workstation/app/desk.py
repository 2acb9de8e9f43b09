"""`ReadingDesk`: one window with its session. Introduces the parts that open, load and show a film to each other."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from workstation.app.codes import PictureCodes, ReadPicture
from workstation.app.forgetting import Forgetting
from workstation.app.kept_films import KeptFilms
from workstation.app.light_box import LightBox
from workstation.app.opening import Opening
from workstation.app.papers import Papers
from workstation.app.searching import Hands, Searching
from workstation.app.warming import warm_up
from workstation.errors import StationError, WorkstationError
from workstation.film.links import understand
from workstation.film.opened import OpenedFilm
from workstation.reference import Secret
from workstation.tasks import CancelToken, Priority
from workstation.ui.deeds import DEEDS
from workstation.ui.main_window import MainWindow
from workstation.viewing.session import Habits, ReadingSession

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QImage

    from workstation.app.house import House
    from workstation.app.office import SettingsOffice
    from workstation.app.station import Station
    from workstation.film.links import Understanding
    from workstation.station.open_films import OpenFilm
    from workstation.station.speed_log import SpeedRecord

_PATHS: Final = ("/", "./", "../", ".\\", "..\\")


class ReadingDesk:
    """One window with its session: opens films for it (`ui.main_window.Opener`)."""

    def __init__(self, workstation: House) -> None:
        self._workstation = workstation
        self.session = ReadingSession()
        self.papers = Papers(workstation.post, lambda: self._station.pool)
        self.fate = workstation.keeping.fate
        self.window = MainWindow(self.session, self, DEEDS, text_scale=self._station.settings.screen.text_scale)
        self.window.retranslate(chinese=workstation.language.code == "zh")
        self.light_box = LightBox(workstation, self.session, self.window)
        self.opening = Opening(workstation, self.window, self.light_box)
        self.forgetting = Forgetting(workstation, self.session, self.window.forget_bar)
        self.kept_films = KeptFilms(workstation, self.window.door, self.open_entry, self.forgetting)
        self._codes = self._picture_codes()
        self.opening.began.connect(self._codes.forget)
        hands = Hands(self.opening.open_reference, self.opening.begin, self.opening.take_password)
        self.searching = Searching(lambda: self._station, self.window.door.worklist, workstation.post, hands)
        self.use_settings()
        self.window.closed.connect(self.close)
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)

    def _picture_codes(self) -> PictureCodes:
        def take(read: object) -> None:
            if isinstance(read, ReadPicture):
                self._codes.show(read)
            else:
                self.opening.take(read)

        def begin(work: Callable[[CancelToken], object], words: str) -> None:
            self.opening.begin(work, words, take)

        door = self.window.door
        return PictureCodes(
            lambda: self._station, door, begin, lambda text: self.open_text(text, ""), self.opening.fail
        )

    @property
    def _station(self) -> Station:
        return self._workstation.station

    @property
    def last_error(self) -> WorkstationError | None:
        """Why the last wish came to nothing."""
        return self.opening.last_error

    # ui.main_window.Opener --------------------------------------------------------------------------------------------

    def understand(self, text: str) -> Understanding:
        """See `Opener`."""
        found = understand(text, self._station.settings.sources)
        root = found.reference.dicomweb_root if found.reference is not None else ""
        if any(source.root == root for source in self._station.settings.sources):
            self._station.make_way(root)  # of those that IT named; nobody else learns what is typed here
        return found

    def open_text(self, text: str, passcode: str, user: str = "") -> None:
        """See `Opener`."""
        self.opening.open_text(self.understand(text), text, passcode, user)

    def open_entry(self, entry: str) -> None:
        """Open a path, or what a text names: as it was entered, dropped, scanned or handed over."""
        is_path = entry.startswith(_PATHS) or os.path.exists(entry)  # noqa: PTH110 - Path.exists raises for long names
        if "://" not in entry and is_path:
            self.open_path(entry)
        else:
            self.window.show_door()
            self.window.door.enter_text(entry)
            self.open_text(entry, "")

    def show(self, opened: OpenedFilm) -> None:
        """Show a film that was opened in another window, for a patient of its own."""
        self.light_box.show(opened)

    def open_films(self) -> tuple[OpenFilm, ...]:
        """What is open here, with names masked."""
        return self.light_box.open_films()

    def open_path(self, path: str) -> None:
        """See `Opener`."""
        if not self._station.policy.allows("open_files"):
            self.opening.fail(StationError("not-allowed", act="open_files"))
            return

        if self._codes.takes(path):
            self._codes.open_file(Path(path))
            return

        def work(token: CancelToken) -> tuple[OpenedFilm, ...]:
            warm_up()
            from workstation.archive.media import list_media

            listed = list_media(Path(path), token, partial(self.opening.tell_counted, token))
            return tuple(OpenedFilm(*film, Secret(path)) for film in listed)

        self._station.record("open", kind="path")
        self.opening.begin(work)

    def open_image(self, picture: QImage) -> None:
        """See `Opener`."""
        self._codes.open_image(picture)

    def open_scanned(self, text: str) -> None:
        """Open what a hand-held scanner typed."""
        self._codes.open_scanned(text)

    def refuse_screen(self) -> None:
        """See `Opener`."""
        self._codes.refuse_screen()

    def pick(self, number: int) -> None:
        """See `Opener`."""
        if not self._codes.pick(number):
            self.opening.pick(number)

    def stop(self) -> None:
        """See `Opener`."""
        if self.opening.stop():
            self.window.door.show_idle()
        else:
            self.light_box.stop()  # what loads already is not called off with an opening

    def pause(self) -> None:
        """See `Opener`."""
        self.light_box.holds.pause()

    def fetch_missing(self) -> None:
        """See `Opener`."""
        self.light_box.holds.fetch_missing()

    def close_film(self) -> None:
        """See `Opener`."""
        self._let_go()
        self.window.forget_films()

    def use_source(self) -> None:
        """See `Opener`."""
        self.light_box.use_source(self.open_entry)

    def forget_patient(self) -> None:
        """See `Opener`."""
        self.forgetting.patient(self.kept_films.refresh)

    def confirm(self) -> None:
        """See `Opener`."""
        for film in self.session.films.value:
            study = film.instances[0].study.study_instance_uid
            self._station.record("confirm", study=study, outcome="confirmed")

    def open_apart(self, agreed: bool) -> None:
        """See `Opener`."""
        films = self.light_box.take_apart()
        if not agreed:
            for film in films:
                film.source.close()
        if not films or not agreed:
            return
        desk = self._workstation.new_desk()
        desk.window.resize(self.window.size())
        desk.window.show()
        for film in films:
            desk.show(film)

    @property
    def office(self) -> SettingsOffice:
        """See `Opener`."""
        return self._workstation.office

    def use_settings(self) -> None:
        """Take what the settings say of hands, keys and texts."""
        settings = self._station.settings
        mouse = settings.mouse
        self.session.habits.set(Habits(mouse.middle, mouse.right, mouse.wheel_reversed))
        self.use_monitors()
        self.window.dress(settings.screen.text_scale)
        self.searching.take_sources()

    def use_monitors(self) -> None:
        """Take what is declared of monitors."""
        self.session.monitors.set(self._workstation.monitors.with_settings(self._station.settings.monitors))

    def switch_language(self) -> None:
        """See `Opener`."""
        self._workstation.is_language_chosen = True
        self._workstation.set_language("en" if self._workstation.language.code == "zh" else "zh")

    def run_aside(self, work: Callable[[], bool], told: Callable[[bool], None]) -> None:
        """See `Opener`."""
        self._workstation.tasks.submit(lambda _: work(), priority=Priority.SHOWN, done=told)

    def read_speeds(self, told: Callable[[Sequence[SpeedRecord]], None]) -> None:
        """See `Opener`."""
        speeds = self._station.speeds
        if self.keeps_speeds:
            self._workstation.tasks.submit(lambda _: speeds.read(), priority=Priority.SHOWN, done=told)
        else:
            told(speeds.recent)

    @property
    def keeps_speeds(self) -> bool:
        """See `Opener`."""
        return self._station.settings.network.speed_log

    def exported(self, what: str) -> None:
        """See `Opener`."""
        self._station.record("export", act=what)

    def allows(self, act: str) -> bool:
        """See `Opener`."""
        return self._station.policy.allows(act)

    # Closing ----------------------------------------------------------------------------------------------------------

    def _let_go(self) -> None:
        self.opening.forget()
        self._codes.forget()
        self.papers.forget()
        self.forgetting.dismiss()
        self.light_box.clear()

    def remember_places(self) -> None:
        """Keep where this window stands for the next start."""
        language = self._workstation.language.code if self._workstation.is_language_chosen else ""
        self._station.remember(replace(self.window.places(), language=language))

    def close(self) -> None:
        """The window is closed: nothing of its patient stays."""
        if self in self._workstation.desks:
            self.remember_places()
        self._let_go()
        self.opening.cold.close()
        self.session.close_films()
        self.papers.close()
        self.searching.close()
        self._workstation.forget(self)
        self._workstation.films_changed()

    def is_painted(self) -> bool:
        """Whether every viewport that has a series shows the frame it is asked for, or says why not."""
        for widget in self.window.shown_widgets():
            key, shown, film = widget.viewport.state.key, widget.shown(), widget.film()
            is_there = shown is not None and shown.frame.key == key
            if key is not None and not is_there and (film is None or film.frames.problem(key) is None):
                return False
        return True

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being opened or loaded any more, and what is shown is painted."""
        is_opened = not self.opening.is_running and self.light_box.is_loaded
        return is_opened and self.is_painted() and self.window.reports.is_settled
