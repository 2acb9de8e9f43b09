"""Folders and files of this machine as films."""

from __future__ import annotations

import pytest

from tests.phantoms import ct_stack, part10, radiograph, stranger, write_study
from workstation.archive.media import list_media
from workstation.errors import Cancelled, DicomError, LinkError
from workstation.tasks import CancelToken


def opened(path, token=None):
    return list_media(path, token or CancelToken(), lambda done, total: None)


def test_a_folder_of_one_study_is_one_film(tmp_path):
    write_study(tmp_path / "disc" / "DICOM" / "深", ct_stack(5))
    (tmp_path / "disc" / "autorun.exe").write_bytes(b"MZ" + b"\0" * 500)
    (tmp_path / "disc" / "readme.txt").write_text("not a picture")
    ((listing, source),) = opened(tmp_path / "disc")
    assert len(listing.instances) == 5
    assert listing.source_name == "disc"
    got = source.obtain(listing.instances[2], listing.patient, CancelToken(), lambda count: None)
    assert got.instance == listing.instances[2]


def test_two_studies_and_two_patients_are_apart(tmp_path):
    write_study(tmp_path, [*ct_stack(3), radiograph(person=stranger())])
    films = opened(tmp_path)
    assert sorted((len(listing.instances), listing.patient.patient_id) for listing, _ in films) == [
        (1, "DEMO-9999"),
        (3, "DEMO-7001"),
    ]


def test_two_patients_under_one_study_uid_are_apart(tmp_path):
    mixed = ct_stack(2) + ct_stack(1, person=stranger(), series="2.25.5")
    write_study(tmp_path, mixed)
    assert sorted(len(listing.instances) for listing, _ in opened(tmp_path)) == [1, 2]


def test_a_single_file(tmp_path):
    file = tmp_path / "拍片.dcm"
    file.write_bytes(part10(radiograph()))
    ((listing, _),) = opened(file)
    assert listing.instances[0].series.modality == "DX"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"%PDF-1.7 this is a report", "not-dicom"), (b"", "not-dicom"), (part10(radiograph())[:200], "truncated")],
)
def test_one_file_that_cannot_be_used_says_why(tmp_path, content, code):
    file = tmp_path / "film.dcm"
    file.write_bytes(content)
    with pytest.raises(DicomError) as caught:
        opened(file)
    assert caught.value.code in (code, "damaged", "not-dicom")


def test_a_folder_without_images_and_a_path_that_is_not_there(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(LinkError) as caught:
        opened(tmp_path)
    assert caught.value.code == "link-folder-empty"
    with pytest.raises(LinkError) as caught:
        opened(tmp_path / "nowhere")
    assert caught.value.code == "link-file-not-found"
    assert str(tmp_path) not in str(caught.value)


def test_a_folder_with_more_files_than_are_read_is_not_whole_and_says_so(tmp_path, monkeypatch):
    from workstation.archive import media

    monkeypatch.setattr(media, "_MOST_FILES", 4)
    write_study(tmp_path, ct_stack(6))
    ((listing, _),) = opened(tmp_path)
    assert len(listing.instances) == 4
    assert [error.code for error in listing.unusable] == ["over-limit"]


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    write_study(tmp_path / "elsewhere", ct_stack(2))
    write_study(tmp_path / "disc", [radiograph()])
    (tmp_path / "disc" / "out").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "disc" / "file").symlink_to(next((tmp_path / "elsewhere").iterdir()))
    ((listing, _),) = opened(tmp_path / "disc")
    assert len(listing.instances) == 1


def test_reading_a_folder_can_be_called_off(tmp_path):
    write_study(tmp_path, ct_stack(3))
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        opened(tmp_path, token)


def test_a_file_that_vanishes_or_is_swapped_is_refused(tmp_path):
    write_study(tmp_path, ct_stack(2))
    ((listing, source),) = opened(tmp_path)
    files = sorted(tmp_path.iterdir())
    first = listing.instances[0]
    for file in files:
        file.write_bytes(part10(radiograph()))
    with pytest.raises(Exception) as caught:
        source.obtain(first, listing.patient, CancelToken(), lambda count: None)
    assert caught.value.code == "wrong-instance"
    for file in files:
        file.unlink()
    with pytest.raises(DicomError):
        source.obtain(first, listing.patient, CancelToken(), lambda count: None)


def test_an_image_that_broke_before_its_header_ended_is_missed(tmp_path):
    write_study(tmp_path, ct_stack(6))
    last = sorted(path for path in tmp_path.rglob("*") if path.is_file())[-1]
    last.write_bytes(last.read_bytes()[:300])
    (tmp_path / "autorun.inf").write_text("[autorun]")
    ((listing, _),) = opened(tmp_path)
    assert len(listing.instances) == 5
    assert [error.code in ("truncated", "damaged") for error in listing.unusable] == [True]


def test_two_files_under_one_uid_are_one_image_only_if_they_are_copies(tmp_path):
    (first, second) = ct_stack(2)
    write_study(tmp_path / "a", [first, second])
    write_study(tmp_path / "copy", [first])
    ((listing, _),) = opened(tmp_path)
    assert (len(listing.instances), listing.unusable) == (2, ())
    second.PixelData = bytes(len(second.PixelData))
    write_study(tmp_path / "other", [second])
    ((listing, _),) = opened(tmp_path)
    assert [error.code for error in listing.unusable] == ["two-of-one-uid"]
