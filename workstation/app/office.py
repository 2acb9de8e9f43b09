"""`SettingsOffice`: what the settings page asks of the program: keep settings, use them, try ways, check."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from workstation import locations
from workstation.app.warming import warm_up
from workstation.errors import WorkstationError
from workstation.settings import Settings, with_machine
from workstation.station.diagnostics import run
from workstation.station.vault import Vault
from workstation.tasks import Priority

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from workstation.app.station import Station
    from workstation.reference import Secret, Source
    from workstation.station.diagnostics import Verdict
    from workstation.station.monitors import Monitor, Monitors
    from workstation.tasks import Tasks


class Program(Protocol):
    """The program around the page; `app.Workstation` is it."""

    station: Station
    tasks: Tasks
    monitors: Monitors

    def declare(self, key: str, monitor: Monitor) -> None:
        """Declare something of a monitor, for every window."""
        ...

    def apply(self, settings: Settings) -> None:
        """Use settings in every window."""
        ...

    def post(self, call: Callable[[], None]) -> None:
        """Bring a call to the main thread."""
        ...


class SettingsOffice:
    """See `ui.settings_page.Office`.

    Parameters
    ----------
    program : Program
        Whose settings these are.
    file : Path, optional
        Where they are kept; by default the user's own.
    """

    def __init__(self, program: Program, file: Path | None = None) -> None:
        self._program = program
        self.file = file or locations.settings_file()

    def settings(self) -> Settings:
        """See `Office`."""
        return self._program.station.settings

    def save(
        self, wished: Settings, secrets: Mapping[str, Secret], told: Callable[[WorkstationError | None, bool], None]
    ) -> None:
        """See `Office`. The file is written, and the key store asked, off the main thread.

        What IT placed on the machine is read anew and overrules; while that cannot be read nothing is kept or used.
        """
        before = self.settings()
        old = replace(before, problem=None)
        vault = self._program.station.vault

        def work(_token: object) -> tuple[Settings, bool]:
            from workstation.station.settings_file import save  # see `app.warming`

            in_use = with_machine(wished, locations.machine_policy_file())
            save(self.file, old, wished)
            kept = [vault.remember(name, secret, keep=True) for name, secret in secrets.items()]
            return in_use, all(kept)

        def done(result: tuple[Settings, bool]) -> None:
            in_use, are_kept = result
            self._program.apply(in_use)
            told(None, are_kept)

        def failed(error: Exception) -> None:
            if not isinstance(error, WorkstationError):
                raise error
            told(error, False)

        self._program.tasks.submit(work, priority=Priority.SHOWN, done=done, failed=failed)

    def monitors(self) -> Monitors:
        """See `ui.settings_monitors.MonitorOffice`."""
        return self._program.monitors.with_settings(self.settings().monitors)

    def declare(self, key: str, monitor: Monitor) -> None:
        """See `ui.settings_monitors.MonitorOffice`."""
        self._program.declare(key, monitor)

    def may_declare(self) -> bool:
        """See `ui.settings_monitors.MonitorOffice`."""
        return self._program.station.policy.allows("declare_monitors")

    def test_way(
        self,
        source: Source,
        wished: Settings,
        secrets: Mapping[str, Secret],
        told: Callable[[str, Verdict | None], None],
    ) -> None:
        """See `Office`. The passwords that were typed are tried without being kept."""
        script = self._program.station.pool.proxy_for
        vault = TryingVault(self._program.station.vault, secrets)

        def work(_token: object) -> None:
            warm_up()
            from workstation.app.checks import way_steps

            for check, verdict in run(way_steps(source, wished, vault, script)):
                self._program.post(lambda name=check.name, verdict=verdict: told(name, verdict))  # type: ignore[misc]

        self._submit(work, told)

    def check_all(self, told: Callable[[str, Verdict | None], None]) -> None:
        """See `Office`."""
        station = self._program.station

        def work(_token: object) -> None:
            warm_up()
            from workstation.app.checks import workstation_checks

            for check, verdict in run(workstation_checks(station.settings, station.connection, station.vault)):
                self._program.post(lambda name=check.name, verdict=verdict: told(name, verdict))  # type: ignore[misc]

        self._submit(work, told)

    def _submit(self, work: Callable[[object], None], told: Callable[[str, Verdict | None], None]) -> None:
        def failed(error: Exception) -> None:
            told("", None)
            raise error

        self._program.tasks.submit(work, priority=Priority.SHOWN, done=lambda _: told("", None), failed=failed)


class TryingVault(Vault):
    """The vault, with some secrets as they were typed and not kept yet."""

    def __init__(self, vault: Vault, typed: Mapping[str, Secret]) -> None:
        super().__init__()
        self._vault = vault
        self._tried = dict(typed)

    def secret(self, name: str) -> Secret | None:
        """See `Vault`."""
        return self._tried.get(name) or self._vault.secret(name)
