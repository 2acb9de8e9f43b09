"""One row a load, in a table that a table program opens; nothing of a patient, and never more than was agreed."""

from __future__ import annotations

import codecs
import csv
import dataclasses
import io
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from workstation.station.speed_log import HEADER, SpeedLog, SpeedRecord, as_csv

ROOT = Path(__file__).resolve().parents[2]
FULL = SpeedRecord(
    at="2026-11-22 08:00:03", source="省影像云", way="proxy", origin="both", outcome="complete", images=300,
    kept_images=100, line_bytes=104_800_000, kept_bytes=52_400_000, first_s=0.731, whole_s=9.25, transfer_s=8.0,
    retries=2, refused=1, waits=3, cold_s=12.5,
)  # fmt: skip


def append(log, record):
    log.note(record)
    log.flush()


def table(path):
    """The rows as another program reads them: UTF-8 by its mark, comma-separated (RFC 4180)."""
    data = path.read_bytes()
    assert data.startswith(codecs.BOM_UTF8)
    assert data.count(codecs.BOM_UTF8) == 1
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_row_says_what_it_counts_with_its_unit(tmp_path):
    log = SpeedLog(tmp_path)
    append(log, FULL)
    (row,) = table(log.path)
    assert row["date and time (local)"] == "2026-11-22 08:00:03"
    assert row["source"] == "省影像云"
    assert (row["way"], row["images from"], row["outcome"]) == ("proxy", "both", "complete")
    assert float(row["over the line (MB)"]) == 104.8
    assert float(row["kept (MB)"]) == 52.4
    assert float(row["rate (MB/s)"]) == pytest.approx(104.8 / 8.0)  # what had been kept does not make a line fast
    assert float(row["first image (s)"]) == 0.731
    assert float(row["whole film (s)"]) == 9.25
    assert [row[name] for name in ("retries", "refused (images)", "waits for the server")] == ["2", "1", "3"]


def test_what_was_written_is_read_again(tmp_path):
    log = SpeedLog(tmp_path)
    never_shown = dataclasses.replace(FULL, first_s=None, whole_s=None, outcome="stopped", line_bytes=0, transfer_s=0.0)
    append(log, FULL)
    append(log, never_shown)
    assert SpeedLog(tmp_path).read() == (FULL, never_shown)
    assert never_shown.megabytes_per_second is None


def test_the_table_is_bounded_and_one_before_it_stays(tmp_path):
    log = SpeedLog(tmp_path, most_rows=10)
    for number in range(35):
        append(log, dataclasses.replace(FULL, images=number))
    assert len(table(log.path)) == 5
    assert len(table(tmp_path / "speed.1.csv")) == 10
    assert [one.images for one in log.read()] == list(range(20, 35))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["speed.1.csv", "speed.csv", "speed.lock"]


@pytest.mark.parametrize("name", ['=cmd|"/c calc"!A1', "+1", "-1", "@x", 'two\nlines,and "quotes"', "\u202eback"])
def test_a_source_of_any_name_is_one_cell_and_no_formula(tmp_path, name):
    log = SpeedLog(tmp_path)
    append(log, dataclasses.replace(FULL, source=name))
    (row,) = table(log.path)
    assert row["source"][0] not in "=+-@\n"
    assert row["way"] == "proxy"
    assert len(log.path.read_bytes().splitlines()) == 2


def test_two_copies_of_the_program_append_and_no_row_is_torn(tmp_path):
    script = (
        "import sys, dataclasses, pathlib\n"
        "from workstation.station.speed_log import SpeedLog, SpeedRecord\n"
        "log = SpeedLog(pathlib.Path(sys.argv[1]), most_rows=100)\n"
        "for n in range(60):\n"
        "    log.note(SpeedRecord('2026-11-22 08:00:00', sys.argv[2] * 20, images=n))\n"
        "    log.flush()\n"
    )
    copies = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name], cwd=ROOT) for name in "ab"]
    assert [copy.wait(60) for copy in copies] == [0, 0]
    rows = [*table(tmp_path / "speed.1.csv"), *table(tmp_path / "speed.csv")]
    assert sorted((row["source"], int(row["images"])) for row in rows) == sorted(
        (name * 20, n) for name in "ab" for n in range(60)
    )
    assert all(None not in row and None not in row.values() for row in rows)


def test_threads_append_and_no_row_is_lost(tmp_path):
    log = SpeedLog(tmp_path)
    threads = [threading.Thread(target=append, args=(log, dataclasses.replace(FULL, images=n))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(table(log.path)) == 20


def test_a_disk_that_refuses_gets_the_row_with_the_next_one(tmp_path):
    log = SpeedLog(tmp_path)
    log.path.mkdir()  # what a table program that holds the file does, to whoever wants to write
    append(log, FULL)
    assert log.read() == (FULL,)
    log.path.rmdir()
    append(log, dataclasses.replace(FULL, images=7))
    assert [one.images for one in SpeedLog(tmp_path).read()] == [300, 7]


@pytest.mark.parametrize(
    "damage", [b"\x00\xff\xfe", b"a,b\r\n", b'"never closed', ",".join(["x"] * 17).encode() + b"\r\n"]
)
def test_what_somebody_changed_in_the_table_is_left_out_and_the_rest_is_read(tmp_path, damage):
    log = SpeedLog(tmp_path)
    append(log, FULL)
    with log.path.open("ab") as file:
        file.write(damage)
    assert log.read()[:1] == (FULL,)


def test_a_table_has_a_header_and_as_many_cells_in_each_row():
    rows = list(csv.reader(io.StringIO(as_csv([FULL]), newline="")))
    assert rows[0] == list(HEADER)
    assert {len(row) for row in rows} == {len(HEADER)}


def test_a_record_has_no_field_for_a_patient():
    """Texts are the moment, the source and three words from a short list; all else are numbers."""
    kinds = {field.name: str(field.type) for field in dataclasses.fields(SpeedRecord)}
    assert {name for name, kind in kinds.items() if kind == "str"} == {"at", "source", "way", "origin", "outcome"}
    assert set(kinds.values()) == {"str", "int", "float", "float | None"}


def test_what_was_noted_is_read_before_the_disk_has_it(tmp_path):
    log = SpeedLog(tmp_path)
    append(log, FULL)
    log.note(dataclasses.replace(FULL, images=7))
    log.note(dataclasses.replace(FULL, images=8), is_lasting=False)
    assert [one.images for one in log.read()] == [300, 7]
    assert [one.images for one in log.recent] == [300, 7, 8]
    log.flush()
    assert len(table(log.path)) == 2
