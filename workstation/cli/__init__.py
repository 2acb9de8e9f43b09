"""The commands. All but the window work without a screen; an error is one sentence on stderr, never a traceback.

Exit codes: 0 done; 1 some of it could not be done; 2 the command line is wrong; 3 the settings file is wrong;
4 nothing could be opened; 5 something unexpected.
"""

from __future__ import annotations

import argparse
import gc
import logging
import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workstation import __version__, locations
from workstation.errors import ConfigError, WorkstationError, whereabouts
from workstation.settings import Settings, load, with_machine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DONE, PARTLY, USAGE, CONFIG, NOT_OPENED, UNEXPECTED = range(6)
_log = logging.getLogger("workstation")


class _Parser(argparse.ArgumentParser):
    """One sentence on stderr, exit code 2."""

    def error(self, message: str) -> None:  # type: ignore[override]
        """See ArgumentParser."""
        self.exit(USAGE, f"{self.prog}: {message}\n")


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 0 < int(width) <= 32768 and 0 < int(height) <= 32768):
        message = f"{text!r} is not WIDTHxHEIGHT"
        raise argparse.ArgumentTypeError(message)
    return int(width), int(height)


class _WindowAction(argparse.Action):
    """Takes a window only if there is one: finite, and wider than nothing (PS3.3 C.11.2.1.2)."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        """See argparse.Action."""
        del parser, option
        center, width = values if isinstance(values, list) else (math.nan, math.nan)
        if not (math.isfinite(center) and math.isfinite(width) and width > 0):
            raise argparse.ArgumentError(self, f"{center:g} {width:g} is no window")
        setattr(namespace, self.dest, (center, width))


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    made = _Parser(prog="workstation", description="A viewing workstation for cloud films.")
    made.add_argument("--version", action="version", version=f"workstation {__version__}")
    made.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML (default: the user's own)")
    made.add_argument("--lang", choices=("zh", "en"), help="language of the window and of messages")
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    opened = commands.add_parser("open", help="open a link, a UID, an accession number, a file or a folder")
    opened.add_argument("source")
    opened.add_argument("--screenshot", type=Path, metavar="PNG", help="save the settled window and end")
    opened.add_argument("--window-size", type=_size, metavar="WxH")
    opened.add_argument("--passcode", default="", help=argparse.SUPPRESS)
    demo = commands.add_parser("demo", help="show sample films from an embedded cloud, with no hospital at all")
    demo.add_argument("--screenshots", type=Path, metavar="DIR", help="save pictures of the main pages and end")
    demo.add_argument("--window-size", type=_size, default=(1600, 1000), metavar="WxH")
    render = commands.add_parser("render", help="render pictures of DICOM files as PNG")
    render.add_argument("source", nargs="+", type=Path)
    render.add_argument("--out", type=Path, required=True, metavar="PNG|DIR")
    render.add_argument("--frame", type=int, default=1, metavar="N", help="counts from 1")
    render.add_argument("--window", type=float, nargs=2, action=_WindowAction, metavar=("CENTER", "WIDTH"))
    render.add_argument("--size", type=_size, metavar="WxH")
    render.add_argument("--annotations", action="store_true", help="with identity, letters and marks")
    fetch = commands.add_parser("fetch", help="fetch every instance of a film into a folder, as the archive stores it")
    fetch.add_argument("source")
    fetch.add_argument("--to", type=Path, required=True, metavar="DIR")
    fetch.add_argument("--passcode", default="", help=argparse.SUPPRESS)
    resolve = commands.add_parser("resolve", help="say what a link means, as JSON; nothing is fetched")
    resolve.add_argument("link")
    commands.add_parser("doctor", help="check proxy, certificates, key store, OpenGL and disk")
    commands.add_parser("self-test", help="prove this installed copy")
    for command in commands.choices.values():
        command.add_argument("--config", type=Path, default=argparse.SUPPRESS, metavar="FILE")
        command.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS)
    return made


def main(arguments: Sequence[str], *, is_heard: bool = True) -> int:
    """Run one command.

    Parameters
    ----------
    is_heard : bool
        Somebody may read standard error. Where nobody can, an error's code goes to the log.

    Returns
    -------
    int
        The exit code; see the module.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    fail = _fail if is_heard else _fail_unheard
    options = parser().parse_args(arguments)
    try:
        settings = _settings(options.config)
    except ConfigError as error:
        if options.command not in (None, "open", "demo"):
            return fail(error, options.lang, CONFIG)
        settings = _safe(error)
    if options.lang:
        settings = _with_language(settings, options.lang)
    if options.command == "open" and settings.problem is not None and options.screenshot is not None:
        return fail(settings.problem, options.lang, CONFIG)
    try:
        return _COMMANDS[options.command](options, settings)
    except WorkstationError as error:
        return fail(error, options.lang or settings.screen.language, NOT_OPENED)
    except BrokenPipeError:
        return PARTLY
    except KeyboardInterrupt:
        return UNEXPECTED
    except Exception as error:  # noqa: BLE001 - the crash handler: where it was goes to the log alone
        _log.debug("unexpected: %s", whereabouts(error))
        return fail(error, options.lang or settings.screen.language, UNEXPECTED)


def _settings(named: Path | None) -> Settings:
    own = named if named is not None else locations.settings_file()
    settings = load(own) if named is not None or own.is_file() else Settings()
    return with_machine(settings, locations.machine_policy_file())


def _safe(problem: ConfigError) -> Settings:
    """Defaults that send nothing and carry the problem; what IT placed on the machine holds nevertheless."""
    try:
        return replace(with_machine(Settings(), locations.machine_policy_file()), problem=problem)
    except ConfigError as error:
        return Settings(problem=error)


def _with_language(settings: Settings, language: str) -> Settings:
    return replace(settings, screen=replace(settings.screen, language=language))


def _fail(error: BaseException, language: str | None, code: int) -> int:
    from workstation.cli.words import words

    print(words(error, language), file=sys.stderr)
    return code


def _fail_unheard(error: BaseException, language: str | None, code: int) -> int:
    """A windowed program has nowhere to say it: the code goes to the log, for IT."""
    del language
    from workstation.station.logs import LogFile

    log = LogFile()
    log.begin()
    _log.error(
        "ended with exit code %d: %s", code, error.code if isinstance(error, WorkstationError) else whereabouts(error)
    )
    log.end()
    return code


# The commands are imported when they are run: `render` needs no window, `resolve` no network.


def _window(options: argparse.Namespace, settings: Settings) -> int:
    if getattr(options, "screenshot", None) is not None:
        from workstation.cli.windows import run_screenshot

        return run_screenshot(options, settings)
    from workstation.ui.one_program import OneProgram, absolute, channel_of

    one = OneProgram(channel_of(options.config))
    if not one.claim() and one.hand_over(absolute(getattr(options, "source", ""))):
        return DONE  # a copy that runs already opens it
    gc.disable()  # nothing that is imported is garbage, and looking for some takes 12 ms of the start
    from workstation.cli.windows import run_window

    gc.enable()
    return run_window(options, settings, one)


def _demo(options: argparse.Namespace, settings: Settings) -> int:
    from workstation.cli.demonstration import run_demo

    return run_demo(options, settings)


def _render(options: argparse.Namespace, settings: Settings) -> int:
    from workstation.cli.pictures import run_render

    return run_render(options, settings)


def _fetch(options: argparse.Namespace, settings: Settings) -> int:
    from workstation.cli.links import run_fetch

    return run_fetch(options, settings)


def _resolve(options: argparse.Namespace, settings: Settings) -> int:
    from workstation.cli.links import run_resolve

    return run_resolve(options, settings)


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    from workstation.cli.checks import run_doctor

    return run_doctor(options, settings)


def _self_test(options: argparse.Namespace, settings: Settings) -> int:
    from workstation.cli.checks import run_self_test

    return run_self_test(options, settings)


_COMMANDS: Final[dict[str | None, Callable[[argparse.Namespace, Settings], int]]] = {
    None: _window,
    "open": _window,
    "demo": _demo,
    "render": _render,
    "fetch": _fetch,
    "resolve": _resolve,
    "doctor": _doctor,
    "self-test": _self_test,
}
