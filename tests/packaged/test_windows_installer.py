"""The installer's script for Windows, as far as it can be read here: it names what is built, it quotes what comes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.packaged.conftest import ROOT

PACKAGING = ROOT / "packaging"
SCRIPT = (PACKAGING / "windows" / "cloudfilm.iss").read_bytes()


def sections() -> dict[str, list[str]]:
    """The lines of each section, comments and the preprocessor's left out."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in SCRIPT.decode("utf-8-sig").splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line.strip()):
            name = match[1]
        elif line.strip() and not line.startswith((";", "#")):
            found.setdefault(name, []).append(line)
    return found


def test_inno_setup_reads_it_as_unicode():
    assert SCRIPT.startswith(b"\xef\xbb\xbf")  # without the mark ISCC takes it for the machine's code page


def test_every_version_is_the_same_program_to_windows():
    (identity,) = [line for line in sections()["Setup"] if line.startswith("AppId=")]
    assert identity == "AppId={{7C1B2E5A-6C0D-4B0B-9E0E-5F0B6C2B7E41}"  # else upgrades would stand beside


@pytest.mark.parametrize("wanted", ["PrivilegesRequired=admin", "ArchitecturesInstallIn64BitMode=x64compatible",
                                    "CloseApplications=force", "MinVersion=10.0.17763"])  # fmt: skip
def test_it_is_for_the_machine_and_closes_a_running_copy(wanted):
    assert wanted in sections()["Setup"]


def test_all_that_it_installs_is_built_or_in_the_checkout(package):
    sources = [re.match(r'Source: "([^"]+)"', line)[1] for line in sections()["Files"]]
    assert len(sources) == 7
    for source in sources:
        if source.startswith("{#Mesa}"):
            continue  # brought by whoever builds
        if source.startswith("{#Built}"):
            name = source.removeprefix("{#Built}\\").removesuffix("\\*").removesuffix(".exe")  # Linux has no suffix
            assert (package / name).exists(), source
        else:
            assert (PACKAGING / "windows" / Path(source.replace("\\", "/"))).resolve().is_file(), source


def test_a_link_from_outside_is_one_quoted_argument_after_the_options():
    (command,) = [line for line in sections()["Registry"] if "shell\\open\\command" in line]
    value = re.search(r'ValueData: "(.*)"', command)[1].replace('""', '"')
    assert value == '"{app}\\{#Program}" open -- "%1"'
    assert 'ValueName: "URL Protocol"' in "\n".join(sections()["Registry"])
    assert all(line.startswith("Root: HKLM;") for line in sections()["Registry"])
    assert "uninsdeletekey" in sections()["Registry"][0]


def test_it_speaks_both_languages_and_each_of_its_own_words_in_both():
    assert [re.match(r'Name: "(\w+)"', line)[1] for line in sections()["Languages"]] == ["en", "zh"]
    words = [re.match(r"(zh|en)\.(\w+)=(.+)", line).groups() for line in sections()["CustomMessages"]]
    assert {key for language, key, _ in words if language == "zh"} == {key for lang, key, _ in words if lang == "en"}
    used = set(re.findall(r"\{cm:(\w+)", SCRIPT.decode("utf-8-sig"))) - {"LaunchProgram"}  # Inno Setup's own
    assert used == {key for _, key, _ in words}
    assert all(line.startswith("zh.") for line in sections()["Messages"])


def test_mesa_lies_in_a_folder_of_its_own_where_no_program_finds_it_by_chance():
    (mesa,) = [line for line in sections()["Files"] if "{#Mesa}" in line]
    assert 'DestDir: "{app}\\mesa"' in mesa


def test_removing_keeps_what_users_have_unless_it_is_asked_for():
    code = "\n".join(sections()["Code"])
    assert "'/WIPE'" in code
    assert "MB_DEFBUTTON2" in code  # the question's answer is no, unless somebody says yes
    assert not [line for line in sections()["UninstallDelete"] if "localappdata" in line]
