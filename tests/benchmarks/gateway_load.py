"""The morning at a hospital: many workstations open the same films within seconds, through the gateway and without it.

    python -m tests.benchmarks.gateway_load [--stations 200] [--films 20] [--instances 30] [--line 200] [--rtt 20]

Real nginx with the shipped files, real Orthanc. Before Orthanc stands a cloud's edge, nginx too, that has every answer
of Orthanc's at hand: Debian's Orthanc has twenty threads, and the hospital's line is to be measured, not those. The
line (`shared_line`) is shared by all. Stations run in a process of their own (`stations`). What the edge sent is
counted by its own log. The table comes on the screen and as benchmark-results/gateway_load.json.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import trustme

from tests.benchmarks.conftest import RESULTS, ROOT, machine
from tests.gateway import shipped
from tests.phantoms import ct_slice, part10
from tests.servers import Orthanc, Process, free_port, need, orthanc

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "load-7001"
DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
FIELDS = "&".join(f"includefield={name}" for name in ("PatientID", "PatientName", "PatientBirthDate", "StudyDate"))


def films(count: int, instances: int) -> Iterator[tuple[dict, list[bytes]]]:
    """Films of CT slices of 512 x 512 pixels with grain in them: what stations are told of each, and its files."""
    for film in range(1, count + 1):
        study, series = f"2.25.81{film:04d}", f"2.25.82{film:04d}"
        wanted, files = [], []
        for number in range(1, instances + 1):
            made = ct_slice(number, shape=(512, 512), study=study, series=series)
            grain = np.random.default_rng(film * 1000 + number).normal(0, 12, (512, 512))
            made.PixelData = (np.frombuffer(made.PixelData, np.int16).reshape(512, 512) + grain).astype("<i2").tobytes()
            data = part10(made)
            path = f"/studies/{study}/series/{series}/instances/{made.SOPInstanceUID}"
            wanted.append({"path": path, "length": len(data), "crc": zlib.crc32(data)})
            files.append(data)
        below = f"/studies/{study}"
        questions = [f"/studies?{FIELDS}&StudyInstanceUID={study}", f"{below}/series", f"{below}/metadata"]
        yield {"questions": questions, "instances": wanted}, files


class Edge:
    """The cloud as the hospital sees it: TLS, a token, every answer at hand, and a log of what it sent."""

    def __init__(self, folder: Path, archive: Orthanc) -> None:
        folder.mkdir()
        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        authority.issue_cert(shipped.CLOUD).private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
        self.ca, self.port, self.plain_port, self.log = folder / "ca.pem", free_port(), free_port(), folder / "sent.log"
        paths = "".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        self._read = 0
        (folder / "nginx.conf").write_text(
            f"""
daemon off; worker_processes 1; pid {folder}/pid; {"user root;" if os.geteuid() == 0 else ""}
events {{ worker_connections 8192; }}
http {{
  {paths} error_log {folder}/error.log; log_format sent '$server_port $status $bytes_sent'; access_log {self.log} sent;
  proxy_cache_path {folder}/kept keys_zone=kept:16m max_size=8g use_temp_path=off;
  keepalive_requests 100000; ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.pem;
  server {{
    listen 127.0.0.1:{self.port} ssl backlog=2048; listen 127.0.0.1:{self.plain_port};
    location / {{
      if ($http_authorization != "Bearer {TOKEN}") {{ return 401; }}
      proxy_cache kept; proxy_cache_key "$request_uri|$http_accept|$http_accept_encoding"; proxy_cache_valid 200 1d;
      proxy_set_header Authorization "{archive.authorization}";
      proxy_pass http://127.0.0.1:{archive.port};
    }}
  }}
}}
""",
            encoding="utf-8",
        )
        self._process = Process(
            [need("nginx", "nginx-light"), "-e", folder / "e.log", "-c", folder / "nginx.conf"], folder
        )
        self._process.wait_for(self.port)

    def prepare(self, told: list[dict]) -> None:
        """Have Orthanc answer each question once, as the gateway and as a station ask it."""
        for film in told:
            check = f"/studies?StudyInstanceUID={film['questions'][1].split('/')[2]}&limit=1"
            asked = [(path, "application/dicom+json", "gzip") for path in film["questions"]]
            asked += [(one["path"], DICOM, "identity") for one in film["instances"]]
            asked.append((check, "application/dicom+json", "identity"))
            for path, accept, encoding in asked:
                headers = {"Authorization": f"Bearer {TOKEN}", "Accept": accept, "Accept-Encoding": encoding}
                request = urllib.request.Request(f"http://127.0.0.1:{self.plain_port}/dicom-web{path}", headers=headers)
                with urllib.request.urlopen(request, timeout=60) as answer:
                    answer.read()

    def sent(self) -> tuple[int, int]:
        """Requests over TLS and bytes since it was asked last."""
        time.sleep(0.5)
        lines = self.log.read_text().splitlines()
        rows = [line.split() for line in lines[self._read :]]
        self._read = len(lines)
        mine = [int(size) for port, _, size in rows if port == str(self.port)]
        return len(mine), sum(mine)

    def problems(self) -> str:
        """What the edge itself says of its troubles."""
        return "\n".join(_words(self.log.parent / name)[-2000:] for name in ("error.log", "e.log", "output.txt"))

    def close(self) -> None:
        self._process.stop(3)


@contextlib.contextmanager
def line(cloud: int, mbit_per_s: float, rtt_ms: float) -> Iterator[int]:
    """The hospital's line; gives the port at its near end. 0 Mbit/s: no line at all."""
    if not mbit_per_s:
        yield cloud
        return
    words = [sys.executable, "-m", "tests.benchmarks.shared_line", str(cloud), str(mbit_per_s), str(rtt_ms / 2)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


class Watched:
    """A process and its children: the most memory that they held (their share of what is shared), their CPU time."""

    def __init__(self, pid: int) -> None:
        self._pid, self.most_mib = pid, 0.0
        self._over = threading.Event()
        self._began_s = self.processor_s()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            rows = [row.split() for place in self._places() for row in _words(place / "smaps_rollup").splitlines()]
            self.most_mib = max(self.most_mib, sum(int(row[1]) for row in rows if row[0] == "Pss:") / 1024)

    def _places(self) -> list[Path]:
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            told = _words(place / "stat").rpartition(")")[2].split()
            if told and self._pid in (int(place.name), int(told[1])):
                found.append(place)
        return found

    def processor_s(self) -> float:
        told = [_words(place / "stat").rpartition(")")[2].split() for place in self._places()]
        return sum(int(one[11]) + int(one[12]) for one in told if one) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> dict:
        self._over.set()
        self._thread.join()
        used = round(self.processor_s() - self._began_s, 1)
        return {"nginx_mib": round(self.most_mib, 1), "nginx_processor_s": used}


def _words(file: Path) -> str:
    with contextlib.suppress(OSError):
        return file.read_text()
    return ""


def morning(job: dict, edge: Edge) -> dict:
    """Let all stations open their films; what they saw, and what the cloud sent for it."""
    edge.sent()
    words = [sys.executable, "-m", "tests.benchmarks.stations"]
    done = subprocess.run(
        words, cwd=ROOT, input=json.dumps(job), capture_output=True, text=True, timeout=1800, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    told = json.loads(done.stdout)
    if told["errors"]:
        print(edge.problems(), file=sys.stderr)
    requests, sent = edge.sent()

    def share(values: list[float], part: float) -> float:
        return round(float(np.quantile(values, part)), 2) if values else float("nan")

    return {
        "first_image_p50_s": share(told["first_s"], 0.5),
        "first_image_p95_s": share(told["first_s"], 0.95),
        "whole_film_p50_s": share(told["whole_s"], 0.5),
        "whole_film_p95_s": share(told["whole_s"], 0.95),
        "films_whole": len(told["whole_s"]),
        "delivered_mb": round(told["delivered_bytes"] / 1e6, 1),
        "delivered_requests": told["requests"],
        "cloud_mb": round(sent / 1e6, 1),
        "cloud_requests": requests,
        "delivered_for_each_byte_of_the_line": round(told["delivered_bytes"] / max(1, sent), 2),
        "wrong": told["wrong"],
        "errors": told["errors"],
        "asked_to_come_again": told["again"],
        "seconds": round(told["seconds"], 1),
        "processor_s_of_stations": round(told["processor_s"], 1),
        "load": round(os.getloadavg()[0], 1),
    }


def measured(options: argparse.Namespace, folder: Path) -> dict:
    """Both ways, one after the other."""
    own = shipped.certificates(folder / "own", *(f"station-{number}" for number in range(options.stations)))
    with orthanc(folder / "orthanc") as archive, contextlib.ExitStack() as stack:
        told = []
        for film, files in films(options.films, options.instances):
            archive.upload(files)
            told.append(film)
        edge = Edge(folder / "edge", archive)
        stack.callback(edge.close)
        edge.prepare(told)
        near = stack.enter_context(line(edge.port, options.line, options.rtt))
        job = {"films": told, "stations": options.stations, "arrivals_s": options.arrivals, "token": TOKEN,
               "root": "/dicom-web"}  # fmt: skip
        with shipped.gateway(folder / "gateway", own, near, edge.ca) as running:
            job |= {"port": running.port, "name": "127.0.0.1", "ca": str(own / "ca.pem"), "certificates": str(own)}
            watched = Watched(running.pid)
            through = morning(job, edge) | watched.stop()
            kept = [one.stat().st_size for one in running.cache.rglob("*") if one.is_file()]
            through["kept_mb"] = round(sum(kept) / 1e6, 1)
            watched = Watched(running.pid)
            again = morning(job, edge) | watched.stop()
        without = morning({**job, "port": near, "name": shipped.CLOUD, "ca": str(edge.ca), "certificates": ""}, edge)
    return {"through the gateway": through, "the same again": again, "without": without}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stations", type=int, default=200)
    parser.add_argument("--films", type=int, default=20)
    parser.add_argument("--instances", type=int, default=30, help="of 525 kB each")
    parser.add_argument("--arrivals", type=float, default=5.0, help="seconds within which all stations begin")
    parser.add_argument("--line", type=float, default=200.0, help="Mbit/s that all share; 0: no limit and no delay")
    parser.add_argument("--rtt", type=float, default=20.0, help="ms to the cloud and back")
    options = parser.parse_args()
    memory = Path("/dev/shm")
    place = tempfile.mkdtemp(prefix="gateway-load-", dir=memory if os.access(memory, os.W_OK) else None)
    try:
        made = {"options": vars(options), "machine": machine(), **measured(options, Path(place))}
    finally:
        shutil.rmtree(place, ignore_errors=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "gateway_load.json").write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    columns = [name for name, value in made.items() if isinstance(value, dict) and "seconds" in value]
    print(f"{'':<38}" + "".join(f"{name:>22}" for name in columns))
    for row in made[columns[0]]:
        print(f"{row:<38}" + "".join(f"{made[name].get(row, '')!s:>22}" for name in columns))
    print(made["machine"])


if __name__ == "__main__":
    main()
