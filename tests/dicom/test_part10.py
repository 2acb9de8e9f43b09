"""Reading files: whole, cut, bombed, without preamble, with every sort of fragment and offset table."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended, fragment_frame
from pydicom.sequence import Sequence
from pydicom.uid import (
    MPEG4HP41,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
)

from workstation.dicom.frames import decode_frame
from workstation.dicom.part10 import Part10, read_part10
from workstation.dicom.pixels import FrameKey
from workstation.errors import DicomError
from workstation.workers.pool import WorkerPool

J2K_FRAMES = [b"\xff\x4f" + bytes([n]) * (10 + 4 * n) + b"\xff\xd9" for n in range(1, 5)]


def image(frames: int = 1, rows: int = 4, columns: int = 6, syntax: str = ExplicitVRLittleEndian) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = "2.25.1"
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, "2.25.1"
    dataset.PatientName = "DEMO"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = rows, columns, 1
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PhotometricInterpretation = "MONOCHROME2"
    if frames > 1:
        dataset.NumberOfFrames = frames
    if not pydicom.uid.UID(syntax).is_encapsulated:
        dataset.PixelData = np.arange(frames * rows * columns, dtype="<u2").tobytes()
    return dataset


def saved(dataset: Dataset) -> bytes:
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def compressed(frames: int, pixel_data: bytes, syntax: str = JPEG2000Lossless) -> bytes:
    dataset = image(frames, syntax=syntax)
    dataset.PixelData = pixel_data
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return saved(dataset)


def refusal(data: bytes) -> str:
    """The code with which a file is refused, at reading or when it is asked to be complete."""
    with pytest.raises(DicomError) as caught:
        read_part10(data).check_complete()
    return caught.value.code


def test_frames_of_a_native_file_are_views_on_its_bytes():
    data = saved(image(frames=3))
    part10 = read_part10(data)
    part10.check_complete()
    second = part10.encoded_frame(2)
    assert isinstance(second, memoryview)
    assert second.obj is data
    assert np.frombuffer(second, "<u2").tolist() == list(range(24, 48))
    assert part10.dataset.PatientName == "DEMO"
    assert "PixelData" not in part10.dataset


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_the_little_endian_syntaxes_read_alike(syntax: str):
    part10 = read_part10(saved(image(syntax=syntax)))
    assert part10.transfer_syntax_uid == syntax
    assert np.frombuffer(part10.encoded_frame(1), "<u2").tolist() == list(range(24))


def test_big_endian_is_read():
    dataset = image(syntax=ExplicitVRBigEndian)
    dataset.PixelData = np.arange(24, dtype=">u2").tobytes()
    part10 = read_part10(saved(dataset))
    assert part10.dataset.Rows == 4
    assert np.frombuffer(part10.encoded_frame(1), ">u2").tolist() == list(range(24))


@pytest.mark.parametrize("n", [0, 4, -1])
def test_a_frame_that_is_not_there_is_said(n: int):
    with pytest.raises(DicomError) as caught:
        read_part10(saved(image(frames=3))).encoded_frame(n)
    assert caught.value.params == {"frame": n, "frames": 3}


@pytest.mark.parametrize("cut", [1, 2, 40, 47])
def test_a_native_file_with_missing_pixels_is_truncated(cut: int):
    assert refusal(saved(image())[:-cut]) == "truncated"


def test_a_file_cut_anywhere_is_never_whole():
    data = saved(image())
    codes = {refusal(data[:length]) for length in range(len(data) - 1)}
    assert codes <= {"truncated", "not-dicom", "damaged", "no-pixels"}


def test_a_cut_in_a_real_ct_is_always_noticed():
    data = Path(get_testdata_file("CT_small.dcm", download=False)).read_bytes()
    pixel_end = data.rindex(b"\xfc\xff\xfc\xff")  # data set trailing padding follows the pixels
    for cut in (1, 1000, 20000, 36206):
        shortened = data[: len(data) - cut]
        if len(shortened) >= pixel_end:
            read_part10(shortened).check_complete()
        else:
            assert refusal(shortened) == "truncated"


def test_frames_of_one_fragment_each_are_found_without_a_table():
    part10 = read_part10(compressed(4, encapsulate(J2K_FRAMES, has_bot=False)))
    part10.check_complete()
    assert [bytes(part10.encoded_frame(n)) for n in (1, 2, 3, 4)] == J2K_FRAMES


def test_frames_of_several_fragments_are_joined_by_the_basic_offset_table():
    part10 = read_part10(compressed(4, encapsulate(J2K_FRAMES, fragments_per_frame=3, has_bot=True)))
    part10.check_complete()
    assert [bytes(part10.encoded_frame(n)).rstrip(b"\0") for n in (1, 2, 3, 4)] == J2K_FRAMES


def test_frames_are_found_by_the_extended_offset_table():
    data, offsets, lengths = encapsulate_extended(J2K_FRAMES)
    dataset = image(4, syntax=JPEG2000Lossless)
    dataset.PixelData = data
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.ExtendedOffsetTable = offsets
    dataset.ExtendedOffsetTableLengths = lengths
    part10 = read_part10(saved(dataset))
    part10.check_complete()
    assert [bytes(part10.encoded_frame(n)) for n in (1, 2, 3, 4)] == J2K_FRAMES


def items(*values: bytes) -> bytes:
    return b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<I", len(value)) + value for value in values)


def test_frames_of_several_fragments_without_a_table_end_with_an_end_marker():
    parts = [part for frame in J2K_FRAMES for part in fragment_frame(frame, 2)]
    part10 = read_part10(compressed(4, items(b"", *parts)))
    part10.check_complete()
    assert [bytes(part10.encoded_frame(n)).rstrip(b"\0") for n in (1, 2, 3, 4)] == J2K_FRAMES


def test_all_fragments_of_a_single_frame_are_one_frame():
    frame = b"\xff\x4f" + bytes(100) + b"\xff\xd9"
    part10 = read_part10(compressed(1, items(b"", frame[:50], frame[50:])))
    part10.check_complete()
    assert part10.encoded_frame(1) == frame


def test_a_missing_delimiter_is_truncated():
    data = compressed(4, encapsulate(J2K_FRAMES))
    assert data.endswith(b"\xfe\xff\xdd\xe0\0\0\0\0")
    assert refusal(data[:-8]) == "truncated"
    assert refusal(data[:-9]) == "truncated"


@pytest.mark.parametrize("has_bot", [True, False])
def test_missing_frames_are_truncated(has_bot: bool):
    assert refusal(compressed(6, encapsulate(J2K_FRAMES, has_bot=has_bot))) == "truncated"


def test_too_many_frames_are_damage():
    assert refusal(compressed(2, encapsulate(J2K_FRAMES, has_bot=False))) == "damaged"


def test_an_empty_frame_is_truncated():
    assert refusal(compressed(1, items(b"", b""))) == "truncated"
    assert refusal(compressed(1, items(b""))) == "truncated"


def test_an_offset_table_that_points_between_fragments_is_damage():
    table = struct.pack("<4I", 0, 20, 40, 60)
    assert refusal(compressed(4, items(table, *J2K_FRAMES))) == "damaged"
    beyond = struct.pack("<4I", 0, 20, 40, 6000)
    assert refusal(compressed(4, items(beyond, *J2K_FRAMES))) == "truncated"


def test_fragments_that_end_no_frame_are_damage():
    assert refusal(compressed(2, items(b"", J2K_FRAMES[0], J2K_FRAMES[1], b"\x00" * 20))) == "damaged"


def test_something_that_is_no_fragment_is_damage():
    data = compressed(1, items(b"", J2K_FRAMES[0]))
    position = data.rindex(b"\xfe\xff\x00\xe0")
    assert refusal(data[:position] + b"\x08\x00\x05\x00" + data[position + 4 :]) == "damaged"


def test_a_file_without_preamble_or_meta_is_read():
    data = saved(image(syntax=ImplicitVRLittleEndian))
    meta_end = data.index(b"\x08\x00\x16\x00")
    for bare in (data[132:], data[meta_end:]):
        part10 = read_part10(bare)
        assert part10.transfer_syntax_uid == ImplicitVRLittleEndian
        part10.check_complete()


@pytest.mark.parametrize(("syntax", "order"), [(ExplicitVRLittleEndian, "<"), (ExplicitVRBigEndian, ">")])
def test_a_bare_data_set_tells_its_own_encoding(syntax: str, order: str):
    data = saved(image(syntax=syntax))
    bare = data[data.index(struct.pack(f"{order}HH", 8, 0x16)) :]
    part10 = read_part10(bare)
    assert part10.transfer_syntax_uid == syntax
    assert part10.dataset.Columns == 6


def test_a_file_that_says_explicit_and_is_implicit_is_read():
    data = saved(image(syntax=ImplicitVRLittleEndian))
    lie = data.replace(b"1.2.840.10008.1.2\0", b"1.2.840.10008.1.2\0")
    explicit = read_part10(lie)
    assert explicit.dataset.Rows == 4
    meta = saved(image())[: saved(image()).index(b"\x08\x00\x16\x00")]
    mixed = meta + data[data.index(b"\x08\x00\x16\x00") :]
    assert read_part10(mixed).dataset.Rows == 4


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7 and so on for a while", b"<html>" * 50, bytes(1000), b"\x08\x00", b"PK\x03\x04" * 100]
)
def test_what_is_no_dicom_is_not_dicom(data: bytes):
    assert refusal(data) == "not-dicom"


def test_no_pixel_data_names_the_sort_of_object():
    path = Path(get_testdata_file("reportsi.dcm", download=False))
    part10 = read_part10(path.read_bytes())
    assert part10.description is None
    part10.check_complete()
    with pytest.raises(DicomError) as caught:
        part10.encoded_frame(1)
    assert caught.value.code == "no-pixels"
    assert caught.value.params == {"what": "Basic Text SR Storage"}


FLOATS = [("FloatPixelData", "OF", 32, "f4"), ("DoubleFloatPixelData", "OD", 64, "f8")]


@pytest.mark.parametrize(("keyword", "vr", "bits", "kind"), FLOATS)
@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_float_pixels_are_described_and_whole(keyword: str, vr: str, bits: int, kind: str, syntax: str):
    dataset = image(syntax=syntax)
    del dataset.PixelData, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation
    dataset.BitsAllocated = bits
    values = np.linspace(-2.5, 1e6, 24).astype(kind)
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    dataset.add_new(keyword, vr, values.astype(f"{order}{kind}").tobytes())
    part10 = read_part10(saved(dataset))
    description = part10.required_description()
    assert (description.is_float, description.bits_allocated, description.is_colour) == (True, bits, False)
    part10.check_complete()
    frame = decode_frame(part10, 1, FrameKey("", "", "", 1), WorkerPool(1, at_once=False))
    assert frame.values.dtype == np.dtype(kind)
    assert np.array_equal(frame.values, values.reshape(4, 6))


@pytest.mark.parametrize(("keyword", "vr", "bits", "kind"), FLOATS)
def test_float_pixels_of_another_width_than_they_say_are_damaged(keyword: str, vr: str, bits: int, kind: str):
    dataset = image()
    del dataset.PixelData
    dataset.add_new(keyword, vr, bytes(24 * bits // 8))
    with pytest.raises(DicomError) as caught:
        read_part10(saved(dataset)).required_description()
    assert (caught.value.code, "BitsAllocated" in str(caught.value)) == ("damaged", True)


@pytest.mark.parametrize(
    ("keyword", "value", "code"),
    [
        ("Rows", 0, "damaged"),
        ("BitsAllocated", 24, "unsupported-pixels"),
        ("BitsAllocated", 64, "unsupported-pixels"),
        ("BitsStored", 17, "damaged"),
        ("HighBit", 3, "damaged"),
        ("HighBit", 16, "damaged"),
        ("SamplesPerPixel", 4, "unsupported-pixels"),
        ("SamplesPerPixel", 0, "unsupported-pixels"),
        ("PixelRepresentation", 2, "damaged"),
        ("PlanarConfiguration", 7, "damaged"),
    ],
)
def test_an_image_pixel_module_that_contradicts_itself_is_refused(keyword: str, value: int, code: str):
    dataset = image()
    setattr(dataset, keyword, value)
    assert refusal(saved(dataset)) == code


@pytest.mark.parametrize("keyword", ["Rows", "Columns", "BitsAllocated"])
def test_an_image_pixel_module_with_gaps_is_damaged(keyword: str):
    dataset = image()
    dataset["PixelData"].VR = "OW"
    delattr(dataset, keyword)
    assert refusal(saved(dataset)) == "damaged"


def test_what_may_be_missing_has_a_default():
    dataset = image()
    for keyword in ("BitsStored", "HighBit", "PixelRepresentation", "PhotometricInterpretation", "SamplesPerPixel"):
        delattr(dataset, keyword)
    pixels = read_part10(saved(dataset)).required_description()
    assert (pixels.bits_stored, pixels.high_bit, pixels.photometric_interpretation) == (16, 15, "MONOCHROME2")


def test_compressed_pixels_of_defined_length_and_native_ones_of_undefined_are_damage():
    data = compressed(1, items(b"", J2K_FRAMES[0]))
    as_native = data.replace(b"1.2.840.10008.1.2.4.90", b"1.2.840.10008.1.2.1\0\0\0")
    assert refusal(as_native) == "damaged"
    native = saved(image())
    as_compressed = native.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0")
    assert refusal(as_compressed) == "damaged"


def test_video_is_refused_by_name():
    data = compressed(20, items(b"", b"\0\0\0\x01video!"), MPEG4HP41)
    part10 = read_part10(data)
    part10.check_complete()
    with pytest.raises(DicomError) as caught:
        part10.encoded_frame(1)
    assert caught.value.code == "unsupported-syntax"


def test_deflated_bytes_that_are_none_are_damage_and_cut_ones_truncated():
    data = saved(image(syntax=DeflatedExplicitVRLittleEndian))
    start = read_start(data)
    assert refusal(data[:start] + b"\xff" * 40) == "damaged"
    assert refusal(data[: start + 30]) == "truncated"


def read_start(data: bytes) -> int:
    """Offset of the first byte after file meta information, by its group length."""
    return 144 + struct.unpack_from("<I", data, 140)[0]


def test_padding_after_the_data_set_is_no_damage():
    dataset = image()
    del dataset.PixelData
    for padding in (b"\0", bytes(100)):
        assert read_part10(saved(dataset) + padding).dataset.Rows == 4


def test_rubbish_after_the_data_set_is_not_swallowed():
    dataset = image()
    del dataset.PixelData
    assert refusal(saved(dataset) + b"\x08\x00\x05") == "truncated"
    assert refusal(saved(dataset) + b"\x09\x00\x05\x00!!\x01\x00x") == "damaged"


def nested(depth: int) -> bytes:
    return b"\xfe\xff\x00\xe0\xff\xff\xff\xff\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff" * depth


def bare_explicit(*elements: bytes) -> bytes:
    return b"\x08\x00\x16\x00UI\x0e\x001.2.840.10008\0" + b"".join(elements)


SEQUENCE = b"\x40\x00\x30\xa7SQ\0\0"


def test_sequences_may_be_nested_64_deep_and_no_deeper():
    whole = SEQUENCE + b"\xff\xff\xff\xff" + nested(60)
    ends = b"\xfe\xff\xdd\xe0\0\0\0\0" + b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0" * 60
    assert read_part10(bare_explicit(whole, ends)).dataset.ContentSequence
    assert refusal(bare_explicit(SEQUENCE + b"\xff\xff\xff\xff", nested(100_000))) == "over-limit"


def test_sequences_nested_in_defined_lengths_or_as_un_are_not_deeper_either():
    inner = b""
    for _ in range(100):
        inner = b"\xfe\xff\x00\xe0" + struct.pack("<I", len(inner)) + inner
        inner = SEQUENCE + struct.pack("<I", len(inner)) + inner
    assert refusal(bare_explicit(inner)) == "over-limit"
    un = b""
    for _ in range(100):
        un = b"\xfe\xff\x00\xe0" + struct.pack("<I", len(un)) + un
        un = b"\x40\x00\x30\xa7" + struct.pack("<I", len(un)) + un
    assert refusal(bare_explicit(b"\x40\x00\x30\xa7UN\0\0" + struct.pack("<I", len(un[8:])) + un[8:])) == "over-limit"


@pytest.mark.parametrize(
    "elements",
    [
        SEQUENCE + struct.pack("<I", 8) + b"\x08\x00\x05\x00CS\0\0",  # no item
        SEQUENCE + b"\xff\xff\xff\xff" + b"\xfe\xff\x0d\xe0\0\0\0\0",  # an item's end for a sequence's
        SEQUENCE + struct.pack("<I", 16) + b"\xfe\xff\x00\xe0" + struct.pack("<I", 200) + bytes(300),  # item too long
        SEQUENCE
        + struct.pack("<I", 12)
        + b"\xfe\xff\x00\xe0"
        + struct.pack("<I", 4)
        + b"\x08\x00\x05\x00"
        + bytes(300),
        SEQUENCE
        + struct.pack("<I", 18)
        + b"\xfe\xff\x00\xe0"
        + struct.pack("<I", 10)
        + b"\x08\0\x05\0OB\0\0\0\0"
        + bytes(9),
        SEQUENCE + b"\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0" + struct.pack("<I", 0),  # no end
    ],
)
def test_sequences_that_do_not_close_are_damage(elements: bytes):
    assert refusal(bare_explicit(elements)) == "damaged"


def test_stray_delimiters_between_elements_are_skipped():
    data = bare_explicit(b"\xfe\xff\xdd\xe0\0\0\0\0", b"\x28\x00\x10\x00US\x02\x00\x07\x00")
    assert read_part10(data).dataset.get("SOPClassUID") == "1.2.840.10008"


def test_an_element_that_claims_more_than_the_file_has_is_truncated():
    assert refusal(bare_explicit(b"\x09\x00\x10\x10OB\0\0\xfe\xff\xff\xff" + bytes(50))) == "truncated"


def test_too_many_elements_are_over_the_limit_but_functional_groups_of_many_frames_are_not():
    tiny = b"".join(b"\x09\x00" + struct.pack("<H", 0x1000 + n % 0xE000) + b"CS\0\0" for n in range(60_000))
    assert refusal(bare_explicit(tiny)) == "over-limit"
    frames = b"\x28\x00\x08\x00IS\x04\x00500 "
    assert read_part10(bare_explicit(frames, tiny)).dataset.NumberOfFrames == 500
    assert refusal(bare_explicit(b"\x28\x00\x08\x00IS\x04\x00many", tiny)) == "over-limit"


def test_32_mib_outside_the_pixel_data_are_over_the_limit_but_a_document_is_not():
    size = 33 << 20
    private = b"\x09\x00\x10\x10OB\0\0" + struct.pack("<I", size) + bytes(size)
    assert refusal(bare_explicit(private)) == "over-limit"
    document = b"\x42\x00\x11\x00OB\0\0" + struct.pack("<I", size) + bytes(size)
    read_part10(bare_explicit(document)).check_complete()


def test_sizes_are_multiplied_without_overflow():
    dataset = image(frames=1)
    dataset.Rows = dataset.Columns = 65535
    dataset.NumberOfFrames = 1000
    with pytest.raises(DicomError) as caught:
        read_part10(saved(dataset)).check_complete()
    assert caught.value.params == {"what": "pixel bytes", "limit": 4 << 30}


def test_an_icon_is_not_taken_for_the_image():
    icon = Dataset()
    icon.Rows = icon.Columns = 2
    icon.BitsAllocated, icon.PixelRepresentation = 8, 0
    icon.add_new("PixelData", "OB", b"icon")
    dataset = image()
    dataset.IconImageSequence = Sequence([icon])
    part10 = read_part10(saved(dataset))
    assert np.frombuffer(part10.encoded_frame(1), "<u2").tolist() == list(range(24))


def test_values_that_pydicom_would_warn_about_do_not_warn():
    dataset = image()
    data = saved(dataset).replace(b"2.25.1", b"2.25.x")
    part10: Part10 = read_part10(data)
    assert part10.dataset.SOPInstanceUID == "2.25.x"


def test_every_file_of_pydicoms_wheel_is_read_or_refused_by_name():
    root = Path(get_testdata_file("CT_small.dcm", download=False)).parent
    read = 0
    for path in sorted(root.rglob("*.dcm")):
        try:
            read_part10(path.read_bytes()).check_complete()
            read += 1
        except DicomError:
            continue
    assert read > 60
