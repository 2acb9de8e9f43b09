"""What the first window left out is imported by one thread at a time, however many films are asked for at once."""

from __future__ import annotations

import subprocess
import sys

RUSH = """
import threading
from workstation.app.warming import warm_up
failed = []
start = threading.Barrier(6)
def open_a_film():
    start.wait()
    try:
        warm_up()
        from workstation.archive.media import list_media
        from workstation.film.resolve import FilmOpening
        from workstation.archive.loader import FilmLoader
    except BaseException as error:
        failed.append(repr(error))
threads = [threading.Thread(target=open_a_film) for _ in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not failed, failed
"""


def test_films_that_are_asked_for_at_once_before_the_program_is_warm_all_open():
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", RUSH], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr[-1500:]
