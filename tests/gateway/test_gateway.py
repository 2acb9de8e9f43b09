"""The hospital's caching gateway: nginx with the shipped files, our own client, and a cloud that remembers."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.gateway import shipped, upstream
from tests.gateway.conftest import ask
from workstation.errors import ConnectionFailed, ServerRefused, TransferError
from workstation.tasks import CancelToken

pytestmark = pytest.mark.servers

JSON = {"Content-Type": "application/dicom+json"}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def entries(gateway) -> list[bytes]:
    """Everything that it keeps."""
    return [file.read_bytes() for file in gateway.cache.rglob("*") if file.is_file()]


def health(gateway, page):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{gateway.health_port}{page}", timeout=15) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


# ---- The files ------------------------------------------------------------------------------------------------------


def test_nginx_finds_nothing_wrong_in_the_shipped_files(tmp_path, own, cloud_authority):
    made = shipped.installed(tmp_path / "nginx", own, 443, cloud_authority / "ca.pem")
    done = subprocess.run(
        shipped.command_of(made.folder, "-t"), capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr
    assert "test is successful" in done.stderr


# ---- Who may ask ----------------------------------------------------------------------------------------------------


def test_a_workstation_without_a_certificate_is_refused_and_our_client_says_why(gateway, cloud, instance, opened):
    path, _, uids = instance
    refused = ask(gateway, path, desk=None)
    assert (refused.status, b"No required SSL certificate" in refused.body) == (400, True)
    tls = gateway.tls()
    web = opened(gateway.root, type(tls)(ca=tls.ca))
    with pytest.raises(ConnectionFailed) as caught:
        web.instance(*uids, token=CancelToken())
    assert caught.value.code == "tls-client-certificate"
    assert cloud.times(path) == 0


def test_a_certificate_of_another_authority_is_refused(gateway, cloud, instance, tmp_path):
    path = instance[0]
    other = shipped.certificates(tmp_path / "other", "desk-1")
    (other / "ca.pem").write_bytes((gateway.certificates / "ca.pem").read_bytes())  # believes the gateway all the same
    refused = ask(type(gateway)(gateway.folder, other, gateway.port, 0, 0), path)
    assert (refused.status, b"SSL certificate error" in refused.body) == (400, True)
    assert cloud.times(path) == 0


@pytest.mark.parametrize(("version", "agreed"), [("tls1_1", "(NONE)"), ("tls1_2", "TLSv1.2"), ("tls1_3", "TLSv1.3")])
def test_tls_is_of_version_one_point_two_or_three(gateway, version, agreed):
    program = shipped.need("openssl", "openssl")
    weak = ["-cipher", "ALL:@SECLEVEL=0"] if version == "tls1_1" else []
    words = [program, "s_client", "-connect", f"127.0.0.1:{gateway.port}", f"-{version}", *weak]
    done = subprocess.run(words, input="", capture_output=True, text=True, timeout=30, check=False)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("New, ")]
    assert agreed in line


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD"])
def test_nothing_but_get_reaches_the_cloud(gateway, cloud, instance, method):
    path = instance[0]
    assert ask(gateway, path, method=method).status == 405
    assert cloud.times(path) == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/admin/users", 404),
        ("/link/abcdefghijklmnopqrst/session", 404),
        ("/-/permission", 400),
        ("/dicom-web/studies/1.2/../../admin", 400),
        ("/dicom-web/studies/1.2/series/1.3/instances/1.4%2F..%2Fadmin", 400),
        ("/dicom-web//studies", 400),
    ],
)
def test_what_is_no_dicomweb_address_does_not_reach_the_cloud(gateway, cloud, path, status):
    before = len(cloud.asked)
    assert ask(gateway, path).status == status
    assert len(cloud.asked) == before


# ---- What is kept, and for whom -------------------------------------------------------------------------------------


def test_the_second_reader_gets_the_same_bytes_and_the_cloud_is_asked_once(gateway, cloud, instance, opened):
    path, data, uids = instance
    got = [opened(gateway.root, gateway.tls(desk)).instance(*uids, token=CancelToken()) for desk in shipped.DESKS]
    assert {sha256(one) for one in got} == {sha256(data)}
    assert cloud.times(path) == 1
    kept = ask(gateway, path, accept='multipart/related; type="application/dicom"; transfer-syntax=*')
    assert (kept.status, kept.cache) == (200, "HIT")
    assert sha256(kept.body) == sha256(cloud.replies[path].body)


@pytest.mark.parametrize(
    "other",
    [
        {"token": "share-2"},
        {"token": ""},
        {"token": "", "Cookie": "Bearer share-1"},
        {"Cookie": "session=2"},
        {"X_Auth_Token": "share-2"},
        {"accept": "application/dicom"},
    ],
)
def test_a_film_of_one_token_is_never_given_to_another_request(gateway, cloud, instance, other):
    path = instance[0]
    bearer = "Bearer share-1"
    cloud.replies[path, bearer] = cloud.replies.pop(path)
    assert ask(gateway, path).status == 200
    assert ask(gateway, path).cache == "HIT"
    cloud.replies.pop((path, bearer))
    got = ask(gateway, path, **other)
    assert (got.status, got.body) == (404, b"no such thing")
    assert cloud.times(path) == 2  # the other one was asked of the cloud itself
    assert ask(gateway, path).cache == "HIT"


def test_a_token_in_the_path_or_in_the_query_is_part_of_the_question(gateway, cloud, instance):
    path = instance[0]
    for one, other in (
        (f"/link/token-of-wang{path}", f"/link/token-of-li{path}"),
        (f"{path}?token=wang", f"{path}?token=li"),
    ):
        cloud.replies[one.partition("?")[0]] = upstream.part(one.encode())
        assert one.encode() in ask(gateway, one, token="").body
        cloud.replies[one.partition("?")[0]] = upstream.Reply(404)
        assert ask(gateway, one, token="").cache == "HIT"
        assert ask(gateway, other, token="").status == 404
    assert ("GET", f"/dicom-web/studies?StudyInstanceUID={instance[2][0]}&limit=1&token=wang") in [
        asked[:2] for asked in cloud.asked
    ]


def test_a_token_that_the_cloud_takes_back_opens_nothing_that_is_kept(own, cloud, cloud_authority, instance, tmp_path):
    path = instance[0]
    quick = {"proxy_cache_valid 200 204 60s": "proxy_cache_valid 200 204 1s"}
    folder = tmp_path / "nginx"
    made = shipped.installed(folder, own, cloud.port, cloud_authority / "ca.pem")
    (folder / "films.conf").unlink()
    (folder / "films.conf").write_text(
        shipped.filled("films.conf", quick), encoding="utf-8"
    )  # a minute is too long here
    process = shipped.Process(shipped.command_of(folder), folder)
    try:
        process.wait_for(made.port)
        seen = {"t401": 401, "t403": 403, "t410": 403}
        for token in seen:
            assert [ask(made, path, token).cache for _ in range(2)] == ["MISS", "HIT"]
        challenge = {"WWW-Authenticate": 'Passcode session="/s"'}
        for token in seen:
            cloud.permits[f"Bearer {token}"] = upstream.Reply(int(token[1:]), challenge, b"{}")
        time.sleep(2.1)
        for token, status in seen.items():
            refused = ask(made, path, token)
            assert (refused.status, b"DICM" in refused.body) == (status, False)
            assert refused.headers["WWW-Authenticate"] == (challenge["WWW-Authenticate"] if status == 401 else None)
        for token in seen:
            cloud.permits[f"Bearer {token}"] = upstream.Reply(503)
        time.sleep(2.1)
        assert [ask(made, path, token).status for token in ("t401", "t403")] == [401, 403]  # not forgotten, either
        cloud.permits.clear()
        time.sleep(2.1)
        assert ask(made, path, "t401").cache == "HIT"
    finally:
        cloud.permits.clear()
        process.stop(3)
    assert cloud.times(path) == 3


@pytest.mark.parametrize("status", [400, 404, 405, 429, 500, 501, 503])
def test_a_cloud_that_cannot_be_asked_about_a_token_refuses_nobody(gateway, cloud, instance, status):
    path, token = instance[0], f"unasked-{status}"
    cloud.permits[f"Bearer {token}"] = upstream.Reply(status)
    assert [ask(gateway, path, token).cache for _ in range(2)] == ["MISS", "HIT"]


def test_fifty_readers_of_one_instance_are_one_question_to_the_cloud(gateway, cloud, instance):
    path, _, uids = instance
    cloud.replies[path].wait_s = 0.4
    with ThreadPoolExecutor(50) as readers:
        got = list(readers.map(lambda number: ask(gateway, path, desk=shipped.DESKS[number % 3]), range(50)))
    assert {one.status for one in got} == {200}
    assert {sha256(one.body) for one in got} == {sha256(cloud.replies[path].body)}
    assert cloud.times(path) == 1
    asked = [one for _, one, _ in cloud.asked if f"StudyInstanceUID={uids[0]}" in one]
    assert len(asked) == 1


def test_frames_and_bulk_data_are_kept_and_lists_for_seconds(gateway, cloud, instance):
    path, _, (study, series, _) = instance
    root = f"/dicom-web/studies/{study}"
    kept = [f"{path}/frames/1", f"{path}/bulk/7fe00010", f"{root}/bulkdata/abc/1"]
    lists = [f"{root}/metadata", f"{root}/series/{series}/metadata", f"{root}/series", f"{path}/thumbnail"]
    for one in (*kept, *lists):
        cloud.replies[one] = upstream.part(b"pixels")
        if one in lists[:3]:
            cloud.replies[one] = upstream.Reply(headers=JSON, body=b"[]")
        assert [ask(gateway, one).cache for _ in range(2)] == ["MISS", "HIT"], one
    unchanged = f"{root}/instances"
    cloud.replies[unchanged] = upstream.Reply(headers={**JSON, "ETag": '"7"'}, body=b'[{"a":1}]')
    assert ask(gateway, unchanged).cache == "MISS"
    cloud.replies[unchanged] = upstream.Reply(304, {"ETag": '"7"'})
    time.sleep(6.1)
    assert ask(gateway, lists[2]).cache == "EXPIRED"
    assert ask(gateway, kept[0]).cache == "HIT"
    got = ask(gateway, unchanged)  # what did not change is not sent again
    assert (got.status, got.cache, got.body) == (200, "REVALIDATED", b'[{"a":1}]')
    assert cloud.last(unchanged)["if-none-match"] == '"7"'


def test_a_search_by_name_is_not_kept(gateway, cloud):
    cloud.replies["/dicom-web/studies"] = upstream.Reply(headers=JSON, body=b'[{"0020000D":{}}]')
    try:
        for query in ("PatientName=Wang*", "StudyDate=20260101&PatientID=7001"):
            assert [ask(gateway, f"/dicom-web/studies?{query}").cache for _ in range(2)] == ["BYPASS", "BYPASS"]
        assert not [one for one in entries(gateway) if b"Wang*" in one or b"PatientID=7001" in one]
        one = "/dicom-web/studies?includefield=PatientName&StudyInstanceUID=1.2.3"
        assert [ask(gateway, one).cache for _ in range(2)] == ["MISS", "HIT"]
    finally:
        cloud.replies.pop("/dicom-web/studies")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503, 206, 204])
def test_a_refusal_is_passed_on_and_not_kept(gateway, cloud, instance, status):
    path = instance[0]
    good, headers = cloud.replies[path], {"Retry-After": "7", "WWW-Authenticate": "Bearer"}
    cloud.replies[path] = upstream.Reply(
        status, {**headers, "Content-Type": "application/json"}, b'{"error":"x"}'[: 99 * (status != 204)]
    )
    got = ask(gateway, path)
    assert (got.status, got.body) == (status, cloud.replies[path].body)
    assert got.headers["Retry-After"] == "7"
    cloud.replies[path] = good
    assert [ask(gateway, path).cache for _ in range(2)] == ["MISS", "HIT"]


def test_our_client_reads_the_clouds_own_refusal(gateway, cloud, instance, opened):
    path, _, uids = instance
    web = opened(gateway.root, gateway.tls())
    for status, code, params in (
        (401, "sign-in-needed", {}),
        (404, "not-found", {}),
        (503, "busy", {"seconds": 7.0}),
    ):
        cloud.replies[path] = upstream.Reply(status, {"Retry-After": "7"})
        with pytest.raises(ServerRefused) as caught:
            web.instance(*uids, token=CancelToken())
        assert (caught.value.code, caught.value.params) == (code, {"host": "127.0.0.1", **params})


# ---- What is not whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_a_body_that_the_cloud_cut_is_not_kept_and_our_client_says_so(gateway, cloud, instance, opened, framing):
    path, data, uids = instance
    cloud.replies[path].cut, cloud.replies[path].framing = len(data) // 2, framing
    web = opened(gateway.root, gateway.tls())
    with pytest.raises(TransferError) as caught:
        web.instance(*uids, token=CancelToken())
    assert caught.value.code == ("wrong-length" if framing == "close" else "cut-off")
    cloud.replies[path].cut = -1
    assert web.instance(*uids, token=CancelToken()) == data
    assert cloud.times(path) == 2


def test_an_instance_whose_end_nothing_tells_is_passed_and_never_kept(gateway, cloud, instance):
    path = instance[0]
    cloud.replies[path].framing = "close"
    got = [ask(gateway, path) for _ in range(2)]
    assert [one.body for one in got] == [cloud.replies[path].body] * 2
    assert cloud.times(path) == 2


def test_a_firewalls_page_under_an_instances_address_is_not_kept(gateway, cloud, instance):
    path = instance[0]
    good, cloud.replies[path] = (
        cloud.replies[path],
        upstream.Reply(200, {"Content-Type": "text/html"}, b"<html>blocked"),
    )
    assert ask(gateway, path).body == b"<html>blocked"
    cloud.replies[path] = good
    assert ask(gateway, path).body == good.body


def test_what_the_cloud_forbids_to_keep_is_not_kept_and_private_is_under_its_token(gateway, cloud, instance):
    path = instance[0]
    cloud.replies[path].headers["Cache-Control"] = "no-store"
    assert [ask(gateway, path).cache for _ in range(2)] == ["MISS", "MISS"]
    cloud.replies[path].headers |= {"Cache-Control": "private, max-age=0", "Set-Cookie": "session=of-desk-1"}
    got = [ask(gateway, path) for _ in range(2)]
    assert [one.cache for one in got] == ["MISS", "HIT"]
    assert not any(one.headers["Set-Cookie"] for one in got)


def test_a_client_that_asks_anew_gets_it_from_the_cloud(gateway, cloud, instance):
    path = instance[0]
    cloud.replies[path] = upstream.part(b"an archive's mistake")
    assert ask(gateway, path).status == 200
    cloud.replies[path] = upstream.part(b"what it should have been")
    assert b"mistake" in ask(gateway, path).body
    assert b"should" in ask(gateway, path, Cache_Control="no-cache").body
    again = ask(gateway, path)
    assert (again.cache, b"should" in again.body) == ("HIT", True)


def test_an_answer_that_came_whole_but_was_no_good_does_not_stay_in_our_readers_way(gateway, cloud, instance, opened):
    path, data, uids = instance
    good = cloud.replies[path]
    cloud.replies[path] = upstream.Reply(headers=good.headers, body=good.body[:-40])  # an archive that broke off midway
    with pytest.raises(TransferError):
        opened(gateway.root, gateway.tls()).instance(*uids, token=CancelToken())
    cloud.replies[path] = good
    assert opened(gateway.root, gateway.tls(), tries=1).instance(*uids, token=CancelToken()) == data
    assert cloud.last(path)["cache-control"] == "no-cache"
    assert opened(gateway.root, gateway.tls()).instance(*uids, token=CancelToken()) == data
    assert cloud.times(path) == 2


def test_range_is_ignored_whether_it_is_kept_or_not(gateway, cloud, instance):
    path = instance[0]
    got = [ask(gateway, path, Range="bytes=0-9") for _ in range(2)]
    assert [(one.status, one.cache, one.body) for one in got] == [
        (200, "MISS", cloud.replies[path].body),
        (200, "HIT", cloud.replies[path].body),
    ]
    assert "range" not in cloud.last(path)


# ---- The cloud ------------------------------------------------------------------------------------------------------


def test_the_cloud_is_asked_by_its_own_name_and_learns_nothing_of_the_hospital(gateway, cloud, instance):
    path = instance[0]
    got = ask(gateway, path, X_Forwarded_For="10.1.2.3", Accept_Encoding="gzip")
    sent = cloud.last(path)
    assert sent["host"] == shipped.CLOUD
    assert sent["authorization"] == "Bearer share-1"
    assert sent["accept-encoding"] == "identity"
    assert not {"x-forwarded-for", "via", "forwarded", "x-real-ip"} & set(sent)
    assert got.headers["Server"] == "nginx"


@pytest.mark.parametrize("fault", ["another host", "unknown authority"])
def test_a_cloud_whose_certificate_is_wrong_is_not_asked(own, cloud_authority, instance, tmp_path, fault):
    path = instance[0]
    shows = "other.example" if fault == "another host" else shipped.CLOUD
    believed = own / "ca.pem" if fault == "unknown authority" else cloud_authority / "ca.pem"
    false = upstream.Cloud(cloud_authority / f"{shows}.pem")
    try:
        with shipped.gateway(tmp_path / "nginx", own, false.port, believed) as running:
            got = ask(running, path)
            assert (got.status, json.loads(got.body)) == (502, {"error": "cloud-unreachable"})
            assert health(running, "/cloud") == (503, "cloud not reached\n")
            assert "certificate" in (running.folder / "output.txt").read_text()  # its log says why
        assert not false.asked
    finally:
        false.close()


def test_without_the_cloud_what_is_kept_is_still_given_and_the_rest_is_said(
    own, cloud_authority, tmp_path, opened, instance, cloud
):
    path, data, uids = instance
    going = upstream.Cloud(cloud_authority / f"{shipped.CLOUD}.pem")
    going.replies[path] = cloud.replies[path]
    with shipped.gateway(tmp_path / "nginx", own, going.port, cloud_authority / "ca.pem") as running:
        assert health(running, "/cloud") == (200, "cloud reached\n")  # the cloud says 404
        web = opened(running.root, running.tls())
        assert web.instance(*uids, token=CancelToken()) == data
        going.close()
        assert web.instance(*uids, token=CancelToken()) == data
        with pytest.raises(ServerRefused) as caught:
            web.instance(*uids[:2], "1.2.3", token=CancelToken())
        assert (caught.value.code, caught.value.status) == ("server-error", 502)
        with pytest.raises(ServerRefused):
            web.search_studies(StudyInstanceUID=uids[0])
        assert health(running, "/health") == (200, "ok\n")
        assert health(running, "/cloud") == (503, "cloud not reached\n")
        assert "Active connections" in health(running, "/status")[1]


# ---- What is written down -------------------------------------------------------------------------------------------


def test_no_log_holds_a_uid_a_token_or_a_name(gateway, cloud, instance, own):
    path, data, uids = instance
    canary = "CANARYtoken7001"
    name = "CANARYWang^Xiaodong"
    search = f"/dicom-web/studies?PatientName={name}&PatientID=CANARY7001"
    ask(gateway, path, canary)
    ask(gateway, path, canary)
    ask(gateway, search, canary, Cookie=f"session={canary}")
    ask(gateway, f"/link/{canary}{path}?token={canary}", "")
    ask(gateway, f"/nowhere/{canary}?{name}", canary, Referer=f"https://film.example/?t={canary}", User_Agent=name)
    ask(gateway, path, canary, desk=None)
    ask(gateway, path, canary, method="POST")
    ask(gateway, f"{path}%zz{canary}", canary)
    cloud.replies[path].cut = 100
    cloud.replies[path].framing = "chunked"
    with pytest.raises(http.client.IncompleteRead):
        ask(gateway, path, canary, Cache_Control="no-cache")
    cloud.replies[path] = upstream.Reply(200, {"X-Bad": "x" * 40000}, b"x")  # a head that nginx does not take: 502
    assert ask(gateway, path, canary, accept="image/png").status == 502
    written = gateway.everything_written()
    for secret in (canary, "CANARY", uids[0], uids[1], uids[2], "1.2.826.7001", "share-1"):
        assert secret not in written
    rows = [json.loads(line) for line in gateway.log().splitlines()]
    last = [row for row in rows if row["route"] == "instance" and row["cache"] == "HIT"][-1]
    assert last["station"] == "CN=desk-1,O=Hospital trial"
    assert (last["status"], int(last["bytes"])) == ("200", len(upstream.part(data).body))
    assert {"search", "instance", "other"} <= {row["route"] for row in rows}


def test_what_is_kept_can_be_read_by_its_own_account_alone(gateway, instance):
    ask(gateway, instance[0])
    kept = [one for one in gateway.cache.rglob("*") if one.is_file()]
    assert kept
    assert {one.stat().st_mode & 0o077 for one in kept} == {0}


def test_one_study_is_forgotten_without_stopping_and_no_other(gateway, cloud, instance):
    path, _, uids = instance
    study = f"/dicom-web/studies/{uids[0]}"
    longer = path.replace(uids[0], uids[0] + "000")
    cloud.replies[longer] = cloud.replies[path]
    cloud.replies[f"{study}/metadata"] = upstream.Reply(headers=JSON, body=b"[]")
    for one, token in ((path, "share-1"), (longer, "share-1"), (f"{study}/metadata", "share-1"), (path, "share-2")):
        assert [ask(gateway, one, token).cache for _ in range(2)] == ["MISS", "HIT"]  # it is in its place then
    script = ["bash", str(shipped.SHIPPED / "forget-study.sh"), str(gateway.cache), uids[0]]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "5\n"  # the instance twice, the metadata, and whether each token may
    assert not [one for one in entries(gateway) if f"/studies/{uids[0]}/".encode() in one]
    assert ask(gateway, path).cache == "MISS"
    assert ask(gateway, longer).cache == "HIT"


# ---- Limits ---------------------------------------------------------------------------------------------------------


def test_a_workstation_that_asks_for_too_much_at_once_is_slowed_and_no_other(
    own, cloud, cloud_authority, instance, tmp_path
):
    path = instance[0]
    cloud.replies[path].wait_s = 0.5
    few = {"limit_conn stations 24": "limit_conn stations 2"}
    with (
        shipped.gateway(tmp_path / "nginx", own, cloud.port, cloud_authority / "ca.pem", few) as running,
        ThreadPoolExecutor(7) as readers,
    ):
        greedy = [readers.submit(ask, running, path, f"t{number}") for number in range(6)]
        time.sleep(0.2)
        other = ask(running, path, desk="desk-2")
        got = [one.result() for one in greedy]
    assert other.status == 200
    assert sorted(one.status for one in got) == [200, 200, 429, 429, 429, 429]
    assert {one.headers["Retry-After"] for one in got if one.status == 429} == {"1"}


def test_a_passcode_may_be_exchanged_where_it_allows_it_and_is_not_kept(own, cloud, cloud_authority, tmp_path):
    path = "/link/abcdefghijklmnopqrst/session"
    cloud.replies[path] = upstream.Reply(headers={"Content-Type": "application/json"}, body=b'{"token":"s"}')
    open_path = {'#"~^/link/': '"~^/link/'}
    with shipped.gateway(tmp_path / "nginx", own, cloud.port, cloud_authority / "ca.pem", open_path) as running:
        got = ask(running, path, method="POST", body=b'{"passcode":"2468"}')
        assert (got.status, got.body) == (200, b'{"token":"s"}')
        assert ask(running, "/dicom-web/studies", method="POST", body=b"x").status == 405
        assert not entries(running)
        assert "2468" not in running.everything_written()


@pytest.mark.skipif(os.name != "posix", reason="the scripts are for the gateway's own machine")
@pytest.mark.parametrize("script", sorted(shipped.SHIPPED.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_pass_shellcheck(script):
    program = shipped.need("shellcheck", "shellcheck")
    done = subprocess.run([program, str(script)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
