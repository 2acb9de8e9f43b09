"""Uncompressed colour in every planar configuration against pydicom (YBR to a rounding), and dcmtk (2 off at most)."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pydicom.pixels import convert_color_space

from tests.oracles.every_file import by_dcmtk
from tests.phantoms import dataset, part10
from workstation.dicom.grayscale import Window
from workstation.rendering.still import render_file

if TYPE_CHECKING:
    from pathlib import Path

    from workstation.workers.pool import WorkerPool

SAMPLES = np.random.default_rng(7).integers(0, 256, (32, 40, 3), dtype=np.uint8)


def image(meaning: str, planar: int, samples: np.ndarray, bits: int = 8, stored: int = 0) -> bytes:
    made = dataset(np.zeros(samples.shape[:2], np.uint16))
    made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PlanarConfiguration = 3, meaning, planar
    made.BitsAllocated, made.BitsStored, made.HighBit = bits, stored or bits, (stored or bits) - 1
    cells = samples.transpose(2, 0, 1) if planar else samples
    made.PixelData = np.ascontiguousarray(cells).tobytes()
    made["PixelData"].VR = "OW" if bits > 8 else "OB"
    return part10(made)


def subsampled(ybr: np.ndarray) -> tuple[bytes, np.ndarray]:
    """4:2:2 as PS3.3 C.7.6.3.1.2 lays it out, and the pixels it stands for."""
    pairs = np.stack([ybr[:, 0::2, 0], ybr[:, 1::2, 0], ybr[:, 0::2, 1], ybr[:, 0::2, 2]], -1)
    whole = ybr.copy()
    whole[:, 1::2, 1:] = whole[:, 0::2, 1:]
    return pairs.tobytes(), whole


@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("meaning", ["RGB", "YBR_FULL"])
def test_colour_by_pixel_and_by_plane(meaning: str, planar: int, tmp_path: Path, pool: WorkerPool):
    data = image(meaning, planar, SAMPLES)
    ours = render_file(data, pool)
    expected = SAMPLES if meaning == "RGB" else convert_color_space(SAMPLES, "YBR_FULL", "RGB")
    assert np.abs(ours.astype(int) - expected).max() <= (0 if meaning == "RGB" else 1)
    if shutil.which("dcm2pnm"):
        (tmp_path / "colour.dcm").write_bytes(data)
        theirs = by_dcmtk(tmp_path / "colour.dcm", tmp_path, None, "")
        assert np.abs(theirs.astype(int) - ours).max() <= (0 if meaning == "RGB" else 2)


def test_colour_with_half_the_chroma(tmp_path: Path, pool: WorkerPool):
    packed, whole = subsampled(SAMPLES)
    data = image("YBR_FULL_422", 0, np.frombuffer(packed, np.uint8).reshape(32, 40, 2))
    ours = render_file(data, pool)
    assert np.abs(ours.astype(int) - convert_color_space(whole, "YBR_FULL", "RGB")).max() <= 1
    if shutil.which("dcm2pnm"):
        (tmp_path / "colour.dcm").write_bytes(data)
        theirs = by_dcmtk(tmp_path / "colour.dcm", tmp_path, None, "")
        assert np.abs(theirs.astype(int) - ours).max() <= 2


@pytest.mark.parametrize("planar", [0, 1])
def test_deep_colour_fills_the_range(planar: int, pool: WorkerPool):
    deep = SAMPLES.astype(np.uint16) * 16 + 7
    ours = render_file(image("RGB", planar, deep, 16, 12), pool)
    assert np.array_equal(ours, np.rint(deep * (255 / 4095)))


def test_a_window_does_nothing_to_true_colour(pool: WorkerPool):

    data = image("RGB", 0, SAMPLES)
    assert np.array_equal(render_file(data, pool, voi=Window(10, 5)), SAMPLES)
