"""What only a window can do: pages, pictures, files, full screen. The action table names them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QFileDialog

from workstation.errors import StationError
from workstation.ui.code_deeds import CODE_DEEDS
from workstation.ui.glass_deeds import GLASS_DEEDS
from workstation.ui.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.ui.main_window import MainWindow


def picture(window: MainWindow) -> QImage | None:
    """The active viewport as a picture: image, identity and marks burned in, at device pixels; texts always shown."""
    widget = window.active_grid().active
    if widget.shown() is None:
        return None
    ratio = widget.devicePixelRatioF()
    made = QImage(round(widget.width() * ratio), round(widget.height() * ratio), QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(ratio)
    hidden = window.session.texts_hidden.value
    window.session.texts_hidden.set(False)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    widget.render_onto(painter)
    painter.end()
    window.session.texts_hidden.set(hidden)
    return made


def _copy(window: MainWindow) -> None:
    made = picture(window)
    if made is not None:
        QGuiApplication.clipboard().setImage(made)
        window.opener.exported("copy_picture")
        window.status.hint.setText(tr("The picture is on the clipboard."))


def _save(window: MainWindow) -> None:
    made = picture(window)
    if made is None:
        return
    name, _ = QFileDialog.getSaveFileName(window, tr("Save picture"), str(Path.home() / "picture.png"), "PNG (*.png)")
    if name:
        save_to(window, made, name)


def save_to(window: MainWindow, made: QImage, name: str) -> None:
    """Write a picture as PNG, off the main thread; a failure is said above the glass."""
    target = name if name.lower().endswith(".png") else f"{name}.png"

    def told(is_written: bool) -> None:
        if is_written:
            window.opener.exported("save_picture")
            window.status.hint.setText(tr("Saved: {file}", file=Path(target).name))
        else:
            window.show_notice(StationError("cannot-write", reason=Path(target).name))

    window.opener.run_aside(lambda: made.save(target), told)


def _open_files(window: MainWindow) -> None:
    name, _ = QFileDialog.getOpenFileName(window, tr("Open a file"), str(Path.home()))
    if name:
        window.opener.open_path(name)


def _open_folder(window: MainWindow) -> None:
    name = QFileDialog.getExistingDirectory(window, tr("Open a folder"), str(Path.home()))
    if name:
        window.opener.open_path(name)


def _full_screen(window: MainWindow) -> None:
    front = window.glasses.in_front()
    if front.isFullScreen():
        front.showNormal()
    else:
        front.showFullScreen()


def _close_window(window: MainWindow) -> None:
    front = window.glasses.in_front()
    (front if front is not window else window.glasses.windows[-1]).close()


def _toggle_strip(window: MainWindow) -> None:
    window.strip.setVisible(not window.strip.isVisible())


def _back(window: MainWindow) -> None:
    """Escape backs out one step: a page, a drag, the lens, a full-grid viewport, a sheet, the screen, a notice."""
    if not window.is_reading:
        window.leave_page()
    elif window.active_grid().active.cancel_gesture():
        return
    elif window.session.active_viewport.state.is_playing:
        window.session.active_viewport.set_playing(False)
    elif window.session.magnification.value:
        window.session.magnification.set(0)
    elif window.active_grid().is_maximised:
        window.active_grid().toggle_maximised()
    elif window.session.pane.is_sheet.value:
        window.session.set_sheet(*window.session.pane.layout.value)
    elif window.glasses.in_front().isFullScreen():
        window.glasses.in_front().showNormal()
    elif window.notice.isVisible():
        window.dismiss_notice()
    elif window.reports.isAncestorOf(window.focusWidget()):
        window.open_report(False)


def _back_or_cancel(window: MainWindow) -> None:
    """Escape answers a question about forgetting with no; else see `_back`."""
    if window.forget_bar.isHidden():
        _back(window)
    else:
        window.forget_bar.cancel.click()


def _manual(window: MainWindow, name: str = "") -> None:
    """The manual, at the page for where the user is."""
    if window.manual is None:
        from workstation.ui.manual_page import ManualWindow

        window.manual = ManualWindow(lambda language, told: _read_manual(window, language, told), window)
    window.manual.open_at(name or window.place(), "zh" if window.chinese else "en")


def _read_manual(window: MainWindow, language: str, told: Callable[[dict[str, str]], None]) -> None:
    from workstation.ui.manual_page import read_pages

    pages: dict[str, str] = {}

    def work() -> bool:
        pages.update(read_pages(language))
        return True

    window.opener.run_aside(work, lambda _is_read: told(pages))


def _speeds(window: MainWindow) -> None:
    """How fast the sources are."""
    if window.speeds is None:
        from workstation.ui.speed_window import SpeedWindow

        window.speeds = SpeedWindow(window.opener, window)
    window.speeds.open()


def _search(window: MainWindow) -> None:
    window.show_door()
    window.door.worklist.filters.field.setFocus()
    window.door.worklist.filters.field.selectAll()


def _undo(window: MainWindow) -> None:
    """Take the last point of what is drawn back, else the last edit."""
    if not window.active_grid().active.marks.hand.step_back():
        window.session.markings.undo()


def _rename(window: MainWindow) -> None:
    """Ask for other words of the selected measurement, where it stands."""
    found = window.session.markings.find(window.session.markings.selected.value)
    if found is not None:
        window.session.markings.asked.set(None)
        window.session.markings.asked.set(found)


def _nudge(window: MainWindow, x: float, y: float) -> None:
    widget = window.active_grid().active
    plan = widget.plan()
    if plan is not None:
        widget.marks.hand.nudge(plan, x, y)


DEEDS: Final[dict[str, Callable[[MainWindow], None]]] = {
    "confirm": lambda window: window.confirm(),
    "open_door": lambda window: window.show_door(),
    "search": _search,
    "open_files": _open_files,
    "open_folder": _open_folder,
    "close_film": lambda window: window.opener.close_film(),
    "use_source": lambda window: window.opener.use_source(),
    "forget_patient": lambda window: window.opener.forget_patient(),
    "stop_loading": lambda window: window.opener.stop(),
    "pause_loading": lambda window: window.opener.pause(),
    "show_completeness": lambda window: window.reading.show_completeness(),
    "fetch_missing": lambda window: window.opener.fetch_missing(),
    "copy_picture": _copy,
    "save_picture": _save,
    "maximise": lambda window: window.active_grid().toggle_maximised(),
    "toggle_strip": _toggle_strip,
    "toggle_report": lambda window: window.open_report(not window.is_report_open),
    "rename_measurement": _rename,
    "toggle_measurements": lambda window: window.reading.open_measures(not window.is_table_open),
    "full_screen": _full_screen,
    "add_window": lambda window: window.add_window(),
    "close_window": _close_window,
    "next_window": lambda window: window.glasses.go_to_next(),
    "next_monitor": lambda window: window.placing.to_next_monitor(window.glasses.in_front()),
    "switch_language": lambda window: window.opener.switch_language(),
    "manual": _manual,
    "shortcuts": lambda window: _manual(window, "shortcuts"),
    "speeds": _speeds,
    "settings": lambda window: window.show_settings(),
    "back": _back_or_cancel,
    "undo": _undo,
    "nudge_left": lambda window: _nudge(window, -1, 0),
    "nudge_right": lambda window: _nudge(window, 1, 0),
    "nudge_up": lambda window: _nudge(window, 0, -1),
    "nudge_down": lambda window: _nudge(window, 0, 1),
    **CODE_DEEDS,
    **GLASS_DEEDS,
}
