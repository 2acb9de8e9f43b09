"""What is asked of the films: what is on the glass, what is near it, and the order of the rest."""

from __future__ import annotations

import pytest

from tests.phantoms import ct_stack, sop
from tests.viewing.test_session import film_of
from workstation.viewing.film import FilmState
from workstation.viewing.session import ReadingSession
from workstation.viewing.wishes import AHEAD, tell_films


@pytest.fixture
def session():
    made = ReadingSession()
    made.add_film(film_of([*ct_stack(60), *ct_stack(5, series="2.25.801")]))
    return made


def numbers(uids):
    return [int(uid.rpartition(".")[2]) for uid in uids]


def test_the_rest_of_the_series_comes_from_the_image_that_is_shown_outwards(session):
    film = session.films.value[0]
    tell_films(session)
    (ordered,) = film.frames.orders
    shown = session.active_viewport.state.key.sop_instance_uid
    assert ordered[0] == shown
    assert len(ordered) == 60
    away = [abs(number - numbers([shown])[0]) for number in numbers(ordered)]
    assert away == sorted(away)


def test_a_hand_that_goes_far_turns_the_order_round_and_a_small_step_does_not(session):
    film = session.films.value[0]
    tell_films(session)
    session.active_viewport.scroll(2)
    tell_films(session)
    assert len(film.frames.orders) == 1
    session.active_viewport.go_to(59)
    tell_films(session)
    assert film.frames.orders[-1][:2] in ([sop(60), sop(59)], [sop(1), sop(2)])
    session.show_next_series(1)
    tell_films(session)
    assert len(film.frames.orders[-1]) == 5
    assert film.frames.wishes[-1][0].series_instance_uid == "2.25.801"


def test_a_film_that_is_whole_is_told_no_order(session):
    film = session.films.value[0]
    film.state = FilmState.COMPLETE
    tell_films(session)
    assert film.frames.orders == []
    assert len(film.frames.wishes[-1]) == 2 * AHEAD + 1


def test_a_film_that_is_not_on_the_glass_wants_nothing_now(session):
    prior = film_of(ct_stack(5, series="2.25.901"))
    prior.film_id = "film-2"
    session.add_film(prior)
    tell_films(session)
    assert prior.frames.wishes[-1] == []
    session.show(prior.display_sets[0])
    tell_films(session)
    assert prior.frames.wishes[-1][0].series_instance_uid == "2.25.901"
    assert session.films.value[0].frames.wishes[-1] == []
