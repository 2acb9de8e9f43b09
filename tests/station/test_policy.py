from __future__ import annotations

import pytest

from workstation.errors import StationError
from workstation.settings import PolicySettings, Settings
from workstation.station.policy import Policy

ACTS = ("demo", "export", "open_files", "typed_links")


def test_without_any_policy_everything_is_allowed(tmp_path):
    policy = Policy(Settings(), tmp_path / "none.toml")
    assert all(policy.allows(act) for act in ACTS)


def test_what_the_settings_forbid_is_refused(tmp_path):
    policy = Policy(Settings(policy=PolicySettings(export=False)), tmp_path / "none.toml")
    assert not policy.allows("export")
    with pytest.raises(StationError) as caught:
        policy.require("export")
    assert (caught.value.code, caught.value.params) == ("not-allowed", {"act": "export"})
    policy.require("demo")


def test_the_machines_policy_overrules_the_users_settings_in_both_directions(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text("[policy]\ndemo = false\nexport = true\n", encoding="utf-8")
    policy = Policy(Settings(policy=PolicySettings(export=False)), file)
    assert not policy.allows("demo")
    assert policy.allows("export")
    assert policy.problem is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[policy\n", "config-not-toml"),
        ("[policy]\nexports = false\n", "config-unknown-key"),
        ("export = false\n", "config-unknown-key"),
        ("policy = 3\n", "config-wrong-type"),
        ("[policy]\nexport = 'no'\n", "config-wrong-type"),
        ("\x00", "config-not-toml"),
    ],
)
def test_a_machine_policy_that_cannot_be_understood_allows_nothing(tmp_path, text, code):
    file = tmp_path / "policy.toml"
    file.write_text(text, encoding="utf-8")
    policy = Policy(Settings(), file)
    assert not any(policy.allows(act) for act in ACTS)
    assert policy.problem is not None
    assert policy.problem.code == code


def test_a_machine_policy_that_cannot_be_read_allows_nothing(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_bytes(b"\xff\xfe[policy]")
    policy = Policy(Settings(), file)
    assert not policy.allows("demo")
    assert policy.problem is not None


def test_an_act_that_nobody_restricts_is_allowed(tmp_path):
    assert Policy(Settings(), tmp_path / "none.toml").allows("zoom")
