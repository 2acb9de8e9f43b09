"""What the hand feels: a window drag and a pan of a large radiograph, and going through a CT."""

from __future__ import annotations

import itertools
import time

import cv2
import imagecodecs
import numpy as np
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEGLosslessSV1
from PySide6.QtGui import QPainter

from tests.benchmarks.shown import Frames, canvas, grey, radiograph_values, shown_radiograph, shown_stack
from tests.phantoms import ct_slice, part10
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.display_function import fitted
from workstation.dicom.frames import shown_frame
from workstation.dicom.geometry import ImagePoint
from workstation.dicom.grayscale import Grayscale, Window, display_table
from workstation.dicom.luminances import PATCHES, Measured
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import instance_of
from workstation.rendering.planar import Painter
from workstation.ui.viewport_widget import ViewportWidget
from workstation.viewing.plan import resolve
from workstation.viewing.projection import CanvasSize, View
from workstation.viewing.session import Film, ReadingSession
from workstation.viewing.viewport import ViewportState

SIZE = CanvasSize(2048, 2560)


def draw(target, pixels, left, top) -> None:
    painter = QPainter(target)
    painter.drawImage(left, top, grey(pixels))
    painter.end()


def paint(painter, target, state, shown, display=None, *, is_hasty=False) -> None:
    made = painter.paint(resolve(state, shown, SIZE, display), is_hasty=is_hasty)
    draw(target, made.pixels, made.left, made.top)


def test_window_drag_12mp(pair, qapp):
    """Each step is another window on samples that are there: floor is the bare look-up and the bare drawing."""
    _window_drag(pair, "window_drag_12mp", None)


def test_window_drag_12mp_through_a_monitors_table(pair, qapp):
    """The same on a monitor with a table of measured luminances: no look-up more."""
    light = tuple(0.3 + 250 * (level / 255) ** 2.2 for level in PATCHES)
    _window_drag(pair, "window_drag_12mp_table", fitted(Measured(PATCHES, light), 8))


def _window_drag(pair, name, display):
    shown, target, painter = shown_radiograph(), canvas(*SIZE), Painter()
    step = itertools.count()
    paint(painter, target, ViewportState(), shown)
    samples = np.ascontiguousarray(np.random.default_rng(1).integers(0, 4096, painter.paint(
        resolve(ViewportState(), shown, SIZE)).pixels.shape, dtype=np.uint16))  # fmt: skip
    table = np.array(display_table(shown.grayscale, Window(2048, 4096)))

    def ours():
        n = next(step)
        paint(painter, target, ViewportState(voi=Window(1500 + n % 300, 900 + n % 500)), shown, display)

    pair.compare(name, ours, lambda: draw(target, cv2.LUT(samples, table), 0, 0), rounds=80)


def test_pan_12mp(pair, qapp):
    """Half as large as it was taken, moved a little each time: floor is a bare warp, look-up and drawing."""
    _pan(pair, "pan_12mp", scale=1.25)


def test_pan_reduced_12mp(pair, qapp):
    """Smaller than one to one, where every pixel under a device pixel counts; it is kept while it is moved."""
    _pan(pair, "pan_reduced_12mp", scale=0.7)


def _pan(pair, name, scale):
    shown, target, painter = shown_radiograph(), canvas(*SIZE), Painter()
    values, step = np.array(shown.frame.values), itertools.count()
    table = np.array(display_table(shown.grayscale, Window(2048, 4096)))

    def place(n):
        return ImagePoint(1500 + 7 * (n % 40), 2000 + 5 * (n % 60))

    def ours():
        paint(painter, target, ViewportState(view=View(scale=scale, centre=place(next(step)))), shown)

    def bare():
        centre = place(next(step))
        matrix = np.array([[scale, 0, SIZE.width / 2 - scale * centre.column],
                           [0, scale, SIZE.height / 2 - scale * centre.row]])  # fmt: skip
        draw(target, cv2.LUT(cv2.warpAffine(values, matrix, tuple(SIZE), flags=cv2.INTER_LINEAR), table), 0, 0)

    pair.compare(name, ours, bare, rounds=40)


def opened(stack):
    """A session that shows a film of decoded slices."""
    session = ReadingSession()
    instances = tuple(one.instance for one in stack)
    film = Film("film-1", "bench", instances[0].patient, instances, Frames(stack))
    for one in instances:
        film.receive(one.series.series_instance_uid, one.sop_instance_uid)
    session.add_film(film)
    session.is_confirmed.set(True)
    film.finish()
    return session


def test_scroll_ct(pair, qapp):
    """The whole viewport, overlay and all, one slice further: processor time a slice."""
    stack = shown_stack(300)
    session = opened(stack)
    widget = ViewportWidget(session.viewports[0], session)
    widget.resize(1000, 1000)
    target, viewport = canvas(1000, 1000), session.viewports[0]
    step, count = itertools.count(), 25
    values = [np.array(one.frame.values).view(np.uint16) for one in stack]
    table = np.array(display_table(stack[0].grayscale, Window(300, 1500)))

    def ours():
        for _ in range(count):
            viewport.go_to(next(step) % len(stack))
            widget.render(target)

    def bare():
        for _ in range(count):
            sampled = cv2.resize(values[next(step) % len(stack)], (1000, 1000), interpolation=cv2.INTER_LINEAR)
            draw(target, cv2.LUT(sampled, table), 0, 0)

    pair.compare("scroll_ct", ours, bare, rounds=12, timer=time.process_time, each=count)
    widget.release()
    widget.deleteLater()


def test_zoom_12mp(pair, qapp):
    """From the whole image to its own pixels, as it follows the hand: the floor samples, looks up and draws."""
    _zoom(pair, "zoom_12mp", is_hasty=True)


def test_zoom_at_rest_12mp(pair, qapp):
    """What the hand sees when it rests after a step of a zoom: painted well."""
    _zoom(pair, "zoom_at_rest_12mp", is_hasty=False)


def _zoom(pair, name, *, is_hasty):
    shown, target, painter = shown_radiograph(), canvas(*SIZE), Painter()
    values, step = np.array(shown.frame.values), itertools.count()
    table = np.array(display_table(shown.grayscale, Window(2048, 4096)))

    def scale():
        return 0.6 * 1.05 ** (next(step) % 20)

    def ours():
        paint(painter, target, ViewportState(view=View(scale=scale())), shown, is_hasty=is_hasty)

    def bare():
        by = scale()
        matrix = np.array([[by, 0, SIZE.width / 2 - by * 1500], [0, by, SIZE.height / 2 - by * 2000]])
        draw(target, cv2.LUT(cv2.warpAffine(values, matrix, tuple(SIZE), flags=cv2.INTER_LINEAR), table), 0, 0)

    pair.compare(name, ours, bare, rounds=40)


def large_file(encode=None, syntax=ExplicitVRLittleEndian) -> bytes:
    """The radiograph as a file."""
    values = radiograph_values()
    made = ct_slice(1)
    made.Rows, made.Columns, made.Modality = *values.shape, "DX"
    made.PixelRepresentation, made.BitsStored, made.HighBit = 0, 12, 11
    made.WindowCenter, made.WindowWidth, made.RescaleIntercept = 2048, 4096, 0
    made.PixelData = encapsulate([bytes(encode(values))]) if encode else values.tobytes()
    made["PixelData"].is_undefined_length = encode is not None
    return part10(made, syntax)


def _first_paint(pair, name, data, worker_pool, bare_decode):
    target = canvas(*SIZE)
    table = np.array(display_table(Grayscale(), Window(2048, 4096)))

    def ours():
        read = read_part10(data)
        read.check_complete()
        shown = shown_frame(read, instance_of(DatasetAttributes(read.dataset)), 1, worker_pool)
        paint(Painter(), target, ViewportState(), shown)

    def bare():
        small = cv2.resize(bare_decode(), None, fx=0.64, fy=0.64, interpolation=cv2.INTER_AREA)
        draw(target, cv2.LUT(small, table), 0, 0)

    pair.compare(name, ours, bare, rounds=8)


def test_first_paint_12mp(pair, qapp, worker_pool):
    """From the bytes of an uncompressed file to the picture: the floor takes the pixels as they are."""
    data = large_file()
    start = len(data) - 24_000_000
    _first_paint(pair, "first_paint_12mp", data, worker_pool,
                 lambda: np.frombuffer(data, np.uint16, offset=start).reshape(4000, 3000))  # fmt: skip


def test_first_paint_12mp_compressed(pair, qapp, worker_pool):
    """The same of a lossless JPEG file: the floor is the bare codec, too."""

    def encode(values):
        return imagecodecs.jpeg8_encode(values, lossless=True, predictor=1, bitspersample=12)

    data, encoded = large_file(encode, JPEGLosslessSV1), bytes(encode(radiograph_values()))
    _first_paint(pair, "first_paint_12mp_jpeg_lossless", data, worker_pool, lambda: imagecodecs.jpeg8_decode(encoded))
