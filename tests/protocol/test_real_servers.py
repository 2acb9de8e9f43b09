"""The same film from an archive that others wrote, behind a gateway and a proxy that others wrote."""

from __future__ import annotations

import contextlib

import pydicom
import pytest
import trustme

from tests import samples
from tests.servers import free_port, nginx, orthanc, squid
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.errors import ConnectionFailed, ServerRefused, TransferError
from workstation.reference import Secret
from workstation.settings import ProxySettings, Settings, TlsSettings
from workstation.tasks import CancelToken

pytestmark = pytest.mark.servers

TOKEN = "share-7001"
PASSWORD = {"proxy": Secret("pässword")}.get


@pytest.fixture(scope="module")
def film():
    return samples.ct_series(5)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Server and client certificates of two authorities, as files."""
    folder = tmp_path_factory.mktemp("certificates")
    authority, clients = trustme.CA(organization_name="Regional Cloud Authority"), trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    clients.cert_pem.write_to_path(folder / "clients.pem")
    for name, made in (
        ("server", authority.issue_cert("127.0.0.1")),
        ("other-host", authority.issue_cert("cloud.example")),
        ("client", clients.issue_cert("workstation.example")),
    ):
        made.private_key_and_cert_chain_pem.write_to_path(folder / f"{name}.pem")
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory, film):
    with orthanc(tmp_path_factory.mktemp("servers") / "orthanc") as server:
        server.upload([samples.bytes_of(one) for one in film])
        yield server


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, archive, certificates):
    folder = tmp_path_factory.mktemp("servers") / "nginx"
    with nginx(folder, upstream=archive, certificate=certificates / "server.pem", token=TOKEN) as server:
        yield server


@pytest.fixture(scope="module")
def hospital(tmp_path_factory, gateway):
    with squid(tmp_path_factory.mktemp("servers") / "squid", connect_ports=[gateway.port]) as server:
        yield server


@pytest.fixture
def opened():
    with contextlib.ExitStack() as stack:

        def opened(root, *, proxy=None, tls=None, token=TOKEN, secret=PASSWORD):
            settings = Settings(proxy=proxy or ProxySettings(no_proxy=("*",)), tls=tls or TlsSettings())
            connection = Connection(settings, secret, None, Retries(tries=1, base_s=0.01))
            stack.callback(connection.close)
            opened.close = connection.close
            return DicomWeb(connection, root, {"Authorization": Secret(f"Bearer {token}")})

        yield opened


@pytest.fixture
def through(opened, gateway, hospital, certificates):
    """The way a hospital has it: squid with a password, then TLS to the gateway."""
    return opened(
        gateway.root,
        proxy=ProxySettings(url=hospital.url, user="doctor"),
        tls=TlsSettings(ca=str(certificates / "ca.pem")),
    )


def failure(web):
    with pytest.raises(ConnectionFailed) as caught:
        web.search_studies()
    return caught.value.code, caught.value.params


def test_a_film_comes_byte_for_byte_through_squid_and_nginx_from_orthanc(through, opened, film, hospital, gateway):
    study = film[0].StudyInstanceUID
    assert [record["0020000D"]["Value"] for record in through.search_studies(StudyInstanceUID=study)] == [[study]]
    assert [record["0020000E"]["Value"] for record in through.series(study)] == [[film[0].SeriesInstanceUID]]
    for one in film:
        data = through.instance(study, one.SeriesInstanceUID, one.SOPInstanceUID, token=CancelToken())
        assert data == samples.bytes_of(one)
    opened.close()
    passed = hospital.lines(f"CONNECT 127.0.0.1:{gateway.port}", "/200")
    assert passed
    assert all(" doctor " in line for line in passed)


def test_orthanc_finds_a_study_by_accession_number_patient_and_wildcard(through, film):
    for keys in (
        {"AccessionNumber": "A7001"},
        {"PatientID": "7001"},
        {"PatientID": "70*"},
        {"PatientName": "Wang*"},
        {"PatientName": "Wang^Xiao*"},
        {"StudyDate": "20040101-20041231"},
    ):
        assert len(through.search_studies(**keys)) == 1, keys
    assert through.search_studies(PatientID="nobody") == []
    found = through.search_studies(PatientID="7001", includefields=("StudyDescription",))
    assert found[0]["00081030"]["Value"] == [film[0].StudyDescription]


def test_orthancs_metadata_reads_as_the_file_does(through, film):
    records = through.series_metadata(film[0].StudyInstanceUID, film[0].SeriesInstanceUID)
    read = {one.SOPInstanceUID: one for one in (pydicom.Dataset.from_json(each, lambda *a: None) for each in records)}
    assert set(read) == {one.SOPInstanceUID for one in film}
    for one in film:
        for keyword in ("PatientName", "PatientID", "PixelSpacing", "ImagePositionPatient", "InstanceNumber"):
            assert read[one.SOPInstanceUID][keyword].value == one[keyword].value
    assert len(through.study_metadata(film[0].StudyInstanceUID)) == 5


def test_orthancs_frames_and_bulk_data_are_the_pixels(through, film):
    one = film[2]
    uids = one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID
    frame = through.frame(*uids, 1)
    assert (frame.data, frame.transfer_syntax_uid) == (one.PixelData, "1.2.840.10008.1.2.1")
    with pytest.raises(ServerRefused):
        through.frame(*uids, 2)
    records = through.series_metadata(*uids[:2])
    record = next(each for each in records if each["00080018"]["Value"] == [one.SOPInstanceUID])
    assert through.bulk(record["7FE00010"]["BulkDataURI"]) == one.PixelData


def test_orthanc_has_no_thumbnails_and_renders_instead(through, film, gateway):
    uids = film[0].StudyInstanceUID, film[0].SeriesInstanceUID
    for _ in range(2):
        assert through.rendered(*uids, film[0].SOPInstanceUID, (128, 128)).startswith(b"\xff\xd8\xff")
    asked = [line for line in gateway.access_log.read_text().splitlines() if "viewport=128,128" in line]
    assert sum("/thumbnail?" in line for line in asked) == 1


def test_an_instance_that_orthanc_does_not_have_is_not_found(through, film):
    with pytest.raises(ServerRefused) as caught:
        through.instance(film[0].StudyInstanceUID, film[0].SeriesInstanceUID, "1.2.3", token=CancelToken())
    assert caught.value.code == "not-found"


def test_an_idle_connection_that_orthanc_closed_is_no_fault(opened, archive, film):
    import time

    connection = Connection(Settings(), PASSWORD, None, Retries(tries=0))
    web = DicomWeb(connection, archive.root, {"Authorization": Secret(archive.authorization)})
    with contextlib.closing(connection):
        for _ in range(2):
            assert len(web.search_studies()) == 1
            time.sleep(1.3)  # Orthanc keeps a connection for one second


def test_a_token_that_the_gateway_does_not_know_is_refused(opened, gateway, hospital, certificates):
    web = opened(
        gateway.root,
        proxy=ProxySettings(url=hospital.url, user="doctor"),
        tls=TlsSettings(ca=str(certificates / "ca.pem")),
        token="expired",
    )
    with pytest.raises(ServerRefused) as caught:
        web.search_studies()
    assert caught.value.code == "sign-in-needed"


def test_a_portals_page_is_no_film(opened, gateway, certificates):
    web = opened(gateway.root.replace("/dicom-web", "/portal"), tls=TlsSettings(ca=str(certificates / "ca.pem")))
    with pytest.raises(TransferError) as caught:
        web.instance("1.2", "3.4", "5.6", token=CancelToken())
    assert (caught.value.code, caught.value.params) == ("not-dicom-answer", {"content_type": "text/html"})


@pytest.mark.parametrize("kind", ["auto", "basic"])
def test_squid_refuses_a_wrong_password_and_is_asked_once(tmp_path, opened, gateway, certificates, kind):
    with squid(tmp_path / "squid", connect_ports=[gateway.port]) as proxy:
        web = opened(
            gateway.root,
            proxy=ProxySettings(url=proxy.url, user="doctor", sign_in=kind),
            tls=TlsSettings(ca=str(certificates / "ca.pem")),
            secret={"proxy": Secret("wrong")}.get,
        )
        for _ in range(3):
            assert failure(web)[0] == "proxy-wrong-password"
        asked = 2 if kind == "auto" else 1
        assert len(proxy.lines("CONNECT", "/407", count=asked)) == asked


def test_squid_without_a_password_asks_for_one(opened, gateway, hospital):
    code, params = failure(opened(gateway.root, proxy=ProxySettings(url=hospital.url)))
    assert (code, params) == ("proxy-sign-in", {"proxy": hospital.url.removeprefix("http://")})


def test_squid_opens_no_other_port(opened, hospital):
    port = free_port()
    web = opened(f"https://127.0.0.1:{port}/dicom-web", proxy=ProxySettings(url=hospital.url, user="doctor"))
    code, params = failure(web)
    assert code == "proxy-forbidden"
    assert (params["host"], params["port"]) == ("127.0.0.1", port)


def test_squid_that_is_down_is_named(opened, gateway):
    proxy = f"127.0.0.1:{free_port()}"
    assert failure(opened(gateway.root, proxy=ProxySettings(url=f"http://{proxy}"))) == (
        "proxy-unreachable",
        {"proxy": proxy},
    )


def test_squid_that_cannot_reach_the_gateway_says_so(tmp_path, opened):
    port = free_port()
    with squid(tmp_path / "squid", connect_ports=[port]) as proxy:
        web = opened(f"https://127.0.0.1:{port}/dicom-web", proxy=ProxySettings(url=proxy.url, user="doctor"))
        code, params = failure(web)
        assert (code, params["status"]) == ("proxy-failed", 503)


def test_ntlm_through_squid(tmp_path, opened, gateway, certificates, film):
    with squid(tmp_path / "squid", connect_ports=[gateway.port], sign_in="ntlm") as proxy:
        for kind in ("auto", "ntlm"):
            web = opened(
                gateway.root,
                proxy=ProxySettings(url=proxy.url, user="HOSPITAL\\doctor", sign_in=kind),
                tls=TlsSettings(ca=str(certificates / "ca.pem")),
            )
            assert len(web.search_studies()) == 1
            one = film[0]
            data = web.instance(one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID, token=CancelToken())
            assert data == samples.bytes_of(one)
            opened.close()
        # the helper takes the name's UTF-16 for bytes and so logs its first letter only
        assert len(proxy.lines(f"CONNECT 127.0.0.1:{gateway.port} H", "/200", count=2)) == 2


def test_a_gateway_of_an_unknown_authority_is_refused_and_the_authority_named(opened, gateway, hospital):
    web = opened(gateway.root, proxy=ProxySettings(url=hospital.url, user="doctor"))
    assert failure(web) == ("tls-unknown-authority", {"host": "127.0.0.1", "issuer": "Regional Cloud Authority"})


def test_a_gateway_that_shows_another_hosts_certificate_is_refused(tmp_path, opened, archive, certificates):
    with nginx(tmp_path / "nginx", upstream=archive, certificate=certificates / "other-host.pem") as other:
        web = opened(other.root, tls=TlsSettings(ca=str(certificates / "ca.pem")))
        assert failure(web) == ("tls-wrong-host", {"host": "127.0.0.1"})


def test_mutual_tls_through_squid(tmp_path, opened, archive, certificates, film):
    ca = str(certificates / "ca.pem")
    with (
        nginx(
            tmp_path / "nginx",
            upstream=archive,
            certificate=certificates / "server.pem",
            client_ca=certificates / "clients.pem",
        ) as strict,
        squid(tmp_path / "squid", connect_ports=[strict.port]) as proxy,
    ):
        way = ProxySettings(url=proxy.url, user="doctor")
        web = opened(strict.root, proxy=way, tls=TlsSettings(ca=ca, client_cert=str(certificates / "client.pem")))
        assert len(web.series(film[0].StudyInstanceUID)) == 1
        assert failure(opened(strict.root, proxy=way, tls=TlsSettings(ca=ca))) == (
            "tls-client-certificate",
            {"host": "127.0.0.1"},
        )
