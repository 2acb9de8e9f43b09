"""What hospital IT is given: the page, the unit and the files beside it fit together, and nothing of it needs root."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.gateway import shipped
from tests.gateway.conftest import ask
from tests.servers import Process
from workstation import settings

PAGE = (shipped.SHIPPED / "README.md").read_text(encoding="utf-8")
CHINESE, ENGLISH = PAGE.split("## English", 1)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_both_languages_give_the_same_commands_rows_and_figures():
    assert BLOCK.findall(CHINESE) == BLOCK.findall(ENGLISH)
    for text in (CHINESE, ENGLISH):
        assert [line.count("|") for line in text.splitlines() if line.startswith("| ---")]

    def rows(text):
        return sum(line.startswith("|") for line in text.splitlines())

    assert rows(CHINESE) == rows(ENGLISH)
    assert CHINESE.count("\n**") == ENGLISH.count("\n**")
    figures = re.compile(r"(?<![\w.])\d+g(?!\w)|\d+ (?:MiB|MB|GB)")
    assert sorted(figures.findall(CHINESE)) == sorted(figures.findall(ENGLISH))


def test_the_pages_policy_is_understood_and_shows_the_gateway_a_certificate():
    (policy,) = [words for kind, words in BLOCK.findall(ENGLISH) if kind == "toml"]
    read = settings.parse(policy, "policy.toml")
    assert read.sources[0].root == "https://gateway.hospital.local/dicom-web"
    assert read.tls.client_cert.endswith("desk-1.pem")
    assert "server_name gateway.hospital.local;" in (shipped.SHIPPED / "site.conf").read_text(encoding="utf-8")


def test_every_file_that_the_page_installs_is_there_and_every_file_is_named():
    files = {file.name for file in shipped.SHIPPED.iterdir()}
    installed = set()
    for _, words in BLOCK.findall(ENGLISH):
        for line in words.splitlines():
            if line.startswith("cp ") and "/path/to" not in line and "before" not in line and "trial" not in line:
                installed |= set(shlex.split(line)[1:-1])
    assert installed == files


@pytest.mark.parametrize("name", ["nginx.conf", "films.conf", "health.conf"])
def test_nothing_of_a_site_stands_outside_its_one_file(name):
    words = (shipped.SHIPPED / name).read_text(encoding="utf-8")
    bare = "\n".join(line for line in words.splitlines() if not line.lstrip().startswith("#"))
    for own in ("example", "hospital.local", "/etc/", "/var/", "NAME", "listen", " server_name ", "max_size"):
        assert own not in bare


def unit(name: str) -> dict[str, list[str]]:
    """The entries of a unit file."""
    found: dict[str, list[str]] = {}
    for line in (shipped.SHIPPED / name).read_text(encoding="utf-8").splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.servers
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
def test_the_units_own_command_runs_without_root_and_reads_its_files_anew(own, cloud, cloud_authority, instance):
    service = unit("hospital-proxy@.service")
    folder = Path(tempfile.mkdtemp(prefix="cloudfilm-gateway-"))  # pytest's folders are closed to other accounts
    try:
        shutil.copytree(own, folder / "own")
        shutil.copy(cloud_authority / "ca.pem", folder / "cloud.pem")
        made = shipped.installed(folder / "etc", folder / "own", cloud.port, folder / "cloud.pem")
        for link in (folder / "etc").glob("*.conf"):
            if link.is_symlink():  # the checkout may be closed to other accounts
                words = link.read_bytes()
                link.unlink()
                link.write_bytes(words)
        for place in (folder, *folder.rglob("*")):
            shutil.chown(place, "www-data", "www-data")
        places = {"/etc/hospital-proxy/%i": str(folder / "etc"), "/run/hospital-proxy-%i": str(folder)}
        check, start, again = (
            shlex.split(line)
            for line in (service["ExecStartPre"][0], service["ExecStart"][0], service["ExecReload"][0])
        )
        for words in (check, start, again):
            for place, (old, new) in ((place, pair) for place in range(len(words)) for pair in places.items()):
                words[place] = words[place].replace(old, new)
            words[0] = shipped.need("nginx", "nginx-light")
        drop = [shipped.need("setpriv", "util-linux"), "--reuid=www-data", "--regid=www-data", "--clear-groups"]
        first = Process([*drop, *check], folder / "etc")
        assert first.ended() == 0, first.output.read_text()
        process = Process([*drop, *start], folder / "etc")
        try:
            process.wait_for(made.port)
            made.pid = process.pid
            assert [ask(made, instance[0]).cache for _ in range(2)] == ["MISS", "HIT"]
            checked = Process([*drop, *again], folder)  # a reload checks while the old one runs
            assert checked.ended() == 0, checked.output.read_text()
            os.kill(made.pid, 1)
            assert ask(made, instance[0]).cache == "HIT"
        finally:
            process.stop(3)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_service_keeps_films_off_the_disk_and_out_of_swap():
    service = unit("hospital-proxy@.service")
    assert service["AssertPathIsMountPoint"] == ["/var/cache/hospital-proxy"]
    assert service["MemorySwapMax"] == ["0"]
    assert service["LimitCORE"] == ["0"]
    assert service["User"] == ["hospital-proxy"]
    assert service["CapabilityBoundingSet"] == ["CAP_NET_BIND_SERVICE"]
