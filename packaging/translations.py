"""Bring resources/i18n/workstation_zh_CN.ts in line with the texts in the code: `python packaging/translations.py`.

New texts come in as unfinished, orphans go, what is translated stays. `tests/ui/test_translations.py` uses `texts`.
"""

from __future__ import annotations

import ast
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "resources" / "i18n" / "workstation_zh_CN.ts"
_FUNCTIONS = {"tr", "mark"}
_TABLES = {  # texts of rooms that may not know the ui: translated by `say` where they are shown
    "workstation/viewing/anatomy_words.py": {
        "WORDS",
        "_SIDES",
        "_PARTS",
        "_VIEWS",
        "_MODIFIERS",
        "_PLANES",
        "_TILTED",
        "_POSITIONS",
        "_LETTERS",
    },
    "workstation/viewing/honesty.py": {"WORDS"},
    "workstation/viewing/overlay.py": {"WORDS"},
    "workstation/viewing/life_size.py": {"WORDS"},
    "workstation/viewing/measure_words.py": {"WORDS"},
    "workstation/viewing/measured.py": {"WORDS"},
    "workstation/settings.py": {"_TYPE_WORDS"},
    "workstation/viewing/presets.py": {"_STEPS", "RELATIVE_NAMES"},
}
_REASONED = {"config-bad-value", "config-wrong-type", "pac-failed", "tls-failed", "unsupported-pixels"}  # in {...}
_CALLS = {"workstation/viewing/presets.py": "Preset"}


def texts() -> dict[str, str]:
    """Every text that is shown, with the file it is first found in."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "workstation").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for text in _of_file(name, ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(text, name)
    return found


def _of_file(name: str, tree: ast.Module) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            if node.func.id in _FUNCTIONS or node.func.id == _CALLS.get(name):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.append(first.value)
            found += _reasons(node)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            if node.target.id in _TABLES.get(name, set()):
                found += _constants(node.value)
    return found


def _constants(table: ast.expr) -> list[str]:
    """The texts in a table; of a dictionary its values."""
    parts = table.values if isinstance(table, ast.Dict) else [table]
    found = [node.value for part in parts for node in ast.walk(part) if isinstance(node, ast.Constant)]
    return [one for one in found if isinstance(one, str)]


def _reasons(call: ast.Call) -> list[str]:
    """What an error says of itself in words, which its sentence shows in the language in use."""
    code = call.args[0]
    if not isinstance(code, ast.Constant) or code.value not in _REASONED:
        return []
    words = [one.value for one in call.keywords if one.arg in ("reason", "expected", "found")]
    return [one.value for one in words if isinstance(one, ast.Constant) and " " in str(one.value)]


def main() -> int:
    """Rewrite the catalogue; says how many texts are unfinished."""
    known: dict[str, str] = {}
    if CATALOGUE.is_file():
        for message in ET.parse(CATALOGUE).getroot().iter("message"):
            known[message.findtext("source", "")] = message.findtext("translation", "")
    root = ET.Element("TS", version="2.1", language="zh_CN", sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = "workstation"
    for text, name in texts().items():
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "location", filename=name)
        ET.SubElement(message, "source").text = text
        translation = ET.SubElement(message, "translation")
        translation.text = known.get(text) or None
        if not known.get(text):
            translation.set("type", "unfinished")
    ET.indent(root)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    CATALOGUE.write_text(head + ET.tostring(root, encoding="unicode") + "\n", encoding="utf-8")
    missing = sum(1 for text in texts() if not known.get(text))
    print(f"{len(texts())} texts, {missing} unfinished")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
