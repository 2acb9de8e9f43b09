"""The gate: what is not whole, not asked for, or of somebody else never passes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydicom.uid import RLELossless

from tests.phantoms import Person, ct_slice, part10, radiograph, stranger
from workstation.archive.intake import take_in
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.identity import Verdict
from workstation.dicom.study import instance_of
from workstation.errors import DicomError, IdentityError

ASKED = instance_of(DatasetAttributes(ct_slice(3)))
WHO = ASKED.patient


def test_the_right_instance_passes_and_keeps_its_bytes(worker_pool):
    data = part10(ct_slice(3))
    got = take_in(data, ASKED, WHO)
    assert got.data is data
    assert got.instance == ASKED
    assert got.comparison.verdict is Verdict.SAME
    shown = got.shown(1, worker_pool)
    frame, grayscale = shown.frame, shown.grayscale
    assert frame.key.sop_instance_uid == ASKED.sop_instance_uid
    assert np.array_equal(frame.values, np.frombuffer(ct_slice(3).PixelData, np.int16).reshape(96, 128))
    assert grayscale.is_hounsfield


@pytest.mark.parametrize(
    ("keyword", "value", "code"),
    [
        ("SOPInstanceUID", "2.25.99", "wrong-instance"),
        ("SeriesInstanceUID", "2.25.99", "wrong-series"),
        ("StudyInstanceUID", "2.25.99", "wrong-study"),
        ("PatientID", "DEMO-7002", "wrong-patient"),
        ("IssuerOfPatientID", "OTHER", "wrong-patient"),
        ("PatientBirthDate", "19800313", "wrong-patient"),
        ("PatientSex", "F", "wrong-patient"),
    ],
)
def test_another_object_is_refused_by_name(keyword, value, code):
    made = ct_slice(3)
    setattr(made, keyword, value)
    with pytest.raises(IdentityError) as caught:
        take_in(part10(made), ASKED, WHO)
    assert caught.value.code == code


def test_another_patients_instance_under_the_right_uids_is_refused():
    with pytest.raises(IdentityError) as caught:
        take_in(part10(ct_slice(3, person=stranger())), ASKED, WHO)
    assert caught.value.code == "wrong-patient"


def test_another_spelling_of_the_name_passes_marked():
    made = ct_slice(3, person=replace(Person(), name="Ouyang^Xiaodang"))
    assert take_in(part10(made), ASKED, WHO).comparison.verdict is Verdict.NAME_DIFFERS


@pytest.mark.parametrize("cut", [1, 2, 100, 5000, 24000])
def test_a_cut_instance_is_refused(cut):
    with pytest.raises(DicomError):
        take_in(part10(ct_slice(3))[:-cut], ASKED, WHO)


def test_an_image_whose_pixels_were_taken_away_is_refused():
    made = ct_slice(3)
    del made.PixelData
    with pytest.raises(DicomError) as caught:
        take_in(part10(made), ASKED, WHO)
    assert caught.value.code == "truncated"


def test_an_encapsulated_image_with_a_missing_frame_is_refused():
    from pydicom.encaps import encapsulate

    made = radiograph((16, 16))
    made.NumberOfFrames = 3
    made.PixelData = encapsulate([b"\0" * 64 + b"ab", b"\0" * 64 + b"cd"])
    made["PixelData"].VR = "OB"
    asked = instance_of(DatasetAttributes(made))
    with pytest.raises(DicomError):
        take_in(part10(made, RLELossless), asked, asked.patient)
