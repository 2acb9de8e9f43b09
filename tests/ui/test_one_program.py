"""One copy a user: a second start hands over what it should open; a program that dies offers its films again."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.phantoms import CT_STUDY, ct_stack, write_study

SCRIPT = Path(__file__).with_name("driven.py")
ROOT = Path(__file__).parents[2]
MARKS = (b"Ouyang", "欧阳晓东".encode(), b"DEMO-7001", CT_STUDY.encode())


class Program:
    """The program in a process of its own."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), *arguments],
            env=environment(home), cwd=home, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def ask(self, wish: str) -> dict:
        self.process.stdin.write(f"{wish}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()[-2000:]
        return json.loads(line)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self._wait()

    def close(self) -> dict:
        told = self.ask("close")
        code = self.process.wait(30)
        assert code == 0, self.process.stderr.read()[-2000:]
        self._wait()
        return told

    def _wait(self) -> None:
        self.process.wait(30)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "WORKSTATION_"))}
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    return {
        **kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "XDG_STATE_HOME": str(home / "state"),
        "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }  # fmt: skip


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def film(tmp_path):
    return write_study(tmp_path / "film", ct_stack(3))


@pytest.fixture
def start(home):
    begun = []

    def run(*arguments: str) -> Program:
        begun.append(Program(home, *arguments))
        return begun[-1]

    yield run
    for program in begun:
        if program.process.poll() is None:
            program.kill()


def second_start(home: Path, *arguments: str) -> tuple[int, float]:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "workstation", *arguments], env=environment(home), cwd=home, timeout=60, check=False
    )
    return done.returncode, time.monotonic() - begun


def on_disk(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())


def test_a_second_start_hands_its_film_to_the_first_and_ends(start, home, film):
    first = start()
    assert first.ask("state")["films"] == []
    code, _ = second_start(home, "open", str(film))
    assert code == 0
    assert first.ask("settled")["films"] == [CT_STUDY]
    first.close()


def test_a_path_is_understood_from_the_folder_of_the_second_start(start, home, film):
    first = start()
    first.ask("state")
    (home / "here").symlink_to(film)
    assert second_start(home, "open", "here")[0] == 0
    assert first.ask("settled")["films"] == [CT_STUDY]
    first.close()


LATE = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from workstation.ui.one_program import OneProgram
app = QCoreApplication([])
one = OneProgram("test", Path(sys.argv[1]))
assert one.claim()
print("claimed", flush=True)
one.asked.connect(lambda source: (print(source, flush=True), QTimer.singleShot(100, app.quit)))
QTimer.singleShot(700, one.listen)
app.exec()
one.release()
"""


def test_a_second_start_while_the_first_is_still_starting_waits_for_it(tmp_path):
    """An impatient double click: the first copy has taken its place and does not listen yet."""
    from workstation.ui.one_program import OneProgram

    (tmp_path / "one-test.json").write_text(json.dumps({"nonce": "of a copy that was killed"}))
    words = [sys.executable, "-c", LATE, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as first:
        assert first.stdout.readline() == "claimed\n"
        second = OneProgram("test", tmp_path)
        assert not second.claim()
        assert second.hand_over("https://film.example/")
        assert first.stdout.readline() == "https://film.example/\n"
        assert first.wait(10) == 0


def test_a_second_start_takes_the_place_of_a_first_that_died_while_starting(tmp_path):
    from workstation.ui.one_program import OneProgram

    one, other = OneProgram("test", tmp_path), OneProgram("test", tmp_path)
    assert one.claim()
    assert not other.claim()
    one.release()
    assert not other.hand_over("x")
    assert other.is_the_one
    assert not OneProgram("test", tmp_path).claim()
    other.release()


def test_a_copy_that_is_not_the_one_leaves_the_list_of_open_films_alone(start, home, film):
    """The first copy hangs and takes nothing: the second start has its own window, and the first one's list stays."""
    first = start("open", str(film))
    first.ask("settled")
    sealed = next((home / "state").rglob("open-films*.sealed"))
    os.kill(first.process.pid, signal.SIGSTOP)
    try:
        second = start()
        told = second.ask("state")
        assert (told["offers"], told["windows"]) == ([], 1)
        second.close()
        assert sealed.is_file()
    finally:
        os.kill(first.process.pid, signal.SIGCONT)
    first.close()


def test_a_second_start_without_a_film_only_brings_the_window_forward(start, home):
    first = start()
    first.ask("state")
    assert second_start(home)[0] == 0
    told = first.ask("state")
    assert (told["windows"], told["films"], told["error"]) == (1, [], "")
    first.close()


def test_the_scheme_reaches_the_copy_that_runs(start, home):
    first = start()
    first.ask("state")
    assert second_start(home, "open", "cloudfilm:open?source=none&study=1.2.3")[0] == 0
    assert first.ask("failed")["error"] == "link-host-unknown"
    first.close()


def test_other_settings_are_another_copy(start, home, tmp_path):
    settings = tmp_path / "other.toml"
    settings.write_text("")
    first = start()
    first.ask("state")
    second = start("--config", str(settings))
    assert second.ask("state")["windows"] == 1
    second.close()
    first.close()


def test_whoever_does_not_know_the_nonce_is_not_listened_to(qapp, qtbot, tmp_path):
    from workstation.ui.one_program import OneProgram

    one = OneProgram("test", tmp_path)
    assert one.claim()
    one.listen()
    heard = []
    one.asked.connect(heard.append)
    (tmp_path / "one-test.json").write_text(json.dumps({"nonce": "guessed"}))
    taken = []
    _aside(qtbot, lambda: taken.append(OneProgram("test", tmp_path).hand_over("https://evil.example/")))
    assert taken == [False]
    assert heard == []
    one.release()


def test_the_nonce_is_read_by_this_user_alone(qapp, tmp_path):
    from workstation.ui.one_program import OneProgram

    one = OneProgram("test", tmp_path)
    assert one.claim()
    one.listen()
    assert stat.S_IMODE((tmp_path / "one-test.json").stat().st_mode) == 0o600
    assert not OneProgram("test", tmp_path).claim()
    one.release()
    again = OneProgram("test", tmp_path)
    assert again.claim()
    again.release()


@pytest.mark.parametrize("words", [b"\n", b"{}\n", b"[]\n", b"\xff\xfe\n", b'{"nonce": 3}\n', b"x" * 40000])
def test_nonsense_on_the_channel_is_turned_away(qapp, qtbot, tmp_path, words):
    from PySide6.QtNetwork import QLocalSocket

    from workstation.ui.one_program import OneProgram, _address

    one = OneProgram("test", tmp_path)
    assert one.claim()
    one.listen()
    heard = []
    one.asked.connect(heard.append)

    def speak():
        socket = QLocalSocket()
        socket.connectToServer(_address("test", tmp_path))
        socket.waitForConnected(2000)
        socket.write(words)
        socket.waitForBytesWritten(2000)
        socket.waitForDisconnected(2000)

    _aside(qtbot, speak)
    assert heard == []
    one.release()


def test_the_program_ends_while_somebody_is_on_the_channel(qapp, qtbot, tmp_path):
    from PySide6.QtNetwork import QLocalSocket

    from workstation.ui.one_program import OneProgram, _address

    one = OneProgram("test", tmp_path)
    assert one.claim()
    one.listen()
    silent = QLocalSocket()
    silent.connectToServer(_address("test", tmp_path))
    qtbot.waitUntil(lambda: bool(one._visitors))
    one.release()
    silent.abort()
    assert OneProgram("test", tmp_path).claim()


def _aside(qtbot, call) -> None:
    import threading

    done = threading.Event()

    def run() -> None:
        call()
        done.set()

    thread = threading.Thread(target=run)
    thread.start()
    qtbot.waitUntil(done.is_set, timeout=10_000)
    thread.join()


def dies_once(start, home, film) -> None:
    program = start("open", str(film))
    assert program.ask("settled")["films"] == [CT_STUDY]
    sealed = next((home / "state").rglob("open-films*.sealed"), None)
    ends = time.monotonic() + 10
    while sealed is None:
        assert time.monotonic() < ends
        sealed = next((home / "state").rglob("open-films*.sealed"), None)
    program.kill()
    left = on_disk(home / "state")
    assert not [mark for mark in MARKS if mark in left]
    assert str(film).encode() not in left
    again = start()
    told = again.ask("offers")
    assert len(told["offers"]) == 1
    assert told["details"] in (["O**"], ["欧**"])
    assert "crash-" in told["says"]
    again.ask("choose 0")
    assert again.ask("settled")["films"] == [CT_STUDY]
    again.close()
    assert not list((home / "state").rglob("open-films*"))


def test_a_program_that_is_killed_offers_its_film_at_the_next_start_and_leaves_nothing_of_the_patient(
    start, home, film
):
    dies_once(start, home, film)
    (report,) = (home / "state").rglob("crash-*.txt")
    assert "places in the code" in report.read_text()


@pytest.mark.long
def test_fifty_deaths_offer_the_film_fifty_times(start, home, film):
    for _ in range(50):
        dies_once(start, home, film)
    assert len(list((home / "state").rglob("crash-*.txt"))) == 10  # the newest ten


def test_a_program_that_ends_in_order_offers_nothing(start, home, film):
    first = start("open", str(film))
    first.ask("settled")
    first.close()
    again = start()
    told = again.ask("state")
    assert (told["offers"], told["says"]) == ([], "")
    again.close()
    assert not list((home / "state").rglob("crash-*"))
