"""Plain DICOMweb study links: ``https://host/dicom-web/studies/UID[/series/UID[/instances/UID]]`` (PS3.18 10.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from workstation.film.links.base import checked_uids, source_of
from workstation.reference import FilmReference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.film.links.base import Link
    from workstation.reference import Source

NAME: Final = "dicomweb"
_PATH: Final = re.compile(
    r"^(?P<root>.*)/studies/(?P<study>[^/]+)(/series/(?P<series>[^/]+)(/instances/(?P<sop>[^/]+))?)?"
)


def recognise(link: Link, sources: Sequence[Source]) -> FilmReference | None:
    """See `Grammar`."""
    if link.url is None or link.url.scheme not in ("http", "https"):
        return None
    found = _PATH.match(link.path)
    if found is None:
        return None
    source = source_of(link, sources)
    return FilmReference(
        kind=NAME,
        study_uids=checked_uids([unquote(found["study"])]),
        series_uids=checked_uids([unquote(found["series"] or "")]),
        sop_uids=checked_uids([unquote(found["sop"] or "")]),
        dicomweb_root=link.origin + found["root"],
        bearer=link.token,
        headers=link.headers,
        label=source.name if source else "",
        extras=(("token_in", "path"),) if link.token_in_path else (),
    )
