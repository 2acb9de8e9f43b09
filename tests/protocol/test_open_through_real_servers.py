"""`workstation open`, as a user runs it, through squid and nginx to Orthanc; squid's log is the proof."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest
import trustme

from tests import samples
from tests.servers import nginx, orthanc, squid

pytestmark = pytest.mark.servers

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "share-7001-abcdef"
PASSWORD = "pässword"


@pytest.fixture(scope="module")
def film():
    return samples.ct_series(9)


@pytest.fixture(scope="module")
def hospital(tmp_path_factory, film):
    """Archive, gateway and proxy, and the settings file that IT would place."""
    folder = tmp_path_factory.mktemp("hospital")
    authority = trustme.CA(organization_name="Regional Cloud Authority")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    with (
        orthanc(folder / "orthanc") as archive,
        nginx(folder / "nginx", upstream=archive, certificate=folder / "server.pem", token=TOKEN) as gateway,
        squid(folder / "squid", connect_ports=[gateway.port]) as proxy,
    ):
        archive.upload([samples.bytes_of(one) for one in film])
        settings = folder / "station.toml"
        settings.write_text(
            f"""
[proxy]
url = "{proxy.url}"
user = "doctor"
secret = "hospital-proxy"
[tls]
ca = "{folder / "ca.pem"}"
[[source]]
name = "省影像云"
root = "{gateway.root}"
link_hosts = ["127.0.0.1:{gateway.port}"]
""",
            encoding="utf-8",
        )
        yield gateway, proxy, settings


def run(settings, *arguments, cwd, password=PASSWORD):
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.update(
        QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(ROOT), WORKSTATION_SECRET_HOSPITAL_PROXY=password, HOME=str(cwd)
    )
    command = [sys.executable, "-m", "workstation", "--lang", "zh", "--config", str(settings), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


def link(gateway, film):
    study = film[0].StudyInstanceUID
    return f"{gateway.root.rsplit('/', 1)[0]}/viewer?StudyInstanceUIDs={study}&token={TOKEN}"


def test_the_film_is_on_the_glass_and_squid_saw_it_pass(hospital, film, tmp_path):
    gateway, proxy, settings = hospital
    done = run(settings, "open", link(gateway, film), "--screenshot", tmp_path / "film.png", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    picture = cv2.imread(str(tmp_path / "film.png"), cv2.IMREAD_GRAYSCALE)
    glass = picture[200:800, 500:1300]
    assert len(np.unique(glass)) > 30
    assert proxy.lines(f"CONNECT 127.0.0.1:{gateway.port}", "TCP_TUNNEL/200", "doctor")
    assert TOKEN not in done.stdout + done.stderr


def test_fetch_gives_the_archives_own_bytes(hospital, film, tmp_path):
    gateway, _, settings = hospital
    done = run(settings, "fetch", link(gateway, film), "--to", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    got = {
        pydicom.dcmread(one, stop_before_pixels=True).SOPInstanceUID: one.read_bytes()
        for one in (tmp_path / "out").iterdir()
    }
    assert got == {one.SOPInstanceUID: samples.bytes_of(one) for one in film}


def test_a_wrong_proxy_password_is_one_sentence(hospital, film, tmp_path):
    gateway, _, settings = hospital
    done = run(settings, "fetch", link(gateway, film), "--to", tmp_path / "out", cwd=tmp_path, password="wrong")
    assert done.returncode == 4
    assert "不接受该密码" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_token_is_one_sentence(hospital, film, tmp_path):
    gateway, _, settings = hospital
    wrong = link(gateway, film).replace(TOKEN, "another-token-1234567")
    done = run(settings, "fetch", wrong, "--to", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 4
    assert "不接受此链接" in done.stderr
    assert "another-token" not in done.stderr
