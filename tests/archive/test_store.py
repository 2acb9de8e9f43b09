"""The store: whole or not at all, for its user alone, within its bounds, and through every kind of end."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from workstation.archive.store import files
from workstation.archive.store.store import Name, Outcome, Store

KEY = bytes(range(32))
ROOT = Path(__file__).parents[2]
MB = 1 << 20


def name(number=1, study=1, kind="instance"):
    return Name("pacs", f"2.25.100{study}", f"2.25.100{study}.2", f"2.25.100{study}.2.{number}", kind)


def data_of(number, size=5000):
    return random.Random(number).randbytes(size)


def store_in(folder, key=KEY, most=100 * MB, **more):
    return Store(folder, key, most_bytes=most, **more)


@pytest.fixture
def store(tmp_path):
    made = store_in(tmp_path / "store")
    yield made
    made.close()


def put(store, *numbers, study=1, size=5000):
    found = [store.put(name(number, study), data_of(number, size)) for number in numbers]
    assert store.flush()
    return found


def test_what_was_kept_comes_back_after_a_restart(tmp_path):
    first = store_in(tmp_path)
    assert put(first, 1, 2, 3) == [Outcome.KEPT] * 3
    first.describe(name(study=1), b"{}")
    first.close()
    again = store_in(tmp_path)
    assert [again.get(name(number)) for number in (1, 2, 3, 4)] == [data_of(1), data_of(2), data_of(3), None]
    assert again.read(name(2), 100, 50) == data_of(2)[100:150]
    assert again.held([name(1), name(4), name(1, study=9)]) == {name(1)}
    assert [one.about for one in again.studies()] == [b"{}"]
    again.close()


def test_nothing_on_the_disk_tells_who_or_what(tmp_path):
    store = store_in(tmp_path)
    put(store, 1)
    store.describe(name(study=1), "欧阳晓东 Ouyang".encode())
    store.close()
    told = b"".join(file.read_bytes() + str(file.name).encode() for file in tmp_path.rglob("*") if file.is_file())
    for mark in (b"2.25.1001", "欧阳".encode(), b"Ouyang", data_of(1)[:16], KEY):
        assert mark not in told
    for file in tmp_path.rglob("*"):
        if file.is_file() and not file.name.startswith("index"):
            assert file.stat().st_mode & 0o077 == 0


@pytest.mark.announces_warnings
def test_another_users_key_opens_nothing_and_what_it_keeps_takes_its_place(tmp_path):
    store = store_in(tmp_path)
    put(store, 1)
    store.close()
    other = store_in(tmp_path, key=b"x" * 32)
    assert other.get(name(1)) is None
    assert [one.about for one in other.studies()] == [b""]
    put(other, 1)
    assert other.get(name(1)) == data_of(1)
    other.close()


def test_the_same_again_is_known_and_other_bytes_under_a_name_are_a_conflict(store):
    put(store, 1)
    assert store.put(name(1), data_of(1)) is Outcome.THERE
    assert store.put(name(1), data_of(2)) is Outcome.CONFLICT
    assert store.get(name(1)) == data_of(1)


def test_what_one_service_gave_is_never_taken_for_anothers(store):
    """A service that claims another's UIDs cannot put its bytes in their place."""
    store.put(replace(name(1), origin="evil"), data_of(9))
    store.flush()
    assert store.get(name(1)) is None
    assert put(store, 1) == [Outcome.KEPT]
    assert (store.get(name(1)), store.get(replace(name(1), origin="evil"))) == (data_of(1), data_of(9))


def test_what_is_dropped_is_gone_and_nothing_else(tmp_path):
    store = store_in(tmp_path)
    put(store, 1, 2)
    store.drop(name(1))
    store.drop(name(7))
    assert (store.get(name(1)), store.get(name(2))) == (None, data_of(2))
    assert len(sealed_files(tmp_path)) == 1
    store.close()


def sealed_files(folder):
    return [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("index")]


@pytest.mark.announces_warnings
@pytest.mark.parametrize("harm", ["bit", "cut", "empty", "gone", "swapped", "foreign"])
def test_a_file_that_is_not_what_was_written_is_taken_away_and_can_be_kept_anew(tmp_path, harm):
    store = store_in(tmp_path)
    put(store, 1)
    (file,) = sealed_files(tmp_path)
    data = bytearray(file.read_bytes())
    if harm == "bit":
        data[len(data) // 2] ^= 4
        file.write_bytes(data)
    elif harm == "cut":
        file.write_bytes(data[:-1])
    elif harm == "empty":
        file.write_bytes(b"")
    elif harm == "gone":
        file.unlink()
    elif harm == "foreign":
        file.write_bytes(b"DICM" * 999)
    else:
        put(store, 2)
        (other,) = (one for one in sealed_files(tmp_path) if one != file)
        mine, its = file.read_bytes(), other.read_bytes()
        file.write_bytes(its)
        other.write_bytes(mine)
    assert store.get(name(1)) is None
    assert not store.held([name(1)])
    assert put(store, 1) == [Outcome.KEPT]
    assert store.get(name(1)) == data_of(1)
    store.close()


@pytest.mark.announces_warnings
@pytest.mark.parametrize("harm", ["garbage", "middle", "version"])
def test_an_index_that_cannot_be_read_makes_room_for_a_new_one(tmp_path, harm):
    store = store_in(tmp_path)
    put(store, *range(1, 60))
    store.close()
    file = tmp_path / "index.db"
    data = bytearray(file.read_bytes())
    if harm == "garbage":
        file.write_bytes(b"not a database" * 500)
    elif harm == "middle":
        data[4096 : 4096 * 3] = os.urandom(4096 * 2)
        file.write_bytes(data)
    else:
        with sqlite3.connect(file) as base:
            base.execute("PRAGMA user_version = 99")
        base.close()
    again = store_in(tmp_path)
    assert again.get(name(1)) is None
    assert sealed_files(tmp_path) == []
    put(again, 1)
    assert again.get(name(1)) == data_of(1)
    again.close()


def test_forgetting_a_study_leaves_nothing_of_it_not_even_its_key(tmp_path):
    store = store_in(tmp_path)
    put(store, 1, 2)
    put(store, 3, study=2)
    handle = store.handle(name(study=1))
    sealed_key = store._index.study(handle).key
    assert any(sealed_key in file.read_bytes() for file in tmp_path.glob("index.db*"))
    store.forget(handle)
    assert store.get(name(1)) is None
    assert store.get(name(3, study=2)) == data_of(3)
    assert len(sealed_files(tmp_path)) == 1
    assert not any(sealed_key in file.read_bytes() for file in tmp_path.glob("index.db*"))
    store.close()


def test_a_lease_that_is_over_destroys_its_study_and_no_other(tmp_path):
    clock = [1000.0]
    store = store_in(tmp_path, now=lambda: clock[0])
    put(store, 1)
    put(store, 2, study=2)
    store.lease(store.handle(name(study=1)), 1500.0)
    assert store.expire() == 0
    clock[0] = 1500.0
    assert store.expire() == 1
    assert (store.get(name(1)), store.get(name(2, study=2))) == (None, data_of(2))
    store.close()


def test_room_is_made_by_what_was_not_open_for_longest_and_never_by_what_is_pinned(tmp_path):
    clock = [0.0]
    store = store_in(tmp_path, most=3 * MB, now=lambda: clock[0])
    for study in (1, 2, 3):
        clock[0] += 1
        put(store, 1, study=study, size=MB - 2000)
        store.describe(name(study=study), b"")
    clock[0] += 1
    store.describe(name(study=2), b"")  # open again
    store.pin(store.handle(name(study=1)), is_pinned=True)
    put(store, 1, study=4, size=MB - 2000)
    assert [bool(store.get(name(1, study=study))) for study in (1, 2, 3, 4)] == [True, True, False, True]
    assert store.size() <= 3 * MB
    for study in (1, 2, 4):
        store.pin(store.handle(name(study=study)), is_pinned=True)
    assert store.put(name(1, study=5), bytes(MB)) is Outcome.NOT_KEPT
    store.close()


def test_a_study_larger_than_the_store_is_kept_as_far_as_it_goes(tmp_path):
    store = store_in(tmp_path, most=3 * MB)
    outcomes = [put(store, number, size=MB - 2000)[0] for number in range(1, 6)]
    assert outcomes == [Outcome.KEPT] * 3 + [Outcome.NOT_KEPT] * 2
    assert store.size() <= 3 * MB
    store.close()


def test_two_copies_of_the_program_share_one_store(tmp_path):
    one, other = store_in(tmp_path), store_in(tmp_path)
    put(one, 1)
    assert other.get(name(1)) == data_of(1)
    threads = [threading.Thread(target=lambda which=which: put(which, *range(1, 80))) for which in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for which in (one, other):
        assert all(which.get(name(number)) == data_of(number) for number in range(1, 80))
    assert len(sealed_files(tmp_path)) == 79  # none is there twice
    other.forget(other.handle(name(study=1)))
    assert one.get(name(1)) is None
    assert put(one, 1) == [Outcome.KEPT]
    assert other.get(name(1)) == data_of(1)
    one.close()
    other.close()


def test_a_study_that_is_destroyed_while_it_is_being_kept_leaves_nothing(tmp_path):
    store = store_in(tmp_path)
    stop = threading.Event()

    def writer():
        number = 0
        while not stop.is_set():
            number += 1
            store.put(name(number), data_of(number, 100))

    thread = threading.Thread(target=writer)
    thread.start()
    for _ in range(20):
        time.sleep(0.02)
        store.forget(store.handle(name(study=1)))
    stop.set()
    thread.join()
    store.flush()
    store.forget(store.handle(name(study=1)))
    store.sweep(older_s=-1.0)
    assert sealed_files(tmp_path) == []
    assert not store.is_refused
    store.close()


class Edits(RuleBasedStateMachine):
    """Against a dictionary: what is kept is exactly that, through restarts, harm and forgetting."""

    def __init__(self):
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name) / "s"
        self.store = store_in(self.root)
        self.kept = {}

    @rule(number=st.integers(1, 6), study=st.integers(1, 3), size=st.sampled_from([0, 1, 900, MB, MB + 7]))
    def put(self, number, study, size):
        which, data = name(number, study), data_of(number * 31 + size, size)
        outcome = self.store.put(which, data)
        self.store.flush()
        before = self.kept.setdefault(which, data)
        assert (outcome is Outcome.CONFLICT) == (before != data)

    @rule(study=st.integers(1, 3))
    def forget(self, study):
        self.store.forget(self.store.handle(name(study=study)))
        self.kept = {which: data for which, data in self.kept.items() if which.study_instance_uid != f"2.25.100{study}"}

    @rule()
    def restart(self):
        self.store.close()
        self.store = store_in(self.root)

    @rule()
    def sweep(self):
        self.store.sweep(older_s=-1.0)

    @invariant()
    def what_is_kept_is_what_was_put(self):
        for study in (1, 2, 3):
            for number in range(1, 7):
                which = name(number, study)
                assert self.store.get(which) == self.kept.get(which)
        assert self.store.held([name(n, s) for n in range(1, 7) for s in (1, 2, 3)]) == set(self.kept)
        assert len(sealed_files(self.root)) == len(self.kept)

    def teardown(self):
        self.store.close()
        self.folder.cleanup()


Edits.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
TestEdits = Edits.TestCase


class Full:
    """A disk that is full from the n-th call on that writes."""

    def __init__(self, monkeypatch, position):
        self.left = position
        for module, call in ((os, "fsync"), (os, "open"), (Path, "replace"), (files, "write_part")):
            real = getattr(module, call)
            monkeypatch.setattr(module, call, self._guarded(real))

    def _guarded(self, real):
        def call(*words, **more):
            self.left -= 1
            if self.left < 0:
                raise OSError(28, "No space left on device")
            return real(*words, **more)

        return call


@pytest.mark.announces_warnings
@pytest.mark.parametrize("position", range(0, 60, 2))
def test_a_full_disk_leaves_no_half_file_and_the_program_goes_on(tmp_path, monkeypatch, position):
    store = store_in(tmp_path)
    with monkeypatch.context() as patch:
        Full(patch, position)
        for number in range(1, 12):
            store.put(name(number), data_of(number))
            store.flush()
        kept = [number for number in range(1, 12) if store.get(name(number)) is not None]
        assert store.is_refused or len(kept) == 11
    store.close()
    again = store_in(tmp_path)
    for number in range(1, 12):
        assert again.get(name(number)) in (None, data_of(number))
    assert all(again.get(name(number)) == data_of(number) for number in kept)
    again.sweep(older_s=-1.0)
    assert len(sealed_files(tmp_path)) == len(kept)
    again.close()


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.archive.test_store import data_of, name, store_in
store = store_in(Path(sys.argv[1]))
print("ready", flush=True)
number = int(sys.argv[3])
while True:
    number += 1
    store.put(name(number), data_of(number, 40_000))
"""


def killed(folder, begin, after_s):
    words = [sys.executable, "-c", WRITER, str(folder), str(ROOT), str(begin)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "ready\n"
        time.sleep(after_s)
        os.kill(writer.pid, signal.SIGKILL)


def check_after_kills(folder, kills, chance):
    begin, seen = 0, 0
    for _ in range(kills):
        killed(folder, begin, chance.uniform(0.05, 0.5))
        store = store_in(folder)
        names = [name(number) for number in range(1, begin + 4000)]
        held = store.held(names)
        for one in held:
            number = int(one.sop_instance_uid.rpartition(".")[2])
            if number > begin or chance.random() < 0.02:
                assert store.get(one) == data_of(number, 40_000)
        assert store._index.is_whole()
        assert len(held) >= seen
        seen = len(held)
        begin = max((int(one.sop_instance_uid.rpartition(".")[2]) for one in held), default=0)
        store.sweep(older_s=-1.0)
        assert len(sealed_files(folder)) == len(held)
        store.close()
    assert seen > 0


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9 on Windows")
def test_after_a_kill_everything_that_is_named_is_whole_and_no_half_file_is_named(tmp_path):
    check_after_kills(tmp_path, 4, random.Random(5))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9 on Windows")
def test_after_a_thousand_kills_nothing_is_corrupt(tmp_path):
    chance = random.Random(6)
    for _ in range(100):
        folder = tmp_path / str(chance.random())
        check_after_kills(folder, 10, chance)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.announces_warnings
def test_each_of_ten_thousand_flipped_bits_is_noticed(tmp_path):
    chance = random.Random(7)
    store = store_in(tmp_path)
    for trial in range(10_000):
        if trial % 50 == 0:
            store.forget(store.handle(name(study=1)))
            put(store, *range(1, 51), size=3000)
            where = sealed_files(tmp_path)
        file = where[trial % 50]
        data = bytearray(file.read_bytes())
        at = chance.randrange(8 * len(data))
        data[at // 8] ^= 1 << (at % 8)
        file.write_bytes(data)
        if trial % 50 == 49:
            assert [store.get(name(number)) for number in range(1, 51)] == [None] * 50
    store.close()


def test_what_is_let_go_while_it_is_being_read_is_no_damage(store, caplog):
    """The index named it, and the file had gone by the time it was opened: nobody is told of a damage."""
    put(store, 1)
    store.flush()
    entry = store._index.entry

    def gone_meanwhile(handle):
        found = entry(handle)
        store._index.entry = entry
        store.drop(name(1, 1))
        return found

    store._index.entry = gone_meanwhile
    assert store.get(name(1, 1)) is None
    assert "taken away" not in caplog.text
