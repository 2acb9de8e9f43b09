from __future__ import annotations

from collections.abc import Iterator

import pytest

from workstation.workers.pool import WorkerPool


@pytest.fixture(scope="package")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(2) as shared:
        yield shared
