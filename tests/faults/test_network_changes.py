"""The network changes under kept-alive connections: they are noticed as dead and replaced, and nobody is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests import samples
from tests.archive.scripted import OK, Scripted, ask
from tests.faults.relay import Relay
from tests.faults.test_transfer_faults import small
from workstation.archive import freshness
from workstation.archive.connection import Connection
from workstation.archive.retries import Retries
from workstation.demo.certificates import make_certificates
from workstation.demo.cloud import DemoCloud
from workstation.demo.proxy import DemoProxy
from workstation.reference import Secret
from workstation.settings import NetworkSettings, ProxySettings, Settings, TlsSettings

ROOT = Path(__file__).parents[2]
NETWORK = NetworkSettings(idle_timeout_s=60.0, connect_timeout_s=1.0)  # silence alone would take a minute


@pytest.fixture
def connect():
    made = []

    def connect(settings, **more):
        made.append(Connection(settings, {"proxy": Secret("pw")}.get, retries=Retries(tries=0), **more))
        return made[-1]

    yield connect
    for one in made:
        one.close()


@pytest.mark.parametrize("is_secure", [False, True])
def test_connections_that_a_middle_box_has_forgotten_are_replaced_within_seconds(
    connect, tmp_path, monkeypatch, is_secure
):
    """Four were kept alive; from now on everything sent on them is swallowed without a word."""
    monkeypatch.setattr(freshness, "_DOUBTFUL_S", 0.0)
    files = make_certificates(tmp_path)
    with Scripted((200, {}, b"x" * 50_000), certificate=files.server if is_secure else None) as server:
        relay = Relay(server.port)
        url = f"{'https' if is_secure else 'http'}://127.0.0.1:{relay.port}/"
        connection = connect(Settings(network=NETWORK, tls=TlsSettings(ca=str(files.authority))))
        threads = [threading.Thread(target=ask, args=(connection, url)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kept = relay.swallow()
        assert kept >= 1
        began = time.monotonic()
        assert ask(connection, url) == b"x" * 50_000
        took_s = time.monotonic() - began
        opened = relay.opened
        for _ in range(6):
            ask(connection, url)  # none of the other dead ones is tried
        assert relay.opened == opened
        relay.close()
    assert took_s < 30  # a minute and more, were they all waited for


def test_a_server_that_was_restarted_at_the_same_place_is_found_at_once(connect):
    first = Scripted(OK)
    connection, url = connect(Settings(network=NETWORK)), first.url
    assert ask(connection, url) == b"hello"
    port = first.port
    first.close()
    relay = None
    with Scripted(OK) as second:
        relay = _relay_at(port, second.port)
        assert ask(connection, url) == b"hello"
        relay.close()


def _relay_at(port, upstream):
    import socket

    made = Relay(upstream)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(16)
    old, made._listener = made._listener, listener
    old.shutdown(socket.SHUT_RDWR)
    old.close()
    made._start(made._accept)
    return made


def test_a_connection_that_was_idle_for_long_is_not_tried_at_all(connect, monkeypatch):
    monkeypatch.setattr(freshness, "_STALE_S", 0.0)
    with Scripted(OK) as server:
        relay = Relay(server.port)
        connection, url = connect(Settings(network=NETWORK)), f"http://127.0.0.1:{relay.port}/"
        ask(connection, url)
        time.sleep(0.01)  # older than nothing
        ask(connection, url)
        assert relay.opened == 2
        relay.close()


def test_the_system_watches_over_each_connection_too():
    """What was sent must be acknowledged, and a silent line is probed: the system's own defaults are two hours."""
    import socket

    options = {(level, name): value for level, name, value in freshness.socket_options()}
    assert options[(socket.SOL_SOCKET, socket.SO_KEEPALIVE)] == 1
    if sys.platform == "linux":
        probes = [
            options[(socket.IPPROTO_TCP, getattr(socket, f"TCP_KEEP{name}"))] for name in ("IDLE", "INTVL", "CNT")
        ]
        assert probes[0] + probes[1] * probes[2] <= 12
        assert options[(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)] == 10_000
    with Scripted(OK) as server:
        from workstation.archive.pools import Pools
        from workstation.archive.proxies import DIRECT
        from workstation.archive.targets import target_of

        pools = Pools(Settings(network=NETWORK), lambda name: None)
        target = target_of(server.url)
        pools.open(target, DIRECT)
        sock = pools._pool(target, DIRECT)._get_conn().sock
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0
        sock.close()
        pools.close()


def test_the_second_way_of_a_proxy_script_takes_over_when_the_first_proxy_dies_in_a_load(connect, tmp_path):
    """Kept-alive tunnels through the first proxy end with it; the images that follow come through the second."""
    files = make_certificates(tmp_path)
    film = small(8)
    cloud = DemoCloud(samples.write(tmp_path / "film", film), files.server)
    first, second = DemoProxy("doctor", "pw"), DemoProxy("doctor", "pw")
    script = tmp_path / "proxy.pac"
    script.write_text("function FindProxyForURL(url, host) {}")
    places = "; ".join(f"PROXY {one.url.removeprefix('http://')}" for one in (first, second))
    settings = Settings(
        network=NETWORK, tls=TlsSettings(ca=str(files.authority)), proxy=ProxySettings(pac=str(script), user="doctor")
    )
    connection = connect(settings, proxy_script=lambda text, url, host: places)
    try:
        from workstation.archive import proxies

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(proxies, "is_loopback", lambda host: False)
            _fetch_all(connection, cloud, film[:4])
            assert first.passed.total() > 0
            assert second.passed.total() == 0
            first.close()
            _fetch_all(connection, cloud, film[4:])
            assert second.passed.total() > 0
    finally:
        second.close()
        cloud.close()


def _fetch_all(connection, cloud, film):
    from workstation.archive.dicomweb import DicomWeb
    from workstation.tasks import CancelToken

    web = DicomWeb(connection, cloud.root, {"Authorization": Secret(f"Bearer {cloud.shares.station_token}")})
    for one in film:
        data = web.instance(one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID, token=CancelToken())
        assert data == samples.bytes_of(one)


READER = """
import sys
from tests.archive.scripted import ask
from workstation.archive.connection import Connection
from workstation.archive.retries import Patience, Retries
from workstation.settings import NetworkSettings, Settings

connection = Connection(Settings(network=NetworkSettings(idle_timeout_s=2.0)), lambda name: None)
for number in range(int(sys.argv[2])):
    data = ask(connection, sys.argv[1] + str(number), patience=Patience(Retries(), waits=True))
    print(number, len(data), flush=True)
connection.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGSTOP")
def test_a_program_that_was_stopped_for_longer_than_any_time_out_goes_on(tmp_path):
    """Asleep in the middle of a load, while the server gives up on its connections."""
    with Scripted((200, {}, b"x" * 20_000)) as server:
        relay = Relay(server.port)
        reader = subprocess.Popen(
            [sys.executable, "-c", READER, f"http://127.0.0.1:{relay.port}/", "400"],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            lines = [reader.stdout.readline() for _ in range(20)]
            os.kill(reader.pid, signal.SIGSTOP)
            relay.cut()
            time.sleep(2.5)  # its time-outs are over, by any clock
            os.kill(reader.pid, signal.SIGCONT)
            lines += reader.stdout.readlines()
            assert reader.wait(60) == 0
        finally:
            reader.kill()
            reader.stdout.close()
            relay.close()
    assert [line.split() for line in lines] == [[str(number), "20000"] for number in range(400)]
