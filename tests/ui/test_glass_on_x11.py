"""What leaves for the monitor, read back from an X server: another monitor's table, and ten bits where there are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.phantoms import ct_slice, write_study

pytestmark = pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("xrandr"), reason="needs Xvfb, xrandr")


def run(tmp_path, server, *more):
    made = ct_slice(1, shape=(256, 256), spacing_mm=(0.7, 0.7))
    row, column = np.mgrid[0:256, 0:256]
    made.PixelData = (row * 8 + column * 2 - 1000).astype(np.int16).tobytes()
    film, buffers = write_study(tmp_path / "film", [made]), tmp_path / "buffers"
    buffers.mkdir()
    root = Path(__file__).parents[2]
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(root), "HOME": str(tmp_path),
                   "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}  # fmt: skip
    environment.pop("DISPLAY", None)
    command = ["xvfb-run", "-a", "-s", f"-screen 0 {server} -fbdir {buffers}", sys.executable,
               str(Path(__file__).with_name("glass_on_x11.py")), str(film), str(buffers), *more]  # fmt: skip
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_window_that_goes_to_another_monitor_is_painted_with_that_monitors_table(tmp_path):
    told = run(tmp_path, "2800x1000x24", "--two")
    assert told["bits"] == [8, 8]
    assert [one["screen"] for one in told["screens"]] == ["M0", "M1"]
    assert [one["way"] for one in told["screens"]] == ["undeclared", "software"]
    assert [one["equal"] for one in told["screens"]] == [True, True]
    assert [one["status"] for one in told["screens"]] == ["显示器：非诊断用", "显示器：诊断级"]


def test_on_a_screen_of_30_bits_ten_of_grey_reach_the_glass(tmp_path):
    told = run(tmp_path, "1400x1000x30")
    assert told["bits"] == [10]
    (only,) = told["screens"]
    assert only["way"] == "software"
    assert only["equal"], only
    assert only["levels"] > 2 * only["upper_eight"] > 60
