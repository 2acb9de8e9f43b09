"""A frame through the worker processes and their checks, beside the bare call of the same codec in this process."""

from __future__ import annotations

import statistics
import threading
import time
import zlib

import imagecodecs
import numpy as np
import pytest
from pydicom.pixels import get_encoder
from pydicom.uid import RLELossless

from tests.benchmarks.shown import ct_values, radiograph_values
from workstation.workers.jobs import frames
from workstation.workers.messages import DecodeJob

PICTURES = {"ct": (512, 12), "2000": (2000, 12)}


def _rle(picture):
    return bytes(get_encoder(RLELossless).encode(
        picture, rows=picture.shape[0], columns=picture.shape[1], samples_per_pixel=1, bits_allocated=16,
        bits_stored=12, pixel_representation=0, photometric_interpretation="MONOCHROME2",
        number_of_frames=1))  # fmt: skip


def _deflated(picture):
    stream = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return stream.compress(picture.tobytes()) + stream.flush()


def _lossless(predictor):
    return lambda picture: imagecodecs.jpeg8_encode(picture, lossless=True, predictor=predictor, bitspersample=12)


def _j2k(level):
    return lambda picture: imagecodecs.jpeg2k_encode(picture, level=level, codecformat="j2k", reversible=level == 0)


JPEG, RLE = imagecodecs.jpeg8_decode, lambda data: imagecodecs.dicomrle_decode(data, "<u2")
# name: transfer syntax, bits, encoder, the bare call
SYNTAXES = {
    "rle": ("1.2.840.10008.1.2.5", 12, _rle, RLE),
    "jpeg_8": ("1.2.840.10008.1.2.4.50", 8, lambda p: imagecodecs.jpeg8_encode(p, level=92), JPEG),
    "jpeg_12": ("1.2.840.10008.1.2.4.51", 12, lambda p: imagecodecs.jpeg8_encode(p, level=92, bitspersample=12), JPEG),
    "jpeg_lossless": ("1.2.840.10008.1.2.4.57", 12, _lossless(2), JPEG),
    "jpeg_lossless_sv1": ("1.2.840.10008.1.2.4.70", 12, _lossless(1), JPEG),
    "jpegls": (
        "1.2.840.10008.1.2.4.80", 12, lambda p: imagecodecs.jpegls_encode(p, level=0), imagecodecs.jpegls_decode),
    "jpegls_near": (
        "1.2.840.10008.1.2.4.81", 12, lambda p: imagecodecs.jpegls_encode(p, level=2), imagecodecs.jpegls_decode),
    "jpeg2000": ("1.2.840.10008.1.2.4.90", 12, _j2k(0), imagecodecs.jpeg2k_decode),
    "jpeg2000_lossy": ("1.2.840.10008.1.2.4.91", 12, _j2k(60), imagecodecs.jpeg2k_decode),
    "jpegxl": (
        "1.2.840.10008.1.2.4.110", 12, lambda p: imagecodecs.jpegxl_encode(p, lossless=True),
        imagecodecs.jpegxl_decode),
    "jpegxl_lossy": (
        "1.2.840.10008.1.2.4.112", 8, lambda p: imagecodecs.jpegxl_encode(p, level=90, lossless=False),
        imagecodecs.jpegxl_decode),
    "htj2k": (
        "1.2.840.10008.1.2.4.201", 12, lambda p: imagecodecs.htj2k_encode(p, reversible=True),
        imagecodecs.htj2k_decode),
    "htj2k_lossy": (
        "1.2.840.10008.1.2.4.203", 12, lambda p: imagecodecs.htj2k_encode(p, level=0.001, reversible=False),
        imagecodecs.jpeg2k_decode),
    "deflated": ("1.2.840.10008.1.2.8.1", 12, _deflated, lambda data: zlib.decompress(data, -zlib.MAX_WBITS)),
}  # fmt: skip


@pytest.fixture(scope="module")
def pictures():
    return {"ct": ct_values(512), "2000": np.ascontiguousarray(radiograph_values(2000, 2000))}


@pytest.mark.parametrize("size", PICTURES)
@pytest.mark.parametrize("name", SYNTAXES)
def test_decode(name, size, pair, pictures, worker_pool):
    syntax, bits, encode, bare = SYNTAXES[name]
    picture = pictures[size] if bits > 8 else (pictures[size] >> 4).astype(np.uint8)
    encoded = bytes(encode(picture))
    allocated = 16 if bits > 8 else 8
    job = DecodeJob(encoded, syntax, *picture.shape, 1, allocated, bits, bits - 1, 0, "MONOCHROME2")
    decoded = worker_pool.decode(job)
    difference = int(np.abs(decoded.astype(int) - picture).max())
    is_lossy = name in ("jpeg_8", "jpeg_12", "jpegls_near", "jpeg2000_lossy", "jpegxl_lossy", "htj2k_lossy")
    assert difference < picture.max() / 2 if is_lossy else difference == 0
    rounds = 15 if size == "ct" else 5
    pair.compare(f"decode_{name}_{size}", lambda: worker_pool.decode(job), lambda: bare(encoded),
                 rounds=rounds, megabytes=picture.nbytes / 1e6)  # fmt: skip


@pytest.mark.parametrize("size", PICTURES)
@pytest.mark.parametrize("name", SYNTAXES)
def test_decode_on_both_cores(name, size, pair, pictures, worker_pool):
    """Frames as the loader asks for them, two threads, against two threads with the bare codec."""
    syntax, bits, encode, bare = SYNTAXES[name]
    picture = pictures[size] if bits > 8 else (pictures[size] >> 4).astype(np.uint8)
    encoded = bytes(encode(picture))
    job = DecodeJob(encoded, syntax, *picture.shape, 1, 16 if bits > 8 else 8, bits, bits - 1, 0, "MONOCHROME2")
    count = 8 if size == "ct" else 2

    def ours(kept):
        if size == "ct":
            worker_pool.decode_each([job] * count, [None] * count, lambda _, outcome: kept.append(outcome))
        else:
            kept.extend(worker_pool.decode(job) for _ in range(count))
        assert all(outcome.shape == picture.shape for outcome in kept)

    def floor(kept):
        kept.extend(bare(encoded) for _ in range(count))

    def on_both(work):
        def run():
            threads = [threading.Thread(target=work, args=([],)) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        return run

    pair.compare(f"decode_both_{name}_{size}", on_both(ours), on_both(floor), rounds=9, each=2 * count)


def _hop(size):
    picture = np.ascontiguousarray(ct_values(512)[:size, :size])
    encoded = _rle(picture)
    return DecodeJob(encoded, "1.2.840.10008.1.2.5", *picture.shape, 1, 16, 12, 11, 0, "MONOCHROME2"), picture


@pytest.mark.parametrize("gap_ms", [0, 1, 5, 16, 50])
@pytest.mark.parametrize("together", [1, 8])
def test_hop_after_a_pause(together, gap_ms, pair, worker_pool):
    """What the way costs a frame when nothing happened for a while, alone and with others."""
    job, picture = _hop(256)
    room = memoryview(bytearray(job.output_bytes))
    times = {"ours": [], "bare": []}

    def ours():
        kept = []
        if together == 1:
            kept.append(worker_pool.decode(job))
        else:
            worker_pool.decode_each([job] * together, [None] * together, lambda _, outcome: kept.append(outcome))
        return kept

    def bare():
        for _ in range(together):
            frames.decode(job, room)

    assert all(np.array_equal(one, picture) for one in ours())
    for _ in range(60):
        for side, call in (("ours", ours), ("bare", bare)):
            time.sleep(gap_ms / 1e3)
            began = time.perf_counter()
            call()
            times[side].append((time.perf_counter() - began) / together)
    name = f"decode_hop_{together}_after_{gap_ms}_ms"
    pair.keep(name, statistics.median(times["ours"]), statistics.median(times["bare"]))


def test_hop(pair, worker_pool):
    """What the way to another process and back costs a frame: one so small that its decoding is nothing."""
    picture = np.ascontiguousarray(ct_values(512)[:32, :32])
    encoded = _rle(picture)
    job = DecodeJob(encoded, "1.2.840.10008.1.2.5", *picture.shape, 1, 16, 12, 11, 0, "MONOCHROME2")
    room = memoryview(bytearray(job.output_bytes))
    assert np.array_equal(worker_pool.decode(job), picture)
    count = 50

    def each(decode):
        def run():
            for _ in range(count):
                decode()

        return run

    pair.compare("decode_hop", each(lambda: worker_pool.decode(job)), each(lambda: frames.decode(job, room)),
                 rounds=30, each=count)  # fmt: skip
