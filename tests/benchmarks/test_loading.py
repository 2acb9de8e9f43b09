"""A series of 300 slices of half a megabyte from the cloud, through its proxy and TLS."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pytest
import urllib3

from tests.benchmarks.conftest import ROOT
from tests.benchmarks.shown import ct_values
from tests.phantoms import CT_STUDY, SERIES, ct_slice, sop, write_study
from tests.ui.watch import Heartbeat
from workstation.app import Station, Workstation
from workstation.film.links import understand
from workstation.reference import Secret, Source
from workstation.settings import ProxySettings, Settings, TlsSettings
from workstation.station.vault import Vault
from workstation.tasks import CancelToken

COUNT, CONNECTIONS = 300, 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """300 slices of 512 by 512, 0.5 MB each."""
    slices = []
    for number in range(1, COUNT + 1):
        made = ct_slice(number, shape=(512, 512), step_mm=1.0)
        made.PixelData = ct_values(seed=number).tobytes()
        slices.append(made)
    return write_study(tmp_path_factory.mktemp("cloud"), slices)


class Cloud:
    """The cloud's process, and the way to it."""

    def __init__(self, folder) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.cloud_process", str(folder)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        self.told = json.loads(self.process.stdout.readline())
        told = self.told
        hosts = ("127.0.0.1", f"127.0.0.1:{told['port']}")
        self.settings = Settings(
            proxy=ProxySettings(url=told["proxy"], user=told["user"], secret="bench-proxy"),
            tls=TlsSettings(ca=told["authority"]),
            sources=(Source(name="BENCH", root=told["root"], link_hosts=hosts, issuer="DEMO", secret="bench-cloud"),),
        )

    def station(self) -> Station:
        vault = Vault()
        vault.remember("bench-proxy", Secret(self.told["password"]), keep=False)
        vault.remember("bench-cloud", Secret(self.told["station"]), keep=False)
        return Station(self.settings, vault)

    def share(self) -> str:
        self.process.stdin.write(f"{CT_STUDY}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def bare(self) -> urllib3.ProxyManager:
        """urllib3 through the same proxy, with as many connections."""
        told = self.told
        headers = urllib3.make_headers(proxy_basic_auth=f"{told['user']}:{told['password']}")
        return urllib3.ProxyManager(told["proxy"], proxy_headers=headers, ca_certs=told["authority"],
                                    maxsize=CONNECTIONS, block=True)  # fmt: skip

    def url(self, number: int) -> str:
        return f"{self.told['root']}/studies/{CT_STUDY}/series/{SERIES}/instances/{sop(number)}"

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def cloud(folder):
    made = Cloud(folder)
    yield made
    made.close()


def load(cloud, station) -> tuple[float, float]:
    """Seconds from the link to the first decoded frame, and to the last instance; no window."""
    posted: queue.Queue = queue.Queue()
    link = cloud.share()
    began = time.perf_counter()
    reference = understand(link, station.settings.sources).reference
    opened = station.opening().open(reference, "", CancelToken(), lambda patient, study: None, at_once=True)
    loader = station.load(opened.listing, opened.source, posted.put)
    first, over = [], threading.Event()
    loader.arrived.connect(lambda key: first.append(time.perf_counter() - began))
    loader.finished.connect(over.set)
    from workstation.viewing.display_sets import display_sets_of

    loader.want([display_sets_of(opened.listing.instances)[0].frames[-1].key])
    loader.start()

    def list_the_rest() -> None:
        found = opened.ask(CancelToken())
        posted.put(lambda: loader.extend(found.listing, found.source))

    behind = threading.Thread(target=list_the_rest)
    behind.start()
    while not (over.is_set() and first):
        posted.get(timeout=60)()
    whole = time.perf_counter() - began
    behind.join()
    assert loader.progress().done == COUNT
    loader.close()
    return first[0], whole


def count_bytes(cloud) -> float:
    """Seconds in which four threads of plain urllib3 fetch and count the same 300 instances."""
    manager = cloud.bare()
    headers = {"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*',
               "Authorization": f"Bearer {cloud.told['station']}"}  # fmt: skip

    def fetch(number: int) -> int:
        answer = manager.request("GET", cloud.url(number), headers=headers, preload_content=False)
        count = sum(len(piece) for piece in answer.stream(1 << 16))
        answer.release_conn()
        assert answer.status == 200
        return count

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        total = sum(threads.map(fetch, range(1, COUNT + 1)))
    took = time.perf_counter() - began
    assert total > COUNT * 512 * 1024
    manager.clear()
    return took


def fetch_one(cloud) -> float:
    """Seconds for the same questions asked bare, on one connection: whose study, its series, one of it, and that."""
    manager = cloud.bare()
    sign_in = {"Authorization": f"Bearer {cloud.told['station']}"}
    json_type, file_type = "application/dicom+json", 'multipart/related; type="application/dicom"; transfer-syntax=*'
    study = f"{cloud.told['root']}/studies/{CT_STUDY}"
    began = time.perf_counter()
    for url, accept in (
        (f"{cloud.told['root']}/studies?StudyInstanceUID={CT_STUDY}", json_type),
        (f"{study}/series", json_type),
        (f"{study}/series/{SERIES}/instances?limit=1&offset={COUNT // 2}", json_type),
        (cloud.url(COUNT // 2), file_type),
    ):
        answer = manager.request("GET", url, headers={"Accept": accept, **sign_in})
        assert answer.status == 200
        assert answer.data
    took = time.perf_counter() - began
    manager.clear()
    return took


def test_fetch_300(pair, benchmark, cloud):
    station = cloud.station()
    load(cloud, station)
    taken: list[tuple[float, float]] = []
    bare: list[float] = []
    single: list[float] = []

    def floor():
        bare.append(count_bytes(cloud))
        single.append(fetch_one(cloud))
        station.connection.close()  # every load begins without a connection

    benchmark.pedantic(lambda: taken.append(load(cloud, station)), setup=floor, rounds=3, iterations=1)
    station.close()
    megabytes = COUNT * 512 * 1024 / 1e6
    pair.keep("fetch_300", median(whole for _, whole in taken), median(bare), megabytes=megabytes)
    pair.keep("first_image", median(first for first, _ in taken), median(single))


def test_stalls_while_300_slices_load(pair, benchmark, cloud, qapp):
    """A whole window: the longest time in which the event loop could not answer, and how long closing takes."""
    silent, closing, closing_midway = [], [], []

    def until(condition):
        ends = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < ends
            qapp.processEvents()
            time.sleep(0.0005)

    def once():
        workstation = Workstation(qapp, cloud.station(), language="en")
        desk = workstation.new_desk()
        desk.window.resize(1600, 1000)
        desk.window.show()
        until(lambda: desk.window.isVisible())
        beat = Heartbeat()
        desk.open_text(cloud.share(), "")
        until(lambda: desk.is_settled and desk.session.films.value)
        silent.append(beat.stop())
        closing.append(timed(desk.close_film))
        desk.open_text(cloud.share(), "")
        until(lambda: desk.session.films.value and desk.session.films.value[0].totals[0] > 40)
        closing_midway.append(timed(desk.close_film))
        desk.window.close()
        workstation.close()
        desk.window.deleteLater()
        qapp.processEvents()

    benchmark.pedantic(once, rounds=3, iterations=1)
    pair.note(f"300 slices in a window: longest silence of the event loop {1e3 * median(silent):.0f} ms "
              f"(of 3: {', '.join(f'{1e3 * one:.0f}' for one in silent)}); closing the film "
              f"{1e3 * median(closing):.0f} ms, amid loading {1e3 * median(closing_midway):.0f} ms")  # fmt: skip


def timed(call) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
