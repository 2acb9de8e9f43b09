"""The window comes back where it stood, and anything odd in the file counts as nothing."""

from __future__ import annotations

import json

import pytest

from workstation.station.places import Places, load, save


def test_places_come_back(tmp_path):
    places = Places(10, 20, 1400, 900, True, 260, "zh")
    save(places, tmp_path)
    assert load(tmp_path) == places


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '{"width": "wide"}', '{"width": true, "unknown": 3}'])
def test_an_odd_file_is_nothing_remembered(tmp_path, content):
    (tmp_path / "window.json").write_text(content)
    assert load(tmp_path) == Places()


def test_what_can_be_read_of_an_older_file_is_kept(tmp_path):
    (tmp_path / "window.json").write_text(json.dumps({"width": 1000, "height": 700, "colour": "red"}))
    assert load(tmp_path) == Places(width=1000, height=700)


def test_a_disk_that_refuses_does_not_stop_the_program(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    save(Places(width=7), blocked / "below")
    assert blocked.read_text() == "in the way"
