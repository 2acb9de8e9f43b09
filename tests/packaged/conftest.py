"""The packaged program: what the test command has built into dist/, or a fresh one where that is out of date."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "packaging" / "build.py"
NAME = "cloudfilm-workstation"


@pytest.fixture(scope="session")
def package(tmp_path_factory) -> Path:
    """The folder of the packaged program. Nothing is written into the checkout."""
    pytest.importorskip("PyInstaller", reason="PyInstaller is in the lock of the tests")
    asked = "import build, sys; sys.stdout.write(build.digest())"
    wanted = subprocess.run(
        [sys.executable, "-B", "-c", asked], cwd=BUILD.parent, check=True, capture_output=True, text=True
    ).stdout
    stamp = ROOT / "dist" / f"{NAME}.sources"
    if stamp.is_file() and stamp.read_text() == wanted:
        return ROOT / "dist" / NAME
    place = tmp_path_factory.mktemp("package")
    command = [sys.executable, "-B", str(BUILD), "--dist", str(place / "dist"), "--work", str(place / "work")]
    subprocess.run(command, check=True, capture_output=True, timeout=280)
    return place / "dist" / NAME


@pytest.fixture
def surroundings(tmp_path):
    """The environment of a user who has no Python: no variable of the checkout or of the tests reaches the program."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "VTK_DEFAULT_OPENGL_WINDOW") if key in os.environ}
    (tmp_path / "home").mkdir()
    return {**kept, "HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def run(package, surroundings, tmp_path):
    """Run one of the two programs, as a user would."""

    def call(*arguments, program="workstation", timeout=120, **environment):
        return subprocess.run(
            [str(package / program), *map(str, arguments)], cwd=tmp_path, env={**surroundings, **environment},
            capture_output=True, text=True, timeout=timeout, check=False)  # fmt: skip

    return call
