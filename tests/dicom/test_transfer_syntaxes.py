"""Every transfer syntax of PS3.6: shown, or refused by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pytest
from pydicom.uid import UID, UID_dictionary

from tests.dicom.test_frames import GREY, GREY16, instance
from workstation.dicom.frames import decode_frame
from workstation.dicom.part10 import NATIVE, read_part10
from workstation.dicom.pixels import FrameKey
from workstation.errors import DicomError, WorkstationError
from workstation.workers.jobs.codecs import DECODERS

if TYPE_CHECKING:
    from workstation.workers.pool import WorkerPool

IN_USE = sorted(uid for uid, entry in UID_dictionary.items() if entry[1] == "Transfer Syntax" and not entry[3])
SHOWN = {*NATIVE, *DECODERS}
REFUSED = [uid for uid in IN_USE if uid not in SHOWN]
PART_2 = "1.2.840.10008.1.2.4.92"
KEY = FrameKey("", "", "", 1)


def of_syntax(encoded: bytes, syntax: str) -> bytes:
    """A file that says it is of a syntax, written as one of a UID as long."""
    written = next(uid for uid in ("1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.201")
                   if len(uid) + len(uid) % 2 == len(syntax) + len(syntax) % 2)  # fmt: skip
    padded = [uid + "\0" * (len(uid) % 2) for uid in (written, syntax)]
    return instance(encoded, written, **GREY).replace(padded[0].encode(), padded[1].encode())


def refusal(syntax: str, pool: WorkerPool, encoded: bytes = b"\0" * 64) -> DicomError:
    with pytest.raises(DicomError) as caught:
        decode_frame(read_part10(of_syntax(encoded, syntax)), 1, KEY, pool)
    return caught.value


def test_what_is_refused_is_video_streams_and_what_no_image_is_stored_in():
    words = ("MPEG", "HEVC", "SMPTE", "JPIP", "Fragmentable", "RFC 2557", "XML", "Papyrus")
    assert [uid for uid in REFUSED if not any(word in UID(uid).name for word in words)] == []
    assert len(SHOWN) == len(NATIVE) + len(DECODERS) >= 22


@pytest.mark.parametrize("syntax", [uid for uid in REFUSED if len(uid) in (19, 20, 21, 22, 23, 24)])
def test_a_syntax_that_is_not_shown_is_refused_by_its_name(syntax: str, worker_pool: WorkerPool):
    error = refusal(syntax, worker_pool)
    assert error.code == "unsupported-syntax"
    assert error.params["syntax"] == UID(syntax).name != syntax


def test_pixels_at_a_jpip_server_are_refused_by_name():
    data = of_syntax(b"\0" * 64, "1.2.840.10008.1.2.4.94")
    start = data.index(b"\xe0\x7f\x10\x00")  # the pixel data element, which such a file does not have
    with pytest.raises(DicomError) as caught:
        read_part10(data[:start]).required_description()
    assert caught.value.code == "unsupported-syntax"
    assert "JPIP" in caught.value.params["syntax"]


def test_part_2_of_jpeg2000_is_shown_where_it_keeps_to_part_1(worker_pool: WorkerPool):
    encoded = bytes(imagecodecs.jpeg2k_encode(GREY16, level=0, codecformat="J2K", reversible=True))
    frame = decode_frame(read_part10(of_syntax(encoded, PART_2)), 1, KEY, worker_pool)
    assert np.array_equal(frame.values, GREY16)
    extended = encoded[:6] + b"\x80\x00" + encoded[8:]  # Rsiz: ISO 15444-2 A.2.1
    assert refusal(PART_2, worker_pool, extended).code == "unsupported-syntax"


def test_uncompressed_cells_in_fragments_are_shown(worker_pool: WorkerPool):
    data = of_syntax(GREY16.astype("<u2").tobytes(), "1.2.840.10008.1.2.1.98")
    assert np.array_equal(decode_frame(read_part10(data), 1, KEY, worker_pool).values, GREY16)
    cut = refusal_of(of_syntax(GREY16.astype("<u2").tobytes()[:-2], "1.2.840.10008.1.2.1.98"), worker_pool)
    assert cut == "decode-failed"


def refusal_of(data: bytes, pool: WorkerPool) -> str:
    with pytest.raises(WorkstationError) as caught:
        decode_frame(read_part10(data), 1, KEY, pool)
    return caught.value.code
