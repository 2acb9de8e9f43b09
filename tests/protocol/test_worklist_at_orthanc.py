"""The worklist against an archive that others wrote, which neither undoes percent signs nor searches Chinese."""

from __future__ import annotations

import contextlib

import pytest

from tests.phantoms import CT_STUDY, DX_STUDY, STRANGER_STUDY, ct_stack, part10, radiograph, stranger
from tests.servers import orthanc, squid
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.archive.worklist import Findings, StudySearch, study_picture
from workstation.dicom.study_search import StudyQuery
from workstation.reference import Secret, Source
from workstation.settings import ProxySettings, Settings
from workstation.tasks import CancelToken

pytestmark = pytest.mark.servers
THAT_DAY = {"from_date": "20261120", "to_date": "20261120"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with orthanc(tmp_path_factory.mktemp("servers") / "orthanc") as server:
        other = ct_stack(1, person=stranger(), study=STRANGER_STUDY, series="2.25.7003002")
        server.upload([part10(one) for one in (*ct_stack(3), radiograph(), *other)])
        yield server


@pytest.fixture
def search(archive):
    with contextlib.ExitStack() as stack:
        yield Asking(archive, stack)


class Asking:
    def __init__(self, archive, stack, proxy=None):
        settings = Settings(proxy=proxy or ProxySettings(no_proxy=("*",)))
        connection = Connection(settings, {"proxy": Secret("pässword")}.get, None, Retries(tries=1, base_s=0.01))
        stack.callback(connection.close)
        self.web = DicomWeb(connection, archive.root, {"Authorization": Secret(archive.authorization)})
        self.source, self.findings, self.found, self.ended = Source("PACS", archive.root), Findings(), [], None

    def __call__(self, **query):
        self.found = []
        search = StudySearch(self.web, self.source, self.findings, self.found.extend)
        self.ended = search.run(StudyQuery(**query), CancelToken())
        return {one.study.study_instance_uid for one in self.found}


@pytest.mark.parametrize(("query", "expected"), [
    (THAT_DAY, {CT_STUDY, DX_STUDY, STRANGER_STUDY}),
    ({**THAT_DAY, "name": "欧阳晓东"}, {CT_STUDY, DX_STUDY}),
    ({**THAT_DAY, "name": "晓东"}, {CT_STUDY, DX_STUDY}),
    ({**THAT_DAY, "name": "oyxd"}, {CT_STUDY, DX_STUDY}),
    ({**THAT_DAY, "name": "xiaodong ouyang"}, {CT_STUDY, DX_STUDY}),
    ({**THAT_DAY, "name": "王"}, {STRANGER_STUDY}),
    ({**THAT_DAY, "modalities": ("CR", "DX")}, {DX_STUDY}),
    ({"number": "DEMO-7001"}, {CT_STUDY, DX_STUDY}),
    ({"patient_id": "DEMO-99*"}, {STRANGER_STUDY}),
    ({"accession_number": "A7001"}, {CT_STUDY, DX_STUDY, STRANGER_STUDY}),
    ({"from_date": "20261121"}, set()),
])  # fmt: skip
def test_orthanc_finds_what_it_cannot_search(search, query, expected):
    assert search(**query) == expected
    assert not search.ended.is_capped


def test_what_orthanc_cannot_do_is_found_out_and_said(search):
    assert search(name="ouyang") == {CT_STUDY, DX_STUDY}  # letters it does search
    assert search(**THAT_DAY, name="欧阳") == {CT_STUDY, DX_STUDY}
    assert search.findings.searches_chinese is False
    assert search(name="欧阳") == set()
    assert search.ended.is_unsure
    assert search(number="A 7#1") == set()
    assert search.findings.decodes_escapes is False


def test_orthancs_names_are_read_by_group_and_its_counts_are_there(search):
    search(**THAT_DAY, name="oyxd")
    ct = next(one for one in search.found if one.study.study_instance_uid == CT_STUDY)
    assert (ct.patient.name.ideographic, ct.patient.name.alphabetic) == ("欧阳^晓东", "Ouyang^Xiaodong")
    assert (ct.instances, ct.modalities, ct.study.description) == (3, ("CT",), "膝关节CT")


def test_orthanc_has_no_thumbnail_of_a_study_and_an_instance_is_drawn(search):
    picture = study_picture(search.web, search.findings, CT_STUDY, 96, CancelToken())
    assert picture.startswith((b"\xff\xd8\xff", b"\x89PNG"))
    assert not search.findings.gives_thumbnails


def test_the_search_goes_through_the_hospitals_proxy(archive, tmp_path):
    with squid(tmp_path / "squid", connect_ports=[archive.port]) as hospital, contextlib.ExitStack() as stack:
        asking = Asking(archive, stack, ProxySettings(url=hospital.url, user="doctor"))
        assert asking(**THAT_DAY, name="欧阳") == {CT_STUDY, DX_STUDY}
        stack.close()
        assert hospital.lines("/dicom-web/studies", "/200")
