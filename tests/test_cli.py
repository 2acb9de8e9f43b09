"""The command line without a screen: exit codes, one sentence an error in both languages, never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.phantoms import CT_STUDY, ct_slice, ct_stack, part10, radiograph, sop, write_study
from workstation import cli, locations
from workstation.errors import ConfigError

ROOT = Path(__file__).resolve().parents[1]


class Run:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def sentence(self):
        lines = [line for line in self.err.splitlines() if line.strip()]
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


@pytest.fixture
def run(tmp_path):
    def call(*arguments, lang="en", env=None, timeout=120):
        environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
        environment.update(QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(ROOT), HOME=str(tmp_path), **(env or {}))
        command = [sys.executable, "-m", "workstation", "--lang", lang, *map(str, arguments)]
        place = {"cwd": tmp_path, "env": environment}
        return Run(subprocess.run(command, **place, capture_output=True, text=True, timeout=timeout, check=False))

    return call


@pytest.fixture
def config(service, tmp_path):
    """A settings file that leads to the embedded cloud, and the environment that holds its secrets."""
    from workstation.station.vault import environment_name

    proxy, source = service.settings.proxy, service.settings.sources[0]
    file = tmp_path / "station.toml"
    file.write_text(
        f"""
[proxy]
url = "{proxy.url}"
user = "{proxy.user}"
secret = "{proxy.secret}"
[tls]
ca = "{service.settings.tls.ca}"
[[source]]
name = "{source.name}"
root = "{source.root}"
link_hosts = {json.dumps(list(source.link_hosts))}
issuer = "{source.issuer}"
secret = "{source.secret}"
""",
        encoding="utf-8",
    )
    secrets = {environment_name(name): secret.reveal() for name, secret in service.secrets.items()}
    return file, secrets


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_demo_that_is_told_to_end_leaves_nothing_behind(tmp_path, number):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    environment["TMPDIR"] = str(tmp_path)
    started = subprocess.Popen(
        [sys.executable, "-m", "workstation", "demo"], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        ends = time.monotonic() + 60
        while not list(tmp_path.glob("cloudfilm-demo-*")):
            assert time.monotonic() < ends
            time.sleep(0.1)
        time.sleep(1.0)
        started.send_signal(number)
        assert started.wait(20) == 0
    finally:
        started.kill()
        started.wait()
    assert not list(tmp_path.glob("cloudfilm-demo-*"))


@pytest.mark.parametrize("command", ["open", "fetch"])
def test_a_very_long_text_is_no_surprise(run, command, tmp_path):
    extra = ("--screenshot", tmp_path / "a.png") if command == "open" else ("--to", tmp_path / "out")
    done = run(command, "x" * 3000, *extra)
    assert done.code == 4
    assert done.sentence.startswith("This is not a film link")


def test_a_path_that_is_not_there_is_called_so(run, tmp_path):
    done = run("open", tmp_path / "knee.dcm", "--screenshot", tmp_path / "a.png")
    assert (done.code, done.sentence) == (4, "There is no file or folder “knee.dcm”: check its name.")


@pytest.mark.parametrize("window", [("nan", "nan"), ("40", "inf"), ("40", "0"), ("40", "-5")])
def test_a_window_that_is_none_is_refused(run, tmp_path, window):
    file = tmp_path / "one.dcm"
    file.write_bytes(part10(ct_slice(1)))
    done = run("render", file, "--out", tmp_path / "a.png", "--window", *window)
    assert done.code == 2
    assert not (tmp_path / "a.png").exists()


def test_a_screenshot_of_a_folder_needs_no_screen(run, tmp_path):
    write_study(tmp_path / "disc", ct_stack(5))
    done = run("open", tmp_path / "disc", "--screenshot", tmp_path / "a.png", "--window-size", "900x700")
    assert done.code == 0, done.err
    picture = cv2.imread(str(tmp_path / "a.png"))
    assert picture.shape[:2] == (700, 900)
    assert len(np.unique(picture)) > 50


def test_a_screenshot_of_a_share_link_through_proxy_and_tls(run, tmp_path, config, service):
    file, secrets = config
    before = sum(service.proxy.passed.values())
    done = run("--config", file, "open", service.share(CT_STUDY), "--screenshot", tmp_path / "a.png", env=secrets)
    assert done.code == 0, done.err
    assert sum(service.proxy.passed.values()) > before
    assert (tmp_path / "a.png").stat().st_size > 20_000


def test_fetch_writes_what_the_archive_stores_byte_for_byte(run, tmp_path, config, service, films):
    file, secrets = config
    done = run("fetch", service.share(CT_STUDY), "--to", tmp_path / "out", "--config", file, env=secrets)
    assert done.code == 0, done.err
    assert done.err.strip().endswith("13 / 13")
    sent = sorted(one.read_bytes() for one in (films / "ct").iterdir())
    assert sorted(one.read_bytes() for one in (tmp_path / "out").iterdir()) == sent
    assert not [one for one in (tmp_path / "out").iterdir() if one.suffix != ".dcm"]


def test_fetch_by_uid_and_by_accession_number(run, tmp_path, config):
    file, secrets = config
    assert run("--config", file, "fetch", CT_STUDY, "--to", tmp_path / "a", env=secrets).code == 0
    several = run("--config", file, "fetch", "A7001", "--to", tmp_path / "b", env=secrets)
    assert several.code == 4
    assert "films fit this number" in several.sentence


def test_render_writes_p_values_of_the_files_window_rounded_to_nearest(run, tmp_path):
    (tmp_path / "one.dcm").write_bytes(part10(ct_slice(3)))
    done = run("render", tmp_path / "one.dcm", "--out", tmp_path / "one.png")
    assert done.code == 0, done.err
    picture = cv2.imread(str(tmp_path / "one.png"), cv2.IMREAD_UNCHANGED)
    stored = np.frombuffer(ct_slice(3).PixelData, np.int16).reshape(96, 128).astype(np.float64)
    expected = np.clip(((stored - (300 - 0.5)) / (1500 - 1) + 0.5) * 255, 0, 255)
    assert picture.shape == (96, 128)
    assert np.array_equal(picture, np.rint(expected).astype(np.uint8))


def test_render_with_a_window_a_size_and_a_frame(run, tmp_path):
    (tmp_path / "one.dcm").write_bytes(part10(ct_slice(3)))
    done = run(
        "render", tmp_path / "one.dcm", "--out", tmp_path / "a.png", "--window", "-50", "200", "--size", "200x300"
    )
    assert done.code == 0, done.err
    assert cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_UNCHANGED).shape == (300, 200)
    wrong = run("render", tmp_path / "one.dcm", "--out", tmp_path / "b.png", "--frame", "2")
    assert wrong.code == 1
    assert "There is no image 2" in wrong.sentence


def test_render_with_annotations_burns_in_who_it_is(run, tmp_path):
    (tmp_path / "one.dcm").write_bytes(part10(radiograph((400, 500))))
    assert run("render", tmp_path / "one.dcm", "--out", tmp_path / "a.png").code == 0
    done = run("render", tmp_path / "one.dcm", "--out", tmp_path / "b.png", "--annotations")
    assert done.code == 0, done.err
    plain = cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_GRAYSCALE)
    named = cv2.imread(str(tmp_path / "b.png"), cv2.IMREAD_GRAYSCALE)
    assert plain.shape == named.shape
    assert (named[:100, :200].astype(int) - plain[:100, :200] > 60).sum() > 200


def test_render_of_many_goes_on_past_the_bad_ones_and_names_each(run, tmp_path):
    (tmp_path / "good.dcm").write_bytes(part10(ct_slice(1)))
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\nreport")
    (tmp_path / "cut.dcm").write_bytes(part10(ct_slice(2))[:-1000])
    done = run(
        "render", *(tmp_path / n for n in ("report.pdf", "good.dcm", "cut.dcm", "gone.dcm")), "--out", tmp_path / "out"
    )
    assert done.code == 1
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["good.dcm.png"]
    lines = done.err.strip().splitlines()
    assert [line.split(":")[0] for line in lines] == ["report.pdf", "cut.dcm", "gone.dcm"]


def test_files_of_one_name_from_two_folders_both_become_pictures(run, tmp_path):
    for number, folder in ((1, "a"), (2, "b")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "I0.dcm").write_bytes(part10(ct_slice(number)))
    done = run("render", tmp_path / "a" / "I0.dcm", tmp_path / "b" / "I0.dcm", "--out", tmp_path / "out")
    assert done.code == 0, done.err
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["I0.dcm-2.png", "I0.dcm.png"]


def test_resolve_prints_the_record_without_secrets(run, config):
    file, _ = config
    done = run("--config", file, "resolve", "https://h.example/dw/studies/1.2.3.4?token=TOPSECRET-123456")
    assert done.code == 0
    assert json.loads(done.out)["study_uids"] == ["1.2.3.4"]
    assert "TOPSECRET" not in done.out + done.err


def test_doctor_checks_the_way_to_each_source(run, config, service):
    file, secrets = config
    good = run("--config", file, "doctor", env=secrets)
    assert good.code == 0, good.out + good.err
    assert "✓ DEMO: answers" in good.out
    lines = {line[2:].split(":")[0] for line in good.out.splitlines()}
    assert {"proxy", "certificates", "key store", "OpenGL", "disk"} <= lines
    name = next(key for key in secrets if "PROXY" in key)
    bad = run("--config", file, "doctor", env={**secrets, name: "wrong"})
    assert bad.code == 1
    assert "does not accept the password" in bad.out


def test_self_test_passes(run):
    done = run("self-test")
    assert done.code == 0, done.out + done.err
    assert done.out.count("✓ decode") == 15


def test_policy_can_remove_the_demo(run, tmp_path):
    file = tmp_path / "p.toml"
    file.write_text("[policy]\ndemo = false\nexport = false\n")
    assert run("--config", file, "demo").code == 4
    assert run("--config", file, "fetch", tmp_path, "--to", tmp_path / "x").code == 4


EXPIRED, WRONG_PASSCODE, NO_PROXY, WRONG_PROXY_PASSWORD, UNKNOWN_AUTHORITY = range(5)
SENTENCES = [
    ("not a link", ["open", "hello there"], "This is not a film link", "这不是影片链接", 4),
    ("expired", EXPIRED, "The link has expired", "链接已过期", 4),
    ("passcode", WRONG_PASSCODE, "The passcode is wrong", "提取码错误", 4),
    ("no proxy", NO_PROXY, "does not answer", "无响应", 4),
    ("proxy password", WRONG_PROXY_PASSWORD, "does not accept the password", "不接受该密码", 4),
    ("certificate", UNKNOWN_AUTHORITY, "unknown authority", "未知机构", 4),
    ("pdf", ["open", "report.pdf"], "This is not a DICOM image", "这不是 DICOM 图像", 4),
    ("truncated", ["open", "cut.dcm"], "not complete", "不完整", 4),
    ("config", ["--config", "wrong.toml", "doctor"], "unknown entry “porxy”", "未知条目“porxy”", 3),
    ("toml", ["--config", "broken.toml", "doctor"], "line 2", "第 2 行", 3),
    ("no config", ["--config", "nowhere.toml", "doctor"], "cannot be read", "无法读取设置文件", 3),
    ("folder", ["open", "empty"], "no DICOM images", "没有 DICOM 图像", 4),
    (
        "host",
        ["open", "https://nobody.example/viewer?StudyInstanceUIDs=1.2.3"],
        "No source is configured",
        "未配置影像源",
        4,
    ),
    ("http", ["fetch", "http://cloud.example/dw/studies/1.2.3", "--to", "x"], "not encrypted", "未加密", 4),
    ("uid", ["open", "https://cloud.example/dw/studies/1.2.zz"], "study number", "检查编号", 4),
    ("no source", ["open", "1.2.840.1.2.3"], "No image source", "尚未配置影像源", 4),
]


def prepare(kind, tmp_path, config, service):
    """Arguments and environment of a situation that needs the cloud."""
    file, secrets = config
    link = service.share(CT_STUDY)
    if kind == EXPIRED:
        link = service.share(CT_STUDY, valid_s=-1)
    extra = []
    if kind == WRONG_PASSCODE:
        link, extra = service.share(CT_STUDY, passcode="2468"), ["--passcode", "1357"]
    words = file.read_text(encoding="utf-8")
    if kind == NO_PROXY:
        words = words.replace(service.settings.proxy.url, "http://127.0.0.1:9")
    if kind == UNKNOWN_AUTHORITY:
        words = words.replace(f'ca = "{service.settings.tls.ca}"', "")
    if kind == WRONG_PROXY_PASSWORD:
        secrets = {key: "wrong" if "PROXY" in key else value for key, value in secrets.items()}
    file.write_text(words, encoding="utf-8")
    return ["--config", file, "fetch", link, "--to", tmp_path / "out", *extra], secrets


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("name", "situation", "english", "chinese", "code"), SENTENCES, ids=[row[0] for row in SENTENCES]
)
def test_bad_input_gets_one_clear_sentence(
    run, tmp_path, config, service, name, situation, english, chinese, code, lang
):
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\nreport")
    (tmp_path / "cut.dcm").write_bytes(part10(ct_slice(2))[:-1000])
    (tmp_path / "wrong.toml").write_text("[porxy]\nurl = 'x'\n")
    (tmp_path / "broken.toml").write_text("[proxy]\nurl = \n")
    (tmp_path / "empty").mkdir()
    arguments, secrets = (
        (situation, {}) if isinstance(situation, list) else prepare(situation, tmp_path, config, service)
    )
    if "open" in arguments:
        arguments = [*arguments, "--screenshot", "window.png"]
    done = run(*arguments, lang=lang, env=secrets)
    assert (english if lang == "en" else chinese) in done.sentence
    assert done.code == code


@pytest.mark.parametrize("arguments", [[], ["open"], ["render", "x"], ["open", "x", "--window-size", "big"], ["dance"]])
def test_a_wrong_command_line_is_one_line_and_exit_code_2(run, arguments):
    if not arguments:
        arguments = ["--no-such-option"]
    done = run(*arguments)
    assert done.code == 2
    assert done.sentence.startswith("workstation")


def test_starting_a_worker_imports_nothing_heavy():
    heavy = ("numpy", "PySide6", "pydicom", "cv2")
    code = f"import sys, workstation.__main__; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_films_in_2d_never_imports_vtk(tmp_path):
    write_study(tmp_path / "disc", ct_stack(3))
    code = (
        "import sys; from workstation.cli import main; "
        f"code = main(['open', {str(tmp_path / 'disc')!r}, '--screenshot', {str(tmp_path / 'a.png')!r}]); "
        "print(code, [m for m in sys.modules if m.startswith('vtk')])"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "0 []"
    assert sop(1)


def test_what_it_placed_on_the_machine_holds_while_the_users_file_is_broken(tmp_path, monkeypatch):
    machine = tmp_path / "policy.toml"
    machine.write_text('[policy]\nexport = false\n[proxy]\nurl = "http://p:3128"\n', encoding="utf-8")
    monkeypatch.setattr(locations, "machine_policy_file", lambda: machine)
    broken = ConfigError("config-not-toml", file="settings.toml", line=1, column=1, reason="x")
    settings = cli._safe(broken)
    assert (settings.policy.export, settings.proxy.url, settings.problem) == (False, "http://p:3128", broken)
    assert settings.offline
    machine.write_text("[porxy]\n", encoding="utf-8")
    assert cli._safe(broken).problem.code == "config-unknown-key"
