"""Gather the licences of everything that the packaged program holds into one text.

python packaging/licences.py FILE

The texts come from the distributions' own metadata; those that a distribution does not bring lie in packaging/licences.
"""

from __future__ import annotations

import re
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

PACKAGING = Path(__file__).resolve().parent
ROOT = PACKAGING.parent
TEXT = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*$|/licenses/", re.IGNORECASE)
NOT_OURS = re.compile(r"BUILD_LICENSES/(android|cibw_musl|pbin_musl|v8_xfa)/")  # other builds of the same distribution
NOT_SHIPPED = {  # asked for by the metadata of others, left out of the package by the spec
    "matplotlib", "contourpy", "cycler", "fonttools", "kiwisolver", "pyparsing", "pillow", "python-dateutil", "six",
    "packaging", "tzdata",
}  # fmt: skip
RULE = "=" * 100
# Qt and its Python bindings are used under the LGPL: they are libraries of their own in the folder of the program,
# and may be replaced by others of the same interface.
QT = ("pyside6-essentials", "shiboken6")
QT_WORDS = (
    "Copyright (C) The Qt Company Ltd. and other contributors. Used under the GNU Lesser General Public License,\n"
    "version 3; its text and that of the GNU General Public License, which it refers to, stand at the end.\n"
    "The sources: https://download.qt.io/official_releases/QtForPython/ and https://download.qt.io/official_releases/qt/\n"
)


def shipped() -> list[str]:
    """Names of the distributions of the lock that are installed here and go into the package."""
    lines = (PACKAGING / "lock.txt").read_text(encoding="utf-8").splitlines()
    names = {line.split("==")[0].strip() for line in lines if re.match(r"[a-z0-9]", line)} - NOT_SHIPPED
    return sorted(name for name in names if any(metadata.distributions(name=name)))


def words_of(about: metadata.PackageMetadata) -> str:
    """What a distribution says of its licence, in one line."""
    classes = [one.split(" :: ")[-1] for one in about.get_all("Classifier", []) if one.startswith("License ::")]
    word = (about.get("License") or "").strip().splitlines()
    return about.get("License-Expression") or ", ".join(classes) or (word[0] if word else "see below")


def texts_of(distribution: metadata.Distribution) -> list[tuple[str, str]]:
    """Name and text of each licence file of a distribution."""
    found = []
    for file in sorted(distribution.files or [], key=str):
        place = Path(str(distribution.locate_file(file)))
        if (
            TEXT.search(file.as_posix())
            and not NOT_OURS.search(file.as_posix())
            and place.suffix not in (".py", ".pyc")
        ):
            if place.is_file() and not file.as_posix().startswith("../"):
                found.append((file.name, place.read_text(encoding="utf-8", errors="replace")))
    return list(dict.fromkeys(found))  # some lie in two places


def section(title: str, words: str, texts: list[tuple[str, str]]) -> str:
    """One part of the text."""
    parts = [f"{RULE}\n{title}\nLicence: {words}\n{RULE}\n"]
    parts += [f"--- {name} ---\n{text.strip()}\n" for name, text in texts]
    return "\n".join(parts)


def read(place: Path) -> tuple[str, str]:
    """A licence file of this checkout."""
    return place.name, place.read_text(encoding="utf-8")


def gathered() -> str:
    """The whole text."""
    resources = ROOT / "resources"
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if not python.is_file():  # Debian's own Python keeps it elsewhere
        python = Path(f"/usr/share/doc/python{sysconfig.get_python_version()}/copyright")
    parts = [
        section("Cloud film workstation 云胶片工作站", "Apache-2.0", [read(ROOT / "LICENSE")]),
        section("Icons: Tabler", "MIT", [read(resources / "icons" / "LICENSE-tabler")]),
        section("Sample head CT", "CC-BY-4.0", [read(resources / "demo" / "head_ct" / "NOTICE")]),
        section("Python", "PSF-2.0", [read(python)]),
    ]
    for name in [*shipped(), "pyinstaller"]:
        found = metadata.distribution(name)
        texts = [("", QT_WORDS)] if name in QT else texts_of(found)
        what = f"{name} {found.version}" + (" (the start of the programs)" if name == "pyinstaller" else "")
        parts.append(section(what, "LGPL-3.0-only" if name in QT else words_of(found.metadata), texts))
    own = [read(PACKAGING / "licences" / name) for name in ("LGPL-3.0.txt", "GPL-3.0.txt")]
    parts.append(section("GNU licences that are referred to above", "-", own))
    return "\n".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(gathered(), encoding="utf-8")
