"""A kept file is whole at any moment: with a full disk, a shut folder, a killed program, two copies that write."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from workstation.station import kept

GOOD = b"what was good before" * 100
NOBODY = 65534
POSIX = pytest.mark.skipif(os.name != "posix", reason="limits on a process and permission bits are POSIX's")
# The kernel lets a process write so many bytes to a file and no more: Python then gets EFBIG, or the process its death.
SHORT_OF_DISK = """
import resource, signal, sys
from pathlib import Path
from workstation.station import kept
signal.signal(signal.SIGXFSZ, signal.SIG_DFL if sys.argv[2] == "killed" else signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    kept.write(Path(sys.argv[1]), b"new" * 1000)
except OSError as error:
    print(error.strerror)
"""
WRITER = """
import sys
from pathlib import Path
from workstation.station import kept
for _ in range(60):
    kept.write(Path(sys.argv[1]), sys.argv[2].encode() * 200_000)
"""


def run(script, *words):
    command = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@contextlib.contextmanager
def as_a_plain_user():
    """Nothing is read-only to the superuser, whom tests in a container often are."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_what_is_written_is_read_again_and_folders_are_made(tmp_path):
    file = tmp_path / "a" / "b" / "window.json"
    kept.write_json(file, {"strip_width": 260, "who": "张"})
    assert kept.read_json(file) == {"strip_width": 260, "who": "张"}
    assert [one.name for one in file.parent.iterdir()] == ["window.json"]


@POSIX
def test_a_disk_that_is_full_half_way_leaves_the_good_file_and_no_part(tmp_path):
    file = tmp_path / "window.json"
    file.write_bytes(GOOD)
    assert run(SHORT_OF_DISK, file, "full").stdout.strip() == "File too large"
    assert file.read_bytes() == GOOD
    assert list(tmp_path.iterdir()) == [file]


@POSIX
def test_a_program_killed_half_way_leaves_the_good_file(tmp_path):
    file = tmp_path / "window.json"
    file.write_bytes(GOOD)
    assert run(SHORT_OF_DISK, file, "killed").returncode == -signal.SIGXFSZ
    assert file.read_bytes() == GOOD
    (part,) = set(tmp_path.iterdir()) - {file}
    assert part.stat().st_size == 1000


@POSIX
def test_a_read_only_folder_keeps_what_it_had(caplog):
    caplog.set_level("INFO")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "window.json"
        file.write_bytes(GOOD)
        folder.chmod(0o555)
        with as_a_plain_user(), pytest.raises(PermissionError):
            kept.write(file, b"new")
        with as_a_plain_user():
            kept.write_json(file, {"who": "张三"})
        assert file.read_bytes() == GOOD
        assert list(folder.iterdir()) == [file]
        folder.chmod(0o700)
    assert [record.getMessage() for record in caplog.records] == ["window.json was not kept: PermissionError"]


def test_a_folder_that_cannot_be_made_raises(tmp_path):
    (tmp_path / "file").write_bytes(GOOD)
    with pytest.raises(OSError, match="file"):
        kept.write(tmp_path / "file" / "below" / "window.json", b"new")


def test_two_copies_that_write_at_once_leave_one_whole_file(tmp_path):
    file = tmp_path / "window.json"
    file.write_bytes(b"0" * 200_000)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, file, letter]) for letter in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        data = file.read_bytes()
        assert len(data) == 200_000
        assert len(set(data)) == 1
        seen.add(data[:1])
    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen & {b"a", b"b"}, "the reader looked while they wrote"
    assert list(tmp_path.iterdir()) == [file]


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_permissions_stay_as_someone_set_them(tmp_path, mode):
    file = tmp_path / "settings.toml"
    file.write_bytes(GOOD)
    file.chmod(mode)
    kept.write(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"3", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": 1} more'])
def test_anything_odd_counts_as_nothing(tmp_path, content):
    file = tmp_path / "window.json"
    file.write_bytes(content)
    assert kept.read_json(file) == {}


def test_a_missing_file_and_a_folder_in_its_place_count_as_nothing(tmp_path):
    (tmp_path / "window.json").mkdir()
    assert kept.read_json(tmp_path / "window.json") == {}
    assert kept.read_json(tmp_path / "worklist.json") == {}


def test_what_stands_on_the_disk_is_plain_json(tmp_path):
    kept.write_json(tmp_path / "window.json", {"language": "zh"})
    assert json.loads((tmp_path / "window.json").read_text(encoding="utf-8")) == {"language": "zh"}
