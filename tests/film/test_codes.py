"""What the codes of a picture open, and what of them may be shown."""

from __future__ import annotations

import pytest

from workstation.errors import LinkError
from workstation.film.codes import meanings, the_one_to_open
from workstation.reference import Source
from workstation.workers.codes import FoundCode

SOURCES = (Source("Province", "https://cloud.example.cn/dicom-web", ("film.example.cn",)),)
OHIF = "https://film.example.cn/viewer?StudyInstanceUIDs=1.2.840.1.7&token=Sesame-1234567890"
LANDING = "https://vendor.example/mobile/validate/c2VjcmV0LXRva2Vu?x=c2VjcmV0#c2VjcmV0"
SQUARE = ((0, 0), (9, 0), (9, 9), (0, 9))


def read(*texts, symbology="QR"):
    return meanings([FoundCode(text, symbology, SQUARE) for text in texts], SOURCES)


def test_each_code_says_what_it_is():
    link, number, other = read(OHIF, "CT2026000123", "Hello, world")
    assert (link.understanding.grammar, link.understanding.place, link.understanding.detail) == (
        "ohif", "Province", "1.2.840.1.7")  # fmt: skip
    assert (number.understanding.grammar, number.understanding.detail) == ("accession", "CT2026000123")
    assert not other.can_be_opened
    assert other.understanding.problem.code == "link-not-understood"


def test_a_token_is_shown_nowhere():
    for code in read(OHIF, LANDING, "https://user:c2VjcmV0@h.example/link/c2VjcmV0LXRva2VuMTIzNDU2/x"):
        assert "Sesame" not in code.shown
        assert "c2VjcmV0" not in code.shown
        assert "Sesame" not in repr(code.understanding)
    (landing,) = read(LANDING)
    assert landing.shown == "https://vendor.example/…"


def test_the_same_text_twice_is_one_and_so_are_two_ways_of_writing_one_film():
    assert len(read(OHIF, f" {OHIF}\n", OHIF)) == 1
    assert len(read("1.2.840.113619.7", "1.2.840.113619.7 ")) == 1
    assert len(read(OHIF, OHIF.replace("StudyInstanceUIDs", "studyinstanceuids"))) == 1


def test_what_can_be_opened_stands_first():
    assert [code.can_be_opened for code in read("Hello, world", OHIF, LANDING, "CT2026000123")] == [
        True, True, False, False]  # fmt: skip


def test_the_only_code_that_opens_a_film_is_opened_whatever_stands_beside_it():
    assert the_one_to_open(read("Hello, world", OHIF, LANDING)).text == OHIF


def test_of_two_codes_that_open_films_none_is_preferred():
    assert the_one_to_open(read(OHIF, "CT2026000123")) is None


@pytest.mark.parametrize(("texts", "code"), [
    ((), "code-not-found"),
    (("Hello, world",), "link-not-understood"),
    (("https://elsewhere.example/viewer?StudyInstanceUIDs=1.2.3",), "link-host-unknown"),
    ((LANDING, "Hello, world"), "code-opens-nothing"),
])  # fmt: skip
def test_nothing_to_open_is_said_with_its_reason(texts, code):
    with pytest.raises(LinkError) as refused:
        the_one_to_open(read(*texts))
    assert refused.value.code == code


def test_line_breaks_and_control_characters_of_a_code_do_not_reach_the_screen():
    (code,) = read("]C1\x1d01\x00\x1b[31m" + "x" * 400)
    assert code.shown.isprintable()
    assert len(code.shown) <= 120
