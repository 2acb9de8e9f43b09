"""Where things lie on this machine: the resources that ship with the program, the settings, the logs."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

_NAME = "cloudfilm-workstation"


@cache
def resources() -> Path:
    """Give the folder of icons, translations and sample films: in a wheel, a packaged program or a checkout."""
    package = Path(__file__).resolve().parent
    for candidate in (
        package / "_resources",
        Path(getattr(sys, "_MEIPASS", package)) / "resources",
        package.parent / "resources",
    ):
        if candidate.is_dir():
            return candidate
    message = "the program's resources are missing: install it again"
    raise FileNotFoundError(message)


def settings_file() -> Path:
    """Give the user's settings file; it need not exist."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / _NAME / "settings.toml"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / _NAME / "settings.toml"


def machine_policy_file() -> Path:
    """Give the policy that IT places on the machine; it need not exist. It overrules the user's settings."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / _NAME / "policy.toml"
    return Path("/etc") / _NAME / "policy.toml"


def state_dir() -> Path:
    """Give the folder for logs, the audit trail and remembered window places: per user, never roaming."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / _NAME / "state"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / _NAME


def cache_dir() -> Path:
    """Give the folder for what can be fetched again: per user, never roaming."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / _NAME / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / _NAME
