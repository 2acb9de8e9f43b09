"""What a picture must be, worked out without our code: pydicom's decoders, and the standard's formulas in float64."""

from __future__ import annotations

import warnings
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pydicom
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi, pixel_array

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom.dataset import Dataset

REFUSALS = (RuntimeError, NotImplementedError, ValueError, AttributeError, TypeError, KeyError, IndexError)


def dataset_of(path: Path) -> Dataset:
    """The header, by pydicom."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(path, force=True)


TWINS = {  # the same pixels in a syntax that pydicom can decode, by the list that came with the files
    "RG3_jpegxl_lossless.dcm": "../xr_large/RG3_J2KR.dcm",
    "SC_rgb_jpeg.dcm": "SC_rgb_jpeg_dcmd.dcm",
    "liver_deflate.dcm": "liver.dcm",
    "liver_rle.dcm": "liver.dcm",
    "liver_nonbyte_aligned_deflate.dcm": "liver_nonbyte_aligned.dcm",
    "liver_nonbyte_aligned_rle.dcm": "liver_nonbyte_aligned.dcm",
}


def _by_ffmpeg(path: Path) -> np.ndarray | None:
    """The one JPEG-LS frame of 7 bit in a file, by the FFmpeg inside OpenCV, which fills 8 bit with it."""
    data = path.read_bytes()
    with NamedTemporaryFile(suffix=".jls") as frame:
        frame.write(data[data.index(b"\xff\xd8\xff") :])
        frame.flush()
        found, values = cv2.VideoCapture(frame.name).read()
    return values[..., 0] >> 1 if found else None


_OTHERS = {"JLSL_08_07_0_1F.dcm": _by_ffmpeg}


def stored(path: Path, frame: int) -> np.ndarray | None:
    """Stored values of frame `frame` (from 1), or R, G, B as pydicom gives it; None where no plug-in can decode it."""
    if path.name in _OTHERS:
        return _OTHERS[path.name](path)
    path = path.parent / TWINS.get(path.name, path.name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return np.asarray(pixel_array(path, index=frame - 1))
        except REFUSALS:
            return None


def picture(path: Path, frame: int) -> np.ndarray | None:
    """R, G, B of 8 bit of a colour frame; None where pydicom cannot."""
    values, dataset = stored(path, frame), dataset_of(path)
    if values is None:
        return None
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        try:
            values = apply_color_lut(values, dataset)
        except REFUSALS:
            return None
        is_16_bit = values.dtype == np.uint16 and values.max() > 255
        return (values >> 8).astype(np.uint8) if is_16_bit else values.astype(np.uint8)
    if values.dtype != np.uint8:
        return np.rint(values * (255.0 / ((1 << dataset.BitsStored) - 1))).astype(np.uint8)
    return values


def groups(dataset: Dataset, frame: int, name: str) -> list[Dataset]:
    """A frame's functional groups of a name, its own before the shared ones."""
    found = []
    for sequence, place in (("PerFrameFunctionalGroupsSequence", frame - 1), ("SharedFunctionalGroupsSequence", 0)):
        if len(dataset.get(sequence) or []) > place:
            found += list(dataset.get(sequence)[place].get(name) or [])
    return found


def modality(path: Path, frame: int) -> np.ndarray | None:
    """Modality values in float64; None where pydicom cannot decode."""
    values, dataset = stored(path, frame), dataset_of(path)
    if values is None:
        return None
    for group in groups(dataset, frame, "PixelValueTransformationSequence"):
        if group.get("RescaleSlope") is not None:
            return values.astype(np.float64) * float(group.RescaleSlope) + float(group.RescaleIntercept)
    return np.asarray(apply_modality_lut(values, dataset), np.float64)


def padding(path: Path, frame: int) -> np.ndarray | None:
    """Which pixels are padding by PS3.3 C.7.5.1.1.2; None where pydicom cannot decode."""
    values, dataset = stored(path, frame), dataset_of(path)
    if values is None:
        return None
    first = dataset.get("PixelPaddingValue")
    if first is None or values.dtype.kind == "f":
        return np.zeros(values.shape, bool)
    last = dataset.get("PixelPaddingRangeLimit")
    ends = [int(first), int(first if last is None else last)]
    if dataset.PixelRepresentation == 1:
        ends = [end - 65536 if end > 32767 else end for end in ends]
    return np.asarray((values >= min(ends)) & (values <= max(ends)))


def linear(x: np.ndarray, c: float, w: float) -> np.ndarray:
    """PS3.3 C.11.2.1.2.1, 0 to 255 in float64."""
    if w == 1:
        return np.where(x <= c - 0.5, 0.0, 255.0)
    return np.clip(((x - (c - 0.5)) / (w - 1) + 0.5) * 255, 0, 255)


def linear_exact(x: np.ndarray, c: float, w: float) -> np.ndarray:
    """PS3.3 C.11.2.1.3.2, 0 to 255 in float64."""
    return np.clip(((x - c) / w + 0.5) * 255, 0, 255)


def sigmoid(x: np.ndarray, c: float, w: float) -> np.ndarray:
    """PS3.3 C.11.2.1.3.1, 0 to 255 in float64."""
    return 255 / (1 + np.exp(np.clip(-4 * (x - c) / w, -700, 700)))


def is_inverse(dataset: Dataset) -> bool:
    """Whether the smallest value is white."""
    shape = dataset.get("PresentationLUTShape")
    return (
        shape == "INVERSE" if shape in ("IDENTITY", "INVERSE") else dataset.PhotometricInterpretation == "MONOCHROME1"
    )


def _numbers(dataset: Dataset, name: str) -> list[float]:
    value = dataset.get(name)
    if value is None or value == "":
        return []
    return [float(one) for one in value] if hasattr(value, "__iter__") else [float(value)]


def automatic(path: Path, frame: int) -> tuple[np.ndarray, str] | None:
    """The picture without a window given, and the name of the rule; None where pydicom cannot decode.

    The file's first window, else the full range of what is no padding: PS3.3 C.11.2.1.2.1 with c = (low + high + 1) / 2
    and w = high - low + 1 for whole numbers.
    """
    values, padded, dataset = modality(path, frame), padding(path, frame), dataset_of(path)
    if values is None or padded is None:
        return None
    voi: Any = next((one for one in groups(dataset, frame, "FrameVOILUTSequence") if "WindowWidth" in one), dataset)
    centre, width = (_numbers(voi, name) for name in ("WindowCenter", "WindowWidth"))
    kept = values[~padded & np.isfinite(values)] if not padded.all() else values
    if centre and width and width[0] > 0:
        function = {"LINEAR_EXACT": linear_exact, "SIGMOID": sigmoid}.get(voi.get("VOILUTFunction", ""), linear)
        found, rule = function(values, centre[0], width[0]), f"window, {function.__name__}"
    elif "VOILUTSequence" in dataset:
        bits = int(dataset.VOILUTSequence[0].LUTDescriptor[2])
        found, rule = apply_voi(values, dataset).astype(np.float64) * 255 / (2**bits - 1), "VOI table"
    elif float(kept.min()).is_integer() and float(kept.max()).is_integer():
        low, high = kept.min(), kept.max()
        found, rule = linear(values, (low + high + 1) / 2, high - low + 1), "range"
    else:
        low, high = kept.min(), kept.max()
        found, rule = linear_exact(values, (low + high) / 2, max(high - low, 1e-300)), "range"
    found = 255 - found if is_inverse(dataset) else found
    return np.where(padded | ~np.isfinite(values), 0.0, found), rule


def supplemental(path: Path, frame: int) -> np.ndarray:
    """The picture of a grey image with a supplemental palette (PS3.3 C.7.6.19), R, G, B in float64."""
    values, dataset = stored(path, frame), dataset_of(path)
    grey = automatic(path, frame)
    assert values is not None
    assert grey is not None
    first = dataset.RedPaletteColorLookupTableDescriptor[1]
    tables = [
        np.frombuffer(dataset[f"{colour}PaletteColorLookupTableData"].value, "<u2") >> 8
        for colour in ("Red", "Green", "Blue")
    ]
    coloured = np.stack([table[np.clip(values.astype(int) - first, 0, len(table) - 1)] for table in tables], -1)
    return np.where((values >= first)[..., None], coloured, grey[0][..., None])
