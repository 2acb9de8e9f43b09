"""Whatever is done with a film, and whatever goes wrong, no name, number or secret of it is left behind.

What may hold them: the glass, the film door's masked field, what the user asked to be written or copied. What may
not: logs of every library at DEBUG, what commands say on stderr, files that appear anywhere in the user's folders,
settings, window titles, tracebacks, the reprs of errors, and the clipboard.
"""

from __future__ import annotations

import base64
import logging
import os
import subprocess
import sys
import tempfile
import traceback
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.faults.cloud import Change, Cut, FaultyCloud, InsteadOf, Refuse, Replace, Stall, WrongLength
from tests.marks import PASSCODES, PASSWORDS, PEOPLE, STUDIES, Eye, FolderWatch, fixed_marks, forms
from tests.phantoms import ct_stack, part10, write_study
from tests.ui.conftest import Bench
from workstation.archive.retries import Retries
from workstation.demo.certificates import make_certificates
from workstation.demo.proxy import DemoProxy
from workstation.demo.service import CLOUD_SECRET, PROXY_SECRET, DemoService
from workstation.errors import WorkstationError
from workstation.reference import Secret, Source
from workstation.settings import NetworkSettings, ProxySettings, Settings, TlsSettings

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.announces_warnings


# --- the eye


def test_there_are_more_than_fifty_marks_and_no_two_are_alike():
    assert len(fixed_marks()) >= 50
    assert len(set(fixed_marks())) == len(fixed_marks())


LEAKS = {
    "utf-8": lambda mark: mark.encode(),
    "gb18030": lambda mark: mark.encode("gb18030"),
    "utf-16": lambda mark: mark.encode("utf-16"),
    "percent": lambda mark: f"GET /studies?PatientName={quote(mark)}&x=1".encode(),
    "percent gb18030": lambda mark: quote(mark.encode("gb18030")).encode(),
    "json": lambda mark: f'{{"PatientName": {mark!a}}}'.encode(),
    "bytes in a repr": lambda mark: repr({"name": mark.encode("gb18030")}).encode(),
    "base64": lambda mark: base64.b64encode(f"user:{mark}".encode()),
    "base64 elsewhere": lambda mark: base64.urlsafe_b64encode(f'{{"token":"{mark}"}}'.encode()),
    "hexadecimal": lambda mark: mark.encode("gb18030").hex().encode(),
}


@pytest.mark.parametrize("form", LEAKS)
def test_the_eye_finds_every_mark_in_every_form(form):
    eye = Eye()
    missed = [mark for mark in fixed_marks() if mark not in eye.hits(b"before " + LEAKS[form](mark) + b" after")]
    assert not missed


def test_the_eye_does_not_see_what_is_not_there():
    eye = Eye()
    assert not eye.hits(Path(__file__).read_bytes().replace(b"kwz", b""))
    assert all(len(form) >= 6 for mark in fixed_marks() for form in forms(mark))


def test_the_watch_finds_a_leak_in_a_file_that_is_deleted_again(tmp_path):
    import time

    with FolderWatch(Eye(), tmp_path) as watch:
        place = tmp_path / "deep" / "cache.bin"
        place.parent.mkdir()
        place.write_bytes(b"\0\1" + PEOPLE[3].patient_id.encode("utf-16-le"))
        time.sleep(0.3)
        place.unlink()
    assert watch.found == {str(place): {PEOPLE[3].patient_id}}


# --- a session in a window


@pytest.fixture(scope="module")
def marked_folder(tmp_path_factory):
    """One small study of each marked person."""
    folder = tmp_path_factory.mktemp("marked")
    for number, (person, study) in enumerate(zip(PEOPLE, STUDIES, strict=True)):
        stack = ct_stack(3, person=person, study=study, series=f"{study}.1", shape=(40, 48))
        write_study(folder / f"{number}", stack)
    return folder


@pytest.fixture
def eye():
    return Eye()


@pytest.fixture
def marked_service(marked_folder, tmp_path_factory, eye, monkeypatch):
    """The cloud with accidents, behind a proxy with a marked password; its tokens are learnt by the eye."""
    place = tempfile.TemporaryDirectory(dir=tmp_path_factory.mktemp("demo"))
    files = make_certificates(Path(place.name))
    cloud = FaultyCloud(marked_folder, files.server)
    proxy = DemoProxy("demo", PASSWORDS[0])
    hosts = ("127.0.0.1", f"127.0.0.1:{cloud.port}")
    settings = Settings(
        proxy=ProxySettings(url=proxy.url, user="demo", secret=PROXY_SECRET),
        tls=TlsSettings(ca=str(files.authority)),
        sources=(Source(name="DEMO", root=cloud.root, link_hosts=hosts, issuer="DEMO", secret=CLOUD_SECRET),),
        network=NetworkSettings(idle_timeout_s=0.3, connect_timeout_s=1.0),
    )
    known = {PROXY_SECRET: Secret(PASSWORDS[0]), CLOUD_SECRET: Secret(cloud.shares.station_token)}
    add, open_session = cloud.shares.add, cloud.shares.open_session

    def learnt(study, **keywords):
        token = add(study, **keywords)
        eye.learn(token)
        return token

    def learnt_session(token, passcode):
        status, answer = open_session(token, passcode)
        if "token" in answer:
            eye.learn(str(answer["token"]))
        return status, answer

    monkeypatch.setattr("workstation.archive.connection.Retries", partial(Retries, base_s=0.001, cap_s=0.01))
    cloud.shares.add, cloud.shares.open_session = learnt, learnt_session
    eye.learn(cloud.shares.station_token)
    service = DemoService(cloud, proxy, settings, known, place)
    yield service
    service.close()


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Folders of a user of one's own, in which every file that appears is read."""
    made = {}
    for name in ("HOME", "TMPDIR", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME",
                 "XDG_RUNTIME_DIR"):  # fmt: skip
        folder = tmp_path / "user" / name.lower()
        folder.mkdir(parents=True, mode=0o700)
        monkeypatch.setenv(name, str(folder))
        made[name] = str(folder)
    monkeypatch.setattr(tempfile, "tempdir", made["TMPDIR"])
    return tmp_path / "user", made


@pytest.fixture
def everything_logged(caplog):
    """Every logger there is tells everything, those that the program had quietened included."""
    caplog.set_level(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    before = [(logger, logger.level, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.disabled = False
    yield caplog
    for logger, level, disabled in before:
        logger.setLevel(level)
        logger.disabled = disabled


class Ledger:
    """What was said outside of the glass."""

    def __init__(self, eye) -> None:
        self.eye = eye
        self.found: list[tuple[str, set[str]]] = []
        self.errors: list[str] = []

    def look(self, where: str, text: str) -> None:
        hits = self.eye.hits(text)
        if hits:
            self.found.append((f"{where}: {text[:300]}", hits))

    def error(self, error: BaseException) -> None:
        """An error as a log, a crash report or a debugger's one-liner would show it."""
        told: BaseException | None = error
        self.look("traceback", "".join(traceback.format_exception(error)))
        while told is not None:
            self.errors.append(getattr(told, "code", type(told).__name__))
            for words in (repr(told), str(told), repr(told.args), repr(getattr(told, "params", ""))):
                self.look("error", words)
            told = told.__cause__ or told.__context__

    def window(self, bench) -> None:
        """The titles that other programs and the task bar can read, and the errors that are held."""
        for desk in bench.workstation.desks:
            self.look("title", desk.window.windowTitle() + desk.window.windowIconText() + desk.window.windowFilePath())
            if desk.last_error is not None:
                self.error(desk.last_error)
            for film in desk.session.films.value:
                for refusal in film.refusals:
                    self.error(refusal.error)
        self.look("application", bench.app.applicationDisplayName() + bench.app.applicationName())
        self.look("clipboard", bench.app.clipboard().text())


FAULTS = {
    "cut": [Cut(900)] * 8,
    "stalled": [Stall(500)] * 8,
    "not allowed": [Refuse(403)] * 4,
    "signed out": [Refuse(401, (("WWW-Authenticate", 'Bearer realm="x"'),))] * 4,
    "gone": [Refuse(410)] * 4,
    "server error": [Refuse(500)] * 12,
    "busy": [Refuse(429, (("Retry-After", "0"),))] * 12,
    "elsewhere": [Refuse(302, (("Location", "https://evil.example/x"),))] * 4,
    "longer": [WrongLength(7)] * 8,
    "a portal": [Replace("text/html", b"<html>sign in</html>")] * 4,
    "damaged": [Change(lambda body: body[:300] + b"\0" * 64 + body[364:])] * 4,
}


def settle(bench) -> None:
    bench.until(lambda: bench.desk.is_settled, 30)
    bench.run(0.03)


def opens(bench, link, passcode="") -> None:
    bench.enter(link, passcode)
    settle(bench)


def test_a_session_with_every_fault_leaves_no_trace(
    qapp, marked_service, marked_folder, places, everything_logged, eye, tmp_path, capfd
):
    from PySide6.QtGui import QGuiApplication

    QGuiApplication.clipboard().clear()
    ledger, service = Ledger(eye), marked_service
    with FolderWatch(eye, places[0]) as watch:
        bench = Bench(qapp, service)
        try:
            goes_well(bench, service, ledger)
            fails_in_transfer(bench, service, ledger)
            is_refused(bench, service, ledger)
            from_a_folder(bench, marked_folder, tmp_path, ledger)
            bench.window.close()
            ledger.window(bench)
        finally:
            bench.close()
    ledger.look("log", everything_logged.text)
    ledger.look("records", "\n".join(repr(vars(record)) for record in everything_logged.records))
    out, err = capfd.readouterr()
    ledger.look("stdout", out)
    ledger.look("stderr", err)
    assert not ledger.found
    assert not watch.found
    assert any(name.endswith("audit.jsonl") for name in watch.files)
    assert everything_logged.records
    assert set(ledger.errors) >= {"link-expired", "link-passcode-wrong", "wrong-patient", "server-error"}


def goes_well(bench, service, ledger) -> None:
    for number, study in enumerate(STUDIES[:4]):
        opens(bench, service.share(study, form=("viewer", "cloudfilm")[number % 2] if number < 1 else "viewer"))
        assert bench.session.patient is not None
        bench.window.trigger("film.confirm")
        bench.session.active_viewport.scroll(1)
        bench.window.trigger("desk.language")
        bench.run()
        ledger.window(bench)
        bench.desk.close_film()


def fails_in_transfer(bench, service, ledger) -> None:
    other = part10(ct_stack(1, person=PEOPLE[9], study=STUDIES[4], series=f"{STUDIES[4]}.1", shape=(40, 48))[0])
    stranger = part10(ct_stack(1, person=PEOPLE[9], study=STUDIES[9], series=f"{STUDIES[9]}.1", shape=(40, 48))[0])
    faults = {**FAULTS, "another patient's": [InsteadOf(other)] * 3, "another study's": [InsteadOf(stranger)] * 3}
    for where in ("/instances/", "/metadata", "/studies"):
        for accident in faults.values():
            service.cloud.where, service.cloud.faults = where, list(accident)
            opens(bench, service.share(STUDIES[4]))
            ledger.window(bench)
            bench.desk.close_film()
            service.cloud.faults = []
            forget_what_is_kept(bench)


def forget_what_is_kept(bench) -> None:
    """So that the next opening fetches it again."""
    store = bench.workstation.station.shelving.store()
    store.flush()
    for study in store.studies():
        store.forget(study.handle)


def is_refused(bench, service, ledger) -> None:
    link = service.share(STUDIES[5], passcode=PASSCODES[0])
    for passcode in ("", PASSCODES[1], PASSCODES[2], PASSCODES[0]):
        opens(bench, link, passcode)
        ledger.window(bench)
    bench.desk.close_film()
    token = f"unknown-kwz-token-{len(link)}-abcdef"
    ledger.eye.learn(token)
    root = f"https://127.0.0.1:{service.cloud.port}"
    for text in (
        service.share(STUDIES[6], valid_s=-1),
        link[:-4],
        f"{root}/viewer?StudyInstanceUIDs={STUDIES[6]}&token={token}",
        f"https://nobody.example/viewer?StudyInstanceUIDs={STUDIES[6]}&access_token={token}",
        f"https://user:{PASSWORDS[1]}@127.0.0.1:{service.cloud.port}/dw/studies/{STUDIES[6]}",
        f"{STUDIES[7]}",
        f"{PEOPLE[7].patient_id}",
        f"{PEOPLE[7].name}",
    ):
        opens(bench, text)
        ledger.window(bench)
        bench.desk.close_film()
    bench.workstation.station.vault.remember(PROXY_SECRET, Secret(PASSWORDS[1]), keep=False)
    bench.workstation.station.use_proxy_sign_in("", PASSWORDS[1])
    opens(bench, service.share(STUDIES[7]))
    ledger.window(bench)
    assert bench.desk.last_error is not None
    bench.workstation.station.use_proxy_sign_in("", PASSWORDS[0])


def from_a_folder(bench, marked_folder, tmp_path, ledger) -> None:
    bench.desk.open_path(str(marked_folder))
    settle(bench)
    ledger.window(bench)
    disc = tmp_path / "disc"
    write_study(disc, ct_stack(3, person=PEOPLE[8], study=STUDIES[8], shape=(40, 48)))
    for file in sorted(disc.iterdir()):
        file.write_bytes(file.read_bytes()[:-500])
    bench.desk.open_path(str(disc))
    settle(bench)
    ledger.window(bench)


# --- what crashes


def test_a_crash_tells_where_and_never_what(qapp, marked_service, places, everything_logged, eye, monkeypatch, capfd):
    """An error that nobody expected carries what it stumbled over: a UID as a key, a name that no codec takes."""
    from workstation.archive import retrieval
    from workstation.cli import main

    def stumbles(data, asked, patient, issuer=""):
        raise KeyError(asked.study.study_instance_uid, patient.name, patient.patient_id)

    def command(options, settings):
        raise ValueError(f"cannot encode {PEOPLE[2].name} of {STUDIES[2]}")

    told: list[str] = []
    monkeypatch.setattr(retrieval, "take_in", stumbles)
    monkeypatch.setattr("workstation.cli._COMMANDS", {"doctor": command})
    with FolderWatch(eye, places[0]) as watch:
        code = main(["doctor"])
        thread_crash(told)
    out, err = capfd.readouterr()
    assert code == 5
    for text in (everything_logged.text, out, err, *told):
        assert not eye.hits(text)
    assert not watch.found
    assert "test_privacy.py" in everything_logged.text  # where it was is still told


def thread_crash(told) -> None:
    """A piece of background work that fails, and nobody asked why."""
    from workstation.tasks import Priority, Tasks

    def work(token):
        raise LookupError(PEOPLE[1].name, STUDIES[1])

    tasks = Tasks(1, lambda call: call(), "crash")
    tasks.submit(work, priority=Priority.SHOWN)
    assert tasks.drain(5)
    tasks.close()


# --- the command line

SHOUT = """
import logging, sys
logging.basicConfig(level=logging.DEBUG)
import workstation.archive.connection, workstation.app, pydicom.config, spnego
for name in list(logging.root.manager.loggerDict):
    logging.getLogger(name).setLevel(logging.DEBUG)
from workstation.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def command(places, tmp_path):
    """Runs a command whose every logger tells everything."""
    (tmp_path / "work").mkdir()

    def run(*arguments, **secrets):
        environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
        environment.update(places[1], QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(ROOT), **secrets)
        return subprocess.run(
            [sys.executable, "-c", SHOUT, *map(str, arguments)],
            cwd=tmp_path / "work", env=environment, capture_output=True, timeout=120, check=False)  # fmt: skip

    return run


def settings_file(service, place: Path, **changes) -> Path:
    proxy, source = replace(service.settings.proxy, **changes), service.settings.sources[0]
    place.write_text(
        f'[proxy]\nurl = "{proxy.url}"\nuser = "{proxy.user}"\nsecret = "{proxy.secret}"\n'
        f'[tls]\nca = "{service.settings.tls.ca}"\n'
        f'[[source]]\nname = "{source.name}"\nroot = "{source.root}"\nissuer = "{source.issuer}"\n'
        f'link_hosts = ["{source.link_hosts[0]}", "{source.link_hosts[1]}"]\nsecret = "{source.secret}"\n',
        encoding="utf-8",
    )
    return place


def test_the_commands_leave_no_trace_on_stderr_or_in_files(
    marked_service, marked_folder, command, places, tmp_path, eye
):
    from workstation.station.vault import environment_name

    service, out = marked_service, tmp_path / "out"
    config = settings_file(service, tmp_path / "station.toml")
    secrets = {environment_name(name): secret.reveal() for name, secret in service.secrets.items()}
    wrong = {key: PASSWORDS[1] if "PROXY" in key else value for key, value in secrets.items()}
    cut = tmp_path / "cut.dcm"
    cut.write_bytes(next((marked_folder / "3").iterdir()).read_bytes()[:-700])
    protected = service.share(STUDIES[1], passcode=PASSCODES[0])
    runs = [
        (["fetch", service.share(STUDIES[0]), "--to", out / "a"], secrets, 0),
        (["open", service.share(STUDIES[1]), "--screenshot", out / "a.png"], secrets, 0),
        (["open", marked_folder / "2", "--screenshot", out / "b.png"], {}, 0),
        (["fetch", protected, "--to", out / "b", "--passcode", PASSCODES[1]], secrets, 4),
        (["fetch", service.share(STUDIES[2], valid_s=-1), "--to", out / "c"], secrets, 4),
        (["fetch", service.share(STUDIES[3]), "--to", out / "d"], wrong, 4),
        (["render", next((marked_folder / "4").iterdir()), cut, "--annotations", "--out", out / "e"], {}, 1),
        (["doctor"], wrong, 1),
        (["resolve", protected], secrets, 0),
    ]
    with FolderWatch(eye, *(Path(folder) for folder in places[1].values())) as watch:
        for arguments, environment, code in runs:
            done = command("--config", config, *arguments, **environment)
            assert done.returncode == code, done.stderr.decode()[-2000:]
            assert not eye.hits(done.stderr), (arguments[0], eye.hits(done.stderr), done.stderr.decode()[-3000:])
            # `resolve` answers with the study that the link names; its token it keeps to itself
            told = eye.hits(done.stdout) - (set(STUDIES) if arguments[0] == "resolve" else set())
            assert not told
            assert b"DEBUG" in done.stderr or arguments[0] in ("resolve", "render")
    assert not watch.found
    assert any(name.endswith("audit.jsonl") for name in watch.files)


def test_a_leak_on_stderr_and_in_a_file_of_a_command_would_be_seen(command, places, eye, monkeypatch):
    monkeypatch.setitem(globals(), "SHOUT", "import os, sys; sys.stderr.write(sys.argv[1]); "
                        "open(os.path.join(os.environ['XDG_CACHE_HOME'], 'x'), 'w').write(sys.argv[2])")  # fmt: skip
    with FolderWatch(eye, places[0]) as watch:
        done = command(quote(PEOPLE[0].name), STUDIES[5])
    assert eye.hits(done.stderr)
    assert list(watch.found.values()) == [{STUDIES[5]}]


def test_a_leak_in_a_log_a_title_or_an_error_would_be_seen(qapp, eye, everything_logged):
    from workstation.archive import connection

    assert connection  # whoever uses the network has imported it, and urllib3 is silent from then on
    ledger = Ledger(eye)
    logging.getLogger("urllib3.connectionpool").debug("GET /studies/%s HTTP/1.1", STUDIES[3])
    assert not eye.hits(everything_logged.text)  # silenced, though it was set to DEBUG
    logging.getLogger("somebody.else").debug("GET /studies/%s HTTP/1.1", STUDIES[3])
    ledger.look("log", everything_logged.text)
    assert ledger.found.pop()[1] == {STUDIES[3]}
    ledger.error(WorkstationErrorWithAName())
    assert PEOPLE[0].patient_id in ledger.found.pop()[1]


class WorkstationErrorWithAName(WorkstationError):
    """One that breaks the rule."""

    codes = frozenset({"x"})

    def __init__(self) -> None:
        super().__init__("x", who=PEOPLE[0].patient_id)
