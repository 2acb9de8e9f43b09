"""What a key means, by its native codes, and when a burst is one; expected: the US layout of Linux and Windows."""

from __future__ import annotations

import pytest

from workstation.ui.bursts import BY_POSITION, BY_VIRTUAL_KEY, Burst, Habits, character

# linux/input-event-codes.h: KEY_1 2, KEY_0 11, KEY_MINUS 12, KEY_Q 16, KEY_A 30, KEY_SEMICOLON 39, KEY_Z 44, KEY_DOT
# 52,
# KEY_SLASH 53, KEY_SPACE 57, KEY_KP7 71, KEY_KP0 82, KEY_KPSLASH 98
KERNEL = {2: "1!", 11: "0)", 12: "-_", 16: "qQ", 30: "aA", 39: ";:", 43: "\\|", 44: "zZ", 52: ".>", 53: "/?", 57: "  ",
          71: "77", 82: "00", 98: "//"}  # fmt: skip
# winuser.h: VK_OEM_1 BA, VK_OEM_PLUS BB, VK_OEM_MINUS BD, VK_OEM_PERIOD BE, VK_OEM_2 BF, VK_OEM_4 DB, VK_OEM_7 DE
WINDOWS = {0x30: "0)", 0x31: "1!", 0x41: "aA", 0x5A: "zZ", 0x60: "00", 0xBA: ";:", 0xBB: "=+", 0xBD: "-_", 0xBE: ".>",
           0xBF: "/?", 0xDB: "[{", 0xDE: "'\""}  # fmt: skip


@pytest.mark.parametrize(("code", "pair"), KERNEL.items())
def test_a_key_is_known_by_its_place_where_an_input_method_bent_its_text(code, pair):
    assert character("", code + 8, 0, shifted=False, platform="linux") == pair[0]
    assert character("：", code + 8, 0, shifted=True, platform="linux") == pair[1]
    assert character("", code, 0xE5, shifted=True, platform="win32") == pair[1]  # VK_PROCESSKEY


@pytest.mark.parametrize(("code", "pair"), WINDOWS.items())
def test_a_key_without_a_place_is_known_by_its_virtual_key(code, pair):
    assert character("", 0, code, shifted=False, platform="win32") == pair[0]
    assert character("", 0, code, shifted=True, platform="win32") == pair[1]


def test_both_tables_hold_every_character_of_a_link():
    link = set(map(chr, range(0x20, 0x7F)))
    assert link <= {one for pair in BY_POSITION.values() for one in pair}
    assert link <= {one for pair in BY_VIRTUAL_KEY.values() for one in pair}


def test_what_the_system_makes_of_a_key_is_believed_when_it_is_plain():
    assert character("y", 29 + 8, 0, shifted=False, platform="linux") == "y"  # a German keyboard
    assert character("\t", 15 + 8, 0, shifted=False, platform="linux") == ""
    assert character("", 0, 0, shifted=False, platform="linux") == ""


def typed(text: str, gap_ms: float, habits: Habits | None = None) -> Burst:
    burst = Burst(habits or Habits())
    for number, one in enumerate(text):
        burst.add(one, 1000 + number * gap_ms)
    return burst


def test_a_burst_is_certain_after_six_characters_that_are_not_one_key_held_down():
    assert not typed("https", 5).is_certain
    assert typed("https:", 5).is_certain
    assert not typed("000000000", 5).is_certain
    assert not typed("00000011", 5).is_certain
    assert typed("000000123", 5).is_certain


def test_keys_that_are_41_ms_apart_are_no_burst_and_40_ms_are():
    assert typed("abcdefgh", 41).characters == "h"
    assert typed("abcdefgh", 40).characters == "abcdefgh"


def test_a_clock_that_ran_backwards_begins_anew():
    burst = typed("abc", 5)
    assert not burst.continues(900)
