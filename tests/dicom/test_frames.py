"""Frames become stored values or R, G, B: every layout of native pixels, palettes, and compressed ones by the pool."""

from __future__ import annotations

import io
import struct

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.utils import pack_bits
from pydicom.uid import (
    JPEG2000,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    SecondaryCaptureImageStorage,
)

from workstation.dicom.frames import decode_frame
from workstation.dicom.part10 import read_part10
from workstation.dicom.pixels import Frame, FrameKey
from workstation.errors import DecodeError, DicomError
from workstation.workers.pool import WorkerPool
from workstation.workers.samples import rgb_from_ybr_full

JPEG_XL = "1.2.840.10008.1.2.4.110"
KEY = FrameKey("2.25.1", "2.25.2", "2.25.3", 1)


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(1) as shared:
        yield shared


class NoPool:
    """Fails when an uncompressed frame is sent to a decoder."""

    def decode(self, job: object, token: object = None) -> np.ndarray:
        raise AssertionError(job)


def instance(pixel_data: bytes, syntax: str = ExplicitVRLittleEndian, **elements: object) -> bytes:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = "2.25.3"
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, "2.25.3"
    defaults: dict[str, object] = {
        "Rows": 2, "Columns": 4, "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16, "BitsStored": 16, "HighBit": 15, "PixelRepresentation": 0,
    }  # fmt: skip
    for keyword, value in (defaults | elements).items():
        if isinstance(value, tuple):
            dataset.add_new(keyword, *value)
        else:
            setattr(dataset, keyword, value)
    encapsulated = syntax not in (ExplicitVRLittleEndian, ExplicitVRBigEndian)
    vr = elements.get("pixel_vr", "OB" if encapsulated or dataset.BitsAllocated <= 8 else "OW")
    dataset.add_new(
        "PixelData", vr, encapsulate([pixel_data]) if encapsulated else pixel_data + b"\0" * (len(pixel_data) % 2)
    )
    dataset["PixelData"].is_undefined_length = encapsulated
    unknown = syntax == JPEG_XL  # pydicom 3.0 does not know it: written under a name of the same length
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.201" if unknown else syntax
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue().replace(b"1.2.840.10008.1.2.4.201", syntax.encode()) if unknown else buffer.getvalue()


def native(pixel_data: bytes, n: int = 1, syntax: str = ExplicitVRLittleEndian, **elements: object) -> Frame:
    return decode_frame(read_part10(instance(pixel_data, syntax, **elements)), n, KEY, NoPool())


def eight(bits: int = 8, **more: object) -> dict[str, object]:
    return {"BitsAllocated": 8, "BitsStored": bits, "HighBit": bits - 1, **more}


def test_unsigned_and_signed_values_keep_their_identity_and_cannot_be_written():
    frame = native(struct.pack("<8H", *range(65528, 65536)))
    assert frame.key == KEY
    assert not frame.is_colour
    assert not frame.values.flags.writeable
    assert frame.values.tolist() == [[65528, 65529, 65530, 65531], [65532, 65533, 65534, 65535]]
    signed = native(struct.pack("<8h", *range(-4, 4)), PixelRepresentation=1)
    assert signed.values.dtype == np.int16
    assert signed.values.ravel().tolist() == list(range(-4, 4))


def test_bits_above_the_value_are_cut_off_and_signs_extended():
    # 12 bits stored, an old overlay plane in the bits above
    cells = struct.pack("<8H", 0xF001, 0x8FFF, 0x1800, 0x07FF, 0, 0, 0, 0)
    unsigned = native(cells, BitsStored=12, HighBit=11)
    assert unsigned.values[0].tolist() == [1, 4095, 2048, 2047]
    signed = native(cells, BitsStored=12, HighBit=11, PixelRepresentation=1)
    assert signed.values[0].tolist() == [1, -1, -2048, 2047]


def test_a_value_that_does_not_end_at_the_lowest_bit_is_shifted_down():
    cells = struct.pack("<8H", 0x0010, 0xFFF0, 0x8000, 0x7FFF, 0, 0, 0, 0)
    assert native(cells, BitsStored=12, HighBit=15).values[0].tolist() == [1, 4095, 2048, 2047]
    assert native(cells, BitsStored=12, HighBit=15, PixelRepresentation=1).values[0].tolist() == [1, -1, -2048, 2047]


def test_big_endian_values():
    frame = native(struct.pack(">8h", *range(-4, 4)), syntax=ExplicitVRBigEndian, PixelRepresentation=1)
    assert frame.values.ravel().tolist() == list(range(-4, 4))


def test_big_endian_bytes_in_words_are_put_in_order():
    swapped = bytes([1, 0, 3, 2, 5, 4, 7, 6])
    frame = native(swapped, syntax=ExplicitVRBigEndian, pixel_vr="OW", **eight())
    assert frame.values.ravel().tolist() == list(range(8))
    plain = native(bytes(range(8)), syntax=ExplicitVRBigEndian, pixel_vr="OB", **eight())
    assert plain.values.ravel().tolist() == list(range(8))


def test_eight_and_thirty_two_bits():
    assert native(bytes(range(8)), **eight()).values.dtype == np.uint8
    assert native(bytes([0x80, 0x7F, *range(6)]), PixelRepresentation=1, **eight()).values[0, 0] == -128
    wide = native(struct.pack("<8I", *[4_000_000_000] * 8), BitsAllocated=32, BitsStored=32, HighBit=31)
    assert wide.values.dtype == np.uint32
    assert wide.values[1, 3] == 4_000_000_000


def test_single_bits_begin_inside_a_byte_in_the_second_frame():
    frames = np.random.default_rng(5).integers(0, 2, (3, 3, 5)).astype(np.uint8)
    data = pack_bits(frames)
    for n in (1, 2, 3):
        frame = native(
            data, n, Rows=3, Columns=5, NumberOfFrames=3, BitsAllocated=1, BitsStored=1, HighBit=0, pixel_vr="OB"
        )
        assert np.array_equal(frame.values, frames[n - 1])


RGB = np.random.default_rng(2).integers(0, 256, (2, 4, 3)).astype(np.uint8)
COLOUR: dict[str, object] = eight(SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)


def test_colour_by_pixel_and_by_plane_is_r_g_b():
    assert np.array_equal(native(RGB.tobytes(), **COLOUR).values, RGB)
    by_plane = np.ascontiguousarray(RGB.transpose(2, 0, 1)).tobytes()
    frame = native(by_plane, **(COLOUR | {"PlanarConfiguration": 1}))
    assert np.array_equal(frame.values, RGB)
    assert frame.is_colour
    assert not frame.values.flags.writeable


def test_sixteen_bit_colour_becomes_eight_bit_by_rounding():
    values = np.array([0, 128, 257, 32896, 65535, 65407] * 4, "<u2")
    frame = native(values.tobytes(), SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
    assert frame.values.ravel()[:6].tolist() == [0, 0, 1, 128, 255, 255]


def ybr_of(rgb: np.ndarray) -> np.ndarray:
    """PS3.3 C.7.6.3.1.2, in float64."""
    matrix = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
    return rgb @ matrix.T + np.array([0, 128, 128])


def test_ybr_is_the_rounded_formula():
    ybr = np.random.default_rng(4).integers(0, 256, (200, 200, 3)).astype(np.uint8)
    y, cb, cr = (ybr[..., channel].astype(float) for channel in range(3))
    cb, cr = cb - 128, cr - 128
    expected = np.stack([y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb], axis=-1)
    assert np.abs(rgb_from_ybr_full(ybr) - np.clip(expected, 0, 255)).max() <= 0.5 + 1e-3


def test_ybr_full_becomes_r_g_b():
    ybr = np.rint(ybr_of(RGB.astype(float))).clip(0, 255).astype(np.uint8)
    frame = native(ybr.tobytes(), **(COLOUR | {"PhotometricInterpretation": "YBR_FULL"}))
    assert np.abs(frame.values.astype(int) - RGB).max() <= 2


def test_ybr_full_422_shares_its_chroma_between_two_pixels():
    # one line: Y0 Y1 CB CR, Y2 Y3 CB CR; neutral chroma gives grey
    line = bytes([10, 20, 128, 128, 30, 40, 128, 228])
    frame = native(line * 2, **(COLOUR | {"PhotometricInterpretation": "YBR_FULL_422"}))
    assert frame.values[0, 0].tolist() == [10, 10, 10]
    assert frame.values[1, 1].tolist() == [20, 20, 20]
    # CR - 128 = 100: R + 140.2, G - 71.4
    assert frame.values[0, 2].tolist() == [170, 0, 30]


def test_full_ybr_that_calls_itself_422_is_read_by_its_length():
    ybr = bytes([50, 128, 128] * 8)
    frame = native(ybr, **(COLOUR | {"PhotometricInterpretation": "YBR_FULL_422"}))
    assert np.all(frame.values == 50)


def test_422_of_odd_width_is_refused():
    with pytest.raises(DicomError) as caught:
        native(bytes(12), **(COLOUR | {"PhotometricInterpretation": "YBR_FULL_422", "Columns": 3}))
    assert caught.value.code == "unsupported-pixels"


def test_a_colour_space_nobody_wrote_uncompressed_is_refused_by_name():
    with pytest.raises(DicomError) as caught:
        native(RGB.tobytes(), **(COLOUR | {"PhotometricInterpretation": "YBR_ICT"}))
    assert caught.value.params == {"reason": "YBR_ICT"}


def palette(
    entries: list[list[int]], first: int = 0, bits: int = 8, *, segmented: bool = False, signed: bool = False
) -> dict[str, object]:
    elements: dict[str, object] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for colour, values in zip(("Red", "Green", "Blue"), entries, strict=True):
        count = len(values) if not segmented else 8
        elements[f"{colour}PaletteColorLookupTableDescriptor"] = (
            "SS" if signed else "US",
            [count & 0xFFFF, first, bits],
        )
        keyword = f"{'Segmented' if segmented else ''}{colour}PaletteColorLookupTableData"
        elements[keyword] = ("OW", np.array(values, "<u2").tobytes())
    return elements


def test_palette_indices_outside_the_palette_take_its_ends():
    colours = palette([[0, 10, 20], [1, 11, 21], [2, 12, 22]], first=4)
    frame = native(bytes([0, 4, 5, 6, 7, 255, 5, 5]), **eight(**colours))
    assert frame.is_colour
    assert frame.values[0].tolist() == [[0, 1, 2], [0, 1, 2], [10, 11, 12], [20, 21, 22]]
    assert frame.values[1, 1].tolist() == [20, 21, 22]


def test_a_palette_of_16_bit_keeps_its_high_bytes():
    colours = palette([[0, 0x8000, 0xFFFF]] * 3, bits=16)
    assert native(bytes([0, 1, 2] + [0] * 5), **eight(**colours)).values[0, :3, 0].tolist() == [0, 128, 255]


def test_a_palette_of_16_bit_with_8_bit_values_is_not_black():
    colours = palette([[0, 128, 255]] * 3, bits=16)
    assert native(bytes([0, 1, 2] + [0] * 5), **eight(**colours)).values[0, :3, 0].tolist() == [0, 128, 255]


def test_a_palette_of_8_bit_entries_packed_in_words():
    elements = palette([[0, 0]] * 3)
    for colour in ("Red", "Green", "Blue"):
        elements[f"{colour}PaletteColorLookupTableDescriptor"] = ("US", [4, 0, 8])
        elements[f"{colour}PaletteColorLookupTableData"] = ("OW", bytes([7, 8, 9, 10]))
    assert native(bytes([0, 1, 2, 3] * 2), **eight(**elements)).values[0, :, 0].tolist() == [7, 8, 9, 10]


def test_a_palette_with_negative_indices():
    colours = palette([[5, 6, 7]] * 3, first=-1, signed=True)
    frame = native(struct.pack("<8h", -2, -1, 0, 1, 2, 0, 0, 0), PixelRepresentation=1, **colours)
    assert frame.values[0, :, 0].tolist() == [5, 5, 6, 7]


def test_a_segmented_palette_of_steps_lines_and_repeats():
    # discrete 10, 20; a line of 3 up to 80; then the first segment again; a line of 1 to 0 (PS3.3 C.7.9.2.1)
    words = [0, 2, 10, 20, 1, 3, 80, 2, 1, 0, 0, 1, 2, 0]
    colours = palette([words] * 3, segmented=True, bits=16)
    frame = native(bytes(range(8)), **eight(**colours))
    assert frame.values[..., 0].ravel().tolist() == [10, 20, 40, 60, 80, 10, 20, 10]


@pytest.mark.parametrize(
    "words", [[7, 2, 1, 1], [1, 3, 80], [2, 1, 9, 0], [0, 2, 10, 20, 2, 1, 8, 0, 0, 1], [0, 2, 10, 20]]
)
def test_a_segmented_palette_that_is_wrong_is_refused(words: list[int]):
    with pytest.raises(DicomError) as caught:
        native(bytes(8), **eight(**palette([words] * 3, segmented=True, bits=16)))
    assert caught.value.code == "unsupported-pixels"


@pytest.mark.parametrize("missing", ["Descriptor", "Data"])
def test_a_palette_with_gaps_is_refused(missing: str):
    elements = palette([[1, 2, 3]] * 3)
    del elements[f"GreenPaletteColorLookupTable{missing}"]
    with pytest.raises(DicomError) as caught:
        native(bytes(8), **eight(**elements))
    assert caught.value.code == "unsupported-pixels"


def test_palettes_that_contradict_each_other_or_themselves_are_refused():
    uneven = palette([[1, 2, 3], [1, 2, 3], [1, 2]])
    short = palette([[1, 2, 3]] * 3)
    short["RedPaletteColorLookupTableDescriptor"] = ("US", [60, 0, 8])
    odd = palette([[1, 2, 3]] * 3, bits=12)
    for elements in (uneven, short, odd):
        with pytest.raises(DicomError) as caught:
            native(bytes(8), **eight(**elements))
        assert caught.value.code == "unsupported-pixels"


GREY16 = np.random.default_rng(8).integers(0, 4096, (30, 41)).astype(np.uint16)
COLOUR8 = np.random.default_rng(9).integers(0, 256, (30, 41, 3)).astype(np.uint8)
GREY: dict[str, object] = {"Rows": 30, "Columns": 41, "BitsStored": 12, "HighBit": 11}
RGB8: dict[str, object] = {**COLOUR, "Rows": 30, "Columns": 41}


def compressed(encoded: bytes, syntax: str, pool: WorkerPool, **elements: object) -> np.ndarray:
    return decode_frame(read_part10(instance(bytes(encoded), syntax, **elements)), 1, KEY, pool).values


@pytest.mark.parametrize(
    ("syntax", "encode"),
    [
        (JPEGLosslessSV1, lambda v: imagecodecs.jpeg8_encode(v, lossless=True, bitspersample=12, predictor=1)),
        (JPEGLSLossless, imagecodecs.jpegls_encode),
        (JPEG2000Lossless, lambda v: imagecodecs.jpeg2k_encode(v, level=0, codecformat="J2K", reversible=True)),
        ("1.2.840.10008.1.2.4.201", lambda v: imagecodecs.htj2k_encode(v, reversible=True)),
        (JPEG_XL, lambda v: imagecodecs.jpegxl_encode(v, lossless=True)),
    ],
)
def test_lossless_grey_comes_back_bit_for_bit(syntax: str, encode: object, pool: WorkerPool):
    assert np.array_equal(compressed(encode(GREY16), syntax, pool, **GREY), GREY16)  # type: ignore[operator]


def test_a_ct_of_jpeg_lossless_with_signs_comes_back(pool: WorkerPool):
    signed = GREY16.astype(np.int16) - 2048
    encoded = imagecodecs.jpeg8_encode(signed.view(np.uint16), lossless=True, bitspersample=16, predictor=1)
    values = compressed(encoded, JPEGLosslessSV1, pool, Rows=30, Columns=41, PixelRepresentation=1)
    assert np.array_equal(values, signed)


def test_signs_are_the_data_sets_where_jpeg2000_says_otherwise(pool: WorkerPool):
    encoded = imagecodecs.jpeg2k_encode(GREY16, level=0, codecformat="J2K", reversible=True, bitspersample=12)
    values = compressed(encoded, JPEG2000Lossless, pool, **(GREY | {"PixelRepresentation": 1}))
    assert np.array_equal(values, np.where(GREY16 > 2047, GREY16.astype(int) - 4096, GREY16))


def test_what_a_lossy_wavelet_overshoots_is_held_and_does_not_wrap_round(pool: WorkerPool):
    edges = np.where(np.indices((64, 64)).sum(axis=0) % 7 < 3, 4095, 0).astype(np.uint16)
    encoded = imagecodecs.jpeg2k_encode(edges, level=60, codecformat="J2K", bitspersample=16)
    values = compressed(encoded, JPEG2000, pool, **(GREY | {"Rows": 64, "Columns": 64}))
    assert values.max() == 4095
    assert np.abs(values.astype(int) - edges).max() < 300


def test_colour_of_jpeg_follows_the_codestream_before_the_data_set(pool: WorkerPool):
    as_ybr = imagecodecs.jpeg8_encode(COLOUR8, level=100, subsampling="444")  # JFIF: Y, CB, CR
    as_rgb = imagecodecs.jpeg8_encode(COLOUR8, level=100, colorspace="RGB", outcolorspace="RGB")  # Adobe: R, G, B
    for encoded in (as_ybr, as_rgb):
        for photometric in ("YBR_FULL_422", "RGB"):
            values = compressed(encoded, JPEGBaseline8Bit, pool, **(RGB8 | {"PhotometricInterpretation": photometric}))
            assert np.abs(values.astype(int) - COLOUR8).max() <= 6


def test_colour_is_never_converted_twice(pool: WorkerPool):
    ybr = np.rint(ybr_of(COLOUR8.astype(float))).clip(0, 255).astype(np.uint8)
    as_is = {"codecformat": "J2K", "level": 0, "reversible": True}
    cases = [
        (JPEGLSLossless, imagecodecs.jpegls_encode(ybr), "YBR_FULL", 2),
        (JPEGLSLossless, imagecodecs.jpegls_encode(COLOUR8), "RGB", 0),
        (JPEG2000Lossless, imagecodecs.jpeg2k_encode(COLOUR8, mct=True, **as_is), "YBR_RCT", 0),
        (JPEG2000Lossless, imagecodecs.jpeg2k_encode(COLOUR8, mct=True, **as_is), "YBR_FULL", 0),
        (JPEG2000Lossless, imagecodecs.jpeg2k_encode(COLOUR8, mct=False, **as_is), "RGB", 0),
        (JPEG2000Lossless, imagecodecs.jpeg2k_encode(ybr, mct=False, **as_is), "YBR_FULL", 2),
    ]
    for syntax, encoded, photometric, allowed in cases:
        values = compressed(encoded, syntax, pool, **(RGB8 | {"PhotometricInterpretation": photometric}))
        assert np.abs(values.astype(int) - COLOUR8).max() <= allowed, (syntax, photometric)


def test_run_lengths_of_16_bits_and_of_colour(pool: WorkerPool):
    dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm", download=False))
    expected = dataset.pixel_array
    dataset.compress(RLELossless, encoding_plugin="pydicom")
    buffer = io.BytesIO()
    dataset.save_as(buffer)
    part10 = read_part10(buffer.getvalue())
    assert np.array_equal(decode_frame(part10, 1, KEY, pool).values, expected)


def cut(encoded: bytes) -> bytes:
    return bytes(encoded)[: len(encoded) * 2 // 3]


@pytest.mark.parametrize(
    ("syntax", "encoded"),
    [
        (JPEGBaseline8Bit, imagecodecs.jpeg8_encode(GREY16.astype(np.uint8))),
        (JPEGLosslessSV1, imagecodecs.jpeg8_encode(GREY16, lossless=True, bitspersample=12, predictor=1)),
        (JPEGLSLossless, imagecodecs.jpegls_encode(GREY16)),
        (JPEG2000Lossless, imagecodecs.jpeg2k_encode(GREY16, level=0, codecformat="J2K", reversible=True)),
        ("1.2.840.10008.1.2.4.201", imagecodecs.htj2k_encode(GREY16, reversible=True)),
        (JPEG_XL, imagecodecs.jpegxl_encode(GREY16, lossless=True)),
    ],
)
def test_a_cut_codestream_is_refused_and_never_filled_up_with_grey(syntax: str, encoded: bytes, pool: WorkerPool):
    elements = GREY | (eight() if syntax == JPEGBaseline8Bit else {})
    with pytest.raises(DecodeError) as caught:
        compressed(cut(encoded), syntax, pool, **elements)
    assert caught.value.code == "decode-failed"


def test_run_lengths_that_end_early_or_have_the_wrong_number_of_planes_are_refused(pool: WorkerPool):
    header = struct.pack("<16I", 2, 64, 70, *[0] * 13)
    with pytest.raises(DecodeError) as caught:
        compressed(header + b"\x01\x00\x00\x80" * 4, RLELossless, pool, **GREY)
    assert caught.value.code == "decode-failed"
    with pytest.raises(DecodeError) as caught:
        compressed(struct.pack("<16I", 3, 64, 70, 80, *[0] * 12) + bytes(100), RLELossless, pool, **GREY)
    assert caught.value.code == "decode-wrong-size"


def test_a_codestream_of_more_bits_than_are_allocated_is_refused(pool: WorkerPool):
    encoded = imagecodecs.jpegls_encode(GREY16)
    with pytest.raises(DecodeError) as caught:
        compressed(encoded, JPEGLSLossless, pool, **(GREY | eight()))
    assert caught.value.code == "decode-wrong-size"


def test_a_large_picture_out_of_next_to_nothing_is_refused(pool: WorkerPool):
    tiny = imagecodecs.jpeg2k_encode(np.zeros((7000, 7000), np.uint16), level=0, codecformat="J2K", reversible=True)
    with pytest.raises(DecodeError) as caught:
        compressed(tiny, JPEG2000Lossless, pool, **(GREY | {"Rows": 7000, "Columns": 7000}))
    assert caught.value.params["reason"] == "too small for its size"
