"""Overlay planes against dcmtk: the pixels that it draws white are ours, own arrays and bits of pixel cells alike."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import cv2
import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGExtended12Bit

from tests.dicom.test_overlay_planes import BITS, with_plane
from tests.phantoms import part10
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.frames import ShownFrame, shown_frame
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import instance_of
from workstation.rendering.overlay_layer import OverlayLayer
from workstation.viewing.plan import resolve
from workstation.viewing.projection import CanvasSize, View
from workstation.viewing.viewport import ViewportState

if TYPE_CHECKING:
    from pathlib import Path

    from workstation.workers.pool import WorkerPool

pytestmark = pytest.mark.skipif(shutil.which("dcm2pnm") is None, reason="dcmtk is not installed")


def shown(data: bytes, pool: WorkerPool, frame: int = 1) -> ShownFrame:
    read = read_part10(data)
    return shown_frame(read, instance_of(DatasetAttributes(read.dataset)), frame, pool)


def drawn_by_dcmtk(path: Path, out: Path, frame: int = 1) -> np.ndarray:
    """Where dcmtk draws white that is black in the same image through a window above all of its values."""
    command = ["dcm2pnm", "+F", str(frame), "+Ww", "70000", "2", "+O", "0", "+Omr", "+Osf", "1.0", str(path), str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return np.asarray(cv2.imread(str(out), cv2.IMREAD_UNCHANGED) > 0)


REAL = ("odd_files/overlay.dcm", "odd_files/MR-SIEMENS-DICOM-WithOverlays.dcm", "codecs_pydicom/examples_overlay.dcm")


@pytest.mark.parametrize("name", REAL)
def test_the_planes_of_real_files_are_where_dcmtk_draws_them(
    name: str, shared_data: Path, tmp_path: Path, pool: WorkerPool
):
    path = shared_data / name
    found = shown(path.read_bytes(), pool).overlays
    assert found.graphics is not None
    assert found.missing == 0
    theirs = drawn_by_dcmtk(path, tmp_path / "out.pgm")
    assert np.array_equal(found.graphics > 0, theirs)
    assert theirs.any()


@pytest.mark.parametrize("origin", [(1, 1), (3, 5), (0, -1), (7, 6), (-9, 1), (40, 40)])
def test_a_plane_that_begins_elsewhere_lies_where_dcmtk_draws_it(
    origin: tuple[int, int], tmp_path: Path, pool: WorkerPool
):
    made = with_plane()
    made[0x6000, 0x0050].value = list(origin)
    second = with_plane(~BITS, 0x6002)
    second[0x6002, 0x0050].value = [4, 2]
    made.update(second)
    data = part10(made)
    (tmp_path / "planes.dcm").write_bytes(data)
    found = shown(data, pool).overlays
    assert found.graphics is not None
    assert np.array_equal(found.graphics > 0, drawn_by_dcmtk(tmp_path / "planes.dcm", tmp_path / "out.pgm"))


def test_each_frame_has_the_frame_of_the_plane_that_dcmtk_draws_on_it(tmp_path: Path, pool: WorkerPool):
    planes = np.stack([BITS, ~BITS, BITS[::-1]])
    made = with_plane(planes, frames=(0x0015, "IS", 3), first=(0x0051, "US", 2))
    made.NumberOfFrames, made.PixelData = 5, made.PixelData * 5
    data = part10(made)
    (tmp_path / "frames.dcm").write_bytes(data)
    for frame in range(1, 6):
        found = shown(data, pool, frame).overlays.graphics
        theirs = drawn_by_dcmtk(tmp_path / "frames.dcm", tmp_path / "out.pgm", frame)
        assert np.array_equal(np.zeros((8, 8), bool) if found is None else found > 0, theirs)
        assert theirs.any() == (2 <= frame <= 4)


@pytest.mark.parametrize("bit", [12, 13, 15])
def test_a_plane_in_unused_bits_is_what_dcmtk_draws_and_no_grey(bit: int, tmp_path: Path, pool: WorkerPool):
    chance = np.random.default_rng(bit)
    plane = chance.integers(0, 2, (8, 8)).astype(np.uint16)
    values = chance.integers(0, 4096, (8, 8)).astype(np.uint16)
    made = with_plane()
    del made[0x6000, 0x3000]
    for element, value in ((0x10, 8), (0x11, 8), (0x100, 16), (0x102, bit)):
        made[0x6000, element].value = value
    made.BitsStored, made.HighBit, made.PixelData = 12, 11, (values | plane << bit).tobytes()
    data = part10(made)
    (tmp_path / "cells.dcm").write_bytes(data)
    found = shown(data, pool)
    assert np.array_equal(found.frame.values, values)
    assert found.overlays.graphics is not None
    assert np.array_equal(found.overlays.graphics > 0, drawn_by_dcmtk(tmp_path / "cells.dcm", tmp_path / "out.pgm"))


def layer_of(frame: ShownFrame, scale: float, canvas: CanvasSize) -> np.ndarray:
    """The layer on the whole canvas: B, G, R, A."""
    plan = resolve(ViewportState(view=View(scale=scale)), frame, canvas)
    layer, whole = OverlayLayer().paint(plan), np.zeros((canvas.height, canvas.width, 4), np.uint8)
    assert layer is not None
    height, width = layer.pixels.shape[:2]
    part = whole[layer.top : layer.top + height, layer.left : layer.left + width]
    part[...] = layer.pixels[: part.shape[0], : part.shape[1]]
    return whole


def test_at_one_to_one_the_layer_is_white_where_dcmtk_is(shared_data: Path, tmp_path: Path, pool: WorkerPool):
    path = shared_data / "odd_files/overlay.dcm"
    frame = shown(path.read_bytes(), pool)
    rows, columns = frame.frame.values.shape
    layer = layer_of(frame, 1.0, CanvasSize(columns, rows))
    assert np.array_equal(layer[..., 0] > 200, drawn_by_dcmtk(path, tmp_path / "out.pgm"))


def large(bits: np.ndarray, kind: str = "G") -> bytes:
    """A black image of the size of a plane, with it."""
    made = with_plane(bits)
    made[0x6000, 0x0040].value = kind
    made.Rows, made.Columns = bits.shape
    made.PixelData = bytes(2 * bits.size)
    return part10(made)


@pytest.mark.parametrize("scale", [0.13, 0.3, 0.5, 0.77])
def test_a_line_one_pixel_thin_is_never_lost_when_the_image_is_reduced(scale: float, pool: WorkerPool):
    bits = np.zeros((200, 200), bool)
    bits[77], bits[:, 131] = True, True
    layer = layer_of(shown(large(bits), pool), scale, CanvasSize(200, 200))
    side = int(200 * scale)
    left = (200 - side) // 2 + 2
    for axis in (0, 1):
        assert layer[..., 3].max(axis=axis)[left : left + side - 4].min() > 120


def test_a_region_of_interest_does_not_hide_what_lies_inside_it(pool: WorkerPool):
    bits = np.zeros((100, 100), bool)
    bits[20:80, 20:80] = True
    layer = layer_of(shown(large(bits, "R"), pool), 1.0, CanvasSize(100, 100))
    assert layer[50, 50, 3] == 0
    assert layer[20, 50, 3] > 230
    assert layer[10, 50, 3] == 0


def test_a_file_whose_plane_cannot_be_read_says_that_one_is_missing(pool: WorkerPool):
    short, without = with_plane(), with_plane()
    short[0x6000, 0x3000].value = b"\1\0"
    short[0x6000, 0x0010].value = 60
    del without[0x6000, 0x3000]
    assert [shown(part10(made), pool).overlays.missing for made in (short, without)] == [1, 1]


COMPRESSED = {
    "RLE": ("dcmcrle",),
    "JPEG lossless": ("dcmcjpeg", "+e1"),
    "JPEG lossless, seventh predictor": ("dcmcjpeg", "+el", "+sv", "7"),
    "JPEG-LS": ("dcmcjpls",),
}


@pytest.mark.parametrize("name", COMPRESSED)
def test_planes_in_the_cells_of_losslessly_compressed_frames_are_where_dcmtk_draws_them(
    name: str, shared_data: Path, tmp_path: Path, pool: WorkerPool
):
    """Compressed without loss, a cell keeps the bits beside its value; the value is what it was."""
    path, made = shared_data / "odd_files/overlay.dcm", tmp_path / "made.dcm"
    command, *options = COMPRESSED[name]
    if shutil.which(command) is None:
        pytest.skip(f"{command} is not installed")
    subprocess.run([command, *options, str(path), str(made)], check=True, capture_output=True)
    found, native = shown(made.read_bytes(), pool), shown(path.read_bytes(), pool)
    assert np.array_equal(found.frame.values, native.frame.values)
    assert found.overlays.missing == 0
    assert found.overlays.graphics is not None
    drawn = found.overlays.graphics > 0
    assert np.array_equal(drawn, native.overlays.graphics > 0)
    if command == "dcmcrle":
        assert np.array_equal(drawn, drawn_by_dcmtk(made, tmp_path / "out.pgm"))


def encapsulated(path: Path, syntax: str, encode, *, bits: int = 16) -> bytes:
    """The file's frame compressed again; `bits`: how many of each cell the encoder sees."""
    made = pydicom.dcmread(path)
    cells = np.frombuffer(made.PixelData, "<u2").reshape(made.Rows, made.Columns) & ((1 << bits) - 1)
    made.file_meta.TransferSyntaxUID = syntax
    made.add_new("PixelData", "OB", encapsulate([bytes(encode(np.ascontiguousarray(cells)))]))
    made["PixelData"].is_undefined_length = True
    written = io.BytesIO()
    made.save_as(written, enforce_file_format=True)
    return written.getvalue()


def jpeg2000(cells: np.ndarray) -> bytes:
    return imagecodecs.jpeg2k_encode(cells, level=0, codecformat="J2K", reversible=True)


def test_planes_in_the_cells_of_a_jpeg2000_frame_are_found_and_change_no_value(shared_data: Path, pool: WorkerPool):
    """pydicom writes such files, and gives their values with the bits of the planes (its issue 2260)."""
    path = shared_data / "odd_files/overlay.dcm"
    found, native = shown(encapsulated(path, JPEG2000Lossless, jpeg2000), pool), shown(path.read_bytes(), pool)
    assert np.array_equal(found.frame.values, native.frame.values)
    assert np.array_equal(found.overlays.graphics, native.overlays.graphics)
    assert found.overlays.missing == 0


@pytest.mark.parametrize("is_lossy", [False, True])
def test_planes_that_the_compression_dropped_are_said_to_be_missing(
    is_lossy: bool, shared_data: Path, pool: WorkerPool
):
    path = shared_data / "odd_files/overlay.dcm"
    if is_lossy:
        data = encapsulated(path, JPEGExtended12Bit, lambda cells: imagecodecs.jpeg8_encode(cells, level=95,
                            bitspersample=12), bits=12)  # fmt: skip
    else:
        data = encapsulated(path, JPEG2000Lossless, jpeg2000, bits=12)
    found, native = shown(data, pool), shown(path.read_bytes(), pool)
    assert found.overlays.missing == 2
    assert native.overlays.missing == 0
    assert bool(found.overlays)  # so the image says that an overlay is not shown
    assert found.overlays.graphics is not None  # a third plane has an array of its own
    assert 0 < (found.overlays.graphics > 0).sum() < (native.overlays.graphics > 0).sum()
    assert int(np.abs(found.frame.values.astype(int) - native.frame.values).max()) <= (200 if is_lossy else 0)
