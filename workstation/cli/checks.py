"""`doctor` and `self-test`: one line a check; exit code 1 when one of them failed."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from workstation import locations
from workstation.app import make_application
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.tls import authority_words
from workstation.errors import ServerRefused, WorkstationError
from workstation.film.resolve import FilmOpening
from workstation.reference import FilmReference
from workstation.selftest import checks as self_test_checks
from workstation.selftest import opengl
from workstation.station.diagnostics import Check, Outcome, Verdict, run
from workstation.station.policy import Policy
from workstation.station.vault import Vault
from workstation.tasks import CancelToken
from workstation.ui.language import Language, mark, tr
from workstation.ui.messages import sentence
from workstation.workers.pool import WorkerPool

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from workstation.reference import Source
    from workstation.settings import Settings

DONE, PARTLY = 0, 1
_LEAST_FREE_BYTES: Final = 2 * 10**9
_SIGNS: Final = {Outcome.GOOD: "✓", Outcome.WARNING: "!", Outcome.BAD: "✗", Outcome.SKIPPED: "–"}
NAMES: Final = (
    mark("proxy"), mark("certificates"), mark("key store"), mark("OpenGL"), mark("disk"), mark("sources"),
    mark("resources"), mark("languages"),
)  # fmt: skip


def run_doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Check the way to each source, certificates, key store, OpenGL and disk."""
    del options
    app = make_application(sys.argv[:1])
    Language(app).set(settings.screen.language)
    with WorkerPool(1) as pool:
        vault = Vault()
        connection = Connection(settings, vault.secret, pool.proxy_for)
        try:
            return _told(_doctor_checks(settings, connection, vault))
        finally:
            connection.close()


def run_self_test(options: argparse.Namespace, settings: Settings) -> int:
    """Prove this installed copy."""
    del options
    app = make_application(sys.argv[:1])
    Language(app).set(settings.screen.language)
    with WorkerPool() as pool:
        return _told(self_test_checks(pool, app))


def _told(checks: Iterable[Check]) -> int:
    failed = False
    for check, verdict in run(checks):
        failed = failed or verdict.outcome is Outcome.BAD
        print(f"{_SIGNS[verdict.outcome]} {tr(check.name)}: {verdict.words}".rstrip(": "), flush=True)
    return PARTLY if failed else DONE


def _doctor_checks(settings: Settings, connection: Connection, vault: Vault) -> Iterator[Check]:
    yield Check("proxy", lambda: _proxy(settings, connection))
    yield Check("certificates", lambda: _certificates(settings))
    for source in settings.sources:
        opening = FilmOpening(connection, settings.sources, vault.secret, Policy(settings))
        yield Check(source.name, lambda source=source, opening=opening: _source(source, opening, connection))  # type: ignore[misc]
    if not settings.sources:
        yield Check("sources", lambda: Verdict(Outcome.SKIPPED, tr("none is configured")))
    yield Check("key store", lambda: _key_store(vault))
    yield Check("OpenGL", opengl)
    yield Check("disk", _disk)


def _proxy(settings: Settings, connection: Connection) -> Verdict:
    url = settings.sources[0].root if settings.sources else "https://example.invalid/"
    try:
        ways = connection.way_names(url)
    except WorkstationError as error:
        return Verdict(Outcome.BAD, sentence(error))
    is_direct = not any(ways)
    words = tr("none: connections go out directly") if is_direct else ", ".join(ways)
    return Verdict(Outcome.GOOD, words)


def _certificates(settings: Settings) -> Verdict:
    if not settings.tls.ca:
        return Verdict(Outcome.GOOD, tr("those of the operating system"))
    try:
        return Verdict(Outcome.GOOD, authority_words(settings.tls.ca))
    except WorkstationError as error:
        return Verdict(Outcome.BAD, sentence(error))


def _source(source: Source, opening: FilmOpening, connection: Connection) -> Verdict:
    """One harmless question through the whole way: a study that does not exist."""
    try:
        way = opening.way(FilmReference(kind="uid", dicomweb_root=source.root, label=source.name))
        web = DicomWeb(connection, way.root.reveal(), dict(way.headers))
        web.search_studies(StudyInstanceUID="2.25.0", token=CancelToken())
    except ServerRefused as refusal:
        outcome = Outcome.BAD if refusal.status in {401, 403, 407} else Outcome.GOOD
        return Verdict(outcome, sentence(refusal) if outcome is Outcome.BAD else tr("answers"))
    except WorkstationError as error:
        return Verdict(Outcome.BAD, sentence(error))
    return Verdict(Outcome.GOOD, tr("answers") + f" ({urlsplit(source.root).hostname})")


def _key_store(vault: Vault) -> Verdict:
    name = vault.key_store_name()
    return Verdict(Outcome.GOOD if name else Outcome.WARNING, name or tr("none: passwords are kept in memory only"))


def _disk() -> Verdict:
    folder = locations.state_dir()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = tr("{free} GB free", free=f"{free / 1e9:.1f}")
    return Verdict(Outcome.GOOD if free >= _LEAST_FREE_BYTES else Outcome.WARNING, words)
