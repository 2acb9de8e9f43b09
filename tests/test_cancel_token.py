"""What waits for the network is cut short at the moment of cancelling."""

from __future__ import annotations

import threading
import time

from workstation.tasks import CancelToken


def test_a_call_is_made_once_at_the_moment_of_cancelling():
    token, calls = CancelToken(), []
    token.when_cancelled(lambda: calls.append(1))
    assert calls == []
    token.cancel()
    token.cancel()
    assert calls == [1]


def test_a_call_that_comes_too_late_is_made_at_once():
    token, calls = CancelToken(), []
    token.cancel()
    undo = token.when_cancelled(lambda: calls.append(1))
    undo()
    assert calls == [1]


def test_a_wish_that_was_taken_back_is_not_fulfilled():
    token, calls = CancelToken(), []
    undo = token.when_cancelled(lambda: calls.append("back"))
    token.when_cancelled(lambda: calls.append("stays"))
    undo()
    undo()
    token.cancel()
    assert calls == ["stays"]


def test_once_taken_back_the_call_neither_runs_nor_is_running():
    token, running = CancelToken(), threading.Event()
    finished = []

    def slow():
        running.set()
        time.sleep(0.2)
        finished.append(1)

    undo = token.when_cancelled(slow)
    cancelling = threading.Thread(target=token.cancel)
    cancelling.start()
    running.wait(5)
    undo()
    assert finished == [1]
    cancelling.join()
