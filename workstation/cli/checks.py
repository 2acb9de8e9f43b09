"""`doctor` and `self-test`: one line a check; exit code 1 when one of them failed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from workstation.app import make_application
from workstation.app.checks import workstation_checks
from workstation.archive.connection import Connection
from workstation.selftest import checks as self_test_checks
from workstation.station.diagnostics import Check, Outcome, run
from workstation.station.vault import Vault
from workstation.ui.language import Language, tr
from workstation.workers.pool import WorkerPool

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from workstation.settings import Settings

DONE, PARTLY = 0, 1
_SIGNS: Final = {Outcome.GOOD: "✓", Outcome.WARNING: "!", Outcome.BAD: "✗", Outcome.SKIPPED: "–"}


def run_doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Check the way to each source, certificates, key store, OpenGL, disk and crash reports."""
    del options
    app = make_application(sys.argv[:1])
    Language(app).set(settings.screen.language)
    with WorkerPool(1) as pool:
        vault = Vault()
        connection = Connection(settings, vault.secret, pool.proxy_for)
        try:
            return _told(workstation_checks(settings, connection, vault))
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
