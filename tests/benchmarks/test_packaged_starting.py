"""From nothing to a painted window of the built program, on the glass of an X server; and what it holds in memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.conftest import ROOT
from tests.benchmarks.on_glass import seconds_to_paint, virtual_screen
from tests.packaged.conftest import NAME, package
from tests.packaged.test_packaged import children_of

__all__ = ["package"]
BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1600, 1000)
window.setStyleSheet("background: #445566")
window.show()
app.exec()
"""
pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not here: no virtual screen")


@pytest.fixture
def at_home(tmp_path):
    """The surroundings of a user whose settings name a source: the film door is the first page."""
    (tmp_path / "home").mkdir()
    (tmp_path / "settings.toml").write_text('[[source]]\nname = "City"\nroot = "https://cloud.example/dicom-web"\n')
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "xcb"}


def test_packaged_start(pair, benchmark, package, at_home, tmp_path):
    ours, peer = [], []
    with virtual_screen() as (display, screen):
        place = {**at_home, "DISPLAY": display}
        program = [str(package / NAME), "--config", str(tmp_path / "settings.toml")]
        bare = [sys.executable, "-c", BARE]
        seconds_to_paint(program, place, screen)
        seconds_to_paint(bare, place, screen)
        benchmark.pedantic(
            lambda: ours.append(seconds_to_paint(program, place, screen)),
            setup=lambda: peer.append(seconds_to_paint(bare, place, screen)),
            rounds=7,
        )
    pair.keep("packaged_start", median(clock for clock, _ in ours), median(clock for clock, _ in peer), "peer")
    pair.note(f"packaged_start of processor time: {1e3 * median(cpu for _, cpu in ours):.0f} ms "
              f"(an empty Qt window {1e3 * median(cpu for _, cpu in peer):.0f} ms)")  # fmt: skip


def resident(process_id: int) -> float:
    """Megabytes that a process alone would give back (PSS: shared pages counted by their share)."""
    for line in Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def memory_of(command: list[str], place: dict[str, str], seconds: float) -> tuple[float, float]:
    """Megabytes of the window's process, and of its workers together, so long after the start."""
    process = subprocess.Popen(command, env=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(seconds)
        return resident(process.pid), sum(map(resident, children_of(process.pid)))
    finally:
        process.terminate()
        process.wait(30)


def test_packaged_memory(pair, benchmark, package, at_home):
    place = {**at_home, "QT_QPA_PLATFORM": "offscreen"}
    film = str(ROOT / "resources" / "demo" / "head_ct")
    found = {}
    benchmark.pedantic(lambda: found.update(door=memory_of([str(package / NAME)], place, 6)), rounds=1)
    found["a CT of 20 slices"] = memory_of([str(package / NAME), "open", film], place, 8)
    for what, (window, workers) in found.items():
        pair.note(f"memory with {what}: window {window:.0f} MB, workers {workers:.0f} MB")
