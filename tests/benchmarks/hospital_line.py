"""A film over a hospital's line: a real Orthanc behind nginx and TLS, a line of a given rate and delay, a squid.

    python -m tests.benchmarks.hospital_line [--rate 20] [--rtt 50] [--slices 60]

Linux, as root, with gcc: the line joins two network namespaces of its own. Beside our figures stand those of `curl` by
the same way, in the same run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

import trustme

from tests.benchmarks.conftest import ROOT
from tests.benchmarks.shown import ct_values
from tests.phantoms import CT_STUDY, SERIES, ct_slice, part10, sop
from tests.servers import nginx, orthanc, squid

HOSPITAL, CLOUD = "10.77.0.1", "10.77.0.2"
USER, WORD, TOKEN = "doctor", "bench-word", "bench-token"
PACKET, PAYLOAD = 1500, 1448  # bytes: what of a packet on the line is not headers of IP and TCP
ACCEPT = 'multipart/related; type="application/dicom"; transfer-syntax=*'


def slices(count: int) -> list[bytes]:
    """Slices of half a megabyte."""
    made = []
    for number in range(1, count + 1):
        one = ct_slice(number, shape=(512, 512), step_mm=1.0)
        one.PixelData = ct_values(seed=number).tobytes()
        made.append(part10(one))
    return made


def cloud(folder: Path, count: int) -> None:
    """The other end of the line, in a namespace of its own, until its input is closed."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    print("here", flush=True)
    sys.stdin.readline()  # the line is there
    subprocess.run(["ip", "addr", "add", f"{CLOUD}/30", "dev", "line"], check=True)
    subprocess.run(["ip", "link", "set", "line", "up"], check=True)
    certificate = folder / "server.pem"
    with orthanc(folder / "orthanc") as archive:
        archive.upload(slices(count))
        with nginx(folder / "nginx", upstream=archive, certificate=certificate, token=TOKEN, host=CLOUD) as gateway:
            print(json.dumps({"root": gateway.root, "port": gateway.port}), flush=True)
            sys.stdin.readline()


@contextlib.contextmanager
def hospital(options):
    """Both ends and the line between them; gives the service's root, the proxy and the authority's certificate."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory(prefix="cloudfilm-line-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        authority.issue_cert(CLOUD).private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
        subprocess.run(["gcc", "-O2", "-o", folder / "link", Path(__file__).with_name("link.c")], check=True)
        far = subprocess.Popen(
            ["unshare", "-n", sys.executable, "-m", "tests.benchmarks.hospital_line", "--cloud", str(folder),
             "--slices", str(options.slices)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        far.stdout.readline()
        queue_bytes = options.rate * 1e6 / 8 * 0.2  # a router's buffer: 200 ms
        line = subprocess.Popen(
            [folder / "link", str(os.getpid()), str(far.pid), str(options.rate), str(options.rtt / 2),
             str(int(queue_bytes))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        assert line.stdout.readline() == "up\n"
        subprocess.run(["ip", "addr", "add", f"{HOSPITAL}/30", "dev", "line"], check=True)
        subprocess.run(["ip", "link", "set", "line", "up"], check=True)
        far.stdin.write("go\n")
        far.stdin.flush()
        told = json.loads(far.stdout.readline())
        with squid(folder / "squid", connect_ports=(told["port"],), users=((USER, WORD),)) as proxy:
            try:
                yield told["root"], proxy.url, folder / "ca.pem"
            finally:
                for process in (far, line):
                    process.stdin.close()
                    process.wait(20)


def curl(place, *urls, parallel: int = 0) -> float:
    """Seconds that curl takes for URLs, each (address, what it accepts), from a cold start."""
    root, proxy, authority = place
    words = ["curl", "-sS", "--fail", "--proxy", proxy, "--proxy-user", f"{USER}:{WORD}", "--cacert", str(authority)]
    words += ["--parallel", "--parallel-max", str(parallel)] if parallel else []
    words += ["--no-progress-meter"]
    for number, (address, accept) in enumerate(urls):
        words += ["--next"] if number and not parallel else []
        words += ["-o", "/dev/null", f"{root}{address}"]
        if not (number and parallel):
            words += ["-H", f"Authorization: Bearer {TOKEN}", "-H", f"Accept: {accept}"]
        if number and not parallel:
            words += ["-sS", "--proxy", proxy, "--proxy-user", f"{USER}:{WORD}", "--cacert", str(authority)]
    began = time.perf_counter()
    subprocess.run(words, check=True)
    return time.perf_counter() - began


def instance(number: int) -> tuple[str, str]:
    return f"/studies/{CT_STUDY}/series/{SERIES}/instances/{sop(number)}", ACCEPT


def ours(place, count: int, *, jump_to: int = 0) -> dict[str, float]:
    """Seconds of our own client, from the link on: first image unpacked, whole series; a jump amid the load."""
    from workstation.app.station import Station
    from workstation.film.links import understand
    from workstation.reference import Secret, Source
    from workstation.settings import ProxySettings, Settings, TlsSettings
    from workstation.station.vault import Vault
    from workstation.tasks import CancelToken
    from workstation.viewing.display_sets import display_sets_of

    root, proxy, authority = place
    settings = Settings(
        proxy=ProxySettings(url=proxy, user=USER, secret="bench-proxy"),
        tls=TlsSettings(ca=str(authority)),
        sources=(Source(name="BENCH", root=root, link_hosts=(CLOUD,), secret="bench-cloud"),),
    )
    vault = Vault()
    vault.remember("bench-proxy", Secret(WORD), keep=False)
    vault.remember("bench-cloud", Secret(TOKEN), keep=False)
    station = Station(settings, vault)
    station.pool.start()
    station.make_ready()
    time.sleep(2.0)  # the program has been started before
    link = f"cloudfilm:open?source=BENCH&study={CT_STUDY}"
    posted: queue.Queue = queue.Queue()
    told: dict[str, float] = {}
    began = time.perf_counter()
    opened = station.opening().open(understand(link, settings.sources).reference, "", CancelToken(),
                                    lambda patient, study: None, at_once=True)  # fmt: skip
    told["opened"] = time.perf_counter() - began
    loader = station.load(opened.listing, opened.source, posted.put)
    key = display_sets_of(opened.listing.instances)[0].frames[-1].key
    over = threading.Event()
    loader.arrived.connect(lambda one: told.setdefault(f"arrived {one.sop_instance_uid}", time.perf_counter()))
    loader.finished.connect(over.set)
    loader.want([key])
    loader.start()

    def whole() -> None:
        found = opened.ask(CancelToken())
        posted.put(lambda: loader.extend(found.listing, found.source))

    behind = threading.Thread(target=whole)
    behind.start()
    jumped = 0.0
    while not over.is_set():
        posted.get(timeout=120)()
        if jump_to and not jumped and loader.progress().done >= 20:
            stack = {frame.key.sop_instance_uid: frame.key for frame in display_sets_of(loader.listed)[0].frames}
            loader.want([stack[sop(jump_to)]])
            jumped = time.perf_counter()
    behind.join()
    if os.environ.get("BENCH_STEPS"):
        print({name: round(at if name == "opened" else at - began, 3) for name, at in list(told.items())[:6]})
    result = {"first": told[f"arrived {key.sop_instance_uid}"] - began, "whole": time.perf_counter() - began}
    assert loader.progress().done == count
    if jumped:
        result["jump"] = told[f"arrived {sop(jump_to)}"] - jumped
    loader.close()
    station.close()
    return result


def measure(options) -> None:
    """Print the table."""
    count, size = options.slices, len(slices(1)[0])
    transfer_s = size * 8 / options.rate / 1e6
    print(f"{options.rate} Mbit/s, {options.rtt} ms there and back, {count} slices of {size} bytes,"
          f" load {os.getloadavg()[0]:.1f}")  # fmt: skip
    with hospital(options) as place:
        query = (f"/studies?StudyInstanceUID={CT_STUDY}", "application/dicom+json")
        bare, bare_all, rounds, jumps = [], [], [], []
        for _ in range(options.rounds):
            bare.append(curl(place, query, instance(count // 2)))
            bare_all.append(curl(place, *[instance(number) for number in range(1, count + 1)], parallel=4))
            rounds.append(ours(place, count))
            jumps.append(ours(place, count, jump_to=count - 5))
    first, whole = median(one["first"] for one in rounds), median(one["whole"] for one in rounds)
    jump = median(one["jump"] for one in jumps)
    line_s = count * transfer_s * PACKET / PAYLOAD
    bound = 2 * options.rtt / 1e3 + transfer_s
    print(f"first image   {first:6.2f} s   curl, query and instance {median(bare):6.2f} s   {first / median(bare):.2f}")
    print(f"whole series  {whole:6.2f} s   the line's rate          {line_s:6.2f} s   {whole / line_s:.2f}"
          f"   curl, 4 at once {median(bare_all):6.2f} s")  # fmt: skip
    print(f"jump amid it  {jump:6.2f} s   2 round trips + one      {bound:6.2f} s   {jump / bound:.2f}")


def main() -> None:
    """See the head of the file."""
    words = argparse.ArgumentParser()
    words.add_argument("--rate", type=float, default=20.0, help="Mbit/s")
    words.add_argument("--rtt", type=float, default=50.0, help="ms there and back")
    words.add_argument("--slices", type=int, default=60)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--cloud", help=argparse.SUPPRESS)
    words.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = words.parse_args()
    if options.cloud:
        cloud(Path(options.cloud), options.slices)
    elif options.inside:
        measure(options)
    else:
        command = ["unshare", "-n", sys.executable, "-m", "tests.benchmarks.hospital_line", "--inside", *sys.argv[1:]]
        raise SystemExit(subprocess.run(command, cwd=ROOT).returncode)


if __name__ == "__main__":
    main()
