"""Share links of the embedded cloud: token in header, query and path; passcode, attempts, expiry, scope."""

from __future__ import annotations

import pytest

from tests import samples
from tests.archive.scripted import Scripted
from workstation.archive.connection import Connection
from workstation.archive.dicomweb import DicomWeb
from workstation.archive.retries import Retries
from workstation.archive.shares import PasscodeChallenge, as_link_error, open_session, passcode_challenge
from workstation.demo.cloud import DemoCloud
from workstation.errors import LinkError, ServerRefused, TransferError
from workstation.reference import Secret
from workstation.settings import Settings
from workstation.tasks import CancelToken


@pytest.fixture(scope="module")
def films():
    return samples.ct_series(2), samples.ct_series(1, patient_id="7002", entropy="b")


@pytest.fixture(scope="module")
def cloud(films, tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")
    for film in films:
        samples.write(folder, film)
    made = DemoCloud(folder)
    yield made
    made.close()


@pytest.fixture
def connection():
    made = Connection(Settings(), lambda name: None, None, Retries(tries=0))
    yield made
    made.close()


def bearer(token):
    return {"Authorization": Secret(f"Bearer {token}")}


def refusal_of(call, *args, **kwargs):
    with pytest.raises(ServerRefused) as caught:
        call(*args, **kwargs)
    return caught.value


def code_of(call, *args, **kwargs):
    with pytest.raises(LinkError) as caught:
        call(*args, **kwargs)
    return caught.value.code, caught.value.params


def test_a_share_opens_by_header_and_by_path_and_shows_its_study_alone(cloud, connection, films):
    mine, other = (film[0].StudyInstanceUID for film in films)
    token = cloud.shares.add(mine)
    for web in (
        DicomWeb(connection, cloud.root, bearer(token)),
        DicomWeb(connection, f"{cloud.url}/link/{token}/dicom-web"),
    ):
        assert [record["0020000D"]["Value"][0] for record in web.search_studies()] == [mine]
        assert web.search_studies(PatientID="7002") == []
        records = web.study_metadata(mine)
        assert web.bulk(records[0]["7FE00010"]["BulkDataURI"]) == films[0][0].PixelData
        assert refusal_of(web.study_metadata, other).code == "not-permitted"
        assert refusal_of(web.series, other).code == "not-permitted"


def test_a_share_opens_by_query(cloud, connection, films):
    link = cloud.share(films[0][0].StudyInstanceUID, form="query")
    with connection.get(link, accept="*/*", token=CancelToken()) as answer:
        assert answer.content_type.startswith("multipart/related")


def test_the_landing_page_is_a_page(cloud, connection, films):
    link = cloud.share(films[0][0].StudyInstanceUID)
    assert "/viewer?StudyInstanceUIDs=" in link
    with connection.get(link, accept="*/*", token=CancelToken()) as answer:
        assert (answer.content_type, films[0][0].StudyInstanceUID.encode() in answer.read(5000)) == (
            "text/html; charset=utf-8",
            True,
        )


def test_without_a_token_or_with_a_wrong_one_a_sign_in_is_needed(cloud, connection):
    for headers in ({}, bearer("wrong"), bearer("")):
        refusal = refusal_of(DicomWeb(connection, cloud.root, headers).search_studies)
        assert refusal.code == "sign-in-needed"
        assert as_link_error(refusal, cloud.root) is None


def test_an_expired_share_is_said(cloud, connection, films):
    token = cloud.shares.add(films[0][0].StudyInstanceUID, valid_s=0)
    error = as_link_error(refusal_of(DicomWeb(connection, cloud.root, bearer(token)).search_studies), cloud.root)
    assert error is not None
    assert error.code == "link-expired"


def locked(cloud, connection, films):
    token = cloud.shares.add(films[0][0].StudyInstanceUID, passcode="8316")
    refusal = refusal_of(DicomWeb(connection, cloud.root, bearer(token)).search_studies)
    return refusal, passcode_challenge(refusal, cloud.root)


def test_a_passcode_opens_a_session(cloud, connection, films):
    refusal, challenge = locked(cloud, connection, films)
    assert as_link_error(refusal, cloud.root).code == "link-passcode-needed"
    session = open_session(connection, challenge, Secret("8316"), token=CancelToken())
    web = DicomWeb(connection, cloud.root, bearer(session.reveal()))
    assert len(web.search_studies()) == 1
    assert refusal_of(web.series, films[1][0].StudyInstanceUID).code == "not-permitted"


def test_a_wrong_passcode_says_how_many_attempts_remain_and_then_none(cloud, connection, films):
    _, challenge = locked(cloud, connection, films)
    remaining = [
        code_of(open_session, connection, challenge, Secret("0000"), token=CancelToken())[1]["remaining"]
        for _ in range(6)
    ]
    assert remaining == [4, 3, 2, 1, 0, 0]
    assert code_of(open_session, connection, challenge, Secret("8316"), token=CancelToken())[0] == "link-passcode-wrong"


def test_a_passcode_for_a_share_that_expired_meanwhile_says_so(connection):
    for reply in ((410, {}, b""), (401, {"Content-Type": "application/json"}, b'{"error": "expired"}')):
        with Scripted(reply) as server:
            challenge = PasscodeChallenge(Secret(server.url))
            assert code_of(open_session, connection, challenge, Secret("1"), token=CancelToken())[0] == "link-expired"


@pytest.mark.parametrize("detail", [b"", b'{"remaining": "many"}', b'{"remaining": true}'])
def test_attempts_that_are_not_said_are_unknown(connection, detail):
    with Scripted((401, {"Content-Type": "application/json"}, detail)) as server:
        challenge = PasscodeChallenge(Secret(server.url))
        error = code_of(open_session, connection, challenge, Secret("1"), token=CancelToken())
        assert error == ("link-passcode-wrong", {"remaining": -1})


def test_other_refusals_of_a_passcode_stay_what_they_are(connection):
    with Scripted((500, {}, b"")) as server:
        challenge = PasscodeChallenge(Secret(server.url))
        assert refusal_of(open_session, connection, challenge, Secret("1"), token=CancelToken()).code == "server-error"


@pytest.mark.parametrize("body", [b"{}", b'{"token": ""}', b'{"token": 3}', b'{"token": "a\\r\\nX: y"}'])
def test_a_reply_without_a_session_is_refused(connection, body):
    with Scripted((200, {"Content-Type": "application/json"}, body)) as server, pytest.raises(TransferError):
        open_session(connection, PasscodeChallenge(Secret(server.url)), Secret("1"), token=CancelToken())


def challenged(text, status=401):
    refusal = ServerRefused("sign-in-needed", host="cloud.example")
    refusal.status, refusal.challenge = status, text
    return refusal


ROOT = "https://cloud.example/dicom-web"


@pytest.mark.parametrize(
    "text",
    [
        'Passcode session="https://cloud.example/s"',
        'passcode realm="x", session="/s"',
        'Bearer realm="x", Passcode session = "https://cloud.example:443/s"',
    ],
)
def test_a_challenge_is_read_however_it_is_written(text):
    challenge = passcode_challenge(challenged(text), ROOT)
    assert challenge is not None
    assert challenge.session_url.reveal().removeprefix("https://cloud.example").removeprefix(":443") == "/s"
    assert "/s" not in repr(challenge)


@pytest.mark.parametrize("text", ["", 'Bearer realm="x"', "Passcode", 'Basic session="https://cloud.example/s"'])
def test_another_challenge_is_not_taken_for_one(text):
    assert passcode_challenge(challenged(text), ROOT) is None


def test_only_a_401_asks_for_a_passcode():
    assert passcode_challenge(challenged('Passcode session="/s"', status=403), ROOT) is None


@pytest.mark.parametrize("place", ["https://evil.example/s", "http://cloud.example/s", "//evil.example/s"])
def test_a_passcode_is_never_sent_to_another_server(place):
    refusal = refusal_of(passcode_challenge, challenged(f'Passcode session="{place}"'), ROOT)
    assert refusal.code == "redirected-away"
