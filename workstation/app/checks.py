"""The checks of this workstation, for `doctor` and the settings page: the way to each source step by step, and more.

A way has steps; the first that fails says why, those after it are not tried. What each error code means for the steps
is in `_STEP_OF`.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from workstation import locations
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.tls import authority_words
from workstation.errors import ServerRefused, StationError, WorkstationError
from workstation.film.resolve import FilmOpening
from workstation.reference import FilmReference
from workstation.selftest import opengl
from workstation.station.diagnostics import Check, Outcome, Verdict
from workstation.station.policy import Policy
from workstation.tasks import CancelToken
from workstation.ui.language import mark, tr
from workstation.ui.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workstation.reference import Source
    from workstation.settings import Settings
    from workstation.station.vault import Vault

_LEAST_FREE_BYTES: Final = 2 * 10**9
STEPS: Final = (
    mark("proxy found"), mark("proxy reached"), mark("proxy lets through"), mark("server reached"),
    mark("certificate believed"), mark("sign-in accepted"), mark("answers a search"),
)  # fmt: skip
_STEP_OF: Final = {
    "network-off": 0, "pac-failed": 0, "link-not-secure": 0,
    "proxy-unreachable": 1,
    "proxy-sign-in": 2, "proxy-wrong-password": 2, "proxy-forbidden": 2, "proxy-failed": 2,
    "name-not-found": 3, "server-unreachable": 3, "timed-out": 3, "connection-lost": 3,
    "tls-unknown-authority": 4, "tls-wrong-host": 4, "tls-expired": 4, "tls-failed": 4, "tls-client-certificate": 4,
    "config-not-found": 4, "config-bad-value": 4,
    "sign-in-needed": 5, "not-permitted": 5, "secret-missing": 5,
}  # fmt: skip
_SERVER: Final = 3
_SEARCHING: Final = 6
_NOT_REACHED_BY_PROXY: Final = (502, 503, 504)  # the proxy is there, and could not reach the server (RFC 9110 15.6)
_SIGN_IN_STATUS: Final = (401, 403)
_NOBODY: Final = "2.25.0"  # a study that does not exist: one harmless question through the whole way
NAMES: Final = (
    mark("proxy"), mark("certificates"), mark("key store"), mark("OpenGL"), mark("disk"), mark("sources"),
    mark("resources"), mark("languages"), mark("crash reports"), mark("rare characters"),
)  # fmt: skip


def workstation_checks(settings: Settings, connection: Connection, vault: Vault) -> Iterator[Check]:
    """Every check, in the order in which one thing stands on another."""
    yield Check("proxy", lambda: _proxy(settings, connection))
    yield Check("certificates", lambda: certificates(settings))
    for source in settings.sources:
        yield Check(source.name, lambda source=source: source_verdict(source, settings, connection, vault))  # type: ignore[misc]
    if not settings.sources:
        yield Check("sources", lambda: Verdict(Outcome.SKIPPED, tr("none is configured")))
    yield Check("key store", lambda: key_store(vault))
    yield Check("OpenGL", opengl)
    yield Check("disk", _disk)
    yield Check("crash reports", _crashes)


def way_steps(
    source: Source, settings: Settings, vault: Vault, proxy_script: Callable[[str, str, str], str] | None = None
) -> Iterator[Check]:
    """The steps of the way to a source, as checks; those after one that failed are skipped."""
    found: list[tuple[int, str, bool]] = []

    def ask(step: int) -> Verdict:
        if not found:
            connection = Connection(settings, vault.secret, proxy_script)
            try:
                found.append((*_walk(source, settings, connection, vault), _goes_directly(source, connection)))
            finally:
                connection.close()
        failed, words, is_direct = found[0]
        if step < failed and is_direct and step < _SERVER:
            no_proxy = Verdict(Outcome.GOOD, tr("none: connections go out directly"))
            return no_proxy if step == 0 else Verdict(Outcome.SKIPPED)
        if step > failed:
            return Verdict(Outcome.SKIPPED)
        if step == failed:
            return Verdict(Outcome.BAD, words)
        return Verdict(Outcome.GOOD, words if step == len(STEPS) - 1 else "")

    for step, name in enumerate(STEPS):
        yield Check(name, lambda step=step: ask(step))  # type: ignore[misc]


def _walk(source: Source, settings: Settings, connection: Connection, vault: Vault) -> tuple[int, str]:
    """The step that failed and why; a number past the last when none did."""
    try:
        opening = FilmOpening(connection, settings.sources, vault.secret, Policy(settings))
        connection.warm(source.root)
        way = opening.way(FilmReference(kind="uid", dicomweb_root=source.root, label=source.name))
        web = DicomWeb(connection, way.root.reveal(), dict(way.headers))
        web.search_studies(StudyInstanceUID=_NOBODY, token=CancelToken())
    except ServerRefused as refusal:
        if refusal.status in _SIGN_IN_STATUS:
            return 5, sentence(refusal)
        return _SEARCHING, sentence(refusal)
    except WorkstationError as error:
        return _step_of(error), sentence(error)
    return len(STEPS), ""


def _goes_directly(source: Source, connection: Connection) -> bool:
    try:
        return not any(connection.way_names(source.root))
    except WorkstationError:
        return False


def _step_of(error: WorkstationError) -> int:
    if error.code == "proxy-failed" and error.params.get("status") in _NOT_REACHED_BY_PROXY:
        return 3
    return _STEP_OF.get(error.code, _SEARCHING)


def source_verdict(source: Source, settings: Settings, connection: Connection, vault: Vault) -> Verdict:
    """The whole way to a source in one line: which step failed, and why."""
    failed, words = _walk(source, settings, connection, vault)
    if failed < len(STEPS):
        return Verdict(Outcome.BAD, tr("{step}: {reason}", step=tr(STEPS[failed]), reason=words))
    return Verdict(Outcome.GOOD, tr("answers"))


def _proxy(settings: Settings, connection: Connection) -> Verdict:
    url = settings.sources[0].root if settings.sources else "https://example.invalid/"
    try:
        ways = connection.way_names(url)
    except WorkstationError as error:
        return Verdict(Outcome.BAD, sentence(error))
    is_direct = not any(ways)
    words = tr("none: connections go out directly") if is_direct else ", ".join(ways)
    return Verdict(Outcome.GOOD, words)


def certificates(settings: Settings) -> Verdict:
    """Whom this workstation believes."""
    if not settings.tls.ca:
        return Verdict(Outcome.GOOD, tr("those of the operating system"))
    try:
        return Verdict(Outcome.GOOD, authority_words(settings.tls.ca))
    except (WorkstationError, StationError) as error:
        return Verdict(Outcome.BAD, sentence(error))


def key_store(vault: Vault) -> Verdict:
    """Where passwords are kept."""
    name = vault.key_store_name()
    return Verdict(Outcome.GOOD if name else Outcome.WARNING, name or tr("none: passwords are kept in memory only"))


def _disk() -> Verdict:
    folder = locations.state_dir()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = tr("{free} GB free", free=f"{free / 1e9:.1f}")
    return Verdict(Outcome.GOOD if free >= _LEAST_FREE_BYTES else Outcome.WARNING, words)


def _crashes() -> Verdict:
    folder = locations.state_dir() / "crashes"
    count = len(list(folder.glob("crash-*.txt"))) if folder.is_dir() else 0
    if not count:
        return Verdict(Outcome.GOOD, tr("none"))
    return Verdict(Outcome.WARNING, tr("{count} in {folder}", count=count, folder=folder))
