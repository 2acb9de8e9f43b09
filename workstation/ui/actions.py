"""Every command as a row: id, text, keys, icon, when it can be used, what it does. Menus and keys come from here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workstation.ui.action import Action, deed, has_image
from workstation.ui.language import mark, tr
from workstation.ui.measure_actions import EDITS, MEASURES, is_measuring, measure_on
from workstation.viewing.panes import LAYOUTS, MOST_PANES, SHEETS

if TYPE_CHECKING:
    from workstation.ui.action import Ask, Desk, Run


def _has_film(desk: Desk) -> bool:
    return bool(desk.session.films.value)


def _may_pause(desk: Desk) -> bool:
    return any(film.state.value == "loading" for film in desk.session.films.value)


def _is_paused(desk: Desk) -> bool:
    return any(film.hold.is_paused for film in desk.session.films.value)


def _is_missing_some(desk: Desk) -> bool:
    return any(film.hold.can_hurry for film in desk.session.films.value)


def _differs(desk: Desk) -> bool:
    return any(film.differing for film in desk.session.films.value)


def _is_stack(desk: Desk) -> bool:
    shown = desk.session.active_viewport.state.display_set
    return shown is not None and len(shown.frames) > 1


def _is_grey(desk: Desk) -> bool:
    shown = desk.shown()
    return shown is not None and shown.grayscale is not None


def _has_overlays(desk: Desk) -> bool:
    shown = desk.shown()
    return shown is not None and bool(shown.overlays)


def _may_export(desk: Desk) -> bool:
    return desk.shown() is not None and desk.session.is_confirmed.value


def _awaits_confirmation(desk: Desk) -> bool:
    return _has_film(desk) and not desk.session.is_confirmed.value


def _tool(tool_id: str, text: str, key: str, icon: str, hint: str) -> Action:
    return Action(
        f"tool.{tool_id}",
        text,
        lambda desk: desk.session.tool.set(tool_id),
        (key,),
        icon,
        "tools",
        hint,
        has_image,
        lambda desk: desk.session.tool.value == tool_id,
    )


def _view(change: str, *arguments: int) -> Run:
    def run(desk: Desk) -> None:
        viewport = desk.session.active_viewport
        viewport.set_view(getattr(viewport.state.view, change)(*arguments))

    return run


def _fit(desk: Desk) -> None:
    viewport = desk.session.active_viewport
    viewport.set_view(replace(viewport.state.view, scale=None, centre=None, area=None, column_mm=None))


def _one_to_one(desk: Desk) -> None:
    viewport = desk.session.active_viewport
    viewport.set_view(replace(viewport.state.view, scale=1.0))


def _preset(number: int) -> Run:
    def run(desk: Desk) -> None:
        from workstation.viewing.presets import presets_for  # with numpy: the first window does without

        shown = desk.shown()
        presets = presets_for(shown)
        viewport = desk.session.active_viewport
        if number == 0 or shown is None or shown.grayscale is None:
            viewport.set_window(None)
        elif number <= len(presets):
            viewport.set_window(presets[number - 1].window, presets[number - 1].name)

    return run


def _preset_there(number: int) -> Ask:
    def ask(desk: Desk) -> bool:
        from workstation.viewing.presets import preset_names

        return number <= len(preset_names(desk.shown()))

    return ask


def _scroll(steps: int) -> Run:
    return lambda desk: desk.session.active_viewport.scroll(steps)


def _turn_page(pages: int) -> Run:
    return lambda desk: desk.session.active_viewport.turn_page(pages)


def _toggle_cine(desk: Desk) -> None:
    viewport = desk.session.active_viewport
    viewport.set_playing(not viewport.state.is_playing)


def _neighbour(step: int) -> Run:
    def run(desk: Desk) -> None:
        shown = desk.session.shown_viewports
        place = next((n for n, one in enumerate(shown) if one is desk.session.active_viewport), 0)
        desk.session.activate(shown[(place + step) % len(shown)])

    return run


def _may_add_window(desk: Desk) -> bool:
    return len(desk.session.panes.value) < MOST_PANES


def _has_windows(desk: Desk) -> bool:
    return len(desk.session.panes.value) > 1


def _layout(rows: int, columns: int) -> Action:
    return Action(
        f"layout.{rows}x{columns}",
        f"{rows} × {columns}",
        lambda desk: desk.session.set_layout(rows, columns),
        (f"Ctrl+Shift+{rows}",) if rows == columns else (),
        group="layout",
        is_enabled=_has_film,
        is_checked=lambda desk: desk.session.pane.layout.value == (rows, columns) and not _is_sheet(desk),
    )


def _sheet(rows: int, columns: int, key: str) -> Action:
    return Action(
        f"sheet.{rows}x{columns}",
        mark("Film sheet {rows} × {columns}"),
        lambda desk: desk.session.set_sheet(rows, columns),
        (key,),
        hint=mark("Neighbouring images of one series as tiles; again to go back"),
        is_enabled=_may_lay_sheet,
        is_checked=lambda desk: desk.session.is_sheet(rows, columns),
        numbers=(("rows", rows), ("columns", columns)),
    )


def _is_sheet(desk: Desk) -> bool:
    return desk.session.pane.is_sheet.value


def _may_lay_sheet(desk: Desk) -> bool:
    return _is_stack(desk) or _is_sheet(desk)


def _toggle_magnifier(desk: Desk) -> None:
    desk.session.magnification.set(0 if desk.session.magnification.value else 2)


def _is_magnified(desk: Desk) -> bool:
    return desk.session.magnification.value > 0


PRESET_KEYS: Final = 8

ACTIONS: Final[tuple[Action, ...]] = (
    Action("film.confirm", mark("Confirm the patient"), deed("confirm"), ("Return", "Enter"),
           "check", is_enabled=_awaits_confirmation),
    Action("film.open", mark("Open film"), deed("open_door"), ("Ctrl+O",), "door-enter", "film",
           mark("Back to the film door: paste a link or type a number")),
    Action("film.files", mark("Open file…"), deed("open_files"), ("Ctrl+Shift+O",), "folder-open", "film"),
    Action("film.folder", mark("Open folder…"), deed("open_folder"), ("Ctrl+Alt+O",), "folder-open"),
    Action("film.clipboard", mark("Open from the clipboard"), deed("read_clipboard"), ("Ctrl+Shift+V",),
           hint=mark("A picture with a code, or a link, that was copied")),
    Action("film.screen_region", mark("Code on the screen…"), deed("read_screen"), ("Ctrl+Shift+R",),
           hint=mark("Frame a QR code that is anywhere on the screen")),
    Action("film.search", mark("Search the sources"), deed("search"), ("Ctrl+F",), "search",
           hint=mark("The worklist: patients by name, pinyin or number, and by date")),
    Action("film.close", mark("Close the film"), deed("close_film"), ("Ctrl+W",), "x", is_enabled=_has_film),
    Action("film.use_source", mark("Use what the source has now"), deed("use_source"), (),
           hint=mark("Images that were kept and differ are fetched again, and the film is opened as it is now"),
           is_enabled=_differs),
    Action("film.forget_patient", mark("Forget this patient now…"), deed("forget_patient"), ("Ctrl+Shift+Delete",),
           hint=mark("Close the film, and delete every kept film of this patient on this machine"),
           is_enabled=_has_film),
    Action("film.stop", mark("Stop loading"), deed("stop_loading"), ("Ctrl+.",), "player-stop", is_enabled=_has_film),
    Action("film.pause", mark("Pause loading"), deed("pause_loading"), ("Ctrl+Shift+.", "Pause"), "player-pause", "",
           mark("Only what is looked at is fetched until it goes on"), _may_pause, _is_paused),
    Action("film.retry", mark("Fetch what is missing again"), deed("fetch_missing"), ("F5",), "",
           hint=mark("Images that could not be had when the line or the source failed"), is_enabled=_is_missing_some),
    Action("film.completeness", mark("What is missing"), deed("show_completeness"), ("Shift+F5",),
           hint=mark("Which images of the film are not here, and why"), is_enabled=_has_film),
    _tool("window", mark("Window"), "W", "contrast-2", mark("Window: drag right for wider, down for brighter")),
    _tool("pan", mark("Pan"), "P", "arrows-move", mark("Pan: drag the image; the middle button always pans")),
    _tool("zoom", mark("Zoom"), "Z", "zoom-in", mark("Zoom: drag up to enlarge; the right button always zooms")),
    _tool("scroll", mark("Scroll"), "S", "stack-2", mark("Scroll: drag down through the images; so does the wheel")),
    Action("tool.measure", mark("Measure"), measure_on, ("M",), "measure-length", "",
           mark("The measuring tool used last; again for the next one"), has_image, is_measuring),
    *MEASURES,
    *EDITS,
    Action("view.fit", mark("Fit"), _fit, ("F",), "maximize", "view", mark("The whole image"), has_image),
    Action("view.one", mark("1:1"), _one_to_one, ("0",), "square-number-1", "view",
           mark("One image pixel on one screen pixel"), has_image),
    Action("view.life_size", mark("Life size"), deed("life_size"), ("Ctrl+0",),
           hint=mark("A millimetre of the image is a millimetre on the glass"), is_enabled=has_image),
    Action("view.rotate", mark("Rotate"), _view("rotated", 1), ("R",), "rotate-clockwise", "view",
           mark("A quarter turn clockwise"), has_image),
    Action("view.rotate_back", mark("Rotate back"), _view("rotated", -1), ("Shift+R",), is_enabled=has_image),
    Action("view.flip_horizontal", mark("Flip"), _view("flipped_horizontally"), ("H",), "flip-horizontal", "view",
           mark("Mirror left to right; FLIPPED is shown as long as it is mirrored"), has_image,
           lambda desk: desk.session.active_viewport.state.view.is_mirrored),
    Action("view.flip_vertical", mark("Flip upside down"), _view("flipped_vertically"), ("V",), "flip-vertical",
           is_enabled=has_image),
    Action("view.invert", mark("Invert"), lambda desk: desk.session.active_viewport.invert(), ("I",), "circle-half-2",
           "view", mark("Swap black and white"), has_image,
           lambda desk: desk.session.active_viewport.state.is_inverted),
    Action("view.reset", mark("Reset"), lambda desk: desk.session.active_viewport.reset(), ("Backspace",), "refresh",
           "view", mark("Window, zoom and orientation as at first"), has_image),
    Action("view.texts", mark("Texts"), lambda desk: desk.session.texts_hidden.set(
           not desk.session.texts_hidden.value), ("T",), "eye-off", "view",
           mark("Hide the corner texts; identity and warnings stay"), has_image,
           lambda desk: desk.session.texts_hidden.value),
    Action("view.overlays", mark("Overlays of the file"), lambda desk: desk.session.active_viewport.toggle_overlays(),
           ("Shift+T",), hint=mark("Graphics and regions that came with the image"), is_enabled=_has_overlays,
           is_checked=lambda desk: not desk.session.active_viewport.state.hides_overlays),
    Action("view.magnifier", mark("Magnifier"), _toggle_magnifier, ("G",), "zoom-scan", "view",
           mark("A lens under the pointer; + and − change its strength"), has_image, _is_magnified),
    Action("magnifier.stronger", mark("Stronger lens"), lambda desk: desk.session.magnify(1), ("+", "="),
           is_enabled=_is_magnified),
    Action("magnifier.weaker", mark("Weaker lens"), lambda desk: desk.session.magnify(-1), ("-",),
           is_enabled=_is_magnified),
    Action("cine.toggle", mark("Cine"), _toggle_cine, ("Space",), "player-play", "view",
           mark("Play the images; again to stop"), _is_stack,
           lambda desk: desk.session.active_viewport.state.is_playing),
    Action("window.file", mark("Window of the file"), _preset(0), ("9",), is_enabled=_is_grey),
    *(Action(f"window.preset_{n}", f"{n}", _preset(n), (f"{n}",), is_enabled=_preset_there(n))
      for n in range(1, PRESET_KEYS + 1)),
    Action("stack.next", mark("Next image"), _scroll(1), ("Down",), is_enabled=_is_stack),
    Action("stack.previous", mark("Previous image"), _scroll(-1), ("Up",), is_enabled=_is_stack),
    Action("stack.far_next", mark("Ten images on"), _turn_page(1), ("PgDown",), is_enabled=_is_stack),
    Action("stack.far_previous", mark("Ten images back"), _turn_page(-1), ("PgUp",), is_enabled=_is_stack),
    Action("stack.first", mark("First image"), _scroll(-10**6), ("Home",), is_enabled=_is_stack),
    Action("stack.last", mark("Last image"), _scroll(10**6), ("End",), is_enabled=_is_stack),
    Action("series.next", mark("Next series"), lambda desk: desk.session.show_next_series(1), ("Right",),
           is_enabled=_has_film),
    Action("series.previous", mark("Previous series"), lambda desk: desk.session.show_next_series(-1), ("Left",),
           is_enabled=_has_film),
    Action("viewport.next", mark("Next viewport"), _neighbour(1), ("Ctrl+Right",), is_enabled=_has_film),
    Action("viewport.previous", mark("Previous viewport"), _neighbour(-1), ("Ctrl+Left",), is_enabled=_has_film),
    Action("viewport.maximise", mark("Viewport full screen and back"), deed("maximise"), ("X",),
           is_enabled=has_image),
    *(_layout(rows, columns) for rows, columns in LAYOUTS),
    *(_sheet(rows, columns, f"Ctrl+Shift+{number}") for number, (rows, columns) in enumerate(SHEETS, start=4)),
    Action("picture.copy", mark("Copy"), deed("copy_picture"), ("Ctrl+C",), "copy", "output",
           mark("The picture with identity and marks, to the clipboard"), _may_export),
    Action("picture.save", mark("Save…"), deed("save_picture"), ("Ctrl+S",), "photo-down", "output",
           mark("The picture with identity and marks, as a PNG file"), _may_export),
    Action("desk.strip", mark("Series strip"), deed("toggle_strip"), ("Ctrl+L",), "layout-sidebar",
           is_enabled=_has_film),
    Action("desk.report", mark("Report"), deed("toggle_report"), ("D",), "file-text", "",
           mark("The report beside the images; again to fold it away"), _has_film,
           lambda desk: desk.is_report_open),
    Action("desk.measurements", mark("Measurements"), deed("toggle_measurements"), ("Ctrl+M",), "list-numbers", "",
           mark("Every measurement of this film; again to fold it away"), _has_film, lambda desk: desk.is_table_open),
    Action("desk.add_window", mark("Another window"), deed("add_window"), ("Ctrl+N",), "device-desktop-plus",
           hint=mark("More viewports of the same patient, for another monitor"), is_enabled=_may_add_window),
    Action("desk.close_window", mark("Close this extra window"), deed("close_window"), ("Ctrl+Shift+W",),
           is_enabled=_has_windows),
    Action("desk.next_window", mark("Next window"), deed("next_window"), ("F6",), is_enabled=_has_windows),
    Action("desk.next_monitor", mark("To the next monitor"), deed("next_monitor"), ("Ctrl+Shift+M",)),
    Action("desk.full_screen", mark("Full screen"), deed("full_screen"), ("F11",), "maximize"),
    Action("desk.patterns", mark("Test patterns"), deed("patterns"), ("Ctrl+Shift+T",),
           hint=mark("TG270-sQC, TG270-pQC and one like TG18-QC over the whole monitor")),
    Action("desk.language", mark("中文 / English"), deed("switch_language"), ("Ctrl+Shift+L",), "language"),
    Action("desk.speeds", mark("Speed of the sources"), deed("speeds"), ("Ctrl+Shift+S",),
           hint=mark("How fast films came, source by source: to show where a cloud lets people wait")),
    Action("desk.settings", mark("Settings"), deed("settings"), ("Ctrl+,",), "settings",
           hint=mark("Sources, proxy, certificates, language, scanner, mouse and keys")),
    Action("desk.help", mark("Manual"), deed("manual"), ("F1",), "help-circle",
           hint=mark("The manual, at the page for where you are")),
    Action("desk.shortcuts", mark("Shortcuts"), deed("shortcuts"), ("Shift+F1", "?")),
    Action("desk.back", mark("Back one step"), deed("back"), ("Escape",)),
)  # fmt: skip

CODE_ACTIONS: Final = ("film.clipboard", "film.screen_region", "film.search")  # work on the film door, too


def action_words(action: Action) -> str:
    """What a command is called, in the language in use."""
    return tr(action.text, **dict(action.numbers))


BY_ID: Final[dict[str, Action]] = {action.action_id: action for action in ACTIONS}
