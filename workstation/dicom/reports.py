"""`Report`: what a doctor reads beside the images, from whatever object carries it.

Structured reports (PS3.3 A.35), encapsulated PDF and CDA (A.45), and plain text files that lie beside images.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydicom.uid import UID

from workstation.dicom.attributes import person, seen, text
from workstation.dicom.clinical_document import read_clinical_document
from workstation.dicom.content_tree import ContentTree, long_text, meaning, told_date, told_moment, told_name, told_time
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.elements import UNREADABLE, items_of, text_of, value_of, whole_number_of
from workstation.dicom.mending import mend
from workstation.dicom.plain_text import decoded
from workstation.dicom.report_blocks import Block, Blocks, Line
from workstation.dicom.report_kinds import ENCAPSULATED_CDA, ENCAPSULATED_PDF, STRUCTURED, Form
from workstation.dicom.study import instance_of
from workstation.errors import DicomError

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from workstation.dicom.study import Instance

_KEY_OBJECTS: Final = "1.2.840.10008.5.1.4.1.1.88.59"
_DOSE: Final = frozenset({"1.2.840.10008.5.1.4.1.1.88.67", "1.2.840.10008.5.1.4.1.1.88.68",
                          "1.2.840.10008.5.1.4.1.1.88.73", "1.2.840.10008.5.1.4.1.1.88.76"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verifier:
    """Who stands for the content (PS3.3 C.17.2, Verifying Observer Sequence)."""

    name: str
    organization: str
    moment: str


@dataclass(frozen=True, slots=True)
class Report:
    """One document.

    Attributes
    ----------
    report_id : str
        The SOP Instance UID, or the name of a text file.
    instance : Instance or None
        The header of the very object; None for a text file, which names no patient.
    title : str
        As the document says; empty where it says nothing.
    pdf : bytes
        The encapsulated document, for `Form.PAGES`.
    date, time : str
        Of the content: YYYY-MM-DD and HH:MM:SS, or empty.
    completion : str
        ``COMPLETE``, ``PARTIAL``, or empty: it does not say.
    verification : str
        ``VERIFIED``, ``UNVERIFIED``, or empty.
    named_patient : str
        Whom the text itself names (CDA); empty when it does not.
    is_cut : bool
        There was more than is shown here.
    is_repaired : bool
        Texts are shown in another character set than the declared one.
    """

    report_id: str
    instance: Instance | None
    form: Form
    title: str = ""
    blocks: tuple[Block, ...] = ()
    pdf: bytes = b""
    date: str = ""
    time: str = ""
    completion: str = ""
    completion_words: str = ""
    verification: str = ""
    is_preliminary: bool = False
    verifiers: tuple[Verifier, ...] = ()
    named_patient: str = ""
    is_cut: bool = False
    is_repaired: bool = False
    problem: DicomError | None = None  # why it cannot be read

    @property
    def kind(self) -> str:
        """The SOP class in words; empty for a text file."""
        return "" if self.instance is None else self.instance.kind

    @property
    def rank(self) -> tuple[int, str, str]:
        """Where it stands in a list: reports, then lists of key images, then dose; the newest first within."""
        uid = self.instance.sop_class_uid if self.instance is not None else ""
        place = 2 if uid in _DOSE else 1 if uid == _KEY_OBJECTS else 0
        newest = "".join(chr(0x10FFFF - ord(c)) for c in f"{self.date} {self.time}")
        return place, newest, self.report_id


def report_of(dataset: Dataset) -> Report:
    """Read the document in a data set whose SOP class `is_report`.

    Raises
    ------
    DicomError
        ``damaged``, ``over-limit`` or ``unsupported-document``.
    """
    instance = instance_of(DatasetAttributes(dataset))  # before anything is repaired
    if instance.sop_class_uid == ENCAPSULATED_PDF:
        return _pdf(dataset, instance)
    if instance.sop_class_uid == ENCAPSULATED_CDA:
        return _cda(dataset, instance)
    if instance.sop_class_uid.startswith(STRUCTURED):
        return _structured(dataset, instance)
    raise DicomError("unsupported-document", what=UID(instance.sop_class_uid).name)


def readable(dataset: Dataset, instance: Instance) -> Report:
    """Read a document; one that cannot be read is a report with a `problem`, so that nobody believes there is none."""
    try:
        return report_of(dataset)
    except DicomError as error:
        problem = error
    except (*UNREADABLE, RecursionError, MemoryError) as error:
        problem = DicomError("damaged", reason=type(error).__name__)
    return Report(instance.sop_instance_uid, instance, Form.BLOCKS, title=_title(dataset), problem=problem)


def text_report(name: str, data: bytes) -> Report:
    """Read a plain text file beside images. It names no patient: whoever shows it must say so.

    Raises
    ------
    DicomError
        ``unsupported-document`` or ``over-limit``.
    """
    blocks = Blocks()
    for line in decoded(data).splitlines():
        if line.strip():
            blocks.add(Line(0, seen(line.rstrip())))
    if not blocks.made:
        raise DicomError("unsupported-document", what="text")
    return Report(f"file:{name}", None, Form.BLOCKS, title=seen(name), blocks=blocks.made, is_cut=blocks.is_cut)


def _content_date(dataset: Dataset) -> tuple[str, str]:
    date, time = text_of(dataset, "ContentDate"), text_of(dataset, "ContentTime")
    return told_date(date), told_time(time) if date else ""


def _title(dataset: Dataset) -> str:
    return seen(text_of(dataset, "DocumentTitle")) or meaning(dataset, "ConceptNameCodeSequence")


def _encapsulated(dataset: Dataset) -> bytes:
    """The document without the byte that makes its length even (PS3.3 C.24.2, Encapsulated Document Length)."""
    value = value_of(dataset, "EncapsulatedDocument")
    if not isinstance(value, bytes):
        raise DicomError("damaged", reason="EncapsulatedDocument")
    length = whole_number_of(dataset, "EncapsulatedDocumentLength")
    return value[:length] if length is not None and 0 < length < len(value) else value


def _verification(dataset: Dataset) -> str:
    """Encapsulated documents say it, too, where they say anything (PS3.3 C.24.2)."""
    return text_of(dataset, "VerificationFlag").upper()


def _pdf(dataset: Dataset, instance: Instance) -> Report:
    data = _encapsulated(dataset)
    if b"%PDF-" not in data[:1024]:  # ISO 32000-1 annex H.3.4.1, note 13
        raise DicomError("damaged", reason="no PDF")
    date, time = _content_date(dataset)
    return Report(
        instance.sop_instance_uid,
        instance,
        Form.PAGES,
        title=_title(dataset),
        pdf=data,
        date=date,
        time=time,
        verification=_verification(dataset),
    )


def _cda(dataset: Dataset, instance: Instance) -> Report:
    document = read_clinical_document(_encapsulated(dataset))
    date, time = _content_date(dataset)
    if not date and document.moment[:8].isdigit():
        date = told_date(document.moment[:8])
    authors = tuple(Line(0, name, name="Author") for name in document.authors)
    return Report(
        instance.sop_instance_uid,
        instance,
        Form.BLOCKS,
        title=_title(dataset) or seen(document.title),
        blocks=(*authors, *document.blocks),
        date=date,
        time=time,
        verification=_verification(dataset),
        named_patient=seen(document.patient),
        is_cut=document.is_cut,
    )


def _structured(dataset: Dataset, instance: Instance) -> Report:
    is_repaired = mend(dataset)
    tree = ContentTree(dataset)
    date, time = _content_date(dataset)
    return Report(
        instance.sop_instance_uid,
        instance,
        Form.BLOCKS,
        title=meaning(dataset, "ConceptNameCodeSequence"),
        blocks=tree.blocks(),
        date=date,
        time=time,
        completion=text_of(dataset, "CompletionFlag").upper(),
        completion_words=long_text(dataset, "CompletionFlagDescription"),
        verification=text_of(dataset, "VerificationFlag").upper(),
        is_preliminary=text_of(dataset, "PreliminaryFlag").upper() == "PRELIMINARY",
        verifiers=tuple(_verifier(item) for item in items_of(dataset, "VerifyingObserverSequence")),
        is_cut=tree.is_cut,
        is_repaired=is_repaired,
    )


def _verifier(item: Dataset) -> Verifier:
    source = DatasetAttributes(item)
    return Verifier(
        name=told_name(person(source, "VerifyingObserverName")),
        organization=text(source, "VerifyingOrganization"),
        moment=told_moment(text_of(item, "VerificationDateTime")),
    )
