"""How long a kept film stays, and whether it may be opened at all: by its link, by the settings, by what IT allows."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.archive.store.store import KeptStudy
    from workstation.reference import Source
    from workstation.settings import StoreSettings

_DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class About:
    """What a kept study is.

    Attributes
    ----------
    entry : str
        What was entered to open it: never shown, never logged.
    origin, study : str
        Its name in the store.
    who : (str, str)
        The patient's name, masked, in English and in Chinese.
    count : int
        Instances in it.
    at : float
        When its service was last asked for it (POSIX seconds).
    patient : str
        Patient ID: with `issuer`, whose film it is.
    expires : float
        When the link that opened it ends (POSIX seconds); 0: it does not say.
    """

    entry: str
    origin: str
    study: str
    source: str
    issuer: str
    title: str
    who: tuple[str, str]
    count: int
    at: float
    patient: str = ""  # what an earlier version kept says neither of these
    expires: float = 0.0

    def to_bytes(self) -> bytes:
        """As it is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class KeptFilm:
    """A film that is kept, and until when (POSIX seconds)."""

    handle: bytes
    about: About
    is_pinned: bool
    ends: float


def kept_film(study: KeptStudy, settings: StoreSettings) -> KeptFilm | None:
    """What a study in the store is; None for one of which nobody said it, or nobody can read it."""
    try:
        found = json.loads(study.about)
        english, chinese = found.pop("who")
        about = About(**found, who=(str(english), str(chinese)))
        expires = float(about.expires)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    ends = lease_end(study.used, settings, expires=expires, is_pinned=study.is_pinned)
    return KeptFilm(study.handle, about, study.is_pinned, ends)


def lease_end(used: float, settings: StoreSettings, *, expires: float = 0.0, is_pinned: bool = False) -> float:
    """When the key of a study is destroyed: the earliest of what its link and the settings say.

    Parameters
    ----------
    used : float
        When it was last open (POSIX seconds).
    expires : float
        When its link ends; 0: unknown. Nothing outlives this.
    is_pinned : bool
        It stays beyond the end of the clinic, not beyond its days.
    """
    ends = [used + settings.days * _DAY_S]
    if expires > 0.0:
        ends.append(expires)
    if settings.until and not is_pinned:
        ends.append(_next(used, settings.until))
    return min(ends)


def _next(after: float, clock: str) -> float:
    """The first moment after another at which the clocks on the wall show a time of day."""
    hour, minute = (int(part) for part in clock.split(":"))
    begun = datetime.fromtimestamp(after).astimezone().replace(tzinfo=None)  # wall time: clocks may be changed between
    end = begun.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (end if end > begun else end + timedelta(days=1)).timestamp()


def is_permitted(about: About, sources: Sequence[Source], *, typed_links: bool) -> bool:
    """Whether a kept film would be opened from its service today: by a source, or where links of others may be."""
    place = urlsplit(about.origin.rpartition(" ")[2])
    for source in sources:
        own = urlsplit(source.root).netloc.rpartition("@")[2].lower()
        hosts = {own, *(host.lower() for host in source.link_hosts)}
        if source.name == about.source and hosts & {place.netloc, place.hostname or ""}:
            return True
    return typed_links and about.source == place.hostname
