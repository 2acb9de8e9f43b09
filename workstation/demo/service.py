"""The whole demo at once: cloud, proxy, certificates, and the settings that lead to them."""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.demo.certificates import make_certificates
from workstation.demo.cloud import DemoCloud
from workstation.demo.proxy import DemoProxy
from workstation.reference import Secret, Source
from workstation.settings import ProxySettings, Settings, TlsSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_USER = "demo"
PROXY_SECRET = "demo-proxy"  # noqa: S105 - the name of a secret
CLOUD_SECRET = "demo-cloud"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoService:
    """A running demo.

    Attributes
    ----------
    settings : Settings
        A way through the demo's proxy to the demo's cloud, believing the demo's authority.
    secrets : mapping
        The secrets that `settings` names; to be remembered by the vault, in memory only.
    """

    cloud: DemoCloud
    proxy: DemoProxy
    settings: Settings
    secrets: Mapping[str, Secret]
    _folder: tempfile.TemporaryDirectory[str]

    def share(self, study_uid: str, *, passcode: str = "", valid_s: float = 3600.0, form: str = "viewer") -> str:
        """Share one study; gives the link. See `DemoCloud.share`."""
        return self.cloud.share(study_uid, passcode=passcode, valid_s=valid_s, form=form)

    def close(self) -> None:
        """Stop both servers and remove the certificates."""
        self.proxy.close()
        self.cloud.close()
        self._folder.cleanup()


def start_demo(folder: Path, render: Callable[[Path], bytes] | None = None) -> DemoService:
    """Serve the DICOM files of `folder` on loopback, behind a proxy that demands a password.

    Parameters
    ----------
    render : callable or None
        Gives a JPEG or PNG of a DICOM file, for thumbnails.
    """
    place = tempfile.TemporaryDirectory(prefix="cloudfilm-demo-")
    files = make_certificates(Path(place.name))
    cloud = DemoCloud(folder, files.server, render)
    files.server.unlink()  # it is loaded; the key need not lie about
    password = secrets.token_urlsafe(12)
    proxy = DemoProxy(_USER, password)
    hosts = ("127.0.0.1", f"127.0.0.1:{cloud.port}")
    source = Source(name="DEMO", root=cloud.root, link_hosts=hosts, issuer="DEMO", secret=CLOUD_SECRET)
    settings = Settings(
        proxy=ProxySettings(url=proxy.url, user=_USER, secret=PROXY_SECRET),
        tls=TlsSettings(ca=str(files.authority)),
        sources=(source,),
    )
    known = {PROXY_SECRET: Secret(password), CLOUD_SECRET: Secret(cloud.shares.station_token)}
    return DemoService(cloud, proxy, settings, known, place)
