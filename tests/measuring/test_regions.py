"""Region statistics against masks drawn the slow way: every pixel asked by itself, and numpy over the answer."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from workstation.dicom.grayscale import Grayscale, ModalityTransform
from workstation.measuring.regions import box_patch, ellipse_patch, pixel_patch, polygon_patch, statistics

RNG = np.random.default_rng(7)
IMAGE = RNG.integers(-900, 2000, (40, 30), dtype=np.int16)
CT = Grayscale(ModalityTransform(1.5, -1024.0), is_signed=True)


def inside(points, x, y):
    """Whether a ray to the right crosses the outline an odd number of times (Franklin's rule)."""
    is_in = False
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            is_in = not is_in
    return is_in


def asked_pixel_by_pixel(patch_of, is_in, image=IMAGE):
    patch = patch_of(image.shape)
    mask = np.zeros(image.shape, bool)
    height, width = patch.mask.shape
    mask[patch.row : patch.row + height, patch.column : patch.column + width] = patch.mask
    slow = np.array([[is_in(x, y) for x in range(image.shape[1])] for y in range(image.shape[0])])
    return mask, slow


def test_two_thousand_random_shapes_hold_the_pixels_that_a_slow_look_finds_and_numpys_statistics():
    chance = random.Random(11)
    small = IMAGE[:16, :14]
    for number in range(2000):
        count = chance.randint(3, 7)
        points = [(chance.uniform(-4, 18), chance.uniform(-4, 20)) for _ in range(count)]
        if number % 2:
            mask, slow = asked_pixel_by_pixel(
                lambda shape, points=points: polygon_patch(np.array(points), shape),
                lambda x, y, points=points: inside(points, x, y), small,
            )  # fmt: skip
            patch = polygon_patch(np.array(points), small.shape)
        else:
            (x0, y0), (x1, y1) = points[:2]
            mask, slow = asked_pixel_by_pixel(
                lambda shape, points=points: ellipse_patch(np.array(points[:2]), shape),
                lambda x, y, p=(x0, y0, x1, y1): (
                    ((x - (p[0] + p[2]) / 2) / ((p[2] - p[0]) / 2)) ** 2
                    + ((y - (p[1] + p[3]) / 2) / ((p[3] - p[1]) / 2)) ** 2 <= 1
                ), small,
            )  # fmt: skip
            patch = ellipse_patch(np.array(points[:2]), small.shape)
        assert np.array_equal(mask, slow), points
        found, values = statistics(patch, small, CT), small[slow] * 1.5 - 1024.0
        assert found.count == values.size
        if values.size:
            wanted = (np.mean(values), np.std(values), np.min(values), np.max(values))
            assert (found.mean, found.deviation, found.minimum, found.maximum) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(("kind", "low", "high"), [
    (np.int16, -32768, 32767), (np.uint16, 0, 65535), (np.int8, -128, 127), (np.uint8, 3, 250),
    (np.int32, -70000, 70000), (np.float32, -5.5, 9.25), (np.uint16, 60000, 60001),
])  # fmt: skip
def test_a_large_region_has_numpys_statistics_over_the_whole_range_of_its_kind(kind, low, high):
    image = np.random.default_rng(3).uniform(low, high, (120, 90)).astype(kind)
    image[0, :2] = low, high
    grayscale = Grayscale(ModalityTransform(0.25, -7.0), is_signed=low < 0)
    outline = np.array([(-1, -1), (90, -1), (90, 120), (-1, 120.0)])
    found = statistics(polygon_patch(outline, image.shape), image, grayscale)
    values = image.astype(np.float64) * 0.25 - 7.0
    assert found.count == values.size
    wanted = (values.mean(), values.std(), values.min(), values.max())
    assert (found.mean, found.deviation, found.minimum, found.maximum) == pytest.approx(wanted, rel=1e-6)


def test_numbers_that_are_none_do_not_count():
    image = np.array([[1.0, np.nan], [np.inf, 3.0]], np.float32)
    found = statistics(polygon_patch(np.array([(-1, -1), (2, -1), (2, 2), (-1, 2.0)]), image.shape), image, Grayscale())
    assert (found.count, found.mean) == (2, 2.0)


def test_an_upright_rectangle_holds_the_pixels_of_its_four_corners_polygon():
    chance = random.Random(5)
    for _ in range(2000):
        edges = [chance.choice((chance.uniform(-6, 36), float(chance.randint(-6, 36)))) for _ in range(4)]
        box = np.array([edges[:2], edges[2:]])
        (x0, y0), (x1, y1) = box
        found = box_patch(box, IMAGE.shape)
        wanted = polygon_patch(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]), IMAGE.shape)
        masks = np.zeros((2, *IMAGE.shape), bool)
        for mask, patch in zip(masks, (found, wanted), strict=True):
            height, width = patch.mask.shape
            mask[patch.row : patch.row + height, patch.column : patch.column + width] = patch.mask
        assert np.array_equal(*masks), box


def test_padding_does_not_count():
    image = np.array([[-2000, 5], [7, -1999]], np.int16)
    grayscale = Grayscale(padding=(-2000, -1999), is_signed=True)
    found = statistics(polygon_patch(np.array([(-1, -1), (2, -1), (2, 2), (-1, 2.0)]), image.shape), image, grayscale)
    assert (found.count, found.mean, found.minimum, found.maximum) == (2, 6, 5, 7)
    alone = statistics(pixel_patch(0, 0, image.shape), image, grayscale)
    assert alone.count == 0
    assert math.isnan(alone.mean)


def test_a_region_at_the_border_counts_what_is_there_and_one_beyond_it_nothing():
    corner = polygon_patch(np.array([(-5, -5), (0.5, -5), (0.5, 0.5), (-5, 0.5)]), IMAGE.shape)
    assert statistics(corner, IMAGE, CT).count == 1
    beyond = polygon_patch(np.array([(50, 50), (60, 50), (60, 60.0)]), IMAGE.shape)
    assert statistics(beyond, IMAGE, CT).count == 0
    assert statistics(ellipse_patch(np.array([(50, 50), (60, 60.0)]), IMAGE.shape), IMAGE, CT).count == 0


@pytest.mark.parametrize(("place", "value"), [
    ((0, 0), 0), ((-0.5, -0.4), 0), ((29.49, 39.4), (39, 29)), ((2.5, 1), (1, 3)), ((2.49, 1), (1, 2)),
])  # fmt: skip
def test_a_probe_reads_the_very_pixel_it_lies_in(place, value):
    found = statistics(pixel_patch(*place, IMAGE.shape), IMAGE, Grayscale(is_signed=True))
    assert found.mean == (IMAGE[0, 0] if value == 0 else IMAGE[value])


@pytest.mark.parametrize("place", [(-0.51, 0), (29.5, 0), (0, 39.5), (0, -0.6)])
def test_a_probe_outside_of_the_image_reads_nothing(place):
    assert statistics(pixel_patch(*place, IMAGE.shape), IMAGE, CT).count == 0
