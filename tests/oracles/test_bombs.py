"""Small files that ask for much: each is refused within a second and without the memory, in a process of its own."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    SecondaryCaptureImageStorage,
)

from workstation.workers.limits import Limits

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="measures memory with the resource module")

ROOT = Path(__file__).resolve().parents[2]
REFUSAL_S = 1.0  # of processor time, so that a busy machine is no failure
WORKER_S = 6.0  # with its start
MEMORY_MB = 160  # more than the pixels of a large radiograph; a bomb wants 2,000

JPEG_XL, DEFLATED_FRAME = "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.8.1"

PROGRAM = textwrap.dedent(
    """
    import json, resource, sys, time

    def main():
        from workstation.errors import WorkstationError
        from workstation.rendering.still import render_file
        from workstation.workers.pool import WorkerPool
        data = open(sys.argv[1], "rb").read()
        code = "rendered"
        with WorkerPool(1) as pool:
            if sys.argv[2] == "warm":
                pool.proxy_for("function FindProxyForURL(u, h) { return 'DIRECT'; }", "http://a/", "a")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            began = time.process_time()
            try:
                render_file(data, pool)
            except WorkstationError as error:
                code = error.code
            seconds = time.process_time() - began
            own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        told = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(json.dumps({
            "code": code, "seconds": seconds, "worker_seconds": told.ru_utime + told.ru_stime,
            "own_mb": own / 1024, "worker_mb": told.ru_maxrss / 1024,
        }))

    if __name__ == "__main__":
        main()
    """
)


def instance(syntax: str, pixel_data: bytes, **elements: object) -> bytes:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = "2.25.3"
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, "2.25.3"
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 0
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    dataset.add_new("PixelData", "OB", encapsulate([pixel_data]))
    dataset["PixelData"].is_undefined_length = True
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def instance_of_new_syntax(syntax: str, pixel_data: bytes, **elements: object) -> bytes:
    """The same in a transfer syntax that pydicom does not know yet."""
    known = HTJ2KLossless if len(syntax) == len(HTJ2KLossless) else JPEG2000Lossless
    made = instance(known, pixel_data, **elements)
    return made.replace(known.encode().ljust(len(known)), syntax.encode().ljust(len(known), b"\0"), 1)


def zeros_in_jpeg2000(size: int) -> bytes:
    """A codestream of a size it would take gigabytes to decode, made small by lying in its own header."""
    small = bytes(imagecodecs.jpeg2k_encode(np.zeros((64, 64), np.uint16), level=0, codecformat="J2K", reversible=True))
    return small[:8] + struct.pack(">II", size, size) + small[16:24] + struct.pack(">II", size, size) + small[32:]


def bare(*elements: bytes) -> bytes:
    return b"\x08\x00\x16\x00UI\x0e\x001.2.840.10008\0" + b"".join(elements)


SMALL = np.zeros((64, 64), np.uint16)
RLE_OF_ZEROS = struct.pack("<16I", 1, 64, *[0] * 14) + b"\x81\0" * 2


def lying_jpeg(encoded: bytes, marker: int) -> bytes:
    """A frame of JPEG or JPEG-LS that says in its frame header (SOF) that it is 22000 x 22000."""
    at = encoded.index(bytes([0xFF, marker]))
    return encoded[: at + 5] + struct.pack(">HH", 22000, 22000) + encoded[at + 9 :]


def deflated(block: bytes, times: int, first: bytes = b"") -> bytes:
    squeeze = zlib.compressobj(9, wbits=-15)
    payload = squeeze.compress(first)
    return payload + b"".join(squeeze.compress(block) for _ in range(times)) + squeeze.flush()


def large_jpeg_xl() -> bytes:
    return bytes(imagecodecs.jpegxl_encode(np.zeros((9000, 9000), np.uint8), lossless=True, effort=1))


def fragments(count: int, frames: str) -> bytes:
    made = instance(RLELossless, b"\0" * 100, Rows=16, Columns=16, NumberOfFrames=frames)
    at = made.rindex(b"\xfe\xff\xdd\xe0")
    return made[:at] + b"\xfe\xff\x00\xe0\0\0\0\0" * count + made[at:]


def deflated_bomb() -> bytes:
    head = b"\x09\x00\x10\x10OB\0\0" + struct.pack("<I", 1 << 30)
    payload = deflated(bytes(1 << 24), 64, bare(head))
    meta = b"\x02\x00\x10\x00UI\x16\x001.2.840.10008.1.2.1.99"
    return bytes(128) + b"DICM" + b"\x02\x00\x00\x00UL\x04\x00" + struct.pack("<I", len(meta)) + meta + payload


BOMBS = {
    "a JPEG 2000 frame of 20000 x 20000 in a few bytes": (
        lambda: instance(JPEG2000Lossless, zeros_in_jpeg2000(20000), Rows=20000, Columns=20000),
        "decode-failed",
    ),
    "a JPEG 2000 frame whose header lies about its size": (
        lambda: instance(JPEG2000Lossless, zeros_in_jpeg2000(20000), Rows=16, Columns=16),
        "decode-wrong-size",
    ),
    "65535 x 65535 pixels of a thousand frames": (
        lambda: instance(RLELossless, b"\0" * 100, Rows=65535, Columns=65535, NumberOfFrames="1000"),
        "over-limit",
    ),
    "run lengths of 65535 x 65535": (
        lambda: instance(RLELossless, struct.pack("<16I", 1, 64, *[0] * 14) + b"\x81\0" * 900,
                         Rows=65535, Columns=65535, BitsAllocated=8, BitsStored=8, HighBit=7),
        "over-limit",
    ),
    "a gigabyte, deflated": (deflated_bomb, "over-limit"),
    "sequences nested 100,000 deep": (
        lambda: bare(b"\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff"
                     + b"\xfe\xff\x00\xe0\xff\xff\xff\xff\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff" * 100_000),
        "over-limit",
    ),
    "an element of four gigabytes": (lambda: bare(b"\x09\x00\x10\x10OB\0\0\xfe\xff\xff\xff" + bytes(50)), "truncated"),
    "40 MiB beside the pixels": (
        lambda: bare(b"\x09\x00\x10\x10OB\0\0" + struct.pack("<I", 40 << 20) + bytes(40 << 20)), "over-limit",
    ),
    "a JPEG-LS frame whose header lies about its size": (
        lambda: instance(JPEGLSLossless, lying_jpeg(imagecodecs.jpegls_encode(SMALL), 0xF7), Rows=16, Columns=16),
        "decode-wrong-size",
    ),
    "a lossless JPEG frame whose header lies about its size": (
        lambda: instance(JPEGLosslessSV1, lying_jpeg(imagecodecs.jpeg8_encode(SMALL, lossless=True), 0xC3),
                         Rows=16, Columns=16),
        "decode-wrong-size",
    ),
    "a lossless JPEG frame of 22000 x 22000 in a few bytes": (
        lambda: instance(JPEGLosslessSV1, lying_jpeg(imagecodecs.jpeg8_encode(SMALL, lossless=True), 0xC3),
                         Rows=22000, Columns=22000),
        "decode-failed",
    ),
    "an HTJ2K frame of 22000 x 22000 in a few bytes": (
        lambda: instance(HTJ2KLossless, zeros_in_jpeg2000(22000), Rows=22000, Columns=22000), "decode-failed",
    ),
    "a JPEG frame whose header lies about its size": (
        lambda: instance(JPEGBaseline8Bit, lying_jpeg(imagecodecs.jpeg8_encode(SMALL.astype(np.uint8)), 0xC0),
                         Rows=16, Columns=16, BitsAllocated=8, BitsStored=8, HighBit=7),
        "decode-wrong-size",
    ),
    "a JPEG XL frame of 9000 x 9000 in a few bytes": (
        lambda: instance_of_new_syntax(JPEG_XL, large_jpeg_xl(), Rows=9000, Columns=9000, BitsAllocated=8, BitsStored=8,
                                       HighBit=7),
        "decode-failed",
    ),
    "a JPEG XL frame that is larger than the data set says": (
        lambda: instance_of_new_syntax(JPEG_XL, large_jpeg_xl(), Rows=16, Columns=16, BitsAllocated=8, BitsStored=8,
                                       HighBit=7),
        "decode-failed",
    ),
    "a gigabyte in a deflated frame of 16 x 16": (
        lambda: instance_of_new_syntax(DEFLATED_FRAME, deflated(bytes(1 << 24), 64), Rows=16, Columns=16), "rendered",
    ),
    "two million fragments": (lambda: fragments(2_000_000, "1"), "over-limit"),
    "two million fragments for a million frames": (lambda: fragments(2_000_000, "1000000"), "over-limit"),
    "a polygon of 4096 corners": (
        lambda: instance(RLELossless, RLE_OF_ZEROS, Rows=16, Columns=16, BitsAllocated=8, BitsStored=8, HighBit=7,
                         ShutterShape="POLYGONAL", VerticesOfThePolygonalShutter=[1, 2**31 - 1] * 4096),
        "rendered",
    ),
    "a million elements": (lambda: bare(b"\x09\x00\x10\x10CS\0\0" * 1_000_000), "over-limit"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once_and_costs_no_memory(name: str, tmp_path: Path):
    make, expected = BOMBS[name]
    bomb, program = tmp_path / "bomb.dcm", tmp_path / "program.py"
    bomb.write_bytes(make())
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, str(program), str(bomb), "warm"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found = json.loads(done.stdout)
    print(f"{name}: {bomb.stat().st_size} bytes, {found}")
    assert found["code"] == expected
    assert found["seconds"] < REFUSAL_S
    assert found["worker_seconds"] < WORKER_S
    assert found["own_mb"] < MEMORY_MB
    assert found["worker_mb"] < 2 * MEMORY_MB


def test_a_frame_has_ten_seconds_and_one_more_for_every_ten_megapixels():
    assert [Limits().deadline(pixels) for pixels in (0, 10_000_000, 45_000_000)] == [10.0, 11.0, 14.5]
