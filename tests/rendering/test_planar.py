"""What is painted is what was asked: against plain numpy indexing and OpenCV's whole-image resampling."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.phantoms import ct_slice, dataset
from tests.viewing.shown import shown_of
from workstation.dicom.frames import ShownFrame
from workstation.dicom.geometry import ImagePoint
from workstation.dicom.grayscale import Window, display_table
from workstation.dicom.pixels import Frame
from workstation.rendering.planar import Painter, sample
from workstation.viewing.plan import resolve
from workstation.viewing.projection import CanvasPoint, CanvasSize, View
from workstation.viewing.viewport import ViewportState


def plan_of(shown, canvas, **state):
    return resolve(ViewportState(**state), shown, canvas)


def whole_canvas(plan):
    """The painting on a canvas of a value no image has."""
    canvas = np.full((plan.canvas.height, plan.canvas.width), 77, np.uint8)
    painting = Painter().paint(plan)
    if painting is not None:
        height, width = painting.pixels.shape[:2]
        canvas[painting.top : painting.top + height, painting.left : painting.left + width] = painting.pixels
    return canvas


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_at_one_to_one_each_device_pixel_is_the_pixel_the_projection_names(turns, mirrored):
    shown = shown_of(ct_slice(3, spacing_mm=(0.7, 0.7), shape=(40, 56)))
    view = View(quarter_turns=turns, is_mirrored=mirrored, scale=1.0)
    window = Window(100, 400)
    plan = plan_of(shown, CanvasSize(61, 63), view=view, voi=window)
    canvas = whole_canvas(plan)
    table = display_table(shown.grayscale, window)
    expected = np.full_like(canvas, 77)
    for y in range(63):
        for x in range(61):
            pixel = plan.projection.pixel_at(CanvasPoint(x + 0.5, y + 0.5))
            if pixel is not None:
                expected[y, x] = table[np.uint16(shown.frame.values[pixel[1], pixel[0]])]
    assert np.array_equal(canvas, expected)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("scale", [0.13, 0.5, 0.99, 1.7, 6.0])
def test_at_any_scale_a_bright_square_is_painted_where_the_projection_says(turns, mirrored, scale):
    values = np.zeros((120, 90), np.uint16)
    values[30:60, 10:40] = 4000
    shown = shown_of(dataset(values))
    view = View(quarter_turns=turns, is_mirrored=mirrored, scale=scale)
    plan = plan_of(shown, CanvasSize(800, 800), view=view, voi=Window(2000, 4000))
    canvas = whole_canvas(plan)
    assert canvas.max() > 200 or scale < 0.2
    rows, columns = np.nonzero((canvas > 127) & (canvas != 77))
    found = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
    expected = plan.projection.to_canvas(plan.projection.to_image(CanvasPoint(0, 0))._replace(column=24.5, row=44.5))
    assert np.abs(found - expected).max() <= 1.0


def test_fit_reduces_by_the_mean_of_what_each_pixel_covers():
    rng = np.random.default_rng(5)
    values = rng.integers(0, 4000, (400, 600)).astype(np.uint16)
    shown = shown_of(dataset(values))
    plan = plan_of(shown, CanvasSize(150, 100))
    samples, corner = sample(values, plan)
    assert corner == (0, 0)
    expected = values.reshape(100, 4, 150, 4).mean(axis=(1, 3))
    assert samples.shape == (100, 150)
    assert np.abs(samples - expected).max() <= 0.5 + 1e-9


def box_mean(values, size):
    """The mean over the area under each target pixel, exactly: fractions of pixels count as fractions."""

    def weights(count, wished):
        edges = np.linspace(0, count, wished + 1)
        low, high = edges[:-1, None], edges[1:, None]
        pixel = np.arange(count)[None, :]
        overlap = np.clip(np.minimum(high, pixel + 1) - np.maximum(low, pixel), 0, None)
        return overlap / (high - low)

    return weights(values.shape[0], size[0]) @ values.astype(np.float64) @ weights(values.shape[1], size[1]).T


@pytest.mark.parametrize(("turns", "mirrored"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_reduced_image_that_is_moved_keeps_the_very_pixels_of_its_mean(turns, mirrored):
    values = np.random.default_rng(8).integers(0, 4000, (300, 200)).astype(np.uint16)
    shown, painter = shown_of(dataset(values)), Painter()
    view = View(quarter_turns=turns, is_mirrored=mirrored, scale=0.7)
    turned = values if not turns else np.rot90(values, -turns)
    turned = turned[:, ::-1] if mirrored else turned
    expected = box_mean(turned, tuple(round(0.7 * side) for side in turned.shape))
    table = display_table(shown.grayscale, Window(2000, 4000))
    for column in np.linspace(60, 140, 9):
        plan = plan_of(shown, CanvasSize(90, 80), view=replace(view, centre=ImagePoint(column, 150.0)),
                       voi=Window(2000, 4000))  # fmt: skip
        painting = painter.paint(plan)
        left, top, _, _ = plan.projection.rectangle()
        x, y = painting.left - round(left), painting.top - round(top)
        height, width = painting.pixels.shape
        part = expected[y : y + height, x : x + width]
        found = painting.pixels[: part.shape[0], : part.shape[1]]
        wanted = table[np.clip(np.round(part), 0, 65535).astype(np.uint16)]
        assert part.size > 3000
        assert np.abs(found.astype(int) - wanted).max() <= 1


@pytest.mark.parametrize("scale", [0.2, 0.33, 0.5, 0.62, 0.9])
def test_while_a_zoom_follows_the_hand_nothing_vanishes_and_at_rest_it_is_painted_as_ever(scale):
    values = np.zeros((1500, 1500), np.uint16)
    values[:, 701] = 4000
    values[300:600, 900:1200] = 2000
    shown, painter = shown_of(dataset(values)), Painter()
    painter.paint(plan_of(shown, CanvasSize(900, 900), view=View(scale=0.4), voi=Window(200, 400)))
    plan = plan_of(shown, CanvasSize(900, 900), view=View(scale=scale), voi=Window(200, 400))
    moving = painter.paint(plan, is_hasty=True)
    assert painter.is_rough
    assert (moving.pixels.max(axis=1) > 40).all()
    at_rest = painter.paint(plan)
    assert not painter.is_rough
    wanted = Painter().paint(plan)
    assert (at_rest.left, at_rest.top) == (wanted.left, wanted.top) == (moving.left, moving.top)
    assert np.array_equal(at_rest.pixels, wanted.pixels)
    differs = np.abs(moving.pixels.astype(int) - wanted.pixels) > 40
    assert differs.mean() < 0.03
    assert painter.paint(plan, is_hasty=True) is at_rest
    assert not painter.is_rough


def test_a_small_image_is_never_painted_roughly():
    values = np.random.default_rng(8).integers(0, 4000, (500, 500)).astype(np.uint16)
    painter = Painter()
    painter.paint(plan_of(shown_of(dataset(values)), CanvasSize(400, 400), view=View(scale=0.6)), is_hasty=True)
    assert not painter.is_rough


def test_a_thin_line_does_not_vanish_when_the_image_is_reduced():
    values = np.zeros((1000, 1000), np.uint16)
    values[:, 501] = 4000
    canvas = whole_canvas(plan_of(shown_of(dataset(values)), CanvasSize(100, 100), voi=Window(200, 400)))
    assert (canvas.max(axis=1) > 200).all()


def test_enlarging_interpolates_as_opencv_does_on_the_whole_image():
    shown = shown_of(ct_slice(2, spacing_mm=(0.6, 0.6), shape=(30, 50)))
    plan = plan_of(shown, CanvasSize(150, 90))
    samples, _ = sample(shown.frame.values, plan)
    expected = cv2.resize(shown.frame.values, (150, 90), interpolation=cv2.INTER_LINEAR)
    assert samples.shape == expected.shape
    # warpAffine places samples on a grid of 1/32 pixel: the ramp rises by 5 a pixel, the square's edge by 2,000
    flat = np.ones_like(expected, bool)
    flat[24:54, 80:115] = False
    assert np.abs(samples.astype(int) - expected)[flat].max() <= 1


def test_only_what_is_visible_is_painted():
    shown = shown_of(ct_slice(1))
    plan = plan_of(shown, CanvasSize(200, 100), view=View(scale=10.0))
    painting = Painter().paint(plan)
    assert painting.pixels.shape == (100, 200)
    away = replace(View(scale=1.0), centre=plan.projection.to_image(CanvasPoint(99999, 0)))
    assert Painter().paint(plan_of(shown, CanvasSize(20, 20), view=away)) is None


def test_a_window_drag_samples_once_and_a_scroll_samples_again(monkeypatch):
    from workstation.rendering import planar

    counted = []
    monkeypatch.setattr(planar, "sample", lambda *words, **more: counted.append(1) or sample(*words, **more))
    painter = Painter()
    shown = shown_of(ct_slice(1))
    for width in (100, 200, 300):
        painter.paint(plan_of(shown, CanvasSize(64, 64), voi=Window(0, width)))
    assert len(counted) == 1
    painter.paint(plan_of(shown_of(ct_slice(2)), CanvasSize(64, 64), voi=Window(0, 300)))
    assert len(counted) == 2


def test_inverting_mirrors_the_greys_and_colour_too():
    shown = shown_of(ct_slice(1))
    plain = Painter().paint(plan_of(shown, CanvasSize(64, 64)))
    inverted = Painter().paint(plan_of(shown, CanvasSize(64, 64), is_inverted=True))
    assert np.array_equal(plain.pixels, 255 - inverted.pixels)
    rgb = np.dstack([np.full((8, 8), v, np.uint8) for v in (10, 20, 30)])
    colour = ShownFrame(shown.instance, Frame(shown.frame.key, rgb), None)
    assert Painter().paint(plan_of(colour, CanvasSize(8, 8))).pixels[4, 4].tolist() == [10, 20, 30]
    assert Painter().paint(plan_of(colour, CanvasSize(8, 8), is_inverted=True)).pixels[4, 4].tolist() == [245, 235, 225]


def test_32_bit_values_are_painted_by_the_formula():
    made = dataset(np.zeros((4, 4), np.uint16))
    grey = shown_of(made)
    values = np.arange(16, dtype=np.uint32).reshape(4, 4) * 200_000_000
    shown = ShownFrame(grey.instance, Frame(grey.frame.key, values), grey.grayscale)
    plan = plan_of(shown, CanvasSize(4, 4), voi=Window(1_500_000_000.5, 3_000_000_001.0))
    painted = Painter().paint(plan).pixels
    assert np.abs(painted.astype(float) - np.rint(values / 3e9 * 255)).max() <= 1


@pytest.mark.parametrize("bits", [8, 16])
def test_a_signed_slice_at_the_edges_of_its_range_does_not_wrap(bits):
    kind = np.int8 if bits == 8 else np.int16
    low, high = np.iinfo(kind).min, np.iinfo(kind).max
    values = np.array([[low, -1], [0, high]], kind)
    made = ct_slice(1, spacing_mm=(0.6, 0.6))
    made.BitsAllocated, made.BitsStored, made.HighBit = bits, bits, bits - 1
    grey = shown_of(made)
    shown = ShownFrame(grey.instance, Frame(grey.frame.key, values), grey.grayscale)
    painted = Painter().paint(plan_of(shown, CanvasSize(2, 2), voi=Window(0.5, high - low + 1), view=View(scale=1.0)))
    canvas = painted.pixels.tolist()
    flat = [value for row in canvas for value in row]
    assert flat[0] == 0
    assert flat[-1] in (254, 255)  # 254.5 exactly, for a byte
    assert flat[1] in (126, 127, 128)


def bilinear(values, plan):
    """Bilinear interpolation by its definition, in 64-bit floats, at the centre of every canvas pixel."""
    ys, xs = np.mgrid[0 : plan.canvas.height, 0 : plan.canvas.width] + 0.5
    a, b, tx, c, d, ty = plan.projection.matrix
    column = (d * (xs - tx) - b * (ys - ty)) / (a * d - b * c)
    row = (a * (ys - ty) - c * (xs - tx)) / (a * d - b * c)
    rows, columns = values.shape
    row, column = np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    below, right = np.minimum(top + 1, rows - 1), np.minimum(left + 1, columns - 1)
    down, along, known = row - top, column - left, values.astype(float)
    upper = known[top, left] * (1 - along) + known[top, right] * along
    lower = known[below, left] * (1 - along) + known[below, right] * along
    return upper * (1 - down) + lower * down


@pytest.mark.parametrize("centre", [None, ImagePoint(12.0, 9.0), ImagePoint(49.0, 29.0)])
@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("kind", [np.int16, np.uint16])
def test_enlarged_values_are_true_to_half_a_step_whole_or_in_part(kind, turns, centre):
    low, high = (-2000, 4000) if kind is np.int16 else (0, 65535)
    values = np.random.default_rng(7).integers(low, high, (30, 50)).astype(kind)
    grey = shown_of(ct_slice(2, spacing_mm=(0.6, 0.6), shape=(30, 50)))
    shown = ShownFrame(grey.instance, Frame(grey.frame.key, values), grey.grayscale)
    view = View(quarter_turns=turns, is_mirrored=turns == 1, centre=centre, scale=None if centre is None else 5.3)
    plan = plan_of(shown, CanvasSize(151, 93), view=view)
    samples, (left, top) = sample(values, plan)
    expected = bilinear(values, plan)[top : top + samples.shape[0], left : left + samples.shape[1]]
    assert samples.dtype == kind
    assert np.abs(samples - expected).max() <= (0.6 if kind is np.int16 else 2)  # of 65,536 steps


def test_a_scroll_takes_the_table_again_only_where_the_slices_mean_their_values_alike():
    one, other = shown_of(ct_slice(1)), shown_of(ct_slice(2))
    made = ct_slice(3)
    made.RescaleSlope, made.RescaleIntercept = 2, -1000
    third = shown_of(made)
    painter, canvas, window = Painter(), CanvasSize(128, 60), Window(40, 400)
    for shown in (one, other, third, one):
        painted = painter.paint(plan_of(shown, canvas, voi=window))
        fresh = Painter().paint(plan_of(shown, canvas, voi=window))
        assert np.array_equal(painted.pixels, fresh.pixels)
