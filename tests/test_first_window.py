"""What the first window does without: it must not wait for libraries that only a film, a report or 3D needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LATER = ("pydicom", "urllib3", "requests", "cryptography", "truststore", "keyring", "tomlkit", "vtkmodules",
         "imagecodecs", "pypdfium2", "zxingcpp", "pypinyin", "spnego")  # fmt: skip
START = """
import json, sys
import workstation.cli.windows
from workstation.app import Station, Workstation, make_application
from workstation.settings import Settings
app = make_application(["workstation"])
workstation = Workstation(app, Station(Settings()))
workstation.new_desk().window.show()
app.processEvents()
shown = sorted({name.partition(".")[0] for name in sys.modules})
from workstation.app.warming import warm_up
warm_up()
warm = sorted({name.partition(".")[0] for name in sys.modules})
workstation.close()
print(json.dumps([shown, warm]))
"""


def test_a_window_stands_before_the_heavy_libraries_are_there(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    command = [sys.executable, "-c", START]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    shown, warm = json.loads(done.stdout)
    assert "PySide6" in shown
    assert not set(LATER) & set(shown)
    assert {"pydicom", "urllib3"} <= set(warm)  # what the first film needs comes behind the window
    assert "vtkmodules" not in warm
