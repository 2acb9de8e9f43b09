"""Overlay planes as PS3.3 C.9.2 and PS3.5 8.1.2 lay them out; bits worked out by hand."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pydicom
import pytest
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.phantoms import dataset as phantom
from workstation.dicom.overlay_reader import overlay_planes_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

BITS = np.array([[1, 0, 0, 1, 0], [0, 1, 1, 0, 0], [1, 1, 1, 1, 1]], bool)


def with_plane(bits: np.ndarray = BITS, group: int = 0x6000, **more: tuple[int, str, object]) -> Dataset:
    """A data set with a plane of (frames, rows, columns) or (rows, columns) bits."""
    made = phantom(np.zeros((8, 8), np.uint16))
    made.add_new((group, 0x0010), "US", bits.shape[-2])
    made.add_new((group, 0x0011), "US", bits.shape[-1])
    made.add_new((group, 0x0040), "CS", "G")
    made.add_new((group, 0x0050), "SS", [1, 1])
    made.add_new((group, 0x0100), "US", 1)
    made.add_new((group, 0x0102), "US", 0)
    packed = np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    made.add_new((group, 0x3000), "OW", packed + b"\0" * (len(packed) % 2))
    for element, vr, value in more.values():
        made.add_new((group, element), vr, value)
    return made


def read_again(made: Dataset, syntax: str) -> Dataset:
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    made.file_meta.MediaStorageSOPClassUID, made.file_meta.MediaStorageSOPInstanceUID = made.SOPClassUID, "2.25.1"
    written = io.BytesIO()
    made.save_as(written, enforce_file_format=True)
    return pydicom.dcmread(io.BytesIO(written.getvalue()))


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian])
def test_the_first_pixel_is_the_lowest_bit_of_the_first_byte(syntax: str):
    (plane,) = overlay_planes_of(read_again(with_plane(), syntax))
    found = plane.bitmap()
    assert found is not None
    assert np.array_equal(found, BITS)


def test_big_endian_words_are_turned_round():
    made = with_plane()
    little = np.packbits(BITS.reshape(-1), bitorder="little").tobytes()
    made[0x6000, 0x3000].value = bytes([little[1], little[0]])
    made["PixelData"].VR = "OW"
    (plane,) = overlay_planes_of(read_again(made, ExplicitVRBigEndian))
    found = plane.bitmap()
    assert found is not None
    assert np.array_equal(found, BITS)


def test_frames_of_a_plane_follow_one_another_without_a_gap():
    frames = np.stack([BITS, ~BITS, BITS[::-1]])
    made = with_plane(frames, frames=(0x0015, "IS", 3), first=(0x0051, "US", 2))
    (plane,) = overlay_planes_of(made)
    assert plane.bitmap(1) is None
    for number, expected in enumerate(frames, start=2):
        found = plane.bitmap(number)
        assert found is not None
        assert np.array_equal(found, expected)
    assert plane.bitmap(5) is None
    assert [plane.applies_to(frame) for frame in (1, 2, 4, 5)] == [False, True, True, False]


def test_a_plane_that_counts_no_frames_lies_over_every_frame():
    (plane,) = overlay_planes_of(with_plane())
    assert plane.bitmap(17) is not None


def test_a_plane_in_the_pixel_cells_is_one_bit_of_each():
    made = phantom(np.zeros((2, 3), np.uint16))
    for element, vr, value in (
        (0x10, "US", 2), (0x11, "US", 3), (0x40, "CS", "R"), (0x50, "SS", [1, 1]), (0x100, "US", 16), (0x102, "US", 15),
    ):  # fmt: skip
        made.add_new((0x6004, element), vr, value)
    (plane,) = overlay_planes_of(made)
    assert (plane.group, plane.kind, plane.is_embedded) == (0x6004, "R", True)
    assert plane.bitmap(1) is None
    found = plane.bitmap(1, np.array([[0x8000, 0x7FFF, 0], [0xFFFF, 1, 0x8001]], np.uint16))
    assert found is not None
    assert found.tolist() == [[True, False, False], [True, False, True]]


def test_several_planes_keep_their_groups_places_and_names():
    made = with_plane()
    second = with_plane(
        BITS[:2], 0x6002, label=(0x1500, "LO", "ROI"), kind=(0x0040, "CS", "R"), place=(0x0050, "SS", [-1, 4])
    )
    made.update(second)
    first, other = overlay_planes_of(made)
    assert (first.group, first.kind, first.origin, first.label) == (0x6000, "G", (1, 1), "")
    assert (other.group, other.kind, other.origin, other.label) == (0x6002, "R", (-1, 4), "ROI")


@pytest.mark.parametrize("data", [b"\x01", b""])
def test_a_plane_whose_bits_are_not_all_there_is_not_drawn(data: bytes):
    made = with_plane()
    made[0x6000, 0x3000].value = data
    assert all(plane.bitmap() is None for plane in overlay_planes_of(made))


def test_a_plane_without_a_size_is_left_out():
    made = with_plane()
    made[0x6000, 0x0010].value = 0
    assert overlay_planes_of(made) == ()
