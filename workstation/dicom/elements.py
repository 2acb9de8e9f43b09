"""Reading values out of a pydicom data set without surprises: absent, empty and unreadable values are all `None`."""

from __future__ import annotations

import logging
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from pydicom import config
from pydicom.errors import BytesLengthException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

config.settings.reading_validation_mode = config.IGNORE  # odd values are shown or refused, never warned about
logging.getLogger("pydicom").setLevel(logging.CRITICAL)  # its records quote values, and values are patient data
_one_at_a_time = threading.RLock()  # the list of warning filters belongs to the whole process

UNREADABLE: Final = (
    ValueError,
    TypeError,
    OverflowError,
    AttributeError,
    KeyError,
    IndexError,
    NotImplementedError,
    BytesLengthException,
)


@contextmanager
def without_warnings() -> Iterator[None]:
    """Drop what pydicom warns about, in this thread and for this block."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def value_of(dataset: Dataset, keyword: str) -> Any:
    """The value of an element, or None when it is absent, empty or cannot be converted."""
    with without_warnings():
        try:
            value = dataset.get(keyword)
        except UNREADABLE:
            return None
    return None if value is None or (hasattr(value, "__len__") and len(value) == 0) else value


def text_of(dataset: Dataset, keyword: str) -> str:
    """The first value as text without surrounding blanks, or an empty string."""
    value = value_of(dataset, keyword)
    if isinstance(value, (list, tuple)) or type(value).__name__ == "MultiValue":
        value = value[0]
    return "" if value is None else str(value).strip(" \0")


def texts_of(dataset: Dataset, keyword: str) -> tuple[str, ...]:
    """All values as text without surrounding blanks; empty when there are none."""
    value = value_of(dataset, keyword)
    if value is None:
        return ()
    many = value if isinstance(value, (list, tuple)) or type(value).__name__ == "MultiValue" else [value]
    return tuple(str(one).strip(" \0") for one in many)


def numbers_of(dataset: Dataset, keyword: str) -> tuple[float, ...]:
    """All values as float; empty when one of them is no finite number."""
    value = value_of(dataset, keyword)
    if value is None:
        return ()
    many = value if isinstance(value, (list, tuple)) or type(value).__name__ == "MultiValue" else [value]
    try:
        numbers = tuple(float(one) for one in many)
    except UNREADABLE:
        return ()
    return numbers if all(abs(number) < float("inf") for number in numbers) else ()


def number_of(dataset: Dataset, keyword: str) -> float | None:
    """The first value as float, or None."""
    numbers = numbers_of(dataset, keyword)
    return numbers[0] if numbers else None


def whole_number_of(dataset: Dataset, keyword: str) -> int | None:
    """The first value as int, or None when there is none or it is no whole number."""
    number = number_of(dataset, keyword)
    return int(number) if number is not None and number == int(number) else None


def items_of(dataset: Dataset, keyword: str) -> tuple[Dataset, ...]:
    """The items of a sequence; empty when it is absent or no sequence."""
    value = value_of(dataset, keyword)
    return tuple(value) if type(value).__name__ == "Sequence" else ()
