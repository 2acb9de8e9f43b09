"""ICC profiles applied in a worker, against the published formulas of the colour spaces, and profiles that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file

from tests.samples import bytes_of
from workstation.dicom.frames import decode_frame
from workstation.dicom.part10 import read_part10
from workstation.dicom.pixels import FrameKey
from workstation.errors import DecodeError

if TYPE_CHECKING:
    from workstation.workers.pool import WorkerPool

PIXELS = np.random.default_rng(3).integers(0, 256, (90, 110, 3), dtype=np.uint8)
ADOBE_RGB = bytes(imagecodecs.cms_profile("adobergb"))
SRGB = bytes(imagecodecs.cms_profile("srgb"))


def srgb_of_adobe_rgb(pixels: np.ndarray) -> np.ndarray:
    """Adobe RGB (1998) 4.3.5 to XYZ, IEC 61966-2-1 to sRGB, in float64."""
    xyz = (pixels / 255) ** (563 / 256) @ np.array(
        [[0.57667, 0.29734, 0.02703], [0.18556, 0.62736, 0.07069], [0.18823, 0.07529, 0.99134]]
    )
    linear = xyz @ np.array(
        [[3.2404542, -0.9692660, 0.0556434], [-1.5371385, 1.8760108, -0.2040259], [-0.4985314, 0.0415560, 1.0572252]]
    )
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055) * 255


def test_adobe_rgb_becomes_what_the_formulas_say(worker_pool: WorkerPool):
    made = worker_pool.to_srgb(PIXELS, ADOBE_RGB)
    assert np.abs(made - srgb_of_adobe_rgb(PIXELS)).max() <= 1.0
    assert np.abs(made.astype(int) - PIXELS).max() > 20


def test_colours_that_are_srgb_are_not_touched(worker_pool: WorkerPool):
    assert worker_pool.to_srgb(PIXELS, SRGB) is PIXELS or np.array_equal(worker_pool.to_srgb(PIXELS, SRGB), PIXELS)


@pytest.mark.parametrize(
    "profile",
    [b"x", ADOBE_RGB[:200], ADOBE_RGB[:16] + b"CMYK" + ADOBE_RGB[20:], ADOBE_RGB[:12] + b"link" + ADOBE_RGB[16:],
     bytes(17 << 20)],
)  # fmt: skip
def test_a_profile_that_is_none_of_rgb_is_refused(profile: bytes, worker_pool: WorkerPool):
    with pytest.raises(DecodeError):
        worker_pool.to_srgb(PIXELS, profile)


def test_damaged_profiles_cost_their_own_jobs_at_most(worker_pool: WorkerPool):
    chance = np.random.default_rng(4)
    ends = set()
    for _ in range(150):
        damaged = bytearray(ADOBE_RGB)
        for place in chance.integers(20, len(damaged), 6):
            damaged[place] = chance.integers(0, 256)
        try:
            ends.add(worker_pool.to_srgb(PIXELS, bytes(damaged)).shape)
        except DecodeError as error:
            ends.add(error.code)
    assert ends <= {PIXELS.shape, "decode-failed", "decoder-died", "decode-timeout"}
    assert np.array_equal(worker_pool.to_srgb(PIXELS, ADOBE_RGB), worker_pool.to_srgb(PIXELS, ADOBE_RGB))


def coloured(profile: bytes) -> bytes:
    made = pydicom.dcmread(get_testdata_file("SC_rgb_small_odd.dcm", download=False))
    made.add_new("ICCProfile", "OB", profile)
    return bytes_of(made)


def test_an_image_with_a_profile_is_decoded_to_srgb(worker_pool: WorkerPool):
    plain = read_part10(coloured(SRGB))
    managed = read_part10(coloured(ADOBE_RGB))
    key = FrameKey("", "", "", 1)
    before, after = decode_frame(plain, 1, key, worker_pool), decode_frame(managed, 1, key, worker_pool)
    assert np.abs(after.values - srgb_of_adobe_rgb(before.values)).max() <= 1.0
    assert not after.ignores_profile


def test_an_image_whose_profile_cannot_be_used_keeps_its_colours_and_says_so(worker_pool: WorkerPool):
    key = FrameKey("", "", "", 1)
    expected = decode_frame(read_part10(coloured(SRGB)), 1, key, worker_pool).values
    made = decode_frame(read_part10(coloured(b"no profile at all")), 1, key, worker_pool)
    assert np.array_equal(made.values, expected)
    assert made.ignores_profile
