"""`StudyQuery` and `FoundStudy`: what is looked for in the sources' lists, and what an answer to it says.

The local filter `fits` is the last word on every answer: a server may ignore a key, or know less of names than we do.
It decides what is listed, never who somebody is.

References
----------
PS3.4 C.2.2.2 (matching), PS3.18 10.6 (QIDO-RS), PS3.4 C.6.2.1 (study level attributes).
"""

from __future__ import annotations

import fnmatch
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from workstation.dicom.attributes import integer, texts
from workstation.dicom.name_search import NameWords, sort_key
from workstation.dicom.study import patient_of, study_of

if TYPE_CHECKING:
    from workstation.dicom.attributes import Attributes
    from workstation.dicom.study import Patient, Study

MOST_ROWS: Final = 1000  # a list that nobody scrolls through; what lies beyond is said, not shown
RADIOGRAPHS: Final = ("CR", "DX")


@dataclass(frozen=True, slots=True)
class StudyQuery:
    """What is looked for. What was typed never shows in its `repr`.

    Attributes
    ----------
    name : str
        A patient's name as it was typed: Chinese, pinyin, initials.
    number : str
        A patient ID or an accession number, whichever it is.
    patient_id, accession_number : str
        One of the two, said to be that; ``*`` and ``?`` stand for what is not known.
    from_date, to_date : str
        YYYYMMDD, both included; empty: open.
    modalities : tuple of str
        Any of these; empty: all.
    sources : tuple of str
        Names of sources; empty: all that are configured.
    """

    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    patient_id: str = field(default="", repr=False)
    accession_number: str = field(default="", repr=False)
    from_date: str = ""
    to_date: str = ""
    modalities: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def has_words(self) -> bool:
        """Whether a name or a number is looked for."""
        return any((self.name.strip("*? "), *(one.strip("*? ") for one in self._numbers)))

    @property
    def is_dated(self) -> bool:
        """Whether the time is limited on its open side: from a day on."""
        return bool(self.from_date)

    @property
    def is_bounded(self) -> bool:
        """Whether it may be sent: nobody asks a hospital for everything by accident."""
        return self.is_dated or self.has_words

    @property
    def _numbers(self) -> tuple[str, str, str]:
        return self.number, self.patient_id, self.accession_number


@dataclass(frozen=True, slots=True)
class FoundStudy:
    """A study in a source's list; `instances` None: not said."""

    source: str
    issuer: str  # of patient IDs, as IT configured it for the source
    patient: Patient = field(repr=False)
    study: Study = field(repr=False)
    modalities: tuple[str, ...] = ()
    instances: int | None = None
    name_key: str = field(default="", repr=False)  # its place in the order of the alphabet

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others: its source and Study Instance UID."""
        return self.source, self.study.study_instance_uid


def found_study(answer: Attributes, source: str, issuer: str) -> FoundStudy:
    """Read one entry of an answer."""
    patient = patient_of(answer)
    count = integer(answer, "NumberOfStudyRelatedInstances")
    return FoundStudy(
        source,
        issuer,
        patient,
        study_of(answer),
        tuple(word.upper() for value in texts(answer, "ModalitiesInStudy") for word in value.split("\\") if word),
        count if count is not None and count >= 0 else None,
        sort_key(patient.name),
    )


class Filter:
    """Holds entries against a query; what an entry does not say hides it only from those who ask for just that."""

    def __init__(self, query: StudyQuery) -> None:
        self._query = query
        self._words = NameWords.of(query.name)
        self._modalities = set(query.modalities)

    def fits(self, found: FoundStudy) -> bool:
        """Whether an entry is what was looked for."""
        return self.fits_beside_name(found) and self._words.find(found.patient.name)

    def fits_beside_name(self, found: FoundStudy) -> bool:
        """The same, whoever it is of."""
        query, study, patient = self._query, found.study, found.patient
        either = (patient.patient_id, study.accession_number)
        return (
            (not query.number or any(_is_number(query.number, one) for one in either))
            and (not query.patient_id or _is_number(query.patient_id, patient.patient_id))
            and (not query.accession_number or _is_number(query.accession_number, study.accession_number))
            and (not study.date or not query.from_date or study.date >= query.from_date)
            and (not study.date or not query.to_date or study.date <= query.to_date)
            and (not self._modalities or not found.modalities or bool(self._modalities & set(found.modalities)))
        )


def _is_number(wanted: str, found: str) -> bool:
    pattern = unicodedata.normalize("NFKC", wanted).strip().casefold().replace("[", "[[]")
    return bool(found.strip()) and fnmatch.fnmatchcase(found.strip().casefold(), pattern)


def of_one_patient(studies: tuple[FoundStudy, ...]) -> bool:
    """Whether studies of a list may be opened together: one ID of one issuer, and nothing that contradicts it.

    IDs from sources of different or unknown issuers never match by themselves. What is opened is compared again.
    """
    first = studies[0]
    return all(_same_patient(first, other) for other in studies[1:])


def _same_patient(one: FoundStudy, other: FoundStudy) -> bool:
    issuers = [(found.patient.issuer or found.issuer).strip() for found in (one, other)]
    is_one_place = one.source == other.source or bool(issuers[0])
    ours, theirs = one.patient, other.patient
    return (
        is_one_place
        and issuers[0] == issuers[1]
        and bool(ours.patient_id.strip())
        and ours.patient_id.strip() == theirs.patient_id.strip()
        and ("" in (ours.birth_date, theirs.birth_date) or ours.birth_date == theirs.birth_date)
        and ("" in (ours.sex, theirs.sex) or ours.sex == theirs.sex)
    )
