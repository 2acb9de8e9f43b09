"""Build the packaged program: one folder with two programs, its licences and a list of its sizes.

python packaging/build.py [--dist FOLDER] [--if-changed]

The steps are the same on Linux and on Windows; `dev.sh package` and `dev.ps1 package` make an installer of the folder.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGING = Path(__file__).resolve().parent
ROOT = PACKAGING.parent
NAME = "cloudfilm-workstation"
SOURCES = ("workstation", "resources", "packaging/cloudfilm.spec", "packaging/start.py", "packaging/build.py",
           "packaging/icons.py", "packaging/licences.py", "packaging/lock-dev.txt")  # fmt: skip
PARTS = {  # of the package, for the list of sizes: folders and beginnings of names below _internal
    "VTK (3D)": ("vtkmodules", "libvtk"),
    "OpenCV (with its FFmpeg and OpenBLAS)": ("cv2", "opencv_python_headless.libs"),
    "Qt": ("PySide6", "shiboken6", "libQt6", "libicu"),
    "numpy (with its OpenBLAS)": ("numpy",),
    "Python": ("python3", "libpython", "base_library.zip"),
    "codecs": ("imagecodecs", "_openjpeg", "rle", "pylibjpeg"),
    "PDF": ("pypdfium2",),
    "network and secrets": ("cryptography", "dukpy", "certifi", "publicsuffixlist", "keyring", "charset_normalizer"),
    "resources": ("resources",),
}


def digest() -> str:
    """What the package is made of, as one number: a package with another one is out of date."""
    made = hashlib.sha256(sys.version.encode())
    for name in SOURCES:
        place = ROOT / name
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file() and "__pycache__" not in file.parts:
                made.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return made.hexdigest()


def epoch() -> str:
    """The time that the files of a package carry: that of the last commit, so that two builds are equal."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return os.environ["SOURCE_DATE_EPOCH"]
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "1767225600"


def build(dist: Path, work: Path) -> Path:
    """Run PyInstaller; the folder it made."""
    environment = {
        **os.environ, "SOURCE_DATE_EPOCH": epoch(), "PYTHONHASHSEED": "1", "PYTHONDONTWRITEBYTECODE": "1",
        "PYINSTALLER_CONFIG_DIR": str(work / "cache"), "CLOUDFILM_ICONS": str(work / "icons"),
    }  # fmt: skip
    subprocess.run([sys.executable, str(PACKAGING / "icons.py"), str(work / "icons")], check=True, env=environment)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR"]
    places = ["--distpath", str(dist), "--workpath", str(work / "pyinstaller")]
    subprocess.run([*command, *places, str(PACKAGING / "cloudfilm.spec")], check=True, env=environment, cwd=ROOT)
    return dist / NAME


def strip(folder: Path) -> None:
    """Take the symbols out of VTK and Python. Others do not load any more once they are stripped (numpy's OpenBLAS)."""
    if sys.platform == "win32" or shutil.which("strip") is None:
        return
    libraries = [
        file
        for pattern in ("vtkmodules/*.so", "libvtk*.so", "libpython*")
        for file in (folder / "_internal").rglob(pattern)
        if not file.is_symlink()
    ]
    subprocess.run(["strip", "--strip-unneeded", *map(str, libraries)], check=True)


def size_of(place: Path) -> int:
    """Bytes of a file or folder; links cost nothing."""
    files = place.rglob("*") if place.is_dir() else [place]
    return sum(file.lstat().st_size for file in files if file.is_file() and not file.is_symlink())


def sizes(folder: Path) -> dict[str, int]:
    """Bytes by part, largest first."""
    found = dict.fromkeys([*PARTS, "the rest"], 0)
    for place in [*(folder / "_internal").iterdir(), *(one for one in folder.iterdir() if one.name != "_internal")]:
        part = next((part for part, begins in PARTS.items() if place.name.startswith(begins)), "the rest")
        found[part] += size_of(place)
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def main() -> None:
    """Build, unless the package is up to date already."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dist", type=Path, default=ROOT / "dist")
    parser.add_argument("--work", type=Path, default=ROOT / "build")
    parser.add_argument("--if-changed", action="store_true")
    options = parser.parse_args()
    stamp, wanted = options.dist / f"{NAME}.sources", digest()
    if options.if_changed and stamp.is_file() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    folder = build(options.dist, options.work)
    strip(folder)
    subprocess.run([sys.executable, str(PACKAGING / "licences.py"), str(folder / "licences.txt")], check=True)
    stamp.write_text(wanted)
    for part, size in sizes(folder).items():
        print(f"{size / 1e6:8.1f} MB  {part}")
    print(f"{sum(sizes(folder).values()) / 1e6:8.1f} MB  in all: {folder}")


if __name__ == "__main__":
    main()
