"""The loader: the wished-for first, everything once, nothing after it is called off."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.dicom.test_rejection import note
from tests.phantoms import SERIES, ct_stack, part10, sop
from workstation.archive.holding import Budget
from workstation.archive.intake import take_in
from workstation.archive.line import Line
from workstation.archive.loader import FilmLoader
from workstation.archive.sources import Listing
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.pixels import FrameKey
from workstation.dicom.study import instance_of
from workstation.errors import DecodeError, IdentityError

STUDY = "2.25.7001001"


def key(number):
    return FrameKey(STUDY, SERIES, sop(number), 1)


class Desk:
    """A main thread for one test: runs what is posted until something is so."""

    def __init__(self):
        self.posted = deque()

    def post(self, call):
        self.posted.append(call)

    def until(self, condition, seconds=8.0):
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, "it did not happen in time"
            while self.posted:
                self.posted.popleft()()
            time.sleep(0.001)


class Shelf:
    """A film source with a gate: instances are handed out when the gate lets them."""

    def __init__(self, count=9, gated=False):
        self.datasets = ct_stack(count)
        self.instances = tuple(instance_of(DatasetAttributes(one)) for one in self.datasets)
        self.bytes = {one.SOPInstanceUID: part10(one) for one in self.datasets}
        self.asked = []
        self.errors = {}
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.gate = threading.Semaphore(0 if gated else 10_000)
        self.closed = False
        self.rendered = None
        self.spares = 0

    @property
    def listing(self):
        return Listing("shelf", self.instances[0].patient, self.instances)

    def obtain(self, asked, patient, token, received):
        with self.lock:
            self.asked.append(asked.instance_number)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            while not self.gate.acquire(timeout=0.01):
                token.raise_if_cancelled()
            if asked.instance_number in self.errors:
                raise self.errors[asked.instance_number]
            data = self.bytes[asked.sop_instance_uid]
            received(len(data))
            return take_in(data, asked, patient)
        finally:
            with self.lock:
                self.at_once -= 1

    is_local = False

    def spare(self, token):
        self.spares += 1

    def thumbnail(self, asked, token):
        return self.rendered

    def server(self):
        return None

    def tally(self):
        return None

    def try_now(self):
        self.tried_now = True

    def close(self):
        self.closed = True


@pytest.fixture
def made(worker_pool):
    loaders = []

    def make(shelf, connections=4, film=10**9, frames=10**9):
        desk = Desk()
        loader = FilmLoader(
            shelf, shelf.listing, worker_pool, desk.post, line=Line(connections), budget=Budget(film, frames)
        )
        loaders.append(loader)
        return loader, desk

    yield make
    for loader in loaders:
        loader.close()


def test_every_instance_comes_once_and_the_end_is_told_once(made):
    shelf = Shelf(12)
    loader, desk = made(shelf)
    got, ended = [], []
    loader.received.connect(lambda one: got.append(one.instance.instance_number))
    loader.finished.connect(lambda: ended.append(1))
    loader.start()
    desk.until(lambda: ended)
    assert sorted(got) == list(range(1, 13)) == sorted(shelf.asked)
    assert ended == [1]
    assert loader.progress().done == loader.progress().total == 12
    assert loader.progress().received_bytes == sum(map(len, shelf.bytes.values()))


def test_the_first_image_is_fetched_alone_then_four_together(made):
    shelf = Shelf(9, gated=True)
    loader, desk = made(shelf)
    loader.want([key(5)])
    loader.start()
    desk.until(lambda: shelf.asked)
    time.sleep(0.1)
    assert shelf.asked == [5]
    shelf.gate.release()
    desk.until(lambda: len(shelf.asked) == 5)
    time.sleep(0.05)
    assert shelf.most_at_once == 4
    shelf.gate.release(100)
    desk.until(lambda: len(shelf.asked) == 9)


def test_what_is_scrolled_to_jumps_the_queue(made):
    shelf = Shelf(9, gated=True)
    loader, desk = made(shelf, connections=1)
    loader.start()
    desk.until(lambda: shelf.asked == [1])
    loader.want([key(8), key(7)])
    shelf.gate.release(100)
    desk.until(lambda: len(shelf.asked) == 9)
    assert shelf.asked == [1, 8, 7, 2, 3, 4, 5, 6, 9]


def test_an_order_is_kept_for_what_still_waits(made):
    shelf = Shelf(5)
    loader, desk = made(shelf, connections=1)
    loader.order([sop(n) for n in (3, 2, 4)])
    loader.start()
    desk.until(lambda: len(shelf.asked) == 5)
    assert shelf.asked == [3, 2, 4, 1, 5]


def test_a_wished_frame_is_decoded_with_its_own_header(made):
    loader, desk = made(Shelf(5))
    arrived = []
    loader.arrived.connect(arrived.append)
    assert loader.get(key(4)) is None
    loader.want([key(4), key(3)])
    loader.start()
    desk.until(lambda: {key(4), key(3)} <= set(arrived))
    shown = loader.get(key(4))
    assert shown.instance.instance_number == 4
    assert shown.frame.key == key(4)
    assert shown.frame.values[0, 0] == -200 + 4


def test_a_refused_instance_is_told_with_its_reason_and_the_rest_comes(made):
    shelf = Shelf(5)
    shelf.errors[2] = IdentityError("wrong-patient")
    loader, desk = made(shelf)
    refused, arrived, ended = [], [], []
    loader.refused.connect(lambda asked, error: refused.append((asked.instance_number, error.code)))
    loader.arrived.connect(arrived.append)
    loader.finished.connect(lambda: ended.append(1))
    loader.want([key(2)])
    loader.start()
    desk.until(lambda: ended)
    assert refused == [(2, "wrong-patient")]
    assert loader.problem(key(2)).code == "wrong-patient"
    assert loader.get(key(2)) is None
    assert key(2) in arrived
    assert shelf.asked.count(2) == 1


def test_cancelling_stops_and_keeps_what_came(made):
    shelf = Shelf(9, gated=True)
    loader, desk = made(shelf, connections=1)
    got = []
    loader.received.connect(lambda one: got.append(one.instance.instance_number))
    loader.start()
    shelf.gate.release(2)
    desk.until(lambda: len(got) == 2)
    loader.cancel()
    shelf.gate.release(100)
    time.sleep(0.1)
    assert len(shelf.asked) <= 3
    assert len(got) == 2


def test_closing_closes_the_source(made):
    shelf = Shelf(2)
    loader, _desk = made(shelf)
    loader.start()
    loader.close()
    assert shelf.closed


def test_memory_is_bounded_and_what_was_dropped_is_fetched_again(made):
    shelf = Shelf(9)
    size = len(next(iter(shelf.bytes.values())))
    loader, desk = made(shelf, connections=1, film=3 * size, frames=2 * 96 * 128 * 2)
    ended, arrived = [], []
    loader.finished.connect(lambda: ended.append(1))
    loader.arrived.connect(arrived.append)
    loader.start()
    desk.until(lambda: ended)
    loader.want([key(1)])
    desk.until(lambda: key(1) in arrived)
    assert shelf.asked.count(1) == 2
    for number in (9, 8, 7):
        loader.want([key(number)])
        desk.until(lambda n=number: key(n) in arrived)
    held = [n for n in range(1, 10) if loader.get(key(n)) is not None]
    assert len(held) == 2
    assert ended == [1]


def test_an_undecodable_frame_is_told_and_not_tried_again(made, monkeypatch):
    from workstation.archive.intake import Received

    def fail(self, frame, pool):
        raise DecodeError("decode-failed", reason="test")

    monkeypatch.setattr(Received, "shown", fail)
    loader, desk = made(Shelf(2))
    refused = []
    loader.refused.connect(lambda asked, error: refused.append(error.code))
    loader.want([key(1)])
    loader.start()
    desk.until(lambda: refused)
    loader.want([key(1)])
    desk.until(lambda: loader.progress().done == 2)
    assert refused == ["decode-failed"]
    assert loader.problem(key(1)).code == "decode-failed"


def test_thumbnails_are_decoded_when_they_come(made):
    loader, desk = made(Shelf(4))
    arrived = []
    loader.arrived.connect(arrived.append)
    loader.sketch([key(3)])
    loader.start()
    desk.until(lambda: key(3) in arrived)
    assert loader.get(key(3)) is not None


@pytest.mark.parametrize("form", [".png", ".jpg"])
def test_a_rendered_thumbnail_comes_before_the_image_and_never_as_a_frame(made, form):
    shelf = Shelf(4, gated=True)
    picture = np.dstack([np.full((20, 30), value, np.uint8) for value in (10, 120, 240)])  # blue, green, red
    shelf.rendered = cv2.imencode(form, picture)[1].tobytes()
    loader, desk = made(shelf, connections=1)
    sketched = []
    loader.sketched.connect(lambda key, image: sketched.append((key, image)))
    loader.sketch([key(3)])
    loader.start()
    time.sleep(0.1)
    assert sketched == []  # the image that is waited for comes first
    shelf.gate.release()
    desk.until(lambda: sketched)
    assert sketched[0][0] == key(3)
    assert sketched[0][1].shape == (20, 30, 3)
    assert np.abs(sketched[0][1][5, 5].astype(int) - (240, 120, 10)).max() <= 4
    assert loader.get(key(3)) is None
    shelf.gate.release(100)


@pytest.mark.parametrize("data", [b"<html>no</html>", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"\xff\xd8\xff\xe0", b""])
def test_a_thumbnail_that_is_no_picture_is_left_out(made, data):
    shelf = Shelf(2)
    shelf.rendered = data
    loader, desk = made(shelf)
    ended, sketched = [], []
    loader.finished.connect(lambda: ended.append(1))
    loader.sketched.connect(lambda key, image: sketched.append(key))
    loader.sketch([key(2)])
    loader.start()
    desk.until(lambda: ended)
    assert sketched == []


def test_a_thumbnail_larger_than_any_list_is_refused_before_it_is_decoded(worker_pool):
    huge = cv2.imencode(".png", np.zeros((3000, 3000), np.uint8))[1].tobytes()
    with pytest.raises(DecodeError):
        worker_pool.picture(huge)


def test_a_late_answer_of_a_closed_film_reaches_nobody(made):
    shelf = Shelf(3)
    loader, desk = made(shelf)
    told = []
    for signal in (loader.received, loader.progressed, loader.arrived, loader.refused):
        signal.connect(lambda *values: told.append(values))
    loader.want([key(1)])
    loader.start()
    ends = time.monotonic() + 5
    while len(desk.posted) < 3 and time.monotonic() < ends:
        time.sleep(0.01)
    loader.close()
    while desk.posted:
        desk.posted.popleft()()
    assert told == []


@pytest.mark.announces_warnings
def test_one_object_that_nobody_foresaw_is_refused_and_the_others_come(made, caplog):
    shelf = Shelf(9)
    shelf.errors[4] = RecursionError("Ouyang Xiaodong")
    loader, desk = made(shelf, connections=1)
    refused, ended = [], []
    loader.refused.connect(lambda asked, error: refused.append((asked.instance_number, error.code)))
    loader.finished.connect(lambda: ended.append(1))
    loader.start()
    desk.until(lambda: ended)
    assert refused == [(4, "damaged")]
    assert loader.progress().done == 9
    assert "RecursionError" in caplog.text
    assert "Ouyang" not in caplog.text


def test_one_uid_listed_in_two_series_is_never_shown_in_the_wrong_one(made):
    shelf = Shelf(3)
    twice = replace(shelf.instances[0], series=replace(shelf.instances[0].series, series_instance_uid="2.25.666"))
    shelf.instances = (twice, *shelf.instances)
    loader, desk = made(shelf)
    elsewhere = FrameKey(STUDY, "2.25.666", sop(1), 1)
    loader.want([elsewhere, key(1)])
    ended = []
    loader.finished.connect(lambda: ended.append(1))
    loader.start()
    desk.until(lambda: ended and loader.get(key(1)))
    assert loader.get(elsewhere) is None
    assert loader.problem(elsewhere).code == "wrong-series"


def test_progress_is_told_often_enough_to_be_seen_and_no_oftener_and_at_the_end(made):
    """A bar that is drawn at each of thousands of instances holds the window up."""
    loader, desk = made(Shelf(60))
    told, ended = [], []
    loader.progressed.connect(told.append)
    loader.finished.connect(lambda: ended.append(1))
    began = time.monotonic()
    loader.start()
    desk.until(lambda: ended)
    assert len(told) <= 2 + (time.monotonic() - began) / 0.1 * 1.1
    assert (told[-1].done, told[-1].total) == (60, 60)


def test_a_film_that_began_with_one_image_loads_the_rest_when_that_is_listed(made):
    shelf = Shelf(9)
    whole = shelf.listing
    shelf.instances, rest = shelf.instances[4:5], shelf.instances
    loader, desk = made(Began(shelf))
    got, ended = [], []
    loader.received.connect(lambda one: got.append(one.instance.instance_number))
    loader.finished.connect(lambda: ended.append(1))
    loader.want([key(5)])
    loader.start()
    desk.until(lambda: got)
    assert got == [5]
    assert not ended
    assert (loader.progress().done, loader.progress().total) == (1, 9)
    loader.extend(whole, shelf)
    loader.order([one.sop_instance_uid for one in reversed(rest)])
    desk.until(lambda: ended)
    assert sorted(got) == list(range(1, 10))
    assert loader.progress().total == 9
    assert shelf.asked.count(5) == 1


def test_a_beginning_whose_rest_does_not_come_ends(made):
    shelf = Shelf(9)
    shelf.instances = shelf.instances[4:5]
    loader, desk = made(Began(shelf))
    ended = []
    loader.finished.connect(lambda: ended.append(1))
    loader.start()
    desk.until(lambda: loader.progress().done == 1)
    assert not ended
    loader.end_waiting()
    assert ended == [1]


class Began:
    """A shelf whose listing is the beginning of a film of nine."""

    def __init__(self, shelf):
        self.listing = replace(shelf.listing, announced={SERIES: 9}, is_beginning=True)
        self.is_local, self.spare, self.tally = False, shelf.spare, shelf.tally
        self.obtain, self.thumbnail, self.close = shelf.obtain, shelf.thumbnail, shelf.close


def test_one_more_connection_is_opened_when_all_are_in_use(made):
    shelf = Shelf(9, gated=True)
    loader, desk = made(shelf)
    loader.start()
    desk.until(lambda: len(shelf.asked) == 4)
    shelf.gate.release(5)
    desk.until(lambda: shelf.spares >= 1)
    shelf.gate.release(100)
    desk.until(lambda: loader.progress().done == 9)
    assert shelf.spares == 2  # and one for when the line takes one more


def test_what_was_called_off_for_an_image_comes_later_and_once(made):
    """On a slow line: the transfer that makes room is begun anew, and nothing is missing at the end."""
    shelf = Shelf(9, gated=True)
    loader, desk = made(shelf, connections=2)
    got = []
    loader.received.connect(lambda one: got.append(one.instance.instance_number))
    loader.want([key(1)])
    loader.start()
    desk.until(lambda: shelf.asked == [1])
    shelf.gate.release()
    desk.until(lambda: len(shelf.asked) == 3)
    for _ in range(60):
        loader.line.observe(0.01, 0.6, 500_000)
    loader.want([key(9)])
    desk.until(lambda: 9 in shelf.asked and shelf.at_once == 1)
    shelf.gate.release(100)
    desk.until(lambda: len(got) == 9)
    assert sorted(got) == list(range(1, 10))
    assert len(shelf.asked) > 9


@pytest.mark.parametrize(("code", "said"), [("113037", "rejected-safety"), ("113038", "rejected-worklist")])
def test_an_image_that_the_hospital_withdrew_is_not_given_and_why_is_said(made, code, said):
    shelf = Shelf(3)
    withdrawn = note(sop(2), code=code)
    shelf.instances = (*shelf.instances, instance_of(DatasetAttributes(withdrawn)))
    shelf.bytes[withdrawn.SOPInstanceUID] = part10(withdrawn)
    loader, desk = made(shelf)
    ended = []
    loader.finished.connect(lambda: ended.append(1))
    loader.want([key(2), key(1)])
    loader.start()
    desk.until(lambda: ended and loader.get(key(1)) is not None)
    assert loader.get(key(2)) is None
    assert loader.problem(key(2)).code == said
    assert loader.problem(key(1)) is None


def test_an_image_that_turns_out_to_be_withdrawn_is_taken_off_the_glass(made):
    """The first image is shown before the whole listing is known."""
    shelf = Shelf(3)
    withdrawn = note(sop(2))
    shelf.bytes[withdrawn.SOPInstanceUID] = part10(withdrawn)
    whole = (*shelf.instances, instance_of(DatasetAttributes(withdrawn)))
    shelf.instances = shelf.instances[1:2]
    loader, desk = made(Began(shelf))
    arrived = []
    loader.arrived.connect(arrived.append)
    loader.want([key(2)])
    loader.start()
    desk.until(lambda: loader.get(key(2)) is not None)
    loader.extend(replace(Began(shelf).listing, instances=whole, is_beginning=False), shelf)
    assert loader.get(key(2)) is None
    assert loader.problem(key(2)).code == "rejected-safety"
    assert arrived.count(key(2)) == 2


def test_an_image_of_poor_quality_is_given(made):
    shelf = Shelf(3)
    poor = note(sop(2), code="113001")
    shelf.instances = (*shelf.instances, instance_of(DatasetAttributes(poor)))
    shelf.bytes[poor.SOPInstanceUID] = part10(poor)
    loader, desk = made(shelf)
    loader.want([key(2)])
    loader.start()
    desk.until(lambda: loader.get(key(2)) is not None)
