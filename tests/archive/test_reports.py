"""Reports on their way in: the same gate as images, read off the main thread, texts beside the images."""

from __future__ import annotations

import pytest

from tests.documents import ENCAPSULATED_CDA, encapsulated, knee_report, pdf
from tests.phantoms import ct_stack, part10, radiograph, stranger, write_study
from workstation.archive.intake import take_in
from workstation.archive.media import list_media
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.study import instance_of
from workstation.errors import IdentityError
from workstation.tasks import CancelToken


def opened(path):
    return list_media(path, CancelToken(), lambda done, total: None)


def test_the_report_of_another_patient_is_refused():
    asked = instance_of(DatasetAttributes(knee_report()))
    for made in (knee_report(person=stranger()), encapsulated(pdf(["x"]), person=stranger())):
        own = encapsulated(pdf(["x"])) if made.Modality == "DOC" else knee_report()
        with pytest.raises(IdentityError) as caught:
            take_in(part10(made), instance_of(DatasetAttributes(own)), asked.patient)
        assert caught.value.code == "wrong-patient"


@pytest.mark.parametrize(
    ("keyword", "code"), [("SOPInstanceUID", "wrong-instance"), ("StudyInstanceUID", "wrong-study")]
)
def test_another_report_than_the_one_asked_for_is_refused(keyword, code):
    asked, made = instance_of(DatasetAttributes(knee_report())), knee_report()
    setattr(made, keyword, "2.25.99")
    with pytest.raises(IdentityError) as caught:
        take_in(part10(made), asked, asked.patient)
    assert caught.value.code == code


def test_a_report_that_cannot_be_read_is_still_kept_as_it_came():
    made = encapsulated(b"<not xml", sop_class=ENCAPSULATED_CDA)
    data = part10(made)
    asked = instance_of(DatasetAttributes(made))
    got = take_in(data, asked, asked.patient)
    assert got.data is data
    assert got.report().problem.code == "damaged"


def test_an_image_is_no_report():
    made = radiograph()
    asked = instance_of(DatasetAttributes(made))
    assert take_in(part10(made), asked, asked.patient).report() is None


def test_texts_beside_the_images_of_one_film_belong_to_it_and_what_programs_bring_does_not(tmp_path):
    write_study(tmp_path, ct_stack(2))
    (tmp_path / "诊断报告.txt").write_bytes("右胫骨骨折".encode("gb18030"))
    (tmp_path / "README.txt").write_text("how to install the viewer")
    (tmp_path / "big.txt").write_bytes(b"x" * (2 << 20))
    (tmp_path / "odd.txt").write_bytes(b"\0\1\2")
    ((listing, _),) = opened(tmp_path)
    assert [report.title for report in listing.texts] == ["诊断报告.txt"]
    assert listing.texts[0].instance is None
    assert not listing.unusable


def test_a_text_beside_films_of_two_patients_is_nobodys(tmp_path):
    write_study(tmp_path, [*ct_stack(2), radiograph(person=stranger())])
    (tmp_path / "report.txt").write_text("a finding")
    assert [listing.texts for listing, _ in opened(tmp_path)] == [(), ()]
