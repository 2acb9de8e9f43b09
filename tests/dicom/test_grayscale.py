"""Stored values to P-values. Expected numbers are worked out from the formulas of PS3.3 C.11.2 on paper."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from workstation.dicom.grayscale import (
    Grayscale,
    ModalityTransform,
    VoiLut,
    Window,
    display_table,
    full_range_window,
    p_values,
)
from workstation.dicom.grayscale_reader import grayscale_of, lookup_table_of
from workstation.dicom.lookup import LookupTable

CT = "1.2.840.10008.5.1.4.1.1.2"
XA = "1.2.840.10008.5.1.4.1.1.12.1"


def image(**elements: object) -> Dataset:
    dataset = Dataset()
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelRepresentation = 0
    dataset.BitsAllocated = 16
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def lut(first: int, entries: list[int], bits: int, **more: object) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "SS" if first < 0 else "US", [len(entries) & 0xFFFF, first, bits])
    item.add_new("LUTData", "US", entries)
    for keyword, value in more.items():
        setattr(item, keyword, value)
    return item


def p(window: Window, *values: float) -> list[float]:
    return [round(float(value) * 255, 3) for value in window.p_values(np.array(values))]


def test_linear_follows_the_standards_formula_and_not_the_exact_one():
    # c=40 w=400: 0 up to 39.5-199.5=-160, 255 above 239; at 0: ((0-39.5)/399+0.5)*255 = 102.255...
    assert p(Window(40, 400), -161, -160, 0, 39.5, 239, 240) == [0, 0, 102.256, 127.5, 255, 255]


def test_linear_exact_reaches_from_half_a_width_below_to_half_a_width_above():
    assert p(Window(40, 400, "LINEAR_EXACT"), -160, 0, 40, 240, 241) == [0, 102.0, 127.5, 255, 255]


def test_sigmoid_is_half_at_the_centre_and_never_quite_white():
    # 255/(1+exp(-4*(140-40)/400)) = 255/(1+exp(-1)) = 186.420
    assert p(Window(40, 400, "SIGMOID"), 40, 140, 1e9, -1e9) == [127.5, 186.42, 255.0, 0.0]


def test_a_window_one_wide_is_a_threshold_half_below_its_centre():
    assert p(Window(100, 1), 99, 99.5, 99.6, 100) == [0, 0, 255, 255]


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize("width", [0.0, -3.0])
def test_a_width_that_is_not_allowed_gives_a_threshold_and_no_division_by_zero(function: str, width: float):
    assert p(Window(10, width, function), 5, 15) == [0, 255]


def test_a_fraction_of_a_width_is_legal_for_linear_exact():
    assert p(Window(0.5, 0.5, "LINEAR_EXACT"), 0.25, 0.5, 0.75) == [0, 127.5, 255]


def test_the_table_is_indexed_by_the_bit_pattern_of_negative_values():
    grayscale = Grayscale(is_signed=True)
    table = display_table(grayscale, Window(0, 200, "LINEAR_EXACT"))
    assert table.shape == (65536,)
    assert table.dtype == np.uint8
    assert not table.flags.writeable
    assert table[np.array([-100, -1, 0, 50], np.int16).view(np.uint16)].tolist() == [0, 126, 128, 191]


def test_the_table_rounds_to_nearest():
    table = display_table(Grayscale(), Window(40, 400))
    assert table[0] == 102  # 102.256
    assert table[1] == 103  # 102.895
    assert int(table[239]) == 255


def test_an_eight_bit_table_of_signed_values():
    table = display_table(Grayscale(is_signed=True), Window(0, 256, "LINEAR_EXACT"), bits=8)
    assert table.shape == (256,)
    assert table[0x80] == 0  # -128
    assert table[0x7F] == 254  # 127: (127/256+0.5)*255 = 254.0


def test_monochrome1_and_the_users_inversion_are_one_inversion_each():
    window = Window(40, 400)
    plain = display_table(Grayscale(), window)
    assert np.array_equal(display_table(Grayscale(is_inverse=True), window, invert=True), plain)
    inverse = display_table(Grayscale(is_inverse=True), window)
    assert inverse[0] == 153  # 255 - 102.256 rounded: not 255 - 102 by rounding twice
    assert np.array_equal(inverse, display_table(Grayscale(), window, invert=True))


@pytest.mark.parametrize(
    ("photometric", "shape", "inverse"),
    [
        ("MONOCHROME1", "", True),
        ("MONOCHROME1", "INVERSE", True),
        ("MONOCHROME1", "IDENTITY", False),
        ("MONOCHROME2", "IDENTITY", False),
        ("MONOCHROME2", "INVERSE", True),
    ],
)
def test_polarity_is_inverted_at_most_once(photometric: str, shape: str, inverse: bool):
    dataset = image(PhotometricInterpretation=photometric, PresentationLUTShape=shape)
    assert grayscale_of(dataset).is_inverse is inverse


def test_padding_may_be_drawn_as_background():
    table = display_table(Grayscale(padding=(10, 20)), Window(0, 10), padding_p_value=0)
    assert table[[9, 10, 20, 21]].tolist() == [255, 0, 0, 255]


def test_without_padding_nothing_is_drawn_as_background():
    table = display_table(Grayscale(), Window(0, 10), padding_p_value=7)
    assert not np.any(table == 7)


def test_wide_values_take_the_direct_way():
    grayscale = Grayscale(ModalityTransform(slope=1e-6))
    stored = np.array([[0, 1_000_000, 2_000_000]], np.uint32)
    assert p_values(grayscale, Window(1, 2, "LINEAR_EXACT"), stored).tolist() == [[0, 128, 255]]


def test_rescale_and_windows_are_read_with_their_explanations():
    dataset = image(SOPClassUID=CT, PixelRepresentation=1, RescaleSlope="2", RescaleIntercept="-1024", RescaleType="HU")
    dataset.WindowCenter = [40, 300, 5]
    dataset.WindowWidth = [400, 1500, 0]
    dataset.WindowCenterWidthExplanation = ["SOFT"]
    grayscale = grayscale_of(dataset)
    assert grayscale.voi_choices == (Window(40, 400, "LINEAR", "SOFT"), Window(300, 1500))
    assert grayscale.modality_value(500) == -24
    assert grayscale.is_signed
    assert grayscale.is_hounsfield
    assert grayscale.unit == "HU"


def test_a_single_explanation_and_function_are_read():
    dataset = image(
        WindowCenter="10", WindowWidth="20", WindowCenterWidthExplanation="KNOCHEN", VOILUTFunction="SIGMOID"
    )
    assert grayscale_of(dataset).voi_choices == (Window(10, 20, "SIGMOID", "KNOCHEN"),)
    dataset.VOILUTFunction = "PARABOLA"
    assert grayscale_of(dataset).voi_choices == (Window(10, 20, "LINEAR", "KNOCHEN"),)


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"SOPClassUID": CT, "RescaleIntercept": "0", "RescaleType": "HU"}, True),
        ({"SOPClassUID": CT, "RescaleIntercept": "-1024", "RescaleSlope": "1"}, True),
        ({"SOPClassUID": CT, "RescaleIntercept": "0", "RescaleType": "US"}, False),
        ({"SOPClassUID": CT, "RescaleIntercept": "0", "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, False),
        (
            {
                "SOPClassUID": CT,
                "RescaleIntercept": "0",
                "RescaleType": "HU",
                "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"],
            },
            False,
        ),
        ({"SOPClassUID": CT, "RescaleIntercept": "0", "MultienergyCTAcquisition": "YES"}, False),
        ({"SOPClassUID": CT, "RescaleIntercept": "0", "MultienergyCTAcquisition": "YES", "RescaleType": "HU"}, True),
        ({"SOPClassUID": CT, "RescaleIntercept": "0", "MultienergyCTAcquisition": "NO"}, True),
        ({"SOPClassUID": CT}, False),
        ({"SOPClassUID": XA, "RescaleIntercept": "0", "RescaleType": "HU"}, False),
    ],
)
def test_hounsfield_only_where_it_is(elements: dict[str, object], expected: bool):
    assert grayscale_of(image(**elements)).is_hounsfield is expected


def test_a_modality_table_is_never_hounsfield_and_clamps_at_both_ends():
    dataset = image(SOPClassUID=CT, ModalityLUTSequence=Sequence([lut(10, [5, 7, 900], 16, ModalityLUTType="OD")]))
    grayscale = grayscale_of(dataset)
    assert not grayscale.is_hounsfield
    assert grayscale.unit == "OD"
    assert [grayscale.modality_value(stored) for stored in (0, 10, 11, 12, 500)] == [5, 5, 7, 900, 900]


def test_a_slope_of_zero_does_not_make_the_picture_uniform():
    grayscale = grayscale_of(image(RescaleSlope="0", RescaleIntercept="5"))
    assert grayscale.modality == ModalityTransform(1.0, 5.0)
    assert grayscale_of(image(RescaleSlope="3")).modality == ModalityTransform(3.0, 0.0)
    assert grayscale_of(image(RescaleSlope="0")).modality == ModalityTransform()


def test_angiography_in_logarithmic_relation_is_shown_without_its_modality_transform():
    dataset = image(SOPClassUID=XA, PixelIntensityRelationship="LOG", RescaleSlope="2", RescaleIntercept="1")
    assert grayscale_of(dataset).modality == ModalityTransform()
    dataset.PixelIntensityRelationship = "LIN"
    assert grayscale_of(dataset).modality == ModalityTransform(2.0, 1.0)


def test_each_frame_has_its_own_rescale_and_window():
    def frame(slope: str, center: str) -> Dataset:
        group, transform, voi = Dataset(), Dataset(), Dataset()
        transform.RescaleSlope, transform.RescaleIntercept, transform.RescaleType = slope, "-10", "US"
        voi.WindowCenter, voi.WindowWidth = center, "100"
        group.PixelValueTransformationSequence = Sequence([transform])
        group.FrameVOILUTSequence = Sequence([voi])
        return group

    dataset = image(PerFrameFunctionalGroupsSequence=Sequence([frame("1", "10"), frame("2.5", "20")]))
    second = grayscale_of(dataset, 2)
    assert second.modality_value(100) == 240
    assert second.voi_choices == (Window(20, 100),)
    assert grayscale_of(dataset, 1).modality_value(100) == 90
    assert second.unit == ""


def test_a_shared_window_and_rescale_serve_frames_without_their_own():
    shared, voi = Dataset(), Dataset()
    voi.WindowCenter, voi.WindowWidth = "7", "9"
    shared.FrameVOILUTSequence = Sequence([voi])
    dataset = image(
        PerFrameFunctionalGroupsSequence=Sequence([Dataset()]), SharedFunctionalGroupsSequence=Sequence([shared])
    )
    assert grayscale_of(dataset, 1).voi_choices == (Window(7, 9),)


def test_a_voi_table_is_offered_after_the_windows():
    dataset = image(
        WindowCenter="1", WindowWidth="2", VOILUTSequence=Sequence([lut(0, [0, 100, 255], 8, LUTExplanation="NORMAL")])
    )
    window, table = grayscale_of(dataset).voi_choices
    assert window == Window(1, 2)
    assert isinstance(table, VoiLut)
    assert table.explanation == "NORMAL"
    assert (table.p_values(np.array([-5, 0, 1, 2, 9])) * 255).tolist() == [0, 0, 100, 255, 255]


def test_a_first_value_written_unsigned_is_negative_where_the_input_can_be():
    item = lut(65336, [0, 1000], 12)
    assert lookup_table_of(item, input_is_signed=True) == LookupTable(-200, 12, b"\x00\x00\xe8\x03")
    assert lookup_table_of(item, input_is_signed=False) == LookupTable(65336, 12, b"\x00\x00\xe8\x03")
    dataset = image(RescaleIntercept="-1024", RescaleSlope="1", VOILUTSequence=Sequence([item]))
    assert grayscale_of(dataset).voi_choices[0].table.first == -200  # type: ignore[union-attr]


def test_zero_entries_mean_65536():
    table = lookup_table_of(lut(0, list(range(65536)), 16), input_is_signed=False)
    assert table is not None
    assert len(table.entries) == 65536
    assert table.looked_up(np.array([65535.0])).tolist() == [65535]


def test_eight_bit_entries_packed_in_words_are_unpacked():
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [3, 0, 8])
    item.add_new("LUTData", "OW", b"\x01\x02\x03\x00")
    table = lookup_table_of(item, input_is_signed=False)
    assert table is not None
    assert table.entries.tolist() == [1, 2, 3]


@pytest.mark.parametrize(("little", "expected"), [(True, [0x0201, 0x0403]), (False, [0x0102, 0x0304])])
def test_words_in_bytes_follow_the_files_byte_order(little: bool, expected: list[int]):
    item = Dataset()
    item.set_original_encoding(False, little)
    item.add_new("LUTDescriptor", "US", [2, 0, 16])
    item.add_new("LUTData", "OW", b"\x01\x02\x03\x04")
    table = lookup_table_of(item, input_is_signed=False)
    assert table is not None
    assert table.entries.tolist() == expected


def test_a_table_that_overstates_its_depth_is_not_shown_almost_black():
    table = lookup_table_of(lut(0, [0, 4095], 16), input_is_signed=False)
    assert table is not None
    assert VoiLut(table).p_values(np.array([1])).tolist() == [1.0]


@pytest.mark.parametrize("descriptor", [[2, 0], [2, 0, 0], [2, 0, 17]])
def test_a_table_with_a_wrong_descriptor_is_left_out(descriptor: list[int]):
    item = Dataset()
    item.add_new("LUTDescriptor", "US", descriptor)
    item.add_new("LUTData", "US", [1, 2])
    assert lookup_table_of(item, input_is_signed=False) is None
    dataset = image(VOILUTSequence=Sequence([item]), ModalityLUTSequence=Sequence([item]))
    assert grayscale_of(dataset).voi_choices == ()
    assert grayscale_of(dataset).modality == ModalityTransform()


def test_a_table_without_data_is_left_out():
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [2, 0, 16])
    assert lookup_table_of(item, input_is_signed=False) is None


def test_the_full_range_leaves_padding_out():
    grayscale = Grayscale(ModalityTransform(1, -1000), padding=(-2000, -2000), is_signed=True)
    values = np.array([[-2000, 0], [500, 1000]], np.int16)
    window = full_range_window(grayscale, values)
    assert window == Window((-1000 + 0 + 1) / 2, 1001)
    assert p(window, -1000, 0) == [0, 255]


def test_the_full_range_of_fractions_is_exact():
    window = full_range_window(Grayscale(ModalityTransform(0.001, 0)), np.array([[0, 3500]], np.uint16))
    assert window == Window(1.75, 3.5, "LINEAR_EXACT")


def test_the_full_range_of_one_fraction_is_no_division_by_zero():
    window = full_range_window(Grayscale(ModalityTransform(0.5, 0)), np.array([[3]], np.uint16))
    assert p(window, 1.4, 1.6) == [0, 255]


def test_the_full_range_through_a_table_looks_at_every_value():
    grayscale = Grayscale(ModalityTransform(table=LookupTable(0, 16, np.array([50, 900, 10], "<u2").tobytes())))
    assert full_range_window(grayscale, np.array([[0, 1, 2]], np.uint16)) == Window(455.5, 891)


def test_a_frame_of_nothing_but_padding_still_has_a_range():
    assert full_range_window(Grayscale(padding=(0, 9)), np.array([[3, 5]], np.uint8)) == Window(4.5, 3)


@pytest.mark.parametrize(
    ("value", "limit", "signed", "expected"),
    [
        (-2000, None, True, (-2000, -2000)),
        (63536, None, True, (-2000, -2000)),
        (100, 5, False, (5, 100)),
        (None, 5, False, None),
        (None, None, False, None),
    ],
)
def test_padding_is_an_inclusive_range_in_either_order(
    value: int | None, limit: int | None, signed: bool, expected: tuple[int, int] | None
):
    dataset = image(PixelRepresentation=int(signed))
    for keyword, number in (("PixelPaddingValue", value), ("PixelPaddingRangeLimit", limit)):
        if number is not None:
            dataset.add_new(keyword, "SS" if number < 0 else "US", number)
    assert grayscale_of(dataset).padding == expected


def test_padding_of_32_bit_images_is_taken_as_it_is():
    dataset = image(BitsAllocated=32)
    dataset.add_new("PixelPaddingValue", "UL", 70000)
    assert grayscale_of(dataset).padding == (70000, 70000)


def test_a_probe_says_what_pet_values_are():
    assert grayscale_of(image(Units="BQML", RescaleSlope="0.5", RescaleIntercept="0")).unit == "BQML"
    assert grayscale_of(image(Units="NONE", RescaleSlope="0.5", RescaleIntercept="0")).unit == ""


def test_values_that_are_no_numbers_are_ignored():
    dataset = image()
    dataset.add_new("WindowCenter", "LO", "forty")
    dataset.add_new("WindowWidth", "LO", "400")
    dataset.add_new("RescaleSlope", "LO", "inf")
    grayscale = grayscale_of(dataset)
    assert grayscale.voi_choices == ()
    assert grayscale.modality == ModalityTransform()


def test_a_presentation_table_takes_what_the_window_gave_and_gives_p_values():
    # a window of 0..255 puts value v at v/255; eight entries: v/255*7, the lower entry counts, over 8 bit
    dataset = image(PresentationLUTSequence=Sequence([lut(0, [0, 10, 20, 40, 80, 160, 200, 255], 8)]))
    grayscale = grayscale_of(dataset)
    shown = p_values(grayscale, Window(128, 256), np.array([0, 36, 37, 73, 254, 255]))
    assert shown.tolist() == [0, 0, 10, 20, 200, 255]


def test_a_presentation_table_stands_in_for_the_polarity_of_monochrome1():
    dataset = image(
        PhotometricInterpretation="MONOCHROME1", PresentationLUTSequence=Sequence([lut(0, [255, 128, 0], 8)])
    )
    grayscale = grayscale_of(dataset)
    assert not grayscale.is_inverse
    assert p_values(grayscale, Window(128, 256), np.array([0, 128, 255])).tolist() == [255, 128, 0]


def test_float_padding_may_be_a_range_in_either_order():
    dataset = image(FloatPixelPaddingValue=5.5, FloatPixelPaddingRangeLimit=-1.5)
    assert grayscale_of(dataset).padding == (-1.5, 5.5)
    assert grayscale_of(image(DoubleFloatPixelPaddingValue=-1e300)).padding == (-1e300, -1e300)


def palette_image(**elements: object) -> Dataset:
    dataset = image(**elements)
    for colour, entries in (("Red", [0, 0xFFFF]), ("Green", [0x8000, 0]), ("Blue", [0, 0x40FF])):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [2, 1024, 16])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", np.array(entries, "<u2").tobytes())
    return dataset


def test_a_supplemental_palette_belongs_to_the_grey_scale():
    palette = grayscale_of(palette_image(PixelPresentation="COLOR")).palette
    assert palette is not None
    assert palette.first == 1024
    assert palette.colours.tolist() == [[0, 128, 0], [255, 0, 64]]


def test_an_image_that_is_to_be_shown_grey_has_no_use_for_its_palette():
    assert grayscale_of(palette_image(PixelPresentation="MONOCHROME")).palette is None
    assert grayscale_of(image()).palette is None
