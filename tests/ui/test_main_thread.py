"""The main thread never waits for a file, the network or a decoder, whatever happens to a film."""

from __future__ import annotations

import io
import json
import os
import socket
import threading
import time

import pytest

from tests.phantoms import CT_STUDY, DX_STUDY, STRANGER_STUDY, ct_stack, write_study
from tests.ui.watch import Heartbeat, watching
from workstation import locations
from workstation.app import Station
from workstation.dicom.part10 import read_part10
from workstation.settings import Settings
from workstation.station.audit import Audit, verify
from workstation.workers.pool import WorkerPool


@pytest.mark.parametrize("act", [
    lambda place: place.read_bytes(),
    lambda place: place.write_text("x"),
    lambda place: place.exists(),
    lambda place: list(place.parent.iterdir()),
    lambda place: io.open(place).close(),  # noqa: UP020 - the other name of it
    lambda place: os.close(os.open(place, os.O_RDONLY)),
    lambda place: Audit(place.parent).record("x"),
])  # fmt: skip
def test_the_watch_sees_a_file_call_on_the_main_thread_and_tells_other_threads_apart(act, tmp_path, monkeypatch):
    place = tmp_path / "file"
    place.write_bytes(b"x")
    with watching(monkeypatch) as watch:
        act(place)
    assert watch.on_main
    with watching(monkeypatch) as watch:
        thread = threading.Thread(target=act, args=(place,))
        thread.start()
        thread.join()
    assert not watch.on_main
    assert watch.elsewhere


def test_the_watch_sees_the_network_and_the_decoders(monkeypatch, worker_pool):
    from workstation.archive import intake

    with watching(monkeypatch) as watch:
        left, right = socket.socketpair()
        with left, right:
            left.send(b"x")
            right.recv(1)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", 9), 0.2)
        for call in (intake.read_part10, lambda data: WorkerPool.decode(worker_pool, data)):
            with pytest.raises(Exception):  # noqa: B017 - that it was called is what counts
                call(b"no data set")
    seen = {what for what, _, _ in watch.on_main}
    assert seen >= {"socket.send", "socket.recv", "socket.connect", "read_part10", "WorkerPool.decode"}
    assert intake.read_part10 is read_part10  # and it is gone afterwards


def test_the_programs_own_resources_may_be_read(monkeypatch):
    with watching(monkeypatch) as watch:
        next((locations.resources() / "icons").iterdir()).read_bytes()
    assert not watch.on_main


def scroll_through(bench):
    for step in (1, 3, -6, 20):
        bench.session.active_viewport.scroll(step)
        bench.run(0.05)
    bench.until(bench.desk.is_painted)


def test_no_file_network_or_decode_call_runs_on_the_main_thread(make_bench, service, tmp_path, monkeypatch):
    folder = write_study(tmp_path / "disc", ct_stack(6))
    bad = folder / "IM00000_0"
    whole = bad.read_bytes()
    bench = make_bench()
    with watching(monkeypatch) as watch:
        bench.open()  # a share link, through the proxy and TLS
        scroll_through(bench)
        bench.window.trigger("layout.2x2")
        bench.until(bench.desk.is_painted)
        bench.window.trigger("desk.language")
        bench.window.trigger("picture.copy")
        bench.open(DX_STUDY)
        bench.enter(service.share(STRANGER_STUDY))
        bench.until(bench.window.question.isVisible)
        bench.window.question.no.click()
        fails_and_asks(bench, service)
        bench.desk.close_film()
        opens_a_folder_with_an_instance_that_turned_bad(bench, folder, bad, whole, monkeypatch)
        bench.desk.open_path(str(tmp_path / "nothing"))
        bench.until(lambda: bench.desk.last_error is not None)
        bench.enter(service.share(CT_STUDY))
        bench.desk.stop()
        bench.window.close()
        bench.close()
    assert {
        "read_part10",
        "decode_frame",
        "Connection.get",
        "Audit.record",
        "open",
        "SSLSocket.recv_into",
    } <= watch.elsewhere
    assert not watch.on_main, watch.told()


def fails_and_asks(bench, service):
    """An expired link, a passcode that is missing, wrong and right."""
    bench.enter(service.share(CT_STUDY, valid_s=-1))
    bench.until(lambda: bench.desk.last_error is not None)
    link = service.share(DX_STUDY, passcode="2468")
    bench.enter(link)
    bench.until(bench.window.door.passcode.isVisible)
    for passcode in ("1111", "2468"):
        bench.desk.open_text(link, passcode)
        bench.until(lambda: bench.desk.is_settled)


def opens_a_folder_with_an_instance_that_turned_bad(bench, folder, bad, whole, monkeypatch):
    from workstation.archive import media

    def spoil():
        bad.write_bytes(whole[:-300])

    original = media.MediaFilm.obtain

    def obtain(self, *arguments):
        if bad.stat().st_size == len(whole):
            spoil()  # on the thread that reads it
        return original(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(media.MediaFilm, "obtain", obtain)
        bench.desk.open_path(str(folder))
        bench.until(lambda: bench.window.is_reading and bench.desk.is_settled)
        assert bench.window.notice.isVisible()


def test_a_hundred_records_made_just_before_closing_are_all_there_in_their_order(monkeypatch):
    slow = Audit.record

    disk = threading.Event()

    def record(self, event, **fields):
        assert disk.wait(60)  # a disk that takes its time
        slow(self, event, **fields)

    monkeypatch.setattr(Audit, "record", record)
    station = Station(Settings())
    for number in range(100):
        station.record("open", count=number)
    disk.set()  # it answers after all of them were told: nobody waited for it
    station.close()
    lines = trail()
    assert [entry["count"] for entry in lines] == list(range(100))
    assert verify(locations.state_dir() / "audit.jsonl") == []


def trail():
    path = locations.state_dir() / "audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_heartbeat_notices_a_main_thread_that_stands_still(bench):
    beat = Heartbeat()
    bench.run(0.05)
    time.sleep(0.12)
    bench.run(0.02)
    assert beat.stop() >= 0.12
