"""A scan as an X server delivers it: native codes, Shift let go before its key, shortcuts asked first."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = "https://Cloud.example.cn/studies/1.2.840?token=Ab-Cd_9~{x}&y=R2 r"


@pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("xdotool"), reason="needs xvfb and xdotool")
def test_real_keys_of_a_scan_and_of_a_hand_are_told_apart_on_x11(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    command = ["xvfb-run", "-a", sys.executable, "-m", "tests.ui.typed_on_x11", TEXT]
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    told = json.loads(run.stdout)
    assert told["scan over button"] == [[TEXT], [], "kept"]
    assert told["scan over field"] == [[TEXT], [], "kept"]
    assert told["single keys"] == ["R", "Shift+R", "Ctrl+L", "2"]
    assert told["hand"] == [[], "hand: R2?"]
