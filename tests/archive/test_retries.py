from __future__ import annotations

import pytest

from workstation.archive.retries import Retries, is_passing, retry_after_s


def test_waits_are_spread_out_and_grow():
    retries = Retries(base_s=0.5)
    for attempt, most in enumerate((0.5, 1.0, 2.0)):
        waits = [retries.delay_s(attempt) for _ in range(300)]
        assert 0 <= min(waits) < 0.2 * most
        assert 0.8 * most < max(waits) <= most


def test_a_server_may_ask_for_longer_but_not_for_ever():
    assert Retries().delay_s(0, 30.0) == 30.0
    assert Retries().delay_s(0, 3600.0) == 60.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("7", 7),
        (" 7 ", 7),
        ("-1", 0),
        ("soon", 0),
        ("9" * 400, 999_999_999),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 99 Oct 2015", 0),
    ],
)
def test_retry_after_is_read_in_both_forms(header, seconds):
    assert retry_after_s(header) == seconds


def test_only_what_may_pass_is_asked_again():
    assert [status for status in range(100, 600) if is_passing(status)] == [408, 429, 500, 502, 503, 504]
