from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workstation.demo.films import FilmInfo, make_films
from workstation.workers.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="package")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="package")
def films(demo_folder: Path) -> dict[str, FilmInfo]:
    return {film.key: film for film in make_films(demo_folder)}


@pytest.fixture(scope="package")
def demo_pool() -> Iterator[WorkerPool]:
    with WorkerPool(1) as pool:
        yield pool
