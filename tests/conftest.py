"""Strictness for every test: an unannounced log record of WARNING or above, or a leaked thread, fails it."""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workstation.workers.pool import WorkerPool

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run soak, fuzz and stress tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="long: run with --long")
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(skip)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real DICOM files beside the checkout; the test is skipped where it is not there."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here: real files are not tested")
    return SHARED_DATA


@pytest.fixture(scope="session")
def worker_pool() -> Iterator[WorkerPool]:
    """Worker processes that all tests share."""
    from workstation.workers.pool import WorkerPool

    with WorkerPool(2) as pool:
        yield pool


@pytest.fixture(scope="session")
def films(tmp_path_factory):
    """A CT of two series, a radiograph of the same patient, and a film of somebody else."""
    from tests.phantoms import STRANGER_STUDY, ct_stack, radiograph, stranger, write_study

    folder = tmp_path_factory.mktemp("films")
    write_study(folder / "ct", [*ct_stack(9), *ct_stack(4, series="2.25.7001003", shape=(64, 80))])
    write_study(folder / "dx", [radiograph()])
    write_study(folder / "other", ct_stack(3, person=stranger(), study=STRANGER_STUDY, series="2.25.7003002"))
    return folder


@pytest.fixture(scope="session")
def service(films):
    from workstation.demo.service import start_demo

    running = start_demo(films)
    yield running
    running.close()


# Names, IDs and secrets that the tests' own patients and shares carry; none may stand in any record of the whole suite.
MARKS = ("Ouyang", "欧阳", "晓东", "Wang^Wu", "Wang Wu", "王^五", "DEMO-7001", "DEMO-9999", "19800312", "1980-03-12")


class _Marks(logging.Handler):
    """Listens to every record of every logger, at every level, from the first test to the last."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        words = logging.Formatter().format(record)
        if any(mark in words for mark in MARKS):
            self.found.append(f"{record.name} {record.levelname}")


@pytest.fixture(scope="session", autouse=True)
def _no_patient_in_any_log() -> Iterator[None]:
    """Fail the suite when a record of any logger holds a patient's name, ID or birth date."""
    marks, root = _Marks(), logging.getLogger()
    level = root.level
    root.addHandler(marks)
    root.setLevel(logging.DEBUG)
    yield
    root.removeHandler(marks)
    root.setLevel(level)
    assert not marks.found, f"records with a patient's data: {marks.found[:20]}"


class _Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record)


@pytest.fixture(autouse=True)
def _no_unannounced_log(request: pytest.FixtureRequest):
    """Fail a test whose code logs at WARNING or above, unless marked `announces_warnings`."""
    handler = _Records()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if request.node.get_closest_marker("announces_warnings"):
        return
    assert not handler.seen, "unannounced log records: " + "; ".join(r.getMessage() for r in handler.seen)


@pytest.fixture(autouse=True)
def _no_leaked_thread():
    """Fail a test that leaves a thread of its own running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        left = [t for t in threading.enumerate() if t not in before and t.is_alive() and "pool-shared" not in t.name]
        if not left:
            return
        time.sleep(0.02)
    pytest.fail(f"threads left running: {left}")


@pytest.fixture(autouse=True)
def _own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings, logs or audit trail of whoever runs it."""
    place = tmp_path_factory.mktemp("places", numbered=True)
    monkeypatch.setenv("XDG_STATE_HOME", str(place / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(place / "config"))
