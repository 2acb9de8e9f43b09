"""The windows come back where they stood, and anything odd in the file counts as nothing."""

from __future__ import annotations

import json

import pytest

from workstation.station.displays import WindowPlace
from workstation.station.places import Places, load, save

STOOD = WindowPlace("EIZO|RX560|123", 0.1, 0.0, 0.8, 0.9, is_maximised=True)


def test_places_come_back(tmp_path):
    places = Places({"EIZO|RX560|123": (STOOD, STOOD)}, 260, "zh")
    save(places, tmp_path)
    assert load(tmp_path) == places


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{", "null", '{"strip_width": "wide"}', '{"strip_width": true, "unknown": 3}',
        '{"arrangements": 3}', '{"arrangements": {"a": [3]}}', '{"arrangements": {"a": []}}',
        '{"arrangements": {"a": [{"display": "a", "left": 1e9, "top": 0, "width": 1, "height": 1}]}}',
    ],
)  # fmt: skip
def test_an_odd_file_is_nothing_remembered(tmp_path, content):
    (tmp_path / "window.json").write_text(content)
    assert load(tmp_path) == Places()


def test_what_can_be_read_of_an_older_file_is_kept(tmp_path):
    (tmp_path / "window.json").write_text(json.dumps({"strip_width": 300, "width": 700, "colour": "red"}))
    assert load(tmp_path) == Places(strip_width=300)


def test_a_disk_that_refuses_does_not_stop_the_program(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    save(Places(strip_width=7), blocked / "below")
    assert blocked.read_text() == "in the way"
