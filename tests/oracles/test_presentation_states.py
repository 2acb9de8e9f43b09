"""Presentation states as dcmp2pgm of dcmtk renders them: the same grey values, turned and flipped the same way."""

from __future__ import annotations

import subprocess
from shutil import which

import cv2
import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.phantoms import ct_slice, part10, sop
from workstation.archive.intake import take_in
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.grayscale import p_values
from workstation.dicom.part10 import read_part10
from workstation.dicom.pixels import FrameKey
from workstation.dicom.presentation import GRAYSCALE, presented
from workstation.dicom.presentation_reader import presentation_state_of
from workstation.dicom.study import instance_of

pytestmark = pytest.mark.skipif(which("dcmp2pgm") is None, reason="dcmtk is not installed")


def reference(image):
    one = Dataset()
    one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    return one


def state_for(image, **values):
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID, made.Modality = GRAYSCALE, sop(900, "2.25.77"), "PR"
    made.PatientName, made.PatientID, made.PatientBirthDate, made.PatientSex = "A^B", "1", "", ""
    made.StudyInstanceUID, made.SeriesInstanceUID = image.StudyInstanceUID, "2.25.77"
    made.StudyDate = made.StudyTime = made.AccessionNumber = made.ReferringPhysicianName = made.StudyID = ""
    made.SeriesNumber, made.InstanceNumber, made.Manufacturer = 9, 1, "x"
    made.ContentLabel, made.ContentDescription, made.ContentCreatorName = "TEST", "", ""
    made.PresentationCreationDate, made.PresentationCreationTime = "20260101", "120000"
    series = Dataset()
    series.SeriesInstanceUID, series.ReferencedImageSequence = image.SeriesInstanceUID, [reference(image)]
    made.ReferencedSeriesSequence = [series]
    area = Dataset()
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [1, 1], [image.Columns, image.Rows]
    area.PresentationSizeMode, area.PresentationPixelAspectRatio = "SCALE TO FIT", [1, 1]
    made.DisplayedAreaSelectionSequence = [area]
    made.PresentationLUTShape = "IDENTITY"
    for keyword, value in values.items():
        if value is None:
            delattr(made, keyword)
        else:
            setattr(made, keyword, value)
    return made


def window(center, width, function=""):
    item = Dataset()
    item.WindowCenter, item.WindowWidth = center, width
    if function:
        item.VOILUTFunction = function
    return [item]


def table(first, bits, entries, *, kind="LUTData"):
    item = Dataset()
    item.LUTDescriptor = [len(entries), first, bits]
    item.add_new("LUTData", "US", list(entries))
    item["LUTDescriptor"].VR = "US" if first >= 0 else "SS"
    return item


def voi_table():
    holder = Dataset()
    holder.VOILUTSequence = [table(0, 12, [min(4095, n * 3) for n in range(2000)])]
    return [holder]


def write(path, made):
    path.write_bytes(part10(made))
    return path


CASES = {
    "window": {"SoftcopyVOILUTSequence": window(300, 900)},
    "window on rescaled values": {
        "RescaleSlope": 2, "RescaleIntercept": -500, "RescaleType": "HU", "SoftcopyVOILUTSequence": window(100, 1500),
    },
    "voi table": {"SoftcopyVOILUTSequence": voi_table()},
    "inverse": {"SoftcopyVOILUTSequence": window(300, 900), "PresentationLUTShape": "INVERSE"},
    "presentation table": {
        "SoftcopyVOILUTSequence": window(300, 900), "PresentationLUTShape": None,
        "PresentationLUTSequence": [table(0, 12, [round((n / 1023) ** 2 * 4095) for n in range(1024)])],
    },
    "turned": {"SoftcopyVOILUTSequence": window(300, 900), "ImageRotation": 90, "ImageHorizontalFlip": "N"},
    "flipped": {"SoftcopyVOILUTSequence": window(300, 900), "ImageRotation": 0, "ImageHorizontalFlip": "Y"},
    "turned and flipped": {
        "SoftcopyVOILUTSequence": window(300, 900), "ImageRotation": 270, "ImageHorizontalFlip": "Y",
    },
}  # fmt: skip


def ours(image, made):
    """Grey values of the whole image, turned and flipped as the state says (numpy turns anticlockwise)."""
    from workstation.workers.pool import WorkerPool

    state = presentation_state_of(read_part10(part10(made)).dataset)
    data = part10(image)
    header = instance_of(DatasetAttributes(read_part10(data).dataset))
    with WorkerPool(1) as pool:
        shown = take_in(data, header, header.patient).shown(1, pool)
    assert state.is_for(shown.frame.key)
    seen = presented(shown, state)
    grey = p_values(seen.grayscale, seen.grayscale.voi_choices[0], seen.frame.values)
    grey = np.rot90(grey, -state.quarter_turns)
    return grey[:, ::-1] if state.is_flipped else grey


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
def test_a_state_gives_the_greys_that_dcmtk_gives(tmp_path, case, photometric):
    image = ct_slice(1)
    image.PhotometricInterpretation = photometric
    values = dict(CASES[case])
    made = state_for(image, **values)
    theirs_file = tmp_path / "theirs.pgm"
    command = [
        "dcmp2pgm",
        "-q",
        "-p",
        write(tmp_path / "state.dcm", made),
        write(tmp_path / "image.dcm", image),
        theirs_file,
    ]
    subprocess.run([str(part) for part in command], check=True, timeout=60, capture_output=True)
    theirs, mine = cv2.imread(str(theirs_file), cv2.IMREAD_UNCHANGED).astype(int), ours(image, made).astype(int)
    assert theirs.shape == mine.shape
    assert np.abs(theirs - mine).max() <= 1
    assert len(np.unique(theirs)) > 20


def test_a_sigmoid_of_a_state_is_the_standards_formula():
    """PS3.3 C.11.2.1.3.1; dcmtk 3.6.7 reads every window of a state as linear."""
    image = ct_slice(1)
    stored = np.frombuffer(image.PixelData, np.int16).reshape(image.Rows, image.Columns).astype(np.float64)
    made = state_for(image, SoftcopyVOILUTSequence=window(300, 900, "SIGMOID"))
    expected = np.rint(255.0 / (1.0 + np.exp(-4.0 * (stored - 300.0) / 900.0)))
    assert np.abs(ours(image, made).astype(int) - expected).max() <= 1


def test_a_state_for_other_images_says_nothing_of_this_one():
    image, other = ct_slice(1), ct_slice(2)
    state = presentation_state_of(read_part10(part10(state_for(other))).dataset)
    header = instance_of(DatasetAttributes(read_part10(part10(image)).dataset))
    key = FrameKey(header.study.study_instance_uid, header.series.series_instance_uid, header.sop_instance_uid, 1)
    assert not state.is_for(key)


def test_a_state_that_names_a_series_alone_is_for_all_its_images():
    image = ct_slice(1)
    made = state_for(image)
    del made.ReferencedSeriesSequence[0].ReferencedImageSequence
    state = presentation_state_of(read_part10(part10(made)).dataset)
    header = instance_of(DatasetAttributes(read_part10(part10(image)).dataset))
    study, series = header.study.study_instance_uid, header.series.series_instance_uid
    assert state.is_for(FrameKey(study, series, header.sop_instance_uid, 1))
    assert not state.is_for(FrameKey(study, "2.25.1", header.sop_instance_uid, 1))
