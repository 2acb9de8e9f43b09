"""The embedded cloud as other programs see it: curl, openssl, pydicom."""

from __future__ import annotations

import email
import json
import shutil
import subprocess

import pydicom
import pytest
from pydicom.data import get_testdata_file

from tests import samples
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.demo.certificates import make_certificates
from workstation.demo.cloud import DemoCloud
from workstation.demo.proxy import DemoProxy
from workstation.demo.service import start_demo
from workstation.errors import ConnectionFailed
from workstation.reference import Secret
from workstation.settings import Settings
from workstation.tasks import CancelToken


def curl(*arguments, proxy=""):
    """Ask with curl; gives status, headers and body."""
    program = shutil.which("curl") or pytest.skip("curl is not here")
    command = [
        program,
        "-sS",
        "-i",
        "--max-time",
        "20",
        "--noproxy",
        "" if proxy else "*",
        "--suppress-connect-headers",
    ]
    done = subprocess.run([*command, *arguments], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    first, _, rest = head.partition(b"\r\n")
    return int(first.split()[1]), email.message_from_bytes(rest), body


@pytest.fixture(scope="module")
def films():
    return samples.ct_series(4), samples.ct_series(2, patient_id="7002", name="Ouyang^Hua=欧阳^华", entropy="b")


@pytest.fixture(scope="module")
def cloud(films, tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")
    for film in films:
        samples.write(folder / film[0].PatientID, film)
    for name in ("SC_rgb_rle_2frame.dcm", "image_dfl.dcm"):
        samples.write(folder / "more", [pydicom.dcmread(get_testdata_file(name, download=False))])
    (folder / "README.txt").write_text("no film")
    made = DemoCloud(folder)
    yield made
    made.close()


def query(cloud, path, *more):
    status, headers, body = curl(
        "-g", "-H", f"Authorization: Bearer {cloud.shares.station_token}", *more, f"{cloud.root}{path}"
    )
    assert status == 200, body
    assert headers.get_content_type() == "application/dicom+json"
    return json.loads(body)


def patients(records):
    return sorted({record["00100020"]["Value"][0] for record in records if record["00100020"].get("Value")})


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/studies?PatientID=7001", ["7001"]),
        ("/studies?00100020=7001", ["7001"]),
        ("/studies?PatientID=700*&ModalitiesInStudy=CT", ["7001", "7002"]),
        ("/studies?PatientID=700?&limit=1", ["7001"]),
        ("/studies?PatientID=700?&limit=1&offset=1", ["7002"]),
        ("/studies?PatientID=700?&offset=9", []),
        ("/studies?PatientName=%E6%AC%A7%E9%98%B3*", ["7002"]),
        ("/studies?PatientName=ouyang%5Ehua", ["7002"]),
        ("/studies?StudyDate=20040101-20041231&PatientID=7001", ["7001"]),
        ("/studies?StudyDate=20050101-&PatientID=7001", []),
        ("/studies?StudyDate=-20041231&PatientID=7001&fuzzymatching=true&limit=x", ["7001"]),
        ("/studies?PatientID=7[0]01", []),
        ("/studies?Unknown=1&PatientID=7001", ["7001"]),
        ("/instances?PatientID=7002", ["7002"]),
        ("/series?PatientID=7002&ReferringPhysicianName=", ["7002"]),
        ("/studies?ModalitiesInStudy=PT", []),
    ],
)
def test_a_search_finds_what_the_standard_says(cloud, path, found):
    assert patients(query(cloud, path)) == found


def test_searches_below_a_study_and_a_series(cloud, films):
    one = films[0][0]
    study, series = one.StudyInstanceUID, one.SeriesInstanceUID
    assert len(query(cloud, f"/studies/{study}/series")) == 1
    for path in (f"/studies/{study}/instances", f"/studies/{study}/series/{series}/instances"):
        assert [record["00080018"]["Value"][0] for record in query(cloud, path)] == [
            each.SOPInstanceUID for each in films[0]
        ]
    assert len(query(cloud, f"/studies/{study}/instances?SOPInstanceUID={one.SOPInstanceUID}")) == 1
    all_fields = query(cloud, f"/studies/{study}/instances?includefield=all&limit=1")[0]
    assert all_fields["00180050"]["Value"] == [float(one.SliceThickness)]


def test_json_is_compressed_for_who_takes_it(cloud):
    status, headers, _ = curl(
        "-H",
        "Accept-Encoding: gzip",
        "-H",
        f"Authorization: Bearer {cloud.shares.station_token}",
        f"{cloud.root}/studies",
    )
    assert (status, headers["Content-Encoding"]) == (200, "gzip")


@pytest.mark.parametrize("level", ["study", "series", "instance"])
def test_a_retrieval_is_read_by_the_standard_librarys_mail_parser(cloud, films, level, tmp_path):
    one = films[0][0]
    path = f"/studies/{one.StudyInstanceUID}"
    path += f"/series/{one.SeriesInstanceUID}" if level != "study" else ""
    path += f"/instances/{one.SOPInstanceUID}" if level == "instance" else ""
    link = f"{cloud.root}{path}?token={cloud.shares.station_token}"
    status, headers, body = curl("-H", 'Accept: multipart/related; type="application/dicom"', link)
    assert (status, int(headers["Content-Length"])) == (200, len(body))
    wanted = [samples.bytes_of(each) for each in (films[0] if level != "instance" else films[0][:1])]
    boundary = headers.get_param("boundary").encode()
    assert body.count(b"--" + boundary) == len(wanted) + 1
    assert all(file in body for file in wanted)
    # the mail parser is no friend of binary data, but it counts the parts and reads their headers
    message = email.message_from_bytes(b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body)
    assert [part.get_content_type() for part in message.get_payload()] == ["application/dicom"] * len(wanted)
    assert message.get_payload()[0].get_param("transfer-syntax") == "1.2.840.10008.1.2.1"


def test_one_instance_is_given_bare_to_who_wants_it_bare(cloud, films, tmp_path):
    one = films[0][1]
    path = f"/studies/{one.StudyInstanceUID}/series/{one.SeriesInstanceUID}/instances/{one.SOPInstanceUID}"
    _, headers, body = curl("-H", "Accept: application/dicom", f"{cloud.root}{path}?token={cloud.shares.station_token}")
    assert (headers["Content-Type"], body) == ("application/dicom", samples.bytes_of(one))


def test_frames_of_compressed_and_deflated_files_are_those_pydicom_reads(cloud):
    connection = Connection(Settings(), lambda name: None)
    web = DicomWeb(connection, cloud.root, {"Authorization": Secret(f"Bearer {cloud.shares.station_token}")})
    for name in ("SC_rgb_rle_2frame.dcm", "image_dfl.dcm"):
        one = pydicom.dcmread(get_testdata_file(name, download=False))
        uids = one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID
        count = int(one.get("NumberOfFrames", 1))
        for number in range(1, count + 1):
            frame = web.frame(*uids, number)
            if one.file_meta.TransferSyntaxUID.is_encapsulated:
                wanted = pydicom.encaps.get_frame(one.PixelData, number - 1, number_of_frames=count)
                assert frame.transfer_syntax_uid == "1.2.840.10008.1.2.5"
            else:
                wanted = one.PixelData
                assert frame.transfer_syntax_uid == "1.2.840.10008.1.2.1"
            assert frame.data == wanted
    connection.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/studies/1.2.3", 404),
        ("/studies/1.2.3/metadata", 404),
        ("/nothing", 404),
        ("", 404),
        ("/series/1.2/studies/3.4", 404),
        ("/studies/{study}/rendered", 501),
        ("/studies/{study}/thumbnail", 501),
        ("/studies/{study}/nothing", 404),
        ("/studies/{study}/frames/1", 404),
        ("/studies/{study}/series/{series}/instances/{sop}/frames/1/rendered", 501),
        ("/studies/{study}/series/{series}/instances/{sop}/frames/x", 404),
        ("/studies/{study}/series/{series}/instances/{sop}/frames/0", 404),
        ("/studies/{study}/series/{series}/instances/{sop}/bulkdata/00100010", 404),
        ("/studies/{study}/series/{series}/instances/{sop}/bulkdata/zz", 404),
    ],
)
def test_what_is_not_there_is_said(cloud, films, path, status):
    one = films[0][0]
    path = path.format(study=one.StudyInstanceUID, series=one.SeriesInstanceUID, sop=one.SOPInstanceUID)
    assert curl("-H", f"Authorization: Bearer {cloud.shares.station_token}", f"{cloud.root}{path}")[0] == status


def test_a_page_of_another_name_cannot_use_this_machines_cloud(cloud):
    assert curl("-H", "Host: evil.example", f"{cloud.root}/studies?token={cloud.shares.station_token}")[0] == 421
    assert curl("-X", "POST", "-H", "Host: evil.example", "-d", "{}", f"{cloud.url}/link/x/session")[0] == 400


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/link/x/session", '{"passcode": "1"}', 404),
        ("/link/x/session", '{"passcode": 1}', 400),
        ("/link/x/session", "[]", 400),
        ("/link/x/session", "{", 400),
        ("/link/x", '{"passcode": "1"}', 400),
        ("/link/x/session", "x" * 20_000, 400),
    ],
)
def test_a_session_is_opened_by_a_proper_request_only(cloud, path, body, status):
    assert curl("-d", body, f"{cloud.url}{path}")[0] == status


def test_a_session_and_its_share_end_together(cloud, films):
    token = cloud.shares.add(films[0][0].StudyInstanceUID, passcode="1", valid_s=0.0)
    assert cloud.shares.open_session(token, "1") == (410, {"error": "expired"})


def test_other_paths_lead_nowhere_and_the_landing_page_escapes_what_it_shows(cloud):
    assert curl(f"{cloud.url}/other")[0] == 404
    assert curl(f"{cloud.url}/link/x")[0] == 404
    status, _, page = curl(f"{cloud.url}/viewer?StudyInstanceUIDs=%3Cscript%3E")
    assert (status, b"<script>" in page) == (200, False)


# --- proxy and certificates


@pytest.fixture
def proxy():
    made = DemoProxy("demo", "pw")
    yield made
    made.close()


def test_curl_gets_through_the_proxy_with_the_password_only(cloud, proxy):
    link = f"{cloud.root}/studies?token={cloud.shares.station_token}"
    assert curl("-x", proxy.url, link, proxy="yes")[0] == 407
    assert curl("-x", proxy.url, "-U", "demo:wrong", link, proxy="yes")[0] == 407
    assert curl("-x", proxy.url, "-U", "demo:pw", link, proxy="yes")[0] == 200
    assert curl("-x", proxy.url, "-U", "demo:pw", "http://cloud.example/", proxy="yes")[0] == 403
    assert curl("-x", proxy.url, "-U", "demo:pw", "http://127.0.0.1:1/", proxy="yes")[0] == 502
    assert proxy.passed[cloud.url.removeprefix("http://")] == 1


def test_openssl_believes_the_demos_certificate_for_loopback_alone(tmp_path):
    program = shutil.which("openssl") or pytest.skip("openssl is not here")
    files = make_certificates(tmp_path)

    def verify(*options):
        command = [program, "verify", "-x509_strict", "-purpose", "sslserver", *options, files.server]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert verify("-CAfile", files.authority, "-verify_ip", "127.0.0.1") == 0
    assert verify("-CAfile", files.authority, "-verify_hostname", "localhost") == 0
    assert verify("-CAfile", files.authority, "-verify_hostname", "cloud.example") != 0
    assert verify() != 0
    assert files.server.stat().st_mode & 0o077 == 0


def test_two_demos_do_not_believe_each_other(films, tmp_path):
    folder = samples.write(tmp_path, films[0][:1])
    one, other = start_demo(folder), start_demo(folder)
    mixed = Settings(tls=other.settings.tls)
    connection = Connection(mixed, lambda name: None)
    with pytest.raises(ConnectionFailed) as caught:
        connection.get(one.cloud.root, accept="*/*", token=CancelToken())
    assert caught.value.code == "tls-unknown-authority"
    connection.close()
    one.close()
    other.close()


def test_the_whole_demo_shows_a_film_through_its_own_proxy_and_leaves_nothing(films, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    demo = start_demo(samples.write(tmp_path / "films", films[0]), lambda path: b"\x89PNG\r\n\x1a\n")
    connection = Connection(demo.settings, demo.secrets.get)
    source = demo.settings.sources[0]
    web = DicomWeb(connection, source.root, {"Authorization": Secret(f"Bearer {demo.secrets[source.secret].reveal()}")})
    one = films[0][2]
    uids = one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID
    assert web.instance(*uids, token=CancelToken()) == samples.bytes_of(one)
    assert web.rendered(*uids, (64, 64)).startswith(b"\x89PNG")
    assert demo.proxy.passed == {f"127.0.0.1:{demo.cloud.port}": 1}
    assert demo.share(one.StudyInstanceUID).startswith(demo.cloud.url)
    assert not [path for path in (tmp_path / "temporary").rglob("*.pem") if b"PRIVATE KEY" in path.read_bytes()]
    connection.close()
    demo.close()
    assert list((tmp_path / "temporary").iterdir()) == []
