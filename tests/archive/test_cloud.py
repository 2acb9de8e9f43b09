"""One film at a DICOMweb service: who it is of first, then what it holds, and each instance held against both."""

from __future__ import annotations

import re
import threading

import numpy as np
import pytest

from tests.faults.cloud import FaultyCloud, InsteadOf, Refuse, Replace
from tests.phantoms import CT_STUDY, SERIES, ct_slice, ct_stack, part10, sop, stranger, write_study
from workstation.archive.cloud import CloudFilm, find_studies
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.holding import Budget
from workstation.archive.line import Line
from workstation.archive.loader import FilmLoader
from workstation.archive.retries import Retries
from workstation.errors import IdentityError, LinkError, ServerRefused, TransferError, WorkstationError
from workstation.reference import Secret
from workstation.settings import ProxySettings, Settings
from workstation.tasks import CancelToken

COUNT = 6


class Service(FaultyCloud):
    """A faulty cloud that can also refuse whole kinds of requests."""

    refuses = ()  # (pattern, status)

    def next_fault(self, path):
        for pattern, status in self.refuses:
            if re.search(pattern, path):
                return Refuse(status)
        return super().next_fault(path)


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path / "films", ct_stack(COUNT))


@pytest.fixture
def opened(folder):
    made = []

    def open_film(**attributes):
        cloud = Service(folder)
        vars(cloud).update(attributes)
        connection = Connection(
            Settings(proxy=ProxySettings(no_proxy=("*",))), lambda _: None, None, Retries(tries=0, base_s=0.01)
        )
        made.append((cloud, connection))
        web = DicomWeb(connection, cloud.root, {"Authorization": Secret(f"Bearer {cloud.shares.station_token}")})
        return CloudFilm(web, CT_STUDY, "DEMO", "DEMO"), cloud, web

    yield open_film
    for cloud, connection in made:
        connection.close()
        cloud.close()


def listed(film, identified=lambda *_: None):
    return film.listing(CancelToken(), identified)


def obtain(film, listing, number):
    asked = next(one for one in listing.instances if one.instance_number == number)
    return film.obtain(asked, listing.patient, CancelToken(), lambda _: None)


def test_who_it_is_is_told_before_the_long_list(opened):
    film, cloud, _ = opened()
    told = []
    listing = listed(film, lambda patient, study: told.append((patient, study, len(cloud.sent))))
    patient, study, requests = told[0]
    assert patient.name.ideographic == "欧阳^晓东"
    assert study.description == "膝关节CT"
    assert requests <= 2  # that of the study, and that of its series beside it
    assert len(listing.instances) == COUNT
    assert listing.announced == {SERIES: COUNT}
    assert listing.issuer == "DEMO"


def test_a_service_without_searching_is_listed_by_its_metadata(opened):
    film, _, _ = opened(refuses=((r"/studies\?", 404), (r"/series\?", 404)))
    told = []
    listing = listed(film, lambda *who: told.append(who))
    assert told == []
    assert listing.patient.patient_id == "DEMO-7001"
    assert listing.announced == {}


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_sign_in_is_not_taken_for_a_missing_search(opened, status):
    film, _, _ = opened(refuses=((r"/studies\?", status),))
    with pytest.raises(ServerRefused):
        listed(film)


def test_an_unknown_study_is_not_found(opened):
    _, _, web = opened()
    with pytest.raises((LinkError, ServerRefused)) as caught:
        listed(CloudFilm(web, "2.25.404", "DEMO"))
    assert caught.value.code in ("link-study-not-found", "not-found")


def test_two_patients_in_one_study_are_refused_as_a_whole(folder, opened):
    write_study(folder / "more", [ct_slice(99, person=stranger())])
    film, _, _ = opened()
    with pytest.raises(IdentityError) as caught:
        listed(film)
    assert caught.value.code == "wrong-patient"


@pytest.mark.parametrize("place", range(1, COUNT + 1))
@pytest.mark.parametrize(
    ("foreign", "code"),
    [
        (ct_slice(3, person=stranger()), "wrong-patient"),
        (ct_slice(3, study="2.25.1"), "wrong-study"),
        (ct_slice(3, series="2.25.2"), "wrong-instance"),
    ],
    ids=["patient", "study", "series"],
)
def test_a_foreign_instance_at_any_place_is_refused_and_the_others_come(opened, place, foreign, code):
    film, cloud, _ = opened()
    listing = listed(film)
    foreign.SOPInstanceUID = sop(place) if code != "wrong-instance" else "2.25.3"
    cloud.faults = [InsteadOf(part10(foreign)) if number == place else None for number in range(1, COUNT + 1)]
    got = {}
    for number in range(1, COUNT + 1):
        try:
            got[number] = obtain(film, listing, number).instance.instance_number
        except WorkstationError as error:
            got[number] = error.code
    assert got.pop(place) == code
    assert got == {number: number for number in range(1, COUNT + 1) if number != place}


def test_a_page_or_a_report_in_place_of_an_image_is_refused(opened):
    film, cloud, _ = opened()
    listing = listed(film)
    for kind, body in (("text/html", b"<html>sign in</html>"), ("application/pdf", b"%PDF-1.7")):
        cloud.faults = [Replace(kind, body)]
        with pytest.raises(TransferError) as caught:
            obtain(film, listing, 2)
        assert caught.value.code == "not-dicom-answer"


FRAMES_ONLY = ((r"/instances/[0-9.]+$", 406), (r"/series/[0-9.]+$", 406))


def test_a_service_that_gives_frames_only_shows_the_same_pixels_marked(opened, worker_pool):
    film, cloud, _ = opened(refuses=FRAMES_ONLY)
    listing = listed(film)
    for number in (2, 5):
        got = obtain(film, listing, number)
        assert got.address_only
        shown = got.shown(1, worker_pool)
        frame, grayscale = shown.frame, shown.grayscale
        assert shown.address_only
        assert np.array_equal(frame.values, np.frombuffer(ct_slice(number).PixelData, np.int16).reshape(96, 128))
        assert grayscale.is_hounsfield
        assert frame.key.sop_instance_uid == sop(number)
    instance_requests = [path for path in cloud.sent if re.search(FRAMES_ONLY[0][0], path)]
    assert len(instance_requests) == 2  # asked for in parts and as one body, once each, and remembered


def test_a_frame_of_another_length_is_refused(opened):
    film, cloud, _ = opened(refuses=FRAMES_ONLY)
    listing = listed(film)
    boundary = "b0undary"
    body = (
        (f"--{boundary}\r\nContent-Type: application/octet-stream\r\n\r\n").encode()
        + b"\0" * 100
        + f"\r\n--{boundary}--".encode()
    )
    cloud.where = "/frames/"
    cloud.faults = [Replace(f"multipart/related; type=application/octet-stream; boundary={boundary}", body)]
    with pytest.raises(TransferError) as caught:
        obtain(film, listing, 1)
    assert caught.value.code == "wrong-length"


def test_thumbnails_are_asked_for_until_the_service_says_it_has_none(opened):
    film, cloud, _ = opened()
    listing = listed(film)
    assert film.thumbnail(listing.instances[0], CancelToken()) is None
    asked = len(cloud.sent)
    assert film.thumbnail(listing.instances[1], CancelToken()) is None
    assert len(cloud.sent) == asked


def test_studies_are_found_by_their_accession_number(opened):
    _, _, web = opened()
    ((patient, study, count),) = find_studies(web, "A7001", CancelToken())
    assert (patient.patient_id, study.study_instance_uid, count) == ("DEMO-7001", CT_STUDY, COUNT)
    assert find_studies(web, "B0000", CancelToken()) == []


def test_a_film_whose_line_breaks_in_the_middle_is_incomplete_and_says_which(opened, worker_pool):
    film, _cloud, _ = opened(refuses=((rf"/instances/{re.escape(sop(4))}$", 404),))
    listing = listed(film)
    posted, refused, ended = [], [], threading.Event()
    loader = FilmLoader(film, listing, worker_pool, posted.append, line=Line(2), budget=Budget(10**9, 10**9))
    loader.refused.connect(lambda asked, error: refused.append((asked.instance_number, error.code)))
    loader.finished.connect(ended.set)
    loader.start()
    for _ in range(2000):
        while posted:
            posted.pop(0)()
        if ended.wait(0.005):
            break
    loader.close()
    assert refused == [(4, "not-found")]
    assert loader.progress().done == COUNT
