"""The files of `packaging/hospital-proxy` as a hospital installs them: only the values that are its own are filled in.

nginx reads the shipped files themselves, by links; of `site.conf` and `squid.conf` each value is replaced where it
stands, and one that is not found fails the test.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers import Process, Squid, free_port, need
from workstation.settings import TlsSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED = Path(__file__).resolve().parents[2] / "packaging" / "hospital-proxy"
DESKS = ("desk-1", "desk-2", "desk-3")
CLOUD = "cloud.example"


def filled(name: str, values: dict[str, str]) -> str:
    """A shipped file with each of these texts replaced by another."""
    words = (SHIPPED / name).read_text(encoding="utf-8")
    for old, new in values.items():
        assert old in words, f"{name} does not hold {old!r}"
        words = words.replace(old, new)
    return words


def certificates(folder: Path, *desks: str) -> Path:
    """The hospital's authority, the gateway's certificate and the workstations', made by the shipped script."""
    need("openssl", "openssl")
    script = [need("bash", "bash"), SHIPPED / "make-certificates.sh", folder, "127.0.0.1", *(desks or DESKS)]
    subprocess.run([str(word) for word in script], check=True, capture_output=True, timeout=60)
    return folder


@dataclass
class Gateway:
    """A running gateway; `root` is the DICOMweb root that the workstations are given."""

    folder: Path
    certificates: Path
    port: int
    health_port: int
    pid: int

    @property
    def root(self) -> str:
        return f"https://127.0.0.1:{self.port}/dicom-web"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def tls(self, desk: str = DESKS[0]) -> TlsSettings:
        """What stands in a workstation's settings."""
        own = self.certificates
        return TlsSettings(
            ca=str(own / "ca.pem"), client_cert=str(own / f"{desk}.pem"), client_key=str(own / f"{desk}.key")
        )

    def log(self) -> str:
        """Everything that nginx wrote about requests."""
        return (self.folder / "films.log").read_text(encoding="utf-8")

    def everything_written(self) -> str:
        """All of its files but what it keeps."""
        files = [file for file in self.folder.rglob("*") if file.is_file() and self.cache not in file.parents]
        return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def command_of(folder: Path, *more: str) -> list[str]:
    """nginx on the files in `folder`, as the unit starts it."""
    account = " user root;" if os.geteuid() == 0 else ""
    directives = f"daemon off; pid {folder}/nginx.pid;{account}"
    return [need("nginx", "nginx-light"), *more, "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", directives]


def installed(
    folder: Path, own: Path, cloud_port: int, cloud_ca: Path, values: dict[str, str] | None = None
) -> Gateway:
    """The shipped files in `folder`, with this machine's values."""
    folder.mkdir(parents=True)
    (folder / "cache").mkdir(mode=0o700)
    for name in ("nginx.conf", "films.conf", "health.conf"):
        (folder / name).symlink_to(SHIPPED / name)
    made = Gateway(folder, own, free_port(), free_port(), 0)
    site = {
        "server cloud.example:443": f"server 127.0.0.1:{cloud_port}",
        "/etc/ssl/certs/ca-certificates.crt": str(cloud_ca),
        "/etc/hospital-proxy/NAME/gateway.pem": str(own / "gateway.pem"),
        "/etc/hospital-proxy/NAME/gateway.key": str(own / "gateway.key"),
        "/etc/hospital-proxy/NAME/clients-ca.pem": str(own / "ca.pem"),
        "/var/cache/hospital-proxy/NAME": str(folder / "cache"),
        "/var/log/hospital-proxy/NAME": str(folder),
        "listen 443 ssl": f"listen 127.0.0.1:{made.port} ssl",
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{made.health_port}",
        "gateway.hospital.local": "127.0.0.1",
        **(values or {}),
    }
    (folder / "site.conf").write_text(filled("site.conf", site), encoding="utf-8")
    return made


@contextlib.contextmanager
def gateway(
    folder: Path, own: Path, cloud_port: int, cloud_ca: Path, values: dict[str, str] | None = None
) -> Iterator[Gateway]:
    """The shipped gateway, running, in front of the cloud at `cloud_port`, which shows a certificate of `cloud_ca`."""
    made = installed(folder, own, cloud_port, cloud_ca, values)
    process = Process(command_of(folder), folder)
    try:
        process.wait_for(made.port)
        made.pid = process.pid
        yield made
    finally:
        process.stop(3)


@contextlib.contextmanager
def forward_proxy(port_of_cloud: int, host: str, users: str, network: str = "127.0.0.1") -> Iterator[Squid]:
    """The shipped squid, which lets through to `host` alone."""
    helper = Path("/usr/lib/squid/basic_ncsa_auth")
    program = need("squid", "squid-openssl", helper)
    folder = Path(tempfile.mkdtemp(prefix="cloudfilm-squid-"))  # squid gives up root, and must reach it
    port, name = free_port(), "t" + secrets.token_hex(4)
    (folder / "users").write_text(users, encoding="utf-8")
    words = filled(
        "squid.conf",
        {
            "http_port 3128": f"http_port 127.0.0.1:{port}\npid_filename {folder}/pid\ncoredump_dir {folder}",
            "acl hospital src 10.0.0.0/8": f"acl hospital src {network}",
            "acl clouds dstdomain -n cloud.example": f"acl clouds dstdomain -n {host}",
            "acl cloud_ports port 443": f"acl cloud_ports port {port_of_cloud}",
            "/etc/squid/film-users": f"{folder}/users",
            "/var/log/squid": str(folder),
            "shutdown_lifetime 5 seconds": "shutdown_lifetime 0 seconds",
        },
    )
    (folder / "squid.conf").write_text(words, encoding="utf-8")
    if os.geteuid() == 0:
        shutil.chown(folder, "proxy", "proxy")
    process = Process([program, "-N", "-n", name, "-f", folder / "squid.conf"], folder)
    try:
        process.wait_for(port)
        yield Squid(f"http://127.0.0.1:{port}", folder / "films.log")
    finally:
        process.stop(0.3)
        for left in Path("/dev/shm").glob(f"{name}-*"):
            left.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
