"""Answers that are legal and odd, or look right and are not: the right image, or none, and the doctor knows."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from tests.archive.scripted import raw_server
from tests.faults.cloud import Change, FaultyCloud, Refuse
from tests.phantoms import CT_STUDY, SERIES, ct_slice, ct_stack, part10, sop, write_study
from workstation.archive.answers import Answers
from workstation.archive.cloud import CloudFilm
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.errors import TransferError, WorkstationError
from workstation.reference import Secret
from workstation.settings import Settings
from workstation.tasks import CancelToken

COUNT = 4


class Altered:
    """The right answer with other headers, status or packing."""

    def __init__(self, change):
        self.on_answer = lambda handler, answer: change(answer)


@pytest.fixture
def opened(tmp_path):
    cloud = FaultyCloud(write_study(tmp_path, ct_stack(COUNT)))
    connection = Connection(Settings(), lambda name: None, None, Retries(tries=1, base_s=0.001))
    web = DicomWeb(connection, cloud.root, {"Authorization": Secret(f"Bearer {cloud.shares.station_token}")})
    yield cloud, CloudFilm(web, CT_STUDY, "DEMO")
    connection.close()
    cloud.close()


def listed(film):
    return film.listing(CancelToken(), lambda *_: None)


def obtain(film, listing, number):
    asked = next(one for one in listing.instances if one.instance_number == number)
    return film.obtain(asked, listing.patient, CancelToken(), lambda _: None)


@pytest.mark.parametrize(
    ("change", "is_whole"),
    [
        (lambda answer: replace(answer, status=206), False),
        (lambda answer: replace(answer, headers=(("Warning", '299 pacs: "there are 70 more"'),)), False),
        (lambda answer: replace(answer, headers=(("Warning", '110 - "stale"'),)), True),
        (lambda answer: answer, True),
    ],
    ids=["206", "warning 299", "another warning", "plain"],
)
def test_a_list_that_the_archive_calls_incomplete_is_known_to_be_so_after_a_restart_too(opened, change, is_whole):
    cloud, film = opened
    cloud.where, cloud.faults = "/metadata", [Altered(change)]
    assert listed(film).is_whole is is_whole
    kept = Answers.from_bytes(film.answers.to_bytes())
    assert kept.listing(CT_STUDY, "DEMO").is_whole is is_whole


def test_pixels_that_come_compressed_though_that_was_not_asked_for_are_the_pixels(opened):
    cloud, film = opened
    listing = listed(film)

    def packed(answer):
        body = gzip.compress(b"".join(answer.pieces))
        return replace(answer, pieces=iter([body]), length=len(body), headers=(("Content-Encoding", "gzip"),))

    cloud.faults = [Altered(packed)]
    assert obtain(film, listing, 2).data == part10(ct_slice(2))


def test_a_compressed_body_that_is_cut_is_never_an_image(opened):
    cloud, film = opened
    listing = listed(film)

    def cut(answer):
        body = gzip.compress(b"".join(answer.pieces))[: -len(part10(ct_slice(2))) // 20]
        return replace(answer, pieces=iter([body]), length=len(body), headers=(("Content-Encoding", "gzip"),))

    cloud.faults = [Altered(cut)] * 9
    with pytest.raises(TransferError):
        obtain(film, listing, 2)


def test_parts_whose_bodies_were_swapped_are_each_refused_or_right(opened):
    """Right count, right headers, mixed up between the parts: what a part holds says what it is, not its place."""
    cloud, film = opened
    listing = listed(film)
    bodies = [part10(ct_slice(number)) for number in (2, 1, 4, 3)]
    places = [f"/studies/{CT_STUDY}/series/{SERIES}/instances/{sop(number)}" for number in (1, 2, 3, 4)]
    whole = b"".join(
        f"--b\r\nContent-Type: application/dicom\r\nContent-Location: {place}\r\n\r\n".encode() + body + b"\r\n"
        for place, body in zip(places, bodies, strict=True)
    )

    def mixed(answer):
        body = whole + b"--b--"
        kind = 'multipart/related; type="application/dicom"; boundary=b'
        return replace(answer, content_type=kind, pieces=iter([body]), length=len(body))

    class Service:
        def __call__(self, path):
            path = path.partition("?")[0]
            if path.endswith(f"/series/{SERIES}"):
                return Altered(mixed)
            return Refuse(501) if f"/instances/{sop(1)[:4]}" in path else None

    cloud.next_fault = Service()
    for number in range(1, COUNT + 1):
        assert obtain(film, listing, number).data == part10(ct_slice(number))


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.2"])
def test_a_file_that_claims_another_transfer_syntax_than_it_has_is_refused_or_read_as_it_is(opened, syntax):
    cloud, film = opened
    listing = listed(film)
    own = b"1.2.840.10008.1.2.1\x00"
    claimed = syntax.encode() + b"\x00" * (len(syntax) % 2)

    def lying(body):
        at = body.index(own)
        length = (len(claimed)).to_bytes(2, "little")
        return body[: at - 2] + length + claimed + body[at + len(own) :]

    file = part10(ct_slice(2))
    lied = lying(file)

    def other(body):
        return body.replace(file, lied).replace(
            f"Content-Length: {len(file)}".encode(), f"Content-Length: {len(lied)}".encode()
        )

    cloud.faults = [Change(other)]
    if syntax == "1.2.840.10008.1.2":  # the two differ in how elements are written alone, and that is seen
        assert bytes(obtain(film, listing, 2).part10.encoded_frame(1)) == ct_slice(2).PixelData
        return
    with pytest.raises(WorkstationError):
        obtain(film, listing, 2)


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
def test_an_old_server_that_closes_after_each_answer_gives_the_images_and_a_cut_one_none(version):
    """No lengths, no chunks: the end of the connection is the end of the body, and the closing delimiter proves it."""
    file = part10(ct_slice(2))
    body = b"--b\r\nContent-Type: application/dicom\r\n\r\n" + file + b"\r\n--b--\r\n"
    kind = b'Content-Type: multipart/related; type="application/dicom"; boundary=b'
    head = version + b" 200 OK\r\n" + kind + b"\r\nConnection: close\r\n\r\n"
    sent = [head + body, head + body[:-8], head + body[:3000]]

    def talk(connection):
        connection.recv(65536)
        connection.sendall(sent[0])

    with raw_server(talk) as port:
        connection = Connection(Settings(), lambda name: None, None, Retries(tries=0))
        web = DicomWeb(connection, f"http://127.0.0.1:{port}/dicom-web")
        for _ in range(3):
            assert web.instance(CT_STUDY, SERIES, sop(2), token=CancelToken()) == file
        for _ in range(2):
            sent.pop(0)
            with pytest.raises(TransferError) as caught:
                web.instance(CT_STUDY, SERIES, sop(2), token=CancelToken())
            assert caught.value.code == "no-closing-delimiter"
        connection.close()
