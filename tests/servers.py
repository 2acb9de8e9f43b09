"""Real servers on free loopback ports: Orthanc with DICOMweb, nginx with TLS, squid with a sign-in.

Each is a context manager that starts a process of its own in a folder of its own, and stops it by its id. A test that
needs one is skipped, with the package's name, where it is not installed.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_ORTHANC_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
_SQUID_HELPERS = Path("/usr/lib/squid")
_START_S = 30.0


def need(program: str, package: str, *files: Path) -> str:
    """The path of a program, or skip the test naming the package that brings it."""
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not found or not all(file.exists() for file in files):
        pytest.skip(f"{program} is not here: apt-get install --no-install-recommends {package}")
    return found


def free_port() -> int:
    """A loopback port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A program that runs until `stop`; what it says goes to a file."""

    def __init__(self, arguments, folder: Path) -> None:
        self.output = folder / "output.txt"
        with self.output.open("wb") as file:
            self._process = subprocess.Popen(
                [str(word) for word in arguments], cwd=folder, stdout=file, stderr=file, start_new_session=True
            )

    def wait_for(self, port: int) -> None:
        """Wait until the port answers; a program that died is said with its last words."""
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                pytest.fail(f"{self._process.args[0]} ended: {self.output.read_text(errors='replace')[-2000:]}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.02)
        self.stop(0)
        pytest.fail(f"{self._process.args[0]} does not answer: {self.output.read_text(errors='replace')[-2000:]}")

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ended(self) -> int:
        """Wait until it has ended by itself, and give its exit status."""
        return self._process.wait(_START_S)

    def stop(self, grace_s: float) -> None:
        """Ask it to end, and end it when it does not."""
        self._process.terminate()
        try:
            self._process.wait(grace_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass
class Orthanc:
    """A running Orthanc. Its DICOMweb root asks for Basic pacs:pacs."""

    port: int
    dicom_port: int
    root: str = ""
    authorization: str = "Basic cGFjczpwYWNz"

    def upload(self, files) -> None:
        """Store DICOM files by its own REST interface."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            for file in files:
                connection.request("POST", "/instances", file, {"Authorization": self.authorization})
                answer = connection.getresponse()
                assert answer.status == 200, answer.read()
                answer.read()


@contextlib.contextmanager
def orthanc(folder: Path):
    """An empty Orthanc, without the GDCM plugin (a request for JPEG-LS kills it there)."""
    program = need("Orthanc", "orthanc orthanc-dicomweb", _ORTHANC_PLUGIN)
    folder.mkdir(parents=True)
    (folder / "db").mkdir()
    server = Orthanc(free_port(), free_port())
    server.root = f"http://127.0.0.1:{server.port}/dicom-web"
    configuration = {
        "Name": "PACS",
        "StorageDirectory": str(folder / "db"),
        "IndexDirectory": str(folder / "db"),
        "Plugins": [str(_ORTHANC_PLUGIN)],
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": True,
        "RegisteredUsers": {"pacs": "pacs"},
        "HttpPort": server.port,
        "DicomPort": server.dicom_port,
        "DicomAet": "PACS",
        "HttpThreadsCount": 20,
        "KeepAlive": True,
        "TcpNoDelay": True,
        "HttpCompressionEnabled": True,
        "DefaultEncoding": "Utf8",
        "OverwriteInstances": True,
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "SeriesMetadata": "Full", "StudiesMetadata": "Full"},
    }
    (folder / "orthanc.json").write_text(json.dumps(configuration), encoding="utf-8")
    process = Process([program, folder / "orthanc.json"], folder)
    try:
        process.wait_for(server.port)
        yield server
    finally:
        process.stop(0.3)  # its database is thrown away


@dataclass
class Squid:
    """A running squid."""

    url: str
    access_log: Path

    def lines(self, *words: str, count: int = 1) -> list[str]:
        """Lines of its access log that hold all `words`; it writes a tunnel down when that is closed."""
        deadline = time.monotonic() + 5
        while True:
            time.sleep(0.1)  # one line more than expected may be on its way
            lines = self.access_log.read_text(encoding="utf-8").splitlines()
            found = [line for line in lines if all(word in line for word in words)]
            if len(found) >= count or time.monotonic() > deadline:
                return found


@contextlib.contextmanager
def squid(folder: Path, *, connect_ports, sign_in: str = "basic", users=(("doctor", "pässword"),)):
    """A forward proxy that demands a password, and opens CONNECT to some ports alone.

    `sign_in` is ``basic`` with `users`, or ``ntlm`` with the helper that takes every password.
    """
    helper = _SQUID_HELPERS / ("basic_ncsa_auth" if sign_in == "basic" else "ntlm_fake_auth")
    program = need("squid", "squid-openssl", helper)
    folder.mkdir(parents=True)
    # squid gives up root; pytest's own folders are closed to others again whenever another pytest starts
    folder = Path(tempfile.mkdtemp(prefix="cloudfilm-squid-"))
    port = free_port()
    name = "t" + secrets.token_hex(4)
    (folder / "users").write_text("".join(f"{user}:{apr1(word)}\n" for user, word in users), encoding="utf-8")
    helper_line = f"basic program {helper} {folder}/users" if sign_in == "basic" else f"ntlm program {helper}"
    (folder / "squid.conf").write_text(
        f"""
http_port 127.0.0.1:{port}
pid_filename {folder}/pid
access_log stdio:{folder}/access.log
cache_log {folder}/cache.log
coredump_dir {folder}
memory_cache_shared off
cache_mem 16 MB
pinger_enable off
shutdown_lifetime 0 seconds
acl CONNECT method CONNECT
acl okports port {" ".join(map(str, connect_ports))}
auth_param {helper_line}
{"auth_param basic realm hospital" if sign_in == "basic" else ""}
acl authed proxy_auth REQUIRED
http_access deny !authed
http_access deny CONNECT !okports
http_access allow localhost
http_access deny all
logfile_rotate 0
buffered_logs off
{"cache_effective_user proxy" if os.geteuid() == 0 else ""}
""",
        encoding="utf-8",
    )
    if os.geteuid() == 0:  # squid gives up root, and must still write here
        shutil.chown(folder, "proxy", "proxy")
    process = Process([program, "-N", "-n", name, "-f", folder / "squid.conf"], folder)
    try:
        process.wait_for(port)
        yield Squid(f"http://127.0.0.1:{port}", folder / "access.log")
    finally:
        process.stop(0.3)  # it would wait two seconds for nothing; its helpers end with it
        for left in Path("/dev/shm").glob(f"{name}-*"):
            left.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def apr1(word: str) -> str:
    """A password as Apache's files hold it."""
    made = subprocess.run(
        [need("openssl", "openssl"), "passwd", "-apr1", "-stdin"],
        input=word,
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


@dataclass
class Gateway:
    """A running nginx with TLS."""

    port: int
    root: str
    access_log: Path = field(default_factory=Path)


@contextlib.contextmanager
def nginx(
    folder: Path,
    *,
    upstream: Orthanc,
    certificate: Path,
    token: str = "",
    client_ca: Path | None = None,
    host: str = "127.0.0.1",
):
    """TLS in front of Orthanc; with `token`, a gate that wants it as Bearer; with `client_ca`, mutual TLS.

    `host` is an address of its network namespace on which it answers too.
    """
    program = need("nginx", "nginx-light")
    folder.mkdir(parents=True)
    port = free_port()
    gate = f'if ($http_authorization != "Bearer {token}") {{ return 401; }}' if token else ""
    outside = "" if host == "127.0.0.1" else f"listen {host}:{port} ssl;"
    clients = f"ssl_client_certificate {client_ca}; ssl_verify_client on;" if client_ca else ""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"""
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  {temporary}
  access_log {folder}/access.log;
  upstream orthanc {{ server 127.0.0.1:{upstream.port}; keepalive 16; keepalive_timeout 900ms; }}
  server {{
    listen 127.0.0.1:{port} ssl; {outside} ssl_certificate {certificate}; ssl_certificate_key {certificate}; {clients}
    proxy_http_version 1.1;
    location /dicom-web/ {{
      {gate}
      proxy_set_header Authorization "{upstream.authorization}"; proxy_set_header Connection "";
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https;
      proxy_pass http://orthanc;
    }}
    location /portal/ {{ default_type text/html; return 200 "<html>Please sign in</html>"; }}
  }}
}}
""",
        encoding="utf-8",
    )
    process = Process([program, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"], folder)
    try:
        process.wait_for(port)
        yield Gateway(port, f"https://{host}:{port}/dicom-web", folder / "access.log")
    finally:
        process.stop(2)
