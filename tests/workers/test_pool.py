"""The pool from outside: what it gives, and what dead, hung, greedy and called-off jobs cost."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from workstation.errors import Cancelled, ConnectionFailed, DecodeError, DicomError
from workstation.tasks import CancelToken
from workstation.workers.limits import Limits
from workstation.workers.messages import DecodeJob
from workstation.workers.pool import WorkerPool

JPEG_LS = "1.2.840.10008.1.2.4.80"
LINUX = pytest.mark.skipif(sys.platform == "win32", reason="stops processes with POSIX signals")


def picture(rows: int = 37, columns: int = 53, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4096, (rows, columns)).astype(np.uint16)


def job(values: np.ndarray, **changes: object) -> DecodeJob:
    fields: dict[str, object] = {
        "encoded": bytes(imagecodecs.jpegls_encode(values)),
        "transfer_syntax_uid": JPEG_LS,
        "rows": values.shape[0],
        "columns": values.shape[1],
        "samples_per_pixel": 1,
        "bits_allocated": 16,
        "bits_stored": 12,
        "high_bit": 11,
        "pixel_representation": 0,
        "photometric_interpretation": "MONOCHROME2",
    }
    return DecodeJob(**(fields | changes))  # type: ignore[arg-type]


def workers() -> list[multiprocessing.process.BaseProcess]:
    return [process for process in multiprocessing.active_children() if process.name == "cloudfilm-worker"]


def the_only_worker(own: WorkerPool) -> int:
    """Process id of the worker of a pool of one, which is up and idle."""
    own.decode(job(picture()))
    (pid,) = own.process_ids
    return pid


def test_a_frame_comes_back_bit_for_bit_and_read_only(pool: WorkerPool):
    values = picture()
    decoded = pool.decode(job(values))
    assert np.array_equal(decoded, values)
    assert decoded.dtype == np.uint16
    assert not decoded.flags.writeable


def test_frames_of_many_sizes_from_many_threads_are_never_mixed_up(pool: WorkerPool):
    wrong: list[int] = []

    def work(seed: int) -> None:
        for step in range(6):
            values = picture(20 + 90 * ((seed + step) % 5), 30 + seed, seed * 100 + step)
            if not np.array_equal(pool.decode(job(values)), values):
                wrong.append(seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_frame_of_another_size_than_the_data_set_says_is_refused(pool: WorkerPool):
    with pytest.raises(DecodeError) as caught:
        pool.decode(job(picture(), rows=38))
    assert caught.value.code == "decode-wrong-size"
    assert "37 x 53" in str(caught.value)


def test_a_syntax_nobody_decodes_is_named(pool: WorkerPool):
    with pytest.raises(DicomError) as caught:
        pool.decode(job(picture(), transfer_syntax_uid="1.2.3"))
    assert caught.value.code == "unsupported-syntax"
    assert caught.value.params["syntax"] == "1.2.3"


def test_a_frame_too_large_for_a_worker_is_refused_before_anything_is_made(pool: WorkerPool):
    with pytest.raises(DicomError) as caught:
        pool.decode(job(picture(), rows=60000, columns=60000))
    assert caught.value.code == "over-limit"


def test_garbage_is_refused(pool: WorkerPool):
    with pytest.raises(DecodeError) as caught:
        pool.decode(job(picture(), encoded=b"no codestream at all"))
    assert caught.value.code == "decode-failed"


def until_it_is_gone(process_id: int) -> None:
    """Until the kernel has closed all that it had: its parent need not have asked for it."""
    ends = time.monotonic() + 8
    while Path(f"/proc/{process_id}/stat").read_text().rpartition(") ")[2][0] not in "ZX":
        assert time.monotonic() < ends
        time.sleep(0.005)


@LINUX
def test_a_killed_worker_costs_one_job_and_is_replaced():
    with WorkerPool(1) as own:
        worker = the_only_worker(own)
        failures: list[DecodeError] = []

        def work() -> None:
            with pytest.raises(DecodeError) as caught:
                own.decode(job(picture()))
            failures.append(caught.value)

        os.kill(worker, signal.SIGSTOP)
        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.2)
        os.kill(worker, signal.SIGKILL)
        thread.join()
        assert [failure.code for failure in failures] == ["decoder-died"]
        values = picture(seed=9)
        assert np.array_equal(own.decode(job(values)), values)


@LINUX
def test_a_worker_that_was_gone_before_its_job_costs_none():
    with WorkerPool(1) as own:
        worker = the_only_worker(own)
        os.kill(worker, signal.SIGKILL)
        until_it_is_gone(worker)
        values = picture()
        assert np.array_equal(own.decode(job(values)), values)
        assert own.decode(job(picture())).shape == (37, 53)


@LINUX
def test_a_hung_worker_costs_one_job_and_no_more_than_its_deadline():
    with WorkerPool(1, limits=Limits(deadline_s=0.5)) as own:
        worker = the_only_worker(own)
        os.kill(worker, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(DecodeError) as caught:
            own.decode(job(picture()))
        assert caught.value.code == "decode-timeout"
        assert time.monotonic() - began < 20  # nobody waited for the worker itself
        assert own.decode(job(picture())).shape == (37, 53)


def test_a_decoder_that_needs_more_memory_than_it_may_is_refused_and_the_next_frame_works(pool: WorkerPool):
    values = np.zeros((8000, 8000), np.uint16)  # 122 MiB
    values[:300, :300] = picture(300, 300)
    large = job(values)
    assert pool.decode(large).shape == (8000, 8000)
    with WorkerPool(1, limits=Limits(memory_bytes=250 << 20)) as own:
        with pytest.raises(DecodeError) as caught:
            own.decode(large)
        assert caught.value.code in ("decode-failed", "decoder-died")
        assert own.decode(job(picture())).shape == (37, 53)


def test_a_job_called_off_before_it_begins_is_not_done(pool: WorkerPool):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        pool.decode(job(picture()), token)


@LINUX
def test_a_job_called_off_while_it_hangs_lets_go_at_once():
    with WorkerPool(1) as own:
        worker = the_only_worker(own)
        os.kill(worker, signal.SIGSTOP)
        token = CancelToken()
        threading.Timer(0.1, token.cancel).start()
        began = time.monotonic()
        with pytest.raises(Cancelled):
            own.decode(job(picture()), token)
        assert time.monotonic() - began < 9  # its deadline is ten seconds
        assert own.decode(job(picture())).shape == (37, 53)


def test_closing_calls_off_what_waits_and_what_runs_and_leaves_no_process():
    own = WorkerPool(1)
    ends: list[type[BaseException]] = []

    def work() -> None:
        try:
            while True:
                own.decode(job(picture(800, 800)))
        except Cancelled as error:
            ends.append(type(error))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.6)
    mine = own.process_ids
    assert mine
    own.close()
    for thread in threads:
        thread.join(5)
    assert ends == [Cancelled] * 3
    assert not mine & {process.pid for process in workers()}
    with pytest.raises(Cancelled):
        own.decode(job(picture()))
    own.close()


def test_a_program_with_a_pool_ends_without_a_word_and_leaves_nothing_behind(tmp_path: Path):
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(
            """
            import sys

            def main():
                from workstation.workers.messages import DecodeJob
                from workstation.workers.pool import WorkerPool
                from workstation.errors import DecodeError
                assert "numpy" not in sys.modules, "numpy came with the pool"
                assert "imagecodecs" not in sys.modules
                with WorkerPool(2) as pool:
                    print(pool.proxy_for("function FindProxyForURL(u, h) { return 'DIRECT'; }", "http://a/", "a"))
                    try:
                        pool.decode(DecodeJob(b"x", "1.2.840.10008.1.2.4.90", 1, 1, 1, 8, 8, 7, 0, "MONOCHROME2"))
                    except DecodeError as error:
                        print(error.code)
                assert "imagecodecs" not in sys.modules, "a decoder came into the parent"

            if __name__ == "__main__":
                main()
            """
        )
    )
    shm = Path("/dev/shm")
    before = set(shm.iterdir()) if shm.is_dir() else set()
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program)],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["DIRECT", "decode-failed"], "")
    if shm.is_dir():
        assert set(shm.iterdir()) <= before


@LINUX
def test_workers_end_when_their_parent_is_killed(tmp_path: Path):
    program = tmp_path / "parent.py"
    program.write_text(
        textwrap.dedent(
            """
            import multiprocessing, time

            def main():
                from workstation.workers.pool import WorkerPool
                pool = WorkerPool(2)
                pool.proxy_for("function FindProxyForURL(u, h) { return 'DIRECT'; }", "http://a/", "a")
                print(*[p.pid for p in multiprocessing.active_children()], flush=True)
                time.sleep(60)

            if __name__ == "__main__":
                main()
            """
        )
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, str(program)], env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()
    assert len(pids) == 2
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(Path(f"/proc/{pid}/stat").exists() for pid in pids):
        time.sleep(0.05)
    assert not [pid for pid in pids if Path(f"/proc/{pid}/stat").exists()]


PAC = """
function FindProxyForURL(url, host) {
  if (dnsDomainIs(host, ".hospital.local")) return "DIRECT";
  return "PROXY proxy.hospital.local:3128; DIRECT";
}
"""


def test_a_proxy_script_names_the_proxy(pool: WorkerPool):
    assert pool.proxy_for(PAC, "https://cloud.example/", "cloud.example") == "PROXY proxy.hospital.local:3128; DIRECT"
    assert pool.proxy_for(PAC, "https://pacs.hospital.local/", "pacs.hospital.local") == "DIRECT"


@pytest.mark.parametrize(
    "script",
    [
        "this is no script",
        "function SomethingElse() {}",
        "function FindProxyForURL(u, h) { throw 'no'; }",
        "function FindProxyForURL(u, h) { return 7; }",
        "",
    ],
)
def test_a_wrong_proxy_script_is_one_clear_failure(pool: WorkerPool, script: str):
    with pytest.raises(ConnectionFailed) as caught:
        pool.proxy_for(script, "https://cloud.example/", "cloud.example")
    assert caught.value.code == "pac-failed"


def test_a_proxy_script_that_never_ends_is_stopped():
    with WorkerPool(1, limits=Limits(deadline_s=0.5)) as own:
        with pytest.raises(ConnectionFailed) as caught:
            own.proxy_for("function FindProxyForURL(u, h) { while (true) {} }", "http://a/", "a")
        assert caught.value.params == {"reason": "decode-timeout"}
        assert own.proxy_for(PAC, "https://cloud.example/", "cloud.example").startswith("PROXY")


def test_a_proxy_script_that_eats_memory_is_stopped():
    script = "function FindProxyForURL(u, h) { var s = 'x'; while (true) { s = s + s; } }"
    with WorkerPool(1, limits=Limits(memory_bytes=500 << 20, deadline_s=5)) as own:
        with pytest.raises(ConnectionFailed) as caught:
            own.proxy_for(script, "http://a/", "a")
        assert caught.value.code == "pac-failed"
        assert own.proxy_for(PAC, "https://cloud.example/", "cloud.example").startswith("PROXY")


def test_refused_frames_of_growing_size_do_not_cost_a_worker():
    with WorkerPool(1) as own:
        for size in (40, 900, 1500, 2500):
            values = np.zeros((size, size), np.uint16)
            for damaged in (b"nothing", bytes(imagecodecs.jpegls_encode(values))[:-30] + b"\xff\xd9"):
                with pytest.raises(DecodeError) as caught:
                    own.decode(job(values, encoded=damaged))
                assert caught.value.code == "decode-failed"


def test_no_shared_memory_stays_mapped_after_a_large_frame(pool: WorkerPool):
    values = np.zeros((5000, 5000), np.uint16)
    assert pool.decode(job(values)).shape == (5000, 5000)
    gc.collect()
    if Path("/proc/self/maps").exists():
        sizes = [
            int(line.split()[0].split("-")[1], 16) - int(line.split()[0].split("-")[0], 16)
            for line in Path("/proc/self/maps").read_text().splitlines()
            if "cloudfilm-arena" in line
        ]
        assert all(size <= 64 << 20 for size in sizes)


def test_a_pool_that_waits_starts_no_process_before_its_first_job():
    with WorkerPool(1, at_once=False) as own:
        time.sleep(0.1)
        assert not own.process_ids
        values = picture()
        assert np.array_equal(own.decode(job(values)), values)
    WorkerPool(1, at_once=False).close()


def test_what_must_come_before_the_processes_comes_before_each_of_them():
    seen: list[frozenset[int]] = []
    with WorkerPool(2, at_once=False, before=lambda: seen.append(pool.process_ids)) as pool:
        assert seen == []  # and nothing of it at the start
        pool.decode(job(picture()))
        assert seen == [frozenset()]


def test_a_process_that_cannot_be_confined_is_ended_and_no_frame_goes_to_it(monkeypatch: pytest.MonkeyPatch):
    """On Windows the parent puts it into a Job Object, which may be refused."""
    before = {process.pid for process in workers()}

    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("workstation.workers.worker.Confinement", refuse)
    with WorkerPool(1) as own, pytest.raises(DecodeError) as caught:
        own.decode(job(picture()))
    assert caught.value.code == "decoder-died"
    assert {process.pid for process in workers()} <= before
