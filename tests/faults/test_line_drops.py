"""A line that drops in the middle of a series: what is missing is fetched again, nothing else, and nothing is wrong."""

from __future__ import annotations

import hashlib
import random
import time
from collections import deque
from dataclasses import dataclass, field

import pytest

from tests import samples
from tests.faults.relay import Relay
from tests.faults.test_transfer_faults import small
from workstation.archive.breaker import Circuit
from workstation.archive.cloud import CloudFilm
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.holding import Budget
from workstation.archive.line import Line as SharedLine
from workstation.archive.loader import FilmLoader
from workstation.archive.retries import Retries
from workstation.demo.cloud import DemoCloud
from workstation.reference import Secret
from workstation.settings import Settings
from workstation.tasks import CancelToken

COUNT = 120
QUICK = Retries(base_s=0.0005, cap_s=0.01)
CIRCUIT = Circuit(first_wait_s=0.01, longest_wait_s=0.05)


@pytest.fixture(scope="module")
def series():
    """120 slices of 64 x 64 pixels: the least that is a series to the rule of five percent."""
    made = small(COUNT)
    for number, one in enumerate(made):
        one.Rows, one.Columns = 64, 64
        one.PixelData = random.Random(number).randbytes(64 * 64 * 2)
    return made


@pytest.fixture(scope="module")
def cloud(series, tmp_path_factory):
    running = DemoCloud(samples.write(tmp_path_factory.mktemp("series"), series))
    yield running
    running.close()


@pytest.fixture
def relay(cloud):
    made = Relay(cloud.port)
    yield made
    made.close()


@dataclass
class Line:
    """A film over the relay: its listing, and loads of it."""

    cloud: DemoCloud
    relay: Relay
    pool: object
    uid: str
    sums: dict = field(default_factory=dict)

    def __post_init__(self):
        self.connection = Connection(Settings(), lambda name: None, None, QUICK, CIRCUIT)
        root = f"http://127.0.0.1:{self.relay.port}/dicom-web"
        bearer = {"Authorization": Secret(f"Bearer {self.cloud.shares.station_token}")}
        self.film = CloudFilm(DicomWeb(self.connection, root, bearer), self.uid, "DEMO")
        self.listing = self.film.listing(CancelToken(), lambda *_: None)

    def load(self, until=lambda loader, got: False):
        """Load the film; gives the sums of what came, and what was refused and never came."""
        posted, got, refused, ended = deque(), {}, {}, []
        loader = FilmLoader(self.film, self.listing, self.pool, posted.append, line=SharedLine(4), budget=Budget(1, 1))

        def take(one):
            got[one.instance.sop_instance_uid] = hashlib.sha256(one.data).hexdigest()
            refused.pop(one.instance.sop_instance_uid, None)

        loader.received.connect(take)
        loader.refused.connect(lambda asked, error: refused.update({asked.sop_instance_uid: error.code}))
        loader.finished.connect(lambda: ended.append(1))
        loader.start()
        try:
            while not ended and not until(loader, got):
                if posted:
                    posted.popleft()()
                else:
                    time.sleep(0.001)
        finally:
            loader.close()
        return got, refused


@pytest.fixture
def line(cloud, relay, series, worker_pool):
    made = Line(cloud, relay, worker_pool, series[0].StudyInstanceUID)
    yield made
    made.connection.close()


def cut_loads(line, series, cuts, seed, *, takes_all):
    """Load the series, the line cut at random bytes, `cuts` times in each load; gives the shares fetched twice."""
    sums = {one.SOPInstanceUID: hashlib.sha256(samples.bytes_of(one)).hexdigest() for one in series}
    relay, rng, twice = line.relay, random.Random(seed), []
    before, relay.takes_all = relay.carried, takes_all
    assert line.load() == (sums, {})
    whole = relay.carried - before
    for count in cuts:
        before, done = relay.carried, relay.cuts
        relay.cuts_at = sorted(before + place for place in rng.sample(range(1, whole), count))
        got, refused = line.load()
        assert (got == sums, refused, relay.cuts - done) == (True, {}, count)
        twice.append((relay.carried - before) / whole - 1)
    return twice


def test_a_line_cut_anywhere_in_a_series_costs_what_was_on_its_way_and_no_pixel(line, series):
    """18 cuts: a middle box drops one connection, or the line all of them."""
    twice = cut_loads(line, series, [5, 5, 5], 7010, takes_all=False)
    twice += cut_loads(line, series, [1] * 3, 7011, takes_all=True)
    assert max(twice) <= 0.05


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_thousand_cuts(line, series):
    twice = cut_loads(line, series, [5] * 160, 7012, takes_all=False)
    twice += cut_loads(line, series, [1] * 200, 7013, takes_all=True)
    print(f"1000 cuts in {len(twice)} loads; fetched twice: mean {sum(twice) / len(twice):.2%}, most {max(twice):.2%}")
    assert max(twice) <= 0.05


def test_a_line_that_is_gone_for_a_while_is_waited_for_and_nothing_is_refused(line, series, relay):
    """The cable is pulled in the middle: some forty requests later it is back."""
    state = {"down_at": 0, "opened": 0}

    def watch(loader, got):
        if len(got) == 40 and not state["down_at"]:
            state["down_at"] = 1
            state["opened"] = relay.opened
            relay.is_down = True
            relay.cut()
        if relay.is_down and relay.opened - state["opened"] >= 12:
            relay.is_down = False
        return False

    got, refused = line.load(watch)
    assert len(got) == COUNT
    assert refused == {}
