"""`FilmSource`: where the instances of one film come from; the cloud and a folder are the two so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workstation.archive.breaker import ServerState
    from workstation.archive.intake import Received
    from workstation.archive.tally import Tally
    from workstation.dicom.reports import Report
    from workstation.dicom.study import Instance, Patient
    from workstation.errors import WorkstationError
    from workstation.tasks import CancelToken


@dataclass(frozen=True, slots=True)
class Listing:
    """What a film holds, before its pixels.

    Attributes
    ----------
    patient : Patient
        Whose film it is; every instance is compared with it.
    issuer : str
        The issuer of patient IDs that IT configured for the source.
    announced : mapping
        The archive's own count of instances by Series Instance UID, where it gives one.
    unusable : tuple of WorkstationError
        Why files that may belong to the film could not be listed: it is not known to be whole.
    texts : tuple of Report
        Plain text files that lie beside the images; they name no patient.
    is_beginning : bool
        It is of what is shown first; the whole one follows.
    is_whole : bool
        The archive did not say that it has more than it listed.
    """

    source_name: str
    patient: Patient
    instances: tuple[Instance, ...]
    issuer: str = ""
    announced: Mapping[str, int] = field(default_factory=dict)
    unusable: tuple[WorkstationError, ...] = ()
    texts: tuple[Report, ...] = ()
    is_beginning: bool = False
    is_whole: bool = True


class FilmSource(Protocol):
    """Gives the checked instances of one film. Called from background threads.

    Attributes
    ----------
    is_local : bool
        They come from a disk: no line to anywhere is shared with other films.
    """

    @property
    def is_local(self) -> bool:
        """See above."""
        ...

    def obtain(
        self, asked: Instance, patient: Patient, token: CancelToken, received: Callable[[int], None]
    ) -> Received:
        """Fetch and check one instance; `received` is told of bytes as they come."""
        ...

    def thumbnail(self, asked: Instance, token: CancelToken) -> bytes | None:
        """A small rendered picture (JPEG or PNG) for a list; None where the source has none."""
        ...

    def server(self) -> ServerState | None:
        """What is known of the server; None where there is none, or none was asked yet. Never waits."""
        ...

    def tally(self) -> Tally | None:
        """What asking for the film cost; None where nothing was asked yet, or there is nobody to ask."""
        ...

    def try_now(self) -> None:
        """Somebody wants it now: a server that is left in peace is asked at once."""
        ...

    def spare(self, token: CancelToken) -> None:
        """Open one more way to it, for what is suddenly wanted while all others are in use."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
