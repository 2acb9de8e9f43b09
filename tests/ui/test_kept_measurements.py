"""What was measured two seconds ago is there again after `kill -9`, with the key in a real Secret Service."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.phantoms import ct_stack, write_study

SCRIPT = Path(__file__).with_name("kept_after_kill.py")


@pytest.mark.skipif(
    shutil.which("dbus-run-session") is None or shutil.which("gnome-keyring-daemon") is None,
    reason="gnome-keyring and dbus-run-session are not here: no key store",
)
def test_a_measurement_survives_kill_nine_under_a_real_key_store(tmp_path):
    film = write_study(tmp_path / "film", ct_stack(3))
    home, runtime = tmp_path / "home", tmp_path / "run"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    unlock = "printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    script = f"{unlock}; exec {sys.executable} {SCRIPT} {home} {film}"
    environment = {**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "QT_QPA_PLATFORM": "offscreen"}
    for name in ("PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "XDG_DATA_HOME"):
        environment.pop(name, None)
    done = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", script],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert (told["measured"], told["fate"]) == (["kept"], "kept")
    (file,) = home.rglob("*.journal")
    assert b"kept" not in file.read_bytes()
