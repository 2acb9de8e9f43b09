"""Frames with known values, shown without a film behind them."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from tests.phantoms import ct_slice, part10
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.frames import ShownFrame
from workstation.dicom.grayscale import Grayscale, Window
from workstation.dicom.grayscale_reader import grayscale_of
from workstation.dicom.part10 import read_part10
from workstation.dicom.pixels import Frame, FrameKey
from workstation.dicom.study import instance_of
from workstation.events import Signal


def radiograph_values(rows: int = 4000, columns: int = 3000) -> np.ndarray:
    """A 12-bit picture of smooth shades with grain, (rows, columns) uint16: 12 megapixels."""
    row, column = np.mgrid[0:rows, 0:columns]
    shade = 2000 + 1500 * np.sin(row / 400) * np.cos(column / 300)
    grain = np.random.default_rng(5).normal(0, 20, (rows, columns))
    return np.clip(shade + grain, 0, 4095).astype(np.uint16)


def ct_values(side: int = 512, seed: int = 0) -> np.ndarray:
    """A 12-bit slice: a body with grain in air, (side, side) uint16."""
    row, column = np.mgrid[0:side, 0:side] / side - 0.5
    body = np.hypot(row, column * 1.3) < 0.42
    tissue = 1040 + 60 * np.sin(14 * row + seed / 9) * np.cos(17 * column) + 900 * (np.hypot(row, column) < 0.06)
    grain = np.random.default_rng(seed).normal(0, 12, (side, side))
    return np.clip(np.where(body, tissue, 24) + grain, 0, 4095).astype(np.uint16)


def shown_radiograph() -> ShownFrame:
    """The radiograph as a viewport gets it."""
    values = radiograph_values()
    values.flags.writeable = False
    made = ct_slice(1)
    made.Rows, made.Columns = values.shape
    made.PixelData, made.PixelRepresentation = values.tobytes(), 0
    made.Modality, made.BitsStored, made.HighBit = "DX", 12, 11
    return _shown(made, values, Grayscale(voi_choices=(Window(2048, 4096),)))


def _shown(made, values, grayscale=None) -> ShownFrame:
    part = read_part10(part10(made))
    instance = instance_of(DatasetAttributes(part.dataset))
    key = FrameKey(instance.study.study_instance_uid, instance.series.series_instance_uid, instance.sop_instance_uid, 1)
    return ShownFrame(instance, Frame(key, values), grayscale or grayscale_of(part.dataset, 1))


def shown_stack(count: int = 60) -> list[ShownFrame]:
    """Decoded CT slices of 512 by 512."""
    stack = []
    for number in range(1, count + 1):
        values = ct_values(seed=number).astype(np.int16)
        values.flags.writeable = False
        made = ct_slice(number, shape=values.shape)
        made.PixelData, made.RescaleIntercept = values.tobytes(), -1024
        stack.append(_shown(made, values))
    return stack


class Frames:
    """A `FrameSource` that has everything decoded."""

    def __init__(self, stack: list[ShownFrame]) -> None:
        self.arrived: Signal = Signal()
        self._stack = {one.frame.key: one for one in stack}

    def get(self, key):
        return self._stack.get(key)

    def problem(self, key):
        return None

    def want(self, keys):
        pass

    def sketch(self, keys):
        pass


def canvas(width: int, height: int) -> QImage:
    """What a window is painted on."""
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(0)
    return made


def grey(pixels: np.ndarray) -> QImage:
    """A view of 8-bit greys as Qt's picture."""
    return QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], QImage.Format.Format_Grayscale8)
