"""From a reference in a report to the image, and whose a report is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.documents import CDA, ENCAPSULATED_CDA, encapsulated, knee_report
from tests.phantoms import SERIES, Person, ct_stack, part10, sop, stranger
from tests.viewing.fakes import FakeFrames
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.part10 import read_part10
from workstation.dicom.report_blocks import Link
from workstation.dicom.reports import report_of, text_report
from workstation.dicom.study import instance_of
from workstation.viewing.documents import Belonging, belonging, is_earlier, jump, place_of
from workstation.viewing.session import Film, FilmState, ReadingSession, Refusal

CT = "1.2.840.10008.5.1.4.1.1.2"


def report(made):
    return report_of(read_part10(part10(made)).dataset)


def film(datasets, film_id="a"):
    instances = tuple(instance_of(DatasetAttributes(one)) for one in datasets)
    return Film(film_id, "source", instances[0].patient, instances, FakeFrames())


@pytest.fixture
def session():
    made = ReadingSession()
    made.add_film(film([*ct_stack(9), knee_report()]))
    return made


def shown(session):
    state = session.active_viewport.state
    return state.display_set.frames[state.index].key


def test_a_reference_leads_to_its_image_and_the_window_stays(session):
    viewport = session.active_viewport
    viewport.invert()
    assert jump(session, Link(CT, sop(7), (), True))
    assert shown(session).sop_instance_uid == sop(7)
    assert viewport.state.is_inverted


def test_a_reference_to_an_image_that_is_not_here_moves_nothing(session):
    before = session.active_viewport.state
    assert not jump(session, Link(CT, "2.25.404", (), True))
    assert session.active_viewport.state == before


def test_a_reference_to_a_frame_is_never_answered_with_another_frame():
    many = ct_stack(1)[0]
    many.NumberOfFrames = 5
    made = ReadingSession()
    made.add_film(film([many]))
    assert place_of(made, Link(CT, sop(1), (4,), True)).index == 3
    assert place_of(made, Link(CT, sop(1), (6,), True)) is None
    assert place_of(made, Link(CT, sop(1), (), True)).index == 0


def test_a_reference_leads_to_another_series_or_film_in_the_active_viewport(session):
    session.add_film(film(ct_stack(4, series="2.25.7001003"), "b"))
    assert jump(session, Link(CT, sop(3, "2.25.7001003"), (), True))
    assert shown(session).sop_instance_uid == sop(3, "2.25.7001003")
    assert jump(session, Link(CT, sop(2, SERIES), (), True))
    assert shown(session).series_instance_uid == SERIES


def test_whose_a_report_is_comes_from_its_own_header(session):
    (own,) = session.films.value
    assert belonging(own, report(knee_report())) is Belonging.SAME
    assert belonging(own, report(knee_report(person=stranger()))) is Belonging.ANOTHER
    other_name = replace(Person(), name="Ouyang^Xiaodang")
    assert belonging(own, report(knee_report(person=other_name))) is Belonging.NAME_DIFFERS
    assert belonging(own, text_report("a.txt", b"words")) is Belonging.UNNAMED


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("欧阳晓东", Belonging.SAME),
        ("<family>欧阳</family><given>晓东</given>", Belonging.SAME),
        ("<given>Xiaodong</given><family>Ouyang</family>", Belonging.SAME),
        ("王五", Belonging.TEXT_NAMES_ANOTHER),
        ("", Belonging.SAME),
    ],
)
def test_a_text_that_names_another_person_than_its_envelope_is_seen(session, name, whose):
    made = encapsulated(CDA.replace("{name}", name).encode(), sop_class=ENCAPSULATED_CDA)
    assert belonging(session.films.value[0], report(made)) is whose


def test_a_film_waits_for_its_reports_until_they_came_or_were_refused(session):
    (own,) = session.films.value
    told = []
    own.reported.connect(lambda: told.append(len(own.reports)))
    assert own.awaits_reports
    assert own.objects_without_pictures == 0
    found = report(knee_report())
    own.add_report(found)
    assert not own.awaits_reports
    own.add_report(replace(found, title="again"))  # the same object twice is one report
    assert [one.title for one in own.reports] == ["again"]
    assert told == [1, 1]


def test_a_refused_report_is_not_waited_for(session):
    from workstation.errors import IdentityError

    (own,) = session.films.value
    uid = own.listed_reports[0].sop_instance_uid
    own.refuse(Refusal(uid, "x", IdentityError("wrong-patient")))
    assert not own.awaits_reports
    own.finish(FilmState.INCOMPLETE)
    assert not own.awaits_reports


def test_a_report_of_an_earlier_study_is_known_as_such(session):
    (own,) = session.films.value
    assert not is_earlier(session, own)
    later = ct_stack(2, series="2.25.7001005", study="2.25.7001006")
    for one in later:
        one.StudyDate = "20261121"
    session.add_film(film(later, "b"))
    assert is_earlier(session, own)
    assert not is_earlier(session, session.films.value[1])
