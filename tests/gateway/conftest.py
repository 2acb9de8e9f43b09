"""The hospital's side of the gateway tests: its certificates, a cloud, the gateway before it, workstations."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import trustme

from tests import samples
from tests.gateway import shipped, upstream
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.reference import Secret
from workstation.settings import ProxySettings, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Told:
    """One answer, as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def cache(self) -> str | None:
        return self.headers.get("X-Gateway-Cache")


def ask(gateway, path, token="share-1", *, desk="desk-1", method="GET", accept="*/*", body=None, **headers) -> Told:
    """One request by Python's own client, with a workstation's certificate (`desk` None: without)."""
    context = ssl.create_default_context(cafile=gateway.certificates / "ca.pem")
    if desk:
        context.load_cert_chain(gateway.certificates / f"{desk}.pem", gateway.certificates / f"{desk}.key")
    sent = {"Accept": accept, **({"Authorization": f"Bearer {token}"} if token else {})}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    line = http.client.HTTPSConnection("127.0.0.1", gateway.port, timeout=20, context=context)
    with contextlib.closing(line):
        line.request(method, path, body, sent)
        answer = line.getresponse()
        return Told(answer.status, answer.headers, answer.read())


@pytest.fixture(scope="session")
def own(tmp_path_factory):
    """The hospital's authority and what it signed."""
    return shipped.certificates(tmp_path_factory.mktemp("hospital") / "certificates")


@pytest.fixture(scope="session")
def cloud_authority(tmp_path_factory):
    """The authority that signs the cloud, and its certificate: for cloud.example, and for another host."""
    folder = tmp_path_factory.mktemp("cloud")
    authority = trustme.CA(organization_name="Regional Cloud Authority")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    for name, more in ((shipped.CLOUD, ["127.0.0.1"]), ("other.example", [])):
        authority.issue_cert(name, *more).private_key_and_cert_chain_pem.write_to_path(folder / f"{name}.pem")
    return folder


@pytest.fixture(scope="module")
def cloud(cloud_authority):
    made = upstream.Cloud(cloud_authority / f"{shipped.CLOUD}.pem")
    yield made
    made.close()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, own, cloud, cloud_authority):
    folder = tmp_path_factory.mktemp("gateway") / "nginx"
    with shipped.gateway(folder, own, cloud.port, cloud_authority / "ca.pem") as running:
        yield running


_NUMBERS = itertools.count(1)


@pytest.fixture
def instance(cloud):
    """An instance at the cloud that no other test asks for: its path, its bytes, its UIDs."""
    number = next(_NUMBERS)
    (one,) = samples.ct_series(1, entropy=f"gateway-{number}")
    one.StudyInstanceUID = f"1.2.826.7001.{number}"
    uids = (one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID)
    path = "/dicom-web/studies/{}/series/{}/instances/{}".format(*uids)
    data = samples.bytes_of(one)
    cloud.replies[path] = upstream.part(data)
    return path, data, uids


@pytest.fixture
def opened():
    """Our own client at a DICOMweb root."""
    with contextlib.ExitStack() as stack:

        def opened(root, tls, token="share-1", *, tries=0, proxy=None, secret=lambda name: None):
            settings = Settings(proxy=proxy or ProxySettings(no_proxy=("*",)), tls=tls)
            connection = Connection(settings, secret, None, Retries(tries=tries, base_s=0.01))
            stack.callback(connection.close)
            opened.close = connection.close
            return DicomWeb(connection, root, {"Authorization": Secret(f"Bearer {token}")})

        yield opened
