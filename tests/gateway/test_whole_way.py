"""The whole way with real servers: Orthanc, the cloud's own gate, the hospital's gateway or its squid, our program."""

from __future__ import annotations

import hashlib
import http.client
import io
import os
import subprocess
import sys
from pathlib import Path

import pydicom
import pytest

from tests import samples
from tests.gateway import shipped
from tests.servers import apr1, nginx, orthanc
from workstation.archive.cloud import CloudFilm
from workstation.errors import ConnectionFailed, ServerRefused
from workstation.reference import Secret
from workstation.settings import ProxySettings, TlsSettings
from workstation.tasks import CancelToken

pytestmark = pytest.mark.servers

ROOT = Path(__file__).resolve().parents[2]
TOKEN, OTHER = "share-7001-abcdef", "share-8002-abcdef"
PASSWORD = "pässword"
COUNT = 6


@pytest.fixture(scope="module")
def film():
    return samples.ct_series(COUNT, entropy="whole-way")


@pytest.fixture(scope="module")
def archive(tmp_path_factory, film):
    with orthanc(tmp_path_factory.mktemp("archive") / "orthanc") as server:
        server.upload([samples.bytes_of(one) for one in film])
        yield server


@pytest.fixture(scope="module")
def gate(tmp_path_factory, archive, cloud_authority):
    """The cloud: TLS and a token before Orthanc; its log is what it was asked."""
    certificate = cloud_authority / f"{shipped.CLOUD}.pem"
    folder = tmp_path_factory.mktemp("cloud") / "nginx"
    with nginx(folder, upstream=archive, certificate=certificate, token=TOKEN) as server:
        yield server


@pytest.fixture(scope="module")
def hospital(tmp_path_factory, own, gate, cloud_authority):
    folder = tmp_path_factory.mktemp("hospital") / "gateway"
    with shipped.gateway(folder, own, gate.port, cloud_authority / "ca.pem") as running:
        yield running


def asked_of_cloud(gate, *words) -> int:
    lines = gate.access_log.read_text(encoding="utf-8").splitlines()
    return sum(all(word in line for word in words) for line in lines)


def fetched(web, film) -> tuple[list[str], list[bytes]]:
    """What our program receives of a film, listed and checked as it does for a doctor."""
    whole = CloudFilm(web, film[0].StudyInstanceUID, "cloud")
    people = []
    listing = whole.listing(CancelToken(), lambda patient, study: people.append(patient))
    got = [whole.obtain(one, listing.patient, CancelToken(), lambda count: None) for one in listing.instances]
    return [str(one.sop_instance_uid) for one in listing.instances], [one.data for one in got]


def test_pixels_are_those_of_orthancs_own_file_for_the_first_reader_and_for_the_second(
    hospital, archive, gate, film, opened
):
    line = http.client.HTTPConnection("127.0.0.1", archive.port, timeout=30)
    own_files = {}
    for one in film:
        key = hashlib.sha1(
            "|".join((one.PatientID, one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID)).encode(),
            usedforsecurity=False,
        ).hexdigest()
        orthanc_id = "-".join(key[at : at + 8] for at in range(0, 40, 8))
        line.request("GET", f"/instances/{orthanc_id}/file", headers={"Authorization": archive.authorization})
        own_files[one.SOPInstanceUID] = line.getresponse().read()
    line.close()
    asked = [sum(asked_of_cloud(gate, f"/instances/{one.SOPInstanceUID} ") for one in film)]
    lists = asked_of_cloud(gate, "/metadata")
    for desk in ("desk-1", "desk-2"):
        uids, data = fetched(opened(hospital.root, hospital.tls(desk), TOKEN), film)
        assert dict(zip(uids, data, strict=True)) == own_files
        for one in data:
            assert pydicom.dcmread(io.BytesIO(one)).pixel_array.any()
        asked.append(sum(asked_of_cloud(gate, f"/instances/{one.SOPInstanceUID} ") for one in film))
    assert asked[1] - asked[0] <= COUNT  # less where another test was the first reader
    assert asked[2] == asked[1]
    assert asked_of_cloud(gate, "/metadata") - lists <= 1


def test_another_token_gets_nothing_of_what_is_kept(hospital, film, opened):
    uids = (film[0].StudyInstanceUID, film[0].SeriesInstanceUID, film[0].SOPInstanceUID)
    assert opened(hospital.root, hospital.tls(), TOKEN).instance(*uids, token=CancelToken())
    with pytest.raises(ServerRefused) as caught:
        opened(hospital.root, hospital.tls("desk-2"), OTHER).instance(*uids, token=CancelToken())
    assert caught.value.code == "sign-in-needed"


def test_the_program_itself_fetches_a_film_by_the_settings_of_the_rollout_page(hospital, film, gate, tmp_path):
    tls = hospital.tls("desk-3")
    settings = tmp_path / "policy.toml"
    settings.write_text(
        f"""
[proxy]
no_proxy = ["*"]
[tls]
ca = "{tls.ca}"
client_cert = "{tls.client_cert}"
client_key = "{tls.client_key}"
[[source]]
name = "省影像云"
root = "{hospital.root}"
link_hosts = ["film.example"]
""",
        encoding="utf-8",
    )
    link = f"https://film.example/viewer?StudyInstanceUIDs={film[0].StudyInstanceUID}&token={TOKEN}"
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.update(QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(ROOT), HOME=str(tmp_path))
    words = ["--lang", "zh", "--config", str(settings), "fetch", link, "--to", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-m", "workstation", *words],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    got = {pydicom.dcmread(one).SOPInstanceUID: one.read_bytes() for one in (tmp_path / "out").iterdir()}
    assert got == {one.SOPInstanceUID: samples.bytes_of(one) for one in film}
    written = hospital.everything_written()
    assert TOKEN not in written
    assert film[0].StudyInstanceUID not in written


# ---- Hospitals that have a forward proxy and nothing more -----------------------------------------------------------


@pytest.fixture(scope="module")
def proxy(gate):
    with shipped.forward_proxy(gate.port, "127.0.0.1", f"doctor:{apr1(PASSWORD)}\n") as running:
        yield running


@pytest.fixture
def through(opened, proxy, cloud_authority):
    def through(port, *, host="127.0.0.1", user="doctor", password=PASSWORD, way=proxy):
        settings = ProxySettings(url=way.url, user=user)
        tls = TlsSettings(ca=str(cloud_authority / "ca.pem"))
        root = f"https://{host}:{port}/dicom-web"
        return opened(root, tls, TOKEN, proxy=settings, secret={"proxy": Secret(password)}.get)

    return through


def refusal(web) -> str:
    with pytest.raises(ConnectionFailed) as caught:
        web.search_studies()
    return caught.value.code


def test_a_film_comes_through_the_shipped_squid_and_its_log_tells_the_host_alone(through, proxy, gate, film, opened):
    web = through(gate.port)
    uids, data = fetched(web, film)
    assert dict(zip(uids, data, strict=True)) == {one.SOPInstanceUID: samples.bytes_of(one) for one in film}
    opened.close()
    rows = [row.split() for row in proxy.lines("CONNECT", " TCP_TUNNEL/200 ", " doctor ")]
    assert {row[-1] for row in rows} == {f"127.0.0.1:{gate.port}"}
    assert sum(int(row[-4]) for row in rows) > sum(map(len, data))
    for secret in (TOKEN, film[0].StudyInstanceUID, "studies", "dicom-web", PASSWORD):
        assert secret not in proxy.access_log.read_text(encoding="utf-8")


def test_squid_lets_through_to_the_listed_host_and_port_alone(through, gate, hospital):
    assert len(through(gate.port).search_studies()) == 1
    assert refusal(through(gate.port, host="localhost")) == "proxy-forbidden"
    assert refusal(through(hospital.port)) == "proxy-forbidden"


def test_squid_asks_for_a_password(through, gate):
    assert refusal(through(gate.port, user="")) == "proxy-sign-in"
    assert refusal(through(gate.port, password="wrong")) == "proxy-wrong-password"


def test_squid_forwards_nothing_but_tunnels(proxy, archive):
    line = http.client.HTTPConnection("127.0.0.1", int(proxy.url.rpartition(":")[2]), timeout=10)
    line.request("GET", f"http://127.0.0.1:{archive.port}/dicom-web/studies?PatientName=CANARYWang")
    answer = line.getresponse()
    assert answer.status == 403
    assert "squid/" not in answer.headers["Server"]
    line.close()
    assert proxy.lines("GET", "/403")
    assert "CANARY" not in proxy.access_log.read_text(encoding="utf-8")


def test_squid_serves_the_hospitals_networks_alone(through, gate):
    users = f"doctor:{apr1(PASSWORD)}\n"
    with shipped.forward_proxy(gate.port, "127.0.0.1", users, network="10.0.0.0/8") as elsewhere:
        assert refusal(through(gate.port, way=elsewhere)) == "proxy-forbidden"
