"""A load that `kill -9` ended goes on where it was: what is kept is not asked for again, with a real key store."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.phantoms import CT_STUDY, ct_stack, sop, write_study

SCRIPT = Path(__file__).with_name("resumed_after_kill.py")
COUNT, PASS = 60, 40


@pytest.mark.skipif(
    shutil.which("dbus-run-session") is None or shutil.which("gnome-keyring-daemon") is None,
    reason="gnome-keyring and dbus-run-session are not here: no key store",
)
def test_after_kill_nine_in_the_middle_of_a_load_only_what_is_missing_is_asked_for(tmp_path):
    film = write_study(tmp_path / "film", ct_stack(COUNT))
    home, runtime = tmp_path / "home", tmp_path / "run"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    unlock = "printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    script = f"{unlock}; exec {sys.executable} {SCRIPT} {home} {film} {CT_STUDY}"
    environment = {**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "QT_QPA_PLATFORM": "offscreen"}
    for name in ("PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        environment.pop(name, None)
    done = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", script],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    everything = {sop(number) for number in range(1, COUNT + 1)}
    assert len(set(told["before"])) >= PASS
    assert len(told["after"]) == len(set(told["after"])) == COUNT - PASS
    assert set(told["after"]) <= everything
    assert set(told["after"]) | set(told["before"]) == everything
    assert told["totals"] == [COUNT, COUNT]
