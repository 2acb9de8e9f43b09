"""At every scale of the desktop a pattern is pixel for pixel, and 32 mm are 32 mm: in a program of its own, for Qt
takes the scale once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.phantoms import ct_slice, write_study

CHILD = Path(__file__).with_name("glass_at_scale.py")


def disc_of(shape, spacing_mm):
    """A white disc of 32 mm on black, with its edge shaded as a detector would."""
    made = ct_slice(1, shape=shape, spacing_mm=spacing_mm)
    fine = 8
    row, column = np.mgrid[0 : shape[0] * fine, 0 : shape[1] * fine]
    down = ((row + 0.5) / fine - shape[0] / 2) * spacing_mm[0]
    across = ((column + 0.5) / fine - shape[1] / 2) * spacing_mm[1]
    inside = (np.hypot(down, across) <= 16).reshape(shape[0], fine, shape[1], fine).mean(axis=(1, 3))
    made.PixelData = np.rint(inside * 1000).astype(np.int16).tobytes()
    made.RescaleIntercept, made.RescaleSlope = 0, 1
    made.WindowCenter, made.WindowWidth = 500.5, 1001
    return made


SQUARE, OBLONG = (0.4, 0.4), (0.5, 0.8)


@pytest.mark.parametrize(
    ("scale", "spacing_mm"),
    [*((scale, SQUARE) for scale in ("1", "1.1", "1.15", "1.17", "1.25", "1.5", "2")), ("1.17", OBLONG)],
)
def test_patterns_are_exact_and_a_disc_of_32_mm_is_32_mm(tmp_path, scale, spacing_mm):
    folder = write_study(tmp_path / "film", [disc_of((120, 100), spacing_mm)])
    run = subprocess.run(
        [sys.executable, str(CHILD), str(folder)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale, "HOME": str(tmp_path),
             "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["ratio"] == pytest.approx(float(scale))
    assert len(told["patterns"]) == 6
    assert all(told["patterns"].values()), told["patterns"]
    for across, down in told["disc_mm"]:
        assert across == pytest.approx(32, rel=0.01)
        assert down == pytest.approx(32, rel=0.01)
