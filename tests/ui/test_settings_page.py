"""What is set on the page is in the file and in use at once; what IT set cannot be changed; a test says which step."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QKeySequenceEdit, QSpinBox, QWidget

from workstation import locations
from workstation.cli.demonstration import demo_settings
from workstation.errors import ConfigError
from workstation.reference import Source
from workstation.settings import ProxySettings, ScreenSettings, Settings, TlsSettings, load
from workstation.station.diagnostics import Outcome
from workstation.station.settings_file import save
from workstation.ui import theme
from workstation.ui.actions import ACTIONS, BY_ID
from workstation.ui.keys import bind_keys, clashes, keys_of
from workstation.ui.messages import sentence
from workstation.ui.settings_fields import Form
from workstation.ui.settings_page import (
    CERTIFICATES,
    GROUPS,
    KEYS,
    MEMORY,
    MOUSE,
    PROXY,
    PROXY_PAGE,
    SCANNER,
    SCREEN,
    SOURCES,
)


class Remembering:
    """A key store."""

    def __init__(self):
        self.known = {}

    def get_password(self, service, username):
        return self.known.get(username)

    def set_password(self, service, username, password):
        self.known[username] = password


@pytest.fixture
def page(bench, tmp_path):
    bench.workstation.office.file = tmp_path / "settings.toml"
    bench.window.trigger("desk.settings")
    bench.run()
    yield bench.window.settings
    bind_keys(())


def saved(bench, page):
    page.save_button.click()
    bench.until(lambda: page.message.text() != "")
    return page.message.text()


def type_into(widget, text):
    widget.selectAll()
    widget.insert(text)  # as an input method commits it: QTest knows no keys for Chinese
    widget.textEdited.emit(widget.text())


def test_what_is_set_is_in_the_file_and_in_use_at_once(bench, page):
    page.forms[2].fields["screen.text_scale"].value = 150
    page.forms[2].changed.emit()
    assert saved(bench, page) == "Saved, and in use from now on."
    assert load(bench.workstation.office.file).screen.text_scale == 150
    assert bench.workstation.station.settings.screen.text_scale == 150
    assert QApplication.font().pixelSize() == round(theme.BASE_PX * 1.5)
    assert bench.window.grid.active.text_scale == 150


def test_the_language_changes_while_the_page_is_open_and_what_was_typed_stays(bench, page):
    page.sources.add()
    type_into(page.sources.name, "Cloud")
    type_into(page.sources.root, "https://c.example/dicom-web")
    bench.window.trigger("desk.language")
    bench.run()
    assert page.title.text() == "设置"
    assert [one.name for one in page.wished().sources] == ["DEMO", "Cloud"]


def test_a_source_is_added_tested_and_saved_and_its_password_is_not_in_the_file(bench, page, service):
    demo = service.settings.sources[0]
    page.sources.add()
    type_into(page.sources.name, "省影像云")
    type_into(page.sources.root, demo.root)
    page.sources.sign_in.setCurrentIndex(page.sources.sign_in.findData("bearer"))
    page.sources.sign_in.activated.emit(0)
    type_into(page.sources.password, service.secrets["demo-cloud"].reveal())
    page.sources.test_button.click()
    bench.until(lambda: not page.sources.test_button.is_busy)
    assert [outcome for _, outcome, _ in page.sources.steps.lines] == [Outcome.GOOD] * 7
    saved(bench, page)
    text = bench.workstation.office.file.read_text(encoding="utf-8")
    assert "省影像云" in text
    assert service.secrets["demo-cloud"].reveal() not in text
    assert bench.workstation.station.vault.secret("source-省影像云") == service.secrets["demo-cloud"]


@pytest.mark.parametrize(
    ("wrong", "step"),
    [
        ({"proxy": ProxySettings(url="http://127.0.0.1:9")}, 1),
        ({"secret": "proxy"}, 2),
        ({"root": "https://nowhere.invalid/dicom-web"}, 2),  # the proxy does not allow it
        ({"root": "https://127.0.0.1:9/dicom-web"}, 3),
        ({"ca": ""}, 4),
        ({"secret": "cloud"}, 5),
        ({"root-path": "/nothing-here"}, 6),
    ],
)
def test_the_test_says_which_step_failed(bench, page, service, wrong, step):
    from workstation.app.checks import way_steps
    from workstation.app.office import TryingVault
    from workstation.reference import Secret
    from workstation.station.diagnostics import run

    settings = service.settings
    source = settings.sources[0]
    typed = {}
    if "proxy" in wrong:
        settings = replace(settings, proxy=wrong["proxy"])
    if wrong.get("secret") == "proxy":
        typed["demo-proxy"] = Secret("wrong")
    if wrong.get("secret") == "cloud":
        typed["demo-cloud"] = Secret("wrong")
    if "root" in wrong:
        source = replace(source, root=wrong["root"])
    if "root-path" in wrong:
        source = replace(source, root=source.root.replace("/dicom-web", wrong["root-path"]))
    if "ca" in wrong:
        settings = replace(settings, tls=replace(settings.tls, ca=""))
    settings = replace(settings, sources=(source,))
    vault = TryingVault(bench.workstation.station.vault, typed)
    verdicts = [verdict for _, verdict in run(way_steps(source, settings, vault))]
    assert [verdict.outcome for verdict in verdicts] == (
        [Outcome.GOOD] * step + [Outcome.BAD] + [Outcome.SKIPPED] * (6 - step)
    ), verdicts
    assert verdicts[step].words


def test_without_a_proxy_no_step_of_one_is_ticked(bench, service):
    from workstation.app.checks import way_steps
    from workstation.station.diagnostics import run

    source = service.settings.sources[0]
    settings = replace(service.settings, proxy=ProxySettings(no_proxy=("127.0.0.1",)))
    verdicts = [verdict for _, verdict in run(way_steps(source, settings, bench.workstation.station.vault))]
    assert [one.outcome for one in verdicts[1:3]] == [Outcome.SKIPPED, Outcome.SKIPPED]
    assert verdicts[0].words == "none: connections go out directly"


def test_the_proxy_page_tests_the_way_to_the_first_source(bench, page):
    page.groups.setCurrentRow(PROXY_PAGE)
    page.way_button.click()
    bench.until(lambda: not page.way_button.is_busy)
    assert len(page.way_steps.lines) == 7


def test_every_check_of_the_doctor_is_on_the_page(bench, page):
    page.check_button.click()
    bench.until(lambda: not page.check_button.is_busy, 60)
    names = [name for name, _, _ in page.checks.lines]
    assert names == ["proxy", "certificates", "DEMO", "key store", "OpenGL", "disk", "crash reports"]


def test_what_it_has_set_is_locked_and_says_so(bench, page):
    settings = bench.workstation.station.settings
    source = settings.sources[0]
    locked = replace(settings, locked=frozenset({"proxy.url", f"source:{source.name}"}))
    bench.workstation.station.settings = locked
    page.begin()
    page.groups.setCurrentRow(PROXY_PAGE)
    bench.run()
    assert not page.forms[0].fields["proxy.url"].isEnabled()
    assert page.forms[0]._locks["proxy.url"].text() == "Set by IT"
    assert not page.sources.entries.isEnabled()
    assert not page.sources.remove_button.isEnabled()


def test_a_command_gets_another_key_and_the_old_one_does_nothing(bench, page):
    page.groups.setCurrentRow(KEYS)
    row = next(n for n, action in enumerate(ACTIONS) if action.action_id == "view.invert")
    page.keys.table.selectRow(row)
    page.keys.edit.setKeySequence(QKeySequence("Ctrl+J"))
    page.keys.edit.editingFinished.emit()
    saved(bench, page)
    text = bench.workstation.office.file.read_text()
    assert tomllib.loads(text)["keys"] == {"view.invert": ["Ctrl+J"]}
    assert keys_of(BY_ID["view.invert"]) == ("Ctrl+J",)
    page.leave()
    bench.open()
    viewport = bench.session.active_viewport
    QTest.keyClick(bench.window, Qt.Key.Key_I)
    bench.run(0.1)
    assert not viewport.state.is_inverted
    QTest.keyClick(bench.window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    bench.run(0.1)
    assert viewport.state.is_inverted


def test_two_commands_with_one_key_are_not_saved(bench, page):
    page.groups.setCurrentRow(KEYS)
    row = next(n for n, action in enumerate(ACTIONS) if action.action_id == "view.invert")
    page.keys.table.selectRow(row)
    page.keys.edit.setKeySequence(QKeySequence("R"))
    page.keys.edit.editingFinished.emit()
    assert "R has two commands" in page.keys.problem.text()
    assert saved(bench, page) == "A key has two commands: give one of them another key."
    assert not bench.workstation.office.file.exists()


def test_no_key_of_the_program_itself_has_two_commands():
    assert clashes({}) == {}


def test_the_mouse_does_what_was_set(bench, page):
    page.forms[4].fields["mouse.wheel_reversed"].value = True
    page.forms[4].fields["mouse.right"].value = "scroll"
    page.forms[4].changed.emit()
    saved(bench, page)
    page.leave()
    bench.open()
    viewport = bench.session.active_viewport
    before = viewport.state.index
    bench.wheel(bench.viewport(), 1)
    assert viewport.state.index == before - 1


def test_a_first_start_without_a_source_welcomes_and_leads_to_the_sources(make_bench, service):
    bench = make_bench(settings=Settings())
    bench.window.show_settings(is_first=True)
    bench.run()
    page = bench.window.settings
    assert page.welcome.isVisible()
    assert page.groups.currentRow() == SOURCES
    assert page.sources.empty.isVisible()
    page.sources.add()
    assert page.sources.name.isVisible()


def test_a_source_without_an_address_is_not_saved(bench, page):
    page.sources.add()
    type_into(page.sources.name, "Cloud")
    assert saved(bench, page) == "A source needs a name and an address."


def test_two_sources_of_one_name_are_not_saved(bench, page):
    page.sources.add()
    type_into(page.sources.name, bench.workstation.station.settings.sources[0].name)
    type_into(page.sources.root, "https://other.example/dicom-web")
    assert "same name" in saved(bench, page)
    assert not bench.workstation.office.file.exists()


def test_an_address_that_is_none_is_said_and_nothing_is_lost(bench, page):
    page.sources.add()
    type_into(page.sources.name, "Cloud")
    type_into(page.sources.root, "cloud.example")
    assert "https" in saved(bench, page)
    assert page.wished().sources[-1].root == "cloud.example"
    assert not bench.workstation.office.file.exists()


def test_a_disk_that_refuses_is_said(bench, page, tmp_path):
    (tmp_path / "blocked").write_text("in the way")
    bench.workstation.office.file = tmp_path / "blocked" / "settings.toml"
    page.forms[2].fields["screen.text_scale"].value = 120
    page.forms[2].changed.emit()
    assert "settings.toml" in saved(bench, page)
    assert page.wished().screen.text_scale == 120
    assert bench.workstation.station.settings.screen.text_scale == 100


def test_closing_lets_go_of_what_was_not_saved(bench, page):
    page.forms[2].fields["screen.text_scale"].value = 180
    page.forms[2].changed.emit()
    assert page.close_button.text() == "Close without saving"
    QTest.keyClick(bench.window, Qt.Key.Key_Escape)
    bench.run(0.1)
    assert bench.window.pages.currentWidget() is bench.window.door
    bench.window.trigger("desk.settings")
    assert page.wished().screen.text_scale == 100


def test_a_film_that_is_open_stays_open_behind_the_page_and_after_saving(bench, tmp_path):
    bench.workstation.office.file = tmp_path / "settings.toml"
    bench.open()
    bench.window.trigger("desk.settings")
    page = bench.window.settings
    page.forms[2].fields["screen.text_scale"].value = 120
    page.forms[2].changed.emit()
    saved(bench, page)
    page.leave()
    bench.run()
    assert bench.window.is_reading
    assert bench.window.shown() is not None


def test_every_entry_that_a_person_sets_is_on_the_page():
    """What is left out is said here, with the reason."""
    shown = {entry.key for group in (PROXY, CERTIFICATES, SCREEN, SCANNER, MOUSE, MEMORY) for entry in group}
    left_out = {
        "proxy.secret", "tls.client_key_secret",  # names of secrets: the page asks for the secret itself
        "network.connect_timeout_s", "network.idle_timeout_s", "network.speed_log",  # for IT
        # "monitors.*" is for IT as well: each monitor has its card
    }  # fmt: skip
    known = set()
    for section in ("proxy", "tls", "network", "screen", "scanner", "mouse", "memory", "store"):
        known |= {f"{section}.{name}" for name in getattr(Settings(), section).__slots__}
    assert shown | left_out == known
    assert len(GROUPS) == 10


@pytest.mark.parametrize("group", [PROXY, CERTIFICATES, SCREEN, SCANNER, MOUSE, MEMORY])
def test_a_form_gives_back_what_it_was_shown(qtbot, group):
    form = Form(group)
    qtbot.addWidget(form)
    settings = replace(
        Settings(),
        proxy=ProxySettings("http://p:1", "pac", "me", "proxy", "ntlm", ("a", "b")),
        screen=ScreenSettings("en", 130),
        sources=(Source("a", "https://a"),),
    )
    form.show_settings(settings)
    assert form.into(settings) == settings


@pytest.mark.parametrize(("group", "button"), [(SOURCES, "sources.test_button"), (PROXY_PAGE, "way_button")])
def test_the_keyboard_stays_on_the_button_that_tests_the_way(bench, page, group, button):
    page.groups.setCurrentRow(group)
    pressed = page
    for name in button.split("."):
        pressed = getattr(pressed, name)
    pressed.setFocus()
    QTest.keyClick(pressed, Qt.Key.Key_Space)
    assert pressed.is_busy
    assert pressed.hasFocus()
    QTest.keyClick(pressed, Qt.Key.Key_Space)  # an impatient hand begins nothing else
    bench.until(lambda: not pressed.is_busy)
    bench.run()
    assert pressed.hasFocus()
    steps = page.sources.steps if group == SOURCES else page.way_steps
    assert len(steps.lines) == 7


def test_that_it_was_saved_is_not_said_of_another_group(bench, page):
    page.forms[2].fields["screen.text_scale"].value = 110
    page.forms[2].changed.emit()
    assert saved(bench, page) == "Saved, and in use from now on."
    page.groups.setCurrentRow(KEYS)
    assert page.message.text() == ""


def test_what_is_wrong_is_still_said_on_another_group(bench, page):
    page.sources.add()
    type_into(page.sources.name, "Cloud")
    assert saved(bench, page) == "A source needs a name and an address."
    page.groups.setCurrentRow(PROXY_PAGE)
    assert page.message.text() == "A source needs a name and an address."


@pytest.mark.parametrize("group", range(len(GROUPS)))
def test_the_tab_key_goes_from_the_groups_to_the_first_field(bench, page, group):
    page.groups.setCurrentRow(group)
    page.groups.setFocus()
    QTest.keyClick(page.groups, Qt.Key.Key_Tab)
    reached = QApplication.focusWidget()
    shown = page.pages.currentWidget()
    tab, parts = Qt.FocusPolicy.TabFocus.value, (QSpinBox, QKeySequenceEdit)
    usable = [one for one in shown.findChildren(QWidget) if one.isVisible() and one.isEnabled()]
    stops = [one for one in usable if one.focusPolicy().value & tab and not isinstance(one.parent(), parts)]
    topmost = min(stops, key=lambda one: (one.mapTo(page, one.rect().topLeft()).y(), one.mapTo(page, one.pos()).x()))
    assert reached is topmost


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """What IT placed on the machine."""
    file = tmp_path / "policy.toml"
    monkeypatch.setattr(locations, "machine_policy_file", lambda: file)
    return file


def test_what_it_placed_on_the_machine_meanwhile_overrules_what_is_saved(bench, page, machine):
    machine.write_text('[mouse]\nmiddle = "scroll"\n', encoding="utf-8")
    page.forms[2].fields["screen.text_scale"].value = 110
    page.forms[2].changed.emit()
    saved(bench, page)
    settings = bench.workstation.station.settings
    assert (settings.screen.text_scale, settings.mouse.middle) == (110, "scroll")
    assert settings.locked == {"mouse.middle"}
    assert not page.forms[4].fields["mouse.middle"].isEnabled()
    assert "mouse" not in tomllib.loads(bench.workstation.office.file.read_text(encoding="utf-8"))


def test_while_the_file_of_it_is_wrong_saving_opens_no_way_around_it(make_bench, tmp_path, machine):
    machine.write_text("[porxy]\n", encoding="utf-8")
    problem = ConfigError("config-unknown-key", key="porxy", suggestion="proxy")
    bench = make_bench(settings=Settings(problem=problem))
    bench.workstation.office.file = tmp_path / "settings.toml"
    bench.window.trigger("desk.settings")
    page = bench.window.settings
    page.forms[2].fields["screen.text_scale"].value = 110
    page.forms[2].changed.emit()
    page.save_button.click()
    bench.until(lambda: page.message.text() != sentence(problem) or not page.save_button.isEnabled())
    bench.until(lambda: page.save_button.isEnabled())
    assert page.message.text() == sentence(problem)
    assert bench.workstation.station.settings.offline
    assert not bench.workstation.office.file.exists()
    assert page.wished().screen.text_scale == 110


def test_a_broken_settings_file_is_mended_on_the_page_and_the_way_is_open_again(make_bench, tmp_path, service):
    file = tmp_path / "settings.toml"
    file.write_text("[proxy\nurl=", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(file)
    bench = make_bench(settings=Settings(problem=caught.value))
    bench.workstation.office.file = file
    bench.window.trigger("desk.settings")
    page = bench.window.settings
    assert page.message.text() == sentence(caught.value)
    assert page.save_button.isEnabled()
    source = service.settings.sources[0]
    page.sources.add()
    type_into(page.sources.name, source.name)
    type_into(page.sources.root, source.root)
    page.save_button.click()
    bench.until(lambda: not bench.workstation.station.settings.offline)
    bench.run()
    assert page.message.text() == "Saved, and in use from now on."
    assert load(file).sources[0].root == source.root
    (aside,) = tmp_path.glob("settings.toml.wrong-*")
    assert aside.read_text(encoding="utf-8") == "[proxy\nurl="
    page.leave()
    bench.run()
    assert "proxy" not in bench.window.door.understood.text()


@pytest.mark.parametrize(("store", "told"), [(None, "forgets"), (Remembering(), "in use from now on")])
def test_a_password_that_nothing_keeps_is_said_to_be_forgotten(bench, page, store, told):
    bench.workstation.station.vault._store = store
    bench.workstation.station.vault._is_looked_up = True
    page.groups.setCurrentRow(PROXY_PAGE)
    type_into(page.proxy_password, "right horse")
    assert told in saved(bench, page)
    assert page.proxy_password.text() == ""


def test_the_demo_keeps_its_own_way_out_of_the_users_settings(bench, page, service):
    """A page that is opened in the demo shows the demo's proxy and cloud, and writes neither."""
    mine = Source("省影像云", "https://cloud.example/dicom-web")
    save(bench.workstation.office.file, Settings(), replace(Settings(), sources=(mine,)))
    own = replace(load(bench.workstation.office.file), keys=(("view.invert", ("Ctrl+J",)),))
    bench.workstation.station.settings = demo_settings(own, service.settings)
    page.begin()
    assert not page.forms[0].fields["proxy.url"].isEnabled()
    assert not page.sources.entries.isEnabled()
    page.forms[2].fields["screen.text_scale"].value = 110
    page.forms[2].changed.emit()
    saved(bench, page)
    kept = load(bench.workstation.office.file)
    assert (kept.sources, kept.proxy, kept.tls) == ((mine,), ProxySettings(), TlsSettings())
    assert kept.screen.text_scale == 110


@pytest.mark.parametrize(("keys", "told"), [
    ((("view.invert", ("blah+",)),), "keys.view.invert"),
    ((("view.invert", ("",)),), "keys.view.invert"),
    ((("view.invert", ("Shift",)),), "keys.view.invert"),
    ((("view.invert", ("A, B",)),), "keys.view.invert"),
    ((("view.invrt", ("J",)),), "did you mean “view.invert”"),
    ((("view.invert", ("R",)),), "view.invert"),
])  # fmt: skip
def test_keys_that_are_none_are_said_on_the_door_and_the_programs_own_hold(make_bench, service, keys, told):
    bench = make_bench(settings=replace(service.settings, keys=keys))
    assert told in bench.window.door.understood.text()
    is_taken = keys == (("view.invert", ("R",)),)
    assert (keys_of(BY_ID["view.invert"]) == ("I",)) is not is_taken
    assert not bench.workstation.station.settings.offline
    bind_keys(())
