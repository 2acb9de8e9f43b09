"""From nothing to a window that answers, and from nothing to a folder of 300 slices."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from statistics import median

import pytest

from tests.benchmarks.conftest import ROOT
from tests.benchmarks.test_loading import COUNT, folder

__all__ = ["folder"]
GROUPS = ("PySide6", "numpy", "cv2", "pydicom", "urllib3", "workstation")


@pytest.fixture(scope="module", autouse=True)
def compiled(tmp_path_factory):
    """An installed copy has its modules compiled; here the first run does it, beside the source tree."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("compiled")))
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        yield


def clocked(*arguments: str) -> dict[str, float]:
    """Seconds from the start of the process to each word it tells."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.started", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # fmt: skip
    with process, process.stdout:
        return {line.strip(): time.perf_counter() - began for line in process.stdout}


def test_cold_start(pair, benchmark, tmp_path):
    """The settings name a source: the film door is the first page. The file cache is warm.

    What is measured is the program's own work, beside that of an empty Qt window.
    """
    settings = tmp_path / "settings.toml"
    settings.write_text('[[source]]\nname = "City"\nroot = "https://cloud.example/dicom-web"\n')
    ours, peer = [], []
    clocked("window", str(settings))
    benchmark.pedantic(
        lambda: ours.append(clocked("window", str(settings))), setup=lambda: peer.append(clocked("bare")), rounds=7
    )
    pair.keep("cold_start", median(one["answers"] for one in ours), median(one["answers"] for one in peer), "peer")
    pair.note(f"cold_start to the first paint {1e3 * median(one['painted'] for one in ours):.0f} ms "
              f"(empty Qt window {1e3 * median(one['painted'] for one in peer):.0f} ms)")  # fmt: skip
    pair.note(
        "imports of the window, ms of their own: " + ", ".join(f"{g} {ms:.0f}" for g, ms in import_split().items())
    )


def import_split() -> dict[str, float]:
    """Milliseconds that each library's modules take to import, by Python's own clock."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import workstation.cli.windows"],
        cwd=ROOT, capture_output=True, text=True, check=True)  # fmt: skip
    split = dict.fromkeys((*GROUPS, "others"), 0.0)
    for own, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", done.stderr):
        top = name.partition(".")[0]
        split[top if top in GROUPS else "others"] += int(own) / 1e3
    return split


def test_open_folder_300(pair, benchmark, folder):
    ours, raw = [], []

    def cat():
        began = time.perf_counter()
        subprocess.run(["cat", *map(str, folder.iterdir())], stdout=subprocess.DEVNULL, check=True)
        raw.append(time.perf_counter() - began)

    clocked("open", str(folder))
    benchmark.pedantic(lambda: ours.append(clocked("open", str(folder))), setup=cat, rounds=3)
    if any("complete" not in one for one in ours):
        pytest.fail(f"the film of {COUNT} slices did not open: {ours}")
    pair.keep("open_folder_300_first", median(one["first"] for one in ours), median(raw))
    pair.keep("open_folder_300_all", median(one["complete"] for one in ours), median(raw))
