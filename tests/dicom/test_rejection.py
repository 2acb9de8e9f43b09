"""Rejection notes: what the hospital has withdrawn, and why, from data sets and from DICOM JSON."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from tests.phantoms import ct_stack, sop
from workstation.dicom.attributes import JsonAttributes
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.rejection import Rejection, rejected_in, rejections_of
from workstation.dicom.study import instance_of


def coded(value, meaning, scheme="DCM"):
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code


def reference(uid):
    one = Dataset()
    one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", uid
    return one


def note(*uids, code="113037", scheme="DCM", in_content=()):
    """A key object selection of the study of `ct_stack`."""
    made = ct_stack(1)[0]
    for name in ("PixelData", "Rows", "Columns"):
        delattr(made, name)
    made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.59"
    made.SOPInstanceUID, made.SeriesInstanceUID, made.Modality = "2.25.99.1", "2.25.99", "KO"
    made.ConceptNameCodeSequence = [coded(code, "Rejected", scheme)]
    series = Dataset()
    series.SeriesInstanceUID = "2.25.7001002"
    series.ReferencedSOPSequence = [reference(uid) for uid in uids]
    evidence = Dataset()
    evidence.StudyInstanceUID = made.StudyInstanceUID
    evidence.ReferencedSeriesSequence = [series]
    made.CurrentRequestedProcedureEvidenceSequence = [evidence]
    content = []
    for uid in in_content:
        item = Dataset()
        item.RelationshipType, item.ValueType = "CONTAINS", "IMAGE"
        item.ReferencedSOPSequence = [reference(uid)]
        content.append(item)
    made.ContentSequence = content
    return made


# The codes of PS3.16 CID 7011 and of IHE IOCM
@pytest.mark.parametrize(
    ("code", "reason", "withholds"),
    [
        ("113001", Rejection.QUALITY, False),
        ("113037", Rejection.SAFETY, True),
        ("113038", Rejection.WORKLIST, True),
        ("113039", Rejection.EXPIRED, True),
    ],
)
def test_each_reason_is_told_apart_in_a_data_set_and_in_json(code, reason, withholds):
    made = note(sop(2), sop(3), code=code)
    expected = ((sop(2), reason), (sop(3), reason))
    assert rejections_of(DatasetAttributes(made)) == expected
    assert rejections_of(JsonAttributes(made.to_json_dict())) == expected
    assert reason.withholds is withholds


def test_what_only_the_content_names_is_withdrawn_too_and_each_once():
    made = note(sop(2), in_content=(sop(2), sop(4)))
    assert [uid for uid, _ in rejections_of(DatasetAttributes(made))] == [sop(2), sop(4)]


@pytest.mark.parametrize(("code", "scheme"), [("113000", "DCM"), ("113037", "99LOCAL"), ("", "DCM")])
def test_a_selection_for_another_purpose_withdraws_nothing(code, scheme):
    """113000 is 'Of Interest'."""
    assert rejections_of(DatasetAttributes(note(sop(2), code=code, scheme=scheme))) == ()


def test_an_object_of_another_class_withdraws_nothing():
    made = note(sop(2))
    made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"
    assert rejections_of(DatasetAttributes(made)) == ()


def test_of_two_reasons_the_one_that_withholds_counts():
    first, second = note(sop(2), code="113001"), note(sop(2), code="113037")
    second.SOPInstanceUID = "2.25.99.2"
    for order in ((first, second), (second, first)):
        found = rejected_in(instance_of(DatasetAttributes(one)).rejections for one in order)
        assert found == {sop(2): Rejection.SAFETY}
