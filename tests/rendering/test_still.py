"""Stills: size, aspect, the default window, colour, and PNG files that another program reads."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file

from workstation.dicom.attributes import JsonAttributes
from workstation.dicom.frames import ShownFrame
from workstation.dicom.grayscale import Grayscale, Window
from workstation.dicom.pixels import Frame, FrameKey
from workstation.dicom.study import instance_of
from workstation.errors import DicomError
from workstation.rendering.still import default_voi, render_file, render_still, write_png

KEY = FrameKey("", "", "", 1)


class NoPool:
    def decode(self, job: object, token: object = None) -> np.ndarray:
        raise AssertionError(job)


def shown(values: np.ndarray, grayscale: Grayscale | None = None, **more: object) -> ShownFrame:
    return ShownFrame(instance_of(JsonAttributes({})), Frame(KEY, values), grayscale, **more)


def grey(values: list[list[float]], dtype: str = "u2", grayscale: Grayscale | None = None) -> ShownFrame:
    return shown(np.array(values, dtype), grayscale or Grayscale())


def test_a_still_is_rows_by_columns_of_p_values():
    picture = render_still(grey([[0, 100, 200]]), Window(100, 200, "LINEAR_EXACT"))
    assert picture.dtype == np.uint8
    assert picture.tolist() == [[0, 128, 255]]


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "i1", "i2", "i4"])
def test_every_width_of_stored_values_gives_the_same_grey(dtype: str):
    grayscale = Grayscale(is_signed=dtype[0] == "i")
    window = Window(50, 100, "LINEAR_EXACT")
    assert render_still(grey([[0, 25, 50, 100]], dtype, grayscale), window).tolist() == [[0, 64, 128, 255]]


def test_without_a_window_the_first_of_the_file_is_taken():
    grayscale = Grayscale(voi_choices=(Window(10, 20), Window(1, 2)))
    assert default_voi(grayscale, np.array([[0]])) == Window(10, 20)


def test_without_any_window_padding_does_not_count():
    picture = render_still(grey([[0, 1000, 1500, 2000]], grayscale=Grayscale(padding=(0, 0))))
    assert picture.tolist() == [[0, 0, 128, 255]] or picture.tolist() == [[0, 0, 127, 255]]


def test_a_size_keeps_the_aspect_and_centres_on_black():
    frame = grey([[255] * 40] * 20, "u1")
    picture = render_still(frame, Window(128, 256), size=(100, 100))
    assert picture.shape == (100, 100)
    rows = np.flatnonzero(picture.any(axis=1))
    assert (rows[0], rows[-1], len(rows)) == (25, 74, 50)
    smaller = render_still(frame, Window(128, 256), size=(20, 20))
    assert np.flatnonzero(smaller.any(axis=1)).tolist() == list(range(5, 15))


def test_colour_stays_r_g_b_through_a_png_file():
    values = np.zeros((2, 3, 3), np.uint8)
    values[..., 0] = 200
    picture = render_still(shown(values), size=(3, 2))
    back = cv2.imdecode(np.frombuffer(write_png(picture), np.uint8), cv2.IMREAD_COLOR)
    assert back[0, 0].tolist() == [0, 0, 200]  # OpenCV gives B, G, R


def test_grey_is_an_eight_bit_grey_png():
    png = write_png(np.array([[1, 2], [3, 4]], np.uint8))
    assert png.startswith(b"\x89PNG")
    assert png[24:26] == b"\x08\x00"  # bit depth 8, colour type grey
    assert cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED).tolist() == [[1, 2], [3, 4]]


def test_a_file_is_rendered_with_the_formula_of_the_standard():
    path = Path(get_testdata_file("CT_small.dcm", download=False))
    picture = render_file(path.read_bytes(), NoPool(), voi=Window(40, 400))
    dataset = pydicom.dcmread(path)
    x = dataset.pixel_array * float(dataset.RescaleSlope) + float(dataset.RescaleIntercept)
    expected = np.clip(((x - 39.5) / 399 + 0.5) * 255, 0, 255)
    assert np.abs(picture - expected).max() <= 0.5


def test_a_truncated_file_is_refused_and_not_half_shown():
    data = Path(get_testdata_file("MR_small.dcm", download=False)).read_bytes()
    with pytest.raises(DicomError) as caught:
        render_file(data[:-200], NoPool())
    assert caught.value.code == "truncated"


def test_a_frame_of_many_is_chosen_by_its_number():
    dataset = pydicom.dcmread(get_testdata_file("MR_small.dcm", download=False))
    one = dataset.pixel_array
    dataset.NumberOfFrames = 2
    dataset.PixelData = one.tobytes() + one[::-1].tobytes()
    buffer = io.BytesIO()
    dataset.save_as(buffer)
    first, second = (render_file(buffer.getvalue(), NoPool(), frame=n) for n in (1, 2))
    assert np.array_equal(second, first[::-1])
    with pytest.raises(DicomError) as caught:
        render_file(buffer.getvalue(), NoPool(), frame=3)
    assert caught.value.code == "no-such-frame"
