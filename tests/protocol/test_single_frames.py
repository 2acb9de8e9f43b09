"""A frame of a large multi-frame object is on the glass before the whole of it has come, from a real archive."""

from __future__ import annotations

import numpy as np
import pytest

from tests.faults.relay import Relay
from tests.phantoms import CT_STUDY, ct_slice, part10
from tests.servers import orthanc
from workstation.archive.cloud import CloudFilm
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.errors import DicomError
from workstation.reference import Secret
from workstation.settings import ProxySettings, Settings
from workstation.tasks import CancelToken

pytestmark = pytest.mark.servers

FRAMES, SIDE = 72, 512  # 36 MiB
MULTI_FRAME_WORD = "1.2.840.10008.5.1.4.1.1.7.3"


def values(number):
    """Each frame says which it is: its number stands in every pixel, and each pixel is another one."""
    return (np.arange(SIDE * SIDE, dtype=np.uint32) * 7 + number * 500).astype(np.uint16).reshape(SIDE, SIDE) >> 4


@pytest.fixture(scope="module")
def file():
    one = ct_slice(1)
    one.SOPClassUID = MULTI_FRAME_WORD
    one.Rows = one.Columns = SIDE
    one.NumberOfFrames = FRAMES
    one.PixelRepresentation = 0
    one.PixelData = b"".join(values(number).tobytes() for number in range(1, FRAMES + 1))
    return part10(one)


@pytest.fixture(scope="module")
def archive(tmp_path_factory, file):
    with orthanc(tmp_path_factory.mktemp("frames") / "orthanc") as server:
        server.upload([file])
        yield server


def test_one_frame_comes_from_orthanc_at_the_cost_of_one_frame(archive, worker_pool):
    relay = Relay(archive.port)
    connection = Connection(
        Settings(proxy=ProxySettings(no_proxy=("*",))), lambda name: None, None, Retries(tries=1, base_s=0.01)
    )
    try:
        root = f"http://127.0.0.1:{relay.port}/dicom-web"
        film = CloudFilm(DicomWeb(connection, root, {"Authorization": Secret(archive.authorization)}), CT_STUDY, "PACS")
        (asked,) = film.listing(CancelToken(), lambda *_: None).instances
        assert asked.number_of_frames == FRAMES
        before = relay.carried
        got = film.frame(asked, 57, CancelToken())
        shown = got.shown(worker_pool)
        assert relay.carried - before < 1.1 * SIDE * SIDE * 2
        assert shown.frame.key.frame == 57
        assert shown.address_only
        assert shown.instance is asked
        assert np.array_equal(shown.frame.values, values(57))
        with pytest.raises(DicomError) as caught:
            film.frame(asked, FRAMES + 1, CancelToken())
        assert caught.value.code == "no-such-frame"
    finally:
        connection.close()
        relay.close()
