"""Reports as a doctor reads them: structured reports, clinical documents, encapsulated PDFs, plain texts."""

from __future__ import annotations

import html
import re
import subprocess
import time
from dataclasses import replace
from shutil import which

import pytest

from tests.documents import (
    CDA,
    ENCAPSULATED_CDA,
    code,
    encapsulated,
    image,
    item,
    knee_report,
    number,
    pdf,
    pointer,
    structured,
)
from tests.phantoms import SERIES, Person, part10, sop
from workstation.dicom.clinical_document import parsed, read_clinical_document
from workstation.dicom.content_tree import told_date, told_moment, told_time
from workstation.dicom.part10 import read_part10
from workstation.dicom.report_blocks import MOST_BLOCKS, Heading, Line, Table
from workstation.dicom.report_kinds import Form, is_report
from workstation.dicom.reports import readable, report_of, text_report
from workstation.dicom.study import instance_of
from workstation.errors import DicomError

DCMTK = pytest.mark.skipif(which("dsr2html") is None, reason="dcmtk is not installed")


def report(made):
    return report_of(read_part10(part10(made)).dataset)


def lines(found):
    return [(one.name, f"{one.text} {one.unit}".strip()) for one in found.blocks if isinstance(one, Line)]


def test_a_structured_report_reads_as_it_was_written():
    found = report(knee_report())
    assert (found.title, found.form) == ("CT诊断报告", Form.BLOCKS)
    assert (found.date, found.time) == ("2026-11-21", "08:15:30")
    assert (found.completion, found.verification, found.is_preliminary) == ("PARTIAL", "UNVERIFIED", False)
    assert found.instance.patient.name.ideographic == "欧阳^晓东"
    assert found.blocks[0] == Heading(0, "检查所见")
    assert lines(found)[0] == ("所见", "右胫骨近段骨折。\n断端移位。")
    assert lines(found)[-1] == ("移位", "4.20 mm")  # every digit that was written


def test_an_image_reference_names_its_instance_and_frames():
    found = report(structured([image(sop(7, SERIES), frames=(3, 9))]))
    link = found.blocks[0].link
    assert (link.sop_instance_uid, link.frames, link.is_image) == (sop(7, SERIES), (3, 9), True)
    assert found.blocks[0].relation == "inferred from"


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        (("Millimeter", "mm", "UCUM"), "12.50 mm"),
        (("no units", "1", "UCUM"), "12.50"),
        (("Hounsfield Unit", "[hnsf'U]", "UCUM"), "12.50 HU"),
        (("square centimeter", "cm2", "UCUM"), "12.50 cm²"),
        (("breaths per minute", "{breaths}/min", "UCUM"), "12.50 breaths per minute"),
        (("Length Unit", "cm", "99_OFFIS_DCMTK"), "12.50 cm (Length Unit)"),
    ],
)
def test_a_number_keeps_its_digits_and_its_unit(unit, shown):
    meaning, value, scheme = unit
    found = report(structured([number("n", "12.50", code(meaning, value, scheme))]))
    assert lines(found) == [("n", shown)]


def test_a_number_without_a_value_says_why():
    made = item("NUM", "面积", MeasuredValueSequence=[], NumericValueQualifierCodeSequence=[code("Not a number")])
    assert lines(report(structured([made]))) == [("面积", "Not a number")]


def test_names_dates_and_codes_are_readable():
    content = [
        item("PNAME", "医师", PersonName="Shifan^Jia=示范^甲"),
        item("DATE", "日期", Date="20261120"),
        item("TIME", "时间", Time="142530.25"),
        item("DATETIME", "时刻", DateTime="20261120142530.5+0800"),
        item("CODE", "部位", ConceptCodeSequence=[code("膝关节")]),
        item("UIDREF", "编号", UID="1.2.3"),
    ]
    found = report(structured(content))
    assert [text for _, text in lines(found)] == [
        "示范甲 (Shifan Jia)", "2026-11-20", "14:25:30", "2026-11-20 14:25:30 UTC+08:00", "膝关节", "1.2.3",
    ]  # fmt: skip
    assert found.blocks[-1].is_detail


@pytest.mark.parametrize(
    ("told", "value", "shown"),
    [
        (told_date, "1993.08.22", "1993-08-22"),  # PS3.5 6.2: what ACR-NEMA wrote
        (told_date, "soon", "soon"),
        (told_time, "07", "07"),
        (told_time, "070907.0705", "07:09:07"),
        (told_moment, "20261120", "2026-11-20"),
        (told_moment, "202611201425-0330", "2026-11-20 14:25 UTC-03:30"),
        (told_moment, "never", "never"),
    ],
)
def test_dates_and_times_in_every_form(told, value, shown):
    assert told(value) == shown


def test_a_reference_to_another_item_says_what_it_is_and_a_circle_ends():
    first = item("TEXT", "甲", TextValue="结论", children=[pointer(1, 2)])
    second = item(
        "TEXT", "乙", TextValue="依据", children=[pointer(1, 1), pointer(1, 2, 1), pointer(1, 9, 9), pointer(1)]
    )
    found = report(structured([first, second]))
    assert [text for _, text in lines(found)] == [
        "结论", "→ 1.2 乙: 依据", "依据", "→ 1.1 甲: 结论", "→ 1.2.1", "→ 1.9.9", "→ 1",
    ]  # fmt: skip


def test_context_stands_where_it_holds():
    inner = item("CONTAINER", "内", ContinuityOfContent="SEPARATE", children=[
        item("PNAME", "观察者", "HAS OBS CONTEXT", PersonName="B"), item("TEXT", "所见", TextValue="y")])  # fmt: skip
    found = report(structured([item("PNAME", "观察者", "HAS OBS CONTEXT", PersonName="A"), inner]))
    assert [(b.depth, b.text) for b in found.blocks] == [(0, "A"), (0, "内"), (1, "B"), (1, "y")]


def test_a_report_nested_without_end_is_cut_and_says_so():
    made = item("TEXT", "x", TextValue="deepest")
    for _ in range(25):
        made = item("CONTAINER", "x", ContinuityOfContent="SEPARATE", children=[made])
    assert "deepest" in [b.text for b in report(structured([made])).blocks]
    for _ in range(60):
        made = item("CONTAINER", "x", ContinuityOfContent="SEPARATE", children=[made])
    with pytest.raises(DicomError) as caught:  # the scanner's own cap, before anything is built
        report(structured([made]))
    assert caught.value.code == "over-limit"


def test_a_report_of_more_items_than_can_be_shown_says_so():
    found = report(structured([item("TEXT", "x", TextValue="y")] * (MOST_BLOCKS + 1)))
    assert found.is_cut
    assert len(found.blocks) == MOST_BLOCKS


def redeclared(made, wrong):
    """The bytes of a document written in GB18030 that says it was written in something else."""
    written, right = part10(made), b"CS\x08\x00GB18030 "
    assert written.count(right) == 1
    value = wrong.encode() + b" " * (len(wrong) % 2)
    return written.replace(right, b"CS" + len(value).to_bytes(2, "little") + value)


@pytest.mark.parametrize("wrong", ["ISO_IR 100", "ISO_IR 192", "ISO 2022 IR 6"])
def test_chinese_texts_under_a_wrong_declaration_are_repaired_for_reading_and_marked(wrong):
    data = redeclared(knee_report(), wrong)
    found = report_of(read_part10(data).dataset)
    assert found.title == "CT诊断报告"
    assert found.blocks[0] == Heading(0, "检查所见")
    assert lines(found)[0] == ("所见", "右胫骨近段骨折。\n断端移位。")
    assert found.is_repaired
    assert found.instance.is_repaired
    assert found.instance.patient.name.ideographic != "欧阳^晓东"  # for comparing, as the file declares it
    assert found.instance.patient.name.shown(chinese=True) == "欧阳晓东"


def test_texts_that_are_declared_rightly_are_not_touched():
    made = structured([item("TEXT", "Größe", TextValue="Müller café: 5 µm")], title="Befund für Ärzte")
    made.SpecificCharacterSet = "ISO_IR 100"
    made.PatientName, made.StudyDescription = "Müller^Jörg", "Knie"
    found = report(made)
    assert (found.title, lines(found), found.is_repaired) == (
        "Befund für Ärzte", [("Größe", "Müller café: 5 µm")], False
    )  # fmt: skip
    assert not report(knee_report()).is_repaired


def test_hidden_characters_in_a_text_are_shown():
    found = report(structured([item("TEXT", "x", TextValue="ID \u202e1007\u202c")]))
    assert lines(found) == [("x", "ID \ufffd1007\ufffd")]


@pytest.mark.parametrize(("charset", "words"), [
    ("GB18030", "右胫骨骨折𠮷"), ("GBK", "右胫骨骨折"), ("ISO_IR 192", "右胫骨骨折𠮷"),
    ("ISO_IR 100", "Größe"), (["", "ISO 2022 IR 87"], "膝関節"),
])  # fmt: skip
def test_texts_in_every_character_set(charset, words):
    made = structured([item("TEXT", "x", TextValue=words)], title="t", person=Person(name="A^B"))
    made.StudyDescription = "x"
    made.SpecificCharacterSet = charset
    assert lines(report(made)) == [("x", words)]


def test_texts_of_iso_2022_are_switched_by_their_escape_sequences():
    """PS3.5 K.2: ESC 2/4 2/9 4/1 puts GB 2312 into G1; the bytes are made here, the writer leaves the escape out."""
    made = structured([item("TEXT", "x", TextValue="Z" * 14)], title="t", person=Person(name="A^B"))
    made.StudyDescription, made.SpecificCharacterSet = "x", ["", "ISO 2022 IR 58"]
    data = part10(made).replace(b"Z" * 14, b"\x1b$)A" + "右胫骨骨折".encode("gb2312"))
    assert lines(report_of(read_part10(data).dataset)) == [("x", "右胫骨骨折")]


@DCMTK
@pytest.mark.parametrize(
    "name", ["test-SR", "sr_document", "sr_document_with_multiple_groups", "sr-circle", "sr-ruler"]
)
def test_every_value_that_dcmtk_reads_is_read(shared_data, name):
    path = shared_data / "reports" / f"{name}.dcm"
    told = subprocess.run(["dsrdump", "+Pl", str(path)], capture_output=True, check=True).stdout.decode("latin-1")
    found = report_of(read_part10(path.read_bytes()).dataset)
    ours = [(b.name, b.text) if isinstance(b, Line) else ("", b.text) for b in found.blocks]
    for kind, name_, value in re.findall(r'(NUM|TEXT|UIDREF):\(,,"([^"]*)"\)="([^"]*)"', told):
        value_ = value.replace("\\r\\n", "\n").replace("\\r", "\n").replace("\\n", "\n").strip("\n")
        assert (name_, value_) in ours or (kind == "TEXT" and "&" in value), (kind, name_, value)
    for name_, value in re.findall(r'CODE:\(,,"([^"]*)"\)=\([^"]*"([^"]*)"\)', told):
        assert (name_, value) in ours
    for name_ in re.findall(r'CONTAINER:\(,,"([^"]*)"\)', told)[1:]:
        assert ("", name_) in ours
    assert (re.search(r"Completion Flag +: (\w+)", told)[1], re.search(r"Verification Flag +: (\w+)", told)[1]) == (
        found.completion, found.verification)  # fmt: skip
    assert ("Preliminary Flag" in told and "PRELIMINARY" in told) == found.is_preliminary
    assert re.search(r"Content Date/Time +: (\S+ \S+)", told)[1] == f"{found.date} {found.time}"


@DCMTK
def test_a_demanding_report_holds_every_word_of_dcmtks_page(shared_data):
    path = shared_data / "reports" / "test-SR.dcm"
    page = subprocess.run(["dsr2html", str(path)], capture_output=True, check=True).stdout.decode("latin-1")
    body = page[page.index("</h1>") : page.rindex("<hr>")] if "</h1>" in page else page
    theirs = set(re.findall(r"\w{4,}", html.unescape(re.sub(r"<[^>]*>", " ", body))))
    found = report_of(read_part10(path.read_bytes()).dataset)
    ours = " ".join(f"{b.name} {b.text} {b.unit}" if isinstance(b, Line) else b.text for b in found.blocks)
    ours += " ".join(str(value) for value in (found.title, found.completion, found.verification, found.verifiers))
    assert "detected" in theirs
    for word in ("Diameter", "detected", "Inferred", "Sample"):
        assert word in theirs
        assert word in ours
    assert [one.name for one in found.verifiers] == ["Riesmeier Jörg", "Observer Verifying"]
    assert found.verifiers[0].organization == "OFFIS e.V."


def test_every_report_of_the_collection_is_read(shared_data):
    for path in sorted((shared_data / "reports").glob("*.dcm")):
        dataset = read_part10(path.read_bytes()).dataset
        if is_report(str(dataset.SOPClassUID)):
            found = report_of(dataset)
            assert found.pdf if found.form is Form.PAGES else found.blocks


def test_an_encapsulated_pdf_is_given_byte_for_byte():
    data = pdf(["x"])
    data += b"\n" * (1 - len(data) % 2)  # odd: one byte is added for even length
    assert len(data) % 2
    found = report(encapsulated(data))
    assert found.pdf == data
    assert (found.title, found.form) == ("影像报告", Form.PAGES)


def test_an_envelope_without_a_pdf_is_a_report_that_cannot_be_read():
    dataset = read_part10(part10(encapsulated(b"<html>"))).dataset
    from workstation.dicom.dataset_attributes import DatasetAttributes

    found = readable(dataset, instance_of(DatasetAttributes(dataset)))
    assert found.problem.code == "damaged"
    assert found.title == "影像报告"


def test_a_clinical_document_reads_as_it_was_written():
    found = report(encapsulated(CDA.replace("{name}", "欧阳晓东").encode(), sop_class=ENCAPSULATED_CDA, title=""))
    assert (found.title, found.named_patient) == ("出院小结", "欧阳晓东")
    assert [block.text if not isinstance(block, Table) else block.rows for block in found.blocks] == [
        "示范甲", "诊断", "右胫骨骨折\n第二行", "1. 卧床", "2. 复查", (("项目", "值"), ("Hb", "132 g/L")), "补充", "无",
    ]  # fmt: skip
    table = next(block for block in found.blocks if isinstance(block, Table))
    assert (table.head_rows, table.caption) == (1, "化验")


def laughs() -> bytes:
    entities = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    return f"<!DOCTYPE x [{entities}]><ClinicalDocument>&m;</ClinicalDocument>".encode()


@pytest.mark.parametrize(
    "data",
    [
        laughs(),
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><ClinicalDocument><title>&a;</title></ClinicalDocument>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><ClinicalDocument/>',
        b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]><ClinicalDocument/>',
        b"<ClinicalDocument>&unknown;</ClinicalDocument>",
        b"<ClinicalDocument>",
        b"",
        b"\xff\xfe\x00",
    ],
)
def test_hostile_and_damaged_xml_is_refused_at_once(data):
    began = time.monotonic()
    with pytest.raises(DicomError) as caught:
        read_clinical_document(data)
    assert caught.value.code == "damaged"
    assert time.monotonic() - began < 30  # expanded, it takes minutes


def test_xml_nested_without_end_or_of_another_kind_is_refused():
    with pytest.raises(DicomError) as caught:
        parsed(b"<a>" * 10_000 + b"</a>" * 10_000)
    assert caught.value.code == "over-limit"
    with pytest.raises(DicomError) as caught:
        read_clinical_document(b"<html><script>x</script></html>")
    assert caught.value.code == "unsupported-document"


def test_a_clinical_document_of_plain_text_and_of_another_program():
    import base64

    outer = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><component><nonXMLBody><text {}>{}</text></nonXMLBody>'
        "</component></ClinicalDocument>"
    )
    coded = base64.b64encode("第一行\n第二行".encode("gb18030")).decode()
    found = read_clinical_document(outer.format('mediaType="text/plain" representation="B64"', coded).encode())
    assert [block.text for block in found.blocks] == ["第一行", "第二行"]
    with pytest.raises(DicomError) as caught:
        read_clinical_document(outer.format('mediaType="application/pdf" representation="B64"', "AAAA").encode())
    assert caught.value.params["what"] == "application/pdf"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_reads_in_every_encoding_of_a_chinese_hospital(encoding):
    found = text_report("报告.txt", "右胫骨骨折\r\n\r\n建议复查".encode(encoding))
    assert [block.text for block in found.blocks] == ["右胫骨骨折", "建议复查"]
    assert found.instance is None
    assert found.title == "报告.txt"


@pytest.mark.parametrize("data", [b"", b"  \n", b"MZ\x00\x01binary", bytes(range(128, 256)) * 3, b"x" * (1 << 21)])
def test_what_is_no_text_is_no_report(data):
    with pytest.raises(DicomError):
        text_report("a.txt", data)


def test_reports_come_before_key_images_and_dose_and_the_newest_first():
    base = report(knee_report())
    older = replace(base, report_id="older", date="2026-01-01")
    dose = replace(
        base, report_id="dose", instance=replace(base.instance, sop_class_uid="1.2.840.10008.5.1.4.1.1.88.67")
    )
    keys = replace(
        base, report_id="keys", instance=replace(base.instance, sop_class_uid="1.2.840.10008.5.1.4.1.1.88.59")
    )
    ordered = sorted([dose, keys, older, base], key=lambda one: one.rank)
    assert [one.report_id for one in ordered] == [base.report_id, "older", "keys", "dose"]
