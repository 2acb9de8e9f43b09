"""Frames as viewports get them, made from phantoms."""

from __future__ import annotations

import numpy as np

from tests.phantoms import ct_slice
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.frames import ShownFrame
from workstation.dicom.grayscale_reader import grayscale_of
from workstation.dicom.pixels import Frame, FrameKey
from workstation.dicom.study import instance_of


def shown_of(made, frame=1, **keywords):
    """The frame of a grey single-frame data set."""
    instance = instance_of(DatasetAttributes(made))
    kind = np.int16 if made.PixelRepresentation else np.uint16
    values = np.frombuffer(made.PixelData, kind).reshape(made.Rows, made.Columns)
    key = FrameKey(
        instance.study.study_instance_uid, instance.series.series_instance_uid, instance.sop_instance_uid, frame
    )
    return ShownFrame(instance, Frame(key, values), grayscale_of(made, frame), **keywords)


def shown_ct(number=1, **keywords):
    """One CT slice."""
    return shown_of(ct_slice(number), **keywords)
