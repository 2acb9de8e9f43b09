"""A worker that says half a thing, too much, or nothing: the parent waits no longer than it wants to."""

from __future__ import annotations

import os
import sys
import time
from multiprocessing import Pipe

import pytest

from workstation.workers.channel import Channel
from workstation.workers.messages import MAX_ANSWER_BYTES

LINUX = pytest.mark.skipif(sys.platform == "win32", reason="writes raw bytes into a socket pair")


@pytest.fixture
def ends():
    here, there = Pipe()
    channel = Channel(here)
    yield channel, there
    channel.close()
    there.close()


def test_messages_come_one_by_one_in_their_order(ends):
    channel, there = ends
    for words in (b"one", b"", b"three" * 100):
        there.send_bytes(words)
    assert [channel.message(1.0) for _ in range(3)] == [b"one", b"", b"three" * 100]
    assert channel.message(0.0) is None


@LINUX
def test_half_a_message_keeps_nobody_waiting(ends):
    channel, there = ends
    for part in (b"\0\0", b"\0\x05", b"abc"):
        os.write(there.fileno(), part)
        began = time.monotonic()
        assert channel.message(0.05) is None
        assert time.monotonic() - began < 2
    os.write(there.fileno(), b"de")
    assert channel.message(1.0) == b"abcde"


@LINUX
@pytest.mark.parametrize("length", [MAX_ANSWER_BYTES + 1, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_message_longer_than_any_answer_is_a_broken_protocol(ends, length):
    channel, there = ends
    os.write(there.fileno(), length.to_bytes(4, "big"))
    with pytest.raises(OSError):
        channel.message(1.0)


def test_the_end_of_a_worker_is_no_message(ends):
    channel, there = ends
    there.close()
    with pytest.raises(EOFError):
        channel.message(1.0)
