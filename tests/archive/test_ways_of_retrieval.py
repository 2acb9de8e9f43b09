"""Services that give instances in another way than most: found out once, remembered for all films of the service."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from tests.faults.cloud import Cut, FaultyCloud, Refuse, Replace
from tests.phantoms import CT_STUDY, SERIES, ct_slice, ct_stack, part10, sop, stranger, write_study
from workstation.archive.abilities import KnownServices, RetrieveWay
from workstation.archive.addresses import wado_uri, wado_uri_place
from workstation.archive.cloud import CloudFilm
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.demo.answers import json_reply, reply
from workstation.errors import IdentityError, ServerRefused, TransferError, WorkstationError
from workstation.reference import Secret
from workstation.settings import ProxySettings, Settings
from workstation.tasks import CancelToken

COUNT = 6
INSTANCE, WHOLE_SERIES, FRAMES = r"/instances/[0-9.]+$", r"/series/[0-9.]+$", r"/frames/"


class Service(FaultyCloud):
    """Refuses kinds of requests; may have WADO-URI beside its root, or somewhere else."""

    def __init__(self, folder):
        self.refuses, self.wado, self.takes_parts = (), "", True
        self.accepts = []
        super().__init__(folder)
        handler = self._server.RequestHandlerClass
        service = self

        class Handler(handler):
            def _answer(self):
                parts = urlsplit(self.path)
                if parts.path == service.wado:
                    return service.by_uri(parse_qs(parts.query), self.headers)
                accept = self.headers.get("Accept", "")
                service.accepts.append(accept)
                if not service.takes_parts and re.search(INSTANCE, parts.path):
                    if accept.startswith("multipart"):
                        return json_reply(406, {"error": "no"})
                    return reply(200, "application/dicom", service.file(parts.path.rpartition("/")[2]))
                return super()._answer()

        self._server.RequestHandlerClass = Handler

    def file(self, uid):
        (found,) = (part10(one) for one in ct_stack(COUNT) if one.SOPInstanceUID == uid)
        return found

    def by_uri(self, query, headers):
        self.sent.append("WADO " + query["objectUID"][0])
        self.signed = headers.get("Authorization", "")
        assert query["requestType"] == ["WADO"]
        assert query["contentType"] == ["application/dicom"]
        assert (query["studyUID"], query["seriesUID"]) == ([CT_STUDY], [SERIES])
        return reply(200, "application/dicom", self.file(query["objectUID"][0]))

    def next_fault(self, path):
        for pattern, status in self.refuses:
            if re.search(pattern, path.partition("?")[0]):
                return Refuse(status)
        return super().next_fault(path)


@pytest.fixture
def made(tmp_path):
    folder = write_study(tmp_path / "films", ct_stack(COUNT))
    cloud = Service(folder)
    connection = Connection(
        Settings(proxy=ProxySettings(no_proxy=("*",))), lambda _: None, None, Retries(tries=2, base_s=0.001)
    )

    def film(**options):
        web = DicomWeb(
            connection, cloud.root, {"Authorization": Secret(f"Bearer {cloud.shares.station_token}")}, **options
        )
        return CloudFilm(web, CT_STUDY, "DEMO", "DEMO"), web

    yield cloud, film
    connection.close()
    cloud.close()


def load(film, numbers=range(1, COUNT + 1)):
    listing = film.listing(CancelToken(), lambda *_: None)
    got = {}
    for number in numbers:
        asked = next(one for one in listing.instances if one.instance_number == number)
        got[number] = film.obtain(asked, listing.patient, CancelToken(), lambda _: None)
    return got


def sums(got):
    return {number: hashlib.sha256(one.data).hexdigest() for number, one in got.items()}


RIGHT = {number: hashlib.sha256(part10(ct_slice(number))).hexdigest() for number in range(1, COUNT + 1)}


def asked(cloud, pattern):
    return [path for path in cloud.sent if re.search(pattern, path.partition("?")[0])]


def test_a_service_that_takes_no_multipart_is_asked_for_single_bodies_from_then_on(made):
    cloud, film = made
    cloud.takes_parts = False
    first, web = film()
    assert sums(load(first)) == RIGHT
    refused = [accept for accept in cloud.accepts if accept.startswith('multipart/related; type="application/dicom"')]
    assert len(refused) == 1
    second, _ = film()
    assert sums(load(second)) == RIGHT
    assert len([a for a in cloud.accepts if a.startswith('multipart/related; type="application/dicom"')]) == 1
    assert web.abilities.way is RetrieveWay.INSTANCE


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_service_that_gives_whole_series_only_is_read_once_and_every_part_is_checked(made, status):
    cloud, film = made
    cloud.refuses = ((INSTANCE, status),)
    first, web = film()
    assert sums(load(first)) == RIGHT
    assert len(asked(cloud, WHOLE_SERIES)) == 1
    assert len(asked(cloud, INSTANCE)) <= 2
    assert web.abilities.way is RetrieveWay.SERIES
    again, _ = film()
    probes = len(asked(cloud, INSTANCE))
    assert sums(load(again)) == RIGHT
    assert len(asked(cloud, INSTANCE)) == probes  # what one film found out every other one knows


def test_a_series_that_is_cut_keeps_what_came_and_is_asked_for_again(made):
    cloud, film = made
    cloud.refuses, cloud.where = ((INSTANCE, 501),), f"/series/{SERIES}"
    first, _ = film()
    listing = first.listing(CancelToken(), lambda *_: None)
    size = len(part10(ct_slice(1)))
    cloud.faults = [Cut(3 * size)]  # in the third part or the fourth
    got = {}
    for one in listing.instances:
        got[one.instance_number] = first.obtain(one, listing.patient, CancelToken(), lambda _: None)
    assert sums(got) == RIGHT
    assert len(asked(cloud, WHOLE_SERIES)) == 2


def test_a_foreign_part_in_a_series_is_refused_and_the_others_come(made, tmp_path):
    cloud, film = made
    cloud.refuses = ((INSTANCE, 501),)
    wrong = part10(ct_slice(3, person=stranger()))
    right = [part10(ct_slice(number)) for number in range(1, COUNT + 1)]
    right[2] = wrong
    body = b"".join(b"--b\r\nContent-Type: application/dicom\r\n\r\n" + one + b"\r\n" for one in right) + b"--b--"
    first, _ = film()
    listing = first.listing(CancelToken(), lambda *_: None)
    cloud.where, cloud.faults = (
        f"/series/{SERIES}",
        [Replace('multipart/related; type="application/dicom"; boundary=b', body)],
    )
    outcome = {}
    for one in listing.instances:
        try:
            got = first.obtain(one, listing.patient, CancelToken(), lambda _: None)
            outcome[one.instance_number] = hashlib.sha256(got.data).hexdigest()
        except IdentityError as error:
            outcome[one.instance_number] = error.code
    assert outcome == {**RIGHT, 3: "wrong-patient"}


def test_one_that_is_not_in_the_series_is_missing_and_said_once(made):
    cloud, film = made
    cloud.refuses = ((INSTANCE, 501),)
    first, web = film()
    listing = first.listing(CancelToken(), lambda *_: None)
    got = first.obtain(listing.instances[0], listing.patient, CancelToken(), lambda _: None)
    assert got.data
    from dataclasses import replace

    ghost = replace(listing.instances[0], sop_instance_uid="2.25.404")
    with pytest.raises(ServerRefused) as caught:
        first.obtain(ghost, listing.patient, CancelToken(), lambda _: None)
    assert caught.value.code == "not-found"
    assert len(asked(cloud, WHOLE_SERIES)) == 1
    assert web.abilities.way is RetrieveWay.SERIES


def test_several_who_wait_share_one_series(made):
    import threading

    cloud, film = made
    cloud.refuses = ((INSTANCE, 501),)
    first, _ = film()
    listing = first.listing(CancelToken(), lambda *_: None)
    token, got = CancelToken(), {}

    def work(numbers):
        for number in numbers:
            one = next(each for each in listing.instances if each.instance_number == number)
            got[number] = first.obtain(one, listing.patient, token, lambda _: None)

    work([4])  # the middle first, alone
    threads = [threading.Thread(target=work, args=(numbers,)) for numbers in ([6, 1], [2, 5], [3])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums(got) == RIGHT
    assert len(asked(cloud, WHOLE_SERIES)) == 1


def test_a_service_that_gives_nothing_but_frames_is_found_out_once_for_all_its_films(made, worker_pool):
    cloud, film = made
    cloud.refuses = ((INSTANCE, 405), (WHOLE_SERIES, 405))
    first, web = film()
    got = load(first, [2])
    shown = got[2].shown(1, worker_pool)
    assert shown.address_only
    assert np.array_equal(shown.frame.values, np.frombuffer(ct_slice(2).PixelData, np.int16).reshape(96, 128))
    probes = len(asked(cloud, INSTANCE))
    second, _ = film()
    load(second, [1, 3])
    assert len(asked(cloud, INSTANCE)) == probes
    assert web.abilities.way is RetrieveWay.FRAMES


@pytest.mark.parametrize("is_named", [True, False])
def test_wado_uri_serves_where_dicomweb_has_no_objects(made, is_named):
    cloud, film = made
    cloud.refuses = ((INSTANCE, 404), (WHOLE_SERIES, 404), (FRAMES, 404))
    cloud.wado = "/somewhere/wado" if is_named else "/wado"
    first, web = film(wado_uri_root=f"{cloud.url}/somewhere/wado" if is_named else "")
    assert sums(load(first)) == RIGHT
    assert web.abilities.way is RetrieveWay.WADO_URI
    assert cloud.signed.startswith("Bearer ")
    assert len(asked(cloud, WHOLE_SERIES)) == (0 if is_named else 1)  # what IT named is believed before guesses


def test_the_sign_in_is_not_sent_to_a_wado_uri_elsewhere(made, tmp_path):
    cloud, film = made
    other = Service(write_study(tmp_path / "other", ct_stack(COUNT)))
    try:
        cloud.refuses = ((INSTANCE, 404),)
        other.wado = "/wado"
        first, _ = film(wado_uri_root=f"{other.url}/wado")
        assert sums(load(first, [1])) == {1: RIGHT[1]}
        assert other.signed == ""
    finally:
        other.close()


def test_a_server_without_any_way_is_not_asked_by_all_of_them_for_each_image(made):
    cloud, film = made
    cloud.refuses = ((INSTANCE, 404), (WHOLE_SERIES, 404), (FRAMES, 404))
    first, web = film()
    listing = first.listing(CancelToken(), lambda *_: None)
    before = len(cloud.sent)
    for one in listing.instances:
        with pytest.raises(ServerRefused) as caught:
            first.obtain(one, listing.patient, CancelToken(), lambda _: None)
        assert caught.value.code == "not-found"
    assert web.abilities.way is None
    assert len(cloud.sent) - before <= 3 * 5 + 3


def test_a_portals_page_at_the_place_of_wado_uri_is_no_service(made):
    cloud, film = made
    cloud.refuses = ((INSTANCE, 501), (WHOLE_SERIES, 501), (FRAMES, 501))
    cloud.by_uri = lambda query, headers: reply(200, "text/html", b"<html>Welcome</html>")
    cloud.wado = "/wado"
    first, web = film()
    with pytest.raises(ServerRefused):
        load(first, [1])
    assert web.abilities.way is None


def test_one_missing_instance_of_a_good_service_is_missing_and_nothing_else_is_tried(made):
    cloud, film = made
    first, _ = film()
    load(first, [1])
    cloud.refuses = ((re.escape(sop(2)) + "$", 404),)
    with pytest.raises(WorkstationError):
        load(first, [2])
    assert asked(cloud, WHOLE_SERIES) == []


def test_a_page_in_place_of_the_first_image_is_said_and_no_other_way_is_tried(made):
    cloud, film = made
    first, _ = film()
    listing = first.listing(CancelToken(), lambda *_: None)
    cloud.faults = [Replace("text/html", b"<html>Sign in</html>")]
    with pytest.raises(TransferError) as caught:
        first.obtain(listing.instances[0], listing.patient, CancelToken(), lambda _: None)
    assert caught.value.code == "not-dicom-answer"
    assert asked(cloud, WHOLE_SERIES) == []


# --- addresses


@pytest.mark.parametrize(
    ("root", "place"),
    [
        ("https://h/dicom-web", "https://h/wado"),  # Orthanc
        ("https://h:8443/dcm4chee-arc/aets/AE/rs", "https://h:8443/dcm4chee-arc/aets/AE/wado"),
        ("https://h/api", "https://h/api/wado"),  # Kheops
        ("https://h/link/TOKEN/dicom-web", "https://h/link/TOKEN/wado"),
    ],
)
def test_wado_uri_lies_where_servers_have_it(root, place):
    assert wado_uri_place(root) == place


def test_a_wado_uri_request_is_as_the_standard_writes_it():
    # PS3.18 9.4.1.1
    assert wado_uri("https://h/wado", "1.2", "3.4", "5.6") == (
        "https://h/wado?requestType=WADO&studyUID=1.2&seriesUID=3.4&objectUID=5.6&contentType=application/dicom"
    )
    assert wado_uri("https://h/wado?x=1", "1.2", "3.4", "5.6").startswith("https://h/wado?x=1&requestType=")


def test_no_more_services_are_remembered_than_a_hospital_has():
    known = KnownServices()
    first = known.of("0")
    for number in range(200):
        known.of(str(number))
    assert known.of("199") is known.of("199")
    assert known.of("0") is not first
