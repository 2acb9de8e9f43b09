"""The wheel holds what the program needs and runs from where it lies, with no checkout in sight."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("cloudfilm_workstation-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_program_resources_licence_and_command(unpacked):
    inside = unpacked / "workstation" / "_resources"
    assert (inside / "i18n" / "workstation_zh_CN.ts").is_file()
    assert len(list((inside / "icons").glob("*.svg"))) > 20
    assert len(list((inside / "selftest").glob("*.dcm"))) == 15
    assert list((inside / "demo").rglob("NOTICE*"))
    (about,) = unpacked.glob("*.dist-info")
    assert "workstation = workstation.__main__:main" in (about / "entry_points.txt").read_text()
    metadata = (about / "METADATA").read_text()
    assert "Name: cloudfilm-workstation" in metadata
    assert "License-Expression: Apache-2.0" in metadata
    assert list(about.rglob("LICENSE"))
    assert not list(unpacked.rglob("test_*.py"))


def test_the_program_proves_itself_from_the_wheel(unpacked, tmp_path):
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "PYTHONPATH")}
    environment.update(QT_QPA_PLATFORM="offscreen", HOME=str(tmp_path))
    start = f"import sys; sys.path.insert(0, {str(unpacked)!r}); import workstation.__main__ as m; sys.exit(m.main())"
    script = tmp_path / "start.py"
    script.write_text(f"if __name__ == '__main__':\n    {start}\n")
    command = [sys.executable, str(script), "--lang", "en", "self-test"]
    environment["PYTHONPATH"] = str(unpacked)  # the worker processes must find the same copy
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓ decode") == 15
