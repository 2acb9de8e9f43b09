"""The built program does what the checkout does: no Python, no checkout and no virtual environment near it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.packaged.conftest import NAME, ROOT
from tests.phantoms import ct_slice, ct_stack, part10, write_study
from workstation import __version__
from workstation.selftest import SYNTAXES


def children_of(process_id: int) -> list[int]:
    """The processes that a process has started, those of its children included."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it has just ended
            if parent == process_id:
                found += [int(place.name), *children_of(int(place.name))]
    return found


def told(command, folder, environment):
    """Run a command to its end."""
    place = {"cwd": folder, "env": environment}
    return subprocess.run(command, **place, capture_output=True, text=True, timeout=120, check=False)


def wait_for(what, patience_s=30.0):
    ends = time.monotonic() + patience_s
    while time.monotonic() < ends:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail("it did not come to pass in time")


def test_the_built_program_proves_itself(run):
    done = run("--lang", "en", "self-test")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    for syntax in SYNTAXES:
        assert any(line.startswith(f"✓ decode {syntax}:") for line in lines), syntax
    for what in ("resources", "languages: 打开影片 / Open a film", "QR code", "PDF page", "proxy script",
                 "proxy sign-in", "OpenGL: "):  # fmt: skip
        assert any(line.startswith(f"✓ {what}") for line in lines), (what, done.stdout)


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="xvfb-run is not here: no virtual screen")
def test_the_built_program_proves_itself_under_a_virtual_screen(package, surroundings, tmp_path):
    surroundings.update(QT_QPA_PLATFORM="xcb")
    surroundings.pop("VTK_DEFAULT_OPENGL_WINDOW", None)
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1920x1080x24"]
    done = told([*screen, str(package / "workstation"), "--lang", "zh", "self-test"], tmp_path, surroundings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ OpenGL" in done.stdout


@pytest.mark.skipif(
    shutil.which("dbus-run-session") is None or shutil.which("gnome-keyring-daemon") is None,
    reason="gnome-keyring and dbus-run-session are not here: no key store",
)
def test_the_built_program_finds_the_key_store(package, surroundings, tmp_path):
    unlock = "printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    script = f"{unlock}; {package}/workstation --lang en self-test"
    done = told(["dbus-run-session", "--", "bash", "-c", script], tmp_path, surroundings)
    assert "✓ key store: Secret Service" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("program", ["workstation", NAME])
def test_both_programs_say_their_version(run, program):
    done = run("--version", program=program)
    assert (done.returncode, done.stdout) == (0, f"workstation {__version__}\n")


def test_its_picture_of_a_film_is_the_checkouts(run, surroundings, tmp_path):
    write_study(tmp_path / "disc", ct_stack(3))
    arguments = ["--lang", "zh", "open", str(tmp_path / "disc"), "--window-size", "1200x800", "--screenshot"]
    done = run(*arguments, tmp_path / "built.png")
    assert done.returncode == 0, done.stderr
    ours = [sys.executable, "-m", "workstation", *arguments, str(tmp_path / "checkout.png")]
    subprocess.run(ours, cwd=tmp_path, env={**surroundings, "PYTHONPATH": str(ROOT)}, check=True, timeout=120)
    built, checkout = (cv2.imread(str(tmp_path / f"{name}.png")) for name in ("built", "checkout"))
    assert built.shape == (800, 1200, 3)
    assert len(np.unique(built)) > 50
    assert np.array_equal(built[:-40], checkout[:-40])  # below stands how fast it was


def test_render_writes_what_the_checkout_writes(run, tmp_path):
    (tmp_path / "one.dcm").write_bytes(part10(ct_slice(3)))
    done = run("render", tmp_path / "one.dcm", "--out", tmp_path / "one.png")
    assert done.returncode == 0, done.stderr
    stored = np.frombuffer(ct_slice(3).PixelData, np.int16).reshape(96, 128).astype(np.float64)
    expected = np.clip(((stored - (300 - 0.5)) / (1500 - 1) + 0.5) * 255, 0, 255)  # its own window, PS3.3 C.11.2.1.2.1
    assert np.array_equal(cv2.imread(str(tmp_path / "one.png"), cv2.IMREAD_UNCHANGED), np.rint(expected))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["resolve", "nonsense"], 4, "This is not a film link"),
        (["--config", "gone.toml", "doctor"], 3, "cannot be read"),
        (["fly"], 2, "invalid choice"),
        (["open", "--screenshot", "a.png", "--", "cloudfilm:open?source=X&study=1.2.3"], 4, "No source is configured"),
    ],
)
def test_exit_codes_and_one_sentence(run, arguments, code, words):
    done = run("--lang", "en", *arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_link_that_looks_like_an_option_stays_a_link(run):
    done = run("--lang", "en", "resolve", "--", "--config=/etc/passwd")
    assert (done.returncode, done.stdout) == (4, "")
    assert "film link" in done.stderr


def test_the_demo_runs_whole_with_its_cloud_its_proxy_and_its_certificates(run, tmp_path):
    done = run("--lang", "en", "demo", "--screenshots", tmp_path / "shown", timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    pictures = list((tmp_path / "shown").glob("*.png"))
    assert len(pictures) >= 3
    assert all(len(np.unique(cv2.imread(str(picture)))) > 20 for picture in pictures)


def closed(command, surroundings, folder):
    """Start a program that has no standard streams at all; its exit code, and what it logged."""
    shell = ["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *command]
    done = subprocess.run(shell, cwd=folder, env=surroundings, timeout=120, check=False)
    log = Path(surroundings["HOME"]) / ".local/state/cloudfilm-workstation/log/workstation.log"
    return done.returncode, log.read_text(encoding="utf-8") if log.is_file() else ""


def test_without_standard_streams_it_works_and_its_errors_go_to_the_log(package, surroundings, tmp_path):
    write_study(tmp_path / "disc", ct_stack(3))
    program = str(package / NAME)
    shown = [program, "open", str(tmp_path / "disc"), "--screenshot", str(tmp_path / "a.png")]
    assert closed(shown, surroundings, tmp_path) == (0, "")
    assert len(np.unique(cv2.imread(str(tmp_path / "a.png")))) > 50
    code, log = closed([program, "resolve", "nonsense"], surroundings, tmp_path)
    assert code == 4
    assert "exit code 4: link-not-understood" in log
    assert "nonsense" not in log
    assert closed([program, "self-test"], surroundings, tmp_path)[0] == 0


@pytest.fixture
def window(package, surroundings, tmp_path):
    """The windowed program, running, with its workers started."""
    state = Path(surroundings["HOME"]) / ".local/state/cloudfilm-workstation"
    process = subprocess.Popen(
        [str(package / NAME)], cwd=tmp_path, env=surroundings,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        wait_for(lambda: list(state.glob("one-*.json")))  # it listens to later starts
        wait_for(lambda: len(workers_of(process.pid)) >= 2)
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


def workers_of(process_id: int) -> list[int]:
    """The worker processes: children that are no resource tracker."""
    found = []
    for child in children_of(process_id):
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in words or b"--multiprocessing-fork" in words:
            found.append(child)
    return found


def test_a_second_start_hands_over_and_ends(window, package, surroundings, tmp_path):
    write_study(tmp_path / "disc", ct_stack(3))
    second = subprocess.run(
        [str(package / NAME), "open", "disc"], cwd=tmp_path, env=surroundings, timeout=30, check=False
    )
    assert second.returncode == 0
    audit = Path(surroundings["HOME"]) / ".local/state/cloudfilm-workstation"
    wait_for(lambda: any(b'"open"' in file.read_bytes() for file in audit.rglob("*audit*") if file.is_file()))
    assert window.poll() is None


def test_a_worker_that_is_killed_is_replaced_and_the_window_goes_on(window, package, surroundings, tmp_path):
    before = workers_of(window.pid)
    for one in before:
        os.kill(one, signal.SIGKILL)
    packed = ROOT / "resources" / "selftest" / "1.2.840.10008.1.2.4.80.dcm"  # JPEG-LS: only a worker unpacks it
    open_it = [str(package / NAME), "open", str(packed)]
    subprocess.run(open_it, cwd=tmp_path, env=surroundings, timeout=30, check=True)
    wait_for(lambda: set(workers_of(window.pid)) - set(before))
    wait_for(lambda: not set(workers_of(window.pid)) & set(before))
    assert window.poll() is None


def test_nothing_that_has_no_place_in_it_is_in_it(package):
    names = {file.name.lower() for file in package.rglob("*")}
    folders = {place.name.lower() for place in (package / "_internal").iterdir()}
    assert not folders & {"matplotlib", "pil", "tkinter", "scipy", "gdcm", "libjpeg", "pytest", "hypothesis"}
    assert not [
        name for name in names if "qt6qml" in name or "qt6quick" in name or "qt6pdf" in name or "qwayland" in name
    ]
    assert not [name for name in names if name.startswith(("libc.so", "libgl.so", "libssl.so", "libstdc++"))]
    assert {file.name for file in package.rglob("*.qm")} <= {"qtbase_zh_CN.qm", "qtbase_en.qm"}
    assert not list(package.rglob("test_*.py"))


def test_every_licence_goes_along(package):
    text = (package / "licences.txt").read_text(encoding="utf-8")
    parts = ("Tabler", "CC-BY-4.0", "numpy 2.", "vtk 9.", "FFmpeg", "pypdfium2", "Apache License", "PSF-2.0")
    for words in ("GNU LESSER GENERAL PUBLIC LICENSE", *parts):
        assert words.lower() in text.lower(), words
