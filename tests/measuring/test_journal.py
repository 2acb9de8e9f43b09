"""What was measured is there again after the program died, for its patient and study alone, and tells nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.measuring.journal import Journal, journal_name
from workstation.measuring.measurement import Ground, Kind, Measurement
from workstation.measuring.record import as_record, from_record
from workstation.station.seal import Seal

KEY = b"k" * 32
ROOT = Path(__file__).parents[2]


def made(number=1, *, text="骨折线 Ouyang"):
    ground = Ground("2.25.1", "2.25.2", "2.25.3", 1, "2.25.9")
    anchors = ((1.5, 2.0, 3.0), (float(number), 0.25, -7.0))
    return Measurement(f"{number:016x}", Kind.LENGTH, ground, anchors, text=text, author="li", created=f"t{number:04}")


def journal(folder, patient="7001", study="2.25.1", key=KEY):
    return Journal(folder, journal_name(patient, study, key), Seal(key))


def test_every_version_is_followed_and_what_was_deleted_is_gone(tmp_path):
    one, other, third = made(1), made(2), made(3)
    kept = journal(tmp_path)
    for measurement in (one, other, third, replace(one, text="")):
        kept.append(measurement.measurement_id, measurement)
    kept.append(other.measurement_id, None)
    assert set(journal(tmp_path).read().measurements) == {replace(one, text=""), third}


def test_another_patient_or_study_has_another_journal(tmp_path):
    journal(tmp_path).append(made(1).measurement_id, made(1))
    for patient, study in (("7002", "2.25.1"), ("7001", "2.25.4")):
        assert journal(tmp_path, patient, study).read().measurements == ()


@pytest.mark.announces_warnings
def test_nothing_of_it_can_be_read_on_the_disk(tmp_path):
    journal(tmp_path).append(made(1).measurement_id, made(1))
    (file,) = tmp_path.glob("*.journal")
    data = file.read_bytes() + file.name.encode()
    for mark in ("骨折线".encode(), b"Ouyang", b"7001", b"2.25.1", b"2.25.3", b"length"):
        assert mark not in data
    assert file.stat().st_mode & 0o777 == 0o600
    assert Journal(tmp_path, file.stem, Seal(b"x" * 32)).read().measurements == ()


@pytest.mark.parametrize("left", [1, 3, 5, 40])
def test_half_a_record_is_cut_off_and_what_is_written_next_is_whole(tmp_path, left):
    kept = journal(tmp_path)
    kept.append(made(1).measurement_id, made(1))
    (file,) = tmp_path.glob("*.journal")
    whole = file.stat().st_size
    kept.append(made(2).measurement_id, made(2))
    with file.open("r+b") as opened:
        opened.truncate(whole + left)
    again = journal(tmp_path)
    found = again.read()
    assert (found.measurements, found.is_damaged) == ((made(1),), False)
    again.append(made(3).measurement_id, made(3))
    assert set(journal(tmp_path).read().measurements) == {made(1), made(3)}


@pytest.mark.announces_warnings
def test_a_record_that_was_changed_is_not_believed_and_the_file_is_kept_aside(tmp_path, caplog):
    kept = journal(tmp_path)
    kept.append(made(1).measurement_id, made(1))
    (file,) = tmp_path.glob("*.journal")
    first = file.stat().st_size
    kept.append(made(2).measurement_id, made(2))
    data = bytearray(file.read_bytes())
    data[first + 20] ^= 1
    file.write_bytes(data)
    found = journal(tmp_path).read()
    assert (found.measurements, found.is_damaged) == ((made(1),), True)
    (aside,) = tmp_path.glob("*.damaged-*")
    assert aside.read_bytes() == data
    assert journal(tmp_path).read().measurements == (made(1),)
    assert "Ouyang" not in caplog.text


@pytest.mark.announces_warnings
def test_records_cannot_be_swapped_or_moved_to_another_patient(tmp_path):
    for patient in ("7001", "7002"):
        journal(tmp_path / patient, patient).append(made(1).measurement_id, made(1))
    (mine,) = (tmp_path / "7001").glob("*.journal")
    (other,) = (tmp_path / "7002").glob("*.journal")
    other.write_bytes(mine.read_bytes())
    assert journal(tmp_path / "7002", "7002").read().measurements == ()


def test_a_journal_of_many_edits_is_written_anew(tmp_path):
    kept = journal(tmp_path)
    for number in range(100):
        kept.append(made(1).measurement_id, replace(made(1), text=f"{number}"))
    (file,) = tmp_path.glob("*.journal")
    before = file.stat().st_size
    assert journal(tmp_path).read().measurements == (replace(made(1), text="99"),)
    assert file.stat().st_size < before / 50
    assert journal(tmp_path).read().measurements == (replace(made(1), text="99"),)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps files apart by user, not by mode")
def test_a_journal_that_is_written_anew_is_for_its_user_alone(tmp_path):
    kept = journal(tmp_path)
    for number in range(100):
        kept.append(made(1).measurement_id, replace(made(1), text=f"{number}"))
    (file,) = tmp_path.glob("*.journal")
    journal(tmp_path).read()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.announces_warnings
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps files apart by user, not by mode")
def test_a_journal_that_takes_a_damaged_ones_place_is_for_its_user_alone(tmp_path):
    kept = journal(tmp_path)
    kept.append(made(1).measurement_id, made(1))
    (file,) = tmp_path.glob("*.journal")
    first = file.stat().st_size
    kept.append(made(2).measurement_id, made(2))
    data = bytearray(file.read_bytes())
    data[first + 20] ^= 1
    file.write_bytes(data)
    journal(tmp_path).read()
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_a_later_version_wrote_stays_for_that_one(tmp_path):
    """After a step back to an earlier version of the program, and many edits with it."""
    later = journal(tmp_path)
    later.append(made(2).measurement_id, replace(made(2), version=99))
    for number in range(100):
        later.append(made(1).measurement_id, replace(made(1), text=f"{number}"))
    (file,) = tmp_path.glob("*.journal")
    before = file.stat().st_size
    assert journal(tmp_path).read().measurements == (replace(made(1), text="99"),)
    assert file.stat().st_size == before


def test_two_copies_of_the_program_lose_nothing_of_each_other(tmp_path):
    one, other = journal(tmp_path), journal(tmp_path)
    one.read()
    other.read()
    for number in range(1, 9):
        (one if number % 2 else other).append(f"{number:016x}", made(number))
    assert len(journal(tmp_path).read().measurements) == 8


BUSY = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.measuring.test_journal import journal, made
kept = journal(Path(sys.argv[1]))
for number in range(int(sys.argv[3]), int(sys.argv[3]) + 60):
    kept.append(f"{number:016x}", made(number))
"""


def test_two_copies_that_write_at_the_same_moment_lose_nothing_and_damage_nothing(tmp_path):
    """Two sessions of one person on a terminal server share a home."""
    begins = (1000, 2000, 3000)
    words = [[sys.executable, "-c", BUSY, str(tmp_path), str(ROOT), str(begin)] for begin in begins]
    copies = [subprocess.Popen(one) for one in words]
    assert [one.wait(60) for one in copies] == [0, 0, 0]
    found = journal(tmp_path).read()
    assert not found.is_damaged
    assert len(found.measurements) == 180
    assert not list(tmp_path.glob("*.damaged*"))


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.measuring.test_journal import journal, made
kept = journal(Path(sys.argv[1]))
kept.read()
number = int(sys.argv[3])
while True:
    number += 1
    kept.append(f"{number:016x}", made(number))
    print(number, flush=True)
"""


def killed_while_writing(folder, begin):
    words = [sys.executable, "-c", WRITER, str(folder), str(ROOT), str(begin)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:
        last = begin
        ends = time.monotonic() + 60
        while last < begin + 3 and time.monotonic() < ends:
            last = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        for line in writer.stdout:
            last = int(line)
    return last


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9 on Windows")
def test_whatever_was_said_to_be_kept_is_there_after_a_kill(tmp_path):
    last = 0
    for _ in range(3):
        last = killed_while_writing(tmp_path, last)
        found = journal(tmp_path).read()
        assert not found.is_damaged
        numbers = {int(one.measurement_id, 16) for one in found.measurements}
        assert set(range(1, last + 1)) <= numbers <= set(range(1, last + 2))
        last = max(numbers)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(anything, st.sampled_from(list(as_record(made()))))
def test_odd_records_are_no_measurements(odd, name):
    assert from_record(odd) is None
    record = {**as_record(made()), name: odd}
    found = from_record(record)
    assert found is None or as_record(found)[name] == pytest.approx(odd) or name == "anchors"


def test_a_record_gives_its_measurement_back():
    for one in (made(), replace(made(), kind=Kind.CALIBRATION, length_mm=25.4)):
        assert from_record(as_record(one)) == one
    for odd in (2, True, "1", None):
        assert from_record({**as_record(made()), "version": odd}) is None


def test_a_journal_that_is_destroyed_leaves_nothing_not_even_what_was_put_aside(tmp_path):
    one, other = made(1), made(2)
    kept, another = journal(tmp_path), journal(tmp_path, study="2.25.7")
    kept.append(one.measurement_id, one)
    another.append(other.measurement_id, other)
    name = journal_name("7001", "2.25.1", KEY)
    (tmp_path / f"{name}.damaged-20261122-120000").write_bytes(b"what was put aside")
    copy = journal(tmp_path)  # another copy of the program, that has read it
    assert copy.read().measurements == (one,)
    kept.destroy()
    assert not list(tmp_path.glob(f"{name}*"))
    assert another.read().measurements == (other,)
    assert copy.read().measurements == ()
    copy.append(other.measurement_id, other)
    assert kept.read().measurements == (other,)


def test_a_journal_that_was_never_written_can_be_destroyed(tmp_path):
    journal(tmp_path / "nothing").destroy()
    assert not (tmp_path / "nothing").exists()
