"""What the first window does without: it must not wait for libraries that only a film, a report or 3D needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LATER = ("numpy", "cv2", "pydicom", "urllib3", "requests", "cryptography", "truststore", "keyring", "tomlkit",
         "vtkmodules", "imagecodecs", "pypdfium2", "zxingcpp", "pypinyin", "spnego")  # fmt: skip
PAGES = (
    "workstation.ui.reading_page", "workstation.ui.settings_page", "workstation.ui.manual_page",
    "workstation.ui.speed_window",
)  # fmt: skip
START = """
import json, sys, time
import workstation.cli.windows
from workstation.app import Station, Workstation, make_application
from workstation.settings import Settings

def until(condition):
    ends = time.monotonic() + 60
    while not condition() and time.monotonic() < ends:
        app.processEvents()
        time.sleep(0.002)

go_on = Workstation._go_on_starting
shown = []
def appeared(self):
    shown.extend(sys.modules)
    go_on(self)
Workstation._go_on_starting = appeared
app = make_application(["workstation"])
workstation = Workstation(app, Station(Settings()))
workstation.new_desk().window.show()
until(lambda: "pypinyin" in sys.modules)
from workstation.app.warming import warm_up
warm_up()
later = sorted(sys.modules)
workstation.close()
print(json.dumps([shown, later]))
"""
THREADS = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("warming", "workstation/app/warming.py")  # without its room, which has Qt
warming = importlib.util.module_from_spec(spec)
spec.loader.exec_module(warming)
warming.warm_pictures()
pictures = sorted(sys.modules)
warming.warm_up()
everything = sorted(sys.modules)
print(json.dumps([pictures, everything]))
"""
BUILT = """
import json, sys
import workstation.ui.reading_page, workstation.ui.settings_page, workstation.ui.manual_page
import workstation.ui.speed_window
print(json.dumps(sorted(sys.modules)))
"""


def told(script: str, home: Path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "HOME": str(home)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout)


def tops(modules: list[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_a_window_stands_before_the_heavy_libraries_and_the_other_pages_are_there(tmp_path):
    shown, later = told(START, tmp_path)
    assert "PySide6" in tops(shown)
    assert not set(LATER) & tops(shown)
    assert not set(PAGES) & set(shown)
    assert {"numpy", "cv2", "pydicom", "urllib3"} <= tops(later)  # what the first film needs comes behind the window
    assert set(PAGES) <= set(later)
    assert "vtkmodules" not in tops(later)


def test_threads_import_nothing_of_qt_and_pydicom_in_one_place_only(tmp_path):
    """Qt for Python crashes, and pydicom is half there, where two threads import at a time."""
    pictures, everything = told(THREADS, tmp_path)
    assert {"numpy", "cv2"} <= tops(pictures)
    assert not {"PySide6", "shiboken6", "pydicom"} & tops(pictures)  # runs beside `warm_up`, which has pydicom
    assert "pydicom" in tops(everything)
    assert not {"PySide6", "shiboken6"} & tops(everything)
    assert "pydicom" not in tops(told(BUILT, tmp_path))  # which the main thread imports meanwhile
