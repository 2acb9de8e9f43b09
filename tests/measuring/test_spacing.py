"""What a length means on every kind of image: the truth table of PS3.3 10.7.1.1, C.8.5.5 and C.8.6.1."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.geometry import ImagePoint
from workstation.dicom.study import instance_of
from workstation.measuring.spacing import Meaning, Spacing, UserCalibration, calibrated, spacing_of

PLANE = {"ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "ImagePositionPatient": [0, 0, 0]}


def made(modality, *regions, **values):
    dataset = Dataset()
    dataset.Modality, dataset.Rows, dataset.Columns = modality, 512, 512
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    if regions:
        dataset.SequenceOfUltrasoundRegions = list(regions)
    return instance_of(DatasetAttributes(dataset))


def region(left, top, right, bottom, *, cm=0.01, units=3, spatial=1, flags=0):
    one = Dataset()
    one.RegionSpatialFormat, one.RegionFlags = spatial, flags
    one.RegionLocationMinX0, one.RegionLocationMinY0 = left, top
    one.RegionLocationMaxX1, one.RegionLocationMaxY1 = right, bottom
    one.PhysicalUnitsXDirection = one.PhysicalUnitsYDirection = units
    one.PhysicalDeltaX, one.PhysicalDeltaY = cm, cm * 2
    return one


def between(*points):
    return [ImagePoint(*point) for point in points]


ROWS = [  # modality, what the header says, spacing between rows and columns, what it means
    ("CT", {**PLANE, "PixelSpacing": [0.8, 0.5]}, (0.8, 0.5), Meaning.PATIENT),
    ("MR", {**PLANE, "PixelSpacing": [2, 2]}, (2, 2), Meaning.PATIENT),
    ("PT", {"PixelSpacing": [4, 4]}, (4, 4), Meaning.PATIENT),
    ("CT", {}, (1, 1), Meaning.PIXELS),
    ("CR", {"PixelSpacing": [0.15, 0.15]}, (0.15, 0.15), Meaning.UNKNOWN_CALIBRATION),
    ("DX", {"PixelSpacing": [0.14, 0.14], "ImagerPixelSpacing": [0.14, 0.14]}, (0.14, 0.14), Meaning.DETECTOR),
    ("DX", {"PixelSpacing": [0.14, 0.14], "ImagerPixelSpacing": ["0.140001", "0.14"]}, (0.14, 0.14), Meaning.DETECTOR),
    ("DX", {"PixelSpacing": [0.12, 0.12], "ImagerPixelSpacing": [0.14, 0.14]}, (0.12, 0.12), Meaning.CALIBRATED),
    ("DX", {"PixelSpacing": [0.12, 0.12], "PixelSpacingCalibrationType": "FIDUCIAL"}, (0.12, 0.12), Meaning.CALIBRATED),
    ("XA", {"ImagerPixelSpacing": [0.3, 0.3], "EstimatedRadiographicMagnificationFactor": 1.5}, (0.2, 0.2),
     Meaning.MAGNIFICATION),
    ("MG", {"ImagerPixelSpacing": [0.1, 0.1]}, (0.1, 0.1), Meaning.DETECTOR),
    ("DX", {"ImagerPixelSpacing": [0.1, 0.1], "EstimatedRadiographicMagnificationFactor": 0}, (0.1, 0.1),
     Meaning.DETECTOR),
    ("CR", {"NominalScannedPixelSpacing": [0.085, 0.085]}, (0.085, 0.085), Meaning.FILM),
    ("OT", {"NominalScannedPixelSpacing": [0.085, 0.085]}, (0.085, 0.085), Meaning.FILM),
    ("OT", {}, (1, 1), Meaning.PIXELS),
    ("OT", {"PixelAspectRatio": [2, 1]}, (2, 1), Meaning.PIXELS),
    ("OT", {"PixelAspectRatio": [1, 2]}, (1, 2), Meaning.PIXELS),
    ("CR", {"PixelSpacing": [0, 0.1]}, (1, 1), Meaning.PIXELS),
    ("US", {"PixelSpacing": [0.2, 0.2]}, (0.2, 0.2), Meaning.UNKNOWN_CALIBRATION),
]  # fmt: skip


@pytest.mark.parametrize(("modality", "header", "spacing", "meaning"), ROWS)
def test_the_truth_table(modality, header, spacing, meaning):
    found = spacing_of(made(modality, **header), 1, between((10, 10), (20, 20)))
    assert (found.row, found.column) == pytest.approx(spacing)
    assert found.meaning is meaning


@pytest.mark.parametrize("last", ["7", "7.2", "7.4"])
def test_a_picture_of_a_screen_has_no_patients_millimetres_unless_it_lies_in_the_patient(last):
    """A rendering of a volume says CT, and how far its pixels are apart on the plane that it was projected on."""
    header = {"SOPClassUID": f"1.2.840.10008.5.1.4.1.1.{last}", "PixelSpacing": [0.5, 0.5]}
    assert spacing_of(made("CT", **header), 1).meaning is Meaning.UNKNOWN_CALIBRATION
    assert spacing_of(made("CT", **header, **PLANE), 1).meaning is Meaning.PATIENT


@pytest.mark.parametrize("last", ["2", "2.1", "13.1.1"])
def test_a_slice_that_a_c_arm_reconstructed_has_the_patients_millimetres(last):
    header = {**PLANE, "SOPClassUID": f"1.2.840.10008.5.1.4.1.1.{last}", "PixelSpacing": [0.5, 0.5]}
    assert spacing_of(made("XA", **header), 1).meaning is Meaning.PATIENT
    assert not made("XA", **header).is_projection
    assert made("XA", SOPClassUID=header["SOPClassUID"], PixelSpacing=[0.5, 0.5]).is_projection  # nothing says where
    shot = made("XA", **{**header, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.12.1"})
    assert spacing_of(shot, 1).meaning is Meaning.UNKNOWN_CALIBRATION


def test_an_estimated_magnification_and_a_calibration_say_what_they_are():
    magnified = made("XA", ImagerPixelSpacing=[0.3, 0.3], EstimatedRadiographicMagnificationFactor=1.5)
    assert spacing_of(magnified, 1).factor == 1.5
    told = made("DX", PixelSpacing=[0.12, 0.12], ImagerPixelSpacing=[0.14, 0.14],
                PixelSpacingCalibrationType="GEOMETRY", PixelSpacingCalibrationDescription="table height")  # fmt: skip
    assert spacing_of(told, 1).detail == "GEOMETRY: table height"


def test_ultrasound_is_measured_inside_one_region_only():
    image = made("US", region(0, 0, 199, 199), region(300, 0, 399, 199, cm=0.02))
    inside = spacing_of(image, 1, between((10, 10), (190, 150)))
    assert (inside.row, inside.column, inside.meaning) == (pytest.approx(0.2), pytest.approx(0.1), Meaning.ULTRASOUND)
    assert spacing_of(image, 1, between((310, 10), (390, 20))).column == pytest.approx(0.2)
    assert spacing_of(image, 1, between((10, 10), (310, 10))).meaning is Meaning.PIXELS  # across two
    assert spacing_of(image, 1, between((10, 10), (250, 10))).meaning is Meaning.PIXELS  # outside of any
    assert spacing_of(image, 1).meaning is Meaning.PIXELS


def test_a_region_of_time_or_speed_has_no_lengths():
    curve = made("US", region(0, 0, 199, 199, units=4), region(0, 200, 199, 399, spatial=3))
    assert spacing_of(curve, 1, between((10, 10), (20, 20))).meaning is Meaning.PIXELS


@pytest.mark.parametrize("spatial", [2, 3, 4])
def test_a_curve_over_a_picture_has_no_lengths_nor_has_a_line_that_ends_in_it(spatial):
    image = made("US", region(0, 0, 399, 399, flags=1), region(0, 200, 399, 399, units=4, spatial=spatial))
    assert spacing_of(image, 1, between((10, 10), (20, 20))).meaning is Meaning.ULTRASOUND
    assert spacing_of(image, 1, between((10, 250), (20, 300))).meaning is Meaning.PIXELS
    assert spacing_of(image, 1, between((10, 10), (20, 300))).meaning is Meaning.PIXELS


def test_an_image_of_curves_alone_has_no_lengths_though_it_names_a_spacing():
    image = made("US", region(0, 0, 399, 399, units=4, spatial=3), PixelSpacing=[0.2, 0.2])
    assert spacing_of(image, 1, between((10, 10), (20, 20))).meaning is Meaning.PIXELS


def test_graphics_and_legends_take_no_lengths_away():
    image = made("US", region(0, 0, 399, 399), region(100, 100, 199, 199, spatial=5), region(0, 0, 9, 9, spatial=0))
    assert spacing_of(image, 1, between((5, 5), (120, 120))).meaning is Meaning.ULTRASOUND


def test_where_ultrasound_regions_overlap_priority_and_then_size_decide():
    image = made("US", region(0, 0, 399, 399), region(100, 100, 199, 199, cm=0.05))
    assert spacing_of(image, 1, between((110, 110), (120, 120))).column == pytest.approx(0.5)
    other = made("US", region(0, 0, 399, 399), region(100, 100, 199, 199, cm=0.05, flags=1))
    assert spacing_of(other, 1, between((110, 110), (120, 120))).column == pytest.approx(0.1)


def test_an_enhanced_image_has_the_spacing_of_its_frame():
    dataset = Dataset()
    dataset.Modality, dataset.NumberOfFrames, dataset.Rows, dataset.Columns = "MR", 2, 64, 64
    frames = []
    for spacing in ([1.5, 1.0], [0.7, 0.6]):
        group, measures, orientation, position = Dataset(), Dataset(), Dataset(), Dataset()
        measures.PixelSpacing = spacing
        orientation.ImageOrientationPatient, position.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, 0]
        group.PixelMeasuresSequence, group.PlaneOrientationSequence = [measures], [orientation]
        group.PlanePositionSequence = [position]
        frames.append(group)
    dataset.PerFrameFunctionalGroupsSequence = frames
    image = instance_of(DatasetAttributes(dataset))
    assert [(s.row, s.column) for s in (spacing_of(image, 1), spacing_of(image, 2))] == [(1.5, 1.0), (0.7, 0.6)]


def test_what_a_user_calibrated_overrules_the_header():
    image = made("DX", ImagerPixelSpacing=[0.14, 0.14])
    calibration = UserCalibration((0.11, 0.11), 25.4, by="Dr Li", at="2026-11-22T05:00:00Z")
    found = spacing_of(image, 1, (), calibration)
    assert found == Spacing(0.11, 0.11, Meaning.USER, detail="Dr Li", length_mm=25.4, at="2026-11-22T05:00:00Z")
    assert found.is_true


@pytest.mark.parametrize("meaning", list(Meaning))
def test_every_meaning_says_whether_it_is_the_anatomys_length(meaning):
    true = {Meaning.PATIENT, Meaning.CALIBRATED, Meaning.USER, Meaning.ULTRASOUND}
    assert Spacing(1, 1, meaning).is_true == (meaning in true)
    assert Spacing(1, 1, meaning).is_uncalibrated == (meaning not in true)


def test_pixels_that_are_not_square_have_no_length():
    assert spacing_of(made("OT"), 1).allows_lengths
    assert not spacing_of(made("OT", PixelAspectRatio=[2, 1]), 1).allows_lengths


def test_a_known_length_gives_the_scale_of_oblong_pixels_too():
    assert calibrated(between((0, 0), (100, 0)), 25.4, 1.0) == pytest.approx((0.254, 0.254))
    row, column = calibrated(between((0, 0), (30, 20)), 25.0, 2.0)  # 30 across, 40 down in widths of a pixel
    assert (row, column) == pytest.approx((1.0, 0.5))
    assert calibrated(between((5, 5), (5, 5)), 10.0, 1.0) is None
