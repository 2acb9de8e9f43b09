"""What is missing of a film, and why: never silent, never invented."""

from __future__ import annotations

from tests.phantoms import SERIES, ct_stack, sop
from tests.viewing.test_session import film_of
from workstation.errors import ServerRefused, TransferError
from workstation.viewing.completeness import lacks
from workstation.viewing.film import FilmState, Refusal


def received(film, *numbers):
    for number in numbers:
        film.receive(SERIES, sop(number))


def test_a_film_of_which_everything_came_lacks_nothing():
    film = film_of(ct_stack(3))
    received(film, 1, 2, 3)
    film.finish()
    assert lacks(film) == ()


def test_what_may_still_come_is_not_missing():
    film = film_of(ct_stack(3))
    received(film, 1)
    assert lacks(film) == ()


def test_refused_images_are_counted_by_their_reasons():
    film = film_of(ct_stack(6))
    received(film, 1, 2)
    for number in (3, 4, 5):
        film.refuse(Refusal(sop(number), SERIES, TransferError("cut-off", received=1, expected=2)))
    film.refuse(Refusal(sop(6), SERIES, ServerRefused("not-found", host="cloud")))
    assert [one.received for one in lacks(film)] == [2]  # said while it still loads
    film.finish()
    (lack,) = lacks(film)
    assert (lack.received, lack.expected, lack.unexplained) == (2, 6, 0)
    assert [(error.code, count) for error, count in lack.refused] == [("cut-off", 3), ("not-found", 1)]


def test_what_the_source_counts_and_does_not_list_is_said():
    film = film_of(ct_stack(3), expected={SERIES: 5, "2.25.999": 2})
    received(film, 1, 2, 3)
    film.finish()
    assert film.state is FilmState.INCOMPLETE
    listed, unlisted = lacks(film)
    assert (listed.series.series_instance_uid, listed.received, listed.expected, listed.unexplained) == (
        SERIES,
        3,
        5,
        2,
    )
    assert (unlisted.series, unlisted.expected, unlisted.unexplained) == (None, 2, 2)


def test_a_gap_between_the_positions_is_said_though_everything_listed_came():
    film = film_of([one for one in ct_stack(9) if one.InstanceNumber != 5])
    received(film, 1, 2, 3, 4, 6, 7, 8, 9)
    film.finish()
    (lack,) = lacks(film)
    assert (lack.gaps, lack.unexplained, lack.refused) == (1, 0, ())


def test_a_file_that_nobody_knows_is_missing_from_no_series():
    film = film_of(ct_stack(2))
    received(film, 1, 2)
    film.refuse(Refusal("", "", TransferError("not-dicom-answer", content_type="text/html")))
    film.finish()
    (lack,) = lacks(film)
    assert (lack.series, lack.expected) == (None, 1)
