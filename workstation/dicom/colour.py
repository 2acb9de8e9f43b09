"""Native colour frames to R, G, B: planar configuration, YBR_FULL_422, palettes (PS3.3 C.7.6.3.1, C.7.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workstation.dicom.elements import items_of, numbers_of, text_of, value_of, whole_number_of
from workstation.dicom.grayscale import Palette
from workstation.errors import DicomError
from workstation.workers.samples import eight_bit, rgb_from_ybr_full

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from workstation.dicom.pixels import PixelDescription


def rgb_of_native(samples: NDArray[Any], description: PixelDescription) -> NDArray[np.uint8]:
    """R, G, B of one uncompressed colour frame.

    Parameters
    ----------
    samples : 1-D integer array
        Stored samples of the frame in the order of the file.

    Returns
    -------
    (rows, columns, 3) uint8

    Raises
    ------
    DicomError
        ``unsupported-pixels``: a photometric interpretation that is not uncompressed colour.
    """
    rows, columns = description.rows, description.columns
    meaning = description.photometric_interpretation
    if meaning == "YBR_FULL_422":
        return rgb_from_ybr_full(_from_422(eight_bit(samples, description.bits_stored), rows, columns))
    if description.planar_configuration == 1:
        by_pixel = samples.reshape(3, rows, columns).transpose(1, 2, 0)
    else:
        by_pixel = samples.reshape(rows, columns, 3)
    values = eight_bit(by_pixel, description.bits_stored)
    if meaning == "YBR_FULL":
        return rgb_from_ybr_full(values)
    if meaning != "RGB":
        raise DicomError("unsupported-pixels", reason=meaning)
    return values


def icc_profile_of(dataset: Dataset) -> bytes:
    """The ICC profile of an image (PS3.3 C.11.15), or of its only optical path; empty where there is none."""
    value = value_of(dataset, "ICCProfile")
    if value is None:
        paths = [value_of(item, "ICCProfile") for item in items_of(dataset, "OpticalPathSequence")]
        value = paths[0] if paths and all(path == paths[0] for path in paths) else None
    return value if isinstance(value, bytes) else b""


def _from_422(samples: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """Y, CB, CR for every pixel out of Y0 Y1 CB CR for every two (PS3.3 C.7.6.3.1.2)."""
    pairs = samples.reshape(rows, columns // 2, 4)
    ybr = np.empty((rows, columns, 3), np.uint8)
    ybr[:, 0::2, 0] = pairs[..., 0]
    ybr[:, 1::2, 0] = pairs[..., 1]
    ybr[..., 1] = np.repeat(pairs[..., 2], 2, axis=1)
    ybr[..., 2] = np.repeat(pairs[..., 3], 2, axis=1)
    return ybr


def rgb_of_palette(indices: NDArray[Any], dataset: Dataset, *, is_little_endian: bool) -> NDArray[np.uint8]:
    """R, G, B of palette indices; indices outside the palette take its first or last colour (PS3.3 C.7.6.3.1.5).

    Parameters
    ----------
    indices : (rows, columns) integer array
        Stored values.

    Returns
    -------
    (rows, columns, 3) uint8

    Raises
    ------
    DicomError
        ``unsupported-pixels``: there is no palette, or it contradicts its descriptor.
    """
    rgb, first = _palettes(dataset, is_little_endian=is_little_endian)
    return rgb[np.clip(indices.astype(np.int64) - first, 0, len(rgb) - 1)]


def supplemental_palette_of(dataset: Dataset, *, is_signed: bool) -> Palette | None:
    """The Supplemental Palette Color Lookup Table of a grey image (PS3.3 C.7.6.19); None without a usable one.

    References
    ----------
    PS3.3 C.8.16.2.1.1.1: Pixel Presentation COLOR or MIXED.
    """
    is_grey = text_of(dataset, "PhotometricInterpretation").upper() in ("MONOCHROME1", "MONOCHROME2")
    is_shown_grey = text_of(dataset, "PixelPresentation").upper() == "MONOCHROME"
    if not is_grey or is_shown_grey or "RedPaletteColorLookupTableDescriptor" not in dataset:
        return None
    try:
        rgb, first = _palettes(dataset, is_little_endian=dataset.original_encoding[1] is not False)
    except DicomError:
        return None
    if not is_signed:
        first &= 0xFFFF
    return Palette(first, rgb.tobytes())


def _palettes(dataset: Dataset, *, is_little_endian: bool) -> tuple[NDArray[np.uint8], int]:
    """(n, 3) colours and the stored value of the first."""
    tables = []
    first = 0
    for colour in ("Red", "Green", "Blue"):
        table, first = _palette(dataset, colour, is_little_endian=is_little_endian)
        tables.append(table)
    if len({len(table) for table in tables}) != 1:
        raise DicomError("unsupported-pixels", reason="palettes of different lengths")
    return np.stack(tables, axis=1), first


def _palette(dataset: Dataset, colour: str, *, is_little_endian: bool) -> tuple[NDArray[np.uint8], int]:
    """One table, 8 bit, and the stored value of its first entry."""
    descriptor = numbers_of(dataset, f"{colour}PaletteColorLookupTableDescriptor")
    if len(descriptor) != 3:
        raise DicomError("unsupported-pixels", reason="a palette without descriptor")
    count = int(descriptor[0]) & 0xFFFF or 65536
    first, bits = int(descriptor[1]), int(descriptor[2])
    if first > 0x7FFF and whole_number_of(dataset, "PixelRepresentation") == 1:
        first -= 0x10000  # meant signed, as the stored values are, whatever VR it was written with
    if bits not in (8, 16):
        raise DicomError("unsupported-pixels", reason=f"a palette of {bits} bit")
    segmented = value_of(dataset, f"Segmented{colour}PaletteColorLookupTableData")
    data = value_of(dataset, f"{colour}PaletteColorLookupTableData")
    order = "<" if is_little_endian else ">"
    if isinstance(segmented, bytes):
        entries = _expanded(_words(segmented, f"{order}u{bits // 8}", 0), count)
    elif isinstance(data, bytes):
        entries = _words(data, f"{order}u2", 0) if len(data) >= 2 * count else _packed_bytes(data, is_little_endian)
    else:
        raise DicomError("unsupported-pixels", reason="a palette without data")
    if len(entries) < count:
        raise DicomError("unsupported-pixels", reason="a palette shorter than its descriptor says")
    return _to_8_bit(entries[:count], bits), first


def _words(data: bytes, dtype: str, spare: int) -> NDArray[Any]:
    size = int(dtype[-1])
    return np.frombuffer(data[: len(data) // size * size], dtype)[spare:]


def _packed_bytes(data: bytes, is_little_endian: bool) -> NDArray[Any]:
    """8-bit entries, two in a word (PS3.3 C.7.9.2): in big endian files the words were swapped."""
    entries = np.frombuffer(data, "u1")
    return entries if is_little_endian else entries.reshape(-1, 2)[:, ::-1].reshape(-1)


def _to_8_bit(entries: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    """16-bit entries keep their high byte; some writers leave 8-bit values in them, which then fill the range."""
    if bits == 8 or entries.dtype.itemsize == 1 or not np.any(entries > 255):
        return (entries & 0xFF).astype(np.uint8)
    return (entries >> 8).astype(np.uint8)


def _expanded(words: NDArray[Any], count: int) -> NDArray[Any]:
    """Expand discrete, linear and indirect segments (PS3.3 C.7.9.2.1), never beyond `count` entries."""
    entries: list[int] = []
    starts: list[int] = []
    _expand(words, 0, len(words), entries, starts, count)
    return np.array(entries, np.int64)


def _expand(words: NDArray[Any], start: int, limit: int, entries: list[int], starts: list[int], count: int) -> int:
    """Expand segments from `start` until the words or `limit` segments are used; give where it ended."""
    position, done = start, 0
    while position + 1 < len(words) and done < limit and len(entries) < count:
        opcode, length = int(words[position]), int(words[position + 1])
        starts.append(position)
        position += 2
        if opcode == 0:
            entries.extend(int(word) for word in words[position : position + length])
            position += length
        elif opcode == 1 and entries and position < len(words):
            entries.extend(_line(entries[-1], int(words[position]), length))
            position += 1
        elif opcode == 2 and words.dtype.itemsize == 2 and position + 1 < len(words):
            target = (int(words[position + 1]) << 16 | int(words[position])) // 2
            position += 2
            if target not in starts or int(words[target]) == 2:
                raise DicomError("unsupported-pixels", reason="a palette segment that points nowhere")
            _expand(words, target, length, entries, list(starts), count)
        else:
            raise DicomError("unsupported-pixels", reason="a palette segment of unknown kind")
        done += 1
    return position


def _line(start: int, end: int, length: int) -> list[int]:
    return [int(start + (end - start) * step / length + 0.5) for step in range(1, length + 1)]
