"""A session that ends in the middle of a film is renewed once, without a word; what cannot be renewed is asked for."""

from __future__ import annotations

import threading

import pytest

from tests.phantoms import CT_STUDY, ct_stack, write_study
from workstation.archive.connection import Connection
from workstation.archive.renewal import SignIn
from workstation.archive.retries import Retries
from workstation.demo.cloud import DemoCloud
from workstation.errors import ServerRefused
from workstation.film.links import understand
from workstation.film.resolve import FilmOpening
from workstation.reference import Secret, Source
from workstation.settings import Settings
from workstation.station.policy import Policy
from workstation.tasks import CancelToken

COUNT = 6


@pytest.fixture
def cloud(tmp_path):
    running = DemoCloud(write_study(tmp_path, ct_stack(COUNT)))
    yield running
    running.close()


@pytest.fixture
def opened(cloud):
    settings = Settings(sources=(Source("DEMO", cloud.root, ("127.0.0.1", f"127.0.0.1:{cloud.port}")),))
    connection = Connection(settings, lambda name: None, None, Retries(tries=0))
    opening = FilmOpening(connection, settings.sources, lambda name: None, Policy(settings))
    link = cloud.share(CT_STUDY, passcode="7001")
    film = opening.open(understand(link, settings.sources).reference, "7001", CancelToken(), lambda *_: None)
    yield film
    connection.close()


def end_sessions(cloud):
    for share in cloud.shares._shares.values():
        for session in share.sessions:
            share.sessions[session] = 0.0


def forget_sessions(cloud):
    """As a platform does that was restarted: the session's token is unknown, and a passcode is asked for again."""
    for share in cloud.shares._shares.values():
        share.sessions.clear()


def sessions(cloud):
    return sum(len(share.sessions) for share in cloud.shares._shares.values())


class Challenging:
    """A platform that answers an unknown session with the challenge of its only share."""

    def __init__(self, cloud):
        self._known = cloud.shares.look_up
        self._token = next(iter(cloud.shares._shares))
        cloud.shares.look_up = self

    def __call__(self, token):
        found = self._known(token)
        return self._known(self._token) if getattr(found, "reason", "") in {"unknown", "expired"} else found


def fetch(film, number):
    asked = film.listing.instances[number]
    return film.source.obtain(asked, film.listing.patient, CancelToken(), lambda _: None)


def test_a_session_that_ended_is_opened_again_and_nobody_is_asked(cloud, opened):
    Challenging(cloud)
    assert fetch(opened, 0).data
    forget_sessions(cloud)
    assert fetch(opened, 1).data
    assert sessions(cloud) == 1


def test_four_transfers_that_meet_the_end_together_renew_it_once(cloud, opened):
    Challenging(cloud)
    forget_sessions(cloud)
    got = []
    threads = [threading.Thread(target=lambda n=n: got.append(fetch(opened, n).data)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    assert sessions(cloud) == 1


def test_a_share_that_has_ended_itself_is_not_renewed_but_said(cloud, opened):
    for share in cloud.shares._shares.values():
        share.expires_at = 0.0
    with pytest.raises(ServerRefused) as caught:
        fetch(opened, 0)
    assert caught.value.status == 410


def refusal():
    error = ServerRefused("sign-in-needed", host="x")
    error.status = 401
    return error


def test_what_is_renewed_and_opens_nothing_is_not_renewed_again():
    """A platform that gives sessions and accepts none: one renewal, not one for each of 300 images."""
    calls = []

    def renew(refused, token):
        calls.append(1)
        return {"Authorization": Secret(f"Bearer {len(calls)}")}

    sign_in = SignIn({"Authorization": Secret("Bearer 0")}, renew)
    for _ in range(300):
        sign_in.is_renewed(sign_in.current[0], refusal(), CancelToken())
    assert len(calls) == 1
    sign_in.worked(sign_in.current[0])
    assert sign_in.is_renewed(sign_in.current[0], refusal(), CancelToken())
    assert len(calls) == 2


def test_without_a_way_to_renew_it_the_refusal_is_told_at_once():
    sign_in = SignIn({"Authorization": Secret("Bearer 0")})
    assert not sign_in.is_renewed(0, refusal(), CancelToken())
    unwilling = SignIn({}, lambda refused, token: None)
    assert not unwilling.is_renewed(0, refusal(), CancelToken())
