"""The manual: whole in both languages, opened at the page for where one is, its pictures those of this program."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tests.ui.manual_scenes import NAMES, SIZE, Scenes
from workstation.locations import resources
from workstation.ui.actions import ACTIONS
from workstation.ui.manual_page import PAGES, SHORTCUTS, read_pages
from workstation.ui.shortcut_page import shortcut_html

MANUAL = resources() / "manual"
LINK = re.compile(r"!?\[([^\]]*)\]\(([^)]+)\)")
_SMALL = (64, 40)
_ALIKE = 6.0  # mean difference of small grey pictures; another scene differs by more than 12


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_and_picture_that_is_pointed_to_is_there(language):
    pages = read_pages(language)
    assert set(pages) | {SHORTCUTS} == {name for name, _ in PAGES}
    for name, text in pages.items():
        assert text.startswith("# "), name
        for _, target in LINK.findall(text):
            if target.startswith("pictures/"):
                assert (MANUAL / language / target).is_file(), target
            else:
                assert target.removesuffix(".md") in {one for one, _ in PAGES}, target


def test_both_languages_say_the_same_in_the_same_places():
    zh, en = read_pages("zh"), read_pages("en")
    for name in zh:
        shape = [re.match(r"#+|- |\d\. |!\[|\| ", line) for line in zh[name].splitlines()]
        other = [re.match(r"#+|- |\d\. |!\[|\| ", line) for line in en[name].splitlines()]
        assert [m and m[0] for m in shape] == [m and m[0] for m in other], name
        keys = re.findall(r"\*\*(Ctrl\+[^*]+|[A-Z0-9]|F\d+)\*\*", zh[name])
        assert sorted(keys) == sorted(re.findall(r"\*\*(Ctrl\+[^*]+|[A-Z0-9]|F\d+)\*\*", en[name])), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_key_in_the_manual_is_one_of_the_program(language):
    known = {key for action in ACTIONS for key in action.keys} | {"Ctrl+V"}
    for name, text in read_pages(language).items():
        for key in re.findall(r"\*\*(Ctrl\+[^* ]+|F\d+)", text):
            assert key in known, f"{name}: {key}"


def test_the_shortcuts_of_the_manual_are_those_of_the_action_table():
    page = shortcut_html()
    assert all(key.replace("<", "&lt;") in page for action in ACTIONS for key in action.keys)


def shown(bench):
    bench.until(lambda: bench.window.manual is not None and bench.window.manual.page.toPlainText() != "")
    return bench.window.manual


def test_f1_opens_the_page_for_where_one_is(bench):
    QTest.keyClick(bench.window, Qt.Key.Key_F1)
    assert shown(bench).shown == "open"
    bench.window.trigger("desk.settings")
    bench.window.trigger("desk.help")
    bench.run(0.1)
    assert shown(bench).shown == "settings"
    bench.window.settings.leave()
    bench.open()
    bench.window.trigger("desk.help")
    bench.run(0.1)
    assert shown(bench).shown == "read"
    bench.window.trigger("sheet.3x4")
    bench.window.trigger("desk.help")
    bench.run(0.1)
    assert shown(bench).shown == "windows"


def test_the_manual_follows_the_language_and_its_pictures_are_drawn(bench):
    bench.window.trigger("desk.help")
    manual = shown(bench)
    assert "A hand-held scanner" in manual.page.toPlainText()
    bench.window.trigger("desk.language")
    bench.until(lambda: "扫码枪" in manual.page.toPlainText())
    bench.run(0.1)
    colours = manual.page.grab().toImage()
    assert len({colours.pixel(x, y) for x in range(30, 800, 7) for y in range(300, 700, 7)}) > 20


def test_a_link_of_a_page_leads_to_another_and_nowhere_else(bench):
    from PySide6.QtCore import QUrl

    bench.window.trigger("desk.help")
    manual = shown(bench)
    manual.page.anchorClicked.emit(QUrl("settings.md"))
    assert manual.shown == "settings"
    assert manual.page.loadResource(2, QUrl("http://elsewhere.example/x.png")) is None
    assert manual.page.loadResource(2, QUrl("pictures/../../../secret.png")) is None


def test_what_is_searched_for_is_found_on_its_page(bench):
    bench.window.trigger("desk.help")
    manual = shown(bench)
    manual.search.setText("passcode")
    hidden = {PAGES[row][0] for row in range(len(PAGES)) if manual.list.item(row).isHidden()}
    assert "open" not in hidden
    assert "windows" in hidden
    manual._find()
    assert manual.page.textCursor().selectedText().lower() == "passcode"
    manual.search.setText("no such words anywhere")
    assert manual.none.isVisible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pictures_are_those_of_the_program_as_it_is(qapp, tmp_path, language):
    """A picture that no longer shows what the program shows: run ``python -m tests.ui.manual_scenes``."""
    scenes = Scenes(qapp, tmp_path, language)
    seen = []
    try:
        for name, picture in scenes.pictures():
            shipped = QImage(str(MANUAL / language / "pictures" / f"{name}.png"))
            assert (shipped.width(), shipped.height()) == SIZE
            difference = np.abs(_small(picture) - _small(shipped)).mean()
            assert difference < _ALIKE, f"{name} differs by {difference:.1f}"
            seen.append(name)
    finally:
        scenes.close()
    assert tuple(seen) == NAMES


def _small(picture):
    grey = picture.scaled(
        *_SMALL, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_Grayscale8)
    values = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return values[:, : grey.width()].astype(float)
