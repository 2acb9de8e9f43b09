"""Going from page to page: the keys act where the eyes are, and nothing that was begun is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.phantoms import CT_STUDY, STRANGER_STUDY
from workstation.errors import ConnectionFailed, DicomError
from workstation.settings import ProxySettings
from workstation.viewing.session import FilmState


@pytest.fixture
def front(bench):
    """A desk whose window is the active one, as on a doctor's screen: the offscreen tests seldom need it."""
    bench.window.activateWindow()
    bench.until(lambda: QApplication.activeWindow() is bench.window)
    return bench


def strike(bench, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(bench.window.windowHandle(), key, modifiers)
    bench.run(0.2)


def test_the_first_key_after_a_film_has_opened_acts_on_the_film(front):
    front.window.door.field.setFocus()
    front.open()
    assert front.window.grid.active.hasFocus()
    strike(front, Qt.Key.Key_I)
    assert front.session.active_viewport.state.is_inverted
    assert front.window.door.field.text() == ""


def test_a_look_at_the_film_door_and_back_does_not_stop_the_load(front):
    front.open()
    film = front.session.films.value[0]
    film.state = FilmState.LOADING
    strike(front, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert not front.window.is_reading
    strike(front, Qt.Key.Key_Escape)
    assert front.window.is_reading
    assert film.state is FilmState.LOADING


def test_calling_off_a_second_film_leaves_the_first_one_loading(front):
    front.open()
    film = front.session.films.value[0]
    film.state = FilmState.LOADING
    front.enter(front.service.share(CT_STUDY))
    assert front.window.door.is_busy
    strike(front, Qt.Key.Key_Escape)
    assert not front.window.door.is_busy
    assert film.state is FilmState.LOADING


def test_the_manual_opens_at_the_search_where_one_searches(front):
    front.window.trigger("film.search")
    assert front.window.place() == "search"
    front.window.door.field.setFocus()
    assert front.window.place() == "open"


def test_the_user_name_that_is_set_need_not_be_typed_again(front):
    station = front.workstation.station
    station.settings = replace(station.settings, proxy=ProxySettings(url=station.settings.proxy.url, user="zhang"))
    front.desk.opening.fail(ConnectionFailed("proxy-sign-in", proxy="proxy.example"))
    assert front.window.door.user.text() == "zhang"
    assert front.window.door.passcode.hasFocus()


def test_the_tab_key_goes_down_the_entries_of_a_source(front):
    front.window.trigger("desk.settings")
    sources = front.window.settings.sources
    sources.sign_in.setFocus()
    QTest.keyClick(sources.sign_in, Qt.Key.Key_Tab)
    assert sources.password.hasFocus()


def test_a_source_has_a_name_of_its_own_kind_in_chinese(bench):
    bench.workstation.set_language("zh")
    bench.window.trigger("desk.settings")
    assert bench.window.settings.sources.name.accessibleName() == "名称"  # 姓名 is a person's


@pytest.mark.parametrize("how", ["again", "a film was scanned"])
def test_what_was_typed_on_the_settings_page_stays_when_it_was_only_covered(bench, how):
    bench.window.trigger("desk.settings")
    sources = bench.window.settings.sources
    sources.add()
    sources.name.setText("Cloud")
    sources.name.textEdited.emit("Cloud")
    if how != "again":
        bench.open()
    bench.window.trigger("desk.settings")
    assert [one.name for one in bench.window.settings.wished().sources] == ["DEMO", "Cloud"]
    bench.window.settings.leave()
    bench.window.trigger("desk.settings")
    assert [one.name for one in bench.window.settings.wished().sources] == ["DEMO"]


def test_a_notice_that_was_put_away_stays_away_in_another_language(front):
    front.open()
    front.window.show_notice(DicomError("no-pixels", what="report"))
    strike(front, Qt.Key.Key_Escape)
    assert front.window.notice.isHidden()
    front.window.trigger("desk.language")
    assert front.window.notice.isHidden()


def test_the_question_of_another_patients_film_outlives_a_visit_to_the_settings(bench):
    bench.open()
    bench.enter(bench.service.share(STRANGER_STUDY))
    bench.until(lambda: bench.window.reading.questions.asks_apart)
    bench.window.trigger("desk.settings")
    bench.window.trigger("desk.language")
    assert bench.window.pages.currentWidget() is bench.window.settings  # nobody is thrown out of a page
    bench.window.settings.leave()
    assert bench.window.question.isVisible()
    bench.window.question.answered.emit(False)
    assert bench.window.question.isHidden()
