"""Reports with known words: PDFs of every kind of malice, structured reports, clinical documents."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pydicom.dataset import Dataset
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.phantoms import CT_STUDY, SERIES, Person, sop

if TYPE_CHECKING:
    from collections.abc import Sequence

ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
ENCAPSULATED_CDA = "1.2.840.10008.5.1.4.1.1.104.2"
COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
REPORT_SERIES = "2.25.7001090"


def pdf(lines: Sequence[str], *, pages: int = 1, **canvas: object) -> bytes:
    """A PDF of A4 pages; line n stands 100 + 40 n points below the top edge, 72 points from the left."""
    made = io.BytesIO()
    paper = Canvas(made, pagesize=A4, invariant=1, **canvas)
    for page in range(pages):
        paper.setFont("Helvetica", 14)
        for number, line in enumerate(lines):
            paper.drawString(72, A4[1] - 100 - 40 * number, f"{line} {page + 1}" if pages > 1 else line)
        paper.showPage()
    paper.save()
    return made.getvalue()


def raw_pdf(*objects: str) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, words in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{words}\nendobj\n".encode("latin-1")
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010d} 00000 n \n" for at in places)
    tail = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + table.encode() + tail.encode()


def stream(words: str, head: str = "") -> str:
    """A content stream."""
    return f"<< /Length {len(words)} {head} >>\nstream\n{words}\nendstream"


_SELF = Person()


def identified(sop_class: str, *, number: int = 1, person: Person = _SELF, study: str = CT_STUDY) -> Dataset:
    """The header of a document of the tests' patient."""
    made = Dataset()
    made.SpecificCharacterSet = "GB18030"
    made.PatientName, made.PatientID, made.IssuerOfPatientID = person.name, person.patient_id, person.issuer
    made.PatientBirthDate, made.PatientSex, made.PatientAge = person.birth_date, person.sex, "046Y"
    made.StudyInstanceUID, made.SeriesInstanceUID = study, REPORT_SERIES
    made.SOPClassUID, made.SOPInstanceUID = sop_class, sop(number, REPORT_SERIES)
    made.StudyDate, made.StudyTime, made.StudyDescription = "20261120", "142530", "膝关节CT"
    made.ContentDate, made.ContentTime = "20261121", "081530"
    made.Modality, made.SeriesNumber, made.InstanceNumber = "SR", 90, number
    return made


def encapsulated(data: bytes, *, sop_class: str = ENCAPSULATED_PDF, title: str = "影像报告", **keywords) -> Dataset:
    """A document in its DICOM envelope."""
    made = identified(sop_class, **keywords)
    made.Modality, made.DocumentTitle = "DOC", title
    made.MIMETypeOfEncapsulatedDocument = "application/pdf" if sop_class == ENCAPSULATED_PDF else "text/XML"
    made.EncapsulatedDocumentLength = len(data)
    made.add_new("EncapsulatedDocument", "OB", data + b"\0" * (len(data) % 2))
    return made


def code(meaning: str, value: str = "1", scheme: str = "99TEST") -> Dataset:
    """A coded entry."""
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, scheme, meaning
    return made


def item(kind: str, name: str = "", relation: str = "CONTAINS", children: Sequence[Dataset] = (), **values) -> Dataset:
    """A content item."""
    made = Dataset()
    made.RelationshipType, made.ValueType = relation, kind
    if name:
        made.ConceptNameCodeSequence = [code(name)]
    for keyword, value in values.items():
        setattr(made, keyword, value)
    if children:
        made.ContentSequence = list(children)
    return made


def number(name: str, value: str, unit: Dataset, **values) -> Dataset:
    """A NUM item."""
    measured = Dataset()
    measured.NumericValue = value
    measured.MeasurementUnitsCodeSequence = [unit]
    return item("NUM", name, MeasuredValueSequence=[measured], **values)


def image(uid: str, *, frames: Sequence[int] = (), name: str = "图像", relation: str = "INFERRED FROM") -> Dataset:
    """An IMAGE item."""
    target = Dataset()
    target.ReferencedSOPClassUID, target.ReferencedSOPInstanceUID = CT_IMAGE, uid
    if frames:
        target.ReferencedFrameNumber = list(frames)
    return item("IMAGE", name, relation, ReferencedSOPSequence=[target])


def pointer(*place: int, relation: str = "INFERRED FROM") -> Dataset:
    """A by-reference item."""
    made = Dataset()
    made.RelationshipType, made.ReferencedContentItemIdentifier = relation, list(place)
    return made


def structured(content: Sequence[Dataset], *, title: str = "CT诊断报告", **keywords) -> Dataset:
    """A Comprehensive SR."""
    made = identified(COMPREHENSIVE_SR, **keywords)
    made.ValueType, made.ContinuityOfContent = "CONTAINER", "SEPARATE"
    made.ConceptNameCodeSequence = [code(title)]
    made.CompletionFlag, made.VerificationFlag = "PARTIAL", "UNVERIFIED"
    made.ContentSequence = list(content)
    return made


def knee_report(**keywords) -> Dataset:
    """A report with a number, a link to the seventh CT slice, and one to an image that is nowhere."""
    finding = item("TEXT", "所见", TextValue="右胫骨近段骨折。\r\n断端移位。",
                   children=[image(sop(7, SERIES)), image("2.25.404", name="别处")])  # fmt: skip
    length = number("移位", "4.20", code("millimeter", "mm", "UCUM"))
    section = item("CONTAINER", "检查所见", ContinuityOfContent="SEPARATE", children=[finding, length])
    return structured([section], **keywords)


CDA = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <title>出院小结</title><effectiveTime value="20261119083000+0800"/>
  <recordTarget><patientRole><id extension="X1"/><patient><name>{name}</name></patient></patientRole></recordTarget>
  <author><assignedAuthor><assignedPerson><name><family>示范</family><given>甲</given></name></assignedPerson>
  </assignedAuthor></author>
  <component><structuredBody>
    <component><section><title>诊断</title><text>右胫骨<content styleCode="Bold">骨折</content><br/>第二行
      <list listType="ordered"><item>卧床</item><item>复查</item></list>
      <table><caption>化验</caption><thead><tr><th>项目</th><th>值</th></tr></thead>
      <tbody><tr><td>Hb</td><td>132 g/L</td></tr></tbody></table></text>
      <component><section><title>补充</title><text><paragraph>无</paragraph></text></section></component>
    </section></component>
  </structuredBody></component>
</ClinicalDocument>"""
