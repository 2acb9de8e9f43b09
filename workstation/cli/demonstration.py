"""`demo`: the sample films, the embedded cloud behind its proxy, and the window before them."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from workstation import locations
from workstation.app import ReadingDesk, Station, Workstation, make_application
from workstation.cli.windows import enter, run_until_closed, save, wait
from workstation.demo.films import make_films
from workstation.demo.service import start_demo
from workstation.rendering.still import render_file, write_png
from workstation.station.policy import Policy
from workstation.station.vault import Vault
from workstation.tasks import Priority
from workstation.ui.language import mark, tr
from workstation.ui.offers import Offer
from workstation.viewing.words import iso_date

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from workstation.demo.films import FilmInfo
    from workstation.demo.service import DemoService
    from workstation.settings import Settings
    from workstation.workers.pool import WorkerPool

PASSCODE: Final = "2468"
_EXPIRED_AFTER_S: Final = -1.0
TITLES: Final = {
    "knee-ct-current": mark("Right knee CT, six weeks after the injury"),
    "knee-ct-prior": mark("Right knee CT, on the day of the injury"),
    "knee-dx": mark("Right knee radiograph with a calibration ball"),
    "head-ct": mark("Head CT of a phantom (real data, CC BY 4.0)"),
}
_THUMBNAIL: Final = (256, 256)


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """The demo's films and cloud, once they are made."""

    films: tuple[FilmInfo, ...]
    service: DemoService


def run_demo(options: argparse.Namespace, settings: Settings) -> int:
    """Run the demo until its window is closed; with --screenshots save pictures of the main pages and end."""
    Policy(settings).require("demo")
    app = make_application(sys.argv[:1])
    with ExitStack() as stack:
        folder = locations.state_dir() / "demo-films"  # made once: nothing in it is of a real person
        workstation = Workstation(app, Station(settings))
        stack.callback(workstation.close)
        desk = workstation.new_desk()
        desk.window.resize(*options.window_size)
        desk.window.show()
        desk.window.door.show_opening(tr("Making the sample films …"))
        begun: list[Running] = []

        def started(running: Running) -> None:
            begun.append(running)
            stack.callback(running.service.close)
            _use(workstation, running, settings)

        workstation.tasks.submit(
            lambda _token: _start(folder, workstation.station.pool), priority=Priority.SHOWN, done=started
        )
        if options.screenshots is None:
            return run_until_closed(app)
        wait(app, lambda: bool(begun))
        return _tour(app, workstation, desk, options.screenshots)


def _start(folder: Path, pool: WorkerPool) -> Running:
    films = tuple(make_films(folder))
    return Running(films, start_demo(folder, _thumbnails(pool)))


def _thumbnails(pool: WorkerPool) -> Callable[[Path], bytes]:
    return lambda file: write_png(render_file(file.read_bytes(), pool, size=_THUMBNAIL))


def _use(workstation: Workstation, running: Running, settings: Settings) -> None:
    """The demo's way out replaces whatever is configured: the demo touches no hospital."""
    vault = Vault()
    for name, secret in running.service.secrets.items():
        vault.remember(name, secret, keep=False)
    workstation.use_station(Station(demo_settings(settings, running.service.settings), vault, is_demo=True))
    workstation.offer_samples(_offers(running))
    days = sorted(date.fromisoformat(film.study_date) for film in running.films)
    for desk in workstation.desks:
        desk.window.door.show_idle()
        desk.window.door.worklist.filters.set_range(days[0], days[-1])  # the samples are of no recent day


def demo_settings(settings: Settings, own: Settings) -> Settings:
    """The user's settings with the demo's way out, which the settings page neither changes nor keeps."""
    ways = {f"{section}.{one.name}" for section in ("proxy", "tls") for one in fields(getattr(own, section))}
    sources = {f"source:{source.name}" for source in own.sources}
    return replace(
        settings,
        proxy=own.proxy, tls=own.tls, network=own.network, sources=own.sources, problem=None,
        locked=settings.locked | ways | sources,
    )  # fmt: skip


def _offers(running: Running) -> Callable[[], tuple[Offer, ...]]:
    shared = tuple((film, running.service.share(film.study_instance_uid)) for film in running.films)
    first = running.films[0].study_instance_uid
    protected = running.service.share(first, passcode=PASSCODE)
    expired = running.service.share(first, valid_s=_EXPIRED_AFTER_S)

    def offers() -> tuple[Offer, ...]:
        title = tr(TITLES[running.films[0].key])
        return (
            *(Offer(tr(TITLES[film.key]), _detail(film), link) for film, link in shared),
            Offer(title, tr("Protected: passcode {passcode}", passcode=PASSCODE), protected),
            Offer(title, tr("A link that has expired"), expired),
        )

    return offers


def _detail(film: FilmInfo) -> str:
    return " · ".join((film.modality, iso_date(film.study_date), film.patient_id))


def _tour(app: QApplication, workstation: Workstation, desk: ReadingDesk, folder: Path) -> int:
    """The main pages in both languages, as pictures."""
    for language in ("zh", "en"):
        workstation.set_language(language)
        desk.close_film()
        wait(app, lambda: True)
        save(app, desk, folder / f"{language}-door.png")
        samples = desk.window.door.choices.samples
        for number, sample in enumerate(samples[:-2], start=1):
            enter(desk, sample.link)
            wait(app, lambda: desk.is_settled)
            save(app, desk, folder / f"{language}-{number}-unconfirmed.png")
            desk.window.trigger("film.confirm")
            wait(app, desk.is_painted)
            save(app, desk, folder / f"{language}-{number}-film.png")
            desk.close_film()
        for name, sample in (("passcode", samples[-2]), ("expired", samples[-1])):
            enter(desk, sample.link)
            wait(app, lambda: desk.last_error is not None)
            save(app, desk, folder / f"{language}-{name}.png")
    print(tr("Screenshots: {folder}", folder=folder))
    return 0
