"""Settings are written as a person would have: what was changed, in the place it stands; comments stay."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest

from workstation.errors import ConfigError, StationError
from workstation.reference import Source
from workstation.settings import SECTIONS, MouseSettings, ProxySettings, ScreenSettings, Settings, load, with_machine
from workstation.station.settings_file import save

WRITTEN = """# by the radiology IT, tel. 8812
[proxy]
url = "http://proxy.hospital.local:3128"  # the old one

[[source]]
name = "省影像云"
root = "https://cloud.example/dicom-web"
"""


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "settings.toml"
    made.write_text(WRITTEN, encoding="utf-8")
    return made


def test_only_what_was_changed_is_written_and_comments_stay(file):
    old = load(file)
    save(file, old, replace(old, screen=ScreenSettings(text_scale=150)))
    text = file.read_text(encoding="utf-8")
    assert text.startswith(WRITTEN.split("\n\n", maxsplit=1)[0])
    assert tomllib.loads(text)["screen"] == {"text_scale": 150}
    assert load(file).screen.text_scale == 150


def test_an_entry_that_goes_back_to_its_default_leaves_the_file(file):
    old = load(file)
    save(file, old, replace(old, proxy=ProxySettings()))
    assert "url" not in tomllib.loads(file.read_text(encoding="utf-8")).get("proxy", {})


def test_everything_that_can_be_set_comes_back(tmp_path):
    file = tmp_path / "new" / "settings.toml"
    source = Source("云", "https://c.example/web", ("v.example",), "H1", "cloud", "basic", "me")
    wished = replace(
        Settings(),
        proxy=ProxySettings("http://p:1", "http://p/pac", "DOM\\me", "proxy", "ntlm", (".local", "10.0.0.0/8")),
        mouse=MouseSettings("scroll", "pan", True),
        keys=(("view.invert", ("Ctrl+I", "J")), ("tool.pan", ())),
        sources=(source,),
    )
    save(file, Settings(), wished)
    assert load(file) == wished


def test_sources_are_added_changed_and_taken_away(file):
    old = load(file)
    other = Source("二院", "https://two.example/dicom-web")
    save(file, old, replace(old, sources=(*old.sources, other)))
    both = load(file)
    assert [one.name for one in both.sources] == ["省影像云", "二院"]
    save(file, both, replace(both, sources=(other,)))
    assert load(file).sources == (other,)


def test_a_source_is_changed_in_its_place_and_what_it_wrote_beside_it_stays(file):
    with file.open("a", encoding="utf-8") as more:
        more.write('user = "desk7"  # asked for by Dr. Li\n\n# the old archive\n[[source]]\nname = "二院"\n'
                   'root = "https://two.example/dicom-web"\n\n[screen]\ntext_scale = 120\n')  # fmt: skip
    old = load(file)
    moved = replace(old.sources[1], root="https://moved.example/dicom-web")
    save(file, old, replace(old, sources=(old.sources[0], moved)))
    text = file.read_text(encoding="utf-8")
    assert "# asked for by Dr. Li" in text
    assert "# the old archive" in text
    assert load(file) == replace(old, sources=(old.sources[0], moved))
    save(file, load(file), replace(load(file), sources=(moved,)))
    assert load(file) == replace(old, sources=(moved,))


def test_sources_that_the_page_did_not_know_stay(file):
    """Another copy of the program, or IT, wrote one meanwhile."""
    own = Source("三院", "https://three.example/dicom-web")
    save(file, Settings(), replace(Settings(), sources=(own,)))
    assert [one.name for one in load(file).sources] == ["省影像云", "三院"]


def test_a_file_that_is_no_toml_is_put_aside_not_lost(file):
    file.write_text("[proxy\nurl=", encoding="utf-8")
    save(file, Settings(), replace(Settings(), screen=ScreenSettings("zh")))
    assert load(file).screen.language == "zh"
    (aside,) = file.parent.glob("settings.toml.wrong-*")
    assert aside.read_text(encoding="utf-8") == "[proxy\nurl="


def test_settings_that_are_not_valid_are_not_written(file):
    old = load(file)
    with pytest.raises(ConfigError):
        save(file, old, replace(old, screen=ScreenSettings(text_scale=500)))
    assert file.read_text(encoding="utf-8") == WRITTEN


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StationError, match="cannot-write"):
        save(blocked / "settings.toml", Settings(), replace(Settings(), screen=ScreenSettings("zh")))


def test_what_it_placed_on_the_machine_overrules_and_is_locked(file, tmp_path):
    machine = tmp_path / "policy.toml"
    machine.write_text(
        '[proxy]\nurl = "http://new:8080"\n[policy]\nexport = false\n[keys]\n"view.invert" = ["N"]\n'
        '[[source]]\nname = "院内"\nroot = "https://pacs.local/dicom-web"\n'
        '[[source]]\nname = "省影像云"\nroot = "https://moved.example/dicom-web"\n',
        encoding="utf-8",
    )
    found = with_machine(load(file), machine)
    assert found.proxy.url == "http://new:8080"
    assert not found.policy.export
    assert [(one.name, one.root) for one in found.sources] == [
        ("院内", "https://pacs.local/dicom-web"),
        ("省影像云", "https://moved.example/dicom-web"),
    ]
    assert found.locked == {"proxy.url", "policy.export", "keys.view.invert", "source:院内", "source:省影像云"}


def test_what_is_locked_is_not_copied_into_the_users_file(file, tmp_path):
    machine = tmp_path / "policy.toml"
    machine.write_text('[[source]]\nname = "院内"\nroot = "https://pacs.local/dicom-web"\n', encoding="utf-8")
    old = with_machine(load(file), machine)
    own = Source("三院", "https://three.example/dicom-web")
    save(file, old, replace(old, sources=(*old.sources, own)))
    assert [one.name for one in load(file).sources] == ["省影像云", "三院"]


def test_a_wrong_file_of_the_machine_is_not_passed_over(tmp_path):
    machine = tmp_path / "policy.toml"
    machine.write_text("[porxy]\n")
    with pytest.raises(ConfigError):
        with_machine(Settings(), machine)
    assert with_machine(Settings(), tmp_path / "none.toml") == Settings()


def test_the_example_for_it_is_understood_and_names_every_entry_that_can_be_set(tmp_path):
    example = (Path(__file__).parents[2] / "packaging" / "policy-example.toml").read_text(encoding="utf-8")
    policy = tmp_path / "policy.toml"
    policy.write_text(example, encoding="utf-8")
    assert {one.split(".")[0] for one in with_machine(Settings(), policy).locked} == {"policy"}
    policy.write_text(re.sub(r"^#(?=[\[\"a-z])", "", example, flags=re.MULTILINE), encoding="utf-8")
    found = with_machine(Settings(), policy)
    entries = {f"{section}.{one.name}" for section in SECTIONS - {"keys", "source"}
               for one in fields(getattr(found, section))}  # fmt: skip
    assert found.locked == entries | {"keys.view.invert", "source:省影像云"}
    unset = {one.name for one in fields(Source)} - set(tomllib.loads(policy.read_text("utf-8"))["source"][0])
    assert not unset
