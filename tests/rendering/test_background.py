"""What holds no measured value: padding is black and shutters have their colour, whatever the window does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.phantoms import dataset
from tests.viewing.shown import shown_of
from workstation.dicom.cielab import srgb_of
from workstation.dicom.grayscale import Grayscale, Palette, Window, full_range_window
from workstation.dicom.pixels import Frame
from workstation.dicom.shutter import Circle, Shutter, covered
from workstation.rendering.planar import Painter
from workstation.rendering.still import render_still
from workstation.viewing.plan import resolve
from workstation.viewing.projection import CanvasPoint, CanvasSize, View
from workstation.viewing.viewport import ViewportState

if TYPE_CHECKING:
    from workstation.dicom.frames import ShownFrame


def shown(values: np.ndarray, **more: object) -> ShownFrame:
    kept = values if values.dtype.kind in "iu" and values.ndim == 2 else np.zeros(values.shape[:2], np.uint16)
    made = shown_of(dataset(kept))
    return replace(made, frame=Frame(made.frame.key, values), **more)


def painted(frame: ShownFrame, canvas: CanvasSize, **state: object) -> np.ndarray:
    plan = resolve(ViewportState(**state), frame, canvas)
    painting = Painter().paint(plan)
    assert painting is not None
    return painting.pixels


PADDED = np.full((40, 60), 1000, np.int16)
PADDED[:, :20] = -2000
PADDED[:, 20:30] = 900


@pytest.mark.parametrize("is_inverse", [False, True])
@pytest.mark.parametrize("invert", [False, True])
def test_padding_is_black_after_any_inversion(is_inverse: bool, invert: bool):
    grayscale = Grayscale(padding=(-2000, -2000), is_signed=True, is_inverse=is_inverse)
    pixels = painted(shown(PADDED, grayscale=grayscale), CanvasSize(60, 40), is_inverted=invert)
    assert np.all(pixels[:, :20] == 0)
    assert set(np.unique(pixels[:, 20:])) == {0, 255}
    assert np.all(render_still(shown(PADDED, grayscale=grayscale))[:, :20] == 0)


@pytest.mark.parametrize("scale", [0.37, 0.5, 2.6])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_no_grey_that_nobody_measured_lies_between_padding_and_tissue(scale: float, turns: int):
    # padding far above the tissue: blended with it, its edge would be white
    values = np.where(PADDED == -2000, 30000, PADDED).astype(np.int16)
    grayscale = Grayscale(padding=(30000, 30000), is_signed=True)
    view = View(quarter_turns=turns, scale=scale)
    pixels = painted(shown(values, grayscale=grayscale), CanvasSize(200, 200), view=view, voi=Window(1000, 2001))
    assert pixels.max() <= 128
    assert pixels.min() == 0


def test_a_float_that_is_no_number_is_background_and_sets_no_window():
    values = np.array([[np.nan, 0.25], [np.inf, 1.25]], np.float32)
    grayscale = Grayscale()
    assert full_range_window(grayscale, values) == Window(0.75, 1.0, "LINEAR_EXACT")
    assert painted(shown(values, grayscale=grayscale), CanvasSize(2, 2)).tolist() == [[0, 0], [0, 255]]
    assert render_still(shown(values, grayscale=grayscale)).tolist() == [[0, 0], [0, 255]]


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("scale", [0.6, 1.0, 3.371])
def test_a_shutter_covers_the_device_pixels_of_the_pixels_it_covers(turns: int, mirrored: bool, scale: float):
    shutter = Shutter(circle=Circle(20, 30, 15), rectangle=(18, 3, 58, 33), p_value=0xC0C0)
    frame = shown(np.full((40, 60), 7, np.uint16), grayscale=Grayscale(), shutter=shutter)
    view = View(quarter_turns=turns, is_mirrored=mirrored, scale=scale)
    plan = resolve(ViewportState(view=view, voi=Window(0, 1)), frame, CanvasSize(220, 220))
    painting = Painter().paint(plan)
    assert painting is not None
    hidden = covered(shutter, 40, 60)
    for y in range(painting.pixels.shape[0]):
        for x in range(painting.pixels.shape[1]):
            pixel = plan.projection.pixel_at(CanvasPoint(painting.left + x + 0.5, painting.top + y + 0.5))
            if pixel is not None:  # the last device pixel may be covered by less than half
                assert painting.pixels[y, x] == (192 if hidden[pixel[1], pixel[0]] else 255)


def test_a_window_drag_leaves_the_shutter_alone():
    frame = shown(
        PADDED, grayscale=Grayscale(is_signed=True), shutter=Shutter(rectangle=(1, 1, 30, 40), p_value=0x8080)
    )
    painter = Painter()
    for window in (Window(1000, 100), Window(0, 10), Window(1500, 10)):
        painting = painter.paint(resolve(ViewportState(voi=window, is_inverted=True), frame, CanvasSize(60, 40)))
        assert painting is not None
        assert np.all(painting.pixels[:, 30:] == 128)


def test_a_shutter_over_colour_has_its_own_colour():
    # L* 54, a* 81, b* 70 of the D50 white point is the red of sRGB
    red = (round(54.29 * 655.35), round((80.81 + 128) * 257), round((69.89 + 128) * 257))
    frame = shown(
        np.full((4, 4, 3), 9, np.uint8), grayscale=None, shutter=Shutter(rectangle=(1, 1, 2, 4), colour_lab=red)
    )
    picture = render_still(frame)
    assert np.abs(picture[:, 2:].astype(int) - [255, 0, 0]).max() <= 2
    assert np.all(picture[:, :2] == 9)


PUBLISHED = (
    ((54.29, 80.81, 69.89), (255, 0, 0)),
    ((87.82, -79.27, 80.99), (0, 255, 0)),
    ((29.57, 68.30, -112.03), (0, 0, 255)),
    ((100, 0, 0), (255, 255, 255)),
    ((0, 0, 0), (0, 0, 0)),
    ((53.585, 0, 0), (128, 128, 128)),
)


@pytest.mark.parametrize(("lab", "rgb"), PUBLISHED)
def test_the_corners_of_srgb_come_back_from_their_published_cielab(lab: tuple[float, ...], rgb: tuple[int, ...]):
    pcs = (round(lab[0] * 655.35), round((lab[1] + 128) * 257), round((lab[2] + 128) * 257))
    assert np.abs(np.array(srgb_of(pcs)) - rgb).max() <= 2


COLOURS = Palette(100, bytes([255, 0, 0, 0, 255, 0]))


@pytest.mark.parametrize("invert", [False, True])
def test_values_of_a_supplemental_palette_are_coloured_and_no_window_touches_them(invert: bool):
    values = np.array([[0, 99, 100, 101, 5000]], np.uint16)
    frame = shown(values, grayscale=Grayscale(palette=COLOURS))
    pixels = painted(frame, CanvasSize(5, 1), voi=Window(50, 100, "LINEAR_EXACT"), is_inverted=invert)
    greys = [255, 3] if invert else [0, 252]
    assert pixels[0].tolist() == [[greys[0]] * 3, [greys[1]] * 3, [255, 0, 0], [0, 255, 0], [0, 255, 0]]


def test_no_colour_is_made_by_mixing_two_values_of_a_palette():
    # halfway between a grey of 10 and the value 101 (green) lies no value of the palette
    values = np.where(np.arange(60) % 2, 101, 10)[None].repeat(60, 0).astype(np.uint16)
    palette = Palette(50, bytes([255, 0, 0] * 51 + [0, 255, 0]))
    frame = shown(values, grayscale=Grayscale(palette=palette))
    for scale in (0.5, 2.0):
        pixels = painted(frame, CanvasSize(200, 200), view=View(scale=scale), voi=Window(50, 100))
        assert np.all(pixels[..., 0] <= pixels[..., 1])
