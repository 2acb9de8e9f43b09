"""A bare Study Instance UID or an accession number, looked up at the configured sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from workstation.errors import LinkError
from workstation.film.links.base import LOOSE_UID, checked_uids
from workstation.reference import FilmReference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.film.links.base import Link
    from workstation.reference import Source

NAME: Final = "identifier"
_ACCESSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{2,15}")  # VR SH: at most 16 characters


def _looks_like_uid(text: str) -> bool:
    """Roots are 0, 1 and 2 (PS3.5 9.1), UUIDs lie under 2.25; a date with dots is an accession number."""
    rooted = text.startswith(("0.", "1.", "2.")) and (text.count(".") >= 3 or text.startswith("2.25."))
    return rooted and LOOSE_UID.fullmatch(text) is not None


def recognise(link: Link, sources: Sequence[Source]) -> FilmReference | None:
    """See `Grammar`. The source that is asked is the first one configured."""
    if link.url is not None:
        return None
    is_uid = _looks_like_uid(link.text)
    is_accession = not is_uid and _ACCESSION.fullmatch(link.text) is not None and any(c.isdigit() for c in link.text)
    if not is_uid and not is_accession:
        return None
    if not sources:
        raise LinkError("link-no-source")
    return FilmReference(
        kind="uid" if is_uid else "accession",
        study_uids=checked_uids([link.text]) if is_uid else (),
        accession=() if is_uid else (link.text,),
        dicomweb_root=sources[0].root,
        label=sources[0].name,
    )
