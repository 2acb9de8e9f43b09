"""Names as they must read: the standard's examples, Chinese files declared rightly and wrongly, Europeans left be."""

from __future__ import annotations

import warnings
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.phantoms import ct_slice, part10
from workstation.dicom.attributes import JsonAttributes, PersonName
from workstation.dicom.charset import repaired, repaired_text
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.identity import Verdict, compare
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import Patient, instance_of

SHARED = Path(__file__).parents[2].parent / "shared" / "data"

# What each must read: PS3.5 Annex H (Japanese), I (Korean), J (Chinese in UTF-8 and GB18030), K (GBK); the others are
# the examples that D. Clunie published with his sample files. (file, name in Chinese, name in English, repaired)
TABLE = (
    ("charset/chrArab.dcm", "قباني لنزار", "قباني لنزار", False),
    ("charset/chrFren.dcm", "Buc Jérôme", "Buc Jérôme", False),
    ("charset/chrFrenMulti.dcm", "Buc Jérôme", "Buc Jérôme", False),
    ("charset/chrGerm.dcm", "Äneas Rüdiger", "Äneas Rüdiger", False),
    ("charset/chrGreek.dcm", "Διονυσιος", "Διονυσιος", False),
    ("charset/chrH31.dcm", "山田太郎", "Yamada Tarou", False),
    ("charset/chrH32.dcm", "山田太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", False),
    ("charset/chrHbrw.dcm", "שרון דבורה", "שרון דבורה", False),
    ("charset/chrI2.dcm", "洪吉洞", "Hong Gildong", False),
    ("charset/chrJapMulti.dcm", "やまだ たろう", "やまだ たろう", False),
    ("charset/chrJapMultiExplicitIR6.dcm", "やまだ たろう", "やまだ たろう", False),
    ("charset/chrKoreanMulti.dcm", "김희중", "김희중", False),
    ("charset/chrRuss.dcm", "Люкceмбypг", "Люкceмбypг", False),
    ("charset/chrX1.dcm", "王小東", "Wang XiaoDong", False),
    ("charset/chrX2.dcm", "王小东", "Wang XiaoDong", False),
    ("charset_chinese/GB18030.dcm", "张三丰㐀", "Zhang San", False),
    ("charset_chinese/GBK.dcm", "李四龘", "Li Si", False),
    ("charset_chinese/utf8.dcm", "王五", "Wang Wu", False),
    ("charset_chinese/iso2022_ir58.dcm", "孙八", "Sun Ba", False),
    ("charset_chinese/gbk_declared_latin1.dcm", "赵六", "赵六", True),
    ("charset_chinese/gbk_no_charset.dcm", "钱七", "钱七", True),
)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared files are not here")
@pytest.mark.parametrize(("file", "chinese", "english", "is_repaired"), TABLE)
def test_a_name_reads_as_it_was_written(file, chinese, english, is_repaired):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        instance = instance_of(DatasetAttributes(pydicom.dcmread(SHARED / file, force=True)))
    assert instance.patient.name.shown(True) == chinese
    assert instance.patient.name.shown(False) == english
    assert (instance.patient.name.repaired is not None) == is_repaired
    assert instance.is_repaired == is_repaired


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared files are not here")
@pytest.mark.parametrize("file", ["gbk_declared_latin1.dcm", "gbk_no_charset.dcm", "GB18030.dcm", "GBK.dcm"])
def test_a_description_reads_as_it_was_written(file):
    path = SHARED / "charset_chinese" / file
    before = path.read_bytes()
    instance = instance_of(DatasetAttributes(pydicom.dcmread(path)))
    assert instance.study.description == "右膝关节CT平扫"
    assert path.read_bytes() == before  # the file is untouched


CHINESE = ("张^小东", "欧阳^晓东", "赵六", "李^四龘", "王^喆", "陈^珺", "Zhang^San=张^三", "钱七", "右膝关节CT平扫",
           "膝关节CT", "骨盆正位（负重）", "左股骨颈骨折术后3月", "㛃", "邓^㙘")  # fmt: skip
EUROPEAN = ("Müller^Jürgen", "Buc^Jérôme", "Äneas^Rüdiger", "Öztürk^Çagla", "Nuñez^José", "Å^Å",
            "Genou gauche - séquelles", "Kniegelenk rechts für Prothese", "François", "Zoë", "Ærø", "Þór",
            "Straße")  # fmt: skip


@pytest.mark.parametrize("text", CHINESE)
@pytest.mark.parametrize("declared", [(), ("",), ("ISO_IR 6",), ("ISO_IR 100",), ("", "ISO 2022 IR 58")])
def test_gbk_under_a_latin_declaration_is_read_as_chinese(text, declared):
    assert repaired(text.encode("gb18030"), declared) == text


@pytest.mark.parametrize("text", CHINESE)
@pytest.mark.parametrize("declared", [(), ("ISO_IR 100",), ("GB18030",), ("GBK",)])
def test_utf_8_under_another_declaration_is_read_as_utf_8(text, declared):
    assert repaired(text.encode(), declared) == text


@pytest.mark.parametrize("text", CHINESE)
def test_gbk_under_a_declaration_of_utf_8_is_read_as_chinese(text):
    assert repaired(text.encode("gb18030"), ("ISO_IR 192",)) == text


@pytest.mark.parametrize("text", EUROPEAN)
@pytest.mark.parametrize("declared", [(), ("ISO_IR 100",)])
def test_a_european_name_is_left_as_it_is(text, declared):
    assert repaired(text.encode("latin-1"), declared) is None


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        ("Люкceмбypг", "iso8859_5", ("ISO_IR 144",)),
        ("Διονυσιος", "iso8859_7", ("ISO_IR 126",)),
        ("قباني", "iso8859_6", ("ISO_IR 127",)),
        ("שרון", "iso8859_8", ("ISO_IR 138",)),
        ("王^小东", "gb18030", ("GB18030",)),
        ("王^小東", "utf-8", ("ISO_IR 192",)),
        ("联通", "gbk", ("GB18030",)),  # its bytes look like UTF-8 of two bytes
        ("plain", "ascii", ()),
    ],
)
def test_what_is_declared_rightly_is_believed(text, codec, declared):
    assert repaired(text.encode(codec), declared) is None


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=6))
def test_any_chinese_name_in_utf_8_is_believed_where_utf_8_is_declared(name):
    assert repaired(name.encode(), ("ISO_IR 192",)) is None


@given(st.binary(max_size=64), st.sampled_from([(), ("ISO_IR 100",), ("GB18030",), ("ISO_IR 192",), ("nonsense",)]))
def test_no_bytes_make_it_fail(raw, declared):
    repaired(raw, declared)


def test_a_server_that_took_gbk_for_latin_1_is_seen_through():
    mojibake = "张^三".encode("gbk").decode("latin-1")
    described = "膝关节".encode("gbk").decode("latin-1")
    name = {"vr": "PN", "Value": [{"Alphabetic": mojibake}]}
    instance = instance_of(JsonAttributes({"00100010": name, "00081030": {"vr": "LO", "Value": [described]}}))
    assert instance.patient.name.shown(True) == "张三"
    assert instance.study.description == "膝关节"
    assert instance.is_repaired


def test_a_repaired_name_never_decides_whose_film_it_is():
    right = Patient("1", name=PersonName("张^三"))
    wrong = Patient("1", name=PersonName("ÕÅ^Èý", repaired=PersonName("张^三")))
    assert compare(right, wrong).verdict is Verdict.NAME_DIFFERS
    nameless = Patient("", name=PersonName("ÕÅ^Èý", repaired=PersonName("张^三")))
    assert compare(Patient("", name=PersonName("张^三")), nameless).verdict is Verdict.CONFLICT


def test_an_id_is_never_repaired():
    misread = "张三".encode("gbk").decode("latin-1")
    instance = instance_of(JsonAttributes({"00100020": {"vr": "LO", "Value": [misread]}}))
    assert instance.patient.patient_id == misread


def test_a_text_that_lost_its_characters_is_not_guessed():
    assert repaired_text("\ufffd\ufffd^\ufffd") is None


@pytest.mark.parametrize("escape", [b"\x1b$)C", b"\x1b(Q", b"\x1b"])
def test_an_escape_that_nobody_knows_is_no_warning(escape):
    """It is ASCII itself, and pydicom warns of it."""
    made = ct_slice(1)
    made.SpecificCharacterSet = "ISO_IR 192"
    made.PatientID = "AB1234"
    data = part10(made).replace(b"AB1234", (b"A" + escape + b"B1234")[:6])
    found = instance_of(DatasetAttributes(read_part10(data).dataset))
    assert found.patient.patient_id.startswith("A")
