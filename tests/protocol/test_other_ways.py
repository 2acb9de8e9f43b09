"""The older and the wholesale ways of a real archive: WADO-URI at its customary place, a series in one answer."""

from __future__ import annotations

import pytest

from tests import samples
from tests.servers import orthanc
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.archive.series_stream import SeriesStream
from workstation.errors import ServerRefused
from workstation.reference import Secret
from workstation.settings import ProxySettings, Settings
from workstation.tasks import CancelToken

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def film():
    return samples.ct_series(7)


@pytest.fixture(scope="module")
def archive(tmp_path_factory, film):
    with orthanc(tmp_path_factory.mktemp("ways") / "orthanc") as server:
        server.upload([samples.bytes_of(one) for one in film])
        yield server


@pytest.fixture
def web(archive):
    settings = Settings(proxy=ProxySettings(no_proxy=("*",)))
    connection = Connection(settings, lambda name: None, None, Retries(tries=1, base_s=0.01))
    yield DicomWeb(connection, archive.root, {"Authorization": Secret(archive.authorization)})
    connection.close()


def test_orthanc_gives_an_instance_by_wado_uri_beside_its_root(web, film):
    one = film[3]
    uids = one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID
    assert web.wado_uri_instance(*uids, token=CancelToken()) == samples.bytes_of(one)
    with pytest.raises(ServerRefused):
        web.wado_uri_instance(*uids[:2], "1.2.3.404", token=CancelToken())


def test_orthanc_gives_a_series_in_one_answer_and_each_part_is_told_apart(web, film):
    stream = SeriesStream(web, film[0].StudyInstanceUID, film[0].SeriesInstanceUID)
    for one in (film[3], film[0], film[6], film[1], film[2], film[5], film[4]):
        assert stream.take(one.SOPInstanceUID, CancelToken(), lambda count: None) == samples.bytes_of(one)
    with pytest.raises(ServerRefused) as caught:
        stream.take("1.2.3.404", CancelToken(), lambda count: None)
    assert caught.value.code == "not-found"
    stream.close()
