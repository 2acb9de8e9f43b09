"""Pairs: ours beside the floor or peer that does the same with nothing around it, measured by turns in one run.

A figure alone says more about the machine than about the program; the ratio of two medians that were taken by turns
does not. Nothing here asserts a time. Each pair becomes `benchmark-results/NAME.json`, all of them a table at the end.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmark-results"
_PAIRS = pytest.StashKey[list]()
_NOTES = pytest.StashKey[list]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_PAIRS] = []
    config.stash[_NOTES] = []


def machine() -> str:
    """What the figures were taken on."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.is_file():
        names = [
            line.partition(":")[2].strip() for line in information.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}{busy}"


class Pair:
    """Takes both sides of one comparison by turns, and keeps the outcome.

    `ratio` is always ours over the other's in time: 1.0 is as fast as the floor, 2.0 takes twice as long.
    """

    def __init__(self, benchmark, pairs: list, notes: list) -> None:
        self._benchmark, self._pairs, self._notes = benchmark, pairs, notes

    def compare(
        self,
        name: str,
        ours: Callable[[], object],
        other: Callable[[], object],
        *,
        rounds: int,
        against: str = "floor",
        timer: Callable[[], float] = time.perf_counter,
        megabytes: float = 0.0,
        each: int = 1,
    ) -> None:
        """Measure `ours` and `other` alternately.

        Parameters
        ----------
        against : str
            ``floor``: the same work bare; ``peer``: another program's or library's way.
        timer : callable
            Seconds; `time.process_time` for the work of the processors.
        megabytes : float
            10^6 bytes that one call moves; then MB/s are reported, else milliseconds.
        each : int
            One call does the work so many times; the figures are of one.
        """
        times: dict[str, list[float]] = {"ours": [], "other": []}

        def timed(side: str, call: Callable[[], object]) -> None:
            began = timer()
            call()
            times[side].append((timer() - began) / each)

        ours()
        other()
        self._benchmark.pedantic(
            lambda: timed("ours", ours), setup=lambda: timed("other", other), rounds=rounds, iterations=1
        )
        self.keep(name, statistics.median(times["ours"]), statistics.median(times["other"]), against, megabytes / each)

    def keep(self, name: str, ours_s: float, other_s: float, against: str = "floor", megabytes: float = 0.0) -> None:
        """Write one pair of medians, in seconds."""
        shown = (lambda s: megabytes / s) if megabytes else (lambda s: 1e3 * s)
        unit = "MB/s" if megabytes else "ms"
        made = {
            "name": name,
            "ours": round(shown(ours_s), 3),
            against: round(shown(other_s), 3),
            "ratio": round(ours_s / other_s, 3),
            "unit": unit,
            "machine": machine(),
        }
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
        self._pairs.append((made, against))

    def note(self, words: str) -> None:
        """A figure beside the table that has no counterpart."""
        self._notes.append(words)


@pytest.fixture
def pair(benchmark, request: pytest.FixtureRequest) -> Pair:
    return Pair(benchmark, request.config.stash[_PAIRS], request.config.stash[_NOTES])


def pytest_terminal_summary(terminalreporter) -> None:
    pairs = terminalreporter.config.stash[_PAIRS]
    if not pairs:
        return
    terminalreporter.section("ours beside its floor or peer (ratio of times, by turns, medians)")
    for made, against in pairs:
        terminalreporter.write_line(
            f"{made['name']:<34} {made['ours']:>10.2f} {made['unit']:<5} {against:<5} "
            f"{made[against]:>10.2f} {made['unit']:<5} ratio {made['ratio']:>7.2f}"
        )
    for words in terminalreporter.config.stash[_NOTES]:
        terminalreporter.write_line(words)
    terminalreporter.write_line(machine())
