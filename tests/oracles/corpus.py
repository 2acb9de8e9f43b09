"""Which files the oracles look at: one or two of every kind of pixel data beside the checkout, and pydicom's own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom.data

from workstation.dicom.part10 import read_part10
from workstation.errors import WorkstationError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_DICOM = frozenset({".tsv", ".json", ".md", ".txt"})
_NO_PICTURES = frozenset({"charset", "dicomdir_pydicom", "reports"})


def pydicom_files() -> list[Path]:
    """The DICOM files inside pydicom's wheel that hold pixel data."""
    root = Path(pydicom.data.__file__).parent / "test_files"
    return [path for path in sorted(root.glob("*.dcm")) if _kind(path) is not None]


def shared_files(root: Path, a_kind: int = 1) -> Iterator[Path]:
    """`a_kind` files of every transfer syntax and sort of pixels; the head CT in full."""
    seen: Counter[tuple[object, ...]] = Counter()
    for path in sorted(root.rglob("*")):
        folder = path.relative_to(root).parts[0]
        if not path.is_file() or path.suffix in _NO_DICOM or folder in _NO_PICTURES:
            continue
        kind = _kind(path)
        if kind is None:
            continue
        seen[kind] += 1
        if seen[kind] <= a_kind or folder == "ihe_mado":
            yield path


def _kind(path: Path) -> tuple[object, ...] | None:
    try:
        part10 = read_part10(path.read_bytes())
        pixels = part10.required_description()
        part10.check_complete()
    except WorkstationError:
        return None
    return (
        pixels.transfer_syntax_uid,
        pixels.photometric_interpretation,
        pixels.bits_allocated,
        pixels.bits_stored,
        pixels.pixel_representation,
        pixels.planar_configuration,
    )
