"""`Abilities`: what a service was found to do and not to do; found out once, for every film that comes from it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

_MOST: Final = 64  # services that are remembered
PARTS: Final = 'multipart/related; type="application/dicom"; transfer-syntax=*'
SINGLE: Final = "application/dicom; transfer-syntax=*"


class RetrieveWay(Enum):
    """How instances are had from a service."""

    INSTANCE = auto()  # WADO-RS, each by itself
    WADO_URI = auto()  # each by itself, by the older service
    SERIES = auto()  # WADO-RS, a whole series in one answer
    FRAMES = auto()  # WADO-RS, frame by frame, joined with the metadata


@dataclass(slots=True)
class Abilities:
    """What is known of one service; None: nothing yet. Each field is set whole, from any thread.

    Attributes
    ----------
    accept : str or None
        What an instance is asked for as: in a multipart body, or alone where the service refuses that.
    way : RetrieveWay or None
        How an instance came.
    fruitless : int
        How many instances came by no way at all while none was known.
    gives_frames : bool or None
        It gives single frames of multi-frame objects.
    gives_thumbnails, renders : bool
        It has thumbnails; it draws pictures at all.
    decodes_escapes : bool or None
        It undoes percent signs in a query (RFC 3986 2.4).
    """

    accept: str | None = None
    way: RetrieveWay | None = None
    fruitless: int = 0
    gives_frames: bool | None = None
    gives_thumbnails: bool = True
    renders: bool = True
    decodes_escapes: bool | None = None


class KnownServices:
    """The abilities of the services that were used last, in memory alone. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Abilities] = OrderedDict()

    def of(self, service: str) -> Abilities:
        """What is known of a service; the same object for all who ask."""
        with self._lock:
            found = self._known.setdefault(service, Abilities())
            self._known.move_to_end(service)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
            return found
