from __future__ import annotations

import json
import subprocess
import sys

import pytest

from workstation.station.audit import Audit, verify


def lines_of(audit):
    return audit.path.read_bytes().splitlines(keepends=True)


@pytest.fixture
def trail(tmp_path):
    audit = Audit(tmp_path)
    for number in range(6):
        audit.record("film-opened", count=number, study=f"1.2.{number}")
    return audit


def test_a_whole_trail_has_no_fault(trail):
    assert len(lines_of(trail)) == 6
    assert verify(trail.path) == []


def test_a_trail_that_was_never_begun_has_no_fault(tmp_path):
    assert verify(tmp_path / "audit.jsonl") == []


@pytest.mark.parametrize("gone", range(6))
def test_a_deleted_line_is_found(trail, gone):
    lines = lines_of(trail)
    del lines[gone]
    trail.path.write_bytes(b"".join(lines))
    assert verify(trail.path) == [gone + 1]


@pytest.mark.parametrize("changed", range(6))
def test_a_changed_line_is_found(trail, changed):
    lines = lines_of(trail)
    lines[changed] = lines[changed].replace(b"film-opened", b"film-closed")
    trail.path.write_bytes(b"".join(lines))
    assert verify(trail.path) == [changed + 2]


def test_swapped_lines_are_found(trail):
    lines = lines_of(trail)
    lines[1], lines[2] = lines[2], lines[1]
    trail.path.write_bytes(b"".join(lines))
    assert verify(trail.path)


@pytest.mark.parametrize("kept", [0, 1, 4])
def test_an_end_that_was_cut_off_stays_visible_after_more_is_recorded(trail, kept):
    trail.path.write_bytes(b"".join(lines_of(trail)[:kept]))
    assert verify(trail.path) == [kept + 1]
    trail.record("film-opened", count=99)
    trail.record("film-opened", count=100)
    assert verify(trail.path) == [kept + 1]


def test_a_process_that_died_between_line_and_memory_is_no_fault(trail):
    head = trail.path.with_suffix(".head")
    before = head.read_text()
    trail.record("film-opened", count=6)
    head.write_text(before)
    assert verify(trail.path) == []
    trail.record("film-opened", count=7)
    assert verify(trail.path) == []


def test_a_torn_last_line_is_found_and_does_not_swallow_the_next(trail):
    with trail.path.open("ab") as file:
        file.write(b'{"event":"film-op')
    trail.record("film-opened", count=7)
    assert json.loads(lines_of(trail)[-1])["count"] == 7
    assert verify(trail.path) == [7, 8]


def test_uids_are_hashed_and_the_hash_differs_between_machines(tmp_path):
    uid = "1.2.840.113619.2.55.7001"
    one, other = Audit(tmp_path / "a"), Audit(tmp_path / "b")
    for audit in (one, one, other):
        audit.record("film-opened", study=uid, series=uid, instance=uid, prior=uid)
    assert uid.encode() not in one.path.read_bytes()
    first, second = (json.loads(line)["study"] for line in lines_of(one))
    assert first == second != json.loads(lines_of(other)[0])["study"]


def test_what_is_not_on_the_list_is_left_out_and_its_name_noted(tmp_path):
    audit = Audit(tmp_path)
    audit.record("film-opened", patient_name="欧阳晓东", code="欧阳晓东", kind="a b", count=3, source="区域影像云")
    record = json.loads(lines_of(audit)[0])
    assert "欧阳晓东" not in audit.path.read_text(encoding="utf-8")
    assert record["left_out"] == ["code", "kind", "patient_name"]
    assert (record["count"], record["source"]) == (3, "区域影像云")


def test_two_processes_appending_at_once_lose_nothing_and_keep_the_chain(tmp_path):
    code = (
        "import sys, pathlib; from workstation.station.audit import Audit\n"
        "audit = Audit(pathlib.Path(sys.argv[1]))\n"
        "for n in range(40): audit.record('film-opened', count=n)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    counts = [json.loads(line)["count"] for line in (tmp_path / "audit.jsonl").read_bytes().splitlines()]
    assert sorted(counts) == sorted(list(range(40)) * 2)
    assert verify(tmp_path / "audit.jsonl") == []


@pytest.mark.announces_warnings
def test_a_trail_that_cannot_be_written_stops_nobody_and_is_said_once(tmp_path, caplog):
    (tmp_path / "state").write_text("a file where the folder should be")
    audit = Audit(tmp_path / "state")
    audit.record("film-opened")
    audit.record("film-opened")
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "the audit trail cannot be written: FileExistsError"
    ]


def test_by_default_the_trail_lies_in_the_users_state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    Audit().record("film-opened")
    assert verify(tmp_path / "cloudfilm-workstation" / "audit.jsonl") == []
    assert (tmp_path / "cloudfilm-workstation" / "audit.jsonl").exists()
