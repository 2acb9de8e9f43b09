"""What the kernel holds a worker to, as the kernel tells it."""

from __future__ import annotations

import resource
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.workers.test_pool import job, picture, the_only_worker
from workstation.workers.limits import MIB, Limits
from workstation.workers.pool import WorkerPool

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def kernel_limits(pid: int) -> dict[str, tuple[str, str]]:
    """Soft and hard limits of a process by their names."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    return {line[:25].strip(): (line[26:46].strip(), line[47:67].strip()) for line in lines}


def test_a_worker_has_the_memory_it_may_have_no_core_file_and_an_end_to_its_processor_time():
    with WorkerPool(1) as own:
        found = kernel_limits(the_only_worker(own))
    assert found["Max address space"] == (str(3072 * MIB), str(3072 * MIB))
    assert found["Max core file size"] == ("0", "0")
    seconds = int(found["Max cpu time"][0])
    assert 10 < seconds < 10 + 5 + 60  # the deadline, what it may be late, and what its start cost


def test_processor_time_is_limited_anew_when_what_is_left_would_not_last():
    """A child whose job may take a second, and which has used three: its end is moved, and never beyond."""
    words = """
        import resource, time
        from workstation.workers.limits import limit_own_next_job
        ends = []
        for _ in range(4):
            limit_own_next_job(1.0)
            ends.append(resource.getrlimit(resource.RLIMIT_CPU)[0])
            used = time.process_time()
            assert 1 <= ends[-1] - used <= 1 + 5 + 1, (ends, used)
            while time.process_time() < used + 1.5:
                pass
        assert ends[-1] > ends[0], ends
        limit_own_next_job(1.0)
        while True:
            pass
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(words)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    assert done.returncode == -24  # SIGXCPU: the kernel ended what would not end


def test_the_limit_of_the_memory_is_the_one_that_was_asked_for():
    with WorkerPool(1, limits=Limits(memory_bytes=700 * MIB)) as own:
        assert kernel_limits(the_only_worker(own))["Max address space"][0] == str(700 * MIB)
        own.decode(job(picture()))
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != 700 * MIB  # the parent is not held to it
