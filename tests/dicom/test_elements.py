"""Values that are absent, empty or unreadable are all the same: not there."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from workstation.dicom.elements import items_of, number_of, numbers_of, text_of, value_of, whole_number_of
from workstation.dicom.part10 import read_part10


@pytest.fixture
def dataset() -> Dataset:
    made = Dataset()
    made.add_new("WindowCenter", "LO", ["40", "abc"])
    made.add_new("WindowWidth", "LO", "")
    made.add_new("RescaleSlope", "LO", "nan")
    made.add_new("Rows", "LO", "2.5")
    made.add_new("ImageType", "CS", ["ORIGINAL ", "PRIMARY"])
    made.add_new("PatientID", "LO", "  4711 \0")
    return made


def test_what_cannot_be_read_is_not_there(dataset: Dataset):
    assert numbers_of(dataset, "WindowCenter") == ()
    assert value_of(dataset, "WindowWidth") is None
    assert numbers_of(dataset, "WindowWidth") == ()
    assert number_of(dataset, "RescaleSlope") is None
    assert whole_number_of(dataset, "Rows") is None
    assert text_of(dataset, "StudyID") == ""
    assert items_of(dataset, "ImageType") == ()


def test_texts_lose_their_padding_and_many_values_give_the_first(dataset: Dataset):
    assert text_of(dataset, "PatientID") == "4711"
    assert text_of(dataset, "ImageType") == "ORIGINAL"


def test_a_value_that_pydicom_cannot_convert_does_not_raise():
    # explicit VR little endian: RescaleSlope "1,5" and Rows of three bytes
    data = b"\x08\x00\x16\x00UI\x04\x001.2\x00" + b"\x28\x00\x10\x00US\x03\x00\x01\x02\x03"
    data += b"\x28\x00\x53\x10DS\x04\x001,5 "
    dataset = read_part10(data).dataset
    assert number_of(dataset, "RescaleSlope") is None
    assert whole_number_of(dataset, "Rows") is None
