from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workstation.workers.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(2) as shared:
        yield shared
