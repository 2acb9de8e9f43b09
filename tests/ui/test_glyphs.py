"""Rare characters of names are drawn, and those that no font has are told."""

from __future__ import annotations

from workstation.ui.glyphs import RARE, missing


def test_the_rare_characters_of_names_have_a_font(qapp):
    assert missing(RARE) == ""


def test_a_character_that_no_font_has_is_told(qapp):
    assert missing("张\U000f1234") == "\U000f1234"  # private use
