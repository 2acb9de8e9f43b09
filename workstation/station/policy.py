"""What may be done on this station: the user's settings, overruled by what IT placed on the machine."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from typing import TYPE_CHECKING

from workstation import locations
from workstation.errors import ConfigError, StationError
from workstation.settings import SECTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from workstation.settings import Settings


class Policy:
    """Answers whether an act is allowed. An act that is not restricted anywhere is.

    Attributes
    ----------
    problem : ConfigError or None
        Why the machine's policy could not be read. Then everything that could be restricted is.
    """

    def __init__(self, settings: Settings, machine_file: Path | None = None) -> None:
        self._allowed: dict[str, bool] = asdict(settings.policy)
        self.problem: ConfigError | None = None
        try:
            self._allowed |= _read(machine_file or locations.machine_policy_file(), self._allowed)
        except ConfigError as error:
            # IT wanted to restrict something and it is not known what: nothing goes until the file is mended
            self.problem = error
            self._allowed = dict.fromkeys(self._allowed, False)

    def allows(self, act: str) -> bool:
        """Whether `act` may be done: demo, export, open_files, typed_links, ..."""
        return self._allowed.get(act, True)

    def require(self, act: str) -> None:
        """Go on only when `act` is allowed.

        Raises
        ------
        StationError
            not-allowed.
        """
        if not self.allows(act):
            raise StationError("not-allowed", act=act)


def _read(path: Path, known: dict[str, bool]) -> dict[str, bool]:
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("config-not-found", file=path.name) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("config-not-toml", file=path.name, line=0, column=0, reason="not TOML") from error
    table = tree.get("policy", {})
    if not isinstance(table, dict):
        raise ConfigError("config-wrong-type", key="policy", expected="a table", found="something else")
    odd = set(tree) - SECTIONS
    if odd:
        raise ConfigError("config-unknown-key", key=next(iter(odd)), suggestion="policy")
    for act, value in table.items():
        if act not in known:
            raise ConfigError("config-unknown-key", key=f"policy.{act}", suggestion="")
        if not isinstance(value, bool):
            raise ConfigError(
                "config-wrong-type", key=f"policy.{act}", expected="true or false", found="something else"
            )
    return table
