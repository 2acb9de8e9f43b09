"""What opening a reference comes to: one film that is ready to be loaded, or several studies to choose from.

Apart from `resolve`, so that a window can stand before the network's libraries are there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workstation.reference import FilmReference, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.archive.sources import FilmSource, Listing
    from workstation.dicom.study import Patient, Study
    from workstation.tasks import CancelToken


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several studies that fit an accession number."""

    reference: FilmReference
    patient: Patient
    study: Study
    instances: int


@dataclass(frozen=True, slots=True, eq=False)
class OpenedFilm:
    """A film that is ready to be loaded."""

    listing: Listing
    source: FilmSource
    entry: Secret = field(default_factory=lambda: Secret(""))  # what was entered to open it
    kept_at: float = 0.0  # when what is shown of it was asked for, where it comes from the store (POSIX seconds)
    expires_at: float = 0.0  # when its link ends (POSIX seconds); 0: it does not say
    # Asks its source for the whole listing: where this one is its beginning, or of what was kept
    ask: Callable[[CancelToken], object] | None = None
    # Asks its source whether the study has grown since: the film with a longer listing, or None
    look: Callable[[CancelToken], object] | None = None
    wished: float = 0.0  # when somebody wished for it (`time.monotonic`); 0: as it is shown
    cold_s: float = 0.0  # seconds in which its archive fetched it from its store
