"""`render --annotations`: the picture with identity, letters, scale and marks burned in, as on the glass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from workstation.app import make_application
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.frames import shown_frame
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import instance_of
from workstation.errors import StationError
from workstation.rendering.overlay_layer import OverlayLayer
from workstation.rendering.planar import Painter
from workstation.ui.language import Language, say
from workstation.ui.overlay_painter import OverlayPainter
from workstation.ui.painted_image import draw_painting
from workstation.viewing.overlay import overlay
from workstation.viewing.plan import resolve
from workstation.viewing.projection import CanvasSize
from workstation.viewing.situation import Situation
from workstation.viewing.viewport import ViewportState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.grayscale import Window
    from workstation.workers.pool import WorkerPool

_app: list[QApplication] = []


def annotated_png(
    data: bytes, pool: WorkerPool, *, frame: int, voi: Window | None, size: tuple[int, int] | None, language: str
) -> bytes:
    """The bytes of a PNG of one frame, counted from 1, with everything that the glass would say about it.

    Raises
    ------
    DicomError, DecodeError
        As `render_file`.
    """
    shown = _shown(data, frame, pool)
    if not _app:
        _app.append(make_application([]))
    translator = Language(_app[0])
    translator.set(language)
    canvas = CanvasSize(*(size or (shown.instance.columns, shown.instance.rows)))
    picture = _painted(shown, ViewportState(voi=voi), canvas, chinese=translator.code == "zh")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not picture.save(buffer, "PNG"):  # type: ignore[call-overload]  # the stub says bytes, Qt takes text
        raise StationError("cannot-write", reason="PNG")
    return bytes(buffer.data().data())


def _shown(data: bytes, frame: int, pool: WorkerPool) -> ShownFrame:
    part10 = read_part10(data)
    part10.required_description()
    part10.check_complete()
    return shown_frame(part10, instance_of(DatasetAttributes(part10.dataset)), frame, pool)


def _painted(shown: ShownFrame, state: ViewportState, canvas: CanvasSize, *, chinese: bool) -> QImage:
    plan = resolve(state, shown, canvas)
    picture = QImage(canvas.width, canvas.height, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.black)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_painting(painter, Painter().paint(plan), 1.0)
    draw_painting(painter, OverlayLayer().paint(plan), 1.0)
    number, count = shown.frame.key.frame, shown.instance.number_of_frames
    primitives = overlay(plan, state, Situation(number, count, is_for_diagnosis=False, chinese=chinese), say)
    OverlayPainter(painter, QRectF(0, 0, canvas.width, canvas.height), 100, 1.0).draw(primitives, texts_hidden=False)
    painter.end()
    return picture
