"""Whether two objects are of one person. Identifiers decide; a name alone never does (architecture: Identity)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workstation.dicom.study import Patient


class Verdict(Enum):
    """What a comparison of two identities says."""

    SAME = "same"
    NAME_DIFFERS = "name differs"  # shown in amber, not refused
    CONFLICT = "conflict"  # refused


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict and the attribute that decided it."""

    verdict: Verdict
    attribute: str = ""


_SAME: Final = Comparison(Verdict.SAME)


def compare(expected: Patient, found: Patient, issuer: str = "") -> Comparison:
    """Compare two identities.

    Parameters
    ----------
    expected, found : Patient
        Who it should be, and who the object says it is.
    issuer : str
        The issuer that IT configured for the source, used where the data names none.
    """
    if expected.patient_id.strip() != found.patient_id.strip():
        return Comparison(Verdict.CONFLICT, "PatientID")
    if not expected.patient_id.strip() and names_differ(expected, found):
        return Comparison(Verdict.CONFLICT, "PatientName")  # with no ID at all the name is all there is
    issuers = {one for one in (expected.issuer.strip() or issuer, found.issuer.strip() or issuer) if one}
    if len(issuers) > 1:
        return Comparison(Verdict.CONFLICT, "IssuerOfPatientID")
    for attribute, one, other in (
        ("PatientBirthDate", expected.birth_date, found.birth_date),
        ("PatientSex", expected.sex, found.sex),
    ):
        if one and other and one != other:
            return Comparison(Verdict.CONFLICT, attribute)
    if names_differ(expected, found):
        return Comparison(Verdict.NAME_DIFFERS, "PatientName")
    return _SAME


def names_differ(one: Patient, other: Patient) -> bool:
    """Whether both have names and no decoded group of one equals a group of the other."""
    ours, theirs = set(one.name.groups), set(other.name.groups)
    return bool(ours) and bool(theirs) and not ours & theirs
