"""DICOMweb against the embedded cloud, read back by pydicom: what is asked for is what comes."""

from __future__ import annotations

import io
from pathlib import Path

import pydicom
import pytest
from pydicom.data import get_testdata_file

from tests import samples
from tests.archive.scripted import Scripted
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb, checked_uid
from workstation.archive.part10 import is_part10, media_storage_sop_instance_uid
from workstation.archive.retries import Retries
from workstation.demo.cloud import DemoCloud
from workstation.errors import LinkError, ServerRefused, TransferError
from workstation.reference import Secret
from workstation.settings import Settings
from workstation.tasks import CancelToken

JPEG = b"\xff\xd8\xff\xe0 not a real picture, but begins like one"


@pytest.fixture(scope="module")
def film():
    return samples.ct_series(3)


@pytest.fixture(scope="module")
def folder(film, tmp_path_factory):
    folder = samples.write(tmp_path_factory.mktemp("film"), film)
    samples.write(folder, samples.ct_series(2, patient_id="7002", name="Li^Si=李^四", entropy="b"))
    # RGB in 2 frames and the same as JPEG, both from pydicom's wheel
    for name in ("SC_rgb_rle_2frame.dcm", "SC_rgb_2frame.dcm", "examples_jpeg2k.dcm"):
        path = get_testdata_file(name, download=False)
        if path:
            samples.write(folder, [pydicom.dcmread(path)])
    return folder


@pytest.fixture(scope="module")
def cloud(folder):
    made = DemoCloud(folder, render=lambda path: JPEG)
    yield made
    made.close()


@pytest.fixture
def opened():
    made = []

    def opened(root, token="", retries=None):
        made.append(Connection(Settings(), lambda name: None, None, retries or Retries(base_s=0.001)))
        return DicomWeb(made[-1], root, {"Authorization": Secret(f"Bearer {token}")} if token else {})

    yield opened
    for one in made:
        one.close()


@pytest.fixture
def web(cloud, opened):
    return opened(cloud.root, cloud.shares.station_token)


def names(records):
    return sorted(record["00100020"]["Value"][0] for record in records if "Value" in record["00100020"])


def json_list(body=b"[]", status=200, **headers):
    return status, {"Content-Type": "application/dicom+json", **headers}, body


# --- searching


def test_a_study_is_found_by_its_uid_its_accession_number_and_its_patient(web, film):
    study = film[0].StudyInstanceUID
    for key, value in (("StudyInstanceUID", study), ("AccessionNumber", "A7001"), ("PatientID", "7001")):
        found = web.search_studies(**{key: value})
        assert [record["0020000D"]["Value"] for record in found] == [[study]]
        assert found.is_whole


def test_a_name_is_found_with_wildcards_and_in_chinese(web):
    assert names(web.search_studies(PatientName="Wang*")) == ["7001"]
    assert names(web.search_studies(PatientName="李^四")) == ["7002"]
    assert names(web.search_studies(PatientName="*小?")) == ["7001"]


def test_fields_that_are_asked_for_are_included(web, film):
    found = web.search_studies(PatientID="7001", includefields=("StudyDescription", "InstitutionName"))
    assert found[0]["00081030"]["Value"] == [film[0].StudyDescription]
    assert found[0]["00080080"]["Value"] == [film[0].InstitutionName]


def test_the_series_of_a_study_are_listed(web, film):
    found = web.series(film[0].StudyInstanceUID)
    assert [record["0020000E"]["Value"] for record in found] == [[film[0].SeriesInstanceUID]]
    assert found[0]["00201209"]["Value"] == [3]


def test_the_query_is_written_so_that_servers_that_decode_nothing_understand_it(opened):
    # Orthanc 1.10 compares the text as it stands
    with Scripted(json_list()) as server:
        opened(server.url).search_studies(
            PatientName="W*ng^X=a,b-c\\d", PatientID="7 001&x", StudyDate="20260101-20261121"
        )
        assert server.asked[0][1] == (
            "/studies?PatientName=W*ng^X=a,b-c\\d&PatientID=7%20001%26x&StudyDate=20260101-20261121"
        )


def test_a_server_that_gives_pages_is_asked_until_nothing_is_new(opened):
    def page(*uids):
        return b"[" + b",".join(b'{"0020000D": {"vr": "UI", "Value": ["%s"]}}' % uid for uid in uids) + b"]"

    more = {"Warning": '299 - "there are more"'}
    with Scripted(
        json_list(page(b"1", b"2"), **more), json_list(page(b"2", b"3"), **more), json_list(page(b"4"))
    ) as server:
        found = opened(server.url).search_studies()
        assert [record["0020000D"]["Value"][0] for record in found] == ["1", "2", "3", "4"]
        assert found.is_whole
        assert [path for _, path, _, _ in server.asked] == ["/studies", "/studies?offset=2", "/studies?offset=3"]
    with Scripted(json_list(page(b"1"), **more)) as server:  # it ignores `offset`: the same page for ever
        found = opened(server.url).search_studies()
        assert (len(found), found.is_whole, len(server.asked)) == (1, False, 2)


def test_nothing_found_is_an_empty_list_however_it_is_said(opened):
    for nothing in (json_list(), (204, {}, b"")):
        with Scripted(nothing) as server:
            assert opened(server.url).search_studies() == []


def test_a_key_that_is_no_keyword_is_not_sent(opened):
    with Scripted(json_list()) as server:
        with pytest.raises(LinkError):
            opened(server.url).search_studies(**{"a&b": "c"})
        assert server.asked == []


@pytest.mark.parametrize(
    "record", [b'[{"0020000D": 3}]', b'[{"0020000D": {"Value": 3}}]', b'[{"0020000D": {"Value": []}}]', b"[{}]"]
)
def test_an_odd_record_is_handed_on_as_it_is(opened, record):
    with Scripted(json_list(record)) as server:
        assert len(opened(server.url).search_studies()) == 1


# --- UIDs


@pytest.mark.parametrize("uid", ["1.2.840", "0", "1.2.03", "1" * 64])
def test_what_archives_use_as_uid_may_be_asked_for(uid):
    assert checked_uid(uid) == uid


@pytest.mark.parametrize("uid", ["", "1..2", ".1", "1.", "1.2/../3", "1.2?x", "1.2 ", "1.2\n", "１.２", "a", "1" * 65])
def test_what_is_no_uid_never_enters_an_address(web, uid):
    with pytest.raises(LinkError) as caught:
        web.series(uid)
    assert (caught.value.code, caught.value.params) == ("link-bad-uid", {})


# --- metadata


def test_metadata_holds_what_pydicom_reads_from_the_files(web, film):
    records = web.series_metadata(film[0].StudyInstanceUID, film[0].SeriesInstanceUID)
    assert len(records) == 3
    read = pydicom.Dataset.from_json(records[1], lambda tag, vr, uri: None)
    for keyword in ("PatientName", "SOPInstanceUID", "PixelSpacing", "ImagePositionPatient", "RescaleSlope", "Rows"):
        assert read[keyword].value == film[1][keyword].value
    assert web.study_metadata(film[0].StudyInstanceUID) == records


def test_bulk_data_that_metadata_points_to_comes_as_it_is_in_the_file(web, film):
    records = web.series_metadata(film[0].StudyInstanceUID, film[0].SeriesInstanceUID)
    assert web.bulk(records[0]["7FE00010"]["BulkDataURI"]) == film[0].PixelData


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/dicom-web/studies/1",
        "//evil.example/x",
        "../other",
        "/other",
        "/dicom-web",
        "..%2f..%2fother",
        "/dicom-web/%252e%252e/other",
        "/dicom-web\\..\\x",
        "file:///etc/passwd",
    ],
)
def test_bulk_data_elsewhere_is_not_fetched(opened, uri):
    with Scripted(json_list()) as server:
        with pytest.raises((ServerRefused, LinkError)) as caught:
            opened(f"{server.url}/dicom-web", "canary").bulk(uri)
        assert caught.value.code in {"redirected-away", "link-not-understood"}
        assert server.asked == []


@pytest.mark.parametrize("origin", ["http://internal:8042/dicom-web", "https://127.0.0.1/pacs"])
def test_bulk_data_of_an_instance_is_asked_for_at_our_own_address(opened, origin):
    place = "/studies/1.2/series/3.4/instances/5.6/bulk/7fe00010"
    with Scripted((200, {"Content-Type": "application/octet-stream"}, b"abc")) as server:
        assert opened(f"{server.url}/dicom-web").bulk(origin + place) == b"abc"
        assert server.asked[0][1] == f"/dicom-web{place}"


def test_bulk_data_as_a_single_body_or_relative_address_is_taken(opened):
    with Scripted((200, {"Content-Type": "application/octet-stream"}, b"abc")) as server:
        assert opened(f"{server.url}/dicom-web").bulk("studies/1/bulkdata/2?x=y") == b"abc"
        assert server.asked[0][1] == "/dicom-web/studies/1/bulkdata/2?x=y"


def test_a_page_instead_of_bulk_data_is_refused(opened):
    with Scripted((200, {"Content-Type": "text/html"}, b"<html>")) as server:
        with pytest.raises(TransferError) as caught:
            opened(f"{server.url}/d").bulk("x")
        assert caught.value.code == "not-dicom-answer"


# --- instances and frames


def test_an_instance_is_byte_for_byte_the_file(web, film, folder):
    seen = []
    for number, one in enumerate(film):
        data = web.instance(
            one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID, token=CancelToken(), received=seen.append
        )
        assert data == (folder / f"{number:04d}.dcm").read_bytes()
    assert sum(seen) > 3 * len(data)


def test_one_instance_without_delimiters_and_without_a_length_is_not_believed(opened, film):
    file = samples.bytes_of(film[0])
    one = film[0].StudyInstanceUID, film[0].SeriesInstanceUID, film[0].SOPInstanceUID
    kind = {"Content-Type": "application/dicom"}
    with Scripted((200, {**kind, "Content-Length": None, "Connection": "close"}, file)) as server:
        server.script[0] = (*server.script[0][:2], file)
        with pytest.raises(TransferError) as caught:
            opened(server.url, retries=Retries(tries=0)).instance(*one, token=CancelToken())
        assert caught.value.code == "cut-off"
    chunked = b"%x\r\n" % len(file) + file + b"\r\n0\r\n\r\n"
    with Scripted((200, {**kind, "Content-Length": None, "Transfer-Encoding": "chunked"}, chunked)) as server:
        assert opened(server.url).instance(*one, token=CancelToken()) == file


def test_a_first_page_is_read_as_pydicom_reads_it():
    names = ("CT_small.dcm", "MR_small.dcm", "JPEG2000.dcm", "image_dfl.dcm", "ExplVR_BigEnd.dcm", "rtplan.dcm")
    for name in names:
        path = get_testdata_file(name, download=False)
        data = Path(path).read_bytes()
        assert is_part10(data)
        assert media_storage_sop_instance_uid(data) == pydicom.dcmread(path).file_meta.MediaStorageSOPInstanceUID


def test_a_first_page_that_is_cut_within_a_length_says_nothing():
    long_form = b"\x02\x00\x01\x00OB\x00\x00"
    assert media_storage_sop_instance_uid(bytes(128) + b"DICM" + long_form) == ""


def test_a_first_page_that_never_ends_is_given_up():
    element = b"\x02\x00\x16\x00AE\x00\x00"
    assert media_storage_sop_instance_uid(bytes(128) + b"DICM" + element * 1000) == ""


def test_a_frame_is_cut_out_of_the_pixels(web, film):
    one = film[1]
    frame = web.frame(one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID, 1)
    assert (frame.data, frame.transfer_syntax_uid) == (one.PixelData, "1.2.840.10008.1.2.1")
    assert frame.media_type == "application/octet-stream"


def test_an_encapsulated_frame_is_unwrapped_as_pydicom_unwraps_it(opened, tmp_path):
    path = get_testdata_file("JPEG2000.dcm", download=False)
    data_set = pydicom.dcmread(path)
    cloud = DemoCloud(samples.write(tmp_path / "film", [data_set]))
    try:
        frame = opened(cloud.root, cloud.shares.station_token).frame(
            data_set.StudyInstanceUID, data_set.SeriesInstanceUID, data_set.SOPInstanceUID, 1
        )
    finally:
        cloud.close()
    assert frame.data == pydicom.encaps.get_frame(data_set.PixelData, 0, number_of_frames=1)
    assert frame.transfer_syntax_uid == data_set.file_meta.TransferSyntaxUID
    assert io.BytesIO(frame.data).read(4) == b"\xff\x4f\xff\x51"  # SOC, SIZ (ISO/IEC 15444-1 A.4)


def test_a_frame_that_does_not_exist_is_not_found(web, film):
    one = film[0]
    with pytest.raises(ServerRefused) as caught:
        web.frame(one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID, 2)
    assert caught.value.code == "not-found"


def test_a_frame_as_orthanc_labels_it_is_understood(opened):
    # Orthanc 1.10 with DICOMweb 1.7: a parameter inside the quotes, and nothing at the part
    kind = 'multipart/related; boundary=b; type="application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1"'
    body = b"--b\r\nContent-Length: 4\r\n\r\nABCD\r\n--b--"
    with Scripted((200, {"Content-Type": kind}, body)) as server:
        frame = opened(server.url).frame("1.2", "3.4", "5.6", 1)
    assert (frame.data, frame.transfer_syntax_uid) == (b"ABCD", "1.2.840.10008.1.2.1")


def test_a_frame_that_is_no_multipart_is_refused(opened):
    answer = 200, {"Content-Type": "application/octet-stream"}, b"abc"
    with Scripted(answer) as server, pytest.raises(TransferError):
        opened(server.url).frame("1.2", "3.4", "5.6", 1)


# --- thumbnails


def test_a_thumbnail_is_a_picture(web, film):
    one = film[0]
    uids = one.StudyInstanceUID, one.SeriesInstanceUID
    assert web.rendered(*uids, None, (256, 256)) == JPEG
    assert web.rendered(*uids, one.SOPInstanceUID, (256, 256)) == JPEG


def test_a_server_without_thumbnails_is_asked_for_one_once(opened):
    with Scripted((404, {}, b""), (200, {"Content-Type": "image/jpeg"}, JPEG)) as server:
        web = opened(server.url)
        for _ in range(3):
            assert web.rendered("1.2", "3.4", None, (256, 128)) == JPEG
        asked = [path for _, path, _, _ in server.asked]
        assert asked == [
            "/studies/1.2/series/3.4/thumbnail?viewport=256,128",
            *["/studies/1.2/series/3.4/rendered?viewport=256,128"] * 3,
        ]


def test_a_series_that_renders_nothing_does_not_speak_for_the_others(opened):
    with Scripted((404, {}, b"")) as server:
        web = opened(server.url)
        for _ in range(2):
            with pytest.raises(ServerRefused):
                web.rendered("1.2", "3.4", None, (256, 256))
        assert [path.rpartition("/")[2].partition("?")[0] for _, path, _, _ in server.asked] == [
            "thumbnail", "rendered", "thumbnail", "rendered",
        ]  # fmt: skip


def test_a_thumbnail_that_may_not_be_seen_is_not_asked_for_by_another_name(opened):
    with Scripted((403, {}, b"")) as server:
        with pytest.raises(ServerRefused) as caught:
            opened(server.url).rendered("1.2", "3.4", None, (256, 256))
        assert (caught.value.code, len(server.asked)) == ("not-permitted", 1)


def test_a_thumbnail_that_is_no_picture_is_refused(opened):
    with Scripted((200, {"Content-Type": "image/jpeg"}, b"<html>")) as server, pytest.raises(TransferError):
        opened(server.url).rendered("1.2", "3.4", None, (256, 256))


def test_one_instance_is_asked_for_at_most_four_times_whatever_goes_wrong(tmp_path):
    """Refusals and cut bodies take from the same tries; they do not multiply."""
    from tests.faults.cloud import Cut, FaultyCloud, Refuse
    from tests.phantoms import CT_STUDY, SERIES, ct_stack, sop, write_study
    from workstation.archive.connection import Connection
    from workstation.archive.retries import Retries
    from workstation.errors import WorkstationError
    from workstation.settings import ProxySettings, Settings

    cloud = FaultyCloud(write_study(tmp_path, ct_stack(1)))
    settings = Settings(proxy=ProxySettings(no_proxy=("*",)))
    connection = Connection(settings, lambda _: None, None, Retries(tries=3, base_s=0.001))
    cloud.faults = [Refuse(503), Cut(900), Refuse(503), Cut(900), Refuse(503), Cut(900), Refuse(503)]
    web = DicomWeb(connection, cloud.root, {"Authorization": Secret(f"Bearer {cloud.shares.station_token}")})
    try:
        with pytest.raises(WorkstationError):
            web.instance(CT_STUDY, SERIES, sop(1), token=CancelToken())
        assert len([path for path in cloud.sent if "/instances/" in path]) == 4
    finally:
        connection.close()
        cloud.close()
