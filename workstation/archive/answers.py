"""`Answers`: what a service said of a study before its pixels. A listing is made of it, now or after a restart."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from workstation.archive.bodies import objects_in
from workstation.archive.sources import Listing
from workstation.dicom.attributes import JsonAttributes, text
from workstation.dicom.identity import Verdict, compare
from workstation.dicom.study import instance_of, patient_of, study_of
from workstation.errors import IdentityError, LinkError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workstation.dicom.study import Instance, Patient, Study

_LONGEST: Final = 512 * 1024**2  # of the JSON text


@dataclass(frozen=True, slots=True)
class Answers:
    """What a service said.

    Attributes
    ----------
    identity : mapping or None
        DICOM JSON of the study, as it was searched for; None where the service does not say.
    records : tuple of mappings
        DICOM JSON of each instance.
    announced : mapping
        Number of instances by Series Instance UID, where the service counts.
    is_whole : bool
        The service did not say that it holds more than it listed (206, or Warning 299).
    """

    identity: Mapping[str, Any] | None
    records: tuple[Mapping[str, Any], ...]
    announced: Mapping[str, int] = field(default_factory=dict)
    is_whole: bool = True

    def who(self) -> tuple[Patient, Study] | None:
        """Whose study it is, and which; None where the service does not say."""
        if self.identity is None:
            return None
        attributes = JsonAttributes(self.identity)
        return patient_of(attributes), study_of(attributes)

    def listing(self, study_instance_uid: str, name: str, issuer: str = "") -> Listing:
        """What the study holds.

        Parameters
        ----------
        name, issuer : str
            The source's name, and the issuer of patient IDs that IT configured for it.

        Raises
        ------
        LinkError
            link-study-not-found: nothing is in it.
        IdentityError
            The study holds objects of two patients, or of another study.
        """
        instances = tuple(instance_of(JsonAttributes(record)) for record in self.records)
        if not instances:
            raise LinkError("link-study-not-found")
        who = self.who()
        patient = who[0] if who is not None else instances[0].patient
        for instance in instances:
            _hold_against(patient, study_instance_uid, instance, issuer)
        return Listing(name, patient, instances, issuer, self.announced, is_whole=self.is_whole)

    def by_instance(self) -> dict[str, Mapping[str, Any]]:
        """The records by SOP Instance UID."""
        return {text(JsonAttributes(record), "SOPInstanceUID"): record for record in self.records}

    def to_bytes(self) -> bytes:
        """To be kept."""
        head = {"identity": self.identity, "announced": dict(self.announced), "is_whole": self.is_whole}
        records = ",".join(_written(record) for record in self.records)  # one by one: see `objects_in`
        return zlib.compress(f"{_written(head)}\n[{records}]".encode(), 1)

    @classmethod
    def from_bytes(cls, data: bytes) -> Answers | None:
        """What was kept; None for anything else."""
        try:
            inflater = zlib.decompressobj()
            first, _, rest = inflater.decompress(data, _LONGEST).partition(b"\n")
            head, records = json.loads(first), objects_in(rest)
            identity, announced = head["identity"], head["announced"]
            is_sound = isinstance(identity, dict | None)
            is_all = head["is_whole"] is not False
            counts = {str(uid): int(count) for uid, count in announced.items()}
        except (zlib.error, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        return cls(identity, tuple(records), counts, is_whole=is_all) if is_sound else None


def _written(part: Mapping[str, Any]) -> str:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":"))


def _hold_against(patient: Patient, study_instance_uid: str, instance: Instance, issuer: str) -> None:
    if instance.study.study_instance_uid != study_instance_uid:
        raise IdentityError("wrong-study")
    if compare(patient, instance.patient, issuer).verdict is Verdict.CONFLICT:
        raise IdentityError("wrong-patient")
