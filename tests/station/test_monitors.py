"""A monitor is what was declared of it, for as long as it is that monitor and its check counts; else images say so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from workstation.dicom.luminances import PATCHES, Measured
from workstation.settings import MonitorSettings, Settings, parse, with_machine
from workstation.station.monitors import (
    UNDECLARED,
    Check,
    Look,
    Monitor,
    Monitors,
    Role,
    Standing,
    Way,
    load,
    save,
)

TODAY = date(2026, 11, 22)
GOOD = Measured(PATCHES, tuple(0.5 + 300 * (level / 255) ** 2.2 for level in PATCHES), 0.1)
KEY = "EIZO|RX360|12345|2048x1536"
CHECKED = Check("2026-11-01", 0.06)


@pytest.mark.parametrize(
    ("monitor", "standing"),
    [
        (Monitor(), Standing.UNDECLARED),
        (Monitor(Role.DIAGNOSTIC), Standing.UNDECLARED),
        (Monitor(Role.DIAGNOSTIC, Way.SOFTWARE), Standing.UNDECLARED),
        (Monitor(Role.DIAGNOSTIC, Way.HARDWARE), Standing.UNCHECKED),
        (Monitor(Role.DIAGNOSTIC, Way.HARDWARE, check=Check("2026-11-01")), Standing.DIAGNOSTIC),
        (Monitor(Role.CLINICAL, Way.HARDWARE, check=Check("2026-11-01")), Standing.OTHER),
        (Monitor(Role.PATIENT, Way.HARDWARE, check=Check("2026-11-01")), Standing.OTHER),
        (Monitor(Role.DIAGNOSTIC, Way.SOFTWARE, GOOD, Check("2026-11-01")), Standing.UNCHECKED),
        (Monitor(Role.DIAGNOSTIC, Way.SOFTWARE, GOOD, CHECKED), Standing.DIAGNOSTIC),
        (Monitor(Role.DIAGNOSTIC, Way.SOFTWARE, GOOD, Check("2026-11-01", 0.1)), Standing.DIAGNOSTIC),
        (Monitor(Role.DIAGNOSTIC, Way.SOFTWARE, GOOD, Check("2026-11-01", 0.101)), Standing.FAILED),
        (Monitor(Role.CLINICAL, Way.SOFTWARE, GOOD, Check("2026-11-01", 0.101)), Standing.OTHER),
        (Monitor(Role.OPERATING_ROOM, Way.SOFTWARE, GOOD, Check("2026-11-01", 0.201)), Standing.FAILED),
        (Monitor(Role.DIAGNOSTIC, Way.SOFTWARE, replace(GOOD, luminances=GOOD.luminances[::-1]), CHECKED),
         Standing.UNDECLARED),
    ],
)  # fmt: skip
def test_what_may_be_read_on_a_monitor(monitor, standing):
    assert monitor.standing(TODAY) is standing
    assert monitor.is_marked(TODAY) is (standing not in (Standing.DIAGNOSTIC, Standing.OTHER))


@pytest.mark.parametrize(
    ("days", "standing"),
    [(0, Standing.DIAGNOSTIC), (90, Standing.DIAGNOSTIC), (91, Standing.OVERDUE), (-1, Standing.OVERDUE)],
)
def test_a_check_counts_for_90_days_and_none_of_the_future_does(days, standing):
    monitor = Monitor(Role.DIAGNOSTIC, Way.HARDWARE, check=Check((TODAY - timedelta(days)).isoformat()))
    assert monitor.standing(TODAY) is standing


def test_another_way_or_another_table_has_to_be_checked_anew():
    monitor = Monitor(Role.DIAGNOSTIC, Way.SOFTWARE, GOOD, CHECKED, Look("2026-11-01", 18), (0.2, 0.2))
    for other in (monitor.declared(Way.HARDWARE), monitor.with_measured(GOOD)):
        assert (other.check, other.look) == (Check(), Look())
        assert other.pixel_mm == (0.2, 0.2)
    assert monitor.declared(Way.SOFTWARE) == monitor


@pytest.mark.parametrize(
    "other",
    [
        "EIZO|RX370|12345|2048x1536",
        "EIZO|RX360|12346|2048x1536",
        "EIZO|RX360|12345|1920x1200",
        "NEC|RX360|12345|2048x1536",
    ],
)
def test_another_model_serial_number_or_resolution_has_nothing_declared(other):
    monitors = Monitors().with_monitor(KEY, Monitor(Role.DIAGNOSTIC, Way.HARDWARE, check=CHECKED, pixel_mm=(0.2, 0.2)))
    assert monitors.of(KEY).pixel_mm == (0.2, 0.2)
    assert monitors.of(other) == UNDECLARED


def test_what_was_declared_is_there_after_a_restart(tmp_path):
    declared = Monitors().with_monitor(
        KEY, Monitor(Role.OPERATING_ROOM, Way.SOFTWARE, GOOD, CHECKED, Look("2026-11-02", 17), (0.2071, 0.2068))
    )
    declared = declared.with_monitor("|x||1x1", Monitor(way=Way.HARDWARE))
    save(declared, tmp_path)
    assert load(tmp_path) == declared
    assert load(tmp_path / "nowhere") == Monitors()


@pytest.mark.parametrize(
    "spoilt",
    [
        {"role": "king"}, {"way": 3}, {"measured": {"levels": [0, 255], "luminances": [1, 2], "ambient": 0}},
        {"measured": {"levels": "all", "luminances": [], "ambient": 0}}, {"check": {"on": "yesterday", "worst": 0}},
        {"check": {"on": "2026-11-01", "worst": "little"}}, {"check": {"on": "2026-11-01", "worst": float("nan")}},
        {"pixel_mm": [0.2]}, {"pixel_mm": [0.2, 0]}, {"pixel_mm": [0.2, -1]}, {"pixel_mm": [True, True]},
        {"look": {"on": "2026-11-01", "squares": 19}}, {"look": None},
    ],
)  # fmt: skip
def test_half_a_declaration_is_none(tmp_path, spoilt):
    save(Monitors().with_monitor(KEY, Monitor(Role.DIAGNOSTIC, Way.SOFTWARE, GOOD, CHECKED)), tmp_path)
    file = tmp_path / "monitors.json"
    found = json.loads(file.read_text())
    assert load(tmp_path).of(KEY).standing(TODAY) is Standing.DIAGNOSTIC
    found[KEY] |= spoilt
    file.write_text(json.dumps(found))
    assert load(tmp_path).of(KEY) == UNDECLARED


def test_it_declares_a_model_or_one_monitor_of_it():
    settings = parse('[monitors]\ndiagnostic = ["RX360 12345"]\npatient = ["Wall TV"]\n').monitors
    monitors = Monitors().with_settings(settings)
    assert monitors.of(KEY).standing(TODAY) is Standing.DIAGNOSTIC
    assert monitors.of("EIZO|RX360|999|2048x1536").standing(TODAY) is Standing.UNDECLARED
    assert monitors.of("Sony|Wall TV||HDMI-1|3840x2160").role is Role.PATIENT
    assert monitors.of("||screen|800x800") == UNDECLARED


def test_it_overrules_what_was_declared_here_but_the_size_of_a_pixel_stays():
    own = Monitor(Role.CLINICAL, Way.SOFTWARE, GOOD, Check("2020-01-01", 0.5), pixel_mm=(0.2, 0.2))
    monitors = Monitors().with_monitor(KEY, own).with_settings(MonitorSettings(diagnostic=("RX360",)))
    found = monitors.of(KEY)
    assert (found.role, found.way, found.is_set_by_it) == (Role.DIAGNOSTIC, Way.HARDWARE, True)
    assert found.pixel_mm == (0.2, 0.2)
    assert found.standing(TODAY) is Standing.DIAGNOSTIC


def test_the_machines_file_may_declare_monitors_and_locks_them(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text('[monitors]\ndiagnostic = ["RX360"]\n', encoding="utf-8")
    settings = with_machine(Settings(), file)
    assert settings.monitors.diagnostic == ("RX360",)
    assert settings.locked == {"monitors.diagnostic"}


@pytest.mark.parametrize(
    ("pixel", "square"),
    [(None, False), ((0.2, 0.2), True), ((0.204, 0.2), True), ((0.21, 0.2), False), ((0.2, 0.25), False)],
)
def test_life_size_wants_pixels_as_high_as_they_are_wide(pixel, square):
    assert Monitor(pixel_mm=pixel).has_square_pixels is square
