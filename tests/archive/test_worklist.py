"""The sources' lists are searched, whatever a service ignores, refuses, pages or withholds."""

from __future__ import annotations

import threading
import time

import pytest

from tests.faults.lists import Habits, Listed, ListService
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.worklist import Findings, StudySearch
from workstation.dicom.attributes import JsonAttributes
from workstation.dicom.study_search import MOST_ROWS, StudyQuery, found_study, of_one_patient
from workstation.errors import Cancelled, ServerRefused
from workstation.reference import Secret, Source
from workstation.tasks import CancelToken

DAYS = {"from_date": "20261114", "to_date": "20261121"}
PEOPLE = [
    Listed(1, "Ouyang^Xiaodong=欧阳^晓东", "7001", accession="A1"),
    Listed(2, "欧阳^晓东", "7001", modality="DX", date="20261119"),
    Listed(3, "Wang^Wu=王^五", "9 9#1", accession="B/3"),
    Listed(4, "SHAN^WEI", "44", modality="MR", date="20261101"),
    Listed(5, "Zeng^Li=曾^丽", "7001x", modality="US"),
]


@pytest.fixture
def made(tmp_path, connect):
    services = []

    def make(habits=None, rows=PEOPLE):
        service = ListService(tmp_path, rows, habits)
        services.append(service)
        web = DicomWeb(connect(), service.root, {"Authorization": Secret(f"Bearer {service.shares.station_token}")})
        return Searcher(service, web)

    yield make
    for service in services:
        service.close()


class Searcher:
    def __init__(self, service, web):
        self.service, self.web, self.findings = service, web, Findings()
        self.source = Source("PACS", service.root, issuer="HIS")
        self.ended = None

    def __call__(self, token=None, **query):
        self.service.asked.clear()
        found = []
        search = StudySearch(self.web, self.source, self.findings, found.extend)
        self.ended = search.run(StudyQuery(**query), token or CancelToken())
        uids = [int(one.study.study_instance_uid.removeprefix("2.25.8800")) for one in found]
        assert len(set(uids)) == len(uids)
        return sorted(uids)

    def keys(self, name):
        return [question.keys[name] for question in self.service.asked if name in question.keys]


EVERYTHING_IGNORED = ("PatientName", "PatientID", "AccessionNumber", "StudyDate", "ModalitiesInStudy", "fuzzymatching")
WORLDS = {
    "well": Habits(),
    "ignores every key": Habits(ignores=EVERYTHING_IGNORED),
    "leaves percent signs": Habits(decodes=False),
    "refuses Chinese": Habits(refuses_chinese=True),
    "knows no Chinese": Habits(knows_chinese=False),
    "pages of two, warning": Habits(most_a_page=2, warns=True),
    "ignores limit and offset": Habits(heeds_limit=False, heeds_offset=False),
    "refuses fuzzy": Habits(refuses_fuzzy=True),
}


@pytest.mark.parametrize("habits", WORLDS.values(), ids=WORLDS)
@pytest.mark.parametrize(("query", "expected"), [
    (DAYS, [1, 2, 3, 5]),
    ({**DAYS, "name": "欧阳晓东"}, [1, 2]),
    ({**DAYS, "name": "oyxd"}, [1, 2]),
    ({**DAYS, "name": "xiaodong ouyang"}, [1, 2]),
    ({**DAYS, "name": "zeng"}, [5]),
    ({**DAYS, "name": "shan"}, []),
    ({"name": "shan wei", "from_date": "20261001"}, [4]),
    ({**DAYS, "modalities": ("CR", "DX", "US")}, [2, 5]),
    ({"patient_id": "7001"}, [1, 2]),
    ({"number": "7001"}, [1, 2]),
    ({"number": "A1"}, [1]),
    ({"patient_id": "7001*"}, [1, 2, 5]),
    ({**DAYS, "number": "9 9#1"}, [3]),
    ({**DAYS, "number": "B/3"}, [3]),
    ({"accession_number": "nobody"}, []),
])  # fmt: skip
def test_the_same_studies_are_found_at_every_service(made, habits, query, expected):
    search = made(habits)
    assert search(**query) == expected
    assert search(**query) == expected  # and again, with what was found out


def test_nothing_is_ever_asked_without_a_bound(made):
    search = made()
    for query in ({}, {"name": " "}, {"to_date": "20261120"}, {"patient_id": "*"}, {"modalities": ("CT",)}):
        assert not StudyQuery(**query).is_bounded
        with pytest.raises(ValueError, match="unbounded"):
            search(**query)
    assert not search.service.asked


def test_a_service_that_cannot_search_chinese_is_not_asked_for_it_twice(made):
    for habits in (Habits(refuses_chinese=True), Habits(decodes=False), Habits(knows_chinese=False)):
        search = made(habits, [Listed(1, "Ouyang^Xiaodong=欧阳^晓东", "7001"), PEOPLE[3]])
        assert search(**DAYS, name="欧阳晓东") == [1]
        assert any("欧" in name or "%E6" in name for name in search.keys("PatientName"))
        assert search.findings.searches_chinese is False
        search(**DAYS, name="欧阳晓东")
        assert not search.keys("PatientName")


def test_without_a_date_it_is_said_when_a_service_may_not_find_the_name(made):
    search = made()
    assert search(name="欧阳晓东") == [1, 2]
    assert not search.ended.is_unsure
    assert search(name="ouyang") == [1]  # the other one is written in Chinese only: the service cannot know
    assert search.ended.is_unsure
    search = made(Habits(decodes=False))
    assert search(name="欧阳晓东") == []
    assert search.ended.is_unsure
    assert search(number="9 9#1") == []
    assert search.ended.is_unsure
    assert search.findings.decodes_escapes is False


def test_a_service_that_ignores_names_is_asked_for_the_period_alone_from_then_on(made):
    search = made(Habits(ignores=("PatientName",)))
    search(**DAYS, name="wangwu")
    assert search.keys("PatientName")
    search(**DAYS, name="wangwu")
    assert not search.keys("PatientName")


def many(count):
    return [Listed(number, f"Li^Si{number}=李^四", f"P{number}") for number in range(1, count + 1)]


@pytest.mark.parametrize(("habits", "count", "requests"), [
    (Habits(), 450, 4), (Habits(most_a_page=100), 450, 6), (Habits(most_a_page=100, warns=True), 450, 6),
    (Habits(heeds_limit=False), 450, 2), (Habits(heeds_offset=False, heeds_limit=False), 450, 2), (Habits(), 200, 2),
])  # fmt: skip
def test_every_page_is_fetched_whatever_a_service_makes_of_limit_and_offset(made, habits, count, requests):
    search = made(habits, many(count))
    assert len(search(**DAYS)) == count
    assert len(search.service.asked) <= requests
    assert not search.ended.is_capped


def test_a_thousand_rows_are_enough_and_it_is_said(made):
    search = made(rows=many(MOST_ROWS + 400))
    assert len(search(**DAYS)) == MOST_ROWS
    assert search.ended.is_capped


def test_when_the_period_holds_too_many_a_name_found_by_the_service_is_still_listed(made):
    search = made(rows=[*many(MOST_ROWS + 400), Listed(9999, "Ouyang^Xiaodong=欧阳^晓东", "7001")])
    assert search(**DAYS, name="欧阳晓东") == [9999]
    assert not search.ended.is_capped  # the service searches Chinese, and said all it has
    assert search(**DAYS, name="oyxd") == []
    assert search.ended.is_capped  # who knows


def test_a_hanging_service_is_called_off_at_once(made):
    search = made(Habits(hangs=True))
    token, seen = CancelToken(), []

    def ask():
        try:
            search(token, **DAYS)
        except Cancelled:
            seen.append(time.monotonic())

    thread = threading.Thread(target=ask)
    thread.start()
    while not search.service.asked:
        time.sleep(0.01)
    began = time.monotonic()
    token.cancel()
    thread.join(5)
    assert seen
    assert seen[0] - began < 4  # the service is silent for longer


def test_a_service_that_refuses_everything_is_an_error(made):
    with pytest.raises(ServerRefused):
        made(Habits(status=403))(**DAYS)


def listed(row, source="A", issuer="HIS"):
    return found_study(JsonAttributes(row.record()), source, issuer)


def test_studies_open_together_only_when_they_are_surely_of_one_patient():
    one, same = listed(PEOPLE[0]), listed(PEOPLE[1])
    assert of_one_patient((one, same))
    assert not of_one_patient((one, listed(PEOPLE[2])))
    assert of_one_patient((one, listed(PEOPLE[1], source="B")))  # two sources of one issuer
    assert not of_one_patient((one, listed(PEOPLE[1], source="B", issuer="OTHER")))
    assert not of_one_patient((listed(PEOPLE[0], issuer=""), listed(PEOPLE[1], source="B", issuer="")))
    assert not of_one_patient((one, listed(Listed(8, "Ouyang^Xiaodong", "7001", birth_date="19900101"))))
    assert not of_one_patient((listed(Listed(8, "A", "")), listed(Listed(9, "A", ""))))


def test_what_was_typed_and_who_was_found_is_in_no_repr():
    query = StudyQuery(name="欧阳", number="7001", patient_id="7002", accession_number="7003")
    assert not any(word in repr(query) for word in ("欧阳", "700"))
    assert "7001" not in repr(listed(PEOPLE[0]))
    assert "Ouyang" not in repr(listed(PEOPLE[0]))
