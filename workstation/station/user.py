"""Who is logged on to this machine."""

from __future__ import annotations

import getpass


def user_name() -> str:
    """The name of the account the program runs under; empty where the system names none (a user without an entry)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
