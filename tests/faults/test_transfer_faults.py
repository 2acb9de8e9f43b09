"""What reaches the workstation when the line or the archive fails: the right bytes, or an error. Never others."""

from __future__ import annotations

import random
import struct
import threading
import time

import pytest

from tests import samples
from tests.faults.cloud import Change, Cut, FaultyCloud, InsteadOf, Refuse, Replace, Stall, WrongLength
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.demo.certificates import make_certificates
from workstation.demo.proxy import DemoProxy
from workstation.errors import ConnectionFailed, IdentityError, ServerRefused, TransferError
from workstation.reference import Secret
from workstation.settings import NetworkSettings, ProxySettings, Settings, TlsSettings
from workstation.tasks import CancelToken

QUICK = Retries(base_s=0.0005, cap_s=1.5)


def small(count, **kwargs):
    """A series whose files are short: what is tested here is their way, not their size."""
    series = samples.ct_series(count, **kwargs)
    for one in series:
        one.Rows, one.Columns, one.PixelData = 8, 8, one.PixelData[:128]
        for tag in [element.tag for element in one if element.tag.is_private or element.tag.group == 0xFFFC]:
            del one[tag]
    return series


@pytest.fixture(scope="module")
def film():
    return small(12)


@pytest.fixture(scope="module")
def folder(film, tmp_path_factory):
    return samples.write(tmp_path_factory.mktemp("film"), film)


@pytest.fixture
def cloud(folder):
    made = FaultyCloud(folder)
    yield made
    made.close()


@pytest.fixture
def opened():
    connections = []

    def opened(cloud, retries=QUICK, *, idle=5.0, root=None, **settings):
        settings = Settings(network=NetworkSettings(idle_timeout_s=idle), **settings)
        connections.append(Connection(settings, {"proxy": Secret("pw")}.get, None, retries))
        bearer = {"Authorization": Secret(f"Bearer {cloud.shares.station_token}")}
        return DicomWeb(connections[-1], root or cloud.root, bearer)

    yield opened
    for one in connections:
        one.close()


def fetch(web, one, **kwargs):
    kwargs.setdefault("token", CancelToken())
    return web.instance(one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID, **kwargs)


def error_of(web, one, family=TransferError):
    with pytest.raises(family) as caught:
        fetch(web, one)
    return caught.value


# --- the promise


def cut_everywhere(web, cloud, film, count, seed):
    """Fetch `count` instances, each cut once at a random byte of the answer; gives bytes asked for and received."""
    rng = random.Random(seed)
    files = [samples.bytes_of(one) for one in film]
    whole = received = 0
    for number in range(count):
        index = number % len(film)
        cloud.faults = [Cut(rng.randrange(1, len(files[index]) + 350))]  # a head of about 200 bytes, two delimiters
        seen = []
        assert fetch(web, film[index], received=seen.append) == files[index], number
        assert not cloud.faults
        whole += len(files[index])
        received += sum(seen)
    return whole, received


def test_a_transfer_cut_at_1000_random_positions_never_yields_a_wrong_or_partial_instance(cloud, film, opened):
    cut_everywhere(opened(cloud), cloud, film, 1000, seed=7001)


def test_the_same_through_the_proxy_and_tls(film, folder, tmp_path, opened):
    files = make_certificates(tmp_path)
    cloud = FaultyCloud(folder, files.server)
    proxy = DemoProxy("doctor", "pw")
    try:
        web = opened(cloud, proxy=ProxySettings(url=proxy.url, user="doctor"), tls=TlsSettings(ca=str(files.authority)))
        cut_everywhere(web, cloud, film, 60, seed=7002)
        assert proxy.passed.total() > 20
    finally:
        proxy.close()
        cloud.close()


@pytest.mark.long
def test_ten_thousand_cuts(cloud, film, opened):
    cut_everywhere(opened(cloud), cloud, film, 10_000, seed=7003)


def test_only_what_was_cut_is_fetched_again(cloud, film, opened):
    web = opened(cloud)
    cloud.faults = [None] * 5 + [Cut(800)]
    for one in film:
        fetch(web, one)
    assert len(cloud.sent) == len(film) + 1


def test_a_line_that_is_cut_every_time_is_an_error_after_four_tries(cloud, film, opened):
    cloud.faults = [Cut(700)] * 50
    error = error_of(opened(cloud), film[0])
    assert error.code == "cut-off"
    assert len(cloud.sent) == 4


def test_many_threads_over_a_bad_line_get_every_instance_right(cloud, film, opened):
    web, rng = opened(cloud), random.Random(7004)
    wanted = [film[number % len(film)] for number in range(120)]
    cloud.faults = [Cut(rng.randrange(1, 900)) if rng.random() < 0.15 else None for _ in range(400)]
    got, lock = [], threading.Lock()

    def work():
        while True:
            with lock:
                if not wanted:
                    return
                one = wanted.pop()
            try:
                got.append(fetch(web, one) == samples.bytes_of(one))
            except ConnectionFailed:  # which thread meets how many faults in a row is chance: it is asked for again
                with lock:
                    wanted.append(one)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [True] * 120


# --- the line


def test_a_transfer_that_stalls_is_begun_anew(cloud, film, opened):
    cloud.faults = [Stall(100)]
    assert fetch(opened(cloud, idle=0.3), film[0]) == samples.bytes_of(film[0])
    assert len(cloud.sent) == 2


def test_a_transfer_that_always_stalls_says_so(cloud, film, opened):
    cloud.faults = [Stall(100)] * 9
    error = error_of(opened(cloud, Retries(tries=1, base_s=0.001), idle=0.2), film[0])
    assert (error.code, error.params) == ("stalled", {"seconds": 0.2})


@pytest.mark.parametrize("by", [1, 1000])
def test_a_content_length_that_is_too_long_is_never_a_whole_answer(cloud, film, opened, by):
    cloud.faults = [WrongLength(by)] * 9
    assert error_of(opened(cloud), film[0]).code == "cut-off"


@pytest.mark.parametrize("by", [-3, -60, -400])
def test_a_content_length_that_is_too_short_is_never_a_whole_answer(cloud, film, opened, by):
    cloud.faults = [WrongLength(by)] * 9
    assert error_of(opened(cloud), film[0]).code in {"no-closing-delimiter", "wrong-length"}


def test_without_the_closing_delimiter_nothing_is_whole(cloud, film, opened):
    cloud.faults = [Change(lambda body: body[: body.rindex(b"\r\n--")])] * 9
    assert error_of(opened(cloud), film[0]).code == "no-closing-delimiter"
    assert len(cloud.sent) == 4


def test_one_lost_byte_inside_the_part_is_noticed(cloud, film, opened):
    cloud.faults = [Change(lambda body: body[:500] + body[501:])] * 9
    assert error_of(opened(cloud), film[0]).code == "wrong-length"


def test_two_parts_where_one_was_asked_for_are_refused(cloud, film, opened):
    other = samples.bytes_of(film[1])

    def doubled(body):
        start, end = body.index(b"--"), body.rindex(b"\r\n--")
        boundary = body[start + 2 : body.index(b"\r\n", start)]
        return body[:end] + b"\r\n--" + boundary + b"\r\n\r\n" + other + body[end:]

    cloud.faults = [Change(doubled)]
    error = error_of(opened(cloud), film[0])
    assert (error.code, len(cloud.sent)) == ("bad-multipart", 1)


# --- refusals in the middle of a series


def test_a_sign_in_that_ends_in_the_middle_of_a_series_is_said_and_not_asked_again(cloud, film, opened):
    web = opened(cloud)
    cloud.faults = [None, None, Refuse(401, (("WWW-Authenticate", "Bearer"),))]
    fetch(web, film[0])
    fetch(web, film[1])
    error = error_of(web, film[2], ServerRefused)
    assert (error.code, error.challenge, len(cloud.sent)) == ("sign-in-needed", "Bearer", 3)
    assert fetch(web, film[2]) == samples.bytes_of(film[2])  # with a new sign-in the rest can follow


@pytest.mark.parametrize(
    ("status", "code"), [(400, "bad-request"), (403, "not-permitted"), (404, "not-found"), (410, "not-found")]
)
def test_one_instance_that_is_refused_is_asked_for_once_and_the_rest_loads(cloud, film, opened, status, code):
    web = opened(cloud)
    fetch(web, film[1])
    cloud.faults, cloud.sent = [Refuse(status)], []
    assert error_of(web, film[0], ServerRefused).code == code
    assert len(cloud.sent) == 1
    assert [fetch(web, one) for one in film[1:]] == [samples.bytes_of(one) for one in film[1:]]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_archive_is_given_the_time_it_asks_for(cloud, film, opened, status):
    cloud.faults = [Refuse(status, (("Retry-After", "1"),))]
    began = time.monotonic()
    assert fetch(opened(cloud), film[0]) == samples.bytes_of(film[0])
    assert time.monotonic() - began >= 1.0


def test_an_archive_that_stays_busy_is_said_with_its_own_figure(cloud, film, opened):
    cloud.faults = [Refuse(503, (("Retry-After", "7"),))] * 9
    error = error_of(opened(cloud, Retries(base_s=0.001, cap_s=0.01)), film[0], ServerRefused)
    assert (error.code, error.params["seconds"], len(cloud.sent)) == ("busy", 7.0, 4)


# --- something else with status 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html; charset=utf-8", b"<html>Please sign in to the hospital network</html>"),
        ("application/pdf", b"%PDF-1.7\n"),
        ("application/json", b"{}"),
        ("application/dicom", b"<html>not what the header says</html>"),
        ("application/dicom", b""),
        ("", b"DICM"),
    ],
)
def test_a_page_a_report_or_anything_else_is_no_film(cloud, film, opened, content_type, body):
    cloud.faults = [Replace(content_type, body)]
    error = error_of(opened(cloud), film[0])
    assert (error.code, len(cloud.sent)) == ("not-dicom-answer", 1)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" + bytes(500), b"<html>" + bytes(500), bytes(50)])
def test_a_whole_multipart_answer_that_holds_no_dicom_file_is_refused(cloud, film, opened, content):
    cloud.faults = [InsteadOf(content)]
    assert error_of(opened(cloud), film[0]).code == "not-dicom-answer"


def test_a_part_that_calls_itself_something_else_is_refused(cloud, film, opened):
    cloud.faults = [Change(lambda body: body.replace(b"application/dicom;", b"application/other;", 1))]
    error = error_of(opened(cloud), film[0])
    assert (error.code, error.params) == ("not-dicom-answer", {"content_type": "application/other"})


def test_one_instance_as_a_single_body_is_taken_too(cloud, film, opened):
    cloud.faults = [Replace("application/dicom", samples.bytes_of(film[0]))]
    assert fetch(opened(cloud), film[0]) == samples.bytes_of(film[0])


# --- another object


@pytest.mark.parametrize("other", ["another patient's", "another series'", "the next"])
def test_another_instance_than_the_one_asked_for_is_refused(cloud, film, opened, other):
    wrong = {
        "another patient's": small(1, patient_id="7002", name="Li^Si", entropy="b")[0],
        "another series'": small(1, entropy="c")[0],
        "the next": film[1],
    }[other]
    cloud.faults = [InsteadOf(samples.bytes_of(wrong))]
    error = error_of(opened(cloud), film[0], IdentityError)
    assert (error.code, error.params, len(cloud.sent)) == ("wrong-instance", {}, 1)


def test_a_file_that_does_not_say_whose_it_is_is_left_to_the_reader_of_data_sets(cloud, film, opened):
    file = samples.bytes_of(film[0])
    at = file.index(struct.pack("<HH", 2, 3) + b"UI")
    length = struct.unpack_from("<H", file, at + 6)[0]
    anonymous = file[:at] + file[at + 8 + length :]
    cloud.faults = [InsteadOf(anonymous)]
    assert fetch(opened(cloud), film[0]) == anonymous


def test_a_file_that_was_cut_before_it_was_wrapped_is_whole_as_far_as_transport_goes(cloud, film, opened):
    # its pixels are too few: only the reader of data sets can know, and does
    file = samples.bytes_of(film[0])[:-50]
    cloud.faults = [InsteadOf(file)]
    assert fetch(opened(cloud), film[0]) == file


def test_a_file_cut_inside_its_first_page_says_nothing_of_itself(cloud, film, opened):
    for keep in (133, 140, 146, 150):
        cloud.faults = [InsteadOf(samples.bytes_of(film[0])[:keep])]
        assert len(fetch(opened(cloud), film[0])) == keep


# --- lists and metadata


@pytest.mark.parametrize(
    "body",
    [b"", b"[", b'{"errors": "no"}', b"[1]", b"[" * 100_000, b"<html>", b"\xff\xfe"],
)
def test_metadata_that_is_no_list_of_data_sets_is_refused(cloud, film, opened, body):
    cloud.where, cloud.faults = "/metadata", [Replace("application/dicom+json", body)]
    with pytest.raises(TransferError) as caught:
        opened(cloud).study_metadata(film[0].StudyInstanceUID)
    assert caught.value.code == "not-dicom-answer"


def test_a_portals_page_instead_of_metadata_is_refused(cloud, film, opened):
    cloud.where, cloud.faults = "/metadata", [Replace("text/html", b"[]")]
    with pytest.raises(TransferError) as caught:
        opened(cloud).study_metadata(film[0].StudyInstanceUID)
    assert caught.value.params == {"content_type": "text/html"}


@pytest.mark.parametrize(("status", "headers"), [(206, ()), (200, (("Warning", '299 - "there are more"'),))])
def test_metadata_that_says_it_is_not_all_is_marked(cloud, film, opened, status, headers):
    from dataclasses import replace

    class Partial:
        def on_answer(self, handler, answer):
            return replace(answer, status=status, headers=headers)

    web = opened(cloud)
    cloud.where, cloud.faults = "/metadata", [Partial()]
    uids = film[0].StudyInstanceUID, film[0].SeriesInstanceUID
    assert web.series_metadata(*uids).is_whole is False
    assert web.series_metadata(*uids).is_whole is True


def test_metadata_cut_in_the_middle_is_never_a_shorter_list(cloud, film, opened):
    web = opened(cloud, Retries(tries=0))
    whole = web.study_metadata(film[0].StudyInstanceUID)
    cloud.where, refused = "/metadata", 0
    for at in range(10, 3000, 170):
        cloud.faults = [Cut(at)]
        try:
            assert web.study_metadata(film[0].StudyInstanceUID) == whole
        except (TransferError, ConnectionFailed):
            refused += 1
    assert refused > 6
