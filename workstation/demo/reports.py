"""Reports of the sample films: an encapsulated PDF (PS3.3 A.45.1) and an Enhanced SR (PS3.3 A.35.2, TID 2000).

Their findings are those of the phantoms' known truth; everything in them is invented and says DEMO.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydicom.dataset import Dataset

from workstation.locations import resources

if TYPE_CHECKING:
    from collections.abc import Sequence

ENCAPSULATED_PDF: Final = "1.2.840.10008.5.1.4.1.1.104.1"
ENHANCED_SR: Final = "1.2.840.10008.5.1.4.1.1.88.22"
SERIES: Final = (90, "诊断报告")


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """A coded entry (PS3.3 8.8)."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def pdf_report(key: str, title: str) -> Dataset:
    """The PDF of a film, without the identity it is given afterwards."""
    data = (resources() / "demo" / "reports" / f"{key}.pdf").read_bytes()
    dataset = _document(ENCAPSULATED_PDF, "DOC")
    dataset.ConversionType = "WSD"
    dataset.AcquisitionDateTime = ""
    dataset.BurnedInAnnotation = "YES"
    dataset.DocumentTitle = title
    dataset.ConceptNameCodeSequence = [code("18748-4", "LN", "Diagnostic imaging study")]
    dataset.MIMETypeOfEncapsulatedDocument = "application/pdf"
    dataset.EncapsulatedDocumentLength = len(data)
    dataset.add_new("EncapsulatedDocument", "OB", data + b"\0" * (len(data) % 2))
    dataset.VerificationFlag = "VERIFIED"
    return dataset


def structured_report(images: Sequence[tuple[str, str]], displacement_mm: float, moment: str) -> Dataset:
    """A report of a fresh fracture of the tibia.

    Parameters
    ----------
    images : sequence of (SOP Class UID, SOP Instance UID)
        The images that show it.
    displacement_mm : float
        How far the fragments are apart, from the phantom.
    moment : str
        Date and time (DT) of verification.
    """
    dataset = _document(ENHANCED_SR, "SR")
    dataset.ValueType, dataset.ContinuityOfContent = "CONTAINER", "SEPARATE"
    dataset.ConceptNameCodeSequence = [code("18748-4", "LN", "影像诊断报告")]
    dataset.CompletionFlag, dataset.VerificationFlag = "COMPLETE", "VERIFIED"
    dataset.VerifyingObserverSequence = [_verifier(moment)]
    dataset.PerformedProcedureCodeSequence = []
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.ContentSequence = [
        _coded("HAS CONCEPT MOD", ("121049", "DCM", "报告语言"), ("zh-CN", "RFC5646", "中文（中国）")),
        _section(("121060", "DCM", "病史"), [_text(("121060", "DCM", "病史"), "右小腿摔伤后疼痛、肿胀两小时。")]),
        _section(("121070", "DCM", "检查所见"), _findings(images, displacement_mm)),
        _section(
            ("121076", "DCM", "诊断意见"),
            [
                _text(("121077", "DCM", "结论"), "1. 右侧胫骨近段斜行骨折，断端轻度移位。"),
                _text(("121077", "DCM", "结论"), "2. 胫骨平台关节面连续，未见明确关节内骨折。"),
                _text(("D0001", "99DEMO", "说明"), "示范数据（DEMO），内容均为虚构，不得用于诊断。"),
            ],
        ),
    ]
    return dataset


def evidence(study: str, series: str, images: Sequence[tuple[str, str]]) -> list[Dataset]:
    """The objects a report rests on, for Current Requested Procedure Evidence Sequence (PS3.3 table C.17-2)."""
    of_series = Dataset()
    of_series.SeriesInstanceUID = series
    of_series.ReferencedSOPSequence = [_target(image) for image in images]
    of_study = Dataset()
    of_study.StudyInstanceUID = study
    of_study.ReferencedSeriesSequence = [of_series]
    return [of_study]


def _target(image: tuple[str, str]) -> Dataset:
    target = Dataset()
    target.ReferencedSOPClassUID, target.ReferencedSOPInstanceUID = image
    return target


def _findings(images: Sequence[tuple[str, str]], displacement_mm: float) -> list[Dataset]:
    finding = _text(("121071", "DCM", "所见"), "右侧胫骨近段见斜行低密度骨折线，累及两侧骨皮质，周围软组织肿胀。")
    finding.ContentSequence = [_image("INFERRED FROM", ("121080", "DCM", "最佳图像"), image) for image in images]
    shift = _measured(("D0002", "99DEMO", "断端移位"), displacement_mm, "mm")
    other = _text(("121071", "DCM", "所见"), "股骨远端、髌骨及腓骨近段未见明确骨折。关节对应关系正常。")
    return [finding, shift, other]


def _document(sop_class: str, modality: str) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID = sop_class
    dataset.Modality = modality
    dataset.SeriesNumber, dataset.SeriesDescription = SERIES
    dataset.InstanceNumber = 1
    dataset.Manufacturer = "cloudfilm-workstation"
    return dataset


def _verifier(moment: str) -> Dataset:
    item = Dataset()
    item.VerifyingObserverName = "Shifan^Yi=示范^乙"
    item.VerifyingObserverIdentificationCodeSequence = []
    item.VerifyingOrganization = "示范医院（DEMO）"
    item.VerificationDateTime = moment
    return item


def _item(relation: str, kind: str, name: tuple[str, str, str]) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = relation, kind
    item.ConceptNameCodeSequence = [code(*name)]
    return item


def _section(name: tuple[str, str, str], content: list[Dataset]) -> Dataset:
    item = _item("CONTAINS", "CONTAINER", name)
    item.ContinuityOfContent = "SEPARATE"
    item.ContentSequence = content
    return item


def _text(name: tuple[str, str, str], words: str) -> Dataset:
    item = _item("CONTAINS", "TEXT", name)
    item.TextValue = words
    return item


def _coded(relation: str, name: tuple[str, str, str], value: tuple[str, str, str]) -> Dataset:
    item = _item(relation, "CODE", name)
    item.ConceptCodeSequence = [code(*value)]
    return item


def _measured(name: tuple[str, str, str], value: float, unit: str) -> Dataset:
    item = _item("CONTAINS", "NUM", name)
    measured = Dataset()
    measured.NumericValue = f"{value:.1f}"
    measured.MeasurementUnitsCodeSequence = [code(unit, "UCUM", unit)]
    item.MeasuredValueSequence = [measured]
    return item


def _image(relation: str, name: tuple[str, str, str], image: tuple[str, str]) -> Dataset:
    item = _item(relation, "IMAGE", name)
    item.ReferencedSOPSequence = [_target(image)]
    return item
