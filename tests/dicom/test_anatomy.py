"""Sides, parts and views from every place where a header may hold them; codes against pydicom's own dictionaries."""

from __future__ import annotations

import json

import pytest
from pydicom.dataset import Dataset
from pydicom.sr._snomed_dict import mapping
from pydicom.sr.codedict import codes

from tests.phantoms import ct_slice, radiograph
from workstation.dicom.anatomy import Anatomy, anatomies_of
from workstation.dicom.anatomy_codes import REGION_TERMS, SIDE_CODES, VIEW_CODES
from workstation.dicom.attributes import JsonAttributes
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.study import instance_of


def code(value, meaning="", scheme="SCT", **more):
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, scheme, meaning
    for keyword, item in more.items():
        setattr(made, keyword, item)
    return made


def film(**values):
    made = radiograph()
    for keyword in ("ImageLaterality", "ViewPosition", "BodyPartExamined"):
        delattr(made, keyword)
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def anatomy(**values) -> Anatomy:
    (found,) = anatomies_of(DatasetAttributes(film(**values)), 1)
    return found


@pytest.mark.parametrize("keyword", ["ImageLaterality", "Laterality"])
@pytest.mark.parametrize("side", ["R", "L", "B", "U"])
def test_a_side_is_read_from_the_image_or_the_series(keyword, side):
    found = anatomy(**{keyword: side})
    assert (found.side, found.sides) == (side, (side,))


@pytest.mark.parametrize(("first", "second"), [("R", "L"), ("R", "B"), ("L", "U")])
def test_two_sides_that_differ_are_both_kept_and_none_is_chosen(first, second):
    found = anatomy(ImageLaterality=first, Laterality=second)
    assert found.side == ""
    assert found.sides == (first, second)


def test_the_same_side_said_twice_is_one():
    assert anatomy(ImageLaterality="R", Laterality="R").side == "R"


@pytest.mark.parametrize("values", [{}, {"ImageLaterality": ""}, {"ImageLaterality": "X"}, {"Laterality": "?"}])
def test_no_side_is_none(values):
    assert anatomy(**values).sides == ()


@pytest.mark.parametrize(("value", "side"), [("24028007", "R"), ("7771000", "L"), ("51440002", "B"), ("G-A101", "L")])
def test_a_side_is_read_from_the_modifier_of_a_region_and_of_a_structure(value, side):
    modifier = [code(value)]
    region = code("72696002", "Knee", AnatomicRegionModifierSequence=modifier)
    structure = code("72696002", "Knee", PrimaryAnatomicStructureModifierSequence=modifier)
    assert anatomy(AnatomicRegionSequence=[region]).side == side
    assert anatomy(PrimaryAnatomicStructureSequence=[structure]).side == side
    other = "L" if side != "L" else "R"
    assert len(anatomy(AnatomicRegionSequence=[region], ImageLaterality=other).sides) == 2


def test_the_part_comes_from_its_attribute_else_from_the_code_of_the_region():
    region = code("72696002", "Knee")
    assert anatomy(AnatomicRegionSequence=[region]).body_part == "KNEE"
    assert anatomy(AnatomicRegionSequence=[region], BodyPartExamined="PATELLA").body_part == "PATELLA"
    assert anatomy(AnatomicRegionSequence=[code("999", "Left great toe nail")]).body_part == "Left great toe nail"
    assert anatomy(BodyPartExamined="右膝").body_part == "右膝"


def test_the_view_is_read_from_its_attribute_and_from_its_code():
    view = code("399067008", "lateral", ViewModifierCodeSequence=[code("111069", "Crosstable", "DCM")])
    found = anatomy(ViewPosition="lat", ViewCodeSequence=[view])
    assert (found.view, found.coded_view, found.view_modifiers) == ("LATERAL", "LATERAL", ("Crosstable",))
    assert anatomy(ViewCodeSequence=[code("1", "sunrise")]).coded_view == "sunrise"


def frames_with(*sides, shared=None):
    made = ct_slice(1)
    made.NumberOfFrames = len(sides)

    def group(side):
        holder, item = Dataset(), Dataset()
        if side:
            item.FrameLaterality = side
            item.AnatomicRegionSequence = [code("56459004", "Foot")]
            holder.FrameAnatomySequence = [item]
        return holder

    made.PerFrameFunctionalGroupsSequence = [group(side) for side in sides]
    if shared:
        made.SharedFunctionalGroupsSequence = [group(shared)]
    return made


def test_each_frame_has_its_own_side():
    instance = instance_of(DatasetAttributes(frames_with("R", "L", "")))
    assert [instance.anatomy(frame).side for frame in (1, 2, 3)] == ["R", "L", ""]
    assert [instance.anatomy(frame).body_part for frame in (1, 2, 3)] == ["FOOT", "FOOT", "KNEE"]


def test_a_shared_side_is_that_of_all_frames_and_is_contradicted_by_the_series():
    made = frames_with("", "", shared="R")
    assert instance_of(DatasetAttributes(made)).anatomy(2).side == "R"
    made.Laterality = "L"
    assert instance_of(DatasetAttributes(made)).anatomy(2).sides == ("R", "L")


def test_a_frame_that_contradicts_the_shared_groups_says_both():
    assert instance_of(DatasetAttributes(frames_with("L", "R", shared="R"))).anatomy(1).sides == ("L", "R")


def test_anatomy_reads_the_same_from_json():
    made = film(ImageLaterality="R", ViewCodeSequence=[code("399348003", "antero-posterior")], PatientPosition="HFS",
                AnatomicRegionSequence=[code("72696002", "Knee")])  # fmt: skip
    tree = json.loads(json.dumps(made.to_json_dict(bulk_data_threshold=64, bulk_data_element_handler=lambda _: "x")))
    assert anatomies_of(JsonAttributes(tree), 1) == anatomies_of(DatasetAttributes(made), 1)


def test_regions_and_views_are_the_codes_that_pydicom_has_for_them():
    meanings = {
        getattr(cid, name).value: getattr(cid, name).meaning.casefold()
        for cid in (codes.cid4009, codes.cid4010, codes.cid244) for name in cid.dir()
    }  # fmt: skip
    expected = {
        "72696002": "knee", "56459004": "foot", "29836001": "hip", "122496007": "lumbar spine", "16982005": "shoulder",
        "74670003": "wrist joint", "399348003": "antero-posterior", "272479007": "postero-anterior",
        "399067008": "lateral", "399110001": "tangential", "24028007": "right", "7771000": "left",
    }  # fmt: skip
    assert {value: meanings[value] for value in expected} == expected


@pytest.mark.parametrize("table", [REGION_TERMS, SIDE_CODES, VIEW_CODES])
def test_an_old_code_means_what_the_new_one_means(table):
    old = {value: term for value, term in table.items() if not value[0].isdigit()}
    known = {value: mapping["SRT"][value] for value in old if value in mapping["SRT"]}
    assert len(known) >= len(old) - 1  # R-10214 was retired before the mapping was made
    later = {"410467002"}  # what R-10218 became outside of CID 4010
    assert {v for v, sct in known.items() if table.get(sct) != old[v] and sct not in later} == set()
