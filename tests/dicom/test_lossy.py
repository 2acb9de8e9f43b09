"""An image that lost something says so, by its transfer syntax where no attribute does (PS3.5 A.4)."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pydicom.data
import pydicom.encaps
import pytest

from workstation.archive.intake import take_in
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import instance_of
from workstation.workers.pool import WorkerPool

FILES = Path(pydicom.data.__file__).parent / "test_files"


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(1) as made:
        yield made


@pytest.mark.parametrize(("name", "is_lossy"), [
    ("SC_rgb_jls_lossy_line.dcm", True),  # JPEG-LS near-lossless without Lossy Image Compression
    ("SC_rgb_small_odd_jpeg.dcm", True),
    ("JPEG2000.dcm", True),
    ("CT_small.dcm", False),
    ("MR_small_RLE.dcm", False),
    ("SC_rgb_gdcm_KY.dcm", True),
    ("MR_small_jpeg_ls_lossless.dcm", False),
    ("MR_small_jp2klossless.dcm", False),
])  # fmt: skip
def test_what_lost_something_is_marked(pool, name, is_lossy):
    file = FILES / name
    data = file.read_bytes()
    header = instance_of(DatasetAttributes(read_part10(data).dataset))
    shown = take_in(data, header, header.patient).shown(1, pool)
    assert shown.instance.is_lossy is is_lossy


@pytest.mark.parametrize("name", ["SC_rgb_jls_lossy_line.dcm", "JPEG2000.dcm", "SC_rgb_small_odd_jpeg.dcm"])
def test_where_no_attribute_says_it_the_ratio_is_that_of_the_bytes(pool, name):
    data = (FILES / name).read_bytes()
    made = pydicom.dcmread(FILES / name)
    (frame,) = pydicom.encaps.generate_frames(made.PixelData, number_of_frames=1)
    ratio = made.Rows * made.Columns * made.SamplesPerPixel * made.BitsStored / 8 / len(frame)
    header = instance_of(DatasetAttributes(read_part10(data).dataset))
    found = take_in(data, header, header.patient).shown(1, pool).instance
    if "LossyImageCompressionRatio" in made:
        assert not found.lossy_ratio.startswith("≈")
    else:
        assert found.lossy_ratio == (f"≈{ratio:.0f}" if ratio >= 1.5 else "")


def test_what_lost_nothing_has_no_ratio(pool):
    data = (FILES / "MR_small_jp2klossless.dcm").read_bytes()
    header = instance_of(DatasetAttributes(read_part10(data).dataset))
    assert take_in(data, header, header.patient).shown(1, pool).instance.lossy_ratio == ""
