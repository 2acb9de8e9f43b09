"""The beginning of a film: one image that is known from a few short answers, and nothing that it is not."""

from __future__ import annotations

import json

import pytest

from tests.archive.test_cloud import Service
from tests.faults.cloud import Replace
from tests.phantoms import CT_STUDY, SERIES, ct_stack, part10, sop, write_study
from tests.servers import orthanc
from workstation.archive.beginning import opening_series
from workstation.archive.cloud import CloudFilm
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.errors import ServerRefused
from workstation.reference import Secret
from workstation.settings import ProxySettings, Settings
from workstation.tasks import CancelToken

COUNT = 9


def nobody(*_):
    """Who it is of is known."""


def series(uid, number, modality, count):
    record = {
        "0020000E": {"vr": "UI", "Value": [uid]},
        "00080060": {"vr": "CS", "Value": [modality]},
        "00201209": {"vr": "IS", "Value": [count]},
    }
    return record | ({} if number is None else {"00200011": {"vr": "IS", "Value": [number]}})


@pytest.fixture
def connection():
    made = Connection(Settings(proxy=ProxySettings(no_proxy=("*",))), lambda _: None, None, Retries(tries=0))
    yield made
    made.close()


@pytest.fixture
def cloud(tmp_path):
    service = Service(write_study(tmp_path / "films", ct_stack(COUNT)))
    yield service
    service.close()


def film_of(connection, cloud):
    web = DicomWeb(connection, cloud.root, {"Authorization": Secret(f"Bearer {cloud.shares.station_token}")})
    return CloudFilm(web, CT_STUDY, "DEMO", "DEMO")


def test_a_film_opens_with_its_first_stack_of_images():
    scout, stack = series("2.25.1", 1, "CT", 1), series("2.25.2", 2, "CT", 80)
    report, later, unnumbered = (
        series("2.25.3", 0, "SR", 5),
        series("2.25.4", 3, "CT", 400),
        series("2.25.5", None, "MR", 9),
    )
    assert opening_series([later, unnumbered, report, stack, scout]) is stack
    assert opening_series([report, scout]) is scout
    assert opening_series([report]) is None
    assert opening_series([series("2.25.2", 2, "CT", 0)]) is None


def test_one_image_from_the_middle_is_known_without_the_long_list(connection, cloud):
    told = []
    film = film_of(connection, cloud)
    first = film.beginning(CancelToken(), lambda *who: told.append(who))
    assert first.is_beginning
    assert [one.sop_instance_uid for one in first.instances] == [sop(COUNT // 2 + 1)]
    assert first.announced[SERIES] == COUNT
    assert told[0][0].patient_id == "DEMO-7001" == first.patient.patient_id
    assert not any("metadata" in asked for asked in cloud.sent)
    got = film.obtain(first.instances[0], first.patient, CancelToken(), lambda _: None)
    assert got.instance.sop_instance_uid == sop(COUNT // 2 + 1)


def test_the_whole_list_asks_nothing_again(connection, cloud):
    film = film_of(connection, cloud)
    film.beginning(CancelToken(), nobody)
    before = len(cloud.sent)
    whole = film.listing(CancelToken(), nobody)
    assert len(cloud.sent) == before + 1
    assert not whole.is_beginning
    assert len(whole.instances) == COUNT


@pytest.mark.parametrize("refused", [r"/instances\?", r"/series\?"])
def test_a_service_that_does_not_search_so_far_has_no_beginning(connection, cloud, refused):
    cloud.refuses = ((refused, 404),)
    assert film_of(connection, cloud).beginning(CancelToken(), nobody) is None


def test_who_may_not_see_it_is_not_shown_a_beginning(connection, cloud):
    cloud.refuses = ((r"/studies\?", 401),)
    with pytest.raises(ServerRefused) as refusal:
        film_of(connection, cloud).beginning(CancelToken(), nobody)
    assert refusal.value.status == 401


def test_an_image_of_somebody_else_is_no_beginning(connection, cloud):
    record = {
        "00080018": {"vr": "UI", "Value": [sop(5)]},
        "00100020": {"vr": "LO", "Value": ["DEMO-9999"]},
        "00280010": {"vr": "US", "Value": [64]},
        "00280011": {"vr": "US", "Value": [64]},
    }
    cloud.where, cloud.faults = "/instances?", [Replace("application/dicom+json", json.dumps([record]).encode())]
    assert film_of(connection, cloud).beginning(CancelToken(), nobody) is None
    assert cloud.faults == []


def test_a_real_archive_begins_with_the_middle_image(connection, tmp_path):
    with orthanc(tmp_path / "orthanc") as server:
        server.upload([part10(one) for one in ct_stack(COUNT)])
        web = DicomWeb(connection, server.root, {"Authorization": server.authorization})
        film = CloudFilm(web, CT_STUDY, "PACS")
        first = film.beginning(CancelToken(), nobody)
        assert first.instances[0].is_image
        assert first.announced == {SERIES: COUNT}
        got = film.obtain(first.instances[0], first.patient, CancelToken(), lambda _: None)
        whole = film.listing(CancelToken(), nobody)
    assert got.instance in whole.instances
    assert len(whole.instances) == COUNT
