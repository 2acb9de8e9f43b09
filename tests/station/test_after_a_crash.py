"""What is left on the disk when the program dies: places in the code, and a sealed list; nothing of a patient."""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import subprocess
import sys
import time

import pytest

from workstation.reference import Secret
from workstation.station import open_films
from workstation.station.crash import CrashReport, gather
from workstation.station.logs import LogFile
from workstation.station.open_films import OpenFilm, OpenFilms, mask_name
from workstation.station.seal import Seal, seal_of
from workstation.station.vault import Vault

FILM = OpenFilm(Secret("https://cloud.example/studies/1.2.3?token=abc"), "2026-09-14  Knee", "欧**")


class Store:
    """A key store in memory, as the operating system's."""

    def __init__(self):
        self.kept = {}

    def get_password(self, service, name):
        return self.kept.get((service, name))

    def set_password(self, service, name, value):
        self.kept[service, name] = value


@pytest.fixture
def runtime(tmp_path):
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def without_key_store(monkeypatch):
    monkeypatch.setattr("workstation.station.vault._system_store", lambda: None)


def test_a_sealed_text_is_opened_by_its_key_for_its_purpose_alone():
    seal = Seal(b"k" * 32)
    sealed = seal.seal(b"text", "films")
    assert seal.open(sealed, "films") == b"text"
    assert seal.open(sealed, "other") is None
    assert Seal(b"l" * 32).open(sealed, "films") is None
    assert seal.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "films") is None
    assert seal.open(b"", "films") is None
    assert seal.seal(b"text", "films") != sealed  # a nonce of its own each time


def test_the_seal_is_what_another_program_writes():
    """AES-256-GCM as `cryptography` has it from OpenSSL: opened here with OpenSSL's own words."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    sealed = Seal(bytes(range(32))).seal("膝".encode(), "purpose")
    nonce, body, tag = sealed[:12], sealed[12:-16], sealed[-16:]
    opener = Cipher(algorithms.AES(bytes(range(32))), modes.GCM(nonce, tag)).decryptor()
    opener.authenticate_additional_data(b"purpose")
    assert opener.update(body) + opener.finalize() == "膝".encode()


def test_the_key_lies_in_the_key_store_and_is_the_same_at_the_next_start(tmp_path):
    store = Store()
    first = seal_of(Vault(store), tmp_path / "none")
    second = seal_of(Vault(store), tmp_path / "none")
    assert second.open(first.seal(b"x", "p"), "p") == b"x"


def test_without_a_key_store_the_key_lies_in_the_runtime_folder_that_ends_with_the_log_in(runtime, without_key_store):
    first, second = seal_of(Vault(), runtime), seal_of(Vault(), runtime)
    assert second.open(first.seal(b"x", "p"), "p") == b"x"
    (key,) = runtime.iterdir()
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_runtime_folder_that_others_can_read_holds_no_key(tmp_path, without_key_store):
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    assert seal_of(Vault(), folder) is None
    assert not list(folder.iterdir())


def test_open_films_come_back_once(tmp_path, runtime, without_key_store):
    OpenFilms(Vault(), "", tmp_path, runtime).keep([FILM])
    after = OpenFilms(Vault(), "", tmp_path, runtime)
    assert after.left_over() == (FILM,)
    assert after.left_over() == ()


def test_nothing_of_a_film_can_be_read_on_the_disk(tmp_path, runtime, without_key_store):
    OpenFilms(Vault(), "", tmp_path, runtime).keep([FILM])
    (file,) = tmp_path.glob("*.sealed")
    for mark in (b"token", b"abc", b"Knee", "欧".encode(), b"cloud.example"):
        assert mark not in file.read_bytes()


def test_without_a_place_for_the_key_nothing_is_written(tmp_path, without_key_store):
    kept = OpenFilms(Vault(), "", tmp_path, tmp_path / "none")
    kept.keep([FILM])
    assert not list(tmp_path.glob("*.sealed"))


def test_the_films_of_yesterday_are_not_offered(tmp_path, runtime, without_key_store, monkeypatch):
    OpenFilms(Vault(), "", tmp_path, runtime).keep([FILM])
    now = time.time()
    monkeypatch.setattr(open_films.time, "time", lambda: now + 13 * 3600)
    assert OpenFilms(Vault(), "", tmp_path, runtime).left_over() == ()


def test_a_damaged_list_is_no_list(tmp_path, runtime, without_key_store):
    (tmp_path / "open-films.sealed").write_bytes(os.urandom(200))
    assert OpenFilms(Vault(), "", tmp_path, runtime).left_over() == ()
    seal = seal_of(Vault(), runtime)
    (tmp_path / "open-films.sealed").write_bytes(seal.seal(json.dumps({"at": "x"}).encode(), "open films"))
    assert OpenFilms(Vault(), "", tmp_path, runtime).left_over() == ()


def test_the_last_film_that_is_closed_takes_the_list_with_it(tmp_path, runtime, without_key_store):
    kept = OpenFilms(Vault(), "", tmp_path, runtime)
    kept.keep([FILM])
    kept.keep([])
    assert not list(tmp_path.glob("*.sealed"))


@pytest.mark.parametrize(("name", "masked"), [("欧阳晓东", "欧**"), ("Ouyang^Xiaodong", "O**"), ("", ""), ("  ", "")])
def test_a_name_is_masked_to_its_first_character(name, masked):
    assert mask_name(name) == masked


FAULT = """
import sys, ctypes
from pathlib import Path
from workstation.station.crash import CrashReport
def patient_欧阳晓东_is_a_local():
    name = "欧阳晓东"
    ctypes.string_at(0)
report = CrashReport(Path(sys.argv[1]))
report.begin()
report.note("ValueError at main_window.py:7 show")
patient_欧阳晓东_is_a_local.__code__ = patient_欧阳晓东_is_a_local.__code__.replace(co_name="show")
patient_欧阳晓东_is_a_local()
"""


def test_a_fault_leaves_the_places_in_the_code_and_no_values(tmp_path):
    done = subprocess.run([sys.executable, "-c", FAULT, str(tmp_path)], capture_output=True, check=False, timeout=60)
    assert done.returncode < 0
    (report,) = gather(tmp_path)
    told = report.read_text()
    assert "Segmentation fault" in told
    assert "in show" in told
    assert "ValueError at main_window.py:7 show" in told
    assert "欧阳" not in told
    assert gather(tmp_path) == []  # told once


def test_a_program_that_ends_in_order_leaves_no_report(tmp_path):
    was_enabled = faulthandler.is_enabled()
    report = CrashReport(tmp_path)
    report.begin()
    report.note("something")
    report.end()
    if was_enabled:
        faulthandler.enable()
    assert gather(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_the_report_of_a_copy_that_runs_is_left_alone(tmp_path):
    (tmp_path / "running-4711.txt").write_text("x")
    assert gather(tmp_path, lambda number: number == 4711) == []
    assert next(one.name for one in gather(tmp_path, lambda _: False)).endswith("-4711.txt")


def test_only_ten_reports_are_kept(tmp_path):
    for number in range(14):
        (tmp_path / f"crash-20260101-0000{number:02}-1.txt").write_text("x")
    gather(tmp_path, lambda _: False)
    kept = sorted(one.name for one in tmp_path.iterdir())
    assert len(kept) == 10
    assert kept[0].startswith("crash-20260101-000004")


@pytest.mark.announces_warnings
def test_the_log_turns_over_and_is_written_aside(tmp_path):
    log = LogFile(tmp_path)
    log.begin()
    logger = logging.getLogger("workstation.test_logs")
    for _ in range(15000):
        logger.warning("a line of a hundred characters, more or less, so that the file turns over in a moment or two")
    logger.info("not this one")
    log.end()
    files = sorted(tmp_path.glob("workstation.log*"))
    assert len(files) >= 2
    assert all(file.stat().st_size <= 1 << 20 for file in files)
    assert b"not this one" not in b"".join(file.read_bytes() for file in files)
