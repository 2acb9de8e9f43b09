"""Both languages are whole: every text translated, the same placeholders, no orphan, no code without a sentence."""

from __future__ import annotations

import re
import string
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListView, QPushButton, QToolButton

from workstation.errors import WorkstationError, all_codes
from workstation.ui.actions import ACTIONS, BY_ID
from workstation.ui.language import CatalogueTranslator, Language, catalogue, tr
from workstation.ui.messages import SENTENCES, sentence

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))
import translations  # noqa: E402

CATALOGUE = catalogue(translations.CATALOGUE)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_of_the_program_is_translated_and_none_is_an_orphan():
    texts = set(translations.texts())
    assert texts - set(CATALOGUE) == set()
    assert set(CATALOGUE) - texts == set()


def test_translations_have_the_same_placeholders():
    assert not {text for text, chinese in CATALOGUE.items() if placeholders(text) != placeholders(chinese)}


def test_chinese_sentences_use_chinese_punctuation():
    half_width = re.compile(r"[\u4e00-\u9fff][,;?!](?=[\u4e00-\u9fff])")
    assert not {chinese for chinese in CATALOGUE.values() if half_width.search(chinese)}


def test_every_error_code_has_a_sentence_and_no_sentence_is_an_orphan():
    assert set(SENTENCES) == set(all_codes())


@pytest.mark.parametrize("code", sorted(SENTENCES))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_error_is_one_sentence_that_says_what_to_do(qapp, code, language):
    Language(qapp).set(language)
    family = all_codes()[code]
    names = placeholders(SENTENCES[code])
    error = family() if code == "cancelled" else family(code, **dict.fromkeys(names, 7))
    words = sentence(error)
    Language(qapp).set("en")
    assert "{" not in words
    assert words.endswith(("." if language == "en" else "。", "?", "？"))
    if code != "cancelled":
        assert len(words) > 12
        assert re.search(r"[:：]", words) or "，" in words or "; " in words


def test_a_missing_parameter_does_not_fail_while_failing(qapp):
    assert "…" in sentence(all_codes()["busy"]("busy"))


def test_an_unknown_error_still_gets_a_sentence(qapp):
    assert "ZeroDivisionError" in sentence(ZeroDivisionError("secret detail"))
    assert "secret detail" not in sentence(ZeroDivisionError("secret detail"))


def test_braces_in_a_parameter_are_shown_and_not_filled_in(qapp):
    error = all_codes()["link-file-not-found"]("link-file-not-found", file="{0}{file!r}%s")
    assert "{0}{file!r}%s" in sentence(error)


def test_the_translator_gives_qt_its_own_texts_back(qapp):
    translator = CatalogueTranslator(translations.CATALOGUE)
    assert not translator.isEmpty()
    assert translator.translate("QPlatformTheme", "Cancel") is None
    Language(qapp).set("zh")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert tr("Open a film") == "打开影片"
    Language(qapp).set("en")
    assert tr("Open a film") == "Open a film"


def test_action_ids_and_keys_are_unique():
    assert len(BY_ID) == len(ACTIONS)
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))


def every_widget(window, kind):
    """Visible widgets of a kind; not Qt's own clear button inside a field."""
    return [one for one in window.findChildren(kind) if one.isVisible() and not isinstance(one.parent(), QLineEdit)]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [(1920, 1080), (1200, 1900), (1024, 700)])
def test_no_label_is_cut_and_every_control_has_a_name(make_bench, language, size):
    bench = make_bench(language=language)
    bench.window.resize(2400, 1200)
    bench.open(confirm=False)
    bench.desk.close_film()
    bench.window.resize(*size)
    bench.run()
    assert (bench.window.width(), bench.window.height()) == size
    pages = [lambda: None, lambda: bench.open(confirm=False), lambda: bench.window.trigger("film.confirm")]
    for page in pages:
        page()
        bench.run()
        assert (bench.window.width(), bench.window.height()) == size
        for widget in [*every_widget(bench.window, QPushButton), *every_widget(bench.window, QToolButton)]:
            assert widget.width() >= widget.sizeHint().width() - 1, f"cut: {widget.text()}"
        for label in every_widget(bench.window, QLabel):
            ignored = label.sizePolicy().horizontalPolicy() == label.sizePolicy().Policy.Ignored
            if label.text() and not label.wordWrap() and not ignored:
                assert label.width() >= label.sizeHint().width() - 1, f"cut: {label.text()}"
        for control in [
            w for kind in (QAbstractButton, QLineEdit, QListView) for w in every_widget(bench.window, kind)
        ]:
            assert control.accessibleName() or getattr(control, "text", str)(), type(control).__name__


def test_all_shortcuts_stand_on_one_page(qapp):
    from workstation.ui.shortcut_page import shortcut_rows

    shown = [key for keys, _ in shortcut_rows() for key in keys.split(", ")]
    assert all(key in shown for action in ACTIONS for key in action.keys)


def test_errors_never_carry_text_for_people():
    assert all(re.fullmatch(r"[a-z0-9-]+", code) for code in all_codes())
    assert issubclass(WorkstationError, Exception)
