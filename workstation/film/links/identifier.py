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


def recognise(link: Link, sources: Sequence[Source]) -> FilmReference | None:
    """See `Grammar`. The source that is asked is the first one configured."""
    if link.url is not None:
        return None
    is_uid = LOOSE_UID.fullmatch(link.text) is not None and link.text.count(".") >= 3
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
