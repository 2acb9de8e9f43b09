"""A QIDO-RS service with bad habits: it ignores keys, leaves percent signs alone, refuses Chinese, pages, hangs."""

from __future__ import annotations

import fnmatch
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from workstation.demo.answers import json_reply
from workstation.demo.cloud import CloudHandler, DemoCloud


@dataclass(frozen=True)
class Listed:
    """One study that the service has."""

    number: int
    name: str
    patient_id: str
    date: str = "20261120"
    modality: str = "CT"
    accession: str = ""
    birth_date: str = "19800312"

    @property
    def uid(self):
        return f"2.25.8800{self.number}"

    def record(self):
        groups = dict(zip(("Alphabetic", "Ideographic", "Phonetic"), self.name.split("="), strict=False))
        texts = {
            "0020000D": ("UI", self.uid), "00100020": ("LO", self.patient_id), "00080020": ("DA", self.date),
            "00080030": ("TM", f"{8 + self.number % 10:02d}1500"), "00080050": ("SH", self.accession),
            "00100030": ("DA", self.birth_date), "00081030": ("LO", f"study {self.number}"),
            "00080061": ("CS", self.modality),
        }  # fmt: skip
        made = {tag: {"vr": vr, "Value": [value]} for tag, (vr, value) in texts.items() if value}
        made["00100010"] = {"vr": "PN", "Value": [{key: value for key, value in groups.items() if value}]}
        made["00201208"] = {"vr": "IS", "Value": [self.number]}
        return made


@dataclass
class Habits:
    """What the service does wrong."""

    ignores: tuple = ()  # keys
    decodes: bool = True
    refuses_chinese: bool = False
    knows_chinese: bool = True
    most_a_page: int = 10**6
    warns: bool = False  # says by Warning 299 that there is more
    heeds_limit: bool = True
    heeds_offset: bool = True
    hangs: bool = False
    refuses_fuzzy: bool = False
    status: int = 0


@dataclass
class Question:
    """A query as it came."""

    keys: dict = field(default_factory=dict)
    raw: str = ""


class _Handler(CloudHandler):
    def _answer(self):
        parts = urlsplit(self.path)
        if parts.path.endswith("/dicom-web/studies"):
            return self.cloud.listed(parts.query)
        return super()._answer()


class ListService(DemoCloud):
    """Lists `rows` by `habits`; every question is kept in `asked`."""

    def __init__(self, folder, rows, habits=None):
        self.rows, self.habits, self.asked = rows, habits or Habits(), []
        self.released = threading.Event()
        super().__init__(folder, None, None, _Handler)

    def listed(self, raw):
        habits = self.habits
        pairs = parse_qsl(raw) if habits.decodes else [tuple(pair.split("=", 1)) for pair in raw.split("&")]
        keys = {key: value for key, value in pairs if key != "includefield"}
        self.asked.append(Question(keys, raw))
        if habits.hangs:
            self.released.wait(20)
        if habits.status:
            return json_reply(habits.status, {"error": "no"})
        if habits.refuses_chinese and not unquote(keys.get("PatientName", "")).isascii():
            return json_reply(400, {"error": "character set"})
        if habits.refuses_fuzzy and "fuzzymatching" in keys:
            return json_reply(400, {"error": "unknown key"})
        return self._page([row for row in self.rows if self._fits(row, keys)], keys)

    def _page(self, found, keys):
        habits = self.habits
        first = int(keys.get("offset", 0)) if habits.heeds_offset else 0
        count = min(int(keys.get("limit", 10**6)) if habits.heeds_limit else 10**6, habits.most_a_page)
        page = found[first : first + count]
        left = len(found) - first - len(page)
        warning = [("Warning", f'299 here: "There are {left} additional results that can be requested"')]
        headers = warning if habits.warns and left > 0 else []
        return json_reply(200, [row.record() for row in page], *headers, kind="application/dicom+json")

    def _fits(self, row, keys):
        wanted = {key: value for key, value in keys.items() if key not in self.habits.ignores}
        low, _, high = wanted.get("StudyDate", "-").partition("-")
        groups = row.name.split("=") if self.habits.knows_chinese else [g for g in row.name.split("=") if g.isascii()]
        return (
            (not low or row.date >= low) and (not high or row.date <= high)
            and wanted.get("StudyInstanceUID", row.uid) == row.uid
            and fnmatch.fnmatchcase(row.patient_id, wanted.get("PatientID", "*"))
            and fnmatch.fnmatchcase(row.accession, wanted.get("AccessionNumber", "*"))
            and wanted.get("ModalitiesInStudy", row.modality) == row.modality
            and ("PatientName" not in wanted
                 or any(fnmatch.fnmatchcase(g.lower(), wanted["PatientName"].lower()) for g in groups))
        )  # fmt: skip

    def close(self):
        self.released.set()
        super().close()
