"""Events, tasks, settings, secrets: the ground floor."""

from __future__ import annotations

import pickle
import threading
import time
from pathlib import Path

import pytest

from workstation.errors import Cancelled, ConfigError, LinkError, all_codes
from workstation.events import Holder, Signal
from workstation.reference import FilmReference, Secret
from workstation.settings import Settings, load_or_safe, parse
from workstation.tasks import CancelToken, Priority, Progress, Tasks


def test_a_signal_calls_in_order_until_disconnected():
    signal, heard = Signal(), []
    off = signal.connect(lambda v: heard.append(("a", v)))
    signal.connect(lambda v: heard.append(("b", v)))
    signal.emit(1)
    off()
    off()
    signal.emit(2)
    assert heard == [("a", 1), ("b", 1), ("b", 2)]


def test_a_listener_may_leave_while_it_is_called():
    signal, heard = Signal(), []
    leave = []
    leave.append(signal.connect(lambda: (heard.append("a"), leave[0](), leave[1]())))
    leave.append(signal.connect(lambda: heard.append("b")))
    signal.emit()
    signal.emit()
    assert heard == ["a"]


def test_a_holder_tells_only_of_a_different_value():
    holder, heard = Holder(3), []
    holder.changed.connect(lambda old, new: heard.append((old, new)))
    holder.set(3)
    holder.set(4)
    assert heard == [(3, 4)]


def gather():
    calls, lock = [], threading.Lock()

    def post(call):
        with lock:
            calls.append(call)

    return calls, post


def until(condition, seconds=5.0):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.002)


def test_more_urgent_work_goes_first():
    _calls, post = gather()
    tasks = Tasks(1, post, "test")
    gate, order = threading.Event(), []
    tasks.submit(lambda _: gate.wait(5), priority=Priority.SHOWN)
    for priority in (Priority.PRIOR, Priority.NEAR, Priority.THUMBNAIL, Priority.SHOWN):
        tasks.submit(lambda _, p=priority: order.append(p), priority=priority, done=lambda _: None)
    gate.set()
    until(lambda: len(order) == 4)
    tasks.close()
    assert order == [Priority.SHOWN, Priority.NEAR, Priority.THUMBNAIL, Priority.PRIOR]


def test_a_late_answer_is_dropped_once_nobody_wants_it():
    calls, post = gather()
    tasks = Tasks(1, post, "test")
    heard = []
    token = tasks.submit(lambda _: 7, priority=Priority.SHOWN, done=heard.append)
    until(lambda: calls)
    token.cancel()
    calls[0]()
    tasks.close()
    assert heard == []


def test_an_error_reaches_whoever_asked_and_a_cancelled_one_nobody():
    calls, post = gather()
    tasks = Tasks(1, post, "test")
    heard = []

    def fail(_):
        raise LinkError("link-empty")

    def give_up(token):
        token.cancel()
        token.raise_if_cancelled()

    tasks.submit(give_up, priority=Priority.SHOWN, failed=heard.append)
    tasks.submit(fail, priority=Priority.SHOWN, failed=heard.append)
    until(lambda: calls)
    calls[0]()
    tasks.close()
    assert [error.code for error in heard] == ["link-empty"]


@pytest.mark.announces_warnings
def test_an_error_nobody_asked_for_is_logged(caplog):
    _, post = gather()
    tasks = Tasks(1, post, "test")
    tasks.submit(lambda _: 1 / 0, priority=Priority.SHOWN)
    until(lambda: "ZeroDivisionError" in caplog.text)
    tasks.close()


def test_closing_drops_what_waits():
    _, post = gather()
    tasks = Tasks(1, post, "test")
    gate, ran = threading.Event(), []
    tasks.submit(lambda _: gate.wait(5), priority=Priority.SHOWN)
    tasks.submit(lambda _: ran.append(1), priority=Priority.SHOWN, done=lambda _: None)
    time.sleep(0.05)
    threading.Timer(0.05, gate.set).start()
    tasks.close()
    tasks.submit(lambda _: ran.append(2), priority=Priority.SHOWN, done=lambda _: None)
    assert ran == []


def test_waiting_on_a_token_ends_when_it_is_called_off():
    token = CancelToken()
    threading.Timer(0.02, token.cancel).start()
    assert token.wait(5)
    with pytest.raises(Cancelled):
        token.raise_if_cancelled()


def test_progress_in_megabytes_a_second():
    assert Progress(1, 2, 3_000_000, 1.5).megabytes_per_second == 2.0
    assert Progress(0, 0, 0, 0.0).megabytes_per_second == 0.0


def test_a_secret_never_shows_itself():
    secret = Secret("hunter2-密码")
    reference = FilmReference(kind="uid", bearer=secret, headers=(("X-Key", secret),))
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r}", repr(reference), f"{secret:>20}".strip()):
        assert "hunter2" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret == Secret("hunter2-密码")
    assert hash(secret) == hash(Secret("hunter2-密码"))
    assert not Secret("")


def test_every_code_belongs_to_one_family():
    codes = [code for family in set(all_codes().values()) for code in family.codes]
    assert len(codes) == len(set(codes)) == len(all_codes())
    with pytest.raises(ValueError, match="no code"):
        LinkError("no-such-code")


WHOLE = """
[proxy]
url = "http://proxy.hospital.local:3128"
user = "station"
no_proxy = [".hospital.local", "10.0.0.0/8"]
[tls]
ca = "/etc/hospital.pem"
[network]
connections = 6
idle_timeout_s = 45
[screen]
language = "zh"
[[source]]
name = "省影像云"
root = "https://cloud.example/dicom-web/"
link_hosts = ["share.example"]
issuer = "PROV"
secret = "cloud"
"""


def test_a_whole_settings_file():
    settings = parse(WHOLE)
    assert settings.proxy.url.endswith(":3128")
    assert settings.proxy.no_proxy == (".hospital.local", "10.0.0.0/8")
    assert settings.network.idle_timeout_s == 45.0
    assert settings.sources[0].root == "https://cloud.example/dicom-web"
    assert not settings.offline


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("[proxy\n", "config-not-toml", {"line": 1}),
        ("a = 1\n[proxy]\nurl = \n", "config-not-toml", {"line": 3}),
        ("[porxy]\n", "config-unknown-key", {"key": "porxy", "suggestion": "proxy"}),
        ("[proxy]\nulr = 'x'\n", "config-unknown-key", {"key": "proxy.ulr", "suggestion": "url"}),
        ("[proxy]\npassword = 'x'\n", "config-unknown-key", {"key": "proxy.password"}),
        ("[proxy]\nurl = 7\n", "config-wrong-type", {"expected": "text", "found": "a whole number"}),
        ("[network]\nconnections = true\n", "config-wrong-type", {"found": "true or false"}),
        ("[network]\nconnections = 7\n", "config-bad-value", {"key": "network.connections"}),
        ("[proxy]\nno_proxy = 'x'\n", "config-wrong-type", {"expected": "a list of texts"}),
        ("[proxy]\nno_proxy = [1]\n", "config-wrong-type", {"found": "a list"}),
        ("[screen]\nlanguage = 'fr'\n", "config-bad-value", {"reason": "auto | zh | en"}),
        ("proxy = 1\n", "config-wrong-type", {"expected": "a table"}),
        ("[source]\nname='x'\n", "config-wrong-type", {"expected": "[[source]]"}),
        ("source = [1]\n", "config-wrong-type", {"key": "source[1]"}),
        ("[[source]]\nname='x'\n", "config-bad-value", {"key": "source[1].root"}),
        ("[[source]]\nname='x'\nroot='https://x'\n" * 2, "config-bad-value", {"key": "source[2].name"}),
        ("[[source]]\nname='x'\nroot='ftp://x'\n", "config-bad-value", {"key": "source[1].root"}),
        ("[[source]]\nname='x'\nroot='https://x'\ntoken='y'\n", "config-unknown-key", {"key": "source[1].token"}),
    ],
)
def test_a_wrong_settings_file_says_where_and_what(text, code, params):
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert caught.value.code == code
    assert params.items() <= caught.value.params.items()


def test_with_broken_settings_the_program_starts_and_sends_nothing(tmp_path: Path):
    file = tmp_path / "settings.toml"
    assert load_or_safe(None) == Settings()
    assert load_or_safe(file).problem.code == "config-not-found"
    file.write_bytes(b"\xff\xfe")
    assert load_or_safe(file).offline
    file.write_text("[proxy]\nurl = 3\n")
    assert load_or_safe(file).offline
    file.write_text(WHOLE, encoding="utf-8")
    assert not load_or_safe(file).offline


def test_the_readme_documents_every_setting():
    from dataclasses import fields

    from workstation import settings

    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
    for section, kind in settings._SECTIONS.items():
        for one in fields(kind):
            assert f"`{one.name}`" in readme or f"`[{section}] {one.name}`" in readme, f"[{section}] {one.name}"
    for name in settings._SOURCE_KINDS:
        assert f"`{name}`" in readme or f"`[[source]] {name}`" in readme, name


def test_the_listener_that_guards_every_log_hears_a_name():
    import logging

    from tests.conftest import _Marks

    marks = _Marks()
    marks.emit(logging.LogRecord("x", logging.DEBUG, "f", 1, "opened for %s", ("欧阳^晓东",), None))
    marks.emit(logging.LogRecord("x", logging.DEBUG, "f", 1, "opened %d images", (7,), None))
    assert marks.found == ["x DEBUG"]
