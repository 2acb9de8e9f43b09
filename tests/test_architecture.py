"""The house rules, run by a machine. The import contract itself runs beside these (`lint-imports`)."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "workstation").rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
TOP = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "workstation", "resources", "packaging", "tests"}
GENERATED = {"screenshots", "benchmark-results", "build", "dist"}


def functions():
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield path, node


def length(node):
    """Lines of code: the docstring does not count, it is wished for."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def name(path):
    return path.relative_to(ROOT).as_posix()


def test_the_import_contract_holds():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout[-3000:]


def test_functions_are_small():
    lengths = {f"{name(path)}:{node.lineno} {node.name}": length(node) for path, node in functions()}
    assert statistics.median(lengths.values()) < 10
    long = {where: lines for where, lines in lengths.items() if lines > 40}
    assert not long
    assert sum(lines <= 30 for lines in lengths.values()) / len(lengths) > 0.97


def test_functions_take_at_most_six_parameters():
    def count(node):
        every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        return len([one for one in every if one.arg not in ("self", "cls")])

    assert not [f"{name(path)}:{node.lineno} {node.name}" for path, node in functions() if count(node) > 7]


def test_files_are_split_before_600_lines():
    lines = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert not {where: count for where, count in lines.items() if count > 600}


def test_no_room_is_a_drawer():
    words = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "stuff"}
    assert not [name(path) for path in SOURCES if set(path.stem.split("_")) & words]


def test_the_top_level_is_exactly_what_it_is_meant_to_be():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    tops = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert {one for one in tops if not one.startswith(".")} <= TOP
    assert TOP - {"README.md", "CHANGELOG.md"} <= tops


def test_translating_is_done_under_the_ui_alone():
    allowed = ("workstation/ui/", "workstation/app/", "workstation/cli/", "workstation/selftest.py")
    wrong = []
    for path, tree in TREES.items():
        if name(path).startswith(allowed):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
                called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if called in ("tr", "translate") and not (isinstance(node.func, ast.Attribute)):
                    wrong.append(f"{name(path)}:{node.lineno}")
    assert not wrong


def test_nothing_swallows_every_exception_but_the_task_runner_and_the_crash_handlers():
    allowed = {
        "workstation/tasks.py",  # the task runner
        "workstation/cli/__init__.py",  # the crash handler of the command line
        "workstation/rendering/opengl_probe.py",  # whatever a driver does ends in the child
        "workstation/workers/worker.py",  # whatever a codec does ends in the worker
        "workstation/workers/jobs/scripts.py",  # a foreign script may raise anything
    }
    blind = set()
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                kind = getattr(node.type, "id", None) if node.type is not None else "bare"
                if isinstance(node.body[-1], ast.Raise):
                    continue  # cleans up and passes it on
                if kind in ("Exception", "BaseException", "bare"):
                    blind.add(name(path))
    assert blind <= allowed


def test_nothing_is_pickled():
    text = {name(path): path.read_text(encoding="utf-8") for path in SOURCES}
    assert not [where for where, words in text.items() if re.search(r"\bimport (pickle|marshal|shelve)\b", words)]


def test_the_lock_pins_every_package_with_hashes_and_names_no_index():
    for lock in ("lock.txt", "lock-dev.txt"):
        words = (ROOT / "packaging" / lock).read_text(encoding="utf-8")
        assert "://" not in words
        assert "index-url" not in words
        entries = [line for line in words.splitlines() if line and not line.startswith((" ", "#"))]
        assert entries
        for entry in entries:
            assert "==" in entry, entry
        assert words.count("--hash=sha256:") >= len(entries)


def test_no_unfinished_word_in_the_program():
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    found = [
        f"{name(p)}: {line}"
        for p in SOURCES
        for line in p.read_text(encoding="utf-8").splitlines()
        if words.search(line)
    ]
    assert not found
