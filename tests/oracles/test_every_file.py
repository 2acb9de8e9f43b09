"""The table of every file with pixels is true, nothing in it is more than a grey level off, none goes unjudged."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.oracles.every_file import NOT_QUITE_DCMTKS, TABLE, UNJUDGED, as_text, rows_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.announces_warnings  # pydicom logs what its plug-ins cannot do
@pytest.mark.timeout(600)
def test_every_file_with_pixels_is_rendered_as_others_render_it_or_refused_with_a_reason(shared_data: Path):
    pytest.importorskip("gdcm")
    if shutil.which("dcmj2pnm") is None:
        pytest.skip("dcmtk is not installed")
    rows = rows_of(shared_data)
    outcomes = Counter(row.outcome for row in rows)
    print(outcomes)
    assert outcomes["rendered"] >= 440
    assert all(row.remark for row in rows if row.outcome != "rendered")
    assert [row.file for row in rows if row.outcome == "rendered" and not row.differences] == []
    allowed = dict.fromkeys(NOT_QUITE_DCMTKS, 2)
    off = [
        (row.file, row.differences)
        for row in rows
        if max(row.differences, default=0) > allowed.get(row.file.rsplit("/", 1)[-1], 1)
    ]
    assert off == []
    assert all(row.colour == "0" for row in rows if row.file.rsplit("/", 1)[-1] in NOT_QUITE_DCMTKS)
    assert as_text(rows) == TABLE.read_text("utf-8"), "write it anew: python -m tests.oracles.every_file"


def test_each_judge_was_asked_about_many_files():
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:]]
    judged = [sum(row[place] != UNJUDGED for row in rows) for place in range(3, 8)]
    print(judged)
    assert judged[0] >= 350  # dcmtk LINEAR, and colour
    assert judged[1] >= 300  # dcmtk SIGMOID
    assert judged[2] >= 350  # VTK LINEAR_EXACT
    assert judged[3] >= 350  # the formula
    assert judged[4] >= 40  # colour by pydicom
