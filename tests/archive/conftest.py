"""Connections that are closed at the end of the test."""

from __future__ import annotations

import pytest

from tests.archive.scripted import QUICK
from workstation.archive.connection import Connection
from workstation.settings import NetworkSettings, Settings


@pytest.fixture
def connect():
    """Make connections that are closed at the end."""
    made = []

    def connect(retries=QUICK, *, secret=lambda name: None, idle=5.0, proxy_script=None, circuit=None, **settings):
        settings.setdefault("network", NetworkSettings(idle_timeout_s=idle, connect_timeout_s=2.0))
        made.append(Connection(Settings(**settings), secret, proxy_script, retries, circuit))
        return made[-1]

    yield connect
    for one in made:
        one.close()
