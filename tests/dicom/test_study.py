"""Headers read the same from a file and from DICOM JSON; names; identity."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pydicom.dataset import Dataset

from tests.phantoms import ct_slice, part10, radiograph
from workstation.dicom.attributes import JsonAttributes, PersonName, integer, numbers, text
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.identity import Verdict, compare
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import Patient, instance_of, patient_of


def test_a_header_reads_the_same_from_json_and_from_the_file():
    made = ct_slice(5)
    from_file = instance_of(DatasetAttributes(read_part10(part10(made)).dataset))
    tree = json.loads(json.dumps(made.to_json_dict(bulk_data_threshold=64, bulk_data_element_handler=lambda _: "x")))
    from_json = instance_of(JsonAttributes(tree))
    assert from_json == from_file
    assert from_file.patient.name.ideographic == "欧阳^晓东"
    assert from_file.instance_number == 5
    assert from_file.plane(1).position.z == 310.0
    assert from_file.pixel_aspect == 0.5 / 0.8
    assert from_file.kind == "CT Image"
    assert from_file.spacing_is_in_patient(1)
    assert from_file.is_demo


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("70\u202e01", "70\ufffd01"),  # right-to-left override: Qt would draw 7010
        ("7001\u2066", "7001\ufffd"),
        ("70\u200b01", "70\ufffd01"),
        ("70\x0701", "70\ufffd01"),
        ("膝\r\n关节", "膝 关节"),
        ("علي\u200c\u200fمحمد", "علي\u200c\u200fمحمد"),  # joiners and marks that a script needs
        ("欧阳\u3000晓东", "欧阳\u3000晓东"),
    ],
)
def test_no_character_hides_or_turns_the_digits_beside_it_round(written, read):
    tree = {"00100020": {"vr": "LO", "Value": [written]}, "00100010": {"vr": "PN", "Value": [{"Alphabetic": written}]}}
    patient = patient_of(JsonAttributes(tree))
    assert patient.patient_id == patient.name.alphabetic == read
    made = ct_slice(1)
    made.SpecificCharacterSet, made.PatientID, made.PatientName = "ISO_IR 192", written, written
    patient = patient_of(DatasetAttributes(made))
    assert patient.patient_id == patient.name.alphabetic == read


def test_a_radiograph_is_a_projection_whose_spacing_is_not_the_patients():
    instance = instance_of(DatasetAttributes(radiograph()))
    assert instance.is_projection
    assert not instance.spacing_is_in_patient(1)
    assert instance.anatomy(1).side == "R"
    assert instance.anatomy(1).view == "AP"


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ("Ouyang^Xiaodong=欧阳^晓东", "欧阳晓东", "Ouyang Xiaodong"),
        ("Wang^Xiaoming", "Wang Xiaoming", "Wang Xiaoming"),
        ("王^小明", "王小明", "王小明"),
        ("=王^小明", "王小明", "王小明"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "山田太郎", "Yamada Tarou"),
        ("==やまだ^たろう", "やまだ たろう", "やまだ たろう"),
        ("Doe^John^^Dr", "Doe John Dr", "Doe John Dr"),
        ("", "", ""),
        ("^^^", "", ""),
    ],
)
def test_a_name_is_shown_in_the_language_and_is_never_lost(value, chinese, english):
    name = PersonName.parse(value)
    assert name.shown(True) == chinese
    assert name.shown(False) == english


def test_json_names_come_in_groups():
    tree = {"00100010": {"vr": "PN", "Value": [{"Alphabetic": "A^B", "Ideographic": "甲^乙"}]}}
    patient = instance_of(JsonAttributes(tree)).patient
    assert patient.name == PersonName("A^B", "甲^乙", "")


@pytest.mark.parametrize("tree", [{}, {"00280010": {"vr": "US"}}, {"00280010": {"Value": None}}, {"00280010": "x"},
                                  {"00280010": {"Value": ["many"]}}, {"00280010": {"Value": []}}])  # fmt: skip
def test_odd_json_reads_as_absent(tree):
    source = JsonAttributes(tree)
    assert integer(source, "Rows") is None
    assert numbers(source, "Rows") == ()
    assert text(source, "PatientID") == ""
    assert instance_of(source).rows == 0


WHO = Patient("7001", "HOSP", PersonName("Ouyang^Xiaodong", "欧阳^晓东"), "19800312", "M")


@pytest.mark.parametrize(
    ("changes", "verdict", "attribute"),
    [
        ({}, Verdict.SAME, ""),
        ({"patient_id": " 7001 "}, Verdict.SAME, ""),
        ({"patient_id": "7002"}, Verdict.CONFLICT, "PatientID"),
        ({"issuer": "OTHER"}, Verdict.CONFLICT, "IssuerOfPatientID"),
        ({"issuer": ""}, Verdict.SAME, ""),
        ({"birth_date": "19800313"}, Verdict.CONFLICT, "PatientBirthDate"),
        ({"birth_date": ""}, Verdict.SAME, ""),
        ({"sex": "F"}, Verdict.CONFLICT, "PatientSex"),
        ({"sex": ""}, Verdict.SAME, ""),
        ({"name": PersonName("OUYANG^XIAODONG")}, Verdict.SAME, ""),
        ({"name": PersonName("Ou Yang^Xiaodong", "欧阳^晓东")}, Verdict.SAME, ""),
        ({"name": PersonName("Ouyang^Xiaodang")}, Verdict.NAME_DIFFERS, "PatientName"),
        ({"name": PersonName("", "欧阳^小东")}, Verdict.NAME_DIFFERS, "PatientName"),
        ({"name": PersonName()}, Verdict.SAME, ""),
    ],
)
def test_who_is_the_same_person(changes, verdict, attribute):
    found = compare(WHO, replace(WHO, **changes), issuer="HOSP")
    assert (found.verdict, found.attribute) == (verdict, attribute)


def test_a_missing_issuer_is_the_one_of_the_source():
    unknown = replace(WHO, issuer="")
    assert compare(unknown, replace(WHO, issuer="ELSEWHERE"), issuer="HOSP").verdict is Verdict.CONFLICT
    assert compare(unknown, replace(WHO, issuer="ELSEWHERE")).verdict is Verdict.SAME


def test_without_any_id_another_name_is_another_person():
    nobody = replace(WHO, patient_id="")
    assert compare(nobody, replace(nobody, name=PersonName("Wang^Wu", "王^五"))).verdict is Verdict.CONFLICT
    assert compare(nobody, nobody).verdict is Verdict.SAME


def test_an_enhanced_image_without_a_place_in_the_patient_has_the_pixels_its_frames_share():
    """A shared Pixel Measures without orientation: an outline must not be drawn as if its pixels were square."""
    measures, group, dataset = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing = [0.8, 0.4]
    group.PixelMeasuresSequence = [measures]
    dataset.SharedFunctionalGroupsSequence, dataset.Modality = [group], "MR"
    dataset.Rows, dataset.Columns, dataset.NumberOfFrames = 8, 8, 2
    assert instance_of(DatasetAttributes(dataset)).pixel_aspect == 2.0
