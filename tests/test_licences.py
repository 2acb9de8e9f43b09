"""Nothing under the GPL ships: each shipped distribution's licence is resolved; every exception has its reason."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest

LOCK = Path(__file__).resolve().parents[1] / "packaging" / "lock.txt"

ALLOWED = {
    "0BSD", "APACHE-2.0", "BSD", "BSD-2-CLAUSE", "BSD-3-CLAUSE", "CC0-1.0", "HPND", "ISC", "LGPL-3.0-ONLY", "MIT",
    "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "PYTHON-2.0", "ZLIB", "UNLICENSE", "BSL-1.0",
    "IJG", "LIBPNG-2.0", "OFL-1.1",
}  # fmt: skip

# Distributions whose metadata gives no expression that a machine can read, with what was read in their licence files.
READ_BY_EYE = {
    "pypdfium2": (
        "BSD-3-Clause AND Apache-2.0",
        "its expression is a list in words; PDFium's own parts (FreeType by the FTL, libjpeg-turbo, libtiff, zlib, ICU,"
        " AGG 2.3) are all permissive: their texts stand in the distribution's licences folder",
    ),
    "matplotlib": ("PSF-2.0", "its own licence is the PSF's with the names changed; VTK's metadata asks for it"),
}

CLASSIFIERS = {
    "OSI Approved :: MIT License": "MIT",
    "OSI Approved :: BSD License": "BSD",
    "OSI Approved :: Apache Software License": "APACHE-2.0",
    "OSI Approved :: Python Software Foundation License": "PSF-2.0",
    "OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "OSI Approved :: ISC License (ISCL)": "ISC",
    "OSI Approved :: The Unlicense (Unlicense)": "UNLICENSE",
    "OSI Approved :: zlib/libpng License": "ZLIB",
}
WORDS = {
    "MIT LICENSE": "MIT", "THE MIT LICENSE": "MIT", "MIT": "MIT", "BSD": "BSD", "BSD LICENSE": "BSD",
    "BSD 3-CLAUSE LICENSE": "BSD-3-CLAUSE", "APACHE 2.0": "APACHE-2.0", "APACHE-2.0": "APACHE-2.0",
    "APACHE LICENSE 2.0": "APACHE-2.0", "MPL-2.0": "MPL-2.0", "DUAL LICENSE": "", "PSF": "PSF-2.0",
}  # fmt: skip


def shipped():
    """The distributions of the lock that are installed on this platform."""
    names = [line.split("==")[0].strip() for line in LOCK.read_text().splitlines() if re.match(r"[a-z0-9]", line)]
    for name in sorted(set(names)):
        try:
            yield name, metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue


def allowed(expression: str) -> bool:
    """Whether an SPDX expression is allowed: one branch of each OR, all parts of each AND."""
    text = expression.upper().strip()
    while text.startswith("(") and text.endswith(")") and balanced(text[1:-1]):
        text = text[1:-1].strip()
    for word, together in ((" OR ", any), (" AND ", all)):
        parts = split(text, word)
        if len(parts) > 1:
            return together(allowed(part) for part in parts)
    return text.split(" WITH ")[0].strip() in ALLOWED


def balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def split(text: str, word: str) -> list[str]:
    parts, depth, start, at = [], 0, 0, 0
    while at < len(text):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0 and text.startswith(word, at):
            parts.append(text[start:at])
            at += len(word)
            start = at
            continue
        at += 1
    return [*parts, text[start:]]


def expression_of(name: str, about: metadata.PackageMetadata) -> str:
    if name in READ_BY_EYE:
        return READ_BY_EYE[name][0]
    if about.get("License-Expression"):
        return about["License-Expression"]
    found = [
        CLASSIFIERS.get(c.removeprefix("License :: "), c)
        for c in about.get_all("Classifier", [])
        if c.startswith("License ::")
    ]
    found = [one for one in found if one != "License :: OSI Approved"]
    if found:
        return " AND ".join(found)
    word = (about.get("License") or "").strip()
    return WORDS.get(word.upper(), word.splitlines()[0] if word else "")


def test_every_shipped_distribution_has_an_allowed_licence():
    wrong = {}
    count = 0
    for name, about in shipped():
        count += 1
        expression = expression_of(name, about)
        if not allowed(expression):
            wrong[name] = expression
    assert count > 25
    assert not wrong


def test_no_gpl_codec_and_no_gpl_word_slips_in():
    names = {name for name, _ in shipped()}
    assert not names & {"pylibjpeg-libjpeg", "pillow-jxl-plugin", "pyqt5", "pyqt6"}


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("MIT", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND GPL-2.0-only", False),
        ("(MIT OR GPL-3.0-only) AND BSD-3-Clause", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("AGPL-3.0-only", False),
        ("", False),
    ],
)
def test_expressions_are_resolved(expression, verdict):
    assert allowed(expression) is verdict
